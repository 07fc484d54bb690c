//! What a document and the chain say of the same things.

use jiff::Timestamp;
use microcred::state::{Achievement, Credential, Issuer, Reason};
use solana_address::Address;

use super::super::{Compared, Receipt, Standing};
use crate::document::checking::{Check, Claims, Finding, Kind, Report, achievement};

/// Adds what the chain says to what the document shows.
pub(super) fn add(report: &mut Report, receipt: &Receipt, expected_achievement: Option<Address>) {
    let told = receipt.findings.iter().filter_map(|verdict| Kind::of_chain(*verdict)).map(|kind| match kind {
        Kind::Mismatch => mismatch(report, receipt, expected_achievement),
        kind => Finding { kind, detail: detail(kind, receipt) },
    });
    let (digest, status): (Vec<_>, Vec<_>) = told.partition(|finding| finding.kind.check() == Check::Digest);
    report.note(Check::Status, status);
    let Some(credential) = &receipt.credential else { return };
    let fits = report.document.as_ref().is_some_and(|document| *document.digest() == credential.digest);
    if fits || !digest.is_empty() {
        report.note(Check::Digest, digest);
    }
    let Some(compared) = &receipt.compared else { return };
    if let Some(standing) = compared.standing {
        report.note(Check::Key, of_standing(standing).map(Finding::from));
    }
    if let Some(on_chain) = &compared.achievement {
        let findings = definition(report, on_chain);
        report.note(Check::Definition, findings);
    }
    if fits {
        let findings = content(&report.claims, credential, compared);
        report.note(Check::Content, findings);
    }
}

/// Which of issuer, achievement and subject is another one on chain than the document says or the verifier expects.
fn mismatch(report: &Report, receipt: &Receipt, expected_achievement: Option<Address>) -> Finding {
    let Some(credential) = &receipt.credential else { return Kind::Mismatch.into() };
    let mut others = Vec::new();
    if let Some(references) = report.references.as_ref().filter(|named| named.issuer != credential.issuer) {
        others.push(format!(
            "its issuer is {} on chain, not {}, as the document says",
            credential.issuer, references.issuer
        ));
    }
    if let Some(achievement) = expected_achievement.filter(|expected| *expected != credential.achievement) {
        others.push(format!("its achievement is {}, not {achievement}, as expected", credential.achievement));
    }
    let subject = report.subject_on_chain().filter(|_| !credential.is_erased());
    if others.is_empty() || subject.is_some_and(|subject| subject != credential.subject) {
        others.push("its subject is another one on chain than the document says".to_owned());
    }
    Finding::new(Kind::Mismatch, others.join("; "))
}

fn detail(kind: Kind, receipt: &Receipt) -> Option<String> {
    match kind {
        Kind::NotRead => receipt.problem.clone(),
        Kind::Revoked | Kind::Suspended | Kind::Erased if receipt.reason != Reason::Unspecified => {
            Some(receipt.reason.to_string())
        }
        Kind::Superseded => Some("it was renewed since: ask its learner for the newer document".to_owned()),
        _ => None,
    }
}

const fn of_standing(standing: Standing) -> Option<Kind> {
    Some(match standing {
        Standing::Entitled => return None,
        Standing::Compromised => Kind::KeyCompromised,
        Standing::OutsideWindow => Kind::KeyOutsideWindow,
        Standing::SignedLater => Kind::SignedLater,
        Standing::OutOfScope => Kind::KeyOutOfScope,
        Standing::WithoutPermission => Kind::KeyWithoutPermission,
        Standing::Undated => Kind::Undated,
        Standing::NotRead => Kind::KeyNotRead,
        Standing::NotIssuers => Kind::KeyNotIssuers,
    })
}

/// Without a definition's digest on chain, that of the whole document covers what was earned.
fn definition(report: &Report, on_chain: &Achievement) -> Option<Finding> {
    if on_chain.definition_digest == [0; 32] {
        return Some(Kind::NoDefinition.into());
    }
    let written = report.document.as_ref().and_then(|document| achievement(document.value()));
    let fits = written.is_some_and(|written| crate::definition::digest(written) == on_chain.definition_digest);
    (!fits).then(|| Finding::new(Kind::DefinitionDiffers, "what it says was earned is not what the issuer defined"))
}

/// Where the digest fits, what differs is an issuer's mistake, or was changed on chain since.
fn content(claims: &Claims, credential: &Credential, compared: &Compared) -> Vec<Finding> {
    let mut findings = Vec::new();
    let until = claims.valid_until.map_or(0, Timestamp::as_second);
    if until != credential.expires_at {
        let detail = format!("the document says {}, the chain {}", end(until), end(credential.expires_at));
        findings.push(Finding::new(Kind::OtherValidity, detail));
    }
    match &claims.status_index {
        Some(index) if *index != credential.status_index.to_string() => {
            let detail = format!("the document says {index}, the chain {}", credential.status_index);
            findings.push(Finding::new(Kind::OtherStatusIndex, detail));
        }
        Some(_) => {}
        None => findings.push(Kind::NoStatus.into()),
    }
    if let Some(issuer) = &compared.issuer {
        findings.extend(profile(claims, issuer));
    }
    if let Some(achievement) = &compared.achievement
        && claims.title.as_deref() != Some(achievement.title())
    {
        let detail = format!("{:?} on chain", achievement.title());
        findings.push(Finding::new(Kind::OtherTitle, detail));
    }
    findings
}

fn end(unix: i64) -> String {
    match Timestamp::from_second(unix) {
        Ok(time) if unix != 0 => time.to_string(),
        Ok(_) => "that it never ends".to_owned(),
        Err(_) => format!("{unix} s after 1970"),
    }
}

fn profile(claims: &Claims, issuer: &Issuer) -> Option<Finding> {
    let fields = [
        ("name", &claims.issuer_name, issuer.name()),
        ("web site", &claims.issuer_url, issuer.url()),
        ("country", &claims.issuer_country, issuer.country()),
    ];
    let others =
        fields.into_iter().filter(|(_, written, on_chain)| written.as_deref().unwrap_or_default() != *on_chain);
    let others: Vec<_> = others
        .map(|(what, written, on_chain)| {
            format!("its {what} was {:?}, on chain it is {on_chain:?}", written.as_deref().unwrap_or_default())
        })
        .collect();
    (!others.is_empty()).then(|| Finding::new(Kind::OtherProfile, others.join("; ")))
}
