//! Every field of every event by its meaning, so that whoever tells events needs no table of his own.

use jiff::Timestamp;
use microcred::{
    events::{
        AccreditationConfirmed, AccreditationStatusChanged, AccreditationTermAdded, AchievementCreated,
        AchievementEdited, AchievementReplacementSet, AchievementStatusChanged, AuthorityAccepted, AuthorityProposed,
        CredentialErased, CredentialIssued, CredentialRenewed, CredentialStatusChanged, ExcessWithdrawn,
        IssuerAccredited, IssuerCreated, IssuerProfileUpdated, IssuerStatusChanged, IssuerTreasuryUpdated, KeyAdded,
        KeyCompromised, KeyRetired, KeyShortened, RegistryCreated, RegistryStatusChanged, RegistryUriUpdated,
    },
    state::Term,
};
use serde::{Serialize, Serializer, ser::SerializeMap};
use solana_address::Address;

use super::Event;
use crate::hex::Hex;

/// A field of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name, as in the IDL. Names in pairs, `old_` and `new_`, are one value before and after.
    pub name: &'static str,
    /// What it holds.
    pub value: Value,
}

/// What a field of an event holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// An address; none: nobody, or nothing.
    Address(Option<Address>),
    /// Text that an organisation publishes of itself.
    Text(String),
    /// A word of the vocabulary.
    Word(String),
    /// Words of the vocabulary.
    Words(Vec<&'static str>),
    /// Unix seconds; none: never.
    Time(Option<i64>),
    /// A number; none: unlimited.
    Number(Option<u64>),
    /// Seconds; none: without end.
    Duration(Option<i64>),
    /// SHA-256; none: there is nothing that it would be of.
    Digest(Option<[u8; 32]>),
    /// A term of an accreditation.
    Term(Term),
    /// Kind, policy and EQF level of an achievement.
    Rules {
        /// Micro-credential, certificate or badge.
        kind: String,
        /// What holds of its credentials.
        policy: Vec<&'static str>,
        /// EQF level; 0: none.
        eqf_level: u8,
    },
}

/// Declares what each field of each event means. An event that gains a field does not compile until that is said.
macro_rules! meanings {
    ($($event:ident { $($field:ident: $meaning:ident),+ $(,)? })+) => {
        impl Event {
            /// Its fields in their order, without reserved ones.
            #[must_use]
            pub fn fields(&self) -> Vec<Field> {
                match self {
                    $(Self::$event($event { $($field),+ }) => {
                        let values = [$((stringify!($field), meaning::$meaning($field))),+];
                        values.into_iter().filter_map(|(name, value)| Some(Field { name, value: value? })).collect()
                    })+
                }
            }
        }
    };
}

meanings! {
    RegistryCreated { registry: address, creator: address, slug: text, name: text, uri: text, at: time }
    RegistryUriUpdated { registry: address, old_uri: text, new_uri: text }
    RegistryStatusChanged { registry: address, old_status: lifecycle, new_status: lifecycle, at: time }
    AuthorityProposed { account: address, authority: address, old_pending: address, new_pending: address }
    AuthorityAccepted { account: address, old_authority: address, new_authority: address, at: time }
    IssuerAccredited {
        accreditation: address, registry: address, issuer: address, profile_revision: number, term: term, at: time,
    }
    AccreditationStatusChanged {
        accreditation: address, registry: address, issuer: address, old_status: accreditation, new_status: accreditation,
        old_reason: reason, new_reason: reason, old_effective_at: time, new_effective_at: time, at: time,
    }
    AccreditationTermAdded {
        accreditation: address, registry: address, issuer: address, term: term, old_status: accreditation,
        old_profile_revision: number, new_profile_revision: number, at: time,
    }
    AccreditationConfirmed {
        accreditation: address, registry: address, issuer: address, old_profile_revision: number,
        new_profile_revision: number,
    }
    IssuerCreated {
        issuer: address, creator: address, treasury: address, slug: text, name: text, url: text, country: text, at: time,
    }
    IssuerProfileUpdated {
        issuer: address, old_name: text, new_name: text, old_url: text, new_url: text, old_country: text,
        new_country: text, profile_revision: number,
    }
    IssuerTreasuryUpdated { issuer: address, old_treasury: address, new_treasury: address }
    IssuerStatusChanged { issuer: address, old_status: lifecycle, new_status: lifecycle, at: time }
    KeyAdded {
        issuer_key: address, issuer: address, index: number, key: address, permissions: permissions, scope: address,
        valid_from: time, valid_until: time, quota: quota, at: time,
    }
    KeyShortened { issuer_key: address, issuer: address, old_valid_until: time, new_valid_until: time, at: time }
    KeyRetired { issuer_key: address, issuer: address, at: time }
    KeyCompromised {
        issuer_key: address, issuer: address, old_compromised_at: time, new_compromised_at: time, at: time,
    }
    AchievementCreated {
        achievement: address, issuer: address, code: text, title: text, uri: text, kind: kind, policy: policy,
        eqf_level: number, workload: number, default_validity: duration, definition_digest: digest, status: lifecycle,
        at: time,
    }
    AchievementEdited {
        achievement: address, old_title: text, new_title: text, old_uri: text, new_uri: text,
        old_definition_digest: digest, new_definition_digest: digest, old_rules: rules, new_rules: rules,
        old_workload: number, new_workload: number, old_default_validity: duration, new_default_validity: duration,
    }
    AchievementStatusChanged {
        achievement: address, issuer: address, old_status: lifecycle, new_status: lifecycle, at: time,
    }
    AchievementReplacementSet { achievement: address, issuer: address, old_replaces: address, new_replaces: address }
    CredentialRenewed {
        credential: address, issuer: address, achievement: address, old_digest: digest, new_digest: digest,
        old_expires_at: time, new_expires_at: time, old_key_index: actor, new_key_index: actor, revision: number,
        at: time,
    }
    CredentialErased {
        credential: address, issuer: address, achievement: address, old_status: credential, new_status: credential,
        reason: reason, by: actor, at: time,
    }
    ExcessWithdrawn { account: address, destination: address, lamports: number }
    CredentialIssued {
        credential: address, achievement: address, subject: address, digest: digest, expires_at: time, at: time,
        status_index: number, key_index: actor, sequence: number, status: credential, subject_kind: subject_kind,
        reserved: nothing,
    }
    CredentialStatusChanged {
        credential: address, achievement: address, at: time, status_index: number, by: actor, old_status: credential,
        new_status: credential, old_reason: reason, new_reason: reason, reserved: nothing,
    }
}

