//! What a document shows by itself: its form, its proofs, its dates, whom and what it names. Pure: nothing is fetched, and no ledger is asked.
//!
//! Each [`Check`] passes, or has [`Finding`]s with fixed words, or was not made. A check is made also where one before it found something,
//! as far as anything can be known. [`Verdict::ORDER`] says which finding decides.
//!
//! What [`check`] finds good is not valid yet: only the chain says whether the issuer is who the document says, and whether it was revoked.
//! [`verification::document`](crate::verification::document) asks it.

mod claims;
mod finding;
mod form;
mod steps;
mod verdict;

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use solana_address::Address;

pub use claims::Claims;
pub use finding::{Check, Finding, Kind};
pub use verdict::Verdict;

use super::{
    Document,
    did::Subject,
    did_document::DidDocuments,
    presentation::{Control, ControlError},
    proof::Verified,
    reference::References,
};

/// By how much clocks may differ, seconds: whoever signs has another one than whoever verifies.
pub const TOLERANCE: i64 = 600;

const TOLERATED: SignedDuration = SignedDuration::from_secs(TOLERANCE);

/// What checking takes beside the document.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked<'a> {
    /// The verifier's time.
    pub now: Timestamp,
    /// DID documents of issuers that are known by a web site.
    pub did_documents: &'a DidDocuments,
}

/// Whose document it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It names accounts: the chain can be asked.
    Chain,
    /// It names none: another issuer's, by the standards alone.
    Elsewhere,
    /// That cannot be told.
    Unclear,
}

/// What was found out about a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The document; none: it cannot be read.
    pub document: Option<Document>,
    /// What it says, for people.
    pub claims: Claims,
    /// Whose it is.
    pub origin: Origin,
    /// The issuer's own proof; none: there is none that is good.
    pub signed: Option<Verified>,
    /// The DID documents with which its proof was checked.
    pub did_documents: DidDocuments,
    /// The accounts that it names.
    pub references: Option<References>,
    /// Its subject.
    pub subject: Option<Subject>,
    /// The commitment to its subject that it opens.
    pub commitment: Option<Address>,
    /// Checks that were made and found nothing.
    pub passed: Vec<Check>,
    /// What was found.
    pub findings: Vec<Finding>,
}

impl Report {
    /// The subject that must stand on chain; none: it names none that could.
    #[must_use]
    pub fn subject_on_chain(&self) -> Option<Address> {
        self.commitment.or_else(|| self.subject.as_ref().map(|subject| *subject.key()))
    }

    /// Checks that were not made. Where a verifier expects nothing, nothing is to be compared with that.
    #[must_use]
    pub fn not_checked(&self) -> Vec<Check> {
        let is_made = |check: &Check| {
            self.passed.contains(check) || self.findings.iter().any(|finding| finding.kind.check() == *check)
        };
        Check::ALL.iter().copied().filter(|check| *check != Check::Expectations && !is_made(check)).collect()
    }

    /// Whether something was found.
    #[must_use]
    pub fn has(&self, kind: Kind) -> bool {
        self.findings.iter().any(|finding| finding.kind == kind)
    }

    /// The verdicts that the findings about the document ask for: of whether who shows it is its subject, only what is final.
    pub(crate) fn decided(&self) -> impl Iterator<Item = Verdict> {
        let findings = self.findings.iter().filter(|finding| finding.kind != Kind::ControlNotKnown);
        findings.filter_map(|finding| finding.kind.decides())
    }

    /// Judges its dates again, at another time.
    pub(crate) fn judge_dates(&mut self, now: Timestamp) {
        self.passed.retain(|check| *check != Check::Dates);
        self.findings.retain(|finding| finding.kind.check() != Check::Dates);
        if self.document.is_some() {
            steps::dates(self, now);
        }
    }

    /// Notes the outcome of a check.
    pub(crate) fn note(&mut self, check: Check, findings: impl IntoIterator<Item = Finding>) {
        let before = self.findings.len();
        self.findings.extend(findings);
        if self.findings.len() == before {
            self.passed.push(check);
        }
    }

    /// Of what is no document.
    #[must_use]
    pub fn unreadable(why: impl fmt::Display) -> Self {
        let mut report = Self::of(None);
        report.findings.push(Finding::new(Kind::Unreadable, why));
        report
    }

    /// Notes whether who shows the document proved to be its subject. Nothing else is changed: a forged document may be shown by whom it
    /// names.
    #[must_use]
    pub fn shown(mut self, control: Option<&Result<Control, ControlError>>) -> Self {
        let Some(control) = control else { return self };
        self.findings.retain(|finding| finding.kind != Kind::NobodyProved);
        let finding = control.as_ref().err().map(|error| {
            let is_open = matches!(error, ControlError::NotAsked) || error.is_own_failure();
            let kind = if is_open { Kind::ControlNotKnown } else { Kind::ControlNotProven };
            Finding::new(kind, error)
        });
        self.note(Check::Control, finding);
        self
    }

    fn of(document: Option<Document>) -> Self {
        Self {
            document,
            claims: Claims::default(),
            origin: Origin::Unclear,
            signed: None,
            did_documents: DidDocuments::none(),
            references: None,
            subject: None,
            commitment: None,
            passed: Vec::new(),
            findings: Vec::new(),
        }
    }
}

/// Checks what a document shows by itself.
#[must_use]
pub fn check(bytes: &[u8], asked: &Asked<'_>) -> Report {
    match Document::read(bytes) {
        Ok(document) => check_document(document, asked),
        Err(error) => Report::unreadable(error),
    }
}

/// [`check`], of a document that was read.
#[must_use]
pub fn check_document(document: Document, asked: &Asked<'_>) -> Report {
    let value = document.value().clone();
    let mut report = Report::of(Some(document));
    report.claims = Claims::of(&value);
    report.did_documents = asked.did_documents.clone();
    steps::references(&mut report, &value);
    steps::form(&mut report, &value);
    steps::proof(&mut report, &value, asked);
    steps::dates(&mut report, asked.now);
    steps::subject(&mut report, &value);
    report.findings.push(Kind::NobodyProved.into());
    report.findings.sort_by_key(|finding| finding.kind);
    report.passed.sort_unstable();
    report
}

/// The object whose digest stands on chain as the achievement's definition.
pub(crate) fn achievement(document: &Value) -> Option<&Value> {
    document.pointer("/credentialSubject/achievement")
}
