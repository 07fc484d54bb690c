//! Verification of files: documents of learners.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use jiff::Timestamp;
use microcred_client::{
    baking,
    document::{
        checking::{self, Origin, Report},
        did_document::DidDocuments,
        json,
        presentation::Opened,
    },
    fetching::{Https, Kept},
    verification::document::{self, DocumentReceipt, Elsewhere},
};

use super::{Check, WORST_FIRST, answer::VerifiedDocument};
use crate::full::{error::CliError, output::Tone, presentation::PresentationOptions, series::Series};

/// How many documents are verified together: their reads are shared.
const TOGETHER: usize = 64;

/// What concerns documents alone.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Documents")]
pub(super) struct Options {
    /// Ask neither cluster nor web: check what documents show by themselves, and say what was not checked
    #[arg(long)]
    offline: bool,
    /// Take the standards' checks for enough where a document of another issuer names no accounts
    ///
    /// Such a document has the exit code 0 then, though nothing on chain vouches for it.
    #[arg(long)]
    accept_foreign: bool,
    /// A published status list, instead of fetching it; can be repeated
    #[arg(long, value_name = "FILE")]
    status_list: Vec<PathBuf>,
    /// The DID document of an issuer that is known by a web site (did:web), instead of fetching it; can be repeated
    #[arg(long, value_name = "FILE")]
    did_document: Vec<PathBuf>,
    #[command(flatten)]
    presentation: PresentationOptions,
    /// Fetch from this computer too, for trying out what is not published yet
    #[arg(long, hide = true)]
    allow_loopback: bool,
}

impl Options {
    /// Whether one was given.
    pub(super) const fn are_given(&self) -> bool {
        self.offline
            || self.accept_foreign
            || !self.status_list.is_empty()
            || !self.did_document.is_empty()
            || self.presentation.is_asked()
    }
}

/// Verifies files, and prints each answer. A file that cannot be read ends the run where it is the only one; of many, it is answered that
/// it could not be checked, and the others are.
pub(super) async fn run(
    check: &Check<'_>,
    options: &Options,
    asked: &document::Asked,
    paths: &[PathBuf],
) -> Result<ExitCode, CliError> {
    let files = Files::read(options)?;
    let fetch = if options.offline { None } else { Some(Kept::new(https(options)?)) };
    let pile = Pile { check, options, asked, files, fetch };
    let codes = match paths {
        [path] => {
            let receipts = pile.receipts(vec![pile.report(path).await?]).await?;
            let answers =
                receipts.into_iter().map(|receipt| VerifiedDocument::new(path, false, check.trust_asked, receipt));
            answers.map(|answer| check.session.answer(&answer).map(|()| answer.exit_code)).collect::<Result<_, _>>()?
        }
        _ if options.presentation.is_asked() => {
            return Err(CliError::Usage("a challenge is answered once: verify files one by one with it".into()));
        }
        _ => pile.tell(paths).await?,
    };
    Ok(ExitCode::from(WORST_FIRST.into_iter().find(|code| codes.contains(code)).unwrap_or_default()))
}

/// Documents that are verified in one run.
struct Pile<'a> {
    check: &'a Check<'a>,
    options: &'a Options,
    asked: &'a document::Asked,
    files: Files,
    /// None: nothing is fetched.
    fetch: Option<Kept<Https>>,
}

