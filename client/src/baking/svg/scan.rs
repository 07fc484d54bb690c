//! Where in an SVG things stand: the root's tag, documents that it carries.

use std::ops::Range;

use quick_xml::{
    Reader,
    events::{BytesRef, BytesStart, Event},
};

use crate::baking::ImageError;

/// The attribute that binds the prefix.
pub(super) const BINDING: &str = "xmlns:openbadges";
const GRAPHICS: &str = "http://www.w3.org/2000/svg";
/// Elements with this name under whatever prefix: which namespace a prefix means, other readers may see otherwise.
const CREDENTIAL: &str = "credential";
/// Of versions 1 and 2.
const OLDER: &str = "openbadges:assertion";
/// Bytes that a tag which is looked into has at most: its attributes are compared with each other.
const TAG_LIMIT: usize = 16 * 1024;

const NOT_PLAIN: &str = "there is markup within it";

/// What stands where in an SVG.
pub(super) struct Scan<'a> {
    pub(super) root: Root<'a>,
    pub(super) credentials: Vec<Credential>,
    /// Elements of earlier versions of Open Badges.
    pub(super) older: Vec<Range<usize>>,
}

/// The `<svg>` tag.
pub(super) struct Root<'a> {
    pub(super) tag: BytesStart<'a>,
    pub(super) range: Range<usize>,
    /// It ends itself: `<svg/>`.
    pub(super) is_empty: bool,
    /// What the prefix `openbadges` means there.
    pub(super) binding: Option<String>,
}

/// An element with a document.
pub(super) struct Credential {
    pub(super) range: Range<usize>,
    /// A JWT stands in its attribute.
    pub(super) has_jwt: bool,
    /// The document, or what is wrong with the element.
    pub(super) text: Result<String, &'static str>,
}

impl Root<'_> {
    pub(super) fn wrong(&self, why: String) -> ImageError {
        ImageError::NotSvg { position: self.range.start, why }
    }
}

/// An element that is looked for and has not ended yet.
struct Open {
    start: usize,
    depth: usize,
    /// None: it is of an earlier version.
    content: Option<Content>,
}

/// What stands in an element with a document.
#[derive(Default)]
struct Content {
    has_jwt: bool,
    has_markup: bool,
    /// In CDATA sections: the document, byte for byte.
    sections: Option<String>,
    /// Outside of them: the document, or white space around the sections.
    plain: String,
}

impl Content {
    fn document(self) -> Result<String, &'static str> {
        match self.sections {
            _ if self.has_markup => Err(NOT_PLAIN),
            Some(_) if !self.plain.trim().is_empty() => Err("there is text beside its CDATA"),
            Some(document) => Ok(document),
            None => Ok(self.plain.trim().to_owned()),
        }
    }
}

/// Reads an SVG once, without recursion; nothing in it is expanded.
pub(super) fn scan(text: &str) -> Result<Scan<'_>, ImageError> {
    let mut reader = Reader::from_str(text);
    let mut progress = Progress { root: None, credentials: Vec::new(), older: Vec::new(), depth: 0, open: None };
    loop {
        let start = position(&reader);
        let wrong = |why: String| ImageError::NotSvg { position: start, why };
        let event = reader.read_event().map_err(|error| wrong(error.to_string()))?;
        let range = start..position(&reader);
        match event {
            Event::Start(tag) => progress.begin(tag, range, false)?,
            Event::Empty(tag) => progress.begin(tag, range, true)?,
            Event::End(_) => progress.end(range.end).map_err(wrong)?,
            Event::Text(text) => progress.text(&text.into_inner()).map_err(wrong)?,
            Event::CData(text) => progress.section(&text.into_inner()).map_err(wrong)?,
            Event::GeneralRef(reference) => progress.text(&resolve(&reference)?).map_err(wrong)?,
            Event::Decl(declaration) => {
                let encoding = declaration.encoding().transpose().map_err(|error| wrong(error.to_string()))?;
                if encoding.is_some_and(|name| !["utf-8", "us-ascii"].contains(&name.to_ascii_lowercase().as_str())) {
                    return Err(ImageError::NotUtf8);
                }
            }
            Event::DocType(_) => return Err(ImageError::Doctype),
            Event::Comment(_) | Event::PI(_) => progress.markup(),
            Event::Eof => return progress.finish(range.end),
        }
    }
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

