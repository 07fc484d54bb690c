//! `issue --documents`, `issue --private`, `renew --documents` and `keygen --secret`.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use microcred_client::{
    Address, address,
    document::{Document, proof::verify, subject::opened},
    hex::Hex,
    learners,
};
use serde_json::Value;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::{csv::shipped, desk::Desk};

/// A university as the example declares it, whose keys are in `keys`, and how it issues.
pub struct University {
    pub desk: Desk,
    pub rust: String,
}

pub const KEY: &str = "keys/course-platform.json";

impl University {
    pub fn new() -> Self {
        Self::declaring(|declaration| declaration)
    }

    fn declaring(change: impl FnOnce(String) -> String) -> Self {
        let desk = Desk::funded();
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/university/microcred.toml");
        fs::write(desk.path("microcred.toml"), change(fs::read_to_string(example).unwrap())).unwrap();
        fs::write(desk.path("learners.csv"), shipped()).unwrap();
        for name in ["course-platform", "examination-office"] {
            desk.ok(&["keygen", &format!("keys/{name}.json")]);
            desk.ok(&["fund", "1", &format!("keys/{name}.json")]);
        }
        desk.ok(&["apply", "microcred.toml", "--keys", "keys", "--yes"]);
        let rust = format!("{}/university-of-somewhere/rust-for-systems", desk.authority());
        Self { desk, rust }
    }

    pub fn achievement(&self, code: &str) -> Address {
        address::achievement(&address::issuer(&self.desk.authority(), "university-of-somewhere"), code)
    }

    pub fn credential(&self, subject: &Address) -> Address {
        address::credential(&self.achievement("rust-for-systems"), subject, 0)
    }

    /// `issue`, with what documents need.
    pub fn issue<'a>(&'a self, more: &[&'a str]) -> Vec<&'a str> {
        let words =
            ["issue", "--achievement", &self.rust, "-k", KEY, "--documents", "out", "--definition", "microcred.toml"];
        [&words[..], more].concat()
    }

    pub fn path(&self, credential: &Address, revision: &str) -> PathBuf {
        self.desk.path(&format!("out/{credential}{revision}.json"))
    }

    pub fn document(&self, credential: &Address, revision: &str) -> Document {
        Document::read(&fs::read(self.path(credential, revision)).unwrap()).unwrap()
    }

    /// Requires that a document is the one on chain, and says what stands there.
    #[track_caller]
    pub fn assert_in_force(&self, credential: &Address, document: &Document) {
        let shown = self.desk.show(credential);
        assert_eq!(shown["digest"], Hex(document.digest()).to_string());
        let value = document.value();
        let key = self.desk.read_keypair(KEY).pubkey();
        assert_eq!(verify(value).unwrap()[0].key, key);
        let index = shown["status_index"].as_u64().unwrap();
        assert_eq!(
            value["credentialStatus"]["statusListCredential"],
            format!("https://university.example/credentials/status/{}", index / 131_072)
        );
        assert_eq!(value["credentialStatus"]["statusListIndex"], (index % 131_072).to_string());
        assert_eq!(value.get("validUntil").unwrap_or(&Value::Null), &shown["expires_at"]["rfc3339"]);
    }

    /// What `verify` says of a document, and its exit code.
    pub fn verdict(&self, credential: &Address, revision: &str) -> (String, i32) {
        let path = self.path(credential, revision).display().to_string();
        let output = self.desk.run(&["verify", &path, "--output", "json"]);
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        (answer["verdict"].as_str().unwrap().to_owned(), output.status.code().unwrap())
    }

    pub fn files(&self) -> usize {
        fs::read_dir(self.desk.path("out")).map_or(0, Iterator::count)
    }
}

pub fn wallet() -> Address {
    Keypair::new().pubkey()
}

#[track_caller]
fn assert_follows_the_official_schema(document: &Document) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/documents/standards/ob_v3p0_achievementcredential_schema.json");
    let schema = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<_> = validator.iter_errors(document.value()).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn one_learner_gets_a_credential_and_its_document() {
    let university = University::new();
    let desk = &university.desk;
    let learner = wallet();
    let subject = learner.to_string();
    let personal =
        ["--name", "Amara Okafor", "--email", "amara@mail.example", "--student-number", "s-77", "--grade", "A"];
    let issue = university.issue(&[&["--subject", &subject], &personal[..]].concat());
    let answer = desk.json("change", &issue);
    let place = university.credential(&learner);
    let path = university.path(&place, "");
    assert_eq!(answer["document"], path.display().to_string());
    let document = university.document(&place, "");
    university.assert_in_force(&place, &document);
    assert_follows_the_official_schema(&document);
    let value = document.value();
    let identities: Vec<_> = value["credentialSubject"]["identifier"]
        .as_array()
        .unwrap()
        .iter()
        .map(|identity| identity["identityHash"].as_str().unwrap())
        .collect();
    assert_eq!(identities, ["Amara Okafor", "amara@mail.example", "s-77"]);
    assert_eq!(value["credentialSubject"]["result"][0]["value"], "A");
    assert_eq!(value["awardedDate"], value["proof"][0]["created"]);
    assert_eq!(value["credentialSubject"]["achievement"]["name"], "Rust for Systems Programming");
    for (path, mode) in [(path.as_path(), 0o600), (path.parent().unwrap(), 0o700)] {
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, mode, "{}", path.display());
    }
    let ledger = fs::read(desk.ledger()).unwrap();
    for text in ["Amara", "mail.example", "s-77"] {
        assert!(!contains(&ledger, text), "{text} is on the ledger");
    }
    desk.fails(&issue, 1, "usage", &["has a credential of this achievement already"]);
    assert_eq!(university.files(), 1);

