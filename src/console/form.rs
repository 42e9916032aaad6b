//! A form for a verb of the API: its fields are those of the action's input, and what is typed is read by the same
//! rules. A verb is a [`Deed`]: how its form looks, and what is done with it. Each has a page of its own, so that it
//! works without a script, shows what will happen before it happens, and keeps what was typed when it is refused.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::NaiveDateTime;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use validator::Validate;

use super::marks::Marks;
use super::page::{Html, page_with, see_other};
use super::posted::{Fields, Posted};
use super::view::View;
use super::words::Lang;
use super::{Visit, layout::Said};
use crate::access::Actor;
use crate::accounts::Accounts;
use crate::plans::revisions::Consequences;
use crate::platform::error::STALE;
use crate::platform::web::{IfMatch, Path, read_value};
use crate::platform::{Conn, Error, Result};
use crate::progress::Evidence;
use crate::words;

words! {
    /// Words around every form.
    pub struct FormWords {
        required: "必填", "required";
        stored_now: "现在存的是", "Stored now";
        nothing_stored: "（空）", "(empty)";
        stale: "打开此页以后，别人已作了修改。您填的还在；与现在所存不同的，旁边写着现在的内容。再次提交，就按您填的改。",
            "Somebody has changed this since you opened the page. What you typed is still here; where it differs, what is stored now stands beside it. Send it again to put yours in its place.";
        cancel: "不办，返回", "Leave it";
        preview: "先看看", "Preview";
        row(number): "第{number}行", "Row {number}";
        choose: "请选择", "Choose";
    }
}

/// What a field takes.
#[derive(Debug, Clone)]
pub enum Kind {
    Line,
    Prose,
    Date,
    /// `HH:MM`.
    Time,
    Number,
    /// Typed unseen, and never shown again.
    Password,
    /// One of: value and words.
    Choice(Vec<(String, String)>),
    /// Any of: value and words.
    Ticks(Vec<(String, String)>),
    /// Yes or no.
    Tick,
    /// Rows of the same fields; one whose first field is empty is none. What is [`Kind::Given`] in a row is shown and
    /// not typed: its text is the value, `|`, and the words.
    Rows {
        columns: Vec<Field>,
        rows: Vec<Vec<String>>,
    },
    /// Files, stored when the form is sent.
    Files,
    /// Not shown.
    Given,
}

/// A field of a form.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its place in the input, with dots: `source.body`.
    pub name: String,
    pub label: String,
    pub hint: String,
    pub required: bool,
    /// Read by the deed itself, and no part of the input.
    pub aside: bool,
    pub kind: Kind,
    /// What stands in it; of ticks, each that is ticked.
    pub values: Vec<String>,
    /// What is stored now, where somebody else has changed it.
    pub stored: Option<String>,
}

impl Field {
    pub fn new(name: &str, label: impl Into<String>, kind: Kind) -> Field {
        Field {
            name: name.to_owned(),
            label: label.into(),
            hint: String::new(),
            required: false,
            aside: false,
            kind,
            values: vec![],
            stored: None,
        }
    }

    pub fn line(name: &str, label: impl Into<String>) -> Field {
        Field::new(name, label, Kind::Line)
    }

    pub fn prose(name: &str, label: impl Into<String>) -> Field {
        Field::new(name, label, Kind::Prose)
    }

    pub fn date(name: &str, label: impl Into<String>) -> Field {
        Field::new(name, label, Kind::Date)
    }

    pub fn choice(name: &str, label: impl Into<String>, choices: Vec<(String, String)>) -> Field {
        Field::new(name, label, Kind::Choice(choices))
    }

    pub fn ticks(name: &str, label: impl Into<String>, choices: Vec<(String, String)>) -> Field {
        Field::new(name, label, Kind::Ticks(choices))
    }

    pub fn given(name: &str, value: impl ToString) -> Field {
        Field::new(name, "", Kind::Given).value(value)
    }

    pub fn hint(self, hint: impl Into<String>) -> Field {
        Field { hint: hint.into(), ..self }
    }

    pub fn required(self) -> Field {
        Field { required: true, ..self }
    }

    pub fn aside(self) -> Field {
        Field { aside: true, ..self }
    }

    pub fn value(self, value: impl ToString) -> Field {
        Field { values: vec![value.to_string()], ..self }
    }

