//! PNG: one `iTXt` chunk, right after the header, so that readers that stop at the pixels have seen it.

use std::io::Read;

use flate2::read::ZlibDecoder;
use img_parts::{
    Bytes, Error,
    png::{Png, PngChunk},
};

use super::{BakeError, DOCUMENT_LIMIT, Existing, ExtractError, ImageError};

/// What every PNG begins with.
pub(super) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

const KEYWORD: &[u8] = b"openbadgecredential";
/// Of versions 1 and 2.
const OLDER_KEYWORD: &[u8] = b"openbadges";
/// The chunk that text in UTF-8 stands in.
const INTERNATIONAL_TEXT: [u8; 4] = *b"iTXt";
/// Also the chunks that no credential belongs in: some reader may look there.
const TEXTS: [[u8; 4]; 3] = [INTERNATIONAL_TEXT, *b"tEXt", *b"zTXt"];
/// What stands between keyword and text: no compression (flag and method), no language, no translated keyword.
const PLAIN: &[u8] = &[0, 0, 0, 0, 0];

/// The image with the document in it.
pub(super) fn bake(image: &[u8], document: &str, existing: Existing) -> Result<Vec<u8>, BakeError> {
    let mut png = parse(image)?;
    // Some files have something behind their end, which readers ignore.
    let behind = image.get(png.len()..).unwrap_or_default();
    let is_baked = |chunk: &PngChunk| matches!(keyword(chunk), Some(KEYWORD | OLDER_KEYWORD));
    match existing {
        Existing::Refuse if png.chunks().iter().any(is_baked) => return Err(BakeError::AlreadyBaked),
        Existing::Refuse => {}
        Existing::Replace => png.chunks_mut().retain(|chunk| !is_baked(chunk)),
    }
    let contents = Bytes::from([KEYWORD, PLAIN, document.as_bytes()].concat());
    png.chunks_mut().insert(1, PngChunk::new(INTERNATIONAL_TEXT, contents));
    Ok([&*png.encoder().bytes(), behind].concat())
}

/// The text that the image carries.
pub(super) fn extract(image: &[u8]) -> Result<String, ExtractError> {
    let png = parse(image)?;
    let having = |word: &'static [u8]| png.chunks().iter().filter(move |chunk| keyword(chunk) == Some(word));
    let mut credentials = having(KEYWORD);
    match (credentials.next(), credentials.count()) {
        (Some(chunk), 0) => text(chunk),
        (Some(_), more) => Err(ExtractError::Several(more.saturating_add(1))),
        (None, _) if having(OLDER_KEYWORD).next().is_some() => Err(ExtractError::Older),
        (None, _) => Err(ExtractError::Nothing),
    }
}

/// The chunks of a PNG that is whole: every checksum is right, the header comes first, the end is there.
fn parse(image: &[u8]) -> Result<Png, ImageError> {
    let png = Png::from_bytes(Bytes::copy_from_slice(image)).map_err(|error| match error {
        Error::WrongSignature => ImageError::Unknown,
        Error::BadCRC => ImageError::Damaged,
        Error::Truncated => ImageError::Truncated,
    })?;
    if png.chunks().first().is_none_or(|chunk| &chunk.kind() != b"IHDR") {
        return Err(ImageError::NoHeader);
    }
    if png.chunks().last().is_none_or(|chunk| &chunk.kind() != b"IEND") {
        return Err(ImageError::Truncated);
    }
    Ok(png)
}

/// What stands before the first zero byte of a chunk with text.
fn keyword(chunk: &PngChunk) -> Option<&[u8]> {
    if !TEXTS.contains(&chunk.kind()) {
        return None;
    }
    split(chunk.contents()).map(|(keyword, _)| keyword)
}

/// What stands before the first zero byte, and what behind it.
fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let zero = bytes.iter().position(|byte| *byte == 0)?;
    Some((bytes.get(..zero)?, bytes.get(zero.checked_add(1)?..)?))
}

/// The text of a chunk `iTXt`: keyword, 0, compression flag, compression method, language, 0, translated keyword, 0, text.
fn text(chunk: &PngChunk) -> Result<String, ExtractError> {
    if chunk.kind() != INTERNATIONAL_TEXT {
        return Err(ExtractError::Form("it stands in a chunk of another type than iTXt"));
    }
    let parts = || {
        let (_, rest) = split(chunk.contents())?;
        let (frame, rest) = rest.split_first_chunk::<2>()?;
        let (_, rest) = split(rest)?;
        let (_, text) = split(rest)?;
        Some((*frame, text))
    };
    let broken = ExtractError::Form("its chunk is broken");
    let (frame, text) = parts().ok_or(broken)?;
    let bytes = match frame {
        [0, _] => text.to_vec(),
        // Open Badges forbids it, and some tools do it to every text.
        [1, 0] => inflate(text)?,
        _ => return Err(ExtractError::Form("its compression is unknown")),
    };
    String::from_utf8(bytes).map_err(|_| ExtractError::Form("it is not in UTF-8"))
}

/// What is compressed, as long as it is not more than a document may be.
fn inflate(text: &[u8]) -> Result<Vec<u8>, ExtractError> {
    let mut bytes = Vec::new();
    let bound = u64::try_from(DOCUMENT_LIMIT).unwrap_or(u64::MAX).saturating_add(1);
    match ZlibDecoder::new(text).take(bound).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() > DOCUMENT_LIMIT => Err(ExtractError::TooLarge),
        Ok(_) => Ok(bytes),
        Err(_) => Err(ExtractError::Form("it cannot be decompressed")),
    }
}
