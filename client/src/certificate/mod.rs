//! The learner's document on one page of paper, to hang on a wall.
//!
//! The page proves nothing, and says so: it has a code to scan for a verification link, and the document itself is attached to the PDF. It
//! is archivable and accessible (PDF/A-3a and PDF/UA-1), and the same content gives the same bytes. Letters that the fonts lack are an
//! error, never boxes; text that is too long is made smaller, broken, and shortened in lists.
//!
//! ```no_run
//! use microcred_client::{baking, certificate::{self, Content, Fonts}};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let document = std::fs::read("credential.json")?;
//! let content = Content::of(&baking::read(&document)?)?;
//! std::fs::write("certificate.pdf", certificate::print(&content, &document, &Fonts::new())?)?;
//! # Ok(())
//! # }
//! ```

mod code;
mod content;
mod drawing;
mod fonts;
mod ornament;
mod outcomes;
mod page;
mod shaping;
#[cfg(test)]
mod tests;
mod text;

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use krilla::{
    Document, SerializeSettings,
    configure::{Accessibility, Archival, ConfigurationBuilder},
    embed::{AssociationKind, EmbeddedFile, MimeType},
    metadata::{self, Metadata},
    outline::{Outline, OutlineNode},
    page::PageSettings,
};
use thiserror::Error;

pub use self::{
    content::{Content, ContentError, Kind, LINK_LIMIT, TEXT_LIMIT},
    fonts::{FONT_LIMIT, Fonts},
};

/// Of what the page says itself.
const LANGUAGE: &str = "en";

/// Why there is no certificate.
#[derive(Debug, Error)]
pub enum PrintError {
    /// A file is no font.
    #[error("this is no font that can be used: give a TrueType or OpenType file of at most {FONT_LIMIT} bytes")]
    Font,
    /// No font at hand has a letter.
    #[error("the fonts at hand lack {0:?} (U+{code:04X}): give one that has it (--font FILE, TrueType or OpenType)", code = u32::from(*.0))]
    Letter(char),
    /// Nobody would know of what the page is.
    #[error("the {0} is empty, and a certificate needs it: the document is not one to print")]
    Empty(&'static str),
    /// It does not fit on the page however small the letters.
    #[error(
        "the {0} is too long for one page, which has room for {TEXT_LIMIT} bytes, and for fewer wide letters: its issuer would have to shorten it"
    )]
    TooLong(&'static str),
    /// There is nothing to scan.
    #[error("there is no link to check the credential by: give one (--link https://...)")]
    NoLink,
    /// The document does not give what stands on a certificate, or the link cannot be scanned or followed.
    #[error(transparent)]
    Content(#[from] ContentError),
    /// The PDF cannot be made; a font that may not be embedded is one reason.
    #[error("the PDF cannot be made: {0}; if a font of your own is in use, try another")]
    Pdf(String),
}

/// A certificate, as a PDF of one page (A4, landscape), with the document attached.
///
/// # Errors
/// Something is missing, too long, or in letters that the fonts lack.
pub fn print(content: &Content, document: &[u8], fonts: &Fonts) -> Result<Vec<u8>, PrintError> {
    let link = content.link.as_deref().ok_or(PrintError::NoLink)?;
    if !content::is_link(link) {
        return Err(ContentError::Link(link.to_owned()).into());
    }
    let faces = fonts.open()?;
    let page = page::Page::new(content, link, &faces)?;
    let mut pdf = Document::new_with(settings()?);
    pdf.set_metadata(page_metadata(content, &page.title));
    pdf.embed_file(attachment(content, document)).ok_or_else(|| PrintError::Pdf("nothing can be attached".into()))?;
    let paper = PageSettings::from_wh(page::WIDTH, page::HEIGHT).ok_or_else(|| PrintError::Pdf("no paper".into()))?;
    let tree = page.draw(pdf.start_page_with(paper))?;
    pdf.set_tag_tree(tree);
    let mut outline = Outline::new();
    outline.push_child(OutlineNode::new(page.title.clone(), page::top()));
    pdf.set_outline(outline);
    pdf.finish().map_err(|error| PrintError::Pdf(reasons(&error)))
}

fn settings() -> Result<SerializeSettings, PrintError> {
    let standards = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A3_A)
        .with_accessibility_validator(Accessibility::UA1);
    let configuration = standards.finish().map_err(|error| PrintError::Pdf(format!("{error:?}")))?;
    Ok(SerializeSettings { configuration, ..SerializeSettings::default() })
}

/// The date is that of the award, so that the same content gives the same bytes.
fn page_metadata(content: &Content, title: &str) -> Metadata {
    Metadata::new()
        .title(title.to_owned())
        .authors(vec![text::clean(&content.issuer)])
        .language(LANGUAGE.to_owned())
        .creator("microcred".to_owned())
        .creation_date(pdf_date(content.awarded))
}

fn attachment(content: &Content, document: &[u8]) -> EmbeddedFile {
    let name =
        content.credential.as_ref().map_or_else(|| "credential".to_owned(), |account| account.address.to_string());
    EmbeddedFile {
        path: format!("{name}.json"),
        mime_type: MimeType::new("application/json"),
        description: Some("The signed credential, which can be verified".to_owned()),
        association_kind: AssociationKind::Source,
        data: document.to_vec().into(),
        modification_date: Some(pdf_date(content.awarded)),
        compress: Some(true),
        location: None,
    }
}

/// Times are told in UTC.
fn utc(time: Timestamp) -> DateTime {
    time.to_zoned(TimeZone::UTC).datetime()
}

fn pdf_date(time: Timestamp) -> metadata::DateTime {
    let part = |value: i8| u8::try_from(value).unwrap_or_default();
    let time = utc(time);
    metadata::DateTime::new(u16::try_from(time.year()).unwrap_or_default())
        .month(part(time.month()))
        .day(part(time.day()))
        .hour(part(time.hour()))
        .minute(part(time.minute()))
        .second(part(time.second()))
        .utc_offset_hour(0)
}

/// What the library says, and of rules that are broken, which.
fn reasons(error: &krilla::error::KrillaError) -> String {
    match error {
        krilla::error::KrillaError::Validation(broken) => {
            broken.iter().map(|(rule, _)| format!("{rule:?}")).collect::<Vec<_>>().join("; ")
        }
        error => error.to_string(),
    }
}
