//! Values as the Rust client decodes them, in JSON: field by field under the IDL's names, every number as text, because JavaScript's own
//! numbers are too small for some.

use microcred_client::{
    Address,
    account::AnyAccount,
    event::Event,
    events::{
        AccreditationConfirmed, AccreditationStatusChanged, AccreditationTermAdded, AchievementCreated,
        AchievementEdited, AchievementReplacementSet, AchievementStatusChanged, AuthorityAccepted, AuthorityProposed,
        CredentialErased, CredentialIssued, CredentialRenewed, CredentialStatusChanged, ExcessWithdrawn,
        IssuerAccredited, IssuerCreated, IssuerProfileUpdated, IssuerStatusChanged, IssuerTreasuryUpdated, KeyAdded,
        KeyCompromised, KeyRetired, KeyShortened, RegistryCreated, RegistryStatusChanged, RegistryUriUpdated,
    },
    state::{Accreditation, Achievement, Credential, Issuer, IssuerKey, Registry, Term},
};
use serde_json::{Value, json};

/// A value in JSON.
trait Plain {
    fn plain(&self) -> Value;
}

macro_rules! as_text {
    ($($type:ty)+) => { $(impl Plain for $type {
        fn plain(&self) -> Value {
            json!(self.to_string())
        }
    })+ };
}

as_text!(u8 u16 u32 u64 i64 Address String);

impl<T: Plain, const N: usize> Plain for [T; N] {
    fn plain(&self) -> Value {
        self.iter().map(Plain::plain).collect()
    }
}

/// Takes each struct apart with all its fields: one that lacks does not compile.
macro_rules! structs {
    ($($name:ident { $($field:ident),+ };)+) => { $(impl Plain for $name {
        fn plain(&self) -> Value {
            let Self { $($field),+ } = self;
            json!({ $(stringify!($field): $field.plain()),+ })
        }
    })+ };
}

structs! {
    Term { from, until };
    Accreditation { version, bump, status, reason, term_count, reserved_13, registry, issuer, profile_revision, reserved_84, effective_at, status_changed_at, terms, reserved_168 };
    Achievement { version, bump, status, kind, policy, eqf_level, workload, issuer, code, definition_digest, title, uri, default_validity, created_at, status_changed_at, replaces, reserved_424 };
    Credential { version, bump, status, reason, flags, subject_kind, sequence, issuer, achievement, subject, digest, issued_at, asserted_at, expires_at, status_changed_at, key_index, status_key_index, revision, reserved_182, status_index, cohort };
    Issuer { version, bump, status, reserved_11, country, key_count, creator, authority, pending_authority, treasury, slug, name, url, profile_revision, reserved_404, created_at, status_changed_at, authority_changed_at, reserved_432 };
    IssuerKey { version, bump, index, permissions, flags, issuer, key, scope, valid_from, valid_until, compromised_at, quota, used, changed_at, reserved_160 };
    Registry { version, bump, status, reserved_11, accreditation_count, creator, authority, pending_authority, slug, name, uri, created_at, status_changed_at, reserved_384 };
    AccreditationConfirmed { accreditation, registry, issuer, old_profile_revision, new_profile_revision };
    AccreditationStatusChanged { accreditation, registry, issuer, old_status, new_status, old_reason, new_reason, old_effective_at, new_effective_at, at };
    AccreditationTermAdded { accreditation, registry, issuer, term, old_status, old_profile_revision, new_profile_revision, at };
    AchievementCreated { achievement, issuer, code, title, uri, kind, policy, eqf_level, workload, default_validity, definition_digest, status, at };
    AchievementEdited { achievement, old_title, new_title, old_uri, new_uri, old_definition_digest, new_definition_digest, old_rules, new_rules, old_workload, new_workload, old_default_validity, new_default_validity };
    AchievementReplacementSet { achievement, issuer, old_replaces, new_replaces };
    AchievementStatusChanged { achievement, issuer, old_status, new_status, at };
    AuthorityAccepted { account, old_authority, new_authority, at };
    AuthorityProposed { account, authority, old_pending, new_pending };
    CredentialErased { credential, issuer, achievement, old_status, new_status, reason, by, at };
    CredentialIssued { credential, achievement, subject, digest, expires_at, at, status_index, key_index, sequence, status, subject_kind, reserved };
    CredentialRenewed { credential, issuer, achievement, old_digest, new_digest, old_expires_at, new_expires_at, old_key_index, new_key_index, revision, at };
    CredentialStatusChanged { credential, achievement, at, status_index, by, old_status, new_status, old_reason, new_reason, reserved };
    ExcessWithdrawn { account, destination, lamports };
    IssuerAccredited { accreditation, registry, issuer, profile_revision, term, at };
    IssuerCreated { issuer, creator, treasury, slug, name, url, country, at };
    IssuerProfileUpdated { issuer, old_name, new_name, old_url, new_url, old_country, new_country, profile_revision };
    IssuerStatusChanged { issuer, old_status, new_status, at };
    IssuerTreasuryUpdated { issuer, old_treasury, new_treasury };
    KeyAdded { issuer_key, issuer, index, key, permissions, scope, valid_from, valid_until, quota, at };
    KeyCompromised { issuer_key, issuer, old_compromised_at, new_compromised_at, at };
    KeyRetired { issuer_key, issuer, at };
    KeyShortened { issuer_key, issuer, old_valid_until, new_valid_until, at };
    RegistryCreated { registry, creator, slug, name, uri, at };
    RegistryStatusChanged { registry, old_status, new_status, at };
    RegistryUriUpdated { registry, old_uri, new_uri };
}

