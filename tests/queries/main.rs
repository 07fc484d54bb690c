//! Queries, on the embedded ledger: every filter alone and combined, and what cannot be read.

mod status_lists;

use microcred_client::{
    Address,
    account::DecodeError,
    ledger::{Ledger, ReadError},
    queries::{self, Accreditations, Achievements, Credentials, Filter, Found, IssuerKeys, Issuers, Registries},
    state::{
        AccreditationStatus,
        CredentialStatus::{self, Active, Declined, Erased, Pending, Revoked, Suspended},
        Lifecycle,
    },
};
use microcred_tests::{World, key_terms};
use solana_signer::Signer;

const OTHER: Address = Address::new_from_array([0xEE; 32]);
const STATUSES: [CredentialStatus; 6] = [Pending, Active, Suspended, Revoked, Declined, Erased];

/// The addresses found: the same whether whole accounts are asked for, addresses only, or their number.
async fn found<F: Filter>(ledger: &dyn Ledger, filter: F) -> Vec<Address> {
    let Found { records, unreadable } = queries::find(ledger, &filter).await.unwrap();
    assert_eq!(unreadable, []);
    let addresses: Vec<_> = records.into_iter().map(|(address, _)| address).collect();
    assert_eq!(queries::addresses(ledger, &filter).await.as_ref(), Ok(&addresses));
    assert_eq!(queries::count(ledger, &filter).await, Ok(addresses.len()));
    addresses
}

fn sorted(mut addresses: Vec<Address>) -> Vec<Address> {
    addresses.sort_unstable();
    addresses
}

#[tokio::test]
async fn credentials_are_found_by_issuer_achievement_subject_and_status_in_every_combination() {
    let mut world = World::new();
    let subject = world.keys.next_key().pubkey();
    let mut all = vec![world.issued(&subject), world.pending(&subject)];
    all.extend(STATUSES.map(|status| world.credential_in(status).credential));
    let records: Vec<_> =
        all.iter().map(|address| (*address, world.get::<microcred_client::state::Credential>(address))).collect();
    let places = |values: [Address; 2]| [None, Some(values[0]), Some(values[1]), Some(OTHER)];
    for issuer in [None, Some(world.issuer.address), Some(OTHER)] {
        for achievement in places([world.issuer.achievement, world.issuer.acceptance]) {
            for subject in [None, Some(subject), Some(OTHER)] {
                for status in std::iter::once(None).chain(STATUSES.map(Some)) {
                    let expected = records.iter().filter(|(_, credential)| {
                        issuer.is_none_or(|issuer| issuer == credential.issuer)
                            && achievement.is_none_or(|achievement| achievement == credential.achievement)
                            && subject.is_none_or(|subject| subject == credential.subject)
                            && status.is_none_or(|status| credential.credential_status() == Ok(status))
                    });
                    let expected = sorted(expected.map(|(address, _)| *address).collect());
                    let filter = Credentials { issuer, achievement, subject, status };
                    assert_eq!(found(&world.ledger, filter).await, expected, "{filter:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn what_an_issuer_has_is_found() {
    let mut world = World::new();
    let other = world.new_issuer("another-university");
    let second = world.keys.next_key().pubkey();
    world.new_key(1, key_terms(second)).unwrap();
    let issuer = Some(world.issuer.address);

    let achievements = sorted(vec![world.issuer.achievement, world.issuer.acceptance]);
    assert_eq!(found(&world.ledger, Achievements { issuer, status: None }).await, achievements);
    assert_eq!(found(&world.ledger, Achievements { issuer, status: Some(Lifecycle::Active) }).await, achievements);
    assert_eq!(found(&world.ledger, Achievements { issuer, status: Some(Lifecycle::Draft) }).await, []);
    assert_eq!(found(&world.ledger, Achievements::default()).await.len(), 4);

    let key = |index| microcred_client::address::issuer_key(&world.issuer.address, index);
    assert_eq!(found(&world.ledger, IssuerKeys { issuer, key: None }).await, sorted(vec![key(0), key(1)]));
    assert_eq!(found(&world.ledger, IssuerKeys { issuer: None, key: Some(second) }).await, [key(1)]);
    assert_eq!(found(&world.ledger, IssuerKeys { issuer: Some(other.address), key: Some(second) }).await, []);

    let accreditation = world.accreditation().address();
    assert_eq!(found(&world.ledger, Accreditations { issuer, ..Accreditations::default() }).await, [accreditation]);
    let of_other = Accreditations { issuer: Some(other.address), ..Accreditations::default() };
    assert_eq!(found(&world.ledger, of_other).await, []);
}

#[tokio::test]
async fn what_a_registry_holds_is_found() {
    let mut world = World::new();
    let other = world.new_body("another-agency");
    let registry = Some(world.body.registry);
    let accreditation = world.accreditation().address();
    let within = |registry, status| Accreditations { registry, status, ..Accreditations::default() };
    assert_eq!(found(&world.ledger, within(registry, None)).await, [accreditation]);
    assert_eq!(found(&world.ledger, within(registry, Some(AccreditationStatus::Withdrawn))).await, []);
    assert_eq!(found(&world.ledger, within(Some(other.registry), None)).await, []);
    world.bring_accreditation(AccreditationStatus::Withdrawn);
    assert_eq!(found(&world.ledger, within(registry, Some(AccreditationStatus::Withdrawn))).await, [accreditation]);
}

#[tokio::test]
async fn registries_and_issuers_are_found_by_creator_and_authority() {
    let mut world = World::new();
    let other = world.new_body("another-agency");
    let (body, issuer) = (world.body.authority.pubkey(), world.issuer.authority.pubkey());
    let any = sorted(vec![world.body.registry, other.registry]);
    assert_eq!(found(&world.ledger, Registries::default()).await, any);
    for filter in [
        Registries { creator: Some(body), authority: None },
        Registries { creator: None, authority: Some(body) },
        Registries { creator: Some(body), authority: Some(body) },
    ] {
        assert_eq!(found(&world.ledger, filter).await, [world.body.registry]);
    }
    for filter in [
        Issuers { creator: Some(issuer), authority: None },
        Issuers { creator: None, authority: Some(issuer) },
        Issuers { creator: Some(issuer), authority: Some(issuer) },
    ] {
        assert_eq!(found(&world.ledger, filter).await, [world.issuer.address]);
    }
    assert_eq!(found(&world.ledger, Issuers { creator: Some(body), authority: None }).await, []);
}

#[tokio::test]
async fn what_cannot_be_read_is_reported() -> Result<(), ReadError> {
    let mut world = World::new();
    let subject = world.keys.next_key().pubkey();
    let (newer, longer, right) = (world.issued(&OTHER), world.pending(&OTHER), world.issued(&subject));
    let mut change = |address: Address, change: fn(&mut Vec<u8>)| {
        let mut account = world.ledger.account(&address).unwrap();
        change(&mut account.data);
        world.ledger.svm().set_account(address, account).unwrap();
    };
    change(newer, |data| data[8] = 2);
    change(longer, |data| data.push(0));
    let found = queries::find(&world.ledger, &Credentials::default()).await?;
    assert_eq!(found.records.iter().map(|(address, _)| *address).collect::<Vec<_>>(), [right]);
    let mut expected = vec![
        DecodeError::WrongVersion { address: newer, version: 2 },
        DecodeError::WrongSize { address: longer, kind: "credential", expected: 192, size: 193 },
    ];
    if newer > longer {
        expected.reverse();
    }
    assert_eq!(found.unreadable, expected);
    assert_eq!(queries::count(&world.ledger, &Credentials::default()).await?, 3);
    Ok(())
}
