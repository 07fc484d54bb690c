//! What an attacker makes of documents, each trap as it would be built, and the answer to it. What takes a ledger is in
//! `tests/verification/attacks.rs`, and what is printed in `tests/cli/attacks.rs`.

mod bytes;
mod corpus;
mod fetched;
mod forgeries;
mod hostile;
mod mutations;

mod rewording;

use jiff::Timestamp;
use microcred_client::{
    document::{
        checking::{self, Kind, Report, Verdict},
        did::Chain,
        did_document::DidDocuments,
        making::{Learner, Particulars, Profile, Template},
        proof::{self, Cryptosuite, Options},
        subject::Salt,
    },
    verification::document::{Asked, offline},
};
use serde_json::{Value, json};
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;

pub fn now() -> Timestamp {
    "2026-11-23T10:00:00Z".parse().unwrap()
}

/// The issuer's key.
pub fn issuer() -> Keypair {
    Keypair::new_from_array([7; 32])
}

/// Somebody with a key of their own, and copies of documents.
pub fn mallory() -> Keypair {
    Keypair::new_from_array([66; 32])
}

pub fn learner() -> Keypair {
    Keypair::new_from_array([9; 32])
}

pub fn address(byte: u8) -> Address {
    Address::new_from_array([byte; 32])
}

pub fn template() -> Template {
    Template {
        chain: Chain::embedded(),
        issuer: Profile {
            account: address(1),
            name: "University of Somewhere".into(),
            url: "https://university.example".into(),
            country: "PT".into(),
        },
        key: address(3),
        achievement: json!({
            "id": "https://university.example/rust",
            "type": ["Achievement"],
            "achievementType": "MicroCredential",
            "name": "Rust for systems",
            "description": "Builds small tools in Rust.",
            "creditsAvailable": 2.5,
            "criteria": {"narrative": "Assessment: a project."},
            "alignment": [
                {"type": ["Alignment"], "targetName": "EQF 6", "targetUrl": "http://data.europa.eu/snb/eqf/6"},
                {"type": ["Alignment"], "targetName": "Rust", "targetUrl": "http://data.europa.eu/esco/skill/rust"},
            ],
        }),
    }
}

pub fn particulars() -> Particulars {
    Particulars {
        id: "58172aac-d8ba-11ed-83dd-0b3aef56cc33".parse().unwrap(),
        credential: address(4),
        status: ("https://university.example/credentials/status/0".into(), 94_567),
        awarded: "2026-11-20T10:00:00Z".parse().unwrap(),
        signed: "2026-11-20T10:00:00Z".parse().unwrap(),
        valid_until: Some("2029-11-23T10:00:00Z".parse().unwrap()),
        learner: Learner {
            wallet: learner().pubkey(),
            salt: Some(Salt::derive(&[7; 32], &address(2), &learner().pubkey())),
            name: Some("Amara Okafor".into()),
            email: Some("amara@example.org".into()),
            student_number: Some("S-1".into()),
            grade: Some("A".into()),
        },
    }
}

/// A true document of a private subject.
pub fn good() -> Value {
    template().sign(&particulars(), &issuer()).unwrap().value().clone()
}

/// The document after a change, with the proof that it had.
pub fn altered(change: impl FnOnce(&mut Value)) -> Value {
    let mut document = good();
    change(&mut document);
    document
}

/// The document after a change, signed by somebody.
pub fn signed_by(signer: &Keypair, change: impl FnOnce(&mut Value)) -> Value {
    let mut document = good();
    document.as_object_mut().unwrap().remove("proof");
    change(&mut document);
    let options = Options::assertion("2026-11-20T10:00:00Z".parse().unwrap());
    proof::sign(&mut document, Cryptosuite::EddsaRdfc2022, &options, signer).unwrap();
    document
}

pub fn remove(document: &mut Value, pointer: &str) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    document.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name).unwrap()
}

/// Gives what stands at a place another name there.
pub fn rename(document: &mut Value, pointer: &str, name: &str) {
    let value = remove(document, pointer);
    let parent = pointer.rsplit_once('/').unwrap().0;
    document.pointer_mut(parent).unwrap()[name] = value;
}

pub fn check(bytes: &[u8]) -> Report {
    checking::check(bytes, &checking::Asked { now: now(), did_documents: &DidDocuments::none() })
}

/// An attack and the answer to it.
pub struct Row {
    name: String,
    bytes: Vec<u8>,
    verdict: Verdict,
    finding: Option<Kind>,
}

/// An attack that is to be found out.
pub fn row(name: impl Into<String>, bytes: impl Into<Vec<u8>>, verdict: Verdict, finding: Kind) -> Row {
    Row { name: name.into(), bytes: bytes.into(), verdict, finding: Some(finding) }
}

/// What only looks like an attack: the same document in another spelling.
pub fn harmless(name: &str, bytes: impl Into<Vec<u8>>) -> Row {
    Row { name: name.into(), bytes: bytes.into(), verdict: Verdict::NotCheckedOnChain, finding: None }
}

pub fn text(document: &Value) -> String {
    document.to_string()
}

/// Checks all rows, and tells all that have another answer.
#[track_caller]
pub fn assert_answers(rows: impl IntoIterator<Item = Row>) {
    let mut wrong = Vec::new();
    for Row { name, bytes, verdict, finding } in rows {
        let receipt = offline(check(&bytes), &Asked::default());
        let deciding: Vec<_> = receipt.report.findings.iter().filter(|found| found.kind.decides().is_some()).collect();
        let is_found = match finding {
            Some(kind) => receipt.report.has(kind),
            None => deciding.is_empty(),
        };
        if receipt.verdict != verdict || !is_found {
            let found: Vec<_> = deciding.iter().map(ToString::to_string).collect();
            wrong.push(format!("{name}: {} {found:?}, and not {verdict} {finding:?}", receipt.verdict));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_document_that_attacks_begin_with_is_good() {
    let document = good();
    assert_answers([harmless("as it is", text(&document)), harmless("indented", format!("{document:#}\n"))]);
    let report = check(text(&document).as_bytes());
    assert_eq!(report.not_checked().len(), 5, "{report:#?}");
    assert!(report.signed.is_some() && report.commitment.is_some());
}
