//! Tables of reports: a caption, columns, rows that may lead on, and a last row with the sum.

use askama::Template;

use super::page::Html;
use super::terms::Mark;
use crate::platform::Result;

/// A cell.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    pub text: String,
    /// Where it leads; empty: nowhere.
    pub href: String,
    /// A light before the text.
    pub mark: Option<Mark>,
    /// A figure, set to the right.
    pub number: bool,
}

impl Cell {
    /// Words.
    pub fn text(text: impl Into<String>) -> Cell {
        Cell { text: text.into(), ..Cell::default() }
    }

    /// A figure.
    pub fn number(number: impl ToString) -> Cell {
        Cell { text: number.to_string(), number: true, ..Cell::default() }
    }

    /// A light with its word.
    pub fn mark(mark: Mark) -> Cell {
        Cell { mark: Some(mark), ..Cell::default() }
    }

    /// The same, leading somewhere.
    pub fn to(self, href: impl Into<String>) -> Cell {
        Cell { href: href.into(), ..self }
    }
}

/// A column.
#[derive(Debug, Clone)]
pub struct Column {
    pub name: String,
    pub number: bool,
}

impl Column {
    /// Of words.
    pub fn text(name: impl Into<String>) -> Column {
        Column { name: name.into(), number: false }
    }

    /// Of figures.
    pub fn number(name: impl Into<String>) -> Column {
        Column { name: name.into(), number: true }
    }
}

/// A table under its heading. The first cell of a row names the row.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Unique on the page.
    pub id: String,
    pub title: String,
    /// A sentence beside the heading.
    pub note: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    /// The sum.
    pub total: Option<Vec<Cell>>,
    /// What is said when there is no row.
    pub empty: String,
}

#[derive(Template)]
#[template(path = "console/parts/table.html")]
struct Drawn<'a> {
    table: &'a Table,
}

impl Table {
    /// The table as a section of a page.
    pub fn draw(&self) -> Result<Html> {
        Html::of(&Drawn { table: self })
    }
}
