//! `verify` of one credential: every verdict, what is expected, who is trusted.

use std::{thread::sleep, time::Duration};

use microcred_client::{
    Address, address,
    ledger::Embedded,
    state::{Credential, Record},
};
use serde_json::Value;

use crate::desk::{Desk, conforms, text};

/// Where a credential's expiry stands.
const EXPIRES_AT: std::ops::Range<usize> = 160..168;

/// The receipt, which must have this verdict and exit code, in JSON and in text.
#[track_caller]
fn verdict(desk: &Desk, arguments: &[&str], verdict: &str, exit: i32) -> Value {
    let output = desk.run(&[&["verify"], arguments, &["--output", "json"]].concat());
    assert_eq!(output.status.code(), Some(exit), "{}{}", text(&output.stdout), text(&output.stderr));
    let receipt: Value = serde_json::from_slice(&output.stdout).unwrap();
    conforms(&receipt, "verify");
    assert_eq!((&receipt["verdict"], &receipt["findings"][0]), (&verdict.into(), &verdict.into()), "{receipt:#}");
    assert_eq!(receipt["exit_code"], exit);
    assert_eq!(receipt["problem"].is_null(), verdict != "could not check");

    let output = desk.run(&[&["verify"], arguments].concat());
    assert_eq!(output.status.code(), Some(exit));
    let said = text(&output.stdout);
    assert_eq!(said.lines().next(), Some(verdict.to_uppercase().as_str()), "{said}");
    receipt
}

/// A university with an achievement `pact` that takes acceptance, and learners' keypairs.
fn university() -> Desk {
    let desk = Desk::university();
    let create = ["achievement", "create", &desk.uni(), "pact", "--title", "Pact", "--kind", "certificate"];
    desk.ok(&[&create[..], &["--acceptance-required", "--publish", "--yes"]].concat());
    desk
}

/// Issues the pact to a new learner.
fn pending(desk: &Desk) -> String {
    let subject = desk.keypair("wallet.json");
    let pact = format!("{}/pact", desk.uni());
    desk.ok(&["issue", "--achievement", &pact, "--subject", &subject.to_string(), "-k", "key.json"]);
    address::credential(&address::achievement(&desk.issuer(), "pact"), &subject, 0).to_string()
}

/// A second later, so that what was issued before was issued before what comes now.
fn later() {
    sleep(Duration::from_millis(1100));
}

#[test]
fn a_valid_credential_is_told_with_all_that_matters() {
    let desk = Desk::university();
    let subject = desk.keypair("wallet.json");
    let credential = desk.issue(&subject);
    let (named, whose) = (credential.to_string(), subject.to_string());
    let receipt = verdict(&desk, &[&named], "valid", 0);
    assert_eq!(
        (&receipt["issuer_name"], &receipt["achievement_title"]),
        (&"My University".into(), &"Rust Basics".into())
    );
    assert_eq!((&receipt["credential"]["subject"], &receipt["trust_asked"]), (&whose.as_str().into(), &false.into()));

    let said = desk.ok(&["verify", &named]);
    for part in ["VALID\n", "Rust Basics", "My University, self-declared", &whose, "for ever", "cluster time", "slot"] {
        assert!(said.contains(part), "{part:?} is not in: {said}");
    }
    assert!(!said.contains('\u{1b}'), "no colours but on a terminal: {said}");
    assert!(!said.contains("findings"), "{said}");

    let by_address = desk.achievement().to_string();
    for achievement in [&by_address, &desk.rust(), &format!("{}/rust", desk.issuer())] {
        let receipt = verdict(&desk, &["--achievement", achievement, "--subject", &whose], "valid", 0);
        assert_eq!(receipt["address"], named);
    }
    let by_code = ["--issuer", &desk.uni(), "--achievement", "rust", "--subject", &whose];
    assert_eq!(verdict(&desk, &by_code, "valid", 0)["address"], named);
    let expected = ["--expect-issuer", &desk.uni(), "--expect-achievement", &desk.rust(), "--expect-subject", &whose];
    verdict(&desk, &[&[named.as_str()], &expected[..]].concat(), "valid", 0);
}

