//! Proofs that prove nothing, or something else; subjects and issuers in another's place.

use std::array;

use microcred_client::document::{
    did, json,
    presentation::{self, Asked as Question, ControlError, PresentationError, Request, Wanted},
    proof::{ProofError, Purpose},
};
use serde_json::Map;
use solana_signature::Signature;

use super::*;

const CHALLENGE: &str = "8ZeJ3vWQyB1xkSzoq3X1nJ7Cq3sS7wXg9rT2mYvD5uPa";
const DOMAIN: &str = "employer.example";

/// The order of the group, least significant byte first (RFC 8032, section 5.1).
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// Points of the orders 1, 2, 4 and 8, in their canonical form and in others.
const SMALL: [&str; 7] = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "0100000000000000000000000000000000000000000000000000000000000080",
];

fn value(document: &Value) -> Signature {
    document["proof"][0]["proofValue"].as_str().unwrap()[1..].parse().unwrap()
}

fn with_value(value: impl Into<Value>) -> String {
    text(&altered(|document| document["proof"][0]["proofValue"] = value.into()))
}

fn not_proven(name: impl Into<String>, document: impl Into<Vec<u8>>) -> Row {
    row(name, document, Verdict::NotProven, Kind::BadProof)
}

#[test]
fn a_signature_has_one_spelling() {
    let signature = value(&good());
    let bytes: [u8; 64] = signature.into();
    let mut carry = 0;
    let plus: [u8; 32] = array::from_fn(|place| {
        let sum = u16::from(bytes[32 + place]) + u16::from(ORDER[place]) + carry;
        carry = sum >> 8;
        sum.to_le_bytes()[0]
    });
    let malleable = [&bytes[..32], &plus].concat();
    let mut one_bit = bytes;
    one_bit[0] ^= 1;
    assert_answers([
        not_proven("s and the order of the group", with_value(format!("z{}", bs58(&malleable)))),
        not_proven("one bit", with_value(format!("z{}", bs58(&one_bit)))),
        not_proven("zeros", with_value(format!("z{}", "1".repeat(64)))),
        not_proven("none", with_value("z")),
        not_proven("nothing", with_value("")),
        not_proven("another base", with_value(format!("u{signature}"))),
        not_proven("a zero before", with_value(format!("z1{signature}"))),
        not_proven("white space", with_value(format!("z{signature} "))),
        not_proven("a byte less", with_value(format!("z{}", bs58(&bytes[..63])))),
        not_proven("giant", with_value(format!("z{}", "z".repeat(900)))),
        row("a number", with_value(7), Verdict::Malformed, Kind::BadForm),
    ]);
}

fn bs58(bytes: &[u8]) -> String {
    // Of whole signatures and of addresses, there are types that write them.
    let address = |bytes: &[u8]| Address::try_from(bytes).map(|address| address.to_string());
    Signature::try_from(bytes).map_or_else(|_| address(&bytes[..32]).unwrap(), |signature| signature.to_string())
}

/// Keys whose signatures fit everything, to those who do not look.
#[test]
fn keys_of_small_order_sign_nothing() {
    let point = |hex: &str| array::from_fn::<u8, 32, _>(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap());
    let mut rows = Vec::new();
    for key in SMALL.map(point) {
        for beginning in SMALL.map(point) {
            let key = Address::new_from_array(key);
            let document = altered(|document| {
                document["issuer"]["id"] = json!(did::did_key(&key));
                document["proof"][0]["verificationMethod"] = json!(did::key_method(&key));
                let signature = Signature::try_from([beginning, [0; 32]].concat().as_slice()).unwrap();
                document["proof"][0]["proofValue"] = json!(format!("z{signature}"));
            });
            rows.push(not_proven(format!("{key} {beginning:?}"), text(&document)));
        }
    }
    assert_answers(rows);
}

