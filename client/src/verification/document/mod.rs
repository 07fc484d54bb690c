//! Verifying documents with a ledger: what a document shows by itself ([`checking`](crate::document::checking)), and what the chain says of
//! the credential that it names, from the one read that decides about any credential.
//!
//! The digest on chain covers every byte of the document. So where it fits, what the document says otherwise than the chain is an issuer's
//! mistake: it is told, but for subject, issuer and what was earned, which decide.

mod asking;
mod comparing;
mod elsewhere;

use futures_util::StreamExt;
use jiff::Timestamp;
use microcred::verdict::Expected;
use solana_address::Address;

pub use elsewhere::{Elsewhere, check, check_opened, verify_elsewhere};

use self::asking::query;
use super::{Receipt, verify_many};
use crate::{
    document::{
        checking::{Check, Finding, Kind, Origin, Report, Verdict},
        did::Chain,
    },
    ledger::{AccountReader, ReadError},
};

/// What a verifier asks of documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// What the verifier expects. A subject is a wallet, or what stands on chain.
    pub expected: Expected,
    /// Registries of which one must have accredited the issuer at issue; none: trust is not asked.
    pub registries: Vec<Address>,
    /// The verifier's own time, Unix seconds; none: the computer's clock.
    pub local_time: Option<i64>,
}

/// The answer about a document.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentReceipt {
    /// The finding that decides.
    pub verdict: Verdict,
    /// Exit code for the command line: the verdict's, unless unmet trust is worse.
    pub exit_code: u8,
    /// What was found out about the document, by itself and with the chain.
    pub report: Report,
    /// What the chain says of the credential; none: it was not asked.
    pub on_chain: Option<Receipt>,
}

impl DocumentReceipt {
    fn new(mut report: Report, base: Verdict, on_chain: Option<Receipt>) -> Self {
        report.findings.sort_by_key(|finding| finding.kind);
        report.passed.sort_unstable();
        let verdict = match Verdict::of(report.decided().chain([base])) {
            // Nothing that could be read makes it valid again. Where the cluster told its time, that has judged.
            Verdict::CouldNotCheck if report.has(Kind::ValidityEnded) && report.signed.is_some() => Verdict::Expired,
            // Who shows it changes nothing about a document that is not valid, or not now.
            verdict if verdict >= Verdict::NotCheckedOnChain && report.has(Kind::ControlNotKnown) => {
                Verdict::CouldNotCheck
            }
            verdict => verdict,
        };
        let exit_code = match (verdict.exit_code(), &on_chain) {
            // With the registries' answer.
            (code @ (0 | 3), Some(receipt)) => worse(code, receipt.exit_code),
            (code, _) => code,
        };
        Self { verdict, exit_code, report, on_chain }
    }

    /// Why something that decides could not be checked, for people.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        let open = self.report.findings.iter().filter(|finding| finding.kind.decides() == Some(Verdict::CouldNotCheck));
        let open: Vec<_> = open.map(|finding| finding.detail.clone().unwrap_or_else(|| finding.to_string())).collect();
        (!open.is_empty()).then(|| open.join("; "))
    }
}

/// Of the exit codes of what is valid or may be later, and any other one, the one that counts.
const fn worse(code: u8, other: u8) -> u8 {
    match (code, other) {
        (_, 0) => code,
        (0 | 3, other) => other,
        (code, _) => code,
    }
}

/// What can be said without a ledger: never that a document is valid.
#[must_use]
pub fn offline(mut report: Report, asked: &Asked) -> DocumentReceipt {
    expect(&mut report, asked, IsRead::No);
    DocumentReceipt::new(report, Verdict::NotCheckedOnChain, None)
}

/// What can be said where the ledger that the document names cannot be asked.
#[must_use]
pub fn unread(mut report: Report, asked: &Asked, error: &ReadError) -> DocumentReceipt {
    expect(&mut report, asked, IsRead::No);
    report.note(Check::Status, [Finding::new(Kind::NotRead, error)]);
    DocumentReceipt::new(report, Verdict::CouldNotCheck, None)
}

