//! The challenges that a verifier gave and nobody answered yet, in a file.
//!
//! The file is replaced as a whole, under a lock beside it, so that of several who take one challenge at the same time one gets it, also
//! among processes; after a crash there is either the state before or the one after.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use jiff::{SignedDuration, Timestamp, Unit};
use serde::{Deserialize, Serialize};

use super::{challenge::fresh_challenge, shortened, signing};

/// How many challenges are open at most.
pub const LIMIT: usize = 10_000;

/// Version of the file's form.
const FORM: u32 = 1;
/// More bytes than [`LIMIT`] challenges take.
const SIZE_LIMIT: u64 = 16 * 1024 * 1024;
/// How often, and how long apart, a book is tried that somebody else has open.
const ATTEMPTS: u32 = 400;
const PAUSE: Duration = Duration::from_millis(25);

/// Why a challenge is not given or taken.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// Not open: who shows the same thing twice gets this.
    #[error("its challenge was used, has expired, or was never given: give a new challenge")]
    Unknown,
    /// Open, but given to another domain's learners.
    #[error(
        "its challenge was given for {given:?}, and it was made for {found:?}: ask for one that was made for {given:?}"
    )]
    OtherDomain {
        /// For whom it was given.
        given: String,
        /// For whom the answer was made.
        found: String,
    },
    /// Not a domain.
    #[error(transparent)]
    Domain(#[from] signing::PresentError),
    /// No time at all.
    #[error("a challenge that ends as it begins cannot be answered: let it be valid for some minutes")]
    NoTime,
    /// [`LIMIT`] are open.
    #[error("{} has {LIMIT} open challenges, and no more: wait until some expire, or let them be valid for less long", .0.display())]
    Full(PathBuf),
    /// Others have it open.
    #[error("{} is in use by other processes: try again", .0.display())]
    Busy(PathBuf),
    /// Not a book.
    #[error("{} is no book of challenges ({why}): name another file, or move it away to begin anew", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// It cannot be read or written.
    #[error("{}: {error}; name a file that you may write", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
}

/// The challenges of a verifier. Opening it does nothing yet: each operation reads the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChallengeBook {
    path: PathBuf,
}

/// A challenge that was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// The challenge.
    pub challenge: String,
    /// Who gave it.
    pub domain: String,
    /// When it is forgotten.
    pub expires: Timestamp,
}

/// The file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    form: u32,
    challenges: Vec<Given>,
}

impl ChallengeBook {
    /// The book in a file, which need not exist yet. Beside it stand `.lock` and, while it is written, `.new`.
    #[must_use]
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Gives a new challenge, which is open for so long; expired ones are forgotten.
    ///
    /// # Errors
    /// [`LIMIT`] are open, the domain is none, or the file cannot be used.
    pub fn give(&self, domain: &str, now: Timestamp, valid_for: SignedDuration) -> Result<Given, BookError> {
        signing::require_domain(domain)?;
        let _lock = self.lock()?;
        let mut open = self.open(now)?;
        if open.len() >= LIMIT {
            return Err(BookError::Full(self.path.clone()));
        }
        let expires = now.saturating_add(valid_for).and_then(|time| time.round(Unit::Second)).unwrap_or(Timestamp::MAX);
        if expires <= now {
            return Err(BookError::NoTime);
        }
        let given = Given { challenge: fresh_challenge(), domain: domain.into(), expires };
        open.push(given.clone());
        self.save(open)?;
        Ok(given)
    }

    /// Takes an open challenge out, for good. Whoever comes second finds nothing.
    ///
    /// # Errors
    /// It is not open, or not for this domain (then it stays), or the file cannot be used.
    pub fn take(&self, challenge: &str, domain: &str, now: Timestamp) -> Result<(), BookError> {
        let _lock = self.lock()?;
        let mut open = self.open(now)?;
        let place = open.iter().position(|given| given.challenge == challenge).ok_or(BookError::Unknown)?;
        let given = open.swap_remove(place);
        if given.domain != domain {
            return Err(BookError::OtherDomain { given: given.domain, found: shortened(domain) });
        }
        self.save(open)
    }

    fn io(path: &Path) -> impl FnOnce(io::Error) -> BookError + use<> {
        let path = path.to_owned();
        |error| BookError::Io { path, error }
    }

    /// The lock's file is another one, because the book's own is replaced.
    fn lock(&self) -> Result<File, BookError> {
        let path = self.path.with_added_extension("lock");
        let lock = private(File::options().create(true).truncate(false).write(true)).open(&path);
        let lock = lock.map_err(Self::io(&path))?;
        for _ in 0..ATTEMPTS {
            match lock.try_lock() {
                Ok(()) => return Ok(lock),
                Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
                Err(TryLockError::Error(error)) => return Err(BookError::Io { path, error }),
            }
        }
        Err(BookError::Busy(self.path.clone()))
    }

    /// What is open now.
    fn open(&self, now: Timestamp) -> Result<Vec<Given>, BookError> {
        let file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(BookError::Io { path: self.path.clone(), error }),
        };
        let mut bytes = Vec::new();
        file.take(SIZE_LIMIT).read_to_end(&mut bytes).map_err(Self::io(&self.path))?;
        let damaged = |why: String| BookError::Damaged { path: self.path.clone(), why };
        let page: Page = serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?;
        if page.form != FORM {
            return Err(damaged(format!("it has form {}, and this version knows {FORM}", page.form)));
        }
        let mut open = page.challenges;
        open.retain(|given| given.expires > now);
        Ok(open)
    }

    fn save(&self, challenges: Vec<Given>) -> Result<(), BookError> {
        let page = Page { form: FORM, challenges };
        let path = self.path.with_added_extension("new");
        let write = || {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            let mut file = private(File::options().create_new(true).write(true)).open(&path)?;
            file.write_all(&serde_json::to_vec(&page)?)?;
            file.sync_all()?;
            fs::rename(&path, &self.path)?;
            let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            File::open(folder)?.sync_all()
        };
        write().map_err(Self::io(&self.path))
    }
}

/// For its owner alone: who reads open challenges could answer them elsewhere first.
fn private(options: &mut OpenOptions) -> &OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}
