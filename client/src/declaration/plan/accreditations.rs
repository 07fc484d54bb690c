//! Changes of accreditations.

use microcred::state::{Accreditation, AccreditationStatus, Issuer, Lifecycle, Reason, Record, Term};
use solana_address::Address;

use super::{
    Action, Change, Detail, Planner,
    change::{date, quoted},
};
use crate::{
    declaration::{AccreditationDeclaration, form::hyphenated},
    instructions::{accreditation, accreditation::AccreditationRef},
};

/// The profile of an issuer that is accredited, as it will be when the accreditation is written.
struct Profile {
    revision: u32,
    name: String,
    url: String,
    country: String,
    is_retired: bool,
    /// Whether this file declares it, so that whoever applies the file has written it.
    is_declared: bool,
}

impl Profile {
    fn of(issuer: &Issuer) -> Self {
        Self {
            revision: issuer.profile_revision,
            name: issuer.name().into(),
            url: issuer.url().into(),
            country: issuer.country().into(),
            is_retired: issuer.status == Lifecycle::Retired.code(),
            is_declared: false,
        }
    }

    fn details(&self) -> [Detail; 4] {
        [
            Detail::new("name", quoted(&self.name)),
            Detail::new("url", quoted(&self.url)),
            Detail::new("country", quoted(&self.country)),
            Detail::new("profile_revision", self.revision.to_string()),
        ]
    }
}

/// One declared accreditation with what was found out about it.
struct Entry<'a> {
    declared: &'a AccreditationDeclaration,
    place: String,
    of: AccreditationRef,
    profile: Profile,
    terms: Vec<Term>,
}

impl Entry<'_> {
    fn change(&self, action: Action, details: Vec<Detail>, instruction: solana_instruction::Instruction) -> Change {
        let created = if action == Action::Create { vec![Accreditation::SIZE] } else { Vec::new() };
        let what = format!("accreditation of \"{}\"", self.profile.name);
        Change { action, what, account: self.of.address(), details, signer: self.of.authority, created, instruction }
    }
}

