use anchor_lang::prelude::*;

use super::{Record, VERSION, codes::only_known_bits, holds};
use crate::error::MicrocredError;

/// What a key may do: bits of [`IssuerKey::permissions`]. A key's scope limits each of them.
pub mod permission {
    /// Issue credentials.
    pub const ISSUE: u16 = 1;
    /// Suspend and reinstate credentials.
    pub const SUSPEND: u16 = 2;
    /// Revoke and erase credentials.
    pub const REVOKE: u16 = 4;
    /// Renew credentials.
    pub const RENEW: u16 = 8;
    /// Create, edit, publish, pause, resume, retire and link achievements.
    pub const MANAGE_ACHIEVEMENTS: u16 = 16;
    /// Sign credential documents off chain.
    pub const ASSERT: u16 = 32;
    /// Every permission there is.
    pub const ALL: u16 = ISSUE | SUSPEND | REVOKE | RENEW | MANAGE_ACHIEVEMENTS | ASSERT;
}

/// Bits of [`IssuerKey::flags`].
pub mod key_flags {
    /// The key does nothing any more, for good.
    pub const RETIRED: u16 = 1;
}

/// A quota without limit.
pub const UNLIMITED: u64 = u64::MAX;

/// A key the issuer lets issue, revoke or sign for it, inside limits. 176 bytes; seeds `"key", issuer, index u16 LE`.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct IssuerKey {
    /// 8: layout version.
    pub version: u8,
    /// 9: canonical bump of the address.
    pub bump: u8,
    /// 10: which of the issuer's keys; part of the address.
    pub index: u16,
    /// 12: bits of [`permission`]; immutable.
    pub permissions: u16,
    /// 14: bits of [`key_flags`].
    pub flags: u16,
    /// 16: the issuer.
    pub issuer: Address,
    /// 48: the Ed25519 key; immutable.
    pub key: Address,
    /// 80: the only achievement it may touch; zero: all. Immutable.
    pub scope: Address,
    /// 112: first second of validity, Unix seconds; immutable.
    pub valid_from: i64,
    /// 120: first second after validity; 0: none.
    pub valid_until: i64,
    /// 128: since when others may hold the key; 0: never.
    pub compromised_at: i64,
    /// 136: how many credentials it may issue and renew; `u64::MAX`: no limit.
    pub quota: u64,
    /// 144: how many it has issued and renewed.
    pub used: u64,
    /// 152: last change other than of `used`, Unix seconds.
    pub changed_at: i64,
    /// 160: reserved.
    pub reserved_160: [u8; 16],
}

impl IssuerKey {
    /// Whether the key was retired.
    #[must_use]
    pub const fn is_retired(&self) -> bool {
        self.flags & key_flags::RETIRED != 0
    }

    /// Whether what the key asserted at an instant is void because others may have held it.
    #[must_use]
    pub const fn is_compromised_at(&self, asserted_at: i64) -> bool {
        self.compromised_at != 0 && asserted_at >= self.compromised_at
    }

    /// Refuses unless the key may now do what the permission names, to this achievement.
    ///
    /// # Errors
    /// `KeyRetired`, `KeyNotYetValid`, `KeyNoLongerValid`, `KeyWithoutPermission`, `KeyOutOfScope`.
    pub fn authorize(
        &self,
        permission: u16,
        achievement: &Address,
        now: i64,
    ) -> core::result::Result<(), MicrocredError> {
        if self.is_retired() {
            return Err(MicrocredError::KeyRetired);
        }
        if now < self.valid_from {
            return Err(MicrocredError::KeyNotYetValid);
        }
        if self.valid_until != 0 && now >= self.valid_until {
            return Err(MicrocredError::KeyNoLongerValid);
        }
        if self.permissions & permission != permission {
            return Err(MicrocredError::KeyWithoutPermission);
        }
        if self.scope != Address::default() && self.scope != *achievement {
            return Err(MicrocredError::KeyOutOfScope);
        }
        Ok(())
    }

    /// Counts credentials issued or renewed against the quota.
    ///
    /// # Errors
    /// `QuotaExceeded`; nothing is counted then.
    pub fn spend(&mut self, count: u64) -> core::result::Result<(), MicrocredError> {
        let used = self.used.checked_add(count).ok_or(MicrocredError::Overflow)?;
        if used > self.quota {
            return Err(MicrocredError::QuotaExceeded);
        }
        self.used = used;
        Ok(())
    }
}

impl Record for IssuerKey {
    const SIZE: usize = 176;
    const KIND: &'static str = "issuer key";

    fn version(&self) -> u8 {
        self.version
    }

    fn invariant(&self) -> core::result::Result<(), MicrocredError> {
        holds(self.version == VERSION && self.permissions != 0 && only_known_bits(self.permissions, permission::ALL))?;
        holds(
            only_known_bits(self.flags, key_flags::RETIRED)
                && self.key != Address::default()
                && self.used <= self.quota,
        )?;
        holds(self.valid_until == 0 || self.valid_until > self.valid_from)?;
        holds(self.compromised_at >= 0 && (self.compromised_at == 0 || self.is_retired()))
    }
}
const _: () = assert!(core::mem::size_of::<IssuerKey>() + 8 == IssuerKey::SIZE);
