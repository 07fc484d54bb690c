use anchor_lang::prelude::*;

use super::manages;
use crate::{
    arguments::NoArgs,
    error::MicrocredError,
    events::{AchievementReplacementSet, log},
    instructions::common::{no_extra_accounts, now},
    state::{Achievement, Issuer, IssuerKey, Record},
};

/// Accounts of `set_replaced_achievement`.
#[derive(Accounts)]
pub struct SetReplacedAchievement {
    /// The key's holder, or the authority.
    pub actor: Signer,
    /// The signer's key; none when the authority signs.
    #[account(constraint = issuer_key.issuer == *issuer.address() @ MicrocredError::WrongIssuer)]
    pub issuer_key: Option<Account<IssuerKey>>,
    /// The issuer of both; it must be active.
    pub issuer: Account<Issuer>,
    /// The newer achievement, which gets the link. The framework refuses it as its own predecessor.
    #[account(mut, constraint = achievement.issuer == *issuer.address() @ MicrocredError::WrongIssuer)]
    pub achievement: Account<Achievement>,
    /// The achievement that it replaces.
    #[account(constraint = replaced.issuer == *issuer.address() @ MicrocredError::WrongIssuer)]
    pub replaced: Account<Achievement>,
}

impl SetReplacedAchievement {
    pub(crate) fn handle(ctx: &mut Context<'_, Self>, _: &NoArgs) -> Result<()> {
        no_extra_accounts(ctx)?;
        let accounts = &mut ctx.accounts;
        manages(
            &accounts.actor,
            accounts.issuer_key.as_ref(),
            &accounts.issuer,
            accounts.achievement.address(),
            now()?,
        )?;
        require!(accounts.issuer.is_active(), MicrocredError::IssuerNotActive);
        let (achievement, replaced) = (&mut accounts.achievement, &accounts.replaced);
        require!(replaced.created_at < achievement.created_at, MicrocredError::ReplacesNewer);
        let old_replaces = achievement.replaces;
        achievement.replaces = *replaced.address();
        achievement.invariant()?;
        log(&AchievementReplacementSet {
            achievement: *achievement.address(),
            issuer: achievement.issuer,
            old_replaces,
            new_replaces: achievement.replaces,
        })?;
        Ok(())
    }
}
