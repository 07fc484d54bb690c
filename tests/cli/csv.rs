//! `issue --csv` and `revoke --csv` on the embedded ledger.

use std::{cell::Cell, fs, path::Path};

use microcred_client::{
    Address, address,
    bulk::{self, Issuing, Options, Progress, Source},
    instructions::KeyRef,
    learners,
    ledger::Embedded,
};
use serde_json::{Value, json};
use solana_signer::Signer;

use crate::desk::{Desk, conforms, text};

/// The rows that a remark is made about.
fn lines(rows: &Value) -> Vec<u64> {
    rows.as_array().unwrap().iter().map(|row| row["line"].as_u64().unwrap()).collect()
}

/// Whoever stands in the first lines of the shipped file.
fn wallets(count: usize) -> Vec<Address> {
    let rows = learners::read(&shipped(), learners::Allow::default()).unwrap();
    rows.iter().take(count).map(|row| row.wallet).collect()
}

pub fn shipped() -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/university/learners.csv")).unwrap()
}

fn balance(desk: &Desk, of: &str) -> u64 {
    desk.json("fund", &["fund", "0", of])["balance_lamports"].as_u64().unwrap()
}

/// A university and the shipped file of learners, and how it issues to them.
fn with_learners() -> (Desk, Vec<String>) {
    let desk = Desk::university();
    fs::write(desk.path("learners.csv"), shipped()).unwrap();
    let rust = desk.rust();
    let words = ["issue", "--achievement", &rust, "--csv", "learners.csv", "-k", "key.json"];
    (desk, words.map(str::to_owned).to_vec())
}

