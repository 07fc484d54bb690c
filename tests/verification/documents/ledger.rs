//! What the chain says of a document, and whether it says the same.

use super::*;

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
        let receipt = stage.verify_as(&document, &expecting(expected));
        assert_found(&receipt, Verdict::Mismatch, &[kind]);
        assert!(receipt.report.findings[0].detail.as_ref().unwrap().contains(&OTHER.to_string()), "{receipt:#?}");
    }
}

#[test]
fn a_document_is_superseded_also_where_its_key_has_ended_since() {
    let mut stage = Stage::new();
    stage.signed_by_new_key(KeyTerms { valid_until: START + 10, ..key_terms(Address::default()) });
    let old = stage.issued();
    stage.world.pass(DAY);
    let (by, holder) = (stage.world.issuer.key_ref(), stage.world.key_holder());
    let (achievement, credential) = (stage.world.issuer.achievement, stage.particulars.credential);
    let args = RenewArgs { digest: [6; 32], expires_at: None };
    stage.world.ok(&[credential::renew(&by, achievement, credential, args)], &[&holder]);
    assert_found(&stage.verify(&old), Verdict::Superseded, &[Kind::Superseded]);
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
