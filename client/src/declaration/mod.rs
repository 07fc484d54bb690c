//! What an organisation declares in a TOML file, and the changes that make it so.
//!
//! A declaration names registry, issuer, keys, accreditations and achievements; every section may be missing. [`Declaration::parse`] reads
//! and checks it, [`State::read`] reads what stands on a ledger, and [`plan()`] says what is to change: a pure function, so that
//! what it answers can be shown, signed elsewhere and tested. A plan that was interrupted continues when it is made anew, and once all of
//! it is applied there is nothing left to do.
//!
//! Accounts are never closed, so nothing is removed: what stands on the ledger and not in the file is left alone.

mod achievement;
mod checks;
mod form;
mod identity;
mod plan;
mod roles;
mod state;
#[cfg(test)]
mod tests;
mod texts;

pub use achievement::AchievementDeclaration;
pub use checks::Problem;
pub use form::{
    AccreditationDeclaration, Declaration, IssuerDeclaration, KeyDeclaration, Permission, RegistryDeclaration,
    TermDeclaration,
};
pub use identity::Identity;
pub use plan::{Action, Change, Detail, Plan, plan};
pub use roles::{Place, Places, Roles};
pub use state::State;
pub(crate) use texts::explain;

use thiserror::Error;

use crate::{account::DecodeError, ledger::ReadError};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// Why a declaration cannot be used, or not be applied.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DeclarationError {
    /// Not TOML, or not of this form. The message shows the place.
    #[error("{0}")]
    Form(String),
    /// What the program would refuse, or what is missing: all of it.
    #[error("{}", list(.0))]
    Problems(Vec<Problem>),
    /// What the program does not allow to change: nothing may be sent.
    #[error("{}", list(.0))]
    Conflicts(Vec<Problem>),
    /// The ledger could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Something else stands where an account should be.
    #[error(transparent)]
    Decode(#[from] DecodeError),
}

fn list(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

impl Declaration {
    /// Reads a file's text and checks it against the program's limits.
    ///
    /// # Errors
    /// [`DeclarationError::Form`] with the place; [`DeclarationError::Problems`] with all of them.
    pub fn parse(text: &str) -> Result<Self, DeclarationError> {
        let declaration: Self = toml::from_str(text).map_err(|error| DeclarationError::Form(error.to_string()))?;
        declaration.check()?;
        Ok(declaration)
    }

    /// Checks against the program's limits.
    ///
    /// # Errors
    /// [`DeclarationError::Problems`] with all of them.
    pub fn check(&self) -> Result<(), DeclarationError> {
        let problems = checks::check(self);
        if problems.is_empty() { Ok(()) } else { Err(DeclarationError::Problems(problems)) }
    }
}
