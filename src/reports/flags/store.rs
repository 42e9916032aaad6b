//! What the flags read: files that reports name, activities, completions dated back. No writes.

use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};

use super::rules::Activities;
use crate::plans::TaskId;
use crate::platform::{Conn, Result};
use crate::progress::model::ReportKind;
use crate::progress::{AttachmentId, ReportId};
use crate::schema::{attachments, meeting_time_nodes, plans, progress_reports, report_attachments, time_nodes};
use crate::time_nodes::NodeId;
use crate::units::UnitId;

/// A file that a report names.
#[derive(Debug, Clone, Queryable)]
pub struct Use {
    pub sha256: String,
    pub report_id: ReportId,
    pub node_id: NodeId,
    /// The year of its plan.
    pub year: i64,
    pub task_id: TaskId,
    pub unit_id: UnitId,
    pub attachment_id: AttachmentId,
    pub file_name: String,
    pub reported_on: NaiveDate,
    pub recorded_on: NaiveDate,
}

/// The files that a year's reports name, with every report of any year that names them and stood at the end of a day:
/// recorded and not withdrawn. By file and report.
pub fn uses(conn: &mut Conn, year: i64, day: NaiveDate) -> Result<Vec<Use>> {
    use progress_reports::dsl as r;
    let named_in_year = sql::<Bool>(
        "attachments.sha256 IN (SELECT a.sha256 FROM attachments a JOIN report_attachments ra ON ra.attachment_id = a.id
         JOIN progress_reports p ON p.id = ra.report_id JOIN time_nodes n ON n.id = p.node_id
         JOIN plans y ON y.id = n.plan_id WHERE y.year = ",
    );
    Ok(report_attachments::table
        .inner_join(attachments::table.on(attachments::id.eq(report_attachments::attachment_id)))
        .inner_join(r::progress_reports.on(r::id.eq(report_attachments::report_id)))
        .inner_join(time_nodes::table.on(time_nodes::id.eq(r::node_id)))
        .inner_join(plans::table.on(plans::id.eq(time_nodes::plan_id)))
        .filter(named_in_year.bind::<BigInt, _>(year).sql(")"))
        .filter(r::recorded_on.le(day))
        .filter(r::withdrawn_on.is_null().or(r::withdrawn_on.gt(day)))
        .select((
            attachments::sha256,
            r::id,
            time_nodes::id,
            plans::year,
            time_nodes::task_id,
            time_nodes::unit_id,
            attachments::id,
            attachments::file_name,
            r::reported_on,
            r::recorded_on,
        ))
        .order((attachments::sha256, r::id, report_attachments::position))
        .load(conn)?)
}

/// A completion dated back.
#[derive(Debug, Queryable)]
pub struct BackDatedRow {
    pub report_id: ReportId,
    pub node_id: NodeId,
    pub task_id: TaskId,
    pub unit_id: UnitId,
    pub reported_on: NaiveDate,
    pub recorded_on: NaiveDate,
    pub on_behalf: bool,
}

/// The completions of a year's nodes that are dated back by at least a day and stood at the end of a day.
pub fn back_dated(conn: &mut Conn, year: i64, day: NaiveDate) -> Result<Vec<BackDatedRow>> {
    use progress_reports::dsl as r;
    Ok(r::progress_reports
        .inner_join(time_nodes::table.on(time_nodes::id.eq(r::node_id)))
        .inner_join(plans::table.on(plans::id.eq(time_nodes::plan_id)))
        .filter(plans::year.eq(year).and(r::recorded_on.le(day)).and(r::kind.eq(ReportKind::Completion)))
        .filter(r::withdrawn_on.is_null().or(r::withdrawn_on.gt(day)))
        .filter(r::reported_on.lt(r::recorded_on))
        .select((
            r::id,
            time_nodes::id,
            time_nodes::task_id,
            time_nodes::unit_id,
            r::reported_on,
            r::recorded_on,
            r::on_behalf,
        ))
        .load(conn)?)
}

/// The activities ticked against nodes by a day, with the files of what was reported of them then: a list of a meeting's
/// files may change later, what was reported does not.
pub fn activities(conn: &mut Conn, day: NaiveDate) -> Result<Activities> {
    use meeting_time_nodes::dsl as m;
    let rows: Vec<(NodeId, i64, String)> = m::meeting_time_nodes
        .inner_join(report_attachments::table.on(report_attachments::report_id.eq(m::report_id)))
        .inner_join(attachments::table.on(attachments::id.eq(report_attachments::attachment_id)))
        .filter(m::recorded_on.le(day))
        .select((m::node_id, m::meeting_id, attachments::sha256))
        .load(conn)?;
    let mut activities = Activities::default();
    for (node, meeting, file) in rows {
        activities.of_node.entry(node).or_default().insert(meeting);
        activities.files.entry(meeting).or_default().insert(file);
    }
    Ok(activities)
}
