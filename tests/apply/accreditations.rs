//! Accreditations: of the declared issuer and of others, terms, profiles, suspension and withdrawal.

use microcred::UpdateIssuerProfileArgs;
use microcred_client::{account, address, instructions::issuer, state::Accreditation};
use microcred_tests::{DAY, START};
use solana_signer::Signer;

use crate::stage::{BOTH, Stage, with};

const FROM: &str = "from = \"2026-01-01T00:00:00Z\"";

/// An issuer, and a registry in another file that accredits it.
fn elsewhere() -> (Stage, String) {
    let mut stage = Stage::new();
    let body = &BOTH[..BOTH.find("[issuer]").unwrap()];
    let alone = BOTH.replace(body, "").replace("[accreditation]\nfrom = \"2026-01-01T00:00:00Z\"\n", "");
    stage.apply(&alone);
    let text = format!("{body}\n[[accreditations]]\nissuer = \"{}\"\n{FROM}\n", stage.issuer());
    (stage, text)
}

fn terms(stage: &Stage) -> Vec<(i64, i64)> {
    let address = address::accreditation(&stage.registry(), &stage.issuer());
    let record: Accreditation = account::decode(&address, &stage.ledger.account(&address).unwrap()).unwrap();
    record.used_terms().iter().map(|term| (term.from, term.until)).collect()
}

fn change_profile(stage: &mut Stage, name: &str) {
    let (authority, issuer) = (stage.issuer_authority(), stage.issuer());
    let key = stage.holder(&authority);
    stage.ledger.fund(&key.pubkey(), 1 << 40).unwrap();
    let args = UpdateIssuerProfileArgs { name: name.into(), url: String::new(), country: String::new() };
    stage.ledger.send(&[issuer::update_profile(authority, issuer, args)], &key, &[]).unwrap();
}

#[test]
fn an_issuer_elsewhere_is_accredited_by_address_or_by_creator_and_slug() {
    let (mut stage, text) = elsewhere();
    let by_name = with(
        &text,
        &format!("issuer = \"{}\"", stage.issuer()),
        &format!("creator = \"{}\"\nslug = \"university\"", stage.issuer_authority()),
    );
    let plan = stage.plan(&by_name);
    let shown: Vec<_> = plan.changes[1].details.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown[..4],
        ["name: \"University\"", "url: \"https://university.example\"", "country: \"PT\"", "profile_revision: 0"]
    );
    assert_eq!(stage.apply(&text)[1..], ["create accreditation of \"University\" by \"Quality Agency\""]);
    assert!(stage.plan(&by_name).is_nothing_to_do());
    let twice = format!(
        "{text}\n[[accreditations]]\ncreator = \"{}\"\nslug = \"university\"\n{FROM}\n",
        stage.issuer_authority()
    );
    let error = stage.try_plan(&twice).unwrap_err().to_string();
    assert!(error.starts_with("accreditations[1] is of an issuer that has an accreditation"), "{error}");
    let nobody = with(&by_name, "\"university\"", "\"nobody\"");
    stage.conflicts(&nobody, "accreditations[0]", &["is not on this ledger: check the address and the cluster"]);
}

#[test]
fn a_changed_profile_is_confirmed_when_the_file_names_its_revision() {
    let (mut stage, text) = elsewhere();
    let first = with(&text, FROM, &format!("{FROM}\nprofile_revision = 0"));
    stage.apply(&first);
    change_profile(&mut stage, "Diploma Mill");
    stage.only_warns(
        &text,
        "accreditations[0]",
        "(name \"Diploma Mill\", url none, country none): look at it, and write `profile_revision = 1`",
    );
    stage.conflicts(
        &first,
        "accreditations[0].profile_revision",
        &["is 0, but the issuer's profile has revision 1", "Diploma Mill"],
    );
    assert_eq!(
        stage.apply(&with(&text, FROM, &format!("{FROM}\nprofile_revision = 1"))),
        ["confirm accreditation of \"Diploma Mill\": profile_revision: 0 -> 1"]
    );
    // A new term vouches for the present profile: it takes the same look.
    change_profile(&mut stage, "Mill");
    let prolonged = with(&text, FROM, "terms = [{ from = \"2026-01-01T00:00:00Z\" }]\nprofile_revision = 1");
    stage.conflicts(&prolonged, "accreditations[0].profile_revision", &["has revision 2"]);
}

