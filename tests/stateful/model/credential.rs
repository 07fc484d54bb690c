use microcred::{IssueArgs, IssueManyArgs, RenewArgs};
use microcred_client::{Address, MicrocredError as E, error::Refusal};
use solana_instruction_error::InstructionError;

use super::{
    Achievement, Allowed, Credential, Life, Model, Record, Status, alone, arguments, check, reason, records::Actor,
    refuse, runtime,
};
use crate::request::{Account, Call};

const ISSUE: u16 = 1;
const SUSPEND: u16 = 2;
const REVOKE: u16 = 4;
const RENEW: u16 = 8;

/// What the credentials of one instruction share.
struct Terms {
    payer: Address,
    issuer: Address,
    achievement: Address,
    key_index: u16,
    is_wallet: bool,
    status: Status,
    expires_at: Option<i64>,
}

impl Achievement {
    /// The expiry named, where zero means never; else the default validity from now on.
    fn expiry(&self, named: Option<i64>, now: i64) -> Allowed<Option<i64>> {
        match (named, self.default_validity) {
            (None, None) | (Some(0), _) => Ok(None),
            (None, Some(validity)) => match now.checked_add(validity) {
                Some(at) => Ok(Some(at)),
                None => refuse(E::Overflow),
            },
            (Some(at), _) if at > now => Ok(Some(at)),
            (Some(_), _) => refuse(E::BadExpiry),
        }
    }
}

/// The reason of what a learner erases.
const LEARNERS_REQUEST: u8 = 6;

impl Model {
    pub(super) fn issue(&mut self, call: &Call, args: &IssueArgs) -> Allowed {
        let (achievement, address) = (call.at(4), call.at(6));
        arguments(call)?;
        alone(call)?;
        let terms = self.terms(call, args.subject_kind, args.expires_at, 1)?;
        match (args.sequence, call.maybe(5)) {
            (0, None) => {}
            (0, Some(_)) => return refuse(E::PreviousUnexpected),
            (_, None) => return refuse(E::PreviousMissing),
            (sequence, Some(previous)) => {
                let before = self.credential(&previous);
                check(
                    (before.achievement, before.first_subject, before.sequence)
                        == (achievement, args.subject, sequence - 1),
                    E::WrongPrevious,
                )?;
                let over = matches!(before.status, Status::Revoked | Status::Declined | Status::Erased);
                check(over, E::PreviousStillLive)?;
            }
        }
        self.issue_one(&terms, address, args.subject, args.sequence, args.digest, args.status_index)
    }

    pub(super) fn issue_many(&mut self, call: &Call, args: &IssueManyArgs) -> Allowed {
        arguments(call)?;
        check(!args.learners.is_empty(), E::NothingToDo)?;
        if call.further().iter().any(|meta| meta.pubkey == call.at(3)) {
            return runtime(InstructionError::Custom(2040));
        }
        check(args.learners.len() == call.further().len(), E::CountMismatch)?;
        let count = u64::try_from(args.learners.len()).unwrap();
        let terms = self.terms(call, args.subject_kind, args.expires_at, count)?;
        for (learner, target) in args.learners.iter().zip(call.further()) {
            check(self.is_writable(call, &target.pubkey), E::NotWritable)?;
            let status_index = args
                .status_base
                .checked_add(learner.status_offset.into())
                .ok_or(Refusal::Microcred(E::BadStatusIndex))?;
            self.issue_one(&terms, target.pubkey, learner.subject, 0, learner.digest, status_index)?;
        }
        Ok(())
    }

