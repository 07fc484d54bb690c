//! The fonts of a certificate, and which of them has a letter.

use std::{ops::Range, sync::Arc};

use krilla::{Data, text::Font};
use rustybuzz::Face;

use super::{PrintError, text::joins};

/// Bytes of a font of one's own, at most.
pub const FONT_LIMIT: usize = 32 * 1024 * 1024;

const SANS: &[u8] = include_bytes!("../../fonts/NotoSans-Regular.ttf");
const SERIF: &[u8] = include_bytes!("../../fonts/NotoSerifDisplay-Regular.ttf");
const MONO: &[u8] = include_bytes!("../../fonts/NotoSansMono-Regular.ttf");

/// The fonts of certificates: Noto, with Latin, Greek and Cyrillic letters, and perhaps one for others.
#[derive(Clone)]
pub struct Fonts {
    own: Option<Arc<Vec<u8>>>,
}

/// What a text is printed with, where the font has its letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Sans,
    Serif,
    Mono,
}

impl Fonts {
    /// The fonts that come with this library.
    #[must_use]
    pub const fn new() -> Self {
        Self { own: None }
    }

    /// The same, and one more for letters that they lack: TrueType or OpenType.
    ///
    /// # Errors
    /// It is no such font, or larger than [`FONT_LIMIT`].
    pub fn with(font: Vec<u8>) -> Result<Self, PrintError> {
        if font.len() > FONT_LIMIT
            || Face::from_slice(&font, 0).is_none()
            || Font::new(font.clone().into(), 0).is_none()
        {
            return Err(PrintError::Font);
        }
        Ok(Self { own: Some(Arc::new(font)) })
    }

    /// The fonts, ready to draw with.
    pub(super) fn open(&self) -> Result<Faces<'_>, PrintError> {
        let own = self.own.as_ref().map(|font| open(font, Arc::clone(font).into())).transpose()?;
        Ok(Faces {
            sans: open(SANS, SANS.into())?,
            serif: open(SERIF, SERIF.into())?,
            mono: open(MONO, MONO.into())?,
            own,
        })
    }
}

impl Default for Fonts {
    fn default() -> Self {
        Self::new()
    }
}

/// Fonts that are ready to draw with.
pub(super) struct Faces<'a> {
    sans: OpenFont<'a>,
    serif: OpenFont<'a>,
    mono: OpenFont<'a>,
    own: Option<OpenFont<'a>>,
}

/// A font, once to measure and once to draw with.
pub(super) struct OpenFont<'a> {
    pub(super) face: Face<'a>,
    pub(super) font: Font,
}

fn open(bytes: &[u8], data: Data) -> Result<OpenFont<'_>, PrintError> {
    let face = Face::from_slice(bytes, 0).ok_or(PrintError::Font)?;
    Ok(OpenFont { face, font: Font::new(data, 0).ok_or(PrintError::Font)? })
}

impl OpenFont<'_> {
    fn has(&self, letter: char) -> bool {
        self.face.glyph_index(letter).is_some_and(|glyph| glyph.0 != 0)
    }
}

impl<'a> Faces<'a> {
    /// The pieces of a text, each with the font that has its letters. Spaces and marks go with the letter before them, where its font has
    /// them.
    pub(super) fn divide(&self, text: &str, style: Style) -> Result<Vec<(&OpenFont<'a>, Range<usize>)>, PrintError> {
        let mut pieces: Vec<(&OpenFont<'a>, Range<usize>)> = Vec::new();
        for (start, letter) in text.char_indices() {
            let end = start.saturating_add(letter.len_utf8());
            if let Some((font, range)) = pieces.last_mut()
                && (joins(letter) || (follows(letter) && font.has(letter)))
            {
                range.end = end;
                continue;
            }
            let font = self.font_of(letter, style).ok_or(PrintError::Letter(letter))?;
            match pieces.last_mut() {
                Some((last, range)) if std::ptr::eq(*last, font) => range.end = end,
                _ => pieces.push((font, start..end)),
            }
        }
        Ok(pieces)
    }

    fn font_of(&self, letter: char, style: Style) -> Option<&OpenFont<'a>> {
        let preferred = match style {
            Style::Sans => &self.sans,
            Style::Serif => &self.serif,
            Style::Mono => &self.mono,
        };
        [Some(preferred), Some(&self.sans), self.own.as_ref()].into_iter().flatten().find(|font| font.has(letter))
    }
}

/// Spaces, and marks that stand on the letter before them.
const fn follows(letter: char) -> bool {
    matches!(letter, ' ' | '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}')
}
