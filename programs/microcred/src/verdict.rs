//! The one function that decides. No I/O: the program, the client and the command line all ask it.
//!
//! [`evaluate`] collects every finding; the first of [`ORDER`] among them is the verdict. Trust, whether a registry vouched for the
//! issuer, is a second answer beside it.

use anchor_lang::prelude::Address;

use crate::{
    seeds,
    state::{
        Accreditation, AccreditationStatus, Credential, CredentialStatus, Issuer, IssuerKey, Lifecycle, Reason,
        Registry, codes::codes,
    },
};

codes! {
    /// The answer of verification.
    pub enum Verdict: UnknownStatus {
        /// A read failed or is stale, or a linked account is missing.
        CouldNotCheck = 1, "could not check";
        /// The derived address is empty.
        NotFound = 2, "not found";
        /// Issuer, achievement or subject is not the one expected.
        Mismatch = 3, "mismatch";
        /// The issuer revoked it.
        Revoked = 4, "revoked";
        /// Digest and subject were removed.
        Erased = 5, "erased";
        /// The learner did not want it.
        Declined = 6, "declined";
        /// Asserted when others may have held the key.
        KeyCompromised = 7, "key compromised";
        /// The document is not the one on chain.
        DigestMismatch = 8, "digest mismatch";
        /// The validity has ended.
        Expired = 9, "expired";
        /// Out of force until reinstated.
        Suspended = 10, "suspended";
        /// Awaits the learner's acceptance.
        Pending = 11, "pending";
        /// None of the others.
        Valid = 12, "valid";
        /// The document is one the issuer signed, but the credential was renewed since.
        Superseded = 13, "superseded";
    }
}

/// Which finding decides: the first of these that was found.
pub const ORDER: &[Verdict] = &[
    Verdict::CouldNotCheck,
    Verdict::NotFound,
    Verdict::Mismatch,
    Verdict::Revoked,
    Verdict::Erased,
    Verdict::Declined,
    Verdict::KeyCompromised,
    Verdict::Superseded,
    Verdict::DigestMismatch,
    Verdict::Expired,
    Verdict::Suspended,
    Verdict::Pending,
    Verdict::Valid,
];

impl Verdict {
    /// Exit code of the command line: 0 valid; 2 not valid; 3 not now, perhaps later; 4 not found; 5 could not check.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Valid => 0,
            Self::Suspended | Self::Pending => 3,
            Self::NotFound => 4,
            Self::CouldNotCheck => 5,
            _ => 2,
        }
    }
}

codes! {
    /// Whether a registry vouched for the issuer when it asserted the credential.
    pub enum TrustAtIssue: UnknownStatus {
        /// It did.
        Accredited = 1, "accredited at issue";
        /// The registry has no entry for the issuer.
        NotAccredited = 2, "not accredited";
        /// No term covers the time of issue or renewal, or the registry was retired before.
        OutsideTerms = 3, "not accredited at issue";
        /// The issuer has changed its profile since the registry looked.
        EarlierProfile = 4, "vouched for an earlier profile";
        /// Suspended with effect from before the issue.
        Suspended = 5, "suspended since before issue";
        /// Withdrawn with effect from before the issue.
        Withdrawn = 6, "withdrawn since before issue";
    }
}

codes! {
    /// Whether the registry vouches for the issuer now.
    pub enum TrustNow: UnknownStatus {
        /// A term covers now.
        Current = 1, "current";
        /// No term covers now.
        Lapsed = 2, "lapsed";
        /// The accreditation is suspended.
        Suspended = 3, "suspended";
        /// The accreditation is withdrawn.
        Withdrawn = 4, "withdrawn";
        /// The registry is retired.
        RegistryRetired = 5, "registry retired";
        /// The registry has no entry for the issuer.
        NotAccredited = 6, "not accredited";
    }
}

/// The second answer: what a registry says of the issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Trust {
    /// When the credential was issued, or renewed last. This decides whether trust is met.
    pub at_issue: TrustAtIssue,
    /// At the time of the check.
    pub now: TrustNow,
}

impl Trust {
    /// Whether the registry vouched for the issuer when it mattered.
    #[must_use]
    pub const fn is_met(self) -> bool {
        matches!(self.at_issue, TrustAtIssue::Accredited)
    }
}

/// A set of [`Verdict`]s: bit n stands for the one with code n.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Findings(u16);

impl Findings {
    /// The set with these bits.
    #[must_use]
    pub const fn from_bits(bits: u16) -> Self {
        Self(bits)
    }

