//! The program's limits, checked before anything is sent: all of them, each with its place. Texts and definitions go through the
//! program's own checks, into fields of its own layouts, so that there is no second list of limits.

mod achievements;

use anchor_lang::bytemuck::Zeroable;
use microcred::{
    error::MicrocredError,
    state::{
        Accreditation, AccreditationStatus, Achievement, Issuer, Lifecycle, MAX_TERMS, Registry, permission,
        write_country, write_name, write_slug, write_text,
    },
};
use serde::Serialize;
use thiserror::Error;

pub(super) use achievements::check_digests;

use crate::definition::wrong_url;

use super::{
    AccreditationDeclaration, AchievementDeclaration, Declaration, IssuerDeclaration, KeyDeclaration, explain,
};

/// Something that is wrong, or cannot be had, with its place in the file and what to do about it.
#[derive(Clone, Debug, Error, PartialEq, Eq, Serialize)]
#[error("{place} {what}")]
pub struct Problem {
    /// The place, such as `achievements[1].title`.
    pub place: String,
    /// What is wrong and what to do: the rest of a sentence that begins with the place.
    pub what: String,
}

/// How a key is named in messages: its position and its name.
pub(super) fn key_place(index: usize, key: &KeyDeclaration) -> String {
    format!("issuer.keys[{index}] ({})", key.name)
}

/// How an achievement is named in messages: its position and its code.
pub(super) fn achievement_place(index: usize, achievement: &AchievementDeclaration) -> String {
    format!("achievements[{index}] ({})", achievement.code)
}

/// Everything that is wrong with a declaration, whoever applies it and whenever.
pub(super) fn check(declaration: &Declaration) -> Vec<Problem> {
    let mut checks = Checks(Vec::new());
    if declaration.registry.is_none() && declaration.issuer.is_none() {
        checks.add("the file", "declares nothing: add [registry], [issuer] or both");
    }
    if let Some(declared) = &declaration.registry {
        let fields: Registry = Zeroable::zeroed();
        checks.text("registry.slug", fields.slug, &declared.slug, write_slug);
        checks.text("registry.name", fields.name, &declared.name, write_name);
        checks.text("registry.uri", fields.uri, &declared.uri, write_text);
        checks.not_draft("registry.status", declared.status);
    }
    if let Some(declared) = &declaration.issuer {
        checks.issuer(declared);
        if declaration.achievements.iter().any(|achievement| achievement.definition.is_some()) {
            checks.url_in_documents("issuer.url", &declared.url);
        }
    }
    for (place, declared) in declaration.all_accreditations() {
        checks.accreditation(&place, declared, declaration);
    }
    if declaration.issuer.is_none() && !declaration.achievements.is_empty() {
        checks.add("achievements", "belong to an issuer: declare it under [issuer]");
    }
    let codes: Vec<_> = declaration.achievements.iter().map(|achievement| achievement.code.as_str()).collect();
    for (index, declared) in declaration.achievements.iter().enumerate() {
        let place = achievement_place(index, declared);
        checks.unique(&format!("{place}.code"), &codes, index);
        checks.achievement(&place, declared);
        if let Some(definition) = &declared.definition {
            checks.definition(&place, declared, definition);
            checks.identifier(&place, &declaration.achievements, index);
        }
    }
    checks.replacements(&declaration.achievements);
    checks.0
}

struct Checks(Vec<Problem>);

impl Checks {
    fn add(&mut self, place: &str, what: &str) {
        self.0.push(Problem { place: place.into(), what: what.into() });
    }

    /// Puts a text through the program's own check of the field it is for.
    fn text<const N: usize>(
        &mut self,
        place: &str,
        mut field: [u8; N],
        text: &str,
        write: fn(&mut [u8; N], &str) -> Result<(), MicrocredError>,
    ) {
        if let Err(error) = write(&mut field, text) {
            self.add(place, &explain(error, text, N));
        }
    }

    fn not_draft(&mut self, place: &str, status: Option<Lifecycle>) {
        if status == Some(Lifecycle::Draft) {
            self.add(place, "is draft, which only achievements can be: write active, paused or retired");
        }
    }

    /// Refuses the second and every further occurrence.
    fn unique(&mut self, place: &str, all: &[&str], index: usize) {
        let Some((this, before)) = all.get(..=index).and_then(<[_]>::split_last) else { return };
        if before.contains(this) {
            self.add(place, "occurs before in this file: give each its own");
        }
    }

