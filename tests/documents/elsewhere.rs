//! Documents of other issuers, which name no accounts: their status lists, and issuers that are known by a web site.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;
use microcred_client::{
    Address,
    document::{
        Document,
        checking::{Check, Kind, Verdict},
        did,
        did_document::DidDocuments,
        proof::{Cryptosuite, Options, sign},
        status_list::{Bits, Unsigned},
    },
    fetching::{Fetch, FetchError},
    verification::document::{Asked, DocumentReceipt, Elsewhere, check, verify_elsewhere},
};
use serde_json::{Value, json};
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::samples;

const LIST: &str = "https://college.example/status/0";
const WEB: &str = "did:web:college.example";
const WEB_ADDRESS: &str = "https://college.example/.well-known/did.json";

/// A Web of a few files, which notes what it was asked for.
#[derive(Clone, Default)]
struct Web {
    files: BTreeMap<String, Vec<u8>>,
    asked: Arc<Mutex<Vec<String>>>,
}

#[async_trait]
impl Fetch for Web {
    async fn fetch(&self, url: &str) -> Result<Vec<u8>, FetchError> {
        self.asked.lock().unwrap().push(url.into());
        let missing = || FetchError::Status { host: "college.example".into(), status: 404 };
        self.files.get(url).cloned().ok_or_else(missing)
    }
}

impl Web {
    fn with(mut self, url: &str, file: impl Into<Vec<u8>>) -> Self {
        self.files.insert(url.into(), file.into());
        self
    }

