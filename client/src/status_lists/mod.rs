//! What stands in an issuer's status lists, read from the chain: the bit of each of its credentials, by the program's own verdict.
//!
//! A bit is set where the verdict is final: revoked, erased, declined, asserted by a compromised key. It is not set where the credential is
//! pending, active or expired, nor where it is suspended, unless that is asked for: a list of purpose `revocation` does not show what may
//! still be reinstated.
//!
//! Whoever answers could leave a revoked credential out, and the list would pass it. So the issuer's keys are asked how many credentials
//! they have issued and renewed, before and after: that must be as many as were found.

mod reading;

use std::collections::HashSet;

use jiff::Timestamp;
use microcred::{
    error::MicrocredError,
    state::{Issuer, IssuerKey, permission},
};
use solana_address::Address;

use crate::{
    document::status_list::{Base, Bits, PLACES, Unsigned, list_url},
    ledger::ReadError,
    lookup::LookupError,
};

pub use reading::read;

/// How many seconds before the reads lists are valid already. The clock of a cluster may be ahead of the world's, and what is published is
/// to be good at once.
pub const CLOCKS_APART: i64 = 300;

/// Why nothing can be said, or not by this key.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum StatusListsError {
    /// A read failed, or what was read makes no sense.
    #[error(transparent)]
    Lookup(#[from] LookupError),
    /// The cluster stands still, or shows how it was.
    #[error(
        "the cluster's clock is more than ten minutes old: lists of its state would hide what was revoked since; try again, or name another with --url"
    )]
    Stale,
    /// Credentials are missing, or there are some that nobody issued.
    #[error(
        "the issuer's keys have issued and renewed {counted} times, but the credentials that were found say {found}: not all were found; try again, or name another cluster with --url"
    )]
    Disagree {
        /// What the keys say.
        counted: u64,
        /// What the credentials say.
        found: u64,
    },
    /// There is no verdict on a credential.
    #[error("the credential {0} cannot be judged: its key was not found, or this software is too old for it")]
    Unjudged(Address),
    /// The signer holds no key of the issuer's.
    #[error(
        "{signer} is no key of the issuer {issuer}: its status lists are signed by one of its keys that has the permission `assert`"
    )]
    NotAKey {
        /// Who was to sign.
        signer: Address,
        /// The issuer.
        issuer: Address,
    },
    /// The signer holds keys of the issuer's, and none of them may sign its lists.
    #[error("key {index} of the issuer {issuer} may not sign status lists: {}; this takes a key with the permission `assert` that is valid now and has no scope", .why.message())]
    NotPermitted {
        /// The issuer.
        issuer: Address,
        /// Which of its keys.
        index: u16,
        /// Why it may not.
        why: MicrocredError,
    },
}

impl From<ReadError> for StatusListsError {
    fn from(error: ReadError) -> Self {
        Self::Lookup(error.into())
    }
}

/// What is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether the bits of suspended credentials are set too.
    pub suspended_too: bool,
    /// The local time that the cluster's clock is held against, Unix seconds [default: the computer's].
    pub local_time: Option<i64>,
}

/// How many credentials there are of which kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Credentials of the issuer.
    pub credentials: u64,
    /// Of these, credentials of which there can be no document, so that nobody asks for their bits.
    pub without_document: u64,
    /// Credentials whose bits are set.
    pub set: u64,
    /// Suspended credentials, whether or not their bits are set.
    pub suspended: u64,
}

/// A credential and its bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its index in all lists.
    pub status_index: u32,
    /// The credential.
    pub credential: Address,
    /// Whether its bit is set.
    pub is_set: bool,
}

/// A list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its number.
    pub number: u32,
    /// How many credentials have their places in it.
    pub credentials: usize,
    /// Its bits.
    pub bits: Bits,
}

/// When lists are valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// When they are signed.
    pub signed: Timestamp,
    /// From when on.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

