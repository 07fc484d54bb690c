//! Whatever the bytes of an image: a document, or why there is none.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| microcred_fuzz::image(bytes));
