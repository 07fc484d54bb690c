//! `status-list` and `did-web`.

use std::{fs, path::Path};

use microcred_client::{Address, document::did::did_key};
use microcred_localnet::{Localnet, Options};
use serde_json::Value;

use crate::desk::{Desk, conforms, text};

const DIGEST: &str = "0707070707070707070707070707070707070707070707070707070707070707";

/// A university with a home page, whose key 1, `signing.json`, signs documents.
struct Campus {
    desk: Desk,
    signing: Address,
}

impl Campus {
    fn new() -> Self {
        Self::at(Desk::university())
    }

    fn at(desk: Desk) -> Self {
        let signing = desk.keypair("signing.json");
        desk.ok(&["issuer", "update-profile", &desk.uni(), "--home-page", "https://uni.example/"]);
        desk.ok(&["key", "add", &desk.uni(), "signing.json", "--permissions", "assert"]);
        Self { desk, signing }
    }

    /// Issues a credential with a document at a place.
    fn issue(&self, learner: &str, place: &str) -> String {
        let wallet = self.desk.keypair(learner).to_string();
        let issue = ["issue", "--achievement", &self.desk.rust(), "--subject", &wallet, "-k", "key.json"];
        let document = ["--digest", DIGEST, "--status-index", place];
        let answer = self.desk.json("change", &[&issue[..], &document].concat());
        answer["accounts"][0]["address"].as_str().unwrap().to_owned()
    }

    fn export<'a>(&'a self, uni: &'a str, more: &[&'a str]) -> Vec<&'a str> {
        let export = ["status-list", "export", "--issuer", uni, "--out", "out", "--key", "signing.json"];
        [&export, more].concat()
    }

    /// The answer of an export, what it said beside it, and its exit code.
    fn exported(&self, more: &[&str]) -> (Value, String, Option<i32>) {
        let uni = self.desk.uni();
        let output = self.desk.run(&[&self.export(&uni, more)[..], &["--output", "json"]].concat());
        let said = text(&output.stderr);
        let answer = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{said}"));
        conforms(&answer, "status-list-export");
        (answer, said, output.status.code())
    }

    fn files(&self) -> Vec<String> {
        let Ok(folder) = fs::read_dir(self.desk.path("out")) else { return Vec::new() };
        let mut names: Vec<_> = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort_unstable();
        names
    }

    /// What `check` answers: 0 or 2.
    #[track_caller]
    fn bit(&self, file: &str, place: &str) -> i32 {
        let more = ["--list-url", "https://uni.example/credentials/status/0", "--issuer", &did_key(&self.signing)];
        let check = ["status-list", "check", file, "--index", place, "--output", "json"];
        let output = self.desk.run(&[&check[..], &more].concat());
        let answer: Value =
            serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output.stderr)));
        conforms(&answer, "status-list-check");
        let code = output.status.code().unwrap();
        assert_eq!(answer["set"], code == 2);
        code
    }
}

