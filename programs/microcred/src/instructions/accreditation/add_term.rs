use anchor_lang::prelude::*;

use super::VouchAgain;
use crate::{
    arguments::arguments,
    error::MicrocredError,
    events::{AccreditationTermAdded, log},
    instructions::common::{no_extra_accounts, now},
    state::{AccreditationAction, AccreditationStatus, Lifecycle, Reason, Record, Term},
};

arguments! {
    /// Arguments of `add_accreditation_term`.
    pub struct AddAccreditationTermArgs {
        /// The revision of the issuer's profile that was looked at; refused if it changed since.
        pub profile_revision: u32,
        /// First second of the term: at or after the end of the last one, and after a withdrawal not in the past.
        pub from: i64,
        /// First second after the term; 0: open.
        pub until: i64,
    }
}

pub(crate) fn handle(ctx: &mut Context<'_, VouchAgain>, args: &AddAccreditationTermArgs) -> Result<()> {
    no_extra_accounts(ctx)?;
    let at = now()?;
    let accounts = &mut ctx.accounts;
    require!(accounts.registry.lifecycle()? == Lifecycle::Active, MicrocredError::RegistryNotActive);
    require!(accounts.issuer.lifecycle()? != Lifecycle::Retired, MicrocredError::IssuerRetired);
    require!(accounts.issuer.profile_revision == args.profile_revision, MicrocredError::WrongProfileRevision);
    let accreditation = &mut accounts.accreditation;
    let old = accreditation.accreditation_status()?;
    let new = old.after(AccreditationAction::AddTerm)?;
    let term = Term { from: args.from, until: args.until };
    if old == AccreditationStatus::Withdrawn {
        require!(term.from >= at, MicrocredError::TermInThePast);
        accreditation.status = new.code();
        accreditation.reason = Reason::Unspecified.code();
        accreditation.effective_at = at;
        accreditation.status_changed_at = at;
    }
    accreditation.add_term(term)?;
    let old_profile_revision = accreditation.profile_revision;
    accreditation.profile_revision = args.profile_revision;
    accreditation.invariant()?;
    log(&AccreditationTermAdded {
        accreditation: *accreditation.address(),
        registry: accreditation.registry,
        issuer: accreditation.issuer,
        term,
        old_status: old.code(),
        old_profile_revision,
        new_profile_revision: args.profile_revision,
        at,
    })?;
    Ok(())
}