impl Validity {
    /// Signed at a time, valid for so many seconds after it and [`CLOCKS_APART`] before. None: beyond the years that can be written.
    #[must_use]
    pub fn new(time: i64, seconds: i64) -> Option<Self> {
        let at = |time: Option<i64>| Timestamp::from_second(time?).ok();
        Some(Self {
            signed: at(Some(time))?,
            from: at(time.checked_sub(CLOCKS_APART))?,
            until: at(time.checked_add(seconds))?,
        })
    }
}

impl Listed {
    /// The list as it is to be signed.
    #[must_use]
    pub fn unsigned(self, base: &Base, validity: &Validity) -> Unsigned {
        let Validity { signed, from: valid_from, until: valid_until } = *validity;
        Unsigned { url: list_url(base, self.number), signed, valid_from, valid_until, bits: self.bits }
    }
}

/// What an issuer's status lists say.
#[derive(Clone, Debug)]
pub struct StatusLists {
    /// Address of the issuer.
    pub issuer: Address,
    /// Its account.
    pub account: Issuer,
    /// Its keys, in the order of their indices.
    pub keys: Vec<IssuerKey>,
    /// Cluster time of the reads, Unix seconds.
    pub time: i64,
    /// How many credentials there are.
    pub counts: Counts,
    /// By index, then address; those without document among them, whose bits are not set.
    entries: Vec<(Entry, HasDocument)>,
}

/// Whether there can be a document that names the place.
type HasDocument = bool;

impl StatusLists {
    /// The lists that have a place of any credential, one after the other.
    pub fn lists(&self) -> impl Iterator<Item = Listed> {
        let number = |entry: &Entry| entry.status_index / PLACES;
        self.entries.chunk_by(move |(one, _), (next, _)| number(one) == number(next)).map(move |entries| {
            let mut bits = Bits::default();
            for (entry, _) in entries.iter().filter(|(entry, _)| entry.is_set) {
                // Every remainder is one of the places.
                let _ = bits.set(u64::from(entry.status_index % PLACES));
            }
            Listed {
                number: entries.first().map(|(entry, _)| number(entry)).unwrap_or_default(),
                credentials: entries.len(),
                bits,
            }
        })
    }

    /// Credentials that share an index although each can have a document, by index. One bit cannot tell them apart: it is set if it is for
    /// any of them.
    pub fn collisions(&self) -> impl Iterator<Item = Vec<Entry>> {
        let same = self.entries.chunk_by(|(one, _), (next, _)| one.status_index == next.status_index);
        let asked = same.map(|entries| entries.iter().filter(|(_, asked)| *asked).map(|(entry, _)| *entry).collect());
        asked.filter(|entries: &Vec<Entry>| entries.len() > 1)
    }

    /// The issuer's key that a signer holds and that may sign its lists: with the permission `assert`, without scope, valid at the time of
    /// the reads.
    ///
    /// # Errors
    /// [`StatusListsError::NotAKey`], [`StatusListsError::NotPermitted`].
    pub fn signing_key(&self, signer: &Address) -> Result<&IssuerKey, StatusListsError> {
        let mut refused = StatusListsError::NotAKey { signer: *signer, issuer: self.issuer };
        for key in self.keys.iter().filter(|key| key.key == *signer) {
            match key.authorize(permission::ASSERT, &Address::default(), self.time) {
                Ok(()) => return Ok(key),
                Err(why) => {
                    refused = StatusListsError::NotPermitted { issuer: self.issuer, index: key.index, why };
                }
            }
        }
        Err(refused)
    }

    /// Other public keys that sign documents of the issuer, or once did, and are not compromised. Of their documents, verifiers who take a
    /// list only from the document's own issuer cannot know the status.
    #[must_use]
    pub fn other_signers(&self, signer: &Address) -> Vec<Address> {
        let mut seen = HashSet::from([*signer]);
        let asserting = |key: &&IssuerKey| key.permissions & permission::ASSERT != 0 && key.compromised_at == 0;
        self.keys.iter().filter(asserting).map(|key| key.key).filter(|key| seen.insert(*key)).collect()
    }
}
