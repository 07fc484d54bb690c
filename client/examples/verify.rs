//! Verifies a credential on any cluster, and tells the learner's others of the same issuer.
//!
//!     cargo run --ignore-rust-version -p microcred-client --example verify -- URL CREDENTIAL REGISTRY
//!
//! It ends with the exit code of the verdict: 0 valid, 2 not valid, 3 suspended or pending, 4 not found, 5 could not check.

use std::{error::Error, process::ExitCode};

use microcred_client::{
    Address,
    ledger::{Rpc, RpcOptions},
    queries::{self, Credentials},
    verification::{Query, verify},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, credential, registry] = &arguments[..] else {
        return Err("usage: verify URL CREDENTIAL REGISTRY".into());
    };
    let cluster = Rpc::new(url, RpcOptions::default())?;
    let query = Query::at(credential.parse()?).trusting(&[registry.parse::<Address>()?]);

    let receipt = verify(&cluster, &query).await;
    println!("{}", receipt.verdict);
    for trust in &receipt.trust {
        println!("{}: {}", trust.registry, trust.at_issue.as_deref().unwrap_or("could not check"));
    }
    if let Some(problem) = &receipt.problem {
        println!("{problem}");
    }
    if let Some(found) = &receipt.credential {
        let wanted = Credentials { issuer: Some(found.issuer), subject: Some(found.subject), ..Credentials::default() };
        println!("{} of this issuer's in all", queries::count(&cluster, &wanted).await?);
    }
    Ok(ExitCode::from(receipt.exit_code))
}
