//! The rules of the program over plain structs, written a second time: nothing here asks the program.
//!
//! Where several rules are broken, the one that decides is the first of: an account named twice, places in order,
//! links between the accounts, malformed arguments, accounts too many, who acts, whether what is needed is in use,
//! arguments, status, the new account.

mod accreditation;
mod achievement;
mod credential;
mod issuer;
mod records;
mod registry;
mod verdict;

use std::collections::BTreeMap;

use microcred_client::{Address, MicrocredError as E, PROGRAM_ID, error::Refusal};
use solana_instruction_error::InstructionError;

pub use records::{Accreditation, Achievement, Credential, Issuer, Key, Life, Record, Registry, Standing, Status};
pub use verdict::{Answer, Question};

use crate::request::{Account, Call, Place, Request};

/// Whether a rule lets something through.
pub type Allowed<T = ()> = Result<T, Refusal>;

/// An account with what every kind shares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub record: Record,
    pub bump: u8,
    pub lamports: u64,
}

/// Everything that the program knows.
#[derive(Clone, Debug, Default)]
pub struct Model {
    pub now: i64,
    /// Pays the fees, so it signs and is writable wherever it is named.
    pub payer: Address,
    pub records: BTreeMap<Address, Entry>,
    /// Lamports of every other address that holds some.
    pub balances: BTreeMap<Address, u64>,
    /// The rent minimum of each size.
    pub rent: BTreeMap<usize, u64>,
}

impl Model {
    /// Does what the instruction asks, or nothing.
    pub fn execute(&mut self, call: &Call) -> Allowed {
        let mut next = self.clone();
        next.admit(call)?;
        next.apply(call)?;
        *self = next;
        Ok(())
    }

    fn apply(&mut self, call: &Call) -> Allowed {
        match &call.request {
            Request::Issue(args) => self.issue(call, args),
            Request::IssueMany(args) => self.issue_many(call, args),
            Request::Revoke(reason) => self.revoke(call, *reason),
            Request::RevokeMany(reason) => self.revoke_many(call, *reason),
            Request::Suspend(reason) => self.suspend(call, *reason),
            Request::Reinstate => self.reinstate(call),
            Request::Renew(args) => self.renew(call, args),
            Request::Accept => self.accept(call),
            Request::Decline => self.decline(call),
            Request::Erase(reason) => self.erase(call, *reason),
            Request::CreateAchievement(args) => self.create_achievement(call, args),
            Request::EditAchievement(args) => self.edit_achievement(call, args),
            Request::PublishAchievement => self.publish_achievement(call),
            Request::PauseAchievement => self.pause_achievement(call),
            Request::ResumeAchievement => self.resume_achievement(call),
            Request::RetireAchievement => self.retire_achievement(call),
            Request::SetReplacedAchievement => self.set_replaced_achievement(call),
            Request::CreateIssuer(args) => self.create_issuer(call, args),
            Request::UpdateIssuerProfile(args) => self.update_issuer_profile(call, args),
            Request::UpdateIssuerTreasury(treasury) => self.update_issuer_treasury(call, *treasury),
            Request::ProposeIssuerAuthority(proposed) => self.propose_issuer_authority(call, *proposed),
            Request::AcceptIssuerAuthority => self.accept_issuer_authority(call),
            Request::PauseIssuer => self.change_issuer(call, pause),
            Request::ResumeIssuer => self.change_issuer(call, resume),
            Request::RetireIssuer => self.change_issuer(call, retire),
            Request::AddKey(args) => self.add_key(call, args),
            Request::ShortenKey(args) => self.shorten_key(call, args),
            Request::RetireKey => self.retire_key(call),
            Request::MarkKeyCompromised(args) => self.mark_key_compromised(call, args),
            Request::CreateRegistry(args) => self.create_registry(call, args),
            Request::UpdateRegistryUri(uri) => self.update_registry_uri(call, uri),
            Request::ProposeRegistryAuthority(proposed) => self.propose_registry_authority(call, *proposed),
            Request::AcceptRegistryAuthority => self.accept_registry_authority(call),
            Request::PauseRegistry => self.change_registry(call, pause),
            Request::ResumeRegistry => self.change_registry(call, resume),
            Request::RetireRegistry => self.change_registry(call, retire),
            Request::AccreditIssuer(args) => self.accredit_issuer(call, args),
            Request::SuspendAccreditation(args) => self.suspend_accreditation(call, args),
            Request::ReinstateAccreditation => self.reinstate_accreditation(call),
            Request::WithdrawAccreditation(args) => self.withdraw_accreditation(call, args),
            Request::AddAccreditationTerm(args) => self.add_accreditation_term(call, args),
            Request::ConfirmAccreditation(args) => self.confirm_accreditation(call, args),
            Request::WithdrawExcess => self.withdraw_excess(call),
        }
    }

