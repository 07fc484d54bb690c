//! A rosette, as engravers drew them. It means nothing and proves nothing.

use std::f32::consts::TAU;

use krilla::geom::{Path, PathBuilder};

/// Points of each line.
const STEPS: u16 = 288;

/// Closed lines that wind about a circle, each with so many waves, and each turned a little against the one before.
struct Ring {
    lines: u16,
    waves: f32,
    /// Parts of the rosette's radius.
    radius: f32,
    swing: f32,
}

const RINGS: [Ring; 3] = [
    Ring { lines: 12, waves: 12.0, radius: 0.78, swing: 0.22 },
    Ring { lines: 10, waves: 10.0, radius: 0.46, swing: 0.16 },
    Ring { lines: 8, waves: 8.0, radius: 0.22, swing: 0.11 },
];

/// The lines of a rosette.
pub(super) fn rosette(x: f32, y: f32, radius: f32) -> Option<Path> {
    let mut path = PathBuilder::new();
    for ring in &RINGS {
        for line in 0..ring.lines {
            // Over half a wave: the edge keeps its petals.
            let turn = f32::from(line) / f32::from(ring.lines) * TAU / 2.0;
            for step in 0..STEPS {
                let angle = f32::from(step) / f32::from(STEPS) * TAU;
                let reach = radius * (ring.radius + ring.swing * (ring.waves * angle + turn).sin());
                let (at_x, at_y) = (x + reach * angle.cos(), y + reach * angle.sin());
                if step == 0 { path.move_to(at_x, at_y) } else { path.line_to(at_x, at_y) }
            }
            path.close();
        }
    }
    path.finish()
}
