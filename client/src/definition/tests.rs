use anchor_lang::bytemuck::Zeroable;
use microcred::state::{Achievement, AchievementKind};
use serde_json::{Value, json};
use solana_address::Address;

use super::*;
use crate::hex::Hex;

const TEXT: &str = r#"
description = "Writes small services."
criteria = """
Deliver the project.

Defend it.
"""
criteria_url = "https://university.example/rust?tab=criteria#top"
hours = 63
assessment = "A project with an oral defence"
participation = "Online"
quality_assurance = "Internal, by the ESG"
prerequisites = "Programming experience"
supervision = "Supervised onsite with identity verification"
stackability = "Stackable towards a certificate"
further_information = "Taught every semester"
tags = ["Rust", "services"]
language = "en"
field_of_study = "Computer science"
specialization = "Systems programming"
image = "https://university.example/rust.png"
image_caption = "A gear"
human_code = "CS-4210"
version = "2026.1"

[[outcomes]]
name = "computer programming"
url = "http://data.europa.eu/esco/skill/21d2f96d-35f7-4e3f-9745-c533d2dd6e97"
framework = "ESCO"
code = "21d2f96d"
type = "ext:ESCOSkill"
description = "Writes and tests programs"

[[outcomes]]
name = "Works alone"

[[alignments]]
name = "Software development"
url = "http://data.europa.eu/snb/isced-f/0613"
"#;

fn full() -> Definition {
    toml::from_str(TEXT).unwrap()
}

fn facts() -> Facts<'static> {
    Facts {
        address: Address::new_from_array([7; 32]),
        title: "Rust Basics",
        kind: AchievementKind::MicroCredential,
        uri: "https://university.example/achievements/rust",
        eqf_level: 5,
        workload: 25,
    }
}

/// An account that says the facts, and names the digest.
fn account(facts: &Facts<'_>, definition_digest: [u8; 32]) -> Achievement {
    let mut account: Achievement = Zeroable::zeroed();
    account.code[..4].copy_from_slice(b"rust");
    let definition = microcred::state::Definition {
        kind: facts.kind.code(),
        policy: 0,
        eqf_level: facts.eqf_level,
        workload: facts.workload,
        definition_digest,
        title: facts.title,
        uri: facts.uri,
        default_validity: 0,
    };
    account.define(&definition).unwrap();
    account
}

#[test]
fn a_full_definition_makes_exactly_this_object() {
    let object = full().object(&facts());
    assert_eq!(
        object,
        json!({
            "id": "https://university.example/achievements/rust",
            "type": ["Achievement"],
            "achievementType": "MicroCredential",
            "name": "Rust Basics",
            "description": "Writes small services.",
            "criteria": {
                "id": "https://university.example/rust?tab=criteria#top",
                "narrative": "Deliver the project.\n\nDefend it.\n\nLearning outcome: computer programming: Writes and tests programs\n\n\
                    Learning outcome: Works alone\n\nWorkload: 63 hours\n\nAssessment: A project with an oral defence\n\n\
                    Participation: Online\n\nQuality assurance: Internal, by the ESG\n\nPrerequisites: Programming experience\n\n\
                    Supervision and identity verification: Supervised onsite with identity verification\n\n\
                    Integration and stackability: Stackable towards a certificate\n\nFurther information: Taught every semester",
            },
            "alignment": [
                {
                    "type": ["Alignment"],
                    "targetName": "EQF level 5",
                    "targetUrl": "http://data.europa.eu/snb/eqf/5",
                    "targetFramework": "European Qualifications Framework",
                    "targetCode": "5",
                    "targetType": "ext:EQFLevel",
                },
                {
                    "type": ["Alignment"],
                    "targetName": "computer programming",
                    "targetUrl": "http://data.europa.eu/esco/skill/21d2f96d-35f7-4e3f-9745-c533d2dd6e97",
                    "targetFramework": "ESCO",
                    "targetCode": "21d2f96d",
                    "targetDescription": "Writes and tests programs",
                    "targetType": "ext:ESCOSkill",
                },
                {
                    "type": ["Alignment"],
                    "targetName": "Software development",
                    "targetUrl": "http://data.europa.eu/snb/isced-f/0613",
                },
            ],
            "tag": ["Rust", "services"],
            "creditsAvailable": 2.5,
            "inLanguage": "en",
            "fieldOfStudy": "Computer science",
            "specialization": "Systems programming",
            "humanCode": "CS-4210",
            "version": "2026.1",
            "image": { "id": "https://university.example/rust.png", "type": "Image", "caption": "A gear" },
        })
    );
    // Made elsewhere, of the object above: keys in order, no spaces, SHA-256.
    assert_eq!(Hex(&digest(&object)).to_string(), "d6166bc37c42c689f04a8f2cacd7b16837879a4bd6c894fd2b8640f41fff1ca8");
    assert_eq!(full().problems("definition"), []);
}

