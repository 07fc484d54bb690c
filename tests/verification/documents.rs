//! Documents verified with a ledger: a true one, and one for every finding.

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
    let all: Vec<_> = Check::ALL.iter().copied().filter(|check| *check != Check::Control).collect();
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
fn what_a_document_shows_by_itself_is_found_and_the_chain_is_asked_all_the_same() {
    let mut stage = Stage::new();
    let document = stage.issued();
    let key = stage.world.key_holder();
    let after = [Kind::BadProof, Kind::DigestMismatch];

    let mut altered = document.clone();
    altered["credentialSubject"]["identifier"][0]["identityHash"] = json!("Mallory");
    assert_found(&stage.verify(&altered), Verdict::NotProven, &after);
    // A learner who hides the status from those who read only lists.
    let mut altered = document.clone();
    altered.as_object_mut().unwrap().remove("credentialStatus");
    assert_found(&stage.verify(&altered), Verdict::NotProven, &after);
    // What no signature covers.
    let mut altered = document.clone();
    altered["credentialSubject"]["honours"] = json!("summa cum laude");
    let receipt = stage.verify(&altered);
    assert_found(&receipt, Verdict::Malformed, &[Kind::BadForm, Kind::DigestMismatch]);
    let mut altered = document.clone();
    altered.as_object_mut().unwrap().remove("proof");
    assert_found(&stage.verify(&altered), Verdict::NotProven, &after);

    // Somebody else's signature under the issuer's name, and under their own.
    let mallory = Keypair::new();
    let forged = changed(&document, &mallory, |_| {});
    assert_found(&stage.verify(&forged), Verdict::NotProven, &[Kind::NotSignedByIssuer, Kind::DigestMismatch]);
    let forged = changed(&document, &mallory, |forged| forged["issuer"]["id"] = json!(did::did_key(&mallory.pubkey())));
    assert_found(&stage.verify(&forged), Verdict::DigestMismatch, &[Kind::DigestMismatch, Kind::KeyNotIssuers]);
    // A signature for another purpose.
    let options = Options { purpose: Purpose::Authentication, ..Options::assertion(at_time(START)) };
    let other = changed_at(&document, &key, &options, |_| {});
    assert_found(&stage.verify(&other), Verdict::NotProven, &[Kind::NotSignedByIssuer, Kind::DigestMismatch]);
    let options = Options { expires: Some(at_time(START + 1)), ..Options::assertion(at_time(START)) };
    let ended = changed_at(&document, &key, &options, |_| {});
    stage.world.pass(1);
    assert_found(&stage.verify(&ended), Verdict::NotProven, &[Kind::ProofExpired, Kind::DigestMismatch]);
}

#[test]
fn bytes_that_readers_take_differently_are_no_document() {
    let stage = Stage::new();
    let document = stage.sign().to_string();
    let twice = document.replacen('{', "{\"name\":\"Doctor\",", 1);
    for bytes in [twice.as_bytes(), b"", b"[]", b"{}", b"\x89PNG", &document.as_bytes()[1..]] {
        let report = stage.check_bytes(bytes);
        let receipt = at_once(verify_document(&stage.world.ledger, &Chain::embedded(), report, &stage.asked()));
        assert_eq!((receipt.verdict, receipt.exit_code), (Verdict::Malformed, 2), "{receipt:#?}");
        assert_eq!(receipt.on_chain, None);
    }
    assert!(stage.check_bytes(twice.as_bytes()).has(Kind::Unreadable));
}

#[test]
fn dates_decide_by_the_documents_own_word() {
    let mut stage = Stage::new();
    stage.particulars.valid_until = Some(at_time(START + DAY));
    stage.args.expires_at = Some(START + DAY);
    let document = stage.issued();
    assert_found(&stage.verify(&document), Verdict::Valid, &[]);
    stage.world.pass(DAY - 1);
    assert_found(&stage.verify(&document), Verdict::Valid, &[]);
    stage.world.pass(1);
    assert_found(&stage.verify(&document), Verdict::Expired, &[Kind::ValidityEnded, Kind::Expired]);

    let mut stage = Stage::new();
    stage.particulars.awarded = at_time(START + 601);
    let document = stage.issued();
    assert_found(&stage.verify(&document), Verdict::NotYetValid, &[Kind::NotYetValid]);
    stage.world.pass(1);
    assert_found(&stage.verify(&document), Verdict::Valid, &[]);
    stage.particulars.signed = at_time(START + 700);
    let document = stage.sign();
    assert!(stage.check(&document).has(Kind::SignedInFuture));
}

