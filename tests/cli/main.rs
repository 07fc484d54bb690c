//! The command line as a process: what it prints, its exit codes, and that bad input changes nothing.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod achievements;
mod apply;
mod cluster;
mod credentials;
mod csv;
mod csv_cluster;
mod demo;
mod desk;
mod help;
mod issuers;
mod keys;
mod offline;
mod refusals;
mod registries;
mod settings;
mod show;