#[test]
fn a_key_has_one_name() {
    // All of it is well signed, to a reader who takes the key from there.
    let by = |method: &str| {
        let mut document = good();
        remove(&mut document, "/proof");
        document["issuer"]["id"] = json!(method.split_once('#').map_or(method, |(id, _)| id));
        let mut proof = json!({
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-jcs-2022",
            "created": "2026-11-20T10:00:00Z",
            "verificationMethod": method,
            "proofPurpose": "assertionMethod",
        });
        let signature = issuer().sign_message(&[json::digest(&proof), json::digest(&document)].concat());
        proof["proofValue"] = json!(format!("z{signature}"));
        document["proof"] = json!([proof]);
        document
    };
    let (id, method) = (did::did_key(&issuer().pubkey()), did::key_method(&issuer().pubkey()));
    let multikey = did::multikey(&issuer().pubkey());
    assert_answers([harmless("as it is", text(&by(&method)))]);
    let names = [
        id.clone(),
        format!("{id}#"),
        format!("{id}#key-1"),
        format!("{id}#{multikey} "),
        format!("{id}?versionId=1#{multikey}"),
        format!("{id}/#{multikey}"),
        format!("DID:key:{multikey}#{multikey}"),
        format!("did:KEY:{multikey}#{multikey}"),
        format!("did:key:1.1:{multikey}#{multikey}"),
        format!("did:key:z1{}#{multikey}", &multikey[1..]),
        format!("did:key:%7A{}#{multikey}", &multikey[1..]),
        format!("{id}#{}", did::multikey(&mallory().pubkey())),
        format!("#{multikey}"),
        format!("did:pkh:solana:embedded:{}", issuer().pubkey()),
        issuer().pubkey().to_string(),
        String::new(),
    ];
    for name in names {
        let report = check(text(&by(&name)).as_bytes());
        assert!(report.signed.is_none(), "{name}");
        let verdict = offline(report, &Asked::default()).verdict;
        assert!(
            matches!(verdict, Verdict::NotProven | Verdict::Malformed | Verdict::CouldNotCheck),
            "{name}: {verdict}"
        );
    }
}

#[test]
fn a_proof_is_of_its_document_and_issuer_alone() {
    let other =
        signed_by(&issuer(), |document| document["id"] = json!("urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc99"));
    let malicious = signed_by(&mallory(), |_| {});
    let proof = |document: &Value| document["proof"][0].clone();
    let with_proofs = |proofs: Value| text(&altered(|document| document["proof"] = proofs));
    let mut in_the_name_of_the_issuer = proof(&malicious);
    in_the_name_of_the_issuer["verificationMethod"] = proof(&good())["verificationMethod"].clone();
    let set = |name: &str, value: Value| text(&altered(|document| document["proof"][0][name] = value));
    let purpose = |purpose| {
        let mut document = good();
        remove(&mut document, "/proof");
        let options = Options { purpose, ..Options::assertion(now()) };
        proof::sign(&mut document, Cryptosuite::EddsaRdfc2022, &options, &issuer()).unwrap();
        text(&document)
    };
    let ended = {
        let mut document = good();
        remove(&mut document, "/proof");
        let options = Options { expires: Some(now()), ..Options::assertion("2026-11-20T10:00:00Z".parse().unwrap()) };
        proof::sign(&mut document, Cryptosuite::EddsaRdfc2022, &options, &issuer()).unwrap();
        text(&document)
    };
    let by_nobody = (Verdict::NotProven, Kind::NotSignedByIssuer);
    assert_answers([
        not_proven("of another document", with_proofs(json!([proof(&other)]))),
        not_proven("none", with_proofs(json!([]))),
        not_proven("removed", text(&altered(|document| drop(remove(document, "/proof"))))),
        row("null", with_proofs(Value::Null), Verdict::Malformed, Kind::BadProof),
        row("a list in the list", with_proofs(json!([[proof(&good())]])), Verdict::Malformed, Kind::BadProof),
        row("by somebody else", with_proofs(json!([proof(&malicious)])), by_nobody.0, by_nobody.1),
        not_proven("by somebody else, in the issuer's name", with_proofs(json!([in_the_name_of_the_issuer]))),
        harmless("a second one by somebody else", with_proofs(json!([proof(&good()), proof(&malicious)]))),
        not_proven("a second one that is bad", with_proofs(json!([proof(&good()), proof(&other)]))),
        not_proven("a first one that is bad", with_proofs(json!([proof(&other), proof(&good())]))),
        row("too many", with_proofs(json!(vec![proof(&good()); 5])), Verdict::NotProven, Kind::BadProof),
        row("to show who one is", purpose(Purpose::Authentication), by_nobody.0, by_nobody.1),
        harmless("to assert", purpose(Purpose::AssertionMethod)),
        row("that has ended", ended, Verdict::NotProven, Kind::ProofExpired),
        not_proven("dated back", set("created", json!("2026-01-01T00:00:00Z"))),
        not_proven("prolonged", set("expires", json!("2099-01-01T00:00:00Z"))),
        not_proven("for another purpose", set("proofPurpose", json!("authentication"))),
        not_proven("with a challenge", set("challenge", json!("x"))),
        not_proven("of the other suite", set("cryptosuite", json!("eddsa-jcs-2022"))),
        not_proven("of no suite", set("cryptosuite", json!("none"))),
        not_proven("of an older kind", set("type", json!("Ed25519Signature2018"))),
        row("with a word that nobody signed", set("revoked", json!(false)), Verdict::Malformed, Kind::BadProof),
        row("with a chain of proofs", set("previousProof", json!("urn:uuid:1")), Verdict::Malformed, Kind::BadProof),
    ]);
}

