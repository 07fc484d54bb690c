//! Texts that a person reads.

use microcred::{error::MicrocredError, state::write_text};

/// Whether a line has control, bidirectional or zero-width characters, by the program's own rule.
pub(super) fn misleads(line: &str) -> bool {
    write_text(&mut [0; 0], line) == Err(MicrocredError::BadText)
}

/// [`misleads`], in a text of several lines.
pub(super) fn prose_misleads(text: &str) -> bool {
    text.split(['\n', '\r', '\t']).any(misleads)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_of_the_program_holds_at_any_length() {
        assert!(!misleads(&"Universität 東京 😀 ".repeat(1_000)));
        for bad in ["a\u{202e}b", "a\u{200b}", "a\nb", "a\tb", "\u{7}", "\u{e0041}"] {
            assert!(misleads(bad), "{bad:?}");
        }
        assert!(!prose_misleads("a\r\n\tb"));
        assert!(prose_misleads("a\nb\u{202e}c"));
    }
}
