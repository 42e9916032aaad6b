//! Many items in one call: each is read alone, done in a savepoint of its own and answers for itself; or, `atomic`,
//! all of them or none.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::extract::read_value;
use super::problem::ProblemFault;
use super::request::RequestFacts;
use crate::platform::db::savepoint;
use crate::platform::error::{BATCH_REFUSED, OUT_OF_RANGE};
use crate::platform::{Conn, Error, Fault, Problem, Result};

/// Items of a batch at most.
const BATCH_LIMIT: usize = 500;

/// One item of a batch. What does not read as one refuses itself and leaves the others alone.
#[derive(Debug, Clone)]
pub struct Each<T>(Result<T, Problem>);

impl<'de, T: DeserializeOwned + Validate> Deserialize<'de> for Each<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        Ok(Each(read_value(value).map_err(|error| error.problem())))
    }
}

impl<T> Each<T> {
    /// An item that was read in another way than as JSON.
    pub fn of(read: Result<T, Problem>) -> Each<T> {
        Each(read)
    }
}

/// Does every item in its order; what each came to, in the same order. A wrong one leaves nothing behind. With
/// `atomic` wrong ones refuse the whole, and every one of them is named.
pub fn each<I, O>(
    conn: &mut Conn,
    items: &[Each<I>],
    atomic: bool,
    mut act: impl FnMut(&mut Conn, &I) -> Result<O>,
) -> Result<Vec<Result<O, Problem>>> {
    if !(1..=BATCH_LIMIT).contains(&items.len()) {
        return Err(OUT_OF_RANGE.at("/items", [("detail", format!("1–{BATCH_LIMIT}"))]).into_error());
    }
    let mut outcomes = Vec::with_capacity(items.len());
    for (index, Each(item)) in items.iter().enumerate() {
        let outcome = match item {
            Ok(input) => savepoint(conn, |conn| act(conn, input))?,
            Err(unreadable) => Err(unreadable.clone()),
        };
        outcomes.push(outcome.map_err(|problem| placed(index, problem)));
    }
    let refused: Vec<&Problem> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
    if atomic && !refused.is_empty() {
        return Err(Error::Problem(Box::new(Problem {
            code: &BATCH_REFUSED,
            args: vec![("count", refused.len().to_string()), ("of", items.len().to_string())],
            faults: refused.into_iter().flat_map(|problem| problem.faults.clone()).collect(),
            retry_after: None,
            allow: None,
        })));
    }
    Ok(outcomes)
}

/// The problem of one item, its places told from the top of the body. One that lies in no field lies in the item.
fn placed(index: usize, mut problem: Problem) -> Problem {
    let item = format!("/items/{index}");
    if problem.faults.is_empty() {
        problem.faults.push(Fault { pointer: String::new(), code: problem.code, args: problem.args.clone() });
    }
    for fault in &mut problem.faults {
        fault.pointer.insert_str(0, &item);
    }
    problem
}

/// Why one item was refused.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemProblem {
    /// Stable code of the problem.
    #[schema(example = "completion_stands")]
    code: &'static str,
    /// What is wrong and what to do, in the language of `Accept-Language`.
    detail: String,
    /// Every wrong place: the item itself, or fields of it.
    errors: Vec<ProblemFault>,
}

impl ItemProblem {
    pub fn of(problem: &Problem, facts: &RequestFacts) -> ItemProblem {
        ItemProblem {
            code: problem.code.code,
            detail: problem.code.sentence(facts.chinese, &problem.args),
            errors: ProblemFault::all(problem, facts),
        }
    }
}

/// How many of a batch were made, and how many refused.
pub fn tally<O>(outcomes: &[Result<O, Problem>]) -> (usize, usize) {
    let made = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    (made, outcomes.len() - made)
}

#[cfg(test)]
mod tests {
    use diesel::RunQueryDsl;
    use diesel::connection::SimpleConnection;

    use super::*;
    use crate::platform::db::Db;
    use crate::platform::error::{FORBIDDEN, WRONG_VALUE};

    #[derive(Debug, Deserialize, Validate)]
    #[serde(deny_unknown_fields)]
    struct Item {
        #[validate(range(min = 1, max = 9))]
        size: i64,
    }

    #[test]
    fn each_item_is_read_alone() {
        let read: Vec<Each<Item>> = serde_json::from_str(r#"[{"size": 1}, {"size": 10}, 7, {"size": "x"}]"#).unwrap();
        let code = |each: &Each<Item>| each.0.as_ref().err().map(|problem| problem.code.code);
        let codes: Vec<_> = read.iter().map(code).collect();
        assert_eq!(codes, [None, Some("out_of_range"), Some("wrong_value"), Some("wrong_value")]);
    }

    /// No rule refuses after its first write; should one, its item leaves nothing behind all the same.
    #[tokio::test]
    async fn an_item_refused_halfway_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::scratch(&folder).await;
        let kept = db.write(|conn| {
            conn.batch_execute("CREATE TABLE t (n INTEGER)")?;
            let items: Vec<Each<Item>> = serde_json::from_str(r#"[{"size": 1}, {"size": 2}, {"size": 3}]"#).unwrap();
            let outcomes = each(conn, &items, false, |conn, item| {
                conn.batch_execute(&format!("INSERT INTO t VALUES ({})", item.size))?;
                if item.size == 2 { Err(FORBIDDEN.err()) } else { Ok(()) }
            })?;
            assert_eq!(tally(&outcomes), (2, 1));
            let kept = diesel::select(diesel::dsl::sql::<diesel::sql_types::BigInt>("(SELECT SUM(n) FROM t)"));
            Ok(kept.get_result::<i64>(conn)?)
        });
        assert_eq!(kept.await.unwrap(), 1 + 3);
    }

    #[test]
    fn the_places_of_an_item_are_told_from_the_top_of_the_body() {
        let at = |error: Error| {
            placed(3, error.problem()).faults.iter().map(|fault| fault.pointer.clone()).collect::<Vec<_>>()
        };
        assert_eq!(at(FORBIDDEN.err()), ["/items/3"]);
        assert_eq!(at(WRONG_VALUE.at("/held_on", []).into_error()), ["/items/3/held_on"]);
    }
}
