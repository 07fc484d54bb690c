//! What instructions of several kinds share.

use anchor_lang::{
    AccountInitialize, Discriminator, Owner, address_eq,
    accounts::Slab,
    bytemuck::Pod,
    prelude::*,
};

use crate::{
    arguments::arguments,
    error::MicrocredError,
    state::{Issuer, IssuerKey, Record, STATUS_BY_AUTHORITY},
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

/// Refuses accounts beyond those that the instruction declares. Not inlined: the framework's walk over them is long.
#[inline(never)]
pub fn no_extra_accounts<T: Bumps>(ctx: &mut Context<'_, T>) -> Result<()> {
    require!(ctx.remaining_accounts()?.is_empty(), MicrocredError::ExtraAccount);
    Ok(())
}

/// Creates an account at a program-derived address, also where someone sent lamports before. The seeds include the canonical bump;
/// that they give the target's address was checked by the caller. The bytes after the discriminator are zero.
pub fn create<T>(payer: &AccountView, target: &AccountView, seeds: &[&[u8]]) -> Result<Account<T>>
where
    T: Record + Owner + Discriminator + Pod,
{
    require!(target.data_len() == 0 && target.owned_by(&system_program::ID), MicrocredError::AlreadyExists);
    <Slab<T> as AccountInitialize>::create_and_initialize(payer, target, T::SIZE, &crate::ID, &(), Some(seeds), None)
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
