//! The document that a learner holds: an Open Badges 3.0 credential with a Data Integrity proof, whose digest stands on chain.
//!
//! - [`json`] reads strictly, and makes the canonical form that digests are over.
//! - [`did`] has the identifiers of keys, subjects and accounts.
//! - [`context`] has the closed set of JSON-LD contexts, and [`rdf`] the canonical form that proofs are over.
//! - [`proof`] signs and verifies.
//!
//! Nothing here asks a ledger.

pub mod context;
pub mod did;
pub mod json;
pub mod proof;
pub mod rdf;
