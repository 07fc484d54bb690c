//! The page: what stands where. Lengths are points (1/72 inch), from the upper left corner.

use std::num::NonZeroU16;

use krilla::{
    action::{Action, LinkAction},
    annotation::{Annotation, LinkAnnotation, Target},
    destination::XyzDestination,
    geom::{PathBuilder, Point, Rect},
    tagging::{Node, Tag, TagGroup, TagTree},
};

use super::{
    LANGUAGE, PrintError,
    code::Code,
    content::{Content, TEXT_LIMIT},
    drawing::{Block, Colour, Look, Pen},
    fonts::{Faces, Style},
    ornament,
    outcomes::Outcomes,
    shaping::{Line, Paragraph},
    text::clean,
    utc,
};

/// A4, landscape.
pub(super) const WIDTH: f32 = 841.89;
/// A4, landscape.
pub(super) const HEIGHT: f32 = 595.28;

pub(super) const INK: Colour = (0x1b, 0x24, 0x30);
pub(super) const QUIET: Colour = (0x5b, 0x64, 0x72);
const ACCENT: Colour = (0x14, 0x50, 0x6b);
const GOLD: Colour = (0xb9, 0x97, 0x4b);
const PAPER: Colour = (0xf6, 0xf3, 0xec);
const WHITE: Colour = (0xff, 0xff, 0xff);
const BLACK: Colour = (0, 0, 0);

/// The column with name and title.
pub(super) const LEFT: f32 = 64.0;
const MAIN: f32 = 478.0;
/// Where it begins and ends, below the issuer and above the foot.
const TOP: f32 = 116.0;
const BOTTOM: f32 = 464.0;
/// Below each of what stands there: what is awarded, the learner, the word between, the title.
const GAPS: [f32; 4] = [10.0, 8.0, 2.0, 18.0];
/// The foot.
const FOOT: f32 = 484.0;
/// The panel on the right, and what stands in it.
const PANEL: f32 = 598.0;
const SIDE: f32 = 634.0;
const SIDE_WIDTH: f32 = 172.0;
const CODE_TOP: f32 = 400.0;
const CODE_SIDE: f32 = 132.0;

/// A page that is ready to be drawn.
pub(super) struct Page<'c, 'f> {
    content: &'c Content,
    link: &'c str,
    faces: &'f Faces<'f>,
    code: Code,
    /// Of the PDF.
    pub(super) title: String,
}

/// The top of the page, to jump to.
pub(super) fn top() -> XyzDestination {
    XyzDestination::new(0, Point::from_xy(0.0, 0.0))
}

/// A word in small, spaced capitals.
pub(super) fn label(faces: &Faces<'_>, text: &str) -> Result<Block, PrintError> {
    Ok(Block::line(Line::new(faces, text, Style::Sans)?.spaced(0.12), look(7.0, 1.5, QUIET)))
}

pub(super) const fn look(size: f32, leading: f32, colour: Colour) -> Look {
    Look { size, leading, colour }
}

impl<'c, 'f> Page<'c, 'f> {
    pub(super) fn new(content: &'c Content, link: &'c str, faces: &'f Faces<'f>) -> Result<Self, PrintError> {
        let learner = content.learner.as_deref().map(clean).filter(|name| !name.is_empty());
        let title = clean(&content.title);
        let title = learner.map_or_else(|| title.clone(), |name| format!("{title}, {name}"));
        Ok(Self { content, link, faces, code: Code::of(link)?, title })
    }

    /// Draws it all, and gives its structure.
    pub(super) fn draw(&self, mut page: krilla::page::Page<'_>) -> Result<TagTree, PrintError> {
        let mut tree = TagTree::new().with_lang(Some(LANGUAGE.to_owned()));
        let (mut code, foot) = self.contents(Pen { surface: page.surface() }, &mut tree)?;
        if let Some(area) = Rect::from_xywh(SIDE, CODE_TOP, CODE_SIDE, CODE_SIDE) {
            let target = Target::Action(Action::Link(LinkAction::new(self.link.to_owned())));
            let annotation =
                Annotation::new_link(LinkAnnotation::new(area, target), Some("Check this credential".into()));
            code.push(Node::Leaf(page.add_tagged_annotation(annotation)));
        }
        tree.push(code);
        foot.into_iter().for_each(|group| tree.push(group));
        Ok(tree)
    }

