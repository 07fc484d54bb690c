//! Presentations: what a learner shows, and what others make of it.

use jiff::{SignedDuration, Timestamp};
use microcred_client::document::{
    context::{CREDENTIALS_V2, OPEN_BADGES, OPEN_BADGES_EXTENSIONS},
    did::{self, ChainAccount},
    json,
    presentation::{
        Asked, ChallengeError, ControlError, PresentError, PresentationError, Presented, Request, Wanted, check, open,
        present,
    },
    proof::{Cryptosuite, Options, ProofError, Purpose, sign, verify},
    reference::References,
};
use serde_json::{Value, json};
use solana_keypair::Keypair;
use solana_signer::{Signer, SignerError};

pub const CHALLENGE: &str = "8ZeJ3vWQyB1xkSzoq3X1nJ7Cq3sS7wXg9rT2mYvD5uPa";
pub const DOMAIN: &str = "employer.example";

pub fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn now() -> Timestamp {
    time("2026-11-23T10:00:00Z")
}

/// The accounts of a document on a chain.
pub fn references(chain: &str) -> References {
    let credential = "4Nd1mBQtrMJVYVfKf2PJy9NZUZdTAsp7D4xWLs4gDB4T".parse().unwrap();
    References { chain: chain.parse().unwrap(), credential, issuer: credential, key: None }
}

/// A document of somebody, signed by some issuer.
pub fn document(subject: &str) -> Value {
    let issuer = Keypair::new();
    let references = references("5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp");
    let mut document = json!({
        "@context": [CREDENTIALS_V2, OPEN_BADGES, OPEN_BADGES_EXTENSIONS],
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential", "AchievementCredential"],
        "name": "Data ethics",
        "issuer": {"id": did::did_key(&issuer.pubkey()), "type": ["Profile"], "name": "University of Somewhere"},
        "validFrom": "2026-11-01T00:00:00Z",
        "credentialSubject": {
            "id": subject,
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc34",
                "type": ["Achievement"],
                "name": "Data ethics",
                "description": "Ethics of data",
                "criteria": {"narrative": "An exam."}
            }
        },
        "evidence": references.evidence()
    });
    document["issuer"]["otherIdentifier"] = references.identifiers();
    sign(&mut document, Cryptosuite::EddsaRdfc2022, &Options::assertion(now()), &issuer).unwrap();
    document
}

pub fn request() -> Request<'static> {
    let expires = now() + SignedDuration::from_mins(5);
    Request { challenge: CHALLENGE, domain: DOMAIN, created: now(), expires }
}

pub fn wanted(now: Timestamp) -> Wanted<'static> {
    let asked = Asked::Challenge { challenge: CHALLENGE, domain: DOMAIN };
    Wanted { asked, now, max_age: SignedDuration::from_mins(10) }
}

/// A signer that shows what it signs, as hardware wallets do: those refuse what is neither a transaction nor an off-chain message.
pub struct Hardware(pub Keypair);

impl Signer for Hardware {
    fn try_pubkey(&self) -> Result<solana_address::Address, SignerError> {
        Ok(self.0.pubkey())
    }

    fn try_sign_message(&self, message: &[u8]) -> Result<solana_signature::Signature, SignerError> {
        if message.starts_with(b"\xffsolana offchain") {
            Ok(self.0.sign_message(message))
        } else {
            Err(SignerError::Protocol("this is no transaction".into()))
        }
    }

    fn is_interactive(&self) -> bool {
        true
    }
}

struct Scene {
    learner: Keypair,
    document: Value,
    presentation: Value,
}

fn scene() -> Scene {
    let learner = Keypair::new();
    let document = document(&did::did_key(&learner.pubkey()));
    let presentation = present(document.clone(), &request(), &learner).unwrap();
    Scene { learner, document, presentation }
}

/// A presentation as an attacker who has a key makes it: all of it is well signed.
fn forged(mut presentation: Value, options: &Options, signer: &Keypair) -> Value {
    presentation.as_object_mut().unwrap().remove("proof");
    sign(&mut presentation, Cryptosuite::EddsaRdfc2022, options, signer).unwrap();
    presentation
}

fn options() -> Options {
    Options {
        created: now(),
        expires: None,
        purpose: Purpose::Authentication,
        challenge: Some(CHALLENGE.into()),
        domain: Some(DOMAIN.into()),
    }
}

#[track_caller]
fn refused(presentation: &Value) -> PresentationError {
    check(presentation, &wanted(now())).unwrap_err()
}

macro_rules! assert_refused {
    ($presentation:expr, $error:pat) => {
        let error = refused(&$presentation);
        assert!(matches!(error, $error), "{error:?}");
    };
}

