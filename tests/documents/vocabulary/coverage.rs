//! No term of the vocabulary is unsigned: whatever is changed in a document, what proofs are over changes with it.

use microcred_client::document::{
    proof::{self, Cryptosuite, Options, Purpose},
    rdf,
};
use serde_json::{Value, json};
use solana_keypair::Keypair;

use super::{errors, leaves, places, with, without};
use crate::samples;

/// Another value of the same JSON type.
fn other(value: &Value) -> Value {
    match value {
        Value::Bool(value) => json!(!value),
        Value::Number(value) => json!(value.as_f64().unwrap() + 0.5),
        Value::String(text) => json!(format!("{text}x")),
        other => panic!("{other} is no leaf"),
    }
}

/// What is left out is told apart only where no list holds it.
fn is_term(document: &Value, leaf: &str) -> bool {
    document.pointer(leaf.rsplit_once('/').unwrap().0).unwrap().is_object()
}

#[test]
fn every_leaf_is_in_the_canonical_form() {
    let document = without(&samples::maximal(), "/proof");
    let signed = rdf::canonical(&document).unwrap();
    let mut terms = 0;
    for leaf in leaves(&document).iter().filter(|leaf| !leaf.starts_with("/@context")) {
        let changed = with(&document, leaf, other(document.pointer(leaf).unwrap()));
        assert_ne!(rdf::canonical(&changed).unwrap(), signed, "{leaf}");
        if is_term(&document, leaf) {
            assert_ne!(rdf::canonical(&without(&document, leaf)).unwrap(), signed, "{leaf}");
        }
        terms += 1;
    }
    assert!(terms > 150, "{terms}");
}

/// A term that no context defines leaves no trace: this is why such terms are refused, and how the test above would find one.
#[test]
fn terms_of_the_schema_that_are_not_defined_are_not_signed() {
    let document = without(&samples::maximal(), "/proof");
    let signed = rdf::canonical(&document).unwrap();
    for (place, unsigned) in [
        ("/endorsementJwt", json!("a.b.c")),
        ("/unknownTerm", json!("x")),
        ("/credentialSubject/validUntil", json!("2029-11-23T00:00:00Z")),
    ] {
        let changed = with(&document, place, unsigned);
        assert_eq!(rdf::canonical(&changed).unwrap(), signed, "{place}");
        assert!(!errors(&changed).is_empty(), "{place}");
    }
}

#[test]
fn a_term_moved_between_nodes_of_one_identifier_is_signed_alike() {
    let document = with_two_profiles_of_the_issuer();
    let hidden = without(&document, "/issuer/name");
    assert_eq!(rdf::canonical(&hidden).unwrap(), rdf::canonical(&document).unwrap());
    assert_eq!((errors(&document).len(), errors(&hidden).len()), (0, 1));
}

fn with_two_profiles_of_the_issuer() -> Value {
    let mut document = without(&samples::maximal(), "/proof");
    document["credentialSubject"]["achievement"]["creator"] = document["issuer"].clone();
    document
}

/// Whatever can be moved to another node, and is still read, changes what is signed.
#[test]
fn no_term_can_be_moved_unnoticed() {
    let with_part_of_the_issuer =
        without(&with_two_profiles_of_the_issuer(), "/credentialSubject/achievement/creator/name");
    let mut moved = 0;
    for document in [without(&samples::maximal(), "/proof"), with_part_of_the_issuer] {
        let signed = rdf::canonical(&document).unwrap();
        let places = places(&document);
        let nodes = places.iter().filter(|place| document.pointer(place).unwrap().is_object());
        let nodes: Vec<_> = nodes.map(String::as_str).chain([""]).collect();
        for term in places.iter().filter(|place| is_term(&document, place) && !place.starts_with("/@context")) {
            let name = term.rsplit_once('/').unwrap().1;
            let rest = without(&document, term);
            for node in nodes.iter().filter(|node| !node.starts_with(term.as_str())) {
                let to = format!("{node}/{name}");
                if document.pointer(&to).is_none() {
                    let changed = with(&rest, &to, document.pointer(term).unwrap().clone());
                    if errors(&changed).is_empty() {
                        assert_ne!(rdf::canonical(&changed).unwrap(), signed, "{term} to {to}");
                        moved += 1;
                    }
                }
            }
        }
    }
    assert!(moved > 100, "{moved}");
}

#[test]
fn every_leaf_of_a_signed_document_is_proven_or_refused() {
    for suite in [Cryptosuite::EddsaRdfc2022, Cryptosuite::EddsaJcs2022] {
        let mut document = without(&samples::maximal(), "/proof");
        let options = Options {
            created: "2026-11-23T00:00:01Z".parse().unwrap(),
            expires: Some("2030-11-23T00:00:01Z".parse().unwrap()),
            purpose: Purpose::AssertionMethod,
            challenge: Some("a challenge".into()),
            domain: Some("example.edu".into()),
        };
        proof::sign(&mut document, suite, &options, &Keypair::new_from_array([7; 32])).unwrap();
        assert_eq!((errors(&document), proof::verify(&document).is_ok()), (vec![], true));
        for leaf in leaves(&document) {
            let changed = with(&document, &leaf, other(document.pointer(&leaf).unwrap()));
            assert!(proof::verify(&changed).is_err() || !errors(&changed).is_empty(), "{leaf}");
        }
    }
}
