//! `microcred status-list export`.

use std::{io, path::PathBuf, process::ExitCode};

use clap::Args;
use jiff::SignedDuration;
use microcred_client::{
    Address,
    document::{
        Document,
        did::did_key,
        status_list::{Base, place},
    },
    status_lists::{self, Counts, Entry, Options, StatusLists, Validity},
};
use serde::Serialize;

use crate::full::{
    error::CliError,
    output::{Answer, Page, Tone},
    session::Session,
    shown::Linked,
    signers::Party,
    staged::Staged,
    values::{IssuerRef, Time, as_text, counted, parse_duration},
};

/// Exit code where credentials share a bit, as of verdicts that are not good.
const COLLISION: u8 = 2;

/// Which lists go where.
#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {
    /// The issuer: its address, or CREATOR/SLUG
    #[arg(long)]
    issuer: IssuerRef,
    /// Folder to write the lists to
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The issuer's key that signs, written as --keypair is [default: who acts]
    ///
    /// It needs the permission `assert`, no scope, and to be valid now. Take the key that signs the
    /// documents: some verifiers take a list only from the document's own issuer.
    #[arg(long, value_name = "KEYPAIR")]
    key: Option<String>,
    /// URL under which the lists are published [default: the issuer's url and /credentials/status]
    ///
    /// It must be the one that the documents name.
    #[arg(long, value_name = "URL")]
    base_url: Option<Base>,
    /// For how long the lists are valid: 7d, 12h, 2 weeks
    #[arg(long, value_name = "DURATION", value_parser = parse_duration, default_value = "7d")]
    valid_for: SignedDuration,
    /// Set the bits of suspended credentials too
    ///
    /// The standard's purpose `revocation` is for what is final. Verifiers who know nothing of the
    /// chain then take a suspended credential for a revoked one, until it is reinstated and the lists
    /// are published again.
    #[arg(long)]
    suspended_too: bool,
    /// Write nothing where two credentials share a bit
    #[arg(long)]
    strict: bool,
}

/// Status lists that were written. Schema: `status-list-export.json`.
#[derive(Debug, Serialize)]
struct Exported {
    issuer: Linked,
    signer: Signer,
    base_url: String,
    valid_from: Option<Time>,
    valid_until: Option<Time>,
    credentials: u64,
    without_document: u64,
    set: u64,
    suspended: u64,
    suspended_are_set: bool,
    written: bool,
    lists: Vec<Written>,
    collisions: Vec<Collision>,
    #[serde(serialize_with = "as_texts")]
    other_signers: Vec<Address>,
}

#[derive(Debug, Serialize)]
struct Signer {
    #[serde(serialize_with = "as_text")]
    key: Address,
    index: u16,
    did: String,
}

#[derive(Debug, Serialize)]
struct Written {
    number: u32,
    url: String,
    credentials: usize,
    set: u64,
    files: [PathBuf; 2],
}

/// Credentials that share a bit.
#[derive(Debug, Serialize)]
struct Collision {
    status_index: u32,
    list: String,
    place: u32,
    set: bool,
    credentials: Vec<Sharing>,
}

#[derive(Debug, Serialize)]
struct Sharing {
    #[serde(serialize_with = "as_text")]
    address: Address,
    set: bool,
}

pub(crate) async fn run(session: &Session, arguments: &Arguments) -> Result<ExitCode, CliError> {
    let IssuerRef(issuer) = arguments.issuer;
    let party = match &arguments.key {
        Some(key) => session.signers.load(key, "--key")?,
        None => session.actor()?,
    };
    let options = Options { suspended_too: arguments.suspended_too, local_time: None };
    session.find::<microcred_client::state::Issuer>(&issuer).await?;
    let lists = status_lists::read(session.ledger().await?, &issuer, &options).await?;
    let base = match &arguments.base_url {
        Some(base) => base.clone(),
        None => Base::of_issuer(lists.account.url())
            .map_err(|error| CliError::Usage(format!("{error}; --base-url says where they are published")))?,
    };
    let validity = Validity::new(lists.time, arguments.valid_for.as_secs())
        .ok_or_else(|| CliError::Usage("--valid-for: this is too long: write 7d, or some weeks".into()))?;
    let mut exported = describe(&lists, &party.address, &base, &validity, arguments.suspended_too)?;
    for collision in &exported.collisions {
        session.printer.warn(collision.words());
    }
    exported.written = !arguments.strict || exported.collisions.is_empty();
    if exported.written {
        exported.lists = write(&lists, &party, &base, &validity, arguments)?;
    }
    exported.warn(session, &party.address);
    session.answer(&exported)?;
    Ok(if exported.collisions.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(COLLISION) })
}

