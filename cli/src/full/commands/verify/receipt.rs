//! How the answer of verification is printed.

use std::{fmt::Write, io};

use microcred_client::{
    Address,
    state::{Credential, Reason},
    verdict::Verdict,
    verification::{Receipt, RegistryTrust},
};
use serde::Serialize;

use crate::full::{
    output::{Answer, Page, Tone},
    shown::Linked,
    values::{Time, as_maybe_text, as_text, unless_zero},
};

/// The answer, with what it rests on. Schema: `verify.json`.
#[derive(Debug, Serialize)]
pub(super) struct Verified {
    /// Line of the file; null: there is no file.
    pub(super) line: Option<u64>,
    #[serde(serialize_with = "as_text")]
    pub(super) verdict: Verdict,
    findings: Vec<String>,
    #[serde(serialize_with = "as_text")]
    reason: Reason,
    pub(super) exit_code: u8,
    trust_asked: bool,
    trust: Vec<RegistryTrust>,
    /// Why something could not be checked.
    problem: Option<String>,
    #[serde(serialize_with = "as_text")]
    address: Address,
    /// Its own claim, unless a registry that was asked vouches for it.
    issuer_name: Option<String>,
    achievement_title: Option<String>,
    /// As it was read.
    credential: Option<Read>,
    slot: Option<u64>,
    cluster_time: Option<Time>,
    addresses: Vec<String>,
}

/// What was read of a credential.
#[derive(Debug, Serialize)]
struct Read {
    status: String,
    status_changed_at: Option<Time>,
    #[serde(serialize_with = "as_text")]
    issuer: Address,
    #[serde(serialize_with = "as_text")]
    achievement: Address,
    /// Null: erased.
    #[serde(serialize_with = "as_maybe_text")]
    subject: Option<Address>,
    sequence: u16,
    issued_at: Option<Time>,
    /// When it was issued, or renewed last.
    asserted_at: Option<Time>,
    /// Null: never.
    expires_at: Option<Time>,
    revision: u16,
}

impl Read {
    fn new(credential: &Credential) -> Self {
        let status = credential.credential_status();
        Self {
            status: status.map_or_else(|_| format!("code {}", credential.status), |status| status.to_string()),
            status_changed_at: Time::unless_zero(credential.status_changed_at),
            issuer: credential.issuer,
            achievement: credential.achievement,
            subject: unless_zero(&credential.subject),
            sequence: credential.sequence,
            issued_at: Time::unless_zero(credential.issued_at),
            asserted_at: Time::unless_zero(credential.asserted_at),
            expires_at: Time::unless_zero(credential.expires_at),
            revision: credential.revision,
        }
    }
}

impl Verified {
    pub(super) fn new(line: Option<u64>, trust_asked: bool, receipt: Receipt) -> Self {
        Self {
            line,
            verdict: receipt.verdict,
            findings: receipt.findings.iter().map(ToString::to_string).collect(),
            reason: receipt.reason,
            exit_code: receipt.exit_code,
            trust_asked,
            trust: receipt.trust,
            problem: receipt.problem,
            address: receipt.address,
            issuer_name: receipt.issuer_name,
            achievement_title: receipt.achievement_title,
            credential: receipt.credential.as_ref().map(Read::new),
            slot: receipt.slot,
            cluster_time: receipt.cluster_time.and_then(Time::unless_zero),
            addresses: receipt.addresses.iter().map(ToString::to_string).collect(),
        }
    }

    /// Whether a registry that was asked had accredited the issuer.
    fn is_trusted(&self) -> bool {
        self.trust.iter().any(|trust| trust.met)
    }

    /// Whether it was found out what a registry that was asked says.
    pub(super) fn tells_trust(&self) -> bool {
        self.trust.iter().any(|trust| trust.at_issue.is_some())
    }

