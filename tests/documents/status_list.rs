//! Status lists: bits and their text, both signed forms, and what an attacker who serves or makes lists could try.

use std::io::Write;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use flate2::{Compression, GzBuilder, write::GzEncoder};
use jiff::{SignedDuration, Timestamp};
use microcred_client::document::{
    context::{CREDENTIALS_V2, OPEN_BADGES},
    did,
    json::{self, JsonError},
    proof::{self, Cryptosuite, Options, ProofError, Purpose},
    status_list::{
        Bits, BitsError, EntryWanted, Form, INFLATED_LIMIT, JwtError, List, PLACES, SIZE_LIMIT, Signed, StatusError,
        Unsigned, check,
    },
};
use serde_json::{Value, json};
use solana_keypair::Keypair;
use solana_signer::Signer;

const URL: &str = "https://university.example/credentials/status/0";
const SET: u64 = 94_567;
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The list in the examples of Bitstring Status List v1.0: 131,072 bits, none of them set.
const EXAMPLE: &str = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA";

/// Made by another implementation (Python's): bits 0, 7, 8, 94,567 and 131,071 are set.
const ELSEWHERE: &str = "uH4sIAAAAAAACA-3QAREAAAQEMN-c5nJwW4RNFwAAAAAAAAAAAAAAz0QBAAAAwDVZrxDDXQBAAAA";

/// A list of 100,000 places, from the tests of another implementation.
const SHORT: &str = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQsvoAAAAAAAAAAAAAAAAP4GcwM92tQwAAA";

