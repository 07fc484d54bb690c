//! Presentations: proofs that the holder is there, over what the verifier asked.

use microcred_client::document::proof::{self, Cryptosuite, Options, Purpose};
use serde_json::{Map, Value, json};

use crate::{
    documents::{CREATED, ISSUER, LEARNER, Person, STRANGER, maximal, minimal, presentation, set, with},
    signing::signed,
    stack::{Case, Request, Stack, core, core_error},
};

const CHALLENGE: &str = "a31a9c9c-5c4b-4d8e-8c5a-1b7f6f1a2b3c";
const DOMAIN: &str = "employer.example";
const ASKED: (&str, &str) = (CHALLENGE, DOMAIN);

/// A presentation signed by this project.
fn presented(presentation: &Value, by: &Person, purpose: Purpose) -> Value {
    let mut presentation = presentation.clone();
    let options = Options {
        purpose,
        challenge: Some(CHALLENGE.into()),
        domain: Some(DOMAIN.into()),
        ..Options::assertion(CREATED.parse().unwrap())
    };
    proof::sign(&mut presentation, Cryptosuite::EddsaRdfc2022, &options, &by.keypair()).unwrap();
    presentation
}

/// What verifier-core says: of the presentation's signature, and of the one credential in it.
fn core_of(presentation: &str, credential: Value) -> Value {
    json!({ "presentation": presentation, "credentials": [credential] })
}

#[test]
fn a_presentation_is_accepted_where_it_was_asked_for_only() {
    let Some(stack) = Stack::ready() else { return };
    let document = signed(&minimal(), &ISSUER, &[Cryptosuite::EddsaRdfc2022]);
    let shown = presentation(&document, &LEARNER);
    let foreign = stack.sign(&[Request::presentation(&shown, &LEARNER, CHALLENGE, DOMAIN)]).remove(0);
    let own = presented(&shown, &LEARNER, Purpose::Authentication);
    assert_eq!(own["proof"][0], foreign["proof"]);
    let verified = proof::verify(&foreign).unwrap();
    let [proof] = &verified[..] else { panic!("{verified:?}") };
    let said = (proof.key, proof.purpose, proof.challenge.as_deref(), proof.domain.as_deref());
    assert_eq!(said, (LEARNER.key(), Purpose::Authentication, Some(CHALLENGE), Some(DOMAIN)));

    let changed = |pointer: &str, value: Value| {
        let mut presentation = own.clone();
        set(&mut presentation, pointer, value);
        presentation
    };
    let forged = Err("Invalid signature.");
    let tampered = changed("/verifiableCredential/0/name", json!("Doctor of everything"));
    let of_stranger = presented(&presentation(&document, &LEARNER), &STRANGER, Purpose::Authentication);
    let stolen = presented(&presentation(&document, &STRANGER), &STRANGER, Purpose::Authentication);
    let rows = [
        ("by JavaScript", &foreign, ASKED, Ok(()), true),
        ("as asked", &own, ASKED, Ok(()), true),
        ("another challenge", &own, ("another", DOMAIN), Err("challenge is not as expected"), true),
        ("another domain", &own, (CHALLENGE, "attacker.example"), Err("domain is not as expected"), true),
        ("a changed challenge", &changed("/proof/0/challenge", json!("another")), ("another", DOMAIN), forged, true),
        ("a changed holder", &changed("/holder", json!(STRANGER.did())), ASKED, forged, true),
        ("a changed credential", &tampered, ASKED, forged, false),
        // Neither library compares the holder with who signed, nor with the subject: that is left to who calls.
        ("signed by another than the holder", &of_stranger, ASKED, Ok(()), true),
        ("a credential of somebody else", &stolen, ASKED, Ok(()), true),
    ];
    // verifier-core reads only presentations that were signed to assert something, not to show who one is.
    let cases = rows.into_iter().map(|(name, shown, asked, bazaar, intact)| {
        let credential = if intact { core(&[("revocation", "not said")]) } else { core_error("invalid_signature") };
        (name.to_owned(), Case { asked: Some(asked), ..Case::from(shown) }, bazaar, core_of("invalid", credential))
    });
    stack.assert(cases.collect(), &Map::new());
}

/// verifier-core expects of a presentation what others expect of credentials, and asks for no challenge and no domain.
#[test]
fn verifier_core_accepts_presentations_for_the_other_purpose_and_checks_no_challenge() {
    let Some(stack) = Stack::ready() else { return };
    let document = signed(&minimal(), &ISSUER, &[Cryptosuite::EddsaRdfc2022]);
    let asserted = presented(&presentation(&document, &LEARNER), &LEARNER, Purpose::AssertionMethod);
    let mut changed = asserted.clone();
    set(&mut changed, "/holder", STRANGER.did());
    let rows = [
        ("as asked", &asserted, CHALLENGE, "valid"),
        ("another challenge", &asserted, "another", "valid"),
        ("a changed holder", &changed, CHALLENGE, "invalid"),
    ];
    let cases = rows.into_iter().map(|(name, shown, challenge, signature)| {
        let case = Case { asked: Some((challenge, DOMAIN)), ..Case::from(shown) };
        let said = core_of(signature, core(&[("revocation", "not said")]));
        (name.to_owned(), case, Err("insufficient proofs matched"), said)
    });
    stack.assert(cases.collect(), &Map::new());
}

/// Most of what stands in them is equal: the issuer's address and accounts, the criteria, the results.
#[test]
fn a_presentation_of_several_documents_of_one_issuer_is_accepted() {
    let Some(stack) = Stack::ready() else { return };
    let documents: Vec<_> = (0..5)
        .map(|number| {
            let mut document = maximal();
            document.as_object_mut().unwrap().remove("credentialStatus");
            set(&mut document, "/id", format!("urn:uuid:5f0c7f0e-5a55-4b5b-9d1d-3f2b1f0b000{number}"));
            signed(&document, &ISSUER, &[Cryptosuite::EddsaRdfc2022, Cryptosuite::EddsaJcs2022])
        })
        .collect();
    let shown = with(presentation(&documents[0], &LEARNER), "/verifiableCredential", json!(documents));
    let shown = presented(&shown, &LEARNER, Purpose::Authentication);
    assert_eq!(proof::verify(&shown).map(|proofs| proofs.len()), Ok(1));
    let credentials = vec![core(&[("revocation", "not said")]); documents.len()];
    let said = json!({ "presentation": "invalid", "credentials": credentials });
    let case = Case { asked: Some(ASKED), ..Case::from(&shown) };
    stack.assert(vec![("several".into(), case, Ok(()), said)], &Map::new());
}
