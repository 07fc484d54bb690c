//! Watching: every change once and in order, whatever becomes of the connection.

use std::{pin::pin, time::Duration};

use futures_util::{Stream, StreamExt};
use microcred_client::{
    Address, Instruction,
    event::Event,
    instructions::credential,
    ledger::{Embedded, Endpoint, Ledger},
    state::{
        CredentialStatus::{self, Active, Revoked, Suspended},
        Reason,
    },
    watch::{Scope, Since, Told, WatchOptions, watch},
};
use microcred_tests::{
    World,
    faulty::{Call, Fault, Faulty},
    issue_args,
};
use solana_keypair::Keypair;
use solana_signer::Signer;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch as switch,
    time::timeout,
};

use crate::stage::{Stage, send};

const LEARNER: Address = Address::new_from_array([0xA1; 32]);

/// Looks often, and is not woken.
fn looking() -> WatchOptions {
    WatchOptions { every: Duration::from_millis(10), ..WatchOptions::default() }
}

/// The next thing told; panics if nothing is for long.
async fn next(told: &mut (impl Stream<Item = Told> + Unpin)) -> Told {
    timeout(Duration::from_secs(60), told.next()).await.expect("nothing is told").unwrap()
}

/// The next change of a credential's status, whatever is told of the connection meanwhile.
async fn next_status(told: &mut (impl Stream<Item = Told> + Unpin)) -> (Address, CredentialStatus) {
    loop {
        match next(told).await {
            Told::Change { event: Event::CredentialStatusChanged(event), .. } => {
                return (event.credential, event.new_status.try_into().unwrap());
            }
            Told::Connected | Told::Disconnected { .. } => {}
            other => panic!("{other:?}"),
        }
    }
}

/// Whether no change is told for a while.
async fn is_quiet(told: &mut (impl Stream<Item = Told> + Unpin)) -> bool {
    loop {
        match timeout(Duration::from_millis(300), told.next()).await {
            Ok(Some(Told::Connected | Told::Disconnected { .. })) => {}
            Ok(_) => return false,
            Err(_) => return true,
        }
    }
}

async fn change(ledger: &dyn Ledger, world: &World, instruction: Instruction) {
    send(ledger, &world.payer, instruction, &world.issuer.key).await.unwrap();
}

fn suspend(world: &World, credential: Address) -> Instruction {
    credential::suspend(&world.issuer.by_key(), credential, Reason::UnderReview)
}

fn reinstate(world: &World, credential: Address) -> Instruction {
    credential::reinstate(&world.issuer.by_key(), credential)
}

fn revoke(world: &World, credential: Address) -> Instruction {
    credential::revoke(&world.issuer.by_key(), credential, Reason::IssuedInError)
}

#[tokio::test]
async fn the_embedded_ledger_is_looked_at() {
    let mut world = World::new();
    let (watched, other) = (world.issued(&LEARNER), world.issued(&Address::new_from_array([2; 32])));
    let mut told = pin!(watch(&world.ledger, &Scope::Accounts(vec![watched]), &looking()));
    // What was before is not told.
    assert!(is_quiet(&mut told).await);
    change(&world.ledger, &world, suspend(&world, watched)).await;
    change(&world.ledger, &world, suspend(&world, other)).await;
    change(&world.ledger, &world, reinstate(&world, watched)).await;
    assert_eq!(next_status(&mut told).await, (watched, Suspended));
    assert_eq!(next_status(&mut told).await, (watched, Active));
    assert!(is_quiet(&mut told).await);
}

#[tokio::test]
async fn a_transaction_that_touches_several_is_told_once_for_each() {
    let mut world = World::new();
    let all: Vec<_> = (1..=3).map(|number| world.issued(&Address::new_from_array([number; 32]))).collect();
    let mut told = pin!(watch(&world.ledger, &Scope::Accounts(all[..2].to_vec()), &looking()));
    assert!(is_quiet(&mut told).await);
    change(&world.ledger, &world, credential::revoke_many(&world.issuer.by_key(), &all, Reason::IssuedInError)).await;
    assert_eq!(next_status(&mut told).await, (all[0], Revoked));
    assert_eq!(next_status(&mut told).await, (all[1], Revoked));
    assert!(is_quiet(&mut told).await);
}

#[tokio::test]
async fn of_an_issuer_and_of_an_achievement_everything_is_told_and_nothing_of_others() {
    let mut world = World::new();
    let other = world.new_issuer("another-university");
    let subject = world.keys.next_key().pubkey();
    let ours = [world.issued(&subject), world.pending(&subject)];
    let mine = std::mem::replace(&mut world.issuer, other);
    let theirs = world.issued(&subject);
    let other = std::mem::replace(&mut world.issuer, mine);

    let issuer = Scope::Issuer(world.issuer.address);
    let mut of_issuer = pin!(watch(&world.ledger, &issuer, &looking()));
    let achievement = Scope::Achievement(world.issuer.acceptance);
    let mut of_achievement = pin!(watch(&world.ledger, &achievement, &looking()));
    assert!(is_quiet(&mut of_issuer).await && is_quiet(&mut of_achievement).await);

    let foreign = credential::revoke(&other.by_key(), theirs, Reason::IssuedInError);
    send(&world.ledger, &world.payer, foreign, &other.key).await.unwrap();
    for credential in ours {
        change(&world.ledger, &world, revoke(&world, credential)).await;
    }
    for credential in ours {
        assert_eq!(next_status(&mut of_issuer).await, (credential, Revoked));
    }
    assert_eq!(next_status(&mut of_achievement).await, (ours[1], Revoked));
    assert!(is_quiet(&mut of_issuer).await && is_quiet(&mut of_achievement).await);

    // Of an achievement that did not exist when the watching began, too.
    let created = microcred_client::instructions::achievement::create(
        world.payer.pubkey(),
        &world.issuer.by_key(),
        microcred_tests::achievement_args("new-one"),
    );
    let new = microcred_client::address::achievement(&world.issuer.address, "new-one");
    change(&world.ledger, &world, created).await;
    let issue = credential::issue(world.payer.pubkey(), &world.issuer.key_ref(), new, issue_args(subject));
    change(&world.ledger, &world, issue).await;
    for name in ["AchievementCreated", "CredentialIssued"] {
        assert!(matches!(next(&mut of_issuer).await, Told::Change { event, .. } if event.name() == name));
    }
}

