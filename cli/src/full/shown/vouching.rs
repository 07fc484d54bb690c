//! Registries, issuers and accreditations as they are shown.

use std::io;

use microcred_client::{
    Address, MicrocredError,
    state::{Accreditation, Issuer, Reason, Registry},
};
use serde::Serialize;

use super::{Linked, Names, cell, reason, said, since};
use crate::full::{
    output::{Page, Tone},
    values::{Time, as_maybe_text, as_text, sol, unless_zero},
};

/// A registry.
#[derive(Debug, Serialize)]
pub(crate) struct ShownRegistry {
    #[serde(serialize_with = "as_text")]
    address: Address,
    name: String,
    slug: String,
    uri: String,
    status: &'static str,
    status_changed_at: Option<Time>,
    #[serde(serialize_with = "as_text")]
    creator: Address,
    #[serde(serialize_with = "as_text")]
    authority: Address,
    #[serde(serialize_with = "as_maybe_text")]
    pending_authority: Option<Address>,
    accreditation_count: u32,
    created_at: Option<Time>,
    lamports: u64,
}

/// An issuer.
#[derive(Debug, Serialize)]
pub(crate) struct ShownIssuer {
    #[serde(serialize_with = "as_text")]
    address: Address,
    name: String,
    slug: String,
    home_page: String,
    country: String,
    status: &'static str,
    status_changed_at: Option<Time>,
    #[serde(serialize_with = "as_text")]
    creator: Address,
    #[serde(serialize_with = "as_text")]
    authority: Address,
    #[serde(serialize_with = "as_maybe_text")]
    pending_authority: Option<Address>,
    authority_changed_at: Option<Time>,
    #[serde(serialize_with = "as_text")]
    treasury: Address,
    key_count: u16,
    profile_revision: u32,
    created_at: Option<Time>,
    lamports: u64,
}

/// An accreditation.
#[derive(Debug, Serialize)]
pub(crate) struct ShownAccreditation {
    #[serde(serialize_with = "as_text")]
    address: Address,
    registry: Linked,
    issuer: Linked,
    status: &'static str,
    reason: &'static str,
    effective_at: Option<Time>,
    status_changed_at: Option<Time>,
    profile_revision: u32,
    terms: Vec<ShownTerm>,
    lamports: u64,
}

/// A term of an accreditation.
#[derive(Debug, Serialize)]
pub(crate) struct ShownTerm {
    from: Option<Time>,
    until: Option<Time>,
}

pub(super) fn registry(address: Address, lamports: u64, account: &Registry) -> Result<ShownRegistry, MicrocredError> {
    Ok(ShownRegistry {
        address,
        name: account.name().into(),
        slug: account.slug().into(),
        uri: account.uri().into(),
        status: account.lifecycle()?.word(),
        status_changed_at: Time::unless_zero(account.status_changed_at),
        creator: account.creator,
        authority: account.authority,
        pending_authority: unless_zero(&account.pending_authority),
        accreditation_count: account.accreditation_count,
        created_at: Time::unless_zero(account.created_at),
        lamports,
    })
}

pub(super) fn issuer(address: Address, lamports: u64, account: &Issuer) -> Result<ShownIssuer, MicrocredError> {
    Ok(ShownIssuer {
        address,
        name: account.name().into(),
        slug: account.slug().into(),
        home_page: account.url().into(),
        country: account.country().into(),
        status: account.lifecycle()?.word(),
        status_changed_at: Time::unless_zero(account.status_changed_at),
        creator: account.creator,
        authority: account.authority,
        pending_authority: unless_zero(&account.pending_authority),
        authority_changed_at: Time::unless_zero(account.authority_changed_at),
        treasury: account.treasury,
        key_count: account.key_count,
        profile_revision: account.profile_revision,
        created_at: Time::unless_zero(account.created_at),
        lamports,
    })
}

