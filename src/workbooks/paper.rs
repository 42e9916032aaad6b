//! Tables as they are printed: A4, landscape, as wide as the page, the header on every page, page numbers, and a line to
//! sign.

use crate::platform::Result;
use crate::platform::sheet::{Column, Value, Workbook};

/// The line below what a unit hands on.
pub const SIGNATURE: &str = "制表人：　　　　　　　　审核人：　　　　　　　　负责人：　　　　　　　　日期：";

/// Writes a sheet of a workbook for A4: titles, a header, rows, and lines below them.
pub fn sheet(
    book: &mut Workbook,
    name: &str,
    titles: &[String],
    columns: &[Column],
    rows: impl IntoIterator<Item = Vec<Value>>,
    below: &[String],
) -> Result<()> {
    let mut table = book.table(name, titles, columns)?;
    for row in rows {
        table.row(row)?;
    }
    let last = u16::try_from(columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    for line in below {
        table.wide_row(0, last, line)?;
    }
    table.on_a4(last)
}