#[test]
fn terms_are_added_and_prolonged() {
    let mut stage = Stage::new();
    let one = with(BOTH, FROM, &format!("{FROM}\nuntil = \"2027-01-01T00:00:00Z\""));
    stage.apply(&one);
    let (begin, end) = (1_767_225_600, 1_798_761_600);
    assert_eq!(terms(&stage), [(begin, end)]);
    let longer = with(BOTH, FROM, &format!("{FROM}\nuntil = \"2027-02-01T00:00:00Z\""));
    assert_eq!(stage.apply(&longer), ["add a term to accreditation of \"University\""]);
    assert_eq!(terms(&stage), [(begin, end + 31 * DAY)]);
    let two = with(
        BOTH,
        FROM,
        "terms = [\n{ from = \"2026-01-01T00:00:00Z\", until = \"2027-01-01T00:00:00Z\" },\n\
         { from = \"2027-01-01T00:00:00Z\", until = \"2027-02-01T00:00:00Z\" },\n{ from = \"2027-03-01T00:00:00Z\" },\n]",
    );
    assert_eq!(stage.apply(&two), ["add a term to accreditation of \"University\""]);
    assert_eq!(terms(&stage), [(begin, end + 31 * DAY), (end + 59 * DAY, 0)]);
    let says = &["does not go with those on the ledger", "to end one, withdraw the accreditation"];
    stage.conflicts(
        &two.replace("03-01T00:00:00Z\" }", "03-01T00:00:00Z\", until = \"2028-01-01T00:00:00Z\" }"),
        "accreditation",
        says,
    );
    stage.conflicts(&one, "accreditation", says);
    stage.conflicts(BOTH, "accreditation", says);
    // Terms of the ledger that the file does not repeat stay.
    let last = with(BOTH, FROM, "from = \"2027-03-01T00:00:00Z\"");
    let plan = stage.plan(&last);
    assert!(plan.is_nothing_to_do());
    assert_eq!(
        plan.left_alone,
        ["term from 2026-01-01T00:00:00Z until 2027-02-01T00:00:00Z of the accreditation of \"University\""]
    );
    assert_eq!(Stage::new().apply(&two)[4..5], ["add a term to accreditation of \"University\""]);
}

#[test]
fn a_term_that_would_melt_into_one_the_file_does_not_name_is_refused() {
    let mut stage = Stage::new();
    stage.apply(&with(BOTH, FROM, &format!("{FROM}\nuntil = \"2027-01-01T00:00:00Z\"")));
    let touching = with(BOTH, FROM, "from = \"2027-01-01T00:00:00Z\"");
    stage.conflicts(&touching, "accreditation", &["does not go with those on the ledger"]);
}

#[test]
fn the_ledgers_four_terms_are_the_limit() {
    let term = |year: u32| format!("{{ from = \"{year}-01-01T00:00:00Z\", until = \"{year}-02-01T00:00:00Z\" }}");
    let many = |years: std::ops::Range<u32>| {
        with(BOTH, FROM, &format!("terms = [{}]", years.map(term).collect::<Vec<_>>().join(", ")))
    };
    let mut stage = Stage::new();
    stage.apply(&many(2020..2024));
    stage.conflicts(&many(2024..2025), "accreditation", &["does not go with those on the ledger"]);
    let error = stage.try_plan(&many(2020..2025)).unwrap_err().to_string();
    assert_eq!(error, "accreditation.terms[4] is one too many: an accreditation holds 4 separate terms");
}

