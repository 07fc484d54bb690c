//! What an issuer's status lists say, on the embedded ledger.

use microcred_client::{
    Address, MicrocredError, address,
    instructions::{IssueArgs, KeyTerms, RenewArgs, credential, key},
    ledger::ReadError,
    lookup::LookupError,
    state::{Credential, CredentialStatus, IssuerKey, Reason, permission},
    status_lists::{self, Entry, Listed, Options, StatusLists, StatusListsError, Validity},
};
use microcred_tests::{
    START, World,
    faulty::{Call, Fault, Faulty},
    issue_args, key_terms,
};
use solana_account::Account;
use solana_keypair::Keypair;
use solana_signer::Signer;

const PLACES: u32 = 131_072;

/// The ledger's clock stands at its beginning, which is not the computer's.
const OPTIONS: Options = Options { suspended_too: false, local_time: Some(START) };

async fn read(world: &World) -> Result<StatusLists, StatusListsError> {
    status_lists::read(&world.ledger, &world.issuer.address, &OPTIONS).await
}

/// Numbers of the lists, how many credentials have their places in them, and the places whose bits are set.
fn shape(lists: &StatusLists) -> Vec<(u32, usize, Vec<u32>)> {
    let set = |list: &Listed| (0..PLACES).filter(|place| list.bits.get(u64::from(*place)) == Some(true)).collect();
    lists.lists().map(|list| (list.number, list.credentials, set(&list))).collect()
}

/// Issues to a new learner, at a place.
fn issue(world: &mut World, status_index: u32, digest: [u8; 32]) -> Address {
    let subject = Keypair::new().pubkey();
    let achievement = world.issuer.achievement;
    world.issue(achievement, IssueArgs { status_index, digest, ..issue_args(subject) }).unwrap();
    address::credential(&achievement, &subject, 0)
}

fn revoke(world: &mut World, credential: Address) {
    let key = world.key_holder();
    let revoke = credential::revoke(&world.issuer.by_key(), credential, Reason::IssuedInError);
    world.performs(&revoke, &[&key]);
}

#[tokio::test]
async fn a_bit_is_set_where_the_verdict_is_final() {
    use CredentialStatus::{Active, Declined, Erased, Pending, Revoked, Suspended};
    let mut world = World::new();
    for (place, status) in (10..).zip([Pending, Active, Suspended, Revoked, Declined, Erased]) {
        let held = world.credential_in(status);
        world.forge(&held.credential, |credential: &mut Credential| {
            credential.status_index = place;
        });
    }
    let lists = read(&world).await.unwrap();
    assert_eq!(shape(&lists), [(0, 6, vec![13, 14, 15])]);
    let counts = lists.counts;
    assert_eq!((counts.credentials, counts.without_document, counts.set, counts.suspended), (6, 0, 3, 1));
    assert_eq!((lists.time, lists.collisions().count()), (START, 0));

    let options = Options { suspended_too: true, ..OPTIONS };
    let lists = status_lists::read(&world.ledger, &world.issuer.address, &options).await.unwrap();
    assert_eq!(shape(&lists), [(0, 6, vec![12, 13, 14, 15])]);

    // What expires may be renewed.
    world.pass(366 * 86_400);
    assert_eq!(shape(&read(&world).await.unwrap()), [(0, 6, vec![13, 14, 15])]);
}

#[tokio::test]
async fn what_a_compromised_key_asserted_is_set_from_then_on() {
    let mut world = World::new();
    issue(&mut world, 1, [5; 32]);
    world.pass(100);
    issue(&mut world, 2, [5; 32]);
    let authority = world.issuer_authority();
    let mark = key::mark_compromised(authority.pubkey(), world.issuer.address, 0, START + 100);
    world.performs(&mark, &[&authority]);
    assert_eq!(shape(&read(&world).await.unwrap()), [(0, 2, vec![2])]);
}

