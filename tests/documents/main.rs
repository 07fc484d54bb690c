//! Documents through the public interfaces, and what attackers make of them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod attacks;
mod challenge_book;
mod did_web;
mod elsewhere;
mod fetching;
mod official;
mod presentation;
mod samples;
mod signed_text;
mod status_list;
mod vocabulary;