    // As people see it; the expiry is said, or never.
    let other = wallet();
    let told = desk.ok(&university.issue(&[
        "--subject",
        &other.to_string(),
        "--expires",
        "never",
        "--status-index",
        "140000",
    ]));
    let place = university.credential(&other);
    assert!(told.contains(&format!("out/{place}.json")), "{told}");
    let document = university.document(&place, "");
    university.assert_in_force(&place, &document);
    assert_eq!(document.value().get("validUntil"), None);
    let text = document.value().to_string();
    assert!(text.contains("status/1#8928") && !text.contains("identifier\":["), "{text}");
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn a_command_that_was_killed_before_it_sent_uses_the_document_again() {
    let university = University::new();
    let desk = &university.desk;
    let learner = wallet();
    let subject = learner.to_string();
    let place = university.credential(&learner);
    let before = fs::read(desk.ledger()).unwrap();
    let history = desk.path("data/microcred/ledger.history");
    let past = fs::read(&history).ok();
    desk.ok(&university.issue(&["--subject", &subject, "--name", "Amara Okafor"]));
    let document = university.document(&place, "");
    // The document is there, and nothing was sent.
    fs::write(desk.ledger(), before).unwrap();
    match past {
        Some(past) => fs::write(&history, past).unwrap(),
        None => drop(fs::remove_file(&history)),
    }
    let other = ["--subject", &subject, "--name", "Amara Okafo"];
    desk.fails(&university.issue(&other), 1, "document", &["is there already", "move it away"]);
    let index = ["--subject", &subject, "--name", "Amara Okafor", "--status-index", "5"];
    desk.fails(&university.issue(&index), 1, "document", &["is there already"]);
    let answer = desk.json("change", &university.issue(&["--subject", &subject, "--name", "Amara Okafor"]));
    assert_eq!(answer["document"], university.path(&place, "").display().to_string());
    assert_eq!(university.document(&place, ""), document);
    university.assert_in_force(&place, &document);
    assert_eq!(university.files(), 1);
}

#[test]
fn what_is_refused_leaves_no_document() {
    let university = University::new();
    let desk = &university.desk;
    let subject = wallet().to_string();
    desk.ok(&["achievement", "pause", &university.rust]);
    desk.fails(&university.issue(&["--subject", &subject]), 1, "refused", &["paused"]);
    assert_eq!(university.files(), 0);
    desk.ok(&["achievement", "resume", &university.rust]);
    desk.ok(&university.issue(&["--subject", &subject]));
    assert_eq!(university.files(), 1);
}

#[test]
fn a_class_gets_documents_in_one_run() {
    let university = University::new();
    let desk = &university.desk;
    let issue = university.issue(&["--csv", "learners.csv", "--yes"]);
    let plan = desk.json("bulk", &[&issue[..], &["--dry-run"]].concat());
    assert_eq!(
        (&plan["documents"], &plan["summary"]),
        (&Value::from(desk.path("out").display().to_string()), &Value::Null)
    );
    assert_eq!(university.files(), 0);
    let run = desk.json("bulk", &issue);
    let summary = &run["summary"];
    assert_eq!((&summary["done"], &summary["documents"], &summary["complete"]), (&60.into(), &60.into(), &true.into()));
    assert_eq!((&summary["not_issued"], &run["documents"]), (&Value::Array(vec![]), &plan["documents"]));
    assert_eq!(university.files(), 60);
    let rows = learners::read(&shipped(), learners::Allow::default()).unwrap();
    for row in rows.iter().step_by(9) {
        let place = university.credential(&row.wallet);
        let document = university.document(&place, "");
        university.assert_in_force(&place, &document);
        assert_follows_the_official_schema(&document);
        let name = &document.value()["credentialSubject"]["identifier"][0]["identityHash"];
        assert_eq!(*name, row.learner);
        assert_eq!(university.verdict(&place, ""), ("valid".into(), 0));
    }
    let (journal, ledger) = (fs::read(desk.path("learners.csv.journal")).unwrap(), fs::read(desk.ledger()).unwrap());
    for row in &rows {
        assert!(!contains(&journal, &row.learner) && !contains(&ledger, &row.learner), "{}", row.learner);
    }

    let told = desk.ok(&issue);
    assert!(told.contains(&format!("60 in {}", desk.path("out").display())), "{told}");
    desk.fails(&[&issue[..], &["--status-lists", "https://lists.example"]].concat(), 1, "other-run", &["status lists"]);
    let place = university.credential(&rows[0].wallet);
    fs::remove_file(university.path(&place, "")).unwrap();
    // Done is done: the learner's copy is what counts, and no second document is made.
    assert_eq!(desk.json("bulk", &issue)["summary"]["done_earlier"], 60);
    assert_eq!(university.files(), 59);
}

#[test]
fn private_learners_are_known_by_their_documents_alone() {
    let university = University::new();
    let desk = &university.desk;
    let made = desk.json("keygen", &["keygen", "--secret", "secret.txt"]);
    assert_eq!(made["address"], Value::Null);
    let secret = fs::read_to_string(desk.path("secret.txt")).unwrap();
    assert_eq!(secret.trim().len(), 64);
    assert!(!secret.contains(made["secret_check"].as_str().unwrap()));
    assert_eq!(fs::metadata(desk.path("secret.txt")).unwrap().permissions().mode() & 0o777, 0o600);
    desk.fails(&["keygen", "--secret", "secret.txt"], 1, "usage", &["a secret that is overwritten is lost"]);

    let private = ["--private", "--issuer-secret", "secret.txt"];
    let learner = wallet();
    let subject = learner.to_string();
    let one = university.issue(&[&["--subject", &subject, "--name", "Amara Okafor"], &private[..]].concat());
    let answer = desk.json("change", &one);
    let place: Address = answer["accounts"][0]["address"].as_str().unwrap().parse().unwrap();
    let shown = desk.show(&place);
    assert_eq!(shown["subject_kind"], "commitment");
    let document = university.document(&place, "");
    university.assert_in_force(&place, &document);
    assert_follows_the_official_schema(&document);
    let commitment = opened(document.value(), &learner).unwrap().unwrap().commitment;
    assert_eq!(shown["subject"], commitment.to_string());
    assert!(!contains(&fs::read(desk.ledger()).unwrap(), &subject));
    desk.fails(&one, 1, "usage", &["has a credential of this achievement already"]);

    // Who has it publicly does not get it once more, unless that is over.
    let known = wallet();
    let known_subject = known.to_string();
    desk.ok(&university.issue(&["--subject", &known_subject]));
    let public = university.credential(&known).to_string();
    let once_more = university.issue(&[&["--subject", &known_subject], &private[..]].concat());
    desk.fails(&once_more, 1, "usage", &["that is not private", &public, "revoke"]);
    desk.fails(&[&once_more[..], &["--sequence", "3"]].concat(), 1, "usage", &["that is not private"]);
    desk.ok(&["revoke", &public, "--reason", "superseded", "--yes"]);
    assert_eq!(university.files(), 2);
    desk.ok(&once_more);

    let all = university.issue(&[&["--csv", "learners.csv", "--yes"], &private[..]].concat());
    assert_eq!(desk.json("bulk", &all)["summary"]["done"], 60);
    let again = desk.json("bulk", &[&all[..], &["--journal", "second.journal"]].concat());
    assert_eq!(again["summary"]["skipped"].as_array().unwrap().len(), 60);
    assert_eq!(university.files(), 63);

    let made = desk.ok(&["keygen", "--secret", "other.txt"]);
    let check = made.lines().find_map(|line| line.trim().strip_prefix("secret check")).unwrap().trim().to_owned();
    let others: Vec<_> = all.iter().map(|word| word.replace("secret.txt", "other.txt")).collect();
    let others: Vec<_> = others.iter().map(String::as_str).collect();
    desk.fails(&others, 1, "other-run", &["issuer's secret", &check]);

    let mentor = university.rust.replace("rust-for-systems", "peer-mentor");
    let accepted: Vec<_> = one.iter().map(|word| if *word == university.rust { &mentor } else { *word }).collect();
    desk.fails(&accepted, 1, "document", &["pending until the learner accepts"]);
    fs::write(desk.path("secret.txt"), "00".repeat(32)).unwrap();
    desk.fails(&one, 1, "usage", &["keygen --secret"]);
}

#[test]
fn what_documents_need_is_asked_for_before_anything_is_made() {
    let university = University::declaring(|declaration| {
        declaration
            .replace("\"renew\", \"assert\"]", "\"renew\"]")
            .replace("url = \"https://university.example\"\n", "")
    });
    let desk = &university.desk;
    let subject = wallet().to_string();
    let one = ["--subject", &subject];
    desk.fails(&university.issue(&one), 1, "wrong-signer", &["needs the permission `assert`"]);
    desk.keypair("scribe.json");
    let uni = format!("{}/university-of-somewhere", desk.authority());
    desk.ok(&["key", "add", &uni, "scribe.json", "--permissions", "assert"]);
    let scribe = [&one[..], &["--assert-key", "scribe.json"]].concat();
    desk.fails(&university.issue(&scribe), 1, "document", &["no url"]);
    let lists = [&scribe[..], &["--status-lists", "http://lists.example/a"]].concat();
    desk.fails(&university.issue(&lists), 1, "document", &["by https"]);
    let lists = [&scribe[..], &["--status-lists", "lists.example"]].concat();
    desk.fails(&university.issue(&lists), 1, "usage", &["https://HOST/PATH"]);
    let absent = desk.authority().to_string();
    let absent = [&one[..], &["--assert-key", &absent]].concat();
    desk.fails(&university.issue(&absent), 1, "signer", &["keypair file with --assert-key"]);
    let definition = fs::read_to_string(desk.path("microcred.toml")).unwrap();
    fs::write(desk.path("microcred.toml"), definition.replace("hours = 125", "hours = 126")).unwrap();
    desk.fails(&university.issue(&scribe), 1, "definition", &["on chain"]);
    fs::write(desk.path("microcred.toml"), definition).unwrap();

    let issue = ["issue", "--achievement", &university.rust, "-k", KEY];
    for (more, says) in [
        (&["--subject", &subject, "--documents", "out"][..], "--definition"),
        (&["--subject", &subject, "--name", "A"], "--documents"),
        (&["--subject", &subject, "--private"], "--documents"),
        (&["--subject", &subject, "--definition", "microcred.toml"], "--documents"),
        (&["--csv", "learners.csv", "--name", "A"], "cannot be used with"),
        (&["--subject", &subject, "--documents", "out", "--digest", &"ab".repeat(32)], "cannot be used with"),
        (&["--subject", &subject, "--documents", "out", "--sign-only", "--blockhash", &subject], "cannot be used with"),
    ] {
        desk.fails(&[&issue[..], more].concat(), 1, "usage", &[says]);
    }
    let name = [&scribe[..], &["--status-lists", "https://lists.example/a", "--name", "A\u{202e}B"]].concat();
    let message = desk.fails(&university.issue(&name), 1, "usage", &["character 2 of the name"]);
    assert!(!message.contains("A\u{202e}"));
    let off = university.achievement("rust-for-systems").to_string();
    let off = ["--subject", &off, "--assert-key", "scribe.json", "--status-lists", "https://lists.example/a"];
    desk.fails(&university.issue(&off), 1, "usage", &["no key can sign for"]);

    fs::write(desk.path("learners.csv"), format!("wallet,name\n{subject},Amara Okafor\n")).unwrap();
    let message = desk.fails(
        &[&issue[..], &["--csv", "learners.csv", "--yes"]].concat(),
        1,
        "rows",
        &["\"name\" goes into documents only", "--documents DIR"],
    );
    assert!(!message.contains("Amara"), "{message}");
    assert_eq!(university.files(), 0);
    // Another key signs, and the lists are elsewhere.
    let right = [&scribe[..], &["--status-lists", "https://lists.example/a/"]].concat();
    desk.ok(&university.issue(&right));
    let document = university.document(&university.credential(&subject.parse().unwrap()), "");
    assert_eq!(verify(document.value()).unwrap()[0].key, desk.read_keypair("scribe.json").pubkey());
    let list = document.value()["credentialStatus"]["statusListCredential"].as_str().unwrap();
    assert_eq!(list, "https://lists.example/a/0");
}

#[test]
fn an_achievement_without_a_definition_gets_no_documents() {
    let university = University::declaring(|declaration| {
        let until = declaration.find("# What documents say of the achievement").unwrap();
        let from = declaration.find("[[achievements]]\ncode = \"peer-mentor\"").unwrap();
        format!("{}{}", &declaration[..until], &declaration[from..])
    });
    let subject = wallet().to_string();
    let message = university.desk.fails(&university.issue(&["--subject", &subject]), 1, "definition", &["definition"]);
    assert!(message.contains("microcred.toml"), "{message}");
}

#[test]
fn a_renewal_makes_a_new_document_of_the_one_in_force() {
    let university = University::new();
    let desk = &university.desk;
    desk.ok(&["keygen", "--secret", "secret.txt"]);
    let learner = wallet();
    let subject = learner.to_string();
    let personal = ["--name", "Amara Okafo", "--grade", "B", "--private", "--issuer-secret", "secret.txt"];
    let answer = desk.json("change", &university.issue(&[&["--subject", &subject], &personal[..]].concat()));
    let credential = answer["accounts"][0]["address"].as_str().unwrap().to_owned();
    let place: Address = credential.parse().unwrap();
    let first = university.document(&place, "");
    let old = university.path(&place, "").display().to_string();

    // What would leave the learner with a file that is worth nothing is not done by the way.
    let plain = ["renew", &credential, "-k", KEY];
    desk.fails(&plain, 1, "usage", &["has a document", "--without-document", "--document FILE"]);
    let documents = ["--documents", "out"];
    desk.fails(&[&plain[..], &documents].concat(), 1, "usage", &["--document"]);
    desk.fails(&[&plain[..], &["--document", &old]].concat(), 1, "usage", &["--documents"]);

    let renew = [&plain[..], &documents, &["--document", &old]].concat();
    let shortened = [&renew[..], &["--expires", "2027-01-01"]].concat();
    desk.fails(&shortened, 1, "refused", &["shorten"]);
    assert_eq!(university.files(), 1);

    let answer = desk.json("change", &[&renew[..], &["--name", "Amara Okafor"]].concat());
    assert_eq!(answer["document"], university.path(&place, ".r1").display().to_string());
    let second = university.document(&place, ".r1");
    university.assert_in_force(&place, &second);
    assert_eq!(university.verdict(&place, ""), ("superseded".into(), 2));
    assert_eq!(university.verdict(&place, ".r1"), ("valid".into(), 0));
    assert_follows_the_official_schema(&second);
    let [before, after] = [first.value(), second.value()];
    for same in ["awardedDate", "validFrom", "credentialStatus", "evidence", "issuer"] {
        assert_eq!(before[same], after[same], "{same}");
    }
    assert_ne!(before["id"], after["id"]);
    let time = |value: &Value| value.as_str().unwrap().parse::<Timestamp>().unwrap();
    assert!(time(&after["proof"][0]["created"]) >= time(&before["proof"][0]["created"]));
    let identities = &after["credentialSubject"]["identifier"];
    assert_eq!(identities[0]["identityHash"], "Amara Okafor");
    assert_eq!(after["credentialSubject"]["result"][0]["value"], "B");
    assert_eq!(opened(after, &learner).unwrap(), opened(before, &learner).unwrap());
    assert_eq!(desk.show(&place)["revision"], 1);

    // The old one is no longer in force, and no document of this credential is another's.
    desk.fails(&renew, 1, "document", &["not the document that is in force", "latest revision"]);
    let latest = university.path(&place, ".r1").display().to_string();
    let again = [&plain[..], &documents, &["--document", &latest, "--grade", "A"]].concat();
    desk.json("change", &again);
    university.assert_in_force(&place, &university.document(&place, ".r2"));
    assert_eq!(university.files(), 3);
    desk.fails(&again, 1, "document", &["not the document that is in force"]);

    desk.ok(&[&plain[..], &["--without-document"]].concat());
    assert_eq!(desk.show(&place)["digest"], Value::Null);
    desk.ok(&plain);
}
