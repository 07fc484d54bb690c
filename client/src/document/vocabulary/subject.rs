//! Who earned an achievement, how, and with what result.

use serde::{Deserialize, Serialize};
use serde_json::Number;

use super::{
    achievement::{Achievement, Alignment},
    node::{Node, Type},
    profile::{Image, Profile},
    times::DateTime,
    values::{Iri, OneOrMany, all},
};

/// The learner, and what they earned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AchievementSubject {
    /// The learner. Without it, they are known by an identifier only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Iri>,
    /// What it is.
    #[serde(rename = "type")]
    pub types: Type<Self>,
    /// When they ended what it took.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity_end_date: Option<DateTime>,
    /// When they began what it took.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity_start_date: Option<DateTime>,
    /// The workload in credits that they earned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credits_earned: Option<Number>,
    /// What they earned.
    pub achievement: Achievement,
    /// Other names of the learner: in clear, or hashed with a salt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identifier: Option<OneOrMany<IdentityObject>>,
    /// A picture of what was earned, for this learner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
    /// The number of the licence that was earned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub license_number: Option<String>,
    /// What the learner did, in words; Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub narrative: Option<String>,
    /// Grades and other results.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<OneOrMany<AchievementResult>>,
    /// The role in which they earned it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Who else says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Profile>,
    /// The academic term in which they earned it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term: Option<String>,
}

impl Node for AchievementSubject {
    const TYPES: &'static [&'static [&'static str]] = &[&["AchievementSubject"]];
}

impl AchievementSubject {
    /// A learner of whom nothing else is said.
    #[must_use]
    pub fn new(id: Option<Iri>, achievement: Achievement) -> Self {
        Self {
            id,
            types: Type::default(),
            activity_end_date: None,
            activity_start_date: None,
            credits_earned: None,
            achievement,
            identifier: None,
            image: None,
            license_number: None,
            narrative: None,
            result: None,
            role: None,
            source: None,
            term: None,
        }
    }

    /// All other names of the learner; their order says nothing.
    #[must_use]
    pub fn identifiers(&self) -> &[IdentityObject] {
        all(self.identifier.as_ref())
    }

    /// All results; their order says nothing.
    #[must_use]
    pub fn results(&self) -> &[AchievementResult] {
        all(self.result.as_ref())
    }
}

/// A name of the learner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IdentityObject {
    /// What it is.
    #[serde(rename = "type")]
    pub types: Type<Self>,
    /// Whether the name is hashed.
    pub hashed: bool,
    /// The name, or its hash: the algorithm, `$`, and hexadecimal digits.
    pub identity_hash: String,
    /// What sort of name it is: a word of the standard, or an extension `ext:...`.
    pub identity_type: String,
    /// What was hashed with the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
}

impl Node for IdentityObject {
    const TYPES: &'static [&'static [&'static str]] = &[&["IdentityObject"]];
    const LIST: bool = false;
}

impl IdentityObject {
    /// A name in clear, of a sort.
    #[must_use]
    pub fn new(identity_type: &str, name: String) -> Self {
        Self {
            types: Type::default(),
            hashed: false,
            identity_hash: name,
            identity_type: identity_type.into(),
            salt: None,
        }
    }
}

/// A grade or another result (Open Badges: `Result`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AchievementResult {
    /// What it is.
    #[serde(rename = "type")]
    pub types: Type<Self>,
    /// The identifier of the level of the rubric that was reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub achieved_level: Option<Iri>,
    /// What of frameworks it corresponds to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alignment: Option<OneOrMany<Alignment>>,
    /// The identifier of the description of this result in the achievement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result_description: Option<Iri>,
    /// How far the learner got.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<ResultStatus>,
    /// The grade or score.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl Node for AchievementResult {
    const TYPES: &'static [&'static [&'static str]] = &[&["Result"]];
}

impl AchievementResult {
    /// Everything of frameworks that it corresponds to; the order says nothing.
    #[must_use]
    pub fn alignments(&self) -> &[Alignment] {
        all(self.alignment.as_ref())
    }
}

/// How far a learner got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ResultStatus {
    /// The learner completed it.
    Completed,
    /// The learner is enrolled.
    Enrolled,
    /// The learner failed.
    Failed,
    /// The learner is at it.
    InProgress,
    /// It is on hold.
    OnHold,
    /// Completed, but not for good.
    Provisional,
    /// The learner withdrew.
    Withdrew,
}
