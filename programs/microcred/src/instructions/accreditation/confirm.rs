use anchor_lang::prelude::*;

use super::VouchAgain;
use crate::{
    arguments::arguments,
    error::MicrocredError,
    events::{AccreditationConfirmed, log},
    instructions::common::no_extra_accounts,
    state::Record,
};

arguments! {
    /// Arguments of `confirm_accreditation`.
    pub struct ConfirmAccreditationArgs {
        /// The revision of the issuer's profile that was looked at; refused if it changed since.
        pub profile_revision: u32,
    }
}

/// Also works on a withdrawn accreditation, and in a paused or retired registry: it can only heal what was issued inside the terms.
pub(crate) fn handle(ctx: &mut Context<'_, VouchAgain>, args: &ConfirmAccreditationArgs) -> Result<()> {
    no_extra_accounts(ctx)?;
    let accounts = &mut ctx.accounts;
    require!(accounts.issuer.profile_revision == args.profile_revision, MicrocredError::WrongProfileRevision);
    let accreditation = &mut accounts.accreditation;
    let old_profile_revision = accreditation.profile_revision;
    require!(old_profile_revision != args.profile_revision, MicrocredError::ProfileAlreadyConfirmed);
    accreditation.profile_revision = args.profile_revision;
    accreditation.invariant()?;
    log(&AccreditationConfirmed {
        accreditation: *accreditation.address(),
        registry: accreditation.registry,
        issuer: accreditation.issuer,
        old_profile_revision,
        new_profile_revision: args.profile_revision,
    })?;
    Ok(())
}
