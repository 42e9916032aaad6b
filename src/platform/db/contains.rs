//! Finding rows by parts of words. `LIKE` alone folds case on SQLite and not on PostgreSQL; `lower` on both sides folds
//! ASCII letters and nothing else on both (SQLite knows no others, and columns here are `COLLATE "C"`), so one text
//! finds the same rows. It reads every row: no index helps to find the middle of a word.

use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{Bool, HasSqlType, Text};

/// The condition that each of the words stands somewhere in one of the columns. `lists` are columns with a JSON list of
/// texts, in which a word is looked for only if it can't be the writing of the list itself.
pub fn contains(columns: &'static [&'static str], lists: &'static [&'static str], words: &[String]) -> Contains {
    let word = |word: &String| (pattern(word), !word.contains(['"', '\\', ',', '[', ']']));
    Contains { columns, lists, words: words.iter().map(word).collect() }
}

/// A pattern for any text that holds the word, whatever the case of its ASCII letters.
fn pattern(word: &str) -> String {
    let mut pattern = String::from("%");
    for c in word.to_ascii_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// See [`contains`].
#[derive(Debug, Clone)]
pub struct Contains {
    columns: &'static [&'static str],
    lists: &'static [&'static str],
    /// Each pattern, and whether it is looked for in lists too.
    words: Vec<(String, bool)>,
}

impl<DB> QueryFragment<DB> for Contains
where
    DB: Backend + HasSqlType<Text>,
    String: ToSql<Text, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("(1 = 1");
        for (pattern, in_lists) in &self.words {
            out.push_sql(" AND (1 = 0");
            let lists = if *in_lists { self.lists } else { &[] };
            for column in self.columns.iter().chain(lists) {
                out.push_sql(" OR lower(");
                out.push_sql(column);
                out.push_sql(") LIKE ");
                out.push_bind_param::<Text, _>(pattern)?;
                out.push_sql(" ESCAPE '\\'");
            }
            out.push_sql(")");
        }
        out.push_sql(")");
        Ok(())
    }
}

impl QueryId for Contains {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Expression for Contains {
    type SqlType = Bool;
}

impl<Tables> AppearsOnTable<Tables> for Contains {}

impl<Tables> SelectableExpression<Tables> for Contains {}

impl<Columns> ValidGrouping<Columns> for Contains {
    type IsAggregate = is_aggregate::Never;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_pattern_means_by_itself_is_escaped() {
        let cases = [("党课", "%党课%"), ("50%", "%50\\%%"), ("a_B", "%a\\_b%"), ("\\", "%\\\\%"), ("Ä", "%Ä%")];
        for (word, expected) in cases {
            assert_eq!(pattern(word), expected);
        }
    }

    #[test]
    fn the_writing_of_a_list_is_not_looked_for_in_it() {
        let words = ["双创".to_owned(), "\",\"".to_owned()];
        let found: Vec<bool> = contains(&["title"], &["tags"], &words).words.iter().map(|(_, lists)| *lists).collect();
        assert_eq!(found, [true, false]);
    }
}
