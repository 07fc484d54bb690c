use microcred::{
    AddKeyArgs, CreateIssuerArgs, KeyTerms, MarkKeyCompromisedArgs, ShortenKeyArgs, UpdateIssuerProfileArgs,
};
use microcred_client::{Address, MicrocredError as E};

use super::{
    Allowed, Issuer, Key, Life, Model, Record, alone, arguments, check, country, name, slug, text, unless_nobody,
    unless_zero,
};
use crate::request::Call;

impl Model {
    pub(super) fn create_issuer(&mut self, call: &Call, args: &CreateIssuerArgs) -> Allowed {
        let (creator, address, key) = (call.at(1), call.at(2), call.at(3));
        arguments(call)?;
        alone(call)?;
        slug(&args.slug)?;
        check(args.treasury != Address::default() && args.treasury != address, E::BadTreasury)?;
        let issuer = Issuer {
            status: Life::Active,
            country: args.country.clone(),
            keys: 1,
            creator,
            authority: creator,
            pending: None,
            treasury: args.treasury,
            slug: args.slug.clone(),
            name: args.name.clone(),
            url: args.url.clone(),
            profile_revision: 0,
            created_at: self.now,
            status_changed_at: None,
            authority_changed_at: None,
        };
        let seeds: [&[u8]; 3] = [b"issuer", creator.as_ref(), args.slug.as_bytes()];
        self.create(call.at(0), address, &seeds, Record::Issuer(issuer))?;
        name(&args.name, 96)?;
        text(&args.url, 128)?;
        country(&args.country)?;
        self.create_key(call.at(0), key, address, 0, &args.key)
    }

    pub(super) fn update_issuer_profile(&mut self, call: &Call, args: &UpdateIssuerProfileArgs) -> Allowed {
        let issuer = self.administered_issuer(call)?;
        check(issuer.status != Life::Retired, E::IssuerRetired)?;
        let same = (&issuer.name, &issuer.url, &issuer.country) == (&args.name, &args.url, &args.country);
        check(!same, E::ProfileUnchanged)?;
        name(&args.name, 96)?;
        text(&args.url, 128)?;
        country(&args.country)?;
        issuer.name = args.name.clone();
        issuer.url = args.url.clone();
        issuer.country = args.country.clone();
        issuer.profile_revision += 1;
        Ok(())
    }

    pub(super) fn update_issuer_treasury(&mut self, call: &Call, treasury: Address) -> Allowed {
        let address = call.at(1);
        let issuer = self.administered_issuer(call)?;
        check(treasury != Address::default() && treasury != address, E::BadTreasury)?;
        issuer.treasury = treasury;
        Ok(())
    }

    pub(super) fn propose_issuer_authority(&mut self, call: &Call, proposed: Address) -> Allowed {
        let issuer = self.administered_issuer(call)?;
        check(proposed != issuer.authority, E::SameAuthority)?;
        issuer.pending = unless_nobody(proposed);
        Ok(())
    }

    pub(super) fn accept_issuer_authority(&mut self, call: &Call) -> Allowed {
        let now = self.now;
        let issuer = self.issuer_mut(&call.at(1));
        check(issuer.pending == Some(call.at(0)), E::NotPendingAuthority)?;
        arguments(call)?;
        alone(call)?;
        issuer.authority = call.at(0);
        issuer.pending = None;
        issuer.authority_changed_at = Some(now);
        Ok(())
    }

    pub(super) fn change_issuer(&mut self, call: &Call, change: fn(Life) -> Allowed<Life>) -> Allowed {
        let now = self.now;
        let issuer = self.administered_issuer(call)?;
        issuer.status = change(issuer.status)?;
        issuer.status_changed_at = Some(now);
        Ok(())
    }

    fn administered_issuer(&mut self, call: &Call) -> Allowed<&mut Issuer> {
        let issuer = self.issuer_mut(&call.at(1));
        check(issuer.authority == call.at(0), E::NotIssuerAuthority)?;
        arguments(call)?;
        alone(call)?;
        Ok(issuer)
    }

    pub(super) fn add_key(&mut self, call: &Call, args: &AddKeyArgs) -> Allowed {
        let (address, key) = (call.at(2), call.at(3));
        check(self.issuer(&address).authority == call.at(1), E::NotIssuerAuthority)?;
        arguments(call)?;
        alone(call)?;
        let issuer = self.issuer_mut(&address);
        check(issuer.status != Life::Retired, E::IssuerRetired)?;
        check(args.index == issuer.keys, E::WrongKeyIndex)?;
        issuer.keys += 1;
        self.create_key(call.at(0), key, address, args.index, &args.key)
    }

    fn create_key(
        &mut self,
        payer: Address,
        address: Address,
        issuer: Address,
        index: u16,
        terms: &KeyTerms,
    ) -> Allowed {
        check(terms.key != Address::default(), E::ZeroKey)?;
        check(terms.permissions != 0, E::NoPermissions)?;
        check(terms.permissions < 64, E::UnknownPermission)?;
        let ends_well = terms.valid_until > self.now && terms.valid_until > terms.valid_from;
        check(terms.valid_until == 0 || ends_well, E::BadKeyWindow)?;
        let key = Key {
            index,
            permissions: terms.permissions,
            retired: false,
            issuer,
            holder: terms.key,
            scope: unless_nobody(terms.scope),
            valid_from: terms.valid_from.max(self.now),
            valid_until: unless_zero(terms.valid_until),
            compromised_at: None,
            quota: Some(terms.quota).filter(|quota| *quota != u64::MAX),
            used: 0,
            changed_at: self.now,
        };
        self.create(payer, address, &[b"key", issuer.as_ref(), &index.to_le_bytes()], Record::Key(key))
    }

    pub(super) fn shorten_key(&mut self, call: &Call, args: &ShortenKeyArgs) -> Allowed {
        let now = self.now;
        let key = self.administered_key(call)?;
        check(!key.retired, E::KeyRetired)?;
        check(args.valid_until >= now, E::ValidityInThePast)?;
        check(args.valid_until > key.valid_from, E::BadKeyWindow)?;
        check(key.valid_until.is_none_or(|before| args.valid_until < before), E::ValidityNotShorter)?;
        key.valid_until = Some(args.valid_until);
        key.changed_at = now;
        Ok(())
    }

    pub(super) fn retire_key(&mut self, call: &Call) -> Allowed {
        let now = self.now;
        let key = self.administered_key(call)?;
        check(!key.retired, E::KeyRetired)?;
        key.retired = true;
        key.changed_at = now;
        Ok(())
    }

    pub(super) fn mark_key_compromised(&mut self, call: &Call, args: &MarkKeyCompromisedArgs) -> Allowed {
        let now = self.now;
        let key = self.administered_key(call)?;
        check(args.since > 0 && args.since <= now, E::CompromiseInTheFuture)?;
        key.compromised_at = Some(args.since);
        key.retired = true;
        key.changed_at = now;
        Ok(())
    }

    fn administered_key(&mut self, call: &Call) -> Allowed<&mut Key> {
        let (authority, issuer) = (call.at(0), call.at(1));
        check(self.issuer(&issuer).authority == authority, E::NotIssuerAuthority)?;
        let key = self.key_mut(&call.at(2));
        check(key.issuer == issuer, E::WrongIssuer)?;
        arguments(call)?;
        alone(call)?;
        Ok(key)
    }
}
