//! Verifying documents with a ledger: what a document shows by itself ([`checking`](crate::document::checking)), and what the chain says of
//! the credential that it names, from the one read that decides about any credential.
//!
//! The digest on chain covers every byte of the document. So where it fits, what the document says otherwise than the chain is an issuer's
//! mistake: it is told, but for subject, issuer and what was earned, which decide.

mod comparing;
mod elsewhere;

use futures_util::StreamExt;
use microcred::{
    state::Issuer,
    verdict::{Document as Presented, Expected},
};
use solana_address::Address;

pub use elsewhere::{Elsewhere, check, check_opened, verify_elsewhere};

use super::{Query, Receipt, Signed, links::room_for_signers, verify_many};
use crate::{
    document::{
        checking::{Check, Finding, Kind, Origin, Report, Verdict},
        did::Chain,
        reference::{self, References},
    },
    ledger::{AccountReader, ReadError},
    lookup::{self, LookupError},
};

/// How many keys of an issuer are looked through where a document does not say which of them signed.
const SEARCHED: u16 = 1_000;

/// How many accounts with the same key are compared.
const COMPARED: usize = 8;

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
            // Nothing that could be read makes it valid again.
            Verdict::CouldNotCheck if report.has(Kind::ValidityEnded) => Verdict::Expired,
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
    expect(&mut report, asked);
    if asked.expected.achievement.is_some() {
        report.passed.retain(|check| *check != Check::Expectations);
    }
    DocumentReceipt::new(report, Verdict::NotCheckedOnChain, None)
}

/// What can be said where the ledger that the document names cannot be asked.
#[must_use]
pub fn unread(mut report: Report, asked: &Asked, error: &ReadError) -> DocumentReceipt {
    expect(&mut report, asked);
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
        expect(&mut report, asked);
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
        Some(receipt) => conclude(report, receipt),
        None => DocumentReceipt::new(report, Verdict::NotCheckedOnChain, None),
    });
    concluded.collect()
}

/// What is asked of the chain about a document.
///
/// # Errors
/// Why it is not asked; none: the document names no accounts.
async fn query(
    ledger: &dyn AccountReader,
    chain: &Chain,
    report: &Report,
    asked: &Asked,
) -> Result<Query, Option<Finding>> {
    let (Some(references), Some(document)) = (&report.references, &report.document) else { return Err(None) };
    if references.chain != *chain {
        return Err(Some(other_chain(&references.chain, chain)));
    }
    let signed = signed(ledger, report, references, asked.registries.len()).await?;
    Ok(Query {
        expected: Expected {
            issuer: Some(references.issuer),
            achievement: asked.expected.achievement,
            subject: report.subject_on_chain(),
        },
        document: Some(Presented { digest: *document.digest(), signed_by_issuer: false }),
        signed,
        registries: asked.registries.clone(),
        local_time: asked.local_time,
        ..Query::at(references.credential)
    })
}

fn other_chain(documents: &Chain, asked: &Chain) -> Finding {
    let (names, url) = match reference::cluster(documents) {
        Some(cluster) => (format!("{cluster} ({documents})"), format!("--url {cluster}")),
        None if *documents == Chain::embedded() => {
            ("a ledger in a file".to_owned(), "--url embedded, and --ledger with that file".to_owned())
        }
        None => (documents.to_string(), "--url with an endpoint of that cluster".to_owned()),
    };
    Finding::new(
        Kind::OtherChain,
        format_args!("the document is of {names}, not of {asked}, which was asked: say {url}"),
    )
}

/// Who signed, and which accounts may hold the key; none: nobody who could be compared did.
async fn signed(
    ledger: &dyn AccountReader,
    report: &Report,
    references: &References,
    registries: usize,
) -> Result<Option<Signed>, Option<Finding>> {
    let Some(proof) = &report.signed else { return Ok(None) };
    let accounts = match references.key {
        Some(account) => vec![account],
        None => keys_of(ledger, &references.issuer, &proof.key, registries).await?,
    };
    Ok(Some(Signed { key: proof.key, accounts, created: proof.created.map(jiff::Timestamp::as_second) }))
}

/// The accounts of an issuer's keys that hold a key. What they hold never changes, so that this need not be read together with the rest.
async fn keys_of(
    ledger: &dyn AccountReader,
    issuer: &Address,
    key: &Address,
    registries: usize,
) -> Result<Vec<Address>, Option<Finding>> {
    let failed = |error: LookupError| Some(Finding::new(Kind::KeyNotRead, error));
    let account: Issuer = match lookup::account(ledger, issuer).await {
        Ok(account) => account,
        Err(LookupError::Read(error)) => return Err(Some(Finding::new(Kind::NotRead, error))),
        // What the credential links to will tell.
        Err(_) => return Ok(Vec::new()),
    };
    if account.key_count > SEARCHED {
        let what = format!(
            "the document does not say which of the issuer's {} keys signed it, and only {SEARCHED} are looked through",
            account.key_count
        );
        return Err(Some(Finding::new(Kind::KeyNotRead, what)));
    }
    let keys = lookup::issuer_keys(ledger, issuer, &account).await.map_err(failed)?;
    let room = room_for_signers(registries).min(COMPARED);
    let holding = keys.iter().filter(|account| account.key == *key);
    Ok(holding.map(|account| crate::address::issuer_key(issuer, account.index)).take(room).collect())
}

/// Compares with what the verifier expects, as far as the document alone tells.
fn expect(report: &mut Report, asked: &Asked) {
    let Expected { issuer, achievement, subject } = asked.expected;
    let is_elsewhere = report.origin == Origin::Elsewhere;
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
    if let Some(achievement) = achievement
        && is_elsewhere
    {
        differs("achievement", achievement);
    }
    if is_elsewhere && !asked.registries.is_empty() {
        findings.push(Kind::NoTrust.into());
    }
    report.note(Check::Expectations, findings);
}

/// Adds what the chain says.
fn conclude(mut report: Report, receipt: Receipt) -> DocumentReceipt {
    comparing::add(&mut report, &receipt);
    DocumentReceipt::new(report, Verdict::Valid, Some(receipt))
}
