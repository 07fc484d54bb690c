//! Who is meant, in a declaration: by address, or by what signs for it.

use std::{fmt, str::FromStr};

use serde::Deserialize;
use solana_address::Address;

/// An address, or something that signs for one: a keypair file, a hardware wallet. What the latter's address is, the caller finds out
/// ([`super::Roles::signers`]): this library opens no files of keys.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(from = "String")]
pub enum Identity {
    /// The address itself.
    Address(Address),
    /// A signer, as the command line names one.
    Signer(String),
}

impl From<String> for Identity {
    fn from(text: String) -> Self {
        Address::from_str(&text).map_or(Self::Signer(text), Self::Address)
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::Signer(signer) => f.write_str(signer),
        }
    }
}
