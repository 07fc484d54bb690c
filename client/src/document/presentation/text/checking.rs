//! Checking signed texts.

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use serde_json::Value;
use solana_address::Address;
use solana_signature::Signature;

use super::{About, EXPIRATION_TIME, GREETING, ISSUED_AT, NONCE, SignedText, Spoken, is_host, is_nonce, offchain};
use crate::document::presentation::{
    Control, SubjectError,
    challenge::{Answer, ChallengeError, Wanted},
    shortened,
};

/// More bytes than a text has.
const SIZE_LIMIT: usize = 2_048;

/// Why a signed text does not prove control.
#[derive(Debug, thiserror::Error)]
pub enum TextError {
    /// Something else.
    #[error(
        "this is no text that proves control of a document: let the learner make one with `microcred present --text`"
    )]
    NoText,
    /// Not the text that was asked for.
    #[error(
        "line {line} of the text is {found:?} and should be {wanted:?}: it is about another document, or was changed; ask for one that was made \
         for this document"
    )]
    Differs {
        /// The first line that differs, from 1.
        line: usize,
        /// What stands there.
        found: String,
        /// What should.
        wanted: String,
    },
    /// The document has no learner.
    #[error(transparent)]
    Subject(#[from] SubjectError),
    /// Not an address.
    #[error("{0:?} is no address of who signed: 32 bytes in Base58")]
    Address(String),
    /// Somebody else signed.
    #[error("the document is of {learner}, and {signer} signed the text: whoever shows it is not its learner")]
    OtherLearner {
        /// Whose it is.
        learner: Address,
        /// Who signed.
        signer: Address,
    },
    /// Not a signature.
    #[error("{0:?} is no signature: 64 bytes in Base58 or Base64")]
    Signature(String),
    /// Not of this text or key.
    #[error("the signature does not fit: another key signed the text, or it was changed after it was signed")]
    Wrong,
    /// Not an answer to what was asked, or not in time.
    #[error(transparent)]
    Challenge(#[from] ChallengeError),
}

/// Checks that the document's learner signed the text that was asked for, now. The document itself is not checked.
///
/// # Errors
/// The first thing that is wrong with it. A challenge of a book is used up only where there is none.
pub fn check(document: &Value, signed: &SignedText, wanted: &Wanted<'_>) -> Result<Control, TextError> {
    let text = signed.message.as_str();
    let spoken = spoken(text).ok_or(TextError::NoText)?;
    let time = |text: &str| text.parse::<Timestamp>().map_err(|_| TextError::NoText);
    let answer = Answer {
        challenge: Some(spoken.nonce),
        domain: Some(spoken.domain),
        created: Some(time(spoken.issued_at)?),
        expires: Some(time(spoken.expiration_time)?),
    };
    let created = wanted.compare(&answer)?;
    let about = About::of(document)?;
    let signer = signed.address.parse().map_err(|_| TextError::Address(shortened(&signed.address)))?;
    if signer != about.learner {
        return Err(TextError::OtherLearner { learner: about.learner, signer });
    }
    require_same(text, &spoken.render(&about))?;
    let signatures = signatures(&signed.signature);
    if signatures.is_empty() {
        return Err(TextError::Signature(shortened(&signed.signature)));
    }
    let forms = offchain::forms(&signer, text.as_bytes());
    let fits = |signature: &Signature| forms.iter().any(|form| signature.verify(signer.as_ref(), form));
    if !signatures.iter().any(fits) {
        return Err(TextError::Wrong);
    }
    wanted.take(&answer)?;
    Ok(Control { holder: signer, created })
}

/// What the text says of the request. It need not be read strictly: what is made of it anew must be the text.
fn spoken(text: &str) -> Option<Spoken<'_>> {
    if text.len() > SIZE_LIMIT {
        return None;
    }
    let value = |name| text.lines().find_map(|line| line.strip_prefix(name));
    let spoken = Spoken {
        domain: text.lines().next()?.strip_suffix(GREETING)?,
        nonce: value(NONCE)?,
        issued_at: value(ISSUED_AT)?,
        expiration_time: value(EXPIRATION_TIME)?,
    };
    (is_host(spoken.domain) && is_nonce(spoken.nonce)).then_some(spoken)
}

fn require_same(text: &str, wanted: &str) -> Result<(), TextError> {
    if text == wanted {
        return Ok(());
    }
    let (mut found, mut should) = (text.split('\n'), wanted.split('\n'));
    let mut line = 1_usize;
    loop {
        match (found.next(), should.next()) {
            (Some(found), Some(wanted)) if found == wanted => line = line.saturating_add(1),
            (None, None) => return Err(TextError::NoText),
            (found, wanted) => {
                let cut = |line: Option<&str>| shortened(line.unwrap_or_default());
                return Err(TextError::Differs { line, found: cut(found), wanted: cut(wanted) });
            }
        }
    }
}

/// What a text may mean as a signature.
fn signatures(text: &str) -> Vec<Signature> {
    // Base58 and Base64 of 64 bytes have 88 characters at most; decoding Base58 takes quadratic time.
    if text.len() > 88 {
        return Vec::new();
    }
    let decoded = [bs58::decode(text).into_vec().ok(), STANDARD.decode(text).ok()];
    decoded.into_iter().flatten().filter_map(|bytes| Signature::try_from(bytes.as_slice()).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_base58_or_base64_of_64_bytes() {
        for bytes in [[0; 64], [255; 64], std::array::from_fn(|index| u8::try_from(index).unwrap())] {
            let signature = Signature::from(bytes);
            assert_eq!(signatures(&signature.to_string()), [signature]);
            assert_eq!(signatures(&STANDARD.encode(bytes)), [signature]);
            assert_eq!(signatures(STANDARD.encode(bytes).trim_end_matches('=')), []);
            assert_eq!(signatures(&bs58::encode(&bytes[1..]).into_string()), []);
        }
        assert_eq!(signatures(""), []);
        assert_eq!(signatures(&"1".repeat(1_000_000)), []);
    }
}
