//! Lines of text: shaped, measured, broken, and put into the order in which they are seen.

use krilla::{
    geom::Point,
    surface::Surface,
    text::{Font, GlyphId, KrillaGlyph},
};
use rustybuzz::{Direction, UnicodeBuffer};
use unicode_bidi::{BidiInfo, Level};

use super::{
    PrintError,
    fonts::{Faces, OpenFont, Style},
};

/// What stands in place of the rest of a text that was cut.
const ELLIPSIS: &str = "…";

/// A line that is ready to be drawn. Widths are in ems: times the size of the letters, they are points.
pub(super) struct Line {
    runs: Vec<Run>,
    pub(super) width: f32,
    /// What readers take for the text, where the room between letters would make them see words of one letter.
    pub(super) meant: Option<String>,
}

/// Glyphs of one font in one direction.
struct Run {
    font: Font,
    text: String,
    glyphs: Vec<KrillaGlyph>,
    width: f32,
}

impl Line {
    /// A line of a text without line breaks.
    pub(super) fn new(faces: &Faces<'_>, text: &str, style: Style) -> Result<Self, PrintError> {
        Self::part(faces, text, style, None)
    }

    /// A line of a text whose letters go from left to right, or from right to left, at large.
    fn part(faces: &Faces<'_>, text: &str, style: Style, base: Option<Level>) -> Result<Self, PrintError> {
        let mut runs = Vec::new();
        let bidi = BidiInfo::new(text, base);
        for paragraph in &bidi.paragraphs {
            let (levels, ranges) = bidi.visual_runs(paragraph, paragraph.range.clone());
            for range in ranges {
                let is_rtl = levels.get(range.start).is_some_and(Level::is_rtl);
                let text = text.get(range).unwrap_or_default();
                let mut pieces = faces.divide(text, style)?;
                if is_rtl {
                    pieces.reverse();
                }
                let shaped = |(font, piece)| shape(font, text.get(piece).unwrap_or_default(), is_rtl);
                runs.extend(pieces.into_iter().map(shaped));
            }
        }
        let width = runs.iter().map(|run| run.width).sum();
        Ok(Self { runs, width, meant: None })
    }

    /// The same, with more room between letters: so many ems.
    pub(super) fn spaced(mut self, room: f32) -> Self {
        self.meant = Some(self.runs.iter().map(|run| run.text.as_str()).collect());
        for run in &mut self.runs {
            for glyph in &mut run.glyphs {
                glyph.x_advance += room;
                run.width += room;
                self.width += room;
            }
        }
        self
    }

    /// Draws the line with letters of a size, from a point on its base line.
    pub(super) fn draw(&self, surface: &mut Surface<'_>, at: Point, size: f32) {
        let mut x = at.x;
        for run in &self.runs {
            surface.draw_glyphs(Point::from_xy(x, at.y), &run.glyphs, run.font.clone(), &run.text, size, false);
            x += run.width * size;
        }
    }
}

/// A text that can be broken into lines of any width.
pub(super) struct Paragraph<'f, 'a> {
    faces: &'f Faces<'a>,
    style: Style,
    text: String,
    base: Option<Level>,
    space: f32,
    /// The pieces that each word can be broken into: where they end, and how wide they are.
    words: Vec<Vec<(usize, f32)>>,
}

impl<'f, 'a> Paragraph<'f, 'a> {
    /// A clean text: words with one space between them.
    pub(super) fn new(faces: &'f Faces<'a>, text: String, style: Style) -> Result<Self, PrintError> {
        let base = BidiInfo::new(&text, None).paragraphs.first().map(|paragraph| paragraph.level);
        let space = Line::new(faces, " ", style)?.width;
        let mut words = Vec::new();
        let mut start = 0_usize;
        for word in text.split(' ') {
            let mut pieces = Vec::new();
            for (font, piece) in faces.divide(word, style)? {
                let offset = start.saturating_add(piece.start);
                let clusters = clusters(font, word.get(piece).unwrap_or_default());
                pieces.extend(clusters.into_iter().map(|(end, width)| (offset.saturating_add(end), width)));
            }
            words.push(pieces);
            start = start.saturating_add(word.len()).saturating_add(1);
        }
        Ok(Self { faces, style, text, base, space, words })
    }

    /// Where lines end and where the next begin, if none is wider than this.
    fn breaks(&self, width: f32) -> Vec<(usize, usize)> {
        let (mut lines, mut start, mut end, mut used) = (Vec::new(), 0_usize, 0_usize, 0.0);
        for word in &self.words {
            let whole: f32 = word.iter().map(|(_, width)| width).sum();
            if end > start && used + self.space + whole > width {
                lines.push((start, end));
                (start, used) = (end.saturating_add(1), 0.0);
            } else if end > start {
                used += self.space;
            }
            // A word that is wider than a line is broken wherever it must be.
            for (piece_end, piece) in word {
                if used > 0.0 && used + piece > width {
                    lines.push((start, end));
                    (start, used) = (end, 0.0);
                }
                used += piece;
                end = *piece_end;
            }
        }
        if end > start {
            lines.push((start, end));
        }
        lines
    }

    /// How many lines there are, if none is wider than this.
    pub(super) fn count(&self, width: f32) -> usize {
        self.breaks(width).len()
    }

    /// The lines, none wider than this, and at most so many: what is left then is told by an ellipsis.
    pub(super) fn lines(&self, width: f32, most: usize) -> Result<Vec<Line>, PrintError> {
        let breaks = self.breaks(width);
        let texts: Vec<_> = breaks.iter().map(|(start, end)| self.text.get(*start..*end).unwrap_or_default()).collect();
        let shown = texts.iter().take(most);
        let mut lines: Vec<_> =
            shown.map(|text| Line::part(self.faces, text, self.style, self.base)).collect::<Result<_, _>>()?;
        if texts.len() > most
            && let (Some(last), Some(text)) = (lines.last_mut(), texts.get(most.saturating_sub(1)))
        {
            *last = self.cut(text, width)?;
        }
        Ok(lines)
    }

