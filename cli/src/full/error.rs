//! What ends a command, as people and as programs are told.

use std::{io, path::PathBuf, process::ExitCode};

use microcred_client::{
    Address,
    account::DecodeError,
    baking::{BakeError, ExtractError},
    bulk::{BulkError, JournalError, Problem, RowError},
    certificate::PrintError,
    declaration::DeclarationError,
    definition::DefinitionError,
    deployment::DeploymentError,
    document::status_list::StatusError,
    document::{
        presentation::{BookError, PresentError},
        proof::SignError,
    },
    documents::{FolderError, OfficeError, ProvideError},
    error::SendError,
    ledger::{OpenError, ReadError},
    lookup::LookupError,
    status_lists::StatusListsError,
};
use serde_json::json;
use thiserror::Error;

use super::{safe::Safe, values::counted};
use crate::CLOSED_PIPE;

/// Exit code of usage and internal errors.
const FAILURE: u8 = 1;
/// Exit code where there is nothing at an address, as of the verdict "not found".
const NOT_FOUND: u8 = 4;
/// Exit code where a read failed, as of the verdict "could not check", or the cluster does not tell what became of a transaction.
const COULD_NOT_READ: u8 = 5;

/// How a message begins that shows the place in a file of TOML.
const TOML_PLACE: &str = "TOML parse error at ";

/// Exit code where somebody ended the command, as shells report it: 128 + SIGINT.
const INTERRUPTED: u8 = 130;

