//! Contexts without contexts inside of them, for documents that mean the same by these.
//!
//! Types bring words of their own, and a processor makes a context anew for each node that has such a type: that is more than half of its
//! work. Where every word of a document is one that the node's types or the contexts themselves define, and means one thing wherever it is
//! defined, the words of all types can as well be defined at once.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::is_kept_always;

/// What must be known of contexts to tell which documents mean the same by flat ones.
#[derive(Debug, Default)]
pub(super) struct Flat {
    /// By context: the terms that stand in it, not in contexts inside of it.
    outer: BTreeMap<&'static str, BTreeSet<String>>,
    /// By type: the terms that it brings.
    brought: BTreeMap<String, BTreeSet<String>>,
    /// Terms whose meaning depends on where they stand, or that change the meaning of others.
    unclear: BTreeSet<String>,
}

impl Flat {
    pub(super) fn new<'a>(contexts: impl Iterator<Item = (&'static str, &'a Value)>) -> Self {
        let mut flat = Self::default();
        let mut meanings = BTreeMap::new();
        for (url, context) in contexts {
            let Value::Object(definitions) = context else { continue };
            flat.outer.insert(url, definitions.keys().cloned().collect());
            for (term, definition) in definitions {
                flat.learn(term, definition, &mut meanings);
                let Some(Value::Object(inner)) = definition.get("@context") else { continue };
                let is_known = flat.brought.insert(term.clone(), inner.keys().cloned().collect()).is_some();
                // Beside terms, a context may have settings, which would hold for all others.
                if is_known || inner.keys().any(|key| key.starts_with('@') && key != "@protected") {
                    flat.unclear.insert(term.clone());
                }
                for (term, definition) in inner {
                    flat.learn(term, definition, &mut meanings);
                    if definition.get("@context").is_some() {
                        flat.unclear.insert(term.clone());
                    }
                }
            }
        }
        flat
    }

    fn learn(&mut self, term: &str, definition: &Value, meanings: &mut BTreeMap<String, Value>) {
        let meaning = meaning(definition);
        let depends = meaning["@type"] == "@vocab" || definition.get("@context").is_some_and(Value::is_null);
        let known = meanings.entry(term.into()).or_insert_with(|| meaning.clone());
        if *known != meaning || depends {
            self.unclear.insert(term.into());
        }
    }

    /// Whether a document means the same by flat contexts. `terms` are all terms of all contexts.
    pub(super) fn suits(&self, document: &Value, terms: &BTreeSet<String>) -> bool {
        let Value::Object(fields) = document else { return false };
        let named: Vec<_> = match fields.get("@context") {
            Some(Value::Array(named)) => named.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(named)) => vec![named],
            _ => return false,
        };
        let outer: Vec<_> = named.iter().filter_map(|url| self.outer.get(url)).collect();
        let is_outer = |term: &str| outer.iter().any(|context| context.contains(term));
        self.suits_node(fields, &is_outer, terms, true)
    }

    fn suits_node(
        &self,
        fields: &Map<String, Value>,
        is_outer: &dyn Fn(&str) -> bool,
        terms: &BTreeSet<String>,
        is_root: bool,
    ) -> bool {
        let types: Vec<_> = match fields.get("type") {
            Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(one)) => vec![one],
            _ => Vec::new(),
        };
        let brought: Vec<_> = types.iter().filter_map(|name| self.brought.get(*name)).collect();
        let are_types_clear =
            types.iter().all(|name| !terms.contains(*name) || (is_outer(name) && !self.unclear.contains(*name)));
        are_types_clear
            && fields.iter().all(|(key, value)| match key.as_str() {
                "@context" => is_root,
                "id" | "type" => true,
                key => {
                    let is_defined = is_outer(key) || brought.iter().any(|terms| terms.contains(key));
                    // A context that a type has counts for the type; as a key, the term would bring it to others.
                    let is_clear = !self.unclear.contains(key) && !self.brought.contains_key(key);
                    is_defined && is_clear && self.suits_value(value, is_outer, terms)
                }
            })
    }

    fn suits_value(&self, value: &Value, is_outer: &dyn Fn(&str) -> bool, terms: &BTreeSet<String>) -> bool {
        match value {
            Value::Object(fields) => self.suits_node(fields, is_outer, terms, false),
            Value::Array(values) => values.iter().all(|value| self.suits_value(value, is_outer, terms)),
            _ => true,
        }
    }
}

