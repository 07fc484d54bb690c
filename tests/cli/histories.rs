//! `history`: what happened to an account, in words and in JSON.

use std::{collections::BTreeSet, fs};

use microcred_client::{
    address,
    event::Event,
    instructions::{Actor, credential},
    ledger::Embedded,
    state::Reason,
};
use serde_json::Value;
use solana_signer::Signer;

use crate::desk::{Desk, conforms};

#[track_caller]
fn history(desk: &Desk, arguments: &[&str]) -> Value {
    let answer = desk.json("history", &[&["history"], arguments].concat());
    answer["events"].as_array().unwrap().iter().for_each(|event| conforms(event, "event"));
    answer
}

fn titles(history: &Value) -> Vec<&str> {
    history["events"].as_array().unwrap().iter().map(|event| event["what"].as_str().unwrap()).collect()
}

#[test]
fn a_credentials_life_is_told_with_who_and_why() {
    let desk = Desk::university();
    let subject = desk.keypair("wallet.json");
    let credential = desk.issue(&subject).to_string();
    let beside = desk.issue(&desk.keypair("beside.json")).to_string();
    desk.ok(&["suspend", &credential, "--reason", "under-review", "-k", "key.json"]);
    // Together with what is done to another one.
    let authority = desk.read_keypair(".config/solana/id.json");
    let actor = Actor::Authority { issuer: desk.issuer(), authority: authority.pubkey() };
    let reinstate = credential::reinstate(&actor, credential.parse().unwrap());
    let suspend = credential::suspend(&actor, beside.parse().unwrap(), Reason::Payment);
    Embedded::open(&desk.ledger()).unwrap().send(&[reinstate, suspend], &authority, &[]).unwrap();
    let digest = "12".repeat(32);
    desk.ok(&["renew", &credential, "-k", "key.json", "--digest", &digest]);
    desk.ok(&["revoke", &credential, "--reason", "academic-misconduct", "--yes"]);
    desk.ok(&["erase", &credential, "--yes"]);
    desk.ok(&["revoke", &beside, "--yes"]);

    let answer = history(&desk, &[&credential]);
    let life = ["erased", "revoked", "renewed", "reinstated", "suspended", "issued"];
    assert_eq!(titles(&answer), life.map(|word| format!("credential {word}")));
    assert_eq!((&answer["kind"], &answer["continue_before"]), (&"credential".into(), &Value::Null));
    let revoked = &answer["events"][1];
    assert_eq!((&revoked["old_status"], &revoked["new_status"]), (&"active".into(), &"revoked".into()));
    assert_eq!((&revoked["new_reason"], &revoked["by"]), (&"academic misconduct".into(), &"authority".into()));
    assert_eq!(
        (&answer["events"][4]["by"], &answer["events"][5]["subject"]),
        (&"key 0".into(), &subject.to_string().into())
    );

    let said = desk.ok(&["history", &credential]);
    for part in [
        "History of the credential",
        "Z  credential revoked\n",
        "active -> revoked",
        "under review -> unspecified",
        "digest            none -> 1212",
        "by                authority",
        "signature",
    ] {
        assert!(said.contains(part), "{part:?} is not in: {said}");
    }
    assert!(!said.contains(&beside), "{said}");
}

#[test]
fn pages_follow_each_other_without_a_gap() {
    let desk = Desk::university();
    let credential = desk.issue(&desk.keypair("wallet.json")).to_string();
    for command in ["suspend", "reinstate", "suspend"] {
        desk.ok(&[command, &credential]);
    }
    let all = history(&desk, &[&credential]);
    let (mut pages, mut before) = (Vec::new(), None::<String>);
    loop {
        let mut arguments = vec![credential.as_str(), "--limit", "1"];
        arguments.extend(before.as_ref().into_iter().flat_map(|signature| ["--before", signature]));
        let page = history(&desk, &arguments);
        pages.extend(page["events"].as_array().unwrap().clone());
        match page["continue_before"].as_str() {
            Some(signature) => before = Some(signature.to_owned()),
            None => break,
        }
    }
    assert_eq!(Value::from(pages), all["events"]);
    assert!(history(&desk, &[&credential, "--limit", "4"])["continue_before"].is_null(), "that is all of them");
    let said = desk.ok(&["history", &credential, "--limit", "3"]);
    let oldest = all["events"][2]["signature"].as_str().unwrap();
    assert!(said.contains(&format!("There is more: continue with --before {oldest}")), "{said}");
}

