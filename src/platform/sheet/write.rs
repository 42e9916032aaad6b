//! Tables written as XLSX: texts as text cells, so that none is ever a formula; rows are spooled to a temporary file as
//! they come, so that memory does not grow with them.

use std::fs::File;
use std::io::{Seek, SeekFrom};

use rust_xlsxwriter::{Color, DataValidation, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use crate::platform::{Error, Result};

/// A column of a table.
#[derive(Debug, Clone, Default)]
pub struct Column {
    /// What stands above it.
    pub head: String,
    /// In characters, as spreadsheets measure.
    pub width: f64,
    /// Marked in the header as one that must be filled in.
    pub required: bool,
    /// What its cells offer to choose from; nothing: free.
    pub choices: Vec<String>,
    /// Not shown.
    pub hidden: bool,
}

impl Column {
    /// A plain column.
    pub fn new(head: impl Into<String>, width: f64) -> Column {
        Column { head: head.into(), width, ..Column::default() }
    }
}

/// What a cell says.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Blank,
    Text(String),
    Number(f64),
}

impl Value {
    /// A count.
    #[allow(clippy::cast_precision_loss, reason = "a spreadsheet knows no other numbers")]
    pub fn whole(number: i64) -> Value {
        Value::Number(number as f64)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Blank, Into::into)
    }
}

/// Rows below the header that offer choices.
const CHOICE_ROWS: u32 = 2000;
/// The number that workbooks have for A4.
const A4: u8 = 9;
/// Height of the first title, in points.
const TITLE_HEIGHT: f64 = 26.0;
/// Characters of a cell at most; Excel takes no more.
const CELL_CHARACTERS: usize = 32_767;

/// A workbook being written.
pub struct Workbook {
    book: rust_xlsxwriter::Workbook,
    look: Look,
}

/// How things look.
#[derive(Clone)]
struct Look {
    title: Format,
    /// Of the lines below the title.
    subtitle: Format,
    head: Format,
    required: Format,
    cell: Format,
    number: Format,
    note: Format,
}

impl Look {
    fn new() -> Look {
        let ruled =
            || Format::new().set_border(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::VerticalCenter);
        let head = || ruled().set_bold().set_align(FormatAlign::Center).set_background_color(Color::RGB(0x00F2_E6E3));
        Look {
            title: Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center),
            subtitle: Format::new().set_align(FormatAlign::Center),
            head: head(),
            required: head().set_font_color(Color::RGB(0x00C0_0000)),
            // Text format: what is typed over it stays the text that was typed.
            cell: ruled().set_num_format("@"),
            number: ruled(),
            note: Format::new().set_text_wrap().set_align(FormatAlign::Top),
        }
    }
}

impl Default for Workbook {
    fn default() -> Self {
        Workbook::new()
    }
}

impl Workbook {
    pub fn new() -> Workbook {
        Workbook { book: rust_xlsxwriter::Workbook::new(), look: Look::new() }
    }

    /// Begins a sheet with a table: a frozen bold header, and above it `titles`, a line each over the whole width.
    pub fn table(&mut self, name: &str, titles: &[String], columns: &[Column]) -> Result<Table<'_>> {
        let look = self.look.clone();
        let sheet = self.book.add_worksheet_with_constant_memory().map_err(failed)?;
        sheet.set_name(name).map_err(failed)?;
        let widths = columns.iter().filter(|column| !column.hidden).count();
        for (column, index) in columns.iter().zip(0_u16..) {
            sheet.set_column_width(index, column.width).map_err(failed)?;
            if column.hidden {
                sheet.set_column_hidden(index).map_err(failed)?;
            }
        }
        let mut row = 0;
        for title in titles {
            let format = if row == 0 { &look.title } else { &look.subtitle };
            if row == 0 {
                // Of merged cells no program finds the height by itself.
                sheet.set_row_height(row, TITLE_HEIGHT).map_err(failed)?;
            }
            // A merged range reaches back over rows that were spooled already, so only this row's cells are merged.
            let last = u16::try_from(widths.saturating_sub(1)).unwrap_or_default();
            if last == 0 {
                sheet.write_string_with_format(row, 0, bounded(title), format).map_err(failed)?;
            } else {
                sheet.merge_range(row, 0, row, last, &bounded(title), format).map_err(failed)?;
            }
            row += 1;
        }
        for (column, index) in columns.iter().zip(0_u16..) {
            let format = if column.required { &look.required } else { &look.head };
            let head = if column.required { format!("{}*", column.head) } else { column.head.clone() };
            sheet.write_string_with_format(row, index, head, format).map_err(failed)?;
        }
        row += 1;
        sheet.set_freeze_panes(row, 0).map_err(failed)?;
        offer(sheet, columns, row)?;
        Ok(Table { sheet, look, row, head: row - 1 })
    }

    /// Begins a sheet without a header, for rows at places of their own.
    pub fn plain(&mut self, name: &str, widths: &[f64]) -> Result<Table<'_>> {
        let look = self.look.clone();
        let sheet = self.book.add_worksheet_with_constant_memory().map_err(failed)?;
        sheet.set_name(name).map_err(failed)?;
        for (width, column) in widths.iter().zip(0_u16..) {
            sheet.set_column_width(column, *width).map_err(failed)?;
        }
        Ok(Table { sheet, look, row: 0, head: 0 })
    }

    /// A sheet of lines of text, one below the other.
    pub fn notes(&mut self, name: &str, lines: &[String]) -> Result<()> {
        let note = self.look.note.clone();
        let sheet = self.book.add_worksheet_with_constant_memory().map_err(failed)?;
        sheet.set_name(name).map_err(failed)?;
        sheet.set_column_width(0, 100).map_err(failed)?;
        for (line, row) in lines.iter().zip(0..) {
            sheet.write_string_with_format(row, 0, bounded(line), &note).map_err(failed)?;
        }
        Ok(())
    }

    /// The workbook as an open temporary file that has no name, at its beginning.
    pub fn finish(mut self) -> Result<File> {
        let mut file = tempfile::tempfile().map_err(Error::internal)?;
        self.book.save_to_writer(&file).map_err(failed)?;
        file.seek(SeekFrom::Start(0)).map_err(Error::internal)?;
        Ok(file)
    }
}

