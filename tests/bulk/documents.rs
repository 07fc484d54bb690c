//! Documents made beside credentials: one for each row, the one whose digest stands on chain, whatever happens on the way.

use std::{collections::BTreeSet, fs, path::PathBuf, pin::pin, task::Poll};

use jiff::Timestamp;
use microcred::{CreateAchievementArgs, UpdateIssuerProfileArgs};
use microcred_client::{
    Address, address,
    bulk::{self, BulkError, Documents, Options, Progress, Run, Summary},
    document::{Document, did::Chain, json, proof::verify, reference::References, subject::opened, vocabulary},
    documents::{Folder, Office, OfficeError, Secret, Setting},
    instructions::{KeyRef, achievement, issuer, key},
    learners::{self, Allow},
    ledger::{Embedded, Ledger},
    state::{Credential, SubjectKind, permission},
};
use microcred_tests::{
    DAY, START, World, achievement_args,
    faulty::{Call, Fault, Faulty},
    key_terms,
};
use serde_json::{Value, json};
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::{Desk, assert_adds_up, credentials, options, refusing::Refusing, wallets};

/// How long what is issued here is valid.
const VALIDITY: i64 = 365 * DAY;

/// A name that must not be found anywhere but in documents.
const NAME: &str = "Zebulon Quartermain";

/// A desk that makes documents of an achievement with a definition.
struct Clerk {
    desk: Desk,
    secret: Option<Secret>,
    definition: Value,
}

fn definition() -> Value {
    json!({
        "id": "https://university.example/rust",
        "type": ["Achievement"],
        "achievementType": "MicroCredential",
        "name": "Rust for systems",
        "description": "Rust.",
        "creditsAvailable": 5,
        "criteria": {"narrative": "Assessment: a project."},
    })
}

/// Publishes an achievement with this definition.
fn publish(world: &mut World, code: &str, definition: &Value, policy: u8) -> Address {
    let args = CreateAchievementArgs {
        definition_digest: json::digest(definition),
        default_validity: VALIDITY,
        policy,
        ..achievement_args(code)
    };
    let (actor, holder) = (world.issuer.by_key(), world.issuer.key.insecure_clone());
    world.ok(&[achievement::create(world.payer.pubkey(), &actor, args)], &[&holder]);
    address::achievement(&world.issuer.address, code)
}

impl Clerk {
    fn new(world: &mut World) -> Self {
        let achievement = publish(world, "documented", &definition(), 0);
        let mut desk = Desk::of(world);
        desk.issuing.achievement = achievement;
        Self { desk, secret: None, definition: definition() }
    }

    fn setting(&self) -> Setting {
        Setting {
            chain: Chain::embedded(),
            key: self.desk.issuing.key,
            achievement: self.desk.issuing.achievement,
            definition: self.definition.clone(),
            status_lists: None,
            secret: self.secret.clone(),
        }
    }

    async fn office(&self, ledger: &dyn Ledger) -> Office {
        Office::open(ledger, self.setting()).await.unwrap()
    }

    fn path(&self) -> PathBuf {
        self.desk.folder.path().join("documents")
    }

    fn folder(&self) -> Folder {
        Folder::new(&self.path()).unwrap()
    }

