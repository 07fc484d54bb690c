//! One identifier, one thing. In what is signed, two nodes with one identifier are one node, so that a term could be moved from the one to
//! the other, or out of sight, and the signature would still hold.
//!
//! Equal copies say the same wherever they stand. Of the issuer, others may say a part: nothing can be moved out of what it says itself.

use std::collections::BTreeMap;

use serde_json::Value;

use super::form::{FormError, FormErrorKind, Path};
use crate::bulk::table::shown;

/// Where the node of the issuer stands.
const ISSUER: &str = "/issuer";

/// Adds every node whose identifier another, different one has. Proofs are signed by themselves, and shown documents too.
pub(super) fn check(document: &Value, errors: &mut Vec<FormError>) {
    let mut nodes = BTreeMap::new();
    collect(document, Path::Root, &mut nodes);
    for (id, nodes) in &nodes {
        let issuer = nodes.iter().find(|node| node.path == ISSUER);
        let Some(first) = issuer.or(nodes.first()) else { continue };
        let says = |node: &Node<'_>| {
            if issuer.is_some() { is_part(node.value, first.value) } else { node.value == first.value }
        };
        for node in nodes.iter().filter(|node| !says(node)) {
            let place = if first.path.is_empty() { "the document itself" } else { &first.path };
            let what = format!(
                "has the identifier {} that {place} has, and says something else: give it its own, or write there what it says",
                shown(id)
            );
            errors.push(FormError::new(&node.path, FormErrorKind::Identifier, what));
        }
    }
}

/// A node that is described, or an issuer of which only the identifier is given.
struct Node<'a> {
    path: String,
    value: &'a Value,
}

fn collect<'a>(value: &'a Value, path: Path<'_>, nodes: &mut BTreeMap<&'a str, Vec<Node<'a>>>) {
    match value {
        Value::Object(fields) => {
            if let Some(id) = fields.get("id").and_then(Value::as_str) {
                nodes.entry(id).or_default().push(Node { path: path.to_string(), value });
            }
            for (name, value) in fields {
                let path = Path::Member(&path, name);
                match (name.as_str(), value) {
                    ("proof" | "verifiableCredential", _) => {}
                    // The one place where a node may be given by its identifier alone.
                    ("issuer", Value::String(id)) => {
                        nodes.entry(id).or_default().push(Node { path: path.to_string(), value })
                    }
                    _ => collect(value, path, nodes),
                }
            }
        }
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                collect(value, Path::Element(&path, index), nodes);
            }
        }
        _ => {}
    }
}

/// Whether all that a node says stands in another one too, but for what it is, which its place tells.
fn is_part(node: &Value, whole: &Value) -> bool {
    match (node, whole) {
        (Value::Object(node), Value::Object(whole)) => {
            node.iter().all(|(name, value)| name == "type" || whole.get(name) == Some(value))
        }
        _ => node == whole,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wrong(document: &Value) -> Vec<String> {
        let mut errors = Vec::new();
        check(document, &mut errors);
        errors.into_iter().map(|error| error.path).collect()
    }

    #[test]
    fn a_term_cannot_move_between_nodes_that_share_an_identifier() {
        let (named, bare, typed) =
            (json!({"id": "a:1", "name": "A"}), json!({"id": "a:1"}), json!({"id": "a:1", "type": "Profile"}));
        for (document, expected) in [
            (json!({"issuer": named, "x": {"creator": named}}), None),
            (json!({"issuer": named, "x": {"creator": typed}}), None),
            (json!({"issuer": bare, "x": {"creator": named}}), Some("/x/creator")),
            (json!({"issuer": "a:1", "x": {"creator": named}}), Some("/x/creator")),
            (json!({"issuer": "a:1", "x": {"creator": typed}}), Some("/x/creator")),
            (json!({"a": [named, named]}), None),
            (json!({"a": [named, bare]}), Some("/a/1")),
            (json!({"id": "a:1", "x": bare}), Some("/x")),
            (json!({"id": "a:1", "proof": named, "verifiableCredential": [named]}), None),
        ] {
            assert_eq!(wrong(&document), Vec::from_iter(expected), "{document}");
        }
    }
}