impl Pile<'_> {
    /// Prints the answer about each of many files, and then how many there are of each verdict. It gives the exit codes.
    async fn tell(&self, paths: &[PathBuf]) -> Result<Vec<u8>, CliError> {
        let printer = self.check.session.printer;
        let (mut series, mut told) = (Series::new(printer), Vec::new());
        let done = self.tell_each(paths, &mut series, &mut told).await;
        // What was printed before an error is whole too.
        if done.is_ok() || series.has_begun() {
            series.end()?;
        }
        done?;
        printer.text(|page| {
            page.heading(format_args!("{} checked", told.len()))?;
            checking::Verdict::ORDER.iter().rev().try_for_each(|verdict| {
                let count = told.iter().filter(|(_, told)| told == verdict).count();
                if count == 0 { Ok(()) } else { page.toned(verdict.word(), count, Tone::of(verdict.word())) }
            })
        })?;
        Ok(told.into_iter().map(|(code, _)| code).collect())
    }

    async fn tell_each(
        &self,
        paths: &[PathBuf],
        series: &mut Series,
        told: &mut Vec<(u8, checking::Verdict)>,
    ) -> Result<(), CliError> {
        let trust_asked = self.check.trust_asked;
        for paths in paths.chunks(TOGETHER) {
            let (mut reports, mut unread) = (Vec::new(), Vec::new());
            for path in paths {
                match self.report(path).await {
                    Ok(report) => {
                        reports.push(report);
                        unread.push(None);
                    }
                    Err(error) => unread.push(Some(error)),
                }
            }
            let mut receipts = self.receipts(reports).await?.into_iter();
            for (path, error) in paths.iter().zip(unread) {
                let answer = match error {
                    Some(error) => VerifiedDocument::not_read(path, trust_asked, &error),
                    None => match receipts.next() {
                        Some(receipt) => VerifiedDocument::new(path, true, trust_asked, receipt),
                        None => continue,
                    },
                };
                told.push((answer.exit_code, answer.verdict));
                series.tell(&answer)?;
            }
        }
        Ok(())
    }

    /// What a file shows by itself. Of an image, no more is kept than its document.
    async fn report(&self, path: &Path) -> Result<Report, CliError> {
        let opened = opened(&read(path)?, &self.options.presentation)?;
        Ok(match opened {
            Ok(opened) => document::check_opened(opened, &self.elsewhere()).await,
            Err(why) => Report::unreadable(why),
        })
    }

    /// What is needed beside a document now.
    fn elsewhere(&self) -> Elsewhere<'_> {
        Elsewhere {
            now: Timestamp::now(),
            accept: self.options.accept_foreign,
            did_documents: &self.files.did_documents,
            status_lists: &self.files.status_lists,
            fetch: self.fetch.as_ref().map(|fetch| fetch as _),
        }
    }

    /// The answers about documents, in their order.
    async fn receipts(&self, reports: Vec<Report>) -> Result<Vec<DocumentReceipt>, CliError> {
        let (mut receipts, mut on_chain) = (Vec::new(), Vec::new());
        for (place, report) in reports.into_iter().enumerate() {
            match report.origin {
                Origin::Elsewhere => {
                    let receipt = document::verify_elsewhere(report, self.asked, &self.elsewhere()).await;
                    receipts.push((place, receipt));
                }
                Origin::Chain if !self.options.offline => on_chain.push((place, report)),
                Origin::Chain | Origin::Unclear => receipts.push((place, document::offline(report, self.asked))),
            }
        }
        let (places, reports): (Vec<_>, Vec<_>) = on_chain.into_iter().unzip();
        receipts.extend(places.into_iter().zip(with_ledger(self.check, self.asked, reports).await?));
        receipts.sort_by_key(|(place, _)| *place);
        Ok(receipts.into_iter().map(|(_, receipt)| receipt).collect())
    }
}

/// Files that were given instead of fetching them.
struct Files {
    did_documents: DidDocuments,
    status_lists: Vec<Vec<u8>>,
}

impl Files {
    fn read(options: &Options) -> Result<Self, CliError> {
        let mut did_documents = DidDocuments::none();
        for path in &options.did_document {
            let added = did_documents.add(&read(path)?);
            added.map_err(|error| CliError::Usage(format!("{}: {error}", path.display())))?;
        }
        let status_lists = options.status_list.iter().map(|path| read(path)).collect::<Result<_, _>>()?;
        Ok(Self { did_documents, status_lists })
    }
}

/// What is in a file: a document, a presentation of one, or an image with one. Or why it is nothing of these.
fn opened(bytes: &[u8], presentation: &PresentationOptions) -> Result<Result<Opened, String>, CliError> {
    let document = match baking::document_in(bytes) {
        Ok(document) => json::read(&document).map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    document.map(|file| presentation.open(file)).map_or_else(|why| Ok(Err(why)), |opened| opened.map(Ok))
}

/// The answers about documents that name accounts. Where the program is not on the cluster, that an address is empty there says nothing.
async fn with_ledger(
    check: &Check<'_>,
    asked: &document::Asked,
    reports: Vec<Report>,
) -> Result<Vec<DocumentReceipt>, CliError> {
    if reports.is_empty() {
        return Ok(Vec::new());
    }
    let unread = |error: &_| reports.iter().map(|report| document::unread(report.clone(), asked, error)).collect();
    let chain = match check.session.chain().await {
        Ok(chain) => chain,
        Err(CliError::Read(error)) => return Ok(unread(&error)),
        Err(error) => return Err(error),
    };
    if let Some(unreadable) = check.probe().await? {
        return Ok(unread(&unreadable.0));
    }
    Ok(document::verify_documents(check.session.ledger().await?, &chain, reports, asked).await)
}

fn https(options: &Options) -> Result<Https, CliError> {
    Https::new(options.allow_loopback).map_err(|error| CliError::Usage(error.to_string()))
}

/// The bytes of a file, or of the standard input where it is called `-`. One byte too many is enough to see that it is too big.
fn read(path: &Path) -> Result<Vec<u8>, CliError> {
    let limit = u64::try_from(baking::IMAGE_LIMIT).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    let reader: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(path).map_err(|error| file_error(path, error))?)
    };
    reader.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| file_error(path, error))?;
    Ok(bytes)
}

fn file_error(path: &Path, error: io::Error) -> CliError {
    if error.kind() == io::ErrorKind::NotFound {
        let what = path.display();
        return CliError::Usage(format!("\"{what}\" is no address (32 bytes in Base58), and there is no such file"));
    }
    CliError::File { path: path.to_owned(), error }
}
