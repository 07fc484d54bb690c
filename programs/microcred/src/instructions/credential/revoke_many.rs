use anchor_lang::prelude::*;

use super::change_status::{change, load_credential};
use crate::{
    arguments::arguments,
    error::MicrocredError,
    instructions::common::{acts_for_issuer, now},
    state::{CredentialAction, Issuer, IssuerKey, Reason, permission},
};

arguments! {
    /// Arguments of `revoke_many`.
    pub struct RevokeManyArgs {
        /// A `Reason`, the same for all.
        pub reason: u8,
    }
}

/// Accounts of `revoke_many`. After these come the credentials, writable. One that cannot be revoked fails them all.
#[derive(Accounts)]
pub struct RevokeMany {
    /// The key's holder, or the issuer's authority.
    pub actor: Signer,
    /// The signer's key; none when the authority signs.
    pub issuer_key: Option<Account<IssuerKey>>,
    /// The issuer, when its authority signs; it may be paused or retired. None when a key signs.
    pub issuer: Option<Account<Issuer>>,
}

impl RevokeMany {
    pub(crate) fn handle(ctx: &mut Context<'_, Self>, args: &RevokeManyArgs) -> Result<()> {
        let now = now()?;
        let reason = Reason::try_from(args.reason)?;
        let targets = ctx.remaining_accounts()?;
        require!(!targets.is_empty(), MicrocredError::NothingToDo);
        let accounts = &ctx.accounts;
        for target in targets {
            let mut credential = load_credential(target)?;
            let by = acts_for_issuer(
                accounts.actor.address(),
                &credential.issuer,
                &credential.achievement,
                accounts.issuer_key.as_ref(),
                accounts.issuer.as_ref(),
                permission::REVOKE,
                now,
            )?;
            change(&mut credential, CredentialAction::Revoke, reason, by, now)?;
        }
        Ok(())
    }
}
