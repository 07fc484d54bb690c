//! `microcred completions`.

use std::io::{self, Write};

use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

use crate::full::{self, error::CliError};

/// Print the completions of a shell
#[derive(Args, Clone, Debug)]
#[command(after_help = "Example: microcred completions bash > ~/.local/share/bash-completion/completions/microcred")]
pub(crate) struct Arguments {
    /// Which shell: bash, elvish, fish, powershell or zsh
    #[arg(value_name = "SHELL", hide_possible_values = true)]
    shell: Shell,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let mut script = Vec::new();
    generate(arguments.shell, &mut full::Arguments::command(), "microcred", &mut script);
    Ok(io::stdout().write_all(&script)?)
}
