//! A ledger, everyone's keys, and declarations as text.

use std::{collections::BTreeMap, future::Future};

use microcred_client::{
    Address,
    declaration::{self, Change, Declaration, DeclarationError, Plan, Roles, State},
    error::SendError,
    ledger::{Embedded, Sent},
};
use microcred_tests::{Keys, START};
use solana_account::Account;
use solana_keypair::Keypair;
use solana_signer::Signer;

/// A registry, an issuer with two keys, their accreditation and two achievements.
pub const BOTH: &str = r#"
[registry]
slug = "agency"
name = "Quality Agency"
uri = "https://agency.example"

[issuer]
slug = "university"
name = "University"
url = "https://university.example"
country = "PT"

[[issuer.keys]]
name = "platform"
permissions = ["issue", "suspend"]
quota = 100
valid_days = 365

[[issuer.keys]]
name = "office"
permissions = ["revoke", "manage-achievements"]

[accreditation]
from = "2026-01-01T00:00:00Z"

[[achievements]]
code = "rust"
title = "Rust"
kind = "micro-credential"
ects = 5.0

[[achievements]]
code = "go"
title = "Go"
kind = "badge"
status = "draft"
"#;

/// The text with one passage replaced, which it must have.
#[track_caller]
pub fn with(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from:?} is not in the declaration");
    text.replacen(from, to, 1)
}

/// Runs what is ready at once: the embedded ledger never waits.
pub fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

pub struct Stage {
    pub ledger: Embedded,
    pub roles: Roles,
    payer: Keypair,
    holders: BTreeMap<Address, Keypair>,
}

impl Stage {
    /// A ledger whose clock stands still at [`START`], and the same keys in every run.
    pub fn new() -> Self {
        Self::seeded(0)
    }

    pub fn seeded(seed: u64) -> Self {
        let mut keys = Keys::seeded(seed);
        let mut ledger = Embedded::in_memory().unwrap();
        ledger.set_time(START);
        let payer = keys.next_key();
        ledger.fund(&payer.pubkey(), 1 << 50).unwrap();
        let mut stage = Self { ledger, roles: Roles::default(), payer, holders: BTreeMap::new() };
        stage.recast(&mut keys);
        stage
    }

    /// Gives every role to a new key.
    pub fn recast(&mut self, keys: &mut Keys) {
        let mut next = || {
            let key = keys.next_key();
            let address = key.pubkey();
            self.holders.insert(address, key);
            address
        };
        self.roles = Roles {
            payer: self.payer.pubkey(),
            registry_creator: Some(next()),
            issuer_creator: Some(next()),
            keys: ["platform", "office", "third"].into_iter().map(|name| (name.to_owned(), next())).collect(),
            ..Roles::default()
        };
    }

    pub fn registry(&self) -> Address {
        self.roles.places(&Declaration::parse(BOTH).unwrap()).unwrap().registry.unwrap().address
    }

    pub fn issuer(&self) -> Address {
        self.roles.places(&Declaration::parse(BOTH).unwrap()).unwrap().issuer.unwrap().address
    }

    pub fn registry_authority(&self) -> Address {
        self.roles.registry_creator.unwrap()
    }

    pub fn issuer_authority(&self) -> Address {
        self.roles.issuer_creator.unwrap()
    }

    pub fn holder(&self, address: &Address) -> Keypair {
        self.holders[address].insecure_clone()
    }

    pub fn read(&self, text: &str) -> Result<State, DeclarationError> {
        wait(State::read(&self.ledger, &Declaration::parse(text)?, &self.roles))
    }

    pub fn try_plan(&self, text: &str) -> Result<Plan, DeclarationError> {
        declaration::plan(&Declaration::parse(text)?, &self.roles, &self.read(text)?)
    }

    #[track_caller]
    pub fn plan(&self, text: &str) -> Plan {
        self.try_plan(text).unwrap_or_else(|error| panic!("{error}"))
    }

    pub fn send(&mut self, change: &Change) -> Result<Sent, SendError> {
        let signer = self.holder(&change.signer);
        self.ledger.send(std::slice::from_ref(&change.instruction), &self.payer, &[&signer])
    }

    /// Sends what is to change, requires that it takes effect and that there is nothing to do then, and tells it.
    #[track_caller]
    pub fn apply(&mut self, text: &str) -> Vec<String> {
        let told = self.carry_out(text);
        let again = self.plan(text);
        assert!(again.is_nothing_to_do(), "not done: {again:#?}");
        told
    }

    /// Sends what is to change, and tells it.
    #[track_caller]
    pub fn carry_out(&mut self, text: &str) -> Vec<String> {
        let changes = self.plan(text).into_changes().unwrap_or_else(|error| panic!("{error}"));
        for change in &changes {
            let before = self.ledger.account(&self.payer.pubkey()).unwrap().lamports;
            let sent = self.send(change).unwrap_or_else(|error| panic!("{change}: {error}"));
            let paid = before - self.ledger.account(&self.payer.pubkey()).unwrap().lamports - sent.fee;
            let rent: u64 = change.created.iter().map(|size| self.ledger.rent_minimum(*size)).sum();
            assert_eq!(paid, rent, "{change}");
        }
        changes.iter().map(tell).collect()
    }

    /// Requires exactly this one conflict, that nothing is given out to be sent, and that nothing else is in the way.
    #[track_caller]
    pub fn conflicts(&self, text: &str, place: &str, says: &[&str]) {
        let plan = self.plan(text);
        let told: Vec<_> = plan.conflicts.iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 1, "{told:#?}");
        assert_eq!(plan.conflicts[0].place, place);
        for part in says {
            assert!(plan.conflicts[0].what.contains(part), "{part:?} is not in: {}", told[0]);
        }
        assert_eq!(plan.clone().into_changes(), Err(DeclarationError::Conflicts(plan.conflicts)));
    }

    /// Requires that everything is as declared but this one warning.
    #[track_caller]
    pub fn only_warns(&self, text: &str, place: &str, says: &str) {
        let plan = self.plan(text);
        assert!(plan.is_nothing_to_do(), "{plan:#?}");
        let told: Vec<_> = plan.warnings.iter().map(ToString::to_string).collect();
        assert_eq!(plan.warnings.len(), 1, "{told:#?}");
        assert!(plan.warnings[0].place == place && plan.warnings[0].what.contains(says), "{told:#?}");
    }

    pub fn pass(&mut self, seconds: i64) {
        let now = self.ledger.time();
        self.ledger.set_time(now + seconds);
    }

    /// All of the program's accounts, in an order of their own.
    pub fn accounts(&self) -> Vec<(Address, Account)> {
        let mut accounts = self.ledger.program_accounts();
        accounts.sort_by_key(|(address, _)| *address);
        accounts
    }
}

/// A change and its fields, in one line.
fn tell(change: &Change) -> String {
    let changed: Vec<_> =
        change.details.iter().filter(|detail| detail.old.is_some()).map(ToString::to_string).collect();
    if changed.is_empty() { change.to_string() } else { format!("{change}: {}", changed.join(", ")) }
}
