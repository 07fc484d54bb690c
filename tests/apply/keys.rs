//! Keys: which one is meant, limiting, retiring, adding again.

use microcred_client::{
    account, address,
    instructions::key,
    state::{IssuerKey, Record},
};
use microcred_tests::{DAY, START};
use solana_signer::Signer;

use crate::stage::{BOTH, Stage, with};

const PLATFORM: &str = "issuer.keys[0] (platform)";

/// The declaration with another entry for a key.
fn also(text: &str, entry: &str) -> String {
    with(text, "[accreditation]", &format!("[[issuer.keys]]\n{entry}\n\n[accreditation]"))
}

fn record(stage: &Stage, index: u16) -> IssuerKey {
    let address = address::issuer_key(&stage.issuer(), index);
    let record: IssuerKey = account::decode(&address, &stage.ledger.account(&address).unwrap()).unwrap();
    record.invariant().unwrap();
    record
}

#[test]
fn keys_are_as_declared() {
    let mut stage = Stage::new();
    let entry = "name = \"third\"\npermissions = [\"issue\", \"assert\", \"renew\"]\nscope = \"rust\"\nvalid_from = \"2030-01-01T00:00:00Z\"\nvalid_days = 10";
    stage.apply(&also(BOTH, entry));
    let [platform, office, third] = [0, 1, 2].map(|index| record(&stage, index));
    assert_eq!((platform.key, platform.permissions, platform.quota), (stage.roles.keys["platform"], 3, 100));
    assert_eq!((platform.valid_from, platform.valid_until), (START, START + 365 * DAY));
    assert_eq!((office.permissions, office.quota, office.valid_until), (20, u64::MAX, 0));
    let from = 1_893_456_000;
    assert_eq!((third.permissions, third.valid_from, third.valid_until), (41, from, from + 10 * DAY));
    assert_eq!(third.scope, address::achievement(&stage.issuer(), "rust"));
}

#[test]
fn order_and_names_in_the_file_do_not_matter() {
    let mut stage = Stage::new();
    stage.apply(BOTH);
    let (start, middle, end) = (
        BOTH.find("[[issuer.keys]]").unwrap(),
        BOTH.rfind("[[issuer.keys]]").unwrap(),
        BOTH.find("[accreditation]").unwrap(),
    );
    let swapped = format!("{}{}{}{}", &BOTH[..start], &BOTH[middle..end], &BOTH[start..middle], &BOTH[end..]);
    assert!(stage.plan(&swapped).is_nothing_to_do());
    let address = stage.roles.keys["platform"];
    let renamed = with(BOTH, "name = \"platform\"", &format!("name = \"course platform\"\naddress = \"{address}\""));
    assert!(stage.plan(&renamed).is_nothing_to_do());
}

#[test]
fn a_key_in_days_is_the_same_however_late_the_file_is_applied_again() {
    let mut stage = Stage::new();
    let plan = stage.plan(BOTH);
    // Signed elsewhere, and sent almost a day later.
    stage.pass(DAY - 1);
    for change in &plan.changes {
        stage.send(change).unwrap();
    }
    assert_eq!(record(&stage, 0).valid_until, START + 365 * DAY);
    assert!(stage.plan(BOTH).is_nothing_to_do());
    stage.pass(200 * DAY);
    assert!(stage.plan(BOTH).is_nothing_to_do());
    stage.pass(200 * DAY);
    stage.only_warns(BOTH, PLATFORM, "is no longer valid since");
}

