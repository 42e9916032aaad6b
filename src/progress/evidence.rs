//! The folder of the evidence files, named by their SHA-256. A file is streamed to a temporary name, synced and
//! renamed before its row is written; what never got a row is swept after a day.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use actix_multipart::{Field, Multipart};
use futures_util::StreamExt;
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;

use super::{ATTACHMENT_MISSING, ATTACHMENT_TOO_LARGE, ATTACHMENT_TYPE};
use crate::platform::error::{CLASSIFIED_MARKING, STORAGE_FULL, UNREADABLE, of_a_library};
use crate::platform::text::{Text, is_marked_classified};
use crate::platform::web::within;
use crate::platform::{Error, Fault, Result};

/// Bytes from which a type is told; readable text is searched for markings this far.
const HEAD_BYTES: usize = 64 * 1024;
/// Age after which a file without a row is swept.
const ORPHAN_AGE: Duration = Duration::from_secs(24 * 3600);
/// Types taken, as they are named to the user.
const ACCEPTED: &str =
    "PDF, JPEG, PNG, GIF, WebP, HEIC, BMP, TIFF, DOC(X), XLS(X), PPT(X), ODF, OFD, TXT, CSV, MP3, MP4";

/// Where the files lie.
#[derive(Debug, Clone)]
pub struct Evidence {
    root: PathBuf,
    max_bytes: u64,
}

/// A file that lies in the folder, before it has a row.
#[derive(Debug, Clone)]
pub struct Stored {
    pub sha256: String,
    pub bytes: i64,
    pub media_type: String,
    pub file_name: String,
}

impl Evidence {
    /// The folder below the data folder; made when it is missing.
    pub fn open(data_dir: &Path, max_bytes: u64) -> Result<Evidence, String> {
        let root = data_dir.join("evidence");
        std::fs::create_dir_all(root.join("incoming"))
            .map_err(|error| format!("DUBAN_DATA_DIR: {} can't be made ({error})", root.display()))?;
        Ok(Evidence { root, max_bytes })
    }

    /// Bytes of a file at most.
    pub fn max_bytes(&self) -> u64 {
        self.max_bytes
    }

    /// Where the file of a digest lies.
    pub fn path(&self, sha256: &str) -> PathBuf {
        self.root.join(sha256.get(..2).unwrap_or("--")).join(sha256)
    }

    /// Whether the file of a digest is there.
    pub fn holds(&self, sha256: &str) -> bool {
        self.path(sha256).is_file()
    }

