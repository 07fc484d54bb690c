//! `achievement`: every subcommand.

use microcred_client::address;

use crate::desk::Desk;

#[test]
fn a_draft_is_edited_published_paused_resumed_and_retired() {
    let desk = Desk::university();
    // The new one must be the newer by a second of the ledger's clock.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let place = address::achievement(&desk.issuer(), "go");
    let create = ["achievement", "create", &desk.uni(), "go", "--title", "Go", "--kind", "badge", "--ects", "2.5"];
    let rules = ["--acceptance-required", "--eqf-level", "5", "--validity-days", "10", "--uri", "https://go"];
    desk.json("change", &[&create[..], &rules].concat());
    let shown = desk.show(&place);
    assert_eq!((&shown["status"], &shown["achievement_kind"]), (&"draft".into(), &"badge".into()));
    assert_eq!((&shown["ects"], &shown["validity_seconds"]), (&2.5.into(), &864_000.into()));
    assert_eq!((&shown["acceptance_required"], &shown["renewable"]), (&true.into(), &false.into()));

    let go = format!("{}/go", desk.uni());
    let digest = "ab".repeat(32);
    let edit = ["--title", "Go Basics", "--renewable", "--acceptance-required=false", "--definition-digest", &digest];
    desk.json("change", &[&["achievement", "edit", &go], &edit[..]].concat());
    let shown = desk.show(&place);
    assert_eq!((&shown["title"], &shown["uri"]), (&"Go Basics".into(), &"https://go".into()));
    assert_eq!((&shown["acceptance_required"], &shown["renewable"]), (&false.into(), &true.into()));
    assert_eq!((&shown["definition_digest"], &shown["eqf_level"]), (&digest.into(), &5.into()));

    desk.fails(&["achievement", "publish", &go], 1, "not-confirmed", &["Go Basics", "freezes"]);
    desk.json("change", &["achievement", "publish", &go, "--yes"]);
    desk.fails(&["achievement", "edit", &go, "--title", "Rust"], 1, "refused", &["a published achievement is frozen"]);
    desk.json("change", &["achievement", "pause", &go]);
    assert_eq!(desk.show(&place)["status"], "paused");
    desk.json("change", &["achievement", "resume", &place.to_string()]);
    let replace = ["achievement", "set-replaced", &go, &desk.rust()];
    desk.fails(&["achievement", "set-replaced", &desk.rust(), &go], 1, "refused", &["created before it"]);
    desk.json("change", &replace);
    assert_eq!(desk.show(&place)["replaces"]["name"], "Rust Basics");
    desk.fails(&["achievement", "retire", &go], 1, "not-confirmed", &["for good"]);
    desk.json("change", &["achievement", "retire", &go, "--yes"]);
    assert_eq!(desk.show(&place)["status"], "retired");
}

#[test]
fn a_key_that_may_not_manage_achievements_is_refused_before_anything_is_sent() {
    let desk = Desk::university();
    let says = ["key 0", "lacks the permission"];
    desk.fails(&["achievement", "pause", &desk.rust(), "-k", "key.json"], 1, "wrong-signer", &says);
    let manager = desk.keypair("manager.json").to_string();
    desk.ok(&["fund", "1", &manager]);
    desk.json("change", &["key", "add", &desk.uni(), &manager, "--permissions", "manage-achievements"]);
    desk.json("change", &["achievement", "pause", &desk.rust(), "-k", "manager.json"]);
}
