//! Documents verified with a ledger: a true one, and one for every finding.

mod itself;
mod keys;
mod ledger;

use std::collections::BTreeSet;

use jiff::Timestamp;
use microcred::{CreateAchievementArgs, KeyTerms};
use microcred_client::{
    definition,
    document::{
        Document,
        checking::{self, Check, Kind, Report, Verdict},
        did::{self, Chain, ChainAccount},
        did_document::DidDocuments,
        json,
        making::{Learner, Particulars, Profile, Template},
        presentation::ControlError,
        proof::{self, Cryptosuite, Options, Purpose},
        subject::Salt,
    },
    instructions::achievement,
    state::permission,
    verdict::Expected,
    verification::document::{Asked, DocumentReceipt, offline, unread, verify_document, verify_documents},
};
use microcred_tests::{achievement_args, key_terms};
use serde_json::Value;
use solana_keypair::Keypair;

use super::*;

/// A university that is about to issue one document.
pub struct Stage {
    pub world: World,
    pub wallet: Keypair,
    /// Who signs documents: key 0, unless a test takes another.
    pub signer: Keypair,
    pub template: Template,
    pub particulars: Particulars,
    pub args: IssueArgs,
}

impl Stage {
    pub fn new() -> Self {
        let mut world = World::new();
        let definition = json!({
            "id": "https://university.example/rust",
            "type": ["Achievement"],
            "achievementType": "MicroCredential",
            "name": "Rust for systems",
            "description": "Builds small tools in Rust.",
            "criteria": {"narrative": "Assessment: a project."},
        });
        let definition_digest = definition::digest(&definition);
        world.issuer.achievement = new_achievement(&mut world, "defined", definition_digest);
        let wallet = world.keys.next_key();
        let credential = address::credential(&world.issuer.achievement, &wallet.pubkey(), 0);
        let template = Template {
            chain: Chain::embedded(),
            issuer: Profile {
                account: world.issuer.address,
                name: "University of Somewhere".into(),
                url: "https://university.example".into(),
                country: "DE".into(),
            },
            key: world.issuer.key_ref().address(),
            achievement: definition,
        };
        let particulars = Particulars {
            id: "58172aac-d8ba-11ed-83dd-0b3aef56cc33".parse().unwrap(),
            credential,
            status: ("https://university.example/credentials/status/0".into(), 77),
            awarded: at_time(START),
            signed: at_time(START),
            valid_until: None,
            learner: Learner { wallet: wallet.pubkey(), name: Some("Amara Okafor".into()), ..Learner::default() },
        };
        let args = issue_args(wallet.pubkey());
        Self { signer: world.key_holder(), world, wallet, template, particulars, args }
    }

    /// The document, signed.
    pub fn sign(&self) -> Value {
        self.template.sign(&self.particulars, &self.signer).unwrap().value().clone()
    }

    /// Issues with the digest of a document.
    pub fn issue(&mut self, document: &Value) {
        let args = IssueArgs { digest: *Document::new(document.clone()).digest(), ..self.args };
        self.world.issue(self.world.issuer.achievement, args).unwrap();
    }

    /// A document that is signed, and whose digest is on chain.
    pub fn issued(&mut self) -> Value {
        let document = self.sign();
        self.issue(&document);
        document
    }

    /// What a document shows by itself, at the ledger's time.
    pub fn check(&self, document: &Value) -> Report {
        self.check_bytes(document.to_string().as_bytes())
    }

    fn check_bytes(&self, bytes: &[u8]) -> Report {
        let now = at_time(self.world.ledger.time());
        checking::check(bytes, &checking::Asked { now, did_documents: &DidDocuments::none() })
    }

    pub fn asked(&self) -> Asked {
        Asked { local_time: Some(self.world.ledger.time()), ..Asked::default() }
    }

    pub fn verify(&self, document: &Value) -> DocumentReceipt {
        self.verify_as(document, &self.asked())
    }

    pub fn verify_as(&self, document: &Value, asked: &Asked) -> DocumentReceipt {
        at_once(verify_document(&self.world.ledger, &Chain::embedded(), self.check(document), asked))
    }

    /// Adds key 1 with these terms, which then signs; its index is named in documents.
    fn signed_by_new_key(&mut self, terms: KeyTerms) {
        let (holder, actor) = self.world.new_actor(1, terms);
        let microcred_client::instructions::Actor::Key(key) = actor else { panic!("{actor:?}") };
        self.template.key = key.address();
        self.signer = holder;
    }
}

pub fn at_time(unix: i64) -> Timestamp {
    Timestamp::from_second(unix).unwrap()
}

