//! What an organisation declares in a TOML file: registry, issuer, keys, accreditation, achievements; and the instructions that make it so.

use jiff::Timestamp;
use microcred::{
    CreateAchievementArgs, CreateIssuerArgs, CreateRegistryArgs, KeyTerms,
    state::{AchievementKind, Term, UNLIMITED, permission, policy},
};
use serde::Deserialize;
use solana_address::Address;
use solana_instruction::Instruction;
use thiserror::Error;

use crate::{
    address,
    instructions::{Actor, accreditation, accreditation::AccreditationRef, achievement, issuer, key, registry},
};

const DAY: i64 = 86_400;

/// Why a file is not a declaration.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DeclarationError {
    /// Not TOML, or not of this form. The message shows the place.
    #[error("{0}")]
    Form(String),
    /// The issuer has no key, so nobody could issue.
    #[error("the issuer declares no key: add one under [[issuer.keys]]")]
    NoKeys,
    /// A workload is not a number of tenths of a credit that an account can hold.
    #[error("achievement {code}: ects must be 0 to 6553.5, in tenths")]
    Workload {
        /// Code of the achievement.
        code: String,
    },
    /// A number of days leads beyond what a time can hold.
    #[error("{what}: {days} days is too long")]
    TooLong {
        /// What the days are of.
        what: String,
        /// The days.
        days: u32,
    },
}

/// The whole file.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    /// A list of issuers that an accrediting body vouches for.
    pub registry: RegistryDeclaration,
    /// An organisation that issues.
    pub issuer: IssuerDeclaration,
    /// The issuer's entry in the registry.
    pub accreditation: AccreditationDeclaration,
    /// What can be earned.
    pub achievements: Vec<AchievementDeclaration>,
}

/// `[registry]`.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct RegistryDeclaration {
    /// 1 to 32 of `a-z0-9-`.
    pub slug: String,
    /// 1 to 96 bytes.
    pub name: String,
    /// At most 128 bytes.
    #[serde(default)]
    pub uri: String,
}

/// `[issuer]`.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct IssuerDeclaration {
    /// 1 to 32 of `a-z0-9-`.
    pub slug: String,
    /// 1 to 96 bytes.
    pub name: String,
    /// At most 128 bytes.
    #[serde(default)]
    pub url: String,
    /// ISO 3166-1 alpha-2, or empty.
    #[serde(default)]
    pub country: String,
    /// The keys, in the order of their indices.
    #[serde(default)]
    pub keys: Vec<KeyDeclaration>,
}

/// `[[issuer.keys]]`.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct KeyDeclaration {
    /// What people call the key; it stays in the file.
    pub name: String,
    /// What it may do.
    pub permissions: Vec<Permission>,
    /// How many credentials it may issue and renew; none: no limit.
    pub quota: Option<u64>,
    /// Days of validity from now on; none: no end.
    pub valid_days: Option<u32>,
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
}

/// `[accreditation]`.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct AccreditationDeclaration {
    /// First second of the term.
    pub from: Timestamp,
    /// First second after it; none: open.
    pub until: Option<Timestamp>,
}

/// `[[achievements]]`.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct AchievementDeclaration {
    /// 1 to 32 of `a-z0-9-`.
    pub code: String,
    /// 1 to 128 bytes.
    pub title: String,
    /// At most 128 bytes.
    #[serde(default)]
    pub uri: String,
    /// How rigorous it is.
    pub kind: Kind,
    /// Whether credentials are pending until the learner accepts.
    #[serde(default)]
    pub acceptance_required: bool,
    /// Whether credentials can be renewed.
    #[serde(default)]
    pub renewable: bool,
    /// 1 to 8; none where it has no level.
    pub eqf_level: Option<u8>,
    /// Workload in ECTS credits, to the tenth.
    #[serde(default)]
    pub ects: f64,
    /// Days that a credential is valid; none: it never expires.
    pub validity_days: Option<u32>,
}

