//! A workbook or a CSV file as rows of cells with their places. Cells are streamed and counted, so that a sheet whose
//! one cell lies in its last corner costs one cell. A formula is never evaluated: its cell says that it is one.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};
use chrono::NaiveDate;
use encoding_rs::{GB18030, UTF_8};

use super::guard::{self, Form};
use super::text::csv_said;
use super::{
    CELL_LIMIT, COLUMN_LIMIT, FILE_LIMIT, ROW_LIMIT, SHEET_BROKEN, SHEET_ENCODING, SHEET_TOO_LARGE, SHEET_TOO_LONG,
    column_name,
};
use crate::platform::error::{CLASSIFIED_MARKING, of_a_library};
use crate::platform::text::is_marked_classified;
use crate::platform::{Error, Result};

/// What a file holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Book {
    pub sheets: Vec<Grid>,
    /// Whether it was a CSV file.
    pub is_csv: bool,
}

/// A sheet: its rows that hold anything, in their order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Grid {
    pub name: String,
    pub hidden: bool,
    pub lines: Vec<Line>,
    /// Merged cells: the first row and column and the last, counted from 0.
    pub merged: Vec<((u32, u32), (u32, u32))>,
}

/// A row of a sheet.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Line {
    /// Counted from 0.
    pub row: u32,
    /// From column A on; a cell behind the last is empty.
    pub cells: Vec<Cell>,
}

/// A cell as text, and what it was.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cell {
    /// Trimmed; a date as 2020-06-30, of a formula nothing.
    pub text: String,
    pub what: What,
}

/// What a cell holds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum What {
    #[default]
    Empty,
    Text,
    Number,
    Day(NaiveDate),
    Bool,
    Formula,
    /// A formula that failed: #N/A, #REF!.
    Error,
}

static EMPTY: Cell = Cell { text: String::new(), what: What::Empty };

impl Line {
    /// The cell in a column, counted from 0.
    pub fn cell(&self, column: usize) -> &Cell {
        self.cells.get(column).unwrap_or(&EMPTY)
    }

    /// Whether no cell holds anything.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.what == What::Empty)
    }
}

impl Cell {
    fn text(text: &str) -> Cell {
        let text = normal(text);
        let what = if text.is_empty() { What::Empty } else { What::Text };
        Cell { text, what }
    }
}

/// A text as cells hold it: trimmed, with one kind of line break.
pub fn normal(text: &str) -> String {
    let text = text.trim();
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() }
}

/// Reads a file. `name` is the file's; a CSV file becomes a sheet of that name.
pub fn read(bytes: &[u8], name: &str) -> Result<Book> {
    if bytes.len() > FILE_LIMIT {
        return Err(SHEET_TOO_LARGE.with([("limit", FILE_LIMIT.to_string())]));
    }
    match guard::form(bytes)? {
        Form::Text => Ok(Book { sheets: vec![read_csv(bytes, name)?], is_csv: true }),
        Form::Xlsx => {
            guard::check(bytes)?;
            unless_it_panics(|| read_xlsx(bytes))
        }
    }
}

/// The library that reads workbooks panics where one was bent on purpose, such as at the row 99999999999: it is broken.
/// (`Cargo.toml` has it check its numbers in a release too, or it would take that row for another.)
fn unless_it_panics<T>(read: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(broken("a cell lies where none can be")))
}

fn read_xlsx(bytes: &[u8]) -> Result<Book> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(broken)?;
    let known: Vec<_> = book.sheets_metadata().to_vec();
    let (mut sheets, mut counted) = (vec![], 0);
    for sheet in known.into_iter().filter(|sheet| sheet.typ == SheetType::WorkSheet) {
        let mut grid = read_sheet(&mut book, &sheet.name, &mut counted)?;
        grid.hidden = sheet.visible != SheetVisible::Visible;
        let merged = book.merge_cells_by_sheet_name(&sheet.name).map_err(broken)?;
        grid.merged = merged.into_iter().map(|area| (area.start, area.end)).collect();
        sheets.push(grid);
    }
    Ok(Book { sheets, is_csv: false })
}

fn read_sheet(book: &mut Xlsx<Cursor<&[u8]>>, name: &str, counted: &mut usize) -> Result<Grid> {
    let mut gathered = Gathering::of(name, counted)?;
    let mut cells = book.worksheet_cells_reader(name).map_err(broken)?;
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(broken)? {
        let read = if cell.formula.is_some() {
            Cell { text: String::new(), what: What::Formula }
        } else {
            cell_of(cell.value)
        };
        gathered.put(cell.pos, read)?;
    }
    Ok(gathered.grid())
}

fn broken(error: impl std::fmt::Display) -> Error {
    SHEET_BROKEN.with([("detail", of_a_library(error))])
}

fn cell_of(value: DataRef<'_>) -> Cell {
    let number = |text: String| Cell { text, what: What::Number };
    match value {
        DataRef::Empty => Cell::default(),
        DataRef::Int(whole) => number(whole.to_string()),
        DataRef::Float(float) => number(float.to_string()),
        DataRef::String(text) => Cell::text(&text),
        DataRef::SharedString(text) => Cell::text(text),
        DataRef::Bool(yes) => Cell { text: if yes { "是" } else { "否" }.into(), what: What::Bool },
        DataRef::DateTime(serial) => day_of(serial),
        DataRef::DateTimeIso(text) => {
            let day = text.get(..10).and_then(|day| day.parse::<NaiveDate>().ok());
            day.map_or_else(|| Cell::text(&text), day_cell)
        }
        DataRef::DurationIso(text) => Cell::text(&text),
        DataRef::Error(error) => Cell { text: error.to_string(), what: What::Error },
    }
}

