//! Changes of achievements.

use microcred::state::{Achievement, AchievementKind, IssuerKey, Lifecycle, LifecycleAction, Record, permission};
use solana_address::Address;

use super::{Action, Change, Detail, Planner, change::quoted, definition};
use crate::{
    address,
    declaration::{AchievementDeclaration, Problem, checks::achievement_place},
    instructions::{Actor, KeyRef, achievement},
};

impl Planner<'_> {
    pub(super) fn achievements(&mut self) {
        let Some(issuer) = self.places.issuer else { return };
        let declaration = self.declaration;
        for (index, declared) in declaration.achievements.iter().enumerate() {
            let place = achievement_place(index, declared);
            let address = address::achievement(&issuer.address, &declared.code);
            match self.state.achievements.get(&address) {
                None => {
                    if self.waits(&place, declared, issuer.address) {
                        continue;
                    }
                    self.create_achievement(&place, declared, issuer.address, address);
                }
                Some(present) => self.change_achievement(&place, declared, address, present),
            }
            self.set_replaced(&place, declared, issuer.address, address);
            self.annex(&place, declared, address);
        }
    }

    /// Names what a micro-credential's definition lacks of what the European Union asks.
    fn annex(&mut self, place: &str, declared: &AchievementDeclaration, address: Address) {
        let Some(definition) = &declared.definition else { return };
        let mut missing = definition.missing_elements(&declared.facts(address));
        let of_issuer = self.declaration.issuer.as_ref().filter(|issuer| issuer.country.is_empty());
        if declared.kind == AchievementKind::MicroCredential && of_issuer.is_some() {
            missing.push("country of the issuer (`issuer.country`)");
        }
        if !missing.is_empty() {
            let what = format!(
                "lacks what the European Union asks of a micro-credential (Council Recommendation 2022/C 243/02, Annex I): {}; add it",
                missing.join(", ")
            );
            self.warn(&format!("{place}.definition"), what);
        }
    }

    /// Who acts: the manager's key where it may, or else the authority.
    fn achievement_actor(&self, issuer: Address, achievement: Option<Address>) -> Actor {
        let now = self.state.time;
        let may = |key: &&IssuerKey| {
            let in_scope = key.scope == Address::default() || Some(key.scope) == achievement;
            Some(key.key) == self.roles.manager
                && in_scope
                && key.authorize(permission::MANAGE_ACHIEVEMENTS, &key.scope, now).is_ok()
        };
        match self.state.keys.iter().find(may) {
            Some(key) => Actor::Key(KeyRef { issuer, index: key.index, key: key.key }),
            None => Actor::Authority { issuer, authority: self.issuer_authority() },
        }
    }

    /// The program links an achievement only to one that was created in an earlier second. Where that is not there yet, or only just, this
    /// one waits for another plan.
    fn waits(&mut self, place: &str, declared: &AchievementDeclaration, issuer: Address) -> bool {
        let Some(code) = &declared.replaces else { return false };
        let replaced = self.state.achievements.get(&address::achievement(&issuer, code));
        let declared_here = self.declaration.achievements.iter().any(|one| one.code == *code);
        let waits = match replaced {
            Some(replaced) => replaced.created_at >= self.state.time,
            None => declared_here,
        };
        if waits {
            let what = format!("replaces {code:?}, which must be there first: apply once more then");
            self.plan.later.push(Problem { place: place.into(), what });
        } else if replaced.is_none() {
            self.no_such_replaced(place, code);
        }
        waits
    }

    fn no_such_replaced(&mut self, place: &str, code: &str) {
        let what = format!("is {code:?}, which is no achievement of this file or of the ledger: correct it");
        self.conflict(&format!("{place}.replaces"), what);
    }

    /// Whether the issuer lets its achievements be written; a conflict if not.
    fn issuer_writes(&mut self, place: &str) -> bool {
        let status = self.issuer_status();
        if status != Lifecycle::Active {
            self.conflict(place, format!("cannot be written while the issuer is {status}: {}", resume(status)));
        }
        status == Lifecycle::Active
    }

    fn create_achievement(
        &mut self,
        place: &str,
        declared: &AchievementDeclaration,
        issuer: Address,
        address: Address,
    ) {
        if !self.issuer_writes(place) {
            return;
        }
        let actor = self.achievement_actor(issuer, None);
        let first = if declared.status == Some(Lifecycle::Draft) { Lifecycle::Draft } else { Lifecycle::Active };
        let definition = definition::declared(declared, address);
        self.plan.changes.push(Change {
            action: Action::Create,
            what: format!("achievement \"{}\"", declared.title),
            account: address,
            details: definition::details(declared, &definition, first),
            signer: actor.signer(),
            created: vec![Achievement::SIZE],
            instruction: achievement::create(
                self.roles.payer,
                &actor,
                definition::creation(declared, definition, first == Lifecycle::Active),
            ),
        });
        self.achievement_lifecycle(place, declared, &actor, address, first);
    }

    fn change_achievement(
        &mut self,
        place: &str,
        declared: &AchievementDeclaration,
        address: Address,
        present: &Achievement,
    ) {
        let before = self.plan.changes.len();
        let actor = self.achievement_actor(present.issuer, Some(address));
        let status = Lifecycle::try_from(present.status).unwrap_or(Lifecycle::Retired);
        let definition = definition::declared(declared, address);
        let details = definition::differences(&definition::present(present), &definition);
        if !details.is_empty() && status != Lifecycle::Draft {
            let conflicts =
                details.into_iter().filter_map(|detail| definition::frozen(declared, address, present, detail));
            for Problem { place: field, what } in conflicts {
                self.conflict(&format!("{place}.{field}"), what);
            }
        } else if !details.is_empty() && self.issuer_writes(place) {
            self.plan.changes.push(Change {
                action: Action::Update,
                what: format!("achievement \"{}\"", declared.title),
                account: address,
                details,
                signer: actor.signer(),
                created: Vec::new(),
                instruction: achievement::edit(&actor, address, definition),
            });
        }
        self.achievement_lifecycle(place, declared, &actor, address, status);
        if declared.status.is_none() && status != Lifecycle::Active {
            self.warn(place, format!("is {status} on the ledger: add `status` to say where it shall stand"));
        }
        if self.plan.changes.len() == before {
            self.unchanged(format!("achievement \"{}\"", declared.title));
        }
    }

    fn achievement_lifecycle(
        &mut self,
        place: &str,
        declared: &AchievementDeclaration,
        actor: &Actor,
        address: Address,
        from: Lifecycle,
    ) {
        let Some(way) = self.way(&format!("{place}.status"), from, declared.status) else { return };
        for action in way {
            let build = match action {
                LifecycleAction::Publish => achievement::publish,
                LifecycleAction::Pause => achievement::pause,
                LifecycleAction::Resume => achievement::resume,
                LifecycleAction::Retire => achievement::retire,
            };
            let opens = matches!(action, LifecycleAction::Publish | LifecycleAction::Resume);
            if opens && !self.issuer_writes(&format!("{place}.status")) {
                return;
            }
            self.plan.changes.push(Change {
                action: action.into(),
                what: format!("achievement \"{}\"", declared.title),
                account: address,
                details: Vec::new(),
                signer: actor.signer(),
                created: Vec::new(),
                instruction: build(actor, address),
            });
        }
    }

    fn set_replaced(&mut self, place: &str, declared: &AchievementDeclaration, issuer: Address, address: Address) {
        let Some(code) = &declared.replaces else { return };
        let replaced_address = address::achievement(&issuer, code);
        let present = self.state.achievements.get(&address);
        if present.is_some_and(|present| present.replaces == replaced_address) {
            return;
        }
        let Some(replaced) = self.state.achievements.get(&replaced_address) else {
            if present.is_some() {
                let declared_here = self.declaration.achievements.iter().any(|one| one.code == *code);
                let what = if declared_here {
                    format!(
                        "is {code:?}, which would be newer than this achievement: only an older one can be replaced"
                    )
                } else {
                    format!("is {code:?}, which is no achievement of this file or of the ledger: correct it")
                };
                self.conflict(&format!("{place}.replaces"), what);
            }
            return;
        };
        if present.is_some_and(|present| replaced.created_at >= present.created_at) {
            let what =
                format!("is {code:?}, which is not older than this achievement: only an older one can be replaced");
            self.conflict(&format!("{place}.replaces"), what);
            return;
        }
        if !self.issuer_writes(&format!("{place}.replaces")) {
            return;
        }
        let actor = self.achievement_actor(issuer, present.map(|_| address));
        let old = present.map(|present| present.replaces).filter(|old| *old != Address::default());
        let name =
            |of: Address| self.state.achievements.get(&of).map_or_else(|| of.to_string(), |one| quoted(one.code()));
        let detail = Detail { field: "replaces", old: old.map(name), new: quoted(code) };
        self.plan.changes.push(Change {
            action: Action::Update,
            what: format!("achievement \"{}\"", declared.title),
            account: address,
            details: vec![detail],
            signer: actor.signer(),
            created: Vec::new(),
            instruction: achievement::set_replaced(&actor, address, replaced_address),
        });
    }
}

fn resume(status: Lifecycle) -> &'static str {
    match status {
        Lifecycle::Paused => "write `status = \"active\"` at the issuer first",
        _ => "leave it out",
    }
}
