//! What a run over a file will do, and what it did.

use std::{io, process::ExitCode};

use microcred_client::{
    Address,
    bulk::{self, Delivered, Remark},
};
use serde::Serialize;

use crate::full::{
    output::{Answer, Page, Tone},
    shown::Linked,
    values::{as_text, counted, sol_and_lamports},
};

/// How many rows of a kind, and signatures, are printed for people who did not ask for all.
const FEW: usize = 20;
const FEW_SIGNATURES: usize = 3;

/// Exit codes: rows were not done; it is not known whether some were.
const NOT_DONE: u8 = 1;
const NOT_KNOWN: u8 = 5;

/// A run over a file. Schema: `bulk.json`.
#[derive(Debug, Serialize)]
pub(super) struct Answered {
    pub(super) action: &'static str,
    pub(super) cluster: String,
    pub(super) issuer: Linked,
    pub(super) achievement: Option<Linked>,
    pub(super) file: String,
    pub(super) journal: String,
    pub(super) documents: Option<String>,
    pub(super) overview: Overview,
    /// None: nothing was to be done yet.
    pub(super) summary: Option<Summary>,
}

/// What a run will do.
#[derive(Debug, Serialize)]
pub(super) struct Overview {
    rows: usize,
    to_do: usize,
    done_earlier: usize,
    skipped: Vec<Row>,
    pending: bool,
    under_way: usize,
    transactions: usize,
    fees_lamports: u64,
    rent_lamports: u64,
    #[serde(serialize_with = "as_text")]
    payer: Address,
    balance_lamports: u64,
}

/// What a run did.
#[derive(Debug, Serialize)]
pub(super) struct Summary {
    complete: bool,
    done: usize,
    done_earlier: usize,
    skipped: Vec<Row>,
    failed: Vec<Row>,
    unknown: Vec<Row>,
    not_sent: Vec<u64>,
    documents: usize,
    #[serde(skip)]
    in_folder: usize,
    not_issued: Vec<u64>,
    stopped: Option<String>,
    transactions: Vec<Sent>,
    fees_lamports: u64,
    fees_earlier_lamports: u64,
    rent_lamports: u64,
}

/// A row, and what there is to say about it.
#[derive(Debug, Serialize)]
struct Row {
    line: u64,
    why: String,
}

/// A transaction that took effect.
#[derive(Debug, Serialize)]
struct Sent {
    signature: String,
    lines: Vec<u64>,
    fee_lamports: u64,
}

impl Overview {
    pub(super) fn new(overview: &bulk::Overview, payer: Address, balance_lamports: u64) -> Self {
        Self {
            rows: overview.rows,
            to_do: overview.to_do,
            done_earlier: overview.done_earlier,
            skipped: rows(overview.skipped.clone()),
            pending: overview.pending,
            under_way: overview.under_way,
            transactions: overview.transactions,
            fees_lamports: overview.fees,
            rent_lamports: overview.rent,
            payer,
            balance_lamports,
        }
    }
}

impl Summary {
    pub(super) fn new(summary: bulk::Summary) -> Self {
        Self {
            complete: summary.is_complete(),
            done: summary.done,
            done_earlier: summary.done_earlier,
            skipped: rows(summary.skipped),
            failed: rows(summary.failed),
            unknown: rows(summary.unknown),
            not_sent: summary.not_sent,
            documents: summary.documents,
            in_folder: summary.in_folder,
            not_issued: summary.not_issued,
            stopped: summary.stopped,
            transactions: summary.transactions.into_iter().map(Sent::from).collect(),
            fees_lamports: summary.fees,
            fees_earlier_lamports: summary.fees_earlier,
            rent_lamports: summary.rent,
        }
    }
}

impl From<Delivered> for Sent {
    fn from(delivered: Delivered) -> Self {
        Self { signature: delivered.signature.to_string(), lines: delivered.lines, fee_lamports: delivered.fee }
    }
}

fn rows(remarks: Vec<Remark>) -> Vec<Row> {
    remarks.into_iter().map(|Remark { line, what }| Row { line, why: what }).collect()
}

/// How a run ended, for programs.
pub(super) fn exit_code(summary: &bulk::Summary) -> ExitCode {
    match (summary.is_complete(), summary.unknown.is_empty()) {
        (true, _) => ExitCode::SUCCESS,
        (false, true) => ExitCode::from(NOT_DONE),
        (false, false) => ExitCode::from(NOT_KNOWN),
    }
}

impl Answer for Answered {
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        match &self.summary {
            None => self.preview(page),
            Some(summary) => self.end(summary, page),
        }
    }
}

impl Answered {
    fn preview(&self, page: &mut Page<'_>) -> io::Result<()> {
        let overview = &self.overview;
        page.heading(format_args!("{}: {} of {}", self.action, counted(overview.rows, "row"), self.file))?;
        page.maybe("achievement", self.achievement.as_ref().map(Linked::words))?;
        page.field("issuer", self.issuer.words())?;
        page.field("cluster", &self.cluster)?;
        page.field("to do", counted(overview.to_do, "row"))?;
        if overview.done_earlier > 0 {
            page.field("done earlier", counted(overview.done_earlier, "row"))?;
        }
        list(page, "skipped", Tone::Plain, &overview.skipped)?;
        if overview.under_way > 0 {
            page.field(
                "under way",
                format_args!(
                    "{} of an earlier run; what they do is not done again",
                    counted(overview.under_way, "transaction")
                ),
            )?;
        }
        if overview.to_do > 0 {
            if overview.pending {
                page.field("status", "pending, until the learners accept")?;
            }
            page.field("transactions", overview.transactions)?;
            page.field("fees", sol_and_lamports(overview.fees_lamports))?;
            if overview.rent_lamports > 0 {
                page.field("rent", sol_and_lamports(overview.rent_lamports))?;
            }
            page.field(
                "payer",
                format_args!("{}, has {}", overview.payer, sol_and_lamports(overview.balance_lamports)),
            )?;
        }
        page.maybe("documents", self.documents.as_ref())?;
        page.field("journal", &self.journal)
    }

