//! Files that others fetch: each appears whole, with what is new, or stays as it was.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use tempfile::{Builder, TempPath};

use super::error::CliError;

/// Files that were written beside where they belong, and wait to be put there together. What is not put there is removed.
#[derive(Default)]
pub(crate) struct Staged(Vec<(TempPath, PathBuf)>);

impl Staged {
    /// Writes a file beside where it belongs; its folder is made if it is not there.
    pub(crate) fn add(&mut self, path: PathBuf, bytes: &[u8]) -> Result<(), CliError> {
        let temporary = write(&path, bytes).map_err(|error| CliError::File { path: path.clone(), error })?;
        self.0.push((temporary, path));
        Ok(())
    }

    /// Puts all files where they belong, and tells where that is.
    pub(crate) fn publish(self) -> Result<Vec<PathBuf>, CliError> {
        self.0
            .into_iter()
            .map(|(temporary, path)| match put(temporary, &path) {
                Ok(()) => Ok(path),
                Err(error) => Err(CliError::File { path, error }),
            })
            .collect()
    }
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<TempPath> {
    fs::create_dir_all(folder(path))?;
    let mut builder = Builder::new();
    builder.prefix(".microcred-");
    // A web server that runs as somebody else reads it.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut file = builder.tempfile_in(folder(path))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file.into_temp_path())
}

fn put(temporary: TempPath, path: &Path) -> io::Result<()> {
    temporary.persist(path).map_err(|error| error.error)?;
    File::open(folder(path))?.sync_all()
}
