//! Limits of single values, whichever node they stand in: the terms of the vocabulary mean the same everywhere.

use microcred::state::write_country;
use serde_json::{Number, Value};

use super::{
    form::{FormError, FormErrorKind, Path},
    text, words,
};
use crate::{bulk::table::shown, definition::MAX_NARRATIVE, document::json};

/// Bytes of a narrative or description at most.
pub const PROSE_LIMIT: usize = MAX_NARRATIVE;
/// Bytes of a name, and of every other text that is no narrative, at most.
pub const NAME_LIMIT: usize = 1_000;
/// Values in a list at most.
pub const LIST_LIMIT: usize = 200;
/// Bytes of an IRI at most; pictures may be inside of theirs.
const IRI_LIMIT: usize = 2_000;
/// Credits of an achievement at most: a lifetime of study has fewer.
const CREDITS_LIMIT: f64 = 100_000.0;

/// Adds everything that is wrong with the values that stand in a node and in the nodes under it.
pub(super) fn check(node: &Value, errors: &mut Vec<FormError>) {
    walk(node, &Place { path: Path::Root, parent: "", term: "" }, errors);
}

/// Where a value stands.
struct Place<'a> {
    path: Path<'a>,
    /// The term that its node stands under.
    parent: &'a str,
    term: &'a str,
}

impl Place<'_> {
    fn error(&self, kind: FormErrorKind, what: impl Into<String>) -> FormError {
        FormError::new(&self.path.to_string(), kind, what)
    }
}

fn walk(value: &Value, place: &Place<'_>, errors: &mut Vec<FormError>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let member = Place { path: Path::Member(&place.path, name), parent: place.term, term: name };
                walk(value, &member, errors);
            }
        }
        Value::Array(values) => {
            if values.len() > LIST_LIMIT {
                let what = format!("has {} values: write at most {LIST_LIMIT}", values.len());
                errors.push(place.error(FormErrorKind::Value, what));
            }
            for (index, value) in values.iter().enumerate().take(LIST_LIMIT) {
                walk(value, &Place { path: Path::Element(&place.path, index), ..*place }, errors);
            }
        }
        Value::String(text) => errors.extend(wrong_text(text, place)),
        Value::Number(number) => errors.extend(wrong_number(number, place)),
        Value::Bool(_) | Value::Null => {}
    }
}

fn wrong_text(text: &str, place: &Place<'_>) -> Option<FormError> {
    let is_prose = matches!(place.term, "narrative" | "description" | "targetDescription");
    let limit = match place.term {
        "encodedList" => json::SIZE_LIMIT,
        "id" if place.parent == "image" => json::SIZE_LIMIT,
        "id"
        | "url"
        | "targetUrl"
        | "achievedLevel"
        | "resultDescription"
        | "requiredLevel"
        | "issuer"
        | "holder"
        | "verificationMethod"
        | "statusListCredential" => IRI_LIMIT,
        _ if is_prose => PROSE_LIMIT,
        _ => NAME_LIMIT,
    };
    if text.len() > limit {
        let what = format!("has {} bytes: write at most {limit}", text.len());
        return Some(place.error(FormErrorKind::Text, what));
    }
    if if is_prose { text::prose_misleads(text) } else { text::misleads(text) } {
        let what = "has control, bidirectional or invisible characters, with which it reads otherwise than it is: write it without them";
        return Some(place.error(FormErrorKind::Text, what));
    }
    wrong_word(text, place.term).map(|what| place.error(FormErrorKind::Value, what))
}

fn wrong_word(text: &str, term: &str) -> Option<String> {
    if words::allows(term, text) == Some(false) {
        return Some(format!("is {}: write one of the standard's words, or an extension ext:...", shown(text)));
    }
    match term {
        "name" | "targetName" if text.trim().is_empty() => Some("is empty: write a name".into()),
        "addressCountryCode" if text.is_empty() || write_country(&mut [0; 2], text).is_err() => {
            Some(format!("is {}: write two capital letters (ISO 3166-1), such as PT", shown(text)))
        }
        "inLanguage" if !words::is_language(text) => {
            Some(format!("is {}: write a language like en or pt-BR", shown(text)))
        }
        _ => None,
    }
}

