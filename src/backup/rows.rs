//! The files of the rows: written with their checksum, read back with it.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;
use sha2::{Digest, Sha256};

use super::manifest::SavedTable;
use super::{Outcome, failed};
use crate::platform::db::portable::{self, Table};
use crate::platform::{Conn, Error, Result};

/// Rows that go into a database with one statement.
const BATCH: usize = 500;

/// Where the rows of a table lie.
pub fn file(folder: &Path, table: &str) -> PathBuf {
    folder.join("rows").join(format!("{table}.jsonl"))
}

/// Writes the rows of a table into its file.
pub fn save(conn: &mut Conn, folder: &Path, table: &Table, progress: &ProgressBar) -> Result<SavedTable> {
    let path = file(folder, &table.name);
    let mut out = BufWriter::new(File::create(&path).map_err(|error| Error::internal(failed(&path)(error)))?);
    let saved = digested(conn, table, |line| {
        progress.inc(1);
        writeln!(out, "{line}").map_err(|error| Error::internal(failed(&path)(error)))
    })?;
    let whole = out.into_inner().map_err(|error| error.into_error()).and_then(|file| file.sync_all());
    whole.map_err(|error| Error::internal(failed(&path)(error)))?;
    Ok(saved)
}

/// Reads every row of a table: how many there are, and their checksum.
pub fn digested(conn: &mut Conn, table: &Table, mut each: impl FnMut(&str) -> Result<()>) -> Result<SavedTable> {
    let (mut digest, mut rows) = (Sha256::new(), 0);
    portable::each_row(conn, table, |line| {
        digest.update(line.as_bytes());
        digest.update(b"\n");
        rows += 1;
        each(line)
    })?;
    Ok(SavedTable { table: table.clone(), rows, sha256: hex::encode(digest.finalize()) })
}

/// Checks that the file of a table is the one that was written.
pub fn check(folder: &Path, saved: &SavedTable) -> Outcome<()> {
    let path = file(folder, &saved.table.name);
    let (mut digest, mut file) = (Sha256::new(), BufReader::new(File::open(&path).map_err(failed(&path))?));
    loop {
        let part = file.fill_buf().map_err(failed(&path))?;
        let read = part.len();
        if read == 0 {
            break;
        }
        digest.update(part);
        file.consume(read);
    }
    if hex::encode(digest.finalize()) == saved.sha256 {
        Ok(())
    } else {
        Err(format!("{} was changed: its checksum does not hold", path.display()))
    }
}

/// Writes the rows of a file into their table.
pub fn load(conn: &mut Conn, folder: &Path, saved: &SavedTable, progress: &ProgressBar) -> Result<()> {
    let path = file(folder, &saved.table.name);
    let read = |error| Error::internal(failed(&path)(error));
    let mut batch = Vec::with_capacity(BATCH);
    for line in BufReader::new(File::open(&path).map_err(read)?).lines() {
        batch.push(line.map_err(read)?);
        if batch.len() == BATCH {
            portable::insert(conn, &saved.table, &batch)?;
            progress.inc(batch.len() as u64);
            batch.clear();
        }
    }
    if !batch.is_empty() {
        portable::insert(conn, &saved.table, &batch)?;
        progress.inc(batch.len() as u64);
    }
    Ok(())
}