    fn documents(&self, summary: &Summary, page: &mut Page<'_>) -> io::Result<()> {
        let Some(folder) = &self.documents else { return Ok(()) };
        page.field("documents", format_args!("{} in {folder}", summary.in_folder))?;
        if summary.not_issued.is_empty() {
            return Ok(());
        }
        let lines = format!(
            "{} there too that are not on chain, in lines {}: do not hand them out, verifiers that do not ask the chain accept them",
            counted(summary.not_issued.len(), "document"),
            ranges(&summary.not_issued)
        );
        page.toned("not issued", lines, Tone::Doubtful)
    }

    fn end(&self, summary: &Summary, page: &mut Page<'_>) -> io::Result<()> {
        let end = if summary.complete { "done" } else { "not complete" };
        page.heading(format_args!("{}: {end}, {} of {}", self.action, counted(self.overview.rows, "row"), self.file))?;
        page.field("done", counted(summary.done, "row"))?;
        if summary.done_earlier > 0 {
            page.field("done earlier", counted(summary.done_earlier, "row"))?;
        }
        list(page, "skipped", Tone::Plain, &summary.skipped)?;
        list(page, "failed", Tone::Bad, &summary.failed)?;
        list(page, "not known", Tone::Doubtful, &summary.unknown)?;
        if !summary.not_sent.is_empty() {
            let lines = format!("{}, in lines {}", counted(summary.not_sent.len(), "row"), ranges(&summary.not_sent));
            page.toned("not sent", lines, Tone::Doubtful)?;
        }
        page.maybe("stopped", summary.stopped.as_ref())?;
        page.field("transactions", summary.transactions.len())?;
        let shown = if page.verbose() { usize::MAX } else { FEW_SIGNATURES };
        for sent in summary.transactions.iter().take(shown) {
            page.field("signature", format_args!("{}, lines {}", sent.signature, ranges(&sent.lines)))?;
        }
        more(page, summary.transactions.len().saturating_sub(shown))?;
        page.field("fees", sol_and_lamports(summary.fees_lamports))?;
        if summary.fees_earlier_lamports > 0 {
            page.field("fees earlier", sol_and_lamports(summary.fees_earlier_lamports))?;
        }
        if summary.rent_lamports > 0 {
            page.field("rent", sol_and_lamports(summary.rent_lamports))?;
        }
        self.documents(summary, page)?;
        page.field("journal", &self.journal)?;
        if summary.complete {
            return Ok(());
        }
        page.line("The same command tries again what is not done, and finds out what is not known.")
    }
}

/// Rows that have something in common, with what is said of each.
fn list(page: &mut Page<'_>, name: &str, tone: Tone, rows: &[Row]) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    page.toned(name, counted(rows.len(), "row"), tone)?;
    let shown = if page.verbose() { usize::MAX } else { FEW };
    for Row { line, why } in rows.iter().take(shown) {
        page.line(format_args!("    line {line}: {why}"))?;
    }
    more(page, rows.len().saturating_sub(shown))
}

/// Tells how many are not printed.
fn more(page: &mut Page<'_>, hidden: usize) -> io::Result<()> {
    if hidden == 0 {
        return Ok(());
    }
    page.line(format_args!("    and {hidden} more, which --verbose shows"))
}

/// Lines in as few words as it takes: 2-5, 8.
fn ranges(lines: &[u64]) -> String {
    let mut lines = lines.to_vec();
    lines.sort_unstable();
    let runs = lines.chunk_by(|line, next| line.checked_add(1) == Some(*next));
    let words = runs.filter_map(|run| match run {
        [] => None,
        [line] => Some(line.to_string()),
        [first, .., last] => Some(format!("{first}-{last}")),
    });
    words.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_told_as_ranges() {
        for (lines, told) in [(&[][..], ""), (&[2], "2"), (&[4, 2, 3, 5], "2-5"), (&[2, 3, 5, 9, 8], "2-3, 5, 8-9")] {
            assert_eq!(ranges(lines), told);
        }
    }

    #[test]
    fn the_exit_code_tells_what_failed_from_what_is_not_known() {
        let code = |summary: &bulk::Summary| format!("{:?}", exit_code(summary));
        let row = || vec![Remark { line: 2, what: "x".into() }];
        let told = |code: u8| format!("{:?}", ExitCode::from(code));
        let skipped = bulk::Summary { skipped: row(), done: 1, ..bulk::Summary::default() };
        assert_eq!(code(&skipped), told(0));
        let failed = bulk::Summary { failed: row(), ..bulk::Summary::default() };
        assert_eq!(code(&failed), told(1));
        let not_sent = bulk::Summary { not_sent: vec![2], ..bulk::Summary::default() };
        assert_eq!(code(&not_sent), told(1));
        let unknown = bulk::Summary { unknown: row(), ..failed };
        assert_eq!(code(&unknown), told(5));
    }
}
