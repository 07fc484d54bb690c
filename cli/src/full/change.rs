//! What a command changes, before and after.

use std::{io, path::PathBuf};

use microcred_client::{Address, ledger::Sent};
use serde::Serialize;

use super::{
    output::{Answer, Page},
    values::{Time, as_text},
};

/// What a command is about to do.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    action: &'static str,
    accounts: Vec<About>,
    pub(super) consequence: Option<String>,
    pub(super) warnings: Vec<String>,
    document: Option<PathBuf>,
    validity: Option<Validity>,
    remark: Option<&'static str>,
}

impl Change {
    /// What is done, as the command line calls it: "registry pause".
    pub(crate) const fn new(action: &'static str) -> Self {
        Self {
            action,
            accounts: Vec::new(),
            consequence: None,
            warnings: Vec::new(),
            document: None,
            validity: None,
            remark: None,
        }
    }

    /// One of the accounts that it is done to or about, the first of them first, with its name where that is known.
    #[must_use]
    pub(crate) fn about(mut self, kind: &'static str, address: Address, name: Option<String>) -> Self {
        self.accounts.push(About { kind, address, name });
        self
    }

    /// What cannot be undone about it, if anything, as a sentence: it is asked for first.
    #[must_use]
    pub(crate) fn for_good(mut self, consequence: Option<String>) -> Self {
        self.consequence = consequence;
        self
    }

    /// The learner's document that was made with it.
    #[must_use]
    pub(crate) fn with_document(mut self, path: PathBuf) -> Self {
        self.document = Some(path);
        self
    }

    /// Until when the credential is valid then, 0: for ever, as far as it is known beforehand.
    #[must_use]
    pub(crate) fn valid_until(mut self, expires_at: Option<i64>) -> Self {
        self.validity = expires_at.map(|expires_at| Validity { expires_at: Time::unless_zero(expires_at) });
        self
    }

    /// What people should know who read the answer.
    #[must_use]
    pub(crate) fn remark(mut self, remark: &'static str) -> Self {
        self.remark = Some(remark);
        self
    }

    /// What the user should think of first.
    #[must_use]
    pub(crate) fn warn(mut self, warning: String) -> Self {
        self.warnings.push(warning);
        self
    }
}

/// An account and what it is called.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct About {
    kind: &'static str,
    #[serde(serialize_with = "as_text")]
    address: Address,
    name: Option<String>,
}

/// How long a credential is valid.
#[derive(Clone, Debug, Serialize)]
struct Validity {
    /// None: it does not expire.
    expires_at: Option<Time>,
}

/// What a command changed. Schema: `change.json`.
#[derive(Debug, Serialize)]
pub(crate) struct Changed {
    action: &'static str,
    cluster: String,
    accounts: Vec<About>,
    warnings: Vec<String>,
    document: Option<PathBuf>,
    validity: Option<Validity>,
    signature: String,
    slot: u64,
    fee_lamports: u64,
    compute_units: u64,
    #[serde(skip)]
    remark: Option<&'static str>,
    #[serde(skip)]
    logs: Vec<String>,
}

impl Changed {
    pub(crate) fn new(change: Change, cluster: String, sent: &Sent) -> Self {
        Self {
            action: change.action,
            cluster,
            accounts: change.accounts,
            warnings: change.warnings,
            document: change.document,
            validity: change.validity,
            remark: change.remark,
            signature: sent.signature.to_string(),
            slot: sent.slot,
            fee_lamports: sent.fee,
            compute_units: sent.compute_units,
            logs: sent.logs.clone(),
        }
    }
}

impl Answer for Changed {
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        page.heading(format_args!("{}: done", self.action))?;
        for about in &self.accounts {
            match &about.name {
                Some(name) => page.field(about.kind, format_args!("{name} ({})", about.address))?,
                None => page.field(about.kind, about.address)?,
            }
        }
        page.maybe("document", self.document.as_ref().map(|path| path.display()))?;
        if let Some(Validity { expires_at }) = &self.validity {
            page.field("expires", expires_at.as_ref().map_or_else(|| "never".into(), ToString::to_string))?;
        }
        page.field("signature", &self.signature)?;
        if page.verbose() {
            page.field("cluster", &self.cluster)?;
            page.field("slot", self.slot)?;
            page.field("fee", format_args!("{} lamports", self.fee_lamports))?;
            page.field("compute units", self.compute_units)?;
            for line in &self.logs {
                page.field("log", line)?;
            }
        }
        self.remark.map_or(Ok(()), |remark| page.line(format_args!("  {remark}")))
    }
}
