//! Checking status lists. What cannot be relied on is neither "revoked" nor "not revoked".

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::{
    Bits, BitsError,
    claims::{Claims, KNOWN, Registered},
    jwt::{self, JwtError, Token},
};
use crate::document::{
    json::{self, JsonError},
    proof::{self, DidKeys, Keys, ProofError, Purpose},
};

/// How many bytes a published list has at most, in either form: as many as any JSON that is read.
pub const SIZE_LIMIT: usize = json::SIZE_LIMIT;

/// Why a list does not tell a bit. None of these says that a credential is revoked, or that it is not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StatusError {
    /// More than [`SIZE_LIMIT`].
    #[error("the status list has {0} bytes; {SIZE_LIMIT} are read at most")]
    TooBig(usize),
    /// Neither JSON nor a token, or not as they must be.
    #[error("the status list cannot be read: {0}")]
    Json(#[from] JsonError),
    /// Not a token that can be relied on.
    #[error("the status list cannot be relied on: {0}")]
    Jwt(#[from] JwtError),
    /// Not proven.
    #[error("the status list cannot be relied on: {0}")]
    Proof(#[from] ProofError),
    /// Not a status list, or of a kind that is not known.
    #[error("this is not a status list of the kind that is known, BitstringStatusListCredential: {0}")]
    Kind(String),
    /// Somebody else signed it.
    #[error("the status list says that {issuer} issued it, but {signer} signed it")]
    Signer {
        /// Whose it is said to be.
        issuer: String,
        /// Who signed it.
        signer: String,
    },
    /// It is not valid yet.
    #[error("the status list is only valid from {0} on: check the clock, and fetch it again")]
    NotYetValid(Timestamp),
    /// It is not valid any more.
    #[error("the status list was valid until {0}: fetch it again; its issuer must publish it anew")]
    Expired(Timestamp),
    /// Its bits cannot be read.
    #[error("the status list cannot be read: {0}")]
    Bits(#[from] BitsError),
    /// It is another list.
    #[error("the document names the status list {wanted}, and this is {found}")]
    OtherUrl {
        /// The list that the document names.
        wanted: String,
        /// What the list is called.
        found: String,
    },
    /// It is of another issuer.
    #[error(
        "the document is by {wanted}, and the status list by {found}: who did not issue it cannot say whether it is revoked"
    )]
    OtherIssuer {
        /// The document's issuer.
        wanted: String,
        /// The list's issuer.
        found: String,
    },
    /// It is for another purpose.
    #[error("the document asks for a status list of the purpose {wanted:?}, and this is for {found}")]
    OtherPurpose {
        /// The purpose that the document names.
        wanted: String,
        /// What the list is for.
        found: String,
    },
    /// The list has no such place.
    #[error("the document names place {place} of a status list that has {places}")]
    Outside {
        /// The place.
        place: u64,
        /// How many there are.
        places: u64,
    },
}

/// The entry that a document names in `credentialStatus`, and who issued the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryWanted<'a> {
    /// `statusListCredential`.
    pub url: &'a str,
    /// `statusListIndex`.
    pub index: u64,
    /// `statusPurpose`.
    pub purpose: &'a str,
    /// The document's issuer: a DID.
    pub issuer: &'a str,
}

/// How a list is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// JSON with a Data Integrity proof.
    DataIntegrity,
    /// A JSON Web Token.
    Jwt,
}

impl Form {
    /// What people call it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::DataIntegrity => "data integrity",
            Self::Jwt => "jwt",
        }
    }
}

/// A list whose issuer signed it, and that is valid now. Whether it is the list that a document names is asked by [`List::bit`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// What it is called: where it is published.
    pub url: String,
    /// Who issued and signed it: a DID.
    pub issuer: String,
    /// What its bits are about.
    pub purposes: Vec<String>,
    /// From when on it is valid, if that is said.
    pub valid_from: Option<Timestamp>,
    /// Until when it is valid, if that is said.
    pub valid_until: Option<Timestamp>,
    /// How it is signed.
    pub form: Form,
    /// The bits.
    pub bits: Bits,
}

/// Whether the bit of an entry is set, by the bytes of a published list.
///
/// # Errors
/// [`StatusError`]: the list does not tell.
pub fn check(bytes: &[u8], wanted: &EntryWanted<'_>, now: Timestamp) -> Result<bool, StatusError> {
    check_with(bytes, wanted, now, &DidKeys)
}

/// [`check`], where the issuer may have other keys than those that name themselves: the ones with which its document was checked.
///
/// # Errors
/// [`StatusError`]: the list does not tell.
pub fn check_with(
    bytes: &[u8],
    wanted: &EntryWanted<'_>,
    now: Timestamp,
    keys: &dyn Keys,
) -> Result<bool, StatusError> {
    List::read_with(bytes, now, keys)?.bit(wanted)
}

