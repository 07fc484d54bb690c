//! Answers: one struct per kind, printed as text or as JSON in one place.

use std::{
    fmt::Display,
    io::{self, Write},
};

use anstyle::{AnsiColor, Style};
use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;

use super::{
    error::CliError,
    options::{Format, GlobalOptions},
    safe::{Safe, safe_json},
};

/// Columns that the names of fields take.
const NAME_WIDTH: usize = 18;

const HEADING: Style = Style::new().bold();
const NAME: Style = Style::new().dimmed();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const DOUBTFUL: Style = AnsiColor::Yellow.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();

/// What a command answers. Its JSON form is the struct itself, and `cli/schema` describes it.
pub(crate) trait Answer: Serialize {
    /// Prints the answer for people.
    fn text(&self, page: &mut Page<'_>) -> io::Result<()>;
}

/// Where and how answers are printed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Printer {
    format: Format,
    verbose: bool,
}

impl Printer {
    pub(crate) fn new(options: &GlobalOptions) -> Self {
        if options.no_color {
            anstream::ColorChoice::Never.write_global();
        }
        Self { format: options.output, verbose: options.verbose }
    }

    pub(crate) const fn format(&self) -> Format {
        self.format
    }

    /// The same, but JSON in one line each: of what has no end, no line can wait for another.
    #[must_use]
    pub(crate) const fn compact(self) -> Self {
        match self.format {
            Format::Text => self,
            Format::Json | Format::JsonCompact => Self { format: Format::JsonCompact, ..self },
        }
    }

    /// Prints an answer to the standard output.
    pub(crate) fn answer(&self, answer: &impl Answer) -> Result<(), CliError> {
        let mut out = anstream::stdout().lock();
        match self.format {
            Format::Text => answer.text(&mut Page { out: &mut out, verbose: self.verbose })?,
            Format::Json | Format::JsonCompact => writeln!(out, "{}", self.json(answer)?)?,
        }
        Ok(out.flush()?)
    }

    /// An answer as JSON, in which nothing misleads on a terminal.
    pub(crate) fn json(&self, answer: &impl Serialize) -> Result<String, CliError> {
        let json = match self.format {
            Format::JsonCompact => serde_json::to_string(answer),
            Format::Json | Format::Text => serde_json::to_string_pretty(answer),
        };
        Ok(safe_json(&json.map_err(io::Error::other)?))
    }

    /// Prints what only people need, beside answers.
    pub(crate) fn text(&self, tell: impl FnOnce(&mut Page<'_>) -> io::Result<()>) -> Result<(), CliError> {
        if self.format != Format::Text {
            return Ok(());
        }
        let mut out = anstream::stdout().lock();
        tell(&mut Page { out: &mut out, verbose: self.verbose })?;
        Ok(out.flush()?)
    }

    /// Shows people, on the standard error, what will be answered otherwise. Nobody needs to see it.
    pub(crate) fn preview(&self, answer: &impl Answer) {
        if self.format == Format::Text {
            let _ = answer.text(&mut Page { out: &mut anstream::stderr(), verbose: self.verbose });
        }
    }

    /// Tells people, on the standard error, what is no part of the answer. Nobody needs to hear it.
    pub(crate) fn note(&self, text: impl Display) {
        if self.format() == Format::Text {
            let _ = writeln!(anstream::stderr(), "{}", Safe(text));
        }
    }

    /// Warns on the standard error, in every format.
    pub(crate) fn warn(&self, text: impl Display) {
        let _ = writeln!(anstream::stderr(), "{DOUBTFUL}warning:{DOUBTFUL:#} {}", Safe(text));
    }

    /// Prints why nothing more is done.
    pub(crate) fn error(format: Format, error: &CliError) {
        let mut out = anstream::stderr();
        // Where the standard error is closed too, nobody can be told.
        let _ = match format {
            Format::Text => writeln!(out, "{BAD}error:{BAD:#} {}", Lines(error)),
            Format::Json => writeln!(out, "{}", safe_json(&format!("{:#}", error.json()))),
            Format::JsonCompact => writeln!(out, "{}", safe_json(&error.json().to_string())),
        };
    }
}

/// An error of which each line is safe, and none is there because a file or an account has a line break.
struct Lines<'a>(&'a CliError);

