//! The canonical form that `eddsa-rdfc-2022` proofs are over: a JSON-LD document as RDF, canonicalized by RDFC-1.0, as N-Quads.

mod neighbours;

use std::{collections::HashSet, sync::Arc};

use oxjsonld::{JsonLdParser, JsonLdRemoteDocument};
use oxrdf_02 as older;
use rdf_canon::{CanonicalizationOptions, canonicalize_quads_with};
use serde_json::Value;
use sha2::Sha256;

use self::neighbours::Neighbours;
use super::context::{Contexts, Pruned};

/// How many statements a document gives at most.
pub const STATEMENT_LIMIT: usize = 4_096;

/// How many of the nodes without `id` that one such node links to may look alike. Telling n of them apart takes n! steps.
pub const ALIKE_LIMIT: usize = 5;

/// How many nodes without `id` that have a double each may be linked to each other. The canonicalizer goes along such links by calling
/// itself, and at each of them keeps what it knows so far.
pub const LINKED_LIMIT: usize = 256;

/// How many contexts a document names at most, all nodes taken together. Each of them costs as much as a whole document.
pub const CONTEXT_LIMIT: usize = 128;

/// How many orders of nodes the canonicalizer may try, in all. It takes some microseconds for each.
const STEP_LIMIT: usize = 200_000;

/// How often the canonicalizer may look into the neighbourhood of a node, whatever that costs.
const NEIGHBOURHOOD_LIMIT: usize = 4_000;

/// Why a document has no canonical form here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RdfError {
    /// A context that is not in the closed set.
    #[error("the context {0:?} is not one of those that are known; contexts are never fetched")]
    Context(String),
    /// Not JSON-LD.
    #[error("it is not JSON-LD: {0}")]
    JsonLd(String),
    /// More than [`STATEMENT_LIMIT`].
    #[error("it makes more than {STATEMENT_LIMIT} statements, as no document does")]
    TooMuch,
    /// Work that only documents made for this purpose ask for.
    #[error(
        "more than {ALIKE_LIMIT} of its nodes without `id` that stand side by side look alike, which could make canonicalizing it endless: \
         give them ids, or write repeated ones once"
    )]
    TooMuchAlike,
    /// More than [`LINKED_LIMIT`].
    #[error(
        "more than {LINKED_LIMIT} of its nodes without `id` that look alike are linked to each other, which takes too much memory: give \
         them ids"
    )]
    TooManyLinked,
    /// More than [`CONTEXT_LIMIT`].
    #[error(
        "it names contexts {0} times, and {CONTEXT_LIMIT} times are enough: name them once, where the document begins"
    )]
    TooManyContexts(usize),
    /// Types of which each gives words a meaning of its own: processors differ on what is then signed.
    #[error("a node has several types that give its words their meaning: processors differ on what is then signed")]
    Types,
    /// The canonicalizer gave up.
    #[error("it cannot be canonicalized: {0}")]
    Canonicalization(String),
}

/// The canonical N-Quads of a JSON-LD document. Work and memory are bounded.
///
/// # Errors
/// An unknown context, what is no JSON-LD, or more work than documents take.
pub fn canonical(document: &Value) -> Result<String, RdfError> {
    canonical_with(document, Contexts::standard())
}

pub(super) fn canonical_with(document: &Value, contexts: &Contexts) -> Result<String, RdfError> {
    if let Some(unknown) = unknown_context(document, contexts) {
        return Err(RdfError::Context(unknown.chars().take(120).collect()));
    }
    let named = contexts_named(document);
    if named > CONTEXT_LIMIT {
        return Err(RdfError::TooManyContexts(named));
    }
    if contexts.has_ambiguous_types(document) {
        return Err(RdfError::Types);
    }
    canonical_of(document, contexts.for_document(document))
}

fn canonical_of(document: &Value, contexts: Arc<Pruned>) -> Result<String, RdfError> {
    let statements = statements(document, contexts)?;
    let steps = Neighbours::of(&statements).steps()?;
    let looks = STEP_LIMIT.checked_div(steps).unwrap_or(NEIGHBOURHOOD_LIMIT).min(NEIGHBOURHOOD_LIMIT);
    let options = CanonicalizationOptions { hndq_call_limit: Some(looks) };
    canonicalize_quads_with::<Sha256>(&statements, &options)
        .map_err(|error| RdfError::Canonicalization(error.to_string()))
}

