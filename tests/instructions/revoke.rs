use microcred_client::{
    Address, MicrocredError,
    instructions::credential,
    state::{Credential, CredentialStatus, Reason},
};
use microcred_tests::{World, assert_refused};

#[test]
fn a_key_revokes_for_good() {
    let mut world = World::new();
    let issued = world.issued(&Address::new_from_array([1; 32]));
    let key = world.issuer.key.insecure_clone();
    let revoke = credential::revoke(&world.issuer.by_key(), issued, Reason::AcademicMisconduct);
    let sent = world.ok(std::slice::from_ref(&revoke), &[&key]);
    println!("{} {:#?}", sent.compute_units, sent.events());
    let account: Credential = world.get(&issued);
    assert_eq!(account.credential_status(), Ok(CredentialStatus::Revoked));
    assert_refused(world.send(&[revoke], &[&key]), MicrocredError::RevokedCannotBeRevoked);
}
