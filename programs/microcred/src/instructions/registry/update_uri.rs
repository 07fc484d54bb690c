use alloc::string::String;

use anchor_lang::prelude::*;

use super::ManageRegistry;
use crate::{
    arguments::arguments,
    error::MicrocredError,
    events::{RegistryUriUpdated, log},
    instructions::common::no_extra_accounts,
    state::{Lifecycle, Record, write_text},
};

arguments! {
    /// Arguments of `update_registry_uri`.
    pub struct UpdateRegistryUriArgs {
        /// At most 128 bytes of UTF-8.
        pub uri: String,
    }
}

pub(crate) fn handle(ctx: &mut Context<'_, ManageRegistry>, args: &UpdateRegistryUriArgs) -> Result<()> {
    no_extra_accounts(ctx)?;
    let registry = &mut ctx.accounts.registry;
    require!(registry.lifecycle()? != Lifecycle::Retired, MicrocredError::RegistryRetired);
    let old_uri = registry.uri().into();
    write_text(&mut registry.uri, &args.uri)?;
    registry.invariant()?;
    log(&RegistryUriUpdated { registry: *registry.address(), old_uri, new_uri: args.uri.clone() })?;
    Ok(())
}
