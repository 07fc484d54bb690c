//! Proofs as they stand in documents (W3C Verifiable Credential Data Integrity 1.0).

use serde::{Deserialize, Serialize};

use super::{
    node::{Node, Type},
    times::DateTime,
    values::{Iri, OneOrMany},
};
use crate::document::proof::Purpose;

/// A proof. It stands alone: chains (`previousProof`) are refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DataIntegrityProof {
    /// The contexts that were signed with it, in proofs over JSON only.
    #[serde(rename = "@context", skip_serializing_if = "Option::is_none")]
    pub contexts: Option<OneOrMany<String>>,
    /// Its identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Iri>,
    /// What it is.
    #[serde(rename = "type")]
    pub types: Type<Self>,
    /// How it is made, such as `eddsa-rdfc-2022`.
    pub cryptosuite: String,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<DateTime>,
    /// When it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<DateTime>,
    /// The key that it is checked with.
    pub verification_method: Iri,
    /// What it is for.
    pub proof_purpose: Purpose,
    /// The signature.
    pub proof_value: String,
    /// What the verifier asked to be signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub challenge: Option<String>,
    /// The verifier that it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// What makes it unlike others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
}

impl Node for DataIntegrityProof {
    const TYPES: &'static [&'static [&'static str]] = &[&["DataIntegrityProof"]];
    const LIST: bool = false;
}
