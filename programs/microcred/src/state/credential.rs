use anchor_lang::prelude::*;

use super::{Reason, Record, VERSION, codes::codes, holds};
use crate::error::MicrocredError;

/// `status_key_index` of a change made by the issuer's authority.
pub const STATUS_BY_AUTHORITY: u16 = 0xFFFF;
/// `status_key_index` of a change made by the subject.
pub const STATUS_BY_SUBJECT: u16 = 0xFFFE;

codes! {
    /// Where a credential stands.
    pub enum CredentialStatus: UnknownStatus {
        /// Awaits the learner's acceptance.
        Pending = 1, "pending";
        /// In force.
        Active = 2, "active";
        /// Out of force until reinstated.
        Suspended = 3, "suspended";
        /// Out of force for good.
        Revoked = 4, "revoked";
        /// The learner did not want it.
        Declined = 5, "declined";
        /// Digest and subject were removed.
        Erased = 6, "erased";
    }
}

codes! {
    /// What the 32 bytes of a subject are.
    pub enum SubjectKind: UnknownSubjectKind {
        /// A wallet's address.
        Wallet = 1, "wallet";
        /// A salted hash that only the learner's file opens.
        Commitment = 2, "commitment";
        /// A learner account; refused until those exist.
        Learner = 3, "learner";
    }
}

/// Bits of [`Credential::flags`].
pub mod credential_flags {
    /// The learner accepted it.
    pub const ACCEPTED: u8 = 1;
    /// A document exists, and `digest` is its digest.
    pub const HAS_DOCUMENT: u8 = 2;
    /// Every bit that has a meaning.
    pub const ALL: u8 = ACCEPTED | HAS_DOCUMENT;
}

/// What is done to a credential's status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CredentialAction {
    /// By the learner: pending becomes active.
    Accept,
    /// By the learner: pending becomes declined.
    Decline,
    /// By the issuer: active becomes suspended.
    Suspend,
    /// By the issuer: suspended becomes active.
    Reinstate,
    /// By the issuer: pending, active or suspended becomes revoked.
    Revoke,
    /// By the issuer: active stays active.
    Renew,
    /// By the learner or issuer: pending, active or suspended becomes erased; revoked and declined stay.
    Erase,
}

impl CredentialAction {
    /// All actions.
    pub const ALL: &[Self] =
        &[Self::Accept, Self::Decline, Self::Suspend, Self::Reinstate, Self::Revoke, Self::Renew, Self::Erase];
}

