//! Evidence, given out to whoever may read what names it.

use actix_files::NamedFile;
use actix_web::http::header::{Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use crate::console::Visit;
use crate::platform::Error;
use crate::platform::web::{Path, Query};
use crate::progress::{AttachmentId, EVIDENCE_GONE, Evidence, attachments};

/// What a browser may show in place: nothing of it can run.
const SHOWN_IN_PLACE: [&str; 6] =
    ["image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "application/pdf"];

/// How a file is wanted.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Wanted {
    /// `1`: to be shown in place, where its type allows that.
    show: Option<String>,
}

/// `GET /attachments/{id}`: to keep, or with `?show=1` to look at.
pub async fn get(
    visit: Visit,
    files: web::Data<Evidence>,
    request: HttpRequest,
    Path(id): Path<AttachmentId>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse, Error> {
    let file = visit.caller.read(move |conn, actor| attachments::read(conn, actor, id)).await?;
    let gone = || EVIDENCE_GONE.with([("id", id.to_string())]);
    let opened = NamedFile::open(files.path(&file.sha256)).map_err(|_| gone())?;
    let shown = wanted.show.is_some() && SHOWN_IN_PLACE.contains(&file.media_type.as_str());
    let name =
        ExtendedValue { charset: Charset::Ext("UTF-8".into()), language_tag: None, value: file.file_name.into() };
    let disposition = ContentDisposition {
        disposition: if shown { DispositionType::Inline } else { DispositionType::Attachment },
        parameters: vec![DispositionParam::FilenameExt(name)],
    };
    let media_type = file.media_type.parse().map_err(Error::internal)?;
    let mut answer = opened.set_content_type(media_type).set_content_disposition(disposition).into_response(&request);
    let headers = answer.headers_mut();
    headers.insert(
        actix_web::http::header::CONTENT_SECURITY_POLICY,
        actix_web::http::header::HeaderValue::from_static("default-src 'none'; frame-ancestors 'self'"),
    );
    Ok(answer)
}
