//! `imports`, `exports`, and the templates.

use std::fs::File;
use std::sync::Arc;

use actix_files::NamedFile;
use actix_multipart::Multipart;
use actix_web::http::header::{Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue};
use actix_web::{HttpRequest, get, post, web};
use serde::Deserialize;
use utoipa_actix_web::service_config::ServiceConfig;

use super::imports::{self, HandedIn, Order, Tools};
use super::mapping::{ListName, Mapping};
use super::model::{Commit, Import, ImportFile, ImportState, Scope};
use super::store::ImportRow;
use super::{IMPORT_FILE_MISSING, IMPORT_GONE, ImportId, export, marked, template};
use crate::access::Caller;
use crate::accounts::{Accounts, sign_in};
use crate::plans::revisions::Consequences;
use crate::platform::sheet::XLSX;
use crate::platform::web::{
    Created, Download, Form, Item, Json, Opened, Path, Query, blocking, limits, one_file, open_book,
};
use crate::platform::{Error, Result};
use crate::progress::Evidence;

pub fn routes(config: &mut ServiceConfig) {
    config.service(template_of).service(hand_in).service(get_one).service(commit).service(marked_file);
    config.service(export_of);
}

/// Where files are kept.
pub type Files = web::Data<Evidence>;
/// What a change of an issued plan means.
pub type Nodes = web::Data<dyn Consequences>;

/// What an import wants beside its file.
pub fn tools(caller: &Caller, files: &Files, nodes: &Nodes) -> Tools {
    let now = caller.db.clock().stamp();
    Tools { evidence: files.clone().into_inner(), nodes: nodes.clone().into_inner(), now }
}

/// The list of a template or an export.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
struct OfList {
    /// Which list.
    list: ListName,
}

/// Download the template of a list
///
/// An XLSX workbook with a frozen header, drop-downs, a sample row that imports leave out, and instructions.
#[utoipa::path(tag = "imports", params(OfList))]
#[get("/imports/templates/{list}")]
async fn template_of(caller: Caller, request: HttpRequest, Path(of): Path<OfList>) -> Result<Download, Error> {
    caller.read(|_, _| Ok(())).await?;
    let file = blocking(move || template::workbook(of.list)).await?;
    download(file, &format!("{}模板.xlsx", Mapping::of(of.list).sheet), XLSX, &request)
}

/// Hand in a file to be imported: the dry run
///
/// One file named `file`: .xlsx, or .csv in UTF-8 or GB18030. Nothing is changed: `outcome` shows every row that adds or
/// changes something, how it was read, and every problem with its cell. 本系统为非涉密系统，严禁上传、处理国家秘密和工作秘密。
#[utoipa::path(tag = "imports", params(Scope), request_body(content = ImportFile, content_type = "multipart/form-data"))]
#[post("/imports")]
async fn hand_in(
    caller: Caller,
    files: Files,
    nodes: Nodes,
    Query(scope): Query<Scope>,
    request: HttpRequest,
    form: Multipart,
) -> Result<Created<Import>, Error> {
    caller.read(|_, actor| imports::require_some(actor)).await?;
    let (name, bytes) = one_file(form, &IMPORT_FILE_MISSING, limits(&request).upload_time).await?;
    let file = handed_in(&files, name.clone(), bytes).await?;
    let tools = tools(&caller, &files, &nodes);
    let digest = format!("import {name} {} {scope:?}", file.sha256);
    caller
        .post(digest, move |conn, actor| {
            let made = imports::hand_in(conn, actor, &tools, &scope, &file)?;
            Created::new(&made, &format!("/imports/{}", made.id), made.version)
        })
        .await
}

/// Read an import with its dry run
///
/// One's own. The dry run is made again, against the lists as they stand now.
#[utoipa::path(tag = "imports")]
#[get("/imports/{id}")]
async fn get_one(caller: Caller, files: Files, nodes: Nodes, Path(id): Path<ImportId>) -> Result<Item<Import>, Error> {
    let book = kept(&caller, &files, id).await?.1;
    let tools = tools(&caller, &files, &nodes);
    // The dry run is tried out in a savepoint, which only a write has.
    caller
        .write(move |conn, actor| {
            let import = imports::read(conn, actor, &tools, id, book.as_deref())?;
            Item::new(&import, import.version)
        })
        .await
}

