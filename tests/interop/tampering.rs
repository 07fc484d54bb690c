//! What the two verifiers, and this project, say of documents that somebody changed after signing.

use microcred_client::document::{json, proof};
use serde_json::{Map, Value, json};

use crate::{
    documents::{ISSUER, STRANGER, contexts, maximal, set, status_list},
    stack::{Case, Request, Stack, core, core_error},
};

/// The IRI that the key `credentialStatus` stands for.
const STATUS_IRI: &str = "https://www.w3.org/2018/credentials#credentialStatus";

/// What a proof over canonical RDF does not cover. Who reads a document by its form refuses it.
const UNSIGNED: &str = "a term that no context knows";

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

/// A name, what somebody did to the document, what @digitalbazaar/vc says and what verifier-core says.
type Row = (&'static str, fn(&mut Value), Result<(), &'static str>, Core);

const ROWS: &[Row] = &[
    ("nothing", |_| {}, Ok(()), But(&[])),
    ("another title", |document| set(document, "/name", "Doctor of everything"), FORGED, Error("invalid_signature")),
    (
        "another name of the issuer",
        |document| set(document, "/issuer/name", "Université"),
        FORGED,
        Error("invalid_signature"),
    ),
    (
        "more credits",
        |document| set(document, "/credentialSubject/achievement/creditsAvailable", 50),
        FORGED,
        Error("invalid_signature"),
    ),
    (
        "another subject",
        |document| set(document, "/credentialSubject/id", STRANGER.did()),
        FORGED,
        Error("invalid_signature"),
    ),
    (
        "a better grade",
        |document| set(document, "/credentialSubject/result/0/value", "1,0"),
        FORGED,
        Error("invalid_signature"),
    ),
    (
        "a later end",
        |document| set(document, "/validUntil", "2226-03-01T00:00:00Z"),
        FORGED,
        Error("invalid_signature"),
    ),
    ("no end", |document| remove(document, "validUntil"), FORGED, Error("invalid_signature")),
    ("no status", |document| remove(document, "credentialStatus"), FORGED, Error("invalid_signature")),
    (
        "another index in the list",
        |document| set(document, "/credentialStatus/statusListIndex", "7"),
        FORGED,
        Error("invalid_signature"),
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
    ),
    // Both accept these three, and so nobody looks at the status: they canonicalize to what was signed.
    (
        "the status under its whole IRI",
        |document| rename(document, "credentialStatus", STATUS_IRI),
        Ok(()),
        But(&[("revocation", "not said")]),
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
    ),
    (UNSIGNED, |document| set(document, "/grade", "1,0"), UNKNOWN_TERM, Error("jsonld.ValidationError")),
    (
        "a context less",
        |document| {
            document["@context"].as_array_mut().unwrap().pop();
        },
        UNKNOWN_TERM,
        Error("jsonld.ValidationError"),
    ),
    (
        "a context from elsewhere",
        |document| document["@context"].as_array_mut().unwrap().push(json!("https://attacker.example/context.json")),
        Err("Dereferencing a URL did not result"),
        Error("invalid_signature"),
    ),
    ("no contexts", |document| remove(document, "@context"), Err("Cannot read properties"), Error("invalid_jsonld")),
    ("no proof", |document| remove(document, "proof"), Err("No matching proofs found"), Error("no_proof")),
    (
        "an earlier signing",
        |document| on_proof(document, "created", "2020-01-01T00:00:00Z"),
        FORGED,
        Error("invalid_signature"),
    ),
    (
        "another purpose of the proof",
        |document| on_proof(document, "proofPurpose", "authentication"),
        Err("insufficient proofs matched"),
        Error("invalid_signature"),
    ),
    (
        "another cryptosuite",
        |document| on_proof(document, "cryptosuite", "eddsa-jcs-2022"),
        Err("insufficient proofs matched"),
        Error("invalid_signature"),
    ),
    (
        "another key beside the proof",
        |document| on_proof(document, "verificationMethod", &STRANGER.method()),
        FORGED,
        Error("invalid_signature"),
    ),
    (
        "the stranger as issuer too",
        |document| {
            on_proof(document, "verificationMethod", &STRANGER.method());
            set(document, "/issuer/id", STRANGER.did());
        },
        FORGED,
        Error("invalid_signature"),
    ),
];

