//! Tests that run scripts of Node.js beside them, with packages from npm.

use std::{
    env, fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::Mutex,
    time::{Duration, Instant, SystemTime},
};

/// How long installing and checking may take, each.
const PATIENCE: Duration = Duration::from_secs(300);

/// The folder of the tests of this name, with the scripts and what they need; none: the tests are to be skipped, because the
/// environment has the variable.
///
/// # Panics
/// If what the scripts need cannot be installed.
#[must_use]
pub fn ready(name: &str, skip: &str) -> Option<PathBuf> {
    /// Two tests must not install at once.
    static INSTALLING: Mutex<()> = Mutex::new(());

    if env::var_os(skip).is_some() {
        #[allow(
            clippy::explicit_write,
            reason = "what eprintln! writes is captured, and a skipped test passes for one that ran"
        )]
        writeln!(io::stderr(), "\n*** SKIPPED because {skip} is set: nothing is known about {name} ***\n").unwrap();
        return None;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    // A test that failed to install must not keep the others from saying so too.
    let _alone = INSTALLING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    install(&folder);
    Some(folder)
}

/// Installs exactly what `package-lock.json` says, unless it is there.
fn install(folder: &Path) {
    let changed = |file: &str| fs::metadata(folder.join(file)).and_then(|meta| meta.modified()).ok();
    let installed = changed("node_modules/.package-lock.json");
    if installed.is_some_and(|installed: SystemTime| changed("package-lock.json").is_some_and(|lock| lock <= installed))
    {
        return;
    }
    let output =
        run(Command::new("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "npm ci failed, so check the network and the npm registry:\n{text}");
}

/// Runs a program to its end, if that comes in time.
///
/// # Panics
/// If the program cannot be started.
pub fn run(command: &mut Command) -> Output {
    let name = command.get_program().to_string_lossy().into_owned();
    // Into files, because a pipe that nobody empties stops the program.
    let [out, err] = [(); 2].map(|()| tempfile::NamedTempFile::new().unwrap());
    command.stdin(Stdio::null()).stdout(out.reopen().unwrap()).stderr(err.reopen().unwrap());
    let mut child = command.spawn().unwrap_or_else(|error| {
        panic!("{name} cannot be run ({error}): install Node.js, or set the variable that skips these tests (README)")
    });
    let start = Instant::now();
    let status = loop {
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None if start.elapsed() > PATIENCE => {
                child.kill().unwrap();
                break child.wait().unwrap();
            }
            None => std::thread::sleep(Duration::from_millis(50)),
        }
    };
    Output { status, stdout: fs::read(out.path()).unwrap(), stderr: fs::read(err.path()).unwrap() }
}
