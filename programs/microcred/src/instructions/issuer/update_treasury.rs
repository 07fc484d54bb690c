use anchor_lang::prelude::*;

use super::{ManageIssuer, require_treasury};
use crate::{
    arguments::arguments,
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
    let issuer = &mut ctx.accounts.issuer;
    require_treasury(&args.treasury, issuer.address())?;
    let old_treasury = issuer.treasury;
    issuer.treasury = args.treasury;
    issuer.invariant()?;
    log(&IssuerTreasuryUpdated { issuer: *issuer.address(), old_treasury, new_treasury: args.treasury })?;
    Ok(())
}
