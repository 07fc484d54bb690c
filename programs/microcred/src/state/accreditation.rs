use anchor_lang::prelude::*;

use super::{Reason, Record, VERSION, codes::codes, holds};
use crate::error::MicrocredError;

/// How many separate terms an accreditation holds. Terms that touch are one.
pub const MAX_TERMS: usize = 4;

codes! {
    /// Where an accreditation stands.
    pub enum AccreditationStatus: UnknownStatus {
        /// The registry vouches for the issuer, within its terms.
        Active = 2, "active";
        /// Not for the time being.
        Suspended = 3, "suspended";
        /// No more; a new term begins afresh.
        Withdrawn = 4, "withdrawn";
    }
}

/// What a registry's authority does to an accreditation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccreditationAction {
    /// Active becomes suspended.
    Suspend,
    /// Suspended becomes active.
    Reinstate,
    /// Active or suspended becomes withdrawn; withdrawn can be moved to an earlier time.
    Withdraw,
    /// Active stays active, withdrawn becomes active.
    AddTerm,
}

impl AccreditationAction {
    /// All actions.
    pub const ALL: &[Self] = &[Self::Suspend, Self::Reinstate, Self::Withdraw, Self::AddTerm];
}

impl AccreditationStatus {
    /// The one table of an accreditation's status changes.
    ///
    /// # Errors
    /// One for each combination that is refused, naming both states.
    pub const fn after(self, action: AccreditationAction) -> core::result::Result<Self, MicrocredError> {
        use AccreditationAction as A;
        use MicrocredError as E;
        match (action, self) {
            (A::Suspend, Self::Active) => Ok(Self::Suspended),
            (A::Reinstate, Self::Suspended) | (A::AddTerm, Self::Active | Self::Withdrawn) => Ok(Self::Active),
            (A::Withdraw, Self::Active | Self::Suspended | Self::Withdrawn) => Ok(Self::Withdrawn),
            (A::Suspend, Self::Suspended) => Err(E::SuspendedAccreditationCannotBeSuspended),
            (A::Suspend, Self::Withdrawn) => Err(E::WithdrawnAccreditationCannotBeSuspended),
            (A::Reinstate, Self::Active) => Err(E::ActiveAccreditationCannotBeReinstated),
            (A::Reinstate, Self::Withdrawn) => Err(E::WithdrawnAccreditationCannotBeReinstated),
            (A::AddTerm, Self::Suspended) => Err(E::SuspendedAccreditationCannotGetATerm),
        }
    }
}

/// A span of time, Unix seconds. `until` 0: open; `until == from`: empty (cut to nothing by a withdrawal).
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, IdlType, AnchorSerialize, AnchorDeserialize)]
pub struct Term {
    /// First second of the term.
    pub from: i64,
    /// First second after the term; 0: open.
    pub until: i64,
}
// SAFETY: `repr(C)`, two i64: no padding, every bit pattern is a value.
unsafe impl anchor_lang::bytemuck::Zeroable for Term {}
// SAFETY: as above.
unsafe impl anchor_lang::bytemuck::Pod for Term {}

impl Term {
    /// Whether an instant lies in the term.
    #[must_use]
    pub const fn covers(&self, at: i64) -> bool {
        self.from <= at && (self.until == 0 || at < self.until)
    }

    const fn is_ordered(&self) -> bool {
        self.from > 0 && (self.until == 0 || self.until >= self.from)
    }
}

/// The entry of one issuer in one registry. 192 bytes; seeds `"accreditation", registry, issuer`.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct Accreditation {
    /// 8: layout version.
    pub version: u8,
    /// 9: canonical bump of the address.
    pub bump: u8,
    /// 10: an [`AccreditationStatus`].
    pub status: u8,
    /// 11: a [`Reason`] for the status.
    pub reason: u8,
    /// 12: how many of `terms` are used.
    pub term_count: u8,
    /// 13: reserved.
    pub reserved_13: [u8; 3],
    /// 16: the registry.
    pub registry: Address,
    /// 48: the issuer.
    pub issuer: Address,
    /// 80: the revision of the issuer's profile that the registry vouches for.
    pub profile_revision: u32,
    /// 84: reserved.
    pub reserved_84: [u8; 4],
    /// 88: since when the status has effect, Unix seconds; may lie before `status_changed_at`.
    pub effective_at: i64,
    /// 96: when the status was set, Unix seconds.
    pub status_changed_at: i64,
    /// 104: the terms, in order of time.
    pub terms: [Term; MAX_TERMS],
    /// 168: reserved.
    pub reserved_168: [u8; 24],
}

impl Accreditation {
    /// Where the accreditation stands.
    ///
    /// # Errors
    /// `UnknownStatus` for a number that has no meaning.
    pub fn accreditation_status(&self) -> core::result::Result<AccreditationStatus, MicrocredError> {
        self.status.try_into()
    }

    /// The terms in use, in order of time.
    #[must_use]
    pub fn used_terms(&self) -> &[Term] {
        self.terms.get(..usize::from(self.term_count)).unwrap_or_default()
    }