#[test]
fn what_is_not_said_is_not_there() {
    let least = Definition { description: "A.".into(), criteria: Some("B.".into()), ..Definition::default() };
    let facts = Facts { kind: AchievementKind::Badge, eqf_level: 0, workload: 0, uri: "", ..facts() };
    assert_eq!(
        least.object(&facts),
        json!({
            "id": "urn:uuid:1fda2e5d-4173-8d76-8a34-f3813fc5bd0b",
            "type": ["Achievement"],
            "achievementType": "Badge",
            "name": "Rust Basics",
            "description": "A.",
            "criteria": { "narrative": "B." },
        })
    );
    let elsewhere = Definition { criteria: None, criteria_url: Some("https://a.example".into()), ..least };
    assert_eq!(elsewhere.object(&facts)["criteria"], json!({ "id": "https://a.example" }));
    let certificate = Facts { kind: AchievementKind::Certificate, workload: 50, ..facts };
    let object = elsewhere.object(&certificate);
    assert_eq!(
        (&object["achievementType"], object["creditsAvailable"].to_string()),
        (&"Certificate".into(), "5".into())
    );
}

#[test]
fn the_identifier_follows_from_the_address_alone() {
    let facts = Facts { uri: "", ..facts() };
    let id = facts.id();
    let (version, variant) = (id.as_bytes()[9 + 14], id.as_bytes()[9 + 19]);
    assert!(version == b'8' && b"89ab".contains(&variant) && id.len() == 9 + 36, "{id}");
    assert_eq!(Facts { title: "Other", workload: 1, ..facts }.id(), id);
    assert_ne!(Facts { address: Address::new_from_array([8; 32]), ..facts }.id(), id);
}

#[test]
fn the_fixed_lines_are_read_again() {
    let object = full().object(&facts());
    let narrative = object["criteria"]["narrative"].as_str().unwrap();
    let read: Vec<_> = elements(narrative).collect();
    assert_eq!(read.iter().map(|(element, _)| *element).collect::<Vec<_>>()[1..], Element::ALL);
    assert_eq!(read[0], (Element::Outcome, "computer programming: Writes and tests programs"));
    assert_eq!(read[2], (Element::Workload, "63 hours"));
    assert_eq!(elements("Assessment:none\n assessment: x\nOther: y").count(), 0);
}

#[test]
fn line_endings_and_spaces_at_ends_change_nothing() {
    let text = TEXT.replace("Deliver the project.\n", "Deliver the project.  \r\n");
    assert_eq!(toml::from_str::<Definition>(&text).unwrap().object(&facts()), full().object(&facts()));
}