impl Planner<'_> {
    pub(super) fn accreditations(&mut self) {
        let Some(registry) = self.places.registry else { return };
        let authority = self.registry_authority();
        let declaration = self.declaration;
        for ((place, declared), issuer) in declaration.all_accreditations().zip(&self.places.accredited) {
            let Some(profile) = self.profile(*issuer) else {
                let what = format!(
                    "is of the issuer {issuer}, which is not on this ledger: check the address and the cluster"
                );
                self.conflict(&place, what);
                continue;
            };
            let of = AccreditationRef { authority, registry: registry.address, issuer: *issuer };
            let entry = Entry { declared, place, of, profile, terms: merged(declared) };
            match self.state.accreditations.get(&of.address()) {
                None => self.accredit(&entry),
                Some(present) => self.change_accreditation(&entry, present),
            }
        }
    }

    /// None: there is no such issuer, nor will there be.
    fn profile(&self, issuer: Address) -> Option<Profile> {
        let declared_here = self.places.issuer.is_some_and(|place| place.address == issuer);
        let declared = self.declaration.issuer.as_ref().filter(|_| declared_here);
        let present = self.state.issuers.get(&issuer);
        let Some(declared) = declared else { return present.map(Profile::of) };
        let (revision, changes) = present.map_or((0, false), |present| {
            let now = (present.name(), present.url(), present.country());
            (
                present.profile_revision,
                now != (declared.name.as_str(), declared.url.as_str(), declared.country.as_str()),
            )
        });
        Some(Profile {
            revision: revision.saturating_add(u32::from(changes)),
            name: declared.name.clone(),
            url: declared.url.clone(),
            country: declared.country.clone(),
            is_retired: self.issuer_status() == Lifecycle::Retired,
            is_declared: true,
        })
    }

    fn accredit(&mut self, entry: &Entry<'_>) {
        let Some((first, more)) = entry.terms.split_first() else {
            self.unchanged(format!("accreditation of \"{}\", which there is none of", entry.profile.name));
            return;
        };
        if entry.declared.status == Some(AccreditationStatus::Withdrawn) {
            self.conflict(
                &format!("{}.status", entry.place),
                "is withdrawn, but there is nothing to withdraw: leave the entry out",
            );
            return;
        }
        if !self.registry_enters(entry) || !self.is_vouched_revision(entry) {
            return;
        }
        let mut details = entry.profile.details().to_vec();
        details.extend(term_details(first));
        let revision = entry.profile.revision;
        let instruction = accreditation::accredit(self.roles.payer, &entry.of, revision, *first);
        let mut change = entry.change(Action::Create, details, instruction);
        let by = self.declaration.registry.as_ref().map(|registry| registry.name.as_str()).unwrap_or_default();
        change.what = format!("{} by \"{by}\"", change.what);
        self.plan.changes.push(change);
        for term in more {
            self.add_term(entry, term);
        }
        self.cut(entry, AccreditationStatus::Active);
    }

    fn change_accreditation(&mut self, entry: &Entry<'_>, present: &Accreditation) {
        let before = (self.plan.changes.len(), self.plan.conflicts.len());
        let status = AccreditationStatus::try_from(present.status).unwrap_or(AccreditationStatus::Withdrawn);
        let declared = entry.declared.status;
        let reinstated = status == AccreditationStatus::Suspended && declared == Some(AccreditationStatus::Active);
        if reinstated {
            let instruction = accreditation::reinstate(&entry.of);
            self.plan.changes.push(entry.change(Action::Reinstate, Vec::new(), instruction));
        }
        let status = if reinstated { AccreditationStatus::Active } else { status };
        // A withdrawal ends every term, so that what they were does not matter any more.
        let added = declared != Some(AccreditationStatus::Withdrawn) && self.terms(entry, present, status);
        let status = if added { AccreditationStatus::Active } else { status };
        if !added {
            self.confirm(entry, present);
        }
        match (status, declared) {
            (AccreditationStatus::Withdrawn, Some(AccreditationStatus::Active | AccreditationStatus::Suspended)) => {
                let what = format!(
                    "is withdrawn on the ledger since {}: add a term that begins from now on, or write withdrawn",
                    date(present.effective_at)
                );
                self.conflict(&format!("{}.status", entry.place), what);
            }
            (AccreditationStatus::Suspended | AccreditationStatus::Withdrawn, None) => {
                let since = date(present.effective_at);
                self.warn(&entry.place, format!("is {status} since {since}: add `status` to say where it shall stand"));
            }
            _ => self.cut(entry, status),
        }
        self.check_reason(entry, present, status);
        if (self.plan.changes.len(), self.plan.conflicts.len()) == before {
            self.unchanged(format!("accreditation of \"{}\"", entry.profile.name));
        }
    }

    /// Adds the terms that are missing, and says whether there were any.
    fn terms(&mut self, entry: &Entry<'_>, present: &Accreditation, status: AccreditationStatus) -> bool {
        let mut entered = *present;
        let mut missing = Vec::new();
        for term in &entry.terms {
            let last = entered.used_terms().last().copied().unwrap_or_default();
            let prolongs = last.from == term.from
                && last.from != last.until
                && last.until != 0
                && (term.until == 0 || term.until > last.until);
            let addition = if prolongs { Term { from: last.until, until: term.until } } else { *term };
            if entered.used_terms().contains(term) {
                continue;
            }
            let touches = !prolongs && last.from != last.until && term.from == last.until;
            if touches || entered.add_term(addition).is_err() {
                let what = format!(
                    "has a term {} that does not go with those on the ledger ({}): terms are only added after the last one, or prolong it; \
                     to end one, withdraw the accreditation",
                    span(term),
                    present.used_terms().iter().map(span).collect::<Vec<_>>().join("; ")
                );
                self.conflict(&entry.place, what);
                return false;
            }
            missing.push(addition);
        }
        let not_in_file = |old: &&Term| !entry.terms.iter().any(|term| term.from == old.from) && old.from != old.until;
        let left = present.used_terms().iter().filter(not_in_file);
        let named = left.map(|term| format!("term {} of the accreditation of \"{}\"", span(term), entry.profile.name));
        self.plan.left_alone.extend(named);
        let Some(first) = missing.first() else { return false };
        if !self.registry_enters(entry) || !self.is_vouched_revision(entry) {
            return false;
        }
        match status {
            AccreditationStatus::Suspended => {
                self.conflict(
                    &entry.place,
                    "gets no further term while it is suspended: write `status = \"active\"` to reinstate it first",
                );
                return false;
            }
            AccreditationStatus::Withdrawn if first.from < self.state.time => {
                let what = format!(
                    "was withdrawn: a further term must begin after now ({}), so that it does not heal the gap",
                    date(self.state.time)
                );
                self.conflict(&entry.place, what);
                return false;
            }
            AccreditationStatus::Withdrawn | AccreditationStatus::Active => {}
        }
        for term in &missing {
            self.add_term(entry, term);
        }
        true
    }

    fn add_term(&mut self, entry: &Entry<'_>, term: &Term) {
        let mut details = term_details(term).to_vec();
        details.push(Detail::new("profile_revision", entry.profile.revision.to_string()));
        let instruction = accreditation::add_term(&entry.of, entry.profile.revision, *term);
        self.plan.changes.push(entry.change(Action::AddTerm, details, instruction));
    }

    /// Vouches for the present profile: where this file declares it, or names its revision.
    fn confirm(&mut self, entry: &Entry<'_>, present: &Accreditation) {
        if entry.profile.revision == present.profile_revision {
            return;
        }
        if !entry.profile.is_declared && entry.declared.profile_revision.is_none() {
            let what = format!(
                "vouches for revision {} of the issuer's profile, which is {} now (name {}, url {}, country {}): look at it, and write \
                 `profile_revision = {}` to confirm it",
                present.profile_revision,
                entry.profile.revision,
                quoted(&entry.profile.name),
                quoted(&entry.profile.url),
                quoted(&entry.profile.country),
                entry.profile.revision,
            );
            self.warn(&entry.place, what);
            return;
        }
        if !self.is_vouched_revision(entry) {
            return;
        }
        let mut details = entry.profile.details();
        if let Some(revision) = details.last_mut() {
            revision.old = Some(present.profile_revision.to_string());
        }
        let instruction = accreditation::confirm(&entry.of, entry.profile.revision);
        self.plan.changes.push(entry.change(Action::Confirm, details.to_vec(), instruction));
    }

    /// Whether the revision that the file names, if any, is the present one; a conflict if not.
    fn is_vouched_revision(&mut self, entry: &Entry<'_>) -> bool {
        let Some(looked_at) = entry.declared.profile_revision else { return true };
        let profile = &entry.profile;
        if looked_at != profile.revision {
            let what = format!(
                "is {looked_at}, but the issuer's profile has revision {} (name {}, url {}, country {}): look at it, and write that",
                profile.revision,
                quoted(&profile.name),
                quoted(&profile.url),
                quoted(&profile.country),
            );
            self.conflict(&format!("{}.profile_revision", entry.place), what);
        }
        looked_at == profile.revision
    }

    /// Whether the registry takes accreditations and terms of this issuer; a conflict if not.
    fn registry_enters(&mut self, entry: &Entry<'_>) -> bool {
        let status = self.registry_status();
        if status != Lifecycle::Active {
            let what = format!(
                "cannot be entered while the registry is {status}: write `status = \"active\"` there, or leave it out"
            );
            self.conflict(&entry.place, what);
        }
        if entry.profile.is_retired {
            self.conflict(&entry.place, "cannot be entered: the issuer is retired");
        }
        status == Lifecycle::Active && !entry.profile.is_retired
    }

    /// Suspends or withdraws where the file says so.
    fn cut(&mut self, entry: &Entry<'_>, status: AccreditationStatus) {
        let reason = entry.declared.reason.unwrap_or(Reason::Unspecified);
        let (action, instruction) = match (entry.declared.status, status) {
            (Some(AccreditationStatus::Suspended), AccreditationStatus::Active) => {
                (Action::Suspend, accreditation::suspend(&entry.of, reason, 0))
            }
            (Some(AccreditationStatus::Withdrawn), AccreditationStatus::Active | AccreditationStatus::Suspended) => {
                (Action::Withdraw, accreditation::withdraw(&entry.of, reason, 0))
            }
            _ => return,
        };
        let details = vec![Detail::new("reason", hyphenated(reason.word()))];
        self.plan.changes.push(entry.change(action, details, instruction));
    }

    /// The reason of a suspension or withdrawal that stands already.
    fn check_reason(&mut self, entry: &Entry<'_>, present: &Accreditation, status: AccreditationStatus) {
        let stands = status.code() == present.status && entry.declared.status == Some(status);
        let Some(reason) = entry.declared.reason.filter(|reason| stands && reason.code() != present.reason) else {
            return;
        };
        let old = Reason::try_from(present.reason).unwrap_or(Reason::Unspecified);
        let what = format!(
            "is \"{}\" on the ledger and stays as long as the status does: write that instead of \"{}\"",
            hyphenated(old.word()),
            hyphenated(reason.word())
        );
        self.conflict(&format!("{}.reason", entry.place), what);
    }
}

/// The declared terms as the program keeps them: those that touch are one.
fn merged(declared: &AccreditationDeclaration) -> Vec<Term> {
    let mut entered: Accreditation = anchor_lang::bytemuck::Zeroable::zeroed();
    for term in declared.all_terms() {
        // That each can be entered was checked: see `Declaration::check`.
        let _ = entered.add_term(term);
    }
    entered.used_terms().to_vec()
}

fn term_details(term: &Term) -> [Detail; 2] {
    [Detail::new("from", date(term.from)), Detail::new("until", date(term.until))]
}

fn span(term: &Term) -> String {
    match term.until {
        0 => format!("from {} on", date(term.from)),
        until => format!("from {} until {}", date(term.from), date(until)),
    }
}
