use anchor_lang::prelude::*;

use super::ManageAchievement;
use crate::{
    arguments::NoArgs,
    error::MicrocredError,
    events::{AchievementStatusChanged, log},
    instructions::common::now,
    state::{Lifecycle, LifecycleAction, Record},
};

pub(crate) fn publish(ctx: &mut Context<'_, ManageAchievement>, _: &NoArgs) -> Result<()> {
    change(ctx, LifecycleAction::Publish)
}

pub(crate) fn pause(ctx: &mut Context<'_, ManageAchievement>, _: &NoArgs) -> Result<()> {
    change(ctx, LifecycleAction::Pause)
}

pub(crate) fn resume(ctx: &mut Context<'_, ManageAchievement>, _: &NoArgs) -> Result<()> {
    change(ctx, LifecycleAction::Resume)
}

pub(crate) fn retire(ctx: &mut Context<'_, ManageAchievement>, _: &NoArgs) -> Result<()> {
    change(ctx, LifecycleAction::Retire)
}

fn change(ctx: &mut Context<'_, ManageAchievement>, action: LifecycleAction) -> Result<()> {
    let at = now()?;
    ManageAchievement::authorize(ctx, at)?;
    let achievement = &mut ctx.accounts.achievement;
    let old = achievement.lifecycle()?;
    let new = old.after(action)?;
    require!(new != Lifecycle::Active || ctx.accounts.issuer.is_active(), MicrocredError::IssuerNotActive);
    achievement.status = new.code();
    achievement.status_changed_at = at;
    achievement.invariant()?;
    log(&AchievementStatusChanged {
        achievement: *achievement.address(),
        issuer: achievement.issuer,
        old_status: old.code(),
        new_status: new.code(),
        at,
    })?;
    Ok(())
}