fn offer(sheet: &mut Worksheet, columns: &[Column], first: u32) -> Result<()> {
    for (column, index) in columns.iter().zip(0_u16..) {
        if !column.choices.is_empty() {
            let choices = DataValidation::new().allow_list_strings(&column.choices).map_err(failed)?;
            sheet.add_data_validation(first, index, first + CHOICE_ROWS, index, &choices).map_err(failed)?;
        }
    }
    Ok(())
}

/// A table being written, row by row.
pub struct Table<'a> {
    sheet: &'a mut Worksheet,
    look: Look,
    row: u32,
    /// The row of the header.
    head: u32,
}

impl Table<'_> {
    /// Writes the next row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Value>) -> Result<()> {
        for (cell, column) in cells.into_iter().zip(0_u16..) {
            match cell {
                Value::Blank => self.sheet.write_blank(self.row, column, &self.look.cell),
                Value::Text(text) => {
                    self.sheet.write_string_with_format(self.row, column, bounded(&text), &self.look.cell)
                }
                Value::Number(number) => {
                    self.sheet.write_number_with_format(self.row, column, number, &self.look.number)
                }
            }
            .map_err(failed)?;
        }
        self.row += 1;
        Ok(())
    }

    /// Goes on at a row, counted from 0; never back.
    pub fn go_to(&mut self, row: u32) {
        self.row = self.row.max(row);
    }

    /// Merges cells of the row that comes next: `text` over the columns from `first` to `last`.
    pub fn wide_row(&mut self, first: u16, last: u16, text: &str) -> Result<()> {
        let (row, text) = (self.row, bounded(text));
        if first == last {
            self.sheet.write_string_with_format(row, first, text, &self.look.cell).map_err(failed)?;
        } else {
            self.sheet.merge_range(row, first, row, last, &text, &self.look.cell).map_err(failed)?;
        }
        self.row += 1;
        Ok(())
    }

    /// Sets the sheet up for A4 once all its rows are written: landscape, as wide as the page down to column `last`, the
    /// titles and the header on every page, page numbers.
    pub fn on_a4(&mut self, last: u16) -> Result<()> {
        let bottom = self.row.saturating_sub(1).max(self.head);
        self.sheet
            .set_paper_size(A4)
            .set_landscape()
            .set_print_fit_to_pages(1, 0)
            .set_print_center_horizontally(true)
            .set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3)
            .set_footer("&C第 &P 页　共 &N 页");
        self.sheet.set_repeat_rows(0, self.head).map_err(failed)?;
        self.sheet.set_print_area(0, 0, bottom, last).map_err(failed)?;
        Ok(())
    }

    /// The sheet itself, for page set-up: paper, margins, titles that repeat.
    pub fn sheet(&mut self) -> &mut Worksheet {
        self.sheet
    }
}

/// What a cell can hold: longer texts end with an ellipsis.
fn bounded(text: &str) -> String {
    if text.encode_utf16().count() <= CELL_CHARACTERS {
        return text.to_owned();
    }
    let mut kept: String = text.chars().take(CELL_CHARACTERS / 2 - 1).collect();
    kept.push('…');
    kept
}

fn failed(error: XlsxError) -> Error {
    Error::internal(error)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;
    use crate::platform::sheet::{What, read};

    #[test]
    fn what_is_written_is_read_back_and_no_text_is_a_formula() {
        let texts =
            ["=1+1", "+86", "@x", "'a", "第一党支部\n第二党支部", "_x000D_", "<&>\"", "a\tb", "{=1}", "http://x.y"];
        let mut book = Workbook::new();
        let columns = [Column::new("甲", 10.0), Column { choices: vec!["是".into()], ..Column::new("乙", 10.0) }];
        let mut table = book.table("表", &["标题".to_owned()], &columns).unwrap();
        for text in texts {
            table.row([Value::from(text), Value::Number(2.5)]).unwrap();
        }
        let mut bytes = vec![];
        book.finish().unwrap().read_to_end(&mut bytes).unwrap();
        let grid = read::read(&bytes, "a.xlsx").unwrap().sheets.remove(0);
        assert_eq!(grid.merged, [((0, 0), (0, 1))]);
        let read: Vec<_> =
            grid.lines.iter().skip(2).map(|line| (line.cell(0).text.as_str(), line.cell(0).what)).collect();
        assert_eq!(read, texts.map(|text| (text, What::Text)));
        assert_eq!(grid.lines[2].cell(1).what, What::Number);
    }
}
