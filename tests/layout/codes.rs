use microcred_client::{
    MicrocredError as E, PROGRAM_ID,
    state::{
        AccreditationStatus, AchievementKind, CredentialStatus, Lifecycle, MAX_KEYS, MAX_TERMS, Reason,
        STATUS_BY_AUTHORITY, STATUS_BY_SUBJECT, SubjectKind, UNLIMITED, VERSION, credential_flags, key_flags,
        permission, policy,
    },
    verdict::{TrustAtIssue, TrustNow, Verdict},
};

/// Requires that an enum has exactly these codes, names and words, and that no other number has a meaning.
macro_rules! codes {
    ($enum:ident, $unknown:ident; $($code:literal $name:ident $word:literal,)+) => {
        let expected = [$(($code, stringify!($name), $word)),+];
        let actual = $enum::ALL.iter().map(|item| (item.code(), format!("{item:?}"), item.to_string()));
        assert_eq!(
            actual.collect::<Vec<_>>(),
            expected.map(|(code, name, word): (u8, _, _)| (code, String::from(name), String::from(word)))
        );
        for number in 0..=u8::MAX {
            let known = expected.iter().any(|(code, ..)| *code == number);
            let item = $enum::try_from(number);
            assert_eq!(item.map($enum::code), if known { Ok(number) } else { Err(E::$unknown) });
        }
    };
}

#[test]
fn lifecycle() {
    codes! { Lifecycle, UnknownStatus;
        1 Draft "draft",
        2 Active "active",
        3 Paused "paused",
        4 Retired "retired",
    }
}

#[test]
fn accreditation_status() {
    codes! { AccreditationStatus, UnknownStatus;
        2 Active "active",
        3 Suspended "suspended",
        4 Withdrawn "withdrawn",
    }
}

#[test]
fn credential_status() {
    codes! { CredentialStatus, UnknownStatus;
        1 Pending "pending",
        2 Active "active",
        3 Suspended "suspended",
        4 Revoked "revoked",
        5 Declined "declined",
        6 Erased "erased",
    }
}

#[test]
fn subject_kind() {
    codes! { SubjectKind, UnknownSubjectKind;
        1 Wallet "wallet",
        2 Commitment "commitment",
        3 Learner "learner",
    }
}

#[test]
fn achievement_kind() {
    codes! { AchievementKind, UnknownKind;
        1 MicroCredential "micro-credential",
        2 Certificate "certificate",
        3 Badge "badge",
    }
}

#[test]
fn reason() {
    codes! { Reason, UnknownReason;
        0 Unspecified "unspecified",
        1 IssuedInError "issued in error",
        2 Superseded "superseded",
        3 AcademicMisconduct "academic misconduct",
        4 Payment "payment",
        5 KeyCompromise "key compromise",
        6 LearnerRequest "learner's request",
        7 UnderReview "under review",
        8 IdentityNotConfirmed "identity not confirmed",
        9 RequirementsNotMet "requirements not met",
        10 AssessmentAnnulled "assessment annulled",
        11 OperationsCeased "operations ceased",
        12 LegalOrder "legal order",
    }
}

#[test]
fn verdict() {
    codes! { Verdict, UnknownStatus;
        1 CouldNotCheck "could not check",
        2 NotFound "not found",
        3 Mismatch "mismatch",
        4 Revoked "revoked",
        5 Erased "erased",
        6 Declined "declined",
        7 KeyCompromised "key compromised",
        8 DigestMismatch "digest mismatch",
        9 Expired "expired",
        10 Suspended "suspended",
        11 Pending "pending",
        12 Valid "valid",
        13 Superseded "superseded",
    }
}

#[test]
fn trust_at_issue() {
    codes! { TrustAtIssue, UnknownStatus;
        1 Accredited "accredited at issue",
        2 NotAccredited "not accredited",
        3 OutsideTerms "not accredited at issue",
        4 EarlierProfile "vouched for an earlier profile",
        5 Suspended "suspended since before issue",
        6 Withdrawn "withdrawn since before issue",
    }
}

#[test]
fn trust_now() {
    codes! { TrustNow, UnknownStatus;
        1 Current "current",
        2 Lapsed "lapsed",
        3 Suspended "suspended",
        4 Withdrawn "withdrawn",
        5 RegistryRetired "registry retired",
        6 NotAccredited "not accredited",
    }
}

#[test]
fn bits_and_marks() {
    assert_eq!(
        [
            permission::ISSUE,
            permission::SUSPEND,
            permission::REVOKE,
            permission::RENEW,
            permission::MANAGE_ACHIEVEMENTS,
            permission::ASSERT,
            permission::ALL,
        ],
        [1, 2, 4, 8, 16, 32, 63]
    );
    assert_eq!(key_flags::RETIRED, 1);
    assert_eq!([policy::ACCEPTANCE_REQUIRED, policy::RENEWABLE, policy::ALL], [1, 2, 3]);
    assert_eq!([credential_flags::ACCEPTED, credential_flags::HAS_DOCUMENT, credential_flags::ALL], [1, 2, 3]);
    assert_eq!([STATUS_BY_AUTHORITY, STATUS_BY_SUBJECT, MAX_KEYS], [0xFFFF, 0xFFFE, 0xFFFE]);
    assert_eq!((VERSION, MAX_TERMS, UNLIMITED), (1, 4, u64::MAX));
    assert_eq!(PROGRAM_ID.to_string(), "McRSEVpH8874qrZeVP1JNUeGujuQHAZGfq1WCo8tWuY");
}

#[test]
fn seeds() {
    use microcred::seeds::{ACCREDITATION, ACHIEVEMENT, CREDENTIAL, ISSUER, KEY, REGISTRY};
    assert_eq!(
        [REGISTRY, ISSUER, ACCREDITATION, KEY, ACHIEVEMENT, CREDENTIAL],
        [&b"registry"[..], b"issuer", b"accreditation", b"key", b"achievement", b"credential"]
    );
}
