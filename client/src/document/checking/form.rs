//! The form of a document.

use serde_json::Value;

use super::{Finding, Kind, Origin};
use crate::document::vocabulary::{self, FormError, FormErrorKind};

/// How many things that are wrong with the form are told.
const TOLD: usize = 10;

/// All that is wrong with the form of a document, as findings. What is of a kind that nobody here can check is another matter than what
/// is wrong: of another issuer's document it is told by itself, and the rest is looked at without it. Where a context is not known, nobody
/// here can tell what else is wrong.
pub(super) fn form(document: &Value, origin: Origin) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut rest = document.clone();
    if origin == Origin::Elsewhere {
        if let Some(url) = vocabulary::unknown_context(document) {
            let what = format!("/@context names {url:?}, which is not known here: what its words mean cannot be told");
            return vec![Finding::new(Kind::NotUnderstood, what)];
        }
        findings.extend(vocabulary::remove_unchecked(&mut rest).map(|error| Finding::new(Kind::NotUnderstood, error)));
    }
    let errors = loop {
        match vocabulary::read(&rest) {
            Ok(credential) => break vocabulary::check(&credential),
            Err(error) if error.kind == FormErrorKind::UnknownProof && remove_unknown_proofs(&mut rest) => {}
            Err(error) if error.kind == FormErrorKind::UnknownStatus && origin == Origin::Elsewhere => {
                if rest.as_object_mut().and_then(|fields| fields.remove("credentialStatus")).is_none() {
                    break vec![error];
                }
                findings.push(Finding::new(Kind::StatusNotKnown, error));
            }
            Err(error) => break vec![error],
        }
    };
    findings.extend(errors.iter().take(TOLD).map(|error: &FormError| Finding::new(Kind::BadForm, error)));
    findings
}

/// Leaves the proofs that can be checked: that of the issuer must be among them, which is another check. False: there was none to remove.
fn remove_unknown_proofs(document: &mut Value) -> bool {
    let is_known = |proof: &Value| proof["type"] == "DataIntegrityProof";
    let Some(fields) = document.as_object_mut() else { return false };
    match fields.get_mut("proof") {
        Some(Value::Array(proofs)) => {
            let before = proofs.len();
            proofs.retain(is_known);
            proofs.len() < before
        }
        Some(proof) if !is_known(proof) => fields.remove("proof").is_some(),
        _ => false,
    }
}