    /// Removes the file of a digest, if it is there.
    pub fn remove(&self, sha256: &str) -> Result<()> {
        match std::fs::remove_file(self.path(sha256)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::internal(error)),
            _ => Ok(()),
        }
    }

    /// Whether a file can be written: what `readyz` asks.
    pub fn is_writable(&self) -> bool {
        tempfile::NamedTempFile::new_in(self.root.join("incoming")).is_ok()
    }

    /// Streams the part `file` of a form into the folder, within `time`.
    pub async fn receive(&self, form: Multipart, time: Duration) -> Result<Stored> {
        within(time, self.receive_parts(form)).await
    }

    async fn receive_parts(&self, mut form: Multipart) -> Result<Stored> {
        let mut stored = None;
        while let Some(part) = form.next().await {
            let part = part.map_err(|error| UNREADABLE.with([("detail", of_a_library(error))]))?;
            if part.name() != Some("file") || stored.is_some() {
                return Err(ATTACHMENT_MISSING.err());
            }
            stored = Some(self.receive_file(part).await?);
        }
        stored.ok_or_else(|| ATTACHMENT_MISSING.err())
    }

    /// Streams one part of a form into the folder.
    pub async fn receive_file(&self, mut part: Field) -> Result<Stored> {
        let file_name = file_name(&part)?;
        let temporary = tempfile::NamedTempFile::new_in(self.root.join("incoming")).map_err(not_kept)?;
        let mut file = tokio::fs::File::from_std(temporary.reopen().map_err(not_kept)?);
        let (mut digest, mut head, mut bytes) = (Sha256::new(), Vec::new(), 0_u64);
        while let Some(chunk) = part.next().await {
            let chunk = chunk.map_err(|error| UNREADABLE.with([("detail", of_a_library(error))]))?;
            bytes += chunk.len() as u64;
            if bytes > self.max_bytes {
                return Err(ATTACHMENT_TOO_LARGE.with([("limit", self.max_bytes.to_string())]));
            }
            head.extend(chunk.iter().take(HEAD_BYTES.saturating_sub(head.len())));
            digest.update(&chunk);
            file.write_all(&chunk).await.map_err(not_kept)?;
        }
        file.sync_all().await.map_err(not_kept)?;
        let media_type = media_type(&head, &file_name)?;
        let sha256 = hex::encode(digest.finalize());
        self.keep(temporary, &sha256)?;
        Ok(Stored { sha256, bytes: i64::try_from(bytes).map_err(Error::internal)?, media_type, file_name })
    }

    /// Lays bytes into the folder under their SHA-256, which it gives back. Without a row that names them they are swept
    /// after a day.
    pub fn keep_for_a_day(&self, bytes: &[u8]) -> Result<String> {
        let mut temporary = tempfile::NamedTempFile::new_in(self.root.join("incoming")).map_err(Error::internal)?;
        temporary.write_all(bytes).and_then(|()| temporary.as_file().sync_all()).map_err(Error::internal)?;
        let sha256 = hex::encode(Sha256::digest(bytes));
        self.keep(temporary, &sha256)?;
        Ok(sha256)
    }

    /// The bytes of a digest, while they are there.
    pub fn read(&self, sha256: &str) -> Option<Vec<u8>> {
        std::fs::read(self.path(sha256)).ok()
    }

    /// Gives a synced temporary file its lasting name, and syncs the folder that names it.
    fn keep(&self, temporary: tempfile::NamedTempFile, sha256: &str) -> Result<()> {
        let path = self.path(sha256);
        let folder = path.parent().unwrap_or(&self.root);
        std::fs::create_dir_all(folder).map_err(not_kept)?;
        temporary.persist(&path).map_err(|failed| not_kept(failed.error))?;
        // The folder that names the file, and the one that names a new folder.
        let synced = |folder: &Path| std::fs::File::open(folder).and_then(|folder| folder.sync_all());
        synced(folder).and_then(|()| synced(&self.root)).map_err(not_kept)
    }

    /// Names of files older than a day: candidates for the sweep.
    pub fn old_files(&self, now: SystemTime) -> Vec<PathBuf> {
        let folders = std::fs::read_dir(&self.root).into_iter().flatten().flatten();
        let files = folders.flat_map(|folder| std::fs::read_dir(folder.path()).into_iter().flatten().flatten());
        files.map(|file| file.path()).filter(|file| is_old(file, now)).collect()
    }

    /// Removes a file that was found old and that no row keeps; whether it did. The same bytes may have come once more
    /// since: a file that was laid down meanwhile is put back.
    pub fn sweep(&self, file: &Path, now: SystemTime) -> Result<bool> {
        let aside = self.root.join("incoming").join(file.file_name().unwrap_or_default()).with_extension("swept");
        match std::fs::rename(file, &aside) {
            // Another server swept it.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
            renamed => renamed.map_err(Error::internal)?,
        }
        if is_old(&aside, now) {
            std::fs::remove_file(&aside).map_err(Error::internal)?;
            return Ok(true);
        }
        std::fs::rename(&aside, file).map_err(Error::internal)?;
        Ok(false)
    }
}

/// Whether a file was laid down more than a day before.
fn is_old(file: &Path, now: SystemTime) -> bool {
    let laid = std::fs::metadata(file).and_then(|data| data.modified());
    laid.is_ok_and(|at| now.duration_since(at).is_ok_and(|age| age > ORPHAN_AGE))
}

/// A file that could not be written: a disk without room is told apart, since somebody can make some.
fn not_kept(error: std::io::Error) -> Error {
    use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    if matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge) {
        tracing::error!(%error, "evidence can't be written");
        return STORAGE_FULL.err();
    }
    Error::internal(error)
}

/// The name of an uploaded file: its last component, as a text that may enter.
fn file_name(part: &Field) -> Result<String> {
    let given = part.content_disposition().and_then(|disposition| disposition.get_filename()).unwrap_or("file");
    let last = given.rsplit(['/', '\\']).next().unwrap_or(given);
    Text::<200>::parse(last)
        .map(Text::into_string)
        .map_err(|fault| Fault { pointer: "file".into(), ..fault }.into_error())
}

