//! Writes the program's interface description (IDL), which other languages build their clients from.
//!
//! `microcred-idl [PATH]` writes it to the path, or prints it. The description is built by compiling and running a test of the
//! program, so this binary starts cargo. [`START`] says how to start it, in the repository's folder.

mod seeds;

use std::{env, error::Error, ffi::OsString, fs, path::Path, process::ExitCode};

use anchor_lang_idl::{build::IdlBuilder, types::Idl};

/// The program's folder, below the repository's.
const PROGRAM: &str = "programs/microcred";

/// How to start this binary.
const START: &str = "start the built binary by itself, in an environment without that variable:

    cargo build --ignore-rust-version --locked --package microcred-idl
    env -u RUSTUP_TOOLCHAIN target/debug/microcred-idl idl/microcred.json";

fn main() -> ExitCode {
    match run(env::args_os().skip(1).collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Vec<OsString>) -> Result<(), Box<dyn Error>> {
    if env::var_os("RUSTUP_TOOLCHAIN").is_some() {
        // The builder takes it as the order to install a toolchain and to call cargo with a broken argument.
        return Err(format!("RUSTUP_TOOLCHAIN is set, as it always is below `cargo run`; {START}").into());
    }
    let path = match arguments.as_slice() {
        [] => None,
        [path] => Some(Path::new(path)),
        _ => return Err("usage: microcred-idl [PATH]".into()),
    };
    let mut text = serde_json::to_string_pretty(&build()?)?;
    text.push('\n');
    match path {
        Some(path) => fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))?,
        None => print!("{text}"),
    }
    Ok(())
}

/// Compiles the program with its `idl-build` feature and collects what its generated tests print.
fn build() -> Result<Idl, Box<dyn Error>> {
    let cargo_args = ["--ignore-rust-version", "--locked", "--lib"].map(String::from).to_vec();
    let program = Path::new(PROGRAM)
        .canonicalize()
        .map_err(|error| format!("cannot find {PROGRAM} ({error}); start this in the repository's folder"))?;
    // The lint asks for `CHECK:` comments, which this generation of the framework has no use for.
    let mut idl =
        IdlBuilder::new().program_path(program).resolution(true).skip_lint(true).cargo_args(cargo_args).build()?;
    seeds::complete(&mut idl)?;
    Ok(idl)
}
