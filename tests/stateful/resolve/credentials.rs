use microcred::{IssueArgs, IssueManyArgs, Learner, RenewArgs};
use microcred_client::{
    Address, address,
    instructions::{Actor, credential},
};

use super::{Scene, made, with_reason};
use crate::{
    model::{Credential, Life, Status},
    request::{Call, Kind, Request},
};

impl<'a> Scene<'a> {
    pub(super) fn asserts(&mut self, kind: Kind) -> Call {
        match kind {
            Kind::Issue => self.issue(),
            Kind::IssueMany => self.issue_many(),
            _ => self.renew(),
        }
    }

    fn issue(&mut self) -> Call {
        let achievement = self.achievement(|status| status == Life::Active);
        let (issuer, acceptance) = self.issuer_of(&achievement);
        let key = self.key(issuer, 1, &achievement);
        let subject = self.subject(&achievement, acceptance);
        let args = IssueArgs {
            subject,
            sequence: self.sequence(&achievement, &subject),
            subject_kind: self.subject_kind(&subject),
            digest: self.digest(),
            expires_at: self.expiry(None),
            status_index: self.dice.roll(256) as u32,
        };
        let mut call = made(Request::Issue(args.clone()), credential::issue(self.payer(), &key, achievement, args));
        if call.maybe(5).is_some() && self.dice.once_in(8) {
            let other = self.credential(|of| of.achievement == achievement && of.first_subject != subject).0;
            call.accounts[5].pubkey = other;
        }
        call
    }

    fn issue_many(&mut self) -> Call {
        let achievement = self.achievement(|status| status == Life::Active);
        let (issuer, acceptance) = self.issuer_of(&achievement);
        let key = self.key(issuer, 1, &achievement);
        let mut learners = Vec::new();
        let kind_of = self.subject(&achievement, acceptance);
        let subject_kind = self.subject_kind(&kind_of);
        let pool = if subject_kind == 2 { &self.cast.commitments } else { &self.cast.learners };
        let fresh = |at: &&Address| self.next_sequence(&achievement, at).0 == 0;
        let fresh: Vec<Address> = pool.iter().filter(fresh).copied().collect();
        let (count, from) = (if self.dice.once_in(16) { 0 } else { 1 + self.dice.roll(3) }, self.dice.roll(4));
        // One time in eight a learner is in the list twice, or has the credential already.
        let pool = if self.dice.once_in(8) || fresh.is_empty() { pool } else { &fresh };
        let count = if std::ptr::eq(pool, &fresh) { count.min(fresh.len()) } else { count };
        for n in 0..count {
            learners.push(Learner {
                subject: pool[(from + n) % pool.len()],
                digest: self.digest(),
                status_offset: self.dice.roll(256) as u16,
            });
        }
        let args = IssueManyArgs {
            subject_kind,
            expires_at: self.expiry(None),
            status_base: if self.dice.once_in(16) { u32::MAX - 50 } else { 1_000 },
            learners,
        };
        made(Request::IssueMany(args.clone()), credential::issue_many(self.payer(), &key, achievement, args))
    }

    fn renew(&mut self) -> Call {
        let model = self.model;
        let (renewable, active) = (!self.dice.once_in(16), !self.dice.once_in(6));
        let (at, of) = self.credential(|of| {
            (of.status == Status::Active) == active
                && model.achievement(&of.achievement).renewable == renewable
                && model.achievement(&of.achievement).status == Life::Active
        });
        let (issuer, achievement, expires_at) =
            of.map_or((self.cast.nowhere, self.cast.nowhere, None), |of| (of.issuer, of.achievement, of.expires_at));
        let key = self.key(issuer, 8, &achievement);
        let achievement = if self.dice.once_in(16) { self.achievement(|_| true) } else { achievement };
        let args = RenewArgs { digest: self.digest(), expires_at: self.expiry(expires_at) };
        made(Request::Renew(args.clone()), credential::renew(&key, achievement, at, args))
    }

    pub(super) fn changes(&mut self, kind: Kind) -> Call {
        let (at, of) = self.credential(|of| match kind {
            Kind::Suspend => of.status == Status::Active,
            Kind::Reinstate => of.status == Status::Suspended,
            Kind::Erase => of.subject.is_some(),
            _ => matches!(of.status, Status::Pending | Status::Active | Status::Suspended),
        });
        let (issuer, achievement) = of.map_or((self.cast.nowhere, self.cast.nowhere), |of| (of.issuer, of.achievement));
        let permission = if matches!(kind, Kind::Suspend | Kind::Reinstate) { 2 } else { 4 };
        let code = self.reason();
        if kind == Kind::Erase && self.dice.roll(2) == 1 {
            let subject = of.and_then(|of| of.subject).unwrap_or(self.cast.attacker);
            let subject = self.signer(subject);
            return with_reason(Request::Erase(code), code, |_| credential::erase_own(subject, at));
        }
        let actor = self.actor(issuer, permission, &achievement);
        match kind {
            Kind::Revoke => with_reason(Request::Revoke(code), code, |reason| credential::revoke(&actor, at, reason)),
            Kind::Suspend => {
                with_reason(Request::Suspend(code), code, |reason| credential::suspend(&actor, at, reason))
            }
            Kind::Erase => with_reason(Request::Erase(code), code, |reason| credential::erase(&actor, at, reason)),
            Kind::Reinstate => made(Request::Reinstate, credential::reinstate(&actor, at)),
            _ => self.revoke_many(&actor, issuer, at, code),
        }
    }

