//! Making presentations.

use jiff::Timestamp;
use serde_json::{Value, json};
use solana_address::Address;
use solana_signer::{Signer, SignerError};

use super::{PRESENTATION, SubjectError, checking::is_presentation, learner};
use crate::document::{
    context::CREDENTIALS_V2,
    did,
    proof::{Cryptosuite, Options, Purpose, SignError, sign},
};

/// How many characters challenges and domains have at most.
const LENGTH_LIMIT: usize = 253;

/// What a verifier asked the learner to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request<'a> {
    /// The verifier's challenge.
    pub challenge: &'a str,
    /// Who the verifier is, such as `employer.example`.
    pub domain: &'a str,
    /// Now.
    pub created: Timestamp,
    /// Until when the answer is good.
    pub expires: Timestamp,
}

/// Why nothing is signed.
#[derive(Debug, thiserror::Error)]
pub enum PresentError {
    /// Not a challenge.
    #[error("{0:?} is no challenge: 1 to {LENGTH_LIMIT} characters that can be seen, as the verifier gave them")]
    Challenge(String),
    /// Not a domain.
    #[error("{0:?} is no domain: 1 to {LENGTH_LIMIT} characters that can be seen, such as employer.example")]
    Domain(String),
    /// A challenge that texts cannot carry.
    #[error(
        "{0:?} cannot stand in a text that wallets sign, where challenges are 8 or more letters and digits: ask the verifier for another one"
    )]
    NoNonce(String),
    /// A domain that texts cannot carry.
    #[error(
        "{0:?} cannot stand in a text that wallets sign, where domains are a host with or without a port, such as employer.example: ask the \
         verifier which one is theirs"
    )]
    NoHost(String),
    /// It would be over before it begins.
    #[error("the answer would be expired when it is made: let it be good for some minutes")]
    Times,
    /// There is a presentation already.
    #[error("this is a presentation already: take the document that is inside of it")]
    Presentation,
    /// The document has no learner.
    #[error(transparent)]
    Subject(#[from] SubjectError),
    /// Somebody else's document.
    #[error("the document is of {learner}, and {signer} would sign: name the learner's own signer")]
    OtherSigner {
        /// Whose it is.
        learner: Address,
        /// Who would sign.
        signer: Address,
    },
    /// Hardware wallets show what they sign.
    #[error(
        "a hardware wallet signs only what it can show, which the bytes of a presentation are not: answer with a text (--text) instead"
    )]
    HardwareWallet,
    /// The presentation was not signed.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The text was not signed.
    #[error("the text was not signed: {0}")]
    Signer(#[from] SignerError),
}

/// A presentation of a document, signed by its learner (`eddsa-rdfc-2022`). The document stands in it as it is, so that its digest still fits.
///
/// # Errors
/// The signer is not the learner, the request makes no sense, or the document cannot be signed.
pub fn present(document: Value, request: &Request<'_>, signer: &dyn Signer) -> Result<Value, PresentError> {
    request.require()?;
    let holder = require_learner(&document, signer)?;
    if signer.is_interactive() {
        return Err(PresentError::HardwareWallet);
    }
    let mut presentation = json!({
        "@context": [CREDENTIALS_V2],
        "type": [PRESENTATION],
        "holder": did::did_key(&holder),
        "verifiableCredential": [document],
    });
    let options = Options {
        created: request.created,
        expires: Some(request.expires),
        purpose: Purpose::Authentication,
        challenge: Some(request.challenge.into()),
        domain: Some(request.domain.into()),
    };
    sign(&mut presentation, Cryptosuite::EddsaRdfc2022, &options, signer)?;
    Ok(presentation)
}

impl Request<'_> {
    pub(super) fn require(&self) -> Result<(), PresentError> {
        if !is_visible(self.challenge) {
            return Err(PresentError::Challenge(self.challenge.into()));
        }
        require_domain(self.domain)?;
        if self.expires <= self.created { Err(PresentError::Times) } else { Ok(()) }
    }
}

/// Requires that a verifier's domain is one that answers can be made for.
///
/// # Errors
/// [`PresentError::Domain`].
pub fn require_domain(domain: &str) -> Result<(), PresentError> {
    if is_visible(domain) { Ok(()) } else { Err(PresentError::Domain(domain.into())) }
}

/// The document's learner, who must be the signer.
pub(super) fn require_learner(document: &Value, signer: &dyn Signer) -> Result<Address, PresentError> {
    if is_presentation(document) {
        return Err(PresentError::Presentation);
    }
    let learner = learner(document)?;
    let signer = signer.try_pubkey()?;
    if signer == learner { Ok(learner) } else { Err(PresentError::OtherSigner { learner, signer }) }
}

fn is_visible(text: &str) -> bool {
    (1..=LENGTH_LIMIT).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}
