//! Writes the IDL.
fn main() {}
