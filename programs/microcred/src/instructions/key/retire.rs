use anchor_lang::prelude::*;

use super::ManageKey;
use crate::{
    arguments::NoArgs,
    error::MicrocredError,
    events::{KeyRetired, log},
    instructions::common::{no_extra_accounts, now},
    state::{Record, key_flags},
};

pub(crate) fn handle(ctx: &mut Context<'_, ManageKey>, _: &NoArgs) -> Result<()> {
    no_extra_accounts(ctx)?;
    let at = now()?;
    let key = &mut ctx.accounts.issuer_key;
    require!(!key.is_retired(), MicrocredError::KeyRetired);
    key.flags |= key_flags::RETIRED;
    key.changed_at = at;
    key.invariant()?;
    log(&KeyRetired { issuer_key: *key.address(), issuer: key.issuer, at })?;
    Ok(())
}
