//! What is to change: from a declaration and what stands on a ledger.

mod accreditations;
mod achievements;
mod change;
mod definition;
mod issuer;
mod keys;
mod lifecycle;
mod registry;
mod wanted;

use std::collections::BTreeSet;

use microcred::state::{Issuer, Lifecycle, Record, Registry};
use serde::Serialize;
use solana_address::Address;

pub use change::{Action, Change, Detail};

use super::{Declaration, DeclarationError, Places, Problem, Roles, State, checks::check_digests};
use crate::{
    address,
    ledger::{Ledger, ReadError},
};

/// What is to change, and what is not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// What is to change, in the order in which it must happen. Each change is one instruction. [`Plan::into_changes`] gives them out.
    pub changes: Vec<Change>,
    /// What the program does not allow to change. If there is anything here, nothing may be sent.
    pub conflicts: Vec<Problem>,
    /// What can only be planned after these changes: plan anew then.
    pub later: Vec<Problem>,
    /// What is allowed, but perhaps not meant.
    pub warnings: Vec<Problem>,
    /// What is as declared.
    pub unchanged: Vec<String>,
    /// What stands on the ledger, but not in the file.
    pub left_alone: Vec<String>,
}

impl Plan {
    /// Whether the ledger is as declared.
    #[must_use]
    pub fn is_nothing_to_do(&self) -> bool {
        self.changes.is_empty() && self.conflicts.is_empty() && self.later.is_empty()
    }

    /// The changes, to be sent in this order.
    ///
    /// # Errors
    /// [`DeclarationError::Conflicts`].
    pub fn into_changes(self) -> Result<Vec<Change>, DeclarationError> {
        if self.conflicts.is_empty() { Ok(self.changes) } else { Err(DeclarationError::Conflicts(self.conflicts)) }
    }

    /// Lamports that the changes will lock as rent, by the ledger's rates. Accounts that somebody funded beforehand take less.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn rent(&self, ledger: &dyn Ledger) -> Result<u64, ReadError> {
        let mut lamports: u64 = 0;
        for bytes in self.changes.iter().flat_map(|change| &change.created) {
            lamports = lamports.saturating_add(ledger.rent_minimum(*bytes).await?);
        }
        Ok(lamports)
    }
}

/// Compares a declaration with what stands on a ledger.
///
/// # Errors
/// [`DeclarationError::Problems`]: the declaration breaks a limit of the program, does not say who is meant, or names another digest than
/// a definition has.
pub fn plan(declaration: &Declaration, roles: &Roles, state: &State) -> Result<Plan, DeclarationError> {
    declaration.check()?;
    let places = roles.places(declaration)?;
    let problems = check_digests(declaration, &places);
    if !problems.is_empty() {
        return Err(DeclarationError::Problems(problems));
    }
    let mut planner =
        Planner { declaration, roles, places: &places, state, plan: Plan::default(), closings: Vec::new() };
    planner.registry();
    planner.issuer();
    planner.keys();
    planner.accreditations();
    planner.achievements();
    planner.others();
    let Planner { mut plan, closings, .. } = planner;
    if plan.later.is_empty() {
        plan.changes.extend(closings);
    } else {
        // Closed, it would refuse what has to wait.
        let registry = places.registry.map(|place| place.address);
        let wait = |change: Change| Problem {
            place: format!("{}.status", if registry == Some(change.account) { Registry::KIND } else { Issuer::KIND }),
            what: format!(
                "comes after all the rest, to {change}{}",
                if change.action.is_final() { " for good" } else { "" }
            ),
        };
        plan.later.extend(closings.into_iter().map(wait));
    }
    Ok(plan)
}

/// A plan in the making.
struct Planner<'a> {
    declaration: &'a Declaration,
    roles: &'a Roles,
    places: &'a Places,
    state: &'a State,
    plan: Plan,
    /// What takes registry and issuer out of use: last, because the rest needs them in use.
    closings: Vec<Change>,
}

impl Planner<'_> {
    fn conflict(&mut self, place: &str, what: impl Into<String>) {
        self.plan.conflicts.push(Problem { place: place.into(), what: what.into() });
    }

    fn warn(&mut self, place: &str, what: impl Into<String>) {
        self.plan.warnings.push(Problem { place: place.into(), what: what.into() });
    }

    fn unchanged(&mut self, what: impl Into<String>) {
        self.plan.unchanged.push(what.into());
    }

    /// Where the registry stands while the plan is carried out, until the closings.
    fn registry_status(&self) -> Lifecycle {
        let declared = self.declaration.registry.as_ref().and_then(|registry| registry.status);
        open_status(self.state.registry.map(|registry| registry.status), declared)
    }

    /// Where the issuer stands while the plan is carried out, until the closings.
    fn issuer_status(&self) -> Lifecycle {
        let declared = self.declaration.issuer.as_ref().and_then(|issuer| issuer.status);
        open_status(self.state.issuer.map(|issuer| issuer.status), declared)
    }

    /// Who administers the registry.
    fn registry_authority(&self) -> Address {
        let creator = self.places.registry.map(|place| place.creator);
        self.state.registry.map(|registry| registry.authority).or(creator).unwrap_or_default()
    }

    /// Who administers the issuer.
    fn issuer_authority(&self) -> Address {
        let creator = self.places.issuer.map(|place| place.creator);
        self.state.issuer.map(|issuer| issuer.authority).or(creator).unwrap_or_default()
    }

    /// Addresses of the achievements and accreditations in the file.
    fn declared_addresses(&self) -> BTreeSet<Address> {
        let codes = self.declaration.achievements.iter().map(|achievement| achievement.code.as_str());
        let issuer = self.places.issuer.iter();
        let achievements =
            issuer.flat_map(|place| codes.clone().map(|code| address::achievement(&place.address, code)));
        achievements.chain(self.places.accreditations()).collect()
    }

    /// Lists what is not in the file.
    fn others(&mut self) {
        let Some(others) = &self.state.others else {
            self.plan.left_alone.push("what else there is, which the ledger could not list".into());
            return;
        };
        let declared = self.declared_addresses();
        for (kind, address, name) in others.iter().filter(|(_, address, _)| !declared.contains(address)) {
            let line = format!("{kind} {name} ({address})");
            if [Registry::KIND, Issuer::KIND].contains(kind) {
                let what = format!(
                    "is new, but its creator has the {line} already: a slug never changes, so that this will be another {kind}"
                );
                self.plan.warnings.push(Problem { place: format!("{kind}.slug"), what });
            }
            self.plan.left_alone.push(line);
        }
    }
}

/// Where a registry or issuer stands after the openings: what does not exist is created active, and what is paused is resumed first.
fn open_status(now: Option<u8>, declared: Option<Lifecycle>) -> Lifecycle {
    match now.map(Lifecycle::try_from) {
        None => Lifecycle::Active,
        Some(Ok(Lifecycle::Paused)) if declared == Some(Lifecycle::Active) => Lifecycle::Active,
        Some(status) => status.unwrap_or(Lifecycle::Retired),
    }
}
