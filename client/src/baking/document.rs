//! What can be carried: an Open Badges document with an embedded proof, by its looks.

use serde_json::Value;

use super::DocumentError;
use crate::document::json;

/// Both names of the same thing: the second is the one that Open Badges 3.0 began with, and its contexts define it still.
const TYPES: [&str; 2] = ["AchievementCredential", "OpenBadgeCredential"];

/// The JSON of a document, read strictly, of which is known then that it calls itself an Open Badges credential and has something as a
/// proof. Whether that proves anything is for verification to tell.
///
/// # Errors
/// The document is not what [`json::read`] takes, a JWT, of another type, or unsigned.
pub fn read(document: &[u8]) -> Result<Value, DocumentError> {
    if str::from_utf8(document).is_ok_and(is_compact_jws) {
        return Err(DocumentError::Jwt);
    }
    let value = json::read(document)?;
    let is_named = |name: &Value| name.as_str().is_some_and(|name| TYPES.contains(&name));
    if !value.get("type").is_some_and(|types| types.as_array().is_some_and(|types| types.iter().any(is_named))) {
        return Err(DocumentError::OtherType);
    }
    match value.get("proof") {
        Some(Value::Object(_)) => Ok(value),
        Some(Value::Array(proofs)) if !proofs.is_empty() => Ok(value),
        _ => Err(DocumentError::Unsigned),
    }
}

/// Whether a text has the form of a JWT: three parts in base64url, of which the last, the signature, may be empty.
pub(super) fn is_compact_jws(text: &str) -> bool {
    let is_encoded = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let parts: Vec<&str> = text.trim().splitn(4, '.').collect();
    matches!(parts.as_slice(), [header, payload, signature]
        if !header.is_empty() && !payload.is_empty() && [header, payload, signature].iter().all(|part| is_encoded(part)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_signed_open_badges_in_json_are_carried() {
        let signed = r#"{"type":["VerifiableCredential","AchievementCredential"],"proof":[{}]}"#;
        assert_eq!(read(signed.as_bytes()).unwrap()["type"][1], "AchievementCredential");
        assert!(read(signed.replace("Achievement", "OpenBadge").replace("[{}]", "{}").as_bytes()).is_ok());
        for (document, says) in [
            ("eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJ4In0.c2ln\n", "JWT"),
            (r#"{"type":["VerifiableCredential"],"proof":[{}]}"#, "AchievementCredential"),
            (r#"{"type":"AchievementCredential","proof":[{}]}"#, "AchievementCredential"),
            (r#"{"type":["AchievementCredential"],"proof":[]}"#, "not signed"),
            (r#"{"type":["AchievementCredential"]}"#, "not signed"),
            ("[1, 2", "not JSON"),
            ("", "not JSON"),
            (r#"{"type":["AchievementCredential"],"proof":{},"proof":{}}"#, "twice"),
        ] {
            let error = read(document.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(says), "{document}: {error}");
        }
        assert!(matches!(read(b"{\"a\":\"\xff\"}"), Err(DocumentError::Json(_))));
        let large = format!("{signed}{}", " ".repeat(json::SIZE_LIMIT));
        assert!(matches!(read(large.as_bytes()), Err(DocumentError::Json(json::JsonError::TooBig(_)))));
    }

    #[test]
    fn json_is_no_jwt() {
        for text in ["{}", "a.b", "a.b.c.d", ".b.c", "a b.c.d", "1.5"] {
            assert!(!is_compact_jws(text), "{text}");
        }
        assert!(is_compact_jws("a.b."));
    }
}
