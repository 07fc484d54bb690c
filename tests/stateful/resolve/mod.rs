//! From a step and the present state to what is sent: the dice choose among what there is.

mod administration;
mod credentials;
mod tamper;

pub use credentials::next_address;

use microcred_client::{
    Address, Instruction, PROGRAM_ID,
    instructions::{self, Actor, Excess, KeyRef},
    state::Reason,
};
use solana_instruction::AccountMeta;
use solana_signer::Signer;

use crate::{
    cast::Cast,
    model::{Accreditation, Key, Life, Model, Record, Standing, Status},
    request::{Call, Kind, Request},
    step::{Dice, Step},
};

/// A day in seconds.
pub const DAY: i64 = 86_400;

/// What a step comes to.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "nearly every one is the large one")]
pub enum Act {
    Send(Call),
    Pass(i64),
    Donate { to: Address, lamports: u64 },
}

/// Where a step is played.
pub struct Scene<'a> {
    pub model: &'a Model,
    pub cast: &'a Cast,
    pub earlier: &'a [Call],
    dice: Dice,
}

/// What a step does here and now.
pub fn resolve(step: &Step, model: &Model, cast: &Cast, earlier: &[Call]) -> Act {
    let mut scene = Scene { model, cast, earlier, dice: Dice::of(step) };
    match step.kind {
        Kind::PassTime => Act::Pass(scene.some_time()),
        Kind::Donate => scene.donate(),
        Kind::Replay => scene.replay(),
        kind => {
            let kind = scene.sensible(kind);
            // First, so that a shrunk step keeps its disguise or loses it.
            let disguise =
                scene.dice.once_in(14).then(|| (scene.dice.roll(7), scene.dice.roll(256), scene.dice.roll(256)));
            let mut call = scene.call(kind);
            if let Some(disguise) = disguise {
                scene.tamper(&mut call, disguise);
            }
            Act::Send(scene.signable(call))
        }
    }
}