/// All but the files, which are not written yet.
fn describe(
    lists: &StatusLists,
    signer: &Address,
    base: &Base,
    validity: &Validity,
    suspended_are_set: bool,
) -> Result<Exported, CliError> {
    let key = lists.signing_key(signer)?;
    let Counts { credentials, without_document, set, suspended } = lists.counts;
    let name = lists.account.name().to_owned();
    Ok(Exported {
        issuer: Linked::new(lists.issuer, Some(&name)),
        signer: Signer { key: *signer, index: key.index, did: did_key(signer) },
        base_url: base.to_string(),
        valid_from: Time::unless_zero(validity.from.as_second()),
        valid_until: Time::unless_zero(validity.until.as_second()),
        credentials,
        without_document,
        set,
        suspended,
        suspended_are_set,
        written: false,
        lists: Vec::new(),
        collisions: lists.collisions().map(|sharing| Collision::new(base, &sharing)).collect(),
        other_signers: lists.other_signers(signer),
    })
}

/// Every list is signed before any is published.
fn write(
    lists: &StatusLists,
    party: &Party,
    base: &Base,
    validity: &Validity,
    arguments: &Arguments,
) -> Result<Vec<Written>, CliError> {
    let signer = party.signer.as_deref().ok_or_else(|| {
        CliError::Signer(format!(
            "the lists must be signed here, and {} is not: name its keypair with --key",
            party.address
        ))
    })?;
    let (mut staged, mut written) = (Staged::default(), Vec::new());
    for list in lists.lists() {
        let (number, credentials, set) = (list.number, list.credentials, list.bits.count());
        let unsigned = list.unsigned(base, validity);
        let signed = unsigned.sign(signer).map_err(|error| CliError::Signer(error.to_string()))?;
        let file = |form: &str| arguments.out.join(format!("{number}.{form}"));
        let files = [file("json"), file("jwt")];
        let [json, jwt] = files.clone();
        staged.add(json, Document::new(signed.document).text().as_bytes())?;
        staged.add(jwt, signed.jwt.as_bytes())?;
        written.push(Written { number, url: unsigned.url, credentials, set, files });
    }
    staged.publish()?;
    Ok(written)
}

impl Collision {
    fn new(base: &Base, sharing: &[Entry]) -> Self {
        let status_index = sharing.first().map(|entry| entry.status_index).unwrap_or_default();
        let (list, place) = place(base, status_index);
        let sharing = || sharing.iter().map(|entry| Sharing { address: entry.credential, set: entry.is_set });
        Self { status_index, list, place, set: sharing().any(|one| one.set), credentials: sharing().collect() }
    }

    fn words(&self) -> String {
        let one = |one: &Sharing| format!("{} ({})", one.address, if one.set { "out of force" } else { "in force" });
        let credentials: Vec<_> = self.credentials.iter().map(one).collect();
        let bit =
            if self.set { "set, for all of them" } else { "not set, and will be for all of them when one is revoked" };
        format!(
            "these credentials share place {} of {}: {}; the bit is {bit}; revoke all but one of them and issue those anew, which gives them other places",
            self.place,
            self.list,
            credentials.join(", ")
        )
    }
}

impl Exported {
    fn warn(&self, session: &Session, signer: &Address) {
        if !self.other_signers.is_empty() {
            let others: Vec<_> = self.other_signers.iter().map(ToString::to_string).collect();
            session.printer.warn(format_args!(
                "the lists are signed by {signer}; documents signed by the issuer's other keys ({}) name another issuer, and some verifiers take a list only from the document's own",
                others.join(", ")
            ));
        }
    }
}

impl Answer for Exported {
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        let what = counted(self.lists.len(), "status list");
        page.heading(match self.written {
            true => format!("{what} of {}", self.issuer.words()),
            false => format!("No status lists of {} were written: credentials share places", self.issuer.words()),
        })?;
        page.field("signed by", format_args!("key {}, {}", self.signer.index, self.signer.did))?;
        page.maybe("valid from", self.valid_from.as_ref())?;
        page.maybe("valid until", self.valid_until.as_ref())?;
        page.field("credentials", self.credentials)?;
        page.field("without document", self.without_document)?;
        page.field("bits set", self.set)?;
        let suspended = match (self.suspended, self.suspended_are_set) {
            (0, _) => "0".to_owned(),
            (count, true) => format!("{count}; their bits are set too"),
            (count, false) => {
                format!(
                    "{count}; a list of purpose \"revocation\" does not show them (--suspended-too sets their bits)"
                )
            }
        };
        page.field("suspended", suspended)?;
        for list in &self.lists {
            let [json, jwt] = &list.files;
            page.line(format_args!(
                "  {} at {}: {} and {}",
                counted(list.credentials, "credential"),
                list.url,
                json.display(),
                jwt.display()
            ))?;
        }
        if self.collisions.is_empty() {
            return Ok(());
        }
        let what =
            format_args!("{} shared by several credentials", counted(self.collisions.len(), "place")).to_string();
        page.toned("collisions", what, Tone::Bad)
    }
}

fn as_texts<S: serde::Serializer>(addresses: &[Address], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(addresses.iter().map(ToString::to_string))
}