/// The type told from the bytes; refuses what is not taken and readable text with a classification marking.
fn media_type(head: &[u8], file_name: &str) -> Result<String> {
    let refused = || ATTACHMENT_TYPE.with([("accepted", ACCEPTED.to_owned())]);
    if let Some(kind) = infer::get(head) {
        use infer::MatcherType::{Audio, Doc, Image, Video};
        let office = kind.mime_type() == "application/pdf" || kind.matcher_type() == Doc;
        let media = matches!(kind.matcher_type(), Image | Audio | Video);
        // OFD, the national format for documents, is a zip with a name of its own.
        let ofd = kind.mime_type() == "application/zip" && file_name.to_lowercase().ends_with(".ofd");
        return match kind.mime_type() {
            _ if ofd => Ok("application/ofd".into()),
            mime if office || media => Ok(mime.into()),
            _ => Err(refused()),
        };
    }
    let text = readable(head).ok_or_else(refused)?;
    if is_marked_classified(&text) {
        return Err(CLASSIFIED_MARKING.at("file", []).into_error());
    }
    let name = file_name.to_lowercase();
    if name.ends_with(".csv") {
        Ok("text/csv".into())
    } else if name.ends_with(".txt") {
        Ok("text/plain".into())
    } else {
        Err(refused())
    }
}

/// The head as text: UTF-8 without control characters, whole up to a character that the head may have cut.
fn readable(head: &[u8]) -> Option<String> {
    let whole = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => std::str::from_utf8(head.get(..error.valid_up_to())?).ok()?,
        Err(_) => return None,
    };
    let control = whole.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
    (!control).then(|| whole.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sweep_takes_what_is_old_and_leaves_what_came_again() {
        let folder = tempfile::tempdir().unwrap();
        let evidence = Evidence::open(folder.path(), 1000).unwrap();
        let (old, again) = (evidence.keep_for_a_day(b"old").unwrap(), evidence.keep_for_a_day(b"again").unwrap());
        let later = SystemTime::now() + ORPHAN_AGE + Duration::from_secs(60);
        let found = evidence.old_files(later);
        assert_eq!(found.len(), 2);
        // Between the look and the sweep the same bytes come once more.
        let come_again = std::fs::File::options().write(true).open(evidence.path(&again)).unwrap();
        come_again.set_modified(later).unwrap();
        let mut swept: Vec<bool> = found.iter().map(|file| evidence.sweep(file, later).unwrap()).collect();
        swept.sort_unstable();
        assert_eq!((swept, evidence.holds(&old), evidence.holds(&again)), (vec![false, true], false, true));
        assert!(!evidence.sweep(&evidence.path(&old), later).unwrap(), "another server was first");
        assert_eq!(std::fs::read_dir(folder.path().join("evidence/incoming")).unwrap().count(), 0);
    }

    #[test]
    fn a_type_is_told_from_the_bytes_and_not_from_the_name() {
        let pdf = b"%PDF-1.7\n".as_slice();
        let png = b"\x89PNG\r\n\x1a\n".as_slice();
        let exe = b"MZ\x90\x00".as_slice();
        let zip = b"PK\x03\x04".as_slice();
        let cases: [(&[u8], &str, Result<&str, &str>); 9] = [
            (pdf, "a.pdf", Ok("application/pdf")),
            (png, "a.txt", Ok("image/png")),
            (exe, "a.pdf", Err("attachment_type")),
            (zip, "a.zip", Err("attachment_type")),
            (zip, "a.ofd", Ok("application/ofd")),
            ("会议记录".as_bytes(), "a.txt", Ok("text/plain")),
            ("会议记录".as_bytes(), "a.html", Err("attachment_type")),
            ("【机密】会议记录".as_bytes(), "a.txt", Err("classified_marking")),
            (b"\0\0\0", "a.txt", Err("attachment_type")),
        ];
        for (head, name, expected) in cases {
            let found = media_type(head, name);
            let found = found.as_ref().map(String::as_str).map_err(Error::code);
            assert_eq!(found, expected, "{name}");
        }
    }
}
