//! The form of a document.

use serde_json::Value;

/// All that is wrong with the form of a document.
pub(super) fn form(document: &Value) -> Vec<String> {
    let types = &document["type"];
    let is_credential = types.as_array().is_some_and(|types| {
        ["AchievementCredential", "OpenBadgeCredential"].iter().any(|kind| types.contains(&Value::from(*kind)))
    });
    let mut errors = Vec::new();
    if !is_credential {
        errors.push("/type is not that of an Open Badges 3.0 credential".to_owned());
    }
    for pointer in ["/issuer", "/credentialSubject/achievement", "/validFrom"] {
        if document.pointer(pointer).is_none() {
            errors.push(format!("{pointer} is missing"));
        }
    }
    errors
}
