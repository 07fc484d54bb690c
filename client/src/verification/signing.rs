//! Whether the key that signed a document was the issuer's to sign it with, at the time. No I/O.

use microcred::state::{Achievement, Credential, Issuer, IssuerKey, permission};
use solana_account::Account;
use solana_address::Address;

use crate::account::{DecodeError, decode};

/// By how much a document may be signed after it was asserted on chain, seconds: the issuer's clock is not the cluster's.
pub const SIGNING_TOLERANCE: i64 = 600;

/// Who signed a document that was presented, to be compared in the same read. Its proof is good: that was checked before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The Ed25519 key.
    pub key: Address,
    /// Accounts of issuer keys of which one must hold that key: the one that the document names, or those that were found. Where the document
    /// names one, the issuer's others are not read: a key that stands under several indices must be marked as compromised under each.
    pub accounts: Vec<Address>,
    /// When, by the proof's own word, Unix seconds.
    pub created: Option<i64>,
}

/// Whether a key was the issuer's to sign a document with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Others may have held the key by then. That one of several accounts says so is enough: the key is the same.
    Compromised,
    /// It was: at the time of signing, and, where the document's digest stands on chain, at the time of asserting.
    Entitled,
    /// Outside of its window, or after it was retired.
    OutsideWindow,
    /// It was signed after it was asserted.
    SignedLater,
    /// The key is for another achievement.
    OutOfScope,
    /// The key may not sign documents.
    WithoutPermission,
    /// The proof does not say when it was made.
    Undated,
    /// It could not be told: the account is of a later version.
    NotRead,
    /// None of the accounts is the issuer's and holds this key.
    NotIssuers,
}

/// What a document is compared with, from the same read as the verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// The issuer.
    pub issuer: Option<Issuer>,
    /// The achievement.
    pub achievement: Option<Achievement>,
    /// Whether the key was the issuer's to sign with; none: that was not asked.
    pub standing: Option<Standing>,
}

impl Signed {
    /// What the accounts say of a credential's document, whose digest stands on chain or not: the first in order.
    pub(super) fn standing<'a>(
        &self,
        accounts: impl Iterator<Item = (&'a Address, Option<&'a Account>)>,
        credential: &Credential,
        is_on_chain: bool,
    ) -> Standing {
        let each =
            accounts.map(|(address, account)| match account.map(|account| decode::<IssuerKey>(address, account)) {
                Some(Ok(key)) => self.standing_of(&key, credential, is_on_chain),
                Some(Err(DecodeError::WrongVersion { .. })) => Standing::NotRead,
                // What is no issuer key cannot be the issuer's.
                Some(Err(_)) | None => Standing::NotIssuers,
            });
        each.min().unwrap_or(Standing::NotIssuers)
    }

    fn standing_of(&self, key: &IssuerKey, credential: &Credential, is_on_chain: bool) -> Standing {
        if key.issuer != credential.issuer || key.key != self.key {
            return Standing::NotIssuers;
        }
        let Some(created) = self.created else { return Standing::Undated };
        let asserted = is_on_chain.then_some(credential.asserted_at);
        let mut times = [Some(created), asserted].into_iter().flatten();
        if times.clone().any(|time| key.is_compromised_at(time)) {
            Standing::Compromised
        } else if key.permissions & permission::ASSERT == 0 {
            Standing::WithoutPermission
        } else if key.scope != Address::default() && key.scope != credential.achievement {
            Standing::OutOfScope
        } else if times.any(|time| !is_in_window(key, time)) {
            Standing::OutsideWindow
        } else if asserted.is_some_and(|asserted| created > asserted.saturating_add(SIGNING_TOLERANCE)) {
            Standing::SignedLater
        } else {
            Standing::Entitled
        }
    }
}

/// Whether a key was valid at an instant.
fn is_in_window(key: &IssuerKey, time: i64) -> bool {
    let retired_before = key.is_retired() && key.changed_at < time;
    key.valid_from <= time && (key.valid_until == 0 || time < key.valid_until) && !retired_before
}
