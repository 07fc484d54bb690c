//! microcred on the command line.
fn main() {}