impl CredentialStatus {
    /// The one table of a credential's status changes.
    ///
    /// # Errors
    /// One for each combination that is refused, naming both states.
    pub const fn after(self, action: CredentialAction) -> core::result::Result<Self, MicrocredError> {
        use CredentialAction as A;
        use MicrocredError as E;
        match (action, self) {
            (A::Accept, Self::Pending) | (A::Reinstate, Self::Suspended) | (A::Renew, Self::Active) => Ok(Self::Active),
            (A::Decline, Self::Pending) | (A::Erase, Self::Declined) => Ok(Self::Declined),
            (A::Suspend, Self::Active) => Ok(Self::Suspended),
            (A::Revoke, Self::Pending | Self::Active | Self::Suspended) | (A::Erase, Self::Revoked) => {
                Ok(Self::Revoked)
            }
            (A::Erase, Self::Pending | Self::Active | Self::Suspended) => Ok(Self::Erased),

            (A::Accept, Self::Active) => Err(E::ActiveCannotBeAccepted),
            (A::Accept, Self::Suspended) => Err(E::SuspendedCannotBeAccepted),
            (A::Accept, Self::Revoked) => Err(E::RevokedCannotBeAccepted),
            (A::Accept, Self::Declined) => Err(E::DeclinedCannotBeAccepted),
            (A::Accept, Self::Erased) => Err(E::ErasedCannotBeAccepted),
            (A::Decline, Self::Active) => Err(E::ActiveCannotBeDeclined),
            (A::Decline, Self::Suspended) => Err(E::SuspendedCannotBeDeclined),
            (A::Decline, Self::Revoked) => Err(E::RevokedCannotBeDeclined),
            (A::Decline, Self::Declined) => Err(E::DeclinedCannotBeDeclined),
            (A::Decline, Self::Erased) => Err(E::ErasedCannotBeDeclined),
            (A::Suspend, Self::Pending) => Err(E::PendingCannotBeSuspended),
            (A::Suspend, Self::Suspended) => Err(E::SuspendedCannotBeSuspended),
            (A::Suspend, Self::Revoked) => Err(E::RevokedCannotBeSuspended),
            (A::Suspend, Self::Declined) => Err(E::DeclinedCannotBeSuspended),
            (A::Suspend, Self::Erased) => Err(E::ErasedCannotBeSuspended),
            (A::Reinstate, Self::Pending) => Err(E::PendingCannotBeReinstated),
            (A::Reinstate, Self::Active) => Err(E::ActiveCannotBeReinstated),
            (A::Reinstate, Self::Revoked) => Err(E::RevokedCannotBeReinstated),
            (A::Reinstate, Self::Declined) => Err(E::DeclinedCannotBeReinstated),
            (A::Reinstate, Self::Erased) => Err(E::ErasedCannotBeReinstated),
            (A::Revoke, Self::Revoked) => Err(E::RevokedCannotBeRevoked),
            (A::Revoke, Self::Declined) => Err(E::DeclinedCannotBeRevoked),
            (A::Revoke, Self::Erased) => Err(E::ErasedCannotBeRevoked),
            (A::Renew, Self::Pending) => Err(E::PendingCannotBeRenewed),
            (A::Renew, Self::Suspended) => Err(E::SuspendedCannotBeRenewed),
            (A::Renew, Self::Revoked) => Err(E::RevokedCannotBeRenewed),
            (A::Renew, Self::Declined) => Err(E::DeclinedCannotBeRenewed),
            (A::Renew, Self::Erased) => Err(E::ErasedCannotBeRenewed),
            (A::Erase, Self::Erased) => Err(E::ErasedCannotBeErased),
        }
    }

    /// Whether the next credential for the same achievement and subject may be issued.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Revoked | Self::Declined | Self::Erased)
    }
}

/// One achievement earned by one subject. 192 bytes; seeds `"credential", achievement, subject, sequence u16 LE`.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct Credential {
    /// 8: layout version.
    pub version: u8,
    /// 9: canonical bump of the address.
    pub bump: u8,
    /// 10: a [`CredentialStatus`].
    pub status: u8,
    /// 11: a [`Reason`] for the status.
    pub reason: u8,
    /// 12: bits of [`credential_flags`].
    pub flags: u8,
    /// 13: a [`SubjectKind`].
    pub subject_kind: u8,
    /// 14: how many credentials of this achievement the subject had before; part of the address.
    pub sequence: u16,
    /// 16: the issuer.
    pub issuer: Address,
    /// 48: the achievement; part of the address.
    pub achievement: Address,
    /// 80: the learner's identity; part of the address; zero once erased.
    pub subject: Address,
    /// 112: SHA-256 of the document's canonical JSON; zero: no document, or erased.
    pub digest: [u8; 32],
    /// 144: first issue, Unix seconds by the clock.
    pub issued_at: i64,
    /// 152: last issue or renewal, Unix seconds by the clock.
    pub asserted_at: i64,
    /// 160: first second after validity, Unix seconds; 0: never expires.
    pub expires_at: i64,
    /// 168: last change of status, Unix seconds; 0: never.
    pub status_changed_at: i64,
    /// 176: index of the issuer key that asserted it.
    pub key_index: u16,
    /// 178: index of the issuer key that changed the status last; 0xFFFF: the authority; 0xFFFE: the subject. Zero while
    /// `status_changed_at` is.
    pub status_key_index: u16,
    /// 180: how often it was renewed.
    pub revision: u16,
    /// 182: reserved.
    pub reserved_182: u16,
    /// 184: place in the issuer's status lists.
    pub status_index: u32,
    /// 188: number of the cohort it comes from; 0: issued by itself.
    pub cohort: u32,
}

