//! Credentials as signed JSON Web Tokens: `vc+jwt` (W3C, Securing Verifiable Credentials using JOSE and COSE; RFC 7515), with Ed25519.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::{Value, json};
use solana_address::Address;
use solana_signature::Signature;
use solana_signer::Signer;

use crate::document::{
    did,
    json::{self, JsonError},
    proof::{KeyError, Keys, Purpose, SignError},
};

/// Names of the signature algorithm: the one that everybody knows, and that of RFC 9864.
const ALGORITHMS: [&str; 2] = ["EdDSA", "Ed25519"];

/// Names of the kind of token.
const TYPES: [&str; 2] = ["vc+jwt", "application/vc+jwt"];

/// Why a token is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwtError {
    /// Not three parts in Base64 for URLs.
    #[error("it is not a JSON Web Token: three parts in Base64 for URLs, with `.` between them")]
    Form,
    /// Header or payload is not JSON as it should be.
    #[error("its {0}: {1}")]
    Json(&'static str, JsonError),
    /// The header is not that of a credential that an Ed25519 key signed.
    #[error("its header is not that of a credential signed by an Ed25519 key: {0}")]
    Header(String),
    /// The key that the header names is not known.
    #[error("its header names no key that can be known: {0}")]
    Key(#[from] KeyError),
    /// The signature is not by this key, or not of this token.
    #[error("its signature does not fit: it was changed after it was signed, or another key signed it")]
    Signature,
}

/// A token whose signature is good.
pub(super) struct Token {
    /// What was signed.
    pub(super) payload: Value,
    /// The DID of who signed it.
    pub(super) controller: String,
}

/// Of what is understood, or must be; everything else in a header is to be ignored.
#[derive(Deserialize)]
struct Header {
    alg: String,
    typ: String,
    kid: String,
    /// What readers must understand: there is nothing that is understood here.
    crit: Option<Value>,
}

/// Signs a payload.
pub(super) fn sign(payload: &Value, key: &Address, signer: &dyn Signer) -> Result<String, SignError> {
    let [algorithm, _] = ALGORITHMS;
    let [kind, _] = TYPES;
    let header = json!({"alg": algorithm, "cty": "vc", "kid": did::key_method(key), "typ": kind});
    let part = |value| BASE64_URL_SAFE_NO_PAD.encode(json::canonical(value));
    let signed = format!("{}.{}", part(&header), part(payload));
    let signature = signer.try_sign_message(signed.as_bytes())?;
    Ok(format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature)))
}

/// Reads a token and checks its signature.
pub(super) fn verify(token: &str, keys: &dyn Keys) -> Result<Token, JwtError> {
    let (signed, signature) = token.rsplit_once('.').ok_or(JwtError::Form)?;
    let (header, payload) = signed.split_once('.').ok_or(JwtError::Form)?;
    let read = |name, part: &str| {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| JwtError::Form)?;
        json::read(&bytes).map_err(|error| JwtError::Json(name, error))
    };
    let method = method(&read("header", header)?)?;
    let key = keys.key(&method, Purpose::AssertionMethod)?;
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).map_err(|_| JwtError::Form)?;
    let signature = <[u8; 64]>::try_from(signature).map(Signature::from).map_err(|_| JwtError::Form)?;
    if !signature.verify(key.as_ref(), signed.as_bytes()) {
        return Err(JwtError::Signature);
    }
    let controller = method.split_once('#').map_or(method.as_str(), |(did, _)| did).to_owned();
    Ok(Token { payload: read("payload", payload)?, controller })
}

/// The verification method that a header names.
fn method(header: &Value) -> Result<String, JwtError> {
    let wrong = |why: &str| JwtError::Header(why.into());
    let header = header.as_object().ok_or_else(|| wrong("it is no object"))?;
    let header = Header::deserialize(header).map_err(|error| JwtError::Header(error.to_string()))?;
    if !ALGORITHMS.contains(&header.alg.as_str()) {
        return Err(wrong("`alg` is not EdDSA"));
    }
    if !TYPES.contains(&header.typ.as_str()) {
        return Err(wrong("`typ` is not vc+jwt"));
    }
    if header.crit.is_some() {
        return Err(wrong("`crit` asks for what is not understood here"));
    }
    Ok(header.kid)
}
