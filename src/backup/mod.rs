//! Backups: the rows of one moment, the evidence files that they name, the key that seals secrets, and a manifest with
//! the checksum of everything. A backup is a folder of plain files, the same from either database, and can be restored
//! into either.
//!
//! - It is made while the server runs, in one snapshot; it stands under its name only once it is whole and on disk.
//! - Nothing is ever overwritten: neither a backup, nor a database that holds a row, nor a key.
//! - A restored database is read back and compared with the backup before it is committed.

mod evidence;
mod make;
mod manifest;
mod restore;
mod rows;

pub use make::{Made, make};
pub use restore::{Restored, restore};

/// Why a backup was not made or not restored, in one sentence.
pub type Outcome<T> = std::result::Result<T, String>;

/// A sentence for a file that could not be read or written.
fn failed(path: &std::path::Path) -> impl Fn(std::io::Error) -> String {
    move |error| format!("{}: {error}", path.display())
}

/// Syncs a folder, so that the names in it last.
fn sync_folder(path: &std::path::Path) -> Outcome<()> {
    std::fs::File::open(path).and_then(|folder| folder.sync_all()).map_err(failed(path))
}
