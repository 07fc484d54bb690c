use anchor_lang::bytemuck::Zeroable;
use microcred_client::{
    Address, PROGRAM_ID,
    state::{Accreditation, Credential, Issuer, IssuerKey, Reason, Record, Registry, Term},
    verdict::{
        Assessment, Document, Evidence, Expected, Findings, ORDER, Read, Trust, TrustAtIssue, TrustEvidence, TrustNow,
        Verdict, evaluate,
    },
};

const NOW: i64 = 1_800_000_000;
const ISSUED: i64 = NOW - 1000;

const fn address(byte: u8) -> Address {
    Address::new_from_array([byte; 32])
}

const ISSUER: Address = address(1);
const ACHIEVEMENT: Address = address(2);
const SUBJECT: Address = address(3);
const REGISTRY: Address = address(4);
const ELSEWHERE: Address = address(9);

/// Everything that a verdict rests on, owned: [`Evidence`] borrows from it.
#[derive(Clone)]
struct Situation {
    now: Option<i64>,
    address: Address,
    credential: Read<Credential>,
    key: Read<IssuerKey>,
    expected: Expected,
    document: Option<Document>,
    trust_asked: bool,
    registry_address: Address,
    registry: Read<Registry>,
    issuer: Read<Issuer>,
    accreditation: Read<Accreditation>,
}

impl Situation {
    /// A credential that is valid in every respect, with its document, of an issuer that is trusted.
    fn good() -> Self {
        let place: [&[u8]; 4] = [b"credential", ACHIEVEMENT.as_ref(), SUBJECT.as_ref(), &[0, 0]];
        let (address, bump) = Address::find_program_address(&place, &PROGRAM_ID);
        let mut credential = Credential {
            version: 1,
            bump,
            status: 2,
            subject_kind: 1,
            issuer: ISSUER,
            achievement: ACHIEVEMENT,
            subject: SUBJECT,
            issued_at: ISSUED,
            asserted_at: ISSUED,
            expires_at: NOW + 1,
            key_index: 3,
            ..Credential::zeroed()
        };
        credential.set_digest([5; 32]);
        let key = IssuerKey { index: 3, issuer: ISSUER, ..IssuerKey::zeroed() };
        let accreditation = Accreditation {
            status: 2,
            term_count: 1,
            registry: REGISTRY,
            issuer: ISSUER,
            effective_at: ISSUED - 10,
            terms: [Term { from: ISSUED - 10, until: 0 }, Term::default(), Term::default(), Term::default()],
            ..Accreditation::zeroed()
        };
        Self {
            now: Some(NOW),
            address,
            credential: Read::Found(credential),
            key: Read::Found(key),
            expected: Expected { issuer: Some(ISSUER), achievement: Some(ACHIEVEMENT), subject: Some(SUBJECT) },
            document: Some(Document { digest: [5; 32], signed_by_issuer: true }),
            trust_asked: true,
            registry_address: REGISTRY,
            registry: Read::Found(Registry { status: 2, ..Registry::zeroed() }),
            issuer: Read::Found(Issuer { status: 2, ..Issuer::zeroed() }),
            accreditation: Read::Found(accreditation),
        }
    }

    fn with(change: impl FnOnce(&mut Self)) -> Self {
        let mut situation = Self::good();
        change(&mut situation);
        situation
    }

    fn credential(&mut self, change: impl FnOnce(&mut Credential)) {
        if let Read::Found(credential) = &mut self.credential {
            change(credential);
        }
    }

    fn key(&mut self, change: impl FnOnce(&mut IssuerKey)) {
        if let Read::Found(key) = &mut self.key {
            change(key);
        }
    }

    fn accreditation(&mut self, change: impl FnOnce(&mut Accreditation)) {
        if let Read::Found(accreditation) = &mut self.accreditation {
            change(accreditation);
        }
    }

    fn assess(&self) -> Assessment {
        let trust = self.trust_asked.then(|| TrustEvidence {
            registry_address: self.registry_address,
            registry: borrowed(&self.registry),
            issuer: borrowed(&self.issuer),
            accreditation: borrowed(&self.accreditation),
        });
        evaluate(&Evidence {
            now: self.now,
            address: self.address,
            credential: borrowed(&self.credential),
            key: borrowed(&self.key),
            expected: self.expected,
            document: self.document,
            trust,
        })
    }

