//! `key`: every subcommand.

use microcred_client::address;

use crate::desk::{Desk, text};

#[test]
fn a_key_is_added_shortened_and_retired() {
    let desk = Desk::university();
    let key = desk.keypair("second.json").to_string();
    let scope = ["--scope", &desk.rust(), "--valid-from", "2030-01-01", "--valid-until", "2031-01-01"];
    let change =
        desk.json("change", &[&["key", "add", &desk.uni(), &key, "--permissions", "revoke"], &scope[..]].concat());
    let place = address::issuer_key(&desk.issuer(), 1);
    assert_eq!(change["accounts"][0]["address"], place.to_string());
    assert_eq!(change["warnings"], serde_json::json!([]));
    let shown = desk.show(&place);
    assert_eq!((&shown["key"], &shown["quota"]), (&key.into(), &().into()));
    assert_eq!(shown["scope"]["name"], "Rust Basics");

    let shorten = ["key", "shorten", &desk.uni(), "1", "--valid-until", "2030-06-01"];
    desk.fails(&shorten, 1, "not-confirmed", &["key 1", "My University", "never moves back"]);
    desk.json("change", &[&shorten[..], &["--yes"]].concat());
    assert_eq!(desk.show(&place)["valid_until"]["rfc3339"], "2030-06-01T00:00:00Z");
    desk.fails(&["key", "retire", &desk.uni(), "1"], 1, "not-confirmed", &["key 1", "My University", "stays valid"]);
    desk.json("change", &["key", "retire", &desk.uni(), "1", "--yes"]);
    assert_eq!(desk.show(&place)["retired"], true);
    desk.fails(&["key", "retire", &desk.uni(), "2", "--yes"], 4, "not-found", &["issuer key"]);
}

#[test]
fn a_compromised_key_is_warned_of_when_it_is_added_again() {
    let desk = Desk::university();
    let mark = ["key", "mark-compromised", &desk.uni(), "0"];
    desk.fails(&mark, 1, "not-confirmed", &["voids whatever it issued"]);
    desk.json("change", &[&mark[..], &["--yes", "--since", "2026-01-01"]].concat());
    let shown = desk.show(&address::issuer_key(&desk.issuer(), 0));
    assert_eq!(shown["compromised_at"]["rfc3339"], "2026-01-01T00:00:00Z");

    let add = ["key", "add", &desk.uni(), "key.json", "--permissions", "issue"];
    let output = desk.run(&[&add[..], &["--output", "json"]].concat());
    assert!(text(&output.stderr).contains("warning: "), "{}", text(&output.stderr));
    let change: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(change["warnings"][0].as_str().unwrap().contains("marked compromised as key 0"), "{change}");
}

#[test]
fn the_key_that_acts_is_the_signers_and_permitted() {
    let desk = Desk::university();
    let wallet = desk.keypair("wallet.json");
    let issue = ["issue", "--achievement", &desk.rust(), "--subject", &wallet.to_string()];
    desk.fails(&issue, 1, "wrong-signer", &["is the authority", "only its keys issue"]);
    desk.keypair("stranger.json");
    let by_stranger = [&issue[..], &["-k", "stranger.json"]].concat();
    desk.fails(&by_stranger, 1, "wrong-signer", &["neither the authority", "nor one of its keys"]);
    // The same public key again, with a permission that the first lacks.
    desk.json("change", &["key", "add", &desk.uni(), "key.json", "--permissions", "revoke"]);
    let credential = desk.issue(&wallet).to_string();
    let revoke = ["revoke", &credential, "--yes", "-k", "key.json"];
    let by_index = [&revoke[..], &["--key-index", "0"]].concat();
    desk.fails(&by_index, 1, "refused", &["the issuer key lacks the permission that this takes"]);
    desk.json("change", &revoke);
    assert_eq!(desk.show(&credential)["status_changed_by"], "key 1");
}