#[test]
fn a_learner_shows_a_document_and_it_stays_the_same() {
    let Scene { learner, document, presentation } = scene();
    let Presented { document: shown, control } = check(&presentation, &wanted(now())).unwrap();
    assert_eq!((control.holder, control.created), (learner.pubkey(), now()));
    assert_eq!((json::digest(&shown), &shown), (json::digest(&document), &document));
    verify(&shown).unwrap();
    assert_eq!(presentation["holder"], document["credentialSubject"]["id"]);
    let read = json::read(presentation.to_string().as_bytes()).unwrap();
    assert_eq!(check(&read, &wanted(now())).unwrap().document, document);
}

#[test]
fn a_wallet_as_subject_is_the_same_key() {
    let learner = Keypair::new();
    let chain = "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp".parse().unwrap();
    let account = ChainAccount { chain, address: learner.pubkey() };
    let document = document(&format!("did:pkh:{account}"));
    let presentation = present(document, &request(), &learner).unwrap();
    assert_eq!(check(&presentation, &wanted(now())).unwrap().control.holder, learner.pubkey());
}

/// Its proof stands in no array, and it has no holder.
#[test]
fn what_javascript_makes_is_accepted() {
    let presentation = json::read(include_bytes!("presentation_of_digitalbazaar_vc.json")).unwrap();
    let asked = Asked::Challenge { challenge: "58172aac-d8ba-11ed-83dd-0b3aef56cc35", domain: DOMAIN };
    let wanted = Wanted { asked, ..wanted(time("2026-11-23T10:05:00Z")) };
    let shown = check(&presentation, &wanted).unwrap();
    assert_eq!(did::did_key(&shown.control.holder), shown.document["credentialSubject"]["id"]);
    let mut changed = presentation;
    changed["verifiableCredential"][0]["name"] = json!("Surgery");
    assert!(matches!(check(&changed, &wanted), Err(PresentationError::Proof(ProofError::Wrong(1)))));
}

#[test]
fn an_answer_to_another_question_is_refused() {
    let Scene { presentation, .. } = scene();
    let asking = |challenge, domain, now| Wanted { asked: Asked::Challenge { challenge, domain }, ..wanted(now) };
    let error = |wanted: &Wanted<'_>| match check(&presentation, wanted).unwrap_err() {
        PresentationError::Challenge(error) => error,
        error => panic!("{error:?}"),
    };
    assert!(matches!(error(&asking("another", DOMAIN, now())), ChallengeError::OtherChallenge));
    assert!(matches!(error(&asking("", DOMAIN, now())), ChallengeError::OtherChallenge));
    for domain in ["other.example", "employer.example.", "EMPLOYER.example", "https://employer.example", ""] {
        assert!(matches!(error(&asking(CHALLENGE, domain, now())), ChallengeError::OtherDomain { .. }), "{domain}");
    }
    assert!(matches!(error(&wanted(time("2026-11-23T10:05:00Z"))), ChallengeError::Expired { .. }));
    assert!(matches!(error(&wanted(time("2026-11-23T10:10:01Z"))), ChallengeError::Old { .. }));
    assert!(matches!(error(&wanted(time("2026-11-23T09:49:59Z"))), ChallengeError::Early { .. }));
    for right in ["2026-11-23T09:50:00Z", "2026-11-23T10:04:59Z"] {
        check(&presentation, &wanted(time(right))).unwrap();
    }
    let short = Wanted { max_age: SignedDuration::from_secs(30), ..wanted(time("2026-11-23T10:00:31Z")) };
    assert!(matches!(error(&short), ChallengeError::Old { .. }));
}

#[test]
fn what_the_signature_does_not_say_is_missing() {
    let Scene { learner, presentation, .. } = scene();
    let without = |change: &dyn Fn(&mut Options)| {
        let mut options = options();
        change(&mut options);
        forged(presentation.clone(), &options, &learner)
    };
    check(&without(&|_| {}), &wanted(now())).unwrap();
    assert_refused!(
        without(&|options| options.challenge = None),
        PresentationError::Challenge(ChallengeError::NoChallenge)
    );
    assert_refused!(without(&|options| options.domain = None), PresentationError::Challenge(ChallengeError::NoDomain));
    assert_refused!(without(&|options| options.purpose = Purpose::AssertionMethod), PresentationError::Purpose);
    // What is put in afterwards was not signed.
    for (name, value) in [("challenge", CHALLENGE), ("domain", DOMAIN), ("expires", "2026-11-23T11:00:00Z")] {
        let mut options = options();
        (options.challenge, options.domain) = (None, None);
        let mut presentation = forged(presentation.clone(), &options, &learner);
        presentation["proof"][0][name] = json!(value);
        assert_refused!(presentation, PresentationError::Proof(ProofError::Wrong(1)));
    }
    let mut undated = presentation.clone();
    undated["proof"][0].as_object_mut().unwrap().remove("created");
    assert_refused!(undated, PresentationError::Proof(ProofError::Wrong(1)));
}

