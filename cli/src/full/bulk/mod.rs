//! `--csv`: the same for every row of a file, on top of the client's bulk runs.

mod answer;
mod progress;

use std::{
    cell::Cell,
    future::pending,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, value_parser};
use microcred_client::{
    bulk::{BulkError, Options, Overview, Progress, RowError, Run, Source, Summary},
    sending::Policy,
};
use solana_signer::Signer;

use self::{answer::Answered, progress::Bar};
use super::{
    documents::Clerk, error::CliError, files, session::Session, shown::Linked, signers::Party,
    transaction::TransactionOptions,
};

/// Options of every run over a file.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Options with --csv")]
pub(crate) struct BulkOptions {
    /// Where the journal is [default: beside the file, with its name and .journal]
    #[arg(long, value_name = "FILE", requires = "csv")]
    journal: Option<PathBuf>,
    /// How many transactions are under way at once [default: 8]
    #[arg(long, value_name = "N", requires = "csv", value_parser = value_parser!(u16).range(1..=256))]
    concurrency: Option<u16>,
    /// Check everything, tell what would be done and what it costs, and send nothing
    #[arg(long, requires = "csv")]
    dry_run: bool,
    /// Let a signer that asks a person, such as a hardware wallet, ask for every transaction
    #[arg(long, requires = "csv")]
    allow_interactive: bool,
}

impl BulkOptions {
    /// How the run goes about it.
    pub(crate) fn options(&self, transaction: &TransactionOptions) -> Options {
        let usual = Options::default();
        Options {
            policy: Policy { attempts: usual.policy.attempts, ..transaction.policy() },
            concurrency: self.concurrency.map_or(usual.concurrency, usize::from),
            interactive: self.allow_interactive,
            ..usual
        }
    }
}

/// Bytes of a file of rows at most: more than a million learners.
const FILE_LIMIT: usize = 256 << 20;

/// A file of rows.
pub(crate) struct Table {
    path: PathBuf,
    /// What is in it.
    pub(crate) bytes: Vec<u8>,
}

impl Table {
    pub(crate) fn read(path: &Path) -> Result<Self, CliError> {
        Ok(Self { path: path.to_owned(), bytes: files::read(path, FILE_LIMIT)? })
    }

    /// Rows of it are wrong; the hint may say what to do.
    pub(crate) fn wrong(&self, errors: Vec<RowError>, hint: &'static str) -> CliError {
        CliError::Rows { path: self.path.clone(), errors, hint }
    }

    /// Where a run's rows come from, and where it writes down what it does.
    pub(crate) async fn source(&self, session: &Session, options: &BulkOptions) -> Result<Source, CliError> {
        let source = Source::of(&self.path, &self.bytes, session.identity().await?);
        Ok(match &options.journal {
            Some(journal) => Source { journal: journal.clone(), ..source },
            None => source,
        })
    }
}

/// What is done to all rows.
pub(crate) struct Task<'a> {
    pub(crate) action: &'static str,
    pub(crate) issuer: Linked,
    pub(crate) achievement: Option<Linked>,
    pub(crate) table: &'a Table,
    pub(crate) source: &'a Source,
    pub(crate) options: &'a BulkOptions,
    /// Who makes documents, where they are made.
    pub(crate) clerk: Option<&'a Clerk>,
}

impl Task<'_> {
    /// Shows what the run will do, asks, does it, and answers what was done. The exit code is 0 where every row is done or needed nothing,
    /// 5 where it is not known what became of one, 1 otherwise.
    pub(crate) async fn carry_out(
        self,
        session: &Session,
        run: Result<Run<'_>, BulkError>,
        consequence: impl Fn(&Overview) -> String,
    ) -> Result<ExitCode, CliError> {
        let run = run.map_err(|error| match error {
            BulkError::Rows(errors) => self.table.wrong(errors, ""),
            error => error.into(),
        })?;
        let overview = run.overview().clone();
        let payer = session.payer()?.address;
        let balance = session.account(&payer).await?.map_or(0, |account| account.lamports);
        let answer = Answered {
            action: self.action,
            cluster: session.settings.target.name(),
            issuer: self.issuer,
            achievement: self.achievement,
            file: self.table.path.display().to_string(),
            journal: self.source.journal.display().to_string(),
            documents: self.clerk.map(|clerk| clerk.folder.path().display().to_string()),
            overview: answer::Overview::new(&overview, payer, balance),
            summary: None,
        };
        if self.options.dry_run {
            session.answer(&answer)?;
            return Ok(ExitCode::SUCCESS);
        }
        session.printer.preview(&answer);
        let parties = [(session.payer()?, "--fee-payer"), (session.actor()?, "--keypair")];
        let signers = signers(&parties)?;
        if overview.to_do > 0 {
            session.confirm(&consequence(&overview))?;
        }
        let summary = watch(session, run, &overview, &signers, self.source, self.clerk).await?;
        let code = answer::exit_code(&summary);
        session.answer(&Answered { summary: Some(answer::Summary::new(summary)), ..answer })?;
        Ok(code)
    }
}

/// Everyone who signs, once. All of them must be here: transactions are signed as they are sent.
fn signers<'a>(parties: &'a [(Party, &'static str)]) -> Result<Vec<&'a dyn Signer>, CliError> {
    let mut signers: Vec<(_, &'a dyn Signer)> = Vec::new();
    for (Party { address, .. }, option) in parties {
        if signers.iter().any(|(known, _)| known == address) {
            continue;
        }
        let mut here = parties.iter().filter(|(party, _)| party.address == *address);
        let signer = here.find_map(|(party, _)| party.signer.as_deref()).ok_or_else(|| {
            CliError::Signer(format!(
                "{address} signs every transaction when it is sent, and only its address is known: name its keypair with {option}"
            ))
        })?;
        signers.push((*address, signer));
    }
    Ok(signers.into_iter().map(|(_, signer)| signer).collect())
}

/// Does it under a progress bar, until it is done or somebody ends it.
async fn watch(
    session: &Session,
    run: Run<'_>,
    overview: &Overview,
    signers: &[&dyn Signer],
    source: &Source,
    clerk: Option<&Clerk>,
) -> Result<Summary, CliError> {
    let bar = Bar::new(overview.to_do, &session.printer);
    let done = Cell::new(0);
    let progress = |progress: &Progress| {
        done.set(progress.done);
        bar.show(progress);
    };
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            pending::<()>().await;
        }
    };
    tokio::select! {
        biased;
        () = interrupted => {
            Err(CliError::Stopped { done: done.get(), rows: overview.to_do, journal: source.journal.clone() })
        }
        summary = async {
            match clerk {
                Some(clerk) => run.execute_with_documents(signers, &clerk.signer, &progress).await,
                None => run.execute(signers, &progress).await,
            }
        } => Ok(summary?),
    }
}
