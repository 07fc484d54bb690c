//! `microcred verify`.

mod answer;
mod documents;
mod items;
mod receipt;

use std::{
    convert::Infallible,
    io::{self, IsTerminal},
    path::PathBuf,
    process::ExitCode,
    str::FromStr,
};

use async_trait::async_trait;
use clap::{ArgGroup, Args};
use futures_util::{StreamExt, pin_mut, stream};
use indicatif::{ProgressBar, ProgressStyle};
use microcred_client::{
    Address,
    ledger::{AccountReader, ReadError, Snapshot},
    verdict::{ORDER, Verdict},
    verification::{self, Query, document},
};

use self::{items::Item, receipt::Verified};
use crate::full::{
    error::CliError,
    options::Format,
    output::Tone,
    series::Series,
    session::Session,
    values::{AchievementRef, IssuerRef, RegistryRef, parse_address, parse_digest},
};

/// Exit codes of verdicts, the worst first.
const WORST_FIRST: [u8; 5] = [5, 2, 4, 3, 0];

const EXAMPLES: &str = "\
Examples:
  microcred verify DOCUMENT.json --trust REGISTRY
  microcred verify CREDENTIAL --expect-subject WALLET --trust REGISTRY
  microcred verify --achievement ISSUER/rust-basics --subject WALLET
  microcred verify --file credentials.csv --output json-compact

Exit codes: 0 valid; 2 not valid, or trust asked and unmet; 3 suspended, pending or not yet valid, or
a document that nothing on chain vouches for; 4 not found; 5 could not check, also with --offline;
1 wrong usage. Of many credentials the worst counts: 5, then 2, 4, 3, 0.";

/// Which credential, and what is expected of it.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES, group(ArgGroup::new("which").required(true).args(["credential", "achievement", "file"])))]
pub(crate) struct Arguments {
    /// Address of the credential; or files with documents, - for the standard input
    ///
    /// A document, a presentation of one, or a PNG or SVG with one inside. What can be read as an
    /// address is one: write ./NAME for a file of such a name.
    #[arg(value_name = "CREDENTIAL_OR_FILE", num_args = 1..)]
    credential: Vec<Named>,
    /// The achievement instead: its address, ISSUER/CODE, or its code beside --issuer
    #[arg(long, value_name = "ACHIEVEMENT", requires = "subject")]
    achievement: Option<String>,
    /// Whose latest credential of the achievement it is: wallet, or another subject's 32 bytes
    #[arg(long, value_name = "SUBJECT", value_parser = parse_address, requires = "achievement")]
    subject: Option<Address>,
    /// The achievement's issuer: its address, or CREATOR/SLUG
    #[arg(long, value_name = "ISSUER", requires = "achievement")]
    issuer: Option<IssuerRef>,
    /// Many at once: a file, or - for the standard input
    ///
    /// Either an address a line; or CSV with a column `credential`, or columns `achievement` and
    /// `subject`, and, where there is a document, its `digest`. Beside a credential, achievement and
    /// subject are what is expected of it. Further columns, empty lines and lines that begin with #
    /// are passed over.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// It must be by this issuer: its address, or CREATOR/SLUG
    #[arg(long, value_name = "ISSUER", conflicts_with = "issuer")]
    expect_issuer: Option<IssuerRef>,
    /// It must be of this achievement: its address, or ISSUER/CODE
    #[arg(long, value_name = "ACHIEVEMENT", conflicts_with = "achievement")]
    expect_achievement: Option<AchievementRef>,
    /// It must be this subject's: wallet, or 32 bytes
    #[arg(long, value_name = "SUBJECT", value_parser = parse_address, conflicts_with = "subject")]
    expect_subject: Option<Address>,
    /// Digest of the document that was presented: 64 hexadecimal digits
    #[arg(long, value_name = "HEX", value_parser = parse_digest, conflicts_with = "file")]
    digest: Option<[u8; 32]>,
    /// A registry that you trust: its address, or CREATOR/SLUG; can be repeated
    ///
    /// One of them must have accredited the issuer when it issued, or renewed last.
    #[arg(long, value_name = "REGISTRY")]
    trust: Vec<RegistryRef>,
    #[command(flatten)]
    documents: documents::Options,
}

