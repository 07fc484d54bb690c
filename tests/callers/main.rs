//! What programs that call this one are given.

use std::collections::BTreeSet;

use serde_json::{Value, json};

/// The IDL in the example for Anchor 1 is the program's, without accounts and events and their types.
#[test]
fn the_idl_for_callers_is_the_programs() {
    let mut idl: Value = serde_json::from_str(include_str!("../../idl/microcred.json")).unwrap();
    let for_callers = include_str!("../../examples/anchor1-gate/idls/microcred.json");
    let names = |kind: &str| idl[kind].as_array().unwrap().iter().map(|one| one["name"].clone().to_string());
    let dropped: BTreeSet<_> = names("accounts").chain(names("events")).collect();
    idl["types"].as_array_mut().unwrap().retain(|one| !dropped.contains(&one["name"].to_string()));
    idl["accounts"] = json!([]);
    idl["events"] = json!([]);
    let same = serde_json::from_str::<Value>(for_callers).unwrap() == idl;
    assert!(
        same,
        "write examples/anchor1-gate/idls/microcred.json anew:\n{}",
        serde_json::to_string_pretty(&idl).unwrap()
    );
}
