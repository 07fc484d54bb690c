//! Proof of control by a text, for wallets that only sign what they can show.
//!
//! The text is a message of "Sign in with Solana" (<https://github.com/phantom/sign-in-with-solana>), whose resources are the account of the
//! credential and the digest of the document: SHA-256 of its canonical JSON, `urn:sha256:<hex>`. Wallets recognize the format and warn where
//! its domain is not the one that asks.
//!
//! ```text
//! employer.example wants you to sign in with your Solana account:
//! 9xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9PusVFin
//!
//! I am the learner of the document below, and show it to this domain. Signing this sends no transaction.
//!
//! URI: https://employer.example
//! Version: 1
//! Chain ID: mainnet
//! Nonce: 8ZeJ3vWQyB1xkSzoq3X1nJ7Cq3sS7wXg9rT2mYvD5uPa
//! Issued At: 2026-11-23T10:00:00Z
//! Expiration Time: 2026-11-23T10:10:00Z
//! Resources:
//! - solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp:4Nd1mBQtrMJVYVfKf2PJy9NZUZdTAsp7D4xWLs4gDB4T
//! - urn:sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
//! ```
//!
//! Nothing of a text is interpreted: it is made anew from the document and from what was asked, and must be the same byte for byte.

mod checking;
mod offchain;

use jiff::{Timestamp, Unit};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use solana_address::Address;
use solana_signer::Signer;

pub use checking::{TextError, check};

use super::{PresentError, Request, SubjectError, is_presentation, learner, shortened, signing::require_learner};
use crate::{
    document::{
        did::{Chain, ChainAccount},
        json::{self, JsonError},
        reference::References,
    },
    hex,
};

/// What follows the domain in the first line.
const GREETING: &str = " wants you to sign in with your Solana account:";
/// What the learner says.
const STATEMENT: &str =
    "I am the learner of the document below, and show it to this domain. Signing this sends no transaction.";
const NONCE: &str = "Nonce: ";
const ISSUED_AT: &str = "Issued At: ";
const EXPIRATION_TIME: &str = "Expiration Time: ";

/// Chains that wallets have names for.
const NAMED_CHAINS: [(&str, &str); 3] = [
    ("5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp", "mainnet"),
    ("4uhcVJyU9pJkvQyS88uRDiswHXSCkY3z", "testnet"),
    ("EtWTRABZaYq6iMfeYKouRu166VU2xqa1", "devnet"),
];

/// A text with its signature, as it goes from the learner to the verifier, beside the document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedText {
    /// Whose signature it is, in Base58.
    pub address: String,
    /// The text.
    pub message: String,
    /// The signature in Base58 or Base64: over the text's bytes, or over them as an off-chain message of Solana.
    pub signature: String,
}

impl SignedText {
    /// Reads the JSON form.
    ///
    /// # Errors
    /// It is not JSON that everyone reads alike, or has other fields.
    pub fn read(bytes: &[u8]) -> Result<Self, SignedTextError> {
        let wrong = |why: String| SignedTextError::Form(shortened(&why));
        let value = json::read(bytes)?;
        let fields = value.as_object().ok_or_else(|| wrong("it is no object".into()))?;
        Self::deserialize(fields).map_err(|error| wrong(error.to_string()))
    }
}

/// Why a file is no signed text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignedTextError {
    /// Not JSON that everyone reads alike.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// Other fields.
    #[error("it is no signed text ({0}), which has `address`, `message` and `signature`, and nothing else")]
    Form(String),
}

/// The text that the document's learner is to sign.
///
/// # Errors
/// The request does not fit into a text, or the document has no learner.
pub fn message(document: &Value, request: &Request<'_>) -> Result<String, PresentError> {
    request.require()?;
    if is_presentation(document) {
        return Err(PresentError::Presentation);
    }
    if !is_nonce(request.challenge) {
        return Err(PresentError::NoNonce(request.challenge.into()));
    }
    if !is_host(request.domain) {
        return Err(PresentError::NoHost(request.domain.into()));
    }
    let spoken = Spoken {
        domain: request.domain,
        nonce: request.challenge,
        issued_at: &seconds(request.created),
        expiration_time: &seconds(request.expires),
    };
    Ok(spoken.render(&About::of(document)?))
}