#[test]
fn everything_wrong_has_its_place_and_says_what_to_do() {
    let long = |bytes| format!("\"{}\"", "a".repeat(bytes));
    let tags =
        |count| format!("tags = [{}]", (0..count).map(|tag| format!("\"t{tag}\"")).collect::<Vec<_>>().join(", "));
    let image = |url: &str| ("image = \"https://university.example/rust.png\"", format!("image = \"{url}\""));
    let name = "name = \"Works alone\"";
    for ((from, to), expected) in [
        (("\"Writes small services.\"", "\" \"".to_owned()), "d.description is empty: write it"),
        (("\"Writes small services.\"", long(2001)), "d.description has 2001 bytes, but at most 2000 fit: shorten it"),
        (
            ("\"Writes small services.\"", "\"a\\u202Eb\"".into()),
            "d.description has a character that would mislead a reader, U+202E",
        ),
        (
            ("\"Writes small services.\"", "\"a\\u200Bb\"".into()),
            "d.description has a character that would mislead a reader, U+200B",
        ),
        (
            ("\"Writes small services.\"", "\"a\\nb\"".into()),
            "d.description has a character that would mislead a reader, U+000A",
        ),
        (("\"Online\"", "\"Online \"".into()), "d.participation begins or ends with a space"),
        (("\"Online\"", "\"\"".into()), "d.participation is empty"),
        (("\"Online\"", long(1001)), "d.participation has 1001 bytes"),
        (("\"A project with an oral defence\"", "\"\"".into()), "d.assessment is empty"),
        (("\"Internal, by the ESG\"", "\"\"".into()), "d.quality_assurance is empty"),
        (("\"Programming experience\"", "\"\"".into()), "d.prerequisites is empty"),
        (("\"Supervised onsite with identity verification\"", "\"\"".into()), "d.supervision is empty"),
        (("\"Stackable towards a certificate\"", "\"\"".into()), "d.stackability is empty"),
        (("\"Taught every semester\"", "\"\"".into()), "d.further_information is empty"),
        (("Deliver the project.\n\nDefend it.\n", "  ".into()), "d.criteria is empty"),
        (("Deliver the project.", "a".repeat(8001)), "d.criteria has 8014 bytes, but at most 8000 fit"),
        (("Defend it.", "a\\u0007".into()), "d.criteria in line 3 has a character that would mislead a reader, U+0007"),
        (
            ("Defend it.", "Assessment: none".into()),
            "d.criteria has a line 3 that begins with \"Assessment: \": write that into `assessment`",
        ),
        (("hours = 63", "hours = 0".into()), "d.hours is 0"),
        (("\"en\"", "\"english\"".into()), "d.language is no language tag"),
        (("\"en\"", "\"en-pt\"".into()), "d.language is no language tag"),
        (("\"en\"", "\"\"".into()), "d.language is no language tag"),
        (("\"en\"", "\"en-PT-x\"".into()), "d.language is no language tag"),
        (("[\"Rust\", \"services\"]", "[\"Rust\", \"Rust\"]".into()), "d.tags[1] occurs before"),
        (("[\"Rust\", \"services\"]", "[\"Rust\", \"\"]".into()), "d.tags[1] is empty"),
        (("[\"Rust\", \"services\"]", format!("[{}]", long(65))), "d.tags[0] has 65 bytes"),
        (("tags = [\"Rust\", \"services\"]", tags(41)), "d.tags are 41, but at most 40 fit"),
        (("\"Computer science\"", long(129)), "d.field_of_study has 129 bytes"),
        (("\"Systems programming\"", long(129)), "d.specialization has 129 bytes"),
        (("\"A gear\"", long(257)), "d.image_caption has 257 bytes"),
        (("image = \"https://university.example/rust.png\"", String::new()), "d.image_caption goes with an image"),
        (("\"CS-4210\"", long(65)), "d.human_code has 65 bytes"),
        (("\"2026.1\"", "\"\"".into()), "d.version is empty"),
        (image("rust.png"), "d.image is no absolute URL: write it whole"),
        (image("ftp://a.example/x"), "d.image is no absolute URL"),
        (image("data:image/png;base64,AAAA"), "d.image is no absolute URL"),
        (image("https://university.example/rust?tab=criteria#top"), "d.image is the URL of the criteria too"),
        (image("https:///x"), "d.image names no host"),
        (image("https://a.example:/x"), "d.image names no host"),
        (image("https://user@a.example/x"), "d.image names no host"),
        (image("https://a.example/é"), "d.image has 'é' in it"),
        (image("https://a.example/a b"), "d.image has ' ' in it"),
        (image("https://a.example/[x]"), "d.image has '[' in it"),
        (image("https://a.example/%4"), "d.image has a % without two hexadecimal digits"),
        (image("https://a.example/#a#b"), "d.image has a % without two hexadecimal digits, or a second #"),
        (image(&format!("https://a.example/{}", "a".repeat(300))), "d.image has 318 bytes"),
        (
            ("\"https://university.example/rust?tab=criteria#top\"", "\"rust\"".into()),
            "d.criteria_url is no absolute URL",
        ),
        ((name, "name = \"\"".into()), "d.outcomes[1].name is empty"),
        ((name, "name = \"computer programming\"".into()), "d.outcomes[1].name occurs before"),
        ((name, format!("{name}\nframework = \"ESCO\"")), "d.outcomes[1] has a framework, code or type, but no URL"),
        (
            (name, format!("{name}\nurl = \"http://data.europa.eu/snb/isced-f/0613\"")),
            "d.alignments[0].url occurs before",
        ),
        ((name, format!("{name}\nurl = \"http://data.europa.eu/snb/eqf/6\"")), "d.outcomes[1].url is a level"),
        ((name, format!("{name}\ndescription = {}", long(501))), "d.outcomes[1].description has 501 bytes"),
        (("\"ext:ESCOSkill\"", "\"skill\"".into()), "d.outcomes[0].type is no type of Open Badges"),
        (("\"ext:ESCOSkill\"", "\"ext:a b\"".into()), "d.outcomes[0].type is no type of Open Badges"),
        (("\"ext:ESCOSkill\"", "\"ext:-x\"".into()), "d.outcomes[0].type is no type of Open Badges"),
        (("\"ESCO\"", long(129)), "d.outcomes[0].framework has 129 bytes"),
        (("\"21d2f96d\"", "\"\"".into()), "d.outcomes[0].code is empty"),
        (("url = \"http://data.europa.eu/snb/isced-f/0613\"", String::new()), "d.alignments[0].url is missing"),
    ] {
        assert!(TEXT.contains(from), "{from}");
        let told: Vec<_> = toml::from_str::<Definition>(&TEXT.replacen(from, &to, 1))
            .unwrap_or_else(|error| panic!("{to}: {error}"))
            .problems("d")
            .iter()
            .map(ToString::to_string)
            .collect();
        assert!(told.len() == 1 && told[0].starts_with(expected), "{expected:?}: {told:#?}");
    }
    let many = (0..40).map(|number| Target {
        name: number.to_string(),
        url: Some(format!("https://a.example/{number}")),
        description: Some("\"".repeat(500)),
        ..Target::default()
    });
    let alignments = many.clone().map(|one| Target { url: one.url.map(|url| url + "x"), ..one }).collect();
    let too_long = Definition { criteria: Some("\"".repeat(8000)), outcomes: many.collect(), alignments, ..full() };
    let told: Vec<_> = too_long.problems("d").iter().map(ToString::to_string).collect();
    assert!(told.len() == 2 && told[0].contains("and at most 10000 fit there: shorten them"), "{told:?}");
    assert!(told[1].ends_with("but at most 131072 fit into documents: shorten it"), "{told:?}");
    let nothing = Definition::default().problems("d");
    let told: Vec<_> = nothing.iter().map(|problem| problem.place.as_str()).collect();
    assert_eq!(told, ["d.description", "d.criteria"]);
    assert!(toml::from_str::<Definition>("level = 5").unwrap_err().to_string().contains("unknown field `level`"));
}

