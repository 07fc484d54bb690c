//! The accounts as the model sees them, and how each must read on chain.

use microcred_client::{Address, account::AnyAccount, state};

use crate::request::Account;

/// Where a registry, issuer or achievement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    Draft = 1,
    Active = 2,
    Paused = 3,
    Retired = 4,
}

/// Where an accreditation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Active = 2,
    Suspended = 3,
    Withdrawn = 4,
}

/// Where a credential stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Pending = 1,
    Active = 2,
    Suspended = 3,
    Revoked = 4,
    Declined = 5,
    Erased = 6,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registry {
    pub status: Life,
    pub accreditations: u32,
    pub creator: Address,
    pub authority: Address,
    pub pending: Option<Address>,
    pub slug: String,
    pub name: String,
    pub uri: String,
    pub created_at: i64,
    pub status_changed_at: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    pub status: Life,
    pub country: String,
    pub keys: u16,
    pub creator: Address,
    pub authority: Address,
    pub pending: Option<Address>,
    pub treasury: Address,
    pub slug: String,
    pub name: String,
    pub url: String,
    pub profile_revision: u32,
    pub created_at: i64,
    pub status_changed_at: Option<i64>,
    pub authority_changed_at: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accreditation {
    pub status: Standing,
    pub reason: u8,
    pub registry: Address,
    pub issuer: Address,
    pub profile_revision: u32,
    pub effective_at: i64,
    pub status_changed_at: i64,
    /// From, and until if it ends.
    pub terms: Vec<(i64, Option<i64>)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    pub index: u16,
    pub permissions: u16,
    pub retired: bool,
    pub issuer: Address,
    pub holder: Address,
    pub scope: Option<Address>,
    pub valid_from: i64,
    pub valid_until: Option<i64>,
    pub compromised_at: Option<i64>,
    pub quota: Option<u64>,
    pub used: u64,
    pub changed_at: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Achievement {
    pub status: Life,
    pub kind: u8,
    pub acceptance_required: bool,
    pub renewable: bool,
    pub eqf_level: u8,
    pub workload: u16,
    pub issuer: Address,
    pub code: String,
    pub definition_digest: [u8; 32],
    pub title: String,
    pub uri: String,
    pub default_validity: Option<i64>,
    pub created_at: i64,
    pub status_changed_at: Option<i64>,
    pub replaces: Option<Address>,
}

/// Who changed a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    Key(u16),
    Authority,
    Subject,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    pub status: Status,
    pub reason: u8,
    pub accepted: bool,
    /// A wallet; else a commitment.
    pub is_wallet: bool,
    pub sequence: u16,
    pub issuer: Address,
    pub achievement: Address,
    /// None once erased.
    pub subject: Option<Address>,
    /// What the address was derived from; not stored on chain.
    pub first_subject: Address,
    pub digest: Option<[u8; 32]>,
    pub issued_at: i64,
    pub asserted_at: i64,
    pub expires_at: Option<i64>,
    pub changed: Option<(i64, Actor)>,
    pub key_index: u16,
    pub revision: u16,
    pub status_index: u32,
}

/// An account of any kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    Registry(Registry),
    Issuer(Issuer),
    Accreditation(Accreditation),
    Key(Key),
    Achievement(Achievement),
    Credential(Credential),
}

impl Account {
    /// Bytes on chain.
    pub const fn size(self) -> usize {
        match self {
            Self::Registry => 416,
            Self::Issuer => 480,
            Self::Accreditation | Self::Credential => 192,
            Self::Key => 176,
            Self::Achievement => 448,
        }
    }
}

impl Record {
    pub const fn account(&self) -> Account {
        match self {
            Self::Registry(_) => Account::Registry,
            Self::Issuer(_) => Account::Issuer,
            Self::Accreditation(_) => Account::Accreditation,
            Self::Key(_) => Account::Key,
            Self::Achievement(_) => Account::Achievement,
            Self::Credential(_) => Account::Credential,
        }
    }

