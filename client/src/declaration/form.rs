//! The form of the file. Every word in it that stands for a number in an account is the program's own.

use jiff::Timestamp;
use microcred::state::{AccreditationStatus, AchievementKind, Lifecycle, Reason, Term, UNLIMITED, permission};
use serde::{Deserialize, Deserializer, de::Error};

use super::{AchievementDeclaration, Identity};

/// The whole file. Every section may be missing.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Declaration {
    /// A list of issuers that an accrediting body vouches for.
    pub registry: Option<RegistryDeclaration>,
    /// An organisation that issues.
    pub issuer: Option<IssuerDeclaration>,
    /// The entry of the declared issuer in the declared registry.
    pub accreditation: Option<AccreditationDeclaration>,
    /// Entries of issuers in the declared registry.
    pub accreditations: Vec<AccreditationDeclaration>,
    /// What can be earned at the declared issuer.
    pub achievements: Vec<AchievementDeclaration>,
}

impl Declaration {
    /// All accreditations, whichever way they are written, each with its place in the file.
    pub fn all_accreditations(&self) -> impl Iterator<Item = (String, &AccreditationDeclaration)> {
        let one = self.accreditation.iter().map(|declared| ("accreditation".to_owned(), declared));
        let many = self.accreditations.iter().enumerate();
        one.chain(many.map(|(index, declared)| (format!("accreditations[{index}]"), declared)))
    }

    /// The keys of the declared issuer.
    #[must_use]
    pub fn keys(&self) -> &[KeyDeclaration] {
        self.issuer.as_ref().map_or(&[], |issuer| &issuer.keys)
    }
}

/// `[registry]`.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct RegistryDeclaration {
    /// 1 to 32 of `a-z0-9-`; part of the address.
    pub slug: String,
    /// 1 to 96 bytes; never changes.
    pub name: String,
    /// At most 128 bytes.
    #[serde(default)]
    pub uri: String,
    /// Who creates it; part of the address. None: the caller says who.
    pub creator: Option<Identity>,
    /// Where it stands; none: active when it is created, and left as it is from then on.
    #[serde(default, deserialize_with = "lifecycle")]
    pub status: Option<Lifecycle>,
}

/// `[issuer]`.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct IssuerDeclaration {
    /// 1 to 32 of `a-z0-9-`; part of the address.
    pub slug: String,
    /// 1 to 96 bytes.
    pub name: String,
    /// At most 128 bytes.
    #[serde(default)]
    pub url: String,
    /// ISO 3166-1 alpha-2, or empty.
    #[serde(default)]
    pub country: String,
    /// Who creates it; part of the address. None: the caller says who.
    pub creator: Option<Identity>,
    /// Where excess lamports go; none: to the creator when it is created, and left as it is from then on.
    pub treasury: Option<Identity>,
    /// Where it stands; none: active when it is created, and left as it is from then on.
    #[serde(default, deserialize_with = "lifecycle")]
    pub status: Option<Lifecycle>,
    /// The keys. Their order matters only when they are added.
    #[serde(default)]
    pub keys: Vec<KeyDeclaration>,
}

/// `[[issuer.keys]]`. Public key, permissions and scope tell which key of the ledger is meant.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct KeyDeclaration {
    /// What people call the key; it stays in the file.
    pub name: String,
    /// Whose key it is: an address, or what signs for it. None: the caller says whose.
    pub address: Option<Identity>,
    /// What it may do.
    pub permissions: Vec<Permission>,
    /// Code of the only achievement it may touch; none: all.
    pub scope: Option<String>,
    /// How many credentials it may issue and renew; none: no limit.
    pub quota: Option<u64>,
    /// First second of validity; none: when it is added.
    pub valid_from: Option<Timestamp>,
    /// First second after validity; none: as `valid_days` says.
    pub valid_until: Option<Timestamp>,
    /// Days of validity from its first second on; none: no end.
    pub valid_days: Option<u32>,
    /// Whether it is retired, for good.
    #[serde(default)]
    pub retired: bool,
}

impl KeyDeclaration {
    /// The bits of [`permission`].
    #[must_use]
    pub fn permission_bits(&self) -> u16 {
        self.permissions.iter().fold(0, |bits, permission| bits | permission.bit())
    }

    /// The quota as accounts hold it.
    #[must_use]
    pub fn quota_number(&self) -> u64 {
        self.quota.unwrap_or(UNLIMITED)
    }
}

