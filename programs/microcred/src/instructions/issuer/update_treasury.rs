use anchor_lang::prelude::*;

use super::ManageIssuer;
use crate::{
    arguments::arguments,
    error::MicrocredError,
    events::{IssuerTreasuryUpdated, log},
    instructions::common::no_extra_accounts,
    state::Record,
};

arguments! {
    /// Arguments of `update_issuer_treasury`.
    pub struct UpdateIssuerTreasuryArgs {
        /// Where excess lamports of the issuer's accounts go.
        pub treasury: Address,
    }
}

/// Also works on a paused or retired issuer: its lamports must not be lost.
pub(crate) fn handle(ctx: &mut Context<'_, ManageIssuer>, args: &UpdateIssuerTreasuryArgs) -> Result<()> {
    no_extra_accounts(ctx)?;
    require!(args.treasury != Address::default(), MicrocredError::ZeroTreasury);
    let issuer = &mut ctx.accounts.issuer;
    let old_treasury = issuer.treasury;
    issuer.treasury = args.treasury;
    issuer.invariant()?;
    log(&IssuerTreasuryUpdated { issuer: *issuer.address(), old_treasury, new_treasury: args.treasury })?;
    Ok(())
}