#[test]
fn whom_and_what_it_names_must_be_clear() {
    let mut stage = Stage::new();
    let document = stage.issued();
    let key = stage.world.key_holder();
    let other = ChainAccount { chain: Chain::embedded(), address: OTHER };
    let unclear = changed(&document, &key, |document| {
        let evidence = json!({"id": "https://a.example", "type": ["Evidence"], "genre": "SolanaAccount", "narrative": other.to_string()});
        document["evidence"].as_array_mut().unwrap().push(evidence);
    });
    let receipt = stage.verify(&unclear);
    assert_found(&receipt, Verdict::Inconsistent, &[Kind::UnclearReferences]);
    assert_eq!(receipt.on_chain, None);

    let nobody = changed(&document, &key, |document| document["credentialSubject"]["id"] = json!("mailto:a@b.example"));
    let receipt = stage.verify(&nobody);
    assert!(receipt.report.has(Kind::UnclearSubject));
    assert_eq!(receipt.verdict, Verdict::Inconsistent, "{receipt:#?}");
    let mainnet = "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp";
    let elsewhere = format!("did:pkh:solana:{mainnet}:{}", stage.wallet.pubkey());
    let elsewhere = changed(&document, &key, |document| document["credentialSubject"]["id"] = json!(elsewhere));
    assert!(stage.verify(&elsewhere).report.has(Kind::UnclearSubject));

    let wrong = Salt::derive(&[1; 32], &OTHER, &OTHER).identity(&OTHER);
    let wrong = changed(&document, &key, |document| document["credentialSubject"]["identifier"] = json!([wrong]));
    let receipt = stage.verify(&wrong);
    assert_found(&receipt, Verdict::Inconsistent, &[Kind::CommitmentNotOpened, Kind::DigestMismatch]);
}

#[test]
fn a_private_subject_is_who_the_document_opens_the_commitment_for() {
    let mut stage = Stage::new();
    let (achievement, learner) = (stage.world.issuer.achievement, stage.wallet.pubkey());
    let salt = Salt::derive(&[7; 32], &achievement, &learner);
    let commitment = salt.commitment(&learner);
    stage.particulars.credential = address::credential(&achievement, &commitment, 0);
    stage.particulars.learner.salt = Some(salt);
    stage.args = IssueArgs { subject_kind: 2, ..issue_args(commitment) };
    let document = stage.issued();
    assert_found(&stage.verify(&document), Verdict::Valid, &[]);
    for subject in [learner, commitment] {
        let expected = Expected { subject: Some(subject), ..Expected::default() };
        assert_found(&stage.verify_as(&document, &Asked { expected, ..stage.asked() }), Verdict::Valid, &[]);
    }
    // Without the salt, the wallet is not the one on chain.
    stage.particulars.learner.salt = None;
    let bare = stage.sign();
    assert_found(&stage.verify(&bare), Verdict::Mismatch, &[Kind::Mismatch, Kind::DigestMismatch]);
}

#[test]
fn another_subject_issuer_or_achievement_is_a_mismatch_though_the_digest_fits() {
    let mut stage = Stage::new();
    stage.particulars.learner.wallet = OTHER;
    let document = stage.issued();
    assert_found(&stage.verify(&document), Verdict::Mismatch, &[Kind::Mismatch]);

    let mut stage = Stage::new();
    let other = stage.world.new_issuer("another-university");
    stage.template.issuer.account = other.address;
    let document = stage.issued();
    assert_found(&stage.verify(&document), Verdict::Mismatch, &[Kind::Mismatch]);

    let mut stage = Stage::new();
    stage.template.achievement["description"] = json!("Builds everything in Rust.");
    let document = stage.issued();
    assert_found(&stage.verify(&document), Verdict::DefinitionMismatch, &[Kind::DefinitionDiffers]);

    // Without a definition on chain, the digest of the whole document covers it.
    let mut stage = Stage::new();
    stage.world.issuer.achievement = new_achievement(&mut stage.world, "undefined", [0; 32]);
    stage.particulars.credential = address::credential(&stage.world.issuer.achievement, &stage.wallet.pubkey(), 0);
    let document = stage.issued();
    assert_found(&stage.verify(&document), Verdict::Valid, &[Kind::NoDefinition]);
}

