//! The evidence files of a backup. A file is named by its digest, so whether it is whole can be told from its name.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use diesel::prelude::*;
use indicatif::ProgressBar;
use sha2::{Digest, Sha256};

use super::manifest::SavedEvidence;
use super::{Outcome, failed, sync_folder};
use crate::platform::db::portable;
use crate::platform::{Conn, Result};
use crate::schema::attachments;

/// The schema that first knew of bytes that are destroyed on purpose.
const DESTRUCTION: &str = "0014";

/// The digests whose bytes rows say are there, each once: all that rows name but what was destroyed 销毁.
pub fn named(conn: &mut Conn) -> Result<Vec<String>> {
    use attachments::dsl;
    let all = dsl::attachments.select(dsl::sha256).distinct().order(dsl::sha256);
    if portable::version(conn)?.as_str() < DESTRUCTION {
        return Ok(all.load(conn)?);
    }
    Ok(all.filter(dsl::destroyed_on.is_null()).load(conn)?)
}

/// Copies the files of `digests` from one folder of evidence to another, each checked on the way. What is gone or
/// damaged is named and left out.
pub fn copy(from: &Path, to: &Path, digests: &[String], progress: &ProgressBar) -> Outcome<SavedEvidence> {
    let mut saved = SavedEvidence::default();
    for digest in digests {
        match copy_one(from, to, digest)? {
            Some(bytes) => {
                saved.files += 1;
                saved.bytes += bytes;
            }
            None => saved.damaged.push(digest.clone()),
        }
        progress.inc(1);
    }
    Ok(saved)
}

/// One file; `None` when it is gone or not what its name says.
fn copy_one(from: &Path, to: &Path, digest: &str) -> Outcome<Option<u64>> {
    let place = Path::new(digest.get(..2).unwrap_or("--")).join(digest);
    let (source, target) = (from.join(&place), to.join(&place));
    let folder = target.parent().unwrap_or(to);
    std::fs::create_dir_all(folder).map_err(failed(folder))?;
    let Ok(mut source) = File::open(&source) else { return Ok(None) };
    let mut copy = tempfile::NamedTempFile::new_in(folder).map_err(failed(folder))?;
    let (mut sum, mut bytes, mut chunk) = (Sha256::new(), 0, vec![0; 64 * 1024]);
    loop {
        let Ok(read) = source.read(&mut chunk) else { return Ok(None) };
        let Some(part) = chunk.get(..read).filter(|part| !part.is_empty()) else { break };
        sum.update(part);
        copy.write_all(part).map_err(failed(&target))?;
        bytes += part.len() as u64;
    }
    if hex::encode(sum.finalize()) != digest {
        return Ok(None);
    }
    copy.as_file().sync_all().map_err(failed(&target))?;
    copy.persist(&target).map_err(|error| failed(&target)(error.error))?;
    sync_folder(folder)?;
    sync_folder(to)?;
    Ok(Some(bytes))
}