#[tokio::test]
async fn an_index_stays_in_its_list_and_place() {
    let mut world = World::new();
    let places = [0, 1, PLACES - 1, PLACES, 5 * PLACES + 7, u32::MAX];
    let credentials = places.map(|place| issue(&mut world, place, [5; 32]));
    let empty = [(0, 3, vec![]), (1, 1, vec![]), (5, 1, vec![]), (32_767, 1, vec![])];
    assert_eq!(shape(&read(&world).await.unwrap()), empty, "lists are there before any bit is set");
    for credential in credentials {
        revoke(&mut world, credential);
    }
    let full = [(0, 3, vec![0, 1, PLACES - 1]), (1, 1, vec![0]), (5, 1, vec![7]), (32_767, 1, vec![PLACES - 1])];
    assert_eq!(shape(&read(&world).await.unwrap()), full);
    let base = "https://uni.example/status".parse().unwrap();
    let validity = Validity::new(START, 60).unwrap();
    let second = read(&world).await.unwrap().lists().nth(1).unwrap().unsigned(&base, &validity);
    assert_eq!((second.url.as_str(), second.bits.get(0)), ("https://uni.example/status/1", Some(true)));
    let times = [second.valid_from, second.signed, second.valid_until].map(|time| time.as_second() - START);
    assert_eq!(times, [-300, 0, 60], "valid at once, also where clocks are behind");
    assert_eq!(Validity::new(START, i64::MAX), None);
    // Another issuer's lists are its own.
    let other = world.new_issuer("other");
    let theirs = status_lists::read(&world.ledger, &other.address, &OPTIONS).await.unwrap();
    assert_eq!((shape(&theirs), theirs.counts.credentials), (vec![], 0));
}

#[tokio::test]
async fn credentials_that_share_a_place_are_told_and_fail_closed() {
    let mut world = World::new();
    let [first, second] = [issue(&mut world, 9, [5; 32]), issue(&mut world, 9, [6; 32])];
    issue(&mut world, 10, [5; 32]);
    let collisions = |lists: &StatusLists| lists.collisions().collect::<Vec<_>>();
    let mut expected = [(first, false), (second, false)];
    expected.sort_unstable();
    let entries = |expected: &[(Address, bool)]| -> Vec<Entry> {
        expected
            .iter()
            .map(|(credential, is_set)| Entry { status_index: 9, credential: *credential, is_set: *is_set })
            .collect()
    };
    let lists = read(&world).await.unwrap();
    assert_eq!((shape(&lists), collisions(&lists)), (vec![(0, 3, vec![])], vec![entries(&expected)]));
    revoke(&mut world, second);
    expected.iter_mut().for_each(|(address, is_set)| *is_set = *address == second);
    let lists = read(&world).await.unwrap();
    assert_eq!((shape(&lists), collisions(&lists)), (vec![(0, 3, vec![9])], vec![entries(&expected)]));
    assert_eq!(lists.counts.set, 1);
}

#[tokio::test]
async fn who_can_have_no_document_takes_no_part() {
    let mut world = World::new();
    // Of what was never a document, nobody asks for a bit: it is no reason to call another's set.
    let without = issue(&mut world, 9, [0; 32]);
    issue(&mut world, 9, [5; 32]);
    revoke(&mut world, without);
    let lists = read(&world).await.unwrap();
    assert_eq!((shape(&lists), lists.collisions().count()), (vec![(0, 2, vec![])], 0));
    assert_eq!((lists.counts.without_document, lists.counts.set), (1, 0));

    // What was erased, or renewed without document, had one that may be out there.
    let erased = issue(&mut world, 20, [5; 32]);
    let renewed = issue(&mut world, 21, [5; 32]);
    let key = world.key_holder();
    world.performs(&credential::erase(&world.issuer.by_key(), erased, Reason::LegalOrder), &[&key]);
    let renew = RenewArgs { digest: [0; 32], expires_at: None };
    let achievement = world.issuer.achievement;
    world.performs(&credential::renew(&world.issuer.key_ref(), achievement, renewed, renew), &[&key]);
    revoke(&mut world, renewed);
    assert_eq!(shape(&read(&world).await.unwrap()), [(0, 4, vec![20, 21])]);
    issue(&mut world, 20, [5; 32]);
    assert_eq!(read(&world).await.unwrap().collisions().count(), 1);
}

#[tokio::test]
async fn nothing_is_said_where_credentials_are_left_out() {
    let mut world = World::new();
    let revoked = issue(&mut world, 1, [5; 32]);
    issue(&mut world, 2, [5; 32]);
    revoke(&mut world, revoked);
    let account = world.ledger.account(&revoked).unwrap();
    world.ledger.svm().set_account(revoked, Account::default()).unwrap();
    assert_eq!(read(&world).await.unwrap_err(), StatusListsError::Disagree { counted: 2, found: 1 });
    world.ledger.svm().set_account(revoked, account.clone()).unwrap();
    assert_eq!(read(&world).await.unwrap().counts.set, 1);
    // One that nobody issued.
    world.ledger.svm().set_account(Keypair::new().pubkey(), account.clone()).unwrap();
    assert_eq!(read(&world).await.unwrap_err(), StatusListsError::Disagree { counted: 2, found: 3 });
    // One that this software is too old for.
    let mut newer = account;
    newer.data[8] = 2;
    world.ledger.svm().set_account(revoked, newer).unwrap();
    assert!(matches!(read(&world).await.unwrap_err(), StatusListsError::Lookup(LookupError::Decode(_))));
}