fn now() -> Timestamp {
    "2026-11-23T10:00:00Z".parse().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn text(bytes: &[u8]) -> String {
    format!("u{}", BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

/// A list with one bit set, and who signed it.
struct Scene {
    key: Keypair,
    list: Unsigned,
}

impl Scene {
    fn new() -> Self {
        let mut bits = Bits::default();
        assert!(bits.set(SET));
        let list = Unsigned { url: URL.into(), signed: now(), valid_from: now(), valid_until: now() + WEEK, bits };
        Self { key: Keypair::new_from_array([7; 32]), list }
    }

    fn did(&self) -> String {
        did::did_key(&self.key.pubkey())
    }

    fn signed(&self) -> Signed {
        self.list.sign(&self.key).unwrap()
    }

    /// The list, changed and then signed by its issuer.
    fn resigned(&self, change: impl Fn(&mut Value)) -> Value {
        let mut document = self.signed().document;
        document.as_object_mut().unwrap().remove("proof");
        change(&mut document);
        self.sign(&mut document, &Options::assertion(now()));
        document
    }

    fn sign(&self, document: &mut Value, options: &Options) {
        proof::sign(document, Cryptosuite::EddsaRdfc2022, options, &self.key).unwrap();
    }

    /// A token of any header and payload, signed by the issuer.
    fn token(&self, header: &Value, payload: &Value) -> String {
        token(&self.key, header, payload)
    }

    fn header(&self) -> Value {
        json!({"alg": "EdDSA", "typ": "vc+jwt", "kid": did::key_method(&self.key.pubkey())})
    }

    fn ask(&self, bytes: impl AsRef<[u8]>, index: u64) -> Result<bool, StatusError> {
        self.ask_at(bytes, index, now())
    }

    fn ask_at(&self, bytes: impl AsRef<[u8]>, index: u64, at: Timestamp) -> Result<bool, StatusError> {
        let issuer = self.did();
        check(bytes.as_ref(), &EntryWanted { url: URL, index, purpose: "revocation", issuer: &issuer }, at)
    }

    /// What both forms are refused with.
    #[track_caller]
    fn refused(&self, change: impl Fn(&mut Value)) -> StatusError {
        let document = self.resigned(&change);
        let error = self.ask(document.to_string(), SET).unwrap_err();
        let mut payload = payload(&self.signed().jwt);
        change(&mut payload);
        let other = self.ask(self.token(&self.header(), &payload), SET).unwrap_err();
        assert_eq!(std::mem::discriminant(&error), std::mem::discriminant(&other), "{error} / {other}");
        error
    }
}

fn token(key: &Keypair, header: &Value, payload: &Value) -> String {
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(header), part(payload));
    let signature = key.sign_message(signed.as_bytes());
    format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
}

fn part(token: &str, number: usize) -> Value {
    let part = token.split('.').nth(number).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn payload(token: &str) -> Value {
    part(token, 1)
}

#[test]
fn bits_are_read_as_others_write_them() {
    let example = Bits::decode(EXAMPLE).unwrap();
    assert_eq!((example.places(), example.count()), (131_072, 0));
    assert_eq!(example, Bits::default());
    let bits = Bits::decode(ELSEWHERE).unwrap();
    let set: Vec<_> = (0..u64::from(PLACES)).filter(|place| bits.get(*place).unwrap()).collect();
    assert_eq!(set, [0, 7, 8, 94_567, 131_071]);
    assert_eq!(bits.get(131_072), None);
    assert_eq!(bits.get(u64::MAX), None);
}

#[test]
fn the_same_bits_are_written_the_same() {
    let mut bits = Bits::default();
    for place in [131_071, 8, 0, 94_567, 7] {
        assert!(bits.set(place));
    }
    assert!(!bits.set(131_072));
    assert_eq!(bits, Bits::decode(ELSEWHERE).unwrap());
    assert_eq!(bits.count(), 5);
    let written = bits.encode().unwrap();
    assert_eq!(Bits::decode(&written).unwrap(), bits);
    assert_eq!(written, bits.clone().encode().unwrap());
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(&written[1..]).unwrap();
    assert_eq!(bytes[..10], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255], "no time and no system stand in the header");
    assert!(Bits::default().encode().unwrap().len() < 120);
}

#[test]
fn what_is_no_list_of_bits_is_refused() {
    let whole = gzip(&[0; 16_384]);
    let mut altered = whole.clone();
    let last = altered.len() - 8;
    altered[last] ^= 1;
    let mut random = vec![0_u8; 1 << 20];
    let mut state = 1_u64;
    random.iter_mut().for_each(|byte| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        *byte = state.to_be_bytes()[0];
    });
    for (encoded, expected) in [
        (EXAMPLE[1..].to_owned(), BitsError::Text),
        (format!("z{}", &EXAMPLE[1..]), BitsError::Text),
        (format!("{EXAMPLE}="), BitsError::Text),
        (EXAMPLE.replace('-', "+"), BitsError::Text),
        (String::new(), BitsError::Text),
        (SHORT.to_owned(), BitsError::TooShort(100_000)),
        (text(&gzip(&[0; 16_383])), BitsError::TooShort(131_064)),
        (text(&gzip(&[])), BitsError::TooShort(0)),
        (text(&[&whole[..], b"x"].concat()), BitsError::Trailing),
        (text(&[&whole[..], &whole].concat()), BitsError::Trailing),
        (text(&gzip(&vec![0; INFLATED_LIMIT + 1])), BitsError::TooLong),
        (text(&gzip(&vec![0; 100_000_000])), BitsError::TooLong),
    ] {
        assert_eq!(Bits::decode(&encoded).unwrap_err(), expected, "{encoded:.80}");
    }
    for bytes in [
        Vec::new(),
        vec![0; 16_384],
        random,
        altered,
        GzBuilder::new().filename(vec![b'a'; 1 << 20]).write(Vec::new(), Compression::fast()).get_ref().clone(),
    ] {
        assert!(matches!(Bits::decode(&text(&bytes)), Err(BitsError::Gzip(_))), "{:?}", Bits::decode(&text(&bytes)));
    }
    for length in 0..whole.len() {
        assert!(matches!(Bits::decode(&text(&whole[..length])), Err(BitsError::Gzip(_))), "truncated to {length}");
    }
    assert_eq!(Bits::decode(&text(&gzip(&vec![0; INFLATED_LIMIT]))).unwrap().places(), 16_777_216);
}

#[test]
fn both_forms_tell_the_bits() {
    let scene = Scene::new();
    let Signed { document, jwt } = scene.signed();
    for bytes in [document.to_string(), format!("\u{feff}{document:#}\n"), jwt.clone(), format!("{jwt}\n")] {
        assert_eq!(scene.ask(&bytes, SET), Ok(true));
        assert_eq!(scene.ask(&bytes, SET - 1), Ok(false));
        assert_eq!(scene.ask(&bytes, 0), Ok(false));
    }
    let forms = [(document.to_string(), Form::DataIntegrity), (jwt.clone(), Form::Jwt)];
    for (bytes, form) in forms {
        let list = List::read(bytes.as_bytes(), now()).unwrap();
        assert_eq!((list.url.as_str(), list.issuer, list.form), (URL, scene.did(), form));
        assert_eq!((list.valid_from, list.valid_until), (Some(now()), Some(now() + WEEK)));
        assert_eq!(list.bits, scene.list.bits);
    }
    assert_eq!(document, scene.signed().document, "made again, it is the same");
}

#[test]
fn the_forms_are_those_of_the_standards() {
    let scene = Scene::new();
    let Signed { mut document, jwt } = scene.signed();
    let proof = document.as_object_mut().unwrap().remove("proof").unwrap();
    assert_eq!(
        (&proof[0]["cryptosuite"], &proof[0]["proofPurpose"]),
        (&"eddsa-rdfc-2022".into(), &"assertionMethod".into())
    );
    let expected = json!({
        "@context": [CREDENTIALS_V2],
        "id": URL,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": scene.did(),
        "validFrom": "2026-11-23T10:00:00Z",
        "validUntil": "2026-11-30T10:00:00Z",
        "credentialSubject": {
            "id": format!("{URL}#list"),
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": scene.list.bits.encode().unwrap(),
        },
    });
    assert_eq!(document, expected);
    let header = json!({"alg": "EdDSA", "cty": "vc", "kid": did::key_method(&scene.key.pubkey()), "typ": "vc+jwt"});
    assert_eq!(part(&jwt, 0), header);
    let mut claims = expected;
    claims["iss"] = scene.did().into();
    claims["exp"] = (now() + WEEK).as_second().into();
    assert_eq!(payload(&jwt), claims);
}

#[test]
fn a_list_full_of_random_bits_stays_small() {
    let mut scene = Scene::new();
    let mut state = 1_u64;
    for place in 0..u64::from(PLACES) {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        if state >> 63 == 1 {
            assert!(scene.list.bits.set(place));
        }
    }
    let Signed { document, jwt } = scene.signed();
    for bytes in [document.to_string(), jwt] {
        assert!(bytes.len() < json::SIZE_LIMIT / 4, "{}", bytes.len());
        assert_eq!(scene.ask(&bytes, SET), Ok(true));
    }
}

#[test]
fn a_list_that_is_not_the_documents_tells_nothing() {
    let scene = Scene::new();
    let Signed { document, jwt } = scene.signed();
    let (issuer, other) = (scene.did(), did::did_key(&Keypair::new().pubkey()));
    let right = EntryWanted { url: URL, index: SET, purpose: "revocation", issuer: &issuer };
    for bytes in [document.to_string(), jwt] {
        let ask = |wanted: EntryWanted<'_>| check(bytes.as_bytes(), &wanted, now());
        assert_eq!(ask(right), Ok(true));
        let url = "https://university.example/credentials/status/00";
        assert!(matches!(ask(EntryWanted { url, ..right }), Err(StatusError::OtherUrl { .. })));
        assert!(matches!(ask(EntryWanted { issuer: &other, ..right }), Err(StatusError::OtherIssuer { .. })));
        let suspension = EntryWanted { purpose: "suspension", ..right };
        assert!(matches!(ask(suspension), Err(StatusError::OtherPurpose { .. })));
        for index in [u64::from(PLACES), u64::MAX] {
            let outside = StatusError::Outside { place: index, places: 131_072 };
            assert_eq!(ask(EntryWanted { index, ..right }), Err(outside));
        }
    }
}

#[test]
fn a_list_is_valid_in_its_time() {
    let scene = Scene::new();
    let Signed { document, jwt } = scene.signed();
    let second = SignedDuration::from_secs(1);
    let end = now() + WEEK;
    for bytes in [document.to_string(), jwt.clone()] {
        assert_eq!(scene.ask_at(&bytes, SET, end - second), Ok(true));
        assert_eq!(scene.ask_at(&bytes, SET, now() - second), Err(StatusError::NotYetValid(now())));
        assert_eq!(scene.ask_at(&bytes, SET, end + second), Err(StatusError::Expired(end)));
    }
    // The token's own claims count too, and only they can be earlier than the credential's.
    let claim = |name: &str, time: Timestamp| {
        let mut payload = payload(&jwt);
        payload[name] = time.as_second().into();
        scene.ask(scene.token(&scene.header(), &payload), SET)
    };
    assert_eq!(claim("exp", now()), Err(StatusError::Expired(now())));
    assert_eq!(claim("exp", now() + second), Ok(true));
    assert_eq!(claim("nbf", now() + second), Err(StatusError::NotYetValid(now() + second)));
    // So does the end of a proof.
    let mut document = scene.resigned(|_| {});
    document.as_object_mut().unwrap().remove("proof");
    scene.sign(&mut document, &Options { expires: Some(now()), ..Options::assertion(now() - WEEK) });
    assert_eq!(scene.ask(document.to_string(), SET), Err(StatusError::Expired(now())));
}

#[test]
fn what_was_changed_after_signing_is_refused() {
    let scene = Scene::new();
    let Signed { document, jwt } = scene.signed();
    let cleared = Bits::default().encode().unwrap();
    for (pointer, value) in [
        ("/credentialSubject/encodedList", cleared.clone().into()),
        ("/credentialSubject/statusPurpose", "suspension".into()),
        ("/validUntil", "2036-11-30T10:00:00Z".into()),
        ("/validFrom", "2025-11-30T10:00:00Z".into()),
        ("/id", "https://university.example/credentials/status/1".into()),
        ("/proof/0/created", "2026-11-24T10:00:00Z".into()),
    ] {
        let mut changed = document.clone();
        *changed.pointer_mut(pointer).unwrap() = value;
        assert_eq!(scene.ask(changed.to_string(), SET), Err(ProofError::Wrong(1).into()), "{pointer}");
    }
    let mut without_end = document.clone();
    without_end.as_object_mut().unwrap().remove("validUntil");
    assert_eq!(scene.ask(without_end.to_string(), SET), Err(ProofError::Wrong(1).into()));
    let mut unproven = document.clone();
    unproven.as_object_mut().unwrap().remove("proof");
    assert_eq!(scene.ask(unproven.to_string(), SET), Err(ProofError::None.into()));

    let parts: Vec<_> = jwt.split('.').collect();
    let mut claims = payload(&jwt);
    claims["credentialSubject"]["encodedList"] = cleared.into();
    let claims = BASE64_URL_SAFE_NO_PAD.encode(claims.to_string());
    for changed in [
        format!("{}.{claims}.{}", parts[0], parts[2]),
        format!("{}.{}.{}", parts[0], parts[1], BASE64_URL_SAFE_NO_PAD.encode([0; 64])),
    ] {
        assert_eq!(scene.ask(changed, SET), Err(JwtError::Signature.into()));
    }
}

#[test]
fn nobody_else_can_make_the_issuers_list() {
    let scene = Scene::new();
    let attacker = Keypair::new();
    let forged = Unsigned { bits: Bits::default(), ..scene.list.clone() };
    let Signed { document, jwt } = forged.sign(&attacker).unwrap();
    let (issuer, other) = (scene.did(), did::did_key(&attacker.pubkey()));
    let theirs = StatusError::OtherIssuer { wanted: issuer.clone(), found: other.clone() };
    assert_eq!(scene.ask(document.to_string(), SET), Err(theirs.clone()));
    assert_eq!(scene.ask(&jwt, SET), Err(theirs));

    // Under the issuer's name, signed by the attacker.
    let not_signed = StatusError::Signer { issuer: issuer.clone(), signer: other };
    let mut named = document;
    named["issuer"] = issuer.clone().into();
    named.as_object_mut().unwrap().remove("proof");
    proof::sign(&mut named, Cryptosuite::EddsaRdfc2022, &Options::assertion(now()), &attacker).unwrap();
    assert_eq!(scene.ask(named.to_string(), SET), Err(not_signed.clone()));
    named["issuer"] = json!({"id": issuer});
    assert!(scene.ask(named.to_string(), SET).is_err());
    let header = json!({"alg": "EdDSA", "typ": "vc+jwt", "kid": did::key_method(&attacker.pubkey())});
    for pointer in ["/issuer", "/iss"] {
        let mut claims = payload(&jwt);
        *claims.pointer_mut(pointer).unwrap() = issuer.clone().into();
        assert_eq!(scene.ask(token(&attacker, &header, &claims), SET), Err(not_signed.clone()), "{pointer}");
    }
    // With the issuer's key in the header, and the attacker's signature.
    assert_eq!(scene.ask(token(&attacker, &scene.header(), &payload(&jwt)), SET), Err(JwtError::Signature.into()));
    // A proof that was made to show who one is.
    let mut document = scene.resigned(|_| {});
    document.as_object_mut().unwrap().remove("proof");
    scene.sign(&mut document, &Options { purpose: Purpose::Authentication, ..Options::assertion(now()) });
    assert!(matches!(scene.ask(document.to_string(), SET), Err(StatusError::Signer { .. })));
}

#[test]
fn an_issuers_other_statements_are_no_lists() {
    let scene = Scene::new();
    for (pointer, value) in [
        ("/type", json!(["VerifiableCredential"])),
        ("/type", json!("BitstringStatusListCredential")),
        ("/type", json!(["VerifiableCredential", "StatusList2021Credential"])),
        ("/@context", json!(["https://www.w3.org/2018/credentials/v1"])),
        ("/credentialSubject/type", json!("BitstringStatusListEntry")),
        ("/credentialSubject/type", json!(["BitstringStatusList"])),
        ("/credentialSubject", json!([])),
        ("/credentialSubject", json!({"type": "BitstringStatusList", "statusPurpose": "revocation"})),
        ("/validUntil", json!("soon")),
        ("/issuer", json!({"name": "University"})),
    ] {
        let mut payload = payload(&scene.signed().jwt);
        *payload.pointer_mut(pointer).unwrap() = value.clone();
        let error = scene.ask(scene.token(&scene.header(), &payload), SET).unwrap_err();
        assert!(matches!(error, StatusError::Kind(_)), "{pointer} {value}: {error}");
        let mut document = scene.signed().document;
        *document.pointer_mut(pointer).unwrap() = value.clone();
        let error = scene.ask(document.to_string(), SET).unwrap_err();
        assert!(matches!(error, StatusError::Kind(_)), "{pointer} {value}: {error}");
    }
    let none = scene.refused(|document| drop(document.as_object_mut().unwrap().remove("id")));
    assert!(matches!(none, StatusError::Kind(_)), "{none}");
    let purpose =
        |document: &mut Value| document["credentialSubject"]["statusPurpose"] = json!(["refresh", "suspension"]);
    assert!(matches!(scene.refused(purpose), StatusError::OtherPurpose { .. }));
    let short = |document: &mut Value| document["credentialSubject"]["encodedList"] = SHORT.into();
    assert_eq!(scene.refused(short), BitsError::TooShort(100_000).into());
    let bomb = text(&gzip(&vec![0; 100_000_000]));
    assert!(bomb.len() < json::SIZE_LIMIT);
    let bombed = |document: &mut Value| document["credentialSubject"]["encodedList"] = bomb.clone().into();
    assert_eq!(scene.refused(bombed), BitsError::TooLong.into());
    let sized = |document: &mut Value| document["credentialSubject"]["statusSize"] = json!(2);
    assert!(matches!(scene.refused(sized), StatusError::Kind(_)));
}

#[test]
fn several_purposes_a_name_and_other_known_contexts_are_taken() {
    let scene = Scene::new();
    let document = scene.resigned(|document| {
        document["credentialSubject"]["statusPurpose"] = json!(["suspension", "revocation"]);
        document["credentialSubject"]["ttl"] = json!(300_000);
        document["name"] = "Status".into();
        document["issuer"] = json!({"id": document["issuer"], "name": "University"});
        document["@context"] = json!([CREDENTIALS_V2, OPEN_BADGES]);
        document.as_object_mut().unwrap().remove("validUntil");
    });
    assert_eq!(scene.ask_at(document.to_string(), SET, now() + 100 * WEEK), Ok(true));
    let mut payload = payload(&scene.signed().jwt);
    for name in ["iss", "exp"] {
        payload.as_object_mut().unwrap().remove(name);
    }
    payload["jti"] = "1".into();
    let header = json!({"alg": "Ed25519", "typ": "application/vc+jwt", "kid": scene.header()["kid"], "x": 1});
    assert_eq!(scene.ask(scene.token(&header, &payload), SET), Ok(true));
}

#[test]
fn terms_that_nobody_signed_are_refused() {
    let scene = Scene::new();
    let document = scene.signed().document;
    // Undefined terms are dropped before hashing: the proof still fits.
    let mut added = document.clone();
    added["undefined"] = "x".into();
    assert!(proof::verify(&added).is_ok());
    assert!(matches!(scene.ask(added.to_string(), SET), Err(StatusError::Kind(_))));
    let mut added = document.clone();
    added["credentialSubject"]["statusSize"] = json!(2);
    assert!(proof::verify(&added).is_ok());
    assert!(matches!(scene.ask(added.to_string(), SET), Err(StatusError::Kind(_))));

    let text = document.to_string();
    let twice = text.replacen('{', r#"{"validUntil":"2036-11-30T10:00:00Z","#, 1);
    assert_eq!(scene.ask(twice, SET), Err(JsonError::DuplicateKey("validUntil".into()).into()));
    let respelled = text.replacen(r#""validUntil""#, r#""https://www.w3.org/2018/credentials#validUntil""#, 1);
    assert!(matches!(scene.ask(respelled, SET), Err(StatusError::Json(JsonError::Key(_)))));
}

#[test]
fn tokens_of_other_kinds_are_refused() {
    let scene = Scene::new();
    let claims = payload(&scene.signed().jwt);
    for (name, value) in [
        ("alg", json!("none")),
        ("alg", json!("HS256")),
        ("alg", json!(null)),
        ("typ", json!("JWT")),
        ("typ", json!("vp+jwt")),
        ("crit", json!(["exp"])),
        ("b64", json!(false)),
    ] {
        let mut header = scene.header();
        header[name] = value.clone();
        if name == "b64" {
            header["crit"] = json!(["b64"]);
        }
        let error = scene.ask(scene.token(&header, &claims), SET).unwrap_err();
        assert!(matches!(error, StatusError::Jwt(JwtError::Header(_))), "{name} {value}: {error}");
    }
    for kid in
        [scene.did(), "key-1".into(), "https://university.example/keys/1".into(), format!("{}#key-1", scene.did())]
    {
        let mut header = scene.header();
        header["kid"] = kid.clone().into();
        let error = scene.ask(scene.token(&header, &claims), SET).unwrap_err();
        assert!(matches!(error, StatusError::Jwt(JwtError::Key(_))), "{kid}: {error}");
    }
    let unsigned = json!({"alg": "none", "typ": "vc+jwt", "kid": scene.header()["kid"]});
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    assert!(scene.ask(format!("{}.{}.", part(&unsigned), part(&claims)), SET).is_err());
    for older in ["vc", "vp"] {
        let mut claims = claims.clone();
        claims[older] = claims.clone();
        assert!(matches!(scene.ask(scene.token(&scene.header(), &claims), SET), Err(StatusError::Kind(_))));
    }
    let jwt = scene.signed().jwt;
    for token in ["a", "a.b", "a.b.c", "..", &format!("{jwt}.x"), &format!("{jwt}=="), &jwt.replace('.', ". ")] {
        assert!(scene.ask(token, SET).is_err(), "{token:.60}");
    }
    let twice = br#"{"alg":"none","alg":"EdDSA","typ":"vc+jwt","kid":"x"}"#;
    let doubled = format!("{}.{}", BASE64_URL_SAFE_NO_PAD.encode(twice), jwt.split_once('.').unwrap().1);
    assert!(matches!(scene.ask(doubled, SET), Err(StatusError::Jwt(JwtError::Json("header", _)))));
}

#[test]
fn cut_off_empty_and_giant_files_tell_nothing() {
    let scene = Scene::new();
    let Signed { document, jwt } = scene.signed();
    let text = document.to_string();
    for whole in [text.as_bytes(), jwt.as_bytes()] {
        for length in (0..whole.len()).step_by(7).chain([whole.len() - 1]) {
            assert!(scene.ask(&whole[..length], SET).is_err(), "cut to {length}");
        }
    }
    for bytes in [&b""[..], b" ", b"[]", b"null", b"{}", b"<html>", b"404", b"\xff\xfe", b"a\xff.b.c"] {
        assert!(scene.ask(bytes, SET).is_err(), "{bytes:?}");
    }
    assert_eq!(scene.ask(vec![b' '; SIZE_LIMIT + 1], SET), Err(StatusError::TooBig(SIZE_LIMIT + 1)));
    assert!(matches!(scene.ask(vec![b'['; SIZE_LIMIT / 4], SET), Err(StatusError::Json(JsonError::TooDeep))));
    let mut claims = payload(&jwt);
    claims["description"] = "x".repeat(json::SIZE_LIMIT).into();
    let giant = scene.token(&scene.header(), &claims);
    assert!(matches!(scene.ask(giant, SET), Err(StatusError::TooBig(_))));
}

#[test]
fn a_list_ends_at_the_first_moment_at_which_it_is_valid_no_more() {
    let scene = Scene::new();
    let Signed { document, jwt } = scene.signed();
    let end = now() + WEEK;
    for bytes in [document.to_string(), jwt] {
        assert_eq!(scene.ask_at(&bytes, SET, end - SignedDuration::from_secs(1)), Ok(true));
        assert_eq!(scene.ask_at(&bytes, SET, end), Err(StatusError::Expired(end)));
    }
}
