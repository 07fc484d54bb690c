//! The commands, a file each.

pub(super) mod achievement;
pub(super) mod apply;
pub(super) mod bake;
pub(super) mod certificate;
pub(super) mod challenge;
pub(super) mod completions;
pub(super) mod config;
pub(super) mod definition;
pub(super) mod did_web;
pub(super) mod extract;
pub(super) mod fund;
pub(super) mod history;
pub(super) mod issue;
pub(super) mod issuer;
pub(super) mod key;
pub(super) mod keygen;
pub(super) mod list;
pub(super) mod present;
pub(super) mod registry;
pub(super) mod renew;
pub(super) mod revoke;
pub(super) mod show;
pub(super) mod status;
pub(super) mod status_list;
pub(super) mod verify;
pub(super) mod watch;