fn remove(document: &mut Value, field: &str) {
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

/// Reads a document and checks its proofs as this project does, whoever signed.
fn accepted_here(document: &Value) -> Result<(), String> {
    let document = json::read(document.to_string().as_bytes()).map_err(|error| error.to_string())?;
    proof::verify(&document).map(drop).map_err(|error| error.to_string())
}

/// Requires of both verifiers what the rows say of a signed document.
pub(crate) fn assert_all(stack: &Stack, signed: &Value, whose: &str) {
    let list = signed["credentialStatus"]["statusListCredential"].as_str().unwrap();
    let empty = stack.sign(&[Request::status_list(&status_list(list, &ISSUER), &ISSUER, &[])]).remove(0);
    let lists =
        Map::from_iter([(list.to_owned(), empty), ("https://attacker.example/context.json".into(), Value::Null)]);
    let cases = ROWS.iter().map(|(name, change, bazaar, expected)| {
        let mut document = signed.clone();
        change(&mut document);
        let expected = match expected {
            Error(error) => core_error(error),
            But(parts) => core(parts),
        };
        let here = accepted_here(&document);
        let accepts = *name == "nothing" || (*name == UNSIGNED && signed["proof"][1].is_null());
        assert_eq!(here.is_ok(), accepts, "{whose}, {name}: {here:?}");
        (format!("{whose}, {name}"), Case::from(&document), *bazaar, expected)
    });
    stack.assert(cases.collect(), &lists);
}

#[test]
fn a_document_of_the_javascript_stack_is_accepted_and_when_changed_refused() {
    let Some(stack) = Stack::ready() else { return };
    let signed = stack.sign(&[Request::document(&maximal(), &ISSUER)]).remove(0);
    assert_all(&stack, &signed, "signed by JavaScript");
}

/// Documents that somebody signed as they are, and that are wrong all the same.
#[test]
fn a_document_that_is_wrong_as_signed_is_refused() {
    let Some(stack) = Stack::ready() else { return };
    let mut plain = maximal();
    remove(&mut plain, "credentialStatus");
    let of = |pointer: &str, value: Value| {
        let mut document = plain.clone();
        set(&mut document, pointer, value);
        document
    };
    let mut unnamed = plain.clone();
    unnamed["credentialSubject"]["achievement"].as_object_mut().unwrap().remove("criteria");
    let mut unschemed = of("/@context", json!(contexts().as_array().unwrap()[..2]));
    remove(&mut unschemed, "credentialSchema");
    let unstated = ("revocation", "not said");
    let rows = [
        ("as it should be", plain.clone(), &ISSUER, Ok(()), core(&[unstated])),
        (
            "expired",
            of("/validUntil", json!("2026-03-02T00:00:00Z")),
            &ISSUER,
            Err("is after \"validUntil\""),
            core(&[unstated, ("expiration", "expired")]),
        ),
        (
            "not yet valid",
            of("/validFrom", json!("2125-03-02T00:00:00Z")),
            &ISSUER,
            Err("is before \"validFrom\""),
            core(&[unstated, ("signature", "not said"), ("expiration", "not said")]),
        ),
        (
            "signed by a stranger",
            plain.clone(),
            &STRANGER,
            Err("must match the verification method controller"),
            core_error("invalid_signature"),
        ),
        (
            "of a stranger",
            of("/issuer/id", json!(STRANGER.did())),
            &STRANGER,
            Ok(()),
            core(&[unstated, ("issuer", "unknown")]),
        ),
        (
            "by an issuer that is no key",
            of(
                "/issuer/id",
                json!("did:pkh:solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp:4uQeVj5tqViQh7yWWGStvkEG1Zmhx6uasJtWCJziofM"),
            ),
            &ISSUER,
            Err("must match the verification method controller"),
            core_error("invalid_signature"),
        ),
        ("without criteria", unnamed, &ISSUER, Ok(()), core(&[unstated, ("schema", "not followed")])),
        ("with fewer contexts", unschemed, &ISSUER, Ok(()), core(&[unstated])),
        ("about the issuer", of("/credentialSubject/id", json!(ISSUER.did())), &ISSUER, Ok(()), core(&[unstated])),
    ];
    let requests: Vec<_> = rows.iter().map(|(_, document, by, ..)| Request::document(document, by)).collect();
    let signed = stack.sign(&requests);
    let cases = rows.iter().zip(&signed).map(|((name, _, _, bazaar, parts), document)| {
        ((*name).to_owned(), Case::from(document), *bazaar, parts.clone())
    });
    stack.assert(cases.collect(), &Map::new());
}
