//! Registry and issuer: creating, changing, taking out of use.

use microcred_client::{
    Address, account, address,
    declaration::Declaration,
    instructions::issuer,
    state::{Issuer, Lifecycle, Registry},
};

use crate::stage::{BOTH, Stage, with};

#[test]
fn everything_declared_comes_into_being_once() {
    let mut stage = Stage::new();
    assert_eq!(
        stage.apply(BOTH),
        [
            "create registry \"Quality Agency\"",
            "create issuer \"University\" with key 0, \"platform\"",
            "create key 1, \"office\"",
            "create accreditation of \"University\" by \"Quality Agency\"",
            "create achievement \"Rust\"",
            "create achievement \"Go\"",
        ]
    );
    let plan = stage.plan(BOTH);
    assert_eq!(plan.unchanged.len(), 7, "{:?}", plan.unchanged);
    assert_eq!((plan.left_alone, plan.warnings), (vec![], vec![]));
    stage.pass(400 * 86_400);
    assert!(stage.plan(BOTH).is_nothing_to_do());
}

#[test]
fn sections_may_be_missing() {
    let registry = &BOTH[..BOTH.find("[issuer]").unwrap()];
    let issuer = BOTH.replace(registry, "").replace("[accreditation]\nfrom = \"2026-01-01T00:00:00Z\"\n", "");
    let mut stage = Stage::new();
    assert_eq!(stage.apply(registry), ["create registry \"Quality Agency\""]);
    assert_eq!(stage.apply(&issuer).len(), 4);
    assert_eq!(stage.apply(BOTH), ["create accreditation of \"University\" by \"Quality Agency\""]);
    let plan = stage.plan(registry);
    assert!(plan.is_nothing_to_do() && plan.left_alone.len() == 1, "{plan:#?}");
    assert!(plan.left_alone[0].starts_with("accreditation "), "{plan:#?}");
}

#[test]
fn an_issuer_needs_a_key_when_it_is_created_and_none_later() {
    let keyless = &BOTH[BOTH.find("[issuer]").unwrap()..BOTH.find("[[issuer.keys]]").unwrap()];
    let mut stage = Stage::new();
    stage.conflicts(keyless, "issuer.keys", &["created with its first key", "[[issuer.keys]]"]);
    stage.apply(BOTH);
    let plan = stage.plan(keyless);
    assert!(plan.is_nothing_to_do());
    let left: Vec<_> =
        plan.left_alone.iter().map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(left, ["issuer key", "issuer key", "achievement go", "achievement rust"]);
}

#[test]
fn what_can_change_of_registry_and_issuer_changes() {
    let mut stage = Stage::new();
    stage.apply(BOTH);
    assert_eq!(
        stage.apply(&with(BOTH, "https://agency.example", "https://a.example/policy")),
        ["update registry \"Quality Agency\": uri: \"https://agency.example\" -> \"https://a.example/policy\""]
    );
    let treasury = Address::new_from_array([9; 32]);
    let paid = with(BOTH, "country = \"PT\"", &format!("country = \"PT\"\ntreasury = \"{treasury}\""));
    let paid = with(&paid, "https://agency.example", "https://a.example/policy");
    assert_eq!(
        stage.apply(&paid),
        [format!("update issuer \"University\": treasury: {} -> {treasury}", stage.issuer_authority())]
    );
    let renamed = with(&with(&paid, "name = \"University\"", "name = \"Univ\""), "PT", "ES");
    assert_eq!(
        stage.apply(&renamed),
        [
            "update issuer \"Univ\": name: \"University\" -> \"Univ\", country: \"PT\" -> \"ES\"",
            "confirm accreditation of \"Univ\": profile_revision: 0 -> 1",
        ]
    );
    let record: Issuer = account::decode(&stage.issuer(), &stage.ledger.account(&stage.issuer()).unwrap()).unwrap();
    assert_eq!((record.name(), record.country(), record.treasury), ("Univ", "ES", treasury));
}

#[test]
fn a_profile_that_a_registry_elsewhere_vouches_for_changes_with_a_warning() {
    let alone = &BOTH[BOTH.find("[issuer]").unwrap()..BOTH.find("[accreditation]").unwrap()];
    let mut stage = Stage::new();
    stage.apply(alone);
    let plan = stage.plan(&with(alone, "PT", "ES"));
    assert!(plan.warnings[0].what.contains("until they confirm this one"), "{plan:#?}");
}