    /// What is stored; nothing when there is nothing.
    pub fn stored(self, value: Option<impl ToString>) -> Field {
        Field { values: value.map(|value| value.to_string()).into_iter().collect(), ..self }
    }

    pub fn values(self, values: impl IntoIterator<Item = impl ToString>) -> Field {
        Field { values: values.into_iter().map(|value| value.to_string()).collect(), ..self }
    }

    /// Its id in the page.
    pub fn id(&self) -> String {
        self.name.replace('.', "-")
    }

    fn text(&self) -> &str {
        self.values.first().map_or("", String::as_str)
    }

    fn holds(&self, value: &str) -> bool {
        self.values.iter().any(|held| held == value)
    }

    /// What was typed, as the input has it; nothing when it was left empty.
    fn typed(&self, fields: &Fields, pointers: &mut Vec<(String, String)>) -> Option<Value> {
        match &self.kind {
            Kind::Ticks(_) => {
                Some(Value::Array(fields.all(&self.name).filter(|t| !t.is_empty()).map(number).collect()))
            }
            Kind::Tick => Some(Value::Bool(fields.has(&self.name))),
            Kind::Number => fields.given(&self.name).map(number),
            Kind::Given => fields.given(&self.name).map(number),
            Kind::Files => {
                let ids = fields.ids("attachment");
                (!ids.is_empty()).then(|| ids.into())
            }
            Kind::Choice(_) => fields.given(&self.name).map(number),
            Kind::Rows { columns, .. } => {
                let mut items = Vec::new();
                for row in 0..MOST_ROWS {
                    let cell = |column: &Field| format!("{}.{row}.{}", self.name, column.name);
                    let Some(first) = columns.first() else { break };
                    if !fields.has(&cell(first)) {
                        break;
                    }
                    if fields.given(&cell(first)).is_none() {
                        continue;
                    }
                    let mut item = Map::new();
                    for column in columns {
                        let place = format!("/{}/{}/{}", self.name, items.len(), column.name);
                        pointers.push((place, cell(column).replace('.', "-")));
                        if let Some(text) = fields.given(&cell(column)) {
                            let value = match column.kind {
                                Kind::Line | Kind::Prose => text.into(),
                                _ => number(text),
                            };
                            item.insert(column.name.clone(), value);
                        }
                    }
                    items.push(Value::Object(item));
                }
                Some(items.into())
            }
            Kind::Line | Kind::Prose | Kind::Date | Kind::Time | Kind::Password => {
                fields.given(&self.name).map(Value::from)
            }
        }
    }

    /// Puts in what was typed.
    fn fill(&mut self, fields: &Fields) {
        if matches!(self.kind, Kind::Password) {
            return;
        }
        if let Kind::Rows { columns, rows } = &mut self.kind {
            for (index, row) in rows.iter_mut().enumerate() {
                for (column, cell) in columns.iter().zip(row.iter_mut()) {
                    if matches!(column.kind, Kind::Given) {
                        continue;
                    }
                    *cell = fields.get(&format!("{}.{index}.{}", self.name, column.name)).to_owned();
                }
            }
            return;
        }
        let typed: Vec<String> = fields.all(&self.name).map(str::to_owned).collect();
        let before = std::mem::replace(&mut self.values, typed);
        let stored = before.first().cloned().unwrap_or_default();
        let plain = matches!(self.kind, Kind::Line | Kind::Prose | Kind::Date | Kind::Time | Kind::Number);
        self.stored = (plain && stored != self.text()).then_some(stored);
    }
}

/// The most rows that a form is read for.
const MOST_ROWS: usize = 500;

/// A number as a number, yes and no as such: ids, counts, points, choices; everything else as the text it is.
fn number(text: &str) -> Value {
    match (text, text.parse::<i64>(), text.parse::<f64>()) {
        ("true", ..) => true.into(),
        ("false", ..) => false.into(),
        (_, Ok(whole), _) => whole.into(),
        (_, Err(_), Ok(number)) if text.starts_with(|first: char| first.is_ascii_digit()) => number.into(),
        _ => text.into(),
    }
}

