mod accredit;
pub(crate) mod add_term;
pub(crate) mod confirm;
pub(crate) mod reinstate;
pub(crate) mod suspend;
pub(crate) mod withdraw;

use anchor_lang::prelude::*;

pub use accredit::*;
pub use add_term::AddAccreditationTermArgs;
pub use confirm::ConfirmAccreditationArgs;
pub use suspend::SuspendAccreditationArgs;
pub use withdraw::WithdrawAccreditationArgs;

use crate::{
    error::MicrocredError,
    events::{AccreditationStatusChanged, log},
    instructions::common::{no_extra_accounts, now},
    state::{Accreditation, AccreditationAction, AccreditationStatus, Issuer, Reason, Record, Registry},
};

/// Accounts of the instructions that change an accreditation's status.
#[derive(Accounts)]
pub struct ManageAccreditation {
    /// The registry's authority.
    #[account(address = registry.authority @ MicrocredError::NotRegistryAuthority)]
    pub authority: Signer,
    /// The registry. It may be paused or retired: suspending, reinstating and withdrawing must always work.
    pub registry: Account<Registry>,
    /// The accreditation.
    #[account(mut, constraint = accreditation.registry == *registry.address() @ MicrocredError::WrongRegistry)]
    pub accreditation: Account<Accreditation>,
}

impl ManageAccreditation {
    /// `effective_at` 0 means now; for a withdrawal that follows a suspension, since that suspension. It cannot be later than that:
    /// what was issued meanwhile would be vouched for again. (A body that wants this reinstates first.)
    fn change(ctx: &mut Context<'_, Self>, action: AccreditationAction, reason: u8, effective_at: i64) -> Result<()> {
        no_extra_accounts(ctx)?;
        let at = now()?;
        let reason = Reason::try_from(reason)?.code();
        let accreditation = &mut ctx.accounts.accreditation;
        let old = accreditation.accreditation_status()?;
        let new = old.after(action)?;
        let latest = match (old, new) {
            (AccreditationStatus::Suspended, AccreditationStatus::Withdrawn) => accreditation.effective_at,
            (AccreditationStatus::Withdrawn, _) => {
                let earlier = effective_at != 0 && effective_at < accreditation.effective_at;
                require!(earlier, MicrocredError::WithdrawnAccreditationCannotBeWithdrawn);
                accreditation.effective_at
            }
            _ => at,
        };
        let effective_at = if effective_at == 0 { latest } else { effective_at };
        require!(effective_at > 0 && effective_at <= latest, MicrocredError::BadEffectiveTime);
        let (old_reason, old_effective_at) = (accreditation.reason, accreditation.effective_at);
        accreditation.status = new.code();
        accreditation.reason = reason;
        accreditation.effective_at = effective_at;
        accreditation.status_changed_at = at;
        if action == AccreditationAction::Withdraw {
            accreditation.end_terms(effective_at);
        }
        accreditation.invariant()?;
        log(&AccreditationStatusChanged {
            accreditation: *accreditation.address(),
            registry: accreditation.registry,
            issuer: accreditation.issuer,
            old_status: old.code(),
            new_status: new.code(),
            old_reason,
            new_reason: reason,
            old_effective_at,
            new_effective_at: effective_at,
            at,
        })?;
        Ok(())
    }
}

/// Accounts of the instructions by which a registry vouches for an issuer's present profile once more.
#[derive(Accounts)]
pub struct VouchAgain {
    /// The registry's authority.
    #[account(address = registry.authority @ MicrocredError::NotRegistryAuthority)]
    pub authority: Signer,
    /// The registry; to add a term it must be active.
    pub registry: Account<Registry>,
    /// The issuer whose profile was looked at.
    pub issuer: Account<Issuer>,
    /// The accreditation.
    #[account(
        mut,
        constraint = accreditation.registry == *registry.address() @ MicrocredError::WrongRegistry,
        constraint = accreditation.issuer == *issuer.address() @ MicrocredError::WrongIssuer,
    )]
    pub accreditation: Account<Accreditation>,
}