    /// Draws all but what can be clicked on, which gets its place in the structure, before the foot.
    fn contents(&self, mut pen: Pen<'_>, tree: &mut TagTree) -> Result<(TagGroup, Vec<TagGroup>), PrintError> {
        background(&mut pen);
        self.main(&mut pen, tree)?;
        self.facts(&mut pen, tree)?;
        Ok((self.scan(&mut pen)?, self.foot(&mut pen)?))
    }

    /// Issuer, learner, title, outcomes.
    fn main(&self, pen: &mut Pen<'_>, tree: &mut TagTree) -> Result<(), PrintError> {
        let issuer =
            self.fitting("issuer's name", &self.content.issuer, Style::Sans, 40.0, 6.0, look(14.0, 1.3, INK))?;
        tree.push(pen.text(Tag::P, &issuer, LEFT, 64.0));
        let kind = self.content.kind.word().to_lowercase();
        let awarded = self.line(&format!("This {kind} is awarded to"), Style::Sans, look(12.0, 1.5, QUIET))?;
        let learner = self.learner()?;
        let for_what = self.line("for", Style::Sans, look(12.0, 1.5, QUIET))?;
        let title = self.fitting("title", &self.content.title, Style::Serif, 100.0, 5.0, look(27.0, 1.25, ACCENT))?;
        let named = awarded.height() + learner.height() + for_what.height() + title.height() + GAPS.iter().sum::<f32>();
        let outcomes = Outcomes::fitting(self.faces, self.content, (MAIN, BOTTOM - TOP - named))?;
        let whole = named + outcomes.height();
        let [below_awarded, below_learner, below_for, below_title] = GAPS;
        // A little above the middle, where the eye looks for it.
        let mut y = TOP + (BOTTOM - TOP - whole) * 0.42;
        tree.push(pen.text(Tag::P, &awarded, LEFT, y));
        y += awarded.height() + below_awarded;
        tree.push(pen.text(heading(1, "Learner"), &learner, LEFT, y));
        y += learner.height() + below_learner;
        tree.push(pen.text(Tag::P, &for_what, LEFT, y));
        y += for_what.height() + below_for;
        let language = self.content.language.clone();
        tree.push(pen.text(heading(2, &clean(&self.content.title)).with_lang(language), &title, LEFT, y));
        y += title.height() + below_title;
        outcomes.draw(pen, tree, self.content.language.as_deref(), y);
        Ok(())
    }

    /// The learner's name, or the identifier that stands for it.
    fn learner(&self) -> Result<Block, PrintError> {
        let given = |text: &Option<String>| text.as_deref().map(clean).filter(|text| !text.is_empty());
        match (given(&self.content.learner), given(&self.content.subject)) {
            (Some(name), _) => self.fitting("learner's name", &name, Style::Serif, 112.0, 5.0, look(46.0, 1.15, INK)),
            (None, Some(id)) => self.fitting("learner's identifier", &id, Style::Mono, 60.0, 5.0, look(14.0, 1.4, INK)),
            (None, None) => self.line("the holder of the attached document", Style::Serif, look(30.0, 1.15, INK)),
        }
    }

    /// What is told in the panel.
    fn facts(&self, pen: &mut Pen<'_>, tree: &mut TagTree) -> Result<(), PrintError> {
        let day = |time| utc(time).strftime("%-d %B %Y").to_string();
        let facts = [
            ("AWARDED", Some(day(self.content.awarded))),
            ("VALID UNTIL", self.content.valid_until.map(day)),
            ("LEVEL", self.content.level.map(|level| format!("EQF level {level}"))),
            ("WORKLOAD", self.content.credits.map(|credits| format!("{credits} ECTS"))),
            ("RESULT", self.content.result.as_deref().map(clean).filter(|result| !result.is_empty())),
        ];
        let mut y = 206.0;
        for (name, value) in facts.into_iter().filter_map(|(name, value)| Some((name, value?))) {
            tree.push(pen.text(Tag::P, &label(self.faces, name)?, SIDE, y));
            let value = Paragraph::new(self.faces, value, Style::Sans)?;
            let look = look(11.5, 1.3, INK);
            // The result, which is the last, may take more than one line.
            let lines = value.lines(SIDE_WIDTH / look.size, 2)?;
            tree.push(pen.text(Tag::P, &Block { lines, look }, SIDE, y + 11.0));
            y += 35.0;
        }
        Ok(())
    }

