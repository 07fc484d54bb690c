//! The definitions of a declaration as files, to be published and to make documents with.

use std::path::{Path, PathBuf};

use microcred_client::{
    Address,
    declaration::{Declaration, Places},
    definition,
    hex::Hex,
};
use serde::Serialize;

use super::{error::CliError, staged::Staged, values::as_text};

/// Bytes of a declaration, or a definition, at most.
pub(crate) const FILE_LIMIT: usize = 4 << 20;

/// A definition that is written to a file.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Written {
    #[serde(serialize_with = "as_text")]
    achievement: Address,
    pub(crate) file: PathBuf,
    pub(crate) digest: String,
    #[serde(skip)]
    text: String,
}

/// The definition of every declared achievement, as `ADDRESS.json` in a folder.
pub(crate) fn all(folder: &Path, declaration: &Declaration, places: &Places) -> Vec<Written> {
    let definitions = declaration.definitions(places).into_iter();
    definitions
        .map(|(achievement, object)| Written {
            achievement,
            file: folder.join(format!("{achievement}.json")),
            digest: Hex(&definition::digest(&object)).to_string(),
            text: format!("{object:#}\n"),
        })
        .collect()
}

/// Writes them. What stands there of the same achievement is replaced: before publishing, a definition changes.
pub(crate) fn write(definitions: &[Written]) -> Result<(), CliError> {
    let mut staged = Staged::default();
    for Written { file, text, .. } in definitions {
        staged.add(file.clone(), text.as_bytes())?;
    }
    staged.publish()
}