/// What is to be verified.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Named {
    /// A credential.
    Address(Address),
    /// A file with a document.
    File(PathBuf),
}

impl FromStr for Named {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.parse().map_or_else(|_| Self::File(text.into()), Self::Address))
    }
}

impl Arguments {
    /// Whether many are named.
    pub(crate) const fn are_many(&self) -> bool {
        self.file.is_some() || self.credential.len() > 1
    }

    /// The files that are named; none: a credential is, or many are in a file.
    fn files(&self) -> Result<Vec<PathBuf>, CliError> {
        let files = self.credential.iter().filter_map(|named| match named {
            Named::File(path) => Some(path.clone()),
            Named::Address(_) => None,
        });
        let files: Vec<_> = files.collect();
        let wrong = if files.len() < self.credential.len() && self.credential.len() > 1 {
            "name one credential, or files; of many credentials, put the addresses into a file and name it with --file"
        } else if files.is_empty() && self.documents.are_given() {
            "--offline, --accept-foreign, --status-list, --did-document, --challenge, --book and --proof are for files with documents: name one"
        } else if !files.is_empty() && self.digest.is_some() {
            "--digest is for credentials without their document; that of a file is computed"
        } else {
            return Ok(files);
        };
        Err(CliError::Usage(wrong.into()))
    }

    /// The one credential that is named by its address.
    fn credential(&self) -> Option<Address> {
        match self.credential.as_slice() {
            [Named::Address(address)] => Some(*address),
            _ => None,
        }
    }

    /// The one credential that is asked for without a file.
    fn query(&self) -> Result<Option<Query>, CliError> {
        let achievement = self.achievement.as_deref().map(|text| self.achievement_of(text)).transpose();
        let achievement = achievement.map_err(|why| CliError::Usage(format!("--achievement: {why}")))?;
        Ok(items::query(self.credential(), achievement, self.subject, self.digest).map(|query| self.expecting(query)))
    }

    /// An achievement; beside `--issuer` its code will do.
    fn achievement_of(&self, text: &str) -> Result<AchievementRef, String> {
        match (text.parse(), &self.issuer) {
            (Err(_), Some(IssuerRef(issuer))) if !text.contains('/') => format!("{issuer}/{text}").parse(),
            (parsed, _) => parsed,
        }
    }

    /// The query with what is expected and who is trusted.
    fn expecting(&self, mut query: Query) -> Query {
        let expected = &mut query.expected;
        let achievement = self.expect_achievement;
        let issuer = self.expect_issuer.or(self.issuer).map(|IssuerRef(issuer)| issuer);
        expected.issuer = issuer.or(expected.issuer).or(achievement.and_then(|achievement| achievement.issuer));
        expected.achievement = achievement.map(|achievement| achievement.address).or(expected.achievement);
        expected.subject = self.expect_subject.or(expected.subject);
        query.registries = self.trust.iter().map(|RegistryRef(registry)| *registry).collect();
        query
    }
}

pub(crate) async fn run(session: &Session, arguments: &Arguments) -> Result<ExitCode, CliError> {
    let check = Check { session, trust_asked: !arguments.trust.is_empty() };
    let files = arguments.files()?;
    if !files.is_empty() {
        let Query { expected, registries, .. } = arguments.expecting(Query::at(Address::default()));
        let asked = document::Asked { expected, registries, local_time: None };
        return documents::run(&check, &arguments.documents, &asked, &files).await;
    }
    if let Some(query) = arguments.query()? {
        return check.one(&query).await;
    }
    let path = arguments.file.as_deref().ok_or_else(|| CliError::Usage("name a credential".into()))?;
    let items = items::read(path)?;
    let (lines, queries): (Vec<_>, Vec<_>) =
        items.into_iter().map(|Item { line, query }| (line, arguments.expecting(query))).unzip();
    check.many(&lines, queries).await
}

