//! `renew` where a document is wrong: what is said anew or left out, until when it is valid then, and what stays of the old one.

use std::fs;

use microcred_client::Address;
use serde_json::Value;

use crate::{
    desk::text,
    documents::{KEY, University, wallet},
    verifying::expire,
};

const PERSONAL: [&str; 8] =
    ["--name", "Amara Okafo", "--email", "amara@mail.example", "--student-number", "s-77", "--grade", "B"];

/// A university whose learner has a document of the achievement, with an expiry if one is said.
fn issued(expires: &[&str]) -> (University, Address) {
    let university = University::new();
    let learner = wallet();
    let subject = learner.to_string();
    university.desk.ok(&university.issue(&[&["--subject", &subject], &PERSONAL[..], expires].concat()));
    let credential = university.credential(&learner);
    (university, credential)
}

impl University {
    /// Renews with what is corrected, of the document that is in force.
    #[track_caller]
    fn correct(&self, credential: &Address, revision: &str, corrections: &[&str]) -> Value {
        let (address, old) = (credential.to_string(), self.path(credential, revision).display().to_string());
        let renew = ["renew", &address, "-k", KEY, "--documents", "out", "--document", &old];
        self.desk.json("change", &[&renew[..], corrections].concat())
    }

    fn expiry(&self, credential: &Address) -> Value {
        self.desk.show(credential)["expires_at"].clone()
    }
}

#[test]
fn a_correction_leaves_the_expiry_as_it_is() {
    for expires in [&[][..], &["--expires", "2099-01-01"], &["--expires", "never"]] {
        let (university, credential) = issued(expires);
        let before = university.expiry(&credential);
        assert_eq!(before.is_null(), expires == ["--expires", "never"]);
        // The ledger's clock goes on: a default validity from now would be another.
        std::thread::sleep(std::time::Duration::from_millis(1100));
        let answer = university.correct(&credential, "", &["--name", "Amara Okafor"]);
        assert_eq!((&university.expiry(&credential), &answer["validity"]["expires_at"]), (&before, &before));
        university.assert_in_force(&credential, &university.document(&credential, ".r1"));
        university.correct(&credential, ".r1", &["--without-email"]);
        assert_eq!(university.expiry(&credential), before);
        university.assert_in_force(&credential, &university.document(&credential, ".r2"));
        let answer = university.correct(&credential, ".r2", &["--grade", "A", "--expires", "never"]);
        assert_eq!((&university.expiry(&credential), &answer["validity"]["expires_at"]), (&Value::Null, &Value::Null));
    }
}

#[test]
fn what_has_expired_or_is_not_corrected_is_valid_as_the_achievement_says() {
    let (university, credential) = issued(&["--expires", "2028-01-01"]);
    let answer = university.correct(&credential, "", &[]);
    let expiry = university.expiry(&credential);
    assert_eq!(answer["validity"]["expires_at"], expiry);
    assert!(expiry["unix"].as_i64() > university.desk.show(&credential)["issued_at"]["unix"].as_i64());
    assert_ne!(expiry["rfc3339"], "2028-01-01T00:00:00Z");
    expire(&university.desk, &credential);
    let over = university.expiry(&credential);
    university.correct(&credential, ".r1", &["--grade", "A"]);
    assert!(university.expiry(&credential)["unix"].as_i64() > over["unix"].as_i64());
}

#[test]
fn personal_data_is_taken_out_of_a_document() {
    let (university, credential) = issued(&[]);
    university.correct(
        &credential,
        "",
        &["--without-name", "--without-email", "--without-student-number", "--without-grade"],
    );
    let document = university.document(&credential, ".r1");
    university.assert_in_force(&credential, &document);
    let says = document.value()["credentialSubject"].to_string();
    for gone in ["Amara", "mail.example", "s-77", "\"result\"", "\"B\""] {
        assert!(!says.contains(gone), "{gone} is in {says}");
    }
    university.correct(&credential, ".r1", &["--email", "a@b.example"]);
    let says = university.document(&credential, ".r2").value()["credentialSubject"].to_string();
    assert!(says.contains("a@b.example") && !says.contains("Amara"), "{says}");

    let (address, old) = (credential.to_string(), university.path(&credential, ".r2").display().to_string());
    let renew = ["renew", &address, "-k", KEY, "--documents", "out"];
    for (more, says) in [
        (&["--document", &old, "--without-name", "--name", "A"][..], "cannot be used with"),
        (&["--document", &old, "--without-email", "--email", "a@b"], "cannot be used with"),
        (&["--document", &old, "--without-student-number", "--student-number", "1"], "cannot be used with"),
        (&["--document", &old, "--without-grade", "--grade", "A"], "cannot be used with"),
        (&["--without-name"], "--document <FILE>"),
    ] {
        university.desk.fails(&[&renew[..], more].concat(), 1, "usage", &[says]);
    }
}

#[test]
fn people_are_told_of_the_expiry_and_of_the_old_document() {
    let (university, credential) = issued(&["--expires", "2099-01-01"]);
    let (address, old) = (credential.to_string(), university.path(&credential, "").display().to_string());
    let renew = ["renew", &address, "-k", KEY, "--documents", "out", "--document", &old, "--name", "Amara Okafor"];
    let output = university.desk.run(&renew);
    assert!(text(&output.stderr).contains("The expiry stays: 2099-01-01T00:00:00Z."), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    assert!(said.contains("expires           2099-01-01T00:00:00Z"), "{said}");
    for said in [said, university.desk.ok(&["renew", "--help"]).replace('\n', " ")] {
        assert!(said.contains("stays good for verifiers that do not ask the chain: revoke and issue anew"), "{said}");
    }
    assert_eq!(university.verdict(&credential, "").0, "superseded");
}

#[test]
fn what_cannot_be_renewed_is_to_be_revoked_and_issued_anew() {
    let mut university = University::new();
    university.rust = university.rust.replace("rust-for-systems", "peer-mentor");
    let subject = wallet().to_string();
    let answer = university.desk.json("change", &university.issue(&["--subject", &subject]));
    let address = answer["accounts"][0]["address"].as_str().unwrap().to_owned();
    let old = answer["document"].as_str().unwrap().to_owned();
    let renew = ["renew", &address, "-k", KEY, "--documents", "out", "--document", &old, "--name", "Amara"];
    university.desk.fails(&renew, 1, "usage", &["policy", "--reason superseded", "issue anew"]);
    assert_eq!(university.files(), 1);
    assert!(fs::exists(old).unwrap());
}
