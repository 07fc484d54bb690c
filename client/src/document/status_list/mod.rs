//! Status lists: what tells verifiers who know nothing of the chain which credentials are revoked (W3C, Bitstring Status List v1.0).
//!
//! - [`place`] says which list and which place in it a credential's status index stands for, below a [`Base`].
//! - [`Bits`] are written and read, in bounded memory.
//! - [`Unsigned`] is signed in both published forms.
//! - [`check`] tells the bit of an entry, or why it cannot be known.
//!
//! ```
//! use microcred_client::document::status_list::{Base, Bits, place};
//!
//! let base = Base::of_issuer("https://university.example")?;
//! let (list, place) = place(&base, 131_073);
//! assert_eq!((list.as_str(), place), ("https://university.example/credentials/status/1", 1));
//! let mut bits = Bits::default();
//! assert!(bits.set(place.into()));
//! assert_eq!(Bits::decode(&bits.encode()?)?.get(1), Some(true));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod base;
mod bits;
mod checking;
mod claims;
mod jwt;
mod making;

pub use base::{Base, BaseError, list_url, place};
pub use bits::{Bits, BitsError, INFLATED_LIMIT, PLACES};
pub use checking::{EntryWanted, Form, List, SIZE_LIMIT, StatusError, check, check_with};
pub use jwt::JwtError;
pub use making::{MakeError, Signed, Unsigned};

/// The purpose of lists that say what is out of force for good.
pub const REVOCATION: &str = "revocation";
