//! `microcred achievement check-definition`.

use std::{io, path::PathBuf, process::ExitCode};

use clap::Args;
use microcred_client::{
    definition::{self, DefinitionError},
    hex::Hex,
    state::Achievement,
};
use serde::Serialize;

use crate::full::{
    definitions::FILE_LIMIT,
    error::CliError,
    files,
    output::{Answer, Page, Tone},
    session::Session,
    shown::Linked,
    values::{AchievementRef, digest_text},
};

/// Exit code where the file is not the definition on chain, as of the verdict "mismatch".
const MISMATCH: u8 = 2;

/// An achievement and what may be its definition.
#[derive(Args, Clone, Debug)]
pub(crate) struct Check {
    /// Address of the achievement, or ISSUER/CODE
    achievement: AchievementRef,
    /// A definition (JSON), or a declaration with the achievement (TOML)
    file: PathBuf,
}

/// Whether a file is the definition on chain. Schema: `definition.json`.
#[derive(Debug, Serialize)]
struct Checked {
    achievement: Linked,
    file: PathBuf,
    matches: bool,
    /// Of what the file defines.
    digest: String,
    digest_on_chain: Option<String>,
    /// What to do where it does not match.
    why: Option<String>,
}

/// Exit code 0: the file is the definition on chain; 2: it is another one, or there is none on chain.
pub(crate) async fn run(session: &Session, arguments: &Check) -> Result<ExitCode, CliError> {
    let address = arguments.achievement.address;
    let bytes = files::read(&arguments.file, FILE_LIMIT)?;
    let account = session.find::<Achievement>(&address).await?;
    let (digest, why) = match definition::read(&bytes, &address, &account) {
        Ok(object) => (definition::digest(&object), None),
        Err(error) => match error {
            DefinitionError::NoDigest { computed } | DefinitionError::OtherDigest { computed, .. } => {
                (computed, Some(error.to_string()))
            }
            error => return Err(CliError::Definition { path: arguments.file.clone(), error: Box::new(error) }),
        },
    };
    session.answer(&Checked {
        achievement: Linked::new(address, Some(&account.title().to_owned())),
        file: arguments.file.clone(),
        matches: why.is_none(),
        digest: Hex(&digest).to_string(),
        digest_on_chain: digest_text(&account.definition_digest),
        why: why.clone(),
    })?;
    Ok(if why.is_none() { ExitCode::SUCCESS } else { ExitCode::from(MISMATCH) })
}

impl Answer for Checked {
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        let (word, tone) = if self.matches {
            ("the definition on chain", Tone::Good)
        } else {
            ("not the definition on chain", Tone::Bad)
        };
        page.status(word, tone, "")?;
        page.field("achievement", self.achievement.words())?;
        page.field("file", self.file.display())?;
        page.field("digest", &self.digest)?;
        page.field("digest on chain", self.digest_on_chain.as_deref().unwrap_or("none"))?;
        match &self.why {
            Some(why) => page.line(format_args!("{} {why}", self.file.display())),
            None => Ok(()),
        }
    }
}