    fn findings(&self) -> Vec<Verdict> {
        let assessment = self.assess();
        let findings: Vec<_> = assessment.findings.iter().collect();
        assert_eq!(findings[0], assessment.verdict);
        findings
    }
}

const fn borrowed<T>(read: &Read<T>) -> Read<&T> {
    match read {
        Read::Found(account) => Read::Found(account),
        Read::Missing => Read::Missing,
        Read::Failed => Read::Failed,
    }
}

#[test]
fn the_order_of_verdicts() {
    use Verdict as V;
    assert_eq!(
        ORDER,
        [
            V::CouldNotCheck,
            V::NotFound,
            V::Mismatch,
            V::Revoked,
            V::Erased,
            V::Declined,
            V::KeyCompromised,
            V::Superseded,
            V::DigestMismatch,
            V::Expired,
            V::Suspended,
            V::Pending,
            V::Valid,
        ]
    );
}

#[test]
fn a_good_credential_is_valid_and_trusted() {
    let assessment = Situation::good().assess();
    assert_eq!(
        assessment,
        Assessment {
            verdict: Verdict::Valid,
            findings: Findings::from_bits(1 << 12),
            reason: Reason::Unspecified,
            trust: Some(Trust { at_issue: TrustAtIssue::Accredited, now: TrustNow::Current }),
            trust_asked: true,
        }
    );
    assert!(assessment.is_good());
}

/// What brings a finding about.
type Cause = (Verdict, fn(&mut Situation));

const CAUSES: [Cause; 14] = [
    (Verdict::CouldNotCheck, |situation| situation.now = None),
    (Verdict::CouldNotCheck, |situation| situation.key = Read::Missing),
    (Verdict::NotFound, |situation| situation.credential = Read::Missing),
    (Verdict::Mismatch, |situation| situation.expected.achievement = Some(ELSEWHERE)),
    (Verdict::Revoked, |situation| situation.credential(|credential| credential.status = 4)),
    (Verdict::Erased, |situation| {
        situation.credential(|credential| {
            credential.status = 6;
            credential.subject = Address::default();
            credential.set_digest([0; 32]);
        });
        situation.document = None;
    }),
    (Verdict::Declined, |situation| situation.credential(|credential| credential.status = 5)),
    (Verdict::KeyCompromised, |situation| situation.key(|key| key.compromised_at = ISSUED)),
    (Verdict::Superseded, |situation| {
        situation.credential(|credential| credential.revision = 1);
        situation.document = Some(Document { digest: [6; 32], signed_by_issuer: true });
    }),
    (Verdict::DigestMismatch, |situation| {
        situation.document = Some(Document { digest: [6; 32], signed_by_issuer: false });
    }),
    (Verdict::Expired, |situation| situation.credential(|credential| credential.expires_at = NOW)),
    (Verdict::Suspended, |situation| situation.credential(|credential| credential.status = 3)),
    (Verdict::Pending, |situation| situation.credential(|credential| credential.status = 1)),
    (Verdict::Valid, |_| {}),
];

#[test]
fn each_cause_alone_has_its_verdict() {
    for (verdict, cause) in CAUSES {
        assert_eq!(Situation::with(cause).findings(), [verdict]);
    }
}

/// Pairs that exclude each other: what is not found has nothing else, a credential has one status and one document at
/// a time, an erased one is neither suspended nor pending and has no document, and what is valid has no flaw.
fn exclude_each_other(a: Verdict, b: Verdict) -> bool {
    use Verdict as V;
    let statuses = [V::Revoked, V::Declined, V::Suspended, V::Pending];
    match (a, b) {
        (V::Valid, _) | (_, V::Valid) => true,
        (V::NotFound, other) | (other, V::NotFound) => other != V::CouldNotCheck,
        (V::Superseded, V::DigestMismatch) | (V::DigestMismatch, V::Superseded) => true,
        (V::Erased, V::Suspended | V::Pending | V::Superseded | V::DigestMismatch) => true,
        (V::Suspended | V::Pending | V::Superseded | V::DigestMismatch, V::Erased) => true,
        _ => statuses.contains(&a) && statuses.contains(&b),
    }
}