#[test]
fn organisations_have_histories_too() {
    let desk = Desk::university();
    desk.ok(&["registry", "accredit", &desk.qa(), &desk.uni()]);
    desk.ok(&["issuer", "create", "second", "--name", "Second", "--key", "key.json", "--permissions", "issue"]);
    desk.issue(&desk.keypair("wallet.json"));
    desk.ok(&["issuer", "update-profile", &desk.uni(), "--name", "Their University"]);
    let registry = address::registry(&desk.authority(), "qa").to_string();
    assert_eq!(titles(&history(&desk, &[&registry])), ["issuer accredited", "registry \"Quality Agency\" created"]);
    let issuer = history(&desk, &[&desk.issuer().to_string()]);
    let expected = [
        "issuer's profile changed",
        "credential issued",
        "issuer accredited",
        "achievement \"Rust Basics\" created",
        "key 0 added",
        "issuer \"My University\" created",
    ];
    assert_eq!(titles(&issuer), expected);
    assert_eq!(issuer["name"], "Their University");
    let achievement = history(&desk, &[&desk.achievement().to_string()]);
    assert_eq!(titles(&achievement), ["credential issued", "achievement \"Rust Basics\" created"]);
    let key = history(&desk, &[&address::issuer_key(&desk.issuer(), 0).to_string()]);
    assert_eq!(titles(&key), ["credential issued", "key 0 added"]);
    let wallet = history(&desk, &[&desk.authority().to_string()]);
    assert!(titles(&wallet).len() >= 8 && wallet["kind"].is_null(), "{wallet:#}");
}

#[test]
fn failures_are_told_where_asked() {
    let desk = Desk::university();
    let credential = desk.issue(&desk.keypair("wallet.json")).to_string();
    let authority = desk.read_keypair(".config/solana/id.json");
    let by_authority = Actor::Authority { issuer: desk.issuer(), authority: authority.pubkey() };
    let reinstate = credential::reinstate(&by_authority, credential.parse().unwrap());
    Embedded::open(&desk.ledger()).unwrap().send(&[reinstate], &authority, &[]).unwrap_err();

    let quiet = history(&desk, &[&credential]);
    assert_eq!((titles(&quiet).len(), &quiet["failed"]), (1, &Value::Array(Vec::new())));
    let failed = &history(&desk, &[&credential, "--failed"])["failed"];
    assert_eq!(failed.as_array().unwrap().len(), 1);
    assert!(failed[0]["failure"].as_str().unwrap().contains("active cannot become"), "{failed}");
    assert!(desk.ok(&["history", &credential, "--failed"]).contains("FAILED: "));
    assert!(!desk.ok(&["history", &credential]).contains("FAILED"));
    let empty = desk.keypair("empty.json").to_string();
    desk.fails(&["history", &empty], 4, "not-found", &[&empty]);
    desk.fails(&["history", &credential, "--before", "x"], 1, "usage", &["--before"]);
    desk.fails(&["history", &credential, "--url", "http://127.0.0.1:1"], 5, "unreachable", &["127.0.0.1"]);
}

#[test]
fn every_event_is_told_with_the_fields_that_idl_and_schema_name() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let read = |path: &str| -> Value { serde_json::from_slice(&fs::read(format!("{root}/{path}")).unwrap()).unwrap() };
    let (idl, schema) = (read("idl/microcred.json"), read("cli/schema/event.json"));
    let forms = schema["oneOf"].as_array().unwrap();
    let events = idl["events"].as_array().unwrap();
    assert_eq!((events.len(), forms.len()), (26, 26));
    for event in events {
        let name = event["name"].as_str().unwrap();
        let kind = idl["types"].as_array().unwrap().iter().find(|kind| kind["name"] == name).unwrap();
        let fields = kind["type"]["fields"].as_array().unwrap().iter().map(|field| field["name"].as_str().unwrap());
        let fields: BTreeSet<_> = fields.filter(|field| *field != "reserved").chain(["event", "what"]).collect();

        // Of all zeros: texts are empty, and the length is the only one that makes sense.
        let discriminator = event["discriminator"].as_array().unwrap().iter();
        let discriminator: Vec<u8> = discriminator.map(|byte| u8::try_from(byte.as_u64().unwrap()).unwrap()).collect();
        let event = (0..1024).find_map(|size| Event::decode(&[&discriminator[..], &vec![0; size]].concat())).unwrap();
        assert_eq!(event.name(), name);
        let told = serde_json::to_value(&event).unwrap();
        assert_eq!(told.as_object().unwrap().keys().map(String::as_str).collect::<BTreeSet<_>>(), fields);

        let form = forms.iter().find(|form| form["properties"]["event"]["const"] == name).unwrap();
        let described: BTreeSet<_> = form["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        let place = BTreeSet::from(["signature", "slot", "time"]);
        assert_eq!(described, fields.union(&place).copied().collect());
    }
}
