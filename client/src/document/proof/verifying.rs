//! Checking proofs.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};
use solana_address::Address;
use solana_signature::Signature;

use super::{
    Cryptosuite, Purpose,
    hashing::{self, Unhashable},
};
use crate::document::{
    context::Contexts,
    did::{self, DidError},
    rdf::RdfError,
};

/// How many proofs a document has at most.
pub const LIMIT: usize = 4;

/// A proof that is good: the key signed this document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The key.
    pub key: Address,
    /// The verification method that names the key.
    pub method: String,
    /// How it was signed.
    pub suite: Cryptosuite,
    /// When, by the word of the signer.
    pub created: Option<Timestamp>,
    /// When the proof ends. Nothing is said of whether it has.
    pub expires: Option<Timestamp>,
    /// What it is for.
    pub purpose: Purpose,
    /// What a verifier asked to be signed.
    pub challenge: Option<String>,
    /// Whom it is for.
    pub domain: Option<String>,
}

impl Verified {
    /// Who controls the key: the verification method up to `#`.
    #[must_use]
    pub fn controller(&self) -> &str {
        self.method.split_once('#').map_or(self.method.as_str(), |(did, _)| did)
    }
}

/// Why a document is not proven.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// No proof.
    #[error("it has no proof: nobody signed it")]
    None,
    /// More than [`LIMIT`].
    #[error("it has {0} proofs; documents have at most {LIMIT}")]
    TooMany(usize),
    /// A proof that is not as the standard has it.
    #[error("proof {0} is not a Data Integrity proof as it should be: {1}")]
    Form(usize, String),
    /// No proof of a kind that is known.
    #[error(
        "it has no proof by a cryptosuite that is known (eddsa-rdfc-2022, eddsa-jcs-2022), but by {0:?}: nobody here can check it"
    )]
    Unknown(String),
    /// The key of a proof is not known.
    #[error("proof {0}: {1}")]
    Key(usize, KeyError),
    /// What was signed cannot be told.
    #[error("proof {0} cannot be checked: {1}")]
    Unhashable(usize, Unhashable),
    /// The signature is not by this key, or not of this document.
    #[error("proof {0} does not fit: the document was changed after it was signed, or another key signed it")]
    Wrong(usize),
}

impl ProofError {
    /// Whether the proof may be good all the same: its key could not be found out, or what it is over has words that are not known here.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Key(_, KeyError::Other(_)) | Self::Unhashable(_, Unhashable::Rdf(RdfError::Context(_))))
    }
}

/// Why a verification method gives no key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not the `did:key` of an Ed25519 key.
    #[error(transparent)]
    Did(#[from] DidError),
    /// Its DID document says otherwise, or there is none.
    #[error("{0}")]
    Other(String),
}

/// Finds the keys of verification methods.
pub trait Keys {
    /// The key that a verification method names for a purpose.
    ///
    /// # Errors
    /// It names none that is known.
    fn key(&self, method: &str, purpose: Purpose) -> Result<Address, KeyError>;
}

/// Keys that name themselves: `did:key`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DidKeys;

impl Keys for DidKeys {
    fn key(&self, method: &str, _: Purpose) -> Result<Address, KeyError> {
        Ok(did::parse_key_method(method)?)
    }
}

/// [`verify_with`] keys that name themselves.
///
/// # Errors
/// As [`verify_with`].
pub fn verify(document: &Value) -> Result<Vec<Verified>, ProofError> {
    verify_with(document, &DidKeys)
}

/// Checks all proofs of a document: every one by a cryptosuite that is known must be good, and there must be one. Whose keys they ought to
/// be, when, and what for, is for the caller to compare.
///
/// # Errors
/// There is none, or one is not good. Of several, a proof that is wrong counts before one whose key is not known: anybody can add that.
pub fn verify_with(document: &Value, keys: &dyn Keys) -> Result<Vec<Verified>, ProofError> {
    verify_in(document, keys, Contexts::standard())
}

