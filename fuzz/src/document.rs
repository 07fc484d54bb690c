//! Whatever the bytes of a file: an answer, within bounds, and never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| microcred_fuzz::document(bytes));
