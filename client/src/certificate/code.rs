//! The code to scan (QR, ISO/IEC 18004).

use krilla::geom::{Path, PathBuilder, Rect};
use qrcode::{Color, EcLevel, QrCode};

use super::PrintError;

/// Modules that must be left blank around a code.
const QUIET: usize = 4;

/// A code as dark and light squares.
pub(super) struct Code {
    width: usize,
    dark: Vec<bool>,
}

impl Code {
    /// The code of a text. A seventh of it may be damaged or dirty.
    pub(super) fn of(text: &str) -> Result<Self, PrintError> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M);
        let code = code.map_err(|error| PrintError::Pdf(format!("the link gives no code: {error}")))?;
        let dark = code.to_colors().into_iter().map(|colour| colour == Color::Dark).collect();
        Ok(Self { width: code.width(), dark })
    }

    /// The dark squares, in a square on the page whose margin stays blank: each row's neighbours together.
    pub(super) fn path(&self, left: f32, top: f32, side: f32) -> Option<Path> {
        let module = side / (self.width + 2 * QUIET) as f32;
        let place = |index: usize| (index + QUIET) as f32 * module;
        let mut path = PathBuilder::new();
        for (row, squares) in self.dark.chunks(self.width).enumerate() {
            let mut column = 0;
            for run in squares.chunk_by(|a, b| a == b) {
                if run.first() == Some(&true) {
                    let (x, y) = (left + place(column), top + place(row));
                    path.push_rect(Rect::from_xywh(x, y, run.len() as f32 * module, module)?);
                }
                column += run.len();
            }
        }
        path.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_corners_and_a_margin() {
        let code = Code::of("https://explorer.solana.com/address/McRSEVpH8874qrZeVP1JNUeGujuQHAZGfq1WCo8tWuY").unwrap();
        let corner = |row: usize, column: usize| {
            let ring = |a: usize, b: usize| [a, b].iter().any(|at| *at == 0 || *at == 6);
            let heart = |a: usize, b: usize| (2..5).contains(&a) && (2..5).contains(&b);
            (0..49).all(|at| {
                let (a, b) = (at / 7, at % 7);
                code.dark[(row + a) * code.width + column + b] == (ring(a, b) || heart(a, b))
            })
        };
        let far = code.width - 7;
        assert!(corner(0, 0) && corner(0, far) && corner(far, 0) && !corner(far, far));
        assert!(code.path(0.0, 0.0, 100.0).is_some());
    }
}
