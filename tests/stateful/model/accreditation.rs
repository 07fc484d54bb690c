use microcred::{
    AccreditIssuerArgs, AddAccreditationTermArgs, ConfirmAccreditationArgs, SuspendAccreditationArgs,
    WithdrawAccreditationArgs,
};
use microcred_client::{Address, MicrocredError as E};

use super::{
    Accreditation, Allowed, Life, Model, Record, Standing, alone, arguments, check, reason, refuse, unless_zero,
};
use crate::request::Call;

impl Accreditation {
    /// Whether a term covers an instant.
    pub fn covers(&self, at: i64) -> bool {
        self.terms.iter().any(|(from, until)| *from <= at && until.is_none_or(|until| at < until))
    }

    /// Terms follow each other; those that touch are one; there are at most four.
    fn add(&mut self, from: i64, until: i64) -> Allowed {
        check(from > 0 && (until == 0 || until > from), E::BadTerm)?;
        match self.terms.last_mut() {
            Some((_, None)) => return refuse(E::TermOverlaps),
            Some((_, Some(end))) if from < *end => return refuse(E::TermOverlaps),
            Some((start, end)) if *end == Some(*start) => (*start, *end) = (from, unless_zero(until)),
            Some((_, end)) if *end == Some(from) => *end = unless_zero(until),
            _ => {
                check(self.terms.len() < 4, E::TermsFull)?;
                self.terms.push((from, unless_zero(until)));
            }
        }
        Ok(())
    }

    /// A withdrawal ends every term; where none is left an empty one marks when.
    fn end(&mut self, at: i64) {
        self.terms.retain(|(from, _)| *from < at);
        for (_, until) in &mut self.terms {
            *until = Some(until.map_or(at, |until| until.min(at)));
        }
        if self.terms.is_empty() {
            self.terms.push((at, Some(at)));
        }
    }
}

impl Model {
    pub(super) fn accredit_issuer(&mut self, call: &Call, args: &AccreditIssuerArgs) -> Allowed {
        let (authority, registry, issuer, address) = (call.at(1), call.at(2), call.at(3), call.at(4));
        check(self.registry(&registry).authority == authority, E::NotRegistryAuthority)?;
        arguments(call)?;
        alone(call)?;
        self.can_vouch(&registry)?;
        check(self.issuer(&issuer).status != Life::Retired, E::IssuerRetired)?;
        check(self.issuer(&issuer).profile_revision == args.profile_revision, E::WrongProfileRevision)?;
        let accreditation = Accreditation {
            status: Standing::Active,
            reason: 0,
            registry,
            issuer,
            profile_revision: args.profile_revision,
            effective_at: self.now,
            status_changed_at: self.now,
            terms: Vec::new(),
        };
        let seeds: [&[u8]; 3] = [b"accreditation", registry.as_ref(), issuer.as_ref()];
        self.create(call.at(0), address, &seeds, Record::Accreditation(accreditation))?;
        self.accreditation_mut(&address).add(args.from, args.until)?;
        self.registry_mut(&registry).accreditations += 1;
        Ok(())
    }

    pub(super) fn suspend_accreditation(&mut self, call: &Call, args: &SuspendAccreditationArgs) -> Allowed {
        let (now, of) = self.administered(call, args.reason)?;
        match of.status {
            Standing::Active => {}
            Standing::Suspended => return refuse(E::SuspendedAccreditationCannotBeSuspended),
            Standing::Withdrawn => return refuse(E::WithdrawnAccreditationCannotBeSuspended),
        }
        let effective_at = effective(args.effective_at, now)?;
        of.set(Standing::Suspended, args.reason, effective_at, now);
        Ok(())
    }

    pub(super) fn reinstate_accreditation(&mut self, call: &Call) -> Allowed {
        let (now, of) = self.administered(call, 0)?;
        match of.status {
            Standing::Suspended => {}
            Standing::Active => return refuse(E::ActiveAccreditationCannotBeReinstated),
            Standing::Withdrawn => return refuse(E::WithdrawnAccreditationCannotBeReinstated),
        }
        of.set(Standing::Active, 0, now, now);
        Ok(())
    }

