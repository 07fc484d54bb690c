//! Text in accounts: UTF-8, zero padded, free of characters that could mislead a reader.

use crate::error::MicrocredError;

/// Stores a text that may be empty.
///
/// # Errors
/// `TextTooLong` when it exceeds the field, `BadText` for characters that are refused.
pub fn write_text<const N: usize>(field: &mut [u8; N], text: &str) -> Result<(), MicrocredError> {
    if text.chars().any(misleads) {
        return Err(MicrocredError::BadText);
    }
    write_bytes(field, text.as_bytes())
}

/// Stores a text that must not be empty: names and titles.
///
/// # Errors
/// `EmptyText` when nothing but spaces is given, else as [`write_text`].
pub fn write_name<const N: usize>(field: &mut [u8; N], text: &str) -> Result<(), MicrocredError> {
    if text.trim().is_empty() {
        return Err(MicrocredError::EmptyText);
    }
    write_text(field, text)
}

/// Stores a slug or code: 1 to N characters of `a-z`, `0-9`, `-`.
///
/// # Errors
/// `EmptyText`, `BadSlug`, `TextTooLong`.
pub fn write_slug<const N: usize>(field: &mut [u8; N], slug: &str) -> Result<(), MicrocredError> {
    if slug.is_empty() {
        return Err(MicrocredError::EmptyText);
    }
    if !slug.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-')) {
        return Err(MicrocredError::BadSlug);
    }
    write_bytes(field, slug.as_bytes())
}

/// Stores an ISO 3166-1 alpha-2 country, or none.
///
/// # Errors
/// `BadCountry`.
pub fn write_country(field: &mut [u8; 2], country: &str) -> Result<(), MicrocredError> {
    if !matches!(country.len(), 0 | 2) || !country.bytes().all(|b| b.is_ascii_uppercase()) {
        return Err(MicrocredError::BadCountry);
    }
    write_bytes(field, country.as_bytes())
}

/// The text of a zero-padded field, or nothing if it is not UTF-8 (which the program never writes).
#[must_use]
pub fn read_text(field: &[u8]) -> &str {
    let end = field.iter().position(|b| *b == 0).unwrap_or(field.len());
    core::str::from_utf8(field.get(..end).unwrap_or_default()).unwrap_or_default()
}

fn write_bytes<const N: usize>(field: &mut [u8; N], bytes: &[u8]) -> Result<(), MicrocredError> {
    *field = [0; N];
    field.get_mut(..bytes.len()).ok_or(MicrocredError::TextTooLong)?.copy_from_slice(bytes);
    Ok(())
}

/// Control characters, and those that reorder or hide text (Unicode Technical Report 36): what is read on a screen
/// would not be what is stored.
const fn misleads(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_padded_and_read_back() {
        let mut field = [7; 8];
        write_text(&mut field, "aé").unwrap();
        assert_eq!(field, [b'a', 0xc3, 0xa9, 0, 0, 0, 0, 0]);
        assert_eq!(read_text(&field), "aé");
        write_text(&mut field, "12345678").unwrap();
        assert_eq!(read_text(&field), "12345678");
        write_text(&mut field, "").unwrap();
        assert_eq!(read_text(&field), "");
    }

    #[test]
    fn misleading_long_and_empty_texts_are_refused() {
        let mut field = [0; 8];
        for bad in ["a\u{202e}b", "a\u{200b}", "\u{feff}", "a\0b", "a\nb", "\u{7f}", "\u{85}", "\u{e0041}"] {
            assert_eq!(write_text(&mut field, bad), Err(MicrocredError::BadText), "{bad:?}");
        }
        assert_eq!(write_text(&mut field, "123456789"), Err(MicrocredError::TextTooLong));
        assert_eq!(write_name(&mut field, "  "), Err(MicrocredError::EmptyText));
    }

    #[test]
    fn slugs_and_countries_keep_to_their_alphabet() {
        let mut field = [0; 8];
        assert_eq!(write_slug(&mut field, "ok-1"), Ok(()));
        assert_eq!(write_slug(&mut field, ""), Err(MicrocredError::EmptyText));
        for bad in ["A", "a b", "a_b", "ä", "a\0"] {
            assert_eq!(write_slug(&mut field, bad), Err(MicrocredError::BadSlug), "{bad:?}");
        }
        assert_eq!(write_slug(&mut field, "a23456789"), Err(MicrocredError::TextTooLong));
        let mut country = [0; 2];
        for (text, expected) in [
            ("DE", Ok(())),
            ("", Ok(())),
            ("D", Err(MicrocredError::BadCountry)),
            ("de", Err(MicrocredError::BadCountry)),
            ("DEU", Err(MicrocredError::BadCountry)),
        ] {
            assert_eq!(write_country(&mut country, text), expected, "{text}");
        }
    }
}