#[test]
fn nobody_takes_the_place_of_subject_or_issuer() {
    let me = did::did_key(&mallory().pubkey());
    let own_salt = Salt::derive(&[1; 32], &address(2), &mallory().pubkey()).identity(&mallory().pubkey());
    let with_subject = |identity: Option<Value>| {
        let me = me.clone();
        move |document: &mut Value| {
            document["credentialSubject"]["id"] = json!(me);
            if let Some(identity) = identity {
                document["credentialSubject"]["identifier"][3] = identity;
            }
        }
    };
    let commitment = |name: &'static str, value: Value| {
        signed_by(&issuer(), |document| document["credentialSubject"]["identifier"][3][name] = value)
    };
    let other_chain = "did:pkh:solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp";
    let inconsistent = Verdict::Inconsistent;
    let not_opened = Kind::CommitmentNotOpened;
    let mut rows = vec![
        not_proven("own key", text(&altered(with_subject(None)))),
        not_proven("own key and salt", text(&altered(with_subject(Some(own_salt.clone()))))),
        row(
            "own key, replayed commitment, signed",
            text(&signed_by(&issuer(), with_subject(None))),
            inconsistent,
            not_opened,
        ),
        row("another's salt", text(&commitment("salt", own_salt["salt"].clone())), inconsistent, not_opened),
        row(
            "another's commitment",
            text(&commitment("identityHash", own_salt["identityHash"].clone())),
            inconsistent,
            not_opened,
        ),
        row("not hashed", text(&commitment("hashed", json!(false))), inconsistent, not_opened),
        row(
            "two commitments",
            text(&signed_by(&issuer(), |document| {
                let identities = document["credentialSubject"]["identifier"].as_array_mut().unwrap();
                identities.push(own_salt.clone());
            })),
            inconsistent,
            not_opened,
        ),
        row(
            "an account of another chain",
            text(&signed_by(&issuer(), |document| {
                document["credentialSubject"]["id"] = json!(format!("{other_chain}:{}", learner().pubkey()));
            })),
            inconsistent,
            Kind::UnclearSubject,
        ),
        row(
            "nobody",
            text(&signed_by(&issuer(), |document| document["credentialSubject"]["id"] = json!("mailto:a@b.example"))),
            inconsistent,
            Kind::UnclearSubject,
        ),
        not_proven(
            "the issuer renamed",
            text(&altered(|document| document["issuer"]["name"] = json!("University of Elsewhere"))),
        ),
        not_proven(
            "the issuer's identifier exchanged",
            text(&altered(|document| document["issuer"]["id"] = json!(me))),
        ),
        row(
            "issuers in a list",
            text(&altered(|document| document["issuer"] = json!([document["issuer"]]))),
            Verdict::Malformed,
            Kind::BadForm,
        ),
    ];
    // Accounts that are named twice, in part, or on two chains, by an issuer who signs anything.
    for (name, change) in [
        (
            "two credentials",
            (|document| {
                let first = document["evidence"][0].clone();
                document["evidence"].as_array_mut().unwrap().push(first);
                document["evidence"][1]["id"] = json!("https://a.example");
            }) as fn(&mut Value),
        ),
        ("no credential", |document| drop(remove(document, "/evidence"))),
        ("no issuer's account", |document| drop(remove(document, "/issuer/otherIdentifier"))),
        ("two issuer's accounts", |document| {
            document["issuer"]["otherIdentifier"][1]["identifierType"] = json!("ext:solanaIssuerAccount")
        }),
        ("accounts on two chains", |document| {
            document["issuer"]["otherIdentifier"][0]["identifier"] =
                json!(format!("solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp:{}", address(1)));
        }),
        ("an account in another spelling", |document| {
            document["evidence"][0]["narrative"] = json!(format!("solana:embedded:1{}", address(4)))
        }),
    ] {
        rows.push(row(name, text(&signed_by(&issuer(), change)), inconsistent, Kind::UnclearReferences));
    }
    assert_answers(rows);
}

