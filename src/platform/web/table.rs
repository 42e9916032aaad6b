//! Tables: a list of items or a report as rows of named cells. Rows are spooled to a temporary file as they come, so
//! that memory does not grow with them, and then written as CSV or XLSX, as they are or by a layout.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};

use serde::Serialize;
use serde_json::Value;
use tempfile::SpooledTempFile;
use utoipa::PartialSchema;
use utoipa::openapi::{RefOr, Schema};

use super::file::SentFile;
use super::{Form, RequestFacts};
use crate::codes;
use crate::platform::sheet::{self, Column, Workbook};
use crate::platform::{Error, PageRequest, Result};

codes! {
    LAYOUT_FIELD: 422 "layout_field_unknown" "报表格式中的列“{field}”在这张表里没有；可用的列：{accepted}。"
        "The layout names the column “{field}”, which this table does not have; it has: {accepted}.";
    LAYOUT_OF_JSON: 422 "layout_of_json" "报表格式只用于表格输出；请以 Accept 头要 CSV 或 XLSX，或去掉 layout_id。"
        "A layout is of a table: ask for CSV or XLSX with Accept, or leave layout_id out.";
    LAYOUT_SIGN_IN: 401 "layout_needs_sign_in" "使用报表格式须先登录。" "Sign in to use a layout.";
}

/// Bytes of rows that stay in memory; what goes beyond lies in a temporary file.
const IN_MEMORY: usize = 1024 * 1024;
/// The field of a layout's column that counts the rows.
pub const RUNNING_NUMBER: &str = "#";
/// Width of a column without a layout, in characters.
const WIDTH: f64 = 16.0;

/// A table on its way out: its columns in the order in which they came, and its rows.
pub struct Table {
    columns: Vec<String>,
    rows: BufWriter<SpooledTempFile>,
}

/// How a table is shown 报表格式: which columns in which order and wording, and what stands above and below.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layout {
    /// Lines above the header; in XLSX only.
    pub titles: Vec<String>,
    pub columns: Vec<LayoutColumn>,
    /// A line below the rows; in XLSX only.
    pub signature: Option<String>,
}

/// A column of a layout.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LayoutColumn {
    /// The column of the table; [`RUNNING_NUMBER`] counts the rows, nothing leaves the cells blank.
    pub field: Option<String>,
    /// What stands above it.
    pub head: String,
    /// In characters.
    pub width: f64,
    /// What stands instead of a value.
    pub words: BTreeMap<String, String>,
}

impl Default for Table {
    fn default() -> Self {
        Table { columns: vec![], rows: BufWriter::new(SpooledTempFile::new(IN_MEMORY)) }
    }
}

impl Table {
    /// A table of items: a column a field. Nested values are written as JSON.
    pub fn of<T: Serialize>(items: &[T]) -> Result<Table> {
        let mut table = Table::default();
        table.add(items)?;
        Ok(table)
    }

    /// The same, of items that the contract describes: without any it has their columns too, in the order of the contract.
    pub fn described<T: Serialize + PartialSchema>(items: &[T]) -> Result<Table> {
        Ok(Table::of(items)?.or_fields_of::<T>())
    }

    /// The same of a whole list, stretch after stretch: no more than one is in memory.
    pub fn whole<T: Serialize + PartialSchema>(
        page: &PageRequest,
        mut fetch: impl FnMut(&PageRequest) -> Result<(Vec<T>, Option<String>)>,
    ) -> Result<Table> {
        let (mut table, mut page) = (Table::default(), page.stretch(None)?);
        loop {
            let (items, next) = fetch(&page)?;
            table.add(&items)?;
            let Some(cursor) = next else { break };
            page = page.stretch(Some(&cursor))?;
        }
        Ok(table.or_fields_of::<T>())
    }

    fn or_fields_of<T: PartialSchema>(self) -> Table {
        if self.columns.is_empty() { Table { columns: fields(&T::schema()), ..self } } else { self }
    }

    /// A table of cells below their heads.
    pub fn with(head: &[String], rows: impl IntoIterator<Item = Vec<Value>>) -> Result<Table> {
        let mut table = Table { columns: head.to_vec(), ..Table::default() };
        for row in rows {
            table.push(&row)?;
        }
        Ok(table)
    }

    /// More items; a field that none had before is a further column.
    pub fn add<T: Serialize>(&mut self, items: &[T]) -> Result<()> {
        for item in items {
            let Value::Object(mut fields) = serde_json::to_value(item).map_err(Error::internal)? else {
                return Err(Error::internal("a row of a table is no object"));
            };
            for name in fields.keys() {
                if !self.columns.contains(name) {
                    self.columns.push(name.clone());
                }
            }
            let cells = self.columns.iter().map(|name| fields.get_mut(name).map_or(Value::Null, Value::take));
            let row: Vec<Value> = cells.collect();
            self.push(&row)?;
        }
        Ok(())
    }

