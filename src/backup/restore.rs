//! Restoring a backup into an empty database, of either kind.

use std::path::Path;

use indicatif::ProgressBar;
use serde::Serialize;

use super::manifest::Manifest;
use super::{Outcome, evidence, failed, rows};
use crate::platform::db::portable;
use crate::platform::seal::Seal;
use crate::platform::{Config, Conn, Error, Result};
use crate::{accounts, audit};

/// What was restored, and that it was compared.
#[derive(Debug, Serialize)]
pub struct Restored {
    pub tables: usize,
    pub rows: i64,
    pub evidence_files: usize,
    /// Files that were gone or damaged already when the backup was made.
    pub damaged: Vec<String>,
    /// The schema of the backup, and that of the database now.
    pub schema_of_backup: String,
    pub schema: String,
    pub business_day: Option<chrono::NaiveDate>,
    /// Entries of the audit log whose hashes were recomputed and agree, and the head of its chain.
    pub audit_entries: i64,
    pub audit_head: String,
}

/// Restores a backup into the database, the data folder and the secret file that the settings name. Everything of the
/// backup is checked first; the rows are committed together, once they were read back and agree.
pub fn restore(config: &Config, folder: &Path, progress: &ProgressBar) -> Outcome<Restored> {
    let manifest = Manifest::read(folder)?;
    if manifest.schema > portable::known_version() {
        return Err(format!(
            "the backup has schema {}, which a newer duban made; this one knows {}",
            manifest.schema,
            portable::known_version()
        ));
    }
    for saved in &manifest.tables {
        rows::check(folder, saved)?;
    }
    let mut conn = open_empty(&config.database_url)?;
    let key = take_key(config, folder, &manifest)?;
    progress.inc_length(u64::try_from(manifest.rows()).unwrap_or_default());
    let filled = portable::fill(&mut conn, &manifest.schema, |conn| {
        fill(conn, folder, &manifest, progress)?;
        accounts::store::check_seals(conn, &key)?;
        copy_evidence(conn, config, folder, &manifest, progress)
    });
    let evidence_files = filled.map_err(said)?;
    // From here on the rows are there, and a second try would find them.
    let but = |error: String| format!("the rows were restored as they were saved, but then: {error}");
    portable::upgrade(&mut conn).map_err(but)?;
    let verified = portable::snapshot(&mut conn, audit::verify).map_err(said).map_err(but)?;
    Ok(Restored {
        tables: manifest.tables.len(),
        rows: manifest.rows(),
        evidence_files,
        damaged: manifest.evidence.damaged,
        schema_of_backup: manifest.schema,
        schema: portable::known_version(),
        business_day: manifest.business_day,
        audit_entries: verified.verified,
        audit_head: verified.head,
    })
}

fn said(error: Error) -> String {
    error.to_string()
}

/// The database to restore into: it holds no row.
fn open_empty(url: &str) -> Outcome<Conn> {
    if let Some(folder) = url.strip_prefix("sqlite://").and_then(|file| Path::new(file).parent()) {
        std::fs::create_dir_all(folder).map_err(failed(folder))?;
    }
    let mut conn = portable::connect(url)?;
    let tables = portable::tables(&mut conn).map_err(said)?;
    for table in &tables {
        if portable::count(&mut conn, table).map_err(said)? > 0 {
            return Err(format!(
                "the database of DATABASE_URL is not empty ({} holds rows); nothing is overwritten: name an empty one",
                table.name
            ));
        }
    }
    Ok(conn)
}

/// The key that seals secrets: the one that lies there already, or that of the backup, which is then put there.
fn take_key(config: &Config, folder: &Path, manifest: &Manifest) -> Outcome<Seal> {
    if !config.secret_file.exists() {
        if !manifest.secret_key {
            return Err(format!(
                "the backup was made without its secret key; put the key at DUBAN_SECRET_FILE ({}) first",
                config.secret_file.display()
            ));
        }
        put_key(&folder.join("secret.key"), &config.secret_file)?;
    }
    Seal::load_or_create(&config.secret_file)
}

fn put_key(from: &Path, to: &Path) -> Outcome<()> {
    let place = to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(place).map_err(failed(place))?;
    let mut copy = tempfile::NamedTempFile::new_in(place).map_err(failed(place))?;
    std::io::copy(&mut std::fs::File::open(from).map_err(failed(from))?, &mut copy).map_err(failed(to))?;
    copy.as_file().sync_all().map_err(failed(to))?;
    // For its owner only, as temporary files are; and never over another key.
    copy.persist_noclobber(to).map_err(|error| failed(to)(error.error))?;
    super::sync_folder(place)
}

/// Writes all rows and reads them back: as many as were saved, with the same checksum.
fn fill(conn: &mut Conn, folder: &Path, manifest: &Manifest, progress: &ProgressBar) -> Result<()> {
    let there = portable::tables(conn)?;
    for saved in &manifest.tables {
        if !there.contains(&saved.table) {
            return Err(Error::internal(format!(
                "the schema has no table {} like that of the backup",
                saved.table.name
            )));
        }
        rows::load(conn, folder, saved, progress)?;
    }
    portable::set_counters(conn, &manifest.counters)?;
    for table in &there {
        let read = rows::digested(conn, table, |_| Ok(()))?;
        let saved = manifest.tables.iter().find(|saved| saved.table.name == table.name);
        if saved.map(|saved| (saved.rows, &saved.sha256)) != Some((read.rows, &read.sha256)) {
            return Err(Error::internal(format!("{} does not read back as it was saved", table.name)));
        }
    }
    Ok(())
}

/// Puts the evidence in its place before the rows that name it are committed.
fn copy_evidence(
    conn: &mut Conn,
    config: &Config,
    folder: &Path,
    manifest: &Manifest,
    progress: &ProgressBar,
) -> Result<usize> {
    let mut digests = evidence::named(conn)?;
    digests.retain(|digest| !manifest.evidence.damaged.contains(digest));
    progress.inc_length(digests.len() as u64);
    let to = config.data_dir.join("evidence");
    std::fs::create_dir_all(&to).map_err(|error| Error::internal(failed(&to)(error)))?;
    let copied = evidence::copy(&folder.join("evidence"), &to, &digests, progress).map_err(Error::internal)?;
    match copied.damaged.first() {
        None => Ok(copied.files),
        Some(digest) => Err(Error::internal(format!("evidence {digest} of the backup is gone or was changed"))),
    }
}