/// A form.
#[derive(Debug, Clone, Default)]
pub struct Form {
    pub kicker: Vec<String>,
    pub title: String,
    /// What will happen, in a sentence or two; `**` sets words in bold.
    pub lead: String,
    /// Where it leads when it is left.
    pub back: String,
    /// The words of its button.
    pub submit: String,
    pub fields: Vec<Field>,
    /// The version that is changed: a form with one sends only what differs from what is stored.
    pub version: Option<i64>,
    /// Whether it can be looked at before it is done.
    pub previews: bool,
    /// What it would do, or what it is about.
    pub shown: Option<Html>,
}

impl Form {
    pub fn new(title: impl Into<String>, submit: impl Into<String>, back: impl Into<String>) -> Form {
        Form { title: title.into(), submit: submit.into(), back: back.into(), ..Form::default() }
    }

    pub fn lead(self, lead: impl Into<String>) -> Form {
        Form { lead: lead.into(), ..self }
    }

    pub fn kicker(self, line: impl Into<String>) -> Form {
        Form { kicker: vec![line.into()], ..self }
    }

    pub fn field(mut self, field: Field) -> Form {
        self.fields.push(field);
        self
    }

    /// The field, when it applies.
    pub fn field_if(self, applies: bool, field: Field) -> Form {
        if applies { self.field(field) } else { self }
    }

    pub fn of_version(self, version: i64) -> Form {
        Form { version: Some(version), ..self }
    }

    /// What was typed as the input of the action, and which field each place of it is.
    fn input(&self, fields: &Fields) -> (Value, Vec<(String, String)>) {
        let (mut input, mut pointers) = (Map::new(), Vec::new());
        for field in &self.fields {
            let typed = field.typed(fields, &mut pointers);
            // Behind those of its cells, since a place counts for everything below it.
            pointers.push((format!("/{}", field.name.replace('.', "/")), field.id()));
            if field.aside {
                continue;
            }
            let value = match (typed, self.version) {
                (typed, Some(_)) if !changed(field, typed.as_ref(), fields) => continue,
                (None, Some(_)) => Value::Null,
                (None, None) => continue,
                (Some(value), _) => value,
            };
            put(&mut input, &field.name, value);
        }
        (Value::Object(input), pointers)
    }

    fn fill(&mut self, fields: &Fields) {
        for field in &mut self.fields {
            field.fill(fields);
        }
    }

    fn takes_files(&self) -> bool {
        self.fields.iter().any(|field| matches!(field.kind, Kind::Files))
    }
}

/// Whether what was typed differs from what is stored.
fn changed(field: &Field, typed: Option<&Value>, fields: &Fields) -> bool {
    match &field.kind {
        Kind::Rows { .. } => true,
        Kind::Files => typed.is_some(),
        Kind::Tick => field.holds("true") != fields.has(&field.name),
        Kind::Ticks(_) => fields.all(&field.name).collect::<Vec<_>>() != field.values,
        _ => field.text().trim().replace("\r\n", "\n") != fields.get(&field.name).replace("\r\n", "\n"),
    }
}

/// Puts a value at a place with dots.
fn put(input: &mut Map<String, Value>, name: &str, value: Value) {
    match name.split_once('.') {
        None => {
            input.insert(name.to_owned(), value);
        }
        Some((outer, inner)) => {
            let below = input.entry(outer).or_insert_with(|| Map::new().into());
            if let Value::Object(below) = below {
                put(below, inner, value);
            }
        }
    }
}

/// What actions need beside the database.
#[derive(Clone)]
pub struct Tools {
    pub nodes: Arc<dyn Consequences>,
    pub evidence: Arc<Evidence>,
    pub accounts: Arc<Accounts>,
}

/// For making a form.
pub struct See<'a> {
    pub conn: &'a mut Conn,
    pub actor: &'a Actor,
    pub lang: Lang,
    /// What the address asks for behind its `?`, or what was typed.
    pub query: &'a Fields,
}

/// For doing what it says.
pub struct Do<'a> {
    pub conn: &'a mut Conn,
    pub actor: &'a Actor,
    pub tools: &'a Tools,
    /// Everything that was typed.
    pub fields: &'a Fields,
    /// The moment by the real clock.
    pub now: NaiveDateTime,
    input: Value,
}

