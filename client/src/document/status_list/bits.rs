//! The bits of a status list, and their one text form.

use std::{
    fmt,
    io::{Read, Write},
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use flate2::{Compression, GzBuilder, bufread::GzDecoder};

/// Places of a list: the fewest that the standard allows, so that a place says little about whose it is.
pub const PLACES: u32 = 131_072;

/// Bytes of them.
const BYTES: usize = 16 * 1024;

/// How many bytes of bits a list may have at most: a few bytes of gzip could otherwise fill the memory.
pub const INFLATED_LIMIT: usize = 2 * 1024 * 1024;

/// Says that Base64 for URLs follows (Multibase).
const MULTIBASE: char = 'u';

/// The operating system in a gzip header: unknown. Whoever compresses the same bits gets the same bytes.
const ANY_SYSTEM: u8 = 255;

/// Why a text is not the bits of a status list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BitsError {
    /// Not Base64 for URLs without padding, as Multibase writes it.
    #[error("`encodedList` is not Base64 for URLs after a `u`")]
    Text,
    /// Not gzip, or cut off, or altered.
    #[error("`encodedList` cannot be decompressed: {0}")]
    Gzip(String),
    /// Something follows after what was compressed.
    #[error("`encodedList` goes on after its compressed bits")]
    Trailing,
    /// Fewer than [`PLACES`].
    #[error("it has {0} places; status lists have at least {PLACES}")]
    TooShort(u64),
    /// More than [`INFLATED_LIMIT`].
    #[error("its bits take more than {INFLATED_LIMIT} bytes: it may have been made to fill memories")]
    TooLong,
}

/// A bit for each place; place 0 is the most significant bit of the first byte (Bitstring Status List v1.0, section 7.1).
#[derive(Clone, PartialEq, Eq)]
pub struct Bits(Vec<u8>);

impl Default for Bits {
    /// [`PLACES`] of which none is set.
    fn default() -> Self {
        Self(vec![0; BYTES])
    }
}

impl Bits {
    /// How many places there are.
    #[must_use]
    pub fn places(&self) -> u64 {
        u64::try_from(self.0.len()).unwrap_or(u64::MAX).saturating_mul(8)
    }

    /// Whether the bit of a place is set; none: there is no such place.
    #[must_use]
    pub fn get(&self, place: u64) -> Option<bool> {
        let byte = self.0.get(usize::try_from(place / 8).ok()?)?;
        Some(byte & mask(place) != 0)
    }

    /// Sets the bit of a place; whether there is such a place.
    #[must_use]
    pub fn set(&mut self, place: u64) -> bool {
        let byte = usize::try_from(place / 8).ok().and_then(|index| self.0.get_mut(index));
        byte.map(|byte| *byte |= mask(place)).is_some()
    }

    /// How many bits are set.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.iter().map(|byte| u64::from(byte.count_ones())).sum()
    }

    /// `u`, and the compressed bits in Base64 for URLs. The same bits give the same text.
    ///
    /// # Errors
    /// [`BitsError::Gzip`], if they cannot be compressed.
    pub fn encode(&self) -> Result<String, BitsError> {
        let gzip = |error: std::io::Error| BitsError::Gzip(error.to_string());
        let mut encoder = GzBuilder::new().mtime(0).operating_system(ANY_SYSTEM).write(Vec::new(), Compression::best());
        encoder.write_all(&self.0).map_err(gzip)?;
        let mut text = String::from(MULTIBASE);
        BASE64_URL_SAFE_NO_PAD.encode_string(encoder.finish().map_err(gzip)?, &mut text);
        Ok(text)
    }

    /// The bits that a text stands for. Memory is bounded by [`INFLATED_LIMIT`].
    ///
    /// # Errors
    /// [`BitsError`].
    pub fn decode(text: &str) -> Result<Self, BitsError> {
        let digits = text.strip_prefix(MULTIBASE).ok_or(BitsError::Text)?;
        let compressed = BASE64_URL_SAFE_NO_PAD.decode(digits).map_err(|_| BitsError::Text)?;
        let mut rest = compressed.as_slice();
        let limit = u64::try_from(INFLATED_LIMIT).unwrap_or(u64::MAX).saturating_add(1);
        let mut bytes = Vec::new();
        let read = GzDecoder::new(&mut rest).take(limit).read_to_end(&mut bytes);
        read.map_err(|error| BitsError::Gzip(error.to_string()))?;
        if bytes.len() > INFLATED_LIMIT {
            return Err(BitsError::TooLong);
        }
        if !rest.is_empty() {
            return Err(BitsError::Trailing);
        }
        let bits = Self(bytes);
        if bits.places() < u64::from(PLACES) { Err(BitsError::TooShort(bits.places())) } else { Ok(bits) }
    }
}

impl fmt::Debug for Bits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bits({} of {})", self.count(), self.places())
    }
}

const fn mask(place: u64) -> u8 {
    0x80 >> (place % 8)
}
