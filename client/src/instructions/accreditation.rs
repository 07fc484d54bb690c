//! Instructions about accreditations. The registry's authority signs each of them.

use microcred::{
    AccreditIssuerArgs, AddAccreditationTermArgs, ConfirmAccreditationArgs, NoArgs, SuspendAccreditationArgs,
    WithdrawAccreditationArgs, accounts, instruction,
    state::{Reason, Term},
};
use solana_address::Address;
use solana_instruction::Instruction;

use super::{SYSTEM_PROGRAM, build};
use crate::address;

/// One issuer's entry in one registry, and who administers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccreditationRef {
    /// The registry's authority, which signs.
    pub authority: Address,
    /// The registry.
    pub registry: Address,
    /// The issuer.
    pub issuer: Address,
}

impl AccreditationRef {
    /// Address of the accreditation account.
    #[must_use]
    pub fn address(&self) -> Address {
        address::accreditation(&self.registry, &self.issuer)
    }

    fn manage(&self) -> accounts::ManageAccreditation {
        accounts::ManageAccreditation {
            authority: self.authority,
            registry: self.registry,
            accreditation: self.address(),
        }
    }

    fn vouch_again(&self) -> accounts::VouchAgain {
        accounts::VouchAgain {
            authority: self.authority,
            registry: self.registry,
            issuer: self.issuer,
            accreditation: self.address(),
        }
    }
}

/// Vouches for an issuer whose profile was looked at in the given revision. `payer` signs too.
#[must_use]
pub fn accredit(payer: Address, of: &AccreditationRef, profile_revision: u32, term: Term) -> Instruction {
    build(
        &accounts::AccreditIssuer {
            payer,
            authority: of.authority,
            registry: of.registry,
            issuer: of.issuer,
            accreditation: of.address(),
            system_program: SYSTEM_PROGRAM,
        },
        &instruction::AccreditIssuer {
            args: AccreditIssuerArgs { profile_revision, from: term.from, until: term.until },
        },
    )
}

/// Suspends, with effect from `effective_at` (Unix seconds, not in the future; 0: now).
#[must_use]
pub fn suspend(of: &AccreditationRef, reason: Reason, effective_at: i64) -> Instruction {
    let args = SuspendAccreditationArgs { reason: reason.code(), effective_at };
    build(&of.manage(), &instruction::SuspendAccreditation { args })
}

/// Reinstates, also for what was issued meanwhile.
#[must_use]
pub fn reinstate(of: &AccreditationRef) -> Instruction {
    build(&of.manage(), &instruction::ReinstateAccreditation { args: NoArgs {} })
}

/// Withdraws and ends every term, with effect from `effective_at` (Unix seconds, not in the future; 0: now).
#[must_use]
pub fn withdraw(of: &AccreditationRef, reason: Reason, effective_at: i64) -> Instruction {
    let args = WithdrawAccreditationArgs { reason: reason.code(), effective_at };
    build(&of.manage(), &instruction::WithdrawAccreditation { args })
}

/// Adds a term, or prolongs the last one when the new one begins where that ends.
#[must_use]
pub fn add_term(of: &AccreditationRef, profile_revision: u32, term: Term) -> Instruction {
    let args = AddAccreditationTermArgs { profile_revision, from: term.from, until: term.until };
    build(&of.vouch_again(), &instruction::AddAccreditationTerm { args })
}

/// Vouches for the issuer's present profile.
#[must_use]
pub fn confirm(of: &AccreditationRef, profile_revision: u32) -> Instruction {
    build(&of.vouch_again(), &instruction::ConfirmAccreditation { args: ConfirmAccreditationArgs { profile_revision } })
}