/// What the bytes of a field mean; none: nothing.
#[allow(
    clippy::unnecessary_wraps,
    clippy::trivially_copy_pass_by_ref,
    reason = "all are called alike, with references into an event, and some fields mean nothing"
)]
mod meaning {
    use microcred::state::{
        AccreditationStatus, AchievementKind, CredentialStatus, Lifecycle, Reason, STATUS_BY_AUTHORITY,
        STATUS_BY_SUBJECT, SubjectKind, Term, UNLIMITED, permission, policy,
    };
    use solana_address::Address;

    use super::Value;

    const PERMISSIONS: [(u16, &str); 6] = [
        (permission::ISSUE, "issue"),
        (permission::SUSPEND, "suspend"),
        (permission::REVOKE, "revoke"),
        (permission::RENEW, "renew"),
        (permission::MANAGE_ACHIEVEMENTS, "manage-achievements"),
        (permission::ASSERT, "assert"),
    ];
    const POLICIES: [(u8, &str); 2] =
        [(policy::ACCEPTANCE_REQUIRED, "acceptance-required"), (policy::RENEWABLE, "renewable")];

    pub(super) fn address(address: &Address) -> Option<Value> {
        Some(Value::Address((*address != Address::default()).then_some(*address)))
    }

    pub(super) fn text(text: &str) -> Option<Value> {
        Some(Value::Text(text.to_owned()))
    }

    pub(super) fn time(time: &i64) -> Option<Value> {
        Some(Value::Time((*time != 0).then_some(*time)))
    }

    pub(super) fn duration(seconds: &i64) -> Option<Value> {
        Some(Value::Duration((*seconds != 0).then_some(*seconds)))
    }

    pub(super) fn number<T: Copy + Into<u64>>(number: &T) -> Option<Value> {
        Some(Value::Number(Some((*number).into())))
    }

    pub(super) fn quota(quota: &u64) -> Option<Value> {
        Some(Value::Number((*quota != UNLIMITED).then_some(*quota)))
    }

    pub(super) fn digest(digest: &[u8; 32]) -> Option<Value> {
        Some(Value::Digest((*digest != [0; 32]).then_some(*digest)))
    }

    pub(super) fn term(term: &Term) -> Option<Value> {
        Some(Value::Term(*term))
    }

    pub(super) fn lifecycle(code: &u8) -> Option<Value> {
        Some(word(*code, Lifecycle::word))
    }

    pub(super) fn credential(code: &u8) -> Option<Value> {
        Some(word(*code, CredentialStatus::word))
    }

    pub(super) fn accreditation(code: &u8) -> Option<Value> {
        Some(word(*code, AccreditationStatus::word))
    }

    pub(super) fn reason(code: &u8) -> Option<Value> {
        Some(word(*code, Reason::word))
    }

    pub(super) fn kind(code: &u8) -> Option<Value> {
        Some(word(*code, AchievementKind::word))
    }

    pub(super) fn subject_kind(code: &u8) -> Option<Value> {
        Some(word(*code, SubjectKind::word))
    }

    pub(super) fn permissions(bits: &u16) -> Option<Value> {
        let named = PERMISSIONS.iter().filter(|(bit, _)| bits & bit != 0);
        Some(Value::Words(named.map(|(_, word)| *word).collect()))
    }