    /// As much of a text as a line has room for, and an ellipsis.
    fn cut(&self, text: &str, width: f32) -> Result<Line, PrintError> {
        let mut end = text.len();
        loop {
            let kept = text.get(..end).unwrap_or_default().trim_end();
            let line = Line::part(self.faces, &format!("{kept}{ELLIPSIS}"), self.style, self.base)?;
            if line.width <= width || kept.is_empty() {
                return Ok(line);
            }
            end = kept.char_indices().next_back().map_or(0, |(index, _)| index);
        }
    }
}

/// What of a text cannot be torn apart: where it ends, and how wide it is.
fn clusters(font: &OpenFont<'_>, text: &str) -> Vec<(usize, f32)> {
    let is_rtl = BidiInfo::new(text, None).paragraphs.first().is_some_and(|paragraph| paragraph.level.is_rtl());
    let run = shape(font, text, is_rtl);
    let mut clusters: Vec<(usize, f32)> = Vec::new();
    let mut glyphs: Vec<_> = run.glyphs.iter().collect();
    glyphs.sort_by_key(|glyph| glyph.text_range.start);
    for glyph in glyphs {
        match clusters.last_mut() {
            Some((end, width)) if *end == glyph.text_range.end => *width += glyph.x_advance,
            _ => clusters.push((glyph.text_range.end, glyph.x_advance)),
        }
    }
    clusters
}

/// Chooses and places the glyphs of a text.
fn shape(font: &OpenFont<'_>, text: &str, is_rtl: bool) -> Run {
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.guess_segment_properties();
    buffer.set_direction(if is_rtl { Direction::RightToLeft } else { Direction::LeftToRight });
    let shaped = rustybuzz::shape(&font.face, &[], buffer);
    let mut starts: Vec<usize> = shaped.glyph_infos().iter().map(|glyph| glyph.cluster as usize).collect();
    starts.sort_unstable();
    starts.dedup();
    let end = |start: usize| starts.iter().copied().find(|other| *other > start).unwrap_or(text.len());
    let em = font.font.units_per_em();
    let glyphs: Vec<_> = shaped
        .glyph_infos()
        .iter()
        .zip(shaped.glyph_positions())
        .map(|(glyph, place)| {
            let start = glyph.cluster as usize;
            let [advance, right, up, down] =
                [place.x_advance, place.x_offset, place.y_offset, place.y_advance].map(|units| units as f32 / em);
            KrillaGlyph::new(GlyphId::new(glyph.glyph_id), advance, right, up, down, start..end(start), None)
        })
        .collect();
    let width = glyphs.iter().map(|glyph| glyph.x_advance).sum();
    Run { font: font.font.clone(), text: text.to_owned(), glyphs, width }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::Fonts;

    const HEBREW: &[u8] = include_bytes!("../../../tests/documents/fonts/NotoSansHebrew-Regular.ttf");

    fn paragraph(text: &str, width: f32, most: usize, check: impl Fn(&[Line])) {
        let fonts = Fonts::with(HEBREW.to_vec()).unwrap();
        let faces = fonts.open().unwrap();
        let lines = Paragraph::new(&faces, text.to_owned(), Style::Sans).unwrap().lines(width, most).unwrap();
        check(&lines);
    }

    fn text(line: &Line) -> Vec<&str> {
        line.runs.iter().map(|run| run.text.as_str()).collect()
    }

    #[test]
    fn lines_are_no_wider_than_they_may_be() {
        let words = "Supercalifragilisticexpialidocious learners weigh interests, where they collide";
        for width in [2.0, 5.0, 10.0, 20.0, 60.0] {
            paragraph(words, width, 100, |lines| {
                assert!(lines.iter().all(|line| line.width <= width), "{width}");
                let all: String = lines.iter().flat_map(text).collect();
                assert_eq!(all.replace(' ', ""), words.replace(' ', ""));
            });
        }
        paragraph(words, 10.0, 2, |lines| {
            assert_eq!((lines.len(), text(&lines[1]).concat().ends_with('…')), (2, true));
            assert!(lines[1].width <= 10.0);
        });
        paragraph("short", 10.0, 2, |lines| assert_eq!(text(&lines[0]), ["short"]));
        paragraph("", 10.0, 2, |lines| assert!(lines.is_empty()));
    }

    #[test]
    fn what_is_read_from_right_to_left_stands_in_that_order() {
        paragraph("Ada עדה 12 ok", 60.0, 1, |lines| {
            assert_eq!(text(&lines[0]), ["Ada ", "12", "עדה ", " ok"]);
        });
        paragraph("אב(גד", 60.0, 1, |lines| assert_eq!(text(&lines[0]), ["גד", "(", "אב"]));
        paragraph("עדה לא", 60.0, 1, |lines| {
            let starts: Vec<_> = lines[0].runs[0].glyphs.iter().map(|glyph| glyph.text_range.start).collect();
            assert!(starts.is_sorted_by(|a, b| a > b), "{starts:?}");
        });
    }

    #[test]
    fn marks_stay_with_their_letters() {
        paragraph("בַּת a\u{30a}", 60.0, 1, |lines| assert_eq!(lines[0].runs.len(), 2));
        paragraph(&"e\u{301}".repeat(30), 3.0, 100, |lines| {
            assert!(lines.iter().flat_map(text).all(|line| line.starts_with('e')), "a line begins with a mark");
        });
    }
}
