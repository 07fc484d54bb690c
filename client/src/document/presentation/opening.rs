//! What a verifier was handed: a document alone, with a signed text beside it, or a presentation.

use serde_json::Value;

use super::{
    BookError, Control, PresentationError, Wanted,
    challenge::ChallengeError,
    check, is_presentation, presented_document,
    text::{self, SignedText, TextError},
};

/// What a verifier was handed, taken apart.
#[derive(Debug)]
pub struct Opened {
    /// The document. **It is not verified.** None: the presentation has none that could be taken out, and `control` says why.
    pub document: Option<Value>,
    /// Whether its learner showed it; none: that was neither asked nor shown.
    pub control: Option<Result<Control, ControlError>>,
}

/// Why it is not known that a document's learner showed it.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// Shown without a question.
    #[error(
        "it was made for somebody's challenge, and which one is yours was not said: say it, or that its learner shows it is not known"
    )]
    NotAsked,
    /// Asked without an answer.
    #[error(
        "a challenge was given, and nothing answers it: ask for a presentation, or for a text that the learner's wallet signed"
    )]
    NotShown,
    /// Two answers.
    #[error("a presentation answers the challenge itself, and no text beside it: leave one of them away")]
    Twice,
    /// The presentation does not prove it.
    #[error(transparent)]
    Presentation(#[from] PresentationError),
    /// The text does not prove it.
    #[error(transparent)]
    Text(#[from] TextError),
}

impl ControlError {
    /// Whether nothing is wrong with what was shown, but the verifier's own book of challenges could not be used.
    #[must_use]
    pub const fn is_own_failure(&self) -> bool {
        let (Self::Presentation(PresentationError::Challenge(ChallengeError::Book(error)))
        | Self::Text(TextError::Challenge(ChallengeError::Book(error)))) = self
        else {
            return false;
        };
        matches!(error, BookError::Busy(_) | BookError::Damaged { .. } | BookError::Io { .. })
    }
}

/// Takes apart what a verifier was handed, and checks that its learner showed it: `wanted` is what was asked, if anything was, and `text` what
/// stands beside a document.
#[must_use]
pub fn open(file: Value, text: Option<&SignedText>, wanted: Option<&Wanted<'_>>) -> Opened {
    if !is_presentation(&file) {
        let control = match (text, wanted) {
            (None, None) => None,
            (Some(_), None) => Some(Err(ControlError::NotAsked)),
            (None, Some(_)) => Some(Err(ControlError::NotShown)),
            (Some(text), Some(wanted)) => Some(text::check(&file, text, wanted).map_err(ControlError::Text)),
        };
        return Opened { document: Some(file), control };
    }
    let failed = match (text, wanted) {
        (Some(_), _) => ControlError::Twice,
        (None, None) => ControlError::NotAsked,
        (None, Some(wanted)) => match check(&file, wanted) {
            Ok(shown) => return Opened { document: Some(shown.document), control: Some(Ok(shown.control)) },
            Err(error) => error.into(),
        },
    };
    match presented_document(&file) {
        Ok(document) => Opened { document: Some(document), control: Some(Err(failed)) },
        // What is wrong with the form comes before all else.
        Err(error) => Opened { document: None, control: Some(Err(error.into())) },
    }
}
