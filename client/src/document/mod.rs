//! The document that a learner holds: an Open Badges 3.0 credential with a Data Integrity proof, whose digest stands on chain.
//!
//! - [`json`] reads strictly, and makes the canonical form that digests are over.
//! - [`did`] has the identifiers of keys, subjects and accounts.
//! - [`context`] has the closed set of JSON-LD contexts, and [`rdf`] the canonical form that proofs are over.
//! - [`proof`] signs and verifies.
//! - [`reference`](mod@reference) has the accounts that a document names, and [`subject`] opens commitments.
//! - [`making`] makes documents.
//! - [`vocabulary`] has the terms, each of which a proof covers, and checks a document's form.
//! - [`presentation`] proves that who shows a document is its learner.
//!
//! Nothing here asks a ledger.

pub mod context;
pub mod did;
pub mod json;
pub mod making;
pub mod presentation;
pub mod proof;
pub mod rdf;
pub mod reference;
pub mod status_list;
pub mod subject;
pub mod vocabulary;

use serde_json::Value;

use self::json::JsonError;

/// A document, read strictly, with its digest. Nothing is said of whether it is true.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    value: Value,
    digest: [u8; 32],
}

impl Document {
    /// Reads a document.
    ///
    /// # Errors
    /// As [`json::read`].
    pub fn read(bytes: &[u8]) -> Result<Self, JsonError> {
        json::read(bytes).map(Self::new)
    }

    /// Of a value that was read strictly, or made here.
    #[must_use]
    pub fn new(value: Value) -> Self {
        let digest = json::digest(&value);
        Self { value, digest }
    }

    /// The document.
    #[must_use]
    pub const fn value(&self) -> &Value {
        &self.value
    }

    /// SHA-256 of the canonical JSON, proof included: what stands on chain.
    #[must_use]
    pub const fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    /// As files have it: indented, with a line's end.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{:#}\n", self.value)
    }
}
