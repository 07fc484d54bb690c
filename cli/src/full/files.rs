//! Files that are read and written whole.

use std::{
    fs::File,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use tempfile::{Builder, TempPath};

use super::error::CliError;

/// Who may read a new file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Its owner alone: it is a secret, or says what is the learner's to show.
    Owner,
    /// Whom the user lets read new files.
    Usual,
    /// Everybody, such as a web server that runs as somebody else.
    Everybody,
}

/// What becomes of a file that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Existing {
    /// It stays, and nothing is written.
    Refuse,
    /// It is replaced.
    Replace,
}

impl Existing {
    /// As `--force` says.
    pub(crate) const fn forced(force: bool) -> Self {
        if force { Self::Replace } else { Self::Refuse }
    }
}

/// The bytes of a file that has at most so many.
pub(crate) fn read(path: &Path, limit: usize) -> Result<Vec<u8>, CliError> {
    let read = || {
        let mut bytes = Vec::new();
        let bound = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        File::open(path)?.take(bound).read_to_end(&mut bytes)?;
        if bytes.len() > limit {
            return Err(io::Error::other(format!("it has more than {limit} bytes, and no such file has")));
        }
        Ok(bytes)
    };
    read().map_err(|error| CliError::File { path: path.to_owned(), error })
}

/// The text in a file that has at most so many bytes.
pub(crate) fn read_text(path: &Path, limit: usize) -> Result<String, CliError> {
    String::from_utf8(read(path, limit)?).map_err(|_| CliError::File {
        path: path.to_owned(),
        error: io::Error::new(io::ErrorKind::InvalidData, "it is no text in UTF-8"),
    })
}

/// Writes a file: all of it, there for good when this returns, or nothing.
///
/// # Errors
/// [`CliError::Exists`] where one is there that stays.
pub(crate) fn write(path: &Path, bytes: &[u8], mode: Mode, existing: Existing) -> Result<(), CliError> {
    Waiting::write(path.to_owned(), bytes, mode)?.put(existing)
}

/// A file that was written beside where it belongs. Unless it is put there, it is removed.
pub(crate) struct Waiting {
    temporary: TempPath,
    path: PathBuf,
}

impl Waiting {
    pub(crate) fn write(path: PathBuf, bytes: &[u8], mode: Mode) -> Result<Self, CliError> {
        let write = || {
            let mut builder = Builder::new();
            builder.prefix(".microcred-");
            #[cfg(unix)]
            builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(mode.bits()));
            let mut file = builder.tempfile_in(folder(&path))?;
            file.write_all(bytes)?;
            file.as_file().sync_all()?;
            Ok(file.into_temp_path())
        };
        match write() {
            Ok(temporary) => Ok(Self { temporary, path }),
            Err(error) => Err(CliError::File { path, error }),
        }
    }

    /// Puts it where it belongs.
    pub(crate) fn put(self, existing: Existing) -> Result<(), CliError> {
        let Self { temporary, path } = self;
        let put = match existing {
            Existing::Refuse => temporary.persist_noclobber(&path),
            Existing::Replace => temporary.persist(&path),
        };
        match put.map_err(|error| error.error).and_then(|()| File::open(folder(&path))?.sync_all()) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(CliError::Exists(path)),
            Err(error) => Err(CliError::File { path, error }),
        }
    }
}

impl Mode {
    /// Before the user's mask.
    #[cfg(unix)]
    const fn bits(self) -> u32 {
        match self {
            Self::Owner => 0o600,
            Self::Usual => 0o666,
            Self::Everybody => 0o644,
        }
    }
}

/// The folder that a file is in.
pub(crate) fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