#[test]
fn lists_are_exported_in_both_forms_and_checked() {
    let campus = Campus::new();
    let desk = &campus.desk;
    let revoked = campus.issue("a.json", "7");
    let suspended = campus.issue("b.json", "8");
    campus.issue("c.json", "9");
    campus.issue("d.json", "262145");
    desk.issue(&desk.keypair("e.json"));
    desk.ok(&["revoke", &revoked, "--yes"]);
    desk.ok(&["suspend", &suspended, "--reason", "under-review"]);

    let (answer, said, code) = campus.exported(&[]);
    assert_eq!((code, said.as_str()), (Some(0), ""));
    for (field, expected) in [("credentials", 5), ("without_document", 1), ("set", 1), ("suspended", 1)] {
        assert_eq!(answer[field], expected, "{field}");
    }
    assert_eq!(answer["base_url"], "https://uni.example/credentials/status");
    assert_eq!(answer["signer"]["did"], did_key(&campus.signing));
    let days = |answer: &Value| {
        answer["valid_until"]["unix"].as_i64().unwrap() - answer["valid_from"]["unix"].as_i64().unwrap()
    };
    assert_eq!(days(&answer), 7 * 86_400 + 300);
    let urls: Vec<_> = answer["lists"].as_array().unwrap().iter().map(|list| list["url"].as_str().unwrap()).collect();
    assert_eq!(urls, ["https://uni.example/credentials/status/0", "https://uni.example/credentials/status/2"]);
    assert_eq!(campus.files(), ["0.json", "0.jwt", "2.json", "2.jwt"]);
    for file in ["out/0.json", "out/0.jwt"] {
        assert_eq!(["7", "8", "9", "10"].map(|place| campus.bit(file, place)), [2, 0, 0, 0], "{file}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(desk.path("out/0.json")).unwrap().permissions().mode();
        assert_eq!(mode & 0o444, 0o444, "a web server can read it");
    }

    // Again, when it is reinstated and another is revoked.
    let more = ["--suspended-too", "--valid-for", "12h"];
    let (answer, ..) = campus.exported(&more);
    assert_eq!((days(&answer), &answer["suspended_are_set"]), (43_200 + 300, &true.into()));
    assert_eq!(["7", "8", "9"].map(|place| campus.bit("out/0.jwt", place)), [2, 2, 0]);
    desk.ok(&["reinstate", &suspended]);
    campus.exported(&more);
    assert_eq!(["7", "8", "9"].map(|place| campus.bit("out/0.json", place)), [2, 0, 0]);
    assert_eq!(campus.files(), ["0.json", "0.jwt", "2.json", "2.jwt"]);

    let uni = desk.uni();
    let told = desk.ok(&campus.export(&uni, &["--base-url", "https://cdn.example/lists/"]));
    for part in
        ["2 status lists of My University", "https://cdn.example/lists/2", "bits set          1", "key 1, did:key:z6Mk"]
    {
        assert!(told.contains(part), "{part:?} is not in: {told}");
    }
}

#[test]
fn a_shared_place_is_told_and_fails_closed() {
    let campus = Campus::new();
    let [first, second] = ["a.json", "b.json"].map(|learner| campus.issue(learner, "7"));
    campus.issue("c.json", "8");
    campus.desk.ok(&["revoke", &first, "--yes"]);

    let (answer, said, code) = campus.exported(&["--strict"]);
    assert_eq!((code, &answer["written"], &answer["lists"]), (Some(2), &false.into(), &serde_json::json!([])));
    assert_eq!(campus.files(), [""; 0], "nothing is written");
    for part in [
        "warning: ",
        &first,
        &second,
        "place 7 of https://uni.example/credentials/status/0",
        "is set",
        "issue those anew",
    ] {
        assert!(said.contains(part), "{part:?} is not in: {said}");
    }

    let (answer, said, code) = campus.exported(&[]);
    assert_eq!((code, &answer["written"], said.contains(&second)), (Some(2), &true.into(), true));
    let collision = &answer["collisions"][0];
    assert_eq!((&collision["status_index"], &collision["set"]), (&7.into(), &true.into()));
    let sharing = collision["credentials"].as_array().unwrap();
    assert_eq!(
        sharing.iter().filter(|one| one["set"] == true).map(|one| &one["address"]).collect::<Vec<_>>(),
        [&first]
    );
    assert_eq!(["7", "8"].map(|place| campus.bit("out/0.json", place)), [2, 0]);
    let uni = campus.desk.uni();
    let output = campus.desk.run(&campus.export(&uni, &[]));
    assert!(text(&output.stdout).contains("1 place shared by several credentials"), "{}", text(&output.stdout));

    // The way out of it: issued anew, elsewhere.
    campus.desk.ok(&["revoke", &second, "--yes"]);
    let wallet = campus.desk.read_keypair("b.json");
    let subject = solana_signer::Signer::pubkey(&wallet).to_string();
    let issue =
        ["issue", "--achievement", &campus.desk.rust(), "--subject", &subject, "-k", "key.json", "--digest", DIGEST];
    campus.desk.ok(&issue);
    assert_eq!(
        ["7", "8", "9"].map(|place| {
            campus.exported(&[]);
            campus.bit("out/0.jwt", place)
        }),
        [2, 0, 0]
    );
}

#[test]
fn what_cannot_be_signed_or_told_is_not_written() {
    let campus = Campus::new();
    let desk = &campus.desk;
    campus.issue("a.json", "7");
    let uni = desk.uni();
    let export = |key: &str| -> Vec<String> {
        ["status-list", "export", "--issuer", &uni, "--out", "out", "--key", key].map(str::to_owned).to_vec()
    };
    let fails = |key: &str, code: &str, says: &[&str]| {
        let arguments = export(key);
        desk.fails(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), 1, code, says);
    };
    for (name, terms) in
        [("scoped.json", &["--scope", &desk.rust()][..]), ("future.json", &["--valid-from", "2099-01-01"])]
    {
        desk.keypair(name);
        desk.ok(&[&["key", "add", &uni, name, "--permissions", "assert"], terms].concat());
    }
    desk.keypair("stranger.json");
    fails("key.json", "wrong-signer", &["key 0 of the issuer", "the permission `assert`"]);
    fails("scoped.json", "wrong-signer", &["key 2 of the issuer", "has no scope"]);
    fails("future.json", "wrong-signer", &["key 3 of the issuer", "valid now"]);
    fails("stranger.json", "wrong-signer", &["is no key of the issuer"]);
    fails("nothing.json", "signer", &["nothing.json", "--key"]);
    fails(&campus.signing.to_string(), "signer", &["must be signed here", "--key"]);
    for (more, code, says) in [
        (&["--valid-for", "1 month"][..], "usage", "is no length of time"),
        (&["--valid-for", "0s"], "usage", "is no length of time"),
        (&["--valid-for", "19000y"], "usage", "is no length of time"),
        (&["--valid-for", "7000000d"], "usage", "too long"),
        (&["--base-url", "uni.example"], "usage", "https://HOST/PATH"),
        (&["--out", "signing.json"], "usage", "cannot be used multiple times"),
    ] {
        desk.fails(&campus.export(&uni, more), 1, code, &[says]);
    }
    desk.fails(
        &["status-list", "export", "--issuer", &uni, "--key", "signing.json", "--out", "signing.json/out"],
        1,
        "file",
        &[],
    );
    let nobody = desk.authority().to_string();
    desk.fails(&["status-list", "export", "--issuer", &nobody, "--out", "out"], 1, "wrong-account", &[]);
    let missing = Address::new_from_array([9; 32]).to_string();
    desk.fails(
        &["status-list", "export", "--issuer", &missing, "--out", "out"],
        4,
        "not-found",
        &["there is no issuer"],
    );
    let closed = ["--url", "http://127.0.0.1:1"];
    desk.fails(&campus.export(&uni, &closed), 5, "unreachable", &["http://127.0.0.1:1"]);
    assert_eq!(campus.files(), [""; 0]);
}

