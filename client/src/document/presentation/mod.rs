//! Proof of control: that who shows a document is its learner, here and now.
//!
//! A document is no secret, and a copy of it verifies as well as the original. A verifier therefore gives a challenge, and the learner's key
//! signs it together with the document and the verifier's domain:
//! - [`present`] and [`check`] by a presentation (W3C Verifiable Credentials Data Model 2.0), which has the document inside;
//! - [`text`] by a message that wallets show, for those that sign nothing else; the document stands beside it;
//! - [`ChallengeBook`] knows the challenges that a verifier gave, so that each counts once.
//!
//! **This checks who shows a document, not the document**: its own proof, digest, status and expiry are another matter, and a presentation
//! of a forged document passes here. Nothing is to be believed of a document before it was verified itself.
//!
//! ```
//! use jiff::{SignedDuration, Timestamp};
//! use microcred_client::document::{did, presentation::{self, Asked, Request, Wanted}};
//! use serde_json::json;
//! use solana_keypair::Keypair;
//! use solana_signer::Signer;
//!
//! let (learner, now) = (Keypair::new(), Timestamp::now());
//! let document = json!({
//!     "@context": ["https://www.w3.org/ns/credentials/v2"],
//!     "type": ["VerifiableCredential"],
//!     "credentialSubject": {"id": did::did_key(&learner.pubkey())},
//! });
//! let challenge = presentation::fresh_challenge();
//!
//! let expires = now + SignedDuration::from_mins(10);
//! let request = Request { challenge: &challenge, domain: "employer.example", created: now, expires };
//! let presentation = presentation::present(document.clone(), &request, &learner)?;
//!
//! let asked = Asked::Challenge { challenge: &challenge, domain: "employer.example" };
//! let presented = presentation::check(&presentation, &Wanted { asked, now, max_age: presentation::MAX_AGE })?;
//! assert_eq!((presented.document, presented.control.holder), (document, learner.pubkey()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod book;
mod challenge;
mod checking;
mod opening;
mod signing;
pub mod text;

use jiff::Timestamp;
use serde_json::Value;
use solana_address::Address;

pub use book::{BookError, ChallengeBook, Given, LIMIT};
pub use challenge::{Asked, ChallengeError, MAX_AGE, TOLERANCE, Wanted, fresh_challenge};
pub use checking::{PresentationError, Presented, check, is_presentation, presented_document};
pub use opening::{ControlError, Opened, open};
pub use signing::{PresentError, Request, present, require_domain};

use super::did::{DidError, Subject};

/// The `type` of presentations.
const PRESENTATION: &str = "VerifiablePresentation";

/// That a document was shown by its learner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Control {
    /// The learner's key, which signed.
    pub holder: Address,
    /// When, by the word of the holder, within the tolerance of the verifier's clock.
    pub created: Timestamp,
}

/// Why a document has no learner who could show it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubjectError {
    /// No `credentialSubject.id`.
    #[error(
        "the document does not say whose it is (`credentialSubject.id`), so that nobody can show that it is theirs"
    )]
    None,
    /// Not a key or a wallet.
    #[error("the document's `credentialSubject.id` is no key that could sign: {0}")]
    NoKey(#[from] DidError),
}

/// The key of the document's learner, which must sign for the document to be shown.
///
/// # Errors
/// It names none.
pub fn learner(document: &Value) -> Result<Address, SubjectError> {
    let id = document.pointer("/credentialSubject/id").and_then(Value::as_str).ok_or(SubjectError::None)?;
    Ok(*id.parse::<Subject>()?.key())
}

/// What an error shows of a text that may be anything.
fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}
