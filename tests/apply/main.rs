//! Declarations applied to the compiled program: every change and every conflict, again and again, interrupted, and at the limits.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::indexing_slicing, reason = "a test fails by panicking")]

mod accreditations;
mod achievements;
mod definitions;
mod deployment;
mod interruption;
mod keys;
mod limits;
mod organisations;
mod reading;
mod stage;
