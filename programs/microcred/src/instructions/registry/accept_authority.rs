use anchor_lang::prelude::*;

use crate::{
    arguments::NoArgs,
    error::MicrocredError,
    events::{AuthorityAccepted, log},
    instructions::common::{no_extra_accounts, now},
    state::{Record, Registry},
};

/// Accounts of `accept_registry_authority`.
#[derive(Accounts)]
pub struct AcceptRegistryAuthority {
    /// Whom the authority proposed.
    #[account(address = registry.pending_authority @ MicrocredError::NotPendingAuthority)]
    pub new_authority: Signer,
    /// The registry.
    #[account(mut)]
    pub registry: Account<Registry>,
}

impl AcceptRegistryAuthority {
    pub(crate) fn handle(ctx: &mut Context<'_, Self>, _: &NoArgs) -> Result<()> {
        no_extra_accounts(ctx)?;
        let registry = &mut ctx.accounts.registry;
        let old_authority = registry.authority;
        registry.authority = registry.pending_authority;
        registry.pending_authority = Address::default();
        registry.invariant()?;
        log(&AuthorityAccepted {
            account: *registry.address(),
            old_authority,
            new_authority: registry.authority,
            at: now()?,
        })?;
        Ok(())
    }
}