    fn push(&mut self, row: &[Value]) -> Result<()> {
        serde_json::to_writer(&mut self.rows, row).map_err(Error::internal)?;
        self.rows.write_all(b"\n").map_err(Error::internal)
    }

    /// The table as the request wants it. `name` is that of the file, without its ending.
    pub fn sent(self, facts: &RequestFacts) -> Result<SentFile> {
        if facts.layout_id.is_some() && facts.layout.is_none() {
            return Err(LAYOUT_SIGN_IN.err());
        }
        let layout = facts.layout.as_deref();
        match facts.form {
            Form::Xlsx => SentFile::xlsx(self.xlsx(layout)?, facts.last_segment()),
            Form::Json | Form::Csv => SentFile::csv(self.csv(layout)?),
        }
    }

    /// UTF-8 with a byte-order mark, which spreadsheets need to read Chinese. The titles and the signature of a layout
    /// are left out: in CSV they would be rows.
    pub fn csv(self, layout: Option<&Layout>) -> Result<File> {
        let (columns, rows) = self.shown(layout)?;
        let mut file = tempfile::tempfile().map_err(Error::internal)?;
        file.write_all("\u{feff}".as_bytes()).map_err(Error::internal)?;
        let mut writer = csv::Writer::from_writer(BufWriter::new(&file));
        if !columns.is_empty() {
            writer.write_record(columns.iter().map(|column| csv_cell(&column.head))).map_err(Error::internal)?;
        }
        for row in rows {
            writer.write_record(row?.iter().map(csv_text)).map_err(Error::internal)?;
        }
        writer.flush().map_err(Error::internal)?;
        drop(writer);
        file.seek(SeekFrom::Start(0)).map_err(Error::internal)?;
        Ok(file)
    }

    /// A workbook of one sheet. Numbers are numbers, everything else is text: nothing in it is a formula.
    pub fn xlsx(self, layout: Option<&Layout>) -> Result<File> {
        let (columns, rows) = self.shown(layout)?;
        let mut book = Workbook::new();
        let heads: Vec<Column> = columns.iter().map(|column| Column::new(&column.head, column.width)).collect();
        let titles = layout.map(|layout| layout.titles.clone()).unwrap_or_default();
        let mut table = book.table("数据", &titles, &heads)?;
        for row in rows {
            table.row(row?.into_iter().map(sheet_value))?;
        }
        if let Some(layout) = layout {
            let last = u16::try_from(heads.len().saturating_sub(1)).unwrap_or(u16::MAX);
            if let Some(signature) = &layout.signature {
                table.wide_row(0, last, signature)?;
            }
            // It is made to be handed on, so it is made for paper.
            table.on_a4(last)?;
        }
        book.finish()
    }

    /// The columns to show, and the rows with a cell for each of them.
    fn shown(self, layout: Option<&Layout>) -> Result<(Vec<LayoutColumn>, impl Iterator<Item = Result<Vec<Value>>>)> {
        let names = self.columns;
        let columns = match layout {
            Some(layout) => layout.columns.clone(),
            None => names.iter().map(|name| plain(name)).collect(),
        };
        let places = columns.iter().map(|column| Place::of(column, &names)).collect::<Result<Vec<_>>>()?;
        let mut rows = self.rows.into_inner().map_err(|error| Error::internal(error.error()))?;
        rows.seek(SeekFrom::Start(0)).map_err(Error::internal)?;
        let shown = columns.clone();
        let lines = BufReader::new(rows).lines().zip(1_u64..).map(move |(line, number)| {
            let cells: Vec<Value> = serde_json::from_str(&line.map_err(Error::internal)?).map_err(Error::internal)?;
            Ok(places.iter().zip(&shown).map(|(place, column)| place.cell(column, &cells, number)).collect())
        });
        Ok((columns, lines))
    }
}

/// The names of the fields of a schema.
fn fields(schema: &RefOr<Schema>) -> Vec<String> {
    match schema {
        RefOr::T(Schema::Object(object)) => object.properties.keys().cloned().collect(),
        RefOr::T(Schema::AllOf(all)) => all.items.iter().flat_map(fields).collect(),
        RefOr::T(_) | RefOr::Ref(_) => vec![],
    }
}

/// A column of the table as it is.
fn plain(name: &str) -> LayoutColumn {
    LayoutColumn { field: Some(name.to_owned()), head: name.to_owned(), width: WIDTH, words: BTreeMap::new() }
}

/// Where a shown column takes its cells from.
enum Place {
    Blank,
    Number,
    Cell(usize),
}

