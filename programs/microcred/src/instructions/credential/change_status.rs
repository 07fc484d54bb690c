use anchor_lang::prelude::*;

use crate::{
    error::MicrocredError,
    events::{CredentialStatusChanged, log_fixed},
    instructions::common::{acts_for_issuer, no_extra_accounts, now},
    state::{Credential, CredentialAction, Issuer, IssuerKey, Reason, Record},
};

/// Accounts of `revoke`, `suspend` and `reinstate`. Nothing here is in the holder's hand, and only the credential is locked.
#[derive(Accounts)]
pub struct ChangeStatus {
    /// The key's holder, or the issuer's authority.
    pub actor: Signer,
    /// The signer's key; none when the authority signs.
    pub issuer_key: Option<Account<IssuerKey>>,
    /// The issuer, when its authority signs; it may be paused or retired. None when a key signs.
    pub issuer: Option<Account<Issuer>>,
    /// The credential.
    #[account(mut)]
    pub credential: Account<Credential>,
}

impl ChangeStatus {
    /// Checks who acts, and changes the status by the table.
    #[inline(always)]
    pub(super) fn change(
        ctx: &mut Context<'_, Self>,
        permission: u16,
        action: CredentialAction,
        reason: u8,
    ) -> Result<()> {
        no_extra_accounts(ctx)?;
        let now = now()?;
        let reason = Reason::try_from(reason)?;
        let accounts = &mut ctx.accounts;
        let credential = &mut accounts.credential;
        let by = acts_for_issuer(
            accounts.actor.address(),
            &credential.issuer,
            &credential.achievement,
            accounts.issuer_key.as_ref(),
            accounts.issuer.as_ref(),
            permission,
            now,
        )?;
        change(credential, action, reason, by, now)
    }
}

/// Changes a credential's status and says so in an event.
#[inline(always)]
pub(super) fn change(
    credential: &mut Account<Credential>,
    action: CredentialAction,
    reason: Reason,
    by: u16,
    now: i64,
) -> Result<()> {
    let (old_status, old_reason) = (credential.status, credential.reason);
    let new_status = credential.change(action, reason, by, now)?.code();
    credential.invariant()?;
    log_fixed(CredentialStatusChanged {
        credential: *credential.address(),
        achievement: credential.achievement,
        at: now,
        status_index: credential.status_index,
        by,
        old_status,
        new_status,
        old_reason,
        new_reason: reason.code(),
        reserved: [0; 6],
    });
    Ok(())
}

/// Loads a credential from among the remaining accounts.
pub(super) fn load_credential(view: AccountView) -> Result<Account<Credential>> {
    require!(view.is_writable(), MicrocredError::NotWritable);
    // SAFETY: no declared account is a credential, so that the discriminator refuses an alias of one before a reference exists; and each
    // credential is dropped before the next one is loaded.
    Ok(unsafe { <Account<Credential> as AnchorAccount>::load_mut(view)? })
}
