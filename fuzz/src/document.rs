//! Whatever the bytes: an answer, within bounds, and never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use microcred_client::document::{Document, proof, reference::References};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(document) = Document::read(bytes) {
        let _ = proof::verify(document.value());
        let _ = References::of(document.value());
    }
});
