//! Documents that this project signs, read by JavaScript; documents that JavaScript signs, read by this project; and the canonical form
//! that both are over.

use jiff::Timestamp;
use microcred_client::document::{
    checking::Verdict,
    json,
    proof::{self, Cryptosuite, Options, Purpose},
    rdf::{self, ALIKE_LIMIT, RdfError},
};
use serde_json::{Map, Value};

use crate::{
    documents::{CREATED, ISSUER, Person, maximal, minimal, status_list},
    here,
    stack::{Case, Request, Stack, core, core_error},
    tampering,
    variety::{alike, ambiguous, credentials, others, strange, with_something_unsigned},
};

/// A document with proofs of this project, in this order.
pub(crate) fn signed(document: &Value, by: &Person, suites: &[Cryptosuite]) -> Value {
    let mut document = document.clone();
    let options = Options::assertion(CREATED.parse().unwrap());
    for suite in suites {
        proof::sign(&mut document, *suite, &options, &by.keypair()).unwrap();
    }
    document
}

/// A document as its reader has it.
fn read(document: &Value) -> Value {
    json::read(document.to_string().as_bytes()).unwrap()
}

#[test]
fn a_document_of_this_project_is_accepted_and_when_changed_refused() {
    let Some(stack) = Stack::ready() else { return };
    let document = signed(&maximal(), &ISSUER, &[Cryptosuite::EddsaRdfc2022]);
    tampering::assert_all(&stack, &document, "signed by Rust");
    let document = signed(&maximal(), &ISSUER, &[Cryptosuite::EddsaRdfc2022, Cryptosuite::EddsaJcs2022]);
    tampering::assert_all(&stack, &document, "signed by Rust, twice");
}

/// Why the proof over canonical RDF is the one that every document has.
#[test]
fn a_proof_over_canonical_json_alone_is_refused() {
    let Some(stack) = Stack::ready() else { return };
    let alone = signed(&minimal(), &ISSUER, &[Cryptosuite::EddsaJcs2022]);
    let first = signed(&minimal(), &ISSUER, &[Cryptosuite::EddsaJcs2022, Cryptosuite::EddsaRdfc2022]);
    let cases = vec![
        ("alone".into(), Case::from(&alone), Err("insufficient proofs matched"), core_error("invalid_signature")),
        ("with another after it".into(), Case::from(&first), Ok(()), core(&[("revocation", "not said")])),
    ];
    stack.assert(cases, &Map::new());
}

/// Neither library looks at when a proof ends.
#[test]
fn a_proof_that_has_ended_is_accepted_by_javascript() {
    let Some(stack) = Stack::ready() else { return };
    let mut ended = minimal();
    let expires = Some("2026-03-02T00:00:00Z".parse().unwrap());
    let options = Options { expires, ..Options::assertion(CREATED.parse().unwrap()) };
    proof::sign(&mut ended, Cryptosuite::EddsaRdfc2022, &options, &ISSUER.keypair()).unwrap();
    assert_eq!(proof::verify(&read(&ended)).unwrap()[0].expires, expires);
    stack.assert(vec![("ended".into(), Case::from(&ended), Ok(()), core(&[("revocation", "not said")]))], &Map::new());
}

#[test]
fn every_document_of_this_project_is_accepted() {
    let Some(stack) = Stack::ready() else { return };
    let list = "https://university.example/status/revocation/1";
    let empty = Request::status_list(&status_list(list, &ISSUER), &ISSUER, &[]);
    let lists = Map::from_iter([(list.to_owned(), stack.sign(&[empty]).remove(0))]);
    let cases = credentials().into_iter().map(|(name, document)| {
        let signed = signed(&document, &ISSUER, &[Cryptosuite::EddsaRdfc2022]);
        assert_eq!(proof::verify(&read(&signed)).map(|proofs| proofs.len()), Ok(1), "{name}");
        let status = if document.get("credentialStatus").is_some() { "not revoked" } else { "not said" };
        (name, Case::from(&signed), Ok(()), core(&[("revocation", status)]))
    });
    stack.assert(cases.collect(), &lists);
}