    /// The issuer's name, marked where nobody vouches for it.
    pub(super) fn issuer(&self) -> Option<String> {
        let name = self.issuer_name.as_ref()?;
        Some(if self.is_trusted() { name.clone() } else { format!("{name}, self-declared") })
    }

    /// What registries that were asked say, where none of them vouches for the issuer.
    pub(super) fn unmet(&self) -> Option<String> {
        let said: Vec<_> = self.trust.iter().filter_map(|trust| trust.at_issue.clone()).collect();
        (self.trust_asked && !self.is_trusted() && !said.is_empty()).then(|| said.join(", "))
    }

    /// One line: verdict, address, what it is, why.
    fn short(&self, page: &mut Page<'_>) -> io::Result<()> {
        let mut rest = format!("  {}", self.address);
        if let Some(title) = &self.achievement_title {
            let _ = write!(rest, "  \"{title}\"");
        }
        if let Some(issuer) = self.issuer() {
            let _ = write!(rest, " by {issuer}");
        }
        let mut reasons: Vec<_> = self.findings.iter().skip(1).map(|finding| format!("also {finding}")).collect();
        if self.reason != Reason::Unspecified {
            reasons.insert(0, self.reason.to_string());
        }
        reasons.extend(self.unmet());
        reasons.extend(self.problem.clone());
        if !reasons.is_empty() {
            let _ = write!(rest, ": {}", reasons.join(", "));
        }
        page.status(&format!("{:<15}", capitals(self.verdict)), Tone::of(self.verdict.word()), rest)
    }

    fn long(&self, page: &mut Page<'_>) -> io::Result<()> {
        page.status(&capitals(self.verdict), Tone::of(self.verdict.word()), "")?;
        page.maybe("problem", self.problem.as_ref())?;
        if self.findings.len() > 1 {
            page.field("findings", self.findings.join(", "))?;
        }
        page.maybe("achievement", self.achievement_title.as_ref())?;
        page.maybe("issuer", self.issuer())?;
        self.standing(page)?;
        self.rests_on(page)
    }

    /// What stands on chain of the credential, and what registries say.
    pub(super) fn standing(&self, page: &mut Page<'_>) -> io::Result<()> {
        page.field("credential", self.address)?;
        if let Some(credential) = &self.credential {
            page.maybe("subject", credential.subject)?;
            page.maybe("issued", credential.issued_at.as_ref())?;
            if credential.revision > 0 {
                page.maybe("renewed", credential.asserted_at.as_ref())?;
            }
            page.field(
                "valid until",
                credential.expires_at.as_ref().map_or_else(|| "for ever".to_owned(), ToString::to_string),
            )?;
            page.toned("status", &credential.status, Tone::of(&credential.status))?;
            page.maybe("since", credential.status_changed_at.as_ref())?;
            if self.reason != Reason::Unspecified {
                page.field("reason", self.reason)?;
            }
        }
        for trust in &self.trust {
            let registry = Linked::new(trust.registry, trust.name.as_ref()).words();
            let (said, tone) = match (&trust.at_issue, &trust.now) {
                (Some(at_issue), Some(now)) => {
                    (format!("{at_issue}; now: {now}"), if trust.met { Tone::Good } else { Tone::Bad })
                }
                _ => ("nothing that could be checked".to_owned(), Tone::Doubtful),
            };
            page.toned("trust", format_args!("{registry} says: {said}"), tone)?;
        }
        Ok(())
    }

    /// When and what was read.
    pub(super) fn rests_on(&self, page: &mut Page<'_>) -> io::Result<()> {
        page.maybe("cluster time", self.cluster_time.as_ref())?;
        page.maybe("slot", self.slot)?;
        if page.verbose() {
            for address in &self.addresses {
                page.field("rests on", address)?;
            }
        }
        Ok(())
    }
}

impl Answer for Verified {
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        if self.line.is_some() { self.short(page) } else { self.long(page) }
    }
}

pub(super) fn capitals(verdict: Verdict) -> String {
    verdict.word().to_uppercase()
}
