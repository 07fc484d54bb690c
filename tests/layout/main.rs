//! What is public API for ever, pinned as literals: bytes of accounts and events, numbers of codes and errors, and the
//! tables that decide.

mod accounts;
mod codes;
mod errors;
mod events;
mod receipt;
mod statuses;
mod verdicts;
