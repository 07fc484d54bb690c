//! `[[achievements]]`: the form, and what goes on chain of it.

use microcred::state::{AchievementKind, Lifecycle, policy};
use serde::Deserialize;
use serde_json::Value;
use solana_address::Address;

use super::{
    Declaration, Places,
    form::{kind, lifecycle},
};
use crate::{
    address,
    definition::{self, Definition, Facts},
    hex,
};

/// `[[achievements]]`.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct AchievementDeclaration {
    /// 1 to 32 of `a-z0-9-`; part of the address.
    pub code: String,
    /// 1 to 128 bytes.
    pub title: String,
    /// At most 128 bytes.
    #[serde(default)]
    pub uri: String,
    /// How rigorous it is.
    #[serde(deserialize_with = "kind")]
    pub kind: AchievementKind,
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
    /// The full definition; none: `definition_digest` names it, or there is none.
    pub definition: Option<Definition>,
    /// SHA-256 of the full definition's canonical JSON, 64 hexadecimal digits; none: that of `definition`, or there is none.
    pub definition_digest: Option<String>,
    /// Code of the older achievement of the same issuer that this one replaces.
    pub replaces: Option<String>,
    /// Where it stands; none: published when it is created, and left as it is from then on.
    #[serde(default, deserialize_with = "lifecycle")]
    pub status: Option<Lifecycle>,
}

impl AchievementDeclaration {
    /// The bits of [`policy`].
    #[must_use]
    pub const fn policy_bits(&self) -> u8 {
        let acceptance = if self.acceptance_required { policy::ACCEPTANCE_REQUIRED } else { 0 };
        let renewable = if self.renewable { policy::RENEWABLE } else { 0 };
        acceptance | renewable
    }

    /// The workload in tenths of a credit; none: it is not a number of tenths that an account can hold.
    #[must_use]
    pub fn workload(&self) -> Option<u16> {
        let tenths = (self.ects * 10.0).round();
        let fits = (0.0..=f64::from(u16::MAX)).contains(&tenths) && (tenths - self.ects * 10.0).abs() <= 1e-6;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range was checked")]
        fits.then_some(tenths as u16)
    }

    /// The bytes of `definition_digest`, zeros where there is none; none: it is not 64 hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> Option<[u8; 32]> {
        self.definition_digest.as_deref().map_or(Some([0; 32]), hex::parse)
    }

    /// What the account will say of the definition.
    #[must_use]
    pub fn facts(&self, address: Address) -> Facts<'_> {
        Facts {
            address,
            title: &self.title,
            kind: self.kind,
            uri: &self.uri,
            eqf_level: self.eqf_level.unwrap_or(0),
            workload: self.workload().unwrap_or(0),
        }
    }

    /// The object that the definition makes of an achievement at this address, if there is a definition.
    #[must_use]
    pub fn definition_object(&self, address: Address) -> Option<Value> {
        Some(self.definition.as_ref()?.object(&self.facts(address)))
    }

    /// The digest that goes on chain: that of the definition, or else the one that the file names; zeros: none.
    #[must_use]
    pub fn digest_at(&self, address: Address) -> [u8; 32] {
        self.definition_object(address)
            .map_or_else(|| self.digest().unwrap_or_default(), |object| definition::digest(&object))
    }
}

impl Declaration {
    /// The definitions in the file, each with the achievement's address.
    #[must_use]
    pub fn definitions(&self, places: &Places) -> Vec<(Address, Value)> {
        let issuer = places.issuer.iter();
        let all = issuer.flat_map(|issuer| self.achievements.iter().map(move |declared| (issuer.address, declared)));
        all.filter_map(|(issuer, declared)| {
            let address = address::achievement(&issuer, &declared.code);
            Some((address, declared.definition_object(address)?))
        })
        .collect()
    }
}
