//! Documents beside credentials: options, who signs them, and where they go.

use std::{
    path::{Path, PathBuf},
    rc::Rc,
};

use clap::Args;
use microcred_client::{
    Address,
    account::decode,
    bulk::Documents,
    document::status_list::Base,
    documents::{Award, Folder, Office, Provided, Secret, Setting, key_of},
    learners::{Particular, Personal},
    state::Credential,
};
use serde_json::Value;
use solana_signer::Signer;

use super::{error::CliError, files, session::Session};

/// Where documents go, and who signs them.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Options for documents")]
pub(crate) struct DocumentOptions {
    /// Make the learners' documents too, in this folder: ADDRESS.json for each credential
    ///
    /// Each is an Open Badges 3.0 credential, signed, whose digest goes on chain. They are personal
    /// data: the files are readable by their owner alone, and so is the folder if it is made now.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["digest", "sign_only", "blockhash", "nonce"])]
    pub(crate) documents: Option<PathBuf>,
    /// Keypair of another of the issuer's keys that signs documents [default: who acts]
    ///
    /// The key needs the permission `assert`. Hardware wallets do not sign documents.
    #[arg(long, value_name = "KEYPAIR", requires = "documents")]
    pub(crate) assert_key: Option<String>,
}

/// What is known of a learner as a person.
#[derive(Args, Clone)]
#[command(next_help_heading = "Options for documents")]
pub(crate) struct PersonalOptions {
    /// The learner's name: in the document, and nowhere else
    ///
    /// But what is given on the command line, other users of the computer see while the command runs
    /// (ps), and the shell's history keeps it: `issue --csv` with a file of one row avoids that.
    #[arg(long, value_name = "NAME", requires = "documents")]
    name: Option<String>,
    /// The learner's e-mail address: in the document, and nowhere else
    #[arg(long, value_name = "ADDRESS", requires = "documents")]
    email: Option<String>,
    /// The learner's number at the issuer: in the document, and nowhere else
    #[arg(long, value_name = "NUMBER", requires = "documents")]
    student_number: Option<String>,
    /// Result of the assessment: in the document, and nowhere else
    #[arg(long, value_name = "GRADE", requires = "documents")]
    grade: Option<String>,
}

impl PersonalOptions {
    pub(crate) fn checked(&self) -> Result<Personal, CliError> {
        let Self { name, email, student_number, grade } = self.clone();
        let personal = Personal { name, email, student_number, grade };
        personal.check().map_err(CliError::Usage)?;
        Ok(personal)
    }
}

/// What a document does not say any more of a learner.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Options for documents")]
pub(crate) struct LeavingOutOptions {
    /// Leave out the name that the document has
    #[arg(long, requires = "document", conflicts_with = "name")]
    without_name: bool,
    /// Leave out the e-mail address that the document has
    #[arg(long, requires = "document", conflicts_with = "email")]
    without_email: bool,
    /// Leave out the number at the issuer that the document has
    #[arg(long, requires = "document", conflicts_with = "student_number")]
    without_student_number: bool,
    /// Leave out the result that the document has
    #[arg(long, requires = "document", conflicts_with = "grade")]
    without_grade: bool,
}

impl LeavingOutOptions {
    pub(crate) fn particulars(self) -> Vec<Particular> {
        let all = [
            (self.without_name, Particular::Name),
            (self.without_email, Particular::Email),
            (self.without_student_number, Particular::StudentNumber),
            (self.without_grade, Particular::Grade),
        ];
        all.into_iter().filter_map(|(is_left_out, particular)| is_left_out.then_some(particular)).collect()
    }
}

/// Who makes documents, and where they go.
pub(crate) struct Clerk {
    /// Who makes them.
    pub(crate) office: Office,
    /// Where they go.
    pub(crate) folder: Folder,
    /// Who signs them.
    pub(crate) signer: Rc<dyn Signer>,
}

/// What documents are made of.
pub(crate) struct Basis {
    /// The issuer.
    pub(crate) issuer: Address,
    /// The achievement.
    pub(crate) achievement: Address,
    /// Its definition.
    pub(crate) definition: Value,
    /// Where status lists are, if that is said.
    pub(crate) status_lists: Option<Base>,
    /// What makes subjects private.
    pub(crate) secret: Option<Secret>,
}

impl Clerk {
    /// Finds the key that signs, and requires that it may.
    pub(crate) async fn open(
        session: &Session,
        folder: &Path,
        assert_key: Option<&str>,
        basis: Basis,
    ) -> Result<Self, CliError> {
        let party = match assert_key {
            Some(key) => session.signers.load(key, "--assert-key")?,
            None => session.actor()?,
        };
        let option = if assert_key.is_some() { "--assert-key" } else { "--keypair" };
        let signer = party.signer.ok_or_else(|| {
            CliError::Signer(format!(
                "{} signs the documents, and only its address is known: name a keypair file with --assert-key",
                party.address
            ))
        })?;
        if signer.is_interactive() {
            return Err(CliError::Signer(format!(
                "{option}: documents are plain bytes to a hardware wallet, and it signs transactions only: name the keypair file of another of \
                 the issuer's keys with --assert-key"
            )));
        }
        let Basis { issuer, achievement, definition, status_lists, secret } = basis;
        let ledger = session.ledger().await?;
        let key = key_of(ledger, &issuer, &party.address, &achievement).await?;
        let chain = session.chain().await?;
        let office =
            Office::open(ledger, Setting { chain, key, achievement, definition, status_lists, secret }).await?;
        Ok(Self { office, folder: Folder::new(folder)?, signer })
    }

    /// What bulk runs take.
    pub(crate) const fn documents(&self) -> Documents<'_> {
        Documents { office: &self.office, folder: &self.folder }
    }

    /// The document for an award, there for good.
    pub(crate) fn provide(&self, name: String, award: &Award) -> Result<Provided, CliError> {
        Ok(self.office.provide(&self.folder, name, award, &self.signer)?)
    }

    /// Where a document is.
    pub(crate) fn path(&self, provided: &Provided) -> PathBuf {
        self.folder.path().join(&provided.name)
    }

    /// After what was to be sent with a new document failed: removes the document, if it is certain that the chain does not know it, and
    /// otherwise says that it stays.
    pub(crate) async fn withdraw(
        &self,
        session: &Session,
        credential: &Address,
        provided: &Provided,
        error: CliError,
    ) -> CliError {
        let leaves_open = matches!(&error, CliError::Send(error) if error.leaves_open());
        let stands = match session.account(credential).await {
            Ok(Some(account)) => decode::<Credential>(credential, &account)
                .is_ok_and(|credential| credential.digest == *provided.made.document.digest()),
            Ok(None) => false,
            Err(_) => true,
        };
        if provided.is_new && !leaves_open && !stands && self.folder.remove(&provided.name).is_ok() {
            return error;
        }
        let stays = "its document stays: the same command uses it again, and finds out whether it stands on chain";
        session.printer.warn(format_args!("{}: {stays}", self.path(provided).display()));
        error
    }
}

/// Bytes of a secret's file at most: 64 digits, and what an editor may put around them.
const SECRET_LIMIT: usize = 1024;

/// The secret in a file.
pub(crate) fn read_secret(path: &Path) -> Result<Secret, CliError> {
    files::read_text(path, SECRET_LIMIT)?.parse().map_err(|error| {
        CliError::Usage(format!("{}: {error}; `microcred keygen --secret FILE` writes one", path.display()))
    })
}
