//! `microcred apply` as a process, on the embedded ledger.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{DECLARATION, text};

/// A folder with a declaration, keypairs and a ledger.
struct Office(TempDir);

impl Office {
    fn new() -> Self {
        let office = Self(TempDir::new().unwrap());
        for name in ["authority", "platform", "office"] {
            office.ok(&["keygen", &office.path(name)]);
        }
        office.ok(&["fund", "10"]);
        office.declare(DECLARATION);
        office
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    fn declare(&self, declaration: &str) {
        fs::write(self.path("microcred.toml"), declaration).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let config = self.path("config.yml");
        fs::write(&config, "json_rpc_url: http://127.0.0.1:1\nwebsocket_url: ''\nkeypair_path: nowhere\n").unwrap();
        Command::new(env!("CARGO_BIN_EXE_microcred"))
            .args(["--config", &config, "--url", "embedded", "--ledger", &self.path("ledger")])
            .args(["--keypair", &self.path("authority")])
            .args(arguments)
            .output()
            .unwrap()
    }

    #[track_caller]
    fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    /// `apply` with the keys that the declaration does not name.
    fn apply(&self, more: &[&str]) -> Output {
        let file = self.path("microcred.toml");
        let platform = format!("course platform={}", self.path("platform"));
        let office = format!("examination office={}", self.path("office"));
        self.run(&[&["apply", &file, "--key", &platform, "--key", &office], more].concat())
    }

    #[track_caller]
    fn json(&self, more: &[&str]) -> Value {
        let output = self.apply(&[&["--output", "json"], more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    #[track_caller]
    fn refuses(&self, more: &[&str], says: &[&str]) {
        let before = fs::read(self.path("ledger")).unwrap();
        let output = self.apply(more);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        for part in says {
            assert!(said.contains(part), "{part:?} is not in: {said}");
        }
        assert_eq!(fs::read(self.path("ledger")).unwrap().len(), before.len(), "the ledger was changed");
    }
}

#[test]
fn a_declaration_is_shown_applied_and_then_there_is_nothing_to_do() {
    let office = Office::new();
    let planned = office.json(&["--dry-run", "--dump-transaction-message"]);
    assert_eq!((planned["planned"].as_array().unwrap().len(), planned["nothing_to_do"].as_bool()), (6, Some(false)));
    assert_eq!(planned["messages"].as_array().unwrap().len(), 6);
    assert!(planned["rent_lamports"].as_u64().unwrap() > 1_000_000);
    office.refuses(&[], &["nobody can be asked", "This makes 6 changes on", "say --yes"]);
    let applied = office.json(&["--yes"]);
    assert_eq!(applied["done"].as_array().unwrap().len(), 6);
    assert_eq!(applied["done"][0]["what"], "registry \"European Agency for Quality in Learning\"");
    assert!(applied["done"][5]["signature"].as_str().unwrap().len() > 80);
    let again = office.json(&["--yes"]);
    assert_eq!((again["nothing_to_do"].as_bool(), again["done"].as_array().unwrap().len()), (Some(true), 0));
    assert!(text(&office.apply(&[]).stdout).starts_with("nothing to do\n"));
}

#[test]
fn what_replaces_something_new_is_created_in_another_round() {
    let office = Office::new();
    office.declare(&format!("{DECLARATION}\n[[achievements]]\ncode = \"b\"\ntitle = \"B\"\nkind = \"badge\"\nreplaces = \"peer-mentor\"\n"));
    let applied = office.json(&["--yes"]);
    assert_eq!(applied["done"].as_array().unwrap().len(), 8, "{applied}");
}

#[test]
fn conflicts_problems_and_missing_signers_are_refused_before_anything_is_sent() {
    let office = Office::new();
    office.json(&["--yes"]);
    office.declare(&DECLARATION.replace("quota = 10000", "quota = 5").replace("Peer Mentor", "Mentor"));
    let file = format!("error: {}: ", office.path("microcred.toml"));
    office.refuses(&["--yes"], &[&file, "quota is 10000 on the ledger", "achievements[1] (peer-mentor).title is \"Peer Mentor\""]);
    office.declare(&DECLARATION.replace("\"PT\"", "\"pt\""));
    office.refuses(&["--yes"], &[&file, "issuer.country is \"pt\""]);
    office.declare(&DECLARATION.replace("\"PT\"", "\"ES\""));
    let address = office.ok(&["config", "--output", "json"]);
    let address: Value = serde_json::from_str(&address).unwrap();
    let absent = address.to_string();
    assert!(absent.contains("address") || absent.contains("keypair"), "{absent}");
    office.refuses(&["--key", "nobody=x", "--yes"], &["--key nobody: ", "has no key of that name"]);
}

#[test]
fn the_signers_that_a_file_names_stand_beside_it() {
    let office = Office::new();
    let named = DECLARATION
        .replace("name = \"course platform\"", "name = \"course platform\"\naddress = \"platform\"")
        .replace("name = \"examination office\"", "name = \"examination office\"\naddress = \"office\"");
    office.declare(&named);
    let file = office.path("microcred.toml");
    office.ok(&["apply", &file, "--yes"]);
    fs::remove_file(office.path("office")).unwrap();
    let output = office.run(&["apply", &file, "--yes"]);
    let said = text(&output.stderr);
    let expected: PathBuf = office.path("office").into();
    assert!(said.contains(&format!("there is no keypair at {}", expected.display())), "{said}");
}

#[test]
fn a_program_that_is_not_the_expected_one_is_refused() {
    let office = Office::new();
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/microcred.so");
    let gate = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/gate.so");
    office.refuses(&["--yes", "--expect-program", gate], &["has other bytes than expected", "nobody can upgrade it"]);
    office.refuses(&["--yes", "--expect-program", &"0".repeat(64)], &["has other bytes than expected"]);
    office.refuses(&["--yes", "--expect-program", "no-such-file"], &["no-such-file: No such file"]);
    assert_eq!(office.json(&["--yes", "--expect-program", fixture])["done"].as_array().unwrap().len(), 6);
}
