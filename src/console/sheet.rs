//! A page of sections: facts, tables and prose, with what may be done beside them. Most pages that show one thing or a
//! list are one. A page is built as a [`Sheet`] where it is read, and one template shows them all.

use std::borrow::Cow;

use actix_web::HttpResponse;
use askama::Template;
use chrono::NaiveDate;

use super::page::{Html, page};
use super::reading::ReadingWords;
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
    /// Reads as of a day that can be chosen: the day that is shown.
    pub as_of: Option<NaiveDate>,
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

/// A table. The first cell of a row names it. On a phone its rows stand one below the other, each cell with its head.
#[derive(Debug, Clone, Default)]
pub struct Table {
    pub head: Vec<String>,
    pub rows: Vec<Vec<Html>>,
    /// Headings within the table: above which row, and the words.
    pub groups: Vec<(usize, String)>,
    /// The last row, when it sums up the others.
    pub total: Option<Vec<Html>>,
    /// How wide the columns are, in tenths; as wide as they want where it is empty.
    pub widths: Vec<u8>,
    /// Places of the columns of numbers.
    pub numbers: Vec<usize>,
    /// The columns are alike and compared with one another: it stays a table on a phone too, and is moved sideways.
    pub matrix: bool,
}

/// Some rows of a table under a heading of their own.
pub struct Group<'a> {
    pub heading: Option<&'a str>,
    pub rows: &'a [Vec<Html>],
}

impl Table {
    pub fn new<const N: usize>(head: [impl Into<String>; N]) -> Table {
        Table { head: head.into_iter().map(Into::into).collect(), ..Table::default() }
    }

    /// How wide the columns are, in tenths, where tables of one page are to stand in line.
    pub fn widths<const N: usize>(self, widths: [u8; N]) -> Table {
        Table { widths: widths.into(), ..self }
    }

    /// The columns of numbers.
    pub fn numbers<const N: usize>(self, numbers: [usize; N]) -> Table {
        Table { numbers: numbers.into(), ..self }
    }

    /// Compared column by column.
    pub fn matrix(self) -> Table {
        Table { matrix: true, ..self }
    }

    /// A heading above what is added from now on.
    pub fn group(&mut self, heading: impl Into<String>) {
        self.groups.push((self.rows.len(), heading.into()));
    }

    /// The rows under their headings.
    fn grouped(&self) -> Vec<Group<'_>> {
        let mut starts: Vec<(usize, Option<&str>)> = vec![];
        if self.groups.first().is_none_or(|(first, _)| *first > 0) {
            starts.push((0, None));
        }
        starts.extend(self.groups.iter().map(|(start, heading)| (*start, Some(heading.as_str()))));
        let ends: Vec<usize> = starts.iter().skip(1).map(|(start, _)| *start).chain([self.rows.len()]).collect();
        let groups = starts.into_iter().zip(ends).filter_map(|((start, heading), end)| {
            // A heading without rows says nothing.
            let rows = self.rows.get(start..end).filter(|rows| !rows.is_empty())?;
            Some(Group { heading, rows })
        });
        groups.collect()
    }

    /// The places of the columns in which some row says something.
    fn used(&self) -> Vec<usize> {
        let says = |column: &usize| self.rows.iter().any(|row| row.get(*column).is_some_and(|cell| !cell.is_empty()));
        (0..self.head.len()).filter(|column| *column == 0 || self.matrix || says(column)).collect()
    }

    fn head_of(&self, column: &usize) -> &str {
        self.head.get(*column).map_or("", String::as_str)
    }

    fn cell<'t>(&self, row: &'t [Html], column: &usize) -> &'t Html {
        const NOTHING: &Html = &Html::empty();
        row.get(*column).unwrap_or(NOTHING)
    }

    fn is_number(&self, column: &usize) -> bool {
        self.numbers.contains(column)
    }

    fn width(&self, column: &usize) -> Option<&u8> {
        self.widths.get(*column)
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
    w: ReadingWords,
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
    page(&SheetPage { view, w: ReadingWords(view.lang), sheet })
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
