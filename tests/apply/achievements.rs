//! Achievements: creating, editing, publishing, freezing, replacing.

use microcred::CreateAchievementArgs;
use microcred_client::{
    account, address,
    instructions::{Actor, achievement},
    state::Achievement,
};
use microcred_tests::achievement_args;

use crate::stage::{BOTH, Stage, with};

#[test]
fn drafts_are_edited_and_published() {
    let mut stage = Stage::new();
    stage.apply(BOTH);
    let edited = with(BOTH, "title = \"Go\"", "title = \"Go!\"\neqf_level = 5\nvalidity_days = 30\nrenewable = true");
    assert_eq!(
        stage.apply(&edited),
        [
            "update achievement \"Go!\": title: \"Go\" -> \"Go!\", renewable: false -> true, eqf_level: none -> 5, validity_days: none -> 30"
        ]
    );
    let digest = "ab".repeat(32);
    let last =
        with(&edited, "eqf_level = 5", &format!("uri = \"https://go.example\"\ndefinition_digest = \"{digest}\""));
    let last = with(&last, "kind = \"badge\"", "kind = \"certificate\"\nacceptance_required = true\nects = 1.5");
    assert_eq!(
        stage.apply(&with(&last, "draft", "active")),
        [
            format!(
                "update achievement \"Go!\": uri: none -> \"https://go.example\", kind: badge -> certificate, acceptance_required: false -> \
                 true, eqf_level: 5 -> none, ects: 0.0 -> 1.5, definition_digest: none -> {digest}"
            ),
            "publish achievement \"Go!\"".into()
        ]
    );
    stage.conflicts(&last, "achievements[1] (go).status", &["active on the ledger", "nothing leads to draft"]);
    for (status, told) in [("paused", "pause"), ("active", "resume"), ("paused", "pause"), ("retired", "retire")] {
        assert_eq!(stage.apply(&with(&last, "draft", status)), [format!("{told} achievement \"Go!\"")]);
    }
    stage.conflicts(&with(&last, "draft", "active"), "achievements[1] (go).status", &["retired on the ledger"]);
    let silent = with(&last, "status = \"draft\"", "");
    stage.only_warns(&silent, "achievements[1] (go)", "is retired on the ledger");
}

#[test]
fn an_achievement_can_begin_anywhere() {
    for (status, told) in [
        ("active", &["create achievement \"Go\""][..]),
        ("paused", &["create achievement \"Go\"", "pause achievement \"Go\""]),
        ("retired", &["create achievement \"Go\"", "retire achievement \"Go\""]),
    ] {
        assert_eq!(Stage::new().apply(&with(BOTH, "draft", status))[5..], *told);
    }
    let mut stage = Stage::new();
    stage.apply(BOTH);
    assert_eq!(stage.apply(&with(BOTH, "draft", "paused")), ["publish achievement \"Go\"", "pause achievement \"Go\""]);
}

#[test]
fn an_issuer_closes_after_what_has_to_wait() {
    let mut stage = Stage::new();
    stage.apply(BOTH);
    let pair = "\n[[achievements]]\ncode = \"b\"\ntitle = \"B\"\nkind = \"badge\"\n\n[[achievements]]\ncode = \"c\"\ntitle = \"C\"\n\
                kind = \"badge\"\nreplaces = \"b\"\n";
    let closed = with(BOTH, "slug = \"university\"", "slug = \"university\"\nstatus = \"retired\"");
    let closed = format!("{closed}{pair}");
    assert_eq!(stage.carry_out(&closed), ["create achievement \"B\""]);
    let later: Vec<_> = stage.plan(&closed).later.iter().map(ToString::to_string).collect();
    assert_eq!(later[1], "issuer.status comes after all the rest, to retire issuer \"University\" for good");
    stage.pass(1);
    assert_eq!(
        stage.apply(&closed),
        ["create achievement \"C\"", "update achievement \"C\"", "retire issuer \"University\""]
    );
}

#[test]
fn what_was_published_is_frozen_field_by_field() {
    let mut stage = Stage::new();
    stage.apply(BOTH);
    for (from, to, field, old) in [
        ("title = \"Rust\"", "title = \"Rusty\"", "title", "\"Rust\""),
        ("title = \"Rust\"", "title = \"Rust\"\nuri = \"x\"", "uri", "none"),
        ("\"micro-credential\"", "\"badge\"", "kind", "micro-credential"),
        ("title = \"Rust\"", "title = \"Rust\"\nacceptance_required = true", "acceptance_required", "false"),
        ("title = \"Rust\"", "title = \"Rust\"\nrenewable = true", "renewable", "false"),
        ("title = \"Rust\"", "title = \"Rust\"\neqf_level = 6", "eqf_level", "none"),
        ("ects = 5.0", "ects = 5.1", "ects", "5.0"),
        ("title = \"Rust\"", "title = \"Rust\"\nvalidity_days = 3", "validity_days", "none"),
        (
            "title = \"Rust\"",
            "title = \"Rust\"\ndefinition_digest = \"0000000000000000000000000000000000000000000000000000000000000001\"",
            "definition_digest",
            "none",
        ),
    ] {
        stage.conflicts(
            &with(BOTH, from, to),
            &format!("achievements[0] (rust).{field}"),
            &[&format!("is {old} on the ledger and frozen since it was published"), "`replaces = \"rust\"`"],
        );
    }
}