#[test]
fn of_two_findings_the_earlier_decides_and_both_are_listed() {
    for (position, first) in ORDER.iter().enumerate() {
        for second in &ORDER[position + 1..] {
            let mut met = false;
            for (a, cause_a) in CAUSES.iter().filter(|(verdict, _)| verdict == first || verdict == second) {
                for (_, cause_b) in CAUSES.iter().filter(|(b, _)| (b == first || b == second) && b != a) {
                    let situation = Situation::with(|situation| {
                        cause_a(situation);
                        cause_b(situation);
                    });
                    // What the program never writes is no situation.
                    if situation.credential.found().is_some_and(|credential| credential.invariant().is_err()) {
                        continue;
                    }
                    let findings = situation.findings();
                    if findings.contains(first) && findings.contains(second) {
                        assert_eq!(findings, [*first, *second]);
                        met = true;
                    }
                }
            }
            assert_eq!(met, !exclude_each_other(*first, *second), "{first} and {second}");
        }
    }
}

#[test]
fn whatever_is_missing_could_not_be_checked() {
    let missing: [fn(&mut Situation); 16] = [
        |situation| situation.now = None,
        |situation| situation.credential = Read::Failed,
        |situation| situation.key = Read::Missing,
        |situation| situation.key = Read::Failed,
        |situation| situation.key(|key| key.issuer = ELSEWHERE),
        |situation| situation.key(|key| key.index = 2),
        |situation| situation.credential(|credential| credential.status = 7),
        |situation| situation.credential(|credential| credential.reason = 13),
        |situation| situation.registry = Read::Missing,
        |situation| situation.registry = Read::Failed,
        |situation| situation.issuer = Read::Missing,
        |situation| situation.accreditation = Read::Failed,
        |situation| situation.accreditation(|accreditation| accreditation.registry = ELSEWHERE),
        |situation| situation.accreditation(|accreditation| accreditation.issuer = ELSEWHERE),
        |situation| situation.accreditation(|accreditation| accreditation.status = 9),
        |situation| situation.registry = Read::Found(Registry { status: 9, ..Registry::zeroed() }),
    ];
    for (position, missing) in missing.iter().enumerate() {
        let assessment = Situation::with(missing).assess();
        assert_eq!(assessment.verdict, Verdict::CouldNotCheck, "{position}");
        assert_eq!(assessment.exit_code(), 5, "{position}");
    }
}

#[test]
fn what_is_not_expected_is_not_compared() {
    let wrong: [fn(&mut Expected, Option<Address>); 3] = [
        |expected, address| expected.issuer = address,
        |expected, address| expected.achievement = address,
        |expected, address| expected.subject = address,
    ];
    for expect in wrong {
        let named = Situation::with(|situation| expect(&mut situation.expected, Some(ELSEWHERE)));
        assert_eq!(named.findings(), [Verdict::Mismatch]);
        let unnamed = Situation::with(|situation| expect(&mut situation.expected, None));
        assert_eq!(unnamed.findings(), [Verdict::Valid]);
    }
}

#[test]
fn whose_an_erased_credential_was_its_address_tells() {
    for (subject, findings) in [
        (None, &[Verdict::Erased][..]),
        (Some(SUBJECT), &[Verdict::Erased]),
        (Some(ELSEWHERE), &[Verdict::Mismatch, Verdict::Erased]),
        (Some(Address::default()), &[Verdict::Mismatch, Verdict::Erased]),
    ] {
        let erased = Situation::with(|situation| {
            situation.credential(|credential| {
                credential.status = 6;
                credential.subject = Address::default();
            });
            situation.expected.subject = subject;
        });
        assert_eq!(erased.findings(), findings, "{subject:?}");
    }
}

#[test]
fn a_document_is_compared_where_one_is_given() {
    let signed = |signed_by_issuer| Some(Document { digest: [6; 32], signed_by_issuer });
    for (document, revision, has_document, verdict) in [
        (None, 0, true, Verdict::Valid),
        (None, 1, false, Verdict::Valid),
        (Some(Document { digest: [5; 32], signed_by_issuer: false }), 0, true, Verdict::Valid),
        (Some(Document { digest: [0; 32], signed_by_issuer: false }), 0, false, Verdict::DigestMismatch),
        (signed(true), 0, true, Verdict::DigestMismatch),
        (signed(false), 1, true, Verdict::DigestMismatch),
        (signed(true), 1, true, Verdict::Superseded),
        (signed(true), 1, false, Verdict::Superseded),
    ] {
        let situation = Situation::with(|situation| {
            situation.document = document;
            situation.credential(|credential| {
                credential.revision = revision;
                credential.set_digest(if has_document { [5; 32] } else { [0; 32] });
            });
        });
        assert_eq!(situation.findings(), [verdict], "{document:?} {revision}");
    }
}