impl Display for Lines<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.0.has_lines() {
            return write!(f, "{}", Safe(self.0));
        }
        for (number, line) in self.0.to_string().lines().enumerate() {
            if number > 0 {
                writeln!(f)?;
            }
            write!(f, "{}", Safe(line))?;
        }
        Ok(())
    }
}

/// How a status looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// In force.
    Good,
    /// Not now, or not yet.
    Doubtful,
    /// Out of force.
    Bad,
    /// Nothing special.
    Plain,
}

impl Tone {
    /// The tone of a status by its word.
    pub(crate) fn of(word: &str) -> Self {
        match word {
            "active" | "valid" => Self::Good,
            "draft"
            | "pending"
            | "suspended"
            | "paused"
            | "could not check"
            | "not yet valid"
            | "not checked on chain"
            | "standard checks passed" => Self::Doubtful,
            "revoked"
            | "erased"
            | "declined"
            | "retired"
            | "withdrawn"
            | "expired"
            | "mismatch"
            | "not found"
            | "key compromised"
            | "superseded"
            | "digest mismatch"
            | "malformed"
            | "not proven"
            | "inconsistent"
            | "control not proven"
            | "key not entitled"
            | "definition mismatch" => Self::Bad,
            _ => Self::Plain,
        }
    }

    const fn style(self) -> Style {
        match self {
            Self::Good => GOOD,
            Self::Doubtful => DOUBTFUL,
            Self::Bad => BAD,
            Self::Plain => Style::new(),
        }
    }
}

/// Text for people. Whatever is handed to it is made safe for a terminal.
pub(crate) struct Page<'a> {
    out: &'a mut dyn Write,
    verbose: bool,
}

impl Page<'_> {
    /// Whether more than usual is to be printed.
    pub(crate) const fn verbose(&self) -> bool {
        self.verbose
    }

    /// A line.
    pub(crate) fn line(&mut self, text: impl Display) -> io::Result<()> {
        writeln!(self.out, "{}", Safe(text))
    }

    /// A line that stands out.
    pub(crate) fn heading(&mut self, text: impl Display) -> io::Result<()> {
        writeln!(self.out, "{HEADING}{}{HEADING:#}", Safe(text))
    }

    /// A name and what it is.
    pub(crate) fn field(&mut self, name: &str, value: impl Display) -> io::Result<()> {
        writeln!(self.out, "  {NAME}{name:<NAME_WIDTH$}{NAME:#}{}", Safe(value))
    }

    /// A name and what it is, in the colour of its tone.
    pub(crate) fn toned(&mut self, name: &str, value: impl Display, tone: Tone) -> io::Result<()> {
        let style = tone.style();
        writeln!(self.out, "  {NAME}{name:<NAME_WIDTH$}{NAME:#}{style}{}{style:#}", Safe(value))
    }

    /// A line that begins with a status, in the colour of its tone.
    pub(crate) fn status(&mut self, status: &str, tone: Tone, rest: impl Display) -> io::Result<()> {
        let style = tone.style();
        writeln!(self.out, "{style}{}{style:#}{}", Safe(status), Safe(rest))
    }

    /// Rows under the names of their columns, without lines between them: each is one line that other tools can read.
    pub(crate) fn table(&mut self, columns: &[&str], rows: impl Iterator<Item = Vec<String>>) -> io::Result<()> {
        let mut table = Table::new();
        table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(columns.iter().map(|column| column.to_uppercase()));
        for row in rows {
            table.add_row(row.into_iter().map(|cell| Safe(cell).to_string()));
        }
        table.lines().try_for_each(|line| writeln!(self.out, "{}", line.trim()))
    }

    /// A name and what it is, unless there is nothing.
    pub(crate) fn maybe(&mut self, name: &str, value: Option<impl Display>) -> io::Result<()> {
        value.map_or(Ok(()), |value| self.field(name, value))
    }
}
