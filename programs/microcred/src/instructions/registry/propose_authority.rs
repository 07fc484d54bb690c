use anchor_lang::prelude::*;

use super::ManageRegistry;
use crate::{
    error::MicrocredError,
    events::{AuthorityProposed, log},
    instructions::common::{ProposeAuthorityArgs, no_extra_accounts},
    state::Record,
};

/// Also works on a paused or retired registry: its authority must not be lost.
pub(crate) fn handle(ctx: &mut Context<'_, ManageRegistry>, args: &ProposeAuthorityArgs) -> Result<()> {
    no_extra_accounts(ctx)?;
    let registry = &mut ctx.accounts.registry;
    require!(args.new_authority != registry.authority, MicrocredError::SameAuthority);
    let old_pending = registry.pending_authority;
    registry.pending_authority = args.new_authority;
    registry.invariant()?;
    log(&AuthorityProposed {
        account: *registry.address(),
        authority: registry.authority,
        old_pending,
        new_pending: args.new_authority,
    })?;
    Ok(())
}