impl Do<'_> {
    /// What was typed, as the input of an action.
    pub fn input<T: DeserializeOwned + Validate>(&self) -> Result<T> {
        read_value(self.input.clone())
    }

    /// What was typed, for an input that needs more than the form has.
    pub fn raw(&self) -> Value {
        self.input.clone()
    }

    /// The same with one thing more in it.
    pub fn input_with<T: DeserializeOwned + Validate>(&self, name: &'static str, value: impl Into<Value>) -> Result<T> {
        self.input_and([(name, value.into())])
    }

    /// The same with several things more in it.
    pub fn input_and<T: DeserializeOwned + Validate>(
        &self,
        more: impl IntoIterator<Item = (&'static str, Value)>,
    ) -> Result<T> {
        let mut input = self.input.clone();
        if let Value::Object(fields) = &mut input {
            more.into_iter().for_each(|(name, value)| put(fields, name, value));
        }
        read_value(input)
    }
}

/// A verb with its form.
pub trait Deed: 'static {
    /// What its address names.
    type At: DeserializeOwned + Copy + Send + Sync + 'static;

    /// The form as it is opened.
    fn form(see: &mut See<'_>, at: Self::At) -> Result<Form>;

    /// Does it; the address where it leads.
    fn done(it: &mut Do<'_>, at: Self::At) -> Result<String>;

    /// What it would do, for a form that can be looked at first.
    fn preview(_it: &mut Do<'_>, _lang: Lang, _at: Self::At) -> Result<Html> {
        Ok(Html::default())
    }
}

#[derive(Template)]
#[template(path = "console/form.html")]
struct FormPage<'a> {
    view: &'a View,
    w: FormWords,
    form: &'a Form,
    marks: &'a Marks,
    /// Files that are stored already and come with the form.
    attached: Vec<i64>,
}

impl FormPage<'_> {
    fn cell(&self, field: &Field, row: &usize, column: &Field) -> String {
        format!("{}.{row}.{}", field.name, column.name)
    }

    /// The value and the words of a cell that is shown and not typed.
    fn given<'t>(&self, text: &'t str) -> (&'t str, &'t str) {
        text.split_once('|').unwrap_or((text, text))
    }

    fn cell_id(&self, field: &Field, row: &usize, column: &Field) -> String {
        self.cell(field, row, column).replace('.', "-")
    }
}

fn form_page(status: StatusCode, view: &View, form: &Form, marks: &Marks, attached: Vec<i64>) -> Result<HttpResponse> {
    page_with(status, &FormPage { view, w: FormWords(view.lang), form, marks, attached })
}

/// Shows the form of a deed.
pub async fn show<D: Deed>(visit: Visit, request: HttpRequest, Path(at): Path<D::At>) -> Result<HttpResponse, Error> {
    let (lang, query) = (visit.view.lang, Fields::read(request.query_string().as_bytes()));
    let form = visit.caller.read_long(move |conn, actor| D::form(&mut See { conn, actor, lang, query: &query }, at));
    form_page(StatusCode::OK, &visit.view, &form.await?, &Marks::none(), vec![])
}

