//! One change, told so that a person can agree to it.

use std::fmt;

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use solana_address::Address;
use solana_instruction::Instruction;

/// What a change does to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Creates it.
    Create,
    /// Changes fields of it.
    Update,
    /// Publishes a draft, which freezes it.
    Publish,
    /// Takes it out of use until it is resumed.
    Pause,
    /// Takes it into use again.
    Resume,
    /// Takes it out of use for good.
    Retire,
    /// Ends a key's validity earlier.
    Shorten,
    /// Adds a term to an accreditation, or prolongs its last one.
    AddTerm,
    /// Vouches for an issuer's present profile.
    Confirm,
    /// Suspends an accreditation.
    Suspend,
    /// Reinstates an accreditation.
    Reinstate,
    /// Withdraws an accreditation.
    Withdraw,
}

impl Action {
    /// The verb.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Publish => "publish",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Retire => "retire",
            Self::Shorten => "shorten",
            Self::AddTerm => "add a term to",
            Self::Confirm => "confirm",
            Self::Suspend => "suspend",
            Self::Reinstate => "reinstate",
            Self::Withdraw => "withdraw",
        }
    }

    /// Whether nothing leads back.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Publish | Self::Retire | Self::Shorten | Self::Withdraw)
    }
}

/// One field: what it is and what it becomes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Detail {
    /// Its name in the file.
    pub field: &'static str,
    /// What it is; none: the account is new, or nothing stands there.
    pub old: Option<String>,
    /// What it becomes.
    pub new: String,
}

impl Detail {
    pub(super) fn new(field: &'static str, new: impl Into<String>) -> Self {
        Self { field, old: None, new: new.into() }
    }

    pub(super) fn changed(field: &'static str, old: impl Into<String>, new: impl Into<String>) -> Self {
        Self { field, old: Some(old.into()), new: new.into() }
    }
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.old {
            Some(old) => write!(f, "{}: {old} -> {}", self.field, self.new),
            None => write!(f, "{}: {}", self.field, self.new),
        }
    }
}

/// One change: one instruction, what it does in words, and who signs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What it does.
    pub action: Action,
    /// To what, in words.
    pub what: String,
    /// The account's address.
    #[serde(serialize_with = "text")]
    pub account: Address,
    /// The fields.
    pub details: Vec<Detail>,
    /// Who must sign besides the payer.
    #[serde(serialize_with = "text")]
    pub signer: Address,
    /// Bytes of each account that comes into being: the payer locks the rent for them.
    pub created: Vec<usize>,
    /// The instruction.
    #[serde(skip)]
    pub instruction: Instruction,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.action.word(), self.what)
    }
}

fn text<S: Serializer>(address: &Address, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(address)
}

/// A text as it is shown.
pub(super) fn quoted(text: &str) -> String {
    if text.is_empty() { "none".into() } else { format!("{text:?}") }
}

/// A time as it is written in the file; 0 is none.
pub(super) fn date(unix: i64) -> String {
    if unix == 0 {
        return "none".into();
    }
    Timestamp::from_second(unix).map_or_else(|_| unix.to_string(), |time| time.to_string())
}