#[test]
fn what_is_right_is_not_refused() {
    for language in ["en", "pt-PT", "zh-Hant", "zh-Hant-TW", "es-419", "fil"] {
        let text = TEXT.replace("\"en\"", &format!("{language:?}"));
        assert_eq!(toml::from_str::<Definition>(&text).unwrap().problems("d"), [], "{language}");
    }
    for url in [
        "https://a.example",
        "http://127.0.0.1:8080/x",
        "https://a.example?b=c%20d#e",
        "https://xn--nxasmq6b.example/~a/(b)",
    ] {
        let text = TEXT.replace("https://university.example/rust.png", url);
        assert_eq!(toml::from_str::<Definition>(&text).unwrap().problems("d"), [], "{url}");
    }
    for word in ["ceasn:Competency", "CFItem", "ext:a.b-c_D9"] {
        let text = TEXT.replace("ext:ESCOSkill", word);
        assert_eq!(toml::from_str::<Definition>(&text).unwrap().problems("d"), [], "{word}");
    }
}

#[test]
fn what_annex_i_asks_and_is_missing_is_named() {
    assert_eq!(full().missing_elements(&facts()), [""; 0]);
    let nothing = Facts { eqf_level: 0, workload: 0, ..facts() };
    let fields: Vec<_> = Definition::default()
        .missing_elements(&nothing)
        .iter()
        .map(|element| element.split('`').nth(1).unwrap())
        .collect();
    assert_eq!(fields, ["outcomes", "ects", "eqf_level", "assessment", "participation", "quality_assurance"]);
    let hours = Definition { hours: Some(3), ..full() };
    assert_eq!(hours.missing_elements(&Facts { workload: 0, ..facts() }), [""; 0]);
    assert_eq!(Definition::default().missing_elements(&Facts { kind: AchievementKind::Badge, ..nothing }), [""; 0]);
}

/// A declaration with the definition, of an achievement with this code.
fn declaration(code: &str) -> String {
    let definition = TEXT.replace("[[", "[[achievements.definition.");
    format!(
        "[issuer]\nslug = \"u\"\nname = \"U\"\n[[achievements]]\ncode = {code:?}\ntitle = \"Whatever\"\nkind = \"badge\"\n\
         [achievements.definition]\n{definition}"
    )
}

#[test]
fn a_file_is_taken_if_the_account_names_its_digest() {
    let (facts, object) = (facts(), full().object(&facts()));
    let account = account(&facts, digest(&object));
    let pretty = format!("{object:#}");
    let spelt_otherwise = object.to_string().replace("2.5", "25e-1").replace("Basics", "\\u0042asics");
    for text in [pretty.as_str(), &format!("\n {object}"), &spelt_otherwise, &declaration("rust")] {
        let read = read(text.as_bytes(), &facts.address, &account).unwrap();
        assert_eq!((read.to_string().len(), &read), (object.to_string().len(), &object));
    }
}

