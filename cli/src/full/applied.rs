//! What a declaration changes, before and after.

use std::{
    io,
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use microcred_client::{
    declaration::{Change, Plan, Problem},
    ledger::Sent,
};
use serde::Serialize;

use super::{
    definitions::Written,
    output::{Answer, Page},
    values::sol,
};

/// A change that took effect.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Done {
    #[serde(flatten)]
    change: Change,
    signature: String,
    slot: u64,
    fee_lamports: u64,
}

impl Done {
    pub(crate) fn new(change: Change, sent: &Sent) -> Self {
        Self { change, signature: sent.signature.to_string(), slot: sent.slot, fee_lamports: sent.fee }
    }
}

/// What a declaration changes. Schema: `apply.json`.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Applied {
    file: PathBuf,
    cluster: String,
    nothing_to_do: bool,
    /// What is to change; empty once it is done.
    planned: Vec<Change>,
    /// What took effect.
    done: Vec<Done>,
    rent_lamports: u64,
    later: Vec<Problem>,
    warnings: Vec<Problem>,
    unchanged: Vec<String>,
    left_alone: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    definitions: Vec<Written>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    messages: Vec<String>,
}

impl Applied {
    pub(crate) fn planned(file: &Path, cluster: String, plan: &Plan, rent_lamports: u64) -> Self {
        Self {
            file: file.to_owned(),
            cluster,
            nothing_to_do: plan.is_nothing_to_do(),
            planned: plan.changes.clone(),
            done: Vec::new(),
            rent_lamports,
            later: plan.later.clone(),
            warnings: plan.warnings.clone(),
            unchanged: plan.unchanged.clone(),
            left_alone: plan.left_alone.clone(),
            definitions: Vec::new(),
            messages: Vec::new(),
        }
    }

    /// With what took effect.
    pub(crate) fn with_done(self, done: Vec<Done>) -> Self {
        Self { done, nothing_to_do: false, ..self }
    }

    /// With the definitions that were written to files.
    pub(crate) fn with_definitions(self, definitions: &[Written]) -> Self {
        Self { definitions: definitions.to_vec(), ..self }
    }

    /// With the unsigned messages of what is to change.
    pub(crate) fn with_messages(self, messages: Vec<Vec<u8>>) -> Self {
        Self { messages: messages.iter().map(|message| STANDARD.encode(message)).collect(), ..self }
    }

    /// One line after another: the plan for people.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut messages = self.messages.iter();
        for change in &self.planned {
            let for_good = if change.action.is_final() { " (for good)" } else { "" };
            lines.push(format!("  {change}{for_good}"));
            lines.extend(change.details.iter().map(|detail| format!("      {detail}")));
            lines.push(format!("      signed by {}", change.signer));
            lines.extend(messages.next().map(|message| format!("      message: {message}")));
        }
        lines.extend(self.later.iter().map(|later| format!("  later: {later}")));
        lines.extend(self.unchanged.iter().map(|what| format!("  unchanged: {what}")));
        lines.extend(self.left_alone.iter().map(|what| format!("  not in the file, left alone: {what}")));
        lines.extend(self.written());
        lines
    }

    /// The definitions that were written, one line each.
    fn written(&self) -> impl Iterator<Item = String> {
        self.definitions.iter().map(|one| format!("  definition: {} (digest {})", one.file.display(), one.digest))
    }
}

impl Answer for Applied {
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        if !self.done.is_empty() {
            page.heading(format_args!("{} changes took effect on {}", self.done.len(), self.cluster))?;
            for done in &self.done {
                page.line(format_args!("  {}", done.change))?;
                page.field("    address", done.change.account)?;
                page.field("    signature", &done.signature)?;
            }
            return self.written().try_for_each(|line| page.line(line));
        }
        if self.nothing_to_do {
            page.heading("nothing to do")?;
        } else {
            page.heading(format_args!("to change on {}, locking {} of rent", self.cluster, sol(self.rent_lamports)))?;
        }
        self.lines().iter().try_for_each(|line| page.line(line))
    }
}
