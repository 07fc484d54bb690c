//! How a cluster is asked.

use std::time::Duration;

use solana_commitment_config::CommitmentConfig;

/// How a cluster is asked. The defaults suit public endpoints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// How sure the cluster must be of what it answers; default: confirmed.
    pub commitment: CommitmentConfig,
    /// How long one answer may take; default: 30 seconds.
    pub timeout: Duration,
    /// How often a read is asked again.
    pub patience: Patience,
    /// How many questions may be under way at a time; default: 64.
    pub concurrency: usize,
    /// How often the cluster is asked what became of all that was sent; default: 400 milliseconds, a slot.
    pub poll: Duration,
    /// How often a transaction that has not landed is sent again; default: 2 seconds.
    pub resend: Duration,
    /// For how long a transaction with a durable nonce is followed; default: a minute.
    pub nonce: Duration,
    /// Where changes are told (WebSocket); none: the port after the endpoint's own, or the same address.
    pub web_socket: Option<String>,
}

/// How often a read is asked again where the way there, or the node, is out of order for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Attempts at most, the first one included; default: 8.
    pub attempts: usize,
    /// Delay before the second attempt, to which up to as much is added by chance; doubles from attempt to attempt; default: 250
    /// milliseconds.
    pub first: Duration,
    /// The longest delay; default: 8 seconds.
    pub longest: Duration,
    /// How long all attempts may take together; default: a minute.
    pub total: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            commitment: CommitmentConfig::confirmed(),
            timeout: Duration::from_secs(30),
            patience: Patience::default(),
            concurrency: 64,
            poll: Duration::from_millis(400),
            resend: Duration::from_secs(2),
            nonce: Duration::from_secs(60),
            web_socket: None,
        }
    }
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            attempts: 8,
            first: Duration::from_millis(250),
            longest: Duration::from_secs(8),
            total: Duration::from_secs(60),
        }
    }
}
