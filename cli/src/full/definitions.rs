//! The definitions of a declaration as files, to be published and to make documents with.

use std::{
    fs,
    path::{Path, PathBuf},
};

use microcred_client::{
    Address,
    declaration::{Declaration, Places},
    definition,
    hex::Hex,
};
use serde::Serialize;
use serde_json::Value;

use super::{error::CliError, values::as_text};

/// A definition that was written to a file.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Written {
    #[serde(serialize_with = "as_text")]
    achievement: Address,
    pub(crate) file: PathBuf,
    pub(crate) digest: String,
}

/// Writes the definition of every declared achievement into a folder, as `ADDRESS.json`. What stands there of the same achievement is
/// replaced: before publishing, a definition changes.
pub(crate) fn write(folder: &Path, declaration: &Declaration, places: &Places) -> Result<Vec<Written>, CliError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error| CliError::File { path, error }
    };
    fs::create_dir_all(folder).map_err(failed(folder))?;
    let one = |(achievement, object): (Address, Value)| {
        let file = folder.join(format!("{achievement}.json"));
        fs::write(&file, format!("{object:#}\n")).map_err(failed(&file))?;
        Ok(Written { achievement, file, digest: Hex(&definition::digest(&object)).to_string() })
    };
    declaration.definitions(places).into_iter().map(one).collect()
}