    fn revoke_many(&mut self, actor: &Actor, issuer: Address, first: Address, code: u8) -> Call {
        let suits = |(address, of): &(Address, &Credential)| {
            *address != first && of.issuer == issuer && matches!(of.status, Status::Pending | Status::Active)
        };
        let others: Vec<Address> = self.model.credentials().filter(suits).map(|(address, _)| address).collect();
        let mut targets = if self.dice.once_in(16) { Vec::new() } else { vec![first] };
        targets.extend(others.iter().take(self.dice.roll(4)));
        if self.dice.once_in(10) {
            targets.push(first);
        }
        with_reason(Request::RevokeMany(code), code, |reason| credential::revoke_many(actor, &targets, reason))
    }

    pub(super) fn answers(&mut self, kind: Kind) -> Call {
        let (at, of) = self.credential(|of| of.status == Status::Pending);
        let subject = of.and_then(|of| of.subject).unwrap_or(self.cast.attacker);
        let subject = self.signer(subject);
        match kind {
            Kind::Accept => made(Request::Accept, credential::accept(subject, at)),
            _ => made(Request::Decline, credential::decline(subject, at)),
        }
    }

    /// A credential, mostly one that suits.
    fn credential(&mut self, apt: impl Fn(&Credential) -> bool) -> (Address, Option<&'a Credential>) {
        let all: Vec<_> = self.model.credentials().map(|(address, _)| address).collect();
        let suits: Vec<_> = all.iter().copied().filter(|at| apt(self.model.credential(at))).collect();
        let at = self.prefer(&suits, &all);
        (at, self.model.records.contains_key(&at).then(|| self.model.credential(&at)))
    }

    fn issuer_of(&self, achievement: &Address) -> (Address, bool) {
        if !self.model.records.contains_key(achievement) {
            return (self.cast.nowhere, false);
        }
        let of = self.model.achievement(achievement);
        (of.issuer, of.acceptance_required)
    }

    /// A learner, mostly one who can get this now.
    fn subject(&mut self, achievement: &Address, acceptance: bool) -> Address {
        if self.dice.once_in(32) {
            return Address::default();
        }
        let all: Vec<Address> = self.cast.learners.iter().chain(&self.cast.commitments).copied().collect();
        let suits =
            |at: &Address| (!acceptance || self.cast.learners.contains(at)) && self.next_sequence(achievement, at).1;
        let suits: Vec<Address> = all.iter().copied().filter(suits).collect();
        self.prefer(&suits, &all)
    }

    /// The sequence of the next credential, and whether the one before is over.
    fn next_sequence(&self, achievement: &Address, subject: &Address) -> (u16, bool) {
        let before = self
            .model
            .credentials()
            .filter(|(_, of)| of.achievement == *achievement && of.first_subject == *subject)
            .max_by_key(|(_, of)| of.sequence);
        before.map_or((0, true), |(_, of)| {
            (of.sequence + 1, matches!(of.status, Status::Revoked | Status::Declined | Status::Erased))
        })
    }

    fn sequence(&mut self, achievement: &Address, subject: &Address) -> u16 {
        let (next, _) = self.next_sequence(achievement, subject);
        match self.dice.roll(20) {
            18 => next + 1,
            19 => next.saturating_sub(1),
            _ => next,
        }
    }

    fn subject_kind(&mut self, subject: &Address) -> u8 {
        if self.dice.once_in(20) {
            return self.dice.roll(5) as u8;
        }
        if self.cast.commitments.contains(subject) { 2 } else { 1 }
    }

    fn expiry(&mut self, before: Option<i64>) -> Option<i64> {
        match self.dice.roll(6) {
            0..=2 => None,
            3 => Some(0),
            _ => Some(self.time(before.unwrap_or(self.model.now))),
        }
    }
}

/// Where the next credential of a learner would be; for questions about what is not there.
pub fn next_address(of: &Credential) -> Address {
    address::credential(&of.achievement, &of.first_subject, of.sequence + 1)
}
