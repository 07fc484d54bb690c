//! What a holder shows: documents, signed for one verifier (W3C Verifiable Presentation 2.0).

use serde::{Deserialize, Serialize};

use super::{
    contexts::PRESENTATION_CONTEXTS,
    credential::AchievementCredential,
    node::{Node, Type},
    proof::DataIntegrityProof,
    values::{Iri, OneOrMany, all},
};

/// Documents that their holder shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VerifiablePresentation {
    /// The contexts, which say what its terms mean.
    #[serde(rename = "@context")]
    pub contexts: OneOrMany<String>,
    /// Its identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Iri>,
    /// What it is.
    #[serde(rename = "type")]
    pub types: Type<Self>,
    /// Who shows them.
    pub holder: Iri,
    /// What is shown.
    pub verifiable_credential: OneOrMany<AchievementCredential>,
    /// Its proofs; none: it is not signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proof: Option<OneOrMany<DataIntegrityProof>>,
}

impl Node for VerifiablePresentation {
    const TYPES: &'static [&'static [&'static str]] = &[&["VerifiablePresentation"]];
}

impl VerifiablePresentation {
    /// An unsigned presentation.
    #[must_use]
    pub fn new(holder: Iri, verifiable_credential: Vec<AchievementCredential>) -> Self {
        Self {
            contexts: PRESENTATION_CONTEXTS.map(String::from).to_vec().into(),
            id: None,
            types: Type::default(),
            holder,
            verifiable_credential: verifiable_credential.into(),
            proof: None,
        }
    }

    /// All documents that are shown.
    #[must_use]
    pub fn verifiable_credentials(&self) -> &[AchievementCredential] {
        self.verifiable_credential.as_slice()
    }

    /// All proofs.
    #[must_use]
    pub fn proofs(&self) -> &[DataIntegrityProof] {
        all(self.proof.as_ref())
    }
}
