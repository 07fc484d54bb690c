//! The checks, each by itself.

use jiff::Timestamp;
use serde_json::Value;

use super::{Asked, Check, Finding, Kind, Origin, Report, TOLERATED, form::form as form_findings};
use crate::document::{
    did::Subject,
    proof::{self, ProofError, Purpose, Verified},
    reference::References,
    subject,
};

pub(super) fn references(report: &mut Report, document: &Value) {
    let mut findings = Vec::new();
    match References::of(document) {
        Ok(Some(references)) => {
            report.origin = Origin::Chain;
            report.references = Some(references);
        }
        Ok(None) if document.is_object() => {
            report.origin = Origin::Elsewhere;
            findings.push(Finding::from(Kind::NothingOnChain));
        }
        Ok(None) => return,
        Err(error) => findings.push(Finding::new(Kind::UnclearReferences, error)),
    }
    report.note(Check::References, findings);
}

pub(super) fn form(report: &mut Report, document: &Value) {
    let (form, status): (Vec<_>, Vec<_>) =
        form_findings(document, report.origin).into_iter().partition(|finding| finding.kind.check() == Check::Form);
    report.note(Check::Form, form);
    report.findings.extend(status);
}

/// One of the proofs must be its issuer's, for the purpose of asserting, and not over. The others must fit too.
pub(super) fn proof(report: &mut Report, document: &Value, asked: &Asked<'_>) {
    let found = match proof::verify_with(document, &asked.did_documents.at(asked.now)) {
        Ok(proofs) => issuers_proof(proofs, report.claims.issuer.as_deref(), asked.now),
        Err(error) => Err(Finding::new(unproven(&error, report.origin), error)),
    };
    match found {
        Ok(signed) => {
            report.signed = Some(signed);
            report.note(Check::Proof, None);
        }
        Err(finding) => report.note(Check::Proof, Some(finding)),
    }
}

/// What a proof that cannot be checked is. Documents that name accounts have proofs that can: another one was added to them, which must not
/// hide what the chain says.
fn unproven(error: &ProofError, origin: Origin) -> Kind {
    match error {
        _ if origin != Origin::Elsewhere => Kind::BadProof,
        ProofError::Unknown(_) => Kind::UnknownProof,
        ProofError::Key(..) if error.is_open() => Kind::KeyNotKnown,
        ProofError::Unhashable(..) if error.is_open() => Kind::UnknownProof,
        _ => Kind::BadProof,
    }
}

fn issuers_proof(proofs: Vec<Verified>, issuer: Option<&str>, now: Timestamp) -> Result<Verified, Finding> {
    let is_issuers = |proof: &Verified| proof.purpose == Purpose::AssertionMethod && issuer == Some(proof.controller());
    let (issuers, others): (Vec<_>, Vec<_>) = proofs.into_iter().partition(is_issuers);
    if issuers.is_empty() {
        let by: Vec<_> =
            others.iter().map(|proof| format!("{} ({})", proof.controller(), proof.purpose.word())).collect();
        let detail = format!("its issuer is {}, but the proof is by {}", issuer.unwrap_or("not named"), by.join(", "));
        return Err(Finding::new(Kind::NotSignedByIssuer, detail));
    }
    let ended = issuers.iter().filter_map(|proof| proof.expires).max();
    let lasting = issuers.into_iter().find(|proof| proof.expires.is_none_or(|expires| now < expires));
    lasting.ok_or_else(|| match ended {
        Some(ended) => Finding::new(Kind::ProofExpired, format_args!("since {ended}")),
        None => Kind::ProofExpired.into(),
    })
}

/// Whether it is valid at a time, by its own word. A date that cannot be read is a matter of form.
pub(super) fn dates(report: &mut Report, now: Timestamp) {
    let mut findings = Vec::new();
    let claims = &report.claims;
    let is_future = |time: &Timestamp| time.saturating_sub(TOLERATED).is_ok_and(|time| now < time);
    if let Some(from) = claims.valid_from.filter(is_future) {
        findings.push(Finding::new(Kind::NotYetValid, format_args!("from {from} on")));
    }
    if let Some(until) = claims.valid_until.filter(|until| *until <= now) {
        findings.push(Finding::new(Kind::ValidityEnded, format_args!("on {until}")));
    }
    if let Some(created) = report.signed.as_ref().and_then(|signed| signed.created).filter(is_future) {
        findings.push(Finding::new(Kind::SignedInFuture, format_args!("on {created}")));
    }
    report.note(Check::Dates, findings);
}

/// Who its subject is. Only a subject with a key can stand on chain, and prove to be the subject.
pub(super) fn subject(report: &mut Report, document: &Value) {
    if report.origin != Origin::Chain {
        report.subject = report.claims.subject.as_deref().and_then(|subject| subject.parse().ok());
        return;
    }
    let mut findings = Vec::new();
    match report.claims.subject.as_deref().unwrap_or_default().parse::<Subject>() {
        Ok(subject) => {
            let chain = report.references.as_ref().map(|references| &references.chain);
            if let Subject::Account(account) = &subject
                && Some(&account.chain) != chain
            {
                findings.push(Finding::new(Kind::UnclearSubject, "it is an account of another chain"));
            }
            match subject::opened(document, subject.key()) {
                Ok(opened) => report.commitment = opened.map(|opened| opened.commitment),
                Err(error) => findings.push(Finding::new(Kind::CommitmentNotOpened, error)),
            }
            report.subject = Some(subject);
        }
        Err(error) => findings.push(Finding::new(Kind::UnclearSubject, error)),
    }
    report.note(Check::Subject, findings);
}
