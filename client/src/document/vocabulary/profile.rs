//! Organisations and persons: who issues, who made an achievement, who supplied a result.

use serde::{Deserialize, Serialize};
use serde_json::Number;

use super::{
    node::{Node, Type},
    times::Day,
    values::{Identified, Iri, OneOrMany, all},
};

/// An organisation or a person (Open Badges: `Profile`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Profile {
    /// Whom it describes; of an issuer, what its proofs are checked against.
    pub id: Iri,
    /// What it is.
    #[serde(rename = "type")]
    pub types: Type<Self>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its web site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<Iri>,
    /// A telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its emblem.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
    /// An e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// Other names that systems know it by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_identifier: Option<OneOrMany<IdentifierEntry>>,
    /// Whoever speaks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub official: Option<String>,
    /// The organisation that it is part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_org: Option<Box<Self>>,
    /// Family name of a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// Given name of a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// Further name of a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub additional_name: Option<String>,
    /// Patronymic of a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patronymic_name: Option<String>,
    /// Title that stands before the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub honorific_prefix: Option<String>,
    /// Title that stands after the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub honorific_suffix: Option<String>,
    /// What stands before the family name, such as "von".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name_prefix: Option<String>,
    /// Day of birth of a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<Day>,
}

impl Node for Profile {
    const TYPES: &'static [&'static [&'static str]] = &[&["Profile"]];
}

impl Profile {
    /// A profile of which nothing else is said.
    #[must_use]
    pub fn new(id: Iri) -> Self {
        Self {
            id,
            types: Type::default(),
            name: None,
            url: None,
            phone: None,
            description: None,
            image: None,
            email: None,
            address: None,
            other_identifier: None,
            official: None,
            parent_org: None,
            family_name: None,
            given_name: None,
            additional_name: None,
            patronymic_name: None,
            honorific_prefix: None,
            honorific_suffix: None,
            family_name_prefix: None,
            date_of_birth: None,
        }
    }

    /// All its other identifiers; their order says nothing.
    #[must_use]
    pub fn other_identifiers(&self) -> &[IdentifierEntry] {
        all(self.other_identifier.as_ref())
    }
}

impl Identified for Profile {
    fn id(&self) -> &Iri {
        &self.id
    }
}

/// A name that some system knows a thing by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IdentifierEntry {
    /// What it is.
    #[serde(rename = "type")]
    pub types: Type<Self>,
    /// The name itself.
    pub identifier: String,
    /// What sort of name it is: a word of the standard, or an extension `ext:...`.
    pub identifier_type: String,
}

impl Node for IdentifierEntry {
    const TYPES: &'static [&'static [&'static str]] = &[&["IdentifierEntry"]];
    const LIST: bool = false;
}

impl IdentifierEntry {
    /// An identifier of a sort.
    #[must_use]
    pub fn new(identifier_type: &str, identifier: String) -> Self {
        Self { types: Type::default(), identifier, identifier_type: identifier_type.into() }
    }
}

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Image {
    /// Where it is, or the picture itself as a `data:` URL.
    pub id: Iri,
    /// What it is.
    #[serde(rename = "type")]
    pub types: Type<Self>,
    /// What it shows, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
}

impl Node for Image {
    const TYPES: &'static [&'static [&'static str]] = &[&["Image"]];
    const LIST: bool = false;
}

impl Image {
    /// A picture without words.
    #[must_use]
    pub fn new(id: Iri) -> Self {
        Self { id, types: Type::default(), caption: None }
    }
}

/// A place.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Address {
    /// What it is.
    #[serde(rename = "type")]
    pub types: Type<Self>,
    /// The country in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address_country: Option<String>,
    /// The country: ISO 3166-1 alpha-2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address_country_code: Option<String>,
    /// The region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address_region: Option<String>,
    /// The town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address_locality: Option<String>,
    /// Street and house.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_address: Option<String>,
    /// Post office box.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post_office_box_number: Option<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// The point on earth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geo: Option<GeoCoordinates>,
}

impl Node for Address {
    const TYPES: &'static [&'static [&'static str]] = &[&["Address"]];
}

/// A point on earth, in degrees (WGS 84).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GeoCoordinates {
    /// What it is.
    #[serde(rename = "type")]
    pub types: Type<Self>,
    /// From -90 to 90, north is positive.
    pub latitude: Number,
    /// From -180 to 180, east is positive.
    pub longitude: Number,
}

impl Node for GeoCoordinates {
    const TYPES: &'static [&'static [&'static str]] = &[&["GeoCoordinates"]];
    const LIST: bool = false;
}
