//! Drawing on the page, so that readers aloud know what is drawn.

use krilla::{
    color::rgb,
    geom::{Path, Point, Rect},
    num::NormalizedF32,
    paint::{Fill, FillRule, Stroke},
    surface::Surface,
    tagging::{Artifact, ArtifactType, ContentTag, Identifier, Node, SpanTag, TagGroup, TagKind},
};

use super::shaping::{Line, Paragraph};

/// Points by which letters are made smaller until they fit.
const SHRINKING: f32 = 0.5;
/// How much smaller letters may be than the largest, if that spares a line break.
const UNBROKEN: f32 = 0.7;

/// Colour as red, green and blue.
pub(super) type Colour = (u8, u8, u8);

/// How text looks.
#[derive(Clone, Copy)]
pub(super) struct Look {
    /// Points.
    pub(super) size: f32,
    /// From one base line to the next, in ems.
    pub(super) leading: f32,
    pub(super) colour: Colour,
}

impl Look {
    /// From one base line to the next, in points.
    pub(super) fn step(self) -> f32 {
        self.size * self.leading
    }
}

/// Lines that have their size and place.
pub(super) struct Block {
    pub(super) lines: Vec<Line>,
    pub(super) look: Look,
}

impl Block {
    /// One line.
    pub(super) fn line(line: Line, look: Look) -> Self {
        Self { lines: vec![line], look }
    }

    /// A paragraph in the largest letters with which it fits into a box, or in smaller ones where they spare a line break; none: in the
    /// smallest it does not.
    pub(super) fn fitting(
        paragraph: &Paragraph<'_, '_>,
        (width, height): (f32, f32),
        smallest: f32,
        largest: Look,
    ) -> Result<Option<Self>, super::PrintError> {
        let sizes = |smallest: f32| {
            let steps = ((largest.size - smallest) / SHRINKING).max(0.0) as u16;
            (0..=steps).map(move |step| Look { size: largest.size - f32::from(step) * SHRINKING, ..largest })
        };
        let count = |look: &Look| paragraph.count(width / look.size);
        let in_one_line = || sizes(largest.size * UNBROKEN).find(|look| count(look) == 1);
        let in_many = || sizes(smallest).find(|look| count(look) as f32 * look.step() <= height);
        let look = in_one_line().or_else(in_many);
        look.map(|look| Ok(Self { lines: paragraph.lines(width / look.size, count(&look))?, look })).transpose()
    }

    /// Points from top to bottom.
    pub(super) fn height(&self) -> f32 {
        self.lines.len() as f32 * self.look.step()
    }
}

/// What draws.
pub(super) struct Pen<'s> {
    pub(super) surface: Surface<'s>,
}

impl Pen<'_> {
    /// Draws lines from a corner on, and gives what they are to readers aloud.
    pub(super) fn text(&mut self, tag: impl Into<TagKind>, block: &Block, left: f32, top: f32) -> TagGroup {
        let mut group = TagGroup::new(tag);
        self.colour(block.look.colour);
        // Where the base line is between two lines: letters reach further up than down.
        let mut y = top + block.look.step() / 2.0 + block.look.size * 0.34;
        for line in &block.lines {
            let part =
                self.surface.start_tagged(ContentTag::Span(SpanTag::empty().with_actual_text(line.meant.as_deref())));
            line.draw(&mut self.surface, Point::from_xy(left, y), block.look.size);
            self.surface.end_tagged();
            group.push(Node::Leaf(part));
            y += block.look.step();
        }
        group
    }

    /// Fills a shape that means something.
    pub(super) fn figure(&mut self, path: &Path, colour: Colour) -> Identifier {
        let part = self.surface.start_tagged(ContentTag::Other);
        self.colour(colour);
        self.surface.draw_path(path);
        self.surface.end_tagged();
        part
    }

    /// Fills a rectangle that means nothing.
    pub(super) fn panel(&mut self, rect: Rect, colour: Colour) {
        let mut path = krilla::geom::PathBuilder::new();
        path.push_rect(rect);
        if let Some(path) = path.finish() {
            self.surface.start_tagged(layout());
            self.colour(colour);
            self.surface.draw_path(&path);
            self.surface.end_tagged();
        }
    }

    /// Draws lines that mean nothing.
    pub(super) fn lines(&mut self, path: &Path, width: f32, colour: Colour) {
        self.surface.start_tagged(layout());
        self.surface.set_fill(None);
        let stroke = Stroke { paint: paint(colour), width, ..Stroke::default() };
        self.surface.set_stroke(Some(stroke));
        self.surface.draw_path(path);
        self.surface.set_stroke(None);
        self.surface.end_tagged();
    }

    fn colour(&mut self, colour: Colour) {
        let fill = Fill { paint: paint(colour), opacity: NormalizedF32::ONE, rule: FillRule::NonZero };
        self.surface.set_fill(Some(fill));
    }
}

fn layout() -> ContentTag<'static> {
    ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout))
}

fn paint((red, green, blue): Colour) -> krilla::paint::Paint {
    rgb::Color::new(red, green, blue).into()
}
