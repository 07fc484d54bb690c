//! What an attacker makes of documents where the chain can be asked: the document is well made and well signed, by somebody.

use std::slice::from_ref;

use microcred_client::{
    document::{
        checking::{Kind, Verdict},
        did,
        subject::Salt,
    },
    verdict::Expected,
    verification::document::Asked,
};
use serde_json::Value;
use solana_keypair::Keypair;
use solana_signer::Signer;

use super::{
    documents::{Stage, assert_found, changed, new_achievement},
    *,
};

/// Puts another account into a document.
fn point(document: &mut Value, place: &str, account: Address) {
    *document.pointer_mut(place).unwrap() = json!(format!("solana:embedded:{account}"));
}

const CREDENTIAL: &str = "/evidence/0/narrative";
const ISSUER: &str = "/issuer/otherIdentifier/0/identifier";
const KEY: &str = "/issuer/otherIdentifier/1/identifier";

/// Whoever has the fee can be an issuer, by whatever name. What such a document says of somebody else's accounts does not make it theirs.
#[test]
fn an_issuer_of_ones_own_does_not_borrow_the_name_of_another() {
    let mut stage = Stage::new();
    let document = stage.issued();
    let famous = stage.world.issuer.address;
    let own = stage.world.new_issuer("university");
    let forge = |change: &dyn Fn(&mut Value)| {
        changed(&document, &own.key, |forged| {
            forged["issuer"]["id"] = json!(did::did_key(&own.key.pubkey()));
            forged["credentialSubject"]["achievement"]["name"] = json!("Doctor of Rust");
            change(forged);
        })
    };
    let key = own.key_ref().address();
    for (name, forged, kinds) in [
        (
            "accounts of the other",
            forge(&|_| {}),
            vec![Kind::DigestMismatch, Kind::KeyNotIssuers, Kind::DefinitionDiffers],
        ),
        (
            "own key's account",
            forge(&|forged| point(forged, KEY, key)),
            vec![Kind::DigestMismatch, Kind::KeyNotIssuers, Kind::DefinitionDiffers],
        ),
        (
            "own issuer's account",
            forge(&|forged| {
                point(forged, ISSUER, own.address);
                point(forged, KEY, key);
            }),
            vec![Kind::Mismatch, Kind::DigestMismatch, Kind::KeyNotIssuers, Kind::DefinitionDiffers],
        ),
        ("an account that is no credential", forge(&|forged| point(forged, CREDENTIAL, famous)), vec![Kind::NotRead]),
        ("an account that does not exist", forge(&|forged| point(forged, CREDENTIAL, OTHER)), vec![Kind::NotFound]),
    ] {
        let receipt = stage.verify(&forged);
        assert_ne!((receipt.verdict, receipt.exit_code), (Verdict::Valid, 0), "{name}");
        let found: Vec<_> = receipt.report.findings.iter().map(|finding| finding.kind).collect();
        assert!(kinds.iter().all(|kind| found.contains(kind)), "{name}: {found:?}");
    }

    // All accounts their own, all of it true, and the name is the other's: expectation and trust tell them apart, and nothing else can.
    let wallet = stage.wallet.pubkey();
    stage.world.issuer = own;
    let definition = microcred_client::definition::digest(&document["credentialSubject"]["achievement"]);
    stage.world.issuer.achievement = new_achievement(&mut stage.world, "copied", definition);
    let own_credential = address::credential(&stage.world.issuer.achievement, &wallet, 0);
    let forged = changed(&document, &stage.world.key_holder(), |forged| {
        forged["issuer"]["id"] = json!(did::did_key(&stage.world.issuer.key.pubkey()));
        point(forged, CREDENTIAL, own_credential);
        point(forged, ISSUER, stage.world.issuer.address);
        point(forged, KEY, key);
    });
    stage.issue(&forged);
    let receipt = stage.verify(&forged);
    assert_eq!(receipt.verdict, Verdict::Valid, "{receipt:#?}");
    let expected = Expected { issuer: Some(famous), ..Expected::default() };
    assert_eq!(stage.verify_as(&forged, &Asked { expected, ..stage.asked() }).verdict, Verdict::Mismatch);
    let asked = Asked { registries: vec![stage.world.body.registry], ..stage.asked() };
    assert_eq!(stage.verify_as(&forged, &asked).exit_code, 2);
}

/// A learner of the same issuer, with a true document of their own.
#[test]
fn a_learner_does_not_take_the_credential_of_another() {
    let mut stage = Stage::new();
    let document = stage.issued();
    let mallory = Keypair::new();
    // The issuer signs a document for Mallory that names somebody else's credential, by mistake or after a breach of its website.
    let misled = changed(&document, &stage.world.key_holder(), |document| {
        document["credentialSubject"]["id"] = json!(did::did_key(&mallory.pubkey()));
    });
    assert_found(&stage.verify(&misled), Verdict::Mismatch, &[Kind::Mismatch, Kind::DigestMismatch]);
    // Without a subject, nobody is there who could be another.
    let of_nobody = changed(&document, &stage.world.key_holder(), |document| {
        document["credentialSubject"].as_object_mut().unwrap().remove("id");
    });
    assert_eq!(stage.verify(&of_nobody).verdict, Verdict::Inconsistent);
    // What holds at the place of one credential does not at that of another, though both are the same learner's.
    let moved = changed(&document, &stage.world.key_holder(), |document| point(document, CREDENTIAL, OTHER));
    assert_found(&stage.verify(&moved), Verdict::NotFound, &[Kind::NotFound]);
}

