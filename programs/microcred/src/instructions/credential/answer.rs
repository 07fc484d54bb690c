use anchor_lang::{address_eq, prelude::*};

use super::change_status::change;
use crate::{
    error::MicrocredError,
    instructions::common::{no_extra_accounts, now},
    state::{Credential, CredentialAction, Reason, STATUS_BY_SUBJECT, SubjectKind, credential_flags},
};

/// Accounts of `accept` and `decline`. Neither issuer nor achievement needs to be active.
#[derive(Accounts)]
pub struct Answer {
    /// The learner's wallet.
    pub subject: Signer,
    /// The credential.
    #[account(mut)]
    pub credential: Account<Credential>,
}

impl Answer {
    /// Checks that the learner answers, and changes the status by the table.
    pub(super) fn give(ctx: &mut Context<'_, Self>, action: CredentialAction) -> Result<()> {
        no_extra_accounts(ctx)?;
        let now = now()?;
        let credential = &mut ctx.accounts.credential;
        credential.credential_status()?.after(action)?;
        require!(
            credential.subject_kind == SubjectKind::Wallet.code()
                && address_eq(&credential.subject, ctx.accounts.subject.address()),
            MicrocredError::NotSubject
        );
        if action == CredentialAction::Accept {
            require!(!credential.is_expired(now), MicrocredError::CredentialExpired);
            credential.flags |= credential_flags::ACCEPTED;
        }
        change(credential, action, Reason::Unspecified, STATUS_BY_SUBJECT, now)
    }
}
