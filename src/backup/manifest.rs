//! The manifest of a backup, and the checksum of the manifest itself.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Outcome, failed};
use crate::platform::db::portable::Table;

/// The form of backups that this program writes.
pub const FORM: u32 = 1;
const FILE: &str = "manifest.json";
const CHECKSUM: &str = "manifest.sha256";

/// What a backup holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Manifest {
    pub form: u32,
    pub made_at: DateTime<Utc>,
    /// Version of the program that made it.
    pub duban: String,
    /// The database it was made from: sqlite or postgres.
    pub database: String,
    /// The newest migration of that database.
    pub schema: String,
    pub business_day: Option<NaiveDate>,
    pub tables: Vec<SavedTable>,
    /// The last id that each table gave.
    pub counters: BTreeMap<String, i64>,
    pub evidence: SavedEvidence,
    /// Whether the key that seals secrets is in it.
    pub secret_key: bool,
}

/// A table in a backup: `rows/<name>.jsonl`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SavedTable {
    #[serde(flatten)]
    pub table: Table,
    pub rows: i64,
    /// SHA-256 of the file, in hex.
    pub sha256: String,
}

/// The evidence in a backup; the name of each file is its SHA-256.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct SavedEvidence {
    pub files: usize,
    pub bytes: u64,
    /// Files that a row names and that were gone or not what their name says when the backup was made.
    pub damaged: Vec<String>,
}

impl Manifest {
    /// Rows of all tables.
    pub fn rows(&self) -> i64 {
        self.tables.iter().map(|saved| saved.rows).sum()
    }

    /// Writes the manifest and its checksum, in the form of `sha256sum`.
    pub fn write(&self, folder: &Path) -> Outcome<()> {
        let text = serde_json::to_string_pretty(self).map_err(|error| error.to_string())?;
        let digest = hex::encode(Sha256::digest(text.as_bytes()));
        for (name, text) in [(FILE, text), (CHECKSUM, format!("{digest}  {FILE}\n"))] {
            let path = folder.join(name);
            std::fs::write(&path, text).map_err(failed(&path))?;
            std::fs::File::open(&path).and_then(|file| file.sync_all()).map_err(failed(&path))?;
        }
        Ok(())
    }

    /// Reads the manifest of a backup, once its checksum holds.
    pub fn read(folder: &Path) -> Outcome<Manifest> {
        let read = |name: &str| std::fs::read_to_string(folder.join(name)).map_err(failed(&folder.join(name)));
        let (text, checksum) = (read(FILE)?, read(CHECKSUM)?);
        let digest = hex::encode(Sha256::digest(text.as_bytes()));
        if checksum.split_whitespace().next() != Some(digest.as_str()) {
            return Err(format!("{FILE} of the backup was changed: its checksum does not hold"));
        }
        let manifest: Manifest = serde_json::from_str(&text).map_err(|error| format!("{FILE}: {error}"))?;
        if manifest.form != FORM {
            return Err(format!("the backup is of form {}; this program reads form {FORM}", manifest.form));
        }
        Ok(manifest)
    }
}
