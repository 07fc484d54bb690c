use microcred::state::{AccreditationStatus, AchievementKind, Lifecycle, Reason, policy};

use super::*;

const TEXT: &str = include_str!("../../../examples/university/microcred.toml");

#[test]
fn the_shipped_example_is_read_as_it_is_written() {
    let declaration = Declaration::parse(TEXT).unwrap();
    let rust = &declaration.achievements[0];
    assert_eq!(
        (rust.workload(), rust.default_validity(), rust.policy_bits()),
        (Some(50), 1095 * DAY, policy::RENEWABLE)
    );
    assert_eq!((rust.kind, rust.digest(), rust.status), (AchievementKind::MicroCredential, Some([0; 32]), None));
    let permissions: Vec<_> = declaration.keys().iter().map(KeyDeclaration::permission_bits).collect();
    assert_eq!(permissions, [43, 20]);
    assert_eq!(declaration.keys()[1].quota_number(), u64::MAX);
    let (place, accreditation) = declaration.all_accreditations().next().unwrap();
    assert!(accreditation.is_of_declared_issuer());
    assert_eq!((place.as_str(), accreditation.all_terms()[0].until), ("accreditation", 0));
}

#[test]
fn what_is_not_of_the_form_is_shown_where_it_stands() {
    for (from, to, expected) in [
        ("slug = \"european-quality-agency\"", "slog = \"x\"", "unknown field `slog`"),
        (
            "kind = \"badge\"",
            "kind = \"medal\"",
            "unknown variant `medal`, expected one of `micro-credential`, `certificate`, `badge`",
        ),
        ("\"issue\"", "\"publish\"", "unknown variant `publish`"),
        ("2026-01-01T00:00:00Z", "yesterday", "from = \"yesterday\""),
        ("country = \"PT\"", "status = \"gone\"", "expected one of `draft`, `active`, `paused`, `retired`"),
        ("[accreditation]", "[accreditation]\nstatus = \"gone\"", "expected one of `active`, `suspended`, `withdrawn`"),
        ("[accreditation]", "[accreditation]\nreason = \"anger\"", "`academic-misconduct`"),
        ("quota = 10000", "quota = -1", "quota = -1"),
    ] {
        assert!(TEXT.contains(from), "{from}");
        match Declaration::parse(&TEXT.replacen(from, to, 1)) {
            Err(DeclarationError::Form(error)) => {
                assert!(error.contains(expected) && error.contains("line "), "{error}")
            }
            other => panic!("{to}: {other:?}"),
        }
    }
}

#[test]
fn statuses_and_reasons_are_the_programs_own_words() {
    for status in Lifecycle::ALL {
        let text = format!("[registry]\nslug = \"a\"\nname = \"A\"\nstatus = \"{status}\"\n");
        let read: Declaration = toml::from_str(&text).unwrap();
        assert_eq!(read.registry.unwrap().status, Some(*status));
    }
    for (status, reason) in AccreditationStatus::ALL.iter().zip(Reason::ALL) {
        let read: Declaration = toml::from_str(&format!(
            "[accreditation]\nstatus = \"{status}\"\nreason = \"{}\"\n",
            form::hyphenated(reason.word())
        ))
        .unwrap();
        let read = read.accreditation.unwrap();
        assert_eq!((read.status, read.reason), (Some(*status), Some(*reason)));
    }
}

#[test]
fn every_permission_has_its_word() {
    for permission in Permission::ALL {
        let entry = format!("name = \"k\"\npermissions = [\"{}\"]\n", permission.word());
        let read: KeyDeclaration = toml::from_str(&entry).unwrap();
        assert_eq!(read.permission_bits(), permission.bit());
    }
    assert_eq!(Permission::ALL.iter().fold(0, |bits, one| bits | one.bit()), microcred::state::permission::ALL);
}

#[test]
fn an_identity_is_an_address_or_what_signs_for_one() {
    let address = solana_address::Address::new_from_array([5; 32]);
    assert_eq!(Identity::from(address.to_string()), Identity::Address(address));
    for signer in ["~/keys/agency.json", "usb://ledger?key=0", "11111"] {
        assert_eq!(Identity::from(signer.to_owned()), Identity::Signer(signer.into()));
        assert_eq!(Identity::from(signer.to_owned()).to_string(), signer);
    }
}