/// Takes the form of a deed and does it; shown again with what is to be mended when it is refused.
pub async fn send<D: Deed>(
    mut posted: Posted,
    Path(at): Path<D::At>,
    nodes: web::Data<dyn Consequences>,
    evidence: web::Data<Evidence>,
    accounts: web::Data<Accounts>,
) -> Result<HttpResponse, Error> {
    posted.attach().await?;
    let Posted { mut visit, fields, again, refused, .. } = posted;
    let (lang, kept) = (visit.view.lang, Arc::new(fields));
    let fields = kept.clone();
    let mut form =
        visit.caller.read_long(move |conn, actor| D::form(&mut See { conn, actor, lang, query: &fields }, at)).await?;
    let now = visit.caller.db.clock().stamp();
    let tools = Tools { nodes: nodes.into_inner(), evidence: evidence.into_inner(), accounts: accounts.into_inner() };
    let (input, pointers) = form.input(&kept);
    let mut marks = Marks::none();
    for (name, problem) in &refused {
        let said = problem.faults.first().map_or_else(
            || problem.code.sentence(lang.is_chinese(), &problem.args),
            |fault| fault.code.sentence(lang.is_chinese(), &fault.args),
        );
        marks.say(Some("attachment_ids".into()), format!("{name}: {said}"));
    }
    let attached = kept.ids("attachment");
    if again || !marks.is_empty() {
        form.fill(&kept);
        return form_page(StatusCode::OK, &visit.view, &form, &marks, attached);
    }
    if let Some(version) = form.version {
        let named = kept.given("version").and_then(|text| text.parse().ok()).unwrap_or(version);
        visit.caller.request.if_match = IfMatch::of(named);
    }
    let fields = kept.clone();
    let outcome = if form.previews && kept.has("_preview") {
        let shown = visit.caller.read_long(move |conn, actor| {
            let mut it = Do { conn, actor, tools: &tools, fields: &fields, now, input: input.clone() };
            D::preview(&mut it, lang, at)
        });
        shown.await.map(|shown| form.shown = Some(shown))
    } else {
        let done = visit.caller.write(move |conn, actor| {
            D::done(&mut Do { conn, actor, tools: &tools, fields: &fields, now, input: input.clone() }, at)
        });
        match done.await {
            Ok(address) => return Ok(see_other(&said_at(&address, Said::Saved))),
            Err(error) => Err(error),
        }
    };
    form.fill(&kept);
    // What one may not do is no fault of what was typed.
    if let Err(error) = &outcome
        && matches!(error.problem().code.status, 403 | 404)
    {
        return outcome.and_then(|()| form_page(StatusCode::OK, &visit.view, &form, &marks, attached));
    }
    let stale = matches!(&outcome, Err(error) if error.code() == STALE.code);
    if !stale {
        form.fields.iter_mut().for_each(|field| field.stored = None);
    }
    let status = if let Err(error) = outcome {
        if stale {
            marks.say(None, FormWords(lang).stale());
        } else {
            let places: Vec<(&str, &str)> = pointers.iter().map(|(p, f)| (p.as_str(), f.as_str())).collect();
            marks = Marks::of(error, lang, &places)?;
        }
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    form_page(status, &visit.view, &form, &marks, attached)
}

/// The address with what was just done.
fn said_at(address: &str, said: Said) -> String {
    let (path, part) = address.split_once('#').map_or((address, None), |(path, part)| (path, Some(part)));
    let joint = if path.contains('?') { '&' } else { '?' };
    let part = part.map(|part| format!("#{part}")).unwrap_or_default();
    format!("{path}{joint}said={}{part}", said.word())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn form() -> Form {
        let rows = Kind::Rows {
            columns: vec![Field::line("person", "P"), Field::new("unit_id", "U", Kind::Number)],
            rows: vec![vec![String::new(); 2]; 3],
        };
        Form::new("T", "S", "/")
            .field(Field::line("title", "Title"))
            .field(Field::line("source.body", "Body"))
            .field(Field::new("unit_ids", "Units", Kind::Ticks(vec![])))
            .field(Field::new("items", "Items", rows))
    }

    #[test]
    fn what_is_typed_becomes_the_input_and_each_place_has_its_field() {
        let typed = "title=+A+&source.body=B&unit_ids=3&unit_ids=4&items.0.person=x&items.0.unit_id=7&items.1.person=\
                     &items.1.unit_id=9&items.2.person=2020&items.2.unit_id=";
        let (input, pointers) = form().input(&Fields::read(typed.as_bytes()));
        let expected = json!({"title": "A", "source": {"body": "B"}, "unit_ids": [3, 4],
            "items": [{"person": "x", "unit_id": 7}, {"person": "2020"}]});
        assert_eq!(input, expected);
        assert!(pointers.contains(&("/source/body".into(), "source-body".into())));
        assert!(pointers.contains(&("/items/1/person".into(), "items-2-person".into())), "{pointers:?}");
    }

    #[test]
    fn a_form_with_a_version_sends_only_what_was_changed_and_empties_what_was_emptied() {
        let form = Form::new("T", "S", "/")
            .field(Field::line("title", "").value("old"))
            .field(Field::line("place", "").value("room"))
            .field(Field::prose("text", "").value("one\ntwo"))
            .of_version(3);
        let typed = Fields::read(b"title=new&place=&text=one%0D%0Atwo");
        assert_eq!(form.input(&typed).0, json!({"title": "new", "place": null}));
    }

    #[test]
    fn what_was_done_is_said_before_the_place_in_the_page() {
        assert_eq!(said_at("/a?b=1#c", Said::Saved), "/a?b=1&said=saved#c");
        assert_eq!(said_at("/a", Said::Saved), "/a?said=saved");
    }
}