    async fn prepare<'a>(
        &self,
        ledger: &'a dyn Ledger,
        documents: Documents<'a>,
        file: &str,
        options: Options,
    ) -> Result<Run<'a>, BulkError> {
        let allow = Allow { documents: true, ..Allow::default() };
        let rows = learners::read(file.as_bytes(), allow).map_err(BulkError::Rows)?;
        let source = self.desk.source(file);
        bulk::issue_with_documents(ledger, &self.desk.issuing, documents, &rows, &source, options).await
    }

    async fn issue(&self, ledger: &dyn Ledger, file: &str) -> Result<Summary, BulkError> {
        let (office, folder) = (self.office(ledger).await, self.folder());
        let run = self.prepare(ledger, Documents { office: &office, folder: &folder }, file, options()).await?;
        run.execute_with_documents(&self.desk.signers(), &self.desk.key, &|_: &Progress| ()).await
    }

    fn document(&self, credential: &Address) -> Document {
        let path = self.path().join(format!("{credential}.json"));
        Document::read(&fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))).unwrap()
    }

    /// Requires that every one of these wallets has a credential and a document that belong together, and that there is no other file.
    async fn assert_each_has_a_document(&self, ledger: &Embedded, wallets: &[Address]) {
        let found = credentials(ledger);
        let office = self.office(ledger).await;
        let mut files = BTreeSet::new();
        for wallet in wallets {
            let place = address::credential(&self.desk.issuing.achievement, &office.subject(wallet), 0);
            self.assert_belongs(&office, wallet, &place, found.get(&place).expect("a gap"));
            files.insert(format!("{place}.json"));
        }
        let there: BTreeSet<_> =
            fs::read_dir(self.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        assert_eq!(there, files);
    }

    #[track_caller]
    fn assert_belongs(&self, office: &Office, wallet: &Address, place: &Address, credential: &Credential) {
        let document = self.document(place);
        assert_eq!(*document.digest(), credential.digest, "the digest on chain is another one");
        let value = document.value();
        vocabulary::read(value).unwrap_or_else(|error| panic!("{error}: {value:#}"));
        let proofs = verify(value).unwrap();
        assert_eq!((proofs.len(), proofs[0].key), (1, self.desk.key.pubkey()));
        let references = References::of(value).unwrap().unwrap();
        assert_eq!((references.credential, references.issuer), (*place, self.desk.issuer));
        assert_eq!(references.key, Some(self.desk.issuing.key.address()));
        let (list, number) = office.status(credential.status_index);
        assert_eq!(value["credentialStatus"]["statusListCredential"], list);
        assert_eq!(value["credentialStatus"]["statusListIndex"], number.to_string());
        let until = value.get("validUntil").map(|until| until.as_str().unwrap().parse::<Timestamp>().unwrap());
        assert_eq!(until.map_or(0, Timestamp::as_second), credential.expires_at);
        let opened = opened(value, wallet).unwrap().map(|opened| opened.commitment);
        assert_eq!(opened.unwrap_or(*wallet), credential.subject);
        assert_eq!(opened.is_some(), credential.subject_kind == SubjectKind::Commitment.code());
        assert_eq!(json::digest(&value["credentialSubject"]["achievement"]), json::digest(&self.definition));
    }
}

/// A file with a name beside each wallet.
fn named(wallets: &[Address]) -> String {
    let rows: String = wallets
        .iter()
        .enumerate()
        .map(|(number, wallet)| format!("{wallet},{NAME} {number},z@quarter.example\n"))
        .collect();
    format!("wallet,name,email\n{rows}")
}

#[tokio::test]
async fn each_learner_gets_a_document_that_belongs_to_the_credential() {
    let mut world = World::new();
    let clerk = Clerk::new(&mut world);
    let learners = wallets(101, 30);
    let file = named(&learners);
    let summary = clerk.issue(&world.ledger, &file).await.unwrap();
    assert_adds_up(&summary, 30);
    assert_eq!((summary.done, summary.documents, summary.not_issued.len()), (30, 30, 0), "{summary:?}");
    assert_eq!(summary.transactions.len(), 4);
    clerk.assert_each_has_a_document(&world.ledger, &learners).await;
    let of = |wallet: &Address| address::credential(&clerk.desk.issuing.achievement, wallet, 0);
    let document = clerk.document(&of(&learners[7]));
    let identities = &document.value()["credentialSubject"]["identifier"];
    assert_eq!(identities[0]["identityHash"], format!("{NAME} 7"));
    assert_eq!(identities[1]["identityHash"], "z@quarter.example");
    let expires_at = credentials(&world.ledger)[&of(&learners[0])].expires_at;
    assert_eq!(expires_at, START + VALIDITY);

    // Personal data is in documents alone.
    let journal = fs::read_to_string(clerk.desk.journal()).unwrap();
    assert!(journal.contains("\"made\"") && !journal.contains("Quartermain") && !journal.contains("quarter.example"));
    for (_, account) in world.ledger.program_accounts() {
        let text = String::from_utf8_lossy(&account.data);
        assert!(!text.contains("Quartermain") && !text.contains("quarter.example"));
    }

    let again = clerk.issue(&world.ledger, &file).await.unwrap();
    assert_eq!((again.done, again.done_earlier, again.documents), (0, 30, 0));
    clerk.assert_each_has_a_document(&world.ledger, &learners).await;
}

