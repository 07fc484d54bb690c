//! What somebody who acts needs to know first: which of an issuer's keys is theirs, which credential is meant, which place in the status
//! lists is free.

use microcred::{
    error::MicrocredError,
    state::{Credential, Issuer, IssuerKey, Registry},
};
use solana_address::Address;
use thiserror::Error;

use crate::{
    account::{AnyAccount, DecodeError, Kind, decode, is_only_funded},
    address, bulk,
    instructions::{Actor, Excess, KeyRef},
    ledger::{AccountReader, CLOCK, Ledger, READ_LIMIT, ReadError},
    verification::unix_timestamp,
};

/// Why something was not found out.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum LookupError {
    /// A read failed.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// What was read makes no sense.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// There is no such account.
    #[error("there is no {kind} at {address}")]
    Missing {
        /// What was looked for.
        kind: &'static str,
        /// Where.
        address: Address,
    },
    /// The signer holds no key of the issuer's, and is not its authority.
    #[error(
        "{signer} is neither the authority of the issuer {issuer} ({authority}) nor one of its keys: sign with another"
    )]
    NotOfIssuer {
        /// Who wanted to act.
        signer: Address,
        /// The issuer.
        issuer: Address,
        /// Its authority.
        authority: Address,
    },
    /// The signer holds keys of the issuer's, and none of them may do it.
    #[error("key {index} of the issuer {issuer} may not do this: {}", .why.message())]
    NotPermitted {
        /// The issuer.
        issuer: Address,
        /// Which of its keys.
        index: u16,
        /// Why it may not.
        why: MicrocredError,
    },
    /// The authority itself does not issue or renew.
    #[error(
        "{signer} is the authority of the issuer {issuer}, but only its keys issue and renew: sign with one of those"
    )]
    AuthorityOnly {
        /// Who wanted to act.
        signer: Address,
        /// The issuer.
        issuer: Address,
    },
    /// As many places in the status lists are taken as are given.
    #[error("the issuer {0} has no place left in its status lists that is given at random: name a free one")]
    StatusListsFull(Address),
}

/// What somebody wants to do for an issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Intent {
    /// A bit of [`permission`](crate::state::permission).
    pub permission: u16,
    /// The achievement it is done to, or about.
    pub achievement: Address,
}

/// The ledger's time, Unix seconds.
///
/// # Errors
/// [`ReadError`].
pub async fn time(ledger: &dyn AccountReader) -> Result<i64, ReadError> {
    let clock = ledger.read(&[CLOCK]).await?.accounts.into_iter().next().flatten();
    clock.as_ref().and_then(unix_timestamp).ok_or_else(|| ReadError::Malformed("there is no clock".into()))
}

/// One account that must exist.
///
/// # Errors
/// [`LookupError::Missing`], or why it could not be read.
pub async fn account<T: Kind>(ledger: &dyn AccountReader, address: &Address) -> Result<T, LookupError> {
    match ledger.read(&[*address]).await?.accounts.into_iter().next().flatten() {
        Some(account) => Ok(decode(address, &account)?),
        None => Err(LookupError::Missing { kind: T::KIND, address: *address }),
    }
}

/// All keys of an issuer, in the order of their indices.
///
/// # Errors
/// [`LookupError`]: one of them is missing, or could not be read.
pub async fn issuer_keys(
    ledger: &dyn AccountReader,
    address: &Address,
    issuer: &Issuer,
) -> Result<Vec<IssuerKey>, LookupError> {
    let addresses: Vec<_> = (0..issuer.key_count).map(|index| address::issuer_key(address, index)).collect();
    let mut keys = Vec::with_capacity(addresses.len());
    for addresses in addresses.chunks(READ_LIMIT) {
        for (address, account) in addresses.iter().zip(ledger.read(addresses).await?.accounts) {
            let account = account.ok_or(LookupError::Missing { kind: "issuer key", address: *address })?;
            keys.push(decode(address, &account)?);
        }
    }
    Ok(keys)
}

/// How a signer may act for an issuer: as its authority, or by that of its keys which may do it.
///
/// # Errors
/// [`LookupError::NotOfIssuer`], [`LookupError::NotPermitted`], or why it could not be found out.
pub async fn actor(
    ledger: &dyn AccountReader,
    issuer: &Address,
    signer: &Address,
    intent: &Intent,
) -> Result<Actor, LookupError> {
    let account: Issuer = self::account(ledger, issuer).await?;
    if account.authority == *signer {
        return Ok(Actor::Authority { issuer: *issuer, authority: *signer });
    }
    key_among(ledger, issuer, &account, signer, intent).await.map(Actor::Key)
}

