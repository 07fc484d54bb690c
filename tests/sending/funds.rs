//! A payer who cannot pay is told how much is missing.

use microcred::{IssueManyArgs, Learner};
use microcred_client::{
    error::SendError,
    instructions::{created_sizes, credential},
    ledger::Embedded,
    sending::{Policy, PriorityFee, send},
};
use microcred_tests::{World, issue_args};
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::learner;

/// What a poor payer is told that it has and needs for eight credentials.
async fn told(world: &World, poor: &Keypair) -> Result<(), (u64, u64)> {
    let learners = (1..=8).map(|n| Learner { subject: learner(n), digest: [0; 32], status_offset: 0 }).collect();
    let args = IssueManyArgs { subject_kind: 1, expires_at: None, status_base: 0, learners };
    let instruction = credential::issue_many(poor.pubkey(), &world.issuer.key_ref(), world.issuer.achievement, args);
    assert_eq!(created_sizes(&instruction), [192; 8]);
    let signers = [poor.insecure_clone(), world.issuer.key.insecure_clone()];
    let policy = Policy { priority_fee: PriorityFee::Fixed(1_000), ..Policy::default() };
    match send(&world.ledger, &[instruction], &poor.pubkey(), &signers, &policy).await {
        Ok(_) => Ok(()),
        Err(SendError::TooPoor { payer, has, needs }) => {
            assert_eq!(payer, poor.pubkey());
            Err((has, needs))
        }
        Err(other) => panic!("{other}"),
    }
}

fn rent(ledger: &Embedded, size: usize) -> u64 {
    ledger.rent_minimum(size)
}

#[tokio::test]
async fn the_error_says_what_the_payer_has_and_needs() {
    let mut world = World::new();
    let poor = Keypair::new();
    let enough = 8 * rent(&world.ledger, 192) + rent(&world.ledger, 0) + 10_000;
    let mut has = 0;
    for sum in [0, rent(&world.ledger, 0), enough / 2, enough - 100_000] {
        if sum > has {
            world.ledger.fund(&poor.pubkey(), sum - has).unwrap();
            has = sum;
        }
        let (told_has, needs) = told(&world, &poor).await.unwrap_err();
        assert_eq!(told_has, has);
        assert!((enough..enough + 10_000).contains(&needs), "{needs} for {enough}");
    }
    let (_, needs) = told(&world, &poor).await.unwrap_err();
    world.ledger.fund(&poor.pubkey(), needs - has).unwrap();
    told(&world, &poor).await.unwrap();
}

#[tokio::test]
async fn single_credentials_count_too() {
    let world = World::new();
    let poor = Keypair::new();
    let instruction =
        credential::issue(poor.pubkey(), &world.issuer.key_ref(), world.issuer.achievement, issue_args(learner(1)));
    let signers = [poor.insecure_clone(), world.issuer.key.insecure_clone()];
    let error = send(&world.ledger, &[instruction], &poor.pubkey(), &signers, &Policy::default()).await.unwrap_err();
    let needs = rent(&world.ledger, 192) + rent(&world.ledger, 0) + 10_000;
    assert_eq!(error, SendError::TooPoor { payer: poor.pubkey(), has: 0, needs });
    assert!(error.to_string().contains(&needs.to_string()));
}
