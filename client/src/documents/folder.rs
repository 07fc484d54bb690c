//! The folder that documents are written to.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Read, Write},
    path::{Path, PathBuf, absolute},
    sync::{Arc, Mutex, PoisonError},
};

use solana_address::Address;

use super::threads;
use crate::document::{
    Document,
    json::{JsonError, SIZE_LIMIT},
};

/// How many files are made durable at a time: a file system does several together in the time of one.
const TOGETHER: usize = 8;

/// Why a document is not read or written.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The system says no.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// What is there is no document.
    #[error("{} is no document: {error}; move it away", path.display())]
    NoDocument {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: JsonError,
    },
    /// Others are at work there.
    #[error("{} is in use by another process that issues documents: wait until that ends, or name another folder", .0.display())]
    InUse(PathBuf),
    /// Something is there already.
    #[error("{} is there already: move it away, or name another folder", .0.display())]
    Exists(PathBuf),
}

/// A folder of documents. They are personal data: where the system knows owners, both are their owner's alone.
///
/// Who issues what is in it holds it from the first document that is looked for or written until this value and its clones are gone: another
/// process could take a document for one that nobody sends, and remove it.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    held: Arc<Mutex<Option<File>>>,
}

impl PartialEq for Folder {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path
    }
}

impl Eq for Folder {}

impl Folder {
    /// A folder, which need not exist.
    ///
    /// # Errors
    /// There is no such path.
    pub fn new(path: &Path) -> Result<Self, FolderError> {
        let path_from_root = absolute(path);
        path_from_root
            .map(|path| Self { path, held: Arc::default() })
            .map_err(|error| FolderError::Io { path: path.to_owned(), error })
    }

    /// Where it is, from the root.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Name of the file with a credential's document; that of a later revision says which.
    #[must_use]
    pub fn file_name(credential: &Address, revision: u16) -> String {
        match revision {
            0 => format!("{credential}.json"),
            revision => format!("{credential}.r{revision}.json"),
        }
    }

    /// The document with that name; none: there is none.
    ///
    /// # Errors
    /// It cannot be read, or is no document.
    pub fn read(&self, name: &str) -> Result<Option<Document>, FolderError> {
        let path = self.path.join(name);
        let failed = |error| FolderError::Io { path: path.clone(), error };
        let no_document = |error| FolderError::NoDocument { path: path.clone(), error };
        // Opening a pipe would wait for ever, and a device can be without an end.
        match fs::metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
            Ok(metadata) if !metadata.is_file() => return Err(no_document(JsonError::Syntax("it is no file".into()))),
            Ok(_) => {}
        }
        let mut bytes = Vec::new();
        let file = File::open(&path).map_err(failed)?;
        // One byte too many is enough to see that it is too big.
        file.take(SIZE_LIMIT as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
        Document::read(&bytes).map(Some).map_err(no_document)
    }

    /// Whether there is anything with that name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.path.join(name).exists()
    }

    /// Writes documents, each under its name, so that they are there for good when this returns: whole, or not at all. The folder is made if
    /// it is missing.
    ///
    /// # Errors
    /// [`FolderError::Exists`], or the system says no; of several documents, some may be there then.
    pub fn write(&self, documents: &[(String, &Document)]) -> Result<(), FolderError> {
        self.make()?;
        self.hold()?;
        let written = threads::map(documents, TOGETHER, |(name, document)| self.put(name, document));
        written.into_iter().collect::<Result<Vec<()>, _>>()?;
        sync(&self.path)
    }

    /// Keeps other processes from issuing what is in it, if it exists. Where files cannot be locked nobody is kept out, and still no document
    /// is overwritten.
    ///
    /// # Errors
    /// [`FolderError::InUse`].
    pub(crate) fn hold(&self) -> Result<(), FolderError> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        // Elsewhere a folder cannot be opened.
        if cfg!(unix) && held.is_none() && self.path.is_dir() {
            let folder = File::open(&self.path).map_err(|error| self.failed(error))?;
            if let Err(TryLockError::WouldBlock) = folder.try_lock() {
                return Err(FolderError::InUse(self.path.clone()));
            }
            *held = Some(folder);
        }
        Ok(())
    }

    /// Removes what an interrupted run may have left beside a document.
    pub(crate) fn tidy(&self, name: &str) {
        // At worst the file keeps a second name.
        let _ = fs::remove_file(self.beside(name));
    }

    /// Removes a document.
    ///
    /// # Errors
    /// The system says no.
    pub fn remove(&self, name: &str) -> Result<(), FolderError> {
        let path = self.path.join(name);
        fs::remove_file(&path).map_err(|error| FolderError::Io { path, error })
    }

    fn make(&self) -> Result<(), FolderError> {
        if self.path.is_dir() {
            return Ok(());
        }
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        let missing: Vec<_> = self.path.ancestors().take_while(|path| !path.is_dir()).collect();
        builder.create(&self.path).map_err(|error| self.failed(error))?;
        // The name of each new folder stands in the one above it.
        missing.into_iter().filter_map(Path::parent).try_for_each(sync)
    }

    /// Writes a file beside its place, and gives it its name when it is durable. A link is refused where something is already, so that
    /// nothing is overwritten.
    fn put(&self, name: &str, document: &Document) -> Result<(), FolderError> {
        let path = self.path.join(name);
        let beside = self.beside(name);
        let put = || -> io::Result<()> {
            // What an interrupted run left may be the file itself under its other name: it is not written to.
            match fs::remove_file(&beside) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            let mut options = File::options();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut file = options.open(&beside)?;
            file.write_all(document.text().as_bytes())?;
            file.sync_data()?;
            drop(file);
            let named = fs::hard_link(&beside, &path).or_else(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => Err(error),
                _ => take_name(&beside, &path),
            });
            let removed = fs::remove_file(&beside);
            named
                .and(removed.or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) }))
        };
        put().map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => FolderError::Exists(path.clone()),
            _ => FolderError::Io { path: path.clone(), error },
        })
    }

    /// Where a file is until it is durable.
    fn beside(&self, name: &str) -> PathBuf {
        self.path.join(format!("{name}.new"))
    }

    fn failed(&self, error: io::Error) -> FolderError {
        FolderError::Io { path: self.path.clone(), error }
    }
}