/// A ledger that cannot be read, so that each answer says why.
struct Unreadable(ReadError);

#[async_trait]
impl AccountReader for Unreadable {
    async fn read(&self, _: &[Address]) -> Result<Snapshot, ReadError> {
        Err(self.0.clone())
    }
}

/// A run of verification.
struct Check<'a> {
    session: &'a Session,
    trust_asked: bool,
}

impl Check<'_> {
    /// Answers one query. Where the program is not on the cluster, that an address is empty there says nothing.
    async fn one(&self, query: &Query) -> Result<ExitCode, CliError> {
        let mut receipt = verification::verify(self.session.ledger().await?, query).await;
        if receipt.verdict == Verdict::NotFound
            && let Some(unreadable) = self.probe().await?
        {
            receipt = verification::verify(&unreadable, query).await;
        }
        let verified = Verified::new(None, self.trust_asked, receipt);
        self.session.answer(&verified)?;
        Ok(ExitCode::from(verified.exit_code))
    }

    /// Why nothing can be said of any credential; none: the program is there.
    async fn probe(&self) -> Result<Option<Unreadable>, CliError> {
        match self.session.require_program().await {
            Ok(()) => Ok(None),
            Err(CliError::Read(error)) => Ok(Some(Unreadable(error))),
            Err(error) => Err(error),
        }
    }

    /// Prints each answer as it comes, and in text how many there are of each verdict. A cluster that cannot be read at all is asked once.
    async fn many(&self, lines: &[u64], queries: Vec<Query>) -> Result<ExitCode, CliError> {
        let printer = self.session.printer;
        let progress = progress(printer.format(), lines.len());
        let (mut series, mut counts, mut codes) = (Series::new(printer), [0_usize; ORDER.len()], Vec::new());
        let unreadable = self.probe().await?;
        let reader: &dyn AccountReader = match &unreadable {
            Some(unreadable) => unreadable,
            None => self.session.ledger().await?,
        };
        let receipts = stream::iter(lines).zip(verification::verify_many(reader, queries));
        pin_mut!(receipts);
        let mut told = 0_usize;
        while let Some((line, receipt)) = receipts.next().await {
            let verified = Verified::new(Some(*line), self.trust_asked, receipt);
            series.tell(&verified)?;
            for (count, verdict) in counts.iter_mut().zip(ORDER) {
                *count = count.saturating_add(usize::from(*verdict == verified.verdict));
            }
            if !codes.contains(&verified.exit_code) {
                codes.push(verified.exit_code);
            }
            told = told.saturating_add(1);
            progress.inc(1);
        }
        if told < lines.len() {
            codes.push(Verdict::CouldNotCheck.exit_code());
        }
        series.end()?;
        progress.finish_and_clear();
        printer.text(|page| {
            page.heading(format_args!("{told} checked"))?;
            let found = ORDER.iter().zip(counts).filter(|(_, count)| *count > 0);
            found.rev().try_for_each(|(verdict, count)| page.toned(verdict.word(), count, Tone::of(verdict.word())))
        })?;
        let worst = WORST_FIRST.into_iter().find(|code| codes.contains(code)).unwrap_or_default();
        Ok(ExitCode::from(worst))
    }
}

/// A bar on the standard error, where the answers themselves do not show how far it is.
fn progress(format: Format, count: usize) -> ProgressBar {
    if format != Format::Text || io::stdout().is_terminal() || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len}, {per_sec}, {eta} left");
    let bar = ProgressBar::new(u64::try_from(count).unwrap_or(u64::MAX));
    style.map_or(bar.clone(), |style| bar.with_style(style))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_of_many_is_the_first_of_all_exit_codes() {
        let mut codes: Vec<_> = ORDER.iter().map(|verdict| verdict.exit_code()).collect();
        codes.sort_unstable();
        codes.dedup();
        let mut listed = WORST_FIRST.to_vec();
        listed.sort_unstable();
        assert_eq!(codes, listed);
    }
}