/// A kind of achievement, as it is written in the file.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Assessed learning of a small volume.
    MicroCredential,
    /// A completed course or programme.
    Certificate,
    /// Participation, a skill, recognition.
    Badge,
}

impl From<Kind> for AchievementKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::MicroCredential => Self::MicroCredential,
            Kind::Certificate => Self::Certificate,
            Kind::Badge => Self::Badge,
        }
    }
}

/// Whose keys make a declaration so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roles {
    /// Pays rent and fees.
    pub payer: Address,
    /// Creator and authority of the registry.
    pub registry_authority: Address,
    /// Creator and authority of the issuer; also its treasury.
    pub issuer_authority: Address,
    /// The issuer's keys, in the order of the file.
    pub keys: Vec<Address>,
}

impl Roles {
    /// Where the declared registry is.
    #[must_use]
    pub fn registry(&self, declaration: &Declaration) -> Address {
        address::registry(&self.registry_authority, &declaration.registry.slug)
    }

    /// Where the declared issuer is.
    #[must_use]
    pub fn issuer(&self, declaration: &Declaration) -> Address {
        address::issuer(&self.issuer_authority, &declaration.issuer.slug)
    }
}

/// One step: an instruction, what it does in words, and who signs besides the payer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it does.
    pub what: String,
    /// The instruction.
    pub instruction: Instruction,
    /// Who signs.
    pub signer: Address,
}

impl Declaration {
    /// Reads a file's text.
    ///
    /// # Errors
    /// [`DeclarationError::Form`] with the place, [`DeclarationError::NoKeys`].
    pub fn parse(text: &str) -> Result<Self, DeclarationError> {
        let declaration: Self = toml::from_str(text).map_err(|error| DeclarationError::Form(error.to_string()))?;
        if declaration.issuer.keys.is_empty() {
            return Err(DeclarationError::NoKeys);
        }
        Ok(declaration)
    }

    /// The instructions that make the declaration so on a ledger that has none of it, in order.
    ///
    /// # Errors
    /// [`DeclarationError`] for a number that does not fit.
    pub fn steps(&self, roles: &Roles, now: i64) -> Result<Vec<Step>, DeclarationError> {
        let (registry_address, issuer_address) = (roles.registry(self), roles.issuer(self));
        let mut steps = vec![Step {
            what: format!("registry \"{}\"", self.registry.name),
            instruction: registry::create(
                roles.payer,
                roles.registry_authority,
                CreateRegistryArgs {
                    slug: self.registry.slug.clone(),
                    name: self.registry.name.clone(),
                    uri: self.registry.uri.clone(),
                },
            ),
            signer: roles.registry_authority,
        }];
        for (index, (declared, address)) in (0_u16..).zip(self.issuer.keys.iter().zip(&roles.keys)) {
            let terms = declared.terms(*address, now)?;
            let (what, instruction) = if index == 0 {
                let args = CreateIssuerArgs {
                    slug: self.issuer.slug.clone(),
                    name: self.issuer.name.clone(),
                    url: self.issuer.url.clone(),
                    country: self.issuer.country.clone(),
                    treasury: roles.issuer_authority,
                    key: terms,
                };
                let what = format!("issuer \"{}\" with key 0, \"{}\"", self.issuer.name, declared.name);
                (what, issuer::create(roles.payer, roles.issuer_authority, args))
            } else {
                let what = format!("key {index}, \"{}\"", declared.name);
                (what, key::add(roles.payer, roles.issuer_authority, issuer_address, index, terms))
            };
            steps.push(Step { what, instruction, signer: roles.issuer_authority });
        }
        let of = AccreditationRef {
            authority: roles.registry_authority,
            registry: registry_address,
            issuer: issuer_address,
        };
        let term = Term {
            from: self.accreditation.from.as_second(),
            until: self.accreditation.until.map_or(0, Timestamp::as_second),
        };
        steps.push(Step {
            what: format!("accreditation of \"{}\" by \"{}\"", self.issuer.name, self.registry.name),
            instruction: accreditation::accredit(roles.payer, &of, 0, term),
            signer: roles.registry_authority,
        });
        let actor = Actor::Authority { issuer: issuer_address, authority: roles.issuer_authority };
        for declared in &self.achievements {
            steps.push(Step {
                what: format!("achievement \"{}\"", declared.title),
                instruction: achievement::create(roles.payer, &actor, declared.arguments()?),
                signer: roles.issuer_authority,
            });
        }
        Ok(steps)
    }
}

