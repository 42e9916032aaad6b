//! Lists are read page by page with an opaque cursor: the keys of the last row shown, and which list they belong to.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::error::{CURSOR_INVALID, OUT_OF_RANGE, WHOLE_LIST_ONLY};
use super::{Error, Result};

/// Rows of a page when nothing is said.
pub const DEFAULT_LIMIT: i64 = 50;
/// Rows of a page at most.
pub const MAX_LIMIT: i64 = 200;
/// Rows that one who reads a whole list has in memory. Each stretch is sorted out of the whole list once more, so that small
/// ones cost far more time than they spare memory.
const STRETCH: i64 = 10_000;

/// The keys of the last row of a page, in the order of the sort.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    list: String,
    pub keys: Vec<String>,
}

/// Which part of a list to read.
#[derive(Debug, Clone)]
pub struct PageRequest {
    list: &'static str,
    limit: Option<i64>,
    after: Option<Cursor>,
}

impl PageRequest {
    /// A page of `list` (its name keeps cursors of other lists out). With `whole` (a table was asked for) the list
    /// is read to its end and `limit` and `cursor` are refused.
    pub fn new(list: &'static str, limit: Option<i64>, cursor: Option<&str>, whole: bool) -> Result<Self> {
        if whole {
            if limit.is_some() || cursor.is_some() {
                return Err(WHOLE_LIST_ONLY.err());
            }
            return Ok(PageRequest { list, limit: None, after: None });
        }
        let limit = limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            let detail = format!("1–{MAX_LIMIT}");
            return Err(OUT_OF_RANGE.at("limit", [("detail", detail)]).into_error());
        }
        let after = cursor.map(|text| decode(list, text)).transpose()?;
        Ok(PageRequest { list, limit: Some(limit), after })
    }

    /// A page behind the row with these keys, for who knows them without a cursor.
    pub fn behind(list: &'static str, limit: i64, keys: Vec<String>) -> Self {
        PageRequest { list, limit: Some(limit), after: Some(Cursor { list: list.to_owned(), keys }) }
    }

    /// A stretch of the whole list, for one who reads it to its end: the first, or the one behind a cursor.
    pub fn stretch(&self, cursor: Option<&str>) -> Result<Self> {
        let after = cursor.map(|text| decode(self.list, text)).transpose()?;
        Ok(PageRequest { list: self.list, limit: Some(STRETCH), after })
    }

    /// How many rows to fetch: one more than shown, to know whether more follow.
    pub fn fetch(&self) -> i64 {
        self.limit.map_or(i64::MAX, |limit| limit + 1)
    }

    /// The key at `position` of the row after which to read, or `None` on the first page.
    pub fn after<K: std::str::FromStr>(&self, position: usize) -> Result<Option<K>> {
        let Some(cursor) = &self.after else { return Ok(None) };
        let key = cursor.keys.get(position).and_then(|key| key.parse().ok());
        key.map(Some).ok_or_else(|| CURSOR_INVALID.at("cursor", []).into_error())
    }

    /// Cuts the extra row off and gives the cursor of the next page, from the keys of the last row kept.
    pub fn cut<T>(&self, rows: &mut Vec<T>, keys: impl Fn(&T) -> Vec<String>) -> Option<String> {
        let limit = usize::try_from(self.limit?).ok()?;
        if rows.len() <= limit {
            return None;
        }
        rows.truncate(limit);
        let keys = keys(rows.last()?);
        let cursor = Cursor { list: self.list.to_owned(), keys };
        serde_json::to_vec(&cursor).ok().map(|json| URL_SAFE_NO_PAD.encode(json))
    }
}

fn decode(list: &str, text: &str) -> Result<Cursor> {
    let invalid = || -> Error { CURSOR_INVALID.at("cursor", []).into_error() };
    let json = URL_SAFE_NO_PAD.decode(text).map_err(|_| invalid())?;
    let cursor: Cursor = serde_json::from_slice(&json).map_err(|_| invalid())?;
    if cursor.list == list { Ok(cursor) } else { Err(invalid()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_on_to_the_next_page_of_its_own_list_only() {
        let first = PageRequest::new("units", Some(2), None, false).unwrap();
        let mut rows = vec![1, 2, 3];
        let cursor = first.cut(&mut rows, |row| vec![row.to_string()]).unwrap();
        assert_eq!(rows, [1, 2]);
        let next = PageRequest::new("units", Some(2), Some(&cursor), false).unwrap();
        assert_eq!(next.after::<i64>(0).unwrap(), Some(2));
        assert_eq!(PageRequest::new("plans", None, Some(&cursor), false).unwrap_err().code(), "cursor_invalid");
        assert_eq!(PageRequest::new("units", None, Some("?"), false).unwrap_err().code(), "cursor_invalid");
    }

    #[test]
    fn the_last_page_has_no_cursor_and_limits_hold() {
        let page = PageRequest::new("units", Some(3), None, false).unwrap();
        assert_eq!(page.cut(&mut vec![1, 2, 3], |row| vec![row.to_string()]), None);
        for limit in [0, -1, 201] {
            assert_eq!(PageRequest::new("units", Some(limit), None, false).unwrap_err().code(), "out_of_range");
        }
        assert_eq!(PageRequest::new("units", Some(5), None, true).unwrap_err().code(), "whole_list_only");
    }
}