    /// The set as bits.
    #[must_use]
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// Whether the set holds a finding.
    #[must_use]
    pub const fn contains(self, finding: Verdict) -> bool {
        self.0 & bit(finding) != 0
    }

    /// The findings, the deciding one first.
    pub fn iter(self) -> impl Iterator<Item = Verdict> {
        ORDER.iter().copied().filter(move |finding| self.contains(*finding))
    }

    const fn add_if(&mut self, condition: bool, finding: Verdict) {
        if condition {
            self.0 |= bit(finding);
        }
    }
}

const fn bit(finding: Verdict) -> u16 {
    match 1_u16.checked_shl(finding.code() as u32) {
        Some(bit) => bit,
        None => 0,
    }
}

/// What came of reading an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read<T> {
    /// It is there, of the right owner and kind.
    Found(T),
    /// The address is empty.
    Missing,
    /// It could not be read, or is not what it should be.
    Failed,
}

impl<T: Copy> Read<T> {
    /// The account, if it is there.
    pub const fn found(self) -> Option<T> {
        match self {
            Self::Found(account) => Some(account),
            Self::Missing | Self::Failed => None,
        }
    }
}

/// What the verifier expects. Where something is not named, it is not checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// Address of the issuer.
    pub issuer: Option<Address>,
    /// Address of the achievement.
    pub achievement: Option<Address>,
    /// The subject's 32 bytes.
    pub subject: Option<Address>,
}

/// A document that was presented with the credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Document {
    /// SHA-256 of its canonical JSON.
    pub digest: [u8; 32],
    /// Whether its proof is the issuer's.
    pub signed_by_issuer: bool,
}

/// What was read to answer whether a registry vouches for the issuer.
#[derive(Clone, Copy, Debug)]
pub struct TrustEvidence<'a> {
    /// Address of the registry that the verifier names.
    pub registry_address: Address,
    /// That registry.
    pub registry: Read<&'a Registry>,
    /// The credential's issuer.
    pub issuer: Read<&'a Issuer>,
    /// The issuer's entry in the registry; missing: none.
    pub accreditation: Read<&'a Accreditation>,
}

/// All that a verdict rests on.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// Cluster time, Unix seconds; none: it could not be read, or is stale.
    pub now: Option<i64>,
    /// Where the credential is. Only this tells whose an erased one was.
    pub address: Address,
    /// The credential.
    pub credential: Read<&'a Credential>,
    /// The issuer key that asserted it.
    pub key: Read<&'a IssuerKey>,
    /// What the verifier expects.
    pub expected: Expected,
    /// The document presented, if any.
    pub document: Option<Document>,
    /// What was read of the registry, if trust is asked.
    pub trust: Option<TrustEvidence<'a>>,
}

/// What [`evaluate`] answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// The finding that decides.
    pub verdict: Verdict,
    /// All findings.
    pub findings: Findings,
    /// Why the status is what it is.
    pub reason: Reason,
    /// What the registry says; none: not asked, or not to be had.
    pub trust: Option<Trust>,
    /// Whether trust was asked.
    pub trust_asked: bool,
}

impl Assessment {
    /// Whether the credential is valid and, where trust was asked, trusted.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.exit_code() == 0
    }

    /// Exit code of the command line: the verdict's, unless unmet trust is worse.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        let verdict = self.verdict.exit_code();
        match (verdict, self.trust_asked, self.trust) {
            (0 | 3, true, None) => 5,
            (0 | 3, true, Some(trust)) if !trust.is_met() => match trust.at_issue {
                TrustAtIssue::Suspended => 3,
                _ => 2,
            },
            _ => verdict,
        }
    }
}