#[test]
fn what_the_verifier_expects_decides() {
    let mut stage = Stage::new();
    let document = stage.issued();
    let right = Expected {
        issuer: Some(stage.world.issuer.address),
        achievement: Some(stage.world.issuer.achievement),
        subject: Some(stage.wallet.pubkey()),
    };
    let expecting = |expected| Asked { expected, ..stage.asked() };
    assert_found(&stage.verify_as(&document, &expecting(right)), Verdict::Valid, &[]);
    for (expected, kind) in [
        (Expected { issuer: Some(OTHER), ..right }, Kind::NotAsExpected),
        (Expected { subject: Some(OTHER), ..right }, Kind::NotAsExpected),
        (Expected { achievement: Some(OTHER), ..right }, Kind::Mismatch),
    ] {
        assert_found(&stage.verify_as(&document, &expecting(expected)), Verdict::Mismatch, &[kind]);
    }
}

#[test]
fn the_key_that_signed_must_have_been_the_issuers_to_sign_with() {
    let any = key_terms(Address::default());
    let later = START + DAY;
    for (terms, kinds) in [
        (any, vec![]),
        (KeyTerms { permissions: permission::ASSERT, ..any }, vec![]),
        (KeyTerms { permissions: permission::ALL & !permission::ASSERT, ..any }, vec![Kind::KeyWithoutPermission]),
        (KeyTerms { scope: OTHER, ..any }, vec![Kind::KeyOutOfScope]),
        (KeyTerms { valid_from: START, valid_until: later, ..any }, vec![]),
        // Valid when it signed, and not any more when it was asserted.
        (KeyTerms { valid_until: START + 10, ..any }, vec![Kind::KeyOutsideWindow]),
        // Not yet valid when it signed.
        (KeyTerms { valid_from: START + 1, ..any }, vec![Kind::KeyOutsideWindow]),
    ] {
        let mut stage = Stage::new();
        stage.signed_by_new_key(terms);
        let document = stage.sign();
        stage.world.pass(10);
        stage.issue(&document);
        let verdict = if kinds.is_empty() { Verdict::Valid } else { Verdict::KeyNotEntitled };
        assert_found(&stage.verify(&document), verdict, &kinds);
    }

    // Retired before it was asserted, and after.
    for (retired_after, kinds) in [(5, vec![Kind::KeyOutsideWindow]), (15, vec![])] {
        let mut stage = Stage::new();
        stage.signed_by_new_key(any);
        let (document, authority) = (stage.sign(), stage.world.issuer_authority());
        let retire = key::retire(authority.pubkey(), stage.world.issuer.address, 1);
        for second in 1..=20 {
            stage.world.pass(1);
            if second == retired_after {
                stage.world.ok(std::slice::from_ref(&retire), &[&authority]);
            }
            if second == 10 {
                stage.issue(&document);
            }
        }
        let verdict = if kinds.is_empty() { Verdict::Valid } else { Verdict::KeyNotEntitled };
        assert_found(&stage.verify(&document), verdict, &kinds);
    }
}

#[test]
fn what_was_signed_or_asserted_since_others_may_have_held_the_key_is_void() {
    for (since, verdict) in [
        (START + 11, Verdict::Valid),
        (START + 10, Verdict::KeyCompromised),
        (START + 1, Verdict::KeyCompromised),
        (START, Verdict::KeyCompromised),
        (START - DAY, Verdict::KeyCompromised),
    ] {
        let mut stage = Stage::new();
        stage.signed_by_new_key(key_terms(Address::default()));
        let document = stage.sign();
        stage.world.pass(10);
        stage.issue(&document);
        stage.world.pass(10);
        let authority = stage.world.issuer_authority();
        stage
            .world
            .ok(&[key::mark_compromised(authority.pubkey(), stage.world.issuer.address, 1, since)], &[&authority]);
        let kinds: &[_] = if verdict == Verdict::Valid { &[] } else { &[Kind::KeyCompromised] };
        assert_found(&stage.verify(&document), verdict, kinds);
    }
    // The key that asserted it on chain.
    let mut stage = Stage::new();
    let document = stage.issued();
    let authority = stage.world.issuer_authority();
    let issuer = stage.world.issuer.address;
    stage.world.ok(&[key::mark_compromised(authority.pubkey(), issuer, 0, START)], &[&authority]);
    let kinds = [Kind::AssertedByCompromisedKey, Kind::KeyCompromised];
    assert_found(&stage.verify(&document), Verdict::KeyCompromised, &kinds);
}