#[test]
fn a_declared_status_is_reached_last_and_left_first() {
    let mut stage = Stage::new();
    let paused = with(BOTH, "slug = \"agency\"", "status = \"paused\"\nslug = \"agency\"");
    let paused = with(&paused, "slug = \"university\"", "status = \"paused\"\nslug = \"university\"");
    let told = stage.apply(&paused);
    assert_eq!(told[6..], ["pause registry \"Quality Agency\"", "pause issuer \"University\""]);
    // Without a status in the file, what somebody paused stays paused.
    assert!(stage.plan(BOTH).is_nothing_to_do());
    let more = "[[achievements]]\ncode = \"c\"\ntitle = \"C\"\nkind = \"badge\"\n";
    stage.conflicts(&format!("{BOTH}{more}"), "achievements[2] (c)", &["paused", "`status = \"active\"`"]);
    let active = format!("{}{more}", paused.replace("paused", "active"));
    assert_eq!(
        stage.apply(&active),
        ["resume registry \"Quality Agency\"", "resume issuer \"University\"", "create achievement \"C\""]
    );
    let retired = paused.replace("paused", "retired");
    assert_eq!(stage.apply(&retired), ["retire registry \"Quality Agency\"", "retire issuer \"University\""]);
    assert!(stage.plan(&retired).left_alone[0].starts_with("achievement c"));
    for (place, of) in [("registry.status", "agency"), ("issuer.status", "university")] {
        let revived = with(BOTH, &format!("slug = \"{of}\""), &format!("status = \"active\"\nslug = \"{of}\""));
        stage.conflicts(&revived, place, &["retired on the ledger", "nothing leads to active"]);
    }
    let renamed = with(BOTH, "name = \"University\"", "name = \"Univ\"");
    stage.conflicts(&renamed, "issuer.name", &["is \"University\" on the ledger", "a retired issuer keeps its own"]);
    let moved = with(BOTH, "https://agency.example", "");
    stage.conflicts(&moved, "registry.uri", &["is \"https://agency.example\"", "a retired registry keeps its own"]);
    let keyed =
        with(BOTH, "[accreditation]", "[[issuer.keys]]\nname = \"third\"\npermissions = [\"issue\"]\n[accreditation]");
    stage.conflicts(&keyed, "issuer.keys[2] (third)", &["the issuer is retired"]);
}

#[test]
fn names_and_slugs_of_registries_never_change() {
    let mut stage = Stage::new();
    stage.apply(BOTH);
    let renamed = with(BOTH, "Quality Agency", "Agency");
    stage.conflicts(&renamed, "registry.name", &["is \"Quality Agency\" on the ledger and never changes"]);
    let moved = with(&with(BOTH, "\"agency\"", "\"agency-2\""), "\"university\"", "\"university-2\"");
    let plan = stage.plan(&moved);
    let warned: Vec<_> = plan.warnings.iter().map(|warning| warning.place.as_str()).collect();
    assert_eq!(warned, ["issuer.slug", "registry.slug"]);
    assert!(plan.warnings[0].what.contains("a slug never changes"), "{plan:#?}");
}

#[test]
fn an_authority_that_took_over_signs() {
    let mut stage = Stage::new();
    stage.apply(BOTH);
    let (old, new, issuer) = (stage.issuer_authority(), stage.registry_authority(), stage.issuer());
    let (old_key, new_key) = (stage.holder(&old), stage.holder(&new));
    let payer = stage.holder(&old);
    stage.ledger.fund(&old, 1 << 40).unwrap();
    stage.ledger.send(&[issuer::propose_authority(old, issuer, Some(new))], &payer, &[&old_key]).unwrap();
    stage.ledger.send(&[issuer::accept_authority(new, issuer)], &payer, &[&new_key]).unwrap();
    assert_eq!(stage.plan(&with(BOTH, "PT", "ES")).changes[0].signer, new);
    stage.apply(&with(BOTH, "PT", "ES"));
}

