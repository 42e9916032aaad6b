//! The command line of duban.

use std::process::ExitCode;

use clap::Parser;
use duban::cli::{Cli, run};

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{}", failure.said);
            failure.code
        }
    }
}