#[test]
fn validity_is_shortened_and_never_lengthened() {
    let mut stage = Stage::new();
    stage.apply(BOTH);
    assert_eq!(
        stage.apply(&with(BOTH, "valid_days = 365", "valid_days = 100")),
        ["shorten key 0, \"platform\": valid_until: 2028-01-15T08:00:00Z -> 2027-04-25T08:00:00Z"]
    );
    assert_eq!(
        stage.apply(&with(BOTH, "valid_days = 365", "valid_until = \"2027-03-01T00:00:00Z\"")),
        ["shorten key 0, \"platform\": valid_until: 2027-04-25T08:00:00Z -> 2027-03-01T00:00:00Z"]
    );
    let says = &["is 2027-03-01T00:00:00Z on the ledger (key 0)", "never moves to later", "`retired = true`"];
    let place = format!("{PLATFORM}.valid_until");
    stage.conflicts(BOTH, &place, says);
    stage.conflicts(&with(BOTH, "valid_days = 365", ""), &place, says);
    stage.conflicts(&with(BOTH, "valid_days = 365", "valid_until = \"2027-03-01T00:00:01Z\""), &place, says);
    stage.pass(10 * DAY);
    let past = with(BOTH, "valid_days = 365", "valid_days = 9");
    stage.conflicts(&past, &place, &["a key's end cannot be moved into the past: write `retired = true`"]);
    // A key without end gets one.
    let ended = with(BOTH, "valid_days = 365", "valid_until = \"2027-03-01T00:00:00Z\"");
    let ended = with(&ended, "name = \"office\"", "name = \"office\"\nvalid_until = \"2028-01-01T00:00:00Z\"");
    assert_eq!(stage.apply(&ended), ["shorten key 1, \"office\": valid_until: none -> 2028-01-01T00:00:00Z"]);
}

#[test]
fn what_is_fixed_when_a_key_is_added_stays() {
    let mut stage = Stage::new();
    stage.apply(BOTH);
    let quota = format!("{PLATFORM}.quota");
    stage.conflicts(
        &with(BOTH, "quota = 100", "quota = 200"),
        &quota,
        &["is 100 on the ledger (key 0) and never changes"],
    );
    stage.conflicts(&with(BOTH, "quota = 100", ""), &quota, &["is 100 on the ledger"]);
    let permissions = format!("{PLATFORM}.permissions");
    let says = &["never change", "key 0 of the same address for issue, suspend", "`retired = true`"];
    stage.conflicts(&with(BOTH, "[\"issue\", \"suspend\"]", "[\"issue\"]"), &permissions, says);
    stage.conflicts(&with(BOTH, "quota = 100", "quota = 100\nscope = \"rust\""), &permissions, says);
    let begin = format!("{PLATFORM}.valid_from");
    let later = with(BOTH, "quota = 100", "quota = 100\nvalid_from = \"2027-06-01T00:00:00Z\"");
    stage.conflicts(&later, &begin, &["is 2027-01-15T08:00:00Z on the ledger (key 0) and never changes"]);
    let earlier = with(BOTH, "quota = 100", "quota = 100\nvalid_from = \"2026-06-01T00:00:00Z\"");
    assert!(stage.plan(&earlier).is_nothing_to_do(), "a beginning in the past is that of adding");
    let unknown = also(BOTH, "name = \"third\"\npermissions = [\"issue\"]\nscope = \"ruts\"");
    stage.conflicts(&unknown, "issuer.keys[2] (third).scope", &["\"ruts\", which is no achievement"]);
    let over = also(BOTH, "name = \"third\"\npermissions = [\"issue\"]\nvalid_until = \"2026-06-01T00:00:00Z\"");
    stage.conflicts(&over, "issuer.keys[2] (third).valid_until", &["is past"]);
}

#[test]
fn a_key_is_retired_and_another_takes_its_place() {
    let mut stage = Stage::new();
    stage.apply(BOTH);
    let retired = with(BOTH, "name = \"platform\"", "name = \"platform\"\nretired = true");
    assert_eq!(stage.apply(&retired), ["retire key 0, \"platform\""]);
    stage.conflicts(BOTH, PLATFORM, &["is key 0 of the ledger, which is retired for good", "add another entry"]);
    let platform = stage.roles.keys["platform"];
    let same = format!("name = \"platform again\"\naddress = \"{platform}\"\npermissions = [\"issue\", \"suspend\"]\n");
    let again = also(&retired, &format!("{same}quota = 100\nvalid_days = 365"));
    assert_eq!(stage.apply(&again), ["create key 2, \"platform again\""]);
    stage.conflicts(
        &also(&again, "name = \"third\"\npermissions = [\"issue\"]\nretired = true"),
        "issuer.keys[3] (third).retired",
        &["the ledger has no such key"],
    );
}