#[test]
fn an_achievement_replaces_an_older_one() {
    let mut stage = Stage::new();
    stage.apply(BOTH);
    let newer = "\n[[achievements]]\ncode = \"rust-2\"\ntitle = \"Rust 2\"\nkind = \"badge\"\nreplaces = \"rust\"\n";
    let both = format!("{BOTH}{newer}");
    let plan = stage.plan(&both);
    assert_eq!((plan.changes.len(), plan.later.len()), (0, 1), "in the second in which the older one was created");
    assert!(!plan.is_nothing_to_do());
    stage.pass(1);
    assert_eq!(stage.apply(&both), ["create achievement \"Rust 2\"", "update achievement \"Rust 2\""]);
    let issuer = stage.issuer();
    let address = address::achievement(&issuer, "rust-2");
    let record: Achievement = account::decode(&address, &stage.ledger.account(&address).unwrap()).unwrap();
    assert_eq!(record.replaces, address::achievement(&issuer, "rust"));
    assert_eq!(
        stage.apply(&with(&both, "replaces = \"rust\"", "replaces = \"go\"")),
        ["update achievement \"Rust 2\": replaces: \"rust\" -> \"go\""]
    );
    let reversed = with(BOTH, "code = \"rust\"", "code = \"rust\"\nreplaces = \"rust-2\"");
    stage.conflicts(&reversed, "achievements[0] (rust).replaces", &["is not older than this achievement"]);
    let unknown = with(&both, "replaces = \"rust\"", "replaces = \"ruts\"");
    stage.conflicts(&unknown, "achievements[2] (rust-2).replaces", &["\"ruts\", which is no achievement"]);
    let newest = format!(
        "{}{}",
        with(BOTH, "code = \"rust\"", "code = \"rust\"\nreplaces = \"new\""),
        newer.replace("rust-2", "new").replace("replaces = \"rust\"", "")
    );
    stage.conflicts(&newest, "achievements[0] (rust).replaces", &["would be newer"]);
    let nothing = with(&both.replace("rust-2", "rust-3"), "replaces = \"rust\"", "replaces = \"ruts\"");
    stage.conflicts(&nothing, "achievements[2] (rust-3).replaces", &["\"ruts\", which is no achievement"]);
}

#[test]
fn an_achievement_and_its_successor_take_two_rounds() {
    let newer = "\n[[achievements]]\ncode = \"a\"\ntitle = \"A\"\nkind = \"badge\"\nreplaces = \"rust\"\n";
    let text = format!("{BOTH}{newer}");
    let mut stage = Stage::new();
    assert_eq!(stage.carry_out(&text).len(), 6);
    let plan = stage.plan(&text);
    assert_eq!(plan.later.iter().map(|one| one.place.as_str()).collect::<Vec<_>>(), ["achievements[2] (a)"]);
    stage.pass(1);
    assert_eq!(stage.apply(&text), ["create achievement \"A\"", "update achievement \"A\""]);
}

#[test]
fn a_manager_acts_in_the_authoritys_stead() {
    let mut stage = Stage::new();
    stage.apply(BOTH);
    let office = stage.roles.keys["office"];
    stage.roles.manager = Some(office);
    let text = with(BOTH, "draft", "active");
    let plan = stage.plan(&text);
    assert_eq!(plan.changes.iter().map(|change| change.signer).collect::<Vec<_>>(), [office]);
    stage.apply(&text);
    // Who may not manage achievements leaves it to the authority.
    stage.roles.manager = Some(stage.roles.keys["platform"]);
    let plan = stage.plan(&with(BOTH, "draft", "paused"));
    assert_eq!(plan.changes.iter().map(|change| change.signer).collect::<Vec<_>>(), [stage.issuer_authority()]);
}

#[test]
fn what_is_not_in_the_file_is_left_alone() {
    let mut stage = Stage::new();
    stage.apply(BOTH);
    let (authority, issuer) = (stage.issuer_authority(), stage.issuer());
    let key = stage.holder(&authority);
    stage.ledger.fund(&authority, 1 << 40).unwrap();
    let args = CreateAchievementArgs { ..achievement_args("by-hand") };
    let by_hand = achievement::create(authority, &Actor::Authority { issuer, authority }, args);
    stage.ledger.send(&[by_hand], &key, &[]).unwrap();
    let plan = stage.plan(BOTH);
    assert!(plan.is_nothing_to_do());
    let address = address::achievement(&issuer, "by-hand");
    assert_eq!(plan.left_alone, [format!("achievement by-hand ({address})")]);
}
