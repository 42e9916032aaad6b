//! Replies: each type knows its status, in the answer and in the contract. A reply is serialised where it is made,
//! inside the transaction, so that an idempotent repeat can give back the very same bytes.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::marker::PhantomData;

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, Responder, ResponseError};
use serde::{Deserialize, Serialize};
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{IntoResponses, PartialSchema, ToSchema};

use super::file::{SentFile, xlsx_content};
use super::{ProblemDocument, RequestFacts, Table};
use crate::platform::sheet::XLSX;
use crate::platform::{Error, PageRequest, Result};

/// An answer as bytes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Answer {
    pub status: u16,
    pub content_type: String,
    pub location: Option<String>,
    pub etag: Option<String>,
    pub link: Option<String>,
    pub body: String,
    /// A table in place of the body; only what is read is answered as one, so none is ever stored.
    #[serde(skip)]
    pub file: Option<SentFile>,
}

impl Answer {
    fn json<T: Serialize>(status: u16, value: &T) -> Result<Answer> {
        let body = serde_json::to_string(value).map_err(Error::internal)?;
        Ok(Answer {
            status,
            content_type: "application/json".into(),
            location: None,
            etag: None,
            link: None,
            body,
            file: None,
        })
    }

    fn of_table(file: SentFile) -> Answer {
        let nothing = String::new();
        Answer {
            status: 200,
            content_type: nothing.clone(),
            location: None,
            etag: None,
            link: None,
            body: nothing,
            file: Some(file),
        }
    }

    fn respond(self, request: &HttpRequest) -> HttpResponse<BoxBody> {
        if let Some(file) = &self.file {
            return file.respond().unwrap_or_else(|error| error.error_response());
        }
        let unchanged = self.status == 200 && self.etag.as_deref().is_some_and(|etag| none_match(request, etag));
        let status = if unchanged { 304 } else { self.status };
        let mut builder = HttpResponse::build(StatusCode::from_u16(status).unwrap_or(StatusCode::OK));
        let headers = [(header::LOCATION, self.location), (header::ETAG, self.etag), (header::LINK, self.link)];
        for (name, value) in headers {
            if let Some(value) = value {
                builder.insert_header((name, value));
            }
        }
        if unchanged || status == 204 {
            return builder.finish();
        }
        builder.content_type(self.content_type).body(self.body)
    }
}

/// Whether `If-None-Match` names this entity tag.
fn none_match(request: &HttpRequest, etag: &str) -> bool {
    let header = request.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    header.is_some_and(|tags| {
        tags.split(',').map(|tag| tag.trim().trim_start_matches("W/")).any(|t| t == etag || t == "*")
    })
}

/// What an idempotent call can give back from its stored answer.
pub trait Reply: Sized {
    fn into_answer(self) -> Answer;
    fn from_answer(answer: Answer) -> Self;
}

