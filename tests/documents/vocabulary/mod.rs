//! The vocabulary against the official schema, against itself, and against what is signed.

mod agreement;
mod coverage;
mod forms;
mod lists;
mod refusals;
mod wrappers;

use microcred_client::document::vocabulary::{self, FormError};
use serde_json::Value;

/// What is wrong with a document, in reading or by the rules of form.
fn errors(document: &Value) -> Vec<FormError> {
    match vocabulary::read(document) {
        Ok(credential) => vocabulary::check(&credential),
        Err(error) => vec![error],
    }
}

/// The paths of all leaves of a value: what is neither object nor list.
fn leaves(value: &Value) -> Vec<String> {
    fn collect(value: &Value, path: &str, leaves: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                fields.iter().for_each(|(name, value)| collect(value, &format!("{path}/{name}"), leaves));
            }
            Value::Array(values) => {
                values.iter().enumerate().for_each(|(index, value)| collect(value, &format!("{path}/{index}"), leaves));
            }
            _ => leaves.push(path.into()),
        }
    }
    let mut leaves_found = Vec::new();
    collect(value, "", &mut leaves_found);
    leaves_found
}

/// The paths of all values but the document itself.
fn places(value: &Value) -> Vec<String> {
    let mut places: Vec<String> = leaves(value);
    for leaf in places.clone() {
        let parents = leaf.match_indices('/').map(|(at, _)| leaf[..at].to_owned()).filter(|parent| !parent.is_empty());
        places.extend(parents);
    }
    places.sort();
    places.dedup();
    places
}

/// The same value, but for what stands at a path.
fn with(value: &Value, path: &str, new: Value) -> Value {
    let mut value = value.clone();
    let (parent, name) = path.rsplit_once('/').unwrap();
    match value.pointer_mut(parent).unwrap() {
        Value::Object(fields) => {
            fields.insert(name.into(), new);
        }
        Value::Array(values) => values[name.parse::<usize>().unwrap()] = new,
        other => panic!("{parent} is {other}"),
    }
    value
}

/// The same value, without what stands at a path.
fn without(value: &Value, path: &str) -> Value {
    let mut value = value.clone();
    let (parent, name) = path.rsplit_once('/').unwrap();
    value.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name).unwrap();
    value
}
