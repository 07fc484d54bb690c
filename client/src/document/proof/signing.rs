//! Making proofs.

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use solana_address::Address;
use solana_signature::Signature;
use solana_signer::{Signer, SignerError};

use super::{
    Cryptosuite, Purpose,
    hashing::{self, Unhashable},
};
use crate::document::{context::Contexts, did};

/// What a proof says beside its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// When it is made; written in whole seconds.
    pub created: Timestamp,
    /// When it ends; none: it does not.
    pub expires: Option<Timestamp>,
    /// What it is for.
    pub purpose: Purpose,
    /// What a verifier asked to be signed, so that the proof cannot be shown again.
    pub challenge: Option<String>,
    /// Whom the proof is for, so that it cannot be shown to others.
    pub domain: Option<String>,
}

impl Options {
    /// A proof of an issuer.
    #[must_use]
    pub const fn assertion(created: Timestamp) -> Self {
        Self { created, expires: None, purpose: Purpose::AssertionMethod, challenge: None, domain: None }
    }
}

/// Why there is no proof.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// Not a JSON object.
    #[error("only a JSON object can be signed")]
    NoObject,
    /// The document has no canonical form.
    #[error("the document cannot be signed: {0}")]
    Unhashable(#[from] Unhashable),
    /// The signer did not.
    #[error("the document was not signed: {0}")]
    Signer(#[from] SignerError),
}

/// Adds a proof to a document, after those that it has. The signer's public key is the verification method, as `did:key`.
///
/// # Errors
/// The document has no canonical form, or the signer refuses; the document is then as it was.
pub fn sign(document: &mut Value, suite: Cryptosuite, options: &Options, signer: &dyn Signer) -> Result<(), SignError> {
    let begun = Begun::new(document, suite, options, &signer.try_pubkey()?)?;
    let signature = signer.try_sign_message(begun.bytes())?;
    begun.end(document, &signature);
    Ok(())
}

/// A proof that lacks its signature: all the work on the document is done, which takes no signer and so can be done by several threads.
#[derive(Clone, Debug)]
pub struct Begun {
    proof: Map<String, Value>,
    bytes: [u8; 64],
}

impl Begun {
    /// Begins a proof by a key.
    ///
    /// # Errors
    /// [`SignError`]: the document has no canonical form.
    pub fn new(document: &Value, suite: Cryptosuite, options: &Options, key: &Address) -> Result<Self, SignError> {
        let document = document.as_object().ok_or(SignError::NoObject)?;
        let mut proof = proof(suite, options, &did::key_method(key));
        if suite == Cryptosuite::EddsaJcs2022
            && let Some(context) = document.get("@context")
        {
            proof.insert("@context".into(), context.clone());
        }
        let bytes = hashing::hash(document, &proof, suite, Contexts::standard())?;
        Ok(Self { proof, bytes })
    }

    /// What the key signs.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 64] {
        &self.bytes
    }

    /// Adds the proof to the document with which it was begun.
    pub fn end(mut self, document: &mut Value, signature: &Signature) {
        let Some(document) = document.as_object_mut() else { return };
        self.proof.insert("proofValue".into(), format!("z{}", bs58::encode(signature).into_string()).into());
        let mut proofs = match document.remove("proof") {
            None => Vec::new(),
            Some(Value::Array(proofs)) => proofs,
            Some(one) => vec![one],
        };
        proofs.push(Value::Object(self.proof));
        document.insert("proof".into(), Value::Array(proofs));
    }
}

fn proof(suite: Cryptosuite, options: &Options, method: &str) -> Map<String, Value> {
    let mut proof = Map::new();
    let mut add = |name: &str, value: Value| proof.insert(name.into(), value);
    add("type", json!("DataIntegrityProof"));
    add("cryptosuite", json!(suite.word()));
    add("created", seconds(options.created));
    if let Some(expires) = options.expires {
        add("expires", seconds(expires));
    }
    add("verificationMethod", json!(method));
    add("proofPurpose", json!(options.purpose.word()));
    if let Some(challenge) = &options.challenge {
        add("challenge", json!(challenge));
    }
    if let Some(domain) = &options.domain {
        add("domain", json!(domain));
    }
    proof
}

/// A time in whole seconds, never a later one: `2026-11-23T10:00:00Z`.
pub(crate) fn seconds(time: Timestamp) -> Value {
    Timestamp::from_second(time.as_second()).unwrap_or(time).to_string().into()
}