/// Name and fields of an account.
pub(crate) fn of_account(account: &AnyAccount) -> (&'static str, Value) {
    match account {
        AnyAccount::Accreditation(account) => ("Accreditation", account.plain()),
        AnyAccount::Achievement(account) => ("Achievement", account.plain()),
        AnyAccount::Credential(account) => ("Credential", account.plain()),
        AnyAccount::Issuer(account) => ("Issuer", account.plain()),
        AnyAccount::IssuerKey(account) => ("IssuerKey", account.plain()),
        AnyAccount::Registry(account) => ("Registry", account.plain()),
    }
}

/// Name and fields of an event.
pub(crate) fn of_event(event: &Event) -> (&'static str, Value) {
    let fields = match event {
        Event::AccreditationConfirmed(event) => event.plain(),
        Event::AccreditationStatusChanged(event) => event.plain(),
        Event::AccreditationTermAdded(event) => event.plain(),
        Event::AchievementCreated(event) => event.plain(),
        Event::AchievementEdited(event) => event.plain(),
        Event::AchievementReplacementSet(event) => event.plain(),
        Event::AchievementStatusChanged(event) => event.plain(),
        Event::AuthorityAccepted(event) => event.plain(),
        Event::AuthorityProposed(event) => event.plain(),
        Event::CredentialErased(event) => event.plain(),
        Event::CredentialIssued(event) => event.plain(),
        Event::CredentialRenewed(event) => event.plain(),
        Event::CredentialStatusChanged(event) => event.plain(),
        Event::ExcessWithdrawn(event) => event.plain(),
        Event::IssuerAccredited(event) => event.plain(),
        Event::IssuerCreated(event) => event.plain(),
        Event::IssuerProfileUpdated(event) => event.plain(),
        Event::IssuerStatusChanged(event) => event.plain(),
        Event::IssuerTreasuryUpdated(event) => event.plain(),
        Event::KeyAdded(event) => event.plain(),
        Event::KeyCompromised(event) => event.plain(),
        Event::KeyRetired(event) => event.plain(),
        Event::KeyShortened(event) => event.plain(),
        Event::RegistryCreated(event) => event.plain(),
        Event::RegistryStatusChanged(event) => event.plain(),
        Event::RegistryUriUpdated(event) => event.plain(),
    };
    (event.name(), fields)
}