#[test]
fn what_is_not_as_expected_is_a_mismatch() {
    let desk = university();
    let subject = desk.keypair("wallet.json");
    let credential = desk.issue(&subject).to_string();
    let other = desk.keypair("other.json").to_string();
    let pact = format!("{}/pact", desk.uni());
    for expected in [["--expect-subject", &other], ["--expect-issuer", &other], ["--expect-achievement", &pact]] {
        verdict(&desk, &[&[credential.as_str()], &expected[..]].concat(), "mismatch", 2);
    }
    let whose = subject.to_string();
    let by_other = ["--issuer", &other, "--achievement", &desk.rust(), "--subject", &whose];
    verdict(&desk, &by_other, "mismatch", 2);
    desk.ok(&["revoke", &credential, "--reason", "payment", "--yes"]);
    let receipt = verdict(&desk, &[&credential, "--expect-subject", &other], "mismatch", 2);
    assert_eq!(receipt["findings"], serde_json::json!(["mismatch", "revoked"]));
    let said = text(&desk.run(&["verify", &credential, "--expect-subject", &other]).stdout);
    assert!(said.contains("mismatch, revoked") && said.contains("payment"), "{said}");
}

#[test]
fn every_status_has_its_verdict() {
    let desk = university();
    let credential = desk.issue(&desk.keypair("wallet.json")).to_string();
    desk.ok(&["suspend", &credential, "--reason", "under-review"]);
    assert_eq!(verdict(&desk, &[&credential], "suspended", 3)["reason"], "under review");
    desk.ok(&["reinstate", &credential]);
    verdict(&desk, &[&credential], "valid", 0);
    desk.ok(&["revoke", &credential, "--reason", "academic-misconduct", "--yes"]);
    assert_eq!(verdict(&desk, &[&credential], "revoked", 2)["reason"], "academic misconduct");

    let erased = desk.issue(&desk.keypair("wallet.json")).to_string();
    desk.ok(&["erase", &erased, "--reason", "learner-request", "--yes"]);
    assert_eq!(verdict(&desk, &[&erased], "erased", 2)["credential"]["subject"], Value::Null);

    let declined = pending(&desk);
    verdict(&desk, &[&declined], "pending", 3);
    desk.ok(&["decline", &declined, "--yes", "-k", "wallet.json", "--fee-payer", ".config/solana/id.json"]);
    verdict(&desk, &[&declined], "declined", 2);

    let nothing = desk.keypair("nothing.json").to_string();
    verdict(&desk, &[&nothing], "not found", 4);
    verdict(&desk, &["--achievement", &desk.rust(), "--subject", &nothing], "not found", 4);
}

#[test]
fn time_keys_and_documents_decide() {
    let desk = Desk::university();
    let (digest, other) = ("12".repeat(32), "13".repeat(32));
    let subject = desk.keypair("wallet.json").to_string();
    let issue = ["issue", "--achievement", &desk.rust(), "--subject", &subject, "-k", "key.json", "--digest", &digest];
    desk.ok(&issue);
    let latest = ["--achievement", &desk.rust(), "--subject", &subject];
    verdict(&desk, &[&latest[..], &["--digest", &digest]].concat(), "valid", 0);
    verdict(&desk, &[&latest[..], &["--digest", &other]].concat(), "digest mismatch", 2);
    let without = desk.issue(&desk.keypair("wallet.json"));
    verdict(&desk, &[&without.to_string(), "--digest", &digest], "digest mismatch", 2);

    expire(&desk, &without);
    verdict(&desk, &[&without.to_string()], "expired", 2);

    desk.ok(&["key", "mark-compromised", &desk.uni(), "0", "--since", "2020-01-01", "--yes"]);
    verdict(&desk, &latest, "key compromised", 2);
    let receipt = verdict(&desk, &[&without.to_string()], "key compromised", 2);
    assert_eq!(receipt["findings"], serde_json::json!(["key compromised", "expired"]));
}

/// Writes an expiry in the past, which the program lets nobody do.
pub fn expire(desk: &Desk, credential: &Address) {
    let mut ledger = Embedded::open(&desk.ledger()).unwrap();
    let mut account = ledger.account(credential).unwrap();
    assert_eq!(account.data.len(), Credential::SIZE);
    account.data[EXPIRES_AT].copy_from_slice(&1_000_i64.to_le_bytes());
    ledger.svm().set_account(*credential, account).unwrap();
    ledger.fund(&desk.authority(), 1).unwrap();
}

#[test]
fn what_could_not_be_checked_is_said_to_be_neither_valid_nor_invalid() {
    let desk = Desk::university();
    let credential = desk.issue(&desk.keypair("wallet.json")).to_string();
    let closed = ["--url", "http://127.0.0.1:1"];
    let receipt = verdict(&desk, &[&[credential.as_str()], &closed[..]].concat(), "could not check", 5);
    assert!(receipt["problem"].as_str().unwrap().contains("http://127.0.0.1:1"), "{receipt:#}");
    let said = text(&desk.run(&[&["verify", credential.as_str()], &closed[..]].concat()).stdout);
    assert!(!said.to_lowercase().contains("valid") && said.contains("--url"), "{said}");
    // The registry that is to be trusted does not exist.
    let nobody = desk.keypair("nobody.json").to_string();
    let receipt = verdict(&desk, &[&credential, "--trust", &nobody], "could not check", 5);
    assert!(receipt["problem"].as_str().unwrap().contains(&nobody), "{receipt:#}");
}

