//! Files that are handed in with a form.

use std::ops::Deref;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use actix_multipart::Multipart;
use futures_util::StreamExt;

use crate::platform::error::{UNREADABLE, of_a_library};
use crate::platform::gate::{Gate, Place};
use crate::platform::sheet::{Book, FILE_LIMIT, SHEET_TOO_LARGE, read};
use crate::platform::text::Text;
use crate::platform::web::{blocking, within};
use crate::platform::{Code, Fault, Result};

/// The one file of a form, named `file`, with the last part of its name; `missing` where there is none, or more. 408 when
/// it is not whole within the time.
pub async fn one_file(form: Multipart, missing: &'static Code, time: Duration) -> Result<(String, Vec<u8>)> {
    within(time, read_file(form, missing)).await
}

async fn read_file(mut form: Multipart, missing: &'static Code) -> Result<(String, Vec<u8>)> {
    let unreadable = |error: actix_multipart::MultipartError| UNREADABLE.with([("detail", of_a_library(error))]);
    let mut received = None;
    while let Some(part) = form.next().await {
        let mut part = part.map_err(unreadable)?;
        if part.name() != Some("file") || received.is_some() {
            return Err(missing.err());
        }
        let given = part.content_disposition().and_then(|it| it.get_filename()).unwrap_or("file").to_owned();
        let last = given.rsplit(['/', '\\']).next().unwrap_or(&given);
        let name = Text::<200>::parse(last)
            .map_err(|fault| Fault { pointer: "file".into(), ..fault }.into_error())?
            .into_string();
        let (mut bytes, mut size) = (Vec::new(), 0);
        while let Some(chunk) = part.next().await {
            let chunk = chunk.map_err(unreadable)?;
            size += chunk.len();
            // What is only a little too large is read to its end, so that whoever sends it hears why it is refused.
            if size > 2 * FILE_LIMIT {
                break;
            }
            if size <= FILE_LIMIT {
                bytes.extend_from_slice(&chunk);
            }
        }
        if size > FILE_LIMIT {
            return Err(SHEET_TOO_LARGE.with([("limit", FILE_LIMIT.to_string())]));
        }
        received = Some((name, bytes));
    }
    received.ok_or_else(|| missing.err())
}

/// Files of tables that are in memory at once, those who wait with theirs, and how long: unpacked, one may take a hundred
/// megabytes.
static OPENED: LazyLock<Gate> = LazyLock::new(|| Gate::new(4, 32, Duration::from_secs(20)));

/// A file of tables as it was read. It keeps its place among those in memory until it is dropped.
#[derive(Debug)]
pub struct Opened {
    book: Book,
    _place: Option<Place>,
}

impl Deref for Opened {
    type Target = Book;

    fn deref(&self) -> &Book {
        &self.book
    }
}

/// One that nobody else's waits for: of the command line.
impl From<Book> for Opened {
    fn from(book: Book) -> Opened {
        Opened { book, _place: None }
    }
}

/// Reads a file of tables of this name, off the threads that serve requests; 503 `busy` when too many are read already.
pub async fn open_book(bytes: Arc<Vec<u8>>, name: String) -> Result<Opened> {
    let place = OPENED.pass().await?;
    blocking(move || Ok(Opened { book: read::read(&bytes, &name)?, _place: Some(place) })).await
}