#[test]
fn a_document_of_the_javascript_stack_is_accepted_by_this_project() {
    let Some(stack) = Stack::ready() else { return };
    let documents = credentials();
    let requests: Vec<_> = documents.iter().map(|(_, document)| Request::document(document, &ISSUER)).collect();
    for ((name, document), foreign) in documents.iter().zip(stack.sign(&requests)) {
        let verified = proof::verify(&read(&foreign)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let [proof] = &verified[..] else { panic!("{name}: {verified:?}") };
        let said = (proof.key, proof.method.as_str(), proof.suite, proof.purpose, proof.created);
        let created: Timestamp = CREATED.parse().unwrap();
        let expected =
            (ISSUER.key(), &*ISSUER.method(), Cryptosuite::EddsaRdfc2022, Purpose::AssertionMethod, Some(created));
        assert_eq!(said, expected, "{name}");
        // Ed25519 signatures are deterministic: the same document has the same proof.
        let own = signed(document, &ISSUER, &[Cryptosuite::EddsaRdfc2022]);
        assert_eq!(own["proof"][0], foreign["proof"], "{name}");
    }
}

/// A canonical form, or why there is none.
type Form = Result<String, String>;

/// The canonical forms of this project and of JavaScript, beside the names of the documents.
fn forms(stack: &Stack, documents: &[(String, Value)]) -> Vec<(String, Form, Form)> {
    let theirs = stack.canonize(&documents.iter().map(|(_, document)| document).collect::<Vec<_>>());
    let of = |((name, document), theirs): (&(String, Value), _)| {
        (name.clone(), rdf::canonical(document).map_err(|error| error.to_string()), theirs)
    };
    documents.iter().zip(theirs).map(of).collect()
}

#[test]
fn the_canonical_form_is_that_of_javascript() {
    let Some(stack) = Stack::ready() else { return };
    let documents = [credentials(), others(), strange()].concat();
    for (name, ours, theirs) in forms(&stack, &documents) {
        assert_eq!(ours, theirs, "{name}");
    }
}

/// JavaScript takes the time, which grows with the factorial.
#[test]
fn more_that_is_alike_than_documents_have_is_refused_here() {
    let Some(stack) = Stack::ready() else { return };
    let [(name, ours, theirs)] = &forms(&stack, &[alike(ALIKE_LIMIT + 1)])[..] else { panic!() };
    assert_eq!(ours.as_ref().unwrap_err(), &RdfError::TooMuchAlike.to_string(), "{name}");
    theirs.as_ref().unwrap();
}

/// Requires that this project refuses the form of a document, signed if it can be.
#[track_caller]
fn assert_malformed(name: &str, mut document: Value) {
    let options = Options::assertion(CREATED.parse().unwrap());
    // Where there is no form to sign, there is none to check either.
    let _ = proof::sign(&mut document, Cryptosuite::EddsaRdfc2022, &options, &ISSUER.keypair());
    assert_eq!(here::verdict(&document), Verdict::Malformed, "{name}");
}

/// Why nobody reads on after a canonical form alone.
#[test]
fn what_a_signature_would_not_cover_is_refused() {
    for (name, document) in with_something_unsigned() {
        assert_malformed(&name, document);
    }
}

#[test]
fn what_libraries_sign_differently_is_refused() {
    for ((name, document), _) in ambiguous() {
        assert_malformed(&name, document);
    }
}

#[test]
fn javascript_signs_nothing_that_a_signature_would_not_cover() {
    let Some(stack) = Stack::ready() else { return };
    for (name, _, theirs) in forms(&stack, &with_something_unsigned()) {
        assert!(theirs.is_err(), "{name}");
    }
}

/// Should one of these fail, the libraries have come to agree.
#[test]
fn few_documents_have_a_form_that_depends_on_the_library() {
    let Some(stack) = Stack::ready() else { return };
    let (documents, reasons): (Vec<_>, Vec<_>) = ambiguous().into_iter().unzip();
    for ((name, ours, theirs), reason) in forms(&stack, &documents).into_iter().zip(reasons) {
        assert_ne!(ours.ok(), theirs.ok(), "{name}: {reason}");
    }
}

/// Every value of a document changes what is signed, when it is changed or left out.
#[test]
fn every_value_is_signed() {
    let document = maximal();
    let form = rdf::canonical(&document).unwrap();
    let mut unsigned = Vec::new();
    for pointer in leaves(&document, "") {
        let mut changed = document.clone();
        let value = changed.pointer_mut(&pointer).unwrap();
        *value = match value.take() {
            Value::String(text) => format!("{text}x").into(),
            Value::Bool(said) => (!said).into(),
            Value::Number(number) => (number.as_f64().unwrap() + 1.5).into(),
            other => panic!("{pointer}: {other}"),
        };
        if rdf::canonical(&changed).as_ref() == Ok(&form) {
            unsigned.push(pointer);
        }
    }
    assert!(unsigned.is_empty(), "{unsigned:?}");
}

/// Pointers to everything in a document that is neither object nor array.
fn leaves(value: &Value, pointer: &str) -> Vec<String> {
    match value {
        Value::Object(fields) => {
            fields.iter().flat_map(|(name, value)| leaves(value, &format!("{pointer}/{name}"))).collect()
        }
        Value::Array(values) => {
            values.iter().enumerate().flat_map(|(place, value)| leaves(value, &format!("{pointer}/{place}"))).collect()
        }
        _ => vec![pointer.into()],
    }
}
