//! `registry`: every subcommand, and who may.

use microcred_client::address;

use crate::desk::Desk;

#[test]
fn a_registry_lives_from_creation_to_retirement() {
    let desk = Desk::funded();
    let created = desk.json("change", &["registry", "create", "qa", "--name", "Quality Agency", "--uri", "https://qa"]);
    let address = address::registry(&desk.authority(), "qa");
    assert_eq!(created["accounts"][0]["address"], address.to_string());
    assert_eq!(created["accounts"][0]["name"], "Quality Agency");
    let shown = desk.show(&address);
    assert_eq!((&shown["kind"], &shown["name"]), (&"registry".into(), &"Quality Agency".into()));
    assert_eq!((&shown["uri"], &shown["status"]), (&"https://qa".into(), &"active".into()));

    desk.json("change", &["registry", "set-uri", &desk.qa(), "https://quality"]);
    desk.json("change", &["registry", "pause", &address.to_string()]);
    let shown = desk.show(&address);
    assert_eq!((&shown["uri"], &shown["status"]), (&"https://quality".into(), &"paused".into()));
    desk.json("change", &["registry", "resume", &desk.qa()]);
    assert_eq!(desk.show(&address)["status"], "active");

    let needs = ["for good", "Quality Agency", "--yes"];
    desk.fails(&["registry", "retire", &desk.qa()], 1, "not-confirmed", &needs);
    assert_eq!(desk.show(&address)["status"], "active");
    desk.json("change", &["registry", "retire", &desk.qa(), "--yes"]);
    assert_eq!(desk.show(&address)["status"], "retired");
    let says = ["instruction 1 was refused", "retirement is final"];
    desk.fails(&["registry", "resume", &desk.qa()], 1, "refused", &says);
}

#[test]
fn the_authority_moves_when_the_new_one_accepts() {
    let desk = Desk::university();
    let new = desk.keypair("new.json").to_string();
    desk.ok(&["fund", "1", &new]);
    let accept = ["registry", "accept-authority", &desk.qa(), "--yes", "-k", "new.json"];
    desk.fails(&accept, 1, "wrong-signer", &["no proposed authority", "Quality Agency"]);
    desk.json("change", &["registry", "propose-authority", &desk.qa(), &new]);
    desk.json("change", &["registry", "propose-authority", &desk.qa(), "--take-back"]);
    desk.fails(&accept, 1, "wrong-signer", &["no proposed authority"]);
    desk.json("change", &["registry", "propose-authority", &desk.qa(), &new]);
    let other = ["registry", "accept-authority", &desk.qa(), "--yes"];
    desk.fails(&other, 1, "wrong-signer", &[&new, "proposed authority", "--keypair"]);
    desk.fails(&accept[..3], 1, "wrong-signer", &[]);
    desk.fails(&["registry", "accept-authority", &desk.qa(), "-k", "new.json"], 1, "not-confirmed", &["only you"]);
    desk.json("change", &accept);
    assert_eq!(desk.show(&address::registry(&desk.authority(), "qa"))["authority"], new);
    desk.fails(&["registry", "pause", &desk.qa()], 1, "wrong-signer", &[&new, "the authority of the registry"]);
}

#[test]
fn an_issuer_is_accredited_suspended_reinstated_withdrawn_and_accredited_again() {
    let desk = Desk::university();
    let (qa, uni) = (desk.qa(), desk.uni());
    let place = address::accreditation(&address::registry(&desk.authority(), "qa"), &desk.issuer());
    let term = ["--from", "2026-01-01", "--until", "2027-01-01T00:00:00Z"];
    let change = desk.json("change", &[&["registry", "accredit", &qa, &uni], &term[..]].concat());
    assert_eq!(change["accounts"][0]["address"], place.to_string());
    let names: Vec<_> = (1..3).map(|index| change["accounts"][index]["name"].clone()).collect();
    assert_eq!(names, ["Quality Agency", "My University"]);
    let shown = desk.show(&place);
    assert_eq!(shown["terms"][0]["from"]["rfc3339"], "2026-01-01T00:00:00Z");
    assert_eq!(shown["registry"]["name"], "Quality Agency");

    desk.json("change", &["registry", "add-term", &qa, &uni, "--from", "2027-01-01"]);
    let shown = desk.show(&place);
    assert_eq!((shown["terms"].as_array().unwrap().len(), &shown["terms"][0]["until"]), (1, &().into()));

    desk.json("change", &["registry", "suspend", &qa, &uni, "--reason", "under-review"]);
    let shown = desk.show(&place);
    assert_eq!((&shown["status"], &shown["reason"]), (&"suspended".into(), &"under review".into()));
    desk.json("change", &["registry", "reinstate", &qa, &uni]);
    assert_eq!(desk.show(&place)["status"], "active");

    desk.json("change", &["issuer", "update-profile", &uni, "--country", "DE"]);
    desk.json("change", &["registry", "confirm", &qa, &uni]);
    assert_eq!(desk.show(&place)["profile_revision"], 1);
    desk.fails(
        &["registry", "confirm", &qa, &uni],
        1,
        "refused",
        &["vouches for this revision of the profile already"],
    );

    let withdraw = ["registry", "withdraw", &qa, &uni, "--reason", "operations-ceased", "--effective-at", "2026-06-01"];
    desk.fails(&withdraw, 1, "not-confirmed", &["My University", "Quality Agency"]);
    desk.json("change", &[&withdraw[..], &["--yes"]].concat());
    let shown = desk.show(&place);
    assert_eq!(
        (&shown["status"], &shown["effective_at"]["rfc3339"]),
        (&"withdrawn".into(), &"2026-06-01T00:00:00Z".into())
    );
}
