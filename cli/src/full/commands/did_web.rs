//! `microcred did-web`.

use std::{io, path::PathBuf};

use clap::{Args, Subcommand};
use microcred_client::{
    document::{
        Document,
        did::{ChainAccount, did_key},
        did_web::{self, DidWeb, Method},
    },
    lookup,
    state::Issuer,
};
use serde::Serialize;

use crate::full::{
    error::CliError,
    output::{Answer, Page},
    session::Session,
    shown::Linked,
    staged::Staged,
    values::{IssuerRef, Time},
};

/// What is done with an issuer's DID document.
#[derive(Subcommand, Clone, Debug)]
pub(crate) enum Command {
    /// Write the DID document with which an issuer's web site tells the keys that sign documents
    ///
    /// It has every key with the permission `assert` that is not compromised. Those in force now are
    /// listed as asserting, unless their scope is one achievement, which a DID document cannot say.
    /// Write it again when keys change.
    #[command(
        after_help = "Example: microcred did-web export --issuer CREATOR/university --domain university.example --out did.json"
    )]
    Export(Arguments),
}

/// Whose document goes where.
#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {
    /// The issuer: its address, or CREATOR/SLUG
    #[arg(long)]
    issuer: IssuerRef,
    /// Where it will be published: HOST, HOST:PORT or HOST/PATH
    #[arg(long, value_name = "HOST")]
    domain: DidWeb,
    /// File to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// A DID document that was written. Schema: `did-web-export.json`.
#[derive(Debug, Serialize)]
struct Exported {
    issuer: Linked,
    did: String,
    url: String,
    file: PathBuf,
    account: String,
    keys: Vec<Key>,
}

#[derive(Debug, Serialize)]
struct Key {
    did: String,
    asserts: bool,
    scoped: bool,
    expires: Option<Time>,
    retired: Option<Time>,
}

pub(crate) async fn run(session: &Session, command: &Command) -> Result<(), CliError> {
    let Command::Export(Arguments { issuer: IssuerRef(address), domain, out }) = command;
    let issuer: Issuer = session.find(address).await?;
    let keys = lookup::issuer_keys(session.ledger().await?, address, &issuer).await?;
    let methods = did_web::methods(&keys, session.now().await?);
    let account = ChainAccount { chain: session.chain().await?, address: *address };
    let document = did_web::document(domain, &account, &methods).map_err(|error| CliError::Usage(error.to_string()))?;
    let mut staged = Staged::default();
    staged.add(out.clone(), Document::new(document).text().as_bytes())?;
    staged.publish()?;
    let name = issuer.name().to_owned();
    session.answer(&Exported {
        issuer: Linked::new(*address, Some(&name)),
        did: domain.did(),
        url: domain.url(),
        file: out.clone(),
        account: account.to_string(),
        keys: methods.iter().map(Key::new).collect(),
    })
}

impl Key {
    fn new(method: &Method) -> Self {
        Self {
            did: did_key(&method.key),
            asserts: method.is_in_force,
            scoped: method.is_scoped,
            expires: method.expires.and_then(Time::unless_zero),
            retired: method.retired.and_then(Time::unless_zero),
        }
    }

    fn words(&self) -> String {
        let state = match (self.asserts, self.scoped, &self.retired, &self.expires) {
            (true, _, _, Some(end)) => format!("asserts, until {end}"),
            (true, ..) => "asserts".to_owned(),
            (_, _, Some(retired), _) => format!("retired {retired}"),
            (_, true, ..) => "not listed as asserting: its scope is one achievement".to_owned(),
            _ => "not in force".to_owned(),
        };
        format!("{}: {state}", self.did)
    }
}

impl Answer for Exported {
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        page.heading(format_args!("The DID document of {} in {}", self.issuer.words(), self.file.display()))?;
        page.field("did", &self.did)?;
        page.field("publish it at", &self.url)?;
        page.field("account", &self.account)?;
        self.keys.iter().try_for_each(|key| page.field("key", key.words()))
    }
}
