//! The challenges that a verifier gave: each is answered once.

use std::{fs, sync::Barrier, thread};

use jiff::{SignedDuration, Timestamp};
use microcred_client::document::{
    did,
    presentation::{
        Asked, BookError, ChallengeBook, ChallengeError, ControlError, Given, LIMIT, PresentationError, Request,
        Wanted, check, open, present,
        text::{self, TextError},
    },
};
use solana_keypair::Keypair;
use solana_signer::Signer;
use tempfile::TempDir;

use crate::presentation::{DOMAIN, document, now, time};

const TEN_MINUTES: SignedDuration = SignedDuration::from_mins(10);

fn book() -> (TempDir, ChallengeBook) {
    let folder = TempDir::new().unwrap();
    let book = ChallengeBook::at(folder.path().join("challenges.json"));
    (folder, book)
}

fn answer(given: &Given) -> Request<'_> {
    Request { challenge: &given.challenge, domain: &given.domain, created: now(), expires: now() + TEN_MINUTES }
}

fn wanted(book: &ChallengeBook) -> Wanted<'_> {
    Wanted { asked: Asked::Book(book), now: now(), max_age: TEN_MINUTES }
}

#[test]
fn a_challenge_is_answered_once() {
    let (_folder, book) = book();
    let learner = Keypair::new();
    let document = document(&did::did_key(&learner.pubkey()));
    let given = book.give(DOMAIN, now(), TEN_MINUTES).unwrap();
    assert_eq!(given.expires, now() + TEN_MINUTES);
    let presentation = present(document.clone(), &answer(&given), &learner).unwrap();
    check(&presentation, &wanted(&book)).unwrap();
    let again = check(&presentation, &wanted(&book)).unwrap_err();
    assert!(matches!(again, PresentationError::Challenge(ChallengeError::Book(BookError::Unknown))), "{again:?}");
    // A text cannot answer it after that either; a new one it can, once.
    let used = text::sign(&document, &answer(&given), &learner).unwrap();
    let error = text::check(&document, &used, &wanted(&book)).unwrap_err();
    assert!(matches!(error, TextError::Challenge(ChallengeError::Book(BookError::Unknown))));
    let given = book.give(DOMAIN, now(), TEN_MINUTES).unwrap();
    let signed = text::sign(&document, &answer(&given), &learner).unwrap();
    text::check(&document, &signed, &wanted(&book)).unwrap();
    assert!(text::check(&document, &signed, &wanted(&book)).is_err());
}

#[test]
fn a_wrong_answer_uses_nothing_up() {
    let (_folder, book) = book();
    let (learner, thief) = (Keypair::new(), Keypair::new());
    let document = document(&did::did_key(&learner.pubkey()));
    let given = book.give(DOMAIN, now(), TEN_MINUTES).unwrap();
    let presentation = present(document.clone(), &answer(&given), &learner).unwrap();

    let mut changed = presentation.clone();
    changed["verifiableCredential"][0]["name"] = "Surgery".into();
    assert!(check(&changed, &wanted(&book)).is_err());
    let mut stolen = document.clone();
    stolen["credentialSubject"]["id"] = did::did_key(&thief.pubkey()).into();
    let mut stolen = present(stolen, &answer(&given), &thief).unwrap();
    stolen["verifiableCredential"][0] = document.clone();
    assert!(check(&stolen, &wanted(&book)).is_err());
    let elsewhere = Request { domain: "other.example", ..answer(&given) };
    let elsewhere = present(document.clone(), &elsewhere, &learner).unwrap();
    let error = check(&elsewhere, &wanted(&book)).unwrap_err();
    assert!(matches!(error, PresentationError::Challenge(ChallengeError::Book(BookError::OtherDomain { .. }))));
    let never = Request { challenge: "never-given", ..answer(&given) };
    let error = check(&present(document, &never, &learner).unwrap(), &wanted(&book)).unwrap_err();
    assert!(matches!(error, PresentationError::Challenge(ChallengeError::Book(BookError::Unknown))));

    check(&presentation, &wanted(&book)).unwrap();
}