    /// Who issues what on which terms; counts against the quota.
    fn terms(&mut self, call: &Call, subject_kind: u8, expires_at: Option<i64>, count: u64) -> Allowed<Terms> {
        let (signer, issuer, key, achievement) = (call.at(1), call.at(2), call.at(3), call.at(4));
        check(self.key(&key).issuer == issuer, E::WrongIssuer)?;
        check(self.key(&key).holder == signer, E::NotKeyHolder)?;
        let of = self.achievement(&achievement);
        check(of.issuer == issuer, E::WrongIssuer)?;
        self.key(&key).allows(ISSUE, &achievement, self.now)?;
        check(self.issuer(&issuer).status == Life::Active, E::IssuerNotActive)?;
        check(of.status == Life::Active, E::AchievementNotActive)?;
        let status = match subject_kind {
            1 if of.acceptance_required => Status::Pending,
            2 if of.acceptance_required => return refuse(E::CommitmentCannotAccept),
            1 | 2 => Status::Active,
            3 => return refuse(E::LearnerSubjectRefused),
            _ => return refuse(E::UnknownSubjectKind),
        };
        let terms = Terms {
            payer: call.at(0),
            issuer,
            achievement,
            key_index: self.key(&key).index,
            is_wallet: subject_kind == 1,
            status,
            expires_at: of.expiry(expires_at, self.now)?,
        };
        self.spend(&key, count)?;
        Ok(terms)
    }

    fn spend(&mut self, key: &Address, count: u64) -> Allowed {
        let key = self.key_mut(key);
        check(key.quota.is_none_or(|quota| key.used + count <= quota), E::QuotaExceeded)?;
        key.used += count;
        Ok(())
    }

    #[allow(clippy::too_many_arguments, reason = "each is an argument of the instruction")]
    fn issue_one(
        &mut self,
        terms: &Terms,
        address: Address,
        subject: Address,
        sequence: u16,
        digest: [u8; 32],
        status_index: u32,
    ) -> Allowed {
        check(subject != Address::default(), E::ZeroSubject)?;
        let credential = Credential {
            status: terms.status,
            reason: 0,
            accepted: false,
            is_wallet: terms.is_wallet,
            sequence,
            issuer: terms.issuer,
            achievement: terms.achievement,
            subject: Some(subject),
            first_subject: subject,
            digest: unless_blank(digest),
            issued_at: self.now,
            asserted_at: self.now,
            expires_at: terms.expires_at,
            changed: None,
            key_index: terms.key_index,
            revision: 0,
            status_index,
        };
        let seeds: [&[u8]; 4] = [b"credential", terms.achievement.as_ref(), subject.as_ref(), &sequence.to_le_bytes()];
        self.create(terms.payer, address, &seeds, Record::Credential(credential))
    }