/// Decides. Pure: the same evidence gives the same answer on chain and off.
#[must_use]
pub fn evaluate(evidence: &Evidence<'_>) -> Assessment {
    let mut findings = Findings::default();
    let mut reason = Reason::Unspecified;
    let mut trust = None;
    findings.add_if(evidence.now.is_none() || matches!(evidence.credential, Read::Failed), Verdict::CouldNotCheck);
    findings.add_if(matches!(evidence.credential, Read::Missing), Verdict::NotFound);

    if let Read::Found(credential) = evidence.credential {
        match (credential.credential_status(), Reason::try_from(credential.reason)) {
            (Ok(status), Ok(stored)) => {
                reason = stored;
                findings.add_if(status == CredentialStatus::Revoked, Verdict::Revoked);
                findings.add_if(status == CredentialStatus::Declined, Verdict::Declined);
                findings.add_if(status == CredentialStatus::Suspended, Verdict::Suspended);
                findings.add_if(status == CredentialStatus::Pending, Verdict::Pending);
            }
            _ => findings.add_if(true, Verdict::CouldNotCheck),
        }
        findings.add_if(credential.is_erased(), Verdict::Erased);
        findings.add_if(differs(credential, &evidence.address, &evidence.expected), Verdict::Mismatch);
        match evidence.key.found() {
            Some(key) if key.issuer == credential.issuer && key.index == credential.key_index => {
                findings.add_if(key.is_compromised_at(credential.asserted_at), Verdict::KeyCompromised);
            }
            _ => findings.add_if(true, Verdict::CouldNotCheck),
        }
        if let Some(document) = evidence.document
            && !credential.is_erased()
            && (!credential.has_document() || document.digest != credential.digest)
        {
            let superseded = document.signed_by_issuer && credential.revision > 0;
            findings.add_if(true, if superseded { Verdict::Superseded } else { Verdict::DigestMismatch });
        }
        if let Some(now) = evidence.now {
            findings.add_if(credential.is_expired(now), Verdict::Expired);
            if let Some(asked) = &evidence.trust {
                trust = evaluate_trust(asked, credential, now);
                findings.add_if(trust.is_none(), Verdict::CouldNotCheck);
            }
        }
    }

    // The commonest answer, without the search.
    let verdict = if findings.bits() == 0 {
        findings.add_if(true, Verdict::Valid);
        Verdict::Valid
    } else {
        findings.iter().next().unwrap_or(Verdict::CouldNotCheck)
    };
    Assessment { verdict, findings, reason, trust, trust_asked: evidence.trust.is_some() }
}

/// Whether anything is not as expected.
fn differs(credential: &Credential, address: &Address, expected: &Expected) -> bool {
    expected.issuer.is_some_and(|issuer| issuer != credential.issuer)
        || expected.achievement.is_some_and(|achievement| achievement != credential.achievement)
        || expected.subject.is_some_and(|subject| !is_of(credential, address, &subject))
}

/// Whether a credential is, or was, the subject's. An erased one names none any more: its address was derived from it.
fn is_of(credential: &Credential, address: &Address, subject: &Address) -> bool {
    if !credential.is_erased() {
        return credential.subject == *subject;
    }
    let sequence = credential.sequence.to_le_bytes();
    let place = [seeds::CREDENTIAL, credential.achievement.as_ref(), subject.as_ref(), &sequence];
    Address::derive_address(&place, Some(credential.bump), &crate::ID) == *address
}

/// None when something needed for the answer is missing or is not linked to the credential.
///
/// A withdrawal with effect from before the issue is named before the terms, because it also ends them; a suspension after all that
/// reinstating could not cure.
fn evaluate_trust(asked: &TrustEvidence<'_>, credential: &Credential, now: i64) -> Option<Trust> {
    let registry = asked.registry.found()?;
    let issuer = asked.issuer.found()?;
    let accreditation = match asked.accreditation {
        Read::Found(accreditation) => accreditation,
        Read::Missing => return Some(Trust { at_issue: TrustAtIssue::NotAccredited, now: TrustNow::NotAccredited }),
        Read::Failed => return None,
    };
    if accreditation.registry != asked.registry_address || accreditation.issuer != credential.issuer {
        return None;
    }
    let status = accreditation.accreditation_status().ok()?;
    let since_before_issue = accreditation.effective_at <= credential.asserted_at;
    let retired = registry.lifecycle().ok()? == Lifecycle::Retired;
    let at_issue = match status {
        AccreditationStatus::Withdrawn if since_before_issue => TrustAtIssue::Withdrawn,
        // Retirement is final: since then nobody watches over the entries.
        _ if retired && registry.status_changed_at <= credential.asserted_at => TrustAtIssue::OutsideTerms,
        _ if !accreditation.covers(credential.asserted_at) => TrustAtIssue::OutsideTerms,
        _ if accreditation.profile_revision != issuer.profile_revision => TrustAtIssue::EarlierProfile,
        AccreditationStatus::Suspended if since_before_issue => TrustAtIssue::Suspended,
        _ => TrustAtIssue::Accredited,
    };
    let now = match status {
        _ if retired => TrustNow::RegistryRetired,
        AccreditationStatus::Withdrawn => TrustNow::Withdrawn,
        AccreditationStatus::Suspended => TrustNow::Suspended,
        AccreditationStatus::Active if accreditation.covers(now) => TrustNow::Current,
        AccreditationStatus::Active => TrustNow::Lapsed,
    };
    Some(Trust { at_issue, now })
}