pub fn new_achievement(world: &mut World, code: &str, definition_digest: [u8; 32]) -> Address {
    let (key, by) = (world.key_holder(), world.issuer.by_key());
    let args = CreateAchievementArgs { policy: 2, definition_digest, ..achievement_args(code) };
    world.ok(&[achievement::create(world.payer.pubkey(), &by, args)], &[&key]);
    address::achievement(&world.issuer.address, code)
}

/// The document with another value, signed again.
pub fn changed(document: &Value, signer: &Keypair, change: impl Fn(&mut Value)) -> Value {
    changed_at(document, signer, &Options::assertion(at_time(START)), change)
}

fn changed_at(document: &Value, signer: &Keypair, options: &Options, change: impl Fn(&mut Value)) -> Value {
    let mut document = document.clone();
    document.as_object_mut().unwrap().remove("proof");
    change(&mut document);
    proof::sign(&mut document, Cryptosuite::EddsaRdfc2022, options, signer).unwrap();
    document
}

/// Kinds of the findings that decide, and of those that are told.
fn found(receipt: &DocumentReceipt) -> Vec<Kind> {
    receipt.report.findings.iter().map(|finding| finding.kind).filter(|kind| *kind != Kind::NobodyProved).collect()
}

#[track_caller]
pub fn assert_found(receipt: &DocumentReceipt, verdict: Verdict, kinds: &[Kind]) {
    assert_eq!((receipt.verdict, found(receipt).as_slice()), (verdict, kinds), "{receipt:#?}");
    assert_eq!(receipt.exit_code, verdict.exit_code());
    assert_eq!(receipt.problem().is_some(), kinds.iter().any(|kind| kind.decides() == Some(Verdict::CouldNotCheck)));
}

#[test]
fn a_true_document_is_valid_and_says_what_was_checked() {
    let mut stage = Stage::new();
    let document = stage.issued();
    let receipt = stage.verify(&document);
    assert_found(&receipt, Verdict::Valid, &[]);
    let all: Vec<_> =
        Check::ALL.iter().copied().filter(|check| !matches!(check, Check::Control | Check::Expectations)).collect();
    assert_eq!(receipt.report.passed, all);
    assert_eq!(receipt.report.not_checked(), []);
    assert!(receipt.report.has(Kind::NobodyProved));
    let on_chain = receipt.on_chain.unwrap();
    assert_eq!(
        (on_chain.verdict, on_chain.address),
        (microcred_client::verdict::Verdict::Valid, stage.particulars.credential)
    );
    // However much white space a file has, it is the same document.
    let report = stage.check_bytes(format!("\u{feff}{document:#}\n").as_bytes());
    let receipt = at_once(verify_document(&stage.world.ledger, &Chain::embedded(), report, &stage.asked()));
    assert_found(&receipt, Verdict::Valid, &[]);
}

#[test]
fn many_documents_have_the_same_answers_as_one_by_one_with_few_reads() {
    let mut stage = Stage::new();
    let mut documents = Vec::new();
    for number in 0..40 {
        let wallet = stage.world.keys.next_key().pubkey();
        stage.particulars.credential = address::credential(&stage.world.issuer.achievement, &wallet, 0);
        stage.particulars.learner.wallet = wallet;
        stage.args = issue_args(wallet);
        let mut document = stage.issued();
        match number % 4 {
            1 => document["name"] = json!("Doctor"),
            2 => {
                document = changed(&document, &stage.signer, |document| {
                    drop(document["issuer"]["otherIdentifier"].as_array_mut().unwrap().pop())
                })
            }
            3 => document = changed(&document, &stage.signer, |document| document["evidence"] = Value::from([0; 0])),
            _ => {}
        }
        documents.push(document);
    }
    let asked = Asked { registries: vec![stage.world.body.registry], ..stage.asked() };
    let reports: Vec<_> = documents.iter().map(|document| stage.check(document)).collect();
    let truth = Lying::new(&stage.world, |_, _, said| Ok(said));
    let receipts = at_once(verify_documents(&truth, &Chain::embedded(), reports, &asked));
    assert_eq!(receipts.len(), documents.len());
    for (document, receipt) in documents.iter().zip(&receipts) {
        let alone = stage.verify_as(document, &asked);
        assert_eq!(
            (&alone.report, alone.verdict, alone.exit_code),
            (&receipt.report, receipt.verdict, receipt.exit_code)
        );
        assert_eq!(alone.on_chain, receipt.on_chain);
    }
    let verdicts: BTreeSet<_> = receipts.iter().map(|receipt| receipt.verdict).collect();
    let expected = [Verdict::NotProven, Verdict::Inconsistent, Verdict::DigestMismatch, Verdict::Valid];
    assert_eq!(verdicts, BTreeSet::from(expected));
    assert!(truth.reads() < 30, "{}", truth.reads());
}