    pub(super) fn renew(&mut self, call: &Call, args: &RenewArgs) -> Allowed {
        let (signer, issuer, key, achievement) = (call.at(0), call.at(1), call.at(2), call.at(3));
        let (address, now) = (call.at(4), self.now);
        let credential = self.credential(&address);
        check(credential.issuer == issuer, E::WrongIssuer)?;
        check(credential.achievement == achievement, E::WrongAchievement)?;
        arguments(call)?;
        alone(call)?;
        check(self.key(&key).issuer == issuer, E::WrongIssuer)?;
        check(self.key(&key).holder == signer, E::NotKeyHolder)?;
        self.key(&key).allows(RENEW, &achievement, now)?;
        check(self.issuer(&issuer).status == Life::Active, E::IssuerNotActive)?;
        let of = self.achievement(&achievement);
        check(of.status == Life::Active, E::AchievementNotActive)?;
        check(of.renewable, E::NotRenewable)?;
        match credential.status {
            Status::Active => {}
            Status::Pending => return refuse(E::PendingCannotBeRenewed),
            Status::Suspended => return refuse(E::SuspendedCannotBeRenewed),
            Status::Revoked => return refuse(E::RevokedCannotBeRenewed),
            Status::Declined => return refuse(E::DeclinedCannotBeRenewed),
            Status::Erased => return refuse(E::ErasedCannotBeRenewed),
        }
        // Where the achievement has no default, a credential keeps the end that it has.
        let expires_at = match (args.expires_at, of.default_validity, credential.expires_at) {
            (None, None, Some(before)) => of.expiry(Some(before), now)?,
            (named, _, _) => of.expiry(named, now)?,
        };
        let shortens = match (credential.expires_at, expires_at) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(before), Some(after)) => after < before,
        };
        check(!shortens, E::ExpiryShortened)?;
        self.spend(&key, 1)?;
        let key_index = self.key(&key).index;
        let credential = self.credential_mut(&address);
        credential.digest = unless_blank(args.digest);
        credential.expires_at = expires_at;
        credential.key_index = key_index;
        credential.asserted_at = now;
        credential.revision += 1;
        Ok(())
    }

    pub(super) fn accept(&mut self, call: &Call) -> Allowed {
        arguments(call)?;
        alone(call)?;
        let now = self.now;
        let credential = self.credential_mut(&call.at(1));
        match credential.status {
            Status::Pending => {}
            Status::Active => return refuse(E::ActiveCannotBeAccepted),
            Status::Suspended => return refuse(E::SuspendedCannotBeAccepted),
            Status::Revoked => return refuse(E::RevokedCannotBeAccepted),
            Status::Declined => return refuse(E::DeclinedCannotBeAccepted),
            Status::Erased => return refuse(E::ErasedCannotBeAccepted),
        }
        check(credential.subject == Some(call.at(0)) && credential.is_wallet, E::NotSubject)?;
        check(credential.expires_at.is_none_or(|at| now < at), E::CredentialExpired)?;
        credential.accepted = true;
        credential.set(Status::Active, 0, Actor::Subject, now);
        Ok(())
    }

    pub(super) fn decline(&mut self, call: &Call) -> Allowed {
        arguments(call)?;
        alone(call)?;
        let now = self.now;
        let credential = self.credential_mut(&call.at(1));
        match credential.status {
            Status::Pending => {}
            Status::Active => return refuse(E::ActiveCannotBeDeclined),
            Status::Suspended => return refuse(E::SuspendedCannotBeDeclined),
            Status::Revoked => return refuse(E::RevokedCannotBeDeclined),
            Status::Declined => return refuse(E::DeclinedCannotBeDeclined),
            Status::Erased => return refuse(E::ErasedCannotBeDeclined),
        }
        check(credential.subject == Some(call.at(0)) && credential.is_wallet, E::NotSubject)?;
        credential.set(Status::Declined, 0, Actor::Subject, now);
        Ok(())
    }

    pub(super) fn suspend(&mut self, call: &Call, code: u8) -> Allowed {
        let (by, credential, now) = self.issuer_changes(call, code, SUSPEND)?;
        match credential.status {
            Status::Active => {}
            Status::Pending => return refuse(E::PendingCannotBeSuspended),
            Status::Suspended => return refuse(E::SuspendedCannotBeSuspended),
            Status::Revoked => return refuse(E::RevokedCannotBeSuspended),
            Status::Declined => return refuse(E::DeclinedCannotBeSuspended),
            Status::Erased => return refuse(E::ErasedCannotBeSuspended),
        }
        credential.set(Status::Suspended, code, by, now);
        Ok(())
    }

    pub(super) fn reinstate(&mut self, call: &Call) -> Allowed {
        let (by, credential, now) = self.issuer_changes(call, 0, SUSPEND)?;
        match credential.status {
            Status::Suspended => {}
            Status::Pending => return refuse(E::PendingCannotBeReinstated),
            Status::Active => return refuse(E::ActiveCannotBeReinstated),
            Status::Revoked => return refuse(E::RevokedCannotBeReinstated),
            Status::Declined => return refuse(E::DeclinedCannotBeReinstated),
            Status::Erased => return refuse(E::ErasedCannotBeReinstated),
        }
        credential.set(Status::Active, 0, by, now);
        Ok(())
    }

    pub(super) fn revoke(&mut self, call: &Call, code: u8) -> Allowed {
        let (by, credential, now) = self.issuer_changes(call, code, REVOKE)?;
        credential.revoke(code, by, now)
    }

    pub(super) fn revoke_many(&mut self, call: &Call, code: u8) -> Allowed {
        arguments(call)?;
        reason(code)?;
        check(!call.further().is_empty(), E::NothingToDo)?;
        let now = self.now;
        for target in call.further() {
            check(self.is_writable(call, &target.pubkey), E::NotWritable)?;
            self.is_kind(&target.pubkey, Account::Credential, true)?;
            let by = self.acts(call, &target.pubkey, REVOKE)?;
            self.credential_mut(&target.pubkey).revoke(code, by, now)?;
        }
        Ok(())
    }

    pub(super) fn erase(&mut self, call: &Call, code: u8) -> Allowed {
        arguments(call)?;
        alone(call)?;
        let (now, address) = (self.now, call.at(3));
        let by_learner = call.maybe(1).is_none() && call.maybe(2).is_none();
        let code = if by_learner { LEARNERS_REQUEST } else { code };
        reason(code)?;
        let by = if by_learner { Actor::Subject } else { self.acts(call, &address, REVOKE)? };
        let credential = self.credential_mut(&address);
        let subject = credential.subject.ok_or(Refusal::Microcred(E::ErasedCannotBeErased))?;
        if by_learner {
            let hers = credential.is_wallet && credential.status != Status::Suspended;
            check(hers, E::ErasureByIssuerOnly)?;
            check(subject == call.at(0), E::NotSubject)?;
        }
        if !matches!(credential.status, Status::Revoked | Status::Declined) {
            credential.set(Status::Erased, code, by, now);
        }
        credential.subject = None;
        credential.digest = None;
        Ok(())
    }

    /// The checks of what an issuer does to the status of one credential.
    fn issuer_changes(&mut self, call: &Call, code: u8, permission: u16) -> Allowed<(Actor, &mut Credential, i64)> {
        arguments(call)?;
        alone(call)?;
        reason(code)?;
        let by = self.acts(call, &call.at(3), permission)?;
        let now = self.now;
        Ok((by, self.credential_mut(&call.at(3)), now))
    }

    /// The holder of the issuer's key that may, or the issuer's authority; never both.
    fn acts(&self, call: &Call, credential: &Address, permission: u16) -> Allowed<Actor> {
        let credential = self.credential(credential);
        match (call.maybe(1), call.maybe(2)) {
            (None, None) => refuse(E::NoActor),
            (Some(_), Some(_)) => refuse(E::TwoActors),
            (Some(key), None) => {
                let key = self.key(&key);
                check(key.issuer == credential.issuer, E::WrongIssuer)?;
                check(key.holder == call.at(0), E::NotKeyHolder)?;
                key.allows(permission, &credential.achievement, self.now)?;
                Ok(Actor::Key(key.index))
            }
            (None, Some(issuer)) => {
                check(issuer == credential.issuer, E::WrongIssuer)?;
                check(self.issuer(&issuer).authority == call.at(0), E::NotIssuerAuthority)?;
                Ok(Actor::Authority)
            }
        }
    }
}

impl Credential {
    fn set(&mut self, status: Status, reason: u8, by: Actor, now: i64) {
        self.status = status;
        self.reason = reason;
        self.changed = Some((now, by));
    }

    fn revoke(&mut self, code: u8, by: Actor, now: i64) -> Allowed {
        match self.status {
            Status::Pending | Status::Active | Status::Suspended => {}
            Status::Revoked => return refuse(E::RevokedCannotBeRevoked),
            Status::Declined => return refuse(E::DeclinedCannotBeRevoked),
            Status::Erased => return refuse(E::ErasedCannotBeRevoked),
        }
        self.set(Status::Revoked, code, by, now);
        Ok(())
    }
}

/// A digest where zero means no document.
fn unless_blank(digest: [u8; 32]) -> Option<[u8; 32]> {
    Some(digest).filter(|digest| *digest != [0; 32])
}