#[test]
fn an_answer_that_does_not_say_when_it_was_made_is_refused() {
    let Scene { learner, mut presentation, .. } = scene();
    presentation.as_object_mut().unwrap().remove("proof");
    let mut proof = json!({
        "@context": presentation["@context"],
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "verificationMethod": did::key_method(&learner.pubkey()),
        "proofPurpose": "authentication",
        "challenge": CHALLENGE,
        "domain": DOMAIN
    });
    let hash = [json::digest(&proof), json::digest(&presentation)].concat();
    proof["proofValue"] = json!(format!("z{}", learner.sign_message(&hash)));
    presentation["proof"] = proof;
    assert_refused!(presentation, PresentationError::Challenge(ChallengeError::NoTime));
}

#[test]
fn a_copy_of_a_document_proves_nothing() {
    let Scene { learner, document, presentation } = scene();
    let thief = Keypair::new();
    // The thief is the holder, and says so.
    let mut own = presentation.clone();
    own["holder"] = json!(did::did_key(&thief.pubkey()));
    assert_refused!(forged(own.clone(), &options(), &thief), PresentationError::OtherLearner { .. });
    // The thief says that the learner is the holder.
    assert_refused!(forged(presentation.clone(), &options(), &thief), PresentationError::OtherSigner { .. });
    // The thief names nobody.
    let mut nobody = presentation.clone();
    nobody.as_object_mut().unwrap().remove("holder");
    assert_refused!(forged(nobody, &options(), &thief), PresentationError::OtherLearner { .. });
    // The thief puts their own key behind the learner's proof.
    let mut renamed = presentation.clone();
    renamed["proof"][0]["verificationMethod"] = json!(did::key_method(&thief.pubkey()));
    assert_refused!(renamed, PresentationError::Proof(ProofError::Wrong(1)));
    // The thief makes the document theirs: that its own proof is broken then is for its verification to see, the digest too.
    let mut stolen = document.clone();
    stolen["credentialSubject"]["id"] = json!(did::did_key(&thief.pubkey()));
    let stolen = present(stolen, &request(), &thief).unwrap();
    let shown = check(&stolen, &wanted(now())).unwrap();
    assert_eq!(verify(&shown.document), Err(ProofError::Wrong(1)));
    // Another document under the learner's proof.
    let mut swapped = presentation.clone();
    swapped["verifiableCredential"][0] = crate::presentation::document(&did::did_key(&learner.pubkey()));
    assert_refused!(swapped, PresentationError::Proof(ProofError::Wrong(1)));
    // Neither the document's own proof nor none at all answers anything.
    let mut borrowed = presentation.clone();
    borrowed["proof"] = document["proof"].clone();
    assert_refused!(borrowed, PresentationError::Proof(ProofError::Wrong(1)));
    let mut unsigned = presentation;
    unsigned.as_object_mut().unwrap().remove("proof");
    assert_refused!(unsigned, PresentationError::Proof(ProofError::None));
}

