//! The commands, a file each.

pub(super) mod completions;
pub(super) mod config;
pub(super) mod keygen;
pub(super) mod registry;
