//! The accounts: one file per kind with its layout, sizes, status rules and `invariant()`.
//!
//! Layouts are public API for ever. Offsets in the comments count from the start of the account, whose first eight bytes are the
//! discriminator; reserved bytes are zero. This module uses Anchor only for the derive on the structs.

mod accreditation;
mod achievement;
pub(crate) mod codes;
mod credential;
mod issuer;
mod issuer_key;
mod registry;
mod text;

pub use accreditation::{Accreditation, AccreditationAction, AccreditationStatus, MAX_TERMS, Term};
pub use achievement::{Achievement, AchievementKind, Definition, MAX_VALIDITY, policy};
pub use codes::{Lifecycle, Reason};
pub use credential::{
    Credential, CredentialAction, CredentialStatus, STATUS_BY_AUTHORITY, STATUS_BY_SUBJECT, SubjectKind,
    credential_flags,
};
pub use issuer::{Issuer, MAX_KEYS};
pub use issuer_key::{IssuerKey, UNLIMITED, key_flags, permission};
pub use registry::Registry;
pub use text::{read_text, write_country, write_name, write_slug, write_text};

use crate::error::MicrocredError;

/// Version of every account layout written by this program.
pub const VERSION: u8 = 1;

/// What every account kind shares.
pub trait Record {
    /// The bytes of the account, discriminator included.
    const SIZE: usize;
    /// What people call this kind.
    const KIND: &'static str;

    /// Layout version as stored.
    fn version(&self) -> u8;

    /// What holds of every account of this kind after every instruction.
    ///
    /// # Errors
    /// `InvariantBroken`, or the error of the field that is out of range.
    fn invariant(&self) -> Result<(), MicrocredError>;
}

/// What pausing, resuming, retiring and publishing do to registries, issuers and achievements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LifecycleAction {
    /// Draft becomes active (achievements only).
    Publish,
    /// Active becomes paused.
    Pause,
    /// Paused becomes active.
    Resume,
    /// Anything but retired becomes retired.
    Retire,
}

impl LifecycleAction {
    /// All actions.
    pub const ALL: &[Self] = &[Self::Publish, Self::Pause, Self::Resume, Self::Retire];
}

impl Lifecycle {
    /// The one table of lifecycle changes.
    ///
    /// # Errors
    /// One for each combination that is refused, naming both states.
    pub const fn after(self, action: LifecycleAction) -> Result<Self, MicrocredError> {
        use LifecycleAction as A;
        use MicrocredError as E;
        match (action, self) {
            (A::Publish, Self::Draft) | (A::Resume, Self::Paused) => Ok(Self::Active),
            (A::Pause, Self::Active) => Ok(Self::Paused),
            (A::Retire, Self::Draft | Self::Active | Self::Paused) => Ok(Self::Retired),
            (A::Publish, Self::Active) => Err(E::ActiveCannotBePublished),
            (A::Publish, Self::Paused) => Err(E::PausedCannotBePublished),
            (A::Publish, Self::Retired) => Err(E::RetiredCannotBePublished),
            (A::Pause, Self::Draft) => Err(E::DraftCannotBePaused),
            (A::Pause, Self::Paused) => Err(E::PausedCannotBePaused),
            (A::Pause, Self::Retired) => Err(E::RetiredCannotBePaused),
            (A::Resume, Self::Draft) => Err(E::DraftCannotBeResumed),
            (A::Resume, Self::Active) => Err(E::ActiveCannotBeResumed),
            (A::Resume, Self::Retired) => Err(E::RetiredCannotBeResumed),
            (A::Retire, Self::Retired) => Err(E::RetiredCannotBeRetired),
        }
    }
}

/// `InvariantBroken` unless the condition holds.
pub(crate) const fn holds(condition: bool) -> Result<(), MicrocredError> {
    if condition { Ok(()) } else { Err(MicrocredError::InvariantBroken) }
}
