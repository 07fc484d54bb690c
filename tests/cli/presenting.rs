//! `challenge` and `present`: what a verifier gives and what a learner answers.

use std::{fs, os::unix::fs::PermissionsExt, process::Stdio};

use jiff::{SignedDuration, Timestamp};
use microcred_client::{
    baking::{self, Existing},
    document::{
        context::{CREDENTIALS_V2, OPEN_BADGES, OPEN_BADGES_EXTENSIONS},
        did,
        presentation::{
            Asked, ChallengeBook, MAX_AGE, Wanted, check,
            text::{self, SignedText},
        },
        proof::{Cryptosuite, Options, sign},
    },
};
use serde_json::{Value, json};
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::desk::{Desk, text};

const ASKED: [&str; 4] = ["--challenge", "8ZeJ3vWQyB1xkSzoq3X1nJ7Cq3sS7wXg", "--domain", "employer.example"];

/// A desk with the learner's keypair `learner.json`, and their document `document.json`.
fn learner(name: &str) -> (Desk, Value) {
    let desk = Desk::empty();
    let learner = desk.keypair("learner.json");
    let issuer = Keypair::new();
    let mut document = json!({
        "@context": [CREDENTIALS_V2, OPEN_BADGES, OPEN_BADGES_EXTENSIONS],
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential", "AchievementCredential"],
        "name": name,
        "issuer": {"id": did::did_key(&issuer.pubkey()), "type": ["Profile"]},
        "validFrom": "2026-11-01T00:00:00Z",
        "credentialSubject": {"id": did::did_key(&learner), "type": ["AchievementSubject"]}
    });
    sign(&mut document, Cryptosuite::EddsaRdfc2022, &Options::assertion(Timestamp::now()), &issuer).unwrap();
    fs::write(desk.path("document.json"), document.to_string()).unwrap();
    (desk, document)
}

fn present<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["present", "document.json", "-k", "learner.json"], &ASKED[..], more].concat()
}

fn wanted() -> Wanted<'static> {
    let asked = Asked::Challenge { challenge: ASKED[1], domain: ASKED[3] };
    Wanted { asked, now: Timestamp::now(), max_age: MAX_AGE }
}

#[test]
fn a_challenge_is_new_each_time() {
    let desk = Desk::empty();
    let ask = || desk.json("challenge", &["challenge", "--domain", "employer.example"]);
    let (first, second) = (ask(), ask());
    assert_ne!(first["challenge"], second["challenge"]);
    assert_eq!((&first["expires"], &first["book"]), (&Value::Null, &Value::Null));
    let said = desk.ok(&["challenge", "--domain", "employer.example"]);
    assert!(said.starts_with("A challenge of employer.example\n  challenge"), "{said}");
    for (arguments, says) in [
        (&["challenge"][..], "--domain"),
        (&["challenge", "--domain", ""], "is no domain"),
        (&["challenge", "--domain", "a b"], "is no domain"),
        (&["challenge", "--domain", "a", "--valid-for", "1h"], "--book"),
        (&["challenge", "--domain", "a", "--book", "b", "--valid-for", "soon"], "is no length of time"),
    ] {
        desk.fails(arguments, 1, "usage", &[says]);
    }
}

#[test]
fn a_book_keeps_the_challenges_of_all_processes() {
    let desk = Desk::empty();
    let arguments = ["challenge", "--domain", "employer.example", "--book", "book.json", "--output", "json"];
    let running: Vec<_> = (0..6).map(|_| desk.command(&arguments).stdout(Stdio::piped()).spawn().unwrap()).collect();
    let book = ChallengeBook::at(desk.path("book.json"));
    let outputs: Vec<_> = running.into_iter().map(|process| process.wait_with_output().unwrap()).collect();
    for output in outputs {
        let given: Value = serde_json::from_slice(&output.stdout).unwrap();
        crate::desk::conforms(&given, "challenge");
        let challenge = given["challenge"].as_str().unwrap();
        let open = SignedDuration::from_secs(given["expires"]["unix"].as_i64().unwrap() - Timestamp::now().as_second());
        assert!((SignedDuration::from_mins(8)..=SignedDuration::from_mins(11)).contains(&open), "{given}");
        book.take(challenge, "employer.example", Timestamp::now()).unwrap();
        assert!(book.take(challenge, "employer.example", Timestamp::now()).is_err());
    }
    fs::write(desk.path("book.json"), "[]").unwrap();
    let damaged = ["challenge", "--domain", "employer.example", "--book", "book.json"];
    desk.fails(&damaged, 1, "challenge-book", &["book.json is no book of challenges", "name another file"]);
}