/// Signs the text of [`message`]. A hardware wallet signs it as an off-chain message, which it can show.
///
/// # Errors
/// As [`message`]; also where the signer is not the learner, or does not sign.
pub fn sign(document: &Value, request: &Request<'_>, signer: &dyn Signer) -> Result<SignedText, PresentError> {
    let address = require_learner(document, signer)?;
    let message = message(document, request)?;
    let bytes = if signer.is_interactive() {
        offchain::for_hardware(&address, message.as_bytes())
    } else {
        message.clone().into_bytes()
    };
    let signature = signer.try_sign_message(&bytes)?;
    Ok(SignedText { address: address.to_string(), message, signature: signature.to_string() })
}

/// What of a text comes from the document.
struct About {
    learner: Address,
    account: Option<ChainAccount>,
    digest: [u8; 32],
}

impl About {
    fn of(document: &Value) -> Result<Self, SubjectError> {
        Ok(Self { learner: learner(document)?, account: account(document), digest: json::digest(document) })
    }
}

/// What of a text comes from the verifier's request.
struct Spoken<'a> {
    domain: &'a str,
    nonce: &'a str,
    issued_at: &'a str,
    expiration_time: &'a str,
}

impl Spoken<'_> {
    /// The text, whose lines have the order of the standard.
    fn render(&self, about: &About) -> String {
        let Self { domain, nonce, issued_at, expiration_time } = self;
        let (learner, digest) = (about.learner, hex::Hex(&about.digest));
        let mut lines = vec![
            format!("{domain}{GREETING}"),
            learner.to_string(),
            String::new(),
            STATEMENT.into(),
            String::new(),
            format!("URI: https://{domain}"),
            "Version: 1".into(),
        ];
        lines.extend(about.account.iter().map(|account| format!("Chain ID: {}", chain_id(&account.chain))));
        lines.extend([
            format!("{NONCE}{nonce}"),
            format!("{ISSUED_AT}{issued_at}"),
            format!("{EXPIRATION_TIME}{expiration_time}"),
            "Resources:".into(),
        ]);
        lines.extend(about.account.iter().map(|account| format!("- {account}")));
        lines.push(format!("- urn:sha256:{digest}"));
        lines.join("\n")
    }
}

/// The credential's account that the document names. What is not clear of it, the digest covers all the same.
fn account(document: &Value) -> Option<ChainAccount> {
    let References { chain, credential, .. } = References::of(document).ok().flatten()?;
    Some(ChainAccount { chain, address: credential })
}

/// What wallets call a chain; all that they do not know is a local one.
fn chain_id(chain: &Chain) -> &'static str {
    NAMED_CHAINS.iter().find(|(genesis, _)| *genesis == chain.reference()).map_or("localnet", |(_, name)| name)
}

fn is_nonce(challenge: &str) -> bool {
    challenge.len() >= 8 && challenge.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// A host with or without a port, in characters that look like no others.
fn is_host(domain: &str) -> bool {
    let (host, port) = domain.split_once(':').unwrap_or((domain, "443"));
    let labels =
        |label: &str| !label.is_empty() && label.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    host.split('.').all(labels) && port.parse::<u16>().is_ok()
}

/// `2026-11-23T10:00:00Z`.
fn seconds(time: Timestamp) -> String {
    time.round(Unit::Second).unwrap_or(time).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_have_the_names_that_wallets_know() {
        for (genesis, name) in [
            ("5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d", "mainnet"),
            ("4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY", "testnet"),
            ("EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG", "devnet"),
            ("4sGjMW1sUnHzSxGspuhpqLDx6wiyjNtZAMdL4VZHirAn", "localnet"),
        ] {
            assert_eq!(chain_id(&Chain::of_genesis(&genesis.parse().unwrap())), name);
        }
        assert_eq!(chain_id(&Chain::embedded()), "localnet");
    }
}