    /// What holds of the accounts before any rule is asked: nothing that changes is named twice, and each place has
    /// what it takes.
    fn admit(&self, call: &Call) -> Allowed {
        let places = call.request.places();
        for (n, place) in places.iter().enumerate() {
            let twice = (0..places.len()).any(|other| other != n && call.at(other) == call.at(n));
            if place.is_exclusive() && twice {
                return runtime(InstructionError::Custom(2040));
            }
        }
        for (n, place) in places.iter().enumerate() {
            let address = call.at(n);
            match place {
                Place::Payer if !(self.signs(call, &address) && self.is_writable(call, &address)) => {
                    return runtime(InstructionError::MissingRequiredSignature);
                }
                Place::Signer if !self.signs(call, &address) => {
                    return runtime(InstructionError::MissingRequiredSignature);
                }
                Place::Writes(_) | Place::Creates | Place::WritesAny if !self.is_writable(call, &address) => {
                    return runtime(InstructionError::Custom(2000));
                }
                Place::System if address != Address::default() => {
                    // Not a program at all.
                    return runtime(InstructionError::Custom(2007));
                }
                Place::MayRead(_) if address == PROGRAM_ID => {}
                Place::Reads(kind) | Place::MayRead(kind) => self.is_kind(&address, *kind, false)?,
                Place::Writes(kind) => self.is_kind(&address, *kind, true)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn is_kind(&self, address: &Address, kind: Account, to_write: bool) -> Allowed {
        let found = self.records.get(address).map(|entry| entry.record.account());
        let size = found.map_or(0, Account::size);
        if to_write && size < kind.size() {
            return runtime(InstructionError::AccountDataTooSmall);
        }
        match found {
            None if !self.balances.contains_key(address) => runtime(InstructionError::UninitializedAccount),
            None => runtime(InstructionError::IllegalOwner),
            Some(_) if size < kind.size() => runtime(InstructionError::AccountDataTooSmall),
            Some(found) if found != kind => runtime(InstructionError::InvalidAccountData),
            Some(_) => Ok(()),
        }
    }

    fn signs(&self, call: &Call, address: &Address) -> bool {
        *address == self.payer || call.accounts.iter().any(|meta| meta.pubkey == *address && meta.is_signer)
    }

    fn is_writable(&self, call: &Call, address: &Address) -> bool {
        let named = call.accounts.iter().any(|meta| meta.pubkey == *address && meta.is_writable);
        (named || *address == self.payer) && *address != Address::default()
    }

    /// Creates an account at the canonical address of its seeds, also where someone sent lamports before.
    fn create(&mut self, payer: Address, address: Address, seeds: &[&[u8]], record: Record) -> Allowed {
        check(!self.records.contains_key(&address), E::AlreadyExists)?;
        let (found, bump) = Address::find_program_address(seeds, &PROGRAM_ID);
        check(found == address, E::WrongAddress)?;
        let minimum = self.rent[&record.account().size()];
        let sent_before = self.balances.remove(&address).unwrap_or(0);
        let lamports = sent_before.max(minimum);
        *self.lamports(&payer) -= lamports - sent_before;
        self.records.insert(address, Entry { record, bump, lamports });
        Ok(())
    }

    fn withdraw_excess(&mut self, call: &Call) -> Allowed {
        arguments(call)?;
        alone(call)?;
        let (address, destination) = (call.at(0), call.at(3));
        let entry = self.records.get(&address).ok_or(Refusal::Microcred(E::WrongAccount))?.clone();
        let (issuer, registry) = (call.maybe(1), call.maybe(2));
        let rightful = match &entry.record {
            Record::Registry(_) | Record::Issuer(_) => {
                check(issuer.is_none() && registry.is_none(), E::ParentUnexpected)?;
                match &entry.record {
                    Record::Registry(of) => of.authority,
                    _ => self.issuer(&address).treasury,
                }
            }
            Record::Accreditation(of) => {
                check(issuer.is_none(), E::ParentUnexpected)?;
                let registry = registry.ok_or(Refusal::Microcred(E::ParentMissing))?;
                check(registry == of.registry, E::WrongRegistry)?;
                self.registry(&registry).authority
            }
            Record::Key(Key { issuer: of, .. })
            | Record::Achievement(Achievement { issuer: of, .. })
            | Record::Credential(Credential { issuer: of, .. }) => {
                check(registry.is_none(), E::ParentUnexpected)?;
                let issuer = issuer.ok_or(Refusal::Microcred(E::ParentMissing))?;
                check(issuer == *of, E::WrongIssuer)?;
                self.issuer(&issuer).treasury
            }
        };
        check(destination == rightful, E::WrongTreasury)?;
        let minimum = self.rent[&entry.record.account().size()];
        check(entry.lamports > minimum, E::NoExcess)?;
        *self.lamports(&destination) += entry.lamports - minimum;
        *self.lamports(&address) = minimum;
        Ok(())
    }

    /// What an address holds.
    pub fn lamports(&mut self, address: &Address) -> &mut u64 {
        match self.records.get_mut(address) {
            Some(entry) => &mut entry.lamports,
            None => self.balances.entry(*address).or_default(),
        }
    }

    /// The accounts of one kind, in the order of their addresses.
    pub fn all<'a, T: 'a>(
        &'a self,
        of: impl Fn(&'a Record) -> Option<&'a T> + 'a,
    ) -> impl Iterator<Item = (Address, &'a T)> + 'a {
        self.records.iter().filter_map(move |(address, entry)| Some((*address, of(&entry.record)?)))
    }

    pub fn registries(&self) -> impl Iterator<Item = (Address, &Registry)> {
        self.all(|record| if let Record::Registry(of) = record { Some(of) } else { None })
    }

    pub fn issuers(&self) -> impl Iterator<Item = (Address, &Issuer)> {
        self.all(|record| if let Record::Issuer(of) = record { Some(of) } else { None })
    }

    pub fn accreditations(&self) -> impl Iterator<Item = (Address, &Accreditation)> {
        self.all(|record| if let Record::Accreditation(of) = record { Some(of) } else { None })
    }

    pub fn keys(&self) -> impl Iterator<Item = (Address, &Key)> {
        self.all(|record| if let Record::Key(of) = record { Some(of) } else { None })
    }

    pub fn achievements(&self) -> impl Iterator<Item = (Address, &Achievement)> {
        self.all(|record| if let Record::Achievement(of) = record { Some(of) } else { None })
    }

    pub fn credentials(&self) -> impl Iterator<Item = (Address, &Credential)> {
        self.all(|record| if let Record::Credential(of) = record { Some(of) } else { None })
    }
}

/// Access to an account whose kind was admitted.
macro_rules! access {
    ($($read:ident $write:ident $kind:ident;)+) => {
        impl Model {
            $(
                pub fn $read(&self, address: &Address) -> &$kind {
                    match &self.records[address].record {
                        Record::$kind(of) => of,
                        other => panic!("{address} is {other:?}"),
                    }
                }

                pub fn $write(&mut self, address: &Address) -> &mut $kind {
                    match self.records.get_mut(address).map(|entry| &mut entry.record) {
                        Some(Record::$kind(of)) => of,
                        other => panic!("{address} is {other:?}"),
                    }
                }
            )+
        }
    };
}

access! {
    registry registry_mut Registry;
    issuer issuer_mut Issuer;
    accreditation accreditation_mut Accreditation;
    key key_mut Key;
    achievement achievement_mut Achievement;
    credential credential_mut Credential;
}

/// Refuses unless the condition holds.
fn check(condition: bool, error: E) -> Allowed {
    if condition { Ok(()) } else { refuse(error) }
}

const fn refuse<T>(error: E) -> Allowed<T> {
    Err(Refusal::Microcred(error))
}

const fn runtime<T>(error: InstructionError) -> Allowed<T> {
    Err(Refusal::Runtime(error))
}

/// Nothing follows the arguments.
fn arguments(call: &Call) -> Allowed {
    if call.trailing { runtime(InstructionError::InvalidInstructionData) } else { Ok(()) }
}

/// No accounts follow those declared.
fn alone(call: &Call) -> Allowed {
    check(call.further().is_empty(), E::ExtraAccount)
}

fn pause(status: Life) -> Allowed<Life> {
    match status {
        Life::Active => Ok(Life::Paused),
        Life::Draft => refuse(E::DraftCannotBePaused),
        Life::Paused => refuse(E::PausedCannotBePaused),
        Life::Retired => refuse(E::RetiredCannotBePaused),
    }
}

fn resume(status: Life) -> Allowed<Life> {
    match status {
        Life::Paused => Ok(Life::Active),
        Life::Draft => refuse(E::DraftCannotBeResumed),
        Life::Active => refuse(E::ActiveCannotBeResumed),
        Life::Retired => refuse(E::RetiredCannotBeResumed),
    }
}

fn retire(status: Life) -> Allowed<Life> {
    if status == Life::Retired { refuse(E::RetiredCannotBeRetired) } else { Ok(Life::Retired) }
}

fn publish(status: Life) -> Allowed<Life> {
    match status {
        Life::Draft => Ok(Life::Active),
        Life::Active => refuse(E::ActiveCannotBePublished),
        Life::Paused => refuse(E::PausedCannotBePublished),
        Life::Retired => refuse(E::RetiredCannotBePublished),
    }
}

/// A number on the wire where zero means none.
fn unless_zero(at: i64) -> Option<i64> {
    if at == 0 { None } else { Some(at) }
}

/// An address where zero means none.
fn unless_nobody(address: Address) -> Option<Address> {
    Some(address).filter(|address| *address != Address::default())
}

/// A text that may be empty.
fn text(text: &str, most: usize) -> Allowed {
    let hidden =
        |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    check(!text.chars().any(|c| c.is_control() || hidden(c)), E::BadText)?;
    check(text.len() <= most, E::TextTooLong)
}

fn name(name: &str, most: usize) -> Allowed {
    check(!name.trim().is_empty(), E::EmptyText)?;
    text(name, most)
}

fn slug(slug: &str) -> Allowed {
    check(!slug.is_empty(), E::EmptyText)?;
    check(slug.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), E::BadSlug)?;
    check(slug.len() <= 32, E::TextTooLong)
}

fn country(country: &str) -> Allowed {
    let letters = country.chars().filter(char::is_ascii_uppercase).count();
    check(country.is_empty() || (letters == 2 && country.len() == 2), E::BadCountry)
}

/// The thirteen reasons.
fn reason(code: u8) -> Allowed {
    check(code <= 12, E::UnknownReason)
}
