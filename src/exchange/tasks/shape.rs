//! Task lists that have no column of key points: what stands merged before several rows is the key point, and the
//! measures beside it are the tasks; where nothing is merged, all tasks belong to one.

use crate::exchange::mapping::Mapping;
use crate::exchange::rows::{Row, Table};
use crate::platform::sheet::{Cell, What};

/// The key point of a list that names none.
pub const ONLY: &str = "重点任务";
/// Characters of a title at most.
const TITLE: usize = 200;

/// Gives every row its key point.
pub fn prepare(table: &mut Table, mapping: &Mapping) {
    let (Some(key_point), Some(title), Some(requirement)) =
        (mapping.index("key_point"), mapping.index("title"), mapping.index("requirement"))
    else {
        return;
    };
    if table.has(key_point) || table.has_sections {
        return;
    }
    let continues = |row: &Row| row.cell(title).what == What::Empty && row.cell(requirement).what != What::Empty;
    if table.has(requirement) && (table.merged_down.contains(&title) || table.rows.iter().any(continues)) {
        let (of_title, of_requirement) = (column(table, title), column(table, requirement));
        for (field, column) in [(key_point, of_title), (title, of_requirement)] {
            if let Some(place) = table.columns.get_mut(field) {
                *place = column;
            }
        }
        let mut above = Cell::default();
        for row in &mut table.rows {
            let said = row.cell(title).clone();
            if said.what != What::Empty {
                above = said;
            }
            row.put(key_point, above.clone());
            shift(row, title, requirement);
        }
    } else {
        for row in &mut table.rows {
            row.put(key_point, Cell { text: ONLY.to_owned(), what: What::Text });
        }
    }
}

fn column(table: &Table, field: usize) -> Option<usize> {
    table.columns.get(field).copied().flatten()
}

/// The first sentence of what is asked becomes the title; the requirement stays where it says more.
fn shift(row: &mut Row, title: usize, requirement: usize) {
    let whole = row.cell(requirement).clone();
    let first = whole.text.split_inclusive(['。', '；', '\n']).next().unwrap_or_default();
    let first: String = first.trim().trim_end_matches(['。', '；']).chars().take(TITLE).collect();
    if whole.what == What::Text && first.chars().count() < whole.text.trim_end_matches('。').chars().count() {
        row.put(title, Cell { text: first, what: What::Text });
    } else {
        row.put(title, Cell { text: if whole.what == What::Text { first } else { String::new() }, what: whole.what });
        row.put(requirement, Cell::default());
    }
}

/// How a number such as 6.3 might be meant: 6月30日 or 6月3日.
pub fn as_day(number: &str) -> String {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match number.split_once('.') {
        Some((month, day)) if digits(month) && digits(day) && day.len() == 1 => {
            format!("{month}月{day}0日、{month}月{day}日")
        }
        Some((month, day)) if digits(month) && digits(day) => format!("{month}月{day}日"),
        _ => "6月30日、每季度、待定".to_owned(),
    }
}
