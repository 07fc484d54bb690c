use anchor_lang::prelude::*;

use super::ManageKey;
use crate::{
    arguments::arguments,
    error::MicrocredError,
    events::{KeyShortened, log},
    instructions::common::{no_extra_accounts, now},
    state::Record,
};

arguments! {
    /// Arguments of `shorten_key`.
    pub struct ShortenKeyArgs {
        /// First second after validity: not in the past, earlier than before, and later than the key's first second.
        pub valid_until: i64,
    }
}

pub(crate) fn handle(ctx: &mut Context<'_, ManageKey>, args: &ShortenKeyArgs) -> Result<()> {
    no_extra_accounts(ctx)?;
    let at = now()?;
    let key = &mut ctx.accounts.issuer_key;
    let old_valid_until = key.valid_until;
    require!(!key.is_retired(), MicrocredError::KeyRetired);
    require!(args.valid_until >= at, MicrocredError::ValidityInThePast);
    require!(args.valid_until > key.valid_from, MicrocredError::BadKeyWindow);
    require!(old_valid_until == 0 || args.valid_until < old_valid_until, MicrocredError::ValidityNotShorter);
    key.valid_until = args.valid_until;
    key.changed_at = at;
    key.invariant()?;
    log(&KeyShortened {
        issuer_key: *key.address(),
        issuer: key.issuer,
        old_valid_until,
        new_valid_until: args.valid_until,
        at,
    })?;
    Ok(())
}
