//! Documents of other issuers, which name no accounts: the standards' own checks, with the status list and the DID document that they name.

use jiff::Timestamp;
use serde_json::Value;

use super::{Asked, DocumentReceipt, IsRead, expect};
use crate::{
    document::{
        Document,
        checking::{self, Check, Finding, Kind, Report, Verdict},
        did_document::{DidDocuments, web_address},
        presentation::Opened,
        status_list::{self, EntryWanted, StatusError},
    },
    fetching::Fetch,
};

/// What checking by the standards takes beside the document.
#[derive(Clone, Copy)]
pub struct Elsewhere<'a> {
    /// The verifier's time.
    pub now: Timestamp,
    /// The checks of the standards are enough: what passes them has the exit code 0, unless registries were to vouch for it.
    pub accept: bool,
    /// DID documents that were given.
    pub did_documents: &'a DidDocuments,
    /// Status lists that were given, in either published form.
    pub status_lists: &'a [Vec<u8>],
    /// What gets those that were not given; none: nothing is fetched.
    pub fetch: Option<&'a dyn Fetch>,
}

/// Checks what a document shows by itself, and notes whether its subject shows it. The DID document of an issuer that is known by a web
/// site is fetched where it was not given.
pub async fn check_opened(opened: Opened, elsewhere: &Elsewhere<'_>) -> Report {
    let control = opened.control.as_ref();
    match (opened.document, control) {
        (Some(document), _) => check(Document::new(document), elsewhere).await.shown(control),
        (None, Some(Err(error))) => Report::unreadable(error),
        (None, _) => Report::unreadable("there is no document in it"),
    }
}

/// Checks what a document shows by itself, with the DID document of its issuer where that is known by a web site.
pub async fn check(document: Document, elsewhere: &Elsewhere<'_>) -> Report {
    let check = |did_documents| {
        checking::check_document(document.clone(), &checking::Asked { now: elsewhere.now, did_documents })
    };
    let report = check(elsewhere.did_documents);
    let issuer = report.claims.issuer.clone().unwrap_or_default();
    let (Some(fetch), Some(address)) = (elsewhere.fetch, web_address(&issuer)) else { return report };
    if !report.has(Kind::KeyNotKnown) || elsewhere.did_documents.has(&issuer) {
        return report;
    }
    let mut did_documents = elsewhere.did_documents.clone();
    let why = match fetch.fetch(&address).await {
        Ok(bytes) => match did_documents.add(&bytes) {
            Ok(()) => return check(&did_documents),
            Err(error) => format!("the DID document at {address} cannot be read: {error}"),
        },
        Err(error) => error.to_string(),
    };
    let mut report = report;
    for finding in report.findings.iter_mut().filter(|finding| finding.kind == Kind::KeyNotKnown) {
        finding.detail = Some(why.clone());
    }
    report
}

/// Verifies a document that names no accounts. It has no error: what cannot be checked is a verdict.
pub async fn verify_elsewhere(mut report: Report, asked: &Asked, elsewhere: &Elsewhere<'_>) -> DocumentReceipt {
    expect(&mut report, asked, IsRead::No);
    status(&mut report, elsewhere).await;
    let mut receipt = DocumentReceipt::new(report, Verdict::StandardChecksPassed, None);
    if receipt.verdict == Verdict::StandardChecksPassed {
        receipt.exit_code = match (asked.registries.is_empty(), elsewhere.accept) {
            (false, _) => Verdict::Mismatch.exit_code(),
            (true, true) => 0,
            (true, false) => receipt.exit_code,
        };
    }
    receipt
}

/// Asks the status list that a document names. Nothing is fetched for a document that its issuer did not sign: anybody may have written
/// the address.
async fn status(report: &mut Report, elsewhere: &Elsewhere<'_>) {
    if report.has(Kind::StatusNotKnown) || report.signed.is_none() {
        return;
    }
    let Some(entry) = report.document.as_ref().and_then(|document| document.value().get("credentialStatus")) else {
        report.note(Check::Status, [Kind::NoStatus.into()]);
        return;
    };
    let finding = match Wanted::of(entry) {
        Some(wanted) => match wanted.is_set(report, elsewhere).await {
            Ok(false) => None,
            Ok(true) if wanted.purpose == "suspension" => Some(Kind::ListedSuspended.into()),
            Ok(true) => Some(Kind::ListedRevoked.into()),
            Err(why) => Some(Finding::new(Kind::StatusNotKnown, why)),
        },
        None => Some(Finding::new(Kind::StatusNotKnown, "its status is of a kind that cannot be checked here")),
    };
    report.note(Check::Status, finding);
}

/// An entry of a status list.
struct Wanted {
    url: String,
    index: u64,
    purpose: String,
}

impl Wanted {
    fn of(entry: &Value) -> Option<Self> {
        let text = |name: &str| entry[name].as_str().map(str::to_owned);
        let purpose =
            text("statusPurpose").filter(|purpose| matches!(purpose.as_str(), "revocation" | "suspension"))?;
        let is_known = entry["type"] == "BitstringStatusListEntry";
        let index = text("statusListIndex")?.parse().ok().filter(|_| is_known)?;
        Some(Self { url: text("statusListCredential")?, index, purpose })
    }

    /// Whether the entry's bit is set, by a list that was given, or by the one that is published.
    async fn is_set(&self, report: &Report, elsewhere: &Elsewhere<'_>) -> Result<bool, String> {
        let wanted = EntryWanted {
            url: &self.url,
            index: self.index,
            purpose: &self.purpose,
            issuer: report.claims.issuer.as_deref().unwrap_or_default(),
        };
        let keys = report.did_documents.at(elsewhere.now);
        let told = |bytes: &[u8]| status_list::check_with(bytes, &wanted, elsewhere.now, &keys);
        // What is wrong with a list that was given says nothing about the others.
        let (mut wrong, mut other) = (None, None);
        for list in elsewhere.status_lists {
            match told(list) {
                Ok(bit) => return Ok(bit),
                Err(error @ StatusError::OtherUrl { .. }) => other = Some(error),
                Err(error) => wrong = wrong.or(Some(error)),
            }
        }
        let given = wrong.or(other).map(|error| error.to_string());
        match (elsewhere.fetch, given) {
            (Some(fetch), given) => {
                let fetched = fetch.fetch(&self.url).await.map_err(|error| error.to_string());
                let bit = fetched.and_then(|bytes| told(&bytes).map_err(|error| error.to_string()));
                bit.map_err(|error| {
                    given.map_or_else(|| error.clone(), |given| format!("{error}; of the list given: {given}"))
                })
            }
            (None, Some(given)) => Err(given),
            (None, None) => Err(format!(
                "its status list was neither given nor fetched: get {} yourself, and give it as a file",
                self.url
            )),
        }
    }
}
