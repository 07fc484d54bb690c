use anchor_lang::prelude::*;

use super::ManageRegistry;
use crate::{
    arguments::NoArgs,
    events::{RegistryStatusChanged, log},
    instructions::common::{no_extra_accounts, now},
    state::{LifecycleAction, Record},
};

pub(crate) fn pause(ctx: &mut Context<'_, ManageRegistry>, _: &NoArgs) -> Result<()> {
    change(ctx, LifecycleAction::Pause)
}

pub(crate) fn resume(ctx: &mut Context<'_, ManageRegistry>, _: &NoArgs) -> Result<()> {
    change(ctx, LifecycleAction::Resume)
}

pub(crate) fn retire(ctx: &mut Context<'_, ManageRegistry>, _: &NoArgs) -> Result<()> {
    change(ctx, LifecycleAction::Retire)
}

fn change(ctx: &mut Context<'_, ManageRegistry>, action: LifecycleAction) -> Result<()> {
    no_extra_accounts(ctx)?;
    let at = now()?;
    let registry = &mut ctx.accounts.registry;
    let old = registry.lifecycle()?;
    let new = old.after(action)?;
    registry.status = new.code();
    registry.status_changed_at = at;
    registry.invariant()?;
    log(&RegistryStatusChanged { registry: *registry.address(), old_status: old.code(), new_status: new.code(), at })?;
    Ok(())
}
