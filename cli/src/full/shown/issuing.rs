//! Issuer keys, achievements and credentials as they are shown.

use std::io;

use microcred_client::{
    Address, MicrocredError,
    state::{
        Achievement, AchievementKind, Credential, IssuerKey, Reason, STATUS_BY_AUTHORITY, STATUS_BY_SUBJECT,
        SubjectKind, UNLIMITED,
    },
};
use serde::Serialize;

use super::{Linked, Names, cell, reason, said, since};
use crate::full::{
    output::{Page, Tone},
    values::{Time, as_maybe_text, as_text, digest_text, permission_words, sol, unless_zero},
};

/// An issuer key.
#[derive(Debug, Serialize)]
pub(crate) struct ShownKey {
    #[serde(serialize_with = "as_text")]
    address: Address,
    issuer: Linked,
    index: u16,
    #[serde(serialize_with = "as_text")]
    key: Address,
    permissions: Vec<&'static str>,
    scope: Option<Linked>,
    retired: bool,
    valid_from: Option<Time>,
    valid_until: Option<Time>,
    compromised_at: Option<Time>,
    quota: Option<u64>,
    used: u64,
    changed_at: Option<Time>,
    lamports: u64,
}

/// An achievement.
#[derive(Debug, Serialize)]
pub(crate) struct ShownAchievement {
    #[serde(serialize_with = "as_text")]
    address: Address,
    title: String,
    code: String,
    uri: String,
    issuer: Linked,
    achievement_kind: &'static str,
    status: &'static str,
    status_changed_at: Option<Time>,
    acceptance_required: bool,
    renewable: bool,
    eqf_level: Option<u8>,
    ects: f64,
    validity_seconds: Option<i64>,
    definition_digest: Option<String>,
    replaces: Option<Linked>,
    created_at: Option<Time>,
    lamports: u64,
}

/// A credential.
#[derive(Debug, Serialize)]
pub(crate) struct ShownCredential {
    #[serde(serialize_with = "as_text")]
    address: Address,
    achievement: Linked,
    issuer: Linked,
    #[serde(serialize_with = "as_maybe_text")]
    subject: Option<Address>,
    subject_kind: &'static str,
    sequence: u16,
    status: &'static str,
    reason: &'static str,
    status_changed_at: Option<Time>,
    status_changed_by: Option<String>,
    accepted: bool,
    digest: Option<String>,
    issued_at: Option<Time>,
    asserted_at: Option<Time>,
    expires_at: Option<Time>,
    key_index: u16,
    revision: u16,
    status_index: u32,
    cohort: Option<u32>,
    lamports: u64,
}

pub(super) fn issuer_key(address: Address, lamports: u64, account: &IssuerKey, names: &Names) -> ShownKey {
    ShownKey {
        address,
        issuer: Linked::new(account.issuer, names.issuer.as_ref()),
        index: account.index,
        key: account.key,
        permissions: permission_words(account.permissions),
        scope: unless_zero(&account.scope).map(|scope| Linked::new(scope, names.achievement.as_ref())),
        retired: account.is_retired(),
        valid_from: Time::unless_zero(account.valid_from),
        valid_until: Time::unless_zero(account.valid_until),
        compromised_at: Time::unless_zero(account.compromised_at),
        quota: (account.quota != UNLIMITED).then_some(account.quota),
        used: account.used,
        changed_at: Time::unless_zero(account.changed_at),
        lamports,
    }
}

pub(super) fn achievement(
    address: Address,
    lamports: u64,
    account: &Achievement,
    names: &Names,
) -> Result<ShownAchievement, MicrocredError> {
    Ok(ShownAchievement {
        address,
        title: account.title().into(),
        code: account.code().into(),
        uri: account.uri().into(),
        issuer: Linked::new(account.issuer, names.issuer.as_ref()),
        achievement_kind: AchievementKind::try_from(account.kind)?.word(),
        status: account.lifecycle()?.word(),
        status_changed_at: Time::unless_zero(account.status_changed_at),
        acceptance_required: account.requires_acceptance(),
        renewable: account.is_renewable(),
        eqf_level: (account.eqf_level != 0).then_some(account.eqf_level),
        ects: f64::from(account.workload) / 10.0,
        validity_seconds: (account.default_validity != 0).then_some(account.default_validity),
        definition_digest: digest_text(&account.definition_digest),
        replaces: unless_zero(&account.replaces).map(|older| Linked::new(older, names.achievement.as_ref())),
        created_at: Time::unless_zero(account.created_at),
        lamports,
    })
}

pub(super) fn credential(
    address: Address,
    lamports: u64,
    account: &Credential,
    names: &Names,
) -> Result<ShownCredential, MicrocredError> {
    let by = match account.status_key_index {
        STATUS_BY_AUTHORITY => "authority".to_owned(),
        STATUS_BY_SUBJECT => "subject".to_owned(),
        index => format!("key {index}"),
    };
    Ok(ShownCredential {
        address,
        achievement: Linked::new(account.achievement, names.achievement.as_ref()),
        issuer: Linked::new(account.issuer, names.issuer.as_ref()),
        subject: unless_zero(&account.subject),
        subject_kind: SubjectKind::try_from(account.subject_kind)?.word(),
        sequence: account.sequence,
        status: account.credential_status()?.word(),
        reason: Reason::try_from(account.reason)?.word(),
        status_changed_at: Time::unless_zero(account.status_changed_at),
        status_changed_by: (account.status_changed_at != 0).then_some(by),
        accepted: account.is_accepted(),
        digest: digest_text(&account.digest),
        issued_at: Time::unless_zero(account.issued_at),
        asserted_at: Time::unless_zero(account.asserted_at),
        expires_at: Time::unless_zero(account.expires_at),
        key_index: account.key_index,
        revision: account.revision,
        status_index: account.status_index,
        cohort: (account.cohort != 0).then_some(account.cohort),
        lamports,
    })
}