/// The first context that is named anywhere in a document and is not known.
fn unknown_context<'a>(value: &'a Value, contexts: &Contexts) -> Option<&'a str> {
    match value {
        Value::Object(fields) => {
            let named: &[Value] = match fields.get("@context") {
                Some(Value::Array(named)) => named,
                Some(named) => std::slice::from_ref(named),
                None => &[],
            };
            let unknown =
                named.iter().map(|url| url.as_str().unwrap_or("(written out)")).find(|url| !contexts.has(url));
            unknown.or_else(|| fields.values().find_map(|value| unknown_context(value, contexts)))
        }
        Value::Array(values) => values.iter().find_map(|value| unknown_context(value, contexts)),
        _ => None,
    }
}

/// How often a document names contexts.
fn contexts_named(value: &Value) -> usize {
    let within = |values: &mut dyn Iterator<Item = &Value>| values.map(contexts_named).fold(0, usize::saturating_add);
    match value {
        Value::Object(fields) => {
            let own = fields.get("@context").map_or(0, |named| named.as_array().map_or(1, Vec::len));
            own.saturating_add(within(&mut fields.values()))
        }
        Value::Array(values) => within(&mut values.iter()),
        _ => 0,
    }
}

fn statements(document: &Value, contexts: Arc<Pruned>) -> Result<Vec<older::Quad>, RdfError> {
    let text = document.to_string();
    let parser = JsonLdParser::new().for_slice(text.as_bytes()).with_load_document_callback(move |url, _| {
        let document = contexts.get(url).ok_or("this context is not known")?.clone();
        Ok(JsonLdRemoteDocument { document, document_url: url.into() })
    });
    // Of equal statements a dataset has one.
    let mut statements = HashSet::new();
    for statement in parser {
        let statement = statement.map_err(|error| RdfError::JsonLd(error.to_string()))?;
        if statements.len() >= STATEMENT_LIMIT {
            return Err(RdfError::TooMuch);
        }
        statements.insert(as_older(&statement));
    }
    Ok(statements.into_iter().collect())
}