#[test]
fn trust_is_met_by_one_registry_of_several_and_told_of_each() {
    let desk = Desk::university();
    desk.ok(&["registry", "create", "other", "--name", "Another Agency"]);
    let other = format!("{}/other", desk.authority());
    desk.ok(&["registry", "accredit", &desk.qa(), &desk.uni(), "--from", "2020-01-01"]);
    let credential = desk.issue(&desk.keypair("wallet.json")).to_string();
    let trusting = |registries: &[&str], exit: i32| {
        let options = registries.iter().flat_map(|registry| ["--trust", registry]);
        let arguments: Vec<&str> = [credential.as_str()].into_iter().chain(options).collect();
        let receipt = verdict(&desk, &arguments, "valid", exit);
        let told = receipt["trust"].as_array().unwrap().iter();
        let told: Vec<_> =
            told.map(|trust| format!("{}; {}", trust["at_issue"], trust["now"]).replace('"', "")).collect();
        (told, text(&desk.run(&[&["verify"], &arguments[..]].concat()).stdout))
    };
    let (told, said) = trusting(&[&desk.qa()], 0);
    assert_eq!(told, ["accredited at issue; current"]);
    assert!(said.contains("Quality Agency (") && !said.contains("self-declared"), "{said}");
    let (told, said) = trusting(&[&other], 2);
    assert_eq!(told, ["not accredited; not accredited"]);
    assert!(said.contains("self-declared"), "{said}");
    assert_eq!(trusting(&[&other, &desk.qa()], 0).0.len(), 2);

    // What ends now takes nothing from what was issued before.
    later();
    desk.ok(&["registry", "suspend", &desk.qa(), &desk.uni()]);
    assert_eq!(trusting(&[&desk.qa()], 0).0, ["accredited at issue; suspended"]);
    desk.ok(&["registry", "reinstate", &desk.qa(), &desk.uni()]);
    desk.ok(&["registry", "suspend", &desk.qa(), &desk.uni(), "--effective-at", "2020-02-01"]);
    assert_eq!(trusting(&[&desk.qa()], 3).0, ["suspended since before issue; suspended"]);
    desk.ok(&["registry", "withdraw", &desk.qa(), &desk.uni(), "--effective-at", "2020-01-15", "--yes"]);
    assert_eq!(trusting(&[&desk.qa()], 2).0, ["withdrawn since before issue; withdrawn"]);

    desk.ok(&["registry", "accredit", &other, &desk.uni(), "--from", "2100-01-01"]);
    assert_eq!(trusting(&[&other], 2).0, ["not accredited at issue; lapsed"]);
    desk.ok(&["registry", "create", "third", "--name", "Third Agency"]);
    let third = format!("{}/third", desk.authority());
    desk.ok(&["registry", "accredit", &third, &desk.uni(), "--from", "2020-01-01"]);
    assert_eq!(trusting(&[&third], 0).0, ["accredited at issue; current"]);
    desk.ok(&["registry", "retire", &third, "--yes"]);
    assert_eq!(trusting(&[&third], 0).0, ["accredited at issue; registry retired"]);
    desk.ok(&["issuer", "update-profile", &desk.uni(), "--name", "Their University"]);
    assert_eq!(trusting(&[&third], 2).0, ["vouched for an earlier profile; registry retired"]);
}

#[test]
fn wrong_usage_is_no_verdict() {
    let desk = Desk::funded();
    let a = desk.authority().to_string();
    for (arguments, says) in [
        (&[][..], "required"),
        (&["nonsense"], "\"nonsense\" is no address"),
        (&[&a, "--file", "x"], "cannot be used with"),
        (&[&a, "--achievement", &a, "--subject", &a], "cannot be used with"),
        (&["--achievement", &a], "--subject"),
        (&["--achievement", "rust", "--subject", &a], "--achievement: \"rust\" is no address"),
        (&[&a, "--digest", "12"], "64 hexadecimal digits"),
        (&[&a, "--trust", "x/y"], "is no address"),
    ] {
        desk.fails(&[&["verify"], arguments].concat(), 1, "usage", &[says]);
    }
}
