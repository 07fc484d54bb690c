//! What is fuzzed, one function for each kind of file that a stranger may send. Each holds what it reads to what it promises. The tests
//! of the workspace give them the corpus again.

use jiff::{SignedDuration, Timestamp};
use microcred_client::{
    baking::{self, Existing},
    declaration::Declaration,
    document::{
        Document,
        checking::{self, Check, Kind, Report, Verdict},
        did_document::DidDocuments,
        json,
        presentation::{self, Asked, Wanted, text::SignedText},
        proof,
        status_list::{Bits, List},
    },
    learners::{self, Allow},
    verification::document::offline,
};

/// The challenge that the presentations of the corpus answer.
pub const CHALLENGE: &str = "8ZeJ3vWQyB1xkSzoq3X1nJ7Cq3sS7wXg9rT2mYvD5uPa";
/// The domain for which they do.
pub const DOMAIN: &str = "employer.example";
/// When the files of the corpus were made: 2026-11-23T10:00:00Z.
pub const MADE: i64 = 1_795_428_000;

/// A document to be baked into images.
const DOCUMENT: &str = r#"{"type":["AchievementCredential"],"name":"]]><b>&amp;\u0000","proof":[{}]}"#;

fn now() -> Timestamp {
    Timestamp::from_second(MADE).unwrap_or_default()
}

/// A file that was handed to a verifier: a document, a presentation, a signed text or a DID document.
pub fn document(bytes: &[u8]) {
    let mut did_documents = DidDocuments::none();
    let _ = did_documents.add(bytes);
    let asked = checking::Asked { now: now(), did_documents: &did_documents };
    let report = checking::check(bytes, &asked);
    assert_promises(&report);
    let Ok(document) = Document::read(bytes) else {
        assert!(report.has(Kind::Unreadable));
        return;
    };
    // Whatever the spelling, the digest is of what is read.
    let again = Document::read(&json::canonical(document.value())).expect("the canonical form is read");
    assert_eq!((&again, again.digest()), (&document, document.digest()));

    let challenge = Asked::Challenge { challenge: CHALLENGE, domain: DOMAIN };
    let wanted = Wanted { asked: challenge, now: now(), max_age: presentation::MAX_AGE };
    let _ = SignedText::read(bytes).map(|text| presentation::text::check(document.value(), &text, &wanted));
    let opened = presentation::open(document.value().clone(), None, Some(&wanted));
    if let (Some(Ok(control)), Some(shown)) = (&opened.control, &opened.document) {
        assert_eq!(presentation::learner(shown), Ok(control.holder));
        assert!(control.created <= now() + SignedDuration::from_mins(10));
    }
    if let Some(shown) = opened.document {
        assert_promises(&checking::check_document(Document::new(shown), &asked));
    }
}

/// By itself, no document is valid; and one that is signed has a proof of its issuer.
fn assert_promises(report: &Report) {
    assert_ne!(offline(report.clone(), &Default::default()).verdict, Verdict::Valid);
    let Some(document) = &report.document else {
        assert!(report.signed.is_none());
        return;
    };
    let is_unproven = report.findings.iter().any(|finding| finding.kind.check() == Check::Proof);
    assert_ne!(report.signed.is_some(), is_unproven);
    if let Some(signed) = &report.signed {
        assert_eq!(Some(signed.controller()), report.claims.issuer.as_deref());
        assert!(!signed.controller().starts_with("did:key:") || proof::verify(document.value()).is_ok());
    }
}

/// An image that may carry a document.
pub fn image(bytes: &[u8]) {
    let _ = baking::document_in(bytes);
    let _ = baking::bake(bytes, DOCUMENT.as_bytes(), Existing::Refuse);
    if let Ok(baked) = baking::bake(bytes, DOCUMENT.as_bytes(), Existing::Replace) {
        assert_eq!(baking::extract(&baked).ok().as_deref(), Some(DOCUMENT.as_bytes()));
        let again =
            baking::bake(&baked, DOCUMENT.as_bytes(), Existing::Replace).expect("what was baked can be baked again");
        assert_eq!(baking::extract(&again).ok().as_deref(), Some(DOCUMENT.as_bytes()));
    }
}

/// A status list, in either published form, or only its bits.
pub fn list(bytes: &[u8]) {
    if let Ok(list) = List::read(bytes, now()) {
        assert!(list.bits.places() >= 131_072);
    }
    if let Ok(bits) = str::from_utf8(bytes).map_err(drop).and_then(|text| Bits::decode(text.trim()).map_err(drop)) {
        let text = bits.encode().expect("bits are compressed");
        assert_eq!(Bits::decode(&text), Ok(bits));
    }
}

/// A table of learners, or a declaration with definitions of achievements.
pub fn table(bytes: &[u8]) {
    for (off_curve, documents) in [(false, false), (false, true), (true, true)] {
        if let Ok(rows) = learners::read(bytes, Allow { off_curve, documents }) {
            assert!(documents || rows.iter().all(|row| row.personal.is_empty()));
            assert!(rows.iter().all(|row| row.personal.check().is_ok()));
        }
    }
    // What it declares is checked as it is read.
    let _ = str::from_utf8(bytes).map(Declaration::parse);
}
