//! Checks of achievements: the program's limits, their definitions, and what they replace.

use std::collections::BTreeMap;

use anchor_lang::bytemuck::Zeroable;
use microcred::{
    error::MicrocredError,
    state::{Achievement, Definition, MAX_VALIDITY, write_name, write_slug, write_text},
};

use super::{Checks, Problem, achievement_place};
use crate::{
    address,
    declaration::{AchievementDeclaration, DAY, Declaration, Places},
    definition::Definition as FullDefinition,
    hex::Hex,
};

/// Digests that stand in the file beside a definition with another one. What an achievement's digest is depends on where it is.
pub(in crate::declaration) fn check_digests(declaration: &Declaration, places: &Places) -> Vec<Problem> {
    let mut checks = Checks(Vec::new());
    let Some(issuer) = places.issuer else { return checks.0 };
    for (index, declared) in declaration.achievements.iter().enumerate() {
        let address = address::achievement(&issuer.address, &declared.code);
        let computed = declared.digest_at(address);
        if declared.definition_digest.is_some() && declared.digest() != Some(computed) {
            let place = format!("{}.definition_digest", achievement_place(index, declared));
            checks.add(
                &place,
                &format!("is not the digest of `definition`, which is {}: write that, or leave it out", Hex(&computed)),
            );
        }
    }
    checks.0
}

impl Checks {
    pub(super) fn achievement(&mut self, place: &str, declared: &AchievementDeclaration) {
        let mut fields: Achievement = Zeroable::zeroed();
        self.text(&format!("{place}.code"), fields.code, &declared.code, write_slug);
        self.text(&format!("{place}.title"), fields.title, &declared.title, write_name);
        self.text(&format!("{place}.uri"), fields.uri, &declared.uri, write_text);
        if declared.workload().is_none() {
            self.add(&format!("{place}.ects"), "must be 0 to 6553.5, in tenths");
        }
        if declared.digest().is_none() {
            self.add(
                &format!("{place}.definition_digest"),
                "is not 64 hexadecimal digits: write the SHA-256 of the definition",
            );
        }
        if declared.validity_days == Some(0) {
            self.add(
                &format!("{place}.validity_days"),
                "is 0: write how many days a credential is valid, or leave it out for ever",
            );
        }
        if declared.eqf_level == Some(0) {
            self.add(&format!("{place}.eqf_level"), "is 0: write 1 to 8, or leave it out where there is no level");
        }
        let definition = Definition {
            kind: declared.kind.code(),
            policy: declared.policy_bits(),
            eqf_level: declared.eqf_level.unwrap_or(0),
            workload: declared.workload().unwrap_or(0),
            definition_digest: declared.digest().unwrap_or_default(),
            // The texts were checked above, each with its place.
            title: "checked",
            uri: "",
            default_validity: declared.default_validity(),
        };
        match fields.define(&definition) {
            Ok(()) => {}
            Err(MicrocredError::BadLevel) => self.add(&format!("{place}.eqf_level"), "is not 1 to 8"),
            Err(MicrocredError::BadValidity) => {
                let days = MAX_VALIDITY / DAY;
                self.add(
                    &format!("{place}.validity_days"),
                    &format!("is more than {days}, the longest validity there is"),
                );
            }
            Err(error) => self.add(place, error.message()),
        }
    }

    /// The full definition, and that the URI can be its identifier.
    pub(super) fn definition(&mut self, place: &str, declared: &AchievementDeclaration, definition: &FullDefinition) {
        self.0.extend(definition.problems(&format!("{place}.definition")));
        self.url_in_documents(&format!("{place}.uri"), &declared.uri);
        let uri = Some(&declared.uri).filter(|uri| !uri.is_empty());
        for (field, url) in [("criteria_url", &definition.criteria_url), ("image", &definition.image)] {
            if uri.is_some() && url.as_ref() == uri {
                self.add(
                    &format!("{place}.definition.{field}"),
                    "is the achievement's `uri` too, and documents give each thing its own: name another",
                );
            }
        }
    }

    /// Refuses the URI of another definition: it is what documents know an achievement by.
    pub(super) fn identifier(&mut self, place: &str, declared: &[AchievementDeclaration], index: usize) {
        let Some((this, before)) = declared.get(..=index).and_then(<[_]>::split_last) else { return };
        if !this.uri.is_empty() && before.iter().any(|one| one.definition.is_some() && one.uri == this.uri) {
            self.add(&format!("{place}.uri"), "is that of another definition in this file: give each its own, or none");
        }
    }

    /// Refuses achievements that replace themselves, directly or by way of others.
    pub(super) fn replacements(&mut self, declared: &[AchievementDeclaration]) {
        let replaced: BTreeMap<_, _> =
            declared.iter().filter_map(|one| Some((one.code.as_str(), one.replaces.as_deref()?))).collect();
        for (index, one) in declared.iter().enumerate() {
            let place = format!("{}.replaces", achievement_place(index, one));
            if let Some(code) = &one.replaces {
                let fields: Achievement = Zeroable::zeroed();
                self.text(&place, fields.code, code, write_slug);
            }
            let mut next = replaced.get(one.code.as_str());
            for _ in 0..declared.len() {
                match next {
                    Some(code) if *code == one.code => {
                        self.add(&place, "leads back to this achievement: only an older one can be replaced");
                        break;
                    }
                    Some(code) => next = replaced.get(code),
                    None => break,
                }
            }
        }
    }
}

impl AchievementDeclaration {
    /// Seconds that a credential is valid by default; 0: it never expires.
    pub(in crate::declaration) fn default_validity(&self) -> i64 {
        i64::from(self.validity_days.unwrap_or(0)).saturating_mul(DAY)
    }
}
