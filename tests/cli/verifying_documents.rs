//! `verify FILE`: documents of learners.

use std::{fs, process::Stdio};

use jiff::{SignedDuration, Timestamp};
use microcred_client::{
    address,
    baking::{self, Existing},
    document::{
        Document,
        context::{CREDENTIALS_V2, OPEN_BADGES},
        did::{self, Chain},
        making::{Learner, Particulars, Profile, Template},
        proof::{Cryptosuite, Options, sign},
    },
    hex::Hex,
};
use serde_json::{Value, json};
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::desk::{Desk, conforms, text};

/// A university whose key 1 signs documents, and one learner's document.
struct Registrar {
    desk: Desk,
    template: Template,
    signer: Keypair,
    learner: String,
    credential: String,
}

impl Registrar {
    /// The document `amara.json` is signed, and its digest is on chain.
    fn new() -> Self {
        let desk = Desk::university();
        desk.keypair("sign.json");
        desk.ok(&["key", "add", &desk.uni(), "sign.json", "--permissions", "assert"]);
        let template = Template {
            chain: Chain::embedded(),
            issuer: Profile {
                account: desk.issuer(),
                name: "My University".into(),
                url: String::new(),
                country: String::new(),
            },
            key: address::issuer_key(&desk.issuer(), 1),
            achievement: json!({
                "id": "https://university.example/rust",
                "type": ["Achievement"],
                "achievementType": "MicroCredential",
                "name": "Rust Basics",
                "description": "Builds small tools in Rust.",
                "criteria": {"narrative": "Assessment: a project."},
            }),
        };
        let signer = desk.read_keypair("sign.json");
        let mut registrar = Self { desk, template, signer, learner: String::new(), credential: String::new() };
        registrar.issue("amara.json", "Amara Okafor");
        registrar
    }

    /// Issues to a new learner, and writes the document to a file.
    fn issue(&mut self, file: &str, name: &str) {
        let wallet = self.desk.keypair("wallet.json");
        let credential = address::credential(&self.desk.achievement(), &wallet, 0);
        // The embedded ledger's clock is in whole seconds.
        let now = Timestamp::now() - SignedDuration::from_secs(1);
        let particulars = Particulars {
            id: "58172aac-d8ba-11ed-83dd-0b3aef56cc33".parse().unwrap(),
            credential,
            status: ("https://university.example/credentials/status/0".into(), 0),
            awarded: now,
            signed: Timestamp::now(),
            valid_until: None,
            learner: Learner { wallet, name: Some(name.into()), ..Learner::default() },
        };
        let document = self.template.sign(&particulars, &self.signer).unwrap();
        let digest = Hex(document.digest()).to_string();
        (self.learner, self.credential) = (wallet.to_string(), credential.to_string());
        let issue = ["issue", "--achievement", &self.desk.rust(), "--subject", &self.learner, "-k", "key.json"];
        self.desk.ok(&[&issue[..], &["--digest", &digest, "--status-index", "0"]].concat());
        fs::write(self.desk.path(file), document.text()).unwrap();
    }

    fn read(&self, file: &str) -> Value {
        serde_json::from_slice(&fs::read(self.desk.path(file)).unwrap()).unwrap()
    }

    fn write(&self, file: &str, document: &Value) {
        fs::write(self.desk.path(file), Document::new(document.clone()).text()).unwrap();
    }

    /// The answer, which must have this verdict and exit code, in JSON and in text.
    #[track_caller]
    fn verdict(&self, arguments: &[&str], verdict: &str, exit: i32) -> (Value, String) {
        let output = self.desk.run(&[&["verify"], arguments, &["--output", "json"]].concat());
        let told = format!("{}{}", text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(exit), "{told}");
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        conforms(&answer, "verify");
        assert_eq!((&answer["verdict"], &answer["exit_code"]), (&verdict.into(), &exit.into()), "{told}");
        let output = self.desk.run(&[&["verify"], arguments].concat());
        assert_eq!(output.status.code(), Some(exit), "{}", text(&output.stderr));
        let said = text(&output.stdout);
        assert_eq!(said.lines().next(), Some(verdict.to_uppercase().as_str()), "{said}");
        (answer, said)
    }
}

fn findings(answer: &Value) -> Vec<&str> {
    answer["findings"].as_array().unwrap().iter().map(|found| found["finding"].as_str().unwrap()).collect()
}