#[tokio::test]
async fn what_a_row_says_stands_in_its_document() {
    let mut world = World::new();
    let clerk = Clerk::new(&mut world);
    let learners = wallets(102, 3);
    let until = START + 9 * DAY;
    let file = format!(
        "wallet,learner,grade,student_number,expires_at,status_index\n{},Ada,A,s-1,{until},200000\n{},,,,0,\n{},Cy,,,,\n",
        learners[0], learners[1], learners[2]
    );
    let summary = clerk.issue(&world.ledger, &file).await.unwrap();
    assert_eq!(summary.done, 3, "{summary:?}");
    clerk.assert_each_has_a_document(&world.ledger, &learners).await;
    let documents: Vec<_> = learners
        .iter()
        .map(|wallet| clerk.document(&address::credential(&clerk.desk.issuing.achievement, wallet, 0)))
        .collect();
    let [ada, nobody, cy] = documents.as_slice() else { panic!() };
    assert_eq!(ada.value()["credentialSubject"]["result"][0]["value"], "A");
    assert_eq!(ada.value()["credentialSubject"]["identifier"][1]["identityHash"], "s-1");
    assert_eq!(
        ada.value()["credentialStatus"]["statusListCredential"],
        "https://university.example/credentials/status/1"
    );
    assert_eq!(nobody.value().get("validUntil"), None);
    assert_eq!(nobody.value()["credentialSubject"].get("identifier"), None);
    assert_eq!(cy.value()["credentialSubject"]["identifier"][0]["identityHash"], "Cy");
}

#[tokio::test]
async fn private_subjects_are_commitments_and_a_new_run_makes_no_second_one() {
    let mut world = World::new();
    let mut clerk = Clerk::new(&mut world);
    clerk.secret = Some(Secret::generate());
    let learners = wallets(103, 10);
    let file = named(&learners);
    assert_eq!(clerk.issue(&world.ledger, &file).await.unwrap().done, 10);
    clerk.assert_each_has_a_document(&world.ledger, &learners).await;
    for (_, account) in world.ledger.program_accounts() {
        for wallet in &learners {
            assert!(!account.data.windows(32).any(|bytes| bytes == wallet.as_ref()), "the chain names a learner");
        }
    }
    // With another journal, nothing is known of the run but what the ledger says.
    fs::remove_file(clerk.desk.journal()).unwrap();
    let again = clerk.issue(&world.ledger, &file).await.unwrap();
    assert_eq!((again.done, again.skipped.len(), again.documents), (0, 10, 0), "{again:?}");
    assert_eq!(credentials(&world.ledger).len(), 10);

    // With another secret, the same run would issue to the same learners again.
    let ledger = Faulty::new(world.ledger, |call| (call == Call::Submit).then_some(Fault::Fail));
    fs::remove_dir_all(clerk.desk.folder.path().join("documents")).unwrap();
    let others = named(&wallets(104, 2));
    let stopped = clerk.issue(&ledger, &others).await.unwrap();
    assert_eq!((stopped.done, stopped.unknown.len() + stopped.not_sent.len()), (0, 2), "{stopped:?}");
    clerk.secret = Some(Secret::generate());
    let error = clerk.issue(&ledger.ledger, &others).await.unwrap_err().to_string();
    assert!(error.contains("issuer's secret"), "{error}");
}

#[tokio::test]
async fn a_run_that_is_dropped_at_any_await_is_taken_up_with_the_documents_it_made() {
    const ROWS: usize = 17;
    let mut world = World::new();
    let mut clerk = Clerk::new(&mut world);
    let ledger = Faulty::new(world.ledger, |call| (call == Call::Submit).then_some(Fault::Delay));
    for turns in 0.. {
        clerk.desk.folder = tempfile::tempdir().unwrap();
        let learners = wallets(1_000 + turns, ROWS);
        let file = named(&learners);
        let mut left = turns;
        let was_cut = cut(&clerk, &ledger, &file, || {
            left = left.saturating_sub(1);
            left == 0
        })
        .await;
        let made = made(&clerk);
        let summary = clerk.issue(&ledger, &file).await.unwrap();
        assert_adds_up(&summary, ROWS);
        assert!(summary.is_complete() && summary.skipped.is_empty(), "{summary:?}");
        assert_eq!(made + summary.documents, ROWS, "a document was made twice");
        clerk.assert_each_has_a_document(&ledger.ledger, &learners).await;
        if turns > 0 && !was_cut {
            assert!(turns > 5, "it took {turns} turns only");
            return;
        }
    }
}

