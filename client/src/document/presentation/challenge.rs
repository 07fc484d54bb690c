//! What a verifier asks for, and whether an answer fits.

use jiff::{SignedDuration, Timestamp};
use rand::Rng;

use super::{
    book::{BookError, ChallengeBook},
    shortened,
};

/// How old an answer may be unless the verifier says otherwise.
pub const MAX_AGE: SignedDuration = SignedDuration::from_mins(10);

/// How far the learner's clock may be ahead of the verifier's.
pub const TOLERANCE: SignedDuration = SignedDuration::from_mins(10);

/// A new challenge: 32 random bytes in Base58, which every form of an answer can carry.
#[must_use]
pub fn fresh_challenge() -> String {
    bs58::encode(rand::rng().random::<[u8; 32]>()).into_string()
}

/// What a verifier wants to see.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The challenge that was given.
    pub asked: Asked<'a>,
    /// The time at the verifier: a learner's answer is about now, which no ledger needs to tell.
    pub now: Timestamp,
    /// How old the answer may be: [`MAX_AGE`], or what the verifier prefers.
    pub max_age: SignedDuration,
}

/// Which challenge was given.
#[derive(Clone, Copy, Debug)]
pub enum Asked<'a> {
    /// This one. That it counts once is for the caller to see to.
    Challenge {
        /// The challenge.
        challenge: &'a str,
        /// Who gave it, such as `employer.example`.
        domain: &'a str,
    },
    /// One of a book, from which it is taken when all else of the answer is right.
    Book(&'a ChallengeBook),
}

/// Why an answer is not one to what was asked, or not in time.
#[derive(Debug, thiserror::Error)]
pub enum ChallengeError {
    /// No challenge was signed.
    #[error(
        "it answers no challenge, so that anybody who has a copy could show it: ask for one that was made for your challenge"
    )]
    NoChallenge,
    /// Another challenge was signed.
    #[error(
        "it answers another challenge than the one that was given: it was shown before, or elsewhere; ask for one that was made for yours"
    )]
    OtherChallenge,
    /// No domain was signed.
    #[error("it does not say for whom it was made (`domain`): ask for one that was made for your domain")]
    NoDomain,
    /// It was made for somebody else.
    #[error(
        "it was made for {found:?} and not for {wanted:?}: somebody may be passing it on; ask the learner for one of your own"
    )]
    OtherDomain {
        /// For whom.
        found: String,
        /// Who asks.
        wanted: String,
    },
    /// No time was signed.
    #[error("it does not say when it was made (`created`): ask for one that does")]
    NoTime,
    /// It comes from the future.
    #[error("it was made at {created}, and now it is {now}: set the clock right that is wrong, and ask again")]
    Early {
        /// When it was made.
        created: Timestamp,
        /// The verifier's time.
        now: Timestamp,
    },
    /// It is too old.
    #[error("it was made at {created}, too long before now, which is {now}: give a new challenge")]
    Old {
        /// When it was made.
        created: Timestamp,
        /// The verifier's time.
        now: Timestamp,
    },
    /// It ended.
    #[error("it was good until {expires}, and now it is {now}: give a new challenge")]
    Expired {
        /// When it ended.
        expires: Timestamp,
        /// The verifier's time.
        now: Timestamp,
    },
    /// The challenge is not in the book.
    #[error(transparent)]
    Book(#[from] BookError),
}

/// What an answer says of the question. All of it was signed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer<'a> {
    pub(super) challenge: Option<&'a str>,
    pub(super) domain: Option<&'a str>,
    pub(super) created: Option<Timestamp>,
    pub(super) expires: Option<Timestamp>,
}

impl Wanted<'_> {
    /// Whether the answer is to what was asked, and in time; when it was made. A book is not asked yet.
    pub(super) fn compare(&self, answer: &Answer<'_>) -> Result<Timestamp, ChallengeError> {
        let found = answer.challenge.filter(|text| !text.is_empty()).ok_or(ChallengeError::NoChallenge)?;
        let from = answer.domain.filter(|text| !text.is_empty()).ok_or(ChallengeError::NoDomain)?;
        if let Asked::Challenge { challenge, domain } = self.asked {
            if from != domain {
                return Err(ChallengeError::OtherDomain { found: shortened(from), wanted: domain.into() });
            }
            if found != challenge {
                return Err(ChallengeError::OtherChallenge);
            }
        }
        let now = self.now;
        let created = answer.created.ok_or(ChallengeError::NoTime)?;
        let age = now.duration_since(created);
        if age.saturating_add(TOLERANCE).is_negative() {
            return Err(ChallengeError::Early { created, now });
        }
        if age > self.max_age {
            return Err(ChallengeError::Old { created, now });
        }
        match answer.expires {
            Some(expires) if expires <= now => Err(ChallengeError::Expired { expires, now }),
            _ => Ok(created),
        }
    }

    /// Uses the challenge up, where there is a book: the last step of every check, so that only a good answer does so.
    pub(super) fn take(&self, answer: &Answer<'_>) -> Result<(), ChallengeError> {
        if let Asked::Book(book) = self.asked {
            let challenge = answer.challenge.ok_or(ChallengeError::NoChallenge)?;
            book.take(challenge, answer.domain.ok_or(ChallengeError::NoDomain)?, self.now)?;
        }
        Ok(())
    }
}