    /// Whether a term covers an instant.
    #[must_use]
    pub fn covers(&self, at: i64) -> bool {
        self.used_terms().iter().any(|term| term.covers(at))
    }

    /// Enters a term after the last one; one that begins where the last one ends prolongs it instead of using a place, and an empty one
    /// gives its place up.
    ///
    /// # Errors
    /// `BadTerm`, `TermOverlaps`, `TermsFull`.
    pub fn add_term(&mut self, term: Term) -> core::result::Result<(), MicrocredError> {
        if term.from <= 0 || (term.until != 0 && term.until <= term.from) {
            return Err(MicrocredError::BadTerm);
        }
        let used = usize::from(self.term_count);
        if let Some(last) = used.checked_sub(1).and_then(|i| self.terms.get_mut(i)) {
            if last.until == 0 || term.from < last.until {
                return Err(MicrocredError::TermOverlaps);
            }
            if last.from == last.until {
                *last = term;
                return Ok(());
            }
            if term.from == last.until {
                last.until = term.until;
                return Ok(());
            }
        }
        *self.terms.get_mut(used).ok_or(MicrocredError::TermsFull)? = term;
        self.term_count = self.term_count.saturating_add(1);
        Ok(())
    }

    /// Ends every term at an instant and drops those that would have begun later: what a withdrawal does, so that a later
    /// accreditation cannot heal the gap. Where nothing is left, an empty term marks the instant.
    pub fn end_terms(&mut self, at: i64) {
        let mut kept: u8 = 0;
        for term in self.terms.iter_mut().take(usize::from(self.term_count)) {
            if term.from < at {
                if term.until == 0 || term.until > at {
                    term.until = at;
                }
                kept = kept.saturating_add(1);
            } else {
                *term = Term::default();
            }
        }
        if kept == 0 {
            self.terms[0] = Term { from: at, until: at };
            kept = 1;
        }
        self.term_count = kept;
    }
}

impl Record for Accreditation {
    const SIZE: usize = 192;
    const KIND: &'static str = "accreditation";

    fn version(&self) -> u8 {
        self.version
    }

    fn invariant(&self) -> core::result::Result<(), MicrocredError> {
        Reason::try_from(self.reason)?;
        self.accreditation_status()?;
        let terms = self.used_terms();
        holds(self.version == VERSION && !terms.is_empty() && terms.iter().all(Term::is_ordered))?;
        holds(terms.iter().zip(terms.iter().skip(1)).all(|(a, b)| a.until != 0 && a.until <= b.from))?;
        holds(self.effective_at > 0 && self.effective_at <= self.status_changed_at)
    }
}
const _: () = assert!(core::mem::size_of::<Accreditation>() + 8 == Accreditation::SIZE);

#[cfg(test)]
mod tests {
    use super::*;

    fn with_terms(terms: &[(i64, i64)]) -> Accreditation {
        let mut accreditation: Accreditation = anchor_lang::bytemuck::Zeroable::zeroed();
        for (from, until) in terms {
            accreditation.add_term(Term { from: *from, until: *until }).unwrap();
        }
        accreditation
    }

    #[test]
    fn terms_that_touch_are_one() {
        let accreditation = with_terms(&[(10, 20), (20, 30), (40, 0)]);
        assert_eq!(accreditation.used_terms(), [Term { from: 10, until: 30 }, Term { from: 40, until: 0 }]);
        for (at, covered) in [(9, false), (10, true), (29, true), (30, false), (40, true), (i64::MAX, true)] {
            assert_eq!(accreditation.covers(at), covered, "{at}");
        }
    }

    #[test]
    fn terms_neither_overlap_nor_exceed_four() {
        let mut accreditation = with_terms(&[(10, 20), (30, 40), (50, 60), (70, 80)]);
        for (from, until, error) in [
            (79, 90, MicrocredError::TermOverlaps),
            (90, 100, MicrocredError::TermsFull),
            (90, 90, MicrocredError::BadTerm),
            (0, 10, MicrocredError::BadTerm),
        ] {
            assert_eq!(accreditation.add_term(Term { from, until }), Err(error));
        }
        let mut open = with_terms(&[(10, 0)]);
        assert_eq!(open.add_term(Term { from: 20, until: 30 }), Err(MicrocredError::TermOverlaps));
    }

    #[test]
    fn a_withdrawal_cuts_terms_and_drops_later_ones() {
        let mut accreditation = with_terms(&[(10, 20), (30, 0)]);
        accreditation.end_terms(15);
        assert_eq!(accreditation.used_terms(), [Term { from: 10, until: 15 }]);
        assert!(!accreditation.covers(30) && !accreditation.covers(15) && accreditation.covers(14));
        accreditation.add_term(Term { from: 16, until: 0 }).unwrap();
        assert!(!accreditation.covers(15) && accreditation.covers(16));
        accreditation.end_terms(5);
        assert_eq!(accreditation.used_terms(), [Term { from: 5, until: 5 }]);
        assert!(!accreditation.covers(5));
    }
}
