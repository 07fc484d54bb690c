//! Status: the entry in a document, and the list that it points to (W3C Bitstring Status List 1.0).

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, Unexpected},
};

use super::{
    contexts::STATUS_LIST_CONTEXTS,
    node::{Node, Type},
    proof::DataIntegrityProof,
    times::DateTime,
    values::{Identified, Iri, OneOrMany, Reference, all},
};

/// Where the status of a document is.
///
/// Entries of more than one bit, and messages, are of another kind: see [`FormErrorKind::UnknownStatus`](super::FormErrorKind).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BitstringStatusListEntry {
    /// Its identifier; not where the list is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Iri>,
    /// What it is.
    #[serde(rename = "type")]
    pub types: Type<Self>,
    /// What a set bit means.
    pub status_purpose: StatusPurpose,
    /// Which bit it is.
    pub status_list_index: StatusListIndex,
    /// Where the list is.
    pub status_list_credential: Iri,
    /// How many bits it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_size: Option<StatusSize>,
}

impl Node for BitstringStatusListEntry {
    const TYPES: &'static [&'static [&'static str]] = &[&["BitstringStatusListEntry"]];
    const LIST: bool = false;
}

impl BitstringStatusListEntry {
    /// An entry of one bit.
    #[must_use]
    pub fn new(status_list_credential: Iri, status_list_index: u64, status_purpose: StatusPurpose) -> Self {
        Self {
            id: None,
            types: Type::default(),
            status_purpose,
            status_list_index: StatusListIndex(status_list_index),
            status_list_credential,
            status_size: None,
        }
    }
}

/// What a set bit means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StatusPurpose {
    /// It is revoked for good.
    Revocation,
    /// It is suspended for now.
    Suspension,
}

impl StatusPurpose {
    /// The word in documents and lists.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Revocation => "revocation",
            Self::Suspension => "suspension",
        }
    }
}

impl fmt::Display for StatusPurpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Which bit of a list, from 0; in JSON a text, in decimal digits without leading zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatusListIndex(pub u64);

impl Serialize for StatusListIndex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for StatusListIndex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let index = text.parse().ok().filter(|index: &u64| index.to_string() == text).map(Self);
        index.ok_or_else(|| {
            D::Error::custom("is no index of a list: write its decimal digits as a text, such as \"94567\"")
        })
    }
}

/// The one size of entries that is known here: a bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusSize;

impl Serialize for StatusSize {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(1)
    }
}

impl<'de> Deserialize<'de> for StatusSize {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u64::deserialize(deserializer)? {
            1 => Ok(Self),
            bits => Err(D::Error::invalid_value(Unexpected::Unsigned(bits), &"1, or leave it out")),
        }
    }
}

/// A list of statuses, signed by its issuer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BitstringStatusListCredential {
    /// The contexts, which say what its terms mean.
    #[serde(rename = "@context")]
    pub contexts: OneOrMany<String>,
    /// Its identifier: where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Iri>,
    /// What it is.
    #[serde(rename = "type")]
    pub types: Type<Self>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Who issued it.
    pub issuer: Reference<StatusListIssuer>,
    /// First moment at which it is valid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<DateTime>,
    /// First moment at which it is valid no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<DateTime>,
    /// The list.
    pub credential_subject: BitstringStatusList,
    /// Its proofs; none: it is not signed, or is in a signed JWT.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proof: Option<OneOrMany<DataIntegrityProof>>,
}

impl Node for BitstringStatusListCredential {
    const TYPES: &'static [&'static [&'static str]] = &[&["VerifiableCredential", "BitstringStatusListCredential"]];
}

impl BitstringStatusListCredential {
    /// An unsigned list without an end of its own.
    #[must_use]
    pub fn new(id: Iri, issuer: Iri, credential_subject: BitstringStatusList, valid_from: DateTime) -> Self {
        Self {
            contexts: STATUS_LIST_CONTEXTS.map(String::from).to_vec().into(),
            id: Some(id),
            types: Type::default(),
            name: None,
            description: None,
            issuer: Reference::Id(issuer),
            valid_from: Some(valid_from),
            valid_until: None,
            credential_subject,
            proof: None,
        }
    }

    /// All proofs.
    #[must_use]
    pub fn proofs(&self) -> &[DataIntegrityProof] {
        all(self.proof.as_ref())
    }
}

/// The issuer of a list, where more than its identifier is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StatusListIssuer {
    /// Its identifier.
    pub id: Iri,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl Identified for StatusListIssuer {
    fn id(&self) -> &Iri {
        &self.id
    }
}

/// The bits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BitstringStatusList {
    /// Its identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Iri>,
    /// What it is.
    #[serde(rename = "type")]
    pub types: Type<Self>,
    /// What a set bit means.
    pub status_purpose: OneOrMany<String>,
    /// `u`, and the compressed bits in base64url without padding.
    pub encoded_list: String,
    /// How long a copy may be used, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl: Option<u64>,
}

impl Node for BitstringStatusList {
    const TYPES: &'static [&'static [&'static str]] = &[&["BitstringStatusList"]];
}

impl BitstringStatusList {
    /// A list of one purpose.
    #[must_use]
    pub fn new(id: Iri, status_purpose: StatusPurpose, encoded_list: String) -> Self {
        Self {
            id: Some(id),
            types: Type::default(),
            status_purpose: OneOrMany::One(status_purpose.to_string()),
            encoded_list,
            ttl: None,
        }
    }

    /// Everything that a set bit can mean.
    #[must_use]
    pub fn status_purposes(&self) -> &[String] {
        self.status_purpose.as_slice()
    }
}
