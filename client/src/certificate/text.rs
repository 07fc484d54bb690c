//! Text that others wrote, made safe for paper.

/// A text in one line, without what a reader could not see: control, bidirectional and invisible characters. Those that join letters or keep
/// them apart stay, since some scripts cannot do without.
pub(super) fn clean(text: &str) -> String {
    let spaced: String =
        text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !misleads(*c)).collect();
    spaced.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The zero-width joiner and non-joiner: they have no shape of their own.
pub(super) const fn joins(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

fn misleads(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_not_printed() {
        assert_eq!(clean(" Ada\u{202e}\tLove\u{200b}lace\u{0}\r\n\u{feff} \u{2028}"), "Ada Lovelace");
        assert_eq!(clean("می\u{200c}خواهم"), "می\u{200c}خواهم");
        assert_eq!(clean("\u{3000}\u{2066}"), "");
    }
}
