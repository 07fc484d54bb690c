//! What a document shows by itself, with the chain and without it.

use super::*;

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
    assert_found(&receipt, Verdict::NotCheckedOnChain, &[Kind::NotCompared]);
    stage.world.pass(DAY);
    assert_found(&offline(stage.check(&document), &stage.asked()), Verdict::Expired, &[Kind::ValidityEnded]);
    let receipt = unread(stage.check(&document), &stage.asked(), &ReadError::File("it is gone".into()));
    assert_eq!((receipt.verdict, receipt.exit_code), (Verdict::Expired, 2));
}

/// Anybody can add a proof whose key nobody knows. It must not turn what is known into what could not be checked.
#[test]
fn a_proof_that_nobody_can_check_hides_nothing() {
    let mut stage = Stage::new();
    let document = stage.issued();
    let mut junk = document["proof"][0].clone();
    junk["verificationMethod"] = json!("did:web:a.example#k");
    junk["cryptosuite"] = json!("eddsa-jcs-2022");
    let with_junk = |document: &Value, place: usize| {
        let mut document = document.clone();
        document["proof"].as_array_mut().unwrap().insert(place, junk.clone());
        document
    };
    let mut altered = document.clone();
    altered["name"] = json!("Doctor");
    let (by, holder) = (stage.world.issuer.by_key(), stage.world.key_holder());
    for is_revoked in [false, true] {
        if is_revoked {
            let revoking = credential::revoke(&by, stage.particulars.credential, Reason::IssuedInError);
            stage.world.ok(&[revoking], &[&holder]);
        }
        for document in [&document, &altered] {
            for place in 0..2 {
                let receipt = stage.verify(&with_junk(document, place));
                assert_eq!((receipt.verdict, receipt.exit_code), (Verdict::NotProven, 2), "{receipt:#?}");
                assert_eq!(receipt.report.has(Kind::Revoked), is_revoked);
            }
        }
    }
}

#[test]
fn that_nobody_was_asked_to_prove_control_hides_nothing() {
    let mut stage = Stage::new();
    let document = stage.issued();
    let control = Err(ControlError::NotAsked);
    let shown = |stage: &Stage, document: &Value| stage.check(document).shown(Some(&control));
    let verify = |stage: &Stage| {
        let report = shown(stage, &document);
        at_once(verify_document(&stage.world.ledger, &Chain::embedded(), report, &stage.asked()))
    };
    assert_found(&verify(&stage), Verdict::CouldNotCheck, &[Kind::ControlNotKnown]);
    let receipt = offline(shown(&stage, &document), &stage.asked());
    assert_found(&receipt, Verdict::CouldNotCheck, &[Kind::ControlNotKnown]);
    let (by, holder) = (stage.world.issuer.by_key(), stage.world.key_holder());
    let revoking = credential::revoke(&by, stage.particulars.credential, Reason::IssuedInError);
    stage.world.ok(&[revoking], &[&holder]);
    assert_found(&verify(&stage), Verdict::Revoked, &[Kind::Revoked, Kind::ControlNotKnown]);
}

/// A verifier whose clock is wrong learns that it could not be checked, not that it is over.
#[test]
fn the_clusters_time_judges_the_dates() {
    let mut stage = Stage::new();
    stage.particulars.valid_until = Some(at_time(START + DAY));
    stage.args.expires_at = Some(START + DAY);
    let document = stage.issued();
    let verify_at = |stage: &Stage, local: i64, document: &Value| {
        let asked = checking::Asked { now: at_time(local), did_documents: &DidDocuments::none() };
        let report = checking::check(document.to_string().as_bytes(), &asked);
        let asked = Asked { local_time: Some(local), ..Asked::default() };
        at_once(verify_document(&stage.world.ledger, &Chain::embedded(), report, &asked))
    };
    assert_found(&verify_at(&stage, START + 365 * DAY, &document), Verdict::CouldNotCheck, &[Kind::NotRead]);
    assert_found(&verify_at(&stage, START - 365 * DAY, &document), Verdict::Valid, &[]);
    stage.world.pass(DAY);
    let ended = [Kind::ValidityEnded, Kind::Expired];
    assert_found(&verify_at(&stage, START - 365 * DAY, &document), Verdict::Expired, &ended);
    let receipt = verify_at(&stage, START + 365 * DAY, &document);
    assert_eq!((receipt.verdict, receipt.exit_code), (Verdict::Expired, 2), "by both clocks");
}

#[test]
fn expectations_are_checked_where_they_were_compared() {
    let mut stage = Stage::new();
    let document = stage.issued();
    let expected = Expected { achievement: Some(stage.world.issuer.achievement), ..Expected::default() };
    let asked = Asked { expected, ..stage.asked() };
    let is_checked = |receipt: &DocumentReceipt| receipt.report.passed.contains(&Check::Expectations);
    assert!(is_checked(&stage.verify_as(&document, &asked)));
    let mainnet: Chain = "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp".parse().unwrap();
    let receipt = at_once(verify_document(&stage.world.ledger, &mainnet, stage.check(&document), &asked));
    assert_found(&receipt, Verdict::CouldNotCheck, &[Kind::NotCompared, Kind::OtherChain]);
    assert!(!is_checked(&receipt));
    let expected = Expected { achievement: Some(OTHER), ..Expected::default() };
    let receipt = stage.verify_as(&document, &Asked { expected, ..stage.asked() });
    assert_found(&receipt, Verdict::Mismatch, &[Kind::Mismatch]);
    assert!(!is_checked(&receipt));
}
