//! Answers that lie in a temporary file and are sent piece by piece: tables and workbooks.

use std::fs::File;
use std::sync::Arc;

use actix_web::body::{BoxBody, SizedStream};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, Responder};
use futures_util::stream::try_unfold;
use tokio::io::AsyncReadExt;
use utoipa::IntoResponses;
use utoipa::openapi::RefOr;
use utoipa::openapi::content::{Content, ContentBuilder};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};

use crate::platform::sheet::XLSX;
use crate::platform::{Error, Result};

/// Runs what takes its time off the threads that serve requests.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    actix_web::web::block(work).await.map_err(Error::internal)?
}

/// Bytes of a piece.
const PIECE: usize = 64 * 1024;

/// A file without a name, from its beginning, with its type.
#[derive(Debug, Clone)]
pub struct SentFile {
    file: Arc<File>,
    bytes: u64,
    content_type: &'static str,
    /// The name under which it is to be saved.
    name: Option<String>,
}

impl SentFile {
    pub fn csv(file: File) -> Result<SentFile> {
        SentFile::new(file, "text/csv; charset=utf-8")
    }

    /// A workbook to be saved as `name.xlsx`; the name is plain ASCII.
    pub fn xlsx(file: File, name: &str) -> Result<SentFile> {
        Ok(SentFile::new(file, XLSX)?.named(format!("{name}.xlsx")))
    }

    fn new(file: File, content_type: &'static str) -> Result<SentFile> {
        let bytes = file.metadata().map_err(Error::internal)?.len();
        Ok(SentFile { file: Arc::new(file), bytes, content_type, name: None })
    }

    /// The same, to be saved under a name of plain ASCII.
    pub fn named(self, name: String) -> SentFile {
        SentFile { name: Some(name), ..self }
    }

    pub fn respond(&self) -> Result<HttpResponse<BoxBody>> {
        let file = tokio::fs::File::from_std(self.file.try_clone().map_err(Error::internal)?);
        let pieces = try_unfold(file, |mut file| async move {
            let mut piece = vec![0; PIECE];
            let read = file.read(&mut piece).await?;
            piece.truncate(read);
            Ok::<_, std::io::Error>((read > 0).then(|| (Bytes::from(piece), file)))
        });
        let mut answer = HttpResponse::Ok();
        answer.content_type(self.content_type);
        if let Some(name) = &self.name {
            answer.insert_header(("content-disposition", format!("attachment; filename=\"{name}\"")));
        }
        Ok(answer.body(SizedStream::new(self.bytes, Box::pin(pieces))))
    }
}

/// 200 with a workbook.
pub struct Sheet(pub SentFile);

impl Responder for Sheet {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse<BoxBody> {
        self.0.respond().unwrap_or_else(|error| actix_web::ResponseError::error_response(&error))
    }
}

impl IntoResponses for Sheet {
    fn responses() -> std::collections::BTreeMap<String, RefOr<Response>> {
        let response = ResponseBuilder::new().description("The workbook").content(XLSX, xlsx_content());
        [("200".to_owned(), response.build().into())].into()
    }
}

/// Bytes of a workbook, for the contract.
pub(super) fn xlsx_content() -> Content {
    let binary = SchemaFormat::KnownFormat(KnownFormat::Binary);
    let schema = ObjectBuilder::new().schema_type(Type::String).format(Some(binary)).build();
    ContentBuilder::new().schema(Some(schema)).build()
}
