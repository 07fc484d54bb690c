//! Values that occur everywhere in a document, but for times. Each keeps what was read as it was read.

use std::{fmt, marker::PhantomData};

use oxrdf::NamedNode;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{
        Error, MapAccess, SeqAccess, Visitor,
        value::{MapAccessDeserializer, SeqAccessDeserializer, StrDeserializer},
    },
};
use thiserror::Error;

use crate::bulk::table::shown;

/// One value, or a list of them: JSON-LD does not tell them apart where the order says nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum OneOrMany<T> {
    /// The value itself.
    One(T),
    /// A list of values.
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    /// All values.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
        }
    }
}

/// Always as a list: every reader takes that form.
impl<T> From<Vec<T>> for OneOrMany<T> {
    fn from(values: Vec<T>) -> Self {
        Self::Many(values)
    }
}

/// The values of a term that may be missing.
pub(super) fn all<T>(values: Option<&OneOrMany<T>>) -> &[T] {
    values.map_or(&[], OneOrMany::as_slice)
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Values<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Values<T> {
            type Value = OneOrMany<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("one value or a list")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                T::deserialize(StrDeserializer::new(text)).map(OneOrMany::One)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(OneOrMany::One)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, values: A) -> Result<Self::Value, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(values)).map(OneOrMany::Many)
            }
        }

        deserializer.deserialize_any(Values(PhantomData))
    }
}

/// Something that a document describes, or only names.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Reference<T> {
    /// Only its identifier.
    Id(Iri),
    /// The thing itself.
    Node(Box<T>),
}

/// Something that has an identifier.
pub trait Identified {
    /// Its identifier.
    fn id(&self) -> &Iri;
}

impl<T: Identified> Reference<T> {
    /// Who or what is meant.
    #[must_use]
    pub fn id(&self) -> &Iri {
        match self {
            Self::Id(id) => id,
            Self::Node(node) => node.id(),
        }
    }

    /// What is described, where more than an identifier is given.
    #[must_use]
    pub fn node(&self) -> Option<&T> {
        match self {
            Self::Id(_) => None,
            Self::Node(node) => Some(node),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Reference<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Either<T> {
            type Value = Reference<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an identifier or an object")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Iri::parse(text).map(Reference::Id).map_err(E::custom)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(|node| Reference::Node(Box::new(node)))
            }
        }

        deserializer.deserialize_any(Either(PhantomData))
    }
}

/// An absolute IRI (RFC 3987). A relative one would vanish before signing, and a blank node (`_:`) would be renamed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Iri(String);

impl Iri {
    /// Reads an IRI.
    ///
    /// # Errors
    /// [`BadIri`].
    pub fn parse(text: &str) -> Result<Self, BadIri> {
        match NamedNode::new(text) {
            Ok(iri) => Ok(Self(iri.into_string())),
            Err(_) => Err(BadIri(shown(text))),
        }
    }

    /// The IRI as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Iri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Iri {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// Not an absolute IRI.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("is {0}, which is no absolute IRI: write it with its scheme, such as https:, urn:uuid: or did:key:")]
pub struct BadIri(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_absolute_and_no_blank_nodes() {
        for good in ["https://example.edu/a?b#c", "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33", "did:key:z6Mk#z6Mk"]
        {
            assert_eq!(Iri::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "",
            "a",
            "/a",
            "//a/b",
            "_:b0",
            "#a",
            "@id",
            "https://a b",
            "https://a/\u{0}",
            "https://a/<b>",
            "https://a/%zz",
        ] {
            assert!(Iri::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn one_or_many_keep_their_form() {
        for text in ["\"a\"", "[\"a\",\"b\"]", "[]"] {
            let read: OneOrMany<String> = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), text);
        }
        for bad in ["1", "{\"en\":\"a\"}", "[[\"a\"]]", "null", "true"] {
            assert!(serde_json::from_str::<OneOrMany<String>>(bad).is_err(), "{bad}");
        }
    }
}