/// A serial in a date cell is a date; one that is a duration or lies outside the calendar stays a number.
fn day_of(serial: ExcelDateTime) -> Cell {
    match serial.as_datetime().filter(|_| serial.is_datetime()) {
        Some(moment) => day_cell(moment.date()),
        None => Cell { text: serial.as_f64().to_string(), what: What::Number },
    }
}

fn day_cell(day: NaiveDate) -> Cell {
    Cell { text: day.to_string(), what: What::Day(day) }
}

/// A sheet while its cells come in.
struct Gathering<'a> {
    grid: Grid,
    counted: &'a mut usize,
}

impl<'a> Gathering<'a> {
    fn of(name: &str, counted: &'a mut usize) -> Result<Gathering<'a>> {
        refuse_marked(name, || name.to_owned())?;
        Ok(Gathering { grid: Grid { name: name.to_owned(), ..Grid::default() }, counted })
    }

    fn put(&mut self, (row, column): (u32, u32), cell: Cell) -> Result<()> {
        if cell.what == What::Empty {
            return Ok(());
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= COLUMN_LIMIT {
            return Err(self.too_long(COLUMN_LIMIT, "列 columns"));
        }
        *self.counted += 1;
        if *self.counted > CELL_LIMIT {
            return Err(self.too_long(CELL_LIMIT, "个单元格 cells"));
        }
        refuse_marked(&cell.text, || format!("{}!{}{}", self.grid.name, column_name(column), row + 1))?;
        if self.grid.lines.last().is_none_or(|line| line.row != row) {
            if self.grid.lines.len() >= ROW_LIMIT {
                return Err(self.too_long(ROW_LIMIT, "行 rows"));
            }
            if self.grid.lines.last().is_some_and(|line| line.row > row) {
                return Err(broken("rows out of order"));
            }
            self.grid.lines.push(Line { row, cells: vec![] });
        }
        if let Some(line) = self.grid.lines.last_mut() {
            if line.cells.len() <= column {
                line.cells.resize(column + 1, Cell::default());
            }
            if let Some(place) = line.cells.get_mut(column) {
                *place = cell;
            }
        }
        Ok(())
    }

    fn too_long(&self, limit: usize, what: &str) -> Error {
        let args = [("sheet", self.grid.name.clone()), ("limit", limit.to_string()), ("what", what.to_owned())];
        SHEET_TOO_LONG.with(args)
    }

    fn grid(self) -> Grid {
        self.grid
    }
}

fn refuse_marked(text: &str, place: impl FnOnce() -> String) -> Result<()> {
    if is_marked_classified(text) { Err(CLASSIFIED_MARKING.at(place(), []).into_error()) } else { Ok(()) }
}

/// UTF-8 with or without a mark, UTF-16 with one, else GB18030; separated by commas, or by tabs where the first line
/// has those and no comma.
fn read_csv(bytes: &[u8], name: &str) -> Result<Grid> {
    let (text, encoding, wrong) = UTF_8.decode(bytes);
    let text = if !wrong {
        text
    } else if encoding == UTF_8 {
        let (text, wrong) = GB18030.decode_without_bom_handling(bytes);
        if wrong {
            return Err(SHEET_ENCODING.err());
        }
        text
    } else {
        return Err(SHEET_ENCODING.err());
    };
    let head = text.lines().next().unwrap_or_default();
    let delimiter = if head.contains('\t') && !head.contains([',', '，']) { b'\t' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut counted = 0;
    let mut gathered = Gathering::of(name, &mut counted)?;
    for (row, record) in (0_u32..).zip(reader.records()) {
        for (column, cell) in (0_u32..).zip(record.map_err(broken)?.iter()) {
            gathered.put((row, column), Cell::text(csv_said(cell)))?;
        }
    }
    Ok(gathered.grid())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(bytes: &[u8]) -> Vec<Vec<String>> {
        let book = read(bytes, "表.csv").unwrap();
        let line = |line: &Line| line.cells.iter().map(|cell| cell.text.clone()).collect();
        book.sheets[0].lines.iter().map(line).collect()
    }

    #[test]
    fn a_csv_file_reads_the_same_in_every_encoding() {
        let said = "任务,时限\r\n党课,'=1+1\r\n";
        let expected = vec![vec!["任务".to_owned(), "时限".into()], vec!["党课".into(), "=1+1".into()]];
        let (gb, _, _) = GB18030.encode(said);
        let mut utf16 = vec![0xff, 0xfe];
        utf16.extend(said.encode_utf16().flat_map(u16::to_le_bytes));
        for bytes in [said.as_bytes().to_vec(), format!("\u{feff}{said}").into_bytes(), gb.into_owned(), utf16] {
            assert_eq!(texts(&bytes), expected);
        }
        assert_eq!(read(&[b'a', 0xff, 0xff, 0x80], "a.csv").unwrap_err().code(), "sheet_encoding");
    }

    #[test]
    fn what_is_no_sheet_is_refused_by_its_bytes() {
        let xls: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
        for bytes in [xls, b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"", b"a\0b"] {
            assert_eq!(read(bytes, "a.xlsx").unwrap_err().code(), "sheet_type", "{bytes:?}");
        }
        assert_eq!(read(b"PK\x03\x04....", "a.xlsx").unwrap_err().code(), "sheet_broken");
        assert_eq!(read("任务,【机密】名单".as_bytes(), "a.csv").unwrap_err().code(), "classified_marking");
        let long = "x\n".repeat(ROW_LIMIT + 1);
        assert_eq!(read(long.as_bytes(), "a.csv").unwrap_err().code(), "sheet_too_long");
    }
}
