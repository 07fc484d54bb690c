//! Documents of the rows that are issued.

use std::sync::{
    OnceLock,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use microcred::state::SubjectKind;
use solana_address::Address;
use solana_signer::Signer;

use super::{Issuing, Making, prepare};
use crate::{
    bulk::{
        BulkError, Options, Problem, RowError, Source,
        journal::{Digits, Known, Made, Text},
        packing::Placed,
        patience::pause,
        run::Run,
    },
    documents::{self, Award, Folder, Office, OfficeError},
    learners::Row,
    ledger::Ledger,
};

/// Who makes the documents of a run, and where they go.
#[derive(Clone, Copy, Debug)]
pub struct Documents<'a> {
    /// Who makes them.
    pub office: &'a Office,
    /// Where they go: each is named by its credential's address.
    pub folder: &'a Folder,
}

/// As [`issue`](super::issue), where each learner gets a document, in the same run: [`Run::execute_with_documents`]. What is issued has the
/// document's digest and expiry.
///
/// A document that an earlier run made, but did not send, is used again; where its file was changed or is gone, the run does not begin, since
/// a learner would be left with a file that the chain does not know.
///
/// # Errors
/// [`BulkError`]; nothing was sent then, and nothing written.
pub async fn issue_with_documents<'a>(
    ledger: &'a dyn Ledger,
    issuing: &Issuing,
    documents: Documents<'a>,
    rows: &[Row],
    source: &Source,
    options: Options,
) -> Result<Run<'a>, BulkError> {
    let Documents { office, folder } = documents;
    if *office.achievement() != issuing.achievement {
        let (documents, achievement) = (*office.achievement(), issuing.achievement);
        return Err(BulkError::Unready(vec![Problem::OtherDocuments { documents, achievement }]));
    }
    let errors: Vec<_> = rows.iter().filter_map(refused).collect();
    if !errors.is_empty() {
        return Err(BulkError::Rows(errors));
    }
    folder.hold().map_err(BulkError::Folder)?;
    let paper = |row: &Row| Paper { row: row.clone(), found: None, withdrawn: None, digest: OnceLock::new() };
    let papers = Papers { office, folder, papers: rows.iter().map(paper).collect(), count: AtomicUsize::new(0) };
    prepare(ledger, issuing, rows, source, options, Some(Box::new(papers))).await
}

/// What to do about a document that is not as it was made.
const RESTORE: &str =
    "Restore it from a copy; if there is none, begin anew with another journal when nothing of this run is under way";

fn refused(row: &Row) -> Option<RowError> {
    let wrong = |what: &str| Some(RowError { line: row.line, what: what.into() });
    if row.digest != [0; 32] {
        return wrong("it has a digest, and a document is to be made, which has its own: leave the digest out");
    }
    if !row.wallet.is_on_curve() {
        return wrong(
            "no key can sign for the wallet, so that its learner could not show to be the document's: take a wallet that can",
        );
    }
    None
}

struct Papers<'a> {
    office: &'a Office,
    folder: &'a Folder,
    /// One for each row.
    papers: Vec<Paper>,
    /// How many this run made.
    count: AtomicUsize,
}

/// What is known of a row's document.
struct Paper {
    row: Row,
    /// What an earlier run made, of which the journal does not know yet.
    found: Option<Found>,
    /// Digest of what was never sent and is replaced.
    withdrawn: Option<[u8; 32]>,
    /// Digest of what the journal knows of, or will know before it is sent.
    digest: OnceLock<[u8; 32]>,
}

#[derive(Clone, Copy)]
struct Found {
    digest: [u8; 32],
    expires_at: i64,
}

impl Papers<'_> {
    fn award(&self, row: &Row, placed: &Placed) -> Award {
        Award {
            credential: placed.address,
            status: self.office.status(placed.status_index),
            awarded: None,
            expires_at: row.expires_at,
            learner: self.office.learner(row.wallet, row.personal.clone()),
        }
    }

    /// Makes and writes what was not found.
    fn make_anew(
        &self,
        rows: &[(&Paper, &Placed)],
        signer: &dyn Signer,
    ) -> Result<Vec<(String, documents::Made)>, String> {
        for (paper, placed) in rows {
            let name = Folder::file_name(&placed.address, 0);
            if let Some(withdrawn) = paper.withdrawn
                && let Ok(Some(document)) = self.folder.read(&name)
                && *document.digest() == withdrawn
            {
                self.folder.remove(&name).map_err(|error| error.to_string())?;
            }
        }
        let awards: Vec<_> = rows.iter().map(|(paper, placed)| self.award(&paper.row, placed)).collect();
        let made = self.office.make_all(&awards, signer).map_err(|error| error.to_string())?;
        let names = rows.iter().map(|(_, placed)| Folder::file_name(&placed.address, 0));
        let made: Vec<_> = names.zip(made).collect();
        let files: Vec<_> = made.iter().map(|(name, made)| (name.clone(), &made.document)).collect();
        self.folder.write(&files).map_err(|error| error.to_string())?;
        self.count.fetch_add(made.len(), Ordering::Relaxed);
        Ok(made)
    }
}

