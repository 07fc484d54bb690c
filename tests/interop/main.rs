//! Verifiers that know nothing of this project read its documents, and it reads theirs: the JavaScript stack of Digital Bazaar,
//! verifier-core of the Digital Credentials Consortium, and jose for JSON Web Tokens.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod documents;
mod files;
mod here;
mod lists;
#[path = "../documents/official.rs"]
mod official;
mod presentations;
mod product;
mod readings;
mod signing;
mod stack;
mod tampering;
mod university;
mod variety;

use std::{fs, path::Path};

use microcred_client::document::proof::Cryptosuite;
use serde_json::json;
use stack::Stack;

/// That no script reaches for the network (`Stack::ask`) says something only if nothing gets past what watches.
#[test]
fn no_way_to_the_network_is_open() {
    let Some(stack) = Stack::ready() else { return };
    let report = stack.report("network_check.mjs", &[]);
    assert_eq!(report["open"], json!([]));
    assert_eq!(report["attempts"], report["ways"], "an attempt was not written down");
}

#[test]
fn the_contexts_are_those_that_others_publish() {
    let Some(stack) = Stack::ready() else { return };
    assert_eq!(stack.report("contexts_check.mjs", &[]), json!({ "compared": 3, "different": [] }));
}

/// The figures that README compares with.
#[test]
fn the_benchmark_runs() {
    let Some(stack) = Stack::ready() else { return };
    let file = tempfile::NamedTempFile::new().unwrap();
    let document = signing::signed(&documents::maximal(), &documents::ISSUER, &[Cryptosuite::EddsaRdfc2022]);
    fs::write(file.path(), document.to_string()).unwrap();
    let rates = stack.report("bench.mjs", &[file.path(), Path::new("0.2")]);
    for act in ["verify", "sign"] {
        assert!(rates[act].as_f64().unwrap() > 0.0, "{rates}");
    }
}