/// What a key may do, as it is written in the file.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Permission {
    /// Issue credentials.
    Issue,
    /// Suspend and reinstate credentials.
    Suspend,
    /// Revoke and erase credentials.
    Revoke,
    /// Renew credentials.
    Renew,
    /// Create and administer achievements.
    ManageAchievements,
    /// Sign credential documents off chain.
    Assert,
}

impl Permission {
    /// All permissions, in the order of their bits.
    pub const ALL: &[Self] =
        &[Self::Issue, Self::Suspend, Self::Revoke, Self::Renew, Self::ManageAchievements, Self::Assert];

    /// The bit of [`permission`].
    #[must_use]
    pub const fn bit(self) -> u16 {
        match self {
            Self::Issue => permission::ISSUE,
            Self::Suspend => permission::SUSPEND,
            Self::Revoke => permission::REVOKE,
            Self::Renew => permission::RENEW,
            Self::ManageAchievements => permission::MANAGE_ACHIEVEMENTS,
            Self::Assert => permission::ASSERT,
        }
    }

    /// The word of the file.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Issue => "issue",
            Self::Suspend => "suspend",
            Self::Revoke => "revoke",
            Self::Renew => "renew",
            Self::ManageAchievements => "manage-achievements",
            Self::Assert => "assert",
        }
    }
}

/// `[accreditation]`, and each of `[[accreditations]]`.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
pub struct AccreditationDeclaration {
    /// Address of the issuer account; none: `creator` and `slug` tell it, or the declared issuer is meant.
    pub issuer: Option<Identity>,
    /// Who created the issuer.
    pub creator: Option<Identity>,
    /// The issuer's slug.
    pub slug: Option<String>,
    /// First second of the only term.
    pub from: Option<Timestamp>,
    /// First second after it; none: open.
    pub until: Option<Timestamp>,
    /// All terms, where there are several.
    pub terms: Vec<TermDeclaration>,
    /// The revision of the issuer's profile that was looked at. None: of the declared issuer, the profile in this file; of another one,
    /// the present profile when the entry is made, and no later one.
    pub profile_revision: Option<u32>,
    /// Where it stands; none: active when it is entered, and left as it is from then on.
    #[serde(deserialize_with = "accreditation_status")]
    pub status: Option<AccreditationStatus>,
    /// Why it is suspended or withdrawn.
    #[serde(deserialize_with = "reason")]
    pub reason: Option<Reason>,
}

impl AccreditationDeclaration {
    /// The terms, whichever way they are written, in the file's order.
    #[must_use]
    pub fn all_terms(&self) -> Vec<Term> {
        let only = self.from.map(|from| TermDeclaration { from, until: self.until });
        only.iter().chain(&self.terms).map(TermDeclaration::term).collect()
    }

    /// Whether the declared issuer is meant.
    #[must_use]
    pub const fn is_of_declared_issuer(&self) -> bool {
        self.issuer.is_none() && self.creator.is_none() && self.slug.is_none()
    }
}

/// One of `terms`.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct TermDeclaration {
    /// First second.
    pub from: Timestamp,
    /// First second after it; none: open.
    pub until: Option<Timestamp>,
}

impl TermDeclaration {
    fn term(&self) -> Term {
        Term { from: self.from.as_second(), until: self.until.map_or(0, Timestamp::as_second) }
    }
}

pub(super) fn lifecycle<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Lifecycle>, D::Error> {
    one_of(deserializer, Lifecycle::ALL, Lifecycle::word).map(Some)
}

fn accreditation_status<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<AccreditationStatus>, D::Error> {
    one_of(deserializer, AccreditationStatus::ALL, AccreditationStatus::word).map(Some)
}

fn reason<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Reason>, D::Error> {
    one_of(deserializer, Reason::ALL, Reason::word).map(Some)
}

pub(super) fn kind<'de, D: Deserializer<'de>>(deserializer: D) -> Result<AchievementKind, D::Error> {
    one_of(deserializer, AchievementKind::ALL, AchievementKind::word)
}

/// A word of the program's vocabulary as files and command lines write it: "learner's request" is `learner-request`.
pub(super) fn hyphenated(word: &str) -> String {
    word.replace("'s", "").replace(' ', "-")
}

/// The value whose word the program's vocabulary has.
fn one_of<'de, D, T>(deserializer: D, all: &[T], word: fn(T) -> &'static str) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Copy,
{
    let text = String::deserialize(deserializer)?;
    all.iter().copied().find(|value| hyphenated(word(*value)) == text).ok_or_else(|| {
        let words = all.iter().map(|value| format!("`{}`", hyphenated(word(*value)))).collect::<Vec<_>>().join(", ");
        D::Error::custom(format!("unknown variant `{text}`, expected one of {words}"))
    })
}
