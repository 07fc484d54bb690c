//! What this project says of documents, without a ledger.

use jiff::Timestamp;
use microcred_client::{
    document::{
        checking::{self, Kind, Origin, Verdict},
        did_document::DidDocuments,
    },
    verification::document::{Asked, DocumentReceipt, Elsewhere, offline, verify_elsewhere},
};
use serde_json::{Map, Value};
use tokio::runtime::Builder;

/// What is said of a file, with the status lists at their addresses.
pub(crate) fn receipt(file: &[u8], lists: &Map<String, Value>) -> DocumentReceipt {
    let status_lists: Vec<_> =
        lists.values().filter(|list| list.is_object()).map(|list| list.to_string().into_bytes()).collect();
    let elsewhere = Elsewhere {
        now: Timestamp::now(),
        accept: false,
        did_documents: &DidDocuments::none(),
        status_lists: &status_lists,
        fetch: None,
    };
    let report = checking::check(file, &checking::Asked { now: elsewhere.now, did_documents: elsewhere.did_documents });
    let verifying = async {
        match report.origin {
            Origin::Elsewhere => verify_elsewhere(report, &Asked::default(), &elsewhere).await,
            Origin::Chain | Origin::Unclear => offline(report, &Asked::default()),
        }
    };
    Builder::new_current_thread().build().unwrap().block_on(verifying)
}

/// The verdict on a document, without status lists.
pub(crate) fn verdict(document: &Value) -> Verdict {
    receipt(document.to_string().as_bytes(), &Map::new()).verdict
}

/// Requires that a finding like this decides on a file, or that nothing is wrong as far as can be known without a ledger.
#[track_caller]
pub(crate) fn require(name: &str, file: &[u8], lists: &Map<String, Value>, expected: Result<(), Kind>) {
    let receipt = receipt(file, lists);
    let as_expected = match expected {
        Ok(()) => matches!(receipt.verdict, Verdict::NotCheckedOnChain | Verdict::StandardChecksPassed),
        Err(kind) => receipt.report.has(kind) && Some(receipt.verdict) == kind.decides(),
    };
    assert!(as_expected, "{name}: expected {expected:?}, not {}, {:?}", receipt.verdict, receipt.report.findings);
}
