//! Files that are read and written whole. Learners' data is in them: they get the permissions that the user gives new files.

use std::{
    fs::File,
    io::{self, Read, Write},
    path::Path,
};

use tempfile::Builder;

use super::error::CliError;

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

/// Writes a file: all of it, or nothing. One that is there is replaced only where that is said.
pub(crate) fn write(path: &Path, bytes: &[u8], force: bool) -> Result<(), CliError> {
    let failed = |error| CliError::File { path: path.to_owned(), error };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut new = builder.tempfile_in(folder).map_err(failed)?;
    new.write_all(bytes).and_then(|()| new.as_file().sync_all()).map_err(failed)?;
    let persisted = if force { new.persist(path) } else { new.persist_noclobber(path) };
    match persisted {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(CliError::Exists(path.to_owned())),
        Err(error) => Err(failed(error.error)),
    }
}