#[test]
fn without_a_home_page_the_place_of_the_lists_must_be_said() {
    let desk = Desk::university();
    desk.keypair("signing.json");
    desk.ok(&["key", "add", &desk.uni(), "signing.json", "--permissions", "assert"]);
    let uni = desk.uni();
    let export = ["status-list", "export", "--issuer", &uni, "--out", "out", "-k", "signing.json"];
    desk.fails(&export, 1, "usage", &["has no url", "--base-url"]);
    let answer = desk.json("status-list-export", &[&export[..], &["--base-url", "https://uni.example"]].concat());
    assert_eq!((&answer["lists"], &answer["credentials"]), (&serde_json::json!([]), &0.into()));
}

#[test]
fn verifiers_of_documents_by_other_keys_are_warned_of() {
    let campus = Campus::new();
    let other = campus.desk.keypair("other.json").to_string();
    campus.desk.ok(&["key", "add", &campus.desk.uni(), "other.json", "--permissions", "assert"]);
    let (answer, said, code) = campus.exported(&[]);
    assert_eq!((code, &answer["other_signers"]), (Some(0), &serde_json::json!([other])));
    assert!(said.contains("warning: ") && said.contains(&other), "{said}");
}

#[test]
fn a_list_that_cannot_be_relied_on_is_no_answer() {
    let campus = Campus::new();
    let desk = &campus.desk;
    campus.issue("a.json", "7");
    campus.exported(&[]);
    let list = fs::read_to_string(desk.path("out/0.json")).unwrap();
    let token = fs::read_to_string(desk.path("out/0.jwt")).unwrap();
    let write = |name: &str, text: &str| fs::write(desk.path(name), text).unwrap();
    write("cut", &list[..list.len() / 2]);
    write("changed", &list.replacen("/status/0#list", "/status/1#list", 1));
    write("token", &token[..token.len() - 2]);
    write("big", &" ".repeat(600_000));
    write("empty", "");
    for (file, says) in [
        ("cut", "is not JSON"),
        ("changed", "was changed after it was signed"),
        ("token", "cannot be relied on"),
        ("big", "are read at most"),
        ("empty", "is not JSON"),
    ] {
        desk.fails(&["status-list", "check", file, "--index", "7"], 5, "status-list", &[file, says]);
    }
    desk.fails(&["status-list", "check", "nothing", "--index", "7"], 1, "file", &["nothing"]);
    for (more, says) in [
        (&["--index", "131072"][..], "131072"),
        (&["--index", "7", "--list-url", "https://uni.example/1"], "names the status list https://uni.example/1"),
        (&["--index", "7", "--issuer", "did:key:z6Mk"], "the document is by did:key:z6Mk"),
        (&["--index", "7", "--purpose", "suspension"], "\"suspension\""),
    ] {
        desk.fails(&[&["status-list", "check", "out/0.jwt"], more].concat(), 5, "status-list", &[says]);
    }
    let told = desk.ok(&["status-list", "check", "out/0.json", "--index", "7"]);
    assert!(told.starts_with("NOT SET, of purpose revocation\n"), "{told}");
    assert!(told.contains("form              data integrity"), "{told}");

    campus.exported(&["--valid-for", "1s"]);
    std::thread::sleep(std::time::Duration::from_secs(3));
    desk.fails(&["status-list", "check", "out/0.json", "--index", "7"], 5, "status-list", &["was valid until"]);
}

