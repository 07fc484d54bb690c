use anchor_lang::{address_eq, prelude::*};

use super::common::no_extra_accounts;
use crate::{
    arguments::NoArgs,
    error::MicrocredError,
    events::{ExcessWithdrawn, log},
    state::{Accreditation, Achievement, Credential, Issuer, IssuerKey, Registry},
};

/// Accounts of `withdraw_excess`. Nobody signs: the destination is not the caller's to choose.
#[derive(Accounts)]
pub struct WithdrawExcess {
    // Owner and kind are checked in the handler, which takes every kind.
    /// Any account of this program.
    #[account(mut)]
    pub account: UncheckedAccount,
    /// The account's issuer; none when the account is an issuer itself, or a registry's.
    pub issuer: Option<Account<Issuer>>,
    /// The accreditation's registry; none otherwise.
    pub registry: Option<Account<Registry>>,
    // Its address is checked in the handler; it only receives.
    /// The issuer's treasury, or the registry's authority.
    #[account(mut)]
    pub destination: UncheckedAccount,
}

impl WithdrawExcess {
    pub(crate) fn handle(ctx: &mut Context<'_, Self>, _: &NoArgs) -> Result<()> {
        no_extra_accounts(ctx)?;
        let accounts = &mut ctx.accounts;
        let rightful = accounts.rightful_destination()?;
        require!(address_eq(accounts.destination.address(), &rightful), MicrocredError::WrongTreasury);
        let mut source = *accounts.account.account();
        let mut destination = *accounts.destination.account();
        let minimum = anchor_lang::cpi::rent_exempt_lamports(source.data_len())?;
        let excess = source.lamports().saturating_sub(minimum);
        require!(excess > 0, MicrocredError::NoExcess);
        let received = destination.lamports().checked_add(excess).ok_or(MicrocredError::Overflow)?;
        source.set_lamports(minimum);
        destination.set_lamports(received);
        log(&ExcessWithdrawn { account: *source.address(), destination: rightful, lamports: excess })?;
        Ok(())
    }

    /// Where the account's excess belongs: to its issuer's treasury, or its registry's authority.
    fn rightful_destination(&self) -> Result<Address> {
        let view = *self.account.account();
        require!(view.owned_by(&crate::ID), MicrocredError::WrongAccount);
        if let Ok(issuer) = <Account<Issuer> as AnchorAccount>::load(view) {
            return self.own(issuer.treasury);
        }
        if let Ok(registry) = <Account<Registry> as AnchorAccount>::load(view) {
            return self.own(registry.authority);
        }
        if let Ok(accreditation) = <Account<Accreditation> as AnchorAccount>::load(view) {
            require!(self.issuer.is_none(), MicrocredError::ParentUnexpected);
            let registry = self.registry.as_ref().ok_or(MicrocredError::ParentMissing)?;
            require!(address_eq(registry.address(), &accreditation.registry), MicrocredError::WrongRegistry);
            return Ok(registry.authority);
        }
        let of = if let Ok(credential) = <Account<Credential> as AnchorAccount>::load(view) {
            credential.issuer
        } else if let Ok(achievement) = <Account<Achievement> as AnchorAccount>::load(view) {
            achievement.issuer
        } else if let Ok(key) = <Account<IssuerKey> as AnchorAccount>::load(view) {
            key.issuer
        } else {
            return Err(MicrocredError::WrongAccount.into());
        };
        require!(self.registry.is_none(), MicrocredError::ParentUnexpected);
        let issuer = self.issuer.as_ref().ok_or(MicrocredError::ParentMissing)?;
        require!(address_eq(issuer.address(), &of), MicrocredError::WrongIssuer);
        Ok(issuer.treasury)
    }

    fn own(&self, destination: Address) -> Result<Address> {
        require!(self.issuer.is_none() && self.registry.is_none(), MicrocredError::ParentUnexpected);
        Ok(destination)
    }
}
