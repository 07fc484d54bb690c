//! `microcred apply`: shown, done, and nothing to do; refused before anything is sent.

use std::{fs, process::Output};

use microcred_client::{Account, Address, ledger::Embedded};
use serde_json::Value;

use crate::desk::{Desk, conforms, text};

const DECLARATION: &str = include_str!("../../examples/university/microcred.toml");

/// A desk with a declaration and keypairs.
struct Office(Desk);

impl Office {
    fn new() -> Self {
        let desk = Desk::funded();
        desk.keypair("platform");
        desk.keypair("office");
        let office = Self(desk);
        office.declare(DECLARATION);
        office
    }

    fn declare(&self, declaration: &str) {
        fs::write(self.0.path("microcred.toml"), declaration).unwrap();
    }

    /// `apply` with the keys that the declaration does not name.
    fn apply(&self, more: &[&str]) -> Output {
        let keys = ["--key", "course platform=platform", "--key", "examination office=office"];
        self.0.run(&[&["apply", "microcred.toml"], &keys[..], more].concat())
    }

    #[track_caller]
    fn json(&self, more: &[&str]) -> Value {
        let output = self.apply(&[&["--output", "json"], more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let answer = serde_json::from_slice(&output.stdout).unwrap();
        conforms(&answer, "apply");
        answer
    }

    #[track_caller]
    fn refuses(&self, more: &[&str], says: &[&str]) {
        let before = self.accounts();
        let output = self.apply(more);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        for part in says {
            assert!(said.contains(part), "{part:?} is not in: {said}");
        }
        assert_eq!(self.accounts(), before, "the ledger was changed");
    }

    fn accounts(&self) -> Vec<(Address, Account)> {
        // A process that another test starts at this moment holds the lock too, until it becomes what it is to be.
        let mut tries = (0..100).map(|_| {
            std::thread::sleep(std::time::Duration::from_millis(20));
            Embedded::open(&self.0.ledger())
        });
        let mut accounts = tries.find_map(Result::ok).unwrap().program_accounts();
        accounts.sort_by_key(|(address, _)| *address);
        accounts
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
    for (from, to) in [("platform", "course-platform"), ("office", "examination-office")] {
        fs::copy(office.0.path(from), office.0.path(&format!("{to}.json"))).unwrap();
    }
    let from_folder = office.0.json("apply", &["apply", "microcred.toml", "--keys", ".", "--yes"]);
    assert_eq!(from_folder["nothing_to_do"], true);
    let again = office.json(&["--yes"]);
    assert_eq!((again["nothing_to_do"].as_bool(), again["done"].as_array().unwrap().len()), (Some(true), 0));
    assert!(text(&office.apply(&[]).stdout).starts_with("nothing to do\n"));
}

#[test]
fn what_replaces_something_new_is_created_in_another_round() {
    let office = Office::new();
    office.declare(&format!(
        "{DECLARATION}\n[[achievements]]\ncode = \"b\"\ntitle = \"B\"\nkind = \"badge\"\nreplaces = \"peer-mentor\"\n"
    ));
    let applied = office.json(&["--yes"]);
    assert_eq!(applied["done"].as_array().unwrap().len(), 8, "{applied}");
}

#[test]
fn what_stops_another_round_is_told_with_what_took_effect() {
    let office = Office::new();
    office.json(&["--yes"]);
    let registry = office.0.authority().to_string();
    office.0.keypair("creator");
    office.0.keypair("payer");
    office.declare(&format!(
        "{}\n[[achievements]]\ncode = \"b\"\ntitle = \"B\"\nkind = \"badge\"\n\n[[achievements]]\ncode = \"c\"\ntitle = \"C\"\n\
         kind = \"badge\"\nreplaces = \"b\"\n",
        DECLARATION.replacen("[registry]", "[registry]\nstatus = \"retired\"", 1)
    ));
    let planned = office.json(&["--dry-run"]);
    assert_eq!(planned["planned"].as_array().unwrap().len(), 1, "{planned}");
    assert_eq!(planned["later"][1]["place"], "registry.status", "{planned}");
    // The office's key creates achievements; nobody is here for the registry, which closes last.
    let issuer = registry.clone();
    for funded in ["payer", "office"] {
        office.0.ok(&["fund", "1", funded]);
    }
    let absent = ["--registry-creator", &registry, "--issuer-creator", &issuer, "--manager", "office", "-k", "payer"];
    let output = office.apply(&[&absent[..], &["--yes"]].concat());
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    for part in ["1 change took effect; then, ", "must sign to retire registry", "apply again to go on from there"] {
        assert!(said.contains(part), "{part:?} is not in: {said}");
    }
    let applied = office.json(&["--yes"]);
    assert!(applied["done"].as_array().unwrap().len() >= 2, "{applied}");
}

#[test]
fn conflicts_problems_and_missing_signers_are_refused_before_anything_is_sent() {
    let office = Office::new();
    office.json(&["--yes"]);
    office.declare(&DECLARATION.replace("quota = 10000", "quota = 5").replace("Peer Mentor", "Mentor"));
    office.refuses(
        &["--yes"],
        &[
            "error: microcred.toml: ",
            "quota is 10000 on the ledger",
            "achievements[1] (peer-mentor).title is \"Peer Mentor\"",
        ],
    );
    office.declare(&DECLARATION.replace("\"PT\"", "\"pt\""));
    office.refuses(&["--yes"], &["error: microcred.toml: issuer.country is \"pt\""]);
    office.declare(&DECLARATION.replace("\"PT\"", "\"ES\""));
    let (authority, stranger) = (office.0.authority(), office.0.keypair("stranger"));
    office.0.ok(&["fund", "1", "stranger"]);
    let creators = [authority.to_string(), authority.to_string()];
    let absent = ["--registry-creator", &creators[0], "--issuer-creator", &creators[1], "-k", "stranger", "--yes"];
    let says = format!("{authority} must sign to update issuer \"University of Somewhere\"");
    office.refuses(&absent, &[&says, "--authority"]);
    assert_ne!(authority, stranger);
    office.refuses(&["--key", "nobody=x", "--yes"], &["--key nobody: ", "has no key of that name"]);
}

#[test]
fn the_signers_that_a_file_names_stand_beside_it() {
    let office = Office::new();
    let named = DECLARATION
        .replace("name = \"course platform\"", "name = \"course platform\"\naddress = \"platform\"")
        .replace("name = \"examination office\"", "name = \"examination office\"\naddress = \"office\"");
    office.declare(&named);
    fs::create_dir(office.0.path("elsewhere")).unwrap();
    for name in ["microcred.toml", "platform", "office"] {
        fs::rename(office.0.path(name), office.0.path("elsewhere").join(name)).unwrap();
    }
    let arguments = ["apply", "elsewhere/microcred.toml", "--yes"];
    office.0.ok(&arguments);
    fs::remove_file(office.0.path("elsewhere/office")).unwrap();
    let said = text(&office.0.run(&arguments).stderr);
    assert!(said.contains("there is no keypair at elsewhere/office"), "{said}");
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
