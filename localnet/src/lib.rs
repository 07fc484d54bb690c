//! A loopback cluster with the program loaded: JSON-RPC and WebSocket on 127.0.0.1, without a network, with mainnet's features.
//!
//! ```no_run
//! use microcred_localnet::{Localnet, Options};
//! use solana_keypair::Keypair;
//! use solana_signer::Signer;
//!
//! let localnet = Localnet::start(Options::default())?;
//! let payer = Keypair::new();
//! localnet.fund(&payer.pubkey(), 1_000_000_000)?;
//! println!("{} {}", localnet.rpc_url(), localnet.ws_url());
//! # Ok::<(), microcred_localnet::LocalnetError>(())
//! ```

mod localnet;
mod ports;
mod program;

pub use localnet::{Localnet, LocalnetError, Options};
pub use program::program_data_address;
