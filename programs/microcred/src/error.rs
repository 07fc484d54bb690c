//! Every refusal of the program, with what to do about it. Codes are 6000 + position: append, never reorder.

use anchor_lang::prelude::*;

/// Declares the errors once for the chain, the IDL and the people who read them.
macro_rules! errors {
    ($($variant:ident => $message:tt,)+) => {
        /// A refusal by the program. On the wire it is `Custom(6000 + position)`.
        #[error_code]
        #[derive(Debug, PartialEq, Eq, Hash)]
        pub enum MicrocredError {
            $(#[doc = $message] #[msg($message)] $variant,)+
        }

        impl MicrocredError {
            /// All errors, in the order of their codes.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// What happened and what to do, as one sentence.
            #[must_use]
            pub const fn message(self) -> &'static str {
                match self { $(Self::$variant => $message,)+ }
            }

            /// The identifier that stands in the IDL.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant),)+ }
            }
        }
    };
}

/// Code of the first error.
pub const FIRST_CODE: u32 = 6000;

impl MicrocredError {
    /// The number that a failed transaction reports.
    #[must_use]
    pub const fn code(self) -> u32 {
        FIRST_CODE.saturating_add(self as u32)
    }

    /// The error that a failed transaction's number stands for, if it is one of this program's.
    #[must_use]
    pub fn from_code(code: u32) -> Option<Self> {
        let position = usize::try_from(code.checked_sub(FIRST_CODE)?).ok()?;
        Self::ALL.get(position).copied()
    }
}