impl List {
    /// Reads a published list of either form, and checks that its issuer signed it and that it is valid now. To be asked often, where many
    /// documents name the same list.
    ///
    /// # Errors
    /// [`StatusError`].
    pub fn read(bytes: &[u8], now: Timestamp) -> Result<Self, StatusError> {
        Self::read_with(bytes, now, &DidKeys)
    }

    /// [`List::read`], where its issuer may have other keys than those that name themselves.
    ///
    /// # Errors
    /// [`StatusError`].
    pub fn read_with(bytes: &[u8], now: Timestamp, keys: &dyn Keys) -> Result<Self, StatusError> {
        if bytes.len() > SIZE_LIMIT {
            return Err(StatusError::TooBig(bytes.len()));
        }
        let text = bytes.trim_ascii();
        match text.first() {
            Some(first) if first.is_ascii_alphanumeric() => {
                let text = str::from_utf8(text).map_err(|_| JwtError::Form)?;
                Self::of_token(jwt::verify(text, keys)?, now)
            }
            _ => Self::of_document(&json::read(text)?, now, keys),
        }
    }

    /// Whether the bit of an entry is set.
    ///
    /// # Errors
    /// [`StatusError`]: this is not the list for it.
    pub fn bit(&self, wanted: &EntryWanted<'_>) -> Result<bool, StatusError> {
        if self.url != wanted.url {
            return Err(StatusError::OtherUrl { wanted: shortened(wanted.url), found: shortened(&self.url) });
        }
        if self.issuer != wanted.issuer {
            return Err(StatusError::OtherIssuer { wanted: shortened(wanted.issuer), found: self.issuer.clone() });
        }
        if !self.purposes.iter().any(|purpose| purpose == wanted.purpose) {
            let found = shortened(&self.purposes.join(", "));
            return Err(StatusError::OtherPurpose { wanted: shortened(wanted.purpose), found });
        }
        let outside = || StatusError::Outside { place: wanted.index, places: self.bits.places() };
        self.bits.get(wanted.index).ok_or_else(outside)
    }

    fn of_document(document: &Value, now: Timestamp, keys: &dyn Keys) -> Result<Self, StatusError> {
        let claims = Claims::read(document)?;
        let unknown = document.as_object().and_then(|fields| fields.keys().find(|key| !KNOWN.contains(&key.as_str())));
        if let Some(unknown) = unknown {
            return Err(StatusError::Kind(format!("it says {:?} as well", shortened(unknown))));
        }
        let proofs = proof::verify_with(document, keys)?;
        let issuers =
            |proof: &&proof::Verified| proof.controller() == claims.issuer && proof.purpose == Purpose::AssertionMethod;
        let Some(proof) = proofs.iter().find(issuers) else {
            let signer = proofs.first().map(|proof| proof.controller().to_owned()).unwrap_or_default();
            return Err(StatusError::Signer { issuer: shortened(&claims.issuer), signer });
        };
        if let Some(expires) = proof.expires.filter(|expires| now >= *expires) {
            return Err(StatusError::Expired(expires));
        }
        claims.into_list(Form::DataIntegrity, now)
    }

    fn of_token(Token { payload, controller }: Token, now: Timestamp) -> Result<Self, StatusError> {
        let fields = payload.as_object().ok_or_else(|| StatusError::Kind("its claims are no object".into()))?;
        let registered =
            Registered::deserialize(fields).map_err(|error| StatusError::Kind(format!("its claims: {error}")))?;
        if registered.vc.is_some() || registered.vp.is_some() {
            return Err(StatusError::Kind("it has the claims of Verifiable Credentials 1.1".into()));
        }
        let claims = Claims::read(&payload)?;
        let said = [Some(claims.issuer.as_str()), registered.iss.as_deref()];
        if let Some(issuer) = said.into_iter().flatten().find(|issuer| *issuer != controller) {
            return Err(StatusError::Signer { issuer: shortened(issuer), signer: controller });
        }
        let time = |seconds: i64| Timestamp::from_second(seconds).ok();
        if let Some(seconds) = registered.exp.filter(|seconds| now.as_second() >= *seconds) {
            return Err(StatusError::Expired(time(seconds).unwrap_or(Timestamp::MIN)));
        }
        if let Some(seconds) = registered.nbf.filter(|seconds| now.as_second() < *seconds) {
            return Err(StatusError::NotYetValid(time(seconds).unwrap_or(Timestamp::MAX)));
        }
        claims.into_list(Form::Jwt, now)
    }
}

/// What an error shows of a text that may be anything.
fn shortened(text: &str) -> String {
    text.chars().take(160).collect()
}