/// Commit an import
///
/// All of it or nothing, exactly what the dry run showed; of an issued plan as one revision with a reason.
#[utoipa::path(tag = "imports")]
#[post("/imports/{id}/commit")]
async fn commit(
    caller: Caller,
    files: Files,
    nodes: Nodes,
    accounts: web::Data<Accounts>,
    Path(id): Path<ImportId>,
    body: Json<Commit>,
) -> Result<Item<Import>, Error> {
    let book = kept(&caller, &files, id).await?.1;
    let tools = tools(&caller, &files, &nodes);
    let input = body.value;
    let hash = match &input.first_password {
        Some(password) => Some(sign_in::hashed(&accounts, password.clone()).await?),
        None => None,
    };
    let policy = accounts.policy;
    // The body may hold a password, so not even its plain digest is stored.
    caller
        .post(accounts.seal.digest(&body.digest), move |conn, actor| {
            let order = Order { input: &input, password_hash: hash.as_deref(), policy: &policy, progress: &|_, _| {} };
            let done = imports::commit(conn, actor, &tools, id, book.as_deref(), &order)?;
            Item::new(&done, done.version)
        })
        .await
}

/// Download the handed-in file with the problems beside the rows
#[utoipa::path(tag = "imports")]
#[get("/imports/{id}/workbook")]
async fn marked_file(
    caller: Caller,
    files: Files,
    nodes: Nodes,
    request: HttpRequest,
    Path(id): Path<ImportId>,
) -> Result<Download, Error> {
    let (row, book) = kept(&caller, &files, id).await?;
    let book = Arc::new(book.ok_or_else(|| IMPORT_GONE.err())?);
    let (tools, compared) = (tools(&caller, &files, &nodes), book.clone());
    let import = caller.write(move |conn, actor| imports::read(conn, actor, &tools, id, Some(&compared))).await?;
    let problems = import.outcome.map(|outcome| outcome.problems).unwrap_or_default();
    let file = blocking(move || marked::workbook(&book, &problems)).await?;
    let stem = row.file_name.rsplit_once('.').map_or(row.file_name.as_str(), |(stem, _)| stem);
    download(file, &format!("{stem}-问题.xlsx"), XLSX, &request)
}

/// Export a list
///
/// The whole list that one may read, as XLSX, or as CSV where `Accept` asks for that. Handed in again untouched, it
/// changes nothing.
#[utoipa::path(tag = "imports", params(OfList, Scope))]
#[get("/exports/{list}")]
async fn export_of(
    caller: Caller,
    request: HttpRequest,
    Path(of): Path<OfList>,
    Query(scope): Query<Scope>,
) -> Result<Download, Error> {
    let rows = caller.read_long(move |conn, actor| export::rows(conn, actor, of.list, &scope)).await?;
    let name = Mapping::of(of.list).sheet;
    if caller.request.form == Form::Csv {
        let file = blocking(move || export::csv(of.list, &rows)).await?;
        return download(file, &format!("{name}.csv"), "text/csv; charset=utf-8", &request);
    }
    let file = blocking(move || export::workbook(of.list, &rows)).await?;
    download(file, &format!("{name}.xlsx"), XLSX, &request)
}

/// A file as an import takes it: read, and kept for a day.
pub async fn handed_in(files: &Files, name: String, bytes: Vec<u8>) -> Result<HandedIn> {
    let (files, bytes) = (files.clone(), Arc::new(bytes));
    let book = open_book(bytes.clone(), name.clone()).await?;
    blocking(move || Ok(HandedIn { name, sha256: files.keep_for_a_day(&bytes)?, book })).await
}

/// An import of the caller, and its file as it was read, while that is kept and the import is not committed.
pub async fn kept(caller: &Caller, files: &Files, id: ImportId) -> Result<(ImportRow, Option<Opened>)> {
    let row = caller.read(move |conn, actor| imports::own(conn, actor, id)).await?;
    if row.state == ImportState::Committed {
        return Ok((row, None));
    }
    let (files, sha256) = (files.clone(), row.sha256.clone());
    let Some(bytes) = blocking(move || Ok(files.read(&sha256))).await? else { return Ok((row, None)) };
    let book = open_book(Arc::new(bytes), row.file_name.clone()).await?;
    Ok((row, Some(book)))
}

/// A file without a name on disk, to be saved under this one.
pub fn download(file: File, name: &str, media_type: &str, request: &HttpRequest) -> Result<Download> {
    let opened = NamedFile::from_file(file, "file").map_err(Error::internal)?;
    let name =
        ExtendedValue { charset: Charset::Ext("UTF-8".into()), language_tag: None, value: name.as_bytes().to_vec() };
    let disposition = ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::FilenameExt(name)],
    };
    let media_type = media_type.parse().map_err(Error::internal)?;
    let named = opened.use_etag(false).use_last_modified(false);
    Ok(Download(named.set_content_type(media_type).set_content_disposition(disposition).into_response(request)))
}
