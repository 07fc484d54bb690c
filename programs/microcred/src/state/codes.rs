//! The numbers that stand for words in accounts, instructions and events, each written once.

/// Declares an enum whose numbers are stored in accounts: conversion both ways, and the word people read.
macro_rules! codes {
    ($(#[$meta:meta])* pub enum $name:ident: $unknown:ident { $($(#[$doc:meta])* $variant:ident = $code:literal, $word:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum $name { $($(#[$doc])* $variant = $code,)+ }

        impl $name {
            /// All codes, in the order of their numbers.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The stored number.
            #[must_use]
            pub const fn code(self) -> u8 { self as u8 }

            /// The word of the vocabulary.
            #[must_use]
            pub const fn word(self) -> &'static str { match self { $(Self::$variant => $word,)+ } }
        }

        impl TryFrom<u8> for $name {
            type Error = $crate::error::MicrocredError;

            fn try_from(code: u8) -> core::result::Result<Self, Self::Error> {
                match code { $($code => Ok(Self::$variant),)+ _ => Err($crate::error::MicrocredError::$unknown) }
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result { f.write_str(self.word()) }
        }
    };
}
pub(crate) use codes;

codes! {
    /// Where a registry, issuer or achievement stands. Only achievements have drafts. Retirement is final.
    pub enum Lifecycle: UnknownStatus {
        /// An achievement that can still be edited.
        Draft = 1, "draft";
        /// In use.
        Active = 2, "active";
        /// Out of use until resumed.
        Paused = 3, "paused";
        /// Out of use for good.
        Retired = 4, "retired";
    }
}

codes! {
    /// Why a status changed: a code, never text, so that nothing personal reaches the chain. At most 13, since a member of
    /// a cohort stores its reason in half a byte beside its status.
    pub enum Reason: UnknownReason {
        /// No reason given; also what a credential shows whose status needs none.
        Unspecified = 0, "unspecified";
        /// Should not have been issued.
        IssuedInError = 1, "issued in error";
        /// Replaced by another credential.
        Superseded = 2, "superseded";
        /// Plagiarism, fraud or the like.
        AcademicMisconduct = 3, "academic misconduct";
        /// A fee is outstanding or was returned.
        Payment = 4, "payment";
        /// A key of the issuer was compromised.
        KeyCompromise = 5, "key compromise";
        /// The learner asked for it.
        LearnerRequest = 6, "learner's request";
        /// An investigation is going on.
        UnderReview = 7, "under review";
        /// The learner is not who they seemed to be.
        IdentityNotConfirmed = 8, "identity not confirmed";
        /// A requirement turned out unmet.
        RequirementsNotMet = 9, "requirements not met";
        /// The assessment was annulled.
        AssessmentAnnulled = 10, "assessment annulled";
        /// The organisation ceased to operate.
        OperationsCeased = 11, "operations ceased";
        /// A court or authority ordered it.
        LegalOrder = 12, "legal order";
    }
}

/// A bit set that refuses bits without meaning.
pub(crate) const fn only_known_bits(bits: u16, known: u16) -> bool {
    bits & !known == 0
}
