//! What the learner can do now: a list, as long as there is room, or else what the achievement is about.

use krilla::tagging::{ListNumbering, Tag, TagGroup, TagTree};

use super::{
    PrintError,
    content::Content,
    drawing::{Block, Look, Pen},
    fonts::{Faces, Style},
    page::{INK, LEFT, QUIET, label, look},
    shaping::{Line, Paragraph},
    text::clean,
};

const LEADING: f32 = 1.45;
/// Sizes that are tried before outcomes are left out.
const SIZES: [f32; 3] = [11.0, 10.0, 9.0];
/// Lines of an outcome, at most.
const OUTCOME_LINES: usize = 2;
/// Lines of the description, at most.
const DESCRIPTION_LINES: usize = 5;
/// Room for the dot before an outcome.
const INDENT: f32 = 13.0;
/// Between the label and the first.
const GAP: f32 = 4.0;

/// What is printed below the title.
pub(super) enum Outcomes {
    /// A list.
    List {
        label: Block,
        dot: Block,
        items: Vec<Block>,
        /// How many are left out.
        rest: Option<Block>,
    },
    /// What the achievement is about.
    Description(Block),
    /// There is neither, or no room.
    Nothing,
}

impl Outcomes {
    /// What of a content has room in a box.
    pub(super) fn fitting(
        faces: &Faces<'_>,
        content: &Content,
        (width, height): (f32, f32),
    ) -> Result<Self, PrintError> {
        let texts: Vec<_> = content.outcomes.iter().map(|one| clean(one)).filter(|one| !one.is_empty()).collect();
        if texts.is_empty() {
            return description(faces, content, width, height);
        }
        let paragraphs = texts.into_iter().map(|one| Paragraph::new(faces, one, Style::Sans));
        let paragraphs: Vec<_> = paragraphs.collect::<Result<_, _>>()?;
        let label = label(faces, "LEARNING OUTCOMES")?;
        let room = height - label.height() - GAP;
        let look = SIZES.map(|size| look(size, LEADING, INK));
        let mut items = Vec::new();
        for look in look {
            items = lines(&paragraphs, width, look)?;
            if items.iter().map(Block::height).sum::<f32>() <= room {
                let dot = Block::line(Line::new(faces, "•", Style::Sans)?, Look { colour: QUIET, ..look });
                return Ok(Self::List { label, dot, items, rest: None });
            }
        }
        let look = super::page::look(9.0, LEADING, INK);
        let quiet = Look { colour: QUIET, ..look };
        let mut left = room - look.step();
        let fits = items.iter().take_while(|item| {
            left -= item.height();
            left >= 0.0
        });
        let shown = fits.count();
        items.truncate(shown);
        let more = paragraphs.len().saturating_sub(shown);
        let rest = format!("and {more} more, in the attached document");
        let rest = Some(Block::line(Line::new(faces, &rest, Style::Sans)?, quiet));
        Ok(Self::List { label, dot: Block::line(Line::new(faces, "•", Style::Sans)?, quiet), items, rest })
    }

    /// Points from top to bottom.
    pub(super) fn height(&self) -> f32 {
        match self {
            Self::List { label, items, rest, .. } => {
                label.height() + GAP + items.iter().chain(rest).map(Block::height).sum::<f32>()
            }
            Self::Description(block) => block.height(),
            Self::Nothing => 0.0,
        }
    }

    /// Draws it from a height on.
    pub(super) fn draw(&self, pen: &mut Pen<'_>, tree: &mut TagTree, language: Option<&str>, mut y: f32) {
        let language = language.map(str::to_owned);
        match self {
            Self::List { label, dot, items, rest } => {
                tree.push(pen.text(Tag::P, label, LEFT, y));
                y += label.height() + GAP;
                let mut list = TagGroup::new(Tag::L(ListNumbering::Disc).with_lang(language));
                for item in items {
                    let mut entry = TagGroup::new(Tag::LI);
                    entry.push(pen.text(Tag::Lbl, dot, LEFT, y));
                    entry.push(pen.text(Tag::LBody, item, LEFT + INDENT, y));
                    list.push(entry);
                    y += item.height();
                }
                if !items.is_empty() {
                    tree.push(list);
                }
                if let Some(rest) = rest {
                    tree.push(pen.text(Tag::P, rest, if items.is_empty() { LEFT } else { LEFT + INDENT }, y));
                }
            }
            Self::Description(block) => tree.push(pen.text(Tag::P.with_lang(language), block, LEFT, y)),
            Self::Nothing => {}
        }
    }
}

fn lines(paragraphs: &[Paragraph<'_, '_>], width: f32, look: Look) -> Result<Vec<Block>, PrintError> {
    let width = (width - INDENT) / look.size;
    paragraphs.iter().map(|one| Ok(Block { lines: one.lines(width, OUTCOME_LINES)?, look })).collect()
}

fn description(faces: &Faces<'_>, content: &Content, width: f32, height: f32) -> Result<Outcomes, PrintError> {
    let look = look(11.0, LEADING, INK);
    let most = (1..=DESCRIPTION_LINES).rev().find(|lines| *lines as f32 * look.step() <= height);
    let text = content.description.as_deref().map(clean).filter(|text| !text.is_empty());
    let (Some(text), Some(most)) = (text, most) else {
        return Ok(Outcomes::Nothing);
    };
    let lines = Paragraph::new(faces, text, Style::Sans)?.lines(width / look.size, most)?;
    Ok(Outcomes::Description(Block { lines, look }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::Fonts;

    const DOCUMENT: &[u8] = include_bytes!("../../../tests/documents/data-ethics.json");

    #[test]
    fn what_is_printed_has_room() {
        let fonts = Fonts::new();
        let faces = fonts.open().unwrap();
        let mut content = Content::of(&serde_json::from_slice(DOCUMENT).unwrap()).unwrap();
        let long = "weigh interests where they collide, and say why ".repeat(10);
        content.description = Some(long.clone());
        for height in [60.0, 100.0, 180.0, 260.0] {
            for count in 0..40 {
                content.outcomes =
                    (0..count).map(|at| if at % 3 == 0 { long.clone() } else { "apply".into() }).collect();
                let outcomes = Outcomes::fitting(&faces, &content, (400.0, height)).unwrap();
                assert!(outcomes.height() <= height, "{count} outcomes in {height}: {}", outcomes.height());
                if let Outcomes::List { items, rest, .. } = outcomes {
                    assert_eq!(items.len() == count, rest.is_none());
                }
            }
        }
    }
}
