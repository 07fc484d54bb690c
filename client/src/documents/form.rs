//! That verifiers take what is made here: nothing is signed before.

use serde_json::Value;

use super::MakeError;
use crate::document::{
    json,
    vocabulary::{self, FormError},
};

/// How many things that are wrong are told.
const TOLD: usize = 3;

/// Requires the form that verifiers require: of the text as JSON, of its terms, and of their values. What the documents of an achievement
/// have in common is wrong in all of them, so whoever looks at one knows of the rest.
///
/// A validity that ends before it begins is left to the program: it refuses that credential, and no other.
pub(super) fn require(document: &Value) -> Result<(), MakeError> {
    let text = format!("{document:#}");
    let value = json::read(text.as_bytes()).map_err(|error| MakeError::Form(vec![error.to_string()]))?;
    let errors = match vocabulary::read(&value) {
        Ok(credential) => vocabulary::check(&credential),
        Err(error) => vec![error],
    };
    let is_lasting = |error: &&FormError| error.path != "/validUntil";
    let told: Vec<_> = errors.iter().filter(is_lasting).take(TOLD).map(ToString::to_string).collect();
    if told.is_empty() { Ok(()) } else { Err(MakeError::Form(told)) }
}
