//! Checking presentations.

use serde::Deserialize;
use serde_json::Value;
use solana_address::Address;

use super::{
    Control, PRESENTATION, SubjectError,
    challenge::{Answer, ChallengeError, Wanted},
    learner, shortened,
};
use crate::document::{
    context::CREDENTIALS_V2,
    did::{DidError, Subject},
    proof::{self, ProofError, Purpose},
};

/// What a learner showed.
#[derive(Clone, Debug, PartialEq)]
pub struct Presented {
    /// The document, as it stands in the presentation. **It is not verified**: that is to be done as for any other document.
    pub document: Value,
    /// That it was shown by its learner.
    pub control: Control,
}

/// Why a presentation does not prove control.
#[derive(Debug, thiserror::Error)]
pub enum PresentationError {
    /// Not a presentation, or with something in it that nothing here reads.
    #[error(
        "it is not a presentation as it should be ({0}): ask for one with a document, its holder and a proof, and nothing else"
    )]
    Form(String),
    /// Contexts other than the one that presentations need.
    #[error(
        "its `@context` is not {CREDENTIALS_V2} alone, so that its words could mean something else: ask for one with no other context"
    )]
    Context,
    /// Nothing is shown.
    #[error("there is no document in it: ask for a presentation of one")]
    NoDocument,
    /// Several documents.
    #[error("there are {0} documents in it: ask for one presentation for each")]
    Documents(usize),
    /// A document in a form that nothing here reads.
    #[error(
        "its document is not written out, but enveloped or a reference: ask for one with the document itself inside"
    )]
    Enveloped,
    /// Several proofs.
    #[error("it has {0} proofs, and which one answers the challenge is not clear: ask for a presentation with one")]
    Proofs(usize),
    /// The proof is not good.
    #[error("the presentation: {0}")]
    Proof(#[from] ProofError),
    /// A proof that was not made to show who one is.
    #[error(
        "its proof is not for authentication: what was signed for another purpose proves no control; ask for a presentation"
    )]
    Purpose,
    /// Not a key.
    #[error("its holder is no key that could sign: {0}")]
    Holder(DidError),
    /// The key of somebody else.
    #[error("its holder is {holder}, and {signer} signed it: whoever shows it does not have the holder's key")]
    OtherSigner {
        /// Who is said to show it.
        holder: Address,
        /// Who signed.
        signer: Address,
    },
    /// The document has no learner.
    #[error(transparent)]
    Subject(#[from] SubjectError),
    /// Somebody else's document.
    #[error("the document is of {learner}, and {holder} shows it: whoever shows it is not its learner")]
    OtherLearner {
        /// Whose it is.
        learner: Address,
        /// Who shows it.
        holder: Address,
    },
    /// Not an answer to what was asked, or not in time.
    #[error(transparent)]
    Challenge(#[from] ChallengeError),
}

/// A presentation with what may stand in it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Form {
    #[serde(rename = "@context")]
    context: Value,
    #[allow(dead_code, reason = "what may stand in a presentation, though nothing is asked of it")]
    id: Option<String>,
    r#type: Value,
    holder: Option<String>,
    verifiable_credential: Option<Value>,
    proof: Option<Value>,
}

/// Whether a file is a presentation, and not a document, by its `type`.
#[must_use]
pub fn is_presentation(file: &Value) -> bool {
    names(file, PRESENTATION)
}

/// The one document in a presentation. **Nothing is said of who shows it**: for that there is [`check`].
///
/// # Errors
/// The presentation has another form, or not one document.
pub fn presented_document(presentation: &Value) -> Result<Value, PresentationError> {
    Ok(read(presentation)?.1)
}

/// Checks that the learner of the document inside made this presentation, for this verifier and now. The document itself is not checked.
///
/// The form is as [`present`](super::present) and other makers of Verifiable Credentials 2.0 write it: one proof, in an array or not, and
/// the holder may be left out, who then is the one that signed.
///
/// # Errors
/// The first thing that is wrong with it. A challenge of a book is used up only where there is none.
pub fn check(presentation: &Value, wanted: &Wanted<'_>) -> Result<Presented, PresentationError> {
    let (form, document) = read(presentation)?;
    match &form.proof {
        Some(Value::Array(proofs)) if proofs.len() > 1 => return Err(PresentationError::Proofs(proofs.len())),
        _ => {}
    }
    let proof = proof::verify(presentation)?.into_iter().next().ok_or(ProofError::None)?;
    if proof.purpose != Purpose::Authentication {
        return Err(PresentationError::Purpose);
    }
    let signer = proof.key;
    if let Some(holder) = &form.holder {
        let holder = *holder.parse::<Subject>().map_err(PresentationError::Holder)?.key();
        if holder != signer {
            return Err(PresentationError::OtherSigner { holder, signer });
        }
    }
    let learner = learner(&document)?;
    if learner != signer {
        return Err(PresentationError::OtherLearner { learner, holder: signer });
    }
    let answer = Answer {
        challenge: proof.challenge.as_deref(),
        domain: proof.domain.as_deref(),
        created: proof.created,
        expires: proof.expires,
    };
    let created = wanted.compare(&answer)?;
    wanted.take(&answer)?;
    Ok(Presented { document, control: Control { holder: signer, created } })
}

fn read(presentation: &Value) -> Result<(Form, Value), PresentationError> {
    let wrong = |why: String| PresentationError::Form(shortened(&why));
    let fields = presentation.as_object().ok_or_else(|| wrong("it is no object".into()))?;
    let form = Form::deserialize(fields).map_err(|error| wrong(error.to_string()))?;
    if *only(&form.r#type) != PRESENTATION {
        return Err(PresentationError::Form(format!("its type is not {PRESENTATION} alone")));
    }
    if *only(&form.context) != CREDENTIALS_V2 {
        return Err(PresentationError::Context);
    }
    let document = match &form.verifiable_credential {
        None => return Err(PresentationError::NoDocument),
        Some(Value::Array(documents)) => match documents.as_slice() {
            [] => return Err(PresentationError::NoDocument),
            [document] => document,
            documents => return Err(PresentationError::Documents(documents.len())),
        },
        Some(document) => document,
    };
    if !document.is_object() || names(document, "EnvelopedVerifiableCredential") {
        return Err(PresentationError::Enveloped);
    }
    let document = document.clone();
    Ok((form, document))
}

/// What stands alone, in an array or not.
fn only(value: &Value) -> &Value {
    match value {
        Value::Array(values) => match values.as_slice() {
            [one] => one,
            _ => value,
        },
        _ => value,
    }
}

fn names(document: &Value, kind: &str) -> bool {
    match document.get("type") {
        Some(Value::Array(types)) => types.iter().any(|one| one == kind),
        Some(one) => one == kind,
        None => false,
    }
}