    pub(super) fn policy(bits: &u8) -> Option<Value> {
        Some(Value::Words(policies(*bits)))
    }

    pub(super) fn rules([kind, policy, eqf_level]: &[u8; 3]) -> Option<Value> {
        let kind = text_of(*kind, AchievementKind::word);
        Some(Value::Rules { kind, policy: policies(*policy), eqf_level: *eqf_level })
    }

    /// Who acted: a key by its index, or one of the two numbers that no key has.
    pub(super) fn actor(index: &u16) -> Option<Value> {
        Some(Value::Word(match *index {
            STATUS_BY_AUTHORITY => "authority".into(),
            STATUS_BY_SUBJECT => "subject".into(),
            index => format!("key {index}"),
        }))
    }

    pub(super) fn nothing(_: &[u8; 6]) -> Option<Value> {
        None
    }

    fn policies(bits: u8) -> Vec<&'static str> {
        POLICIES.iter().filter(|(bit, _)| bits & bit != 0).map(|(_, word)| *word).collect()
    }

    fn word<T: TryFrom<u8>>(code: u8, word: impl Fn(T) -> &'static str) -> Value {
        Value::Word(text_of(code, word))
    }

    /// Also of a code that a newer program has.
    fn text_of<T: TryFrom<u8>>(code: u8, word: impl Fn(T) -> &'static str) -> String {
        T::try_from(code).map_or_else(|_| format!("code {code}"), |value| word(value).to_owned())
    }
}

/// A map of all fields after `event`, its name, and `what`, what happened in words.
impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("event", self.name())?;
        map.serialize_entry("what", &self.title())?;
        for Field { name, value } in self.fields() {
            map.serialize_entry(name, &value)?;
        }
        map.end()
    }
}

/// Instants are maps of `unix` and `rfc3339`, digests hexadecimal; what is not there is null.
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Address(address) => address.map(|address| address.to_string()).serialize(serializer),
            Self::Text(text) | Self::Word(text) => text.serialize(serializer),
            Self::Words(words) => words.serialize(serializer),
            Self::Time(time) => time.map(Instant::new).serialize(serializer),
            Self::Number(number) => number.serialize(serializer),
            Self::Duration(seconds) => seconds.serialize(serializer),
            Self::Digest(digest) => digest.as_ref().map(|digest| Hex(digest).to_string()).serialize(serializer),
            Self::Term(term) => {
                let until = (term.until != 0).then(|| Instant::new(term.until));
                let mut map = serializer.serialize_map(Some(2))?;
                map.serialize_entry("from", &Instant::new(term.from))?;
                map.serialize_entry("until", &until)?;
                map.end()
            }
            Self::Rules { kind, policy, eqf_level } => {
                let mut map = serializer.serialize_map(Some(3))?;
                map.serialize_entry("kind", kind)?;
                map.serialize_entry("policy", policy)?;
                map.serialize_entry("eqf_level", eqf_level)?;
                map.end()
            }
        }
    }
}

#[derive(Serialize)]
struct Instant {
    unix: i64,
    /// None: beyond the years that RFC 3339 can write.
    rfc3339: Option<String>,
}

impl Instant {
    fn new(unix: i64) -> Self {
        Self { unix, rfc3339: Timestamp::from_second(unix).ok().map(|time| time.to_string()) }
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Address(Some(address)) => write!(f, "{address}"),
            Self::Address(None) | Self::Digest(None) => f.write_str("none"),
            Self::Text(text) => write!(f, "\"{text}\""),
            Self::Word(word) => f.write_str(word),
            Self::Words(words) if words.is_empty() => f.write_str("none"),
            Self::Words(words) => f.write_str(&words.join(", ")),
            Self::Time(Some(time)) => write_time(f, *time),
            Self::Time(None) => f.write_str("never"),
            Self::Number(Some(number)) => write!(f, "{number}"),
            Self::Number(None) => f.write_str("unlimited"),
            Self::Duration(Some(seconds)) => write!(f, "{seconds} seconds"),
            Self::Duration(None) => f.write_str("for ever"),
            Self::Digest(Some(digest)) => Hex(digest).fmt(f),
            Self::Term(Term { from, until }) => {
                write_time(f, *from)?;
                f.write_str(" to ")?;
                if *until == 0 { f.write_str("open") } else { write_time(f, *until) }
            }
            Self::Rules { kind, policy, eqf_level } => {
                write!(f, "{kind}, {}, EQF level {eqf_level}", Self::Words(policy.clone()))
            }
        }
    }
}

fn write_time(f: &mut std::fmt::Formatter<'_>, unix: i64) -> std::fmt::Result {
    match Timestamp::from_second(unix) {
        Ok(time) => write!(f, "{time}"),
        Err(_) => write!(f, "{unix} s after 1970"),
    }
}