/// The character that a reference means; without a document type, there are five named ones.
fn resolve(reference: &BytesRef<'_>) -> Result<String, ImageError> {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return Ok(character.into());
    }
    let name = reference.clone().into_inner();
    quick_xml::escape::resolve_xml_entity(&name).map(str::to_owned).ok_or(ImageError::Doctype)
}

struct Progress<'a> {
    root: Option<Root<'a>>,
    credentials: Vec<Credential>,
    older: Vec<Range<usize>>,
    /// Elements that have not ended yet.
    depth: usize,
    open: Option<Open>,
}

impl<'a> Progress<'a> {
    fn begin(&mut self, tag: BytesStart<'a>, range: Range<usize>, is_empty: bool) -> Result<(), ImageError> {
        let wrong = |why: String| ImageError::NotSvg { position: range.start, why };
        self.markup();
        let end = range.end;
        match &self.root {
            None => self.root = Some(root(tag, range, is_empty)?),
            Some(_) if self.depth == 0 => return Err(wrong("there is an element after the end".into())),
            Some(_) if self.open.is_some() => {}
            Some(_) if tag.local_name().as_ref() == CREDENTIAL => {
                let has_jwt = attribute(&tag, "verify").map_err(wrong)?.is_some();
                let content = Some(Content { has_jwt, ..Content::default() });
                self.open = Some(Open { start: range.start, depth: self.depth, content });
            }
            Some(_) if tag.name().as_ref() == OLDER => {
                self.open = Some(Open { start: range.start, depth: self.depth, content: None });
            }
            Some(_) => {}
        }
        self.depth = self.depth.saturating_add(1);
        if is_empty { self.end(end).map_err(|why| ImageError::NotSvg { position: end, why }) } else { Ok(()) }
    }

    fn end(&mut self, end: usize) -> Result<(), String> {
        self.depth = self.depth.checked_sub(1).ok_or("there is an end tag without a start tag")?;
        if let Some(open) = self.open.take_if(|open| open.depth == self.depth) {
            let range = open.start..end;
            match open.content {
                Some(content) => {
                    self.credentials.push(Credential { range, has_jwt: content.has_jwt, text: content.document() })
                }
                None => self.older.push(range),
            }
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), String> {
        if self.depth == 0 && !text.trim().is_empty() {
            return Err("there is text outside of the image".into());
        }
        if let Some(content) = self.content() {
            content.plain.push_str(text);
        }
        Ok(())
    }

    fn section(&mut self, text: &str) -> Result<(), String> {
        if self.depth == 0 {
            return Err("there is text outside of the image".into());
        }
        if let Some(content) = self.content() {
            content.sections.get_or_insert_default().push_str(text);
        }
        Ok(())
    }

    /// Something else than text stands here: in an element with a document, nothing of that kind belongs.
    fn markup(&mut self) {
        if let Some(content) = self.content() {
            content.has_markup = true;
        }
    }

    fn content(&mut self) -> Option<&mut Content> {
        self.open.as_mut().and_then(|open| open.content.as_mut())
    }

    fn finish(self, position: usize) -> Result<Scan<'a>, ImageError> {
        if self.depth > 0 {
            return Err(ImageError::Truncated);
        }
        let nothing = || ImageError::NotSvg { position, why: "there is no element".into() };
        let root = self.root.ok_or_else(nothing)?;
        Ok(Scan { root, credentials: self.credentials, older: self.older })
    }
}

/// The root, which must be of an SVG.
fn root(tag: BytesStart<'_>, range: Range<usize>, is_empty: bool) -> Result<Root<'_>, ImageError> {
    let wrong = |why: String| ImageError::NotSvg { position: range.start, why };
    let name = tag.name();
    let own = name.prefix().map_or_else(|| "xmlns".to_owned(), |prefix| format!("xmlns:{}", prefix.as_ref()));
    let namespace = attribute(&tag, &own).map_err(wrong)?;
    if tag.local_name().as_ref() != "svg" || namespace.is_none_or(|namespace| namespace != GRAPHICS) {
        return Err(wrong(format!("its first element is not <svg xmlns=\"{GRAPHICS}\">")));
    }
    let binding = attribute(&tag, BINDING).map_err(wrong)?;
    Ok(Root { tag, range, is_empty, binding })
}

/// What an attribute says; none: there is no such attribute.
fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, String> {
    if tag.len() > TAG_LIMIT {
        return Err(format!("a tag has more than {TAG_LIMIT} bytes"));
    }
    let mut value = None;
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        if attribute.key.as_ref() == name {
            value = Some(attribute.value.into_owned());
        }
    }
    Ok(value)
}