fn verify_in(document: &Value, keys: &dyn Keys, contexts: &Contexts) -> Result<Vec<Verified>, ProofError> {
    let document = document.as_object().ok_or(ProofError::None)?;
    let proofs = match document.get("proof") {
        Some(Value::Array(proofs)) => proofs.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    if proofs.len() > LIMIT {
        return Err(ProofError::TooMany(proofs.len()));
    }
    let (mut verified, mut unknown, mut open) = (Vec::new(), None, None);
    for (place, proof) in (1..).zip(proofs) {
        match one(document, place, proof, keys, contexts) {
            Ok(Checked::Good(proof)) => verified.push(proof),
            Ok(Checked::Unknown(suite)) => unknown = Some(suite),
            Err(error) if error.is_open() => open = open.or(Some(error)),
            Err(error) => return Err(error),
        }
    }
    if let Some(open) = open {
        return Err(open);
    }
    match (verified.is_empty(), unknown) {
        (false, _) => Ok(verified),
        (true, Some(suite)) => Err(ProofError::Unknown(suite)),
        (true, None) => Err(ProofError::None),
    }
}

enum Checked {
    Good(Verified),
    Unknown(String),
}

/// A proof by a suite that is known. What is not named here is not known to be signed the same everywhere.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[allow(dead_code, reason = "what may stand in a proof, though nothing is asked of it")]
struct Form {
    #[serde(rename = "@context")]
    context: Option<Value>,
    id: Option<String>,
    r#type: Type,
    cryptosuite: String,
    created: Option<Timestamp>,
    expires: Option<Timestamp>,
    verification_method: String,
    proof_purpose: Purpose,
    challenge: Option<String>,
    domain: Option<String>,
    nonce: Option<String>,
    proof_value: String,
}

#[derive(Deserialize)]
enum Type {
    DataIntegrityProof,
}

fn one(
    document: &Map<String, Value>,
    place: usize,
    proof: &Value,
    keys: &dyn Keys,
    contexts: &Contexts,
) -> Result<Checked, ProofError> {
    let word = |name| proof.get(name).and_then(Value::as_str).unwrap_or_default();
    let Some(suite) = Cryptosuite::of(word("cryptosuite")) else {
        let name = [word("cryptosuite"), word("type")].into_iter().find(|name| !name.is_empty()).unwrap_or("nothing");
        return Ok(Checked::Unknown(name.chars().take(60).collect()));
    };
    let Some(proof) = proof.as_object() else { return Err(ProofError::Form(place, "it is no object".into())) };
    let form = Form::deserialize(proof).map_err(|error| ProofError::Form(place, error.to_string()))?;
    // Serde takes `{"WORD": null}` for a word too.
    if ["type", "proofPurpose"].iter().any(|name| !proof.get(*name).is_some_and(Value::is_string)) {
        return Err(ProofError::Form(place, "its type and proofPurpose must be words".into()));
    }
    let key = keys.key(&form.verification_method, form.proof_purpose).map_err(|error| ProofError::Key(place, error))?;
    let signature = signature(&form.proof_value)
        .ok_or_else(|| ProofError::Form(place, "proofValue is no signature in base58 (`z...`)".into()))?;
    let hash = hashing::hash(document, proof, suite, contexts).map_err(|error| ProofError::Unhashable(place, error))?;
    if !signature.verify(key.as_ref(), &hash) {
        return Err(ProofError::Wrong(place));
    }
    Ok(Checked::Good(Verified {
        key,
        method: form.verification_method,
        suite,
        created: form.created,
        expires: form.expires,
        purpose: form.proof_purpose,
        challenge: form.challenge,
        domain: form.domain,
    }))
}

/// The 64 bytes of a proof's value.
fn signature(text: &str) -> Option<Signature> {
    // Base58 of 64 bytes has 88 characters at most; decoding takes quadratic time.
    let digits = text.strip_prefix('z').filter(|digits| digits.len() <= 88)?;
    let bytes: [u8; 64] = bs58::decode(digits).into_vec().ok()?.try_into().ok()?;
    Some(Signature::from(bytes))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use solana_keypair::Keypair;
    use solana_signer::Signer;

    use super::*;
    use crate::document::{
        context::{CREDENTIALS_V2, OPEN_BADGES, OPEN_BADGES_EXTENSIONS},
        proof::{Options, sign},
    };

    const EXAMPLES: &str = r#"{"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}"#;

    /// The contexts of the official vectors.
    fn vectors() -> Contexts {
        Contexts::new(&[
            (CREDENTIALS_V2, include_str!("../contexts/credentials-v2.json")),
            ("https://www.w3.org/ns/credentials/examples/v2", EXAMPLES),
        ])
    }

    fn badge() -> Value {
        json!({
            "@context": [CREDENTIALS_V2, OPEN_BADGES, OPEN_BADGES_EXTENSIONS],
            "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
            "type": ["VerifiableCredential", "AchievementCredential"],
            "name": "Data ethics",
            "issuer": {"id": "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2", "type": ["Profile"]},
        })
    }

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_official_vectors_are_accepted_and_refused_when_changed() {
        for (suite, vector) in [
            (Cryptosuite::EddsaRdfc2022, include_str!("vectors/w3c-eddsa-rdfc-2022.json")),
            (Cryptosuite::EddsaJcs2022, include_str!("vectors/w3c-eddsa-jcs-2022.json")),
        ] {
            let document: Value = serde_json::from_str(vector).unwrap();
            let verified = verify_in(&document, &DidKeys, &vectors()).unwrap();
            assert_eq!((verified.len(), verified[0].suite), (1, suite));
            assert_eq!(verified[0].created, Some(time("2023-02-24T23:36:38Z")));
            assert_eq!(verified[0].controller(), "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2");
            for (pointer, value) in [
                ("/name", json!("Alumni Credentials")),
                ("/credentialSubject/alumniOf", json!("The School of Magic")),
                ("/proof/created", json!("2023-02-24T23:36:39Z")),
                ("/proof/proofPurpose", json!("authentication")),
            ] {
                let mut changed = document.clone();
                *changed.pointer_mut(pointer).unwrap() = value;
                assert_eq!(verify_in(&changed, &DidKeys, &vectors()), Err(ProofError::Wrong(1)), "{suite} {pointer}");
            }
        }
    }

    #[test]
    fn what_is_signed_is_verified_with_its_key_and_words() {
        let signer = Keypair::new();
        let mut document = badge();
        let created = time("2026-11-23T10:00:00.25Z");
        sign(&mut document, Cryptosuite::EddsaRdfc2022, &Options::assertion(created), &signer).unwrap();
        let presentation = Options {
            created,
            expires: Some(time("2026-11-23T10:10:00Z")),
            purpose: Purpose::Authentication,
            challenge: Some("1 2".into()),
            domain: Some("employer.example".into()),
        };
        sign(&mut document, Cryptosuite::EddsaJcs2022, &presentation, &signer).unwrap();
        let verified = verify(&document).unwrap();
        assert_eq!(
            verified.iter().map(|proof| proof.suite).collect::<Vec<_>>(),
            [Cryptosuite::EddsaRdfc2022, Cryptosuite::EddsaJcs2022]
        );
        assert!(verified.iter().all(|proof| proof.key == signer.pubkey()));
        assert_eq!(verified[0].created, Some(time("2026-11-23T10:00:00Z")));
        assert_eq!((verified[0].purpose, verified[0].challenge.as_deref()), (Purpose::AssertionMethod, None));
        assert_eq!(verified[1].challenge.as_deref(), Some("1 2"));
        assert_eq!(verified[1].domain.as_deref(), Some("employer.example"));
        assert_eq!(verified[1].expires, presentation.expires);

        for pointer in ["/proof/1/challenge", "/proof/1/domain", "/proof/0/created", "/proof/1/expires", "/name"] {
            let mut changed = document.clone();
            *changed.pointer_mut(pointer).unwrap() = json!("2026-11-23T10:00:01Z");
            assert!(matches!(verify(&changed), Err(ProofError::Wrong(_))), "{pointer}");
        }
        let mut stolen = document.clone();
        let other = Keypair::new().pubkey();
        stolen["proof"][0]["verificationMethod"] = json!(did::key_method(&other));
        assert_eq!(verify(&stolen), Err(ProofError::Wrong(1)));
    }

    #[test]
    fn a_wrong_proof_counts_before_one_whose_key_is_not_known() {
        struct Some;
        impl Keys for Some {
            fn key(&self, method: &str, purpose: Purpose) -> Result<Address, KeyError> {
                DidKeys.key(method, purpose).map_err(|_| KeyError::Other("not known".into()))
            }
        }
        let mut document = badge();
        sign(&mut document, Cryptosuite::EddsaRdfc2022, &Options::assertion(Timestamp::UNIX_EPOCH), &Keypair::new())
            .unwrap();
        let mut junk = document["proof"][0].clone();
        junk["verificationMethod"] = json!("did:web:a.example#k");
        let good = document["proof"][0].clone();
        for (proofs, place) in [([junk.clone(), good.clone()], 1), ([good, junk], 2)] {
            document["proof"] = proofs.to_vec().into();
            let error = verify_with(&document, &Some).unwrap_err();
            assert!(error == ProofError::Key(place, KeyError::Other("not known".into())) && error.is_open());
            let mut altered = document.clone();
            altered["name"] = json!("Doctor");
            let wrong = if place == 1 { 2 } else { 1 };
            assert_eq!(verify_with(&altered, &Some), Err(ProofError::Wrong(wrong)));
        }
    }

    #[test]
    fn proofs_that_cannot_be_checked_are_refused() {
        let mut signed = badge();
        sign(&mut signed, Cryptosuite::EddsaRdfc2022, &Options::assertion(Timestamp::UNIX_EPOCH), &Keypair::new())
            .unwrap();
        let changed = |change: &dyn Fn(&mut Value)| {
            let mut document = signed.clone();
            change(&mut document);
            verify(&document).unwrap_err()
        };
        assert_eq!(verify(&badge()), Err(ProofError::None));
        assert_eq!(changed(&|document| document["proof"] = json!([])), ProofError::None);
        assert_eq!(
            changed(&|document| document["proof"][0]["cryptosuite"] = json!("ecdsa-rdfc-2019")),
            ProofError::Unknown("ecdsa-rdfc-2019".into())
        );
        let proof = signed["proof"][0].clone();
        assert_eq!(
            changed(&|document| document["proof"] = vec![proof.clone(); LIMIT + 1].into()),
            ProofError::TooMany(LIMIT + 1)
        );
        for (name, value) in [
            ("previousProof", json!("urn:uuid:1")),
            ("type", json!("Ed25519Signature2020")),
            ("proofValue", json!("abc")),
            ("proofValue", json!("z".repeat(100_000))),
            ("proofValue", json!(["z"])),
            ("created", json!("yesterday")),
            ("domain", json!(["a.example", "b.example"])),
            ("proofPurpose", json!("capabilityInvocation")),
        ] {
            let error = changed(&|document| document["proof"][0][name] = value.clone());
            assert!(matches!(error, ProofError::Form(1, _)), "{name}: {error}");
        }
        let error = changed(&|document| document["proof"][0]["verificationMethod"] = json!("did:web:a.example#key"));
        assert!(matches!(error, ProofError::Key(1, _)), "{error}");
        let error = changed(&|document| document["@context"] = json!([OPEN_BADGES, CREDENTIALS_V2]));
        assert_eq!(error, ProofError::Unhashable(1, Unhashable::Context));
        let error = changed(&|document| document["proof"][0]["@context"] = json!(CREDENTIALS_V2));
        assert_eq!(error, ProofError::Unhashable(1, Unhashable::ProofContext));
        assert!(
            sign(
                &mut json!([]),
                Cryptosuite::EddsaJcs2022,
                &Options::assertion(Timestamp::UNIX_EPOCH),
                &Keypair::new()
            )
            .is_err()
        );
    }
}
