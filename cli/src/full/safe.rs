//! Text that others wrote, made safe for a terminal.

use std::fmt::{self, Display, Formatter, Write};

/// A text in which whatever could move the cursor, colour, hide or reorder what a terminal shows is written as an escape.
pub(crate) struct Safe<T>(pub(crate) T);

impl<T: Display> Display for Safe<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(Filter(f), "{}", self.0)
    }
}

/// The text of a JSON value, in which the same characters are written as JSON writes them: its meaning stays.
pub(crate) fn safe_json(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if c != '\n' && misleads(c) {
            // Such characters stand inside of strings alone.
            let escaped = c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect::<String>();
            safe.push_str(&escaped);
        } else {
            safe.push(c);
        }
    }
    safe
}

struct Filter<'a, 'b>(&'a mut Formatter<'b>);

impl Write for Filter<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars()
            .try_for_each(|c| if misleads(c) { write!(self.0, "{}", c.escape_unicode()) } else { self.0.write_char(c) })
    }
}

/// Control, format, bidirectional and invisible characters. The program keeps the same ones out of its accounts; a dishonest endpoint
/// need not.
fn misleads(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_escaped() {
        assert_eq!(Safe("Universität \u{1b}[31mred\u{7}").to_string(), "Universität \\u{1b}[31mred\\u{7}");
        assert_eq!(Safe("abc\u{202e}fed\u{200b}").to_string(), "abc\\u{202e}fed\\u{200b}");
        assert_eq!(
            safe_json("{\n\"a\": \"é\u{202e}\u{e0001}\"}"),
            r#"{
"a": "é\u202e\udb40\udc01"}"#
        );
        assert_eq!(Safe("a\nb\r\u{9b}").to_string(), "a\\u{a}b\\u{d}\\u{9b}");
    }
}
