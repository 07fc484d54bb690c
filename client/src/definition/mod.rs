//! The full definition of an achievement: what somebody must read who wants to know what a credential is worth.
//!
//! A [`Definition`] and the [`Facts`] of the account make one JSON object, the `achievement` of Open Badges 3.0 that stands in every
//! document of that achievement ([`Definition::object`]). Its [`digest`] goes on chain as `definition_digest`, where publishing freezes
//! it; [`read()`] takes a file only if it has that digest.
//!
//! The elements that the European Union asks of a micro-credential (Council Recommendation 2022/C 243/02, Annex I) and that are the
//! achievement's have their places here:
//!
//! | Annex I | field | in the object |
//! |---|---|---|
//! | title | [`Facts::title`] | `name` |
//! | learning outcomes | [`Definition::outcomes`] | `alignment`, lines of `criteria.narrative` |
//! | notional workload | [`Facts::workload`], [`Definition::hours`] | `creditsAvailable`, a line of `criteria.narrative` |
//! | level | [`Facts::eqf_level`] | `alignment` of type `ext:EQFLevel` |
//! | type of assessment, form of participation, type of quality assurance | fields of that name | lines of `criteria.narrative` |
//! | prerequisites, supervision and identity verification, integration and stackability, further information (optional) | fields of that name | lines of `criteria.narrative` |
//!
//! Learner, issuer, country, date and grade are in the rest of the document. Those lines are fixed: [`elements`] reads them again.
//!
//! ```
//! use microcred_client::{Address, definition::{self, Definition, Facts}, state::AchievementKind};
//!
//! let definition = Definition {
//!     description: "Builds small tools in Rust.".into(),
//!     criteria: Some("Pass the project and its defence.".into()),
//!     assessment: Some("A project, marked by two examiners".into()),
//!     ..Definition::default()
//! };
//! assert!(definition.problems("definition").is_empty());
//! let facts = Facts {
//!     address: Address::new_from_array([1; 32]),
//!     title: "Rust Basics",
//!     kind: AchievementKind::MicroCredential,
//!     uri: "",
//!     eqf_level: 5,
//!     workload: 25,
//! };
//! let object = definition.object(&facts);
//! assert_eq!(object["creditsAvailable"], 2.5);
//! assert_eq!(
//!     object["criteria"]["narrative"],
//!     "Pass the project and its defence.\n\nAssessment: A project, marked by two examiners"
//! );
//! let goes_on_chain: [u8; 32] = definition::digest(&object);
//! # assert_ne!(goes_on_chain, [0; 32]);
//! ```

mod annex;
mod checks;
mod facts;
mod narrative;
mod object;
mod reading;
#[cfg(test)]
mod tests;

use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

pub(crate) use checks::wrong_url;
#[cfg(feature = "documents")]
pub(crate) use checks::{MAX_NARRATIVE, TARGET_TYPES, is_extension};
pub use facts::Facts;
pub use narrative::{Element, elements};
pub use reading::{DefinitionError, read};

/// What an issuer writes of an achievement beyond what its account holds. In a declaration: `[achievements.definition]`.
///
/// Texts are UTF-8 without control characters and those that hide or reorder text; [`Self::problems`] checks all of it.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
pub struct Definition {
    /// What it is, for a reader who never heard of it; 1 to 2,000 bytes.
    pub description: String,
    /// What must be done to earn it, in Markdown, at most 8,000 bytes; line breaks are kept. None: [`Self::criteria_url`] says it.
    pub criteria: Option<String>,
    /// A page that says what must be done to earn it.
    pub criteria_url: Option<String>,
    /// What a learner knows, understands and is able to do; at most 40.
    pub outcomes: Vec<Target>,
    /// Other entries of frameworks that it corresponds to, each with its URL; at most 40. The EQF level is the account's.
    pub alignments: Vec<Target>,
    /// Notional workload in hours, beside or instead of ECTS credits.
    pub hours: Option<u32>,
    /// Type of assessment; at most 1,000 bytes, as every text from here to [`Self::further_information`].
    pub assessment: Option<String>,
    /// Form of participation in the learning activity.
    pub participation: Option<String>,
    /// Type of quality assurance that underpins it.
    pub quality_assurance: Option<String>,
    /// What is needed to enrol in the learning activity.
    pub prerequisites: Option<String>,
    /// Supervision and identity verification during assessment.
    pub supervision: Option<String>,
    /// Whether it stands alone, or counts towards another credential.
    pub stackability: Option<String>,
    /// Anything else.
    pub further_information: Option<String>,
    /// Keywords of at most 64 bytes each; at most 40.
    pub tags: Vec<String>,
    /// Language of the achievement, such as `en` or `pt-PT` (BCP 47: language, script and region).
    pub language: Option<String>,
    /// General branch of knowledge; at most 128 bytes.
    pub field_of_study: Option<String>,
    /// The focus within it; at most 128 bytes.
    pub specialization: Option<String>,
    /// URL of an image that stands for it.
    pub image: Option<String>,
    /// What the image shows; at most 256 bytes.
    pub image_caption: Option<String>,
    /// The code by which people know it, such as `CS-1042`; at most 64 bytes.
    pub human_code: Option<String>,
    /// Version of the definition, as the issuer counts them; at most 64 bytes.
    pub version: Option<String>,
}

/// An entry of a framework: a skill of ESCO, say. One of `outcomes` or `alignments`.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// 1 to 256 bytes.
    pub name: String,
    /// Where it is described. Without it, an outcome is told in the narrative only.
    pub url: Option<String>,
    /// Name of the framework, such as `ESCO`; at most 128 bytes.
    pub framework: Option<String>,
    /// Its code there; at most 128 bytes.
    pub code: Option<String>,
    /// What it means; at most 500 bytes.
    pub description: Option<String>,
    /// A word of Open Badges, such as `ceasn:Competency`, or one of the framework's that begins with `ext:`, such as `ext:ESCOSkill`.
    #[serde(rename = "type")]
    pub target_type: Option<String>,
}

/// SHA-256 of the canonical JSON (RFC 8785): the digest that goes on chain.
#[must_use]
pub fn digest(object: &Value) -> [u8; 32] {
    Sha256::digest(canonical(object)).into()
}

/// The canonical JSON (RFC 8785). Only what is no JSON value has none: keys that are no texts, numbers that are not finite.
fn canonical(object: &Value) -> Vec<u8> {
    serde_json_canonicalizer::to_vec(object).unwrap_or_default()
}