pub(super) fn accreditation(
    address: Address,
    lamports: u64,
    account: &Accreditation,
    names: &Names,
) -> Result<ShownAccreditation, MicrocredError> {
    let term = |from, until| ShownTerm { from: Time::unless_zero(from), until: Time::unless_zero(until) };
    Ok(ShownAccreditation {
        address,
        registry: Linked::new(account.registry, names.registry.as_ref()),
        issuer: Linked::new(account.issuer, names.issuer.as_ref()),
        status: account.accreditation_status()?.word(),
        reason: Reason::try_from(account.reason)?.word(),
        effective_at: Time::unless_zero(account.effective_at),
        status_changed_at: Time::unless_zero(account.status_changed_at),
        profile_revision: account.profile_revision,
        terms: account.used_terms().iter().map(|used| term(used.from, used.until)).collect(),
        lamports,
    })
}

impl ShownRegistry {
    pub(super) const COLUMNS: &[&str] = &["address", "slug", "name", "status", "accreditations", "authority"];

    pub(super) fn row(&self) -> Vec<String> {
        vec![
            self.address.to_string(),
            self.slug.clone(),
            self.name.clone(),
            self.status.into(),
            self.accreditation_count.to_string(),
            self.authority.to_string(),
        ]
    }

    pub(super) fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        page.heading(format_args!("Registry: {}", self.name))?;
        page.field("address", self.address)?;
        page.toned("status", since(self.status, self.status_changed_at.as_ref()), Tone::of(self.status))?;
        page.field("slug", &self.slug)?;
        page.maybe("uri", said(&self.uri))?;
        page.field("authority", self.authority)?;
        page.maybe("proposed", self.pending_authority)?;
        page.field("accreditations", self.accreditation_count)?;
        page.maybe("created", self.created_at.as_ref())?;
        page.field("creator", self.creator)?;
        page.field("balance", sol(self.lamports))
    }
}

impl ShownIssuer {
    pub(super) const COLUMNS: &[&str] =
        &["address", "slug", "name (self-declared)", "status", "country", "keys", "authority"];

    pub(super) fn row(&self) -> Vec<String> {
        vec![
            self.address.to_string(),
            self.slug.clone(),
            self.name.clone(),
            self.status.into(),
            self.country.clone(),
            self.key_count.to_string(),
            self.authority.to_string(),
        ]
    }

    pub(super) fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        page.heading(format_args!("Issuer: {} (self-declared; registries vouch for it)", self.name))?;
        page.field("address", self.address)?;
        page.toned("status", since(self.status, self.status_changed_at.as_ref()), Tone::of(self.status))?;
        page.field("slug", &self.slug)?;
        page.maybe("home page", said(&self.home_page))?;
        page.maybe("country", said(&self.country))?;
        page.field("profile revision", self.profile_revision)?;
        page.field("authority", since(&self.authority.to_string(), self.authority_changed_at.as_ref()))?;
        page.maybe("proposed", self.pending_authority)?;
        page.field("treasury", self.treasury)?;
        page.field("keys", self.key_count)?;
        page.maybe("created", self.created_at.as_ref())?;
        page.field("creator", self.creator)?;
        page.field("balance", sol(self.lamports))
    }
}

impl ShownAccreditation {
    pub(super) const COLUMNS: &[&str] = &["address", "status", "reason", "since", "registry", "issuer"];

    pub(super) fn row(&self) -> Vec<String> {
        vec![
            self.address.to_string(),
            self.status.into(),
            self.reason.into(),
            cell(self.effective_at.as_ref(), ""),
            self.registry.words(),
            self.issuer.words(),
        ]
    }

    pub(super) fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        page.heading("Accreditation")?;
        page.field("address", self.address)?;
        page.field("registry", self.registry.words())?;
        page.field("issuer", self.issuer.words())?;
        page.toned("status", since(self.status, self.effective_at.as_ref()), Tone::of(self.status))?;
        page.maybe("reason", reason(self.reason))?;
        page.maybe("status set", self.status_changed_at.as_ref())?;
        for term in &self.terms {
            let end = |time: &Option<Time>| time.as_ref().map_or_else(|| "open".to_owned(), ToString::to_string);
            page.field("term", format_args!("{} to {}", end(&term.from), end(&term.until)))?;
        }
        page.field("profile revision", self.profile_revision)?;
        page.field("balance", sol(self.lamports))
    }
}