/// Why a command ended early. Every message says what to do next.
#[derive(Debug, Error)]
pub(crate) enum CliError {
    /// Options or arguments that make no sense together, or with what is on the ledger.
    #[error("{0}")]
    Usage(String),
    /// The configuration file cannot be used.
    #[error("{}: {why}; name another with --config, or write it anew with `solana config set`", path.display())]
    Config { path: PathBuf, why: String },
    /// A file cannot be read or written.
    #[error("{}: {error}", path.display())]
    File { path: PathBuf, error: io::Error },
    /// A file that would be written is there.
    #[error("{} exists: name another file, or say --force to replace it", .0.display())]
    Exists(PathBuf),
    /// A document cannot be baked into an image.
    #[error("{}: {error}{}", path.display(), if matches!(error, BakeError::AlreadyBaked) { " with --replace" } else { "" })]
    Bake { path: PathBuf, error: BakeError },
    /// No document can be taken out of an image.
    #[error("{}: {error}", path.display())]
    Extract { path: PathBuf, error: ExtractError },
    /// No certificate can be printed.
    #[error("{}: {error}", path.display())]
    Certificate { path: PathBuf, error: PrintError },
    /// The embedded ledger cannot be opened.
    #[error("{error}{hint}", error = .0, hint = open_hint(.0))]
    Open(#[from] OpenError),
    /// There is no such signer.
    #[error("{0}")]
    Signer(String),
    /// A read failed.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Nothing is at an address.
    #[error("there is no {kind} at {address} on {cluster}: check the address, and --url")]
    NotFound { kind: &'static str, address: Address, cluster: String },
    /// The account is not what it should be.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// Somebody else would have to sign.
    #[error("{0}")]
    WrongSigner(String),
    /// What acting takes could not be found out.
    #[error(transparent)]
    Lookup(#[from] LookupError),
    /// The transaction did not take effect, or it is not known.
    #[error("{error}{hint}", error = .0, hint = send_hint(.0))]
    Send(#[from] SendError),
    /// A declaration cannot be read, breaks a limit, or asks for what the program does not allow.
    #[error("{}: {}", Safe(path.display()), declaration_lines(error))]
    Declaration { path: PathBuf, error: DeclarationError },
    /// A file is not taken for an achievement's definition.
    #[error("{} {}", Safe(path.display()), definition_lines(error))]
    Definition { path: PathBuf, error: Box<DefinitionError> },
    /// The program on the cluster is not the one that is expected.
    #[error(transparent)]
    Deployment(Box<DeploymentError>),
    /// Some of several changes took effect, and then one did not, or what was left could not be planned.
    #[error("{} took effect; then, to {}: {error}; apply again to go on from there", so_far(*done, *total), Safe(what))]
    Interrupted { done: usize, total: Option<usize>, what: String, error: Box<CliError> },
    /// Documents cannot be made.
    #[error("{0}")]
    Office(Box<OfficeError>),
    /// A document is not there, or cannot be.
    #[error("{0}")]
    Provide(Box<ProvideError>),
    /// Rows of a file are wrong.
    #[error("{}: {}; nothing was done{}{}", Safe(path.display()), wrong_rows(errors.len()), list(errors), hint)]
    Rows { path: PathBuf, errors: Vec<RowError>, hint: &'static str },
    /// A run over a file's rows cannot begin.
    #[error("{error}{hint}", error = .0, hint = bulk_hint(.0))]
    Bulk(BulkError),
    /// Somebody ended a run over a file's rows.
    #[error(
        "interrupted, after {done} of {rows} rows; the same command goes on where this ended, as long as {} is there",
        journal.display()
    )]
    Stopped { done: usize, rows: usize, journal: PathBuf },
    /// A file with a document, a presentation or a signed text cannot be read, or is of another kind.
    #[error("{}: {why}", path.display())]
    Document { path: PathBuf, why: String },
    /// A document is not shown.
    #[error(transparent)]
    Present(#[from] PresentError),
    /// A book of challenges cannot be used.
    #[error(transparent)]
    Challenges(#[from] BookError),
    /// What an issuer's status lists say could not be found out, or the signer may not sign them.
    #[error(transparent)]
    StatusLists(StatusListsError),
    /// A status list's file does not tell a bit.
    #[error("{}: {error}", path.display())]
    StatusList { path: PathBuf, error: StatusError },
    /// Somebody was asked, and did not want it.
    #[error("not confirmed, and so not done")]
    NotConfirmed,
    /// Nobody can be asked.
    #[error("this cannot be undone, and nobody can be asked because there is no terminal: say --yes to do it\n{}", Safe(.0))]
    NobodyToAsk(String),
    /// The answer cannot be printed.
    #[error("the output cannot be written: {0}")]
    Output(#[from] io::Error),
}

impl From<DeploymentError> for CliError {
    fn from(error: DeploymentError) -> Self {
        Self::Deployment(Box::new(error))
    }
}

impl From<StatusListsError> for CliError {
    fn from(error: StatusListsError) -> Self {
        match error {
            StatusListsError::Lookup(error) => Self::Lookup(error),
            error => Self::StatusLists(error),
        }
    }
}

impl CliError {
    /// The word that programs know the error by.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Usage(_) => "usage",
            Self::Config { .. } => "config",
            Self::File { .. } => "file",
            Self::Exists(_) => "exists",
            Self::Document { .. } | Self::Bake { error: BakeError::Document(_), .. } => "document",
            Self::Bake { error: BakeError::AlreadyBaked, .. } => "already-baked",
            Self::Bake { .. } | Self::Extract { .. } => "image",
            Self::Certificate { error: PrintError::Font | PrintError::Letter(_), .. } => "font",
            Self::Certificate { .. } => "certificate",
            Self::Rows { .. } => "rows",
            Self::Office(error) => office_code(error),
            Self::Provide(error) => match error.as_ref() {
                ProvideError::Read(error) => read_code(error),
                ProvideError::NoPlaces => "status-lists-full",
                ProvideError::Make(_)
                | ProvideError::Folder(_)
                | ProvideError::Another(_)
                | ProvideError::Taken { .. } => "document",
            },
            Self::Open(OpenError::Locked(_)) => "ledger-locked",
            Self::Open(OpenError::Damaged { .. } | OpenError::OtherVersion { .. }) => "ledger-damaged",
            Self::Open(_) => "ledger",
            Self::Signer(_) => "signer",
            Self::Read(error) | Self::Lookup(LookupError::Read(error)) => read_code(error),
            Self::NotFound { .. } => "not-found",
            Self::Decode(_) => "wrong-account",
            Self::WrongSigner(_)
            | Self::Lookup(
                LookupError::NotOfIssuer { .. } | LookupError::NotPermitted { .. } | LookupError::AuthorityOnly { .. },
            ) => "wrong-signer",
            Self::Lookup(LookupError::Missing { .. }) => "not-found",
            Self::Lookup(LookupError::Decode(_)) => "wrong-account",
            Self::Lookup(LookupError::StatusListsFull(_)) => "status-lists-full",
            Self::Declaration { error: DeclarationError::Conflicts(_), .. } => "conflict",
            Self::Declaration { error: DeclarationError::Read(error), .. } => read_code(error),
            Self::Declaration { error: DeclarationError::Decode(_), .. } => "wrong-account",
            Self::Declaration { .. } => "declaration",
            Self::Definition { .. } => "definition",
            Self::Deployment(error) => match error.as_ref() {
                DeploymentError::Read(error) => read_code(error),
                DeploymentError::NotDeployed { .. } => "no-program",
                _ => "wrong-program",
            },
            Self::Interrupted { error, .. } => error.code(),
            Self::Send(error) => send_code(error),
            Self::Bulk(error) => bulk_code(error),
            Self::Stopped { .. } => "interrupted",
            Self::Present(error) => present_code(error),
            Self::Challenges(BookError::Domain(error)) => present_code(error),
            Self::Challenges(_) => "challenge-book",
            Self::StatusLists(StatusListsError::NotAKey { .. } | StatusListsError::NotPermitted { .. }) => {
                "wrong-signer"
            }
            Self::StatusLists(_) => "read",
            Self::StatusList { .. } => "status-list",
            Self::NotConfirmed | Self::NobodyToAsk(_) => "not-confirmed",
            Self::Output(_) => "output",
        }
    }

    /// The exit code.
    pub(crate) fn exit_code(&self) -> ExitCode {
        if let Self::Interrupted { error, .. } = self {
            return error.exit_code();
        }
        ExitCode::from(match self {
            Self::Deployment(error)
                if matches!(**error, DeploymentError::Read(_) | DeploymentError::NotDeployed { .. }) =>
            {
                COULD_NOT_READ
            }
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => CLOSED_PIPE,
            Self::Declaration { error: DeclarationError::Read(_), .. }
            | Self::Read(_)
            | Self::Send(SendError::Read(_) | SendError::Unconfirmed { .. } | SendError::Untold { .. })
            | Self::Lookup(LookupError::Read(_)) => COULD_NOT_READ,
            Self::StatusLists(StatusListsError::NotAKey { .. } | StatusListsError::NotPermitted { .. }) => FAILURE,
            Self::StatusLists(_) | Self::StatusList { .. } => COULD_NOT_READ,
            Self::Office(error) if matches!(**error, OfficeError::Missing { .. }) => NOT_FOUND,
            Self::Provide(error) if matches!(**error, ProvideError::Read(_)) => COULD_NOT_READ,
            Self::NotFound { .. } | Self::Lookup(LookupError::Missing { .. }) => NOT_FOUND,
            Self::Bulk(BulkError::Unready(problems)) if problems.iter().any(is_missing) => NOT_FOUND,
            Self::Stopped { .. } => INTERRUPTED,
            _ => FAILURE,
        })
    }

    /// Whether its message has several lines. Of such a one each part is safe by itself; of all others a line break is what somebody wrote
    /// into a file or an account.
    pub(crate) fn has_lines(&self) -> bool {
        match self {
            Self::Interrupted { error, .. } => error.has_lines(),
            Self::Declaration { .. } | Self::Definition { .. } | Self::Rows { .. } | Self::NobodyToAsk(_) => true,
            _ => false,
        }
    }

    /// Whether there is anybody left to tell.
    pub(crate) fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// The JSON form.
    pub(crate) fn json(&self) -> serde_json::Value {
        let mut error = json!({ "code": self.code(), "message": self.to_string() });
        if let Self::Rows { errors, .. } = self {
            error["rows"] = errors.iter().map(|error| json!({ "line": error.line, "why": error.what })).collect();
        }
        json!({ "error": error })
    }
}

impl From<BulkError> for CliError {
    fn from(error: BulkError) -> Self {
        match error {
            BulkError::Read(error) | BulkError::Simulated(SendError::Read(error)) => Self::Read(error),
            error => Self::Bulk(error),
        }
    }
}

impl From<OfficeError> for CliError {
    fn from(error: OfficeError) -> Self {
        match error {
            OfficeError::Read(error) => Self::Read(error),
            OfficeError::Lookup(error) => Self::Lookup(error),
            error => Self::Office(Box::new(error)),
        }
    }
}

impl From<ProvideError> for CliError {
    fn from(error: ProvideError) -> Self {
        Self::Provide(Box::new(error))
    }
}

impl From<FolderError> for CliError {
    fn from(error: FolderError) -> Self {
        ProvideError::from(error).into()
    }
}

const fn office_code(error: &OfficeError) -> &'static str {
    match error {
        OfficeError::Missing { .. } => "not-found",
        OfficeError::Decode(_) => "wrong-account",
        OfficeError::Key { .. } | OfficeError::AnotherKey { .. } | OfficeError::AnotherIssuers { .. } => "wrong-signer",
        OfficeError::NoDefinition { .. } | OfficeError::OtherDefinition { .. } => "definition",
        _ => "document",
    }
}

const fn send_code(error: &SendError) -> &'static str {
    match error {
        SendError::Read(error) => read_code(error),
        SendError::Refused { .. } => "refused",
        SendError::Expired(_) => "expired",
        SendError::Unconfirmed { .. } => "unconfirmed",
        SendError::Untold { .. } => "untold",
        SendError::NotSaved(_) => "not-saved",
        SendError::Unsigned(_) | SendError::NotSigned(_) => "signatures",
        SendError::BadNonce { .. } => "nonce",
        SendError::TooPoor { .. } => "insufficient-funds",
        _ => "not-executed",
    }
}

fn bulk_code(error: &BulkError) -> &'static str {
    match error {
        BulkError::Rows(_) => "rows",
        BulkError::Unready(problems) if problems.iter().any(is_missing) => "not-found",
        BulkError::Unready(problems) if problems.iter().any(is_about_funds) => "insufficient-funds",
        BulkError::Unready(_) => "not-ready",
        BulkError::Journal(JournalError::InUse(_)) => "journal-in-use",
        BulkError::Journal(JournalError::Damaged { .. }) => "journal-damaged",
        BulkError::Journal(JournalError::OtherRun { .. }) => "other-run",
        BulkError::Journal(JournalError::Io { .. }) => "file",
        BulkError::Folder(_) => "document",
        BulkError::Read(error) => read_code(error),
        BulkError::Simulated(error) => send_code(error),
        BulkError::Interactive(_) | BulkError::DocumentSigner(_) => "signer",
    }
}

const fn present_code(error: &PresentError) -> &'static str {
    match error {
        PresentError::Presentation | PresentError::Subject(_) | PresentError::Sign(SignError::Unhashable(_)) => {
            "document"
        }
        PresentError::OtherSigner { .. } => "wrong-signer",
        PresentError::HardwareWallet | PresentError::Sign(_) | PresentError::Signer(_) => "signer",
        _ => "usage",
    }
}

