//! Changes of the issuer's keys.

use std::collections::BTreeSet;

use microcred::{
    KeyTerms,
    state::{Achievement, IssuerKey, Lifecycle, MAX_KEYS, Record, UNLIMITED, permission},
};
use solana_address::Address;

use super::{
    Action, Change, Detail, Planner,
    change::date,
    wanted::{Wanted, identity, matches},
};
use crate::{
    address,
    declaration::{Permission, checks::key_place},
    instructions::key,
};

impl<'a> Planner<'a> {
    fn wanted(&self) -> Vec<Wanted<'a>> {
        let issuer = self.places.issuer.map(|place| place.address).unwrap_or_default();
        let keys = self.declaration.keys().iter().zip(&self.places.keys).enumerate();
        keys.map(|(index, (declared, key))| Wanted {
            declared,
            place: key_place(index, declared),
            key: *key,
            permissions: declared.permission_bits(),
            scope: declared.scope.as_ref().map(|code| address::achievement(&issuer, code)).unwrap_or_default(),
        })
        .collect()
    }

    pub(super) fn keys(&mut self) {
        let Some(place) = self.places.issuer else { return };
        let wanted = self.wanted();
        self.check_scopes(&wanted);
        let matched = matches(&wanted, &self.state.keys);
        let taken: BTreeSet<_> = matched.iter().flatten().copied().collect();
        // The first key comes into being with its issuer.
        let created_with_issuer =
            if self.state.issuer.is_none() { wanted.iter().position(|one| !one.declared.retired) } else { None };
        let mut next = match self.state.issuer {
            Some(issuer) => issuer.key_count,
            None => u16::from(created_with_issuer.is_some()),
        };
        let mut limits = Vec::new();
        for (position, (one, found)) in wanted.iter().zip(&matched).enumerate() {
            if let Some(present) = found.and_then(|index| self.state.keys.get(index)) {
                limits.extend(self.limit_key(one, present, place.address));
                continue;
            }
            if one.declared.retired {
                self.conflict(
                    &format!("{}.retired", one.place),
                    "is true, but the ledger has no such key: leave the entry out where the key never was",
                );
            } else if let Some(edited) = self.edited(one, &wanted, &taken) {
                self.conflict(&format!("{}.permissions", one.place), edited);
            } else {
                self.warn_if_compromised(one);
                self.check_window(one);
                if created_with_issuer != Some(position) {
                    self.add_key(one, place.address, next);
                    next = next.saturating_add(1);
                }
            }
        }
        self.plan.changes.extend(limits);
        for (index, present) in self.state.keys.iter().enumerate() {
            if !taken.contains(&index) && !present.is_retired() {
                let line =
                    format!("issuer key {} ({}, for {})", present.index, present.key, words(present.permissions));
                self.plan.left_alone.push(line);
            }
        }
    }

    /// Terms of the key with which the issuer is created, and its name in the file.
    pub(super) fn first_key(&self) -> Option<(String, KeyTerms)> {
        let wanted = self.wanted();
        let first = wanted.iter().find(|one| !one.declared.retired)?;
        Some((first.declared.name.clone(), first.terms(self.state.time)))
    }

    /// What a new key may do, in words.
    pub(super) fn key_details(&self, terms: &KeyTerms) -> Vec<Detail> {
        let mut details = vec![
            Detail::new("address", terms.key.to_string()),
            Detail::new("permissions", words(terms.permissions)),
            Detail::new("quota", quota(terms.quota)),
            Detail::new("valid_until", date(terms.valid_until)),
        ];
        if terms.valid_from > self.state.time {
            details.push(Detail::new("valid_from", date(terms.valid_from)));
        }
        if terms.scope != Address::default() {
            details.push(Detail::new("scope", terms.scope.to_string()));
        }
        details
    }

    fn check_scopes(&mut self, wanted: &[Wanted<'_>]) {
        let mut seen = BTreeSet::new();
        for one in wanted {
            if !one.declared.retired && !seen.insert(one.identity()) {
                self.conflict(
                    &one.place,
                    "has the same address, permissions and scope as an entry above: write one of them",
                );
            }
            let Some(code) = &one.declared.scope else { continue };
            let declared = self.declaration.achievements.iter().any(|achievement| achievement.code == *code);
            if !declared && !self.state.achievements.contains_key(&one.scope) {
                self.conflict(
                    &format!("{}.scope", one.place),
                    format!("is {code:?}, which is no {} of this file or of the ledger: correct it", Achievement::KIND),
                );
            }
            if one.permissions & permission::MANAGE_ACHIEVEMENTS != 0 {
                self.warn(
                    &format!("{}.permissions", one.place),
                    "include manage-achievements, but with a scope the key can administer that one and create none",
                );
            }
        }
    }

    /// Why a key that the ledger lacks seems to be another one whose permissions or scope were edited in the file.
    fn edited(&self, one: &Wanted<'_>, wanted: &[Wanted<'_>], taken: &BTreeSet<usize>) -> Option<String> {
        let mut keys = self.state.keys.iter().enumerate();
        let (_, present) = keys.find(|(index, key)| {
            let declared = wanted.iter().any(|other| other.identity() == identity(key));
            key.key == one.key && !key.is_retired() && !taken.contains(index) && !declared
        })?;
        Some(format!(
            "and scope never change, and the ledger has key {} of the same address for {}{}: add an entry for that one, with `retired = \
             true` if it shall end, and this one becomes a key beside it",
            present.index,
            words(present.permissions),
            if present.scope == Address::default() { "" } else { ", limited to one achievement" },
        ))
    }

    fn warn_if_compromised(&mut self, one: &Wanted<'_>) {
        let compromised = self.state.keys.iter().find(|key| key.key == one.key && key.compromised_at != 0);
        if let Some(key) = compromised {
            let what = format!(
                "is the public key of key {}, compromised since {}: whoever has it can use the new one too; make a new keypair",
                key.index,
                date(key.compromised_at)
            );
            self.warn(&format!("{}.address", one.place), what);
        }
    }

    /// Refuses to add a key whose validity is over.
    fn check_window(&mut self, one: &Wanted<'_>) {
        let terms = one.terms(self.state.time);
        if terms.valid_until != 0 && terms.valid_until <= terms.valid_from {
            let what =
                format!("is {}, which is past: write a later time, or leave the entry out", date(terms.valid_until));
            self.conflict(&format!("{}.valid_until", one.place), what);
        }
    }

    fn add_key(&mut self, one: &Wanted<'_>, issuer: Address, index: u16) {
        if self.issuer_status() == Lifecycle::Retired {
            self.conflict(&one.place, "cannot be added: the issuer is retired");
            return;
        }
        if index >= MAX_KEYS {
            self.conflict(&one.place, format!("is one too many: an issuer has at most {MAX_KEYS} keys"));
            return;
        }
        let (authority, terms) = (self.issuer_authority(), one.terms(self.state.time));
        self.plan.changes.push(Change {
            action: Action::Create,
            what: format!("key {index}, \"{}\"", one.declared.name),
            account: address::issuer_key(&issuer, index),
            details: self.key_details(&terms),
            signer: authority,
            created: vec![IssuerKey::SIZE],
            instruction: key::add(self.roles.payer, authority, issuer, index, terms),
        });
    }

    /// What makes a key of the ledger as its entry says: retiring or shortening, or nothing.
    fn limit_key(&mut self, one: &Wanted<'_>, present: &IssuerKey, issuer: Address) -> Option<Change> {
        let (authority, index) = (self.issuer_authority(), present.index);
        let what = format!("key {index}, \"{}\"", one.declared.name);
        let change = |action, details, instruction| Change {
            action,
            what: what.clone(),
            account: address::issuer_key(&issuer, index),
            details,
            signer: authority,
            created: Vec::new(),
            instruction,
        };
        match (one.declared.retired, present.is_retired()) {
            (true, true) => {
                self.unchanged(what);
                return None;
            }
            (true, false) => return Some(change(Action::Retire, Vec::new(), key::retire(authority, issuer, index))),
            (false, true) => {
                self.conflict(
                    &one.place,
                    format!("is key {index} of the ledger, which is retired for good: write `retired = true`, and add another entry for a new key"),
                );
                return None;
            }
            (false, false) => {}
        }
        if present.quota != one.declared.quota_number() {
            self.conflict(
                &format!("{}.quota", one.place),
                format!(
                    "is {} on the ledger (key {index}) and never changes: write that, with `retired = true` if it shall end, and add another \
                     entry for a new key",
                    quota(present.quota)
                ),
            );
            return None;
        }
        self.check_beginning(one, present);
        if one.ends_as_declared(present) {
            if present.valid_until != 0 && present.valid_until <= self.state.time {
                self.warn(
                    &one.place,
                    format!("is no longer valid since {}: add an entry for a new key", date(present.valid_until)),
                );
            }
            self.unchanged(what);
            return None;
        }
        let until = one.valid_until(present.valid_from);
        let place = format!("{}.valid_until", one.place);
        if until == 0 || (present.valid_until != 0 && until > present.valid_until) {
            self.conflict(
                &place,
                format!(
                    "is {} on the ledger (key {index}) and never moves to later: write `valid_until = \"{}\"`, or `retired = true` and add \
                     another entry for a new key",
                    date(present.valid_until),
                    date(present.valid_until)
                ),
            );
            return None;
        }
        if until <= self.state.time || until <= present.valid_from {
            let what =
                format!("is {}, but a key's end cannot be moved into the past: write `retired = true`", date(until));
            self.conflict(&place, what);
            return None;
        }
        let details = vec![Detail::changed("valid_until", date(present.valid_until), date(until))];
        Some(change(Action::Shorten, details, key::shorten(authority, issuer, index, until)))
    }

    /// A beginning in the past became the time at which the key was added; one in the future stands as it was declared.
    fn check_beginning(&mut self, one: &Wanted<'_>, present: &IssuerKey) {
        let Some(from) = one.declared.valid_from.map(|from| from.as_second()) else { return };
        let was_past = from < present.valid_from && present.valid_from <= self.state.time;
        if from != present.valid_from && !was_past {
            let what = format!(
                "is {} on the ledger (key {}) and never changes: write that, or `retired = true` and add another entry for a new key",
                date(present.valid_from),
                present.index
            );
            self.conflict(&format!("{}.valid_from", one.place), what);
        }
    }
}

/// Permissions as they are written in the file.
fn words(bits: u16) -> String {
    let words: Vec<_> = Permission::ALL.iter().filter(|one| bits & one.bit() != 0).map(|one| one.word()).collect();
    words.join(", ")
}

fn quota(quota: u64) -> String {
    if quota == UNLIMITED { "no limit".into() } else { quota.to_string() }
}