#[test]
fn times_are_compared_at_the_second() {
    for (expires_at, verdict) in
        [(0, Verdict::Valid), (NOW + 1, Verdict::Valid), (NOW, Verdict::Expired), (NOW - 1, Verdict::Expired)]
    {
        let situation = Situation::with(|situation| situation.credential(|c| c.expires_at = expires_at));
        assert_eq!(situation.findings(), [verdict], "{expires_at}");
    }
    for (compromised_at, verdict) in [
        (0, Verdict::Valid),
        (ISSUED + 1, Verdict::Valid),
        (ISSUED, Verdict::KeyCompromised),
        (ISSUED - 1, Verdict::KeyCompromised),
    ] {
        let situation = Situation::with(|situation| situation.key(|key| key.compromised_at = compromised_at));
        assert_eq!(situation.findings(), [verdict], "{compromised_at}");
    }
}

#[test]
fn the_reason_is_the_one_stored() {
    for reason in Reason::ALL {
        let situation = Situation::with(|situation| {
            situation.credential(|credential| {
                credential.status = 4;
                credential.reason = reason.code();
            });
        });
        assert_eq!(situation.assess().reason, *reason);
    }
    let missing = Situation::with(|situation| situation.credential = Read::Missing);
    assert_eq!(missing.assess().reason, Reason::Unspecified);
}

#[test]
fn trust_at_issue_and_now() {
    use TrustAtIssue as At;
    use TrustNow as Now;
    let entry = |status: u8, effective_at: i64, from: i64, until: i64| {
        move |situation: &mut Situation| {
            situation.accreditation(|accreditation| {
                accreditation.status = status;
                accreditation.effective_at = effective_at;
                accreditation.terms[0] = Term { from, until };
            });
        }
    };
    let earlier = |situation: &mut Situation| {
        situation.issuer = Read::Found(Issuer { status: 2, profile_revision: 1, ..Issuer::zeroed() });
    };
    let retired = |situation: &mut Situation| {
        situation.registry = Read::Found(Registry { status: 4, status_changed_at: ISSUED + 1, ..Registry::zeroed() });
    };
    let retired_before = |situation: &mut Situation| {
        situation.registry = Read::Found(Registry { status: 4, status_changed_at: ISSUED, ..Registry::zeroed() });
    };
    let (open, then) = (0, ISSUED - 10);
    let cases: [(&str, Situation, At, Now); 19] = [
        ("an open term", Situation::with(entry(2, then, ISSUED, open)), At::Accredited, Now::Current),
        ("a term from later on", Situation::with(entry(2, then, ISSUED + 1, open)), At::OutsideTerms, Now::Current),
        ("a term until the issue", Situation::with(entry(2, then, then, ISSUED)), At::OutsideTerms, Now::Lapsed),
        ("a term until now", Situation::with(entry(2, then, then, NOW)), At::Accredited, Now::Lapsed),
        ("a term until after now", Situation::with(entry(2, then, then, NOW + 1)), At::Accredited, Now::Current),
        ("suspended before", Situation::with(entry(3, ISSUED, then, open)), At::Suspended, Now::Suspended),
        ("suspended after", Situation::with(entry(3, ISSUED + 1, then, open)), At::Accredited, Now::Suspended),
        ("suspended after, no term", Situation::with(entry(3, NOW, NOW, open)), At::OutsideTerms, Now::Suspended),
        ("withdrawn before", Situation::with(entry(4, ISSUED, then, then)), At::Withdrawn, Now::Withdrawn),
        ("withdrawn after", Situation::with(entry(4, ISSUED + 1, then, NOW)), At::Accredited, Now::Withdrawn),
        ("withdrawn after, no term", Situation::with(entry(4, NOW, NOW, NOW)), At::OutsideTerms, Now::Withdrawn),
        ("an earlier profile", Situation::with(earlier), At::EarlierProfile, Now::Current),
        (
            "an earlier profile, suspended since",
            Situation::with(|situation| {
                earlier(situation);
                entry(3, NOW, then, open)(situation);
            }),
            At::EarlierProfile,
            Now::Suspended,
        ),
        (
            "suspended before, without a term that reinstating could bring back",
            Situation::with(entry(3, then, ISSUED + 1, open)),
            At::OutsideTerms,
            Now::Suspended,
        ),
        ("a registry retired before", Situation::with(retired_before), At::OutsideTerms, Now::RegistryRetired),
        (
            "no entry",
            Situation::with(|situation| situation.accreditation = Read::Missing),
            At::NotAccredited,
            Now::NotAccredited,
        ),
        ("a retired registry", Situation::with(retired), At::Accredited, Now::RegistryRetired),
        (
            "a retired registry, withdrawn before",
            Situation::with(|situation| {
                retired(situation);
                entry(4, ISSUED, then, then)(situation);
            }),
            At::Withdrawn,
            Now::RegistryRetired,
        ),
        (
            "a paused registry",
            Situation::with(|situation| {
                situation.registry = Read::Found(Registry { status: 3, ..Registry::zeroed() });
            }),
            At::Accredited,
            Now::Current,
        ),
    ];
    for (case, situation, at_issue, now) in cases {
        let assessment = situation.assess();
        assert_eq!(assessment.trust, Some(Trust { at_issue, now }), "{case}");
        assert_eq!(assessment.verdict, Verdict::Valid, "{case}");
        let unasked = Situation { trust_asked: false, ..situation }.assess();
        assert_eq!((unasked.trust, unasked.trust_asked, unasked.exit_code()), (None, false, 0), "{case}");
    }
}

