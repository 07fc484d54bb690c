//! How the answer about a document is printed.

use std::{fmt::Write, io, path::Path};

use jiff::Timestamp;
use microcred_client::{
    document::checking::{Check, Claims, Finding, Kind, Report, Verdict},
    hex::Hex,
    verification::document::DocumentReceipt,
};
use serde::Serialize;

use super::receipt::Verified;
use crate::full::{
    error::CliError,
    output::{Answer, Page, Tone},
    values::{Time, as_text},
};

/// What registries that are trusted say: it is answered beside the verdict, and so no check of a report.
const ACCREDITATION: &str = "accreditation";

/// How many characters of what a document says are printed for people.
const SHOWN: usize = 200;

/// The answer about a document, with what it rests on. Schema: `verify.json`.
#[derive(Debug, Serialize)]
pub(super) struct VerifiedDocument {
    file: String,
    #[serde(serialize_with = "as_text")]
    pub(super) verdict: Verdict,
    pub(super) exit_code: u8,
    trust_asked: bool,
    /// Why something that decides could not be checked.
    problem: Option<String>,
    document: Option<Said>,
    checked: Vec<String>,
    not_checked: Vec<String>,
    findings: Vec<Found>,
    on_chain: Option<Verified>,
    #[serde(skip)]
    is_one_of_many: bool,
}

/// What a document says of itself.
#[derive(Debug, Serialize)]
struct Said {
    digest: String,
    id: Option<String>,
    title: Option<String>,
    learner: Option<String>,
    subject: Option<String>,
    issuer: Option<String>,
    issuer_name: Option<String>,
    issuer_url: Option<String>,
    valid_from: Option<Time>,
    valid_until: Option<Time>,
    /// By the issuer's own proof.
    signed_at: Option<Time>,
    /// The account of its credential: `solana:<chain>:<address>`.
    credential: Option<String>,
}

/// What was found.
#[derive(Debug, Serialize)]
struct Found {
    #[serde(serialize_with = "as_text")]
    finding: Kind,
    #[serde(serialize_with = "as_text")]
    check: Check,
    /// The verdict that it asks for; null: it is told, and decides nothing.
    decides: Option<String>,
    detail: Option<String>,
}

impl From<Finding> for Found {
    fn from(finding: Finding) -> Self {
        let Finding { kind, detail } = finding;
        let decides = kind.decides().map(|verdict| verdict.to_string());
        Self { finding: kind, check: kind.check(), decides, detail }
    }
}

impl Said {
    fn new(report: &Report) -> Option<Self> {
        let digest = Hex(report.document.as_ref()?.digest()).to_string();
        let time = |time: Timestamp| Time::unless_zero(time.as_second());
        let Claims { id, title, learner, subject, issuer, issuer_name, issuer_url, .. } = report.claims.clone();
        Some(Self {
            digest,
            id,
            title,
            learner,
            subject,
            issuer,
            issuer_name,
            issuer_url,
            valid_from: report.claims.valid_from.and_then(time),
            valid_until: report.claims.valid_until.and_then(time),
            signed_at: report.signed.as_ref().and_then(|signed| signed.created).and_then(time),
            credential: report
                .references
                .as_ref()
                .map(|references| references.account(references.credential).to_string()),
        })
    }
}

impl VerifiedDocument {
    pub(super) fn new(path: &Path, is_one_of_many: bool, trust_asked: bool, receipt: DocumentReceipt) -> Self {
        let problem = receipt.problem();
        let DocumentReceipt { verdict, exit_code, report, on_chain } = receipt;
        let on_chain = on_chain.map(|receipt| Verified::new(None, trust_asked, receipt));
        let mut not_checked = words(&report.not_checked());
        if trust_asked && !on_chain.as_ref().is_some_and(Verified::tells_trust) {
            not_checked.push(ACCREDITATION.into());
        }
        Self {
            file: path.display().to_string(),
            verdict,
            exit_code,
            trust_asked,
            problem,
            document: Said::new(&report),
            checked: words(&report.passed),
            not_checked,
            findings: report.findings.into_iter().map(Found::from).collect(),
            on_chain,
            is_one_of_many,
        }
    }