const fn is_missing(problem: &Problem) -> bool {
    matches!(problem, Problem::Missing { .. })
}

const fn is_about_funds(problem: &Problem) -> bool {
    matches!(problem, Problem::TooPoor { .. })
}

/// What to do about a run that cannot begin, where its own message does not say.
fn bulk_hint(error: &BulkError) -> &'static str {
    match error {
        BulkError::Unready(problems) if problems.iter().any(is_about_funds) => FUNDS_HINT,
        BulkError::Simulated(error) => send_hint(error),
        BulkError::Journal(JournalError::Io { .. }) => "; name another file for the journal with --journal",
        BulkError::Journal(JournalError::OtherRun { .. }) => ", or name one of its own with --journal",
        BulkError::Interactive(_) => " with --allow-interactive",
        BulkError::DocumentSigner(_) => "; --assert-key names another key of the issuer for documents",
        _ => "",
    }
}

/// How many changes, and of how many as far as that is known.
fn so_far(done: usize, total: Option<usize>) -> String {
    total.map_or_else(|| counted(done, "change"), |total| format!("{done} of {}", counted(total, "change")))
}

fn wrong_rows(count: usize) -> String {
    format!("{} {} wrong", counted(count, "row"), if count == 1 { "is" } else { "are" })
}

fn list(errors: &[RowError]) -> String {
    errors.iter().map(|error| format!("\n  {}", Safe(error))).collect()
}

