//! Verifiers who read accounts by raw RPC: the script and the questions of `docs/verifiers.md` give the verdicts that the client gives.

use std::{fs, path::Path, process::Command};

use microcred::IssueArgs;
use microcred_client::{
    Address, address,
    instructions::{accreditation, key},
    ledger::{Rpc, RpcOptions},
    state::{CredentialStatus, Reason},
    verdict::Expected,
    verification::{Query, Receipt, verify},
};
use microcred_localnet::{Localnet, Options};
use microcred_tests::{DAY, World, issue_args, node::run};
use serde_json::{Value, json};
use solana_signer::Signer;

use crate::ready;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/verifier/verify.ts");
const PAGE: &str = include_str!("../../docs/verifiers.md");
const OTHER: Address = Address::new_from_array([0xEE; 32]);

/// A cluster on which everything is as in a world, also the time.
fn cluster_of(world: &World) -> Localnet {
    let localnet = Localnet::start(Options::default()).unwrap();
    for (address, account) in world.ledger.program_accounts() {
        localnet.set_account(&address, account).unwrap();
    }
    localnet.set_time(world.ledger.time()).unwrap();
    localnet
}

/// The script, as JavaScript that every supported Node.js runs.
fn compiled(folder: &Path, into: &Path) {
    let types = folder.join("node_modules/@types");
    let options = json!({
        "compilerOptions": {
            "strict": true, "noUncheckedIndexedAccess": true, "target": "es2022", "module": "esnext", "moduleResolution": "bundler", "skipLibCheck": true,
            "typeRoots": [types], "types": ["node"], "outDir": into,
        },
        "files": [SCRIPT],
    });
    fs::write(into.join("tsconfig.json"), options.to_string()).unwrap();
    fs::write(into.join("package.json"), json!({ "type": "module" }).to_string()).unwrap();
    let output = run(Command::new(folder.join("node_modules/.bin/tsc")).arg("-p").arg(into.join("tsconfig.json")));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

/// What the script says of a query, and its exit code.
fn said(folder: &Path, url: &str, credential: Address, query: &Query) -> (String, Option<i32>) {
    let mut command = Command::new("node");
    command.arg(folder.join("verify.js")).args([url, &credential.to_string()]);
    for (option, value) in [("--achievement", query.expected.achievement), ("--subject", query.expected.subject)] {
        if let Some(value) = value {
            command.args([option, &value.to_string()]);
        }
    }
    if let Some(registry) = query.registries.first() {
        command.args(["--trust", &registry.to_string()]);
    }
    let output = run(&mut command);
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8_lossy(&output.stderr);
    (text.trim().to_owned(), output.status.code())
}

/// What the script must say where the client answers this.
fn expected(receipt: &Receipt) -> String {
    match &receipt.trust[..] {
        [trust] if matches!(receipt.verdict.exit_code(), 0 | 3) => {
            format!("{}, {}", receipt.verdict, trust.at_issue.as_deref().unwrap())
        }
        _ => receipt.verdict.to_string(),
    }
}

async fn assert_same(folder: &Path, localnet: &Localnet, queries: &[(Address, Query)]) {
    let rpc = Rpc::new(&localnet.rpc_url(), RpcOptions::default()).unwrap();
    for (credential, query) in queries {
        let receipt = verify(&rpc, query).await;
        let (verdict, exit) = said(folder, &localnet.rpc_url(), *credential, query);
        assert_eq!((verdict, exit), (expected(&receipt), Some(i32::from(receipt.exit_code))), "{query:?}");
    }
}

/// A credential of every kind, each with how it is asked of.
fn of_every_kind(world: &mut World) -> Vec<(Address, Query)> {
    let mut queries = Vec::new();
    let achievement = world.issuer.acceptance;
    for status in CredentialStatus::ALL {
        let held = world.credential_in(*status);
        let of = |subject| {
            let expected = Expected { subject: Some(subject), achievement: Some(achievement), issuer: None };
            (held.credential, Query { expected, ..Query::at(held.credential) })
        };
        queries.extend([of(held.subject()), of(OTHER)]);
    }
    let subject = world.keys.next_key().pubkey();
    let expiring = world.ledger.time() + 60;
    let of = world.issuer.achievement;
    world.issue(of, IssueArgs { expires_at: Some(expiring), ..issue_args(subject) }).unwrap();
    let expired = address::credential(&of, &subject, 0);
    let nowhere = address::credential(&of, &OTHER, 0);
    let elsewhere = Expected { achievement: Some(achievement), ..Expected::default() };
    queries.extend([
        (expired, Query::at(expired)),
        (expired, Query { expected: elsewhere, ..Query::at(expired) }),
        (nowhere, Query::at(nowhere)),
        // No credential at all.
        (world.issuer.address, Query::at(world.issuer.address)),
    ]);
    world.pass(60);
    queries
}

#[tokio::test(flavor = "multi_thread")]
async fn the_script_of_the_page_gives_the_verdicts_that_the_client_gives() {
    let Some(scripts) = ready() else { return };
    let folder = tempfile::tempdir().unwrap();
    compiled(&scripts, folder.path());

    let mut world = World::new();
    let mut queries = of_every_kind(&mut world);
    let good = world.credential_in(CredentialStatus::Active).credential;
    queries.retain(|(credential, _)| *credential != world.issuer.address);
    for registry in [world.body.registry, world.new_body("nobody").registry] {
        queries.push((good, Query::at(good).trusting(&[registry])));
    }
    let localnet = cluster_of(&world);
    assert_same(folder.path(), &localnet, &queries).await;
    let (text, exit) = said(folder.path(), &localnet.rpc_url(), world.issuer.address, &Query::at(OTHER));
    assert_eq!((text.starts_with("could not check: "), exit), (true, Some(5)), "{text}");
    let (text, exit) = said(folder.path(), "http://127.0.0.1:1", good, &Query::at(good));
    assert_eq!((text.starts_with("could not check: "), exit), (true, Some(5)), "{text}");
    drop(localnet);

    // What registries say, and a key that others held.
    let trusting = [(good, Query::at(good).trusting(&[world.body.registry]))];
    let (body, vouching) = (world.registry_authority(), world.accreditation());
    let before = world.ledger.time() - DAY;
    world.ok(&[accreditation::suspend(&vouching, Reason::UnderReview, before)], &[&body]);
    assert_same(folder.path(), &cluster_of(&world), &trusting).await;
    world.ok(&[accreditation::reinstate(&vouching)], &[&body]);
    world.change_profile("University of Elsewhere");
    assert_same(folder.path(), &cluster_of(&world), &trusting).await;
    world.ok(&[accreditation::withdraw(&vouching, Reason::LegalOrder, before)], &[&body]);
    let authority = world.issuer_authority();
    assert_same(folder.path(), &cluster_of(&world), &trusting).await;
    world.ok(&[key::mark_compromised(authority.pubkey(), world.issuer.address, 0, before)], &[&authority]);
    assert_same(folder.path(), &cluster_of(&world), &[(good, Query::at(good))]).await;
}

/// The answer to one of the page's questions, put as the page puts it.
fn asked(number: usize, variables: &[(&str, String)]) -> Value {
    let question = PAGE.split("```sh\n").nth(number).unwrap().split("```").next().unwrap();
    let mut command = Command::new("bash");
    command.args(["-euc", question]).envs(variables.iter().map(|(name, value)| (*name, value.as_str())));
    let output = run(&mut command);
    serde_json::from_slice::<Value>(&output.stdout).unwrap()["result"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_questions_of_the_page_are_answered() {
    let mut world = World::new();
    let held = world.credential_in(CredentialStatus::Active);
    let localnet = cluster_of(&world);
    let url = ("RPC_URL", localnet.rpc_url());
    let found = asked(1, &[url.clone(), ("SUBJECT", held.subject().to_string())]);
    assert_eq!(found.as_array().map(Vec::len), Some(1), "{found}");
    assert_eq!(found[0]["pubkey"], held.credential.to_string());

    let together = asked(
        2,
        &[
            url,
            ("CREDENTIAL", held.credential.to_string()),
            ("ISSUER_KEY", world.issuer.key_ref().address().to_string()),
            ("ISSUER", world.issuer.address.to_string()),
            ("REGISTRY", world.body.registry.to_string()),
            ("ACCREDITATION", world.accreditation().address().to_string()),
        ],
    );
    let accounts = together["value"].as_array().unwrap();
    assert_eq!(accounts.iter().filter(|account| account["data"][0].is_string()).count(), 6, "{together}");
}