#[test]
fn a_presentation_has_one_document_one_proof_and_nothing_else() {
    let Scene { learner, document, presentation } = scene();
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut presentation = presentation.clone();
        change(&mut presentation);
        forged(presentation, &options(), &learner)
    };
    check(&changed(&|one| one["id"] = json!("urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc36")), &wanted(now())).unwrap();
    check(&changed(&|one| one["type"] = json!("VerifiablePresentation")), &wanted(now())).unwrap();
    check(&changed(&|one| one["@context"] = json!(CREDENTIALS_V2)), &wanted(now())).unwrap();
    check(&changed(&|one| one["verifiableCredential"] = document.clone()), &wanted(now())).unwrap();

    assert_refused!(changed(&|one| one["verifiableCredential"] = json!([])), PresentationError::NoDocument);
    let none = |one: &mut Value| drop(one.as_object_mut().unwrap().remove("verifiableCredential"));
    assert_refused!(changed(&none), PresentationError::NoDocument);
    let mut two = presentation.clone();
    two["verifiableCredential"] = json!([document, document]);
    assert_refused!(two, PresentationError::Documents(2));
    // Whoever shows these has no document that was signed with the presentation.
    let jwt = "data:application/vc+jwt,eyJhbGciOiJFZERTQSJ9.e30.AA";
    let enveloped = json!({"@context": CREDENTIALS_V2, "id": jwt, "type": "EnvelopedVerifiableCredential"});
    for document in [json!(jwt), json!([jwt]), json!([enveloped]), json!([[document]]), json!([null])] {
        let mut presentation = presentation.clone();
        presentation["verifiableCredential"] = document;
        assert_refused!(presentation, PresentationError::Enveloped);
    }

    let more = |one: &mut Value| one["@context"] = json!([CREDENTIALS_V2, OPEN_BADGES]);
    assert_refused!(changed(&more), PresentationError::Context);
    let mut inline = presentation.clone();
    inline["@context"] = json!([CREDENTIALS_V2, {"holder": "https://attacker.example/x"}]);
    assert_refused!(inline, PresentationError::Context);
    let mut both = presentation.clone();
    both["type"] = json!(["VerifiablePresentation", "VerifiableCredential"]);
    assert_refused!(both, PresentationError::Form(_));
    let term = |one: &mut Value| one["termsOfUse"] = json!([{"type": "x"}]);
    assert_refused!(changed(&term), PresentationError::Form(_));
    // Dropped before signing: nobody signed it.
    let mut undefined = presentation.clone();
    undefined["approvedBy"] = json!("the learner");
    assert_refused!(undefined, PresentationError::Form(_));
    for (holder, names) in
        [(json!("did:web:a.example"), "a DID"), (json!({"id": document["credentialSubject"]["id"]}), "an object")]
    {
        let error = refused(&changed(&|one| one["holder"] = holder.clone()));
        assert!(matches!(error, PresentationError::Holder(_) | PresentationError::Form(_)), "{names}: {error:?}");
    }

    let mut twice = presentation.clone();
    sign(&mut twice, Cryptosuite::EddsaRdfc2022, &options(), &learner).unwrap();
    assert_refused!(twice, PresentationError::Proofs(2));
    let mut foreign = presentation.clone();
    foreign["proof"][0]["cryptosuite"] = json!("ecdsa-rdfc-2019");
    assert_refused!(foreign, PresentationError::Proof(ProofError::Unknown(_)));
    for wrong in [json!(null), json!([]), json!("x"), document] {
        assert_refused!(wrong, PresentationError::Form(_));
    }
}

#[test]
fn only_the_learner_makes_presentations() {
    let Scene { learner, document, presentation } = scene();
    let error = |document: &Value, request: &Request<'_>, signer: &dyn Signer| {
        present(document.clone(), request, signer).unwrap_err()
    };
    let other = Keypair::new();
    assert!(matches!(error(&document, &request(), &other), PresentError::OtherSigner { .. }));
    assert!(matches!(error(&presentation, &request(), &learner), PresentError::Presentation));
    let mut nobody = document.clone();
    nobody["credentialSubject"].as_object_mut().unwrap().remove("id");
    assert!(matches!(error(&nobody, &request(), &learner), PresentError::Subject(_)));
    for challenge in ["", "a b", "a\u{202e}b", &"a".repeat(254)] {
        assert!(matches!(error(&document, &Request { challenge, ..request() }, &learner), PresentError::Challenge(_)));
        let domain = challenge;
        assert!(matches!(error(&document, &Request { domain, ..request() }, &learner), PresentError::Domain(_)));
    }
    let over = Request { expires: now(), ..request() };
    assert!(matches!(error(&document, &over, &learner), PresentError::Times));
    let hardware = Hardware(learner);
    let told = error(&document, &request(), &hardware);
    assert!(matches!(told, PresentError::HardwareWallet) && told.to_string().contains("--text"), "{told}");
}

#[test]
fn what_a_verifier_was_handed_is_taken_apart() {
    let Scene { document, presentation, .. } = scene();
    let wanted = wanted(now());
    let shown = open(presentation.clone(), None, Some(&wanted));
    assert!(shown.document == Some(document.clone()) && matches!(shown.control, Some(Ok(_))));
    let unasked = open(presentation.clone(), None, None);
    assert!(unasked.document == Some(document.clone()));
    assert!(matches!(unasked.control, Some(Err(ControlError::NotAsked))));
    let alone = open(document.clone(), None, None);
    assert!(alone.document == Some(document.clone()) && alone.control.is_none());
    let unanswered = open(document.clone(), None, Some(&wanted));
    assert!(matches!(unanswered.control, Some(Err(ControlError::NotShown))));
    // Of a wrong answer the document can still be told.
    let early = Wanted { now: time("2026-11-23T09:00:00Z"), ..wanted };
    let wrong = open(presentation.clone(), None, Some(&early));
    assert!(wrong.document == Some(document));
    let Some(Err(error)) = wrong.control else { panic!("{:?}", wrong.control) };
    assert!(matches!(error, ControlError::Presentation(_)) && !error.is_own_failure());
    let mut empty = presentation;
    empty["verifiableCredential"] = json!([]);
    let empty = open(empty, None, Some(&wanted));
    assert!(empty.document.is_none());
    assert!(matches!(empty.control, Some(Err(ControlError::Presentation(PresentationError::NoDocument)))));
}
