//! What only these pages read: urges and instructions lately made, and posts by account. No writes, and no rule: reach is
//! handed in.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::access::AccountId;
use crate::access::actor::Reach;
use crate::comments::model::{CommentKind, CommentSubject};
use crate::platform::{Conn, Result};
use crate::schema::{comments, progress_reports, time_nodes, urges};
use crate::time_nodes::NodeId;
use crate::units::UnitId;
use crate::units::store::within;

/// An urge that was made.
#[derive(Debug, Clone, Queryable)]
pub struct MadeUrge {
    pub urged_on: NaiveDate,
    pub node_id: NodeId,
    pub title: String,
    pub unit_id: UnitId,
    pub note: Option<String>,
}

/// The last urges of nodes in reach, the newest first.
pub fn last_urges(conn: &mut Conn, reach: &Reach, limit: i64) -> Result<Vec<MadeUrge>> {
    Ok(urges::table
        .inner_join(time_nodes::table.on(time_nodes::id.eq(urges::node_id)))
        .filter(within("time_nodes.unit_id", reach))
        .select((urges::urged_on, urges::node_id, time_nodes::title, time_nodes::unit_id, urges::note))
        .order(urges::id.desc())
        .limit(limit)
        .load(conn)?)
}

/// What a leader said of a node or of a report on it.
#[derive(Debug, Clone, Queryable)]
pub struct Instruction {
    pub recorded_on: NaiveDate,
    pub text: String,
    pub account_id: AccountId,
    pub node_id: NodeId,
    pub title: String,
    pub unit_id: UnitId,
}

/// The last instructions on nodes and reports in reach, the newest first; without those taken back.
pub fn last_instructions(conn: &mut Conn, reach: &Reach, limit: i64) -> Result<Vec<Instruction>> {
    let columns = (
        comments::recorded_on,
        comments::text,
        comments::account_id,
        time_nodes::id,
        time_nodes::title,
        time_nodes::unit_id,
    );
    let of_nodes: Vec<(i64, Instruction)> = comments::table
        .inner_join(time_nodes::table.on(time_nodes::id.eq(comments::subject_id)))
        .filter(comments::subject.eq(CommentSubject::TimeNode).and(comments::kind.eq(CommentKind::Instruction)))
        .filter(comments::withdrawn_on.is_null())
        .filter(within("time_nodes.unit_id", reach))
        .select((comments::id, columns))
        .order(comments::id.desc())
        .limit(limit)
        .load(conn)?;
    let of_reports: Vec<(i64, Instruction)> = comments::table
        .inner_join(progress_reports::table.on(progress_reports::id.eq(comments::subject_id)))
        .inner_join(time_nodes::table.on(time_nodes::id.eq(progress_reports::node_id)))
        .filter(comments::subject.eq(CommentSubject::ProgressReport).and(comments::kind.eq(CommentKind::Instruction)))
        .filter(comments::withdrawn_on.is_null())
        .filter(within("time_nodes.unit_id", reach))
        .select((comments::id, columns))
        .order(comments::id.desc())
        .limit(limit)
        .load(conn)?;
    let mut all: Vec<(i64, Instruction)> = of_nodes.into_iter().chain(of_reports).collect();
    all.sort_by_key(|(id, _)| std::cmp::Reverse(*id));
    let most = usize::try_from(limit).unwrap_or(0);
    Ok(all.into_iter().take(most).map(|(_, said)| said).collect())
}