#[test]
fn nothing_is_signed_long_after_it_was_asserted() {
    for (signed, verdict) in [(START + 600, Verdict::Valid), (START + 601, Verdict::KeyNotEntitled)] {
        let mut stage = Stage::new();
        stage.particulars.signed = at_time(signed);
        let document = stage.issued();
        stage.world.pass(DAY);
        let kinds: &[_] = if verdict == Verdict::Valid { &[] } else { &[Kind::SignedLater] };
        assert_found(&stage.verify(&document), verdict, kinds);
    }
    // Without a time, no window covers it.
    let mut stage = Stage::new();
    let mut document = stage.sign();
    document.as_object_mut().unwrap().remove("proof");
    let undated = sign_undated(&document, &stage.world.key_holder());
    stage.issue(&undated);
    assert_found(&stage.verify(&undated), Verdict::KeyNotEntitled, &[Kind::Undated]);
}

/// A proof over JSON that does not say when it was made, as the standard allows.
fn sign_undated(document: &Value, signer: &Keypair) -> Value {
    let mut signed = document.clone();
    let mut proof = json!({
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "verificationMethod": did::key_method(&signer.pubkey()),
        "proofPurpose": "assertionMethod",
    });
    let signature = signer.sign_message(&[json::digest(&proof), json::digest(document)].concat());
    proof["proofValue"] = format!("z{signature}").into();
    signed["proof"] = json!([proof]);
    signed
}

#[test]
fn the_key_is_searched_where_the_document_does_not_say_which_it_was() {
    let without_key = |document: &Value, signer: &Keypair| {
        changed(document, signer, |document| drop(document["issuer"]["otherIdentifier"].as_array_mut().unwrap().pop()))
    };
    let mut stage = Stage::new();
    stage.signed_by_new_key(key_terms(Address::default()));
    let document = without_key(&stage.sign(), &stage.signer);
    stage.issue(&document);
    let receipt = stage.verify(&document);
    assert_found(&receipt, Verdict::Valid, &[]);
    assert!(receipt.on_chain.unwrap().addresses.contains(&stage.template.key));

    // A key that is none of the issuer's; and an account that is, but holds another.
    let mallory = Keypair::new();
    let mut stage = Stage::new();
    stage.signer = mallory.insecure_clone();
    let document = without_key(&stage.sign(), &mallory);
    stage.issue(&document);
    assert_found(&stage.verify(&document), Verdict::KeyNotEntitled, &[Kind::KeyNotIssuers]);
    let mut stage = Stage::new();
    stage.signer = mallory;
    let document = stage.issued();
    assert_found(&stage.verify(&document), Verdict::KeyNotEntitled, &[Kind::KeyNotIssuers]);
    for other in [OTHER, stage.world.issuer.address, stage.world.body.registry] {
        let mut stage = Stage::new();
        stage.template.key = other;
        let document = stage.issued();
        assert_found(&stage.verify(&document), Verdict::KeyNotEntitled, &[Kind::KeyNotIssuers]);
    }
}

#[test]
fn a_renewed_credential_supersedes_the_document_before() {
    let mut stage = Stage::new();
    let old = stage.issued();
    let credential = stage.particulars.credential;
    stage.world.pass(DAY);
    stage.particulars.signed = at_time(START + DAY);
    let new = stage.sign();
    let (by, holder) = (stage.world.issuer.key_ref(), stage.world.key_holder());
    let args = RenewArgs { digest: *Document::new(new.clone()).digest(), expires_at: None };
    stage.world.ok(&[credential::renew(&by, stage.world.issuer.achievement, credential, args)], &[&holder]);
    assert_found(&stage.verify(&new), Verdict::Valid, &[]);
    assert_found(&stage.verify(&old), Verdict::Superseded, &[Kind::Superseded]);

    // One that the issuer never signed is no older one, nor is one whose key was not valid.
    let mallory = Keypair::new();
    let forged = changed(&old, &mallory, |forged| forged["issuer"]["id"] = json!(did::did_key(&mallory.pubkey())));
    assert_found(&stage.verify(&forged), Verdict::DigestMismatch, &[Kind::DigestMismatch, Kind::KeyNotIssuers]);
    let terms = KeyTerms { valid_from: START + DAY, ..key_terms(Address::default()) };
    stage.signed_by_new_key(terms);
    stage.particulars.signed = at_time(START + DAY - 1);
    let early = stage.sign();
    assert_found(&stage.verify(&early), Verdict::DigestMismatch, &[Kind::DigestMismatch, Kind::KeyOutsideWindow]);
}