    /// One of many files that could not be read: nothing is known of what is in it.
    pub(super) fn not_read(path: &Path, trust_asked: bool, why: &CliError) -> Self {
        let mut not_checked = words(Check::ALL);
        not_checked.extend(trust_asked.then(|| ACCREDITATION.into()));
        Self {
            file: path.display().to_string(),
            verdict: Verdict::CouldNotCheck,
            exit_code: Verdict::CouldNotCheck.exit_code(),
            trust_asked,
            problem: Some(why.to_string()),
            document: None,
            checked: Vec::new(),
            not_checked,
            findings: Vec::new(),
            on_chain: None,
            is_one_of_many: true,
        }
    }

    /// The issuer's name: on chain where it was asked, and else by its own word.
    fn issuer(&self) -> Option<String> {
        if let Some(name) = self.on_chain.as_ref().and_then(Verified::issuer) {
            return Some(name);
        }
        let said = self.document.as_ref()?;
        Some(format!("{}, by its own word", cut(said.issuer_name.as_ref().or(said.issuer.as_ref())?)))
    }

    /// One line: verdict, file, what it is, why.
    fn short(&self, page: &mut Page<'_>) -> io::Result<()> {
        let mut rest = format!("  {}", self.file);
        if let Some(said) = &self.document {
            let of = [("  \"", &said.title, "\""), (" of ", &said.learner, "")];
            for (before, what, after) in of {
                if let Some(what) = what {
                    let _ = write!(rest, "{before}{}{after}", cut(what));
                }
            }
        }
        if let Some(issuer) = self.issuer() {
            let _ = write!(rest, " by {issuer}");
        }
        let deciding = self.findings.iter().filter(|found| found.decides.is_some()).map(Found::words);
        let mut reasons: Vec<_> = deciding.collect();
        reasons.extend(self.on_chain.as_ref().and_then(Verified::unmet));
        if reasons.is_empty() {
            reasons.extend(self.problem.clone());
        }
        if !reasons.is_empty() {
            let _ = write!(rest, ": {}", reasons.join(", "));
        }
        page.status(&format!("{:<15}", self.capitals()), Tone::of(self.verdict.word()), rest)
    }

    fn long(&self, page: &mut Page<'_>) -> io::Result<()> {
        page.status(&self.capitals(), Tone::of(self.verdict.word()), "")?;
        page.field("file", &self.file)?;
        if let Some(said) = &self.document {
            page.maybe("learner", said.learner.as_ref().map(|learner| cut(learner)))?;
            page.maybe("achievement", said.title.as_ref().map(|title| cut(title)))?;
            page.maybe("issuer", self.issuer())?;
            page.maybe("signed", said.signed_at.as_ref())?;
            match &self.on_chain {
                Some(on_chain) => on_chain.standing(page)?,
                None => {
                    page.maybe("subject", said.subject.as_ref().map(|subject| cut(subject)))?;
                    page.maybe("issuer's key", said.issuer.as_ref().map(|issuer| cut(issuer)))?;
                    page.maybe("credential", said.credential.as_ref())?;
                    page.maybe("valid until", said.valid_until.as_ref())?;
                }
            }
        }
        for found in &self.findings {
            let tone = if found.decides.is_none() { Tone::Plain } else { Tone::of(self.verdict.word()) };
            page.toned(if found.decides.is_none() { "told" } else { "found" }, found.words(), tone)?;
        }
        if !self.checked.is_empty() {
            page.field("checked", self.checked.join(", "))?;
        }
        if !self.not_checked.is_empty() {
            page.field("not checked", self.not_checked.join(", "))?;
        }
        self.on_chain.as_ref().map_or(Ok(()), |on_chain| on_chain.rests_on(page))
    }

    fn capitals(&self) -> String {
        self.verdict.word().to_uppercase()
    }
}

impl Found {
    fn words(&self) -> String {
        match &self.detail {
            Some(detail) => format!("{}: {}", self.finding, cut(detail)),
            None => self.finding.to_string(),
        }
    }
}

fn words(checks: &[Check]) -> Vec<String> {
    checks.iter().map(ToString::to_string).collect()
}

/// As much of a text as people can be expected to read.
fn cut(text: &str) -> String {
    if text.chars().count() <= SHOWN { text.into() } else { text.chars().take(SHOWN).chain(['…']).collect() }
}

impl Answer for VerifiedDocument {
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        if self.is_one_of_many { self.short(page) } else { self.long(page) }
    }
}