errors! {
    // Who
    NotRegistryAuthority => "the signer is not this registry's authority",
    NotIssuerAuthority => "the signer is not this issuer's authority",
    NotPendingAuthority => "the signer is not the proposed authority; propose it first",
    NotKeyHolder => "the signer is not the holder of the issuer key that was passed",
    NotSubject => "the signer is not the subject of this credential",
    NoActor => "pass the issuer key of the signer, or the issuer when its authority signs",
    TwoActors => "pass either an issuer key or the issuer, not both",
    SameAuthority => "the proposed authority holds the office already",

    // Linked accounts
    WrongRegistry => "an account belongs to another registry",
    WrongIssuer => "an account belongs to another issuer",
    WrongAchievement => "an account belongs to another achievement",
    WrongTreasury => "the destination is not the treasury that the issuer, or the authority that the registry, names",
    WrongAccount => "the account is not one of this program's, or not of the kind this instruction takes",
    WrongAddress => "an account's address is not the one its seeds give",
    ParentMissing => "pass the issuer or registry that this account belongs to",
    ParentUnexpected => "an issuer or registry account has no parent: leave that account out",
    ExtraAccount => "the instruction was given more accounts than it takes",
    NotWritable => "an account that changes was not passed as writable",
    AlreadyExists => "an account exists at this address already",

    // Keys
    KeyRetired => "the issuer key is retired",
    KeyNotYetValid => "the issuer key is not valid yet",
    KeyNoLongerValid => "the issuer key is no longer valid",
    KeyWithoutPermission => "the issuer key lacks the permission that this takes",
    KeyOutOfScope => "the issuer key is limited to another achievement",
    KeyScopedCannotCreate => "a key limited to one achievement cannot create achievements",
    QuotaExceeded => "the issuer key's quota does not cover this; add a key with a larger one",
    ZeroKey => "the key is all zeros",
    NoPermissions => "a key needs at least one permission",
    UnknownPermission => "the permissions contain a bit that has no meaning",
    BadKeyWindow => "a key's validity must end after it begins, and in the future",
    ValidityNotShorter => "a key's validity can only be shortened; add a key to prolong",
    ValidityInThePast => "a key's validity cannot end before now; mark the key compromised instead",
    CompromiseInTheFuture => "a compromise cannot begin in the future, nor at time zero",
    TooManyKeys => "the issuer has as many keys as an index can number",
    WrongKeyIndex => "the key's index must be the issuer's key count",

    // Registry, issuer, achievement
    IssuerNotActive => "the issuer is paused or retired",
    IssuerRetired => "the issuer is retired",
    RegistryNotActive => "the registry is paused or retired",
    RegistryRetired => "the registry is retired",
    AchievementNotActive => "the achievement is a draft, paused or retired",
    AchievementNotDraft => "a published achievement is frozen; create another one that replaces it",
    ActiveCannotBeResumed => "active cannot become active: there is nothing to resume",
    PausedCannotBePaused => "paused cannot become paused",
    RetiredCannotBePaused => "retired cannot become paused: retirement is final",
    RetiredCannotBeResumed => "retired cannot become active: retirement is final",
    RetiredCannotBeRetired => "retired cannot become retired: it was retired before",
    DraftCannotBePaused => "draft cannot become paused: publish it first",
    DraftCannotBeResumed => "draft cannot become active by resuming: publish it",
    ActiveCannotBePublished => "active cannot become active: it was published before",
    PausedCannotBePublished => "paused cannot become active by publishing: resume it",
    RetiredCannotBePublished => "retired cannot become active: retirement is final",
    ReplacesNewer => "an achievement can only replace one that was created before it",

    // Accreditation
    WrongProfileRevision => "the issuer's profile changed: read it again before vouching for it",
    ProfileAlreadyConfirmed => "the accreditation vouches for this revision of the profile already",
    BadTerm => "a term must begin after time zero and end after it begins (0: open)",
    TermOverlaps => "a term must begin at or after the end of the last one",
    TermInThePast => "after a withdrawal a new term begins now or later",
    TermsFull => "the accreditation holds as many separate terms as it can, for good; a term that begins where the last one ends prolongs that",
    BadEffectiveTime => "an effective time lies after zero, not in the future, and for a withdrawal not later than the suspension it follows",
    SuspendedAccreditationCannotBeSuspended => "suspended cannot become suspended",
    WithdrawnAccreditationCannotBeSuspended => "withdrawn cannot become suspended: add a term to accredit again",
    ActiveAccreditationCannotBeReinstated => "active cannot become active: there is nothing to reinstate",
    WithdrawnAccreditationCannotBeReinstated => "withdrawn cannot become active by reinstating: add a term to accredit again",
    WithdrawnAccreditationCannotBeWithdrawn => "withdrawn cannot become withdrawn, unless with effect from earlier",
    SuspendedAccreditationCannotGetATerm => "a suspended accreditation takes no term: reinstate it first",

    // Credentials
    ZeroSubject => "the subject is all zeros",
    UnknownSubjectKind => "the subject kind has no meaning",
    LearnerSubjectRefused => "subjects of kind learner are refused until learner accounts exist",
    CommitmentCannotAccept => "this achievement requires acceptance, which a commitment cannot give",
    BadExpiry => "the expiry must lie in the future (0: never)",
    ExpiryShortened => "a renewal cannot shorten the validity",
    NotRenewable => "the achievement's policy does not allow renewal",
    CredentialExpired => "the credential has expired",
    NothingToDo => "the list is empty",
    CountMismatch => "there must be one account for each learner in the list",
    BadStatusIndex => "the status index exceeds 32 bits",
    PreviousMissing => "a further credential for the same subject needs the one before it",
    PreviousUnexpected => "a first credential has none before it: leave that account out",
    WrongPrevious => "the account before this one is not the same achievement's and subject's",
    PreviousStillLive => "the credential before this one is still live: revoke or renew that one",
    ErasureByIssuerOnly => "only the issuer can erase a suspended credential, or one of a private subject",
    UnknownReason => "the reason code has no meaning",
    ActiveCannotBeAccepted => "active cannot become active: it was accepted before, or needs no acceptance",
    SuspendedCannotBeAccepted => "suspended cannot become active by accepting: the issuer reinstates it",
    RevokedCannotBeAccepted => "revoked cannot become active: revocation is final",
    DeclinedCannotBeAccepted => "declined cannot become active: the issuer issues the next one",
    ErasedCannotBeAccepted => "erased cannot become active: erasure is final",
    ActiveCannotBeDeclined => "active cannot become declined: ask the issuer to revoke or erase it",
    SuspendedCannotBeDeclined => "suspended cannot become declined: ask the issuer to revoke or erase it",
    RevokedCannotBeDeclined => "revoked cannot become declined: revocation is final",
    DeclinedCannotBeDeclined => "declined cannot become declined",
    ErasedCannotBeDeclined => "erased cannot become declined: erasure is final",
    PendingCannotBeSuspended => "pending cannot become suspended: revoke it",
    SuspendedCannotBeSuspended => "suspended cannot become suspended",
    RevokedCannotBeSuspended => "revoked cannot become suspended: revocation is final",
    DeclinedCannotBeSuspended => "declined cannot become suspended",
    ErasedCannotBeSuspended => "erased cannot become suspended: erasure is final",
    PendingCannotBeReinstated => "pending cannot become active by reinstating: the learner accepts it",
    ActiveCannotBeReinstated => "active cannot become active: there is nothing to reinstate",
    RevokedCannotBeReinstated => "revoked cannot become active: revocation is final; issue the next one",
    DeclinedCannotBeReinstated => "declined cannot become active: issue the next one",
    ErasedCannotBeReinstated => "erased cannot become active: erasure is final; issue the next one",
    RevokedCannotBeRevoked => "revoked cannot become revoked: it was revoked before",
    DeclinedCannotBeRevoked => "declined cannot become revoked: it never took effect",
    ErasedCannotBeRevoked => "erased cannot become revoked: it vouches for nothing",
    PendingCannotBeRenewed => "a pending credential cannot be renewed: the learner accepts it first",
    SuspendedCannotBeRenewed => "a suspended credential cannot be renewed: reinstate it first",
    RevokedCannotBeRenewed => "a revoked credential cannot be renewed: issue the next one",
    DeclinedCannotBeRenewed => "a declined credential cannot be renewed: issue the next one",
    ErasedCannotBeRenewed => "an erased credential cannot be renewed: issue the next one",
    ErasedCannotBeErased => "the credential was erased before",

    // Text and numbers
    EmptyText => "a name, title, slug or code is empty",
    TextTooLong => "a text is longer than its field",
    BadText => "a text contains a control, bidirectional or zero-width character",
    BadSlug => "slugs and codes consist of a-z, 0-9 and hyphens",
    BadCountry => "a country is two letters A-Z (ISO 3166-1), or empty",
    UnknownKind => "the kind of achievement has no meaning",
    UnknownPolicy => "the policy contains a bit that has no meaning",
    BadLevel => "an EQF level is 1 to 8 (0: none)",
    BadValidity => "a default validity is 0 (none) to a hundred years",
    Overflow => "a number exceeds its range",
    UnknownStatus => "a stored status has no meaning",
    InvariantBroken => "the account would break an invariant of its kind; this is a defect of the program",

    // Verification and rent
    ZeroExpectation => "name the achievement or issuer, and the subject, that you expect",
    TrustIncomplete => "trust was asked: pass the issuer, the registry and the accreditation's address",
    RegistryUnexpected => "a registry or accreditation was passed but trust was not asked",
    NotValid => "the credential is not valid; `verify` says why",
    NotTrusted => "the issuer was not accredited by the expected registry when it issued this; `verify` says why",
    NotTheAssertingKey => "the issuer key is not the one that asserted this credential: its key index names that",
    ProfileUnchanged => "the profile is the same as before; to change nothing would only undo what registries vouch for",
    NoExcess => "the account holds no more than its rent minimum",
    BadTreasury => "the treasury is all zeros, or the issuer's own account",
}
