//! Whatever the bytes of a published status list: its bits, or why it is not to be relied on.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| microcred_fuzz::list(bytes));
