//! `issue`, `accept`, `decline`, `suspend`, `reinstate`, `revoke`, `renew`, `erase`.

use microcred_client::{Address, address};

use crate::desk::Desk;

/// A university whose achievement `pact` takes the learner's acceptance, and a learner.
fn with_acceptance() -> (Desk, String, Address) {
    let desk = Desk::university();
    let create = ["achievement", "create", &desk.uni(), "pact", "--title", "Pact", "--kind", "certificate"];
    desk.ok(&[&create[..], &["--acceptance-required", "--publish", "--yes"]].concat());
    let learner = desk.keypair("wallet.json");
    let pact = format!("{}/pact", desk.uni());
    (desk, pact, learner)
}

#[test]
fn a_learner_accepts_or_declines() {
    let (desk, pact, learner) = with_acceptance();
    let subject = learner.to_string();
    let named = ["--achievement", &pact, "--subject", &subject];
    desk.json("change", &[&["issue"], &named[..], &["-k", "key.json"]].concat());
    let first = address::credential(&address::achievement(&desk.issuer(), "pact"), &learner, 0);
    assert_eq!(desk.show(&first)["status"], "pending");

    desk.fails(&[&["accept"], &named[..]].concat(), 1, "wrong-signer", &["signature of the learner", &subject]);
    let by_learner = ["-k", "wallet.json", "--fee-payer", ".config/solana/id.json"];
    let decline = [&["decline"], &named[..], &by_learner].concat();
    desk.fails(&decline, 1, "not-confirmed", &["declines", "Pact", "My University"]);
    desk.json("change", &[&decline[..], &["--yes"]].concat());
    assert_eq!(desk.show(&first)["status"], "declined");

    desk.json("change", &[&["issue"], &named[..], &["-k", "key.json"]].concat());
    desk.json("change", &[&["accept"], &named[..], &by_learner].concat());
    let second = address::credential(&address::achievement(&desk.issuer(), "pact"), &learner, 1);
    let shown = desk.show(&second);
    assert_eq!((&shown["status"], &shown["accepted"]), (&"active".into(), &true.into()));
    assert_eq!(shown["sequence"], 1);
}

#[test]
fn what_was_issued_is_as_it_was_asked_for() {
    let desk = Desk::university();
    let digest = "12".repeat(32);
    let subject = desk.keypair("wallet.json").to_string();
    let named = ["issue", "--achievement", &desk.achievement().to_string(), "--subject", &subject, "-k", "key.json"];
    let terms = ["--digest", &digest, "--expires", "2040-01-01", "--status-index", "77", "--by-commitment"];
    let change = desk.json("change", &[&named[..], &terms].concat());
    assert_eq!((&change["action"], &change["accounts"][1]["name"]), (&"issue".into(), &"Rust Basics".into()));
    let shown = desk.show(&change["accounts"][0]["address"].as_str().unwrap());
    assert_eq!((&shown["digest"], &shown["status_index"]), (&digest.into(), &77.into()));
    assert_eq!((&shown["subject_kind"], &shown["subject"]), (&"commitment".into(), &subject.as_str().into()));
    assert_eq!(shown["expires_at"]["rfc3339"], "2040-01-01T00:00:00Z");
    let says = ["has a credential of this achievement already", "active"];
    desk.fails(&named, 1, "usage", &says);
    // Otherwise it has any place of the first half of the first list that is free, not the next.
    let subjects = [desk.authority(), desk.keypair("other.json")];
    let places = subjects.map(|subject| desk.show(&desk.issue(&subject))["status_index"].as_u64().unwrap());
    assert!(places.iter().all(|place| *place < 65_536 && *place != 77), "{places:?}");
    assert_ne!(places, [78, 79]);
}

#[test]
fn the_issuer_suspends_reinstates_and_revokes() {
    let desk = Desk::university();
    let credential = desk.issue(&desk.keypair("wallet.json")).to_string();
    let suspend = ["suspend", &credential, "--reason", "under-review", "-k", "key.json"];
    desk.json("change", &suspend);
    let shown = desk.show(&credential);
    assert_eq!((&shown["status"], &shown["reason"]), (&"suspended".into(), &"under review".into()));
    assert_eq!(shown["status_changed_by"], "key 0");
    desk.fails(&suspend, 1, "refused", &["suspended cannot become suspended"]);
    desk.json("change", &["reinstate", &credential]);
    assert_eq!(desk.show(&credential)["status_changed_by"], "authority");

    let revoke = ["revoke", &credential, "--reason", "academic-misconduct"];
    let says = ["revokes", &credential, "Rust Basics", "My University", "academic misconduct"];
    desk.fails(&revoke, 1, "not-confirmed", &says);
    desk.fails(&[&revoke[..], &["-k", "key.json", "--yes"]].concat(), 1, "wrong-signer", &["lacks the permission"]);
    assert_eq!(desk.show(&credential)["status"], "active");
    let told = desk.ok(&[&revoke[..], &["--yes"]].concat());
    assert!(told.contains("revoke: done") && told.contains("Rust Basics ("), "{told}");
    let shown = desk.show(&credential);
    assert_eq!((&shown["status"], &shown["reason"]), (&"revoked".into(), &"academic misconduct".into()));
}

#[test]
fn a_key_renews() {
    let desk = Desk::university();
    let credential = desk.issue(&desk.keypair("wallet.json")).to_string();
    let digest = "34".repeat(32);
    desk.json("change", &["renew", &credential, "--digest", &digest, "-k", "key.json"]);
    let shown = desk.show(&credential);
    assert_eq!((&shown["revision"], &shown["digest"]), (&1.into(), &digest.into()));
    desk.fails(&["renew", &credential], 1, "wrong-signer", &["only its keys issue and renew"]);
}

#[test]
fn issuer_and_learner_erase() {
    let desk = Desk::university();
    let learner = desk.keypair("wallet.json");
    desk.ok(&["fund", "1", "wallet.json"]);
    for by in [&["-k", "wallet.json"][..], &["--reason", "learner-request"]] {
        let credential = desk.issue(&learner).to_string();
        let erase = [&["erase", &credential], by].concat();
        desk.fails(&erase, 1, "not-confirmed", &["erases subject and digest", "archives"]);
        desk.json("change", &[&erase[..], &["--yes"]].concat());
        let shown = desk.show(&credential);
        assert_eq!((&shown["status"], &shown["subject"]), (&"erased".into(), &().into()));
        let again = ["accept", &credential, "-k", "wallet.json"];
        desk.fails(&again, 1, "wrong-signer", &["names no wallet"]);
    }
}