impl Scene<'_> {
    /// What must come before a kind of step when there is nothing yet that it could be done to; mostly that is done
    /// instead.
    fn sensible(&mut self, kind: Kind) -> Kind {
        let model = self.model;
        let registry = |status| model.registries().any(|(_, of)| of.status == status);
        let issuer = |status| model.issuers().any(|(_, of)| of.status == status);
        let achievement = |status| model.achievements().any(|(_, of)| of.status == status);
        let credential = |status| model.credentials().any(|(_, of)| of.status == status);
        let accreditation = |status| model.accreditations().any(|(_, of)| of.status == status);
        let outdated = |(_, of): (_, &Accreditation)| {
            of.status != Standing::Withdrawn && of.profile_revision != model.issuer(&of.issuer).profile_revision
        };
        let (is_sensible, before) = match kind {
            Kind::ResumeRegistry => (registry(Life::Paused), Kind::PauseRegistry),
            Kind::ResumeIssuer => (issuer(Life::Paused), Kind::PauseIssuer),
            Kind::ResumeAchievement => (achievement(Life::Paused), Kind::PauseAchievement),
            Kind::PublishAchievement | Kind::EditAchievement => (achievement(Life::Draft), Kind::CreateAchievement),
            Kind::AcceptRegistryAuthority => {
                (model.registries().any(|(_, of)| of.pending.is_some()), Kind::ProposeRegistryAuthority)
            }
            Kind::AcceptIssuerAuthority => {
                (model.issuers().any(|(_, of)| of.pending.is_some()), Kind::ProposeIssuerAuthority)
            }
            Kind::Accept | Kind::Decline => (credential(Status::Pending), Kind::Issue),
            Kind::Reinstate => (credential(Status::Suspended), Kind::Suspend),
            Kind::Suspend | Kind::Renew | Kind::Revoke | Kind::RevokeMany | Kind::Erase => {
                (credential(Status::Active), Kind::Issue)
            }
            Kind::ReinstateAccreditation => (accreditation(Standing::Suspended), Kind::SuspendAccreditation),
            Kind::SuspendAccreditation => (accreditation(Standing::Active), Kind::AccreditIssuer),
            Kind::ConfirmAccreditation => (model.accreditations().any(outdated), Kind::UpdateIssuerProfile),
            kind => (true, kind),
        };
        if is_sensible || self.dice.once_in(4) { kind } else { before }
    }

    fn call(&mut self, kind: Kind) -> Call {
        match kind {
            Kind::Issue | Kind::IssueMany | Kind::Renew => self.asserts(kind),
            Kind::Revoke | Kind::RevokeMany | Kind::Suspend | Kind::Reinstate | Kind::Erase => self.changes(kind),
            Kind::Accept | Kind::Decline => self.answers(kind),
            Kind::WithdrawExcess => self.withdraws_excess(),
            kind => self.administers(kind),
        }
    }

    fn some_time(&mut self) -> i64 {
        let length = self.dice.roll(40) as i64 + 1;
        length * [1, 3_600, DAY, 3 * DAY][self.dice.roll(4)]
    }

    fn donate(&mut self) -> Act {
        let lamports = 1 + 10_000 * self.dice.roll(256) as u64;
        let mut places: Vec<Address> = self.model.records.keys().copied().collect();
        for (achievement, _) in self.model.achievements() {
            for learner in self.cast.learners.iter().chain(&self.cast.commitments) {
                places.push(microcred_client::address::credential(&achievement, learner, self.dice.roll(2) as u16));
            }
        }
        let to = self.dice.one(&places).unwrap_or(self.cast.nowhere);
        // What is no account yet must hold a rent minimum to stay, and may hold more than a credential's.
        let lamports = if self.model.records.contains_key(&to) { lamports } else { lamports + 900_000 };
        Act::Donate { to, lamports }
    }

    fn replay(&mut self) -> Act {
        let by_attacker = self.dice.once_in(3);
        let n = self.dice.roll(self.earlier.len());
        let Some(mut call) = self.earlier.get(n).cloned() else { return Act::Pass(1) };
        if by_attacker {
            self.sign_as_attacker(&mut call);
        }
        Act::Send(self.signable(call))
    }

    /// Who cannot sign does not.
    fn signable(&self, mut call: Call) -> Call {
        for meta in &mut call.accounts {
            meta.is_signer &= self.cast.can_sign(&meta.pubkey);
        }
        call
    }

    fn sign_as_attacker(&self, call: &mut Call) {
        for meta in call.accounts.iter_mut().filter(|meta| meta.is_signer && meta.pubkey != self.model.payer) {
            meta.pubkey = self.cast.attacker;
        }
    }

    fn withdraws_excess(&mut self) -> Call {
        let rent = |record: &Record| self.model.rent[&record.account().size()];
        let rich = self.model.records.iter().filter(|(_, entry)| entry.lamports > rent(&entry.record));
        let (rich, all): (Vec<_>, Vec<_>) =
            (rich.map(|(address, _)| *address).collect(), self.model.records.keys().copied().collect());
        let address = if self.dice.once_in(16) { self.cast.attacker } else { self.prefer(&rich, &all) };
        let of_registry = |registry| (registry, self.model.registry(&registry).authority);
        let of_issuer = |issuer| (issuer, self.model.issuer(&issuer).treasury);
        let mut excess = match self.model.records.get(&address).map(|entry| &entry.record) {
            Some(Record::Registry(of)) => Excess::OfRegistry { authority: of.authority },
            Some(Record::Accreditation(of)) => {
                let (registry, authority) = of_registry(of.registry);
                Excess::UnderRegistry { registry, authority }
            }
            Some(Record::Key(of)) => under_issuer(of_issuer(of.issuer)),
            Some(Record::Achievement(of)) => under_issuer(of_issuer(of.issuer)),
            Some(Record::Credential(of)) => under_issuer(of_issuer(of.issuer)),
            Some(Record::Issuer(of)) => Excess::OfIssuer { treasury: of.treasury },
            None => Excess::OfIssuer { treasury: self.cast.nowhere },
        };
        if self.dice.once_in(8) {
            excess = under_issuer((self.any_issuer(), self.cast.attacker));
        }
        let mut instruction = instructions::withdraw_excess(address, &excess);
        if self.dice.once_in(10) {
            instruction.accounts[1 + self.dice.roll(2)].pubkey = PROGRAM_ID;
        }
        made(Request::WithdrawExcess, instruction)
    }

    /// Mostly one of those that suit, else any; an empty address where there is none.
    fn prefer(&mut self, apt: &[Address], all: &[Address]) -> Address {
        let among = if apt.is_empty() || self.dice.once_in(8) { all } else { apt };
        self.dice.one(among).unwrap_or(self.cast.nowhere)
    }

    fn any_issuer(&mut self) -> Address {
        let issuers: Vec<_> = self.model.issuers().map(|(address, _)| address).collect();
        self.dice.one(&issuers).unwrap_or(self.cast.nowhere)
    }

    /// An issuer, mostly one that stands so.
    fn issuer(&mut self, apt: impl Fn(Life) -> bool) -> Address {
        let all: Vec<_> = self.model.issuers().map(|(address, _)| address).collect();
        let suits: Vec<_> = all.iter().copied().filter(|at| apt(self.model.issuer(at).status)).collect();
        self.prefer(&suits, &all)
    }

    /// A registry, mostly one that stands so.
    fn registry(&mut self, apt: impl Fn(Life) -> bool) -> Address {
        let all: Vec<_> = self.model.registries().map(|(address, _)| address).collect();
        let suits: Vec<_> = all.iter().copied().filter(|at| apt(self.model.registry(at).status)).collect();
        self.prefer(&suits, &all)
    }

    /// An achievement, mostly one that stands so and whose issuer is active.
    fn achievement(&mut self, apt: impl Fn(Life) -> bool) -> Address {
        let all: Vec<_> = self.model.achievements().map(|(address, _)| address).collect();
        let suits = all.iter().copied().filter(|at| {
            let of = self.model.achievement(at);
            apt(of.status) && self.model.issuer(&of.issuer).status == Life::Active
        });
        let suits: Vec<_> = suits.collect();
        self.prefer(&suits, &all)
    }

    /// Mostly the one who may sign, else the attacker or anybody.
    fn signer(&mut self, rightful: Address) -> Address {
        match self.dice.roll(24) {
            22 => self.cast.attacker,
            23 => self.dice.one(&self.cast.crowd).unwrap_or(rightful),
            _ => rightful,
        }
    }

    /// A key of the issuer: mostly one that may do this, else any, another issuer's, or one that the attacker claims
    /// to hold.
    fn key(&mut self, issuer: Address, permission: u16, achievement: &Address) -> KeyRef {
        let (model, mode) = (self.model, self.dice.roll(24));
        let all: Vec<&Key> =
            model.keys().map(|(_, key)| key).filter(|key| mode == 22 || key.issuer == issuer).collect();
        let able = |key: &&Key| {
            key.quota.is_none_or(|quota| key.used < quota) && key.allows(permission, achievement, model.now).is_ok()
        };
        let able: Vec<&Key> = all.iter().copied().filter(able).collect();
        let among = if mode < 20 && !able.is_empty() { &able } else { &all };
        let mut key = self
            .dice
            .one(among)
            .map(|key| KeyRef { issuer: key.issuer, index: key.index, key: key.holder })
            .unwrap_or(KeyRef { issuer, index: 9, key: self.cast.attacker });
        if mode == 23 {
            key.key = self.cast.attacker;
        }
        key
    }

    /// Who acts for the issuer: a key, or its authority.
    fn actor(&mut self, issuer: Address, permission: u16, achievement: &Address) -> Actor {
        if self.dice.roll(3) != 2 {
            return Actor::Key(self.key(issuer, permission, achievement));
        }
        let rightful = match self.model.records.get(&issuer).map(|entry| &entry.record) {
            Some(Record::Issuer(of)) => of.authority,
            _ => self.cast.attacker,
        };
        let issuer = if self.dice.once_in(16) { self.any_issuer() } else { issuer };
        Actor::Authority { issuer, authority: self.signer(rightful) }
    }

    /// A time at or around now, or around another one.
    fn time(&mut self, other: i64) -> i64 {
        let now = self.model.now;
        match self.dice.roll(14) {
            0..=5 => now + DAY * (1 + self.dice.roll(120) as i64),
            6 => now,
            7 => now + 1,
            8 => now - 1,
            9 => other,
            10 => other.saturating_add(1),
            11 => other.saturating_sub(1),
            12 => now - DAY * (1 + self.dice.roll(60) as i64),
            _ => 0,
        }
    }

    fn reason(&mut self) -> u8 {
        if self.dice.once_in(20) { 13 + self.dice.roll(200) as u8 } else { self.dice.roll(13) as u8 }
    }

    /// Mostly one of the texts; sometimes empty, misleading, as long as it may be, or longer.
    fn text(&mut self, good: &[&str], most: usize) -> String {
        match self.dice.roll(50) {
            44 => String::new(),
            45 => "  ".into(),
            46 => "a\u{202e}b".into(),
            47 => "line\nline".into(),
            48 => "x".repeat(most),
            49 => "x".repeat(most + 1),
            _ => self.dice.one(good).unwrap_or_default().into(),
        }
    }

    fn slug(&mut self, good: &[&str]) -> String {
        match self.dice.roll(32) {
            29 => String::new(),
            30 => "Not a slug".into(),
            31 => "a".repeat(33),
            _ => self.dice.one(good).unwrap_or_default().into(),
        }
    }

    fn digest(&mut self) -> [u8; 32] {
        [self.dice.roll(8) as u8; 32]
    }

    fn payer(&self) -> Address {
        self.cast.payer.pubkey()
    }
}

const fn under_issuer((issuer, treasury): (Address, Address)) -> Excess {
    Excess::UnderIssuer { issuer, treasury }
}

/// A call as the client builds it.
pub fn made(request: Request, instruction: Instruction) -> Call {
    Call { request, accounts: instruction.accounts, data: instruction.data, trailing: false }
}

/// A call whose first argument is a reason, which may have no meaning.
fn with_reason(request: Request, code: u8, build: impl FnOnce(Reason) -> Instruction) -> Call {
    let mut call = made(request, build(Reason::try_from(code).unwrap_or(Reason::Unspecified)));
    call.data[8] = code;
    call
}

/// An account as an instruction names it.
fn meta(pubkey: Address, is_signer: bool, is_writable: bool) -> AccountMeta {
    AccountMeta { pubkey, is_signer, is_writable }
}