#[tokio::test]
async fn a_journal_that_ends_at_any_byte_is_taken_up_with_the_documents_it_made() {
    const ROWS: usize = 9;
    let mut world = World::new();
    let mut clerk = Clerk::new(&mut world);
    let mut ledger = Faulty::new(world.ledger, |call| (call == Call::Submit).then_some(Fault::Delay));
    for (round, length) in (0..).zip((0..).step_by(97)) {
        clerk.desk.folder = tempfile::tempdir().unwrap();
        let learners = wallets(5_000 + length, ROWS);
        let file = named(&learners);
        let journal = clerk.desk.journal();
        let written = || fs::metadata(&journal).map_or(0, |metadata| metadata.len());
        if !cut(&clerk, &ledger, &file, || written() > length).await {
            assert!(length > 2_000, "the journal has {length} bytes only");
            return;
        }
        fs::OpenOptions::new().write(true).open(&journal).unwrap().set_len(length).unwrap();
        let made = made(&clerk);
        // Later: what is made now says so, and what was made says when that was.
        ledger.ledger.set_time(START + DAY * (round + 1));
        let summary = clerk.issue(&ledger, &file).await.unwrap();
        assert_adds_up(&summary, ROWS);
        assert!(summary.is_complete() && summary.skipped.is_empty(), "cut at {length}: {summary:?}");
        assert_eq!(made + summary.documents, ROWS, "cut at {length}");
        clerk.assert_each_has_a_document(&ledger.ledger, &learners).await;
    }
}

/// How many documents there are.
fn made(clerk: &Clerk) -> usize {
    fs::read_dir(clerk.path()).map_or(0, Iterator::count)
}