#[test]
fn of_many_who_come_together_one_gets_it() {
    let (_folder, book) = book();
    let challenges: Vec<_> = (0..8).map(|_| book.give(DOMAIN, now(), TEN_MINUTES).unwrap()).collect();
    let barrier = Barrier::new(8);
    let taken = thread::scope(|scope| {
        // Each has the book from its file, as processes have.
        let takers: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    barrier.wait();
                    let take = |given: &&Given| book.take(&given.challenge, DOMAIN, now()).is_ok();
                    challenges.iter().filter(take).count()
                })
            })
            .collect();
        takers.into_iter().map(|taker| taker.join().unwrap()).sum::<usize>()
    });
    assert_eq!(taken, challenges.len());
}

#[test]
fn givers_lose_no_challenge_of_each_other() {
    let (_folder, book) = book();
    let barrier = Barrier::new(4);
    let given: Vec<Given> = thread::scope(|scope| {
        let give = || {
            barrier.wait();
            (0..8).map(|_| book.give(DOMAIN, now(), TEN_MINUTES).unwrap()).collect::<Vec<_>>()
        };
        let givers: Vec<_> = (0..4).map(|_| scope.spawn(give)).collect();
        givers.into_iter().flat_map(|giver| giver.join().unwrap()).collect()
    });
    for given in given {
        book.take(&given.challenge, DOMAIN, now()).unwrap();
    }
}

#[test]
fn expired_challenges_are_forgotten() {
    let (folder, book) = book();
    let file = folder.path().join("challenges.json");
    let given = book.give(DOMAIN, now(), TEN_MINUTES).unwrap();
    assert!(matches!(book.take(&given.challenge, DOMAIN, given.expires), Err(BookError::Unknown)));
    book.give(DOMAIN, given.expires, TEN_MINUTES).unwrap();
    let kept = fs::read_to_string(&file).unwrap();
    assert!(!kept.contains(&given.challenge), "{kept}");
    assert!(matches!(book.give(DOMAIN, now(), SignedDuration::ZERO), Err(BookError::NoTime)));
    assert!(matches!(book.give("a b", now(), TEN_MINUTES), Err(BookError::Domain(_))));
}

#[test]
fn a_book_is_bounded_and_says_when_it_is_none() {
    let (folder, book) = book();
    let file = folder.path().join("challenges.json");
    let one = |number: usize, expires: Timestamp| {
        format!(r#"{{"challenge":"challenge{number}","domain":"{DOMAIN}","expires":"{expires}"}}"#)
    };
    let later = time("2026-11-23T11:00:00Z");
    let page = |count: usize, expires| {
        let all: Vec<_> = (0..count).map(|number| one(number, expires)).collect();
        format!(r#"{{"form":1,"challenges":[{}]}}"#, all.join(","))
    };
    fs::write(&file, page(LIMIT, later)).unwrap();
    assert!(matches!(book.give(DOMAIN, now(), TEN_MINUTES), Err(BookError::Full(_))));
    book.take("challenge7", DOMAIN, now()).unwrap();
    book.give(DOMAIN, now(), TEN_MINUTES).unwrap();
    fs::write(&file, page(LIMIT, now())).unwrap();
    book.give(DOMAIN, now(), TEN_MINUTES).unwrap();

    for damaged in ["", "[]", r#"{"form":2,"challenges":[]}"#, r#"{"form":1,"challenges":[],"more":1}"#] {
        fs::write(&file, damaged).unwrap();
        assert!(matches!(book.give(DOMAIN, now(), TEN_MINUTES), Err(BookError::Damaged { .. })), "{damaged}");
        assert_eq!(fs::read_to_string(&file).unwrap(), damaged);
    }
    let learner = Keypair::new();
    let request = Request { challenge: "challenge1", domain: DOMAIN, created: now(), expires: later };
    let shown = present(document(&did::did_key(&learner.pubkey())), &request, &learner).unwrap();
    let Some(Err(error)) = open(shown, None, Some(&wanted(&book))).control else { panic!("a damaged book") };
    assert!(matches!(error, ControlError::Presentation(_)) && error.is_own_failure(), "{error:?}");
    let nowhere = ChallengeBook::at(folder.path().join("no/folder/challenges.json"));
    assert!(matches!(nowhere.give(DOMAIN, now(), TEN_MINUTES), Err(BookError::Io { .. })));
}

#[cfg(unix)]
#[test]
fn a_book_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    let (folder, book) = book();
    book.give(DOMAIN, now(), TEN_MINUTES).unwrap();
    let mode = fs::metadata(folder.path().join("challenges.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
