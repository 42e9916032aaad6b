//! A form as it was sent. It counts only when it comes from a page of this console: the browser must not say that it
//! comes from elsewhere, and it must carry the token of the sign-in's cookie. What was typed is kept aside, so that
//! nothing is lost when the sign-in has ended meanwhile.

use std::future::Future;
use std::pin::Pin;

use actix_multipart::{Field, Multipart};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use futures_util::StreamExt;
use sha2::{Digest, Sha256};

use super::session::{Visit, visit};
use super::view::View;
use super::{FORM_EXPIRED, FORM_FOREIGN};
use crate::platform::error::{BODY_TOO_LARGE, UNREADABLE, WRONG_VALUE, of_a_library};
use crate::platform::sheet::{FILE_LIMIT, SHEET_TOO_LARGE};
use crate::platform::text::Text;
use crate::platform::web::{limits, whole_body, within};
use crate::platform::{Error, Problem, Result};
use crate::progress::attachments::require_upload;
use crate::progress::evidence::Stored;
use crate::progress::{Evidence, attachments};

/// The field of the token.
pub const TOKEN: &str = "_csrf";
/// The field that tells one form from every other: the same form sent twice is done once.
const ONCE: &str = "_once";
/// The field that says: show the form again, with what is in it, and do nothing yet.
pub const AGAIN: &str = "_again";

/// The fields of a form, in their order, as they were typed.
#[derive(Debug, Clone, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// The first field of a name, trimmed; empty when there is none.
    pub fn get(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or("")
    }

    /// The field, unless it is empty: how an input leaves out what was not typed.
    pub fn given(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|text| !text.is_empty())
    }

    /// The field as what it must be; 422 at its name when it is not.
    pub fn parsed<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>> {
        let wrong = |text: &str| WRONG_VALUE.at(name, [("detail", format!("{name}={text}"))]).into_error();
        self.given(name).map(|text| text.parse().map_err(|_| wrong(text))).transpose()
    }

    /// All fields of a name.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, text)| text.trim())
    }

    /// The numbers in all fields of a name: ids that were ticked.
    pub fn ids(&self, name: &str) -> Vec<i64> {
        self.all(name).filter_map(|text| text.parse().ok()).collect()
    }

    /// Whether a button or a box of this name was pressed or ticked.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// Takes out the fields of a name that hold a text.
    pub fn remove(&mut self, name: &str, text: &str) {
        self.0.retain(|(known, held)| known != name || held != text);
    }

    /// Puts one text in the place of all fields of a name.
    pub fn set(&mut self, name: &str, text: impl Into<String>) {
        self.0.retain(|(known, _)| known != name);
        self.push(name, text);
    }

    /// Puts a field in, beside what was typed.
    pub fn push(&mut self, name: &str, text: impl Into<String>) {
        self.0.push((name.to_owned(), text.into()));
    }

    /// Every field that somebody may have typed, without the console's own.
    pub fn typed(&self) -> impl Iterator<Item = &(String, String)> {
        self.0.iter().filter(|(name, _)| ![TOKEN, AGAIN, ONCE].contains(&name.as_str()))
    }

    /// As one text, to be carried through a sign-in.
    pub fn carry(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(self.typed()).finish()
    }

    /// From that text, or from a body.
    pub fn read(text: &[u8]) -> Fields {
        Fields(form_urlencoded::parse(text).into_owned().collect())
    }
}

/// A form that was not done and must not be lost: where it was sent, and what it held.
#[derive(Debug, Clone)]
pub struct Carried {
    pub address: String,
    pub fields: Fields,
    /// The browser says that it comes from a page of this console.
    pub proved: bool,
}

/// A form by somebody who is signed in, from a page of this console.
pub struct Posted {
    pub visit: Visit,
    pub fields: Fields,
    /// Show the form again and do nothing yet: it was carried through a sign-in.
    pub again: bool,
    /// Files that were stored; they have no row yet ([`Posted::attach`]).
    pub files: Vec<Stored>,
    /// Files that were refused: the name, and why.
    pub refused: Vec<(String, Problem)>,
}

impl FromRequest for Posted {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let mut form = Form::default();
            let mut visit = sent(&request, &mut payload, &mut form).await?;
            let again = form.fields.has(AGAIN);
            visit.caller.request.idempotency_key = form.key();
            Ok(Posted { visit, fields: form.fields, again, files: form.files, refused: form.refused })
        })
    }
}

