//! Changes of the registry.

use microcred::{
    CreateRegistryArgs,
    state::{Lifecycle, LifecycleAction, Record, Registry},
};

use super::{Action, Change, Detail, Planner, change::quoted, lifecycle::path};
use crate::{
    declaration::{Place, RegistryDeclaration},
    instructions::registry,
};

impl Planner<'_> {
    pub(super) fn registry(&mut self) {
        let (Some(declared), Some(place)) = (&self.declaration.registry, self.places.registry) else { return };
        let what = format!("registry \"{}\"", declared.name);
        let Some(present) = self.state.registry else {
            let args = CreateRegistryArgs {
                slug: declared.slug.clone(),
                name: declared.name.clone(),
                uri: declared.uri.clone(),
            };
            self.plan.changes.push(Change {
                action: Action::Create,
                what,
                account: place.address,
                details: vec![
                    Detail::new("slug", quoted(&declared.slug)),
                    Detail::new("name", quoted(&declared.name)),
                    Detail::new("uri", quoted(&declared.uri)),
                    Detail::new("creator", place.creator.to_string()),
                ],
                signer: place.creator,
                created: vec![Registry::SIZE],
                instruction: registry::create(self.roles.payer, place.creator, args),
            });
            self.registry_lifecycle(declared, place, Lifecycle::Active);
            return;
        };
        let before = self.plan.changes.len();
        let status = Lifecycle::try_from(present.status).unwrap_or(Lifecycle::Retired);
        self.registry_lifecycle(declared, place, status);
        if present.name() != declared.name {
            self.conflict(
                "registry.name",
                format!(
                    "is {} on the ledger and never changes: write that, or declare another registry under a slug of its own",
                    quoted(present.name())
                ),
            );
        }
        if present.uri() != declared.uri {
            if status == Lifecycle::Retired {
                self.conflict(
                    "registry.uri",
                    format!(
                        "is {} on the ledger, and a retired registry keeps its own: write that",
                        quoted(present.uri())
                    ),
                );
            } else {
                self.plan.changes.push(Change {
                    action: Action::Update,
                    what: what.clone(),
                    account: place.address,
                    details: vec![Detail::changed("uri", quoted(present.uri()), quoted(&declared.uri))],
                    signer: present.authority,
                    created: Vec::new(),
                    instruction: registry::update_uri(present.authority, place.address, &declared.uri),
                });
            }
        }
        if self.plan.changes.len() == before && self.closings.is_empty() {
            self.unchanged(what);
        }
    }

    fn registry_lifecycle(&mut self, declared: &RegistryDeclaration, place: Place, from: Lifecycle) {
        let authority = self.registry_authority();
        let Some(way) = self.way("registry.status", from, declared.status) else { return };
        for action in way {
            let build = match action {
                LifecycleAction::Pause => registry::pause,
                LifecycleAction::Resume => registry::resume,
                LifecycleAction::Retire => registry::retire,
                LifecycleAction::Publish => continue,
            };
            self.place_by_kind(Change {
                action: action.into(),
                what: format!("registry \"{}\"", declared.name),
                account: place.address,
                details: Vec::new(),
                signer: authority,
                created: Vec::new(),
                instruction: build(authority, place.address),
            });
        }
    }

    /// The actions to the declared status; none, with a conflict, where nothing leads there.
    pub(super) fn way(
        &mut self,
        place: &str,
        from: Lifecycle,
        declared: Option<Lifecycle>,
    ) -> Option<Vec<LifecycleAction>> {
        let to = declared?;
        let way = path(from, to);
        if way.is_none() {
            self.conflict(place, format!("is {from} on the ledger, from where nothing leads to {to}: write {from}"));
        }
        way
    }

    /// What takes a registry or issuer out of use comes last, what takes it into use comes now.
    pub(super) fn place_by_kind(&mut self, change: Change) {
        if matches!(change.action, Action::Pause | Action::Retire) {
            self.closings.push(change);
        } else {
            self.plan.changes.push(change);
        }
    }
}
