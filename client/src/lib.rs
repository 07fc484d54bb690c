//! Addresses, instructions, decoding, ledgers and verification for **microcred**: micro-credentials in education on Solana.
//!
//! - [`address`] and [`instructions`] are pure: they need no network, so they serve wallets, multisigs and offline signing alike.
//! - [`account`] and [`event`] decode what the program wrote, and refuse what it did not write.
//! - [`lookup`] finds which of an issuer's keys a signer holds, and which credential is meant.
//! - [`ledger`] is the seam to a cluster; its embedded end runs the compiled program inside the process, the
//!   other asks any cluster by RPC.
//! - [`queries`] finds accounts by what stands in them.
//! - [`sending`] makes signed transactions of instructions, in steps for those who sign elsewhere, and sees them land.
//! - [`bulk`] issues to many and revokes from many, and takes up again what was interrupted.
//! - [`declaration`] says what changes to make a ledger as a file declares; [`definition`] is what an achievement is in full.
//! - [`verification`] reads what a verdict rests on and asks the program's own [`verdict::evaluate`].
//! - [`document`] makes and checks the document that a learner holds.
//! - [`baking`] puts learners' documents into images and takes them out again, and [`certificate`] prints them.
//! - [`status_lists`] reads what an issuer's status lists say.
//! - [`fetching`] gets the files that documents of other issuers name.
//! - [`documents`] makes documents together with the credentials on chain.
//! - [`watch`] tells changes as they come, and loses none.
//!
//! ```
//! use microcred_client::{address, instructions::{Actor, KeyRef, credential}, state::Reason, Address};
//!
//! let creator = Address::new_from_array([1; 32]);
//! let issuer = address::issuer(&creator, "university-of-somewhere");
//! let achievement = address::achievement(&issuer, "rust-basics");
//! let credential = address::credential(&achievement, &Address::new_from_array([2; 32]), 0);
//! let key = KeyRef { issuer, index: 0, key: Address::new_from_array([3; 32]) };
//! let instruction = credential::revoke(&Actor::Key(key), credential, Reason::IssuedInError);
//! assert_eq!(instruction.program_id, microcred_client::PROGRAM_ID);
//! ```

pub mod account;
pub mod address;
#[cfg(feature = "certificates")]
pub mod baking;
pub mod bulk;
#[cfg(feature = "certificates")]
pub mod certificate;
pub mod declaration;
pub mod definition;
pub mod deployment;
#[cfg(feature = "documents")]
pub mod document;
#[cfg(feature = "documents")]
pub mod documents;
pub mod error;
pub mod event;
#[cfg(feature = "documents")]
pub mod fetching;
pub mod hex;
pub mod instructions;
pub mod learners;
pub mod ledger;
pub mod lookup;
pub mod queries;
pub mod sending;
#[cfg(feature = "documents")]
pub mod status_lists;
pub mod verification;
pub mod watch;

pub use microcred::{ID as PROGRAM_ID, error::MicrocredError, events, state, verdict};
pub use solana_account::Account;
pub use solana_address::Address;
pub use solana_instruction::Instruction;
