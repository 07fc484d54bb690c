use anchor_lang::prelude::*;

use super::ManageIssuer;
use crate::{
    error::MicrocredError,
    events::{AuthorityProposed, log},
    instructions::common::{ProposeAuthorityArgs, no_extra_accounts},
    state::Record,
};

/// Also works on a paused or retired issuer: its authority must not be lost.
pub(crate) fn handle(ctx: &mut Context<'_, ManageIssuer>, args: &ProposeAuthorityArgs) -> Result<()> {
    no_extra_accounts(ctx)?;
    let issuer = &mut ctx.accounts.issuer;
    require!(args.new_authority != issuer.authority, MicrocredError::SameAuthority);
    let old_pending = issuer.pending_authority;
    issuer.pending_authority = args.new_authority;
    issuer.invariant()?;
    log(&AuthorityProposed {
        account: *issuer.address(),
        authority: issuer.authority,
        old_pending,
        new_pending: args.new_authority,
    })?;
    Ok(())
}