impl ShownKey {
    pub(super) const COLUMNS: &[&str] = &["address", "issuer", "index", "key", "status", "permissions", "used"];

    pub(super) fn row(&self) -> Vec<String> {
        let status = match (&self.compromised_at, self.retired) {
            (Some(_), _) => "compromised",
            (None, true) => "retired",
            (None, false) => "in use",
        };
        vec![
            self.address.to_string(),
            self.issuer.words(),
            self.index.to_string(),
            self.key.to_string(),
            status.into(),
            self.permissions.join(","),
            self.used.to_string(),
        ]
    }

    pub(super) fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        page.heading(format_args!("Issuer key {}", self.index))?;
        page.field("address", self.address)?;
        page.field("issuer", self.issuer.words())?;
        page.field("key", self.key)?;
        page.field("permissions", self.permissions.join(", "))?;
        page.field("scope", self.scope.as_ref().map_or_else(|| "all achievements".into(), Linked::words))?;
        if self.retired {
            page.toned("status", "retired", Tone::Bad)?;
        }
        if let Some(time) = &self.compromised_at {
            page.toned("compromised since", time, Tone::Bad)?;
        }
        page.maybe("valid from", self.valid_from.as_ref())?;
        page.maybe("valid until", self.valid_until.as_ref())?;
        match self.quota {
            Some(quota) => page.field("used", format_args!("{} of {quota}", self.used))?,
            None => page.field("used", self.used)?,
        }
        page.maybe("changed", self.changed_at.as_ref())?;
        page.field("balance", sol(self.lamports))
    }
}

impl ShownAchievement {
    pub(super) const COLUMNS: &[&str] = &["address", "code", "title", "kind", "status", "issuer"];

    pub(super) fn row(&self) -> Vec<String> {
        vec![
            self.address.to_string(),
            self.code.clone(),
            self.title.clone(),
            self.achievement_kind.into(),
            self.status.into(),
            self.issuer.words(),
        ]
    }

    pub(super) fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        page.heading(format_args!("Achievement: {}", self.title))?;
        page.field("address", self.address)?;
        page.field("kind", self.achievement_kind)?;
        page.field("issuer", self.issuer.words())?;
        page.toned("status", since(self.status, self.status_changed_at.as_ref()), Tone::of(self.status))?;
        page.field("code", &self.code)?;
        page.maybe("uri", said(&self.uri))?;
        page.field("acceptance", if self.acceptance_required { "required" } else { "not required" })?;
        page.field("renewable", if self.renewable { "yes" } else { "no" })?;
        page.maybe("EQF level", self.eqf_level)?;
        page.field("workload", format_args!("{} ECTS", self.ects))?;
        match self.validity_seconds {
            Some(seconds) => page.field("validity", format_args!("{} days", seconds / 86_400))?,
            None => page.field("validity", "for ever")?,
        }
        page.maybe("definition digest", self.definition_digest.as_ref())?;
        page.maybe("replaces", self.replaces.as_ref().map(Linked::words))?;
        page.maybe("created", self.created_at.as_ref())?;
        page.field("balance", sol(self.lamports))
    }
}

impl ShownCredential {
    pub(super) const COLUMNS: &[&str] =
        &["address", "status", "subject", "issued", "valid until", "achievement", "issuer"];

    pub(super) fn row(&self) -> Vec<String> {
        vec![
            self.address.to_string(),
            self.status.into(),
            self.subject.map_or_else(|| "erased".to_owned(), |subject| subject.to_string()),
            cell(self.issued_at.as_ref(), ""),
            cell(self.expires_at.as_ref(), "for ever"),
            self.achievement.words(),
            self.issuer.words(),
        ]
    }

    pub(super) fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        page.heading("Credential (`microcred verify` says whether it is valid)")?;
        page.field("address", self.address)?;
        page.field("achievement", self.achievement.words())?;
        page.field("issuer", self.issuer.words())?;
        match self.subject {
            Some(subject) => page.field("subject", format_args!("{subject} ({})", self.subject_kind))?,
            None => page.field("subject", "erased")?,
        }
        page.toned("status", since(self.status, self.status_changed_at.as_ref()), Tone::of(self.status))?;
        page.maybe("reason", reason(self.reason))?;
        page.maybe("changed by", self.status_changed_by.as_ref())?;
        page.maybe("issued", self.issued_at.as_ref())?;
        if self.revision > 0 {
            page.maybe("renewed", self.asserted_at.as_ref())?;
        }
        page.field("valid until", self.expires_at.as_ref().map_or_else(|| "for ever".to_owned(), ToString::to_string))?;
        page.maybe("digest", self.digest.as_ref())?;
        page.field("asserted by", format_args!("key {}", self.key_index))?;
        page.field("sequence", self.sequence)?;
        page.field("status index", self.status_index)?;
        page.maybe("cohort", self.cohort)?;
        page.field("balance", sol(self.lamports))
    }
}