#[test]
fn trust_is_met_by_accreditation_at_issue_whatever_came_later() {
    for at_issue in TrustAtIssue::ALL {
        for now in TrustNow::ALL {
            let trust = Trust { at_issue: *at_issue, now: *now };
            assert_eq!(trust.is_met(), *at_issue == TrustAtIssue::Accredited);
        }
    }
}

#[test]
fn exit_codes() {
    use TrustAtIssue as At;
    use Verdict as V;
    // Trust not asked; asked and not to be had; then accredited, not accredited, outside terms, earlier profile,
    // suspended, withdrawn at issue.
    let table = [
        (V::CouldNotCheck, [5, 5, 5, 5, 5, 5, 5, 5]),
        (V::NotFound, [4, 4, 4, 4, 4, 4, 4, 4]),
        (V::Mismatch, [2, 2, 2, 2, 2, 2, 2, 2]),
        (V::Revoked, [2, 2, 2, 2, 2, 2, 2, 2]),
        (V::Erased, [2, 2, 2, 2, 2, 2, 2, 2]),
        (V::Declined, [2, 2, 2, 2, 2, 2, 2, 2]),
        (V::KeyCompromised, [2, 2, 2, 2, 2, 2, 2, 2]),
        (V::Superseded, [2, 2, 2, 2, 2, 2, 2, 2]),
        (V::DigestMismatch, [2, 2, 2, 2, 2, 2, 2, 2]),
        (V::Expired, [2, 2, 2, 2, 2, 2, 2, 2]),
        (V::Suspended, [3, 5, 3, 2, 2, 2, 3, 2]),
        (V::Pending, [3, 5, 3, 2, 2, 2, 3, 2]),
        (V::Valid, [0, 5, 0, 2, 2, 2, 3, 2]),
    ];
    assert_eq!(table.map(|(verdict, _)| verdict), ORDER);
    for (verdict, expected) in table {
        let assessment = |trust_asked, at_issue: Option<At>| Assessment {
            verdict,
            findings: Findings::default(),
            reason: Reason::Unspecified,
            trust: at_issue.map(|at_issue| Trust { at_issue, now: TrustNow::Current }),
            trust_asked,
        };
        let mut assessments = vec![assessment(false, None), assessment(true, None)];
        assessments.extend(At::ALL.iter().map(|at_issue| assessment(true, Some(*at_issue))));
        let codes: Vec<u8> = assessments.iter().map(Assessment::exit_code).collect();
        assert_eq!(codes, expected, "{verdict}");
        assert!(assessments.iter().all(|assessment| assessment.is_good() == (assessment.exit_code() == 0)));
        assert_eq!(verdict.exit_code(), expected[0]);
    }
}

#[test]
fn findings_are_a_set_listed_in_the_order_of_verdicts() {
    let all = Findings::from_bits(ORDER.iter().fold(0, |bits, verdict| bits | 1 << verdict.code()));
    assert_eq!(all.iter().collect::<Vec<_>>(), ORDER);
    assert_eq!(all.bits(), 0b11_1111_1111_1110);
    for verdict in ORDER {
        let one = Findings::from_bits(1 << verdict.code());
        assert!(ORDER.iter().all(|other| one.contains(*other) == (other == verdict)));
    }
    assert_eq!(Findings::default().iter().next(), None);
}
