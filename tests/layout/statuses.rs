use microcred_client::{
    MicrocredError as E,
    state::{AccreditationAction, AccreditationStatus, CredentialAction, CredentialStatus, Lifecycle, LifecycleAction},
};

#[test]
fn credentials() {
    use CredentialAction::{Accept, Decline, Erase, Reinstate, Renew, Revoke, Suspend};
    use CredentialStatus::{Active, Declined, Erased, Pending, Revoked, Suspended};
    let columns = [Pending, Active, Suspended, Revoked, Declined, Erased];
    let table = [
        (
            Accept,
            [
                Ok(Active),
                Err(E::ActiveCannotBeAccepted),
                Err(E::SuspendedCannotBeAccepted),
                Err(E::RevokedCannotBeAccepted),
                Err(E::DeclinedCannotBeAccepted),
                Err(E::ErasedCannotBeAccepted),
            ],
        ),
        (
            Decline,
            [
                Ok(Declined),
                Err(E::ActiveCannotBeDeclined),
                Err(E::SuspendedCannotBeDeclined),
                Err(E::RevokedCannotBeDeclined),
                Err(E::DeclinedCannotBeDeclined),
                Err(E::ErasedCannotBeDeclined),
            ],
        ),
        (
            Suspend,
            [
                Err(E::PendingCannotBeSuspended),
                Ok(Suspended),
                Err(E::SuspendedCannotBeSuspended),
                Err(E::RevokedCannotBeSuspended),
                Err(E::DeclinedCannotBeSuspended),
                Err(E::ErasedCannotBeSuspended),
            ],
        ),
        (
            Reinstate,
            [
                Err(E::PendingCannotBeReinstated),
                Err(E::ActiveCannotBeReinstated),
                Ok(Active),
                Err(E::RevokedCannotBeReinstated),
                Err(E::DeclinedCannotBeReinstated),
                Err(E::ErasedCannotBeReinstated),
            ],
        ),
        (
            Revoke,
            [
                Ok(Revoked),
                Ok(Revoked),
                Ok(Revoked),
                Err(E::RevokedCannotBeRevoked),
                Err(E::DeclinedCannotBeRevoked),
                Err(E::ErasedCannotBeRevoked),
            ],
        ),
        (
            Renew,
            [
                Err(E::PendingCannotBeRenewed),
                Ok(Active),
                Err(E::SuspendedCannotBeRenewed),
                Err(E::RevokedCannotBeRenewed),
                Err(E::DeclinedCannotBeRenewed),
                Err(E::ErasedCannotBeRenewed),
            ],
        ),
        (Erase, [Ok(Erased), Ok(Erased), Ok(Erased), Ok(Revoked), Ok(Declined), Err(E::ErasedCannotBeErased)]),
    ];
    assert_eq!(columns, CredentialStatus::ALL);
    assert_eq!(table.map(|(action, _)| action), CredentialAction::ALL);
    for (action, row) in table {
        assert_eq!(columns.map(|status| status.after(action)), row, "{action:?}");
    }
    assert_eq!(columns.map(CredentialStatus::is_over), [false, false, false, true, true, true]);
}

#[test]
fn registries_issuers_and_achievements() {
    use Lifecycle::{Active, Draft, Paused, Retired};
    use LifecycleAction::{Pause, Publish, Resume, Retire};
    let columns = [Draft, Active, Paused, Retired];
    let table = [
        (
            Publish,
            [
                Ok(Active),
                Err(E::ActiveCannotBePublished),
                Err(E::PausedCannotBePublished),
                Err(E::RetiredCannotBePublished),
            ],
        ),
        (Pause, [Err(E::DraftCannotBePaused), Ok(Paused), Err(E::PausedCannotBePaused), Err(E::RetiredCannotBePaused)]),
        (
            Resume,
            [Err(E::DraftCannotBeResumed), Err(E::ActiveCannotBeResumed), Ok(Active), Err(E::RetiredCannotBeResumed)],
        ),
        (Retire, [Ok(Retired), Ok(Retired), Ok(Retired), Err(E::RetiredCannotBeRetired)]),
    ];
    assert_eq!(columns, Lifecycle::ALL);
    assert_eq!(table.map(|(action, _)| action), LifecycleAction::ALL);
    for (action, row) in table {
        assert_eq!(columns.map(|status| status.after(action)), row, "{action:?}");
    }
}

#[test]
fn accreditations() {
    use AccreditationAction::{AddTerm, Reinstate, Suspend, Withdraw};
    use AccreditationStatus::{Active, Suspended, Withdrawn};
    let columns = [Active, Suspended, Withdrawn];
    let table = [
        (
            Suspend,
            [
                Ok(Suspended),
                Err(E::SuspendedAccreditationCannotBeSuspended),
                Err(E::WithdrawnAccreditationCannotBeSuspended),
            ],
        ),
        (
            Reinstate,
            [
                Err(E::ActiveAccreditationCannotBeReinstated),
                Ok(Active),
                Err(E::WithdrawnAccreditationCannotBeReinstated),
            ],
        ),
        (Withdraw, [Ok(Withdrawn), Ok(Withdrawn), Ok(Withdrawn)]),
        (AddTerm, [Ok(Active), Err(E::SuspendedAccreditationCannotGetATerm), Ok(Active)]),
    ];
    assert_eq!(columns, AccreditationStatus::ALL);
    assert_eq!(table.map(|(action, _)| action), AccreditationAction::ALL);
    for (action, row) in table {
        assert_eq!(columns.map(|status| status.after(action)), row, "{action:?}");
    }
}
