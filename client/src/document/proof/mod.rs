//! Data Integrity proofs by Ed25519 keys: the cryptosuites `eddsa-rdfc-2022` and `eddsa-jcs-2022` (W3C, Data Integrity EdDSA
//! Cryptosuites v1.0).

mod hashing;
mod signing;
mod verifying;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use hashing::Unhashable;
pub(crate) use signing::seconds;
pub use signing::{Begun, Options, SignError, sign};
pub use verifying::{DidKeys, KeyError, Keys, LIMIT, ProofError, Verified, verify, verify_with};

/// How a document becomes the bytes that are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cryptosuite {
    /// Over canonical RDF. The one that every independent verifier tried accepts.
    EddsaRdfc2022,
    /// Over canonical JSON.
    EddsaJcs2022,
}

impl Cryptosuite {
    /// The word in `cryptosuite`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::EddsaRdfc2022 => "eddsa-rdfc-2022",
            Self::EddsaJcs2022 => "eddsa-jcs-2022",
        }
    }

    fn of(word: &str) -> Option<Self> {
        [Self::EddsaRdfc2022, Self::EddsaJcs2022].into_iter().find(|suite| suite.word() == word)
    }
}

impl fmt::Display for Cryptosuite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What a proof is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Purpose {
    /// To say something: credentials and status lists.
    AssertionMethod,
    /// To show who one is: presentations.
    Authentication,
}

impl Purpose {
    /// The word in `proofPurpose`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::AssertionMethod => "assertionMethod",
            Self::Authentication => "authentication",
        }
    }
}
