use anchor_lang::{address_eq, prelude::*};

use crate::{
    arguments::arguments,
    error::MicrocredError,
    events::{CredentialErased, log},
    instructions::common::{acts_for_issuer, no_extra_accounts, now},
    state::{
        Credential, CredentialStatus, Issuer, IssuerKey, Reason, Record, STATUS_BY_SUBJECT, SubjectKind, permission,
    },
};

arguments! {
    /// Arguments of `erase`.
    pub struct EraseArgs {
        /// A `Reason`, when the issuer erases; when the learner does, it is the learner's request. A revoked or declined credential
        /// keeps its own.
        pub reason: u8,
    }
}

/// Accounts of `erase`.
#[derive(Accounts)]
pub struct Erase {
    /// The learner's wallet, the key's holder, or the issuer's authority.
    pub actor: Signer,
    /// The signer's key, with permission to revoke; none otherwise.
    pub issuer_key: Option<Account<IssuerKey>>,
    /// The issuer, when its authority signs; it may be paused or retired. None otherwise.
    pub issuer: Option<Account<Issuer>>,
    /// The credential.
    #[account(mut)]
    pub credential: Account<Credential>,
}

impl Erase {
    /// With neither key nor issuer, it is the learner who erases: a wallet's own credential that is not suspended.
    pub(crate) fn handle(ctx: &mut Context<'_, Self>, args: &EraseArgs) -> Result<()> {
        no_extra_accounts(ctx)?;
        let at = now()?;
        let accounts = &mut ctx.accounts;
        let credential = &mut accounts.credential;
        let by_learner = accounts.issuer_key.is_none() && accounts.issuer.is_none();
        let reason = if by_learner { Reason::LearnerRequest } else { Reason::try_from(args.reason)? };
        let by = if by_learner {
            Self::learner_may(accounts.actor.address(), credential)?;
            STATUS_BY_SUBJECT
        } else {
            acts_for_issuer(
                accounts.actor.address(),
                &credential.issuer,
                &credential.achievement,
                accounts.issuer_key.as_ref(),
                accounts.issuer.as_ref(),
                permission::REVOKE,
                at,
            )?
        };
        let old_status = credential.status;
        let new_status = credential.erase(reason, by, at)?.code();
        credential.invariant()?;
        log(&CredentialErased {
            credential: *credential.address(),
            issuer: credential.issuer,
            achievement: credential.achievement,
            old_status,
            new_status,
            reason: credential.reason,
            by,
            at,
        })?;
        Ok(())
    }

    fn learner_may(actor: &Address, credential: &Credential) -> Result<()> {
        require!(!credential.is_erased(), MicrocredError::ErasedCannotBeErased);
        require!(
            credential.subject_kind == SubjectKind::Wallet.code()
                && credential.credential_status()? != CredentialStatus::Suspended,
            MicrocredError::ErasureByIssuerOnly
        );
        require!(address_eq(&credential.subject, actor), MicrocredError::NotSubject);
        Ok(())
    }
}
