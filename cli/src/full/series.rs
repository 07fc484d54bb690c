//! Many answers of one kind, printed as they come.

use std::io::Write;

use super::{
    error::CliError,
    options::Format,
    output::{Answer, Printer},
};

/// Answers one after another: as JSON an array, as compact JSON a document a line.
pub(crate) struct Series {
    printer: Printer,
    told: bool,
}

impl Series {
    pub(crate) const fn new(printer: Printer) -> Self {
        Self { printer, told: false }
    }

    /// Prints the next one.
    pub(crate) fn tell(&mut self, answer: &impl Answer) -> Result<(), CliError> {
        let before = if self.told { ",\n  " } else { "[\n  " };
        self.told = true;
        if self.printer.format() != Format::Json {
            return self.printer.answer(answer);
        }
        let text = self.printer.json(answer)?;
        Ok(write!(anstream::stdout().lock(), "{before}{}", text.replace('\n', "\n  "))?)
    }

    /// Whether there was one.
    pub(crate) const fn has_begun(&self) -> bool {
        self.told
    }

    /// Says that there are no more.
    pub(crate) fn end(self) -> Result<(), CliError> {
        if self.printer.format() != Format::Json {
            return Ok(());
        }
        let mut out = anstream::stdout().lock();
        writeln!(out, "{}", if self.told { "\n]" } else { "[]" })?;
        Ok(out.flush()?)
    }
}
