//! What is signed.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::Cryptosuite;
use crate::document::{
    context::{CREDENTIALS_V2, Contexts},
    json,
    rdf::{self, RdfError},
};

/// Why the bytes that a proof is over cannot be told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unhashable {
    /// Not an object with `@context`, whose first one is that of verifiable credentials.
    #[error("its first `@context` is not {CREDENTIALS_V2}, the one of Verifiable Credentials 2.0")]
    Context,
    /// A proof with contexts of its own that are not the document's.
    #[error("its proof has an `@context` that is not the document's own")]
    ProofContext,
    /// No canonical form.
    #[error(transparent)]
    Rdf(#[from] RdfError),
}

/// The 64 bytes that are signed: the hash of the proof without its value, and that of the document without proofs.
///
/// The terms of proofs are protected in the first context, so that those after it cannot change them: it alone is read for the proof.
pub(super) fn hash(
    document: &Map<String, Value>,
    proof: &Map<String, Value>,
    suite: Cryptosuite,
    contexts: &Contexts,
) -> Result<[u8; 64], Unhashable> {
    let context = document.get("@context").ok_or(Unhashable::Context)?;
    if first(context) != Some(CREDENTIALS_V2) {
        return Err(Unhashable::Context);
    }
    let mut unsecured = document.clone();
    unsecured.remove("proof");
    let mut options = proof.clone();
    options.remove("proofValue");
    let (options, unsecured) = match suite {
        Cryptosuite::EddsaRdfc2022 => {
            let own = options.insert("@context".into(), CREDENTIALS_V2.into());
            if own.is_some_and(|own| own != *context) {
                return Err(Unhashable::ProofContext);
            }
            let canonical = |value| rdf::canonical_with(&Value::Object(value), contexts);
            (sha256(canonical(options)?.as_bytes()), sha256(canonical(unsecured)?.as_bytes()))
        }
        Cryptosuite::EddsaJcs2022 => {
            if options.get("@context").is_some_and(|own| own != context) {
                return Err(Unhashable::ProofContext);
            }
            (sha256(&json::canonical(&options)), sha256(&json::canonical(&unsecured)))
        }
    };
    let mut hash = [0; 64];
    hash[..32].copy_from_slice(&options);
    hash[32..].copy_from_slice(&unsecured);
    Ok(hash)
}

fn first(context: &Value) -> Option<&str> {
    match context {
        Value::Array(contexts) => contexts.first()?.as_str(),
        context => context.as_str(),
    }
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}
