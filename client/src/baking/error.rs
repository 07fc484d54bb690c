//! Why an image is refused, or a document.

use thiserror::Error;

use super::{DOCUMENT_LIMIT, IMAGE_LIMIT};
use crate::document::json::JsonError;

/// Why an image cannot be used at all.
#[derive(Debug, Error)]
pub enum ImageError {
    /// There is a bound on what is read.
    #[error("the image has {size} bytes, and at most {IMAGE_LIMIT} are read: make it smaller")]
    TooLarge {
        /// Bytes of the image.
        size: usize,
    },
    /// It begins like neither.
    #[error("this is neither a PNG nor an SVG image, and others cannot carry a document: convert it to one of these")]
    Unknown,
    /// An SVG under gzip, and a decompression bomb perhaps.
    #[error("the image is compressed (.svgz): unpack it first, as in `gunzip < image.svgz > image.svg`")]
    Compressed,
    /// The file ends within something.
    #[error("the image is cut off: get it again from where it came")]
    Truncated,
    /// A checksum is wrong.
    #[error("the image is damaged, a checksum in it is wrong: get it again from where it came")]
    Damaged,
    /// The PNG has no proper beginning.
    #[error("the image does not begin as a PNG does: get it again from where it came")]
    NoHeader,
    /// The SVG is in another encoding.
    #[error("the image is not in UTF-8: save it as plain SVG in UTF-8 first")]
    NotUtf8,
    /// The SVG has a document type, in which entities could be defined that blow up.
    #[error("the image has a DOCTYPE, or uses entities that one would define: save it as plain SVG without one")]
    Doctype,
    /// The SVG is no proper XML.
    #[error("the image is not the XML of an SVG, at byte {position}: {why}")]
    NotSvg {
        /// Where reading ended.
        position: usize,
        /// What is wrong there.
        why: String,
    },
}

/// Why a document cannot be carried.
#[derive(Debug, Error)]
pub enum DocumentError {
    /// Not JSON, or such as readers take differently.
    #[error("the document cannot be used, {0}: give the learner's .json file")]
    Json(#[from] JsonError),
    /// A credential in the other form that Open Badges knows.
    #[error("this is a JWT, and only documents with embedded proofs are supported: ask its issuer for it as JSON")]
    Jwt,
    /// JSON of something else.
    #[error("the document is not of the type AchievementCredential: give an Open Badges 3.0 credential")]
    OtherType,
    /// Nobody could verify it.
    #[error("the document is not signed, there is no proof in it: give the one that the issuer signed")]
    Unsigned,
    /// XML has no way to write it.
    #[error("the document has the character U+{:04X}, which no SVG can carry: take a PNG", u32::from(*.0))]
    NotForXml(char),
}

/// Why nothing was baked.
#[derive(Debug, Error)]
pub enum BakeError {
    /// The image cannot be used.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// The document cannot be carried.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The image carries a document.
    #[error("the image carries a credential already: take another image, or say that it is to be replaced")]
    AlreadyBaked,
    /// With the document, the image is larger than what is read.
    #[error("with the document the image has {size} bytes, and at most {IMAGE_LIMIT} are read: make the image smaller")]
    NoRoom {
        /// Bytes of the baked image.
        size: usize,
    },
}

/// Why nothing was extracted.
#[derive(Debug, Error)]
pub enum ExtractError {
    /// The image cannot be used.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// Nothing is baked into it.
    #[error(
        "there is no credential in this image; what was sent through a messenger or an editor often lost it: ask for the original file"
    )]
    Nothing,
    /// Two readers could each see another one.
    #[error("there are {0} credentials in this image, and one is allowed: somebody tampered with it, do not trust it")]
    Several(usize),
    /// The credential is of an earlier version.
    #[error(
        "the image carries a badge of Open Badges 2 or earlier, which is not signed as a credential: ask for Open Badges 3.0"
    )]
    Older,
    /// The credential is a JWT.
    #[error(
        "the image carries a JWT, and only documents with embedded proofs are supported: ask its issuer for it as JSON"
    )]
    Jwt,
    /// The credential stands where it should not, or its frame is broken.
    #[error("the credential in this image is not baked as Open Badges says, {0}: ask its issuer to bake it anew")]
    Form(&'static str),
    /// There is a bound on what is read; compressed chunks may unpack to far more than they are.
    #[error(
        "the document in this image has more than {DOCUMENT_LIMIT} bytes, which no honest one has: do not trust it"
    )]
    TooLarge,
    /// It does not begin as JSON does.
    #[error("what this image carries is no JSON, and no document: ask its issuer to bake it anew")]
    NotJson,
}
