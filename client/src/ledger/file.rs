//! The file of an embedded ledger: locked while open, checked when read, replaced as a whole when written.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};
use thiserror::Error;

/// First bytes of the file: what it is, and the version of its form.
const MAGIC: &[u8; 16] = b"microcred ledger";
const FORM: u32 = 1;
const HEADER: usize = MAGIC.len() + 4 + 32;

/// Why an embedded ledger could not be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// Another process has it open.
    #[error("{} is in use by another process: wait until that ends", .0.display())]
    Locked(PathBuf),
    /// The file cannot be read or written.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The file is not an embedded ledger, or its bytes changed.
    #[error("{} is damaged ({why}): restore it from a copy, or move it away to begin anew", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The file was written by another version.
    #[error("{} was written by another version (form {form}, this one reads {FORM}): open it with that version", path.display())]
    OtherVersion {
        /// The file.
        path: PathBuf,
        /// Version of its form.
        form: u32,
    },
    /// No folder for data of this user is known.
    #[error("there is no data folder for this user: set HOME, or name a file")]
    NoDataFolder,
    /// The compiled program could not be loaded.
    #[error("the compiled program could not be loaded: {0}")]
    Program(String),
}

/// An open ledger file. Dropping it releases the lock.
#[derive(Debug)]
pub(super) struct LedgerFile {
    path: PathBuf,
    /// Held for its lock; beside the ledger, because that file is replaced at every save.
    _lock: File,
}

impl LedgerFile {
    /// Locks the ledger, and makes its folder if need be.
    pub(super) fn lock(path: &Path) -> Result<Self, OpenError> {
        let io = |path: &Path| {
            let path = path.to_owned();
            move |error| OpenError::Io { path, error }
        };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(io(folder))?;
        let lock_path = path.with_added_extension("lock");
        let lock = File::options().create(true).truncate(false).write(true).open(&lock_path).map_err(io(&lock_path))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(OpenError::Locked(path.to_owned())),
            Err(TryLockError::Error(error)) => Err(OpenError::Io { path: lock_path, error }),
        }
    }

    /// The file's path.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The state that was saved last; none: there is no file yet.
    pub(super) fn load(&self) -> Result<Option<Vec<u8>>, OpenError> {
        let mut bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(OpenError::Io { path: self.path.clone(), error }),
        };
        let damaged = |why: &str| OpenError::Damaged { path: self.path.clone(), why: why.into() };
        if bytes.len() < HEADER || !bytes.starts_with(MAGIC) {
            return Err(damaged("it does not begin as a ledger does"));
        }
        let state = bytes.split_off(HEADER);
        let (form, digest) = bytes.split_at(MAGIC.len()).1.split_at(4);
        let form = form.try_into().map(u32::from_le_bytes).map_err(|_| damaged("its header is short"))?;
        if form != FORM {
            return Err(OpenError::OtherVersion { path: self.path.clone(), form });
        }
        if digest != Sha256::digest(&state).as_slice() {
            return Err(damaged("its checksum does not match"));
        }
        Ok(Some(state))
    }

    /// Replaces the file as a whole: after a crash there is either the state before or the one after.
    pub(super) fn save(&self, state: &[u8]) -> io::Result<()> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // Always of the same name, so that what a crash leaves behind does not pile up. The lock keeps others away from it.
        let path = self.path.with_added_extension("new");
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let name = path.file_name().unwrap_or_default();
        let mut new = tempfile::Builder::new().prefix(name).rand_bytes(0).tempfile_in(folder)?;
        new.write_all(MAGIC)?;
        new.write_all(&FORM.to_le_bytes())?;
        new.write_all(&Sha256::digest(state))?;
        new.write_all(state)?;
        new.as_file().sync_all()?;
        new.persist(&self.path)?;
        File::open(folder)?.sync_all()
    }
}