impl Credential {
    /// Where the credential stands.
    ///
    /// # Errors
    /// `UnknownStatus` for a number that has no meaning.
    pub fn credential_status(&self) -> core::result::Result<CredentialStatus, MicrocredError> {
        self.status.try_into()
    }

    /// Whether the learner accepted it.
    #[must_use]
    pub const fn is_accepted(&self) -> bool {
        self.flags & credential_flags::ACCEPTED != 0
    }

    /// Whether a document exists for it.
    #[must_use]
    pub const fn has_document(&self) -> bool {
        self.flags & credential_flags::HAS_DOCUMENT != 0
    }

    /// Whether it has expired at an instant.
    #[must_use]
    pub const fn is_expired(&self, now: i64) -> bool {
        self.expires_at != 0 && now >= self.expires_at
    }

    /// Whether digest and subject were removed.
    #[must_use]
    pub fn is_erased(&self) -> bool {
        self.subject == Address::default()
    }

    /// Stores a document's digest; zero: no document.
    pub fn set_digest(&mut self, digest: [u8; 32]) {
        self.digest = digest;
        self.flags &= !credential_flags::HAS_DOCUMENT;
        if digest != [0; 32] {
            self.flags |= credential_flags::HAS_DOCUMENT;
        }
    }

    /// Changes the status by the table, with reason, time and who.
    ///
    /// # Errors
    /// Those of [`CredentialStatus::after`].
    pub fn change(
        &mut self,
        action: CredentialAction,
        reason: Reason,
        by: u16,
        now: i64,
    ) -> core::result::Result<CredentialStatus, MicrocredError> {
        let status = self.credential_status()?.after(action)?;
        self.status = status.code();
        self.reason = reason.code();
        self.status_key_index = by;
        self.status_changed_at = now;
        Ok(status)
    }

    /// Removes digest and subject. Pending, active and suspended become erased; revoked and declined keep status, reason,
    /// time and who.
    ///
    /// # Errors
    /// `ErasedCannotBeErased`.
    pub fn erase(
        &mut self,
        reason: Reason,
        by: u16,
        now: i64,
    ) -> core::result::Result<CredentialStatus, MicrocredError> {
        if self.is_erased() {
            return Err(MicrocredError::ErasedCannotBeErased);
        }
        let before = self.credential_status()?;
        let status = before.after(CredentialAction::Erase)?;
        if status != before {
            self.change(CredentialAction::Erase, reason, by, now)?;
        }
        self.subject = Address::default();
        self.set_digest([0; 32]);
        Ok(status)
    }
}

impl Record for Credential {
    const SIZE: usize = 192;
    const KIND: &'static str = "credential";

    fn version(&self) -> u8 {
        self.version
    }

    fn invariant(&self) -> core::result::Result<(), MicrocredError> {
        let status = self.credential_status()?;
        let erased = self.is_erased();
        SubjectKind::try_from(self.subject_kind)?;
        Reason::try_from(self.reason)?;
        holds(
            self.version == VERSION && self.flags & !credential_flags::ALL == 0 && self.asserted_at >= self.issued_at,
        )?;
        holds(self.expires_at == 0 || self.expires_at > self.issued_at)?;
        holds(self.has_document() == (self.digest != [0; 32]) && !(erased && self.has_document()))?;
        holds(if erased { status.is_over() } else { status != CredentialStatus::Erased })
    }
}
const _: () = assert!(core::mem::size_of::<Credential>() + 8 == Credential::SIZE);
