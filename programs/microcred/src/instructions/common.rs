//! What instructions of several kinds share.

use anchor_lang::{address_eq, prelude::*};

use crate::{
    arguments::arguments,
    error::MicrocredError,
    state::{Issuer, IssuerKey, STATUS_BY_AUTHORITY},
};

arguments! {
    /// Arguments of `propose_registry_authority` and `propose_issuer_authority`.
    pub struct ProposeAuthorityArgs {
        /// Who shall take over; zero takes a proposal back.
        pub new_authority: Address,
    }
}

/// The cluster's time, Unix seconds.
pub fn now() -> Result<i64> {
    Ok(Clock::get()?.unix_timestamp)
}

/// Refuses accounts beyond those that the instruction declares.
#[inline(always)]
pub fn no_extra_accounts<T: TryAccounts>(ctx: &mut Context<'_, T>) -> Result<()> {
    require!(passed_accounts(ctx)? == T::HEADER_SIZE, MicrocredError::ExtraAccount);
    Ok(())
}

/// How many accounts the instruction was given. The number is read where the loader left it: the framework's own way walks over the
/// accounts, which costs each of the instructions fifty compute units and two kilobytes.
#[cfg(target_os = "solana")]
#[inline(always)]
fn passed_accounts<T: TryAccounts>(_: &mut Context<'_, T>) -> Result<usize> {
    /// Where the loader maps an instruction's serialized accounts and data, which begin with the number of accounts
    /// (agave, `serialize_parameters`; the start of the virtual machine's input region).
    const INPUT: usize = 0x4_0000_0000;
    // SAFETY: the loader has mapped the region, aligned and at least eight bytes long, and nothing writes to the word.
    Ok(unsafe { core::ptr::with_exposed_provenance::<usize>(INPUT).read() })
}

/// As on chain, for whoever calls a handler elsewhere.
#[cfg(not(target_os = "solana"))]
fn passed_accounts<T: TryAccounts>(ctx: &mut Context<'_, T>) -> Result<usize> {
    T::HEADER_SIZE.checked_add(ctx.remaining_accounts()?.len()).ok_or(MicrocredError::Overflow.into())
}

/// Who acts for the issuer: the holder of a key, which needs the permission, or the authority. Returns what is stored as
/// `status_key_index`: the key's index or [`STATUS_BY_AUTHORITY`].
pub fn acts_for_issuer(
    actor: &Address,
    issuer_address: &Address,
    achievement: &Address,
    key: Option<&Account<IssuerKey>>,
    issuer: Option<&Account<Issuer>>,
    permission: u16,
    now: i64,
) -> Result<u16> {
    match (key, issuer) {
        (Some(key), None) => {
            holds_key(actor, issuer_address, key)?;
            key.authorize(permission, achievement, now)?;
            Ok(key.index)
        }
        (None, Some(issuer)) => {
            require!(address_eq(issuer.address(), issuer_address), MicrocredError::WrongIssuer);
            require!(address_eq(&issuer.authority, actor), MicrocredError::NotIssuerAuthority);
            Ok(STATUS_BY_AUTHORITY)
        }
        (Some(_), Some(_)) => Err(MicrocredError::TwoActors.into()),
        (None, None) => Err(MicrocredError::NoActor.into()),
    }
}

/// Refuses unless the key is the issuer's and the actor holds it.
#[inline(always)]
pub fn holds_key(actor: &Address, issuer_address: &Address, key: &Account<IssuerKey>) -> Result<()> {
    require!(address_eq(&key.issuer, issuer_address), MicrocredError::WrongIssuer);
    require!(address_eq(&key.key, actor), MicrocredError::NotKeyHolder);
    Ok(())
}