macro_rules! reply {
    ($(#[$meta:meta])* $name:ident<$t:ident>, $status:literal, $contract:expr) => {
        $(#[$meta])*
        pub struct $name<$t> {
            answer: Answer,
            of: PhantomData<fn() -> $t>,
        }

        impl<$t> Reply for $name<$t> {
            fn into_answer(self) -> Answer {
                self.answer
            }

            fn from_answer(answer: Answer) -> Self {
                $name { answer, of: PhantomData }
            }
        }

        impl<$t> Responder for $name<$t> {
            type Body = BoxBody;

            fn respond_to(self, request: &HttpRequest) -> HttpResponse<BoxBody> {
                self.answer.respond(request)
            }
        }

        impl<$t: ToSchema> IntoResponses for $name<$t> {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                let contract: fn() -> ResponseBuilder = $contract;
                [($status.to_owned(), contract().build().into())].into()
            }
        }
    };
}

/// Where a form leads once it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeeOther(pub String);

impl Reply for SeeOther {
    fn into_answer(self) -> Answer {
        Answer {
            status: 303,
            content_type: String::new(),
            location: Some(self.0),
            etag: None,
            link: None,
            body: String::new(),
            file: None,
        }
    }

    fn from_answer(answer: Answer) -> Self {
        SeeOther(answer.location.unwrap_or_default())
    }
}

reply! {
    /// 201 with the new item, its address and its version.
    Created<T>, "201", || described::<T>("Made").header("Location", text_header("Address of the new item"))
        .header("ETag", text_header("Version of the new item"))
}
reply! {
    /// 200 with one item and its version.
    Item<T>, "200", || described::<T>("The item").header("ETag", text_header("Version of the item"))
}
reply! {
    /// 200 with a list, as JSON pages or as one whole table.
    List<T>, "200", || {
        let list = ContentBuilder::new().schema(Some(list_schema::<T>())).build();
        tabled(ResponseBuilder::new().description("A page of the list; as CSV or XLSX, the whole list")
            .content("application/json", list))
            .header("Link", text_header("rel=next: address of the next page"))
    }
}
reply! {
    /// 200 with a report or another document, as JSON or as a table.
    Document<T>, "200", || tabled(described::<T>("The document; as CSV or XLSX, a table"))
        .header("ETag", text_header("Version of the document as JSON"))
}

/// With the two forms of a table.
fn tabled(response: ResponseBuilder) -> ResponseBuilder {
    let csv = ContentBuilder::new().schema(Some(ObjectBuilder::new().schema_type(Type::String))).build();
    response.content("text/csv", csv).content(XLSX, xlsx_content())
}

impl<T: Serialize> Document<T> {
    /// A document tagged by its own body, or its table where one is wanted.
    pub fn of(value: &T, facts: &RequestFacts, table: impl FnOnce(&T) -> Result<Table>) -> Result<Self> {
        let answer = if facts.wants_table() {
            Answer::of_table(table(value)?.sent(facts)?)
        } else {
            Item::by_content(value)?.answer
        };
        Ok(Document { answer, of: PhantomData })
    }

    /// The same of a document with a version.
    pub fn versioned(
        value: &T,
        version: i64,
        facts: &RequestFacts,
        table: impl FnOnce(&T) -> Result<Table>,
    ) -> Result<Self> {
        if facts.wants_table() {
            return Document::of(value, facts, table);
        }
        Ok(Document { answer: Item::new(value, version)?.answer, of: PhantomData })
    }
}

impl<T: Serialize> Created<T> {
    /// `location` is the path below `/api/v1`.
    pub fn new(value: &T, location: &str, version: i64) -> Result<Self> {
        let mut answer = Answer::json(201, value)?;
        answer.location = Some(format!("/api/v1{location}"));
        answer.etag = Some(format!("\"{version}\""));
        Ok(Created { answer, of: PhantomData })
    }
}

impl<T: Serialize> Item<T> {
    /// An item with its version. The tag says the version and, behind a dot, the digest of this very answer: what an
    /// item shows may depend on the day or on something else that has a version of its own.
    pub fn new(value: &T, version: i64) -> Result<Self> {
        let mut item = Item::by_content(value)?;
        item.answer.etag = item.answer.etag.map(|digest| format!("\"{version}.{}\"", digest.trim_matches('"')));
        Ok(item)
    }

    /// An item without a version, tagged by the digest of its own body: reports and documents.
    pub fn by_content(value: &T) -> Result<Self> {
        Ok(Item::kept(Answer::json(200, value)?.body))
    }

    /// An answer that holds a secret: neither tagged nor cached.
    pub fn secret(value: &T) -> Result<Self> {
        Ok(Item { answer: Answer::json(200, value)?, of: PhantomData })
    }
}

impl<T> Item<T> {
    /// A JSON document as it was kept, byte for byte, tagged by its digest.
    pub fn kept(body: String) -> Self {
        use sha2::Digest;
        let digest = hex::encode(sha2::Sha256::digest(body.as_bytes()));
        let etag = digest.get(..16).map(|head| format!("\"{head}\""));
        let content_type = "application/json".into();
        Item {
            answer: Answer { status: 200, content_type, location: None, etag, link: None, body, file: None },
            of: PhantomData,
        }
    }
}

/// A page of a list.
#[derive(Debug, Serialize)]
pub struct ListBody<T> {
    pub items: Vec<T>,
    pub next_cursor: Option<String>,
}

impl<T: Serialize + PartialSchema> List<T> {
    /// Items as JSON, whatever form is wanted: what a change answers.
    pub fn items(items: Vec<T>) -> Result<Self> {
        Ok(List { answer: Answer::json(200, &ListBody { items, next_cursor: None })?, of: PhantomData })
    }

    /// A page, or the whole list as a table when that was asked for.
    pub fn new(items: Vec<T>, next_cursor: Option<String>, facts: &RequestFacts) -> Result<Self> {
        if facts.wants_table() {
            return List::sent(Table::described(&items)?, facts);
        }
        let link = next_cursor.as_ref().map(|cursor| facts.next_link(cursor));
        let mut answer = Answer::json(200, &ListBody { items, next_cursor })?;
        answer.link = link;
        Ok(List { answer, of: PhantomData })
    }

    /// The page asked for; or, of the whole list, page after page into a table: no more than one is in memory.
    pub fn read(
        page: &PageRequest,
        facts: &RequestFacts,
        mut fetch: impl FnMut(&PageRequest) -> Result<(Vec<T>, Option<String>)>,
    ) -> Result<Self> {
        if !facts.wants_table() {
            let (items, next) = fetch(page)?;
            return List::new(items, next, facts);
        }
        List::sent(Table::whole(page, fetch)?, facts)
    }
}

impl<T> List<T> {
    /// The whole list as a table, in rows of another form than its items have in JSON.
    pub fn table<R: Serialize>(rows: &[R], facts: &RequestFacts) -> Result<Self> {
        List::sent(Table::of(rows)?, facts)
    }

    fn sent(table: Table, facts: &RequestFacts) -> Result<Self> {
        Ok(List { answer: Answer::of_table(table.sent(facts)?), of: PhantomData })
    }
}

/// 200 with the bytes of a stored file.
pub struct Download(pub HttpResponse<BoxBody>);

impl Responder for Download {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse<BoxBody> {
        self.0
    }
}

impl IntoResponses for Download {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let bytes = ContentBuilder::new().build();
        let response =
            ResponseBuilder::new().description("The bytes, of the attachment's own media type").content("*/*", bytes);
        [("200".to_owned(), response.build().into())].into()
    }
}

