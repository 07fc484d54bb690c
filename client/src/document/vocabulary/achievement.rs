//! What can be earned.

use serde::{Deserialize, Serialize};
use serde_json::Number;

use super::{
    node::{Node, Type},
    profile::{IdentifierEntry, Image, Profile},
    values::{Iri, OneOrMany, all},
};

/// What was earned (Open Badges: `Achievement`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Achievement {
    /// Its identifier.
    pub id: Iri,
    /// What it is.
    #[serde(rename = "type")]
    pub types: Type<Self>,
    /// What of frameworks it corresponds to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alignment: Option<OneOrMany<Alignment>>,
    /// Its kind: a word of the standard such as `MicroCredential`, or an extension `ext:...`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub achievement_type: Option<String>,
    /// Who made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creator: Option<Profile>,
    /// The workload in credits that a learner earns with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credits_available: Option<Number>,
    /// What it takes to earn it.
    pub criteria: Criteria,
    /// What it is.
    pub description: String,
    /// The field that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field_of_study: Option<String>,
    /// The code that people know it by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub human_code: Option<String>,
    /// Its picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
    /// The language that it is in, such as `en` or `pt-BR`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_language: Option<String>,
    /// Its title.
    pub name: String,
    /// Other names that systems know it by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_identifier: Option<OneOrMany<IdentifierEntry>>,
    /// Other achievements that have to do with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub related: Option<OneOrMany<Related>>,
    /// Which results it can have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result_description: Option<OneOrMany<ResultDescription>>,
    /// What it specialises in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub specialization: Option<String>,
    /// Words to find it by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<OneOrMany<String>>,
    /// Which version of it this is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

impl Node for Achievement {
    const TYPES: &'static [&'static [&'static str]] = &[&["Achievement"]];
}

impl Achievement {
    /// An achievement of which nothing else is said.
    #[must_use]
    pub fn new(id: Iri, name: String, description: String, criteria: Criteria) -> Self {
        Self {
            id,
            types: Type::default(),
            alignment: None,
            achievement_type: None,
            creator: None,
            credits_available: None,
            criteria,
            description,
            field_of_study: None,
            human_code: None,
            image: None,
            in_language: None,
            name,
            other_identifier: None,
            related: None,
            result_description: None,
            specialization: None,
            tag: None,
            version: None,
        }
    }

    /// Everything of frameworks that it corresponds to; the order says nothing.
    #[must_use]
    pub fn alignments(&self) -> &[Alignment] {
        all(self.alignment.as_ref())
    }

    /// All its other identifiers; their order says nothing.
    #[must_use]
    pub fn other_identifiers(&self) -> &[IdentifierEntry] {
        all(self.other_identifier.as_ref())
    }

    /// All other achievements that have to do with it.
    #[must_use]
    pub fn all_related(&self) -> &[Related] {
        all(self.related.as_ref())
    }

    /// All results that it can have.
    #[must_use]
    pub fn result_descriptions(&self) -> &[ResultDescription] {
        all(self.result_description.as_ref())
    }

    /// All words to find it by.
    #[must_use]
    pub fn tags(&self) -> &[String] {
        all(self.tag.as_ref())
    }
}

/// What it takes to earn an achievement. It has no type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Criteria {
    /// Where to read about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Iri>,
    /// What it takes, in words; Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub narrative: Option<String>,
}

/// Something in a framework of competences, levels or qualifications that an achievement or a result corresponds to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Alignment {
    /// What it is.
    #[serde(rename = "type")]
    pub types: Type<Self>,
    /// Its code in the framework.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_code: Option<String>,
    /// What it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_description: Option<String>,
    /// Its name.
    pub target_name: String,
    /// The framework.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_framework: Option<String>,
    /// What it is: a word of the standard, or an extension such as `ext:EQFLevel`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_type: Option<String>,
    /// Its address.
    pub target_url: Iri,
}

impl Node for Alignment {
    const TYPES: &'static [&'static [&'static str]] = &[&["Alignment"]];
}

impl Alignment {
    /// An alignment of which nothing else is said.
    #[must_use]
    pub fn new(target_name: String, target_url: Iri) -> Self {
        Self {
            types: Type::default(),
            target_code: None,
            target_description: None,
            target_name,
            target_framework: None,
            target_type: None,
            target_url,
        }
    }
}

/// Another achievement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Related {
    /// Its identifier.
    pub id: Iri,
    /// What it is.
    #[serde(rename = "type")]
    pub types: Type<Self>,
    /// The language that it is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_language: Option<String>,
    /// Which version of it is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

impl Node for Related {
    const TYPES: &'static [&'static [&'static str]] = &[&["Related"]];
}

/// A result that an achievement can have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResultDescription {
    /// Its identifier, which results refer to.
    pub id: Iri,
    /// What it is.
    #[serde(rename = "type")]
    pub types: Type<Self>,
    /// What of frameworks it corresponds to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alignment: Option<OneOrMany<Alignment>>,
    /// The values that it can have, from low to high.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_value: Option<OneOrMany<String>>,
    /// Its name.
    pub name: String,
    /// The identifier of the level of the rubric that is required.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required_level: Option<Iri>,
    /// The value that is required.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required_value: Option<String>,
    /// What sort of result it is: a word of the standard, or an extension `ext:...`.
    pub result_type: String,
    /// The levels of the rubric.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rubric_criterion_level: Option<OneOrMany<RubricCriterionLevel>>,
    /// The highest value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_max: Option<String>,
    /// The lowest value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_min: Option<String>,
}

impl Node for ResultDescription {
    const TYPES: &'static [&'static [&'static str]] = &[&["ResultDescription"]];
}

impl ResultDescription {
    /// Everything of frameworks that it corresponds to; the order says nothing.
    #[must_use]
    pub fn alignments(&self) -> &[Alignment] {
        all(self.alignment.as_ref())
    }

    /// All values that it can have, from low to high.
    #[must_use]
    pub fn allowed_values(&self) -> &[String] {
        all(self.allowed_value.as_ref())
    }

    /// All levels of the rubric.
    #[must_use]
    pub fn rubric_criterion_levels(&self) -> &[RubricCriterionLevel] {
        all(self.rubric_criterion_level.as_ref())
    }
}

/// A level of a rubric.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RubricCriterionLevel {
    /// Its identifier, which results refer to.
    pub id: Iri,
    /// What it is.
    #[serde(rename = "type")]
    pub types: Type<Self>,
    /// What of frameworks it corresponds to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alignment: Option<OneOrMany<Alignment>>,
    /// What it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its place among the levels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Its name.
    pub name: String,
    /// What it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<String>,
}

impl Node for RubricCriterionLevel {
    const TYPES: &'static [&'static [&'static str]] = &[&["RubricCriterionLevel"]];
}

impl RubricCriterionLevel {
    /// Everything of frameworks that it corresponds to; the order says nothing.
    #[must_use]
    pub fn alignments(&self) -> &[Alignment] {
        all(self.alignment.as_ref())
    }
}
