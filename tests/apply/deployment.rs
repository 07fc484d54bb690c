//! Whether the deployed program is the expected one.

use microcred_client::{
    Address, PROGRAM_ID,
    deployment::{self, Deployment, DeploymentError, ProgramHash},
    ledger::{Embedded, PROGRAM_ELF},
};
use solana_account::Account;

use crate::stage::wait;

/// The account that the program's own points to.
fn bytes_address(ledger: &Embedded) -> Address {
    let data = ledger.account(&PROGRAM_ID).unwrap().data;
    Address::new_from_array(data[4..36].try_into().unwrap())
}

fn verify(ledger: &Embedded) -> Result<Deployment, DeploymentError> {
    wait(deployment::verify(ledger, &PROGRAM_ID, ProgramHash::of(PROGRAM_ELF)))
}

#[track_caller]
fn changed(address: fn(&Embedded) -> Address, change: impl Fn(&mut Account)) -> Result<Deployment, DeploymentError> {
    let mut ledger = Embedded::in_memory().unwrap();
    let at = address(&ledger);
    let mut account = ledger.account(&at).unwrap();
    change(&mut account);
    // The SVM loads what it takes for programs when they are set: it need not be able to run these.
    ledger.svm().set_account_no_checks(at, account.into());
    verify(&ledger)
}

#[test]
fn the_expected_bytes_are_recognised_whoever_may_upgrade_them() {
    let ledger = Embedded::in_memory().unwrap();
    let found = verify(&ledger).unwrap();
    assert_eq!((found.program, found.upgrade_authority), (PROGRAM_ID, None));
    // Room that deploying leaves at the end changes nothing.
    let roomy = changed(bytes_address, |account| account.data.extend([0; 100])).unwrap();
    assert_eq!(roomy.hash, found.hash);
    let owned = changed(bytes_address, |account| {
        account.data[12] = 1;
        account.data[13..45].copy_from_slice(&[7; 32]);
    });
    assert_eq!(owned.unwrap().upgrade_authority, Some(Address::new_from_array([7; 32])));
}

#[test]
fn other_bytes_are_refused_and_who_can_upgrade_them_is_told() {
    for change in [
        (|account: &mut Account| account.data[45 + 1000] ^= 1) as fn(&mut Account),
        |account| account.data.push(1),
        |account| account.data.truncate(account.data.len() / 2),
        |account| account.data.truncate(45),
    ] {
        match changed(bytes_address, change) {
            Err(error @ DeploymentError::Differs { .. }) => {
                let told = error.to_string();
                assert!(told.contains(&ProgramHash::of(PROGRAM_ELF).to_string()), "{told}");
                assert!(told.contains("nobody can upgrade it"), "{told}");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn what_is_no_such_program_is_told_apart() {
    let program = PROGRAM_ID;
    let own = |_: &Embedded| PROGRAM_ID;
    let nobody = Address::new_from_array([9; 32]);
    assert_eq!(changed(own, |account| account.executable = false), Err(DeploymentError::NotDeployed { program }));
    let foreign = changed(own, |account| account.owner = Address::new_from_array([9; 32]));
    assert_eq!(foreign, Err(DeploymentError::OtherLoader { program, owner: nobody }));
    let no_bytes = Err(DeploymentError::NoBytes { program });
    assert_eq!(changed(own, |account| account.data[0] = 1), no_bytes);
    assert_eq!(changed(own, |account| account.data[4..36].fill(3)), no_bytes);
    assert_eq!(changed(bytes_address, |account| account.data[0] = 1), no_bytes);
    assert_eq!(changed(bytes_address, |account| account.data.truncate(40)), no_bytes);
    assert_eq!(changed(bytes_address, |account| account.owner = Address::new_from_array([9; 32])), no_bytes);
    let ledger = Embedded::in_memory().unwrap();
    assert_eq!(wait(deployment::read(&ledger, &nobody)), Err(DeploymentError::NotDeployed { program: nobody }));
}

#[test]
fn hashes_are_written_as_digits() {
    let hash = ProgramHash::of(b"program\0\0");
    assert_eq!(hash, ProgramHash::of(b"program"));
    assert_eq!(hash.to_string().parse(), Ok(hash));
    assert!("".parse::<ProgramHash>().is_err() && "g".repeat(64).parse::<ProgramHash>().is_err());
}