#[async_trait]
impl Making for Papers<'_> {
    fn header(&self) -> Vec<(&'static str, String)> {
        let key = self.office.key();
        let mut header = vec![
            ("documents", self.folder.path().display().to_string()),
            ("documents' key", format!("{} ({})", key.index, key.key)),
            ("status lists", self.office.status_lists().to_string()),
        ];
        // With another secret, the same learners would be others.
        header.extend(self.office.secret().map(|secret| ("issuer's secret", secret.check())));
        header
    }

    fn subject_kind(&self) -> SubjectKind {
        self.office.subject_kind()
    }

    fn subject(&self, wallet: &Address) -> Address {
        self.office.subject(wallet)
    }

    fn look(&mut self, number: usize, placed: &Placed, known: &Known) -> Result<i64, String> {
        let Some(paper) = self.papers.get(number) else { return Ok(0) };
        let line = paper.row.line;
        let award = self.award(&paper.row, placed);
        let is_decided = known.planned.get(&line) == Some(&(placed.sequence, placed.status_index));
        let noted = known.made.get(&line);
        let name = Folder::file_name(&placed.address, 0);
        let path = self.folder.path().join(&name);
        let file = self.folder.read(&name).map_err(|error| error.to_string())?;
        let now = self.office.now();
        let Some(paper) = self.papers.get_mut(number) else { return Ok(0) };
        if let Some(Made(_, _, Text(Digits(digest)), expires_at)) = noted.filter(|_| is_decided) {
            return match file {
                Some(document) if document.digest() == digest => {
                    let _ = paper.digest.set(*digest);
                    Ok(*expires_at)
                }
                Some(_) => Err(format!(
                    "{} is not the document that was made for this row: its digest is not the journal's. {RESTORE}",
                    path.display()
                )),
                None => {
                    Err(format!("the document that was made for this row is gone from {}. {RESTORE}", path.display()))
                }
            };
        }
        paper.withdrawn = match noted {
            Some(Made(_, _, Text(Digits(digest)), _)) => Some(*digest),
            None => known.withdrawn.get(&line).copied(),
        };
        let Some(document) = file else { return Ok(self.office.expires_at(paper.row.expires_at, now)) };
        if paper.withdrawn.as_ref() == Some(document.digest()) {
            return Ok(self.office.expires_at(paper.row.expires_at, now));
        }
        match self.office.recognise(&award, document) {
            Some(documents::Made { document, expires_at }) => {
                paper.found = Some(Found { digest: *document.digest(), expires_at });
                Ok(expires_at)
            }
            None => Err(format!(
                "{} is there already, and is not what would be made for this row: move it away, or name another folder",
                path.display()
            )),
        }
    }

    fn key(&self) -> Address {
        self.office.key().key
    }

    async fn may_still_sign(&self, ledger: &dyn Ledger, options: &Options) -> Result<(), String> {
        let mut attempt = 0;
        loop {
            pause(options, attempt).await;
            attempt = attempt.saturating_add(1);
            match self.office.may_still_sign(ledger).await {
                Err(OfficeError::Read(_)) if attempt < options.policy.attempts => {}
                result => return result.map_err(|error| error.to_string()),
            }
        }
    }

    fn make(&self, rows: &[usize], placed: &[Placed], signer: &dyn Signer) -> Result<Vec<Made>, String> {
        let of = |row: &usize| Some((self.papers.get(*row)?, placed.get(*row)?));
        let open = rows.iter().filter_map(of).filter(|(paper, _)| paper.digest.get().is_none());
        let (found, to_make): (Vec<_>, Vec<_>) = open.partition(|(paper, _)| paper.found.is_some());
        let mut noted = Vec::new();
        let mut note = |paper: &Paper, name: String, digest: [u8; 32], expires_at: i64| {
            let _ = paper.digest.set(digest);
            noted.push(Made(paper.row.line, name, Text(Digits(digest)), expires_at));
        };
        for (paper, placed) in found {
            let name = Folder::file_name(&placed.address, 0);
            self.folder.tidy(&name);
            if let Some(Found { digest, expires_at }) = paper.found {
                note(paper, name, digest, expires_at);
            }
        }
        if !to_make.is_empty() {
            for ((paper, _), (name, made)) in to_make.iter().zip(self.make_anew(&to_make, signer)?) {
                note(paper, name, *made.document.digest(), made.expires_at);
            }
        }
        Ok(noted)
    }

    fn digest(&self, row: usize) -> Option<[u8; 32]> {
        self.papers.get(row)?.digest.get().copied()
    }

    fn has_file(&self, placed: &Placed) -> bool {
        self.folder.has(&Folder::file_name(&placed.address, 0))
    }

    fn is_of_file(&self, placed: &Placed, digest: &[u8; 32]) -> bool {
        let file = self.folder.read(&Folder::file_name(&placed.address, 0));
        file.is_ok_and(|file| file.is_some_and(|document| document.digest() == digest))
    }

    fn count(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }
}
