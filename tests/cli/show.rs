//! `show`: what is at an address, also where that is nothing of microcred's.

use microcred_client::PROGRAM_ID;

use crate::desk::Desk;

#[test]
fn accounts_of_others_are_told_as_what_they_are() {
    let desk = Desk::funded();
    for (address, what) in [
        (desk.authority().to_string(), "a wallet"),
        (PROGRAM_ID.to_string(), "a program"),
        ("SysvarC1ock11111111111111111111111111111111".to_owned(), "an account of another program"),
    ] {
        let shown = desk.show(&address);
        assert_eq!((&shown["kind"], &shown["what"]), (&"other".into(), &what.into()), "{address}");
    }
    assert!(desk.ok(&["show", &desk.authority().to_string()]).contains("100 SOL"));
    let empty = desk.keypair("empty.json").to_string();
    desk.fails(&["show", &empty], 4, "not-found", &[&empty, "--url"]);
    desk.fails(&["show", "nonsense"], 1, "usage", &["\"nonsense\" is no address"]);
}

#[test]
fn every_kind_is_told_with_names() {
    let desk = Desk::university();
    desk.ok(&["registry", "accredit", &desk.qa(), &desk.uni()]);
    let registry = microcred_client::address::registry(&desk.authority(), "qa");
    let key = microcred_client::address::issuer_key(&desk.issuer(), 0);
    let entry = microcred_client::address::accreditation(&registry, &desk.issuer());
    let credential = desk.issue(&desk.authority());
    for (address, says) in [
        (registry, &["Registry: Quality Agency", "active"][..]),
        (desk.issuer(), &["Issuer: My University", "self-declared"]),
        (key, &["Issuer key 0", "My University (", "issue, suspend, renew", "all achievements"]),
        (entry, &["Accreditation", "Quality Agency (", "My University (", "to open"]),
        (desk.achievement(), &["Achievement: Rust Basics", "My University (", "micro-credential", "for ever"]),
        (credential, &["Credential", "Rust Basics (", "My University (", "(wallet)", "asserted by       key 0"]),
    ] {
        let text = desk.ok(&["show", &address.to_string()]);
        for part in says {
            assert!(text.contains(part), "{part:?} is not in: {text}");
        }
        desk.show(&address);
    }
}