fn request() -> Request<'static> {
    let expires = "2026-11-23T10:05:00Z".parse().unwrap();
    Request { challenge: CHALLENGE, domain: DOMAIN, created: now(), expires }
}

fn shown(presentation: Value, domain: &str) -> ControlError {
    let wanted = Wanted {
        asked: Question::Challenge { challenge: CHALLENGE, domain },
        now: now(),
        max_age: presentation::MAX_AGE,
    };
    presentation::open(presentation, None, Some(&wanted)).control.unwrap().unwrap_err()
}

/// What a thief of a presentation can do with it.
#[test]
fn a_presentation_is_of_its_document_and_question_alone() {
    let presentation = presentation::present(good(), &request(), &learner()).unwrap();
    let other = signed_by(&issuer(), |document| document["name"] = json!("Doctor of Rust"));
    let mut exchanged = presentation.clone();
    exchanged["verifiableCredential"] = json!([other]);
    let wrong = |error: &ControlError| {
        matches!(error, ControlError::Presentation(PresentationError::Proof(ProofError::Wrong(1))))
    };
    assert!(wrong(&shown(exchanged.clone(), DOMAIN)), "{}", shown(exchanged, DOMAIN));
    let mut without_status = presentation.clone();
    remove(&mut without_status["verifiableCredential"][0], "/credentialStatus");
    assert!(wrong(&shown(without_status, DOMAIN)));
    for domain in ["employer.example.attacker.example", "EMPLOYER.example", "employer.example:443", ""] {
        let error = shown(presentation.clone(), domain);
        assert!(matches!(error, ControlError::Presentation(PresentationError::Challenge(_))), "{domain}: {error}");
    }
    // Words that the presentation's context does not define are no part of what the learner signed.
    let mut holder = presentation.clone();
    holder["holder"] = json!(did::did_key(&mallory().pubkey()));
    assert!(wrong(&shown(holder, DOMAIN)));
    let mut words: Map<String, Value> = presentation.as_object().unwrap().clone();
    words.insert("comment".into(), json!("hired"));
    let error = shown(words.into(), DOMAIN);
    assert!(matches!(error, ControlError::Presentation(PresentationError::Form(_))), "{error}");
    // A document is no presentation, whoever signed it, and for what.
    let error = shown(signed_by(&learner(), |_| {}), DOMAIN);
    assert!(matches!(error, ControlError::NotShown), "{error}");
    // Mallory makes a presentation of a document that is not hers.
    let mut stolen = presentation;
    remove(&mut stolen, "/proof");
    stolen["holder"] = json!(did::did_key(&mallory().pubkey()));
    let options = Options {
        created: now(),
        expires: None,
        purpose: Purpose::Authentication,
        challenge: Some(CHALLENGE.into()),
        domain: Some(DOMAIN.into()),
    };
    proof::sign(&mut stolen, Cryptosuite::EddsaRdfc2022, &options, &mallory()).unwrap();
    let error = shown(stolen, DOMAIN);
    assert!(matches!(error, ControlError::Presentation(PresentationError::OtherLearner { .. })), "{error}");
}
