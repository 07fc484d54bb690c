//! Presentations: proofs that the holder is there, over what the verifier asked.

use jiff::{SignedDuration, Timestamp};
use microcred_client::document::{
    json,
    presentation::{self, Asked, ChallengeBook, MAX_AGE, Presented, Wanted},
    proof::{self, Cryptosuite, Options, Purpose},
};
use serde_json::{Map, Value, json};

use crate::{
    documents::{CREATED, ISSUER, LEARNER, Person, STRANGER, maximal, minimal, presentation as unsigned, set, with},
    signing::signed,
    stack::{Case, Request, Stack, core, core_error},
};

const CHALLENGE: &str = "a31a9c9c-5c4b-4d8e-8c5a-1b7f6f1a2b3c";
const DOMAIN: &str = "employer.example";
const ASKED: (&str, &str) = (CHALLENGE, DOMAIN);

/// A minute after the presentations were made.
fn now() -> Timestamp {
    CREATED.parse::<Timestamp>().unwrap() + SignedDuration::from_mins(1)
}

/// What this project says of a presentation.
fn checked(shown: &Value, asked: Asked<'_>) -> Result<Presented, String> {
    let shown = json::read(shown.to_string().as_bytes()).unwrap();
    presentation::check(&shown, &Wanted { asked, now: now(), max_age: MAX_AGE }).map_err(|error| error.to_string())
}

/// A presentation signed by this project, whoever signs it.
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
    let shown = unsigned(&document, &LEARNER);
    let foreign = stack.sign(&[Request::presentation(&shown, &LEARNER, CHALLENGE, DOMAIN)]).remove(0);
    assert_eq!(presented(&shown, &LEARNER, Purpose::Authentication)["proof"][0], foreign["proof"]);
    let created = CREATED.parse().unwrap();
    let expires = created + MAX_AGE;
    let request = presentation::Request { challenge: CHALLENGE, domain: DOMAIN, created, expires };
    let own = presentation::present(document.clone(), &request, &LEARNER.keypair()).unwrap();

    let changed = |presentation: &Value, pointer: &str, value: Value| with(presentation.clone(), pointer, value);
    let forged = Err("Invalid signature.");
    let altered = Err("was changed after it was signed");
    let title = "/verifiableCredential/0/name";
    let of_stranger = presented(&shown, &STRANGER, Purpose::Authentication);
    let stolen = presented(&unsigned(&document, &STRANGER), &STRANGER, Purpose::Authentication);
    let rows = [
        ("by JavaScript", &foreign, ASKED, Ok(()), true, Ok(())),
        ("as asked", &own, ASKED, Ok(()), true, Ok(())),
        (
            "another challenge",
            &own,
            ("another", DOMAIN),
            Err("challenge is not as expected"),
            true,
            Err("answers another challenge"),
        ),
        (
            "another challenge, by JavaScript",
            &foreign,
            ("another", DOMAIN),
            Err("challenge is not as expected"),
            true,
            Err("answers another challenge"),
        ),
        (
            "another domain",
            &own,
            (CHALLENGE, "attacker.example"),
            Err("domain is not as expected"),
            true,
            Err("it was made for"),
        ),
        (
            "another domain, by JavaScript",
            &foreign,
            (CHALLENGE, "attacker.example"),
            Err("domain is not as expected"),
            true,
            Err("it was made for"),
        ),
        (
            "a changed challenge",
            &changed(&own, "/proof/0/challenge", json!("another")),
            ("another", DOMAIN),
            forged,
            true,
            altered,
        ),
        (
            "a changed challenge, by JavaScript",
            &changed(&foreign, "/proof/challenge", json!("another")),
            ("another", DOMAIN),
            forged,
            true,
            altered,
        ),
        (
            "a later end",
            &changed(&own, "/proof/0/expires", json!("2126-03-01T00:00:00Z")),
            ASKED,
            forged,
            true,
            altered,
        ),
        ("a changed holder", &changed(&own, "/holder", json!(STRANGER.did())), ASKED, forged, true, altered),
        ("a changed credential", &changed(&own, title, json!("Doctor")), ASKED, forged, false, altered),
        (
            "a changed credential, by JavaScript",
            &changed(&foreign, title, json!("Doctor")),
            ASKED,
            forged,
            false,
            altered,
        ),
        // Neither library compares the holder with who signed, nor with the subject: that is left to who calls.
        ("signed by another than the holder", &of_stranger, ASKED, Ok(()), true, Err("does not have the holder's key")),
        ("a credential of somebody else", &stolen, ASKED, Ok(()), true, Err("is not its learner")),
    ];
    // verifier-core reads only presentations that were signed to assert something, not to show who one is.
    let cases = rows.into_iter().map(|(name, shown, asked, bazaar, intact, here)| {
        let (challenge, domain) = asked;
        match (here, checked(shown, Asked::Challenge { challenge, domain })) {
            (Ok(()), Ok(presented)) => assert_eq!(presented.document, document, "{name}"),
            (Err(part), Err(error)) => assert!(error.contains(part), "{name}: {error}"),
            (here, said) => panic!("{name}: expected {here:?}, not {said:?}"),
        }
        let credential = if intact { core(&[("revocation", "not said")]) } else { core_error("invalid_signature") };
        (name.to_owned(), Case { asked: Some(asked), ..Case::from(shown) }, bazaar, core_of("invalid", credential))
    });
    stack.assert(cases.collect(), &Map::new());
}

#[test]
fn a_presentation_of_javascript_counts_once() {
    let Some(stack) = Stack::ready() else { return };
    let folder = tempfile::tempdir().unwrap();
    let book = ChallengeBook::at(folder.path().join("book"));
    let document = signed(&minimal(), &ISSUER, &[Cryptosuite::EddsaRdfc2022]);
    let given = book.give(DOMAIN, now(), MAX_AGE).unwrap();
    let requests = [DOMAIN, "attacker.example"]
        .map(|domain| Request::presentation(&unsigned(&document, &LEARNER), &LEARNER, &given.challenge, domain));
    let [shown, passed_on] = &stack.sign(&requests)[..] else { panic!() };
    let refused = |shown| checked(shown, Asked::Book(&book)).unwrap_err();
    assert!(refused(passed_on).contains("was given for \"employer.example\""));
    checked(shown, Asked::Book(&book)).unwrap();
    assert!(refused(shown).contains("was used"));
}

/// verifier-core expects of a presentation what others expect of credentials, and asks for no challenge and no domain.
#[test]
fn verifier_core_accepts_presentations_for_the_other_purpose_and_checks_no_challenge() {
    let Some(stack) = Stack::ready() else { return };
    let document = signed(&minimal(), &ISSUER, &[Cryptosuite::EddsaRdfc2022]);
    let asserted = presented(&unsigned(&document, &LEARNER), &LEARNER, Purpose::AssertionMethod);
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
    let shown = with(unsigned(&documents[0], &LEARNER), "/verifiableCredential", json!(documents));
    let shown = presented(&shown, &LEARNER, Purpose::Authentication);
    assert_eq!(proof::verify(&shown).map(|proofs| proofs.len()), Ok(1));
    let credentials = vec![core(&[("revocation", "not said")]); documents.len()];
    let said = json!({ "presentation": "invalid", "credentials": credentials });
    let case = Case { asked: Some(ASKED), ..Case::from(&shown) };
    stack.assert(vec![("several".into(), case, Ok(()), said)], &Map::new());
}