#[test]
fn an_entry_is_retired_and_added_anew_in_one_go() {
    for quota in ["quota = 100", "quota = 200"] {
        let mut stage = Stage::new();
        stage.apply(BOTH);
        let platform = stage.roles.keys["platform"];
        let same = format!(
            "name = \"new\"\naddress = \"{platform}\"\npermissions = [\"issue\", \"suspend\"]\n{quota}\nvalid_days = 365"
        );
        let text = also(&with(BOTH, "name = \"platform\"", "name = \"platform\"\nretired = true"), &same);
        stage.pass(30 * DAY);
        assert_eq!(stage.apply(&text), ["create key 2, \"new\"", "retire key 0, \"platform\""]);
        assert!(record(&stage, 0).is_retired() && !record(&stage, 2).is_retired());
    }
}

#[test]
fn permissions_change_by_way_of_another_key() {
    let mut stage = Stage::new();
    stage.apply(BOTH);
    let platform = stage.roles.keys["platform"];
    let other = format!("name = \"new\"\naddress = \"{platform}\"\npermissions = [\"issue\"]");
    assert_eq!(stage.apply(&also(BOTH, &other)), ["create key 2, \"new\""]);
    let retired = with(BOTH, "name = \"platform\"", "name = \"platform\"\nretired = true");
    assert_eq!(stage.apply(&also(&retired, &other)), ["retire key 0, \"platform\""]);
}

#[test]
fn a_compromised_public_key_is_added_again_with_a_warning_only() {
    let mut stage = Stage::new();
    stage.apply(BOTH);
    let (authority, issuer) = (stage.issuer_authority(), stage.issuer());
    let key = stage.holder(&authority);
    stage.ledger.fund(&key.pubkey(), 1 << 40).unwrap();
    stage.ledger.send(&[key::mark_compromised(authority, issuer, 0, START - 5)], &key, &[]).unwrap();
    stage.conflicts(BOTH, PLATFORM, &["is retired for good"]);
    let platform = stage.roles.keys["platform"];
    let text = also(
        &with(BOTH, "name = \"platform\"", "name = \"platform\"\nretired = true"),
        &format!("name = \"new\"\naddress = \"{platform}\"\npermissions = [\"issue\"]"),
    );
    let plan = stage.plan(&text);
    let warned: Vec<_> = plan.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(warned.len(), 1);
    assert!(
        warned[0].contains("(new).address is the public key of key 0, compromised since 2027-01-15T07:59:55Z"),
        "{warned:?}"
    );
    stage.apply(&text);
}

#[test]
fn a_scoped_manager_is_warned_about() {
    let mut stage = Stage::new();
    let text = also(BOTH, "name = \"third\"\npermissions = [\"manage-achievements\"]\nscope = \"go\"");
    stage.apply(&text);
    stage.only_warns(&text, "issuer.keys[2] (third).permissions", "create none");
    // It administers that one.
    stage.roles.manager = Some(stage.roles.keys["third"]);
    assert_eq!(stage.plan(&with(&text, "draft", "active")).changes[0].signer, stage.roles.keys["third"]);
    stage.apply(&with(&text, "draft", "active"));
    let new = format!(
        "{}\n[[achievements]]\ncode = \"c\"\ntitle = \"C\"\nkind = \"badge\"\n",
        with(&text, "draft", "active")
    );
    assert_eq!(stage.plan(&new).changes[0].signer, stage.issuer_authority());
}

#[test]
fn keys_not_in_the_file_are_left_alone_unless_retired() {
    let mut stage = Stage::new();
    stage.apply(&also(BOTH, "name = \"third\"\npermissions = [\"assert\"]"));
    let plan = stage.plan(BOTH);
    assert_eq!(plan.left_alone, [format!("issuer key 2 ({}, for assert)", stage.roles.keys["third"])]);
    stage.apply(&also(BOTH, "name = \"third\"\npermissions = [\"assert\"]\nretired = true"));
    assert_eq!(stage.plan(BOTH).left_alone, Vec::<String>::new());
}
