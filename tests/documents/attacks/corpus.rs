//! What fuzzing found to lead somewhere, once more: no panic, and what is promised is kept.

use std::{fs, path::Path};

#[path = "../../../fuzz/src/lib.rs"]
mod fuzzed;

fn replay(kind: &str, run: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(kind);
    let mut files = 0;
    for file in fs::read_dir(folder).unwrap() {
        run(&fs::read(file.unwrap().path()).unwrap());
        files += 1;
    }
    assert!(files >= 10, "{kind}: {files} files");
}

#[test]
fn documents() {
    replay("document", fuzzed::document);
}

#[test]
fn images() {
    replay("images", fuzzed::image);
}

#[test]
fn lists() {
    replay("lists", fuzzed::list);
}

#[test]
fn tables() {
    replay("tables", fuzzed::table);
}
