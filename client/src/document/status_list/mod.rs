//! Status lists: what tells verifiers who know nothing of the chain which credentials are revoked (W3C, Bitstring Status List v1.0).
//!
//! [`place`] says which list and which place in it a credential's status index stands for, below a [`Base`].

mod base;

pub use base::{Base, BaseError, list_url, place};

/// Places of a list: the fewest that the standard allows.
pub const PLACES: u32 = 131_072;
