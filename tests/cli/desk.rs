//! A user's desk: a home folder with nothing of the tester's in it, and the binary run there.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use microcred_client::{Address, address};
use serde_json::Value;
use solana_keypair::Keypair;
use solana_signer::Signer;
use tempfile::TempDir;

/// The binary in a home folder, with nothing of the tester's environment.
pub fn binary(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_microcred"));
    command.env_clear().env("HOME", home).env("XDG_DATA_HOME", home.join("data"));
    command
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Requires that an answer has the form that its schema describes.
#[track_caller]
pub fn conforms(answer: &Value, schema: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema").join(format!("{schema}.json"));
    let schema = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<_> = validator.iter_errors(answer).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{}: {errors:?} in {answer:#}", path.display());
}

/// A home folder with keypairs and an embedded ledger.
pub struct Desk {
    home: TempDir,
    url: String,
}

impl Desk {
    /// Nothing is there.
    pub fn empty() -> Self {
        Self::at("embedded")
    }

    /// Nothing is there, and commands go to a cluster.
    pub fn at(url: &str) -> Self {
        Self { home: TempDir::new().unwrap(), url: url.to_owned() }
    }

    /// A funded authority, which acts unless something else is said.
    pub fn funded() -> Self {
        let desk = Self::empty();
        desk.prepare_funds();
        desk
    }

    /// A registry `qa`, an issuer `uni` with the key `key.json` (index 0), and its published achievement `rust`.
    pub fn university() -> Self {
        let desk = Self::empty();
        desk.prepare_university();
        desk
    }

    fn prepare_funds(&self) {
        self.ok(&["keygen"]);
        self.ok(&["fund", "100"]);
    }

    /// As [`Self::university`], where the desk is.
    pub fn prepare_university(&self) {
        let desk = self;
        desk.prepare_funds();
        desk.keypair("key.json");
        desk.ok(&["fund", "1", "key.json"]);
        desk.ok(&["registry", "create", "qa", "--name", "Quality Agency"]);
        let key = ["--key", "key.json", "--permissions", "issue,suspend,renew"];
        desk.ok(&[&["issuer", "create", "uni", "--name", "My University"], &key[..]].concat());
        let kind = ["--kind", "micro-credential", "--renewable", "--publish", "--yes"];
        desk.ok(&[&["achievement", "create", &desk.uni(), "rust", "--title", "Rust Basics"], &kind[..]].concat());
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub fn ledger(&self) -> PathBuf {
        self.path("data/microcred/ledger")
    }

    /// Writes a new keypair.
    pub fn keypair(&self, name: &str) -> Address {
        let keypair = Keypair::new();
        let bytes: Vec<u8> = keypair.to_bytes().to_vec();
        fs::write(self.path(name), serde_json::to_string(&bytes).unwrap()).unwrap();
        keypair.pubkey()
    }

    /// The keypair in a file.
    pub fn read_keypair(&self, name: &str) -> Keypair {
        let bytes: Vec<u8> = serde_json::from_str(&fs::read_to_string(self.path(name)).unwrap()).unwrap();
        Keypair::try_from(bytes.as_slice()).unwrap()
    }

    /// Who acts unless something else is said.
    pub fn authority(&self) -> Address {
        self.read_keypair(".config/solana/id.json").pubkey()
    }

    /// The registry as it is written on the command line, and the others.
    pub fn qa(&self) -> String {
        format!("{}/qa", self.authority())
    }

    pub fn uni(&self) -> String {
        format!("{}/uni", self.authority())
    }

    pub fn rust(&self) -> String {
        format!("{}/uni/rust", self.authority())
    }

    pub fn issuer(&self) -> Address {
        address::issuer(&self.authority(), "uni")
    }

    pub fn achievement(&self) -> Address {
        address::achievement(&self.issuer(), "rust")
    }

    /// Issues the achievement to a wallet.
    pub fn issue(&self, subject: &Address) -> Address {
        let answer = self.json(
            "change",
            &["issue", "--achievement", &self.rust(), "--subject", &subject.to_string(), "-k", "key.json"],
        );
        answer["accounts"][0]["address"].as_str().unwrap().parse().unwrap()
    }

    /// The binary on the desk's ledger, in the home folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = binary(self.home.path());
        command.current_dir(self.home.path()).env("MICROCRED_URL", &self.url).args(arguments);
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Requires success and gives what was printed.
    #[track_caller]
    pub fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    /// Requires success and gives the answer in JSON, which the schema describes.
    #[track_caller]
    pub fn json(&self, schema: &str, arguments: &[&str]) -> Value {
        let output = self.run(&[arguments, &["--output", "json"]].concat());
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
        let answer = serde_json::from_slice(&output.stdout).unwrap();
        conforms(&answer, schema);
        answer
    }

    /// What `show` says of an address.
    #[track_caller]
    pub fn show(&self, address: &impl ToString) -> Value {
        self.json("show", &["show", &address.to_string()])
    }

    /// Requires failure with this code, in text and in JSON, with all of `says`, and nothing on the standard output. It gives the message.
    #[track_caller]
    pub fn fails(&self, arguments: &[&str], exit: i32, code: &str, says: &[&str]) -> String {
        let output = self.run(&[arguments, &["--output", "json-compact"]].concat());
        let told = text(&output.stderr);
        let line = told.lines().last().unwrap_or_default();
        let error: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{arguments:?}: {told}"));
        conforms(&error, "error");
        assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(exit), ""), "{arguments:?}: {told}");
        assert_eq!(error["error"]["code"], code, "{told}");
        let message = error["error"]["message"].as_str().unwrap().to_owned();
        for part in says {
            assert!(message.contains(part), "{part:?} is not in: {message}");
        }
        let output = self.run(arguments);
        assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(exit), ""), "{arguments:?}");
        assert!(text(&output.stderr).contains("error: "), "{}", text(&output.stderr));
        message
    }
}
