//! What the two verifiers, and this project, say of documents that somebody changed after signing.

use microcred_client::document::checking::{Kind, Verdict};
use serde_json::{Map, Value, json};

use crate::{
    documents::{ISSUER, STRANGER, foreign, maximal, set, status_list},
    here,
    stack::{Case, Request, Stack, core, core_error},
};

/// The IRI that the key `credentialStatus` stands for.
const STATUS_IRI: &str = "https://www.w3.org/2018/credentials#credentialStatus";

/// What verifier-core says of a changed document.
enum Core {
    /// An error, and nothing else.
    Error(&'static str),
    /// All is well, but for these parts.
    But(&'static [(&'static str, &'static str)]),
}

use Core::{But, Error};

const FORGED: Result<(), &str> = Err("Invalid signature.");
const UNKNOWN_TERM: Result<(), &str> = Err("Safe mode validation error.");

/// What this project finds where anything that was signed is another.
const ALTERED: Result<(), Kind> = Err(Kind::BadProof);

/// A name, what somebody did to the document, what @digitalbazaar/vc says, what verifier-core says, and what decides here.
type Row = (&'static str, fn(&mut Value), Result<(), &'static str>, Core, Result<(), Kind>);

const ROWS: &[Row] = &[
    ("nothing", |_| {}, Ok(()), But(&[]), Ok(())),
    (
        "another title",
        |document| set(document, "/name", "Doctor of everything"),
        FORGED,
        Error("invalid_signature"),
        ALTERED,
    ),
    (
        "another name of the issuer",
        |document| set(document, "/issuer/name", "Université"),
        FORGED,
        Error("invalid_signature"),
        ALTERED,
    ),
    (
        "more credits",
        |document| set(document, "/credentialSubject/achievement/creditsAvailable", 50),
        FORGED,
        Error("invalid_signature"),
        ALTERED,
    ),
    (
        "another subject",
        |document| set(document, "/credentialSubject/id", STRANGER.did()),
        FORGED,
        Error("invalid_signature"),
        ALTERED,
    ),
    (
        "a better grade",
        |document| set(document, "/credentialSubject/result/0/value", "1,0"),
        FORGED,
        Error("invalid_signature"),
        ALTERED,
    ),
    (
        "a later end",
        |document| set(document, "/validUntil", "2226-03-01T00:00:00Z"),
        FORGED,
        Error("invalid_signature"),
        ALTERED,
    ),
    ("no end", |document| remove(document, "validUntil"), FORGED, Error("invalid_signature"), ALTERED),
    ("no status", |document| remove(document, "credentialStatus"), FORGED, Error("invalid_signature"), ALTERED),
    (
        "another index in the list",
        |document| set(document, "/credentialStatus/statusListIndex", "7"),
        FORGED,
        Error("invalid_signature"),
        ALTERED,
    ),
    (
        "another account",
        |document| {
            set(
                document,
                "/evidence/0/narrative",
                "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp:11111111111111111111111111111111",
            )
        },
        FORGED,
        Error("invalid_signature"),
        ALTERED,
    ),
    // Both accept these three, and so nobody looks at the status: they canonicalize to what was signed.
    (
        "the status under its whole IRI",
        |document| rename(document, "credentialStatus", STATUS_IRI),
        Ok(()),
        But(&[("revocation", "not said")]),
        Err(Kind::Unreadable),
    ),
    (
        "the status under a name from an inline context",
        |document| {
            document["@context"]
                .as_array_mut()
                .unwrap()
                .push(json!({ "state": { "@id": STATUS_IRI, "@type": "@id" } }));
            rename(document, "credentialStatus", "state");
        },
        Ok(()),
        But(&[("revocation", "not said")]),
        Err(Kind::Unreadable),
    ),
    (
        "the status in an included block",
        |document| {
            let status = document["credentialStatus"].take();
            remove(document, "credentialStatus");
            let id = document["id"].clone();
            set(document, "/@included", json!([{ "id": id, STATUS_IRI: status }]));
        },
        Ok(()),
        But(&[("revocation", "not said")]),
        Err(Kind::Unreadable),
    ),
    (
        "a term that no context knows",
        |document| set(document, "/grade", "1,0"),
        UNKNOWN_TERM,
        Error("jsonld.ValidationError"),
        Err(Kind::BadForm),
    ),
    (
        "a context less",
        |document| {
            document["@context"].as_array_mut().unwrap().pop();
        },
        UNKNOWN_TERM,
        Error("jsonld.ValidationError"),
        Err(Kind::BadForm),
    ),
    (
        "a context from elsewhere",
        |document| document["@context"].as_array_mut().unwrap().push(json!("https://attacker.example/context.json")),
        Err("Dereferencing a URL did not result"),
        Error("invalid_signature"),
        Err(Kind::BadForm),
    ),
    (
        "no contexts",
        |document| remove(document, "@context"),
        Err("Cannot read properties"),
        Error("invalid_jsonld"),
        Err(Kind::BadForm),
    ),
    ("no proof", |document| remove(document, "proof"), Err("No matching proofs found"), Error("no_proof"), ALTERED),
    (
        "an earlier signing",
        |document| on_proof(document, "created", "2020-01-01T00:00:00Z"),
        FORGED,
        Error("invalid_signature"),
        ALTERED,
    ),
    (
        "another purpose of the proof",
        |document| on_proof(document, "proofPurpose", "authentication"),
        Err("insufficient proofs matched"),
        Error("invalid_signature"),
        ALTERED,
    ),
    (
        "another cryptosuite",
        |document| on_proof(document, "cryptosuite", "eddsa-jcs-2022"),
        Err("insufficient proofs matched"),
        Error("invalid_signature"),
        ALTERED,
    ),
    (
        "another key beside the proof",
        |document| on_proof(document, "verificationMethod", &STRANGER.method()),
        FORGED,
        Error("invalid_signature"),
        ALTERED,
    ),
    (
        "the stranger as issuer too",
        |document| {
            on_proof(document, "verificationMethod", &STRANGER.method());
            set(document, "/issuer/id", STRANGER.did());
        },
        FORGED,
        Error("invalid_signature"),
        ALTERED,
    ),
];

pub(crate) fn remove(document: &mut Value, field: &str) {
    document.as_object_mut().unwrap().remove(field).unwrap();
}

fn rename(document: &mut Value, from: &str, to: &str) {
    let fields = document.as_object_mut().unwrap();
    let value = fields.remove(from).unwrap();
    fields.insert(to.into(), value);
}

/// Sets a field of the first proof.
fn on_proof(document: &mut Value, field: &str, value: &str) {
    let proof = &mut document["proof"];
    let first = if proof.is_array() { &mut proof[0] } else { proof };
    first[field] = json!(value);
}

/// Requires of both verifiers, and of this project, what the rows say of a signed document.
pub(crate) fn assert_all(stack: &Stack, signed: &Value, whose: &str) {
    let list = signed["credentialStatus"]["statusListCredential"].as_str().unwrap();
    let empty = stack.sign(&[Request::status_list(&status_list(list, &ISSUER), &ISSUER, &[])]).remove(0);
    let lists =
        Map::from_iter([(list.to_owned(), empty), ("https://attacker.example/context.json".into(), Value::Null)]);
    let cases = ROWS.iter().map(|(name, change, bazaar, expected, here)| {
        let mut document = signed.clone();
        change(&mut document);
        let expected = match expected {
            Error(error) => core_error(error),
            But(parts) => core(parts),
        };
        let here = match *name {
            // What another issuer's own context means cannot be told.
            "a context from elsewhere" if whose.starts_with("of another issuer") => Err(Kind::NotUnderstood),
            _ => *here,
        };
        here::require(&format!("{whose}, {name}"), document.to_string().as_bytes(), &lists, here);
        (format!("{whose}, {name}"), Case::from(&document), *bazaar, expected)
    });
    stack.assert(cases.collect(), &lists);
}

#[test]
fn a_document_of_the_javascript_stack_is_accepted_and_when_changed_refused() {
    let Some(stack) = Stack::ready() else { return };
    let signed = stack.sign(&[Request::document(&maximal(), &ISSUER)]).remove(0);
    assert_all(&stack, &signed, "signed by JavaScript");
    let signed = stack.sign(&[Request::document(&foreign(), &ISSUER)]).remove(0);
    assert_eq!(here::verdict(&signed), Verdict::CouldNotCheck, "its status is not known");
    assert_all(&stack, &signed, "of another issuer, signed by JavaScript");
}