#[test]
fn a_document_is_answered_with_who_what_and_what_was_checked() {
    let registrar = Registrar::new();
    let (answer, said) = registrar.verdict(&["amara.json"], "valid", 0);
    assert_eq!(answer["document"]["learner"], "Amara Okafor");
    assert_eq!(answer["on_chain"]["address"], registrar.credential.as_str());
    assert_eq!((&answer["not_checked"], answer["problem"].is_null()), (&json!([]), true));
    assert_eq!(findings(&answer), ["no definition on chain", "nobody proved to be its subject"]);
    for part in [
        "Amara Okafor",
        "Rust Basics",
        "My University, self-declared",
        &registrar.credential,
        &registrar.learner,
        "checked           form, proof, dates",
        "nobody proved to be its subject",
        "for ever",
        "slot",
    ] {
        assert!(said.contains(part), "{part:?} is not in: {said}");
    }
    let (qa, uni) = (registrar.desk.qa(), registrar.desk.uni());
    registrar.desk.ok(&["registry", "accredit", &qa, &uni, "--from", "2020-01-01"]);
    let expected = [
        "--expect-issuer",
        &uni,
        "--expect-achievement",
        &registrar.desk.rust(),
        "--expect-subject",
        &registrar.learner,
    ];
    let (answer, said) = registrar.verdict(&[&["amara.json", "--trust", &qa], &expected[..]].concat(), "valid", 0);
    assert_eq!(answer["on_chain"]["trust"][0]["met"], true);
    assert!(!said.contains("self-declared"), "{said}");
    let nobody = registrar.desk.keypair("nobody.json").to_string();
    for expected in ["--expect-issuer", "--expect-achievement", "--expect-subject"] {
        registrar.verdict(&["amara.json", expected, &nobody], "mismatch", 2);
    }
}

#[test]
fn what_stands_on_chain_decides_about_a_file() {
    let registrar = Registrar::new();
    registrar.desk.ok(&["suspend", &registrar.credential, "--reason", "under-review"]);
    let (answer, said) = registrar.verdict(&["amara.json"], "suspended", 3);
    assert!(findings(&answer).contains(&"suspended") && said.contains("under review"), "{said}");
    registrar.desk.ok(&["reinstate", &registrar.credential]);
    registrar.desk.ok(&["revoke", &registrar.credential, "--reason", "academic-misconduct", "--yes"]);
    let (_, said) = registrar.verdict(&["amara.json"], "revoked", 2);
    assert!(said.contains("academic misconduct"), "{said}");
    // An altered file stays one.
    let mut document = registrar.read("amara.json");
    document["name"] = json!("Doctor");
    registrar.write("doctor.json", &document);
    let (answer, _) = registrar.verdict(&["doctor.json"], "not proven", 2);
    assert_eq!(findings(&answer)[..2], ["bad proof", "revoked"]);
    let (answer, _) = registrar.verdict(&["amara.json", "--url", "http://127.0.0.1:1"], "could not check", 5);
    assert!(answer["problem"].as_str().unwrap().contains("http://127.0.0.1:1"), "{answer:#}");
    registrar.verdict(&["doctor.json", "--url", "http://127.0.0.1:1"], "not proven", 2);
}