impl Posted {
    /// Gives the stored files their rows; the ids are put into the field `attachment`.
    pub async fn attach(&mut self) -> Result<()> {
        for stored in std::mem::take(&mut self.files) {
            let made = self.visit.caller.write(move |conn, actor| attachments::create(conn, actor, &stored)).await?;
            self.fields.push("attachment", made.id.to_string());
        }
        Ok(())
    }
}

/// A form with one file that is read at once and not kept as evidence.
pub struct Handed {
    pub visit: Visit,
    pub fields: Fields,
    /// Its name and its bytes; nothing when none was chosen.
    pub file: Option<(String, Vec<u8>)>,
    /// Files that were refused for their name: the name, and why.
    pub refused: Vec<(String, Problem)>,
    /// Show the form again and do nothing yet: it was carried through a sign-in.
    pub again: bool,
}

impl FromRequest for Handed {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let mut form = Form { at_once: true, ..Form::default() };
            let visit = sent(&request, &mut payload, &mut form).await?;
            let again = form.fields.has(AGAIN);
            Ok(Handed { visit, fields: form.fields, file: form.file, refused: form.refused, again })
        })
    }
}

/// Reads a form, and who sent it. It counts only when it comes from a page of this console; what was typed is kept aside
/// before anything is refused.
async fn sent(request: &HttpRequest, payload: &mut Payload, form: &mut Form) -> Result<Visit> {
    let origin = origin(request);
    if origin == Origin::Foreign {
        return Err(FORM_FOREIGN.err());
    }
    let visit = visit(request).await;
    form.read(request, payload, visit.as_ref().ok()).await?;
    let (address, proved) = (View::guest(request).address, origin == Origin::Own);
    request.extensions_mut().insert(Carried { address, fields: form.fields.clone(), proved });
    let visit = visit?;
    if form.fields.get(TOKEN) != visit.view.csrf() { Err(FORM_EXPIRED.err()) } else { Ok(visit) }
}

/// A form by anybody: signing in, choosing a language.
pub struct Open {
    pub fields: Fields,
    pub view: View,
}

impl FromRequest for Open {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            if origin(&request) == Origin::Foreign {
                return Err(FORM_FOREIGN.err());
            }
            let fields = Fields::read(&whole_body(&mut payload, limits(&request)).await?);
            Ok(Open { fields, view: View::guest(&request) })
        })
    }
}

/// Where a form comes from, as far as the browser says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    Own,
    Foreign,
    /// An old browser: only the token tells.
    Untold,
}

fn origin(request: &HttpRequest) -> Origin {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let host = request.connection_info().host().to_owned();
    told(header("sec-fetch-site"), header("origin"), &host)
}

fn told(site: Option<&str>, origin: Option<&str>, host: &str) -> Origin {
    match (site, origin) {
        (Some("same-origin"), _) => Origin::Own,
        (Some(_), _) => Origin::Foreign,
        // Without a referrer a browser says "null" of its own pages too.
        (None, None | Some("null")) => Origin::Untold,
        (None, Some(origin)) if origin.split_once("://").is_some_and(|(_, named)| named == host) => Origin::Own,
        (None, Some(_)) => Origin::Foreign,
    }
}

/// Bytes that a field, or a file of a form, counts for besides its name and its text.
const FIELD: usize = 64;

/// What is being read of a form.
#[derive(Default)]
struct Form {
    fields: Fields,
    files: Vec<Stored>,
    refused: Vec<(String, Problem)>,
    /// A file is read at once, and not kept as evidence.
    at_once: bool,
    file: Option<(String, Vec<u8>)>,
}

impl Form {
    /// The key under which it is done once: of the form as it was given out, with all that was typed and chosen.
    fn key(&self) -> Option<String> {
        let mut hash = Sha256::new();
        hash.update(self.fields.given(ONCE)?);
        hash.update(self.fields.carry());
        self.files.iter().for_each(|file| hash.update(&file.sha256));
        Some(format!("form {}", hex::encode(hash.finalize())))
    }

    async fn read(&mut self, request: &HttpRequest, payload: &mut Payload, visit: Option<&Visit>) -> Result<()> {
        let kind = request.headers().get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("multipart/form-data") {
            self.fields = Fields::read(&whole_body(payload, limits(request)).await?);
            return Ok(());
        }
        within(limits(request).upload_time, self.read_parts(request, payload, visit)).await
    }