#[test]
fn a_learner_presents_a_document() {
    let (desk, document) = learner("Data ethics");
    let presentation = desk.json("present", &present(&[]));
    assert_eq!(check(&presentation, &wanted()).unwrap().document, document);
    // Text is the same file, for whoever redirects it.
    let printed: Value = serde_json::from_str(&desk.ok(&present(&[]))).unwrap();
    assert_eq!(check(&printed, &wanted()).unwrap().document, document);

    let written = desk.json("present", &present(&["--out", "shown.json", "--expires", "2m"]));
    let mode = fs::metadata(desk.path("shown.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!((&written["file"], &written["form"]), (&json!("shown.json"), &json!("presentation")));
    let shown: Value = serde_json::from_str(&fs::read_to_string(desk.path("shown.json")).unwrap()).unwrap();
    check(&shown, &wanted()).unwrap();
    let [created, expires] =
        ["created", "expires"].map(|name| shown["proof"][0][name].as_str().unwrap().parse::<Timestamp>().unwrap());
    assert_eq!(expires.duration_since(created), SignedDuration::from_mins(2));

    desk.fails(&present(&["--out", "document.json"]), 1, "usage", &["document.json exists"]);
    assert_eq!(fs::read_to_string(desk.path("document.json")).unwrap(), document.to_string());
    let again = ["present", "shown.json", "-k", "learner.json"];
    desk.fails(&[&again[..], &ASKED].concat(), 1, "document", &["a presentation already"]);
}

#[test]
fn a_document_is_presented_out_of_an_image_too() {
    let (desk, document) = learner("Data ethics");
    let bytes = fs::read(desk.path("document.json")).unwrap();
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>"#;
    for (name, image) in [("badge.svg", &svg[..]), ("badge.png", include_bytes!("../documents/badge.png"))] {
        fs::write(desk.path(name), baking::bake(image, &bytes, Existing::Refuse).unwrap()).unwrap();
        let shown = desk.json("present", &[&["present", name, "-k", "learner.json"], &ASKED[..]].concat());
        assert_eq!(check(&shown, &wanted()).unwrap().document, document);
    }
    fs::write(desk.path("empty.svg"), svg).unwrap();
    desk.fails(&[&["present", "empty.svg", "-k", "learner.json"], &ASKED[..]].concat(), 1, "image", &["empty.svg"]);
}

#[test]
fn a_text_is_signed_elsewhere_or_at_once() {
    let (desk, document) = learner("Data ethics");
    let learner = desk.read_keypair("learner.json");
    // Nobody signs: the signer in effect does not matter.
    let unsigned = [&["present", "document.json", "-k", "nowhere.json"], &ASKED[..], &["--text"]].concat();
    let said = desk.ok(&unsigned);
    assert!(said.starts_with("employer.example wants you to sign in with your Solana account:\n"), "{said}");
    let answer = desk.json("present", &unsigned);
    let message = answer["message"].as_str().unwrap().to_owned();
    assert_eq!(answer["address"], learner.pubkey().to_string());
    let signature = learner.sign_message(message.as_bytes()).to_string();
    let signed = SignedText { address: learner.pubkey().to_string(), message, signature };
    text::check(&document, &signed, &wanted()).unwrap();

    let written = desk.json("present", &[&unsigned[..], &["--out", "text.txt"]].concat());
    assert_eq!(written["form"], "text");
    let message = fs::read_to_string(desk.path("text.txt")).unwrap();
    let signature = learner.sign_message(message.as_bytes()).to_string();
    text::check(&document, &SignedText { message, signature, ..signed }, &wanted()).unwrap();

    let signed = desk.json("present", &present(&["--text", "--sign"]));
    let signed = SignedText::read(signed.to_string().as_bytes()).unwrap();
    text::check(&document, &signed, &wanted()).unwrap();
    desk.fails(&present(&["--sign"]), 1, "usage", &["--text"]);
}

#[test]
fn who_is_not_the_learner_presents_nothing() {
    let (desk, _) = learner("Data ethics");
    let other = desk.keypair("other.json").to_string();
    let by = |signer: &'static str| [&["present", "document.json", "-k", signer], &ASKED[..]].concat();
    desk.fails(&by("other.json"), 1, "wrong-signer", &[&other, "name the learner's own signer"]);
    let text = [&by("other.json")[..], &["--text", "--sign"]].concat();
    desk.fails(&text, 1, "wrong-signer", &[&other]);
    let address = desk.read_keypair("learner.json").pubkey().to_string();
    let absent = [&["present", "document.json", "-k", &address], &ASKED[..]].concat();
    desk.fails(&absent, 1, "signer", &["an address alone", "--text"]);
}

#[test]
fn what_cannot_be_presented_is_told() {
    let (desk, _) = learner("Data ethics");
    desk.fails(&[&["present", "nothing.json"], &ASKED[..]].concat(), 1, "file", &["nothing.json"]);
    for (content, says) in [
        ("{", "not JSON"),
        (r#"{"a":1,"a":2}"#, "stands twice"),
        ("{}", "does not say whose it is"),
        (r#"{"credentialSubject":{"id":"mailto:ada@a.example"}}"#, "no key that could sign"),
    ] {
        fs::write(desk.path("wrong.json"), content).unwrap();
        desk.fails(&[&["present", "wrong.json", "-k", "learner.json"], &ASKED[..]].concat(), 1, "document", &[says]);
    }
    fs::write(desk.path("giant.json"), vec![b' '; 1_000_000]).unwrap();
    desk.fails(&[&["present", "giant.json"], &ASKED[..]].concat(), 1, "document", &["documents have at most"]);
    let short = ["present", "document.json", "--challenge", "a-b", "--domain", "employer.example", "--text"];
    desk.fails(&short, 1, "usage", &["8 or more letters and digits"]);
}

#[test]
fn a_terminal_obeys_nothing_of_a_document() {
    let name = "Data \u{202e}scihte\u{202c} \u{200b}\u{e0041}";
    let (desk, document) = learner(name);
    let printed = text(&desk.run(&present(&[])).stdout);
    assert!(printed.is_ascii() && printed.contains(r"\u202escihte\u202c \u200b\udb40\udc41"), "{printed}");
    let printed: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(check(&printed, &wanted()).unwrap().document, document);
}
