//! Declared keys, and which key of the ledger each of them means.
//!
//! Public key, permissions and scope tell. Where several agree in these, entries that are retired claim theirs first, each the one that
//! suits it best, and of equals the oldest: so a key can be retired and added again.

use std::collections::BTreeSet;

use microcred::{KeyTerms, state::IssuerKey};
use solana_address::Address;

use crate::declaration::{DAY, KeyDeclaration};

/// A declared key with what the file leaves to be found out.
pub(super) struct Wanted<'a> {
    pub(super) declared: &'a KeyDeclaration,
    pub(super) place: String,
    pub(super) key: Address,
    pub(super) permissions: u16,
    pub(super) scope: Address,
}

impl Wanted<'_> {
    pub(super) fn identity(&self) -> (Address, u16, Address) {
        (self.key, self.permissions, self.scope)
    }

    /// First second after validity, by the file, of a key that is valid from a time on; 0: none.
    pub(super) fn valid_until(&self, valid_from: i64) -> i64 {
        match (self.declared.valid_until, self.declared.valid_days) {
            (Some(until), _) => until.as_second(),
            (None, Some(days)) => valid_from.saturating_add(i64::from(days).saturating_mul(DAY)),
            (None, None) => 0,
        }
    }

    /// Whether a key of the ledger ends when the file says. Counted in days, it may end up to a day sooner: time passes between the plan,
    /// which names the end, and the transaction, from which validity begins.
    pub(super) fn ends_as_declared(&self, key: &IssuerKey) -> bool {
        let declared = self.valid_until(key.valid_from);
        let sooner = declared.saturating_sub(key.valid_until);
        let counted = self.declared.valid_days.is_some() && key.valid_until != 0;
        declared == key.valid_until || (counted && (0..DAY).contains(&sooner))
    }

    pub(super) fn terms(&self, now: i64) -> KeyTerms {
        let valid_from = self.declared.valid_from.map_or(now, |from| from.as_second().max(now));
        KeyTerms {
            key: self.key,
            permissions: self.permissions,
            scope: self.scope,
            valid_from,
            valid_until: self.valid_until(valid_from),
            quota: self.declared.quota_number(),
        }
    }
}

/// What tells one key of the ledger from another.
pub(super) fn identity(key: &IssuerKey) -> (Address, u16, Address) {
    (key.key, key.permissions, key.scope)
}

/// Which key of the ledger each entry means, by its place among them.
pub(super) fn matches(wanted: &[Wanted<'_>], keys: &[IssuerKey]) -> Vec<Option<usize>> {
    /// Whether an entry, retired or not, and a key, retired or not, suit each other.
    type Suits = fn(&Wanted<'_>, &IssuerKey) -> bool;
    let passes: [Suits; 8] = [
        |one, key| one.declared.retired && key.is_retired() && key.quota == one.declared.quota_number(),
        |one, key| one.declared.retired && key.is_retired(),
        |one, key| one.declared.retired && key.quota == one.declared.quota_number(),
        |one, _| one.declared.retired,
        |one, key| !key.is_retired() && key.quota == one.declared.quota_number() && one.ends_as_declared(key),
        |one, key| !key.is_retired() && key.quota == one.declared.quota_number(),
        |_, key| !key.is_retired(),
        |_, _| true,
    ];
    let mut matched = vec![None; wanted.len()];
    let mut taken = BTreeSet::new();
    for suits in passes {
        for (one, found) in wanted.iter().zip(&mut matched) {
            if found.is_none() {
                *found = keys.iter().enumerate().position(|(index, key)| {
                    !taken.contains(&index) && identity(key) == one.identity() && suits(one, key)
                });
                taken.extend(*found);
            }
        }
    }
    matched
}
