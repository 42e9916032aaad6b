//! A page of sections: facts, tables and prose, with what may be done beside them. Most pages that show one thing or a
//! list are one. A page is built as a [`Sheet`] where it is read, and one template shows them all.

use std::borrow::Cow;

use actix_web::HttpResponse;
use askama::Template;

use super::page::{Html, page};
use super::terms::Mark;
use super::view::View;
use crate::platform::Result;

/// A page.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// Small lines above the title: kind, unit, year.
    pub kicker: Vec<String>,
    pub title: String,
    /// The sentence that answers what one came for; `**` sets words in bold.
    pub lead: String,
    /// Back to where this belongs: address and words.
    pub back: Option<Act>,
    /// What may be done with the whole.
    pub acts: Vec<Act>,
    pub sections: Vec<Section>,
}

/// Something that may be done, or somewhere to go: a link to its page or form.
#[derive(Debug, Clone)]
pub struct Act {
    pub address: String,
    pub label: String,
    /// The one that is expected next.
    pub main: bool,
}

impl Act {
    pub fn new(address: impl Into<String>, label: impl Into<String>) -> Act {
        Act { address: address.into(), label: label.into(), main: false }
    }

    pub fn main(self) -> Act {
        Act { main: true, ..self }
    }
}

/// A part of the page under a heading.
#[derive(Debug, Clone, Default)]
pub struct Section {
    /// Its id in the page.
    pub id: Cow<'static, str>,
    pub heading: String,
    pub hint: String,
    pub acts: Vec<Act>,
    pub parts: Vec<Part>,
}

impl Section {
    pub fn new(id: impl Into<Cow<'static, str>>, heading: impl Into<String>) -> Section {
        Section { id: id.into(), heading: heading.into(), ..Section::default() }
    }

    pub fn hint(self, hint: impl Into<String>) -> Section {
        Section { hint: hint.into(), ..self }
    }

    pub fn part(mut self, part: Part) -> Section {
        self.parts.push(part);
        self
    }

    /// Something to do here, when it may be done.
    pub fn act(mut self, may: bool, act: Act) -> Section {
        self.acts.extend(may.then_some(act));
        self
    }
}

/// What stands in a section.
#[derive(Debug, Clone)]
pub enum Part {
    /// A line a fact: its name and what it is.
    Facts(Vec<(String, Html)>),
    Table(Table),
    /// A text in paragraphs.
    Prose(String),
    /// HTML that is safe already: a bulletin's text, a chart.
    Ready(Html),
    /// What would stand here, and how it comes here.
    Empty {
        title: String,
        text: String,
    },
}

/// A table. The first cell of a row names it.
#[derive(Debug, Clone, Default)]
pub struct Table {
    pub head: Vec<String>,
    pub rows: Vec<Vec<Html>>,
}

impl Table {
    pub fn new<const N: usize>(head: [impl Into<String>; N]) -> Table {
        Table { head: head.into_iter().map(Into::into).collect(), rows: vec![] }
    }

    pub fn row<const N: usize>(&mut self, cells: [Html; N]) {
        self.rows.push(cells.into());
    }

    /// The table, or in its place what would stand here.
    pub fn or_empty(self, title: impl Into<String>, text: impl Into<String>) -> Part {
        if self.rows.is_empty() { Part::Empty { title: title.into(), text: text.into() } } else { Part::Table(self) }
    }
}

/// A light in a cell.
pub fn light(mark: Mark) -> Html {
    Html::light(mark.shape, mark.colour, mark.word)
}

#[derive(Template)]
#[template(path = "console/sheet.html")]
struct SheetPage<'a> {
    view: &'a View,
    sheet: &'a Sheet,
}

impl SheetPage<'_> {
    /// A text in its paragraphs.
    fn paragraphs(text: &str) -> Vec<&str> {
        text.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
    }
}

/// Shows a page.
pub fn show(view: &View, sheet: &Sheet) -> Result<HttpResponse> {
    page(&SheetPage { view, sheet })
}

/// A sheet for paper, A4: what is printed, signed and filed.
#[derive(Debug, Clone, Default)]
pub struct Paper {
    /// Back to where this belongs.
    pub back: Option<Act>,
    pub title: String,
    /// Between title and table: unit, day, document number.
    pub facts: Vec<String>,
    pub parts: Vec<Part>,
    /// Who signs: the words before each line.
    pub signs: Vec<String>,
    /// Whether the sheet lies across.
    pub landscape: bool,
}

#[derive(Template)]
#[template(path = "console/paper.html")]
struct PaperPage<'a> {
    view: &'a View,
    paper: &'a Paper,
}

impl PaperPage<'_> {
    fn paragraphs(text: &str) -> Vec<&str> {
        SheetPage::paragraphs(text)
    }
}

/// Shows a sheet for paper.
pub fn show_paper(view: &View, paper: &Paper) -> Result<HttpResponse> {
    page(&PaperPage { view, paper })
}
