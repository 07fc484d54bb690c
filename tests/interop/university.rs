//! The university of the examples, declared and run by the binary on an embedded ledger.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use microcred_client::Address;
use serde_json::Value;
use solana_keypair::{Keypair, write_keypair_file};
use solana_signer::Signer;
use tempfile::TempDir;

use crate::documents::{ISSUER, LEARNER};

/// The examples.
const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/university");

/// A home folder with the university's ledger and keypairs. Its course platform has the key of [`ISSUER`], and [`LEARNER`] a wallet.
pub(crate) struct University {
    home: TempDir,
    issuer: String,
}

impl University {
    /// As its file declares it.
    pub(crate) fn new() -> Self {
        let mut university = Self { home: TempDir::new().unwrap(), issuer: String::new() };
        for file in ["microcred.toml", "learners.csv"] {
            fs::copy(Path::new(EXAMPLES).join(file), university.path(file)).unwrap();
        }
        for (name, keypair) in [
            ("payer", Keypair::new()),
            ("course-platform", ISSUER.keypair()),
            ("examination-office", Keypair::new()),
            ("learner", LEARNER.keypair()),
        ] {
            write_keypair_file(&keypair, university.path(&format!("{name}.json"))).unwrap();
            university.run(&["fund", "1", &keypair.pubkey().to_string()]);
        }
        university.run(&["apply", "microcred.toml", "--keys", ".", "--yes"]);
        university.issuer = university.run(&["list", "issuers", "--addresses-only"]).trim().to_owned();
        university
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// What the binary prints, which must not fail.
    #[track_caller]
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_microcred"));
        command.env_clear().env("HOME", self.home.path()).env("XDG_DATA_HOME", self.path("data"));
        command.env("MICROCRED_URL", "embedded").env("MICROCRED_KEYPAIR", self.path("payer.json"));
        let output = command.current_dir(self.home.path()).args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Issues an achievement with documents, by the course platform, and gives the answer.
    #[track_caller]
    pub(crate) fn issue(&self, achievement: &str, to: &[&str]) -> Value {
        let achievement = format!("{}/{achievement}", self.issuer);
        let issue = ["issue", "--achievement", &achievement, "--definition", "microcred.toml", "--yes"];
        self.with_documents(&[&issue, to].concat())
    }

    /// Issues to [`LEARNER`], and gives the document.
    #[track_caller]
    pub(crate) fn issue_to_learner(&self, achievement: &str, more: &[&str]) -> Issued {
        self.issue_to(&LEARNER.key(), achievement, more)
    }

    /// Issues to whoever has never had it, privately, and gives the document.
    #[track_caller]
    pub(crate) fn issue_privately(&self, achievement: &str, more: &[&str]) -> Issued {
        self.run(&["keygen", "--secret", "secret"]);
        let privately = ["--private", "--issuer-secret", "secret"];
        self.issue_to(&Keypair::new().pubkey(), achievement, &[&privately, more].concat())
    }

    #[track_caller]
    fn issue_to(&self, learner: &Address, achievement: &str, more: &[&str]) -> Issued {
        self.issued(&self.issue(achievement, &[&["--subject", &learner.to_string()], more].concat()))
    }

    /// Renews a credential, and gives its new document.
    #[track_caller]
    pub(crate) fn renew(&self, issued: &Issued, more: &[&str]) -> Issued {
        let renew = ["renew", &issued.credential, "--document", issued.file.to_str().unwrap()];
        self.issued(&self.with_documents(&[&renew, more].concat()))
    }

    /// Publishes the status lists, and gives those of each form beside their addresses: JSON, and JSON Web Tokens.
    pub(crate) fn published_lists(&self) -> Vec<(String, Value, String)> {
        let export = ["status-list", "export", "--issuer", &self.issuer, "--out", "status"];
        let answer = self.run(&[&export[..], &["--key", "course-platform.json", "--output", "json"]].concat());
        let answer: Value = serde_json::from_str(&answer).unwrap();
        let read = |url: &str, form: &str| {
            let number = url.rsplit('/').next().unwrap();
            fs::read_to_string(self.path(&format!("status/{number}.{form}"))).unwrap()
        };
        let lists = answer["lists"].as_array().unwrap();
        lists
            .iter()
            .map(|list| {
                let url = list["url"].as_str().unwrap();
                (url.to_owned(), serde_json::from_str(&read(url, "json")).unwrap(), read(url, "jwt"))
            })
            .collect()
    }

    #[track_caller]
    fn with_documents(&self, arguments: &[&str]) -> Value {
        let by = ["--documents", "documents", "-k", "course-platform.json", "--fee-payer", "payer.json"];
        serde_json::from_str(&self.run(&[arguments, &by, &["--output", "json"]].concat())).unwrap()
    }

    fn issued(&self, answer: &Value) -> Issued {
        let file = PathBuf::from(answer["document"].as_str().unwrap());
        let credential =
            &answer["accounts"].as_array().unwrap().iter().find(|one| one["kind"] == "credential").unwrap()["address"];
        let document = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        Issued { credential: credential.as_str().unwrap().into(), file, document }
    }
}

/// A credential with its document.
pub(crate) struct Issued {
    /// Its address.
    pub(crate) credential: String,
    /// Where the document is.
    pub(crate) file: PathBuf,
    /// The document.
    pub(crate) document: Value,
}