#[test]
fn statuses_on_chain_decide_about_documents() {
    for (status, kind, verdict) in [
        (Suspended, Kind::Suspended, Verdict::Suspended),
        (Revoked, Kind::Revoked, Verdict::Revoked),
        (Erased, Kind::Erased, Verdict::Erased),
    ] {
        let mut stage = Stage::new();
        let document = stage.issued();
        let (by, holder, credential) =
            (stage.world.issuer.by_key(), stage.world.key_holder(), stage.particulars.credential);
        let instruction = match status {
            Suspended => credential::suspend(&by, credential, Reason::UnderReview),
            Revoked => credential::revoke(&by, credential, Reason::IssuedInError),
            _ => credential::erase(&by, credential, Reason::LegalOrder),
        };
        stage.world.ok(&[instruction], &[&holder]);
        let receipt = stage.verify(&document);
        assert_found(&receipt, verdict, &[kind]);
        let finding = receipt.report.findings.iter().find(|finding| finding.kind == kind).unwrap();
        assert!(finding.detail.is_some());
    }
    for (status, kind, verdict) in
        [(Pending, Kind::Pending, Verdict::Pending), (Declined, Kind::Declined, Verdict::Declined)]
    {
        let mut stage = Stage::new();
        let held = stage.world.credential_in(status);
        stage.particulars.credential = held.credential;
        stage.particulars.learner.wallet = held.subject();
        let receipt = stage.verify(&stage.sign());
        assert!(receipt.report.has(kind), "{receipt:#?}");
        // The digest on chain is another one, which decides before pending.
        assert_eq!(receipt.verdict, if status == Pending { Verdict::DigestMismatch } else { verdict });
    }
    // Signed, but never issued.
    let stage = Stage::new();
    assert_found(&stage.verify(&stage.sign()), Verdict::NotFound, &[Kind::NotFound]);
}

#[test]
fn what_else_the_chain_says_otherwise_is_told() {
    let told = |prepare: &dyn Fn(&mut Stage), after: &dyn Fn(&mut Stage), kind: Kind, says: &[&str]| {
        let mut stage = Stage::new();
        prepare(&mut stage);
        let document = stage.issued();
        after(&mut stage);
        let receipt = stage.verify(&document);
        assert_found(&receipt, Verdict::Valid, &[kind]);
        let detail = receipt.report.findings[0].detail.clone().unwrap_or_default();
        assert!(says.iter().all(|part| detail.contains(part)), "{detail}");
    };
    let nothing = |_: &mut Stage| {};
    told(
        &|stage| stage.args.expires_at = Some(START + DAY),
        &nothing,
        Kind::OtherValidity,
        &["never ends", "2027-01-16"],
    );
    told(&|stage| stage.args.status_index = 78, &nothing, Kind::OtherStatusIndex, &["77", "78"]);
    told(&nothing, &|stage| stage.world.change_profile("New Name"), Kind::OtherProfile, &["Somewhere", "New Name"]);
    told(
        &|stage| {
            stage.template.achievement["name"] = json!("Doctor of Rust");
            let digest = definition::digest(&stage.template.achievement);
            stage.world.issuer.achievement = new_achievement(&mut stage.world, "doctor", digest);
            let (achievement, wallet) = (stage.world.issuer.achievement, stage.wallet.pubkey());
            stage.particulars.credential = address::credential(&achievement, &wallet, 0);
        },
        &nothing,
        Kind::OtherTitle,
        &["Rust for systems"],
    );
    let mut stage = Stage::new();
    let document = changed(&stage.sign(), &stage.signer, |document| {
        document.as_object_mut().unwrap().remove("credentialStatus");
    });
    stage.issue(&document);
    assert_found(&stage.verify(&document), Verdict::Valid, &[Kind::NoStatus]);
}

