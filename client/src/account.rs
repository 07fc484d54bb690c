//! Typed decoding of accounts, which refuses what the program did not write.

use anchor_lang::{Discriminator, bytemuck::Pod};
use microcred::{
    ID,
    state::{Accreditation, Achievement, Credential, Issuer, IssuerKey, Record, Registry, VERSION},
};
use solana_account::Account;
use solana_address::Address;
use thiserror::Error;

use crate::instructions::SYSTEM_PROGRAM;

/// Why the bytes at an address are not the account they should be.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum DecodeError {
    /// The account is not the program's.
    #[error("{address} is owned by {owner}, not by microcred: check the address and the cluster")]
    WrongOwner {
        /// Address of the account.
        address: Address,
        /// Its owner.
        owner: Address,
    },
    /// The account is of another kind.
    #[error("{address} is not a {expected} account")]
    WrongKind {
        /// Address of the account.
        address: Address,
        /// The kind that was expected.
        expected: &'static str,
    },
    /// The account has not the size of its kind.
    #[error("{address} has {size} bytes, but a {kind} account has {expected}")]
    WrongSize {
        /// Address of the account.
        address: Address,
        /// The kind.
        kind: &'static str,
        /// Bytes of that kind.
        expected: usize,
        /// Bytes found.
        size: usize,
    },
    /// The account was written by another version of the program.
    #[error("{address} has layout version {version}; this software reads version {VERSION}: update it")]
    WrongVersion {
        /// Address of the account.
        address: Address,
        /// The version found.
        version: u8,
    },
}

/// An account kind of the program's.
pub trait Kind: Record + Discriminator + Pod {}

impl<T: Record + Discriminator + Pod> Kind for T {}

/// Decodes an account of one kind. The data may be unaligned.
///
/// # Errors
/// [`DecodeError`], in the order of its variants.
pub fn decode<T: Kind>(address: &Address, account: &Account) -> Result<T, DecodeError> {
    check_owner(address, account)?;
    let Some(body) = account.data.strip_prefix(T::DISCRIMINATOR) else {
        return Err(DecodeError::WrongKind { address: *address, expected: T::KIND });
    };
    if account.data.len() != T::SIZE {
        return Err(DecodeError::WrongSize {
            address: *address,
            kind: T::KIND,
            expected: T::SIZE,
            size: account.data.len(),
        });
    }
    let record: T = anchor_lang::bytemuck::pod_read_unaligned(body);
    if record.version() != VERSION {
        return Err(DecodeError::WrongVersion { address: *address, version: record.version() });
    }
    Ok(record)
}

/// An account of any kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnyAccount {
    /// A list of issuers that an accrediting body vouches for.
    Registry(Registry),
    /// An organisation that issues.
    Issuer(Issuer),
    /// The entry of one issuer in one registry.
    Accreditation(Accreditation),
    /// A key the issuer lets act for it.
    IssuerKey(IssuerKey),
    /// What can be earned.
    Achievement(Achievement),
    /// One achievement earned by one subject.
    Credential(Credential),
}

impl AnyAccount {
    /// Decodes an account of whichever kind it is.
    ///
    /// # Errors
    /// [`DecodeError`]; `WrongKind` expects "microcred" where the discriminator is none of the program's.
    pub fn decode(address: &Address, account: &Account) -> Result<Self, DecodeError> {
        check_owner(address, account)?;
        match account.data.get(..8) {
            Some(Registry::DISCRIMINATOR) => decode(address, account).map(Self::Registry),
            Some(Issuer::DISCRIMINATOR) => decode(address, account).map(Self::Issuer),
            Some(Accreditation::DISCRIMINATOR) => decode(address, account).map(Self::Accreditation),
            Some(IssuerKey::DISCRIMINATOR) => decode(address, account).map(Self::IssuerKey),
            Some(Achievement::DISCRIMINATOR) => decode(address, account).map(Self::Achievement),
            Some(Credential::DISCRIMINATOR) => decode(address, account).map(Self::Credential),
            _ => Err(DecodeError::WrongKind { address: *address, expected: "microcred" }),
        }
    }

    /// What people call this kind.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Registry(_) => Registry::KIND,
            Self::Issuer(_) => Issuer::KIND,
            Self::Accreditation(_) => Accreditation::KIND,
            Self::IssuerKey(_) => IssuerKey::KIND,
            Self::Achievement(_) => Achievement::KIND,
            Self::Credential(_) => Credential::KIND,
        }
    }
}

/// Whether somebody only sent lamports to an address: to the program it is empty, and so it is to us. Else anyone could bar the way to it.
pub(crate) fn is_only_funded(account: &Account) -> bool {
    account.owner == SYSTEM_PROGRAM && account.data.is_empty()
}

fn check_owner(address: &Address, account: &Account) -> Result<(), DecodeError> {
    if account.owner == ID {
        return Ok(());
    }
    Err(DecodeError::WrongOwner { address: *address, owner: account.owner })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written() -> Account {
        let mut data = vec![0; Credential::SIZE];
        data[..8].copy_from_slice(Credential::DISCRIMINATOR);
        data[8] = VERSION;
        Account { lamports: 1, data, owner: ID, executable: false, rent_epoch: 0 }
    }

    #[test]
    fn each_flaw_has_its_own_error() {
        let address = Address::new_from_array([7; 32]);
        assert!(decode::<Credential>(&address, &written()).is_ok());
        assert!(matches!(AnyAccount::decode(&address, &written()), Ok(AnyAccount::Credential(_))));

        let foreign = Account { owner: Address::new_from_array([9; 32]), ..written() };
        assert!(matches!(decode::<Credential>(&address, &foreign), Err(DecodeError::WrongOwner { .. })));
        assert_eq!(decode::<Issuer>(&address, &written()), Err(DecodeError::WrongKind { address, expected: "issuer" }));
        let mut long = written();
        long.data.push(0);
        assert_eq!(
            decode::<Credential>(&address, &long),
            Err(DecodeError::WrongSize { address, kind: "credential", expected: 192, size: 193 })
        );
        let mut newer = written();
        newer.data[8] = 2;
        assert_eq!(decode::<Credential>(&address, &newer), Err(DecodeError::WrongVersion { address, version: 2 }));
        let empty = Account { data: Vec::new(), ..written() };
        assert!(matches!(decode::<Credential>(&address, &empty), Err(DecodeError::WrongKind { .. })));
        assert!(matches!(AnyAccount::decode(&address, &empty), Err(DecodeError::WrongKind { .. })));
    }
}
