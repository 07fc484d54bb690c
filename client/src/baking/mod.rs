//! Documents inside of images: what Open Badges calls baking.
//!
//! A baked image looks as before and carries the learner's document, byte for byte. The form is that of [Open Badges 3.0, section
//! "Baked Badge"](https://www.imsglobal.org/spec/ob/v3p0/#baked-badge): in a PNG, one `iTXt` chunk with the keyword `openbadgecredential`;
//! in an SVG, one element `openbadges:credential` with the document in CDATA. Of documents, those with embedded proofs are carried: the
//! other form, a JWT, is recognised and refused.
//!
//! Images come from strangers: nothing here trusts them. What is read is bounded, and an image with two documents is refused, since two
//! readers could each see another one. An image vouches for nothing: what is extracted is to be verified like any document.
//!
//! ```no_run
//! use microcred_client::baking::{self, Existing};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let (image, document) = (std::fs::read("badge.png")?, std::fs::read("credential.json")?);
//! let baked = baking::bake(&image, &document, Existing::Refuse)?;
//! assert_eq!(baking::extract(&baked)?, document);
//! # Ok(())
//! # }
//! ```

mod document;
mod error;
mod png;
mod svg;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::document::json::{self, JsonError};

pub use self::{
    document::read,
    error::{BakeError, DocumentError, ExtractError, ImageError},
};

/// Bytes that an image has at most, baked or not.
pub const IMAGE_LIMIT: usize = 10 * 1024 * 1024;
/// Bytes that a document in an image has at most: as everywhere.
pub const DOCUMENT_LIMIT: usize = json::SIZE_LIMIT;

const GZIP: &[u8] = &[0x1f, 0x8b];
const UTF_8_MARK: &[u8] = &[0xef, 0xbb, 0xbf];

/// The kinds of images that can carry a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Portable Network Graphics.
    Png,
    /// Scalable Vector Graphics, as plain XML in UTF-8.
    Svg,
}

/// What becomes of a document that an image carries already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// The image is refused.
    Refuse,
    /// It is taken out, and so is one of an earlier version of Open Badges.
    Replace,
}

impl Kind {
    /// The kind of an image, by its first bytes.
    ///
    /// # Errors
    /// The bytes are more than [`IMAGE_LIMIT`], or of something else.
    pub fn of(image: &[u8]) -> Result<Self, ImageError> {
        if image.len() > IMAGE_LIMIT {
            return Err(ImageError::TooLarge { size: image.len() });
        }
        if image.starts_with(png::SIGNATURE) {
            return Ok(Self::Png);
        }
        if image.starts_with(GZIP) {
            return Err(ImageError::Compressed);
        }
        let text = image.strip_prefix(UTF_8_MARK).unwrap_or(image).trim_ascii_start();
        if text.starts_with(b"<") { Ok(Self::Svg) } else { Err(ImageError::Unknown) }
    }

    /// The word for it: `PNG` or `SVG`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Png => "PNG",
            Self::Svg => "SVG",
        }
    }
}

/// An image with a document in it; all else of the image stays as it is.
///
/// # Errors
/// The image is no PNG or SVG, is damaged, too large, or carries a document that is not to be replaced; the document is not one that
/// [`read`] takes.
pub fn bake(image: &[u8], document: &[u8], existing: Existing) -> Result<Vec<u8>, BakeError> {
    let kind = Kind::of(image)?;
    read(document)?;
    let text =
        str::from_utf8(document).map_err(|error| JsonError::Syntax(error.to_string())).map_err(DocumentError::from)?;
    let baked = match kind {
        Kind::Png => png::bake(image, text, existing)?,
        Kind::Svg => svg::bake(image, text, existing)?,
    };
    if baked.len() > IMAGE_LIMIT { Err(BakeError::NoRoom { size: baked.len() }) } else { Ok(baked) }
}

/// The document that an image carries, byte for byte, of at most [`DOCUMENT_LIMIT`]. It is JSON by its looks only: nothing in it has been
/// checked.
///
/// # Errors
/// The image is no PNG or SVG, is damaged or too large, carries no document, several, one that is too large, or one of another form.
pub fn extract(image: &[u8]) -> Result<Vec<u8>, ExtractError> {
    let text = match Kind::of(image)? {
        Kind::Png => png::extract(image)?,
        Kind::Svg => svg::extract(image)?,
    };
    if text.len() > DOCUMENT_LIMIT {
        return Err(ExtractError::TooLarge);
    }
    if document::is_compact_jws(&text) {
        return Err(ExtractError::Jwt);
    }
    if text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
        Ok(text.into_bytes())
    } else {
        Err(ExtractError::NotJson)
    }
}

/// The document in a file that may be an image: an image's is extracted, anything else is given as it is.
///
/// # Errors
/// The file is an image, and [`extract`] fails on it.
pub fn document_in(file: &[u8]) -> Result<Cow<'_, [u8]>, ExtractError> {
    match Kind::of(file) {
        Err(ImageError::Unknown) => Ok(file.into()),
        _ => extract(file).map(Into::into),
    }
}
