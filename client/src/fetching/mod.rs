//! Files that documents of other issuers name: status lists and DID documents. Who names them may be anybody, so that what is fetched,
//! from where, and how much of it is bounded.

#[cfg(feature = "rpc")]
mod https;
mod kept;
#[cfg(feature = "rpc")]
mod places;

use async_trait::async_trait;
use thiserror::Error;

use crate::document::json;

#[cfg(feature = "rpc")]
pub use https::Https;
pub use kept::Kept;

/// How many bytes are fetched at most: as many as are read of a status list or a DID document.
pub const SIZE_LIMIT: usize = json::SIZE_LIMIT;

/// Why there is no file. None of these says anything about a credential.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum FetchError {
    /// Not an address that is fetched from.
    #[error("{url:?} is not fetched: {why}; get the file yourself, and give it")]
    NotAllowed {
        /// The address, shortened.
        url: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// No answer came.
    #[error("{host} gave no answer ({why}): try again later, or get the file yourself, and give it")]
    Unreachable {
        /// Who was asked.
        host: String,
        /// What happened.
        why: String,
    },
    /// An answer that is no file.
    #[error("{host} answered with the status {status}: try again later, or ask the issuer for the file")]
    Status {
        /// Who was asked.
        host: String,
        /// The status of HTTP.
        status: u16,
    },
    /// More than [`SIZE_LIMIT`].
    #[error(
        "{host} answered with more than {SIZE_LIMIT} bytes, and status lists and DID documents of more are not read"
    )]
    TooBig {
        /// Who was asked.
        host: String,
    },
}

/// Where files come from.
#[async_trait]
pub trait Fetch: Send + Sync {
    /// The file at an address.
    async fn fetch(&self, url: &str) -> Result<Vec<u8>, FetchError>;
}