impl Place {
    fn of(column: &LayoutColumn, names: &[String]) -> Result<Place> {
        let Some(field) = &column.field else { return Ok(Place::Blank) };
        if field == RUNNING_NUMBER {
            return Ok(Place::Number);
        }
        // A list without any item doesn't say what its columns are.
        if names.is_empty() {
            return Ok(Place::Blank);
        }
        names
            .iter()
            .position(|name| name == field)
            .map(Place::Cell)
            .ok_or_else(|| LAYOUT_FIELD.with([("field", field.clone()), ("accepted", names.join(", "))]))
    }

    fn cell(&self, column: &LayoutColumn, cells: &[Value], number: u64) -> Value {
        match self {
            Place::Blank => Value::Null,
            Place::Number => number.into(),
            Place::Cell(index) => {
                let cell = cells.get(*index).cloned().unwrap_or_default();
                let word = if column.words.is_empty() { None } else { column.words.get(&text(&cell)) };
                word.map_or(cell, |word| word.clone().into())
            }
        }
    }
}

/// What a cell says.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn csv_text(value: &Value) -> String {
    match value {
        Value::String(text) => csv_cell(text),
        other => text(other),
    }
}

fn sheet_value(value: Value) -> sheet::Value {
    match value {
        Value::Null => sheet::Value::Blank,
        Value::Number(number) => number.as_f64().map_or(sheet::Value::Blank, sheet::Value::Number),
        Value::String(text) if text.is_empty() => sheet::Value::Blank,
        other => sheet::Value::Text(text(&other)),
    }
}

/// A text that a spreadsheet would take for a formula gets a leading `'`.
pub fn csv_cell(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use serde_json::json;

    use super::*;

    fn written(mut file: File) -> String {
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        text
    }

    fn rows() -> Table {
        let mut table = Table::of(&[json!({"id": 1, "name": "第一党支部", "code": null})]).unwrap();
        table.add(&[json!({"id": 2, "name": "=1+1", "code": "a,b", "more": [-1]})]).unwrap();
        table
    }

    #[test]
    fn fields_become_columns_and_formulas_become_text() {
        let csv = written(rows().csv(None).unwrap());
        assert_eq!(csv, "\u{feff}id,name,code,more\n1,第一党支部,,\n2,'=1+1,\"a,b\",[-1]\n");
        assert_eq!(written(Table::of::<Value>(&[]).unwrap().csv(None).unwrap()), "\u{feff}");
    }

    #[test]
    fn a_whole_list_is_read_stretch_after_stretch_and_an_empty_one_has_its_columns() {
        #[derive(Serialize, utoipa::ToSchema)]
        struct Row {
            number: i64,
        }
        let whole = PageRequest::new("rows", None, None, true).unwrap();
        let read = |count: i64| {
            let mut stretches = 0;
            let table = Table::whole(&whole, |page| {
                stretches += 1;
                let first = page.after::<i64>(0)?.map_or(1, |last| last + 1);
                let mut rows: Vec<Row> =
                    (first..=count.min(first + page.fetch() - 1)).map(|number| Row { number }).collect();
                let next = page.cut(&mut rows, |row| vec![row.number.to_string()]);
                Ok((rows, next))
            });
            (written(table.unwrap().csv(None).unwrap()), stretches)
        };
        let (csv, stretches) = read(25_000);
        let expected: Vec<String> = (1..=25_000).map(|number| number.to_string()).collect();
        assert_eq!(csv.lines().skip(1).collect::<Vec<_>>(), expected);
        assert_eq!(stretches, 3);
        assert_eq!(read(0), ("\u{feff}number\n".to_owned(), 1));
    }

    #[test]
    fn a_layout_chooses_orders_names_and_words_the_columns() {
        let column = |field: Option<&str>, head: &str| LayoutColumn {
            field: field.map(str::to_owned),
            head: head.into(),
            ..LayoutColumn::default()
        };
        let words = BTreeMap::from([("2".to_owned(), "二".to_owned())]);
        let columns = vec![
            column(Some("#"), "序号"),
            column(Some("name"), "=名称"),
            LayoutColumn { words, ..column(Some("id"), "编号") },
            column(None, "备注"),
        ];
        let layout = Layout { columns, titles: vec!["表".into()], signature: Some("制表：".into()) };
        let csv = written(rows().csv(Some(&layout)).unwrap());
        assert_eq!(csv, "\u{feff}序号,'=名称,编号,备注\n1,第一党支部,1,\n2,'=1+1,二,\n");
        let wrong = Layout { columns: vec![column(Some("nothing"), "x")], ..Layout::default() };
        assert_eq!(rows().csv(Some(&wrong)).unwrap_err().code(), "layout_field_unknown");
    }
}
