use microcred::{
    AccreditIssuerArgs, AddAccreditationTermArgs, AddKeyArgs, ConfirmAccreditationArgs, CreateAchievementArgs,
    CreateIssuerArgs, CreateRegistryArgs, EditAchievementArgs, KeyTerms, MarkKeyCompromisedArgs, ShortenKeyArgs,
    SuspendAccreditationArgs, UpdateIssuerProfileArgs, WithdrawAccreditationArgs,
};
use microcred_client::{
    Address,
    instructions::{
        accreditation::{self, AccreditationRef},
        achievement, issuer, key, registry,
    },
    state::Term,
};

use super::{DAY, Scene, made, with_reason};
use crate::{
    model::{Accreditation, Life, Record, Standing},
    request::{Call, Kind, Request},
};

impl Scene<'_> {
    pub(super) fn administers(&mut self, kind: Kind) -> Call {
        match kind {
            Kind::CreateRegistry => {
                let args = CreateRegistryArgs {
                    slug: self.slug(&["quality", "ministry"]),
                    name: self.text(&["Quality Agency", "Ministère"], 96),
                    uri: self.text(&["https://agency.example", ""], 128),
                };
                let creator = self.dice.one(&self.cast.authorities[..2]).unwrap_or_default();
                made(Request::CreateRegistry(args.clone()), registry::create(self.payer(), creator, args))
            }
            Kind::CreateIssuer => {
                let args = CreateIssuerArgs {
                    slug: self.slug(&["university", "school"]),
                    name: self.text(&["University", "Schule für Alle"], 96),
                    url: self.text(&["https://university.example", ""], 128),
                    country: self.country(),
                    treasury: self.treasury(),
                    key: self.key_terms(Address::default()),
                };
                let creator = self.dice.one(&self.cast.authorities[2..]).unwrap_or_default();
                made(Request::CreateIssuer(args.clone()), issuer::create(self.payer(), creator, args))
            }
            Kind::CreateAchievement | Kind::EditAchievement => self.defines(kind),
            Kind::PublishAchievement
            | Kind::PauseAchievement
            | Kind::ResumeAchievement
            | Kind::RetireAchievement
            | Kind::SetReplacedAchievement => self.manages_achievement(kind),
            Kind::AddKey => {
                let issuer = self.issuer(|status| status != Life::Retired);
                let authority = self.authority_of(&issuer);
                let index = self.key_count(&issuer);
                let index = if self.dice.once_in(16) {
                    (index + 1).saturating_sub(2 * self.dice.roll(2) as u16)
                } else {
                    index
                };
                let terms = self.key_terms(issuer);
                let args = AddKeyArgs { index, key: terms };
                made(Request::AddKey(args), key::add(self.payer(), authority, issuer, index, terms))
            }
            Kind::ShortenKey | Kind::RetireKey | Kind::MarkKeyCompromised => self.limits_key(kind),
            Kind::AccreditIssuer
            | Kind::SuspendAccreditation
            | Kind::ReinstateAccreditation
            | Kind::WithdrawAccreditation
            | Kind::AddAccreditationTerm
            | Kind::ConfirmAccreditation => self.accredits(kind),
            Kind::UpdateRegistryUri
            | Kind::ProposeRegistryAuthority
            | Kind::AcceptRegistryAuthority
            | Kind::PauseRegistry
            | Kind::ResumeRegistry
            | Kind::RetireRegistry => self.manages_registry(kind),
            _ => self.manages_issuer(kind),
        }
    }

    fn manages_registry(&mut self, kind: Kind) -> Call {
        let of = if kind == Kind::AcceptRegistryAuthority {
            let all: Vec<_> = self.model.registries().map(|(address, _)| address).collect();
            let proposed: Vec<_> = all.iter().copied().filter(|at| self.model.registry(at).pending.is_some()).collect();
            self.prefer(&proposed, &all)
        } else {
            self.registry(|status| suits(kind, status))
        };
        let authority = self.authority_of(&of);
        match kind {
            Kind::UpdateRegistryUri => {
                let uri = self.text(&["https://elsewhere.example", ""], 128);
                made(Request::UpdateRegistryUri(uri.clone()), registry::update_uri(authority, of, &uri))
            }
            Kind::ProposeRegistryAuthority => {
                let proposed = self.proposed();
                made(
                    Request::ProposeRegistryAuthority(proposed.unwrap_or_default()),
                    registry::propose_authority(authority, of, proposed),
                )
            }
            Kind::AcceptRegistryAuthority => {
                let pending = match self.model.records.get(&of).map(|entry| &entry.record) {
                    Some(Record::Registry(of)) => of.pending,
                    _ => None,
                };
                let new = self.signer(pending.unwrap_or(authority));
                made(Request::AcceptRegistryAuthority, registry::accept_authority(new, of))
            }
            Kind::PauseRegistry => made(Request::PauseRegistry, registry::pause(authority, of)),
            Kind::ResumeRegistry => made(Request::ResumeRegistry, registry::resume(authority, of)),
            _ => made(Request::RetireRegistry, registry::retire(authority, of)),
        }
    }

    fn manages_issuer(&mut self, kind: Kind) -> Call {
        let of = if kind == Kind::AcceptIssuerAuthority {
            let all: Vec<_> = self.model.issuers().map(|(address, _)| address).collect();
            let proposed: Vec<_> = all.iter().copied().filter(|at| self.model.issuer(at).pending.is_some()).collect();
            self.prefer(&proposed, &all)
        } else {
            self.issuer(|status| suits(kind, status))
        };
        let authority = self.authority_of(&of);
        match kind {
            Kind::UpdateIssuerProfile => {
                let args = UpdateIssuerProfileArgs {
                    name: self.text(&["New University", "Université"], 96),
                    url: self.text(&["https://new.example", ""], 128),
                    country: self.country(),
                };
                made(Request::UpdateIssuerProfile(args.clone()), issuer::update_profile(authority, of, args))
            }
            Kind::UpdateIssuerTreasury => {
                let treasury = self.treasury();
                made(Request::UpdateIssuerTreasury(treasury), issuer::update_treasury(authority, of, treasury))
            }
            Kind::ProposeIssuerAuthority => {
                let proposed = self.proposed();
                made(
                    Request::ProposeIssuerAuthority(proposed.unwrap_or_default()),
                    issuer::propose_authority(authority, of, proposed),
                )
            }
            Kind::AcceptIssuerAuthority => {
                let pending = match self.model.records.get(&of).map(|entry| &entry.record) {
                    Some(Record::Issuer(of)) => of.pending,
                    _ => None,
                };
                let new = self.signer(pending.unwrap_or(authority));
                made(Request::AcceptIssuerAuthority, issuer::accept_authority(new, of))
            }
            Kind::PauseIssuer => made(Request::PauseIssuer, issuer::pause(authority, of)),
            Kind::ResumeIssuer => made(Request::ResumeIssuer, issuer::resume(authority, of)),
            _ => made(Request::RetireIssuer, issuer::retire(authority, of)),
        }
    }

    fn limits_key(&mut self, kind: Kind) -> Call {
        let usable: Vec<_> = self.model.keys().filter(|(_, key)| !key.retired).map(|(address, _)| address).collect();
        let all: Vec<_> = self.model.keys().map(|(address, _)| address).collect();
        let address = self.prefer(&usable, &all);
        let (issuer, index, until) = match self.model.records.get(&address).map(|entry| &entry.record) {
            Some(Record::Key(of)) => (of.issuer, of.index, of.valid_until),
            _ => (self.cast.nowhere, 0, None),
        };
        let authority = self.authority_of(&issuer);
        let now = self.model.now;
        match kind {
            Kind::ShortenKey => {
                let valid_until = self.time(until.unwrap_or(now));
                let args = ShortenKeyArgs { valid_until };
                made(Request::ShortenKey(args), key::shorten(authority, issuer, index, valid_until))
            }
            Kind::RetireKey => made(Request::RetireKey, key::retire(authority, issuer, index)),
            _ => {
                let since = match self.dice.roll(8) {
                    0..=4 => now - DAY * self.dice.roll(60) as i64,
                    5 => now,
                    _ => self.time(now),
                };
                let args = MarkKeyCompromisedArgs { since };
                made(Request::MarkKeyCompromised(args), key::mark_compromised(authority, issuer, index, since))
            }
        }
    }

    fn accredits(&mut self, kind: Kind) -> Call {
        let of = if kind == Kind::AccreditIssuer { self.unaccredited() } else { self.accredited(kind) };
        let now = self.model.now;
        let (revision, end) = (self.profile_revision(&of.issuer), self.last_end(&of));
        match kind {
            Kind::SuspendAccreditation => {
                let (reason, effective_at) = (self.reason(), self.effective());
                let args = SuspendAccreditationArgs { reason, effective_at };
                with_reason(Request::SuspendAccreditation(args), reason, |reason| {
                    accreditation::suspend(&of, reason, effective_at)
                })
            }
            Kind::WithdrawAccreditation => {
                let (reason, effective_at) = (self.reason(), self.effective());
                let args = WithdrawAccreditationArgs { reason, effective_at };
                with_reason(Request::WithdrawAccreditation(args), reason, |reason| {
                    accreditation::withdraw(&of, reason, effective_at)
                })
            }
            Kind::ReinstateAccreditation => made(Request::ReinstateAccreditation, accreditation::reinstate(&of)),
            Kind::ConfirmAccreditation => {
                let args = ConfirmAccreditationArgs { profile_revision: revision };
                made(Request::ConfirmAccreditation(args), accreditation::confirm(&of, revision))
            }
            _ => {
                // After the last term, or after now if that has passed.
                let from = match self.dice.roll(8) {
                    0..=1 => end.unwrap_or(now),
                    2..=4 => end.unwrap_or(now).max(now) + self.dice.roll(30) as i64,
                    5 => now - DAY,
                    _ => self.time(end.unwrap_or(now)),
                };
                let until = match self.dice.roll(16) {
                    0..=13 => from.saturating_add(DAY * (1 + self.dice.roll(30) as i64)),
                    14 => 0,
                    _ => self.time(from),
                };
                let term = Term { from, until };
                if kind == Kind::AccreditIssuer {
                    let args = AccreditIssuerArgs { profile_revision: revision, from, until };
                    made(Request::AccreditIssuer(args), accreditation::accredit(self.payer(), &of, revision, term))
                } else {
                    let args = AddAccreditationTermArgs { profile_revision: revision, from, until };
                    made(Request::AddAccreditationTerm(args), accreditation::add_term(&of, revision, term))
                }
            }
        }
    }

    /// A registry and an issuer, mostly in use and without an entry yet.
    fn unaccredited(&mut self) -> AccreditationRef {
        let model = self.model;
        let (mut apt, mut all) = (Vec::new(), Vec::new());
        for (registry, body) in model.registries() {
            for (issuer, organisation) in model.issuers() {
                let of = AccreditationRef { authority: body.authority, registry, issuer };
                let in_use = body.status == Life::Active && organisation.status != Life::Retired;
                if in_use && !model.records.contains_key(&of.address()) {
                    apt.push(of);
                }
                all.push(of);
            }
        }
        let among = if apt.is_empty() || self.dice.once_in(8) { &all } else { &apt };
        let nowhere = self.cast.nowhere;
        let nobody = AccreditationRef { authority: self.cast.attacker, registry: nowhere, issuer: nowhere };
        let of = self.dice.one(among).unwrap_or(nobody);
        AccreditationRef { authority: self.signer(of.authority), ..of }
    }

    fn accredited(&mut self, kind: Kind) -> AccreditationRef {
        let model = self.model;
        let apt = |of: &Accreditation| match kind {
            Kind::SuspendAccreditation => of.status == Standing::Active,
            Kind::ReinstateAccreditation => of.status == Standing::Suspended,
            Kind::WithdrawAccreditation => of.status != Standing::Withdrawn,
            Kind::AddAccreditationTerm => {
                let closed = of.terms.last().is_some_and(|(_, until)| until.is_some());
                of.status != Standing::Suspended && closed && model.registry(&of.registry).status == Life::Active
            }
            _ => of.profile_revision != model.issuer(&of.issuer).profile_revision,
        };
        // Those with many terms first, so that some get as many as they can hold.
        let mut all: Vec<_> = model.accreditations().map(|(address, _)| address).collect();
        all.sort_by_key(|at| std::cmp::Reverse(model.accreditation(at).terms.len()));
        if kind == Kind::AddAccreditationTerm && self.dice.roll(2) == 0 {
            all.truncate(1);
        }
        let suits: Vec<_> = all.iter().copied().filter(|at| apt(model.accreditation(at))).collect();
        let at = self.prefer(&suits, &all);
        let (registry, issuer) = match model.records.get(&at).map(|entry| &entry.record) {
            Some(Record::Accreditation(of)) => (of.registry, of.issuer),
            _ => (self.cast.nowhere, self.cast.nowhere),
        };
        let issuer = if self.dice.once_in(24) { self.any_issuer() } else { issuer };
        AccreditationRef { authority: self.authority_of(&registry), registry, issuer }
    }

    fn last_end(&self, of: &AccreditationRef) -> Option<i64> {
        match self.model.records.get(&of.address()).map(|entry| &entry.record) {
            Some(Record::Accreditation(of)) => of.terms.last().and_then(|(_, until)| *until),
            _ => None,
        }
    }

    /// Since when a suspension or withdrawal has effect: mostly now or before.
    fn effective(&mut self) -> i64 {
        match self.dice.roll(6) {
            0..=2 => 0,
            3..=4 => self.model.now - DAY * self.dice.roll(60) as i64,
            _ => self.time(self.model.now),
        }
    }

    fn defines(&mut self, kind: Kind) -> Call {
        let title = self.text(&["Rust for systems", "Teamwork", "Café management"], 128);
        let uri = self.text(&["https://university.example/rust", ""], 128);
        let or_wrong = |this: &mut Self, good: u8, wrong: u8| if this.dice.once_in(24) { wrong } else { good };
        let (kind_code, policy) = (1 + self.dice.roll(3) as u8, self.dice.roll(4) as u8);
        let (kind_code, policy) = (or_wrong(self, kind_code, 4), or_wrong(self, policy, 4));
        let eqf_level = self.dice.roll(9) as u8;
        let eqf_level = or_wrong(self, eqf_level, 9);
        let default_validity = match self.dice.roll(40) {
            0..=19 => 0,
            38 => -1,
            39 => i64::MAX,
            _ => DAY * (1 + self.dice.roll(100) as i64),
        };
        let (workload, definition_digest) = (50, self.digest());
        if kind == Kind::EditAchievement {
            let at = self.achievement(|status| status == Life::Draft);
            let issuer = self.achievement_issuer(&at);
            let actor = self.actor(issuer, 16, &at);
            let args = EditAchievementArgs {
                title,
                uri,
                kind: kind_code,
                policy,
                eqf_level,
                workload,
                default_validity,
                definition_digest,
            };
            return made(Request::EditAchievement(args.clone()), achievement::edit(&actor, at, args));
        }
        let issuer = self.issuer(|status| status == Life::Active);
        let actor = self.actor(issuer, 16, &Address::default());
        let args = CreateAchievementArgs {
            code: self.slug(&[
                "rust",
                "teamwork",
                "first-aid",
                "welding",
                "latin",
                "go",
                "chess",
                "law",
                "art",
                "bees",
            ]),
            title,
            uri,
            kind: kind_code,
            policy,
            eqf_level,
            workload,
            default_validity,
            definition_digest,
            publish: self.dice.roll(3) == 0,
        };
        made(Request::CreateAchievement(args.clone()), achievement::create(self.payer(), &actor, args))
    }

    fn manages_achievement(&mut self, kind: Kind) -> Call {
        let at = self.achievement(|status| suits(kind, status));
        let issuer = self.achievement_issuer(&at);
        let actor = self.actor(issuer, 16, &at);
        match kind {
            Kind::PublishAchievement => made(Request::PublishAchievement, achievement::publish(&actor, at)),
            Kind::PauseAchievement => made(Request::PauseAchievement, achievement::pause(&actor, at)),
            Kind::ResumeAchievement => made(Request::ResumeAchievement, achievement::resume(&actor, at)),
            Kind::RetireAchievement => made(Request::RetireAchievement, achievement::retire(&actor, at)),
            _ => {
                let of_issuer = self.model.achievements().filter(|(other, of)| of.issuer == issuer && *other != at);
                let others: Vec<_> = of_issuer.map(|(address, _)| address).collect();
                let all: Vec<_> = self.model.achievements().map(|(address, _)| address).collect();
                let replaced = self.prefer(&others, &all);
                made(Request::SetReplacedAchievement, achievement::set_replaced(&actor, at, replaced))
            }
        }
    }

    fn achievement_issuer(&self, at: &Address) -> Address {
        match self.model.records.get(at).map(|entry| &entry.record) {
            Some(Record::Achievement(of)) => of.issuer,
            _ => self.cast.nowhere,
        }
    }

    /// Mostly the authority of a registry or issuer.
    fn authority_of(&mut self, at: &Address) -> Address {
        let rightful = match self.model.records.get(at).map(|entry| &entry.record) {
            Some(Record::Registry(of)) => of.authority,
            Some(Record::Issuer(of)) => of.authority,
            _ => self.cast.attacker,
        };
        self.signer(rightful)
    }

    fn key_count(&self, issuer: &Address) -> u16 {
        match self.model.records.get(issuer).map(|entry| &entry.record) {
            Some(Record::Issuer(of)) => of.keys,
            _ => 0,
        }
    }

    /// The revision of an issuer's profile, or one time in twelve another.
    fn profile_revision(&mut self, issuer: &Address) -> u32 {
        let revision = match self.model.records.get(issuer).map(|entry| &entry.record) {
            Some(Record::Issuer(of)) => of.profile_revision,
            _ => 0,
        };
        if self.dice.once_in(12) { revision + 1 } else { revision }
    }

    fn proposed(&mut self) -> Option<Address> {
        if self.dice.once_in(6) { None } else { self.dice.one(&self.cast.authorities) }
    }

    fn treasury(&mut self) -> Address {
        if self.dice.once_in(12) {
            Address::default()
        } else {
            self.dice.one(&self.cast.treasuries).unwrap_or_default()
        }
    }

    fn country(&mut self) -> String {
        ["DE", "", "FR", "DE", "AT", "de", "DEU", "D"][self.dice.roll(16) % 8 * usize::from(self.dice.roll(3) == 2)]
            .into()
    }

    fn key_terms(&mut self, issuer: Address) -> KeyTerms {
        let now = self.model.now;
        let key = if self.dice.once_in(32) {
            Address::default()
        } else {
            self.dice.one(&self.cast.holders).unwrap_or_default()
        };
        let permissions = match self.dice.roll(16) {
            0..=6 => 63,
            7..=13 => 1 + self.dice.roll(63) as u16,
            14 => 0,
            _ => 64,
        };
        let of_issuer = self.model.achievements().filter(|(_, of)| of.issuer == issuer);
        let scopes: Vec<_> = of_issuer.map(|(address, _)| address).collect();
        let scope =
            if self.dice.roll(3) == 2 { self.dice.one(&scopes).unwrap_or_default() } else { Address::default() };
        let valid_from = if self.dice.roll(4) == 3 { self.time(now) } else { 0 };
        let valid_until = match self.dice.roll(6) {
            0..=2 => 0,
            3..=4 => now.max(valid_from) + DAY * (1 + self.dice.roll(90) as i64),
            _ => self.time(valid_from),
        };
        let quota = if self.dice.roll(2) == 0 { u64::MAX } else { self.dice.roll(8) as u64 };
        KeyTerms { key, permissions, scope, valid_from, valid_until, quota }
    }
}

/// Whether a lifecycle change is one that the table allows.
fn suits(kind: Kind, status: Life) -> bool {
    match kind {
        Kind::PublishAchievement => status == Life::Draft,
        Kind::PauseRegistry | Kind::PauseIssuer | Kind::PauseAchievement => status == Life::Active,
        Kind::ResumeRegistry | Kind::ResumeIssuer | Kind::ResumeAchievement => status == Life::Paused,
        _ => status != Life::Retired,
    }
}