    fn issuer(&mut self, declared: &IssuerDeclaration) {
        let fields: Issuer = Zeroable::zeroed();
        self.text("issuer.slug", fields.slug, &declared.slug, write_slug);
        self.text("issuer.name", fields.name, &declared.name, write_name);
        self.text("issuer.url", fields.url, &declared.url, write_text);
        self.text("issuer.country", fields.country, &declared.country, write_country);
        self.not_draft("issuer.status", declared.status);
        let names: Vec<_> = declared.keys.iter().map(|key| key.name.as_str()).collect();
        for (index, key) in declared.keys.iter().enumerate() {
            let place = key_place(index, key);
            self.unique(&format!("{place}.name"), &names, index);
            self.key(&place, key);
        }
    }

    /// Refuses what cannot stand in documents as a URL; empty: it does not stand there.
    fn url_in_documents(&mut self, place: &str, url: &str) {
        if let Some(what) = Some(url).filter(|url| !url.is_empty()).and_then(wrong_url) {
            self.add(place, &what);
        }
    }

    fn key(&mut self, place: &str, key: &KeyDeclaration) {
        let bits = key.permission_bits();
        if bits == 0 {
            self.add(&format!("{place}.permissions"), "are none: name at least one thing that the key may do");
        }
        if let Some(scope) = &key.scope {
            let fields: Achievement = Zeroable::zeroed();
            self.text(&format!("{place}.scope"), fields.code, scope, write_slug);
        }
        if key.quota == Some(0) && bits & (permission::ISSUE | permission::RENEW) != 0 {
            self.add(
                &format!("{place}.quota"),
                "is 0, with which the key could issue nothing: raise it, or leave it out for no limit",
            );
        }
        if key.valid_days == Some(0) {
            self.add(
                &format!("{place}.valid_days"),
                "is 0: write how many days the key is valid, or leave it out for no end",
            );
        }
        if key.valid_days.is_some() && key.valid_until.is_some() {
            self.add(place, "has both valid_days and valid_until: write one");
        }
        if let (Some(from), Some(until)) = (key.valid_from, key.valid_until)
            && until.as_second() <= from.as_second()
        {
            self.add(&format!("{place}.valid_until"), "is not after valid_from: write a later time");
        }
        for (field, time) in [("valid_from", key.valid_from), ("valid_until", key.valid_until)] {
            if time.is_some_and(|time| time.as_second() <= 0) {
                self.add(&format!("{place}.{field}"), "is before 1970: write a later time");
            }
        }
    }

    fn accreditation(&mut self, place: &str, declared: &AccreditationDeclaration, within: &Declaration) {
        if within.registry.is_none() {
            self.add(place, "is an entry in a registry: declare that under [registry]");
        }
        match (&declared.issuer, &declared.creator, &declared.slug) {
            (Some(_), None, None) => {}
            (None, Some(_), Some(slug)) => {
                let fields: Issuer = Zeroable::zeroed();
                self.text(&format!("{place}.slug"), fields.slug, slug, write_slug);
            }
            (None, None, None) if within.issuer.is_some() => {}
            (None, None, None) => {
                self.add(place, "names no issuer: add `issuer`, its address, or `creator` and `slug`")
            }
            _ => self.add(place, "must name its issuer in one way: by `issuer`, or by `creator` and `slug`"),
        }
        if declared.from.is_some() && !declared.terms.is_empty() {
            self.add(place, "has both `from` and `terms`: write one");
            return;
        }
        if declared.from.is_none() && declared.until.is_some() {
            self.add(&format!("{place}.until"), "ends a term that has no beginning: add `from`");
        }
        let terms = declared.all_terms();
        if terms.is_empty() && declared.status != Some(AccreditationStatus::Withdrawn) {
            self.add(place, "has no term: add `from`, the first second of the time it is for");
        }
        let mut entered: Accreditation = Zeroable::zeroed();
        for (index, term) in terms.into_iter().enumerate() {
            let place = if declared.from.is_some() { place.to_owned() } else { format!("{place}.terms[{index}]") };
            match entered.add_term(term) {
                Ok(()) => {}
                Err(MicrocredError::BadTerm) => {
                    self.add(&place, "is not a term: `from` must be after 1970, and `until` after `from`");
                }
                Err(MicrocredError::TermOverlaps) => {
                    self.add(
                        &place,
                        "begins before the term above it ends: write the terms in order of time, without overlap",
                    );
                }
                Err(MicrocredError::TermsFull) => {
                    self.add(&place, &format!("is one too many: an accreditation holds {MAX_TERMS} separate terms"));
                }
                Err(error) => self.add(&place, error.message()),
            }
        }
        let is_cut = matches!(declared.status, Some(AccreditationStatus::Suspended | AccreditationStatus::Withdrawn));
        if declared.reason.is_some() && !is_cut {
            self.add(
                &format!("{place}.reason"),
                "goes with status suspended or withdrawn: add that, or leave the reason out",
            );
        }
    }
}
