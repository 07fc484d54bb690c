use anchor_lang::prelude::*;

use super::ManageKey;
use crate::{
    arguments::arguments,
    error::MicrocredError,
    events::{KeyCompromised, log},
    instructions::common::{no_extra_accounts, now},
    state::{Record, key_flags},
};

arguments! {
    /// Arguments of `mark_key_compromised`.
    pub struct MarkKeyCompromisedArgs {
        /// Since when others may hold the key, Unix seconds, not in the future. What it asserted since is void. A mark can be
        /// moved either way, but not removed.
        pub since: i64,
    }
}

pub(crate) fn handle(ctx: &mut Context<'_, ManageKey>, args: &MarkKeyCompromisedArgs) -> Result<()> {
    no_extra_accounts(ctx)?;
    let at = now()?;
    require!(args.since > 0 && args.since <= at, MicrocredError::CompromiseInTheFuture);
    let key = &mut ctx.accounts.issuer_key;
    let old_compromised_at = key.compromised_at;
    key.compromised_at = args.since;
    key.flags |= key_flags::RETIRED;
    key.changed_at = at;
    key.invariant()?;
    log(&KeyCompromised {
        issuer_key: *key.address(),
        issuer: key.issuer,
        old_compromised_at,
        new_compromised_at: args.since,
        at,
    })?;
    Ok(())
}
