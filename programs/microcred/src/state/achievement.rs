use anchor_lang::prelude::*;

use super::{
    Lifecycle, Record, VERSION,
    codes::{codes, only_known_bits},
    holds, read_text, write_name, write_text,
};
use crate::error::MicrocredError;

codes! {
    /// How rigorous an achievement is.
    pub enum AchievementKind: UnknownKind {
        /// Assessed learning of a small volume (EU Council Recommendation 2022/C 243/02).
        MicroCredential = 1, "micro-credential";
        /// A completed course or programme.
        Certificate = 2, "certificate";
        /// Participation, a skill, recognition.
        Badge = 3, "badge";
    }
}

/// Bits of [`Achievement::policy`].
pub mod policy {
    /// A credential is pending until its learner accepts it.
    pub const ACCEPTANCE_REQUIRED: u8 = 1;
    /// A credential can be renewed.
    pub const RENEWABLE: u8 = 2;
    /// Every bit that has a meaning.
    pub const ALL: u8 = ACCEPTANCE_REQUIRED | RENEWABLE;
}

/// Longest default validity, seconds: a hundred years of 365.25 days. A longer one could overflow the clock for ever after publishing.
pub const MAX_VALIDITY: i64 = 3_155_760_000;

/// What can be earned. 448 bytes; seeds `"achievement", issuer, code`. Publishing freezes kind, title, policy and definition.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct Achievement {
    /// 8: layout version.
    pub version: u8,
    /// 9: canonical bump of the address.
    pub bump: u8,
    /// 10: a [`Lifecycle`].
    pub status: u8,
    /// 11: an [`AchievementKind`].
    pub kind: u8,
    /// 12: bits of [`policy`].
    pub policy: u8,
    /// 13: level in the European Qualifications Framework, 1 to 8; 0: none.
    pub eqf_level: u8,
    /// 14: workload in tenths of an ECTS credit.
    pub workload: u16,
    /// 16: the issuer.
    pub issuer: Address,
    /// 48: code, `a-z0-9-`, zero padded; part of the address.
    pub code: [u8; 32],
    /// 80: SHA-256 of the full definition's canonical JSON; zero: none.
    pub definition_digest: [u8; 32],
    /// 112: title, UTF-8, zero padded.
    pub title: [u8; 128],
    /// 240: where the definition can be read, UTF-8, zero padded.
    pub uri: [u8; 128],
    /// 368: validity of a credential where its issuing names no expiry, seconds; 0: never expires.
    pub default_validity: i64,
    /// 376: creation, Unix seconds.
    pub created_at: i64,
    /// 384: last change of status, Unix seconds; 0: never.
    pub status_changed_at: i64,
    /// 392: the achievement that this one replaces; zero: none.
    pub replaces: Address,
    /// 424: reserved.
    pub reserved_424: [u8; 24],
}

/// The part of an achievement that its issuer writes, and can edit until it is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Definition<'a> {
    /// An [`AchievementKind`].
    pub kind: u8,
    /// Bits of [`policy`].
    pub policy: u8,
    /// 1 to 8; 0: none.
    pub eqf_level: u8,
    /// Tenths of an ECTS credit.
    pub workload: u16,
    /// SHA-256 of the full definition's canonical JSON; zero: none.
    pub definition_digest: [u8; 32],
    /// At most 128 bytes of UTF-8.
    pub title: &'a str,
    /// At most 128 bytes of UTF-8.
    pub uri: &'a str,
    /// Seconds; 0: never expires.
    pub default_validity: i64,
}

impl Achievement {
    /// Writes the editable part.
    ///
    /// # Errors
    /// `UnknownKind`, `UnknownPolicy`, `BadLevel`, `BadValidity`, and those of the texts.
    pub fn define(&mut self, definition: &Definition<'_>) -> core::result::Result<(), MicrocredError> {
        AchievementKind::try_from(definition.kind)?;
        if !only_known_bits(u16::from(definition.policy), u16::from(policy::ALL)) {
            return Err(MicrocredError::UnknownPolicy);
        }
        if definition.eqf_level > 8 {
            return Err(MicrocredError::BadLevel);
        }
        if !(0..=MAX_VALIDITY).contains(&definition.default_validity) {
            return Err(MicrocredError::BadValidity);
        }
        self.kind = definition.kind;
        self.policy = definition.policy;
        self.eqf_level = definition.eqf_level;
        self.workload = definition.workload;
        self.definition_digest = definition.definition_digest;
        self.default_validity = definition.default_validity;
        write_name(&mut self.title, definition.title)?;
        write_text(&mut self.uri, definition.uri)
    }

    /// Where the achievement stands.
    ///
    /// # Errors
    /// `UnknownStatus` for a number that has no meaning.
    pub fn lifecycle(&self) -> core::result::Result<Lifecycle, MicrocredError> {
        self.status.try_into()
    }

    /// Whether it can be issued and renewed now.
    #[must_use]
    pub const fn is_active(&self) -> bool {
        self.status == Lifecycle::Active.code()
    }

    /// Whether credentials are pending until accepted.
    #[must_use]
    pub const fn requires_acceptance(&self) -> bool {
        self.policy & policy::ACCEPTANCE_REQUIRED != 0
    }

    /// Whether credentials can be renewed.
    #[must_use]
    pub const fn is_renewable(&self) -> bool {
        self.policy & policy::RENEWABLE != 0
    }

    /// The expiry of a credential issued now: the one named (0: never), or the default validity from now on.
    ///
    /// # Errors
    /// `BadExpiry` when it does not lie in the future, `Overflow`.
    pub fn expiry(&self, named: Option<i64>, now: i64) -> core::result::Result<i64, MicrocredError> {
        match named {
            None if self.default_validity == 0 => Ok(0),
            None => now.checked_add(self.default_validity).ok_or(MicrocredError::Overflow),
            Some(expires_at) if expires_at == 0 || expires_at > now => Ok(expires_at),
            Some(_) => Err(MicrocredError::BadExpiry),
        }
    }

    /// The title as text.
    #[must_use]
    pub fn title(&self) -> &str {
        read_text(&self.title)
    }

    /// The code as text.
    #[must_use]
    pub fn code(&self) -> &str {
        read_text(&self.code)
    }

    /// The URI as text.
    #[must_use]
    pub fn uri(&self) -> &str {
        read_text(&self.uri)
    }
}

impl Record for Achievement {
    const SIZE: usize = 448;
    const KIND: &'static str = "achievement";

    fn version(&self) -> u8 {
        self.version
    }

    fn invariant(&self) -> core::result::Result<(), MicrocredError> {
        self.lifecycle()?;
        AchievementKind::try_from(self.kind)?;
        holds(self.version == VERSION && self.code[0] != 0 && self.title[0] != 0 && self.eqf_level <= 8)?;
        holds(
            only_known_bits(u16::from(self.policy), u16::from(policy::ALL))
                && (0..=MAX_VALIDITY).contains(&self.default_validity),
        )
    }
}
const _: () = assert!(core::mem::size_of::<Achievement>() + 8 == Achievement::SIZE);