#[test]
fn offline_says_what_was_not_checked_and_never_valid() {
    let registrar = Registrar::new();
    let offline = ["amara.json", "--offline", "--url", "http://127.0.0.1:1"];
    let (answer, said) = registrar.verdict(&offline, "not checked on chain", 5);
    assert_eq!(answer["not_checked"], json!(["status", "digest", "key", "definition", "content"]));
    let qa = registrar.desk.qa();
    let trust = [&offline[..], &["--trust", &qa]].concat();
    for arguments in [&trust[..], &trust[..1], &[&trust[..1], &trust[2..]].concat()] {
        let is_asked = arguments.contains(&"--trust");
        let output = registrar.desk.run(&[&["verify"], arguments, &["--output", "json"]].concat());
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        conforms(&answer, "verify");
        let not_checked = answer["not_checked"].as_array().unwrap();
        assert_eq!(not_checked.contains(&json!("accreditation")), is_asked, "{answer:#}");
        let said = text(&registrar.desk.run(&[&["verify"], arguments].concat()).stdout);
        assert_eq!(said.contains(", accreditation\n") || said.contains("  accreditation\n"), is_asked, "{said}");
    }
    let (answer, _) = registrar.verdict(&["amara.json", "--trust", &registrar.desk.qa()], "valid", 2);
    assert_eq!(answer["not_checked"], json!([]));
    assert!(said.contains("not checked       status, digest, key"), "{said}");
    assert!(!said.lines().any(|line| line.to_lowercase().starts_with("valid")), "{said}");
    let mut document = registrar.read("amara.json");
    document["credentialSubject"]["achievement"]["name"] = json!("Doctor");
    registrar.write("doctor.json", &document);
    registrar.verdict(&["doctor.json", "--offline"], "not proven", 2);
    fs::write(registrar.desk.path("broken.json"), "{\"a\":1,\"a\":2}").unwrap();
    let (answer, said) = registrar.verdict(&["broken.json", "--offline"], "malformed", 2);
    assert!(answer["document"].is_null() && said.contains("stands twice"), "{said}");
}

#[test]
fn hostile_names_do_not_reach_the_terminal() {
    let mut registrar = Registrar::new();
    let hostile =
        "\u{1b}[2J\u{1b}]0;owned\u{7}VALID\u{9b}31m\r\nEve\u{202e}live\u{200b}\u{2066}\n  issuer            Harvard";
    registrar.issue("hostile.json", hostile);
    registrar.template.achievement["name"] = json!(format!("{hostile}{}", "x".repeat(5_000)));
    registrar.issue("long.json", hostile);
    for file in ["hostile.json", "long.json"] {
        let once = registrar.desk.run(&["verify", file]);
        let twice = registrar.desk.run(&["verify", file, "amara.json"]);
        for output in [once, twice] {
            let said = text(&output.stdout) + &text(&output.stderr);
            let is_plain = |c: char| c == '\n' || !(c.is_control() || "\u{202e}\u{200b}\u{2066}".contains(c));
            assert!(said.chars().all(is_plain), "{said:?}");
            assert!(!said.lines().any(|line| line.trim_start().starts_with("issuer            Harvard")), "{said}");
            assert!(said.len() < 8_000, "{}", said.len());
        }
        for format in ["json", "json-compact"] {
            for files in [&[file][..], &[file, "amara.json"]] {
                let output = registrar.desk.run(&[&["verify", "--output", format], files].concat());
                let said = text(&output.stdout);
                let is_plain = |c: char| c == '\n' || !(c.is_control() || "\u{202e}\u{200b}\u{2066}".contains(c));
                assert!(said.chars().all(is_plain), "{said:?}");
                let first = if format == "json" { &said } else { said.lines().next().unwrap() };
                let answer: Value = serde_json::from_str(first).unwrap();
                let answer = if answer.is_array() { &answer[0] } else { &answer };
                assert_eq!(answer["document"]["learner"], hostile);
            }
        }
    }
    // And where the file itself is called so.
    let output = registrar.desk.run(&["verify", "\u{1b}[2J.json"]);
    assert!(!text(&output.stderr).contains('\u{1b}'));
}

