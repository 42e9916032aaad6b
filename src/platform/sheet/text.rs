//! Small words of spreadsheets: names of columns and the `'` in front of what a CSV reader would take for a formula.

/// The name of a column, counted from 0: A, B, … Z, AA.
pub fn column_name(index: usize) -> String {
    let mut left = index + 1;
    let mut letters = Vec::new();
    while left > 0 {
        left -= 1;
        letters.push(char::from(b'A' + u8::try_from(left % 26).unwrap_or_default()));
        left /= 26;
    }
    letters.iter().rev().collect()
}

/// What a cell of a CSV file says: exactly one `'` in front is taken off, which [`crate::platform::web::csv_cell`] put
/// there.
pub fn csv_said(cell: &str) -> &str {
    cell.strip_prefix('\'').unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::web::csv_cell;

    #[test]
    fn columns_are_named_as_spreadsheets_name_them() {
        for (index, name) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(column_name(index), name);
        }
    }

    #[test]
    fn exactly_one_apostrophe_comes_off_again() {
        for text in ["=1+1", "'", "''x", "@a", "-1", "党课", "'=1", "a'b"] {
            assert_eq!(csv_said(&csv_cell(text)), text);
        }
    }
}
