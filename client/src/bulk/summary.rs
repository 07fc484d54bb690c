//! What a run is about to do, does, and did.

use solana_signature::Signature;

/// A row, and what there is to say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Line of the file, from 1.
    pub line: u64,
    /// What there is to say.
    pub what: String,
}

/// What a run will do: to be shown and confirmed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    /// Rows of the file.
    pub rows: usize,
    /// Rows that will be sent.
    pub to_do: usize,
    /// Rows that earlier runs with this journal have done.
    pub done_earlier: usize,
    /// Rows for which nothing is to be done, and why.
    pub skipped: Vec<Remark>,
    /// Credentials will be pending until their learners accept them.
    pub pending: bool,
    /// Transactions that it takes.
    pub transactions: usize,
    /// Lamports of all fees.
    pub fees: u64,
    /// Lamports of all rent.
    pub rent: u64,
    /// Transactions of an earlier run that may still land. They do no harm: what is done is not done again.
    pub under_way: usize,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Rows that this run was to do.
    pub rows: usize,
    /// Rows that are done.
    pub done: usize,
    /// Rows that turned out to need nothing.
    pub skipped: usize,
    /// Rows that were refused, or of which it is not known whether they were done.
    pub failed: usize,
    /// Transactions that took effect.
    pub transactions: usize,
}

/// A transaction that took effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// Its signature.
    pub signature: Signature,
    /// Lines of its rows.
    pub lines: Vec<u64>,
    /// Lamports paid for it.
    pub fee: u64,
}

/// What a run did. Every row of the file is counted or told in exactly one place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows done by this run.
    pub done: usize,
    /// Rows done by earlier runs with the same journal.
    pub done_earlier: usize,
    /// Rows for which nothing was to be done, and why.
    pub skipped: Vec<Remark>,
    /// Rows that were refused, and why.
    pub failed: Vec<Remark>,
    /// Rows of which it is not known whether they were done, and why. Running again finds out.
    pub unknown: Vec<Remark>,
    /// Lines of rows that were not sent because the run stopped. Running again sends them.
    pub not_sent: Vec<u64>,
    /// Documents that this run made.
    pub documents: usize,
    /// Rows done by this run or earlier ones whose document is in the folder. Others were moved away since, or handed out.
    pub in_folder: usize,
    /// Lines of rows whose document is in the folder, and does not stand on chain: the row is not issued, or the learner's credential has
    /// another document. It is signed all the same, so do not hand it out: verifiers who do not ask the chain accept it. For a row that is
    /// not issued, running again uses it; where a row was skipped, delete it.
    pub not_issued: Vec<u64>,
    /// Why the run stopped before its end.
    pub stopped: Option<String>,
    /// The transactions of this run that took effect.
    pub transactions: Vec<Delivered>,
    /// Lamports that this run paid for transactions.
    pub fees: u64,
    /// Lamports that earlier runs with the same journal paid for transactions.
    pub fees_earlier: u64,
    /// Lamports that the accounts which this run created hold for their rent.
    pub rent: u64,
}

impl Summary {
    /// Whether every row is done, or needed nothing.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.failed.is_empty() && self.unknown.is_empty() && self.not_sent.is_empty()
    }
}