fn wrong_number(number: &Number, place: &Place<'_>) -> Option<FormError> {
    let range = match place.term {
        "latitude" => -90.0..=90.0,
        "longitude" => -180.0..=180.0,
        "creditsEarned" | "creditsAvailable" => 0.0..=CREDITS_LIMIT,
        _ => return None,
    };
    let is = number.as_f64().filter(|number| range.contains(number) && !(*number == 0.0 && number.is_sign_negative()));
    let what = match is {
        None => format!("is {number}: write a number from {} to {}", range.start(), range.end()),
        Some(is) if !is_signed_alike(is) => {
            format!("is {number}, of which some verifiers drop the last digits: write fewer")
        }
        Some(_) => return None,
    };
    Some(place.error(FormErrorKind::Value, what))
}

/// Whether a number is the same to every verifier. The standard makes RDF of 16 digits (JSON-LD 1.1 API, section 8.6), and not all
/// processors keep to it: with more, signatures of the one do not hold for the other, or the last digits are not signed.
fn is_signed_alike(number: f64) -> bool {
    format!("{number:.15e}").parse() == Ok(number)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wrong(node: &Value) -> Vec<String> {
        let mut errors = Vec::new();
        check(node, &mut errors);
        errors.into_iter().map(|error| error.path).collect()
    }

    #[test]
    fn lengths_are_bounded() {
        for (term, limit) in
            [("narrative", PROSE_LIMIT), ("description", PROSE_LIMIT), ("name", NAME_LIMIT), ("id", IRI_LIMIT)]
        {
            assert!(wrong(&json!({term: "a".repeat(limit)})).is_empty(), "{term}");
            assert_eq!(wrong(&json!({"x": [{term: "a".repeat(limit + 1)}]})), [format!("/x/0/{term}")]);
        }
        let picture = "a".repeat(IRI_LIMIT + 1);
        assert!(wrong(&json!({"image": {"id": picture}})).is_empty());
        assert_eq!(wrong(&json!({"evidence": {"id": picture}})), ["/evidence/id"]);
        assert!(wrong(&json!({"tag": vec!["a"; LIST_LIMIT]})).is_empty());
        assert_eq!(wrong(&json!({"tag": vec!["a"; LIST_LIMIT + 1]})), ["/tag"]);
    }

    #[test]
    fn numbers_keep_to_their_meaning() {
        for good in [json!(0), json!(2.5), json!(100_000), json!(0.1)] {
            assert!(wrong(&json!({"creditsEarned": good})).is_empty(), "{good}");
        }
        for bad in [json!(-1), json!(-0.0), json!(-0.5), json!(100_001), json!(1e300), json!(0.1 + 0.2)] {
            assert_eq!(wrong(&json!({"creditsEarned": bad})), ["/creditsEarned"], "{bad}");
        }
        assert!(wrong(&json!({"latitude": -90, "longitude": 180})).is_empty());
        assert_eq!(wrong(&json!({"latitude": 90.5, "longitude": -181})), ["/latitude", "/longitude"]);
    }

    #[test]
    fn texts_that_mislead_are_refused_everywhere() {
        for bad in ["a\u{202e}b", "a\u{200b}", "a\u{1b}[31m"] {
            for term in ["name", "narrative", "value", "id", "proofValue", "tag"] {
                assert_eq!(wrong(&json!({term: bad})), [format!("/{term}")], "{bad:?}");
            }
        }
        assert!(wrong(&json!({"narrative": "a\nb"})).is_empty());
        assert_eq!(wrong(&json!({"name": "a\nb"})), ["/name"]);
        assert_eq!(wrong(&json!({"name": " "})), ["/name"]);
    }

    #[test]
    fn countries_and_languages_are_codes() {
        assert!(wrong(&json!({"addressCountryCode": "PT", "inLanguage": "pt"})).is_empty());
        for bad in ["", "pt", "PRT", "P1"] {
            assert_eq!(
                wrong(&json!({"addressCountryCode": bad, "inLanguage": "PT"})),
                ["/addressCountryCode", "/inLanguage"]
            );
        }
    }
}
