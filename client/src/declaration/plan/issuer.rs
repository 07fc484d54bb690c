//! Changes of the issuer itself.

use microcred::{
    CreateIssuerArgs, UpdateIssuerProfileArgs,
    state::{Issuer, IssuerKey, Lifecycle, LifecycleAction, Record},
};

use super::{Action, Change, Detail, Planner, change::quoted};
use crate::{
    declaration::{IssuerDeclaration, Place},
    instructions::issuer,
};

impl Planner<'_> {
    pub(super) fn issuer(&mut self) {
        let (Some(declared), Some(place)) = (&self.declaration.issuer, self.places.issuer) else { return };
        let what = format!("issuer \"{}\"", declared.name);
        let Some(present) = self.state.issuer else {
            self.create_issuer(declared, place);
            self.issuer_lifecycle(declared, place, Lifecycle::Active);
            return;
        };
        let before = self.plan.changes.len().saturating_add(self.closings.len());
        let status = Lifecycle::try_from(present.status).unwrap_or(Lifecycle::Retired);
        self.issuer_lifecycle(declared, place, status);
        let authority = present.authority;
        let profile = [
            ("name", present.name(), &declared.name),
            ("url", present.url(), &declared.url),
            ("country", present.country(), &declared.country),
        ];
        let details: Vec<_> = profile
            .into_iter()
            .filter(|(_, old, new)| old != new)
            .map(|(field, old, new)| Detail::changed(field, quoted(old), quoted(new)))
            .collect();
        if !details.is_empty() && status == Lifecycle::Retired {
            for detail in details {
                let place = format!("issuer.{}", detail.field);
                let old = detail.old.unwrap_or_default();
                self.conflict(
                    &place,
                    format!("is {old} on the ledger, and a retired issuer keeps its own: write that"),
                );
            }
        } else if !details.is_empty() {
            let args = UpdateIssuerProfileArgs {
                name: declared.name.clone(),
                url: declared.url.clone(),
                country: declared.country.clone(),
            };
            self.plan.changes.push(Change {
                action: Action::Update,
                what: what.clone(),
                account: place.address,
                details,
                signer: authority,
                created: Vec::new(),
                instruction: issuer::update_profile(authority, place.address, args),
            });
            if !self.places.accredited.contains(&place.address) {
                self.warn(
                    "issuer",
                    "changes its profile: registries that accredited it vouch for the earlier one until they confirm this one",
                );
            }
        }
        if let Some(treasury) = self.places.treasury.filter(|treasury| *treasury != present.treasury) {
            self.plan.changes.push(Change {
                action: Action::Update,
                what: what.clone(),
                account: place.address,
                details: vec![Detail::changed("treasury", present.treasury.to_string(), treasury.to_string())],
                signer: authority,
                created: Vec::new(),
                instruction: issuer::update_treasury(authority, place.address, treasury),
            });
        }
        if self.plan.changes.len().saturating_add(self.closings.len()) == before {
            self.unchanged(what);
        }
    }

    /// The program creates an issuer together with its first key.
    fn create_issuer(&mut self, declared: &IssuerDeclaration, place: Place) {
        let Some((name, key)) = self.first_key() else {
            self.conflict(
                "issuer.keys",
                "are none to begin with, but an issuer is created with its first key: add one under [[issuer.keys]]",
            );
            return;
        };
        let treasury = self.places.treasury.unwrap_or(place.creator);
        let mut details = vec![
            Detail::new("slug", quoted(&declared.slug)),
            Detail::new("name", quoted(&declared.name)),
            Detail::new("url", quoted(&declared.url)),
            Detail::new("country", quoted(&declared.country)),
            Detail::new("creator", place.creator.to_string()),
            Detail::new("treasury", treasury.to_string()),
        ];
        details.extend(self.key_details(&key));
        let args = CreateIssuerArgs {
            slug: declared.slug.clone(),
            name: declared.name.clone(),
            url: declared.url.clone(),
            country: declared.country.clone(),
            treasury,
            key,
        };
        self.plan.changes.push(Change {
            action: Action::Create,
            what: format!("issuer \"{}\" with key 0, \"{name}\"", declared.name),
            account: place.address,
            details,
            signer: place.creator,
            created: vec![Issuer::SIZE, IssuerKey::SIZE],
            instruction: issuer::create(self.roles.payer, place.creator, args),
        });
    }

    fn issuer_lifecycle(&mut self, declared: &IssuerDeclaration, place: Place, from: Lifecycle) {
        let authority = self.issuer_authority();
        let Some(way) = self.way("issuer.status", from, declared.status) else { return };
        for action in way {
            let build = match action {
                LifecycleAction::Pause => issuer::pause,
                LifecycleAction::Resume => issuer::resume,
                LifecycleAction::Retire => issuer::retire,
                LifecycleAction::Publish => continue,
            };
            self.place_by_kind(Change {
                action: action.into(),
                what: format!("issuer \"{}\"", declared.name),
                account: place.address,
                details: Vec::new(),
                signer: authority,
                created: Vec::new(),
                instruction: build(authority, place.address),
            });
        }
    }
}
