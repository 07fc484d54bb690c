//! From JSON to the vocabulary.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use serde_path_to_error::Segment;

use super::{
    credential::AchievementCredential,
    form::{FormError, FormErrorKind, Path, member},
    presentation::VerifiablePresentation,
    status::BitstringStatusListCredential,
    text::misleads,
};
use crate::bulk::table::shown;

/// Reads a credential.
///
/// # Errors
/// The first thing that is wrong with its form. [`FormErrorKind::UnknownStatus`] and [`FormErrorKind::UnknownProof`] come only where all
/// else can be read.
pub fn read(document: &Value) -> Result<AchievementCredential, FormError> {
    read_as(document)
}

/// Reads a status list.
///
/// # Errors
/// As [`read`].
pub fn read_status_list(list: &Value) -> Result<BitstringStatusListCredential, FormError> {
    read_as(list)
}

/// Reads a presentation.
///
/// # Errors
/// As [`read`].
pub fn read_presentation(presentation: &Value) -> Result<VerifiablePresentation, FormError> {
    read_as(presentation)
}

fn read_as<T: DeserializeOwned + Serialize>(value: &Value) -> Result<T, FormError> {
    refuse(value, Path::Root)?;
    let read = deserialized(value)?;
    // Serde takes more than JSON-LD means the same by, such as a list of values for an object: only what would be written so was read.
    let written = serde_json::to_value(&read).map_err(|error| FormError::value("", error.to_string()))?;
    match differing(&written, value, String::new()) {
        None => Ok(read),
        Some(error) => Err(error),
    }
}

/// The first place at which something stands otherwise than it would be written.
fn differing(written: &Value, value: &Value, path: String) -> Option<FormError> {
    match (written, value) {
        (Value::Object(written), Value::Object(fields)) if written.len() == fields.len() => fields
            .iter()
            .find_map(|(name, value)| differing(written.get(name).unwrap_or(&Value::Null), value, member(&path, name))),
        (Value::Array(written), Value::Array(values)) if written.len() == values.len() => written
            .iter()
            .zip(values)
            .enumerate()
            .find_map(|(index, (written, value))| differing(written, value, format!("{path}/{index}"))),
        (written, value) if written == value => None,
        (Value::Object(_), _) => Some(FormError::value(&path, "is a list of values without names: write an object")),
        _ => Some(FormError::value(&path, "is not written as every reader takes it: write the value itself")),
    }
}

fn deserialized<T: DeserializeOwned>(value: &Value) -> Result<T, FormError> {
    // Keeping track of where one is takes time: only for what cannot be read.
    T::deserialize(value).or_else(|_| deserialize(value)).or_else(|error| {
        let mut rest = value.clone();
        match without_unknown(&mut rest, "") {
            None => Err(error),
            Some(unknown) => deserialize::<T>(&rest).and(Err(unknown)),
        }
    })
}

/// What is refused wherever it stands.
fn refuse(value: &Value, path: Path<'_>) -> Result<(), FormError> {
    match value {
        Value::Null => Err(FormError::value(&path.to_string(), "is null, which no signature covers: leave it out")),
        Value::Array(values) => {
            values.iter().enumerate().try_for_each(|(index, value)| refuse(value, Path::Element(&path, index)))
        }
        Value::Object(fields) => fields.iter().try_for_each(|(name, value)| {
            let path = Path::Member(&path, name);
            match unchecked(name) {
                Some(what) => Err(FormError::new(&path.to_string(), FormErrorKind::Unchecked, what)),
                None => refuse(value, path),
            }
        }),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
    }
}

/// Why a term of the standards is refused.
fn unchecked(name: &str) -> Option<&'static str> {
    match name {
        "endorsement" => Some(
            "has endorsements, which have proofs of their own that are not checked here: hand them on as documents of their own",
        ),
        "endorsementJwt" => Some("has endorsements, which no signature covers: hand them on as documents of their own"),
        "refreshService" => Some("names a service for newer versions, which is not asked here: leave it out"),
        "termsOfUse" => {
            Some("has terms of use, which are not understood here and might forbid what is done: leave them out")
        }
        "previousProof" => {
            Some("makes a chain of proofs, which is not checked here: sign with proofs that stand alone")
        }
        _ => None,
    }
}

/// Takes out what is refused because nothing here checks it, but for chains of proofs, and tells the first of it.
pub(crate) fn remove_unchecked(value: &mut Value) -> Option<FormError> {
    let first = first_unchecked(value, Path::Root);
    if first.is_some() {
        strip_unchecked(value);
    }
    first
}

/// The reason for which a term may be taken out; a chain of proofs is no term of the document.
fn removable(name: &str) -> Option<&'static str> {
    unchecked(name).filter(|_| name != "previousProof")
}

fn first_unchecked(value: &Value, path: Path<'_>) -> Option<FormError> {
    match value {
        Value::Array(values) => {
            values.iter().enumerate().find_map(|(index, value)| first_unchecked(value, Path::Element(&path, index)))
        }
        Value::Object(fields) => fields.iter().find_map(|(name, value)| {
            let path = Path::Member(&path, name);
            let found = removable(name).map(|what| FormError::new(&path.to_string(), FormErrorKind::Unchecked, what));
            found.or_else(|| first_unchecked(value, path))
        }),
        _ => None,
    }
}