    pub(super) fn withdraw_accreditation(&mut self, call: &Call, args: &WithdrawAccreditationArgs) -> Allowed {
        let (now, of) = self.administered(call, args.reason)?;
        let latest = match of.status {
            Standing::Active => now,
            Standing::Suspended => of.effective_at,
            Standing::Withdrawn => {
                let earlier = args.effective_at != 0 && args.effective_at < of.effective_at;
                check(earlier, E::WithdrawnAccreditationCannotBeWithdrawn)?;
                of.effective_at
            }
        };
        let effective_at = effective(args.effective_at, latest)?;
        of.set(Standing::Withdrawn, args.reason, effective_at, now);
        of.end(effective_at);
        Ok(())
    }

    pub(super) fn add_accreditation_term(&mut self, call: &Call, args: &AddAccreditationTermArgs) -> Allowed {
        let now = self.now;
        self.vouches_again(call)?;
        self.can_vouch(&call.at(1))?;
        let issuer = self.issuer(&call.at(2));
        check(issuer.status != Life::Retired, E::IssuerRetired)?;
        check(issuer.profile_revision == args.profile_revision, E::WrongProfileRevision)?;
        let of = self.accreditation_mut(&call.at(3));
        match of.status {
            Standing::Active => {}
            Standing::Suspended => return refuse(E::SuspendedAccreditationCannotGetATerm),
            Standing::Withdrawn => {
                check(args.from >= now, E::TermInThePast)?;
                of.set(Standing::Active, 0, now, now);
            }
        }
        of.add(args.from, args.until)?;
        of.profile_revision = args.profile_revision;
        Ok(())
    }

    pub(super) fn confirm_accreditation(&mut self, call: &Call, args: &ConfirmAccreditationArgs) -> Allowed {
        self.vouches_again(call)?;
        check(self.issuer(&call.at(2)).profile_revision == args.profile_revision, E::WrongProfileRevision)?;
        let of = self.accreditation_mut(&call.at(3));
        check(of.profile_revision != args.profile_revision, E::ProfileAlreadyConfirmed)?;
        of.profile_revision = args.profile_revision;
        Ok(())
    }

    /// A paused or retired registry vouches for nobody anew.
    fn can_vouch(&self, registry: &Address) -> Allowed {
        check(self.registry(registry).status == Life::Active, E::RegistryNotActive)
    }

    fn vouches_again(&self, call: &Call) -> Allowed {
        let (authority, registry, issuer) = (call.at(0), call.at(1), call.at(2));
        let of = self.accreditation(&call.at(3));
        check(self.registry(&registry).authority == authority, E::NotRegistryAuthority)?;
        check(of.registry == registry, E::WrongRegistry)?;
        check(of.issuer == issuer, E::WrongIssuer)?;
        arguments(call)?;
        alone(call)
    }

    /// Works also when the registry is paused or retired.
    fn administered(&mut self, call: &Call, code: u8) -> Allowed<(i64, &mut Accreditation)> {
        let (authority, registry) = (call.at(0), call.at(1));
        check(self.registry(&registry).authority == authority, E::NotRegistryAuthority)?;
        check(self.accreditation(&call.at(2)).registry == registry, E::WrongRegistry)?;
        arguments(call)?;
        alone(call)?;
        reason(code)?;
        let now = self.now;
        Ok((now, self.accreditation_mut(&call.at(2))))
    }
}

/// The time given, or the latest that it can be.
fn effective(given: i64, latest: i64) -> Allowed<i64> {
    let effective_at = unless_zero(given).unwrap_or(latest);
    check(effective_at > 0 && effective_at <= latest, E::BadEffectiveTime)?;
    Ok(effective_at)
}

impl Accreditation {
    fn set(&mut self, status: Standing, reason: u8, effective_at: i64, now: i64) {
        self.status = status;
        self.reason = reason;
        self.effective_at = effective_at;
        self.status_changed_at = now;
    }
}