#[test]
fn a_private_subject_is_not_opened_by_another_salt_or_key() {
    let mut stage = Stage::new();
    let (achievement, learner) = (stage.world.issuer.achievement, stage.wallet.pubkey());
    let salt = Salt::derive(&[7; 32], &achievement, &learner);
    stage.particulars.credential = address::credential(&achievement, &salt.commitment(&learner), 0);
    stage.particulars.learner.salt = Some(salt);
    stage.args = IssueArgs { subject_kind: 2, ..issue_args(salt.commitment(&learner)) };
    let document = stage.issued();
    let holder = stage.world.key_holder();
    let mallory = Keypair::new().pubkey();
    for (whose, salt) in [
        (mallory, Salt::derive(&[7; 32], &achievement, &mallory)),
        (learner, Salt::derive(&[8; 32], &achievement, &learner)),
        // The same salt for another key is another commitment.
        (mallory, salt),
    ] {
        let forged = changed(&document, &holder, |document| {
            document["credentialSubject"]["id"] = json!(did::did_key(&whose));
            let identities = document["credentialSubject"]["identifier"].as_array_mut().unwrap();
            *identities.last_mut().unwrap() = salt.identity(&whose);
        });
        assert_found(&stage.verify(&forged), Verdict::Mismatch, &[Kind::Mismatch, Kind::DigestMismatch]);
    }
}

/// Credentials whose digest is none, or not any more: nothing is taken for the document.
#[test]
fn a_credential_without_a_digest_has_no_document() {
    let mut stage = Stage::new();
    stage.args.digest = [0; 32];
    let document = stage.sign();
    let args = IssueArgs { digest: [0; 32], ..stage.args };
    stage.world.issue(stage.world.issuer.achievement, args).unwrap();
    assert_found(&stage.verify(&document), Verdict::DigestMismatch, &[Kind::DigestMismatch]);

    let mut stage = Stage::new();
    let document = stage.issued();
    let (by, holder) = (stage.world.issuer.by_key(), stage.world.key_holder());
    let erase = credential::erase(&by, stage.particulars.credential, Reason::LearnerRequest);
    stage.world.ok(from_ref(&erase), &[&holder]);
    let forged = changed(&document, &holder, |document| document["name"] = json!("Doctor"));
    for document in [&document, &forged] {
        let receipt = stage.verify(document);
        assert_eq!((receipt.verdict, receipt.exit_code), (Verdict::Erased, 2), "{receipt:#?}");
    }
}

/// The first document of a credential that was revoked and issued again says what it said, and points where it pointed.
#[test]
fn a_credential_that_was_issued_again_does_not_revive_the_old_document() {
    let mut stage = Stage::new();
    let old = stage.issued();
    let (by, holder) = (stage.world.issuer.by_key(), stage.world.key_holder());
    let revoke = credential::revoke(&by, stage.particulars.credential, Reason::IssuedInError);
    stage.world.ok(from_ref(&revoke), &[&holder]);
    let (achievement, wallet) = (stage.world.issuer.achievement, stage.wallet.pubkey());
    stage.particulars.credential = address::credential(&achievement, &wallet, 1);
    stage.args.sequence = 1;
    let new = stage.issued();
    assert_found(&stage.verify(&new), Verdict::Valid, &[]);
    assert_found(&stage.verify(&old), Verdict::Revoked, &[Kind::Revoked]);
    let mut moved = old.clone();
    moved["evidence"] = new["evidence"].clone();
    assert_found(&stage.verify(&moved), Verdict::NotProven, &[Kind::BadProof, Kind::DigestMismatch]);
    let mut moved = new;
    moved["proof"] = old["proof"].clone();
    assert_found(&stage.verify(&moved), Verdict::NotProven, &[Kind::BadProof, Kind::DigestMismatch]);
}

/// A thief of a key dates back what they sign: the digest on chain, which only the issuer's other keys could bring there, tells it.
#[test]
fn a_stolen_key_signs_nothing_into_the_past() {
    let mut stage = Stage::new();
    let document = stage.issued();
    stage.world.pass(DAY);
    let (authority, issuer) = (stage.world.issuer_authority(), stage.world.issuer.address);
    stage.world.ok(&[key::mark_compromised(authority.pubkey(), issuer, 0, START + DAY)], &[&authority]);
    assert_found(&stage.verify(&document), Verdict::Valid, &[]);
    let backdated = changed(&document, &stage.signer, |document| document["name"] = json!("Doctor"));
    assert_found(&stage.verify(&backdated), Verdict::DigestMismatch, &[Kind::DigestMismatch]);
    let mut undated = backdated;
    undated["proof"][0].as_object_mut().unwrap().remove("created");
    assert_eq!(stage.verify(&undated).verdict, Verdict::NotProven);
}

/// What a proof over RDF does not cover, the digest does.
#[test]
fn the_digest_covers_what_the_proof_leaves_open() {
    let mut stage = Stage::new();
    stage.template.achievement["tag"] = json!(["rust", "systems"]);
    let document = stage.issued();
    let receipt = stage.verify(&document);
    assert!(receipt.report.signed.is_some());
    for change in [
        (|document| document["credentialSubject"]["achievement"]["tag"].as_array_mut().unwrap().reverse())
            as fn(&mut Value),
        |document| document["evidence"] = document["evidence"][0].clone(),
        |document| document["type"][1] = json!("OpenBadgeCredential"),
        |document| document["proof"] = document["proof"][0].clone(),
    ] {
        let mut document = document.clone();
        change(&mut document);
        let receipt = stage.verify(&document);
        assert!(receipt.report.signed.is_some(), "{receipt:#?}");
        assert_eq!(receipt.verdict, Verdict::DigestMismatch, "{receipt:#?}");
    }
}
