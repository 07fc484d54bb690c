//! SVG: an element right after the `<svg>` tag. The file is cut at bytes that the XML reader names, never written anew.

mod scan;

use quick_xml::{
    Writer,
    events::{BytesStart, Event},
};

use self::scan::{BINDING, Scan, scan};
use super::{BakeError, DocumentError, Existing, ExtractError, ImageError};

/// Of Open Badges 3.0.
const NAMESPACE: &str = "https://purl.imsglobal.org/ob/v3p0";
/// Some editors write it before the first character.
const MARK: char = '\u{feff}';

/// The image with the document in it.
pub(super) fn bake(image: &[u8], document: &str, existing: Existing) -> Result<Vec<u8>, BakeError> {
    // What else XML forbids, JSON forbids too.
    if let Some(character) = document.chars().find(|c| matches!(c, '\u{fffe}' | '\u{ffff}')) {
        return Err(DocumentError::NotForXml(character).into());
    }
    let text = str::from_utf8(image).map_err(|_| ImageError::NotUtf8)?;
    let (mark, text) = text.split_at(if text.starts_with(MARK) { MARK.len_utf8() } else { 0 });
    let scan = scan(text)?;
    let is_baked = !scan.credentials.is_empty() || !scan.older.is_empty();
    if existing == Existing::Refuse && is_baked {
        return Err(BakeError::AlreadyBaked);
    }
    let tag = bound(&scan)?;
    let element = format!("<openbadges:credential>{}</openbadges:credential>", character_data(document));
    let end = if scan.root.is_empty { format!("</{}>", scan.root.tag.name().as_ref()) } else { String::new() };
    let before = text.get(..scan.root.range.start).unwrap_or_default();
    Ok([mark, before, &tag, &element, &end, &rest(text, &scan)].concat().into_bytes())
}

/// The text that the image carries.
pub(super) fn extract(image: &[u8]) -> Result<String, ExtractError> {
    let text = str::from_utf8(image).map_err(|_| ImageError::NotUtf8)?;
    let scan = scan(text.strip_prefix(MARK).unwrap_or(text))?;
    match scan.credentials.as_slice() {
        [] if !scan.older.is_empty() => Err(ExtractError::Older),
        [] => Err(ExtractError::Nothing),
        [credential] if credential.has_jwt => Err(ExtractError::Jwt),
        [credential] => credential.text.clone().map_err(ExtractError::Form),
        several => Err(ExtractError::Several(several.len())),
    }
}

/// The tag of the root, with the prefix bound to the namespace: as it was, where it needs nothing.
fn bound(scan: &Scan<'_>) -> Result<String, ImageError> {
    let root = &scan.root;
    let mut tag = BytesStart::new(root.tag.name().as_ref().to_owned());
    match root.binding.as_deref() {
        Some(NAMESPACE) => tag = root.tag.borrow(),
        None => {
            let (name, attributes) = (root.tag.name(), root.tag.attributes_raw());
            let all = format!("{} {BINDING}=\"{NAMESPACE}\"{attributes}", name.as_ref());
            tag = BytesStart::from_content(all, name.as_ref().len());
        }
        // The namespace of an earlier version, whose badge is being replaced.
        Some(_) => {
            tag.push_attribute((BINDING, NAMESPACE));
            for attribute in root.tag.attributes() {
                let attribute = attribute.map_err(|error| root.wrong(error.to_string()))?;
                if attribute.key.as_ref() != BINDING {
                    tag.push_attribute(attribute);
                }
            }
        }
    }
    let mut writer = Writer::new(Vec::new());
    writer.write_event(Event::Start(tag)).map_err(|error| root.wrong(error.to_string()))?;
    String::from_utf8(writer.into_inner()).map_err(|error| root.wrong(error.to_string()))
}

/// A text in CDATA, in as many sections as it takes to keep their end mark out of them.
fn character_data(text: &str) -> String {
    format!("<![CDATA[{}]]>", text.replace("]]>", "]]]]><![CDATA[>"))
}

/// What follows the root's tag, without documents that were baked in before.
fn rest(text: &str, scan: &Scan<'_>) -> String {
    let mut gone: Vec<_> = scan.credentials.iter().map(|credential| &credential.range).chain(&scan.older).collect();
    gone.sort_by_key(|range| range.start);
    let mut rest = String::with_capacity(text.len());
    let mut from = scan.root.range.end;
    for range in gone {
        rest.push_str(text.get(from..range.start).unwrap_or_default());
        from = range.end.max(from);
    }
    rest.push_str(text.get(from..).unwrap_or_default());
    rest
}
