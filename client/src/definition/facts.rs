//! What an achievement's account says already.

use microcred::{
    error::MicrocredError,
    state::{Achievement, AchievementKind},
};
use sha2::{Digest, Sha256};
use solana_address::Address;

/// What an achievement's account holds of its definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts<'a> {
    /// Address of the account.
    pub address: Address,
    /// The title.
    pub title: &'a str,
    /// How rigorous it is.
    pub kind: AchievementKind,
    /// Where the definition can be read; empty: nowhere.
    pub uri: &'a str,
    /// Level in the European Qualifications Framework, 1 to 8; 0: none.
    pub eqf_level: u8,
    /// Workload in tenths of an ECTS credit; 0: not said.
    pub workload: u16,
}

/// What the digest that an identifier is made of begins with.
const ID_DOMAIN: &[u8] = b"microcred/achievement-id/v1";

impl<'a> Facts<'a> {
    /// Those of an account.
    ///
    /// # Errors
    /// `UnknownKind`, which no account has that was decoded.
    pub fn of(address: Address, account: &'a Achievement) -> Result<Self, MicrocredError> {
        Ok(Self {
            address,
            title: account.title(),
            kind: account.kind.try_into()?,
            uri: account.uri(),
            eqf_level: account.eqf_level,
            workload: account.workload,
        })
    }

    /// The `id` of the object: the URI, or where there is none `urn:uuid:` with a UUID of version 8 (RFC 9562) whose free bits are the
    /// first of `SHA-256("microcred/achievement-id/v1" || address)`.
    #[must_use]
    pub fn id(&self) -> String {
        if !self.uri.is_empty() {
            return self.uri.to_owned();
        }
        let digest: [u8; 32] = Sha256::new().chain_update(ID_DOMAIN).chain_update(self.address).finalize().into();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(digest.split_at(16).0);
        let number = u128::from_be_bytes(bytes);
        // Version 8 in the four bits after the first 48, variant 0b10 in the two bits after the first 64.
        let number = number & !(0xf << 76) | (8 << 76);
        let number = number & !(0b11 << 62) | (0b10 << 62);
        let digits = format!("{number:032x}");
        let groups = [0..8, 8..12, 12..16, 16..20, 20..32].map(|group| digits.get(group).unwrap_or_default());
        format!("urn:uuid:{}", groups.join("-"))
    }

    /// The `achievementType` of Open Badges.
    #[must_use]
    pub const fn achievement_type(&self) -> &'static str {
        match self.kind {
            AchievementKind::MicroCredential => "MicroCredential",
            AchievementKind::Certificate => "Certificate",
            AchievementKind::Badge => "Badge",
        }
    }
}