/// What is wrong with a declaration: a line each, and none more for what stands in the file.
fn declaration_lines(error: &DeclarationError) -> String {
    let lines: Vec<_> = match error {
        DeclarationError::Problems(problems) | DeclarationError::Conflicts(problems) => {
            problems.iter().map(|problem| Safe(problem).to_string()).collect()
        }
        // Four lines that show the place, and what is wrong there.
        DeclarationError::Form(why) if why.starts_with(TOML_PLACE) => {
            why.trim_end().splitn(5, '\n').map(|line| Safe(line).to_string()).collect()
        }
        error => vec![Safe(error).to_string()],
    };
    lines.join("\n  ")
}

fn definition_lines(error: &DefinitionError) -> String {
    match error {
        DefinitionError::Declaration(error) => declaration_lines(error),
        error => Safe(error).to_string(),
    }
}

const fn read_code(error: &ReadError) -> &'static str {
    match error {
        ReadError::Unreachable { .. } => "unreachable",
        ReadError::NotDeployed { .. } => "no-program",
        _ => "read",
    }
}

/// How a payer that has too little is helped.
const FUNDS_HINT: &str = " with --fee-payer; `microcred fund` gives lamports where they cost nothing";

/// What to do about a ledger that cannot be opened, where its own message does not say.
fn open_hint(error: &OpenError) -> &'static str {
    match error {
        OpenError::Io { error, .. }
            if matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem) =>
        {
            "; name a file that you may write with --ledger"
        }
        OpenError::Io { .. } | OpenError::NoDataFolder => "; name another file with --ledger",
        _ => "",
    }
}

/// What to do about a transaction that did not land, where its own message does not say.
const fn send_hint(error: &SendError) -> &'static str {
    match error {
        SendError::NotSaved(_) => "; nothing of it is in the file: make room there, then do it again",
        SendError::TooPoor { .. } => FUNDS_HINT,
        SendError::Unsigned(_) => {
            ": its keypair is named with --keypair or --fee-payer; what --sign-only printed elsewhere is given with --signer, beside the same --blockhash"
        }
        _ => "",
    }
}