#[test]
fn any_other_file_is_refused() {
    let (facts, object) = (facts(), full().object(&facts()));
    let right = account(&facts, digest(&object));
    let refused = |text: &str, account: &Achievement| read(text.as_bytes(), &facts.address, account).unwrap_err();
    let mut changed = object.clone();
    changed["criteria"]["narrative"] = "None.".into();
    let other = DefinitionError::OtherDigest { computed: digest(&changed), on_chain: right.definition_digest };
    assert_eq!(refused(&changed.to_string(), &right), other);
    let edited = declaration("rust").replace("63", "64");
    assert!(matches!(refused(&edited, &right), DefinitionError::OtherDigest { .. }));
    let none = account(&facts, [0; 32]);
    assert_eq!(refused(&object.to_string(), &none), DefinitionError::NoDigest { computed: digest(&object) });
    assert_eq!(refused(&declaration("go"), &right), DefinitionError::NotDeclared("rust".into()));
    let without = declaration("rust").split("[achievements.definition]").next().unwrap().to_owned();
    assert_eq!(refused(&without, &right), DefinitionError::NotDefined("rust".into()));
    assert!(matches!(refused("{\"id\": 1,}", &right), DefinitionError::Json(_)));
    assert!(matches!(refused("[issuer", &right), DefinitionError::Declaration(_)));
    assert!(matches!(refused(&" ".repeat((1 << 20) + 1), &right), DefinitionError::TooLong(1_048_577)));
    assert_eq!(read(&[0xff], &facts.address, &right), Err(DefinitionError::NotText));
    assert!(matches!(
        refused(&format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000)), &right),
        DefinitionError::Json(_)
    ));
}

/// A digest can be set by hand, of anything: what contradicts the account goes into no document.
#[test]
fn what_contradicts_the_account_is_refused_though_the_digest_is_right() {
    let (facts, object) = (facts(), full().object(&facts()));
    for (field, value) in [
        ("name", "Rust Mastery".into()),
        ("achievementType", "Badge".into()),
        ("type", json!(["Course"])),
        ("id", Value::Null),
    ] {
        let mut other = object.clone();
        other[field] = value;
        let account = account(&facts, digest(&other));
        match read(other.to_string().as_bytes(), &facts.address, &account) {
            Err(DefinitionError::Unsuited { field: told, .. }) => assert_eq!(told, field),
            result => panic!("{field}: {result:?}"),
        }
    }
}

/// Whatever a definition may say, verifiers take the documents that it stands in.
#[cfg(feature = "documents")]
#[test]
fn what_is_right_stands_in_documents_that_verifiers_take() {
    use crate::document::{
        json,
        vocabulary::{self, Achievement},
    };

    let longest = |count: usize| "a".repeat(count);
    let url = |number: usize| Some(format!("https://a.example/{number}{}", "x".repeat(270)));
    let target = |number: usize| Target {
        name: format!("{number:03}{}", longest(253)),
        url: url(number),
        framework: Some(longest(128)),
        code: Some(longest(128)),
        description: Some(longest(500)),
        target_type: Some(format!("ext:{}", longest(64))),
    };
    let all = Definition {
        description: longest(2000),
        criteria: Some(longest(1400)),
        criteria_url: url(1000),
        outcomes: (0..2).map(target).collect(),
        alignments: (40..80).map(target).collect(),
        hours: Some(u32::MAX),
        assessment: Some(longest(1000)),
        participation: Some(longest(1000)),
        quality_assurance: Some(longest(1000)),
        prerequisites: Some(longest(1000)),
        supervision: Some(longest(1000)),
        stackability: Some(longest(1000)),
        further_information: None,
        tags: (0..40).map(|number| format!("{number:02}{}", longest(62))).collect(),
        language: Some("zh-Hant-TW".into()),
        field_of_study: Some(longest(128)),
        specialization: Some(longest(128)),
        image: url(1001),
        image_caption: Some(longest(256)),
        human_code: Some(longest(64)),
        version: Some(longest(64)),
    };
    let is_taken = |definition: &Definition| {
        let object = definition.object(&facts());
        let read = json::read(format!("{object:#}").as_bytes()).unwrap();
        serde_json::from_value::<Achievement>(read.clone()).unwrap();
        vocabulary::wrong_values(&read)
    };
    assert_eq!(all.problems("d"), []);
    assert_eq!(is_taken(&all), [""; 0]);
    let longer = Definition { further_information: Some(longest(1000)), ..all };
    assert!(longer.problems("d")[0].what.contains("10000"), "{:?}", longer.problems("d"));
    assert_eq!(is_taken(&longer).len(), 1);
}
