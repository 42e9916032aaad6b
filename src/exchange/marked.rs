//! The user's own file with the problems beside the rows: every sheet with what its cells say, and a last column.

use std::collections::HashMap;
use std::fs::File;

use super::model::ShownProblem;
use crate::platform::Result;
use crate::platform::sheet::{Book, Value, Workbook};

/// The head of the column that is put beside the rows.
const HEAD: &str = "导入问题 Problems";

/// The file as a workbook. What its cells looked like is lost; what they say is not.
pub fn workbook(book: &Book, problems: &[ShownProblem]) -> Result<File> {
    let mut by_row: HashMap<(&str, u32), Vec<String>> = HashMap::new();
    for problem in problems {
        let place = problem.cell.clone().or_else(|| problem.head.clone()).unwrap_or_default();
        let said = if place.is_empty() { problem.reason.clone() } else { format!("{place}：{}", problem.reason) };
        by_row.entry((problem.sheet.as_str(), problem.row.unwrap_or(1))).or_default().push(said);
    }
    let mut marked = Workbook::new();
    for (index, grid) in book.sheets.iter().enumerate().filter(|(_, grid)| !grid.hidden) {
        let width = grid.lines.iter().map(|line| line.cells.len()).max().unwrap_or(0);
        let mut widths = vec![18.0; width];
        widths.push(80.0);
        // The name of a CSV file may be none that a sheet can have.
        let name = if book.is_csv { format!("Sheet{}", index + 1) } else { grid.name.clone() };
        let mut table = marked.plain(&name, &widths)?;
        let mut first = true;
        for line in &grid.lines {
            let said = by_row.get(&(grid.name.as_str(), line.row + 1)).map(|said| said.join("\n"));
            let said = if first && said.is_none() { Some(HEAD.to_owned()) } else { said };
            first = false;
            let cell = |column: usize| match line.cell(column).text.as_str() {
                "" => Value::Blank,
                text => Value::Text(text.to_owned()),
            };
            table.go_to(line.row);
            table.row((0..width).map(cell).chain(std::iter::once(Value::from(said))))?;
        }
    }
    marked.finish()
}
