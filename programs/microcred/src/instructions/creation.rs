//! How accounts come into being: at the one address that their seeds give, also where somebody sent lamports before.

use anchor_lang::{
    Discriminator, Owner, address_eq,
    bytemuck::Pod,
    pinocchio::cpi::{Seed, Signer},
    prelude::*,
};
use pinocchio_system::instructions::{Allocate, Assign, CreateAccount, Transfer};

use crate::{error::MicrocredError, state::Record};

/// Most seeds of an account, the bump included.
const MAX_SEEDS: usize = 5;

/// Lamports that an account of a kind must hold, by the rent sysvar.
pub fn rent<T: Record>() -> Result<u64> {
    anchor_lang::cpi::rent_exempt_lamports(T::SIZE)
}

/// Creates an account of a kind at the canonical address of its seeds, and gives it with its bump. All bytes after the discriminator
/// are zero.
///
/// # Errors
/// `AlreadyExists`, `WrongAddress`, and those of the System program when the payer lacks lamports.
pub fn create<T, const N: usize>(
    payer: &AccountView,
    target: &AccountView,
    seeds: &[&[u8]; N],
    rent: u64,
) -> Result<(Account<T>, u8)>
where
    T: Record + Owner + Discriminator + Pod,
{
    require!(target.data_len() == 0 && target.owned_by(&system_program::ID), MicrocredError::AlreadyExists);
    let bump = canonical_bump(seeds, target.address())?;
    let bump_seed = [bump];
    let mut with_bump: [Seed<'_>; MAX_SEEDS] = core::array::from_fn(|_| Seed::from(&bump_seed));
    for (place, seed) in with_bump.iter_mut().zip(seeds) {
        *place = Seed::from(*seed);
    }
    let signer = [Signer::from(with_bump.get(..=N).ok_or(MicrocredError::InvariantBroken)?)];
    let (space, owner) = (T::SIZE as u64, &crate::ID);
    match target.lamports() {
        0 => CreateAccount { from: payer, to: target, lamports: rent, space, owner }.invoke_signed(&signer)?,
        funded => take_over(payer, target, rent.saturating_sub(funded), space, &signer)?,
    }
    let mut view = *target;
    // SAFETY: the account was created just now, so that nothing has borrowed its data.
    let data = unsafe { view.borrow_unchecked_mut() };
    data.get_mut(..T::DISCRIMINATOR.len()).ok_or(MicrocredError::InvariantBroken)?.copy_from_slice(T::DISCRIMINATOR);
    // SAFETY: as above; it has the size and discriminator of its kind.
    Ok((unsafe { Account::<T>::load_mut_after_init(view)? }, bump))
}

/// The bump of the canonical address, if that is the target's.
///
/// That a match is off the curve needs no check here: the runtime derives the address once more from the same seeds when it lets this
/// program sign for it, and refuses those on the curve.
fn canonical_bump<const N: usize>(seeds: &[&[u8]; N], target: &Address) -> Result<u8> {
    for bump in (0..=u8::MAX).rev() {
        let derived = Address::derive_address(seeds, Some(bump), &crate::ID);
        if address_eq(&derived, target) {
            return Ok(bump);
        }
        if !derived.is_on_curve() {
            break;
        }
    }
    Err(MicrocredError::WrongAddress.into())
}

/// What creating takes where the address holds lamports: the System program's `CreateAccount` would refuse it.
#[cold]
fn take_over(
    payer: &AccountView,
    target: &AccountView,
    lacking: u64,
    space: u64,
    signer: &[Signer<'_, '_>],
) -> Result<()> {
    if lacking > 0 {
        Transfer { from: payer, to: target, lamports: lacking }.invoke()?;
    }
    Allocate { account: target, space }.invoke_signed(signer)?;
    Assign { account: target, owner: &crate::ID }.invoke_signed(signer)
}