#[test]
fn trust_is_asked_beside() {
    let mut stage = Stage::new();
    let document = stage.issued();
    let trusting = |registry: Address| Asked { registries: vec![registry], ..stage.asked() };
    assert_found(&stage.verify_as(&document, &trusting(stage.world.body.registry)), Verdict::Valid, &[]);
    let unvouching = stage.world.new_body("another-agency").registry;
    let asked = Asked { registries: vec![unvouching], ..stage.asked() };
    let receipt = stage.verify_as(&document, &asked);
    assert_eq!((receipt.verdict, receipt.exit_code), (Verdict::Valid, 2));
    // As many registries as one read holds beside the key that signed.
    let asked = Asked { registries: vec![stage.world.body.registry; 47], ..stage.asked() };
    assert_eq!(stage.verify_as(&document, &asked).exit_code, 0);
}

#[test]
fn a_ledger_that_cannot_be_asked_or_is_another_chains_leaves_it_open() {
    let mut stage = Stage::new();
    let document = stage.issued();
    let error = ReadError::File("it is gone".into());
    let receipt = unread(stage.check(&document), &stage.asked(), &error);
    assert_found(&receipt, Verdict::CouldNotCheck, &[Kind::NotRead]);
    let mainnet: Chain = "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp".parse().unwrap();
    let receipt = at_once(verify_document(&stage.world.ledger, &mainnet, stage.check(&document), &stage.asked()));
    assert_found(&receipt, Verdict::CouldNotCheck, &[Kind::OtherChain]);
    assert!(receipt.problem().unwrap().contains("--url embedded"), "{receipt:#?}");
    stage.template.chain = mainnet;
    let receipt = stage.verify(&stage.sign());
    assert!(receipt.problem().unwrap().contains("--url mainnet-beta"), "{receipt:#?}");

    // The accounts that decide are missing, or of a later version.
    for (place, kinds) in
        [(stage.world.issuer.address, vec![Kind::NotRead]), (stage.template.key, vec![Kind::NotRead, Kind::KeyNotRead])]
    {
        let later = |_: usize, addresses: &[Address], said: Snapshot| {
            Ok(at(place, addresses, said, |account| account.as_mut().unwrap().data[8] = 2))
        };
        let lying = Lying::new(&stage.world, later);
        let receipt = at_once(verify_document(&lying, &Chain::embedded(), stage.check(&document), &stage.asked()));
        assert_found(&receipt, Verdict::CouldNotCheck, &kinds);
    }
    // A forged document stays one, whatever the ledger says.
    let mut forged = document;
    forged["name"] = json!("Doctor");
    let failing = Lying::new(&stage.world, |_, _, _| Err(ReadError::File("it is gone".into())));
    let receipt = at_once(verify_document(&failing, &Chain::embedded(), stage.check(&forged), &stage.asked()));
    assert_found(&receipt, Verdict::NotProven, &[Kind::BadProof, Kind::NotRead]);
}

#[test]
fn offline_nothing_is_valid_and_what_is_bad_is_bad() {
    let mut stage = Stage::new();
    stage.particulars.valid_until = Some(at_time(START + DAY));
    let document = stage.issued();
    let receipt = offline(stage.check(&document), &stage.asked());
    assert_found(&receipt, Verdict::NotCheckedOnChain, &[]);
    assert_eq!(receipt.exit_code, 5);
    let not_checked = [Check::Status, Check::Digest, Check::Key, Check::Definition, Check::Content];
    assert_eq!(receipt.report.not_checked(), not_checked);
    let mut altered = document.clone();
    altered["name"] = json!("Doctor");
    assert_eq!(offline(stage.check(&altered), &stage.asked()).exit_code, 2);
    let expected = Expected { subject: Some(OTHER), ..Expected::default() };
    let receipt = offline(stage.check(&document), &Asked { expected, ..stage.asked() });
    assert_found(&receipt, Verdict::Mismatch, &[Kind::NotAsExpected]);
    let expected = Expected { achievement: Some(OTHER), ..Expected::default() };
    let receipt = offline(stage.check(&document), &Asked { expected, ..stage.asked() });
    assert!(receipt.report.not_checked().contains(&Check::Expectations));
    stage.world.pass(DAY);
    assert_found(&offline(stage.check(&document), &stage.asked()), Verdict::Expired, &[Kind::ValidityEnded]);
    let receipt = unread(stage.check(&document), &stage.asked(), &ReadError::File("it is gone".into()));
    assert_eq!((receipt.verdict, receipt.exit_code), (Verdict::Expired, 2));
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
