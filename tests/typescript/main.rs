//! TypeScript users read what Rust users read: accounts and events, by the IDL alone.

mod fields;
mod scenario;
mod verifier;

use std::{
    collections::BTreeSet,
    env, fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::Mutex,
    time::{Duration, Instant, SystemTime},
};

use serde_json::{Value, json};

/// Set to anything, the test does nothing: for computers without Node.js.
const SKIP: &str = "MICROCRED_SKIP_TYPESCRIPT";

/// How long installing and checking may take, each.
const PATIENCE: Duration = Duration::from_secs(300);

const IDL: &str = include_str!("../../idl/microcred.json");

#[tokio::test(flavor = "multi_thread")]
async fn typescript_reads_every_account_and_event_and_builds_and_sends_an_instruction() {
    let Some(folder) = ready() else { return };

    let (scenario, accounts, transactions) = scenario::play().await;
    let events: Vec<_> = transactions.iter().flat_map(|one| one["events"].as_array().unwrap()).collect();
    let idl: Value = serde_json::from_str(IDL).unwrap();
    assert_eq!(names(&accounts, "kind"), names(idl["accounts"].as_array().unwrap(), "name"));
    assert_eq!(names(events.iter().copied(), "name"), names(idl["events"].as_array().unwrap(), "name"));

    let temporary = tempfile::tempdir().unwrap();
    let expectations = json!({
        "rpc": scenario.localnet.rpc_url(),
        "webSocket": scenario.localnet.ws_url(),
        "idl": idl,
        "payer": scenario.payer.to_bytes().to_vec(),
        "accounts": accounts,
        "transactions": transactions,
        "folder": temporary.path(),
    });
    let file = temporary.path().join("expectations.json");
    fs::write(&file, expectations.to_string()).unwrap();
    let output = run(Command::new("node").arg(folder.join("check.js")).arg(&file));
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
    for line in [
        format!("@anchor-lang/core: {} accounts", accounts.len()),
        format!("@anchor-lang/core: {} events", events.len()),
        "@anchor-lang/core: built and sent createRegistry, and heard of it".into(),
        format!("Codama: {} accounts", accounts.len()),
    ] {
        assert!(text.lines().any(|said| said == line), "the script did not say \"{line}\":\n{text}");
    }
}

/// The folder with the scripts and what they need; none: the tests are to be skipped.
fn ready() -> Option<PathBuf> {
    /// Two tests must not install at once.
    static INSTALLING: Mutex<()> = Mutex::new(());

    if env::var_os(SKIP).is_some() {
        #[allow(
            clippy::explicit_write,
            reason = "what eprintln! writes is captured, and a skipped test passes for one that ran"
        )]
        writeln!(io::stderr(), "\n*** SKIPPED because {SKIP} is set: nothing is known about TypeScript ***\n").unwrap();
        return None;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("typescript");
    let _alone = INSTALLING.lock().unwrap();
    install(&folder);
    Some(folder)
}

fn names<'a>(of: impl IntoIterator<Item = &'a Value>, field: &str) -> BTreeSet<&'a str> {
    of.into_iter().map(|one| one[field].as_str().unwrap()).collect()
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
fn run(command: &mut Command) -> Output {
    let name = command.get_program().to_string_lossy().into_owned();
    // Into files, because a pipe that nobody empties stops the program.
    let [out, err] = [(); 2].map(|()| tempfile::NamedTempFile::new().unwrap());
    command.stdin(Stdio::null()).stdout(out.reopen().unwrap()).stderr(err.reopen().unwrap());
    let mut child = command
        .spawn()
        .unwrap_or_else(|error| panic!("{name} cannot be run ({error}): install Node.js 20 or newer, or set {SKIP}=1"));
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
