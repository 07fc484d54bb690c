//! Robustness as seen from outside: a cluster on loopback behind a proxy through which things go wrong, and processes that are killed.

mod bulk;
mod history;
mod killing;
mod plan;
mod proxy;
mod queries;
mod scene;
mod sending;
mod verification;
