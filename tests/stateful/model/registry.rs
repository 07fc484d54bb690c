use microcred::CreateRegistryArgs;
use microcred_client::{Address, MicrocredError as E};

use super::{Allowed, Life, Model, Record, Registry, alone, arguments, check, name, slug, text, unless_nobody};
use crate::request::Call;

impl Model {
    pub(super) fn create_registry(&mut self, call: &Call, args: &CreateRegistryArgs) -> Allowed {
        let (creator, address) = (call.at(1), call.at(2));
        arguments(call)?;
        alone(call)?;
        slug(&args.slug)?;
        let registry = Registry {
            status: Life::Active,
            accreditations: 0,
            creator,
            authority: creator,
            pending: None,
            slug: args.slug.clone(),
            name: args.name.clone(),
            uri: args.uri.clone(),
            created_at: self.now,
            status_changed_at: None,
        };
        let seeds: [&[u8]; 3] = [b"registry", creator.as_ref(), args.slug.as_bytes()];
        self.create(call.at(0), address, &seeds, Record::Registry(registry))?;
        name(&args.name, 96)?;
        text(&args.uri, 128)
    }

    pub(super) fn update_registry_uri(&mut self, call: &Call, uri: &str) -> Allowed {
        let registry = self.administered_registry(call)?;
        check(registry.status != Life::Retired, E::RegistryRetired)?;
        text(uri, 128)?;
        registry.uri = uri.into();
        Ok(())
    }

    pub(super) fn propose_registry_authority(&mut self, call: &Call, proposed: Address) -> Allowed {
        let registry = self.administered_registry(call)?;
        check(proposed != registry.authority, E::SameAuthority)?;
        registry.pending = unless_nobody(proposed);
        Ok(())
    }

    pub(super) fn accept_registry_authority(&mut self, call: &Call) -> Allowed {
        let registry = self.registry_mut(&call.at(1));
        check(registry.pending == Some(call.at(0)), E::NotPendingAuthority)?;
        arguments(call)?;
        alone(call)?;
        registry.authority = call.at(0);
        registry.pending = None;
        Ok(())
    }

    pub(super) fn change_registry(&mut self, call: &Call, change: fn(Life) -> Allowed<Life>) -> Allowed {
        let now = self.now;
        let registry = self.administered_registry(call)?;
        registry.status = change(registry.status)?;
        registry.status_changed_at = Some(now);
        Ok(())
    }

    fn administered_registry(&mut self, call: &Call) -> Allowed<&mut Registry> {
        let registry = self.registry_mut(&call.at(1));
        check(registry.authority == call.at(0), E::NotRegistryAuthority)?;
        arguments(call)?;
        alone(call)?;
        Ok(registry)
    }
}
