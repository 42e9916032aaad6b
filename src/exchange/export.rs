//! A list as a workbook or CSV file, in the columns of its mapping: what an import of it reads again.

use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};

use super::accounts::Accounts;
use super::compare::{List, Standing};
use super::findings::Findings;
use super::imports::{needs_plan, needs_set, year_of};
use super::mapping::{ListName, Mapping};
use super::model::Scope;
use super::standards::Standards;
use super::tasks::Tasks;
use super::template::instructions;
use super::units::Units;
use crate::access::Actor;
use crate::platform::sheet::{Value, Workbook};
use crate::platform::web::csv_cell;
use crate::platform::{Conn, Error, Result};

/// The rows of a list that one may read.
pub fn rows(conn: &mut Conn, actor: &Actor, list: ListName, scope: &Scope) -> Result<Vec<Standing>> {
    Ok(match list {
        ListName::Units => Units::load(conn, actor, false)?.standing().to_vec(),
        ListName::Accounts => Accounts::load(conn, actor)?.standing().to_vec(),
        ListName::Tasks => Tasks::load(conn, actor, needs_plan(scope)?, false)?.standing().to_vec(),
        ListName::Standards => Standards::load(conn, actor, needs_set(scope)?, false)?.standing().to_vec(),
        ListName::Findings => {
            let year = year_of(conn, scope)?;
            Findings::load(conn, actor, year, false)?.standing().to_vec()
        }
    })
}

/// As an XLSX workbook: the table, and the instructions.
pub fn workbook(list: ListName, rows: &[Standing]) -> Result<File> {
    let mapping = Mapping::of(list);
    let mut book = Workbook::new();
    let mut table = book.table(mapping.sheet, &[], &mapping.columns())?;
    for (number, row) in (1_usize..).zip(rows) {
        table.row(numbered(number, row).map(|text| if text.is_empty() { Value::Blank } else { Value::Text(text) }))?;
    }
    table.on_a4(mapping.last_shown())?;
    book.notes("填写说明", &instructions(mapping))?;
    book.finish()
}

/// As CSV: UTF-8 with a mark; what a spreadsheet would take for a formula begins with `'`.
pub fn csv(list: ListName, rows: &[Standing]) -> Result<File> {
    let mut file = tempfile::tempfile().map_err(Error::internal)?;
    let mut spool = BufWriter::new(&file);
    spool.write_all("\u{feff}".as_bytes()).map_err(Error::internal)?;
    let mut writer = csv::Writer::from_writer(spool);
    writer.write_record(Mapping::of(list).fields.iter().map(|field| field.head)).map_err(Error::internal)?;
    for (number, row) in (1_usize..).zip(rows) {
        writer.write_record(numbered(number, row).map(|text| csv_cell(&text))).map_err(Error::internal)?;
    }
    writer.flush().map_err(Error::internal)?;
    drop(writer);
    file.seek(SeekFrom::Start(0)).map_err(Error::internal)?;
    Ok(file)
}

/// The cells of a row, the first of which is its number.
fn numbered(number: usize, row: &Standing) -> impl Iterator<Item = String> + '_ {
    std::iter::once(number.to_string()).chain(row.cells.iter().skip(1).cloned())
}
