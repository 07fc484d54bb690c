//! What is wrong with a text, in words.

use microcred::{
    error::MicrocredError,
    state::{write_slug, write_text},
};

/// What is wrong with a text, and what to do.
pub(crate) fn explain(error: MicrocredError, text: &str, limit: usize) -> String {
    match error {
        MicrocredError::EmptyText => "is empty: write it".into(),
        MicrocredError::TextTooLong => format!("has {} bytes, but at most {limit} fit: shorten it", text.len()),
        MicrocredError::BadSlug => {
            let wrong = text.chars().find(|c| write_slug(&mut [0; 4], c.encode_utf8(&mut [0; 4])).is_err());
            format!("has {:?} in it: slugs and codes consist of a-z, 0-9 and hyphens", wrong.unwrap_or_default())
        }
        MicrocredError::BadText => {
            let wrong =
                text.chars().enumerate().find(|(_, c)| write_text(&mut [0; 4], c.encode_utf8(&mut [0; 4])).is_err());
            let (position, c) = wrong.unwrap_or_default();
            format!(
                "has a character that would mislead a reader, U+{:04X} in place {}: remove it (control characters, and those that hide or \
                 reorder text, are refused)",
                u32::from(c),
                position.saturating_add(1)
            )
        }
        MicrocredError::BadCountry => {
            format!("is {text:?}: write two capital letters by ISO 3166-1, such as \"PT\", or leave it out")
        }
        error => error.message().into(),
    }
}
