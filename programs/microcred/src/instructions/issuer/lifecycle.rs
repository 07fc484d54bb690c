use anchor_lang::prelude::*;

use super::ManageIssuer;
use crate::{
    arguments::NoArgs,
    events::{IssuerStatusChanged, log},
    instructions::common::{no_extra_accounts, now},
    state::{LifecycleAction, Record},
};

pub(crate) fn pause(ctx: &mut Context<'_, ManageIssuer>, _: &NoArgs) -> Result<()> {
    change(ctx, LifecycleAction::Pause)
}

pub(crate) fn resume(ctx: &mut Context<'_, ManageIssuer>, _: &NoArgs) -> Result<()> {
    change(ctx, LifecycleAction::Resume)
}

pub(crate) fn retire(ctx: &mut Context<'_, ManageIssuer>, _: &NoArgs) -> Result<()> {
    change(ctx, LifecycleAction::Retire)
}

fn change(ctx: &mut Context<'_, ManageIssuer>, action: LifecycleAction) -> Result<()> {
    no_extra_accounts(ctx)?;
    let at = now()?;
    let issuer = &mut ctx.accounts.issuer;
    let old = issuer.lifecycle()?;
    let new = old.after(action)?;
    issuer.status = new.code();
    issuer.status_changed_at = at;
    issuer.invariant()?;
    log(&IssuerStatusChanged { issuer: *issuer.address(), old_status: old.code(), new_status: new.code(), at })?;
    Ok(())
}
