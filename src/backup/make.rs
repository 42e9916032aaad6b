//! Making a backup of a running installation.

use std::path::Path;

use indicatif::ProgressBar;
use serde::Serialize;

use super::manifest::{FORM, Manifest, SavedEvidence};
use super::{Outcome, evidence, failed, rows, sync_folder};
use crate::platform::db::{Backend, portable, recorded_day};
use crate::platform::{Clock, Config, Conn, Result};

/// What was made.
#[derive(Debug, Serialize)]
pub struct Made {
    pub tables: usize,
    pub rows: i64,
    pub evidence: SavedEvidence,
    pub schema: String,
    pub business_day: Option<chrono::NaiveDate>,
    pub secret_key: bool,
}

/// Makes a backup in a new folder, with the key that seals secrets or without it. The server may run meanwhile. Refuses
/// a folder that exists; what fails leaves no folder behind.
pub fn make(config: &Config, folder: &Path, with_key: bool, progress: &ProgressBar) -> Outcome<Made> {
    if folder.symlink_metadata().is_ok() {
        return Err(format!("{} exists already; name a folder that does not", folder.display()));
    }
    let name = folder.file_name().ok_or("name a folder to make, such as backups/2020-09-30")?.to_string_lossy();
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent).map_err(failed(parent))?;
    // For its owner only: it holds what people wrote, and what passwords are checked with.
    let prefix = format!(".{name}.");
    let mut unfinished = tempfile::Builder::new();
    unfinished.prefix(&prefix);
    #[cfg(unix)]
    unfinished.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    let unfinished = unfinished.tempdir_in(parent).map_err(failed(parent))?;
    let manifest = write(config, unfinished.path(), with_key, progress)?;
    sync_folder(unfinished.path())?;
    std::fs::rename(unfinished.keep(), folder).map_err(failed(folder))?;
    sync_folder(parent)?;
    Ok(Made {
        tables: manifest.tables.len(),
        rows: manifest.rows(),
        evidence: manifest.evidence,
        schema: manifest.schema,
        business_day: manifest.business_day,
        secret_key: manifest.secret_key,
    })
}

fn write(config: &Config, folder: &Path, with_key: bool, progress: &ProgressBar) -> Outcome<Manifest> {
    let mut conn = open(&config.database_url)?;
    let rows = folder.join("rows");
    std::fs::create_dir(&rows).map_err(failed(&rows))?;
    let saved = portable::snapshot(&mut conn, |conn| save_rows(config, conn, folder, progress));
    let (mut manifest, digests) = saved.map_err(|error| error.to_string())?;
    sync_folder(&rows)?;
    // A file lies in its folder before its row is written, and stays as long as the row: so the files come second.
    progress.inc_length(digests.len() as u64);
    let to = folder.join("evidence");
    std::fs::create_dir(&to).map_err(failed(&to))?;
    manifest.evidence = evidence::copy(&config.data_dir.join("evidence"), &to, &digests, progress)?;
    if with_key {
        let key = folder.join("secret.key");
        std::fs::copy(&config.secret_file, &key).map_err(failed(&config.secret_file))?;
        std::fs::File::open(&key).and_then(|file| file.sync_all()).map_err(failed(&key))?;
        manifest.secret_key = true;
    }
    manifest.write(folder)?;
    Ok(manifest)
}

/// Opens what is to be saved; a SQLite file is not made by the asking.
fn open(url: &str) -> Outcome<Conn> {
    if let Some(file) = url.strip_prefix("sqlite://").filter(|file| !Path::new(file).exists()) {
        return Err(format!("DATABASE_URL: there is no {file} to save"));
    }
    portable::connect(url)
}

/// All rows of the snapshot, and the digests of the evidence that they name.
fn save_rows(
    config: &Config,
    conn: &mut Conn,
    folder: &Path,
    progress: &ProgressBar,
) -> Result<(Manifest, Vec<String>)> {
    let schema = portable::version(conn)?;
    let tables = portable::tables(conn)?;
    for table in &tables {
        progress.inc_length(u64::try_from(portable::count(conn, table)?).unwrap_or_default());
    }
    let saved = tables.iter().map(|table| rows::save(conn, folder, table, progress)).collect::<Result<Vec<_>>>()?;
    let manifest = Manifest {
        form: FORM,
        made_at: Clock::new(config.timezone, None).now(),
        duban: env!("CARGO_PKG_VERSION").to_owned(),
        database: match conn.backend() {
            Backend::Sqlite => "sqlite".to_owned(),
            Backend::Postgres => "postgres".to_owned(),
        },
        schema,
        business_day: recorded_day(conn)?,
        tables: saved,
        counters: portable::counters(conn)?,
        evidence: SavedEvidence::default(),
        secret_key: false,
    };
    Ok((manifest, evidence::named(conn)?))
}