/// The key with which a signer may issue or renew, which an authority does not.
///
/// # Errors
/// As [`actor`], and [`LookupError::AuthorityOnly`].
pub async fn key(
    ledger: &dyn AccountReader,
    issuer: &Address,
    signer: &Address,
    intent: &Intent,
) -> Result<KeyRef, LookupError> {
    let account: Issuer = self::account(ledger, issuer).await?;
    key_among(ledger, issuer, &account, signer, intent).await.map_err(|error| match error {
        LookupError::NotOfIssuer { signer, issuer, authority } if authority == signer => {
            LookupError::AuthorityOnly { signer, issuer }
        }
        error => error,
    })
}

/// The same public key may have been added more than once; the first that may do it is taken.
async fn key_among(
    ledger: &dyn AccountReader,
    issuer: &Address,
    account: &Issuer,
    signer: &Address,
    intent: &Intent,
) -> Result<KeyRef, LookupError> {
    let keys = issuer_keys(ledger, issuer, account).await?;
    let now = time(ledger).await?;
    let mut refused = LookupError::NotOfIssuer { signer: *signer, issuer: *issuer, authority: account.authority };
    for key in keys.iter().filter(|key| key.key == *signer) {
        match key.authorize(intent.permission, &intent.achievement, now) {
            Ok(()) => return Ok(KeyRef { issuer: *issuer, index: key.index, key: *signer }),
            Err(why) => refused = LookupError::NotPermitted { issuer: *issuer, index: key.index, why },
        }
    }
    Err(refused)
}

/// A credential, and where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Located {
    /// Its address.
    pub address: Address,
    /// Its sequence.
    pub sequence: u16,
    /// The credential.
    pub credential: Credential,
}

/// The latest credential of a subject for an achievement; none: there was never one.
///
/// # Errors
/// [`LookupError`], if it could not be found out.
pub async fn latest(
    ledger: &dyn AccountReader,
    achievement: &Address,
    subject: &Address,
) -> Result<Option<Located>, LookupError> {
    let mut latest = None;
    let sequences: Vec<u16> = (0..=u16::MAX).collect();
    for sequences in sequences.chunks(16) {
        let addresses: Vec<_> =
            sequences.iter().map(|sequence| address::credential(achievement, subject, *sequence)).collect();
        let accounts = ledger.read(&addresses).await?.accounts;
        for ((sequence, address), account) in sequences.iter().zip(addresses).zip(accounts) {
            let Some(account) = account.filter(|account| !is_only_funded(account)) else { return Ok(latest) };
            let credential = decode(&address, &account)?;
            latest = Some(Located { address, sequence: *sequence, credential });
        }
    }
    Ok(latest)
}

/// A place in the issuer's status lists that none of its credentials has, at random: places that are given in turn tell who came after whom.
///
/// # Errors
/// [`LookupError::StatusListsFull`], or why it could not be found out.
pub async fn free_status_index(ledger: &dyn Ledger, issuer: &Address) -> Result<u32, LookupError> {
    let mut taken = bulk::used_places(ledger, issuer).await?.into_iter().map(|(place, _)| place).collect();
    let drawn = bulk::draw(1, &mut taken).and_then(|drawn| drawn.first().copied());
    drawn.ok_or(LookupError::StatusListsFull(*issuer))
}

/// What an account is, and where its excess lamports go.
///
/// # Errors
/// [`LookupError`], if it is none of the program's, or could not be read.
pub async fn excess(ledger: &dyn AccountReader, address: &Address) -> Result<(&'static str, Excess), LookupError> {
    let found = ledger.read(&[*address]).await?.accounts.into_iter().next().flatten();
    let found = found.ok_or(LookupError::Missing { kind: "account", address: *address })?;
    let any = AnyAccount::decode(address, &found)?;
    let issuer = match any {
        AnyAccount::Registry(registry) => {
            return Ok((any.kind(), Excess::OfRegistry { authority: registry.authority }));
        }
        AnyAccount::Issuer(issuer) => return Ok((any.kind(), Excess::OfIssuer { treasury: issuer.treasury })),
        AnyAccount::Accreditation(accreditation) => {
            let registry = accreditation.registry;
            let authority = account::<Registry>(ledger, &registry).await?.authority;
            return Ok((any.kind(), Excess::UnderRegistry { registry, authority }));
        }
        AnyAccount::IssuerKey(key) => key.issuer,
        AnyAccount::Achievement(achievement) => achievement.issuer,
        AnyAccount::Credential(credential) => credential.issuer,
    };
    let treasury = account::<Issuer>(ledger, &issuer).await?.treasury;
    Ok((any.kind(), Excess::UnderIssuer { issuer, treasury }))
}
