//! Accounts as they are shown: a struct each, whose JSON form is described by the schema `show.json`.

use std::io;

use microcred_client::{
    Account, Address, MicrocredError,
    account::{AnyAccount, decode},
    state::{
        Accreditation, Achievement, AchievementKind, Credential, Issuer, IssuerKey, Reason, Registry,
        STATUS_BY_AUTHORITY, STATUS_BY_SUBJECT, SubjectKind, UNLIMITED,
    },
};
use serde::Serialize;

use super::{
    error::CliError,
    output::{Answer, Page, Tone},
    session::Session,
    values::{Time, as_maybe_text, as_text, hex, permission_words, sol, unless_zero},
};

/// Names of the accounts that an account hangs on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    registry: Option<String>,
    issuer: Option<String>,
    achievement: Option<String>,
}

impl Names {
    /// Reads them together. Whatever is not there has no name.
    pub(crate) async fn read(session: &Session, any: &AnyAccount) -> Result<Self, CliError> {
        let none = Address::default();
        let [registry, issuer, achievement] = match any {
            AnyAccount::Registry(_) | AnyAccount::Issuer(_) => return Ok(Self::default()),
            AnyAccount::Accreditation(account) => [account.registry, account.issuer, none],
            AnyAccount::IssuerKey(account) => [none, account.issuer, account.scope],
            AnyAccount::Achievement(account) => [none, account.issuer, account.replaces],
            AnyAccount::Credential(account) => [none, account.issuer, account.achievement],
        };
        let accounts = session.read(&[registry, issuer, achievement]).await?.accounts;
        let account = |index: usize| accounts.get(index).and_then(Option::as_ref);
        Ok(Self {
            registry: name(account(0), |found| {
                decode::<Registry>(&registry, found).ok().map(|it| it.name().to_owned())
            }),
            issuer: name(account(1), |found| decode::<Issuer>(&issuer, found).ok().map(|it| it.name().to_owned())),
            achievement: name(account(2), |found| {
                decode::<Achievement>(&achievement, found).ok().map(|it| it.title().to_owned())
            }),
        })
    }
}

fn name(account: Option<&Account>, of: impl Fn(&Account) -> Option<String>) -> Option<String> {
    account.and_then(of)
}

/// An account and what is said of it. Schema: `show.json`.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum Shown {
    Registry(ShownRegistry),
    Issuer(ShownIssuer),
    Accreditation(ShownAccreditation),
    IssuerKey(ShownKey),
    Achievement(ShownAchievement),
    Credential(ShownCredential),
    Other(Other),
}

/// An address beside a name.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Linked {
    #[serde(serialize_with = "as_text")]
    address: Address,
    name: Option<String>,
}

impl Linked {
    fn new(address: Address, name: Option<&String>) -> Self {
        Self { address, name: name.cloned() }
    }

    fn words(&self) -> String {
        self.name.as_ref().map_or_else(|| self.address.to_string(), |name| format!("{name} ({})", self.address))
    }
}

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

#[derive(Debug, Serialize)]
pub(crate) struct ShownTerm {
    from: Option<Time>,
    until: Option<Time>,
}

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

#[derive(Debug, Serialize)]
pub(crate) struct Other {
    #[serde(serialize_with = "as_text")]
    address: Address,
    what: &'static str,
    #[serde(serialize_with = "as_text")]
    owner: Address,
    size: usize,
    lamports: u64,
}

impl Other {
    pub(crate) fn new(address: Address, account: &Account, what: &'static str) -> Self {
        Self { address, what, owner: account.owner, size: account.data.len(), lamports: account.lamports }
    }
}

impl Shown {
    pub(crate) fn new(address: Address, lamports: u64, any: &AnyAccount, names: &Names) -> Result<Self, CliError> {
        let shown = match any {
            AnyAccount::Registry(account) => registry(address, lamports, account).map(Self::Registry),
            AnyAccount::Issuer(account) => issuer(address, lamports, account).map(Self::Issuer),
            AnyAccount::Accreditation(account) => {
                accreditation(address, lamports, account, names).map(Self::Accreditation)
            }
            AnyAccount::IssuerKey(account) => Ok(Self::IssuerKey(issuer_key(address, lamports, account, names))),
            AnyAccount::Achievement(account) => achievement(address, lamports, account, names).map(Self::Achievement),
            AnyAccount::Credential(account) => credential(address, lamports, account, names).map(Self::Credential),
        };
        shown.map_err(|error| CliError::Usage(format!("{address} makes no sense: {}", error.message())))
    }
}

fn registry(address: Address, lamports: u64, account: &Registry) -> Result<ShownRegistry, MicrocredError> {
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

fn issuer(address: Address, lamports: u64, account: &Issuer) -> Result<ShownIssuer, MicrocredError> {
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

fn accreditation(
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

fn issuer_key(address: Address, lamports: u64, account: &IssuerKey, names: &Names) -> ShownKey {
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

fn achievement(
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
        definition_digest: hex(&account.definition_digest),
        replaces: unless_zero(&account.replaces).map(|older| Linked::new(older, names.achievement.as_ref())),
        created_at: Time::unless_zero(account.created_at),
        lamports,
    })
}

fn credential(
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
        digest: hex(&account.digest),
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

impl Answer for Shown {
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        match self {
            Self::Registry(it) => it.text(page),
            Self::Issuer(it) => it.text(page),
            Self::Accreditation(it) => it.text(page),
            Self::IssuerKey(it) => it.text(page),
            Self::Achievement(it) => it.text(page),
            Self::Credential(it) => it.text(page),
            Self::Other(it) => it.text(page),
        }
    }
}

impl ShownRegistry {
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
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
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
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
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
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

impl ShownKey {
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
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
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
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
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
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

impl Other {
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        page.heading(format_args!("Not an account of microcred: {}", self.what))?;
        page.field("address", self.address)?;
        page.field("owner", self.owner)?;
        page.field("size", format_args!("{} bytes", self.size))?;
        page.field("balance", sol(self.lamports))
    }
}

fn since(what: &str, time: Option<&Time>) -> String {
    time.map_or_else(|| what.to_owned(), |time| format!("{what} since {time}"))
}

fn said(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

fn reason(word: &'static str) -> Option<&'static str> {
    (word != Reason::Unspecified.word()).then_some(word)
}
