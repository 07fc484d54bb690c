//! Thirty-two bytes as hexadecimal digits.

use std::fmt::{self, Display, Formatter};

/// The bytes of 64 hexadecimal digits; none: it is not that.
#[must_use]
pub fn parse(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

/// Prints the digits.
pub struct Hex<'a>(pub &'a [u8; 32]);

impl Display for Hex<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_read_as_they_are_printed() {
        let bytes = std::array::from_fn(|index| u8::try_from(index * 8).unwrap());
        assert_eq!(parse(&Hex(&bytes).to_string()), Some(bytes));
        assert_eq!(parse(&"AB".repeat(32)), Some([0xab; 32]));
        for wrong in ["", "ab", &"0g".repeat(32), &"+f".repeat(32), &"ä".repeat(32), &"0".repeat(65)] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