    /// The code, and what it is for.
    fn scan(&self, pen: &mut Pen<'_>) -> Result<TagGroup, PrintError> {
        if let Some(ground) = Rect::from_xywh(SIDE, CODE_TOP, CODE_SIDE, CODE_SIDE) {
            pen.panel(ground, WHITE);
        }
        let path = self.code.path(SIDE, CODE_TOP, CODE_SIDE).ok_or_else(|| PrintError::Pdf("no code".into()))?;
        let mut figure = TagGroup::new(Tag::Figure(Some(format!("A code with the link {}", self.link))));
        figure.push(Node::Leaf(pen.figure(&path, BLACK)));
        let caption = self.line("Scan to check it", Style::Sans, look(9.0, 1.6, ACCENT))?;
        let mut group = TagGroup::new(Tag::Link);
        group.push(figure);
        let y = CODE_TOP + CODE_SIDE + 4.0;
        group.push(pen.text(Tag::Span, &caption, SIDE, y));
        // Who scans should know where that leads.
        let host =
            url::Url::parse(self.link).ok().and_then(|link| link.host_str().map(str::to_owned)).unwrap_or_default();
        let look = look(7.0, 1.4, QUIET);
        let lines = Paragraph::new(self.faces, host, Style::Mono)?.lines(SIDE_WIDTH / look.size, 2)?;
        group.push(pen.text(Tag::Span, &Block { lines, look }, SIDE, y + caption.height()));
        Ok(group)
    }

    /// What the page is worth, and how the credential is found.
    fn foot(&self, pen: &mut Pen<'_>) -> Result<Vec<TagGroup>, PrintError> {
        let says = "This page by itself proves nothing: anybody can print one. To see who issued the credential and whether it \
                    holds, run “microcred verify” on the document attached to this PDF, or scan the code if you trust \
                    where it leads.";
        let says = Paragraph::new(self.faces, says.to_owned(), Style::Sans)?;
        let look_of_text = look(8.5, 1.4, QUIET);
        let says = Block { lines: says.lines(MAIN / look_of_text.size, 3)?, look: look_of_text };
        let mut groups = vec![pen.text(Tag::P, &says, LEFT, FOOT)];
        let mut y = FOOT + says.height() + 8.0;
        if let Some(account) = &self.content.credential {
            let name = label(self.faces, "CREDENTIAL")?;
            let address = self.line(&account.address.to_string(), Style::Mono, look(9.0, 1.5, INK))?;
            let chain = self.line(&account.chain.to_string(), Style::Mono, look(7.0, 1.4, QUIET))?;
            for block in [name, address, chain] {
                groups.push(pen.text(Tag::P, &block, LEFT, y));
                y += block.height();
            }
        }
        Ok(groups)
    }

    fn line(&self, text: &str, style: Style, look: Look) -> Result<Block, PrintError> {
        Ok(Block::line(Line::new(self.faces, text, style)?, look))
    }

    fn fitting(
        &self,
        what: &'static str,
        text: &str,
        style: Style,
        height: f32,
        smallest: f32,
        largest: Look,
    ) -> Result<Block, PrintError> {
        let text = clean(text);
        if text.is_empty() {
            return Err(PrintError::Empty(what));
        }
        if text.len() > TEXT_LIMIT {
            return Err(PrintError::TooLong(what));
        }
        let paragraph = Paragraph::new(self.faces, text, style)?;
        Block::fitting(&paragraph, (MAIN, height), smallest, largest)?.ok_or(PrintError::TooLong(what))
    }
}

fn heading(level: u16, title: &str) -> Tag<krilla::tagging::kind::Hn> {
    Tag::Hn(NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN), Some(title.to_owned()))
}

fn background(pen: &mut Pen<'_>) {
    if let Some(panel) = Rect::from_xywh(PANEL, 0.0, WIDTH - PANEL, HEIGHT) {
        pen.panel(panel, PAPER);
    }
    if let Some(rosette) = ornament::rosette(SIDE + SIDE_WIDTH / 2.0, 110.0, 70.0) {
        pen.lines(&rosette, 0.3, GOLD);
    }
    let mut rule = PathBuilder::new();
    rule.move_to(LEFT, FOOT - 10.0);
    rule.line_to(LEFT + MAIN, FOOT - 10.0);
    if let Some(rule) = rule.finish() {
        pen.lines(&rule, 0.5, GOLD);
    }
}