    async fn read_parts(&mut self, request: &HttpRequest, payload: &mut Payload, visit: Option<&Visit>) -> Result<()> {
        // What is typed into all fields together, and how the files are named, is a body like any other.
        let (most, mut typed) = (limits(request).body_bytes, 0);
        let mut take = |bytes: usize| {
            typed += bytes;
            if typed > most { Err(BODY_TOO_LARGE.with([("limit", most.to_string())])) } else { Ok(()) }
        };
        let unreadable = |error: String| UNREADABLE.with([("detail", of_a_library(error))]);
        let evidence = request.app_data::<web::Data<Evidence>>().cloned();
        let mut form =
            Multipart::from_request(request, payload).await.map_err(|error| unreadable(error.to_string()))?;
        while let Some(part) = form.next().await {
            let mut part = part.map_err(|error| unreadable(error.to_string()))?;
            let name = part.name().unwrap_or_default().to_owned();
            let file = part.content_disposition().and_then(|about| about.get_filename()).map(str::to_owned);
            take(FIELD + name.len() + file.as_ref().map_or(0, String::len))?;
            match (file, visit, &evidence) {
                (None, ..) => {
                    let mut text = Vec::new();
                    while let Some(chunk) = part.next().await {
                        let chunk = chunk.map_err(|error| unreadable(error.to_string()))?;
                        take(chunk.len())?;
                        text.extend_from_slice(&chunk);
                    }
                    self.fields.push(&name, String::from_utf8_lossy(&text).into_owned());
                }
                // A file is stored only for who is signed in and has shown the token, which stands first in the form.
                (Some(file), Some(visit), _)
                    if self.at_once
                        && !file.is_empty()
                        && self.file.is_none()
                        && self.fields.get(TOKEN) == visit.view.csrf() =>
                {
                    let mut bytes = Vec::new();
                    while let Some(chunk) = part.next().await {
                        let chunk = chunk.map_err(|error| unreadable(error.to_string()))?;
                        if bytes.len() + chunk.len() > FILE_LIMIT {
                            return Err(SHEET_TOO_LARGE.with([("limit", FILE_LIMIT.to_string())]));
                        }
                        bytes.extend_from_slice(&chunk);
                    }
                    let last = file.rsplit(['/', '\\']).next().unwrap_or(&file);
                    match Text::<200>::parse(last) {
                        Ok(name) => self.file = Some((name.into_string(), bytes)),
                        Err(fault) => self.refused.push((file, fault.into_error().problem())),
                    }
                }
                (Some(file), Some(visit), Some(evidence))
                    if !self.at_once && !file.is_empty() && self.fields.get(TOKEN) == visit.view.csrf() =>
                {
                    visit.caller.read(|_, actor| require_upload(actor)).await?;
                    match received(evidence, part, visit).await {
                        Ok(stored) => self.files.push(stored),
                        Err(error @ Error::Problem(_)) => self.refused.push((file, error.problem())),
                        Err(error) => return Err(error),
                    }
                }
                _ => while part.next().await.is_some() {},
            }
        }
        Ok(())
    }
}

/// A file as evidence; of one that was destroyed nothing stays.
async fn received(evidence: &Evidence, part: Field, visit: &Visit) -> Result<Stored> {
    let stored = evidence.receive_file(part).await?;
    let sha256 = stored.sha256.clone();
    let taken = visit.caller.read(move |conn, _| attachments::require_not_destroyed(conn, &sha256)).await;
    attachments::leave_nothing(evidence, &stored.sha256, taken)?;
    Ok(stored)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_from_elsewhere_is_told_by_what_the_browser_says() {
        let host = "duban.example:8443";
        let cases = [
            (Some("same-origin"), None, Origin::Own),
            (Some("cross-site"), None, Origin::Foreign),
            (Some("same-site"), Some("https://duban.example:8443"), Origin::Foreign),
            (Some("none"), None, Origin::Foreign),
            (None, Some("https://duban.example:8443"), Origin::Own),
            (None, Some("https://evil.example"), Origin::Foreign),
            (None, Some("https://duban.example"), Origin::Foreign),
            (None, Some("null"), Origin::Untold),
            (None, None, Origin::Untold),
        ];
        for (site, origin, expected) in cases {
            assert_eq!(told(site, origin, host), expected, "{site:?} {origin:?}");
        }
    }

    #[test]
    fn what_was_typed_comes_through_a_sign_in_whole() {
        let mut fields = Fields::read("_csrf=abc&text=%E5%85%9A%E8%AF%BE%0A%26%3D%25&node=1&node=2".as_bytes());
        fields.push("attachment", "7");
        let again = Fields::read(fields.carry().as_bytes());
        assert_eq!(again.get("text"), "党课\n&=%");
        assert_eq!(again.ids("node"), [1, 2]);
        assert_eq!(again.get("attachment"), "7");
        assert!(!again.has(TOKEN));
    }
}