#[test]
fn suspended_reinstated_and_withdrawn() {
    let mut stage = Stage::new();
    stage.apply(BOTH);
    let set = |status: &str| with(BOTH, FROM, &format!("{FROM}\n{status}"));
    let suspended = set("status = \"suspended\"\nreason = \"under-review\"");
    assert_eq!(stage.apply(&suspended), ["suspend accreditation of \"University\""]);
    stage.only_warns(BOTH, "accreditation", "is suspended since 2027-01-15T08:00:00Z");
    stage.conflicts(
        &set("status = \"suspended\"\nreason = \"payment\""),
        "accreditation.reason",
        &["is \"under-review\" on the ledger"],
    );
    let longer = |text: &str| with(text, FROM, "terms = [{ from = \"2026-01-01T00:00:00Z\" }]");
    assert!(stage.plan(&longer(&suspended)).is_nothing_to_do());
    assert_eq!(stage.apply(&set("status = \"active\"")), ["reinstate accreditation of \"University\""]);
    stage.apply(&suspended);
    stage.pass(DAY);
    let withdrawn = set("status = \"withdrawn\"\nreason = \"operations-ceased\"");
    assert_eq!(stage.apply(&withdrawn), ["withdraw accreditation of \"University\""]);
    assert_eq!(terms(&stage), [(1_767_225_600, START)], "as of the suspension");
    // With what stood in the file before, the gap would heal.
    let says = &["was withdrawn: a further term must begin after now"];
    for text in [BOTH.to_owned(), set("status = \"active\"")] {
        let plan = stage.plan(&text);
        assert!(plan.conflicts.iter().any(|conflict| conflict.what.contains(says[0])), "{plan:#?}");
    }
    let cut = "terms = [{ from = \"2026-01-01T00:00:00Z\", until = \"2027-01-15T08:00:00Z\" }";
    stage.conflicts(
        &with(BOTH, FROM, &format!("{cut}]\nstatus = \"active\"")),
        "accreditation.status",
        &["is withdrawn on the ledger"],
    );
    stage.only_warns(&with(BOTH, FROM, &format!("{cut}]")), "accreditation", "is withdrawn since");
    let afresh = with(BOTH, FROM, &format!("{cut}, {{ from = \"2027-02-01T00:00:00Z\" }}]"));
    assert_eq!(stage.apply(&afresh), ["add a term to accreditation of \"University\""]);
}

#[test]
fn a_suspended_accreditation_gets_no_term_and_a_new_one_can_begin_suspended() {
    let mut stage = Stage::new();
    let until = |end: &str, more: &str| with(BOTH, FROM, &format!("{FROM}\nuntil = \"{end}-01-01T00:00:00Z\"\n{more}"));
    let told = stage.apply(&until("2028", "status = \"suspended\""));
    assert_eq!(
        told[3..5],
        ["create accreditation of \"University\" by \"Quality Agency\"", "suspend accreditation of \"University\""]
    );
    stage.conflicts(
        &until("2029", "status = \"suspended\""),
        "accreditation",
        &["no further term while it is suspended"],
    );
    assert_eq!(
        stage.apply(&until("2029", "status = \"active\"")),
        ["reinstate accreditation of \"University\"", "add a term to accreditation of \"University\""]
    );
    let fresh = Stage::new();
    fresh.conflicts(
        &until("2029", "status = \"withdrawn\""),
        "accreditation.status",
        &["there is nothing to withdraw"],
    );
}

#[test]
fn nothing_is_entered_in_a_paused_registry_or_for_a_retired_issuer() {
    let mut stage = Stage::new();
    let without = BOTH.replace("[accreditation]\nfrom = \"2026-01-01T00:00:00Z\"\n", "");
    stage.apply(&with(&without, "slug = \"agency\"", "slug = \"agency\"\nstatus = \"paused\""));
    stage.conflicts(BOTH, "accreditation", &["while the registry is paused"]);
    stage.apply(&with(&without, "slug = \"agency\"", "slug = \"agency\"\nstatus = \"active\""));
    stage.apply(&with(&without, "slug = \"university\"", "slug = \"university\"\nstatus = \"retired\""));
    stage.conflicts(BOTH, "accreditation", &["the issuer is retired"]);
}