    async fn verify(&self, document: &Value) -> DocumentReceipt {
        verify(document, &DidDocuments::none(), &[], Some(self)).await
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

async fn verify(
    document: &Value,
    did_documents: &DidDocuments,
    status_lists: &[Vec<u8>],
    web: Option<&Web>,
) -> DocumentReceipt {
    let fetch = web.map(|web| web as &dyn Fetch);
    let elsewhere = Elsewhere { now: now(), accept: true, did_documents, status_lists, fetch };
    let report = check(Document::new(document.clone()), &elsewhere).await;
    verify_elsewhere(report, &Asked::default(), &elsewhere).await
}

fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

fn with_status(issuer: &str, purpose: &str) -> Value {
    let mut document = samples::minimal();
    document["issuer"] = json!(issuer);
    document["credentialStatus"] = json!({
        "id": format!("{LIST}#94567"),
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": "94567",
        "statusListCredential": LIST,
    });
    document
}

fn signed(mut document: Value, signer: &Keypair) -> Value {
    sign(&mut document, Cryptosuite::EddsaRdfc2022, &Options::assertion(at("2026-11-23T00:00:00Z")), signer).unwrap();
    document
}

fn issued(issuer: &Keypair) -> Value {
    signed(with_status(&did::did_key(&issuer.pubkey()), "revocation"), issuer)
}

/// The published list, in both forms.
fn list(issuer: &Keypair, set: &[u64], valid_until: &str) -> [Vec<u8>; 2] {
    let mut bits = Bits::default();
    for place in set {
        assert!(bits.set(*place));
    }
    let unsigned = Unsigned {
        url: LIST.into(),
        signed: at("2026-11-20T00:00:00Z"),
        valid_from: at("2026-11-20T00:00:00Z"),
        valid_until: at(valid_until),
        bits,
    };
    let signed = unsigned.sign(issuer).unwrap();
    [signed.document.to_string().into_bytes(), signed.jwt.into_bytes()]
}

const LASTING: &str = "2026-12-01T00:00:00Z";

fn found(receipt: &DocumentReceipt) -> Vec<Kind> {
    let told = [Kind::NobodyProved, Kind::NothingOnChain];
    receipt.report.findings.iter().map(|finding| finding.kind).filter(|kind| !told.contains(kind)).collect()
}

#[track_caller]
fn assert_found(receipt: &DocumentReceipt, verdict: Verdict, kinds: &[Kind], exit_code: u8) {
    assert_eq!((receipt.verdict, found(receipt).as_slice()), (verdict, kinds), "{receipt:#?}");
    assert_eq!(receipt.exit_code, exit_code);
}

#[tokio::test]
async fn a_published_list_tells_whether_it_is_revoked() {
    let issuer = Keypair::new();
    let document = issued(&issuer);
    for form in 0..2 {
        let file = |set: &[u64]| list(&issuer, set, LASTING)[form].clone();
        let web = Web::default().with(LIST, file(&[94_566, 94_568]));
        assert_found(&web.verify(&document).await, Verdict::StandardChecksPassed, &[], 0);
        assert_eq!(web.asked(), [LIST]);
        let web = Web::default().with(LIST, file(&[94_567]));
        assert_found(&web.verify(&document).await, Verdict::Revoked, &[Kind::ListedRevoked], 2);
        // The one that was given is asked instead.
        let given = [file(&[94_567])];
        let receipt = verify(&document, &DidDocuments::none(), &given, None).await;
        assert_found(&receipt, Verdict::Revoked, &[Kind::ListedRevoked], 2);
    }
}

#[tokio::test]
async fn a_list_that_cannot_be_relied_on_is_neither_passed_nor_revoked() {
    let (issuer, mallory) = (Keypair::new(), Keypair::new());
    let document = issued(&issuer);
    let [good, _] = list(&issuer, &[], LASTING);
    let other = String::from_utf8(good.clone()).unwrap().replace(LIST, "https://college.example/status/1");
    for file in [
        list(&issuer, &[94_567], "2026-11-21T00:00:00Z")[0].clone(),
        list(&mallory, &[94_567], LASTING)[0].clone(),
        list(&mallory, &[], LASTING)[1].clone(),
        good[..good.len() / 2].to_vec(),
        other.into_bytes(),
        b"<html>".to_vec(),
        Vec::new(),
    ] {
        let receipt = Web::default().with(LIST, file.clone()).verify(&document).await;
        assert_found(&receipt, Verdict::CouldNotCheck, &[Kind::StatusNotKnown], 5);
        assert!(receipt.problem().is_some());
        let receipt = verify(&document, &DidDocuments::none(), &[file], None).await;
        assert_found(&receipt, Verdict::CouldNotCheck, &[Kind::StatusNotKnown], 5);
    }
    assert_found(&Web::default().verify(&document).await, Verdict::CouldNotCheck, &[Kind::StatusNotKnown], 5);
    let offline = verify(&document, &DidDocuments::none(), &[], None).await;
    assert_found(&offline, Verdict::CouldNotCheck, &[Kind::StatusNotKnown], 5);
    // A list of revocations says nothing about suspension, and of a status of an unknown kind nobody knows anything.
    let suspension = signed(with_status(&did::did_key(&issuer.pubkey()), "suspension"), &issuer);
    let receipt = Web::default().with(LIST, good.clone()).verify(&suspension).await;
    assert_found(&receipt, Verdict::CouldNotCheck, &[Kind::StatusNotKnown], 5);
    let unknown = signed(with_status(&did::did_key(&issuer.pubkey()), "refresh"), &issuer);
    let receipt = Web::default().with(LIST, good).verify(&unknown).await;
    assert_found(&receipt, Verdict::CouldNotCheck, &[Kind::StatusNotKnown], 5);
}

#[tokio::test]
async fn a_list_of_suspensions_suspends() {
    let issuer = Keypair::new();
    let mut list: Value = serde_json::from_slice(&list(&issuer, &[94_567], LASTING)[0]).unwrap();
    list.as_object_mut().unwrap().remove("proof");
    list["credentialSubject"]["statusPurpose"] = json!("suspension");
    let web = Web::default().with(LIST, signed(list, &issuer).to_string());
    let document = signed(with_status(&did::did_key(&issuer.pubkey()), "suspension"), &issuer);
    assert_found(&web.verify(&document).await, Verdict::Suspended, &[Kind::ListedSuspended], 3);
}

#[tokio::test]
async fn nothing_is_fetched_for_what_its_issuer_did_not_sign() {
    let issuer = Keypair::new();
    let mut document = issued(&issuer);
    document["credentialStatus"]["statusListCredential"] = json!("https://169.254.169.254/latest");
    let web = Web::default();
    assert_found(&web.verify(&document).await, Verdict::NotProven, &[Kind::BadProof], 2);
    assert_eq!(web.asked(), [""; 0]);
}

fn did_document(key: &Address) -> Value {
    let method = format!("{WEB}#key-0");
    json!({
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": WEB,
        "verificationMethod": [
            {"id": method, "type": "Multikey", "controller": WEB, "publicKeyMultibase": did::multikey(key)}
        ],
        "assertionMethod": [method],
    })
}

fn of_site() -> Value {
    let mut document = samples::minimal();
    document["issuer"] = json!(WEB);
    document
}

/// A proof by the key `#key-0` of the web site.
fn signed_by_site(mut document: Value, signer: &Keypair) -> Value {
    let mut proof = json!({
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": "2026-11-23T00:00:00Z",
        "verificationMethod": format!("{WEB}#key-0"),
        "proofPurpose": "assertionMethod",
    });
    let digest = microcred_client::document::json::digest::<Value>;
    let signature = signer.sign_message(&[digest(&proof), digest(&document)].concat());
    proof["proofValue"] = format!("z{signature}").into();
    document["proof"] = json!([proof]);
    document
}

#[tokio::test]
async fn an_issuer_that_is_known_by_its_web_site_has_the_keys_that_stand_there() {
    let (issuer, mallory) = (Keypair::new(), Keypair::new());
    let document = signed_by_site(of_site(), &issuer);
    let file = did_document(&issuer.pubkey()).to_string();
    let web = Web::default().with(WEB_ADDRESS, file.clone());
    assert_found(&web.verify(&document).await, Verdict::StandardChecksPassed, &[Kind::NoStatus], 0);
    assert_eq!(web.asked(), [WEB_ADDRESS]);
    let mut given = DidDocuments::none();
    given.add(file.as_bytes()).unwrap();
    let receipt = verify(&document, &given, &[], None).await;
    assert_found(&receipt, Verdict::StandardChecksPassed, &[Kind::NoStatus], 0);
    assert!(receipt.report.passed.contains(&Check::Proof));

    let others = Web::default().with(WEB_ADDRESS, did_document(&mallory.pubkey()).to_string());
    assert_found(&others.verify(&document).await, Verdict::NotProven, &[Kind::BadProof], 2);
    for web in [Web::default(), Web::default().with(WEB_ADDRESS, "<html>"), Web::default().with(WEB_ADDRESS, "{}")] {
        assert_found(&web.verify(&document).await, Verdict::CouldNotCheck, &[Kind::KeyNotKnown], 5);
    }
    // A key of somebody who says that they are the site.
    let mut forged = samples::minimal();
    forged["issuer"] = json!(WEB);
    let forged = signed(forged, &mallory);
    let web = Web::default().with(WEB_ADDRESS, did_document(&issuer.pubkey()).to_string());
    assert_found(&web.verify(&forged).await, Verdict::NotProven, &[Kind::NotSignedByIssuer], 2);
}

#[tokio::test]
async fn an_issuer_that_is_known_by_its_web_site_publishes_its_lists_under_that_name() {
    let (issuer, mallory) = (Keypair::new(), Keypair::new());
    let document = signed_by_site(with_status(WEB, "revocation"), &issuer);
    let lists = |signer: &Keypair, set: &[u64]| {
        let mut unsigned: Value = serde_json::from_slice(&list(signer, set, LASTING)[0]).unwrap();
        unsigned.as_object_mut().unwrap().remove("proof");
        unsigned["issuer"] = json!(WEB);
        let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let header = json!({"alg": "EdDSA", "typ": "vc+jwt", "kid": format!("{WEB}#key-0")});
        let token = format!("{}.{}", part(&header), part(&unsigned));
        let signature = BASE64_URL_SAFE_NO_PAD.encode(signer.sign_message(token.as_bytes()));
        [signed_by_site(unsigned, signer).to_string(), format!("{token}.{signature}")]
    };
    let file = did_document(&issuer.pubkey()).to_string();
    let site = Web::default().with(WEB_ADDRESS, file.clone());
    for form in 0..2 {
        let web = site.clone().with(LIST, lists(&issuer, &[94_566])[form].clone());
        assert_found(&web.verify(&document).await, Verdict::StandardChecksPassed, &[], 0);
        let web = site.clone().with(LIST, lists(&issuer, &[94_567])[form].clone());
        assert_found(&web.verify(&document).await, Verdict::Revoked, &[Kind::ListedRevoked], 2);
        let web = site.clone().with(LIST, lists(&mallory, &[])[form].clone());
        assert_found(&web.verify(&document).await, Verdict::CouldNotCheck, &[Kind::StatusNotKnown], 5);
        // Everything given, nothing fetched.
        let mut given = DidDocuments::none();
        given.add(file.as_bytes()).unwrap();
        let list = lists(&issuer, &[])[form].clone().into_bytes();
        let receipt = verify(&document, &given, &[list], None).await;
        assert_found(&receipt, Verdict::StandardChecksPassed, &[], 0);
    }
}

#[tokio::test]
async fn a_list_of_no_use_does_not_stand_before_the_right_one() {
    let (issuer, mallory) = (Keypair::new(), Keypair::new());
    let document = issued(&issuer);
    let [right, token] = list(&issuer, &[94_567], LASTING);
    for bad in [b"<html>".to_vec(), list(&mallory, &[], LASTING)[0].clone(), Vec::new()] {
        let receipt = verify(&document, &DidDocuments::none(), &[bad.clone(), right.clone()], None).await;
        assert_found(&receipt, Verdict::Revoked, &[Kind::ListedRevoked], 2);
        let web = Web::default().with(LIST, token.clone());
        let receipt = verify(&document, &DidDocuments::none(), std::slice::from_ref(&bad), Some(&web)).await;
        assert_found(&receipt, Verdict::Revoked, &[Kind::ListedRevoked], 2);
        assert_eq!(web.asked(), [LIST]);
        let receipt = verify(&document, &DidDocuments::none(), &[bad], Some(&Web::default())).await;
        assert_found(&receipt, Verdict::CouldNotCheck, &[Kind::StatusNotKnown], 5);
        let problem = receipt.problem().unwrap();
        assert!(problem.contains("404") && problem.contains("of the list given"), "{problem}");
    }
}

#[tokio::test]
async fn what_is_not_understood_here_is_neither_bad_nor_passed() {
    let issuer = Keypair::new();
    let ask = async |document: &Value| verify(document, &DidDocuments::none(), &[], None).await;
    let did = did::did_key(&issuer.pubkey());
    for (name, value, says) in [
        ("endorsement", json!([{"id": "urn:uuid:1"}]), "/endorsement"),
        ("termsOfUse", json!([{"type": "Policy"}]), "/termsOfUse"),
        ("refreshService", json!({"id": "https://a.example", "type": "1EdTechCredentialRefresh"}), "/refreshService"),
    ] {
        let mut document = samples::minimal();
        document["issuer"] = json!(did);
        document[name] = value;
        // Over JSON, as what its words mean says nothing about who signed.
        let options = Options::assertion(at("2026-11-23T00:00:00Z"));
        sign(&mut document, Cryptosuite::EddsaJcs2022, &options, &issuer).unwrap();
        let receipt = ask(&document).await;
        assert_found(&receipt, Verdict::CouldNotCheck, &[Kind::NotUnderstood, Kind::NoStatus], 5);
        assert!(receipt.problem().unwrap().contains(says));
        // What is bad stays bad.
        document["name"] = json!("Doctor");
        assert_eq!(ask(&document).await.verdict, Verdict::NotProven);
        document["name"] = json!(7);
        assert_eq!(ask(&document).await.verdict, Verdict::Malformed);
    }
    let mut document = samples::minimal();
    document["issuer"] = json!(did);
    let mut document = signed(document, &issuer);
    document["@context"].as_array_mut().unwrap().push(json!("https://college.example/terms.json"));
    document["term"] = json!("of the college");
    let receipt = ask(&document).await;
    assert_found(&receipt, Verdict::CouldNotCheck, &[Kind::NotUnderstood, Kind::UnknownProof], 5);
    assert!(receipt.problem().unwrap().contains("https://college.example/terms.json"));
    document["@context"] = json!(["https://college.example/terms.json"]);
    assert_eq!(ask(&document).await.exit_code, 2);
}