#[test]
fn several_files_are_answered_each_and_the_worst_counts() {
    let mut registrar = Registrar::new();
    registrar.issue("bilal.json", "Bilal");
    let revoked = registrar.credential.clone();
    registrar.desk.ok(&["revoke", &revoked, "--reason", "payment", "--yes"]);
    let mut document = registrar.read("amara.json");
    document["name"] = json!("Doctor");
    registrar.write("doctor.json", &document);
    let files = ["amara.json", "bilal.json", "doctor.json"];
    let output = registrar.desk.run(&[&["verify"], &files[..], &["--output", "json"]].concat());
    assert_eq!(output.status.code(), Some(2));
    let answers: Value = serde_json::from_slice(&output.stdout).unwrap();
    conforms(&answers, "verify");
    let verdicts: Vec<_> =
        answers.as_array().unwrap().iter().map(|answer| answer["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["valid", "revoked", "not proven"]);
    let output = registrar.desk.run(&[&["verify"], &files[..]].concat());
    let said = text(&output.stdout);
    let lines: Vec<_> = said.lines().collect();
    assert!(
        lines[0].starts_with("VALID") && lines[0].contains("amara.json  \"Rust Basics\" of Amara Okafor"),
        "{said}"
    );
    assert!(lines[1].starts_with("REVOKED") && lines[1].ends_with("revoked: payment"), "{said}");
    assert!(said.contains("3 checked\n"), "{said}");
    let offline = registrar.desk.run(&[&["verify", "--offline"], &files[..]].concat());
    assert_eq!(offline.status.code(), Some(5));
}

#[test]
fn a_file_that_cannot_be_read_keeps_no_other_from_being_answered() {
    let registrar = Registrar::new();
    fs::create_dir(registrar.desk.path("folder.json")).unwrap();
    let files = ["amara.json", "missing\n.json", "folder.json", "amara.json"];
    let output = registrar.desk.run(&[&["verify"], &files[..], &["--output", "json"]].concat());
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(5), ""));
    let answers: Value = serde_json::from_slice(&output.stdout).unwrap();
    conforms(&answers, "verify");
    let told = |answer: &Value| format!("{} {}", answer["verdict"].as_str().unwrap(), answer["exit_code"]);
    let told: Vec<_> = answers.as_array().unwrap().iter().map(told).collect();
    assert_eq!(told, ["valid 0", "could not check 5", "could not check 5", "valid 0"]);
    assert!(answers[1]["problem"].as_str().unwrap().contains("no such file"), "{answers:#}");
    let said = text(&registrar.desk.run(&[&["verify"], &files[..]].concat()).stdout);
    let lines: Vec<_> = said.lines().collect();
    assert!(
        lines[1].starts_with("COULD NOT CHECK  missing\\u{a}.json: ") && lines[2].contains("folder.json"),
        "{said}"
    );
    assert!(said.contains("4 checked\n"), "{said}");
}

#[test]
fn what_was_printed_before_an_error_is_whole() {
    let registrar = Registrar::new();
    let issuer = Keypair::new();
    registrar.write("badge.json", &foreign(&issuer, |_| {}));
    fs::write(registrar.desk.path("broken.ledger"), "no ledger").unwrap();
    // The ledger is first opened for the last file, which another batch has.
    let files = [&["badge.json"; 300][..], &["amara.json", "--output", "json"]].concat();
    let arguments = [&["verify", "--ledger", "broken.ledger", "--url", "embedded"], &files[..]].concat();
    let output = registrar.desk.run(&arguments);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let answers: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(answers.as_array().unwrap().len() >= 200);
}

#[test]
fn a_file_is_what_is_no_address_and_may_come_from_the_standard_input() {
    let registrar = Registrar::new();
    let document = fs::read(registrar.desk.path("amara.json")).unwrap();
    let mut child =
        registrar.desk.command(&["verify", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), &document).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).starts_with("VALID\n"));
    for (arguments, says) in [
        (vec!["nowhere.json"], "no address"),
        (vec![&registrar.credential, "amara.json"], "--file"),
        (vec![&registrar.credential, "--offline"], "for files"),
        (vec![&registrar.credential, "--challenge", "c", "--domain", "d.example"], "--challenge"),
        (vec!["amara.json", "--digest", &"00".repeat(32)], "--digest"),
        (vec!["amara.json", "amara.json", "--challenge", "c", "--domain", "d.example"], "one by one"),
    ] {
        registrar.desk.fails(&[vec!["verify"], arguments].concat(), 1, "usage", &[says]);
    }
}

#[test]
fn a_document_inside_of_an_image_is_verified_too() {
    let registrar = Registrar::new();
    let document = fs::read(registrar.desk.path("amara.json")).unwrap();
    let image = br#"<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>"#;
    let baked = baking::bake(image, &document, Existing::Refuse).unwrap();
    fs::write(registrar.desk.path("amara.svg"), baked).unwrap();
    registrar.verdict(&["amara.svg"], "valid", 0);
    fs::write(registrar.desk.path("empty.svg"), image).unwrap();
    let (answer, _) = registrar.verdict(&["empty.svg"], "malformed", 2);
    assert_eq!(findings(&answer), ["unreadable"]);
}

