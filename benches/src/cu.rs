//! Compute units.
fn main() {}