#[test]
fn who_is_meant_can_stand_in_the_file() {
    let mut stage = Stage::new();
    let (agency, university) = (stage.registry_authority(), stage.issuer_authority());
    let [platform, office] = ["platform", "office"].map(|name| stage.roles.keys[name]);
    let text = with(BOTH, "slug = \"agency\"", &format!("slug = \"agency\"\ncreator = \"{agency}\""));
    let text = with(&text, "slug = \"university\"", "slug = \"university\"\ncreator = \"keys/university.json\"");
    let text = with(&text, "name = \"platform\"", &format!("name = \"platform\"\naddress = \"{platform}\""));
    let text = with(&text, "name = \"office\"", "name = \"office\"\naddress = \"keys/office.json\"");
    let declaration = Declaration::parse(&text).unwrap();
    assert_eq!(declaration.signers().into_iter().collect::<Vec<_>>(), ["keys/office.json", "keys/university.json"]);
    stage.roles.registry_creator = None;
    stage.roles.issuer_creator = None;
    stage.roles.keys.clear();
    let error = stage.try_plan(&text).unwrap_err().to_string();
    assert_eq!(
        error.lines().collect::<Vec<_>>(),
        [
            "issuer.creator \"keys/university.json\" is neither an address nor a signer that could be read",
            "issuer.keys[1] (office).address \"keys/office.json\" is neither an address nor a signer that could be read",
        ]
    );
    let error = stage.try_plan(BOTH).unwrap_err().to_string();
    assert_eq!(error.lines().count(), 4, "{error}");
    assert!(error.contains("registry.creator is not said: write an address"), "{error}");
    stage.roles.signers =
        [("keys/university.json".to_owned(), university), ("keys/office.json".to_owned(), office)].into();
    stage.apply(&text);
    let mut rehearsed = declaration;
    rehearsed.forget_identities();
    assert_eq!(rehearsed, Declaration::parse(BOTH).unwrap());
}

#[test]
fn funded_addresses_are_not_accounts_and_foreign_ones_are_refused() {
    let mut stage = Stage::new();
    let (registry, issuer) = (stage.registry(), stage.issuer());
    stage.ledger.fund(&registry, 890_880).unwrap();
    assert_eq!(stage.plan(BOTH).changes.len(), 6);
    let mut foreign = stage.ledger.account(&registry).unwrap();
    foreign.owner = Address::new_from_array([7; 32]);
    stage.ledger.svm().set_account(issuer, foreign).unwrap();
    let error = stage.try_plan(BOTH).unwrap_err().to_string();
    assert!(error.contains("is owned by"), "{error}");
}

#[test]
fn rent_is_told_before_it_is_locked() {
    let mut stage = Stage::new();
    let plan = stage.plan(BOTH);
    let told = crate::stage::wait(plan.rent(&stage.ledger)).unwrap();
    stage.apply(BOTH);
    let locked: u64 = stage.accounts().iter().map(|(_, account)| account.lamports).sum();
    assert_eq!(told, locked);
    let registry: Registry =
        account::decode(&stage.registry(), &stage.ledger.account(&stage.registry()).unwrap()).unwrap();
    assert_eq!(registry.lifecycle(), Ok(Lifecycle::Active));
    assert_eq!(stage.registry(), address::registry(&stage.registry_authority(), "agency"));
}

#[test]
fn the_shipped_examples_of_two_organisations_go_together() {
    let [university, body] = [
        include_str!("../../examples/organisations/university.toml"),
        include_str!("../../examples/organisations/accrediting-body.toml"),
    ];
    let mut stage = Stage::new();
    for text in [university, body] {
        for signer in Declaration::parse(text).unwrap().signers() {
            let address = match signer {
                "keys/university.json" => stage.issuer_authority(),
                "keys/agency.json" => stage.registry_authority(),
                "keys/course-platform.json" => stage.roles.keys["platform"],
                "keys/boot-camp.json" => stage.roles.keys["third"],
                "keys/examination-office.json" => stage.roles.keys["office"],
                other => panic!("{other} is nobody"),
            };
            stage.roles.signers.insert(signer.to_owned(), address);
        }
    }
    assert_eq!(stage.plan(body).conflicts.len(), 1, "the university does not exist yet");
    assert_eq!(stage.apply(university).len(), 5);
    assert_eq!(stage.apply(body).len(), 2);
    stage.apply(&with(university, "status = \"draft\"", "status = \"active\""));
}

#[test]
fn the_bootstrap_declares_what_the_example_does() {
    let mut bootstrap = Declaration::parse(include_str!("../../migrations/bootstrap.toml")).unwrap();
    bootstrap.forget_identities();
    assert_eq!(bootstrap, Declaration::parse(include_str!("../../examples/university/microcred.toml")).unwrap());
}