/// 204.
pub struct NoContent;

impl Reply for NoContent {
    fn into_answer(self) -> Answer {
        let content_type = String::new();
        Answer { status: 204, content_type, location: None, etag: None, link: None, body: String::new(), file: None }
    }

    fn from_answer(_: Answer) -> Self {
        NoContent
    }
}

impl Responder for NoContent {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse<BoxBody> {
        HttpResponse::NoContent().finish()
    }
}

impl IntoResponses for NoContent {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        [("204".to_owned(), ResponseBuilder::new().description("Done").build().into())].into()
    }
}

/// Any operation may be refused with a problem document.
impl IntoResponses for Error {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        collect::<ProblemDocument>();
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("ProblemDocument"))).build();
        let refusal = ResponseBuilder::new()
            .description("A refusal: nothing was changed; `code` and `detail` say what to do")
            .content("application/problem+json", content);
        [("default".to_owned(), refusal.build().into())].into()
    }
}

fn described<T: ToSchema>(what: &str) -> ResponseBuilder {
    collect::<T>();
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(T::name()))).build();
    ResponseBuilder::new().description(what).content("application/json", content)
}

fn list_schema<T: ToSchema>() -> Schema {
    collect::<T>();
    let items = ArrayBuilder::new().items(Ref::from_schema_name(T::name())).description(Some("Rows of this page"));
    let cursor = ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::SchemaType::from_iter([Type::String, Type::Null]))
        .description(Some("Cursor of the next page; null on the last"));
    ObjectBuilder::new()
        .property("items", items)
        .property("next_cursor", cursor)
        .required("items")
        .required("next_cursor")
        .into()
}

fn text_header(description: &str) -> utoipa::openapi::header::Header {
    HeaderBuilder::new()
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .description(Some(description))
        .build()
}

/// Schemas named by replies: utoipa collects those of request bodies by itself, not these.
pub type Collected = Vec<(String, RefOr<Schema>)>;

thread_local! {
    static SCHEMAS: RefCell<Collected> = const { RefCell::new(Vec::new()) };
}

fn collect<T: ToSchema>() {
    SCHEMAS.with_borrow_mut(|schemas| {
        schemas.push((T::name().into_owned(), <T as PartialSchema>::schema()));
        T::schemas(schemas);
    });
}

/// Runs `build` (which visits every operation) and gives the schemas its replies named.
pub fn collect_schemas<R>(build: impl FnOnce() -> R) -> (R, Collected) {
    SCHEMAS.with_borrow_mut(Vec::clear);
    let built = build();
    (built, SCHEMAS.with_borrow_mut(std::mem::take))
}
