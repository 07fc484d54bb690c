//! What a node of a document is: its `type`, which decides what its terms mean.

use std::{fmt, marker::PhantomData};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use super::values::OneOrMany;

/// A node of a document, with the names that may stand in its `type`.
///
/// The contexts define most terms inside of one type only. A node without its type would lose them before signing, and a further
/// name could give them another meaning.
pub trait Node {
    /// The sets of names that are taken, in any order; the first one is written.
    const TYPES: &'static [&'static [&'static str]];
    /// Whether the official schema takes a list of names, or nothing but one name by itself.
    const LIST: bool = true;
}

/// The `type` of a node, as it was written.
pub struct Type<T> {
    names: OneOrMany<String>,
    node: PhantomData<fn() -> T>,
}

impl<T> Type<T> {
    /// The names.
    #[must_use]
    pub fn names(&self) -> &[String] {
        self.names.as_slice()
    }
}

/// What every reader takes: a list, or a name where the schema wants that.
impl<T: Node> Default for Type<T> {
    fn default() -> Self {
        let names: Vec<String> =
            T::TYPES.first().into_iter().flat_map(|names| names.iter().map(|n| (*n).into())).collect();
        let names = match names.as_slice() {
            [name] if !T::LIST => OneOrMany::One(name.clone()),
            _ => OneOrMany::Many(names),
        };
        Self { names, node: PhantomData }
    }
}

impl<T> Clone for Type<T> {
    fn clone(&self) -> Self {
        Self { names: self.names.clone(), node: PhantomData }
    }
}

impl<T> fmt::Debug for Type<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.names.fmt(f)
    }
}

impl<T> PartialEq for Type<T> {
    fn eq(&self, other: &Self) -> bool {
        self.names == other.names
    }
}

impl<T> Eq for Type<T> {}

impl<T> Serialize for Type<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.names.serialize(serializer)
    }
}

impl<'de, T: Node> Deserialize<'de> for Type<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = OneOrMany::<String>::deserialize(deserializer)?;
        let given = names.as_slice();
        let same = |wanted: &&[&str]| {
            wanted.len() == given.len() && wanted.iter().all(|name| given.iter().any(|given| given == name))
        };
        let known = T::TYPES.iter().any(same) && (T::LIST || matches!(names, OneOrMany::One(_)));
        if known { Ok(Self { names, node: PhantomData }) } else { Err(D::Error::custom(expected::<T>())) }
    }
}

fn expected<T: Node>() -> String {
    let set = |names: &&[&str]| {
        let names: Vec<_> = names.iter().map(|name| format!("{name:?}")).collect();
        if T::LIST { format!("[{}]", names.join(", ")) } else { names.join(", ") }
    };
    format!("is not what stands here: write {}", T::TYPES.iter().map(set).collect::<Vec<_>>().join(" or "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Open;
    impl Node for Open {
        const TYPES: &'static [&'static [&'static str]] = &[&["A", "B"], &["A"]];
    }

    #[derive(Debug)]
    struct Single;
    impl Node for Single {
        const TYPES: &'static [&'static [&'static str]] = &[&["A"]];
        const LIST: bool = false;
    }

    #[test]
    fn a_type_is_exactly_one_of_the_sets() {
        for good in ["[\"A\",\"B\"]", "[\"B\",\"A\"]", "[\"A\"]", "\"A\""] {
            assert_eq!(serde_json::to_string(&serde_json::from_str::<Type<Open>>(good).unwrap()).unwrap(), good);
        }
        for bad in ["[]", "\"B\"", "[\"A\",\"A\"]", "[\"A\",\"B\",\"C\"]", "\"a\"", "1", "{}"] {
            assert!(serde_json::from_str::<Type<Open>>(bad).is_err(), "{bad}");
        }
        assert!(serde_json::from_str::<Type<Single>>("\"A\"").is_ok());
        let error = serde_json::from_str::<Type<Single>>("[\"A\"]").unwrap_err();
        assert_eq!(error.to_string(), "is not what stands here: write \"A\"");
        assert_eq!(serde_json::to_string(&Type::<Single>::default()).unwrap(), "\"A\"");
        assert_eq!(serde_json::to_string(&Type::<Open>::default()).unwrap(), "[\"A\",\"B\"]");
    }
}
