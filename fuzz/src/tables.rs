//! Whatever the bytes of the files that an issuer is sent: rows of learners, or definitions of achievements.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| microcred_fuzz::table(bytes));
