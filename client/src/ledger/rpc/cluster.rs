//! Which cluster an endpoint belongs to, and whether the program is there.

use std::fmt;

use microcred::ID;
use serde_json::Value;
use solana_hash::Hash;
use solana_rpc_client_api::request::RpcRequest;

use super::Rpc;
use crate::ledger::{AccountReader, ReadError};

/// A cluster, known by the hash of its first block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cluster {
    /// Where lamports have a price.
    MainnetBeta,
    /// For developers.
    Devnet,
    /// For validators.
    Testnet,
    /// Any other: a local one, for instance.
    Other(Hash),
}

/// The clusters that everyone shares, with the hashes of their first blocks (docs.anza.xyz, "Solana Clusters").
const KNOWN: [(Cluster, &str); 3] = [
    (Cluster::MainnetBeta, "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d"),
    (Cluster::Devnet, "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG"),
    (Cluster::Testnet, "4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY"),
];

impl Cluster {
    /// The cluster whose first block has this hash.
    #[must_use]
    pub fn from_genesis(hash: Hash) -> Self {
        let text = hash.to_string();
        KNOWN.iter().find(|(_, known)| *known == text).map_or(Self::Other(hash), |(cluster, _)| *cluster)
    }
}

impl fmt::Display for Cluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MainnetBeta => f.write_str("mainnet-beta"),
            Self::Devnet => f.write_str("devnet"),
            Self::Testnet => f.write_str("testnet"),
            Self::Other(hash) => write!(f, "a cluster of its own (genesis {hash})"),
        }
    }
}

impl Rpc {
    /// The hash of the cluster's first block.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn genesis_hash(&self) -> Result<Hash, ReadError> {
        let text: String = self.ask(RpcRequest::GetGenesisHash, Value::Null).await?;
        text.parse().map_err(|_| ReadError::Malformed("a genesis hash that is none".to_owned()))
    }

    /// Which cluster this is.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn cluster(&self) -> Result<Cluster, ReadError> {
        self.genesis_hash().await.map(Cluster::from_genesis)
    }

    /// Checks that the program is there: where it is not, nothing would ever be found.
    ///
    /// # Errors
    /// [`ReadError::NotDeployed`]; others where it could not be checked.
    pub async fn require_program(&self) -> Result<(), ReadError> {
        let found = self.read(&[ID]).await?;
        match found.accounts.first() {
            Some(Some(account)) if account.executable => Ok(()),
            _ => Err(ReadError::NotDeployed { cluster: self.cluster().await?.to_string() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_are_known_by_their_first_block() {
        for (cluster, hash) in KNOWN {
            assert_eq!(Cluster::from_genesis(hash.parse().unwrap()), cluster);
        }
        let other = Hash::new_from_array([1; 32]);
        assert_eq!(Cluster::from_genesis(other), Cluster::Other(other));
        assert!(Cluster::Other(other).to_string().contains(&other.to_string()));
    }
}