/// A context with the terms of the contexts inside of it.
pub(super) fn flattened(context: &Value) -> Value {
    let mut terms = Map::new();
    if let Value::Object(definitions) = context {
        for (term, definition) in definitions.iter().filter(|(term, _)| *term != "@protected") {
            terms.insert(term.clone(), outside(definition));
            if let Some(Value::Object(inner)) = definition.get("@context") {
                let inner = inner.iter().filter(|(term, _)| !is_kept_always(term));
                terms.extend(inner.map(|(term, definition)| (term.clone(), outside(definition))));
            }
        }
    }
    Value::Object(terms)
}

/// A definition without the context inside of it.
fn outside(definition: &Value) -> Value {
    let mut definition = definition.clone();
    if let Value::Object(parts) = &mut definition {
        parts.remove("@context");
    }
    definition
}

/// What a definition says, as far as RDF depends on it: sets are no different from single values there, and the contexts of types are
/// looked at elsewhere.
fn meaning(definition: &Value) -> Value {
    let mut meaning = match definition {
        Value::Object(parts) => Value::Object(parts.clone()),
        short => json!({ "@id": short }),
    };
    if let Value::Object(parts) = &mut meaning {
        parts.remove("@protected");
        if parts.get("@container").is_some_and(|container| container == "@set") {
            parts.remove("@container");
        }
        parts.remove("@context");
    }
    meaning
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::context::{CREDENTIALS_V2, Contexts, OPEN_BADGES, OPEN_BADGES_EXTENSIONS};

    fn suits(document: &Value) -> bool {
        let contexts = Contexts::standard();
        contexts.flat.suits(document, &contexts.terms)
    }

    fn badge() -> Value {
        json!({
            "@context": [CREDENTIALS_V2, OPEN_BADGES, OPEN_BADGES_EXTENSIONS],
            "type": ["VerifiableCredential", "AchievementCredential"],
            "credentialSubject": {
                "type": "AchievementSubject",
                "identifier": [{"type": "IdentityObject", "hashed": true, "salt": "a"}],
                "achievement": {"type": ["Achievement"], "name": "Rust", "tag": ["Profile"]},
            },
        })
    }

    #[test]
    fn a_document_whose_words_stand_where_they_are_defined_is_suited() {
        assert!(suits(&badge()));
        for (place, value) in [
            // Not of this type; of no type; of no context.
            ("/credentialSubject/targetName", json!("x")),
            ("/targetName", json!("x")),
            ("/credentialSubject/nonsense", json!("x")),
            // With a context of its own, or one by which its value is read.
            ("/credentialSubject/@context", json!(CREDENTIALS_V2)),
            ("/credentialStatus", json!({"type": "BitstringStatusListEntry", "statusMessage": [{"status": "0x0"}]})),
            ("/proof", json!({"type": "DataIntegrityProof", "proofPurpose": "assertionMethod"})),
            // Meaning one thing here, another there.
            ("/credentialSubject/result", json!({"type": "Result", "resultDescription": "urn:a:1"})),
            // A word that names something only inside of a type.
            ("/credentialSubject/achievement/type", json!(["Achievement", "targetName"])),
            ("/@context", json!(CREDENTIALS_V2)),
        ] {
            let mut badge = badge();
            let (parent, key) = place.rsplit_once('/').unwrap();
            badge.pointer_mut(parent).unwrap()[key] = value;
            assert!(!suits(&badge), "{place}");
        }
    }

    #[test]
    fn no_term_of_the_contexts_is_a_prefix_of_others() {
        // Else a flat context could give a meaning to identifiers that begin with a term of some type.
        let contexts = Contexts::standard();
        for context in contexts.full.values() {
            let Value::Object(terms) = flattened(context) else { panic!("no context") };
            for (term, definition) in terms.iter().filter(|(term, _)| !term.starts_with('@')) {
                assert!(definition.get("@prefix").is_none(), "{term}");
                let iri = meaning(definition)["@id"].as_str().unwrap_or_default().to_owned();
                assert!(!iri.ends_with(['/', '#', '?', ':', '[', ']', '@']), "{term}: {iri}");
            }
        }
    }
}
