//! The document itself.

use serde::{Deserialize, Serialize};

use super::{
    contexts::CREDENTIAL_CONTEXTS,
    node::{Node, Type},
    profile::{Image, Profile},
    proof::DataIntegrityProof,
    status::BitstringStatusListEntry,
    subject::AchievementSubject,
    times::DateTime,
    values::{Iri, OneOrMany, Reference, all},
};

/// A credential of Open Badges 3.0, which is a W3C Verifiable Credential 2.0.
///
/// Of what the standard allows, `endorsement`, `endorsementJwt`, `refreshService` and `termsOfUse` are missing here on purpose: nothing
/// here checks them, and the contexts do not even define the second, so that no proof covers it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AchievementCredential {
    /// The contexts, which say what its terms mean.
    #[serde(rename = "@context")]
    pub contexts: OneOrMany<String>,
    /// Its identifier.
    pub id: Iri,
    /// What it is.
    #[serde(rename = "type")]
    pub types: Type<Self>,
    /// What wallets show as its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What wallets show as its description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What wallets show as its picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
    /// When it was awarded first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub awarded_date: Option<DateTime>,
    /// Who earned what.
    pub credential_subject: AchievementSubject,
    /// Who issued it.
    pub issuer: Reference<Profile>,
    /// First moment at which it is valid.
    pub valid_from: DateTime,
    /// First moment at which it is valid no more; none: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<DateTime>,
    /// Its proofs; none: it is not signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proof: Option<OneOrMany<DataIntegrityProof>>,
    /// The schemas that it keeps to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential_schema: Option<OneOrMany<CredentialSchema>>,
    /// Where its status is; none: it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential_status: Option<BitstringStatusListEntry>,
    /// What shows that it was earned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<OneOrMany<Evidence>>,
}

impl Node for AchievementCredential {
    const TYPES: &'static [&'static [&'static str]] = &[
        &["VerifiableCredential", "AchievementCredential"],
        &["VerifiableCredential", "OpenBadgeCredential"],
        &["VerifiableCredential", "AchievementCredential", "OpenBadgeCredential"],
    ];
}

impl AchievementCredential {
    /// An unsigned document of which nothing else is said, with the contexts that define every term here.
    #[must_use]
    pub fn new(
        id: Iri,
        issuer: Reference<Profile>,
        credential_subject: AchievementSubject,
        valid_from: DateTime,
    ) -> Self {
        Self {
            contexts: CREDENTIAL_CONTEXTS.map(String::from).to_vec().into(),
            id,
            types: Type::default(),
            name: None,
            description: None,
            image: None,
            awarded_date: None,
            credential_subject,
            issuer,
            valid_from,
            valid_until: None,
            proof: None,
            credential_schema: None,
            credential_status: None,
            evidence: None,
        }
    }

    /// All proofs.
    #[must_use]
    pub fn proofs(&self) -> &[DataIntegrityProof] {
        all(self.proof.as_ref())
    }

    /// All schemas that it keeps to.
    #[must_use]
    pub fn credential_schemas(&self) -> &[CredentialSchema] {
        all(self.credential_schema.as_ref())
    }

    /// All evidence; its order says nothing.
    #[must_use]
    pub fn all_evidence(&self) -> &[Evidence] {
        all(self.evidence.as_ref())
    }
}

/// Something that shows that an achievement was earned.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Evidence {
    /// Where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Iri>,
    /// What it is.
    #[serde(rename = "type")]
    pub types: Type<Self>,
    /// What it shows, in words; Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub narrative: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What sort of evidence it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub genre: Option<String>,
    /// Whom it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
}

impl Node for Evidence {
    const TYPES: &'static [&'static [&'static str]] = &[&["Evidence"]];
}

/// A JSON schema that a document keeps to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CredentialSchema {
    /// Where it is.
    pub id: Iri,
    /// What it is.
    #[serde(rename = "type")]
    pub types: Type<Self>,
}

impl Node for CredentialSchema {
    const TYPES: &'static [&'static [&'static str]] = &[&["1EdTechJsonSchemaValidator2019"], &["JsonSchema"]];
    const LIST: bool = false;
}

impl CredentialSchema {
    /// A schema of 1EdTech.
    #[must_use]
    pub fn new(id: Iri) -> Self {
        Self { id, types: Type::default() }
    }
}