/// Makes the names in a folder durable.
fn sync(folder: &Path) -> Result<(), FolderError> {
    // Elsewhere a folder cannot be opened, and needs not be.
    if cfg!(unix) {
        let synced = File::open(folder).and_then(|folder| folder.sync_all());
        synced.map_err(|error| FolderError::Io { path: folder.to_owned(), error })?;
    }
    Ok(())
}

/// Gives a file its name on a file system without links: an empty file takes the name first, so that of two that want it one is refused.
fn take_name(beside: &Path, path: &Path) -> io::Result<()> {
    File::options().write(true).create_new(true).open(path)?;
    fs::rename(beside, path)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn documents_are_there_whole_and_are_not_overwritten() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(&place.path().join("a/b")).unwrap();
        assert!(folder.read("1.json").unwrap().is_none());
        let [one, two] = [1, 2].map(|number| Document::new(json!({ "number": number })));
        folder.write(&[("1.json".into(), &one), ("2.json".into(), &two)]).unwrap();
        assert_eq!(folder.read("1.json").unwrap(), Some(one.clone()));
        assert!(
            matches!(folder.write(&[("1.json".into(), &two)]), Err(FolderError::Exists(path)) if path.ends_with("a/b/1.json"))
        );
        assert_eq!(folder.read("1.json").unwrap(), Some(one.clone()));
        let mut left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["1.json", "2.json"]);
        #[cfg(unix)]
        for (path, mode) in [("a/b", 0o700), ("a/b/1.json", 0o600)] {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(place.path().join(path)).unwrap().permissions().mode() & 0o777, mode, "{path}");
        }
        folder.remove("2.json").unwrap();
        assert!(folder.read("2.json").unwrap().is_none());
    }

    #[test]
    fn what_an_interrupted_run_left_beside_a_file_does_no_harm() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(place.path()).unwrap();
        let [one, two] = [1, 2].map(|number| Document::new(json!({ "number": number })));
        fs::write(place.path().join("1.json.new"), "{\"numb").unwrap();
        folder.write(&[("1.json".into(), &one)]).unwrap();
        // Ended between giving the name and removing the other.
        fs::hard_link(place.path().join("1.json"), place.path().join("1.json.new")).unwrap();
        folder.write(&[("1.json".into(), &two)]).unwrap_err();
        assert_eq!(folder.read("1.json").unwrap(), Some(one));
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_through_links_and_nothing_endless_is_read() {
        use std::os::unix::fs::symlink;

        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(place.path()).unwrap();
        let document = Document::new(json!({ "number": 1 }));
        let victim = place.path().join("victim");
        fs::write(&victim, "theirs").unwrap();
        for target in [&victim, &place.path().join("nothing")] {
            for name in ["1.json", "1.json.new"] {
                symlink(target, place.path().join(name)).unwrap();
            }
            assert!(matches!(folder.write(&[("1.json".into(), &document)]), Err(FolderError::Exists(_))));
            fs::remove_file(place.path().join("1.json")).unwrap();
        }
        assert_eq!(fs::read_to_string(&victim).unwrap(), "theirs");
        assert!(!place.path().join("nothing").exists());
        symlink("/dev/zero", place.path().join("2.json")).unwrap();
        assert!(matches!(folder.read("2.json"), Err(FolderError::NoDocument { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn one_process_at_a_time_issues_what_is_there() {
        let place = tempfile::tempdir().unwrap();
        let [first, second] = [(); 2].map(|()| Folder::new(&place.path().join("a")).unwrap());
        let document = Document::new(json!({}));
        // Nothing is there that could be held.
        first.hold().unwrap();
        second.write(&[("1.json".into(), &document)]).unwrap();
        for refused in [first.hold(), first.write(&[("2.json".into(), &document)])] {
            assert!(refused.unwrap_err().to_string().contains("in use by another process"));
        }
        assert!(first.read("1.json").unwrap().is_some() && first.read("2.json").unwrap().is_none());
        let clone = second.clone();
        drop(second);
        first.hold().unwrap_err();
        drop(clone);
        first.hold().unwrap();
        first.hold().unwrap();
    }

    #[test]
    fn a_name_is_given_once_also_without_links() {
        let place = tempfile::tempdir().unwrap();
        let [first, second, path] = ["1", "2", "name"].map(|name| place.path().join(name));
        fs::write(&first, "first").unwrap();
        fs::write(&second, "second").unwrap();
        take_name(&first, &path).unwrap();
        assert_eq!(take_name(&second, &path).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&path).unwrap(), "first");
    }

    #[test]
    fn what_is_no_document_is_told() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(place.path()).unwrap();
        for text in ["{", &" ".repeat(SIZE_LIMIT + 1)] {
            fs::write(place.path().join("1.json"), text).unwrap();
            let error = folder.read("1.json").unwrap_err().to_string();
            assert!(error.contains("1.json is no document") && error.contains("move it away"), "{error}");
        }
    }
}
