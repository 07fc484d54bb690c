//! The program's limits: every one is checked before anything is sent, and what passes is never refused for its form.

use microcred_client::declaration::{Declaration, DeclarationError};
use microcred_tests::{BAD_SLUGS, Keys, bad_names, bad_texts};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};

use crate::stage::{BOTH, Stage, with};

/// Everything that is wrong with a text.
#[track_caller]
fn problems(text: &str) -> Vec<String> {
    match Declaration::parse(text) {
        Err(DeclarationError::Problems(problems)) => problems.iter().map(ToString::to_string).collect(),
        other => panic!("expected problems, got {other:?}"),
    }
}

#[track_caller]
fn refuses(text: &str, begins: &str) {
    let told = problems(text);
    assert!(told.len() == 1 && told[0].starts_with(begins), "{begins:?}: {told:#?}");
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    let escaped: String = text.chars().map(|c| format!("\\U{:08X}", u32::from(c))).collect();
    format!("\"{escaped}\"")
}

#[test]
fn texts_that_the_program_refuses_are_refused_in_every_place() {
    for (text, _) in bad_names(96) {
        refuses(&with(BOTH, "\"Quality Agency\"", &quoted(&text)), "registry.name ");
        refuses(&with(BOTH, "\"University\"", &quoted(&text)), "issuer.name ");
    }
    for (text, _) in bad_names(128) {
        refuses(&with(BOTH, "\"Rust\"", &quoted(&text)), "achievements[0] (rust).title ");
    }
    for (text, _) in bad_texts(128) {
        refuses(&with(BOTH, "\"https://agency.example\"", &quoted(&text)), "registry.uri ");
        refuses(&with(BOTH, "\"https://university.example\"", &quoted(&text)), "issuer.url ");
        let uri = format!("\"Rust\"\nuri = {}", quoted(&text));
        refuses(&with(BOTH, "\"Rust\"", &uri), "achievements[0] (rust).uri ");
    }
    let longest = "a".repeat(33);
    for slug in BAD_SLUGS.map(|(slug, _)| slug).into_iter().chain([longest.as_str()]) {
        let slug = quoted(slug);
        refuses(&with(BOTH, "\"agency\"", &slug), "registry.slug ");
        refuses(&with(BOTH, "\"university\"", &slug), "issuer.slug ");
        refuses(&with(BOTH, "code = \"go\"", &format!("code = {slug}")), "achievements[1] (");
        refuses(&with(BOTH, "quota = 100", &format!("scope = {slug}")), "issuer.keys[0] (platform).scope ");
        let replaces = format!("code = \"go\"\nreplaces = {slug}");
        refuses(&with(BOTH, "code = \"go\"", &replaces), "achievements[1] (go).replaces ");
        let other = format!(
            "[[accreditations]]\ncreator = \"x\"\nslug = {slug}\nfrom = \"2026-01-01T00:00:00Z\"\n[[achievements]]"
        );
        refuses(&with(BOTH, "[[achievements]]", &other), "accreditations[0].slug ");
    }
    for country in ["P", "pt", "PRT", "P1", "ÉÉ"] {
        refuses(&with(BOTH, "\"PT\"", &quoted(country)), "issuer.country ");
    }
}

