//! Printing that can fail: `println!` would panic when nobody reads on, as in `microcred demo | head`.

use std::{
    fmt::Arguments,
    io::{self, Write},
};

/// Writes a line to the standard output, as `println!` does, and says whether it could.
macro_rules! say {
    ($($text:tt)*) => { $crate::say::line(format_args!($($text)*)) };
}
pub(crate) use say;

pub(crate) fn line(text: Arguments<'_>) -> io::Result<()> {
    writeln!(io::stdout(), "{text}")
}
