//! A new document in the place of the one that is in force: at a renewal, or because something in it was wrong.

use jiff::Timestamp;
use microcred::state::Credential;
use serde_json::Value;
use solana_address::Address;

use super::{Award, office::Office};
use crate::{
    document::{
        Document,
        did::Subject,
        making::Learner,
        proof::{self, ProofError},
        reference::{ReferenceError, References},
        status_list::{self, Base},
        subject::{CommitmentError, Salt, salt},
    },
    learners::{Corrections, Personal},
};

/// Why a document is not the one that is in force, or says too little to make another of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenewalError {
    /// The credential has no document.
    #[error(
        "the credential has no document on chain: renew it without one, or with the digest of one that was made elsewhere"
    )]
    NoDocument,
    /// Another document is in force.
    #[error(
        "this is not the document that is in force: its digest is not the one on chain{}",
        if *.revision > 0 { "; the credential was renewed, so name the file of its latest revision" } else { "" }
    )]
    NotInForce {
        /// How often the credential was renewed.
        revision: u16,
    },
    /// Its proof is not good.
    #[error("the document cannot be renewed: {0}")]
    Proof(#[from] ProofError),
    /// The accounts that it names are not clear.
    #[error("the document cannot be renewed: {0}")]
    Reference(#[from] ReferenceError),
    /// Its commitment is not clear.
    #[error("the document cannot be renewed: {0}")]
    Commitment(#[from] CommitmentError),
    /// It is of something else, or was not made by this software.
    #[error("the document cannot be renewed: its `{0}` is not as in documents that are made here; issue anew instead")]
    Other(&'static str),
}

/// What a new document takes over from the one that is in force.
#[derive(Clone, Debug)]
pub struct Renewal {
    credential: Address,
    wallet: Address,
    salt: Option<Salt>,
    personal: Personal,
    awarded: Timestamp,
    status_lists: Base,
    status_index: u32,
    definition: Value,
    expires_at: i64,
}

impl Renewal {
    /// Reads a document, which must be the one of this credential that is in force.
    ///
    /// # Errors
    /// [`RenewalError`].
    pub fn of(document: &Document, address: &Address, credential: &Credential) -> Result<Self, RenewalError> {
        if credential.digest == [0; 32] {
            return Err(RenewalError::NoDocument);
        }
        if credential.digest != *document.digest() {
            return Err(RenewalError::NotInForce { revision: credential.revision });
        }
        let value = document.value();
        proof::verify(value)?;
        let references = References::of(value)?.ok_or(RenewalError::Other("evidence"))?;
        if references.credential != *address || references.issuer != credential.issuer {
            return Err(RenewalError::Other("evidence"));
        }
        let subject = &value["credentialSubject"];
        let wallet = subject["id"].as_str().and_then(|id| id.parse::<Subject>().ok());
        let wallet = *wallet.ok_or(RenewalError::Other("credentialSubject"))?.key();
        let salt = salt(value, &wallet)?;
        if salt.map_or(wallet, |salt| salt.commitment(&wallet)) != credential.subject {
            return Err(RenewalError::Other("credentialSubject"));
        }
        let awarded = value["awardedDate"].as_str().and_then(|date| date.parse().ok());
        Ok(Self {
            credential: *address,
            wallet,
            salt,
            personal: personal(subject),
            awarded: awarded.ok_or(RenewalError::Other("awardedDate"))?,
            status_lists: status_lists(value, credential.status_index)
                .ok_or(RenewalError::Other("credentialStatus"))?,
            status_index: credential.status_index,
            definition: subject.get("achievement").cloned().ok_or(RenewalError::Other("achievement"))?,
            expires_at: credential.expires_at,
        })
    }

    /// The achievement's definition, as the document has it.
    #[must_use]
    pub const fn definition(&self) -> &Value {
        &self.definition
    }

    /// Where the status lists are, as the document has it.
    #[must_use]
    pub const fn status_lists(&self) -> &Base {
        &self.status_lists
    }

    /// What the new document is made for: with corrections of what was wrong, and a new expiry. Where none is said, what is only corrected is
    /// valid for as long as before, and otherwise the achievement's default validity counts from now; where that is none, the expiry stays too.
    #[must_use]
    pub fn award(&self, corrections: Corrections, expires_at: Option<i64>, office: &Office) -> Award {
        let is_over = self.expires_at != 0 && self.expires_at <= office.now();
        let stays = office.default_validity() == 0 || (!corrections.is_empty() && !is_over);
        let Personal { name, email, student_number, grade } = corrections.of(self.personal.clone());
        let kept = stays.then_some(self.expires_at);
        Award {
            credential: self.credential,
            status: office.status(self.status_index),
            awarded: Some(self.awarded),
            expires_at: expires_at.or(kept),
            learner: Learner { wallet: self.wallet, salt: self.salt, name, email, student_number, grade },
        }
    }
}

/// The URL under which the list is that a document names for a status index.
fn status_lists(document: &Value, index: u32) -> Option<Base> {
    let status = &document["credentialStatus"];
    let list = status["statusListCredential"].as_str()?;
    let base: Base = list.rsplit_once('/')?.0.parse().ok()?;
    let (expected, place) = status_list::place(&base, index);
    (list == expected && *status["statusListIndex"].as_str()? == *place.to_string()).then_some(base)
}

/// What a document says of its learner as a person.
fn personal(subject: &Value) -> Personal {
    let identities = subject["identifier"].as_array().map(Vec::as_slice).unwrap_or_default();
    let of = |kind: &str| {
        let identity = identities.iter().find(|identity| identity["identityType"] == kind)?;
        identity["identityHash"].as_str().map(str::to_owned)
    };
    Personal {
        name: of("name"),
        email: of("emailAddress"),
        student_number: of("identifier"),
        grade: subject["result"][0]["value"].as_str().map(str::to_owned),
    }
}