#[test]
fn each_limit_has_its_place_and_says_what_to_do() {
    let key = |from: &str, to: &str| with(BOTH, from, to);
    for (text, expected) in [
        (String::new(), "the file declares nothing: add [registry], [issuer] or both"),
        (
            with(BOTH, "\"Rust\"", "\"a\\u202Eb\""),
            "achievements[0] (rust).title has a character that would mislead a reader, U+202E in place 2: remove it",
        ),
        (
            with(BOTH, "\"agency\"", "\"Agency\""),
            "registry.slug has 'A' in it: slugs and codes consist of a-z, 0-9 and hyphens",
        ),
        (with(BOTH, "\"agency\"", &quoted(&"é".repeat(17))), "registry.slug has 'é' in it"),
        (
            with(BOTH, "\"Rust\"", &quoted(&"é".repeat(65))),
            "achievements[0] (rust).title has 130 bytes, but at most 128 fit: shorten it",
        ),
        (with(BOTH, "\"PT\"", "\"pt\""), "issuer.country is \"pt\": write two capital letters by ISO 3166-1"),
        (with(BOTH, "\"University\"", "\" \""), "issuer.name is empty: write it"),
        (
            with(BOTH, "slug = \"agency\"", "slug = \"agency\"\nstatus = \"draft\""),
            "registry.status is draft, which only achievements can be",
        ),
        (with(BOTH, "slug = \"university\"", "slug = \"university\"\nstatus = \"draft\""), "issuer.status is draft"),
        (key("[\"issue\", \"suspend\"]", "[]"), "issuer.keys[0] (platform).permissions are none"),
        (key("quota = 100", "quota = 0"), "issuer.keys[0] (platform).quota is 0"),
        (key("valid_days = 365", "valid_days = 0"), "issuer.keys[0] (platform).valid_days is 0"),
        (
            key("valid_days = 365", "valid_days = 1\nvalid_until = \"2030-01-01T00:00:00Z\""),
            "issuer.keys[0] (platform) has both",
        ),
        (
            key("valid_days = 365", "valid_from = \"2030-01-01T00:00:00Z\"\nvalid_until = \"2030-01-01T00:00:00Z\""),
            "issuer.keys[0] (platform).valid_until is not after valid_from",
        ),
        (
            key("valid_days = 365", "valid_until = \"1969-01-01T00:00:00Z\""),
            "issuer.keys[0] (platform).valid_until is before 1970",
        ),
        (key("name = \"office\"", "name = \"platform\""), "issuer.keys[1] (platform).name occurs before"),
        (with(BOTH, "code = \"go\"", "code = \"rust\""), "achievements[1] (rust).code occurs before"),
        (with(BOTH, "ects = 5.0", "ects = 5.05"), "achievements[0] (rust).ects must be 0 to 6553.5, in tenths"),
        (with(BOTH, "ects = 5.0", "ects = 6553.6"), "achievements[0] (rust).ects must be"),
        (with(BOTH, "ects = 5.0", "ects = -1.0"), "achievements[0] (rust).ects must be"),
        (with(BOTH, "ects = 5.0", "ects = nan"), "achievements[0] (rust).ects must be"),
        (with(BOTH, "ects = 5.0", "eqf_level = 9"), "achievements[0] (rust).eqf_level is not 1 to 8"),
        (with(BOTH, "ects = 5.0", "eqf_level = 0"), "achievements[0] (rust).eqf_level is 0"),
        (with(BOTH, "ects = 5.0", "validity_days = 36526"), "achievements[0] (rust).validity_days is more than 36525"),
        (with(BOTH, "ects = 5.0", "validity_days = 0"), "achievements[0] (rust).validity_days is 0"),
        (
            with(BOTH, "ects = 5.0", "definition_digest = \"abc\""),
            "achievements[0] (rust).definition_digest is not 64 hexadecimal digits",
        ),
        (
            with(BOTH, "ects = 5.0", &format!("definition_digest = \"{}+1\"", "a".repeat(62))),
            "achievements[0] (rust).definition_digest is not",
        ),
        (
            with(BOTH, "ects = 5.0", "replaces = \"rust\""),
            "achievements[0] (rust).replaces leads back to this achievement",
        ),
        (with(BOTH, "from = \"2026-01-01T00:00:00Z\"", ""), "accreditation has no term: add `from`"),
        (
            with(BOTH, "from = \"2026-01-01T00:00:00Z\"", "status = \"withdrawn\"\nuntil = \"2026-01-01T00:00:00Z\""),
            "accreditation.until ends a term that has no beginning",
        ),
        (
            with(
                BOTH,
                "from = \"2026-01-01T00:00:00Z\"",
                "from = \"2026-01-01T00:00:00Z\"\nuntil = \"2026-01-01T00:00:00Z\"",
            ),
            "accreditation is not a term",
        ),
        (
            with(BOTH, "from = \"2026-01-01T00:00:00Z\"", "from = \"1970-01-01T00:00:00Z\""),
            "accreditation is not a term",
        ),
        (
            with(
                BOTH,
                "from = \"2026-01-01T00:00:00Z\"",
                "from = \"2026-01-01T00:00:00Z\"\nterms = [{ from = \"2027-01-01T00:00:00Z\" }]",
            ),
            "accreditation has both `from` and `terms`",
        ),
        (
            with(
                BOTH,
                "from = \"2026-01-01T00:00:00Z\"",
                "terms = [{ from = \"2027-01-01T00:00:00Z\" }, { from = \"2028-01-01T00:00:00Z\" }]",
            ),
            "accreditation.terms[1] begins before the term above it ends",
        ),
        (
            with(BOTH, "from = \"2026-01-01T00:00:00Z\"", "from = \"2026-01-01T00:00:00Z\"\nreason = \"payment\""),
            "accreditation.reason goes with status suspended or withdrawn",
        ),
        (
            with(BOTH, "[accreditation]", "[accreditation]\nslug = \"x\""),
            "accreditation must name its issuer in one way",
        ),
        (
            BOTH[..BOTH.find("[issuer]").unwrap()].to_owned() + "[accreditation]\nfrom = \"2026-01-01T00:00:00Z\"",
            "accreditation names no issuer",
        ),
        (
            BOTH[..BOTH.find("[issuer]").unwrap()].to_owned()
                + &BOTH[BOTH.find("[[achievements]]").unwrap()..BOTH.rfind("[[achievements]]").unwrap()],
            "achievements belong to an issuer",
        ),
        (BOTH[BOTH.find("[issuer]").unwrap()..].to_owned(), "accreditation is an entry in a registry"),
    ] {
        refuses(&text, expected);
    }
}

