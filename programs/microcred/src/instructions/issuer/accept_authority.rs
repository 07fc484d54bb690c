use anchor_lang::prelude::*;

use crate::{
    arguments::NoArgs,
    error::MicrocredError,
    events::{AuthorityAccepted, log},
    instructions::common::{no_extra_accounts, now},
    state::{Issuer, Record},
};

/// Accounts of `accept_issuer_authority`.
#[derive(Accounts)]
pub struct AcceptIssuerAuthority {
    /// Whom the authority proposed.
    #[account(address = issuer.pending_authority @ MicrocredError::NotPendingAuthority)]
    pub new_authority: Signer,
    /// The issuer.
    #[account(mut)]
    pub issuer: Account<Issuer>,
}

impl AcceptIssuerAuthority {
    pub(crate) fn handle(ctx: &mut Context<'_, Self>, _: &NoArgs) -> Result<()> {
        no_extra_accounts(ctx)?;
        let issuer = &mut ctx.accounts.issuer;
        let at = now()?;
        let old_authority = issuer.authority;
        issuer.authority = issuer.pending_authority;
        issuer.pending_authority = Address::default();
        issuer.authority_changed_at = at;
        issuer.invariant()?;
        log(&AuthorityAccepted { account: *issuer.address(), old_authority, new_authority: issuer.authority, at })?;
        Ok(())
    }
}
