//! Definitions as files: `apply --definitions` writes them, `achievement check-definition` compares them with the chain.

use std::fs;

use microcred_client::address;
use serde_json::Value;

use crate::desk::{Desk, conforms, text};

const DECLARATION: &str = include_str!("../../examples/university/microcred.toml");

/// A desk with the shipped declaration and the keys that it names.
fn desk() -> Desk {
    let desk = Desk::funded();
    desk.keypair("platform");
    desk.keypair("office");
    fs::write(desk.path("microcred.toml"), DECLARATION).unwrap();
    desk
}

#[track_caller]
fn apply(desk: &Desk, more: &[&str]) -> Value {
    let keys = ["--key", "course platform=platform", "--key", "examination office=office"];
    desk.json("apply", &[&["apply", "microcred.toml"], &keys[..], more].concat())
}

/// The achievement as the command line names it.
fn rust(desk: &Desk) -> String {
    format!("{}/university-of-somewhere/rust-for-systems", desk.authority())
}

/// What `check-definition` answers, and its exit code.
#[track_caller]
fn check(desk: &Desk, achievement: &str, file: &str) -> (Value, Option<i32>) {
    let output = desk.run(&["achievement", "check-definition", achievement, file, "--output", "json"]);
    let answer = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output.stderr)));
    conforms(&answer, "definition");
    (answer, output.status.code())
}

#[test]
fn definitions_are_written_and_the_chain_names_them() {
    let desk = desk();
    let issuer = address::issuer(&desk.authority(), "university-of-somewhere");
    let place = address::achievement(&issuer, "rust-for-systems");
    // Before anything freezes, they can be looked at.
    let planned = apply(&desk, &["--dry-run", "--definitions", "public/definitions"]);
    let written = planned["definitions"].as_array().unwrap();
    let file = format!("public/definitions/{place}.json");
    assert_eq!(written.len(), 2);
    assert_eq!((&written[0]["achievement"], &written[0]["file"]), (&place.to_string().into(), &file.as_str().into()));
    let object: Value = serde_json::from_slice(&fs::read(desk.path(&file)).unwrap()).unwrap();
    assert_eq!(object["name"], "Rust for Systems Programming");
    assert_eq!((&object["creditsAvailable"], &object["alignment"][0]["targetCode"]), (&5.into(), &"6".into()));

    fs::write(desk.path(&file), "{}").unwrap();
    let applied = apply(&desk, &["--yes", "--definitions", "public/definitions"]);
    assert_eq!(applied["definitions"], planned["definitions"]);
    assert_eq!(desk.show(&place)["definition_digest"], written[0]["digest"]);
    let said = desk.ok(&[
        "apply",
        "microcred.toml",
        "--key",
        "course platform=platform",
        "--key",
        "examination office=office",
        "--definitions",
        "public/definitions",
    ]);
    assert!(said.contains(&format!("  definition: {file} (digest ")), "{said}");
    for file in [file.as_str(), "microcred.toml"] {
        let (answer, exit) = check(&desk, &rust(&desk), file);
        assert_eq!((exit, &answer["matches"], &answer["why"]), (Some(0), &true.into(), &Value::Null));
        assert_eq!((&answer["digest"], &answer["digest_on_chain"]), (&written[0]["digest"], &written[0]["digest"]));
        assert!(
            desk.ok(&["achievement", "check-definition", &rust(&desk), file]).starts_with("the definition on chain\n")
        );
    }
    // Nothing is written where no folder is named.
    assert_eq!(apply(&desk, &["--yes"])["definitions"], Value::Null);
}

#[test]
fn another_definition_than_the_one_on_chain_is_told() {
    let desk = desk();
    apply(&desk, &["--yes", "--definitions", "."]);
    fs::write(desk.path("edited.toml"), DECLARATION.replace("at least 10 of 20", "at least 5 of 20")).unwrap();
    let issuer = address::issuer(&desk.authority(), "university-of-somewhere");
    let mentor = format!("{}.json", address::achievement(&issuer, "peer-mentor"));
    for file in ["edited.toml", &mentor] {
        let (answer, exit) = check(&desk, &rust(&desk), file);
        assert_eq!((exit, &answer["matches"]), (Some(2), &false.into()), "{file}");
        assert!(answer["why"].as_str().unwrap().contains("but on chain the achievement's is"), "{answer}");
        assert_ne!(answer["digest"], answer["digest_on_chain"]);
    }
    let said = text(&desk.run(&["achievement", "check-definition", &rust(&desk), "edited.toml"]).stdout);
    assert!(
        said.starts_with("not the definition on chain\n") && said.contains("name the definition as it was"),
        "{said}"
    );
    // What the file says is not on chain.
    let uni = format!("{}/university-of-somewhere", desk.authority());
    desk.ok(&["achievement", "create", &uni, "go", "--title", "Go", "--kind", "badge"]);
    let (answer, exit) = check(&desk, &format!("{uni}/go"), &mentor);
    assert_eq!((exit, &answer["digest_on_chain"]), (Some(2), &Value::Null));
    assert!(answer["why"].as_str().unwrap().contains("has none on chain"), "{answer}");
}

#[test]
fn what_is_no_definition_is_refused() {
    let desk = desk();
    apply(&desk, &["--yes"]);
    fs::write(desk.path("broken.json"), "{\"name\": }").unwrap();
    fs::write(desk.path("broken.toml"), "[issuer").unwrap();
    fs::write(desk.path("other.toml"), DECLARATION.replace("\"rust-for-systems\"", "\"rust\"")).unwrap();
    let refuses = |file: &str, code: &str, says: &[&str]| {
        desk.fails(&["achievement", "check-definition", &rust(&desk), file], 1, code, says);
    };
    refuses("broken.json", "definition", &["broken.json is no JSON", "microcred apply --definitions"]);
    refuses("broken.toml", "definition", &["broken.toml ", "line 1"]);
    refuses("other.toml", "definition", &["other.toml declares no achievement \"rust-for-systems\""]);
    refuses("missing.json", "file", &["missing.json: No such file"]);
    let nowhere = format!("{}/nowhere/rust", desk.authority());
    desk.fails(
        &["achievement", "check-definition", &nowhere, "microcred.toml"],
        4,
        "not-found",
        &["there is no achievement"],
    );
}

#[test]
fn a_folder_that_cannot_be_written_stops_before_anything_is_sent() {
    let desk = desk();
    fs::write(desk.path("taken"), "").unwrap();
    let keys = ["--key", "course platform=platform", "--key", "examination office=office", "--yes"];
    desk.fails(&[&["apply", "microcred.toml", "--definitions", "taken"], &keys[..]].concat(), 1, "file", &["taken/"]);
    assert_eq!(apply(&desk, &["--dry-run"])["planned"].as_array().unwrap().len(), 6);
}

#[test]
fn nothing_is_written_before_somebody_agreed() {
    let desk = desk();
    let keys = ["--key", "course platform=platform", "--key", "examination office=office"];
    desk.fails(
        &[&["apply", "microcred.toml", "--definitions", "public"], &keys[..]].concat(),
        1,
        "not-confirmed",
        &["--yes"],
    );
    assert!(!desk.path("public").exists());
}