#[test]
fn a_did_document_names_the_keys_that_sign() {
    let campus = Campus::new();
    let desk = &campus.desk;
    desk.keypair("retired.json");
    desk.ok(&["key", "add", &desk.uni(), "retired.json", "--permissions", "assert"]);
    desk.ok(&["key", "retire", &desk.uni(), "2", "--yes"]);
    let uni = desk.uni();
    let export = ["did-web", "export", "--issuer", &uni, "--domain", "uni.example:8443", "--out", "did.json"];
    let answer = desk.json("did-web-export", &export);
    assert_eq!(answer["did"], "did:web:uni.example%3A8443");
    assert_eq!(answer["url"], "https://uni.example:8443/.well-known/did.json");
    assert_eq!(answer["keys"].as_array().unwrap().len(), 2);
    let document: Value = read(&desk.path("did.json"));
    assert_eq!(document["id"], answer["did"]);
    assert_eq!(document["alsoKnownAs"][0], did_key(&campus.signing));
    assert_eq!(document["assertionMethod"], serde_json::json!([document["verificationMethod"][0]["id"]]));
    assert!(document["verificationMethod"][1]["revoked"].is_string());
    assert_eq!(document["service"][0]["serviceEndpoint"], format!("solana:embedded:{}", desk.issuer()));
    let told = desk.ok(&export);
    for part in ["publish it at     https://uni.example:8443/.well-known/did.json", ": asserts\n", ": retired 20"] {
        assert!(told.contains(part), "{part:?} is not in: {told}");
    }
    for wrong in ["127.0.0.1", "https://uni.example", "uni.example/../x"] {
        let export = ["did-web", "export", "--issuer", &uni, "--domain", wrong, "--out", "did.json"];
        desk.fails(&export, 1, "usage", &["HOST/PATH"]);
    }
    desk.ok(&["key", "mark-compromised", &uni, "1", "--yes"]);
    desk.ok(&["key", "mark-compromised", &uni, "2", "--yes"]);
    let before = fs::read(desk.path("did.json")).unwrap();
    desk.fails(&export, 1, "usage", &["no key with the permission `assert`"]);
    assert_eq!(fs::read(desk.path("did.json")).unwrap(), before);
}

#[test]
fn on_a_cluster_the_chain_is_its_genesis() {
    let localnet = Localnet::start(Options::default()).unwrap();
    let desk = Desk::at(&localnet.rpc_url());
    desk.prepare_university();
    let campus = Campus::at(desk);
    campus.issue("a.json", "7");
    let (answer, said, code) = campus.exported(&[]);
    assert_eq!((code, &answer["credentials"], said.as_str()), (Some(0), &1.into(), ""));
    assert_eq!(campus.bit("out/0.json", "7"), 0);
    let uni = campus.desk.uni();
    let answer = campus.desk.json(
        "did-web-export",
        &["did-web", "export", "--issuer", &uni, "--domain", "uni.example", "--out", "did.json"],
    );
    let account = answer["account"].as_str().unwrap();
    let parts: Vec<_> = account.split(':').collect();
    assert_eq!((parts[0], parts[1].len(), parts[2]), ("solana", 32, campus.desk.issuer().to_string().as_str()));
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}
