mod create;
pub(crate) mod edit;
pub(crate) mod lifecycle;
mod set_replaced;

use anchor_lang::prelude::*;

pub use create::*;
pub use edit::EditAchievementArgs;
pub use set_replaced::*;

use super::common::{acts_for_issuer, no_extra_accounts};
use crate::{
    error::MicrocredError,
    state::{Achievement, Issuer, IssuerKey, permission},
};

/// Accounts of the instructions that administer an achievement: by a key that may manage achievements, or the issuer's authority.
#[derive(Accounts)]
pub struct ManageAchievement {
    /// The key's holder, or the authority.
    pub actor: Signer,
    /// The signer's key; none when the authority signs.
    #[account(constraint = issuer_key.issuer == *issuer.address() @ MicrocredError::WrongIssuer)]
    pub issuer_key: Option<Account<IssuerKey>>,
    /// The issuer.
    pub issuer: Account<Issuer>,
    /// The achievement.
    #[account(mut, constraint = achievement.issuer == *issuer.address() @ MicrocredError::WrongIssuer)]
    pub achievement: Account<Achievement>,
}

impl ManageAchievement {
    /// The checks that all these instructions share.
    fn authorize(ctx: &mut Context<'_, Self>, now: i64) -> Result<()> {
        no_extra_accounts(ctx)?;
        let accounts = &ctx.accounts;
        manages(&accounts.actor, accounts.issuer_key.as_ref(), &accounts.issuer, accounts.achievement.address(), now)
    }
}

/// Refuses unless the actor holds the key, which may manage this achievement, or no key is passed and the actor is the authority.
fn manages(
    actor: &Signer,
    key: Option<&Account<IssuerKey>>,
    issuer: &Account<Issuer>,
    achievement: &Address,
    now: i64,
) -> Result<()> {
    let authority = if key.is_some() { None } else { Some(issuer) };
    acts_for_issuer(
        actor.address(),
        issuer.address(),
        achievement,
        key,
        authority,
        permission::MANAGE_ACHIEVEMENTS,
        now,
    )?;
    Ok(())
}