    /// What must be on chain, every field and reserved byte.
    pub fn on_chain(&self, bump: u8) -> AnyAccount {
        match self {
            Self::Registry(of) => AnyAccount::Registry(state::Registry {
                version: 1,
                bump,
                status: of.status as u8,
                reserved_11: 0,
                accreditation_count: of.accreditations,
                creator: of.creator,
                authority: of.authority,
                pending_authority: of.pending.unwrap_or_default(),
                slug: padded(&of.slug),
                name: padded(&of.name),
                uri: padded(&of.uri),
                created_at: of.created_at,
                status_changed_at: of.status_changed_at.unwrap_or(0),
                reserved_384: [0; 32],
            }),
            Self::Issuer(of) => AnyAccount::Issuer(state::Issuer {
                version: 1,
                bump,
                status: of.status as u8,
                reserved_11: 0,
                country: padded(&of.country),
                key_count: of.keys,
                creator: of.creator,
                authority: of.authority,
                pending_authority: of.pending.unwrap_or_default(),
                treasury: of.treasury,
                slug: padded(&of.slug),
                name: padded(&of.name),
                url: padded(&of.url),
                profile_revision: of.profile_revision,
                reserved_404: [0; 4],
                created_at: of.created_at,
                status_changed_at: of.status_changed_at.unwrap_or(0),
                authority_changed_at: of.authority_changed_at.unwrap_or(0),
                reserved_432: [0; 48],
            }),
            Self::Accreditation(of) => {
                let mut terms = [state::Term::default(); 4];
                for (place, (from, until)) in terms.iter_mut().zip(&of.terms) {
                    *place = state::Term { from: *from, until: until.unwrap_or(0) };
                }
                AnyAccount::Accreditation(state::Accreditation {
                    version: 1,
                    bump,
                    status: of.status as u8,
                    reason: of.reason,
                    term_count: u8::try_from(of.terms.len()).unwrap(),
                    reserved_13: [0; 3],
                    registry: of.registry,
                    issuer: of.issuer,
                    profile_revision: of.profile_revision,
                    reserved_84: [0; 4],
                    effective_at: of.effective_at,
                    status_changed_at: of.status_changed_at,
                    terms,
                    reserved_168: [0; 24],
                })
            }
            Self::Key(of) => AnyAccount::IssuerKey(state::IssuerKey {
                version: 1,
                bump,
                index: of.index,
                permissions: of.permissions,
                flags: u16::from(of.retired),
                issuer: of.issuer,
                key: of.holder,
                scope: of.scope.unwrap_or_default(),
                valid_from: of.valid_from,
                valid_until: of.valid_until.unwrap_or(0),
                compromised_at: of.compromised_at.unwrap_or(0),
                quota: of.quota.unwrap_or(u64::MAX),
                used: of.used,
                changed_at: of.changed_at,
                reserved_160: [0; 16],
            }),
            Self::Achievement(of) => AnyAccount::Achievement(state::Achievement {
                version: 1,
                bump,
                status: of.status as u8,
                kind: of.kind,
                policy: u8::from(of.acceptance_required) + 2 * u8::from(of.renewable),
                eqf_level: of.eqf_level,
                workload: of.workload,
                issuer: of.issuer,
                code: padded(&of.code),
                definition_digest: of.definition_digest,
                title: padded(&of.title),
                uri: padded(&of.uri),
                default_validity: of.default_validity.unwrap_or(0),
                created_at: of.created_at,
                status_changed_at: of.status_changed_at.unwrap_or(0),
                replaces: of.replaces.unwrap_or_default(),
                reserved_424: [0; 24],
            }),
            Self::Credential(of) => AnyAccount::Credential(state::Credential {
                version: 1,
                bump,
                status: of.status as u8,
                reason: of.reason,
                flags: u8::from(of.accepted) + 2 * u8::from(of.digest.is_some()),
                subject_kind: if of.is_wallet { 1 } else { 2 },
                sequence: of.sequence,
                issuer: of.issuer,
                achievement: of.achievement,
                subject: of.subject.unwrap_or_default(),
                digest: of.digest.unwrap_or_default(),
                issued_at: of.issued_at,
                asserted_at: of.asserted_at,
                expires_at: of.expires_at.unwrap_or(0),
                status_changed_at: of.changed.map_or(0, |(at, _)| at),
                key_index: of.key_index,
                status_key_index: of.changed.map_or(0, |(_, by)| match by {
                    Actor::Key(index) => index,
                    Actor::Authority => 0xFFFF,
                    Actor::Subject => 0xFFFE,
                }),
                revision: of.revision,
                reserved_182: 0,
                status_index: of.status_index,
                cohort: 0,
            }),
        }
    }
}

fn padded<const N: usize>(text: &str) -> [u8; N] {
    let mut field = [0; N];
    field[..text.len()].copy_from_slice(text.as_bytes());
    field
}
