//! The key that signed a document: whether it was the issuer's to sign with, at the time.

use super::*;

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
    // An issuer of somebody's own, whose key may sign for that one.
    let mut stage = Stage::new();
    let other = stage.world.new_issuer("another-university");
    (stage.template.key, stage.signer) = (other.key_ref().address(), other.key.insecure_clone());
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
fn of_a_key_that_was_added_twice_the_account_that_entitles_counts_unless_one_is_compromised() {
    let mut stage = Stage::new();
    let any = key_terms(Address::default());
    stage.signed_by_new_key(KeyTerms { permissions: permission::REVOKE, ..any });
    stage.world.new_key(2, KeyTerms { key: stage.signer.pubkey(), ..any }).unwrap();
    let document = changed(&stage.sign(), &stage.signer, |document| {
        drop(document["issuer"]["otherIdentifier"].as_array_mut().unwrap().pop());
    });
    stage.issue(&document);
    assert_found(&stage.verify(&document), Verdict::Valid, &[]);
    let authority = stage.world.issuer_authority();
    let mark = key::mark_compromised(authority.pubkey(), stage.world.issuer.address, 1, START);
    stage.world.ok(&[mark], &[&authority]);
    assert_found(&stage.verify(&document), Verdict::KeyCompromised, &[Kind::KeyCompromised]);
}
