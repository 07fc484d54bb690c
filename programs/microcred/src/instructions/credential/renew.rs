use anchor_lang::prelude::*;

use crate::{
    arguments::arguments,
    error::MicrocredError,
    events::{CredentialRenewed, log},
    instructions::common::{holds_key, no_extra_accounts, now},
    state::{Achievement, Credential, CredentialAction, Issuer, IssuerKey, Record, permission},
};

arguments! {
    /// Arguments of `renew`.
    pub struct RenewArgs {
        /// SHA-256 of the new document's canonical JSON; zero: no document.
        pub digest: [u8; 32],
        /// First second after validity, in the future and not earlier than before; 0: never expires; none: by the achievement's
        /// default validity from now, or as before where it has none.
        pub expires_at: Option<i64>,
    }
}

/// Accounts of `renew`.
#[derive(Accounts)]
pub struct Renew {
    /// The key's holder.
    pub key: Signer,
    /// The issuer; it must be active.
    pub issuer: Account<Issuer>,
    /// The signer's key, with permission to renew.
    #[account(mut)]
    pub issuer_key: Account<IssuerKey>,
    /// The achievement; it must be active and its policy must allow renewal.
    pub achievement: Account<Achievement>,
    /// The credential; it must be active, and may have expired.
    #[account(
        mut,
        constraint = credential.issuer == *issuer.address() @ MicrocredError::WrongIssuer,
        constraint = credential.achievement == *achievement.address() @ MicrocredError::WrongAchievement,
    )]
    pub credential: Account<Credential>,
}

impl Renew {
    pub(crate) fn handle(ctx: &mut Context<'_, Self>, args: &RenewArgs) -> Result<()> {
        no_extra_accounts(ctx)?;
        let now = now()?;
        let accounts = &mut ctx.accounts;
        let (key, achievement, credential) =
            (&mut accounts.issuer_key, &accounts.achievement, &mut accounts.credential);
        holds_key(accounts.key.address(), accounts.issuer.address(), key)?;
        key.authorize(permission::RENEW, achievement.address(), now)?;
        require!(accounts.issuer.is_active(), MicrocredError::IssuerNotActive);
        require!(achievement.is_active(), MicrocredError::AchievementNotActive);
        require!(achievement.is_renewable(), MicrocredError::NotRenewable);
        credential.credential_status()?.after(CredentialAction::Renew)?;
        let old_expires_at = credential.expires_at;
        let kept = (achievement.default_validity == 0).then_some(old_expires_at);
        let new_expires_at = achievement.expiry(args.expires_at.or(kept), now)?;
        require!(
            new_expires_at == 0 || (old_expires_at != 0 && new_expires_at >= old_expires_at),
            MicrocredError::ExpiryShortened
        );
        key.spend(1)?;
        key.invariant()?;
        let (old_digest, old_key_index) = (credential.digest, credential.key_index);
        credential.set_digest(args.digest);
        credential.expires_at = new_expires_at;
        credential.key_index = key.index;
        credential.asserted_at = now;
        credential.revision = credential.revision.checked_add(1).ok_or(MicrocredError::Overflow)?;
        credential.invariant()?;
        log(&CredentialRenewed {
            credential: *credential.address(),
            issuer: credential.issuer,
            achievement: credential.achievement,
            old_digest,
            new_digest: args.digest,
            old_expires_at,
            new_expires_at,
            old_key_index,
            new_key_index: key.index,
            revision: credential.revision,
            at: now,
        })?;
        Ok(())
    }
}
