use anchor_lang::prelude::*;

use super::VouchAgain;
use crate::{
    arguments::arguments,
    error::MicrocredError,
    events::{AccreditationConfirmed, log},
    instructions::common::no_extra_accounts,
    state::{AccreditationStatus, Lifecycle, Record},
};

arguments! {
    /// Arguments of `confirm_accreditation`.
    pub struct ConfirmAccreditationArgs {
        /// The revision of the issuer's profile that was looked at; refused if it changed since.
        pub profile_revision: u32,
    }
}

pub(crate) fn handle(ctx: &mut Context<'_, VouchAgain>, args: &ConfirmAccreditationArgs) -> Result<()> {
    no_extra_accounts(ctx)?;
    let accounts = &mut ctx.accounts;
    require!(accounts.registry.lifecycle()? == Lifecycle::Active, MicrocredError::RegistryNotActive);
    require!(accounts.issuer.profile_revision == args.profile_revision, MicrocredError::WrongProfileRevision);
    let accreditation = &mut accounts.accreditation;
    require!(
        accreditation.accreditation_status()? != AccreditationStatus::Withdrawn,
        MicrocredError::WithdrawnAccreditationCannotBeConfirmed
    );
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
