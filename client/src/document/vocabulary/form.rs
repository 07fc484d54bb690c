//! What can be wrong with a document's form.

use std::fmt;

use serde::Serialize;
use thiserror::Error;

use crate::bulk::table::shown;

/// Something that is wrong with a document's form, with its place and what to do about it.
///
/// Parts of it come from the document: names of terms, and short texts. They are escaped and cut in `what`, not in `path`.
#[derive(Clone, Debug, Error, PartialEq, Eq, Serialize)]
#[error("{} {what}", place(path))]
pub struct FormError {
    /// Where it is: a JSON pointer (RFC 6901) such as `/credentialSubject/achievement/alignment/0/targetUrl`; empty: the document itself.
    pub path: String,
    /// What sort of thing is wrong.
    pub kind: FormErrorKind,
    /// What is wrong and what to do: the rest of a sentence that begins with the place.
    pub what: String,
}

/// What sort of thing is wrong with a document's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FormErrorKind {
    /// The contexts are not ones that this library has, in the order that it knows.
    Context,
    /// A term that neither contexts nor standard define at its place: no signature covers it.
    Term,
    /// Something that has a proof, a rule or a service of its own, which nothing here checks.
    Unchecked,
    /// A proof of a kind that nothing here checks; all else can be read.
    UnknownProof,
    /// A status of a kind that nothing here checks, so that nobody knows whether it is revoked; all else can be read.
    UnknownStatus,
    /// One identifier for two things: the signature does not say which of them a term belongs to.
    Identifier,
    /// A text with characters that mislead a reader, or one that is too long.
    Text,
    /// Anything else: a missing term, a wrong type, a date that is none, a number out of its range.
    Value,
}

impl FormError {
    pub(super) fn new(path: &str, kind: FormErrorKind, what: impl Into<String>) -> Self {
        Self { path: path.into(), kind, what: what.into() }
    }

    pub(super) fn value(path: &str, what: impl Into<String>) -> Self {
        Self::new(path, FormErrorKind::Value, what)
    }

    /// The same error, of a document that stands inside another at a place.
    pub(super) fn within(mut self, place: &str) -> Self {
        self.path.insert_str(0, place);
        self
    }
}

/// The pointer to a member of what stands at a path.
pub(super) fn member(path: &str, name: &str) -> String {
    format!("{path}{}", Path::Member(&Path::Root, name))
}

/// Where a value stands. It becomes a pointer only where something is wrong.
#[derive(Clone, Copy)]
pub(super) enum Path<'a> {
    /// The document itself.
    Root,
    /// A member of an object.
    Member(&'a Path<'a>, &'a str),
    /// An element of a list.
    Element(&'a Path<'a>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Member(parent, name) => write!(f, "{parent}/{}", name.replace('~', "~0").replace('/', "~1")),
            Self::Element(parent, index) => write!(f, "{parent}/{index}"),
        }
    }
}

/// A path as messages show it.
fn place(path: &str) -> String {
    if path.is_empty() {
        "the document".into()
    } else if path.chars().all(|c| c.is_ascii_graphic()) && path.len() <= LONGEST_PATH {
        path.into()
    } else {
        shown(path)
    }
}

/// Bytes of the longest path that messages show as it is.
const LONGEST_PATH: usize = 300;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_begins_with_the_place_and_hides_no_characters() {
        let error = |path: &str| FormError::value(path, "is missing: add it").to_string();
        assert_eq!(error(""), "the document is missing: add it");
        assert_eq!(error(&member("/issuer", "a/b~c")), "/issuer/a~1b~0c is missing: add it");
        assert_eq!(error("/a\u{202e}b"), "\"/a\\u{202e}b\" is missing: add it");
    }
}
