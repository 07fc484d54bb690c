//! Folders of learners' files, as `microcred issue --documents` writes them.

use std::{collections::BTreeMap, fs, path::Path};

use microcred_client::document::proof::Cryptosuite;
use serde_json::{Map, Value};

use crate::{
    documents::{ISSUER, minimal, with},
    signing::signed,
    stack::{Case, Stack, core},
};

/// Requires that both verifiers accept every document in a folder, in all parts. The lists are the status lists at their addresses; none
/// of the documents may be revoked in them. Gives how many documents there were.
pub(crate) fn assert_accepted(stack: &Stack, folder: &Path, lists: &Map<String, Value>) -> usize {
    let files: BTreeMap<_, _> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let name = path.to_string_lossy();
            name.ends_with(".json") && !name.ends_with(".sidecar.json")
        })
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            (path, text)
        })
        .collect();
    let cases = files.iter().map(|(path, text)| {
        let document: Value = serde_json::from_str(text).unwrap();
        let status = if document.get("credentialStatus").is_some() { "not revoked" } else { "not said" };
        let issuer = if document["issuer"]["id"] == ISSUER.did() { "registered" } else { "unknown" };
        let case = Case { text: text.clone(), asked: None };
        (path.display().to_string(), case, Ok(()), core(&[("revocation", status), ("issuer", issuer)]))
    });
    stack.assert(cases.collect(), lists);
    files.len()
}

#[test]
fn a_folder_of_documents_is_accepted() {
    let Some(stack) = Stack::ready() else { return };
    let folder = tempfile::tempdir().unwrap();
    for name in ["Ada", "Grace", "山田"] {
        let document = signed(&with(minimal(), "/name", name), &ISSUER, &[Cryptosuite::EddsaRdfc2022]);
        fs::write(folder.path().join(format!("{name}.json")), document.to_string()).unwrap();
    }
    fs::write(folder.path().join("Ada.sidecar.json"), "{}").unwrap();
    assert_eq!(assert_accepted(&stack, folder.path(), &Map::new()), 3);
}