#[test]
fn all_problems_are_told_at_once() {
    let text = with(BOTH, "\"agency\"", "\"Agency\"");
    let text = with(&text, "\"PT\"", "\"pt\"");
    let text = with(&text, "[\"issue\", \"suspend\"]", "[]");
    let text = with(&text, "ects = 5.0", "ects = 5.05\neqf_level = 9");
    let text = with(&text, "from = \"2026-01-01T00:00:00Z\"", "from = \"1969-01-01T00:00:00Z\"");
    assert_eq!(problems(&text).len(), 6, "{:#?}", problems(&text));
}

#[test]
fn achievements_that_replace_each_other_in_a_circle_are_refused() {
    let text = with(BOTH, "code = \"rust\"", "code = \"rust\"\nreplaces = \"go\"");
    let text = with(&text, "code = \"go\"", "code = \"go\"\nreplaces = \"rust\"");
    assert_eq!(problems(&text).len(), 2);
    let third = "\n[[achievements]]\ncode = \"c\"\ntitle = \"C\"\nkind = \"badge\"\nreplaces = \"go\"\n";
    assert_eq!(problems(&format!("{text}{third}")).len(), 2, "one that leads into a circle is not in it");
}

#[test]
fn keys_declared_twice_are_refused() {
    let mut stage = Stage::new();
    let office = stage.roles.keys["office"];
    stage.apply(BOTH);
    let entry = format!(
        "[[issuer.keys]]\nname = \"again\"\naddress = \"{office}\"\npermissions = [\"manage-achievements\", \"revoke\"]\n\n[accreditation]"
    );
    let twice = with(BOTH, "[accreditation]", &entry);
    let plan = stage.plan(&twice);
    assert_eq!(plan.conflicts[0].place, "issuer.keys[2] (again)", "{plan:#?}");
    let zero = with(BOTH, "name = \"office\"", "name = \"office\"\naddress = \"11111111111111111111111111111111\"");
    let error = stage.try_plan(&zero).unwrap_err().to_string();
    assert_eq!(error, "issuer.keys[1] (office).address is all zeros: name the address that is meant");
    let own = with(BOTH, "country = \"PT\"", &format!("treasury = \"{}\"", stage.issuer()));
    let error = stage.try_plan(&own).unwrap_err().to_string();
    assert_eq!(error, "issuer.treasury is the issuer account itself: name a wallet");
}