/// The same statement in the types that the canonicalizer takes, which are those of an older release.
fn as_older(statement: &oxrdf::Quad) -> older::Quad {
    let named = |node: &oxrdf::NamedNode| older::NamedNode::new_unchecked(node.as_str());
    let blank = |node: &oxrdf::BlankNode| older::BlankNode::new_unchecked(node.as_str());
    let subject: older::Subject = match &statement.subject {
        oxrdf::NamedOrBlankNode::NamedNode(node) => named(node).into(),
        oxrdf::NamedOrBlankNode::BlankNode(node) => blank(node).into(),
    };
    let object: older::Term = match &statement.object {
        oxrdf::Term::NamedNode(node) => named(node).into(),
        oxrdf::Term::BlankNode(node) => blank(node).into(),
        oxrdf::Term::Literal(literal) => match literal.language() {
            Some(language) => older::Literal::new_language_tagged_literal_unchecked(literal.value(), language).into(),
            None => {
                let datatype = older::NamedNode::new_unchecked(literal.datatype().as_str());
                older::Literal::new_typed_literal(literal.value(), datatype).into()
            }
        },
    };
    let graph: older::GraphName = match &statement.graph_name {
        oxrdf::GraphName::DefaultGraph => older::GraphName::DefaultGraph,
        oxrdf::GraphName::NamedNode(node) => named(node).into(),
        oxrdf::GraphName::BlankNode(node) => blank(node).into(),
    };
    older::Quad::new(subject, named(&statement.predicate), object, graph)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::context::{CREDENTIALS_V2, OPEN_BADGES, OPEN_BADGES_EXTENSIONS};

    fn badge(alignments: &Value) -> Value {
        json!({
            "@context": [CREDENTIALS_V2, OPEN_BADGES, OPEN_BADGES_EXTENSIONS],
            "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
            "type": ["VerifiableCredential", "AchievementCredential"],
            "issuer": {"id": "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2", "type": ["Profile"]},
            "validFrom": "2026-11-23T00:00:00Z",
            "credentialSubject": {
                "type": ["AchievementSubject"],
                "creditsEarned": 2.5,
                "achievement": {
                    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc34",
                    "type": ["Achievement"],
                    "name": "Ada \"Λ\" \\ \n",
                    "tag": ["Alignment", "data"],
                    "criteria": {"narrative": "None."},
                    "alignment": alignments
                }
            }
        })
    }

    fn alignments(count: usize, name: impl Fn(usize) -> String) -> Value {
        let one = |number| json!({"type": ["Alignment"], "targetName": name(number), "targetUrl": "https://a.example"});
        (0..count).map(one).collect()
    }

    #[test]
    fn pruned_contexts_give_the_same_as_whole_ones() {
        let contexts = Contexts::standard();
        for alignments in [json!([]), alignments(3, |number| format!("{number}")), alignments(2, |_| "same".into())] {
            let badge = badge(&alignments);
            let pruned = canonical(&badge).unwrap();
            assert_eq!(pruned, canonical_of(&badge, contexts.unpruned()).unwrap());
            assert!(pruned.contains("\"2.5E0\"^^<https://www.w3.org/2001/XMLSchema#float>"), "{pruned}");
            assert!(pruned.contains(r#""Ada \"Λ\" \\ \n""#), "{pruned}");
            // What stands where no context defines it is dropped by both.
            let mut misplaced = badge.clone();
            misplaced["credentialSubject"]["targetName"] = json!("x");
            assert_eq!(canonical(&misplaced).unwrap(), pruned);
            assert_eq!(canonical_of(&misplaced, contexts.unpruned()).unwrap(), pruned);
        }
    }

    #[test]
    fn contexts_are_known_or_refused() {
        let mut badge = badge(&json!([]));
        badge["credentialSubject"]["@context"] = json!("https://attacker.example");
        assert_eq!(canonical(&badge), Err(RdfError::Context("https://attacker.example".into())));
        badge["credentialSubject"]["@context"] = json!({"name": "https://a.example"});
        assert_eq!(canonical(&badge), Err(RdfError::Context("(written out)".into())));
    }

    #[test]
    fn types_that_processors_take_differently_are_refused() {
        let mut badge = badge(&json!([]));
        badge["credentialSubject"]["achievement"]["type"] = json!(["Achievement", "Profile"]);
        assert_eq!(canonical(&badge), Err(RdfError::Types));
        badge["credentialSubject"]["achievement"]["type"] = json!(["Achievement", "https://a.example/Kind"]);
        canonical(&badge).unwrap();
    }

    #[test]
    fn work_is_bounded() {
        // Beside a node with an id, all are told apart in one step.
        canonical(&badge(&alignments(100, |_| "same".into()))).unwrap();
        let beside_blank = |count| {
            let mut badge = badge(&json!([]));
            badge["credentialSubject"]["result"] =
                json!([{"type": ["Result"], "alignment": alignments(count, |_| "same".into())}]);
            badge
        };
        canonical(&beside_blank(ALIKE_LIMIT)).unwrap();
        assert_eq!(canonical(&beside_blank(ALIKE_LIMIT + 1)), Err(RdfError::TooMuchAlike));
        canonical(&badge(&alignments(1_000, |number| format!("{number}")))).unwrap();
        let many = badge(&alignments(1_500, |number| format!("{number}")));
        assert_eq!(canonical(&many), Err(RdfError::TooMuch));
    }

    #[test]
    fn what_leads_on_and_on_is_refused_before_it_is_followed() {
        let ring = |length: usize| {
            let node = |number: usize| {
                let next = format!("_:n{}", (number + 1) % length);
                json!({"id": format!("_:n{number}"), "type": "VerifiableCredential", "credentialSubject": {"id": next}})
            };
            let mut badge = badge(&json!([]));
            badge["credentialSubject"] = (0..length).map(node).collect();
            badge
        };
        assert!(matches!(canonical(&ring(LINKED_LIMIT)), Err(RdfError::Canonicalization(_))));
        assert_eq!(canonical(&ring(LINKED_LIMIT + 1)), Err(RdfError::TooManyLinked));
        let mut badge = badge(&json!([]));
        badge["@context"] = json!(vec![CREDENTIALS_V2; CONTEXT_LIMIT]);
        canonical(&badge).unwrap();
        badge["issuer"]["@context"] = json!(OPEN_BADGES);
        assert_eq!(canonical(&badge), Err(RdfError::TooManyContexts(CONTEXT_LIMIT + 1)));
    }

    #[test]
    fn presentations_of_many_documents_are_canonicalized() {
        let documents: Vec<_> = (0..20)
            .map(|number| {
                let mut badge = badge(&alignments(3, |number| format!("{number}")));
                badge["id"] = json!(format!("urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc{number:02}"));
                badge["issuer"]["address"] = json!({"type": ["Address"], "addressCountryCode": "PT"});
                badge["proof"] = json!([{"type": "DataIntegrityProof", "proofValue": format!("z{number}")}]);
                badge
            })
            .collect();
        let presentation = json!({"@context": [CREDENTIALS_V2], "type": ["VerifiablePresentation"], "verifiableCredential": documents});
        canonical(&presentation).unwrap();
    }
}
