//! TypeScript users read what Rust users read: accounts and events, by the IDL alone.

mod fields;
mod scenario;
mod verifier;

use std::{collections::BTreeSet, fs, path::PathBuf, process::Command};

use microcred_tests::node::{self, run};
use serde_json::{Value, json};

/// Set to anything, the tests do nothing: for computers without Node.js.
const SKIP: &str = "MICROCRED_SKIP_TYPESCRIPT";

const IDL: &str = include_str!("../../idl/microcred.json");

#[tokio::test(flavor = "multi_thread")]
async fn typescript_reads_every_account_and_event_and_builds_and_sends_an_instruction() {
    let Some(folder) = ready() else { return };

    let (scenario, accounts, transactions) = scenario::play().await;
    let events: Vec<_> = transactions.iter().flat_map(|one| one["events"].as_array().unwrap()).collect();
    let idl: Value = serde_json::from_str(IDL).unwrap();
    assert_eq!(names(&accounts, "kind"), names(idl["accounts"].as_array().unwrap(), "name"));
    assert_eq!(names(events.iter().copied(), "name"), names(idl["events"].as_array().unwrap(), "name"));

    let temporary = tempfile::tempdir().unwrap();
    let expectations = json!({
        "rpc": scenario.localnet.rpc_url(),
        "webSocket": scenario.localnet.ws_url(),
        "idl": idl,
        "payer": scenario.payer.to_bytes().to_vec(),
        "accounts": accounts,
        "transactions": transactions,
        "folder": temporary.path(),
    });
    let file = temporary.path().join("expectations.json");
    fs::write(&file, expectations.to_string()).unwrap();
    let output = run(Command::new("node").arg(folder.join("check.js")).arg(&file));
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
    for line in [
        format!("@anchor-lang/core: {} accounts", accounts.len()),
        format!("@anchor-lang/core: {} events", events.len()),
        "@anchor-lang/core: built and sent createRegistry, and heard of it".into(),
        format!("Codama: {} accounts", accounts.len()),
    ] {
        assert!(text.lines().any(|said| said == line), "the script did not say \"{line}\":\n{text}");
    }
}

/// The folder with the scripts and what they need; none: the tests are to be skipped.
fn ready() -> Option<PathBuf> {
    node::ready("typescript", SKIP)
}

fn names<'a>(of: impl IntoIterator<Item = &'a Value>, field: &str) -> BTreeSet<&'a str> {
    of.into_iter().map(|one| one[field].as_str().unwrap()).collect()
}