fn and<'a>(words: &'a [String], more: &[&'a str]) -> Vec<&'a str> {
    words.iter().map(String::as_str).chain(more.iter().copied()).collect()
}

#[test]
fn sixty_learners_are_issued_to_once_however_often_the_command_is_given() {
    let (desk, issue) = with_learners();
    let says = ["issues the achievement \"Rust Basics\"", "to 60 learners", "lamports) of rent", "for good", "--yes"];
    desk.fails(&and(&issue, &[]), 1, "not-confirmed", &says);
    let plan = desk.json("bulk", &and(&issue, &["--dry-run"]));
    assert_eq!((&plan["overview"]["to_do"], &plan["summary"]), (&60.into(), &Value::Null));
    assert!(!desk.path("learners.csv.journal").exists());

    let before = balance(&desk, "key.json");
    let run = desk.json("bulk", &and(&issue, &["--yes"]));
    let summary = &run["summary"];
    assert_eq!(
        (&summary["complete"], &summary["done"], &summary["done_earlier"]),
        (&true.into(), &60.into(), &0.into())
    );
    assert_eq!(run["overview"], plan["overview"]);
    let cost = summary["fees_lamports"].as_u64().unwrap() + summary["rent_lamports"].as_u64().unwrap();
    assert_eq!(before - balance(&desk, "key.json"), cost);
    for what in ["fees_lamports", "rent_lamports"] {
        assert_eq!(run["overview"][what], summary[what], "{what}");
    }
    let transactions = summary["transactions"].as_array().unwrap();
    assert_eq!(run["overview"]["transactions"], transactions.len());
    let mut sent: Vec<_> = transactions.iter().flat_map(|sent| sent["lines"].as_array().unwrap()).collect();
    sent.sort_by_key(|line| line.as_u64());
    assert_eq!(sent, (2..=61).map(Value::from).collect::<Vec<_>>().iter().collect::<Vec<_>>());
    let shown = desk.show(&address::credential(&desk.achievement(), &wallets(1)[0], 0));
    assert_eq!((&shown["status"], &shown["status_index"]), (&"active".into(), &15_613.into()));

    let again = desk.json("bulk", &and(&issue, &["--yes"]));
    let summary = &again["summary"];
    assert_eq!(
        (&summary["complete"], &summary["done"], &summary["done_earlier"]),
        (&true.into(), &0.into(), &60.into())
    );
    assert_eq!(summary["fees_earlier_lamports"], run["summary"]["fees_lamports"]);
    // Nothing is to be done, so that nothing needs to be confirmed.
    let told = desk.ok(&and(&issue, &[]));
    assert!(told.contains("issue: done, 60 rows of learners.csv"), "{told}");
    assert!(told.lines().any(|line| line.split_whitespace().eq(["done", "earlier", "60", "rows"])), "{told}");
}

#[test]
fn people_see_what_will_be_done_and_what_was_done() {
    let (desk, issue) = with_learners();
    let output = desk.run(&and(&issue, &["--yes"]));
    let (before, after) = (text(&output.stderr), text(&output.stdout));
    for part in
        ["issue: 60 rows of learners.csv", "Rust Basics (", "My University (", "lamports), ", "learners.csv.journal"]
    {
        assert!(before.replace("lamports)\n", "lamports), \n").contains(part), "{part}: {before}");
    }
    assert_eq!(after.matches("signature").count(), 3, "{after}");
    assert!(after.contains("which --verbose shows"), "{after}");

    fs::remove_file(desk.path("learners.csv.journal")).unwrap();
    let told = desk.ok(&and(&issue, &[]));
    assert!(told.contains("line 2: the learner has this credential already: active"), "{told}");
    assert!(told.contains("and 40 more") && !told.contains("line 61"), "{told}");
    let told = desk.ok(&and(&issue, &["--verbose"]));
    assert!(told.contains("line 61") && !told.contains(" more"), "{told}");
}

#[tokio::test]
async fn a_run_that_ended_in_the_middle_is_taken_up() {
    let (desk, issue) = with_learners();
    let done = Cell::new(0);
    {
        let ledger = Embedded::open(&desk.ledger()).unwrap();
        let bytes = shipped();
        let rows = learners::read(&bytes, learners::Allow::default()).unwrap();
        let cluster = fs::canonicalize(desk.ledger()).unwrap().display().to_string();
        let source = Source::of(&desk.path("learners.csv"), &bytes, cluster);
        let signer = desk.read_keypair("key.json");
        let key = KeyRef { issuer: desk.issuer(), index: 0, key: signer.pubkey() };
        let issuing = Issuing { payer: signer.pubkey(), key, achievement: desk.achievement(), again: false };
        let options = Options { concurrency: 1, ..Options::default() };
        let run = bulk::issue(&ledger, &issuing, &rows, &source, options).await.unwrap();
        let progress = |progress: &Progress| done.set(progress.done);
        let signers = [&signer];
        tokio::select! {
            biased;
            () = async { while done.get() < 20 { tokio::task::yield_now().await } } => {}
            summary = run.execute(&signers, &progress) => panic!("it came to its end: {summary:?}"),
        }
    }
    let run = desk.json("bulk", &and(&issue, &["--yes", "--concurrency", "3"]));
    let summary = &run["summary"];
    let (earlier, now) = (summary["done_earlier"].as_u64().unwrap(), summary["done"].as_u64().unwrap());
    assert!((20..60).contains(&earlier), "{earlier}");
    assert_eq!((earlier + now, &summary["complete"]), (60, &true.into()));
}

#[test]
fn wrong_files_are_told_row_by_row_and_nothing_is_sent() {
    let (desk, issue) = with_learners();
    let wallet = wallets(1)[0].to_string();
    let off = desk.issuer().to_string();
    let (latin, wide) = (b"wallet,learner\n".iter().chain(wallet.as_bytes()), b"\xff\xfew\0a\0".to_vec());
    let latin: Vec<u8> = latin.chain(b",Andr\xe9\n").copied().collect();
    let row = |columns: &str, fields: &str| format!("wallet,{columns}\n{wallet},{fields}\n").into_bytes();
    for (content, wrong, says) in [
        (Vec::new(), &[1][..], "is empty"),
        (b"wallet\n".to_vec(), &[2], "no row follows"),
        (b"address\nx\n".to_vec(), &[1], "there is no column \"address\": the columns are wallet"),
        (b"wallet;learner\nx;y\n".to_vec(), &[1], "separate columns by commas"),
        (wide, &[1], "UTF-16"),
        (latin, &[2], "not UTF-8"),
        (format!("wallet\n{wallet}\nx\n\n{wallet}\n").into_bytes(), &[3, 5], "stands in line 2 already"),
        (row("digest", "12"), &[2], "64 hexadecimal digits"),
        (row("expires_at", "soon"), &[2], "is not a time"),
        (row("expires_at", "2020-01-01"), &[2], "lies in the past"),
        (row("status_index", "-1"), &[2], "is not a status index"),
        (row("learner", "A,B"), &[2], "3 fields, but the first line names 2 columns"),
        (format!("wallet\n{off}\n").into_bytes(), &[2], "allowed with --allow-off-curve"),
    ] {
        fs::write(desk.path("learners.csv"), &content).unwrap();
        let output = desk.run(&and(&issue, &["--yes", "--output", "json"]));
        let error: Value = serde_json::from_slice(&output.stderr).unwrap();
        conforms(&error, "error");
        assert_eq!((output.status.code(), &error["error"]["code"]), (Some(1), &"rows".into()), "{says}: {error}");
        assert_eq!(lines(&error["error"]["rows"]), wrong, "{says}: {error}");
        assert!(error["error"]["message"].as_str().unwrap().contains(says), "{says}: {error}");
    }
    let said = text(&desk.run(&and(&issue, &["--yes"])).stderr);
    assert!(said.contains("learners.csv: 1 row is wrong; nothing was done\n  line 2: no key can sign"), "{said}");
    assert!(!desk.path("learners.csv.journal").exists());
    fs::remove_file(desk.path("learners.csv")).unwrap();
    desk.fails(&and(&issue, &["--yes"]), 1, "file", &["learners.csv"]);

    fs::write(desk.path("learners.csv"), format!("wallet\n{off}\n")).unwrap();
    let run = desk.json("bulk", &and(&issue, &["--yes", "--allow-off-curve"]));
    assert_eq!(run["summary"]["done"], 1);
    fs::write(desk.path("other.csv"), format!("wallet,status_index\n{wallet},{}\n", taken(&desk, &off))).unwrap();
    let other: Vec<_> = issue.iter().map(|word| word.replace("learners.csv", "other.csv")).collect();
    desk.fails(&and(&other, &["--yes"]), 1, "rows", &["line 2: the status index", "is that of the credential"]);
}

/// The place in the status lists of the credential that a subject has.
fn taken(desk: &Desk, subject: &str) -> u64 {
    let place = address::credential(&desk.achievement(), &subject.parse().unwrap(), 0);
    desk.show(&place)["status_index"].as_u64().unwrap()
}

#[test]
fn a_journal_belongs_to_its_file_and_its_run() {
    let (desk, issue) = with_learners();
    desk.json("bulk", &and(&issue, &["--yes"]));
    let newcomer = desk.keypair("newcomer.json");
    let more = [shipped(), format!("Newcomer,{newcomer},\n").into_bytes()].concat();
    fs::write(desk.path("learners.csv"), more).unwrap();
    desk.fails(
        &and(&issue, &["--yes"]),
        1,
        "other-run",
        &["learners.csv.journal", "its file's SHA-256 is", "--journal"],
    );

    let run = desk.json("bulk", &and(&issue, &["--yes", "--journal", "second.journal"]));
    let summary = &run["summary"];
    assert_eq!((&summary["done"], lines(&summary["skipped"])), (&1.into(), (2..=61).collect()));
    assert_eq!((&summary["complete"], &run["journal"]), (&true.into(), &"second.journal".into()));
    assert!(desk.path("second.journal").exists());

    let again = ["--yes", "--journal", "second.journal", "--again"];
    desk.fails(&and(&issue, &again), 1, "other-run", &["issuing again is false, this run's true"]);
    let journal = fs::read_to_string(desk.path("second.journal")).unwrap();
    fs::write(desk.path("second.journal"), journal.replacen("plan", "plam", 1)).unwrap();
    desk.fails(&and(&issue, &again[..3]), 1, "journal-damaged", &["second.journal, line 2", "is damaged"]);
    let fresh = desk.keypair("fresh.json");
    fs::write(desk.path("learners.csv"), format!("wallet\n{fresh}\n")).unwrap();
    let nowhere = ["--yes", "--journal", "no/where"];
    desk.fails(&and(&issue, &nowhere), 1, "file", &["no/where", "--journal"]);
}

#[test]
fn what_stands_in_the_way_of_all_rows_is_found_before_the_first() {
    let (desk, issue) = with_learners();
    let poor = desk.keypair("poor.json").to_string();
    let payer = ["--yes", "--fee-payer", "poor.json"];
    desk.fails(
        &and(&issue, &payer),
        1,
        "insufficient-funds",
        &[&poor, "has 0 lamports", "--fee-payer", "microcred fund"],
    );
    let absent = ["--yes", "--fee-payer", &desk.authority().to_string()];
    desk.fails(&and(&issue, &absent), 1, "signer", &["name its keypair with --fee-payer"]);
    let plan = desk.json("bulk", &and(&issue, &["--dry-run", absent[1], absent[2]]));
    assert_eq!(plan["overview"]["payer"], absent[2]);

    desk.keypair("small.json");
    let limits = ["--permissions", "issue", "--quota", "59"];
    desk.ok(&[&["key", "add", &desk.uni(), "small.json"], &limits[..]].concat());
    let by_small: Vec<_> = issue.iter().map(|word| word.replace("key.json", "small.json")).collect();
    let small = ["--yes", "--fee-payer", "key.json"];
    desk.fails(&and(&by_small, &small), 1, "not-ready", &["may issue 59 more, but 60 are to be issued"]);
    desk.ok(&["achievement", "pause", &desk.rust()]);
    desk.fails(&and(&issue, &["--yes"]), 1, "not-ready", &["paused", "resume it first"]);
    let missing = ["--yes", "--key-index", "7"];
    desk.fails(&and(&issue, &missing), 4, "not-found", &["there is no issuer key"]);
    assert!(!desk.path("learners.csv.journal").exists());
}

#[test]
fn what_says_one_and_many_at_once_is_wrong_usage() {
    let desk = Desk::empty();
    let wallet = wallets(1)[0].to_string();
    let issue = ["issue", "--achievement", &wallet];
    for (more, says) in [
        (&[][..], "--subject <ADDRESS>"),
        (&["--csv", "x", "--subject", &wallet], "cannot be used with"),
        (&["--csv", "x", "--status-index", "1"], "cannot be used with"),
        (&["--csv", "x", "--sign-only", "--blockhash", &wallet], "cannot be used with"),
        (&["--subject", &wallet, "--journal", "x"], "cannot be used with"),
        (&["--subject", &wallet, "--dry-run"], "cannot be used with"),
        (&["--subject", &wallet, "--again"], "cannot be used with"),
        (&["--dry-run"], "--csv <FILE>"),
        (&["--csv", "x", "--concurrency", "0"], "0 is not in 1..=256"),
    ] {
        let message = desk.fails(&[&issue[..], more].concat(), 1, "usage", &[says]);
        assert!(message.contains("Usage: microcred issue") || message.contains("--concurrency"), "{message}");
    }
    for (arguments, says) in [
        (&["--csv", "x", &wallet][..], "cannot be used with"),
        (&["--csv", "x", "--subject", &wallet], "cannot be used with"),
        (&["--achievement", &wallet], "--subject <ADDRESS>|--csv <FILE>"),
        (&["--csv", "x", "--sequence", "1"], "cannot be used with"),
        (&[&wallet, "--dry-run"], "cannot be used with"),
        (&["--achievement", &wallet, "--subject", &wallet, "--dry-run"], "cannot be used with"),
        (&["--csv", "x", "--again"], "--again"),
    ] {
        desk.fails(&[&["revoke"], arguments].concat(), 1, "usage", &[says]);
    }
}

#[test]
fn credentials_are_revoked_by_wallet_or_address_each_with_its_reason() {
    let (desk, issue) = with_learners();
    desk.json("bulk", &and(&issue, &["--yes"]));
    let learners = wallets(4);
    let credentials: Vec<_> =
        learners.iter().map(|wallet| address::credential(&desk.achievement(), wallet, 0)).collect();
    let rows = format!(
        "learner,wallet,credential,reason\nA,{},,\nB,,{},academic misconduct\nC,{},,payment\n",
        learners[0], credentials[1], learners[2]
    );
    fs::write(desk.path("out.csv"), rows).unwrap();
    let rust = desk.rust();
    let revoke = ["revoke", "--achievement", &rust, "--csv", "out.csv", "--reason", "learner-request"];
    desk.fails(&revoke, 1, "not-confirmed", &["revokes 3 credentials", "Rust Basics", "for good", "learner's request"]);
    desk.fails(&[&revoke[..], &["-k", "key.json", "--yes"]].concat(), 1, "wrong-signer", &["lacks the permission"]);
    let run = desk.json("bulk", &[&revoke[..], &["--yes"]].concat());
    let summary = &run["summary"];
    assert_eq!((&summary["done"], &summary["rent_lamports"], &run["action"]), (&3.into(), &0.into(), &"revoke".into()));
    // One transaction has one reason.
    assert_eq!(summary["transactions"].as_array().unwrap().len(), 3);
    for (credential, reason) in credentials.iter().zip(["learner's request", "academic misconduct", "payment"]) {
        let shown = desk.show(credential);
        assert_eq!((&shown["status"], &shown["reason"]), (&"revoked".into(), &reason.into()));
    }
    assert_eq!(desk.show(&credentials[3])["status"], "active");
    let again = desk.json("bulk", &revoke);
    assert_eq!(again["summary"]["done_earlier"], 3);
    let other = [&revoke[..5], &["--reason", "payment", "--yes"]].concat();
    desk.fails(&other, 1, "other-run", &["its reason is learner's request, this run's payment"]);

    // Revoked learners are issued to again only where that is allowed.
    let rows: String = learners.iter().map(|wallet| format!("{wallet}\n")).collect();
    fs::write(desk.path("learners.csv"), format!("wallet\n{rows}")).unwrap();
    for (journal, again, done, skipped) in
        [("once.journal", &[][..], 0, &[2, 3, 4, 5][..]), ("again.journal", &["--again"], 3, &[5])]
    {
        let run = desk.json("bulk", &and(&issue, &[&["--yes", "--journal", journal], again].concat()));
        let summary = &run["summary"];
        assert_eq!((&summary["done"], &summary["complete"]), (&done.into(), &true.into()));
        assert_eq!(lines(&summary["skipped"]), skipped);
    }
    assert_eq!(desk.show(&address::credential(&desk.achievement(), &learners[0], 1))["status"], "active");
}

#[test]
fn wrong_revocations_are_told_row_by_row() {
    let (desk, issue) = with_learners();
    desk.json("bulk", &and(&issue, &["--yes"]));
    let [first, second] = [0, 1].map(|index| wallets(2)[index]);
    let credential = address::credential(&desk.achievement(), &first, 0);
    let stranger = desk.keypair("stranger.json");
    let rust = desk.rust();
    for (rows, more, wrong, says) in [
        (
            format!("wallet,credential\n{first},{credential}\n,\n"),
            &[][..],
            &[2, 3][..],
            "names both wallet and credential",
        ),
        (format!("wallet,reason\n{first},whim\n"), &[], &[2], "is not a reason: write one of"),
        (format!("wallet\n{first}\n{first}\n"), &[], &[3], "stands in line 2 already"),
        (format!("wallet\n{first}\n{stranger}\n"), &["--achievement", &rust], &[3], "there is no credential at"),
        (format!("wallet,credential\n{first},\n,{credential}\n"), &["--achievement", &rust], &[3], "of line 2 already"),
        (format!("wallet,credential\n{second},\n,{credential}\n"), &[], &[2], "say which achievement is revoked"),
    ] {
        fs::write(desk.path("out.csv"), rows).unwrap();
        let arguments = [&["revoke", "--csv", "out.csv", "--yes", "--output", "json"], more].concat();
        let output = desk.run(&arguments);
        let error: Value = serde_json::from_slice(&output.stderr).unwrap();
        conforms(&error, "error");
        assert_eq!(
            (output.status.code(), lines(&error["error"]["rows"])),
            (Some(1), wrong.to_vec()),
            "{says}: {error}"
        );
        assert!(error["error"]["message"].as_str().unwrap().contains(says), "{says}: {error}");
    }
    fs::write(desk.path("out.csv"), format!("wallet\n{first}\n")).unwrap();
    desk.fails(&["revoke", "--csv", "out.csv", "--yes"], 1, "usage", &["--achievement"]);
    assert_eq!(desk.show(&credential)["status"], "active");
    assert!(!desk.path("out.csv.journal").exists());

    fs::write(desk.path("out.csv"), format!("credential\n{credential}\n")).unwrap();
    let run = desk.json("bulk", &["revoke", "--csv", "out.csv", "--yes"]);
    assert_eq!((&run["summary"]["done"], &run["achievement"]), (&json!(1), &Value::Null));
    assert_eq!(run["issuer"]["name"], "My University");
}
