use alloc::string::String;

use anchor_lang::prelude::*;

use super::ManageIssuer;
use crate::{
    arguments::arguments,
    error::MicrocredError,
    events::{IssuerProfileUpdated, log},
    instructions::common::no_extra_accounts,
    state::{Lifecycle, Record, write_country, write_name, write_text},
};

arguments! {
    /// Arguments of `update_issuer_profile`: the whole profile.
    pub struct UpdateIssuerProfileArgs {
        /// 1 to 96 bytes of UTF-8.
        pub name: String,
        /// At most 128 bytes of UTF-8.
        pub url: String,
        /// ISO 3166-1 alpha-2, or empty.
        pub country: String,
    }
}

pub(crate) fn handle(ctx: &mut Context<'_, ManageIssuer>, args: &UpdateIssuerProfileArgs) -> Result<()> {
    no_extra_accounts(ctx)?;
    let issuer = &mut ctx.accounts.issuer;
    require!(issuer.lifecycle()? != Lifecycle::Retired, MicrocredError::IssuerRetired);
    require!(
        args.name != issuer.name() || args.url != issuer.url() || args.country != issuer.country(),
        MicrocredError::ProfileUnchanged
    );
    let (old_name, old_url, old_country) = (issuer.name().into(), issuer.url().into(), issuer.country().into());
    write_name(&mut issuer.name, &args.name)?;
    write_text(&mut issuer.url, &args.url)?;
    write_country(&mut issuer.country, &args.country)?;
    issuer.profile_revision = issuer.profile_revision.checked_add(1).ok_or(MicrocredError::Overflow)?;
    issuer.invariant()?;
    log(&IssuerProfileUpdated {
        issuer: *issuer.address(),
        old_name,
        new_name: args.name.clone(),
        old_url,
        new_url: args.url.clone(),
        old_country,
        new_country: args.country.clone(),
        profile_revision: issuer.profile_revision,
    })?;
    Ok(())
}