#[test]
fn its_learner_shows_it_or_not() {
    let registrar = Registrar::new();
    let asked = ["--challenge", "8ZeJ3vWQyB1xkSzoq3X1nJ7Cq3sS7wXg", "--domain", "employer.example"];
    let present = |key: &str, file: &str| {
        let presentation =
            registrar.desk.ok(&[&["present", "amara.json", "-k", key, "--output", "json"], &asked[..]].concat());
        let answer: Value = serde_json::from_str(&presentation).unwrap();
        let presentation = answer.get("presentation").cloned().unwrap_or(answer);
        fs::write(registrar.desk.path(file), presentation.to_string()).unwrap();
    };
    present("wallet.json", "shown.json");
    let (answer, _) = registrar.verdict(&[&["shown.json"], &asked[..]].concat(), "valid", 0);
    assert!(answer["checked"].as_array().unwrap().contains(&json!("control")), "{answer:#}");
    assert!(!findings(&answer).contains(&"nobody proved to be its subject"));
    // Another question, no question, and no answer.
    let other = ["--challenge", "another-challenge-of-this-morning", "--domain", "employer.example"];
    registrar.verdict(&[&["shown.json"], &other[..]].concat(), "control not proven", 2);
    registrar.verdict(&[&["amara.json"], &asked[..]].concat(), "control not proven", 2);
    let (answer, _) = registrar.verdict(&["shown.json"], "could not check", 5);
    assert!(findings(&answer).contains(&"control not known"), "{answer:#}");
    // Who shows it proves nothing about the document.
    registrar.desk.ok(&["revoke", &registrar.credential, "--reason", "payment", "--yes"]);
    registrar.verdict(&[&["shown.json"], &asked[..]].concat(), "revoked", 2);
}

/// A document of an issuer that has nothing on chain.
fn foreign(issuer: &Keypair, change: impl Fn(&mut Value)) -> Value {
    let mut document = json!({
        "@context": [CREDENTIALS_V2, OPEN_BADGES],
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Teamwork",
        "issuer": {"id": did::did_key(&issuer.pubkey()), "type": ["Profile"], "name": "A College"},
        "validFrom": "2026-11-01T00:00:00Z",
        "credentialSubject": {
            "id": did::did_key(&Keypair::new().pubkey()),
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "https://college.example/teamwork",
                "type": ["Achievement"],
                "name": "Teamwork",
                "description": "Works in teams.",
                "criteria": {"narrative": "Half a year."}
            }
        }
    });
    change(&mut document);
    sign(&mut document, Cryptosuite::EddsaRdfc2022, &Options::assertion(Timestamp::now()), issuer).unwrap();
    document
}

#[test]
fn a_document_of_another_issuer_is_not_vouched_for() {
    let registrar = Registrar::new();
    let issuer = Keypair::new();
    registrar.write("badge.json", &foreign(&issuer, |_| {}));
    // No cluster is asked.
    let nowhere = ["badge.json", "--url", "http://127.0.0.1:1"];
    let (answer, said) = registrar.verdict(&nowhere, "standard checks passed", 3);
    assert_eq!(findings(&answer)[..2], ["nothing on chain vouches for it", "no status published"]);
    assert!(said.contains("A College, by its own word") && said.contains("issuer's key"), "{said}");
    registrar.verdict(&["badge.json", "--offline", "--accept-foreign"], "standard checks passed", 0);
    let trust = ["badge.json", "--accept-foreign", "--trust", &registrar.desk.qa()];
    registrar.verdict(&trust, "standard checks passed", 2);
    registrar.verdict(&["badge.json", "--accept-foreign", "--expect-issuer", &registrar.desk.uni()], "mismatch", 2);

    let mut altered = foreign(&issuer, |_| {});
    altered["credentialSubject"]["achievement"]["name"] = json!("Doctor");
    registrar.write("altered.json", &altered);
    registrar.verdict(&["altered.json", "--accept-foreign"], "not proven", 2);
    let until = |document: &mut Value| document["validUntil"] = json!("2026-11-02T00:00:00Z");
    registrar.write("over.json", &foreign(&issuer, until));
    registrar.verdict(&["over.json", "--accept-foreign"], "expired", 2);
    let mut proof_of_another_kind = foreign(&issuer, |_| {});
    proof_of_another_kind["proof"][0]["cryptosuite"] = json!("ecdsa-rdfc-2019");
    registrar.write("ecdsa.json", &proof_of_another_kind);
    registrar.verdict(&["ecdsa.json", "--accept-foreign"], "could not check", 5);
}
