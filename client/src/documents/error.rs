//! Why no documents are made.

use microcred::error::MicrocredError;
use solana_address::Address;

use crate::{
    account::DecodeError,
    document::{
        proof::SignError,
        status_list::{Base, BaseError},
    },
    hex::Hex,
    ledger::ReadError,
    lookup::LookupError,
};

/// Why no documents can be made.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    /// A read failed.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// An account is not what it should be.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The key could not be found.
    #[error(transparent)]
    Lookup(LookupError),
    /// There is no such account.
    #[error("there is no {kind} at {address}: check the address and the cluster")]
    Missing {
        /// What was looked for.
        kind: &'static str,
        /// Where.
        address: Address,
    },
    /// The achievement is another issuer's.
    #[error("the achievement {achievement} is the issuer {issuer}'s, not the key's: name a key of that issuer")]
    AnotherIssuers {
        /// The achievement.
        achievement: Address,
        /// Whose it is.
        issuer: Address,
    },
    /// The account is that of another key.
    #[error(
        "key {index} of the issuer is {key}, not {signer}: sign documents with that one, or name the other's index"
    )]
    AnotherKey {
        /// Index of the key.
        index: u16,
        /// What its account names.
        key: Address,
        /// Who was to sign.
        signer: Address,
    },
    /// The key may not sign documents.
    #[error("key {index} may not sign documents of this achievement ({}): {}", .error.message(), remedy(*.error))]
    Key {
        /// Index of the key.
        index: u16,
        /// Why it may not.
        error: MicrocredError,
    },
    /// The achievement has no definition on chain.
    #[error(
        "the achievement {title:?} has no definition on chain, which documents need: publish one that has a definition in its \
         declaration by `microcred apply`, or write its digest while it is a draft"
    )]
    NoDefinition {
        /// The achievement's title.
        title: String,
    },
    /// The definition is another one.
    #[error(
        "this is not the definition of the achievement: its digest is {}, and on chain stands {}; name the definition as it was when the \
         achievement was published",
        Hex(found),
        Hex(on_chain)
    )]
    OtherDefinition {
        /// Its digest.
        found: [u8; 32],
        /// The digest on chain.
        on_chain: [u8; 32],
    },
    /// Nobody is named whose acceptance is required.
    #[error(
        "credentials of this achievement are pending until the learner accepts them, which the subject of a private one cannot: issue it \
         to wallets"
    )]
    Unacceptable,
    /// Nowhere to publish status lists.
    #[error(transparent)]
    StatusLists(#[from] BaseError),
    /// Documents would be refused by those who verify them.
    #[error(
        "no documents can be made of this achievement and issuer: {0}. What begins with /issuer is the issuer's profile on chain: correct it by \
         `microcred apply`; with /credentialSubject/achievement the definition: publish a new achievement with a corrected one; with \
         /credentialStatus where the status lists are: name another URL"
    )]
    Unsound(MakeError),
    /// Status lists would not be protected on their way.
    #[error("status lists cannot be at {0}: verifiers fetch them by https, and by http from their own computer alone")]
    Unprotected(Base),
}

/// Why a document is not made.
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    /// It cannot be signed.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// Another key was to sign.
    #[error("documents are signed by {key}, not by {signer}: name the keypair of that key")]
    AnotherKey {
        /// Who was to sign.
        signer: Address,
        /// The key of the office.
        key: Address,
    },
    /// Verifiers would refuse it. Nothing was signed.
    #[error("verifiers would refuse the document: {}", .0.join("; "))]
    Form(Vec<String>),
    /// A time that documents cannot say.
    #[error(
        "documents cannot say the time {0}, which lies outside of the years that are written with four digits: name another expiry"
    )]
    Time(i64),
}

/// What to do about a key that may not sign documents.
const fn remedy(error: MicrocredError) -> &'static str {
    match error {
        MicrocredError::KeyWithoutPermission => {
            "it needs the permission `assert`; add a key that has it, or name another one for documents"
        }
        MicrocredError::KeyOutOfScope => "name one whose scope is this achievement, or all",
        _ => "name another key of the issuer",
    }
}
