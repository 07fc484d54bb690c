//! Documents of other issuers, which name no accounts: the standards' own checks.

use super::{Asked, DocumentReceipt, expect};
use crate::document::checking::{Report, Verdict};

/// What a verifier thinks of documents that nothing on chain vouches for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Elsewhere {
    /// The checks of the standards are enough: what passes them has the exit code 0, unless registries were to vouch for it.
    pub accept: bool,
}

/// Verifies a document that names no accounts.
#[must_use]
pub fn verify_elsewhere(mut report: Report, asked: &Asked, elsewhere: Elsewhere) -> DocumentReceipt {
    expect(&mut report, asked);
    let mut receipt = DocumentReceipt::new(report, Verdict::StandardChecksPassed, None);
    if receipt.verdict == Verdict::StandardChecksPassed {
        receipt.exit_code = match (asked.registries.is_empty(), elsewhere.accept) {
            (false, _) => 2,
            (true, true) => 0,
            (true, false) => receipt.exit_code,
        };
    }
    receipt
}