#[tokio::test]
async fn nothing_is_said_where_a_key_or_the_time_is_not_known() {
    let mut world = World::new();
    let credential = issue(&mut world, 1, [5; 32]);
    world.forge(&credential, |credential: &mut Credential| credential.key_index = 7);
    assert_eq!(read(&world).await.unwrap_err(), StatusListsError::Unjudged(credential));
    world.forge(&credential, |credential: &mut Credential| credential.key_index = 0);
    let late = |seconds| Options { local_time: Some(START + seconds), ..OPTIONS };
    let issuer = world.issuer.address;
    assert!(status_lists::read(&world.ledger, &issuer, &late(600)).await.is_ok());
    let stale = status_lists::read(&world.ledger, &issuer, &late(601)).await;
    assert_eq!(stale.unwrap_err(), StatusListsError::Stale);
    let missing = status_lists::read(&world.ledger, &credential, &OPTIONS).await;
    assert!(matches!(missing, Err(StatusListsError::Lookup(LookupError::Decode(_)))));
}

#[tokio::test]
async fn any_read_that_fails_ends_it() {
    let mut world = World::new();
    issue(&mut world, 1, [5; 32]);
    let issuer = world.issuer.address;
    let mut ledger = Some(world.ledger);
    for failing in 0.. {
        let mut asked = 0;
        let faulty = Faulty::new(ledger.take().unwrap(), move |call| {
            assert!(matches!(call, Call::Read | Call::Find));
            asked += 1;
            (asked == failing + 1).then_some(Fault::Fail)
        });
        let answer = status_lists::read(&faulty, &issuer, &OPTIONS).await;
        let asked = faulty.count(Call::Read) + faulty.count(Call::Find);
        if failing >= asked {
            assert!(answer.is_ok() && failing == 6, "{failing}");
            break;
        }
        let error = answer.unwrap_err();
        assert!(matches!(error, StatusListsError::Lookup(LookupError::Read(ReadError::Unreachable { .. }))), "{error}");
        ledger = Some(faulty.ledger);
    }
}

#[tokio::test]
async fn only_a_key_that_asserts_signs() {
    let mut world = World::new();
    let any = key_terms(Address::default());
    let achievement = world.issuer.achievement;
    let (unpermitted, _) = world.new_actor(1, KeyTerms { permissions: permission::ISSUE, ..any });
    let (scoped, _) = world.new_actor(2, KeyTerms { scope: achievement, ..any });
    let (future, _) = world.new_actor(3, KeyTerms { valid_from: START + 9, ..any });
    let (retired, _) = world.new_actor(4, any);
    let authority = world.issuer_authority();
    world.performs(&key::retire(authority.pubkey(), world.issuer.address, 4), &[&authority]);
    let issuer = world.issuer.address;
    let lists = read(&world).await.unwrap();
    let signing = |key: &Keypair| lists.signing_key(&key.pubkey()).map(|key: &IssuerKey| key.index);
    assert_eq!(signing(&world.issuer.key), Ok(0));
    for (key, index, why) in [
        (&unpermitted, 1, MicrocredError::KeyWithoutPermission),
        (&scoped, 2, MicrocredError::KeyOutOfScope),
        (&future, 3, MicrocredError::KeyNotYetValid),
        (&retired, 4, MicrocredError::KeyRetired),
    ] {
        assert_eq!(signing(key), Err(StatusListsError::NotPermitted { issuer, index, why }));
    }
    for key in [&authority, &Keypair::new()] {
        assert_eq!(signing(key), Err(StatusListsError::NotAKey { signer: key.pubkey(), issuer }));
    }
    let others = lists.other_signers(&world.issuer.key.pubkey());
    assert_eq!(others, [scoped.pubkey(), future.pubkey(), retired.pubkey()]);
    assert_eq!(lists.other_signers(&scoped.pubkey())[0], world.issuer.key.pubkey());
}
