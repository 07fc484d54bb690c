//! What strangers write into files, and a person then sees in a terminal.

use std::fs;

use jiff::Timestamp;
use microcred_client::{
    baking::{self, Existing},
    document::{
        context::{CREDENTIALS_V2, OPEN_BADGES, OPEN_BADGES_EXTENSIONS},
        did,
        proof::{Cryptosuite, Options, sign},
    },
};
use serde_json::{Value, json};
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::desk::{Desk, text};

const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";

/// Texts that a terminal obeys, or that look like lines of an answer.
const TRICKS: [&str; 9] = [
    "\u{1b}[2J\u{1b}[HVALID\r\n",
    "x\r\nVALID\r\n  learner      Mallory",
    "\u{9b}2K\u{9b}1GVALID",
    "\u{202e}DILAV",
    "\u{2066}VALID\u{2069}",
    "VA\u{200b}LID\u{feff}",
    "\u{1b}]8;;https://attacker.example\u{1b}\\VALID\u{1b}]8;;\u{1b}\\",
    "\u{8}\u{8}\u{8}\u{7f}VALID",
    "\u{e0001}VALID\u{2028}VALID",
];

/// A document that somebody signed, with a text wherever a text may stand.
fn document(trick: &str, signer: &Keypair) -> Value {
    let mut document = json!({
        "@context": [CREDENTIALS_V2, OPEN_BADGES, OPEN_BADGES_EXTENSIONS],
        "id": format!("urn:{trick}"),
        "type": ["VerifiableCredential", "AchievementCredential"],
        "name": trick,
        "issuer": {
            "id": did::did_key(&signer.pubkey()),
            "type": ["Profile"],
            "name": trick,
            "url": format!("https://{trick}"),
            "otherIdentifier": [{"type": "IdentifierEntry", "identifierType": trick, "identifier": trick}]
        },
        "validFrom": "2026-11-01T00:00:00Z",
        "credentialStatus": {"id": trick, "type": trick, "statusPurpose": trick, "statusListIndex": trick, "statusListCredential": trick},
        "credentialSubject": {
            "id": did::did_key(&signer.pubkey()),
            "type": ["AchievementSubject"],
            "identifier": [{"type": "IdentityObject", "hashed": false, "identityHash": trick, "identityType": "name"}],
            "achievement": {
                "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc34",
                "type": ["Achievement"],
                "name": trick,
                "description": trick,
                "criteria": {"narrative": trick}
            }
        }
    });
    // Where it is no URL, it cannot be signed: it is printed all the same.
    if sign(&mut document, Cryptosuite::EddsaRdfc2022, &Options::assertion(Timestamp::now()), signer).is_err() {
        document["proof"] = json!([{"type": trick, "cryptosuite": trick, "verificationMethod": trick}]);
    }
    document
}

/// No character that a terminal obeys, hides or reorders, and no line that begins like an answer.
#[track_caller]
fn assert_harmless(bytes: &[u8], trick: &str, what: &str) {
    let said = text(bytes);
    let misleads = |c: &char| {
        (c.is_control() && *c != '\n')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
    };
    assert_eq!(said.chars().find(misleads), None, "{what} {trick:?}: {said}");
    assert!(!said.lines().any(|line| line.starts_with("VALID")), "{what} {trick:?}: {said}");
}

#[test]
fn nothing_that_a_stranger_wrote_moves_hides_or_imitates_what_is_printed() {
    let desk = Desk::empty();
    let learner = desk.keypair("learner.json");
    let learner_key = desk.read_keypair("learner.json");
    assert_eq!(learner, learner_key.pubkey());
    let challenge = ["--challenge", "8ZeJ3vWQyB1xkSzoq3X1nJ7Cq3sS7wXg", "--domain", "employer.example"];
    for trick in TRICKS {
        let document = document(trick, &learner_key).to_string();
        fs::write(desk.path("document.json"), &document).unwrap();
        fs::write(desk.path("twice.json"), document.replacen('{', &format!("{{{0}:1,{0}:2,", json!(trick)), 1))
            .unwrap();
        fs::write(desk.path("key.json"), document.replacen('{', &format!("{{{}:1,", json!(format!("{trick}:"))), 1))
            .unwrap();
        let term =
            document.replacen("\"credentialSubject\":{", &format!("\"credentialSubject\":{{{}:1,", json!(trick)), 1);
        fs::write(desk.path("term.json"), term).unwrap();
        fs::write(desk.path("text.json"), json!({"address": trick, "message": trick, "signature": trick}).to_string())
            .unwrap();
        fs::write(desk.path("learners.csv"), format!("wallet,name,{trick}\n{learner},{trick},x\n{trick},x,x\n"))
            .unwrap();
        fs::write(desk.path("badge.svg"), SVG).unwrap();
        if let Ok(image) = baking::bake(SVG.as_bytes(), document.as_bytes(), Existing::Refuse) {
            fs::write(desk.path("baked.svg"), image).unwrap();
        }
        let files = ["document.json", "twice.json", "key.json", "term.json", "text.json", "badge.svg"];
        let mut commands: Vec<Vec<&str>> = Vec::new();
        for file in files {
            commands.push(vec!["verify", "--offline", file]);
            commands.push(vec!["verify", "--offline", file, "document.json"]);
            commands.push([&["present", file, "-k", "learner.json"][..], &challenge].concat());
            commands.push([&["present", file, "-k", "learner.json", "--text"][..], &challenge].concat());
            commands.push(vec!["certificate", file, "--out", "certificate.pdf", "--force"]);
            commands.push(vec!["bake", file, "--image", "badge.svg", "--out", "out.svg", "--force"]);
            commands.push(vec!["extract", file]);
        }
        commands.push(vec!["extract", "baked.svg", "--out", "extracted.json", "--force"]);
        commands.push(vec!["issue", "--achievement", "university/rust", "--csv", "learners.csv", "-k", "learner.json"]);
        for command in commands {
            let output = desk.run(&command);
            assert_ne!(output.status.code(), Some(101), "{command:?}: {}", text(&output.stderr));
            assert_harmless(&output.stdout, trick, &format!("{command:?}"));
            assert_harmless(&output.stderr, trick, &format!("{command:?}"));
        }
    }
}