impl KeyDeclaration {
    fn terms(&self, key: Address, now: i64) -> Result<KeyTerms, DeclarationError> {
        let valid_until = match self.valid_days {
            None => 0,
            Some(days) => i64::from(days)
                .checked_mul(DAY)
                .and_then(|seconds| now.checked_add(seconds))
                .ok_or_else(|| DeclarationError::TooLong { what: format!("key {}", self.name), days })?,
        };
        Ok(KeyTerms {
            key,
            permissions: self.permissions.iter().fold(0, |bits, permission| bits | permission.bit()),
            scope: Address::default(),
            valid_from: now,
            valid_until,
            quota: self.quota.unwrap_or(UNLIMITED),
        })
    }
}

impl AchievementDeclaration {
    fn arguments(&self) -> Result<CreateAchievementArgs, DeclarationError> {
        let tenths = (self.ects * 10.0).round();
        if !(0.0..=f64::from(u16::MAX)).contains(&tenths) || (tenths - self.ects * 10.0).abs() > 1e-6 {
            return Err(DeclarationError::Workload { code: self.code.clone() });
        }
        let mut rules = 0;
        if self.acceptance_required {
            rules |= policy::ACCEPTANCE_REQUIRED;
        }
        if self.renewable {
            rules |= policy::RENEWABLE;
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range was checked")]
        let workload = tenths as u16;
        Ok(CreateAchievementArgs {
            code: self.code.clone(),
            title: self.title.clone(),
            uri: self.uri.clone(),
            kind: AchievementKind::from(self.kind).code(),
            policy: rules,
            eqf_level: self.eqf_level.unwrap_or(0),
            workload,
            default_validity: i64::from(self.validity_days.unwrap_or(0)) * DAY,
            definition_digest: [0; 32],
            publish: true,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = include_str!("../../examples/university/microcred.toml");

    fn roles(keys: usize) -> Roles {
        let address = |byte| Address::new_from_array([byte; 32]);
        Roles {
            payer: address(1),
            registry_authority: address(2),
            issuer_authority: address(3),
            keys: (0..keys).map(|index| address(u8::try_from(index + 4).unwrap())).collect(),
        }
    }

    #[test]
    fn the_shipped_example_becomes_instructions() {
        let declaration = Declaration::parse(TEXT).unwrap();
        let steps = declaration.steps(&roles(2), 1_800_000_000).unwrap();
        let what: Vec<_> = steps.iter().map(|step| step.what.split('"').next().unwrap().trim()).collect();
        assert_eq!(what, ["registry", "issuer", "key 1,", "accreditation of", "achievement", "achievement"]);
        let rust = declaration.achievements[0].arguments().unwrap();
        assert_eq!((rust.workload, rust.default_validity, rust.policy), (50, 1095 * DAY, policy::RENEWABLE));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (from, to, expected) in [
            ("slug = \"european-quality-agency\"", "slog = \"x\"", "unknown field `slog`"),
            ("kind = \"badge\"", "kind = \"medal\"", "unknown variant `medal`"),
            ("\"issue\"", "\"publish\"", "unknown variant `publish`"),
            ("2026-01-01T00:00:00Z", "yesterday", "from = \"yesterday\""),
        ] {
            let error = Declaration::parse(&TEXT.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
        let keyless = TEXT.replace("[[issuer.keys]]", "[[issuer.key]]");
        assert!(Declaration::parse(&keyless).is_err());
        let odd = Declaration::parse(&TEXT.replace("ects = 5.0", "ects = 5.05")).unwrap();
        assert_eq!(odd.steps(&roles(2), 0), Err(DeclarationError::Workload { code: "rust-for-systems".into() }));
    }
}