/// Runs until the end, or until `ends` says so after some progress: then the run is dropped where it is.
async fn cut(clerk: &Clerk, ledger: &Faulty, file: &str, mut ends: impl FnMut() -> bool) -> bool {
    let (office, folder) = (clerk.office(ledger).await, clerk.folder());
    let options = Options { concurrency: 2, ..options() };
    let documents = Documents { office: &office, folder: &folder };
    let run = clerk.prepare(ledger, documents, file, options).await.unwrap();
    let signers = clerk.desk.signers();
    let mut running = pin!(run.execute_with_documents(&signers, &clerk.desk.key, &|_: &Progress| ()));
    let mut ended = ends();
    std::future::poll_fn(|context| {
        if ended {
            return Poll::Ready(true);
        }
        let polled = running.as_mut().poll(context);
        ended = ends();
        match polled {
            Poll::Ready(_) => Poll::Ready(false),
            Poll::Pending if ended => Poll::Ready(true),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// A run of these rows that made documents, and could not send them.
async fn made_and_not_sent(clerk: &Clerk, world: World, file: &str) -> Embedded {
    // Of the first blockhash, nothing comes back.
    let ledger = Faulty::new(world.ledger, |call| (call == Call::Lifetime).then_some(Fault::Fail));
    let summary = clerk.issue(&ledger, file).await.unwrap();
    assert_eq!(summary.not_issued, summary.not_sent, "{summary:?}");
    assert!(summary.documents > 0);
    ledger.ledger
}

#[tokio::test]
async fn documents_that_were_changed_or_lost_since_are_not_replaced() {
    let mut world = World::new();
    let clerk = Clerk::new(&mut world);
    let learners = wallets(105, 2);
    let file = named(&learners);
    let ledger = made_and_not_sent(&clerk, world, &file).await;
    let path = |number: usize| {
        let place = address::credential(&clerk.desk.issuing.achievement, &learners[number], 0);
        clerk.path().join(format!("{place}.json"))
    };
    let [first, second] = [0, 1].map(|number| fs::read_to_string(path(number)).unwrap());
    fs::write(path(0), first.replace(NAME, "Somebody Else")).unwrap();
    fs::remove_file(path(1)).unwrap();
    let Err(BulkError::Rows(errors)) = clerk.issue(&ledger, &file).await else { panic!() };
    assert_eq!(errors.iter().map(|error| error.line).collect::<Vec<_>>(), [2, 3]);
    assert!(errors[0].what.contains("its digest is not the journal's. Restore it"), "{}", errors[0]);
    assert!(errors[1].what.contains("is gone") && errors[1].what.contains("Restore it"), "{}", errors[1]);
    assert!(!errors[0].what.contains("Somebody"));
    assert!(credentials(&ledger).is_empty());

    fs::write(path(0), &first).unwrap();
    fs::write(path(1), &second).unwrap();
    let summary = clerk.issue(&ledger, &file).await.unwrap();
    assert_eq!((summary.done, summary.documents), (2, 0), "{summary:?}");
    clerk.assert_each_has_a_document(&ledger, &learners).await;
}

#[tokio::test]
async fn other_files_are_left_alone_and_the_own_ones_recognised() {
    let mut world = World::new();
    let clerk = Clerk::new(&mut world);
    let learners = wallets(106, 2);
    let file = named(&learners);
    let place = address::credential(&clerk.desk.issuing.achievement, &learners[1], 0);
    fs::create_dir(clerk.path()).unwrap();
    let path = clerk.path().join(format!("{place}.json"));
    for (content, says) in [("{}", "is not what would be made"), ("{", "is no document"), ("[1]", "is not what would")]
    {
        fs::write(&path, content).unwrap();
        let Err(BulkError::Rows(errors)) = clerk.issue(&world.ledger, &file).await else { panic!() };
        assert_eq!((errors.len(), errors[0].line), (1, 3));
        assert!(errors[0].what.contains(says) && errors[0].what.contains("move it away"), "{}", errors[0]);
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
    }
    fs::remove_file(&path).unwrap();
    assert!(!clerk.desk.journal().exists());
    clerk.issue(&world.ledger, &file).await.unwrap();
    clerk.assert_each_has_a_document(&world.ledger, &learners).await;
}

#[tokio::test]
async fn a_document_of_which_the_journal_does_not_know_yet_is_recognised() {
    let mut world = World::new();
    let clerk = Clerk::new(&mut world);
    let learners = wallets(113, 9);
    let file = named(&learners);
    let mut ledger = made_and_not_sent(&clerk, world, &file).await;
    // The machine stopped when the documents were written, and the files had their old names too.
    let journal = fs::read_to_string(clerk.desk.journal()).unwrap();
    let (before, _) = journal.split_once("\"entry\":{\"made\"").unwrap();
    let decided = before.rfind('\n').unwrap() + 1;
    fs::write(clerk.desk.journal(), &journal[..decided]).unwrap();
    let made: Vec<_> = fs::read_dir(clerk.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    for path in &made {
        fs::hard_link(path, path.with_added_extension("new")).unwrap();
    }
    ledger.set_time(START + DAY);
    let summary = clerk.issue(&ledger, &file).await.unwrap();
    assert_eq!((summary.done, summary.documents), (9, 9 - made.len()), "{summary:?}");
    clerk.assert_each_has_a_document(&ledger, &learners).await;
}

#[tokio::test]
async fn a_document_whose_place_others_took_is_made_anew_if_it_was_never_sent() {
    let mut world = World::new();
    let clerk = Clerk::new(&mut world);
    let other = Desk::of(&world);
    let learners = wallets(107, 2);
    let file = named(&learners);
    let ledger = made_and_not_sent(&clerk, world, &file).await;
    let journal = fs::read_to_string(clerk.desk.journal()).unwrap();
    let place = journal.split("[2,0,").nth(1).and_then(|rest| rest.split(']').next()).unwrap();
    let theirs = format!("wallet,status_index\n{},{place}\n", wallets(108, 1)[0]);
    assert_eq!(other.issue(&ledger, &theirs).await.unwrap().done, 1);

    let summary = clerk.issue(&ledger, &file).await.unwrap();
    assert_eq!((summary.done, summary.documents), (2, 1), "{summary:?}");
    clerk.assert_each_has_a_document(&ledger, &learners).await;
    let again = clerk.issue(&ledger, &file).await.unwrap();
    assert_eq!((again.done, again.done_earlier), (0, 2));
}

#[tokio::test]
async fn a_row_that_is_refused_is_told_with_its_document() {
    let mut world = World::new();
    let clerk = Clerk::new(&mut world);
    let learners = wallets(109, 16);
    let bad = address::credential(&clerk.desk.issuing.achievement, &learners[5], 0);
    let ledger = Refusing { bad, ..Refusing::new(world.ledger) };
    let summary = clerk.issue(&ledger, &named(&learners)).await.unwrap();
    assert_adds_up(&summary, 16);
    assert_eq!((summary.done, summary.documents, summary.not_issued), (15, 16, vec![7]));
    let summary = clerk.issue(&ledger.ledger, &named(&learners)).await.unwrap();
    assert_eq!((summary.done, summary.documents, summary.not_issued.len()), (1, 0, 0));
    clerk.assert_each_has_a_document(&ledger.ledger, &learners).await;
}

#[tokio::test]
async fn a_run_belongs_to_its_folder_key_and_lists() {
    let mut world = World::new();
    let clerk = Clerk::new(&mut world);
    let file = named(&wallets(110, 2));
    let ledger = made_and_not_sent(&clerk, world, &file).await;
    let office = clerk.office(&ledger).await;
    let elsewhere = Folder::new(&clerk.desk.folder.path().join("elsewhere")).unwrap();
    let lists = Setting { status_lists: Some("https://lists.example/a".parse().unwrap()), ..clerk.setting() };
    let other_lists = Office::open(&ledger, lists).await.unwrap();
    let folder = clerk.folder();
    for (documents, says) in [
        (Documents { office: &office, folder: &elsewhere }, "its documents is"),
        (Documents { office: &other_lists, folder: &folder }, "its status lists is"),
    ] {
        let error = clerk.prepare(&ledger, documents, &file, options()).await.err().unwrap().to_string();
        assert!(error.contains(says), "{error}");
    }
    let rows = learners::read(file.as_bytes(), Allow { documents: true, ..Allow::default() }).unwrap();
    let source = clerk.desk.source(&file);
    let error = bulk::issue(&ledger, &clerk.desk.issuing, &rows, &source, options()).await.err().unwrap();
    assert!(error.to_string().contains("its documents is"), "{error}");
}

#[tokio::test]
async fn who_signs_documents_must_be_here() {
    let mut world = World::new();
    let clerk = Clerk::new(&mut world);
    let (office, folder) = (clerk.office(&world.ledger).await, clerk.folder());
    let documents = Documents { office: &office, folder: &folder };
    let file = named(&wallets(111, 2));
    let run = clerk.prepare(&world.ledger, documents, &file, options()).await.unwrap();
    let error = run.execute(&clerk.desk.signers(), &|_: &Progress| ()).await.unwrap_err();
    assert!(matches!(error, BulkError::DocumentSigner(key) if key == clerk.desk.key.pubkey()), "{error}");
    let run = clerk.prepare(&world.ledger, documents, &file, options()).await.unwrap();
    let error = run.execute_with_documents(&clerk.desk.signers(), &Keypair::new(), &|_: &Progress| ()).await;
    assert!(matches!(error, Err(BulkError::DocumentSigner(_))), "{error:?}");
    assert!(!clerk.desk.journal().exists() && !clerk.path().exists());

    let mut other = Desk::of(&world);
    other.issuing.achievement = world.issuer.achievement;
    let rows = learners::read(file.as_bytes(), Allow { documents: true, ..Allow::default() }).unwrap();
    let source = other.source(&file);
    let error = bulk::issue_with_documents(&world.ledger, &other.issuing, documents, &rows, &source, options());
    assert!(error.await.err().unwrap().to_string().contains("open the office of that one"));
}

#[tokio::test]
async fn an_office_opens_only_where_documents_would_be_good() {
    let mut world = World::new();
    let clerk = Clerk::new(&mut world);
    let accepted = publish(&mut world, "accepted", &definition(), microcred::state::policy::ACCEPTANCE_REQUIRED);
    let undefined = {
        let args = CreateAchievementArgs { definition_digest: [0; 32], ..achievement_args("undefined") };
        let (actor, holder) = (world.issuer.by_key(), world.issuer.key.insecure_clone());
        world.ok(&[achievement::create(world.payer.pubkey(), &actor, args)], &[&holder]);
        address::achievement(&world.issuer.address, "undefined")
    };
    let any = key_terms(Address::default());
    let mut keys = Vec::new();
    for (index, terms) in [
        microcred::KeyTerms { permissions: permission::ALL & !permission::ASSERT, ..any },
        microcred::KeyTerms { scope: undefined, ..any },
        microcred::KeyTerms { valid_from: START + DAY, ..any },
        any,
    ]
    .into_iter()
    .enumerate()
    {
        let index = u16::try_from(index).unwrap() + 1;
        let (holder, _) = world.new_actor(index, terms);
        keys.push(KeyRef { issuer: world.issuer.address, index, key: holder.pubkey() });
    }
    let authority = world.issuer_authority();
    let compromised = key::mark_compromised(authority.pubkey(), world.issuer.address, 4, START);
    world.performs(&compromised, &[&authority]);

    let ledger = &world.ledger;
    let usual = || clerk.setting();
    let mut other = definition();
    other["name"] = json!("Another");
    let list = |url: &str| Setting { status_lists: Some(url.parse().unwrap()), ..clerk.setting() };
    for (setting, says) in [
        (Setting { key: keys[0], ..usual() }, "needs the permission `assert`"),
        (Setting { key: keys[1], ..usual() }, "whose scope is this achievement"),
        (Setting { key: keys[2], ..usual() }, "name another key"),
        (Setting { key: keys[3], ..usual() }, "name another key"),
        (Setting { key: KeyRef { index: 9, ..keys[0] }, ..usual() }, "there is no issuer key"),
        (Setting { key: KeyRef { index: 1, ..keys[1] }, ..usual() }, "sign documents with that one"),
        (Setting { definition: other, ..usual() }, "not the definition of the achievement"),
        (Setting { achievement: undefined, ..usual() }, "has no definition on chain"),
        (Setting { achievement: accepted, secret: Some(Secret::generate()), ..usual() }, "issue it to wallets"),
        (list("http://lists.example/a"), "by https"),
    ] {
        let error = Office::open(ledger, setting).await.unwrap_err().to_string();
        assert!(error.contains(says), "{says}: {error}");
    }
    Office::open(ledger, Setting { achievement: accepted, ..usual() }).await.unwrap();
    Office::open(ledger, list("http://127.0.0.1:80/a")).await.unwrap();

    // What verifiers would refuse is not signed, and nothing is issued with its digest.
    for (number, (field, value, says)) in [
        ("grading", json!("A to F"), "/credentialSubject/achievement/grading is a term that is not defined here"),
        ("@id", json!("urn:a"), "the key \"@id\" is refused"),
        ("creditsAvailable", json!(1e21), "the number 1e+21 is refused"),
        ("criteria", json!({"narrative": "a".repeat(10_001)}), "/criteria/narrative has 10001 bytes"),
        ("image", json!({"id": "a b", "type": "Image"}), "/image/id is \"a b\", which is no absolute IRI"),
    ]
    .into_iter()
    .enumerate()
    {
        let mut definition = definition();
        definition[field] = value;
        let achievement = publish(&mut world, &format!("unsound-{number}"), &definition, 0);
        let error = Office::open(&world.ledger, Setting { achievement, definition, ..usual() }).await.unwrap_err();
        assert!(matches!(error, OfficeError::Unsound(_)) && error.to_string().contains(says), "{says}: {error}");
    }
    for url in ["uni.example", "https://uni.example/a b"] {
        let authority = world.issuer_authority();
        let args = UpdateIssuerProfileArgs { name: "A".into(), url: url.into(), country: String::new() };
        world.performs(&issuer::update_profile(authority.pubkey(), world.issuer.address, args), &[&authority]);
        let error = Office::open(&world.ledger, list("https://lists.example/a")).await.unwrap_err().to_string();
        assert!(error.contains(&format!("/issuer/url is {url:?}")) && error.contains("profile on chain"), "{error}");
    }

    world.change_profile("No Site");
    let error = Office::open(&world.ledger, clerk.setting()).await.unwrap_err();
    assert!(matches!(error, OfficeError::StatusLists(_)), "{error}");
}

#[tokio::test]
async fn wallets_that_cannot_sign_and_digests_from_elsewhere_are_refused() {
    let mut world = World::new();
    let clerk = Clerk::new(&mut world);
    let (office, folder) = (clerk.office(&world.ledger).await, clerk.folder());
    let documents = Documents { office: &office, folder: &folder };
    let file = format!("wallet,digest\n{},{}\n{},\n", wallets(112, 1)[0], "ab".repeat(32), world.issuer.address);
    let rows = learners::read(file.as_bytes(), Allow { off_curve: true, ..Allow::default() }).unwrap();
    let source = clerk.desk.source(&file);
    let run = bulk::issue_with_documents(&world.ledger, &clerk.desk.issuing, documents, &rows, &source, options());
    let Some(BulkError::Rows(errors)) = run.await.err() else { panic!() };
    assert!(
        errors[0].what.contains("leave the digest out") && errors[1].what.contains("no key can sign"),
        "{errors:?}"
    );
}

#[tokio::test]
async fn a_row_that_another_run_issued_with_another_document_is_not_done() {
    let mut world = World::new();
    let clerk = Clerk::new(&mut world);
    let mut other = Clerk { desk: Desk::of(&world), secret: None, definition: definition() };
    other.desk.issuing.achievement = clerk.desk.issuing.achievement;
    let learners = wallets(114, 3);
    let rows: Vec<_> = learners.iter().zip(1..).map(|(wallet, place)| format!("{wallet},{place}\n")).collect();
    let file = format!("wallet,status_index\n{}", rows.concat());

    // This run announces what it sends, and nothing arrives; the other one, of the same file, sends its own documents.
    let ledger = Faulty::new(world.ledger, |call| (call == Call::Submit).then_some(Fault::Lose));
    let lost = clerk.issue(&ledger, &file).await.unwrap();
    assert_eq!((lost.done, lost.documents), (0, 3), "{lost:?}");
    let theirs = other.issue(&ledger.ledger, &file).await.unwrap();
    assert_eq!((theirs.done, theirs.in_folder), (3, 3), "{theirs:?}");
    other.assert_each_has_a_document(&ledger.ledger, &learners).await;

    let summary = clerk.issue(&ledger.ledger, &file).await.unwrap();
    assert_eq!((summary.done, summary.done_earlier, summary.skipped.len()), (0, 0, 3), "{summary:?}");
    assert_eq!((summary.in_folder, summary.not_issued), (0, vec![2, 3, 4]));
    let again = other.issue(&ledger.ledger, &file).await.unwrap();
    assert_eq!((again.done_earlier, again.in_folder, again.not_issued.len()), (3, 3, 0), "{again:?}");
    // A file that was handed out, and moved.
    let place = address::credential(&clerk.desk.issuing.achievement, &learners[0], 0);
    fs::remove_file(other.path().join(format!("{place}.json"))).unwrap();
    assert_eq!(other.issue(&ledger.ledger, &file).await.unwrap().in_folder, 2);
}

#[tokio::test]
async fn what_another_run_issues_meanwhile_leaves_a_document_that_is_told() {
    let mut world = World::new();
    let clerk = Clerk::new(&mut world);
    let mut other = Clerk { desk: Desk::of(&world), secret: None, definition: definition() };
    other.desk.issuing.achievement = clerk.desk.issuing.achievement;
    let learners = wallets(115, 3);
    let (office, folder) = (clerk.office(&world.ledger).await, clerk.folder());
    let documents = Documents { office: &office, folder: &folder };
    let run = clerk.prepare(&world.ledger, documents, &named(&learners), options()).await.unwrap();
    assert_eq!(other.issue(&world.ledger, &named(&learners[..1])).await.unwrap().done, 1);
    let summary = run.execute_with_documents(&clerk.desk.signers(), &clerk.desk.key, &|_: &Progress| ()).await.unwrap();
    assert_eq!((summary.done, summary.skipped.len(), summary.in_folder), (2, 1, 2), "{summary:?}");
    assert_eq!(summary.not_issued, [2]);
}

#[tokio::test]
async fn a_key_that_may_no_longer_sign_documents_stops_the_run() {
    let mut world = World::new();
    let clerk = Clerk::new(&mut world);
    let (holder, _) = world.new_actor(1, key_terms(Address::default()));
    let key = KeyRef { issuer: world.issuer.address, index: 1, key: holder.pubkey() };
    let office = Office::open(&world.ledger, Setting { key, ..clerk.setting() }).await.unwrap();
    let authority = world.issuer_authority();
    let folder = clerk.folder();
    let documents = Documents { office: &office, folder: &folder };
    let signers = clerk.desk.signers();

    let run = clerk.prepare(&world.ledger, documents, &named(&wallets(116, 2)), options()).await.unwrap();
    let summary = run.execute_with_documents(&signers, &holder, &|_: &Progress| ()).await.unwrap();
    assert_eq!((summary.done, summary.stopped), (2, None));

    fs::remove_file(clerk.desk.journal()).unwrap();
    world.performs(&key::mark_compromised(authority.pubkey(), world.issuer.address, 1, START), &[&authority]);
    let run = clerk.prepare(&world.ledger, documents, &named(&wallets(117, 2)), options()).await.unwrap();
    let summary = run.execute_with_documents(&signers, &holder, &|_: &Progress| ()).await.unwrap();
    assert_eq!((summary.done, summary.documents, summary.not_sent.len()), (0, 0, 2), "{summary:?}");
    assert!(summary.stopped.unwrap().contains("key 1 may not sign documents"));
    assert_eq!(made(&clerk), 2);
}