#[tokio::test]
async fn watching_goes_on_where_it_was_left() {
    let mut world = World::new();
    let watched = world.issued(&LEARNER);
    let scope = Scope::Accounts(vec![watched]);
    change(&world.ledger, &world, suspend(&world, watched)).await;
    let beginning = WatchOptions { since: Since::Beginning, ..looking() };
    let mut told = pin!(watch(&world.ledger, &scope, &beginning));
    assert!(matches!(next(&mut told).await, Told::Change { event: Event::CredentialIssued(_), .. }));
    let Told::Change { signature, slot, .. } = next(&mut told).await else { panic!("no change") };
    change(&world.ledger, &world, reinstate(&world, watched)).await;
    let since = WatchOptions { since: Since::Transaction { signature, slot }, ..looking() };
    let mut told = pin!(watch(&world.ledger, &scope, &since));
    assert_eq!(next_status(&mut told).await, (watched, Active));
}

#[tokio::test]
async fn a_history_that_cannot_be_read_is_told_and_loses_nothing() {
    let mut world = World::new();
    let (first, second) = (world.issued(&LEARNER), world.issued(&Address::new_from_array([2; 32])));
    let embedded = std::mem::replace(&mut world.ledger, Embedded::in_memory().unwrap());
    let mut reads = 0;
    let ledger = Faulty::new(embedded, move |call| {
        reads += usize::from(call == Call::Read);
        // Also between the histories of the two.
        (call == Call::Read && reads % 3 == 0).then_some(Fault::Fail)
    });
    let beginning = WatchOptions { since: Since::Beginning, ..looking() };
    let mut told = pin!(watch(&ledger, &Scope::Accounts(vec![first, second]), &beginning));
    let mut unread = 0;
    let mut changes = Vec::new();
    for round in 0..6 {
        for credential in [first, second] {
            let instruction = if round % 2 == 0 { suspend(&world, credential) } else { reinstate(&world, credential) };
            change(&ledger.ledger, &world, instruction).await;
        }
        while changes.len() < 2 * (round + 1) {
            match next(&mut told).await {
                Told::Unread(_) => unread += 1,
                Told::Change { event: Event::CredentialStatusChanged(event), .. } => {
                    changes.push((event.credential, event.new_status));
                }
                Told::Change { event: Event::CredentialIssued(_), .. } => {}
                other => panic!("{other:?}"),
            }
        }
    }
    let expected = (0..6).flat_map(|round| {
        let status = if round % 2 == 0 { Suspended } else { Active };
        [(first, status.code()), (second, status.code())]
    });
    assert_eq!(changes, expected.collect::<Vec<_>>());
    assert!(unread > 0);
}

/// A WebSocket's way that can be closed, which breaks every connection, and opened again.
struct Barrier {
    url: String,
    is_open: switch::Sender<bool>,
}

impl Barrier {
    async fn before(url: &str) -> Self {
        let target = url.trim_start_matches("ws://").trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://{}", listener.local_addr().unwrap());
        let (is_open, open) = switch::channel(true);
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let (target, mut open) = (target.clone(), open.clone());
                tokio::spawn(async move {
                    if !*open.borrow_and_update() {
                        return;
                    }
                    let mut far = TcpStream::connect(target).await.unwrap();
                    tokio::select! {
                        _ = copy_bidirectional(&mut near, &mut far) => {}
                        _ = open.wait_for(|open| !open) => {}
                    }
                });
            }
        });
        Self { url, is_open }
    }

    fn set_open(&self, open: bool) {
        self.is_open.send_replace(open);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_change_is_lost_while_the_connection_is() {
    let mut world = World::new();
    let watched = world.issued(&LEARNER);
    let stage = Stage::with(world);
    let barrier = Barrier::before(&stage.net.ws_url()).await;
    let options = WatchOptions {
        every: Duration::from_secs(3600),
        web_socket: Some(Endpoint::web_socket(&barrier.url).unwrap()),
        ..WatchOptions::default()
    };
    let mut told = pin!(watch(&stage.rpc, &Scope::Accounts(vec![watched]), &options));
    assert_eq!(next(&mut told).await, Told::Connected);
    let key: &Keypair = &stage.world.issuer.key;

    for _ in 0..3 {
        // Told by the connection, without waiting for the hour.
        stage.send(suspend(&stage.world, watched), key).await;
        assert_eq!(next_status(&mut told).await, (watched, Suspended));

        barrier.set_open(false);
        assert!(matches!(next(&mut told).await, Told::Disconnected { .. }));
        stage.send(reinstate(&stage.world, watched), key).await;
        stage.send(suspend(&stage.world, watched), key).await;
        stage.send(reinstate(&stage.world, watched), key).await;
        barrier.set_open(true);
        for status in [Active, Suspended, Active] {
            assert_eq!(next_status(&mut told).await, (watched, status));
        }
        assert!(is_quiet(&mut told).await);
    }
}
