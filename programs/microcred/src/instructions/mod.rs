//! One folder per account kind, one file per instruction: its arguments, its accounts with who may be what, its checks, its handler.

pub(crate) mod accreditation;
pub(crate) mod achievement;
mod common;
mod creation;
pub(crate) mod credential;
pub(crate) mod issuer;
pub(crate) mod key;
pub(crate) mod registry;
mod withdraw_excess;

pub use accreditation::*;
pub use achievement::*;
pub use credential::*;
pub use issuer::*;
pub use key::*;
pub use registry::*;
pub use withdraw_excess::*;

pub use crate::arguments::NoArgs;
pub use common::ProposeAuthorityArgs;