prop_compose! {
    /// A declaration whose fields lie about the limits, on both sides of them.
    fn declarations()(
        slugs in prop::collection::vec(prop_oneof![9 => "[a-z0-9-]{1,32}", 1 => "[a-zA-Z0-9_-]{0,34}"], 3),
        names in prop::collection::vec(prop_oneof![8 => "[\\PC]{1,30}", 1 => "a{94,130}", 1 => ".{0,6}"], 3),
        texts in prop::collection::vec(prop_oneof![8 => "[ -~]{0,128}", 1 => "[é]{62,66}", 1 => ".{0,6}"], 3),
        country in prop_oneof![8 => "[A-Z]{2}", 1 => "[A-Za-z]{0,3}"],
        permissions in 0_u8..64,
        quota in prop_oneof![Just(None), any::<u32>().prop_map(Some), Just(Some(0))],
        days in prop_oneof![Just(None), any::<u32>().prop_map(Some), (0_u32..3).prop_map(Some)],
        kind in prop::sample::select(vec!["micro-credential", "certificate", "badge"]),
        rules in any::<(bool, bool)>(),
        eqf in prop_oneof![Just(None), (0_u8..11).prop_map(Some)],
        tenths in prop_oneof![0_u32..=65_536, 65_530_u32..65_540],
        validity in prop_oneof![Just(None), (0_u32..=36_526).prop_map(Some), any::<u32>().prop_map(Some)],
        term in (prop_oneof![0_i64..5, 1_700_000_000_i64..2_000_000_000], prop::option::of(-5_i64..1_000_000_000)),
    ) -> String {
        let permissions: Vec<_> = microcred_client::declaration::Permission::ALL.iter()
            .filter(|one| u16::from(permissions) & one.bit() != 0).map(|one| format!("{:?}", one.word())).collect();
        let optional = |field: &str, value: Option<String>| value.map(|value| format!("{field} = {value}\n")).unwrap_or_default();
        let date = |unix: i64| format!("\"{}\"", jiff::Timestamp::from_second(unix).unwrap());
        format!(
            "[registry]\nslug = {}\nname = {}\nuri = {}\n\n[issuer]\nslug = {}\nname = {}\nurl = {}\ncountry = {}\n\n\
             [[issuer.keys]]\nname = \"platform\"\npermissions = [{}]\n{}{}\n[accreditation]\nfrom = {}\n{}\n\
             [[achievements]]\ncode = {}\ntitle = {}\nuri = {}\nkind = \"{kind}\"\nacceptance_required = {}\nrenewable = {}\nects = {}.{}\n{}{}",
            quoted(&slugs[0]), quoted(&names[0]), quoted(&texts[0]),
            quoted(&slugs[1]), quoted(&names[1]), quoted(&texts[1]), quoted(&country),
            permissions.join(", "), optional("quota", quota.map(|quota| quota.to_string())), optional("valid_days", days.map(|days| days.to_string())),
            date(term.0), optional("until", term.1.map(|length| date(term.0 + length))),
            quoted(&slugs[2]), quoted(&names[2]), quoted(&texts[2]), rules.0, rules.1, tenths / 10, tenths % 10,
            optional("eqf_level", eqf.map(|level| level.to_string())), optional("validity_days", validity.map(|days| days.to_string())),
        )
    }
}

/// Half of the declarations break a limit; the others take effect whole, whatever is in them.
#[test]
fn what_passes_the_checks_the_program_takes() {
    let (mut stage, mut keys) = (Stage::new(), Keys::seeded(7));
    let (mut taken, mut refused) = (0, 0);
    let mut runner = TestRunner::new_with_rng(
        Config { cases: 600, failure_persistence: None, ..Config::default() },
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let strategy = declarations();
    for _ in 0..600 {
        let text = strategy.new_tree(&mut runner).unwrap().current();
        if Declaration::parse(&text).is_ok_and(|declared| !declared.achievements.is_empty()) {
            stage.recast(&mut keys);
            stage.apply(&text);
            taken += 1;
        } else {
            refused += 1;
        }
    }
    assert!(taken > 60 && refused > 60, "{taken} taken, {refused} refused: the declarations are not about the limits");
}
