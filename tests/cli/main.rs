//! The command line as a process: what it prints, its exit codes, and that bad input changes nothing.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod achievements;
mod apply;
mod attacks;
mod baking;
mod cluster;
mod correcting;
mod credentials;
mod csv;
mod csv_cluster;
mod definitions;
mod demo;
mod desk;
mod documents;
mod help;
mod histories;
mod issuers;
mod keys;
mod listing;
mod offline;
mod presenting;
mod reading_a_cluster;
mod refusals;
mod registries;
mod settings;
mod show;
mod status_lists;
mod tour;
mod verifying;
mod verifying_documents;
mod verifying_many;