fn strip_unchecked(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(strip_unchecked),
        Value::Object(fields) => {
            fields.retain(|name, _| removable(name).is_none());
            fields.values_mut().for_each(strip_unchecked);
        }
        _ => {}
    }
}

fn deserialize<T: DeserializeOwned>(value: &Value) -> Result<T, FormError> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().iter().fold(String::new(), |path, segment| match segment {
            Segment::Seq { index } => format!("{path}/{index}"),
            Segment::Map { key } | Segment::Enum { variant: key } => member(&path, key),
            Segment::Unknown => path,
        });
        explain(&path, &error.into_inner().to_string())
    })
}

/// What serde says, as a person would, who knows what to do.
fn explain(path: &str, message: &str) -> FormError {
    let quoted = |start| message.strip_prefix(start).and_then(|rest: &str| rest.split_once('`'));
    if let Some((name, _)) = quoted("missing field `") {
        return FormError::value(&member(path, name), "is missing: add it");
    }
    if message.starts_with("unknown field `") {
        let what = "is a term that is not defined here, so that no signature covers it: leave it out";
        return FormError::new(path, FormErrorKind::Term, what);
    }
    let told =
        ["invalid type: ", "invalid value: ", "unknown variant "].iter().find_map(|start| message.strip_prefix(start));
    match told.and_then(|told| told.rsplit_once(", expected ")) {
        Some((is, expected)) => FormError::value(path, format!("is {}: write {expected}", cut(is))),
        None => FormError::value(path, message),
    }
}

/// As much of a text as fits into a line, and no characters that mislead. Serde has escaped some of what it took from the document.
fn cut(text: &str) -> String {
    let text = if misleads(text) { text.escape_debug().to_string() } else { text.into() };
    if text.chars().count() <= SHOWN { text } else { text.chars().take(SHOWN).chain(['…']).collect() }
}

/// Characters of what stands in a document that a message shows.
const SHOWN: usize = 80;

/// Takes statuses and proofs of unknown kinds out of a value, and tells the first one.
fn without_unknown(value: &mut Value, path: &str) -> Option<FormError> {
    match value {
        Value::Object(fields) => {
            let status = remove_status(fields, path);
            let proof = fields.get_mut("proof").and_then(|proof| remove_proofs(proof, &member(path, "proof")));
            if fields.get("proof").is_some_and(Value::is_null) {
                fields.remove("proof");
            }
            let mut inner = None;
            for (name, value) in fields.iter_mut() {
                inner = inner.or(without_unknown(value, &member(path, name)));
            }
            status.or(proof).or(inner)
        }
        Value::Array(values) => {
            let mut first = None;
            for (index, value) in values.iter_mut().enumerate() {
                first = first.or(without_unknown(value, &format!("{path}/{index}")));
            }
            first
        }
        _ => None,
    }
}

fn remove_status(fields: &mut Map<String, Value>, path: &str) -> Option<FormError> {
    let status = fields.get("credentialStatus")?.as_object()?;
    let path = member(path, "credentialStatus");
    let word = |name| status.get(name).and_then(Value::as_str);
    let (kind, purpose) = (word("type")?, word("statusPurpose"));
    let is = if kind != "BitstringStatusListEntry" {
        format!("is a status of the kind {}", shown(kind))
    } else if let Some(purpose) = purpose.filter(|purpose| !matches!(*purpose, "revocation" | "suspension")) {
        format!("is a status for the purpose {}", shown(purpose))
    } else if status.get("statusSize").and_then(Value::as_u64).is_some_and(|bits| bits > 1) {
        "is a status of more than one bit".into()
    } else {
        return None;
    };
    fields.remove("credentialStatus");
    let what = format!(
        "{is}, which cannot be checked here: only a BitstringStatusListEntry of one bit for revocation or suspension can; ask its issuer"
    );
    Some(FormError::new(&path, FormErrorKind::UnknownStatus, what))
}

/// Leaves `null` where no proof is left.
fn remove_proofs(proof: &mut Value, path: &str) -> Option<FormError> {
    let unknown = |proof: &Value| {
        proof.get("type").and_then(Value::as_str).filter(|kind| *kind != "DataIntegrityProof").map(shown)
    };
    let error = |path: &str, kind: &str| {
        let what = format!(
            "is a proof of the kind {kind}, which cannot be checked here: only a DataIntegrityProof can; ask its issuer"
        );
        FormError::new(path, FormErrorKind::UnknownProof, what)
    };
    if let Value::Array(proofs) = proof {
        let first = proofs.iter().enumerate().find_map(|(index, proof)| Some((index, unknown(proof)?)));
        proofs.retain(|proof| unknown(proof).is_none());
        first.map(|(index, kind)| error(&format!("{path}/{index}"), &kind))
    } else {
        let kind = unknown(proof)?;
        *proof = Value::Null;
        Some(error(path, &kind))
    }
}
