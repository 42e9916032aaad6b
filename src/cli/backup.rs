//! The commands `backup` and `restore`.

use std::io::IsTerminal;
use std::path::PathBuf;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::Failure;
use crate::backup;
use crate::platform::Config;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  duban backup backups/2020-09-30")]
pub struct BackupArgs {
    /// Folder to make; it must not exist yet
    folder: PathBuf,
    /// Leave out the key that seals secrets; keep it elsewhere, a restoration asks for it
    #[arg(long)]
    without_secret_key: bool,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  duban restore backups/2020-09-30 --database-url sqlite://restored.db --data-dir restored"
)]
pub struct RestoreArgs {
    /// Folder of the backup
    folder: PathBuf,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

/// Makes a backup. Evidence that was found damaged fails the command, though the backup stands.
pub fn make(config: &Config, args: &BackupArgs) -> Result<(), Failure> {
    let progress = bar();
    let made = backup::make(config, &args.folder, !args.without_secret_key, &progress).map_err(Failure::failed)?;
    progress.finish_and_clear();
    if args.json {
        println!("{}", json!(made));
    } else {
        let key = if made.secret_key { "with the secret key" } else { "without the secret key" };
        println!(
            "{} made: {} rows of {} tables, {} evidence files of {} bytes, {key}",
            args.folder.display(),
            made.rows,
            made.tables,
            made.evidence.files,
            made.evidence.bytes
        );
    }
    match made.evidence.damaged.as_slice() {
        [] => Ok(()),
        damaged => Err(Failure::failed(format!(
            "the backup was made, but {} evidence files are gone or damaged: {}",
            damaged.len(),
            damaged.join(", ")
        ))),
    }
}

/// Restores a backup into an empty database.
pub fn restore(config: &Config, args: &RestoreArgs) -> Result<(), Failure> {
    let progress = bar();
    let restored = backup::restore(config, &args.folder, &progress).map_err(Failure::failed)?;
    progress.finish_and_clear();
    if args.json {
        println!("{}", json!(restored));
    } else {
        println!(
            "{} restored and compared: {} rows of {} tables, {} evidence files, {} audit entries verified; head {}",
            args.folder.display(),
            restored.rows,
            restored.tables,
            restored.evidence_files,
            restored.audit_entries,
            restored.audit_head
        );
    }
    Ok(())
}

/// A bar on a terminal, nothing elsewhere.
fn bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} ({eta} left)");
    ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
