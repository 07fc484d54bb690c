//! `issuer`: every subcommand.

use microcred_client::address;

use crate::desk::Desk;

#[test]
fn an_issuer_is_created_with_its_first_key() {
    let desk = Desk::funded();
    let key = desk.keypair("key.json");
    let treasury = desk.keypair("treasury.json").to_string();
    let profile = ["--name", "My University", "--home-page", "https://uni", "--country", "FI", "--treasury", &treasury];
    let terms =
        ["--key", &key.to_string(), "--permissions", "issue,assert", "--quota", "7", "--valid-until", "2040-01-01"];
    let change = desk.json("change", &[&["issuer", "create", "uni"], &profile[..], &terms].concat());
    assert_eq!(change["accounts"][0]["address"], desk.issuer().to_string());
    let shown = desk.show(&desk.issuer());
    for (field, expected) in
        [("name", "My University"), ("home_page", "https://uni"), ("country", "FI"), ("slug", "uni")]
    {
        assert_eq!(shown[field], expected);
    }
    assert_eq!((&shown["treasury"], &shown["key_count"]), (&treasury.into(), &1.into()));
    let shown = desk.show(&address::issuer_key(&desk.issuer(), 0));
    assert_eq!((&shown["key"], &shown["quota"]), (&key.to_string().into(), &7.into()));
    assert_eq!(shown["permissions"], serde_json::json!(["issue", "assert"]));
    assert_eq!(shown["valid_until"]["rfc3339"], "2040-01-01T00:00:00Z");
    assert_eq!(shown["issuer"]["name"], "My University");
}

#[test]
fn what_is_not_named_in_a_profile_stays() {
    let desk = Desk::university();
    let change = desk.json("change", &["issuer", "update-profile", &desk.uni(), "--home-page", "https://uni"]);
    assert!(change["warnings"][0].as_str().unwrap().contains("vouch for its earlier profile"), "{change}");
    desk.json("change", &["issuer", "update-profile", &desk.uni(), "--name", "Our University"]);
    let shown = desk.show(&desk.issuer());
    assert_eq!((&shown["name"], &shown["home_page"]), (&"Our University".into(), &"https://uni".into()));
    assert_eq!(shown["profile_revision"], 2);
    desk.fails(&["issuer", "update-profile", &desk.uni()], 1, "refused", &["the profile is the same as before"]);
}

#[test]
fn an_issuer_is_paused_resumed_and_retired() {
    let desk = Desk::university();
    desk.json("change", &["issuer", "pause", &desk.uni()]);
    let wallet = desk.keypair("wallet.json").to_string();
    let issue = ["issue", "--achievement", &desk.rust(), "--subject", &wallet, "-k", "key.json"];
    desk.fails(&issue, 1, "refused", &["the issuer is paused or retired"]);
    desk.json("change", &["issuer", "resume", &desk.uni()]);
    desk.json("change", &issue);
    desk.fails(&["issuer", "retire", &desk.uni()], 1, "not-confirmed", &["My University", "for good"]);
    desk.json("change", &["issuer", "retire", &desk.uni(), "--yes"]);
    assert_eq!(desk.show(&desk.issuer())["status"], "retired");
}

#[test]
fn the_authority_moves_when_the_new_one_accepts() {
    let desk = Desk::university();
    let new = desk.keypair("new.json").to_string();
    desk.ok(&["fund", "1", &new]);
    desk.json("change", &["issuer", "propose-authority", &desk.uni(), &new]);
    desk.json("change", &["issuer", "accept-authority", &desk.uni(), "--yes", "-k", "new.json"]);
    assert_eq!(desk.show(&desk.issuer())["authority"], new);
    desk.fails(&["issuer", "pause", &desk.uni()], 1, "wrong-signer", &[&new, "--keypair", "--sign-only"]);
}

#[test]
fn excess_lamports_go_to_the_treasury() {
    let desk = Desk::university();
    let treasury = desk.keypair("treasury.json").to_string();
    desk.json("change", &["issuer", "set-treasury", &desk.uni(), &treasury]);
    let credential = desk.issue(&desk.authority()).to_string();
    desk.fails(&["issuer", "withdraw-excess", &credential], 1, "refused", &["no more than its rent minimum"]);
    desk.json("fund", &["fund", "2", &credential]);
    let change = desk.json("change", &["issuer", "withdraw-excess", &credential]);
    assert_eq!(change["accounts"][0]["kind"], "credential");
    assert_eq!(desk.show(&treasury)["lamports"], 2_000_000_000);
}