/// Verifies a document that names accounts, with the ledger of a chain. It has no error: what cannot be checked is a verdict.
pub async fn verify_document(
    ledger: &dyn AccountReader,
    chain: &Chain,
    report: Report,
    asked: &Asked,
) -> DocumentReceipt {
    let mut receipts = verify_documents(ledger, chain, vec![report.clone()], asked).await;
    receipts.pop().unwrap_or_else(|| offline(report, asked))
}

/// [`verify_document`] of many, in their order, with few reads.
pub async fn verify_documents(
    ledger: &dyn AccountReader,
    chain: &Chain,
    reports: Vec<Report>,
    asked: &Asked,
) -> Vec<DocumentReceipt> {
    let (mut waiting, mut queries) = (Vec::with_capacity(reports.len()), Vec::new());
    for mut report in reports {
        let query = query(ledger, chain, &report, asked).await;
        let is_asked = query.is_ok();
        match query {
            Ok(query) => queries.push(query),
            Err(why) => report.findings.extend(why),
        }
        waiting.push((report, is_asked));
    }
    let mut receipts = verify_many(ledger, queries).collect::<Vec<_>>().await.into_iter();
    let concluded = waiting.into_iter().map(|(report, is_asked)| match is_asked.then(|| receipts.next()).flatten() {
        Some(receipt) => conclude(report, receipt, asked),
        None => offline(report, asked),
    });
    concluded.collect()
}

/// Whether the chain is read, and compared with what is expected.
#[derive(Clone, Copy, PartialEq, Eq)]
enum IsRead {
    Yes,
    No,
}

/// Compares with what the verifier expects, after what the chain says was added, if it was read.
fn expect(report: &mut Report, asked: &Asked, is_read: IsRead) {
    let Expected { issuer, achievement, subject } = asked.expected;
    let is_elsewhere = report.origin == Origin::Elsewhere;
    let is_trust_unmet = is_elsewhere && !asked.registries.is_empty();
    if report.document.is_none() || (asked.expected == Expected::default() && !is_trust_unmet) {
        return;
    }
    let mut findings = Vec::new();
    let mut differs = |what: &str, expected: Address| {
        findings.push(Finding::new(Kind::NotAsExpected, format_args!("its {what} is not {expected}")));
    };
    if let Some(issuer) = issuer
        && report.references.as_ref().is_none_or(|references| references.issuer != issuer)
    {
        differs("issuer", issuer);
    }
    if let Some(subject) = subject
        && report.commitment != Some(subject)
        && report.subject.as_ref().is_none_or(|named| *named.key() != subject)
    {
        differs("subject", subject);
    }
    match achievement {
        Some(achievement) if is_elsewhere => differs("achievement", achievement),
        Some(_) if is_read == IsRead::No => findings.push(Kind::NotCompared.into()),
        _ => {}
    }
    if is_trust_unmet {
        findings.push(Kind::NoTrust.into());
    }
    // What the chain found to differ may be what was expected.
    if !findings.is_empty() || !report.has(Kind::Mismatch) {
        report.note(Check::Expectations, findings);
    }
}

/// Adds what the chain says. Its time judges the dates: the verifier's clock may be wrong.
fn conclude(mut report: Report, receipt: Receipt, asked: &Asked) -> DocumentReceipt {
    comparing::add(&mut report, &receipt, asked.expected.achievement);
    if let Some(now) = receipt.cluster_time.and_then(|time| Timestamp::from_second(time).ok()) {
        report.judge_dates(now);
    }
    expect(&mut report, asked, if receipt.credential.is_some() { IsRead::Yes } else { IsRead::No });
    DocumentReceipt::new(report, Verdict::Valid, Some(receipt))
}
