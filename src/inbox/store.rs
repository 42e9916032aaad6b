//! What the inbox reads of other slices' tables. No writes.

use std::collections::HashSet;

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::access::actor::Reach;
use crate::access::{AccountId, Site};
use crate::assessments::model::AssessmentState;
use crate::assessments::store::AssessmentRow;
use crate::meetings::MeetingId;
use crate::meetings::model::{MeetingStatus, MinutesStatus};
use crate::platform::{Conn, Result};
use crate::progress::ReportId;
use crate::progress::model::ReportKind;
use crate::schema::{
    assessments, cancellations, extensions, meeting_minutes, meetings, progress_reports, reviews, standard_sets,
    time_node_states, time_nodes, unit_facts, waivers,
};
use crate::settings;
use crate::time_nodes::requests::RequestState;
use crate::time_nodes::store::{Life, StateRow};
use crate::time_nodes::{CancellationId, ExtensionId, NodeFacts, NodeId, Phase, WaiverId};
use crate::units::store::{UnitFacts, within};
use crate::units::{UnitId, UnitKind};

/// A node that waits for its report.
pub(super) struct OpenNode {
    pub id: NodeId,
    pub unit_id: UnitId,
    pub title: String,
    pub facts: NodeFacts,
}

/// The open and returned nodes of some units; those excluded by a decision are left out.
pub(super) fn open_nodes(conn: &mut Conn, units: &[UnitId]) -> Result<Vec<OpenNode>> {
    let near_days = settings::store::now(conn)?.near_days;
    let rows: Vec<(NodeId, UnitId, String, NaiveDate, StateRow, Life)> = time_nodes::table
        .inner_join(time_node_states::table.on(time_node_states::node_id.eq(time_nodes::id)))
        .inner_join(unit_facts::table.on(unit_facts::unit_id.eq(time_nodes::unit_id)))
        .filter(time_node_states::recorded_to.is_null().and(unit_facts::recorded_to.is_null()))
        .filter(time_nodes::unit_id.eq_any(units.to_vec()))
        .filter(time_node_states::phase.eq_any([Phase::Open, Phase::Returned]))
        .filter(time_node_states::excluded.is_null())
        .select((
            time_nodes::id,
            time_nodes::unit_id,
            time_nodes::title,
            time_nodes::late_after,
            StateRow::as_select(),
            (unit_facts::established_on, unit_facts::dissolved_on),
        ))
        .load(conn)?;
    let node = |(id, unit_id, title, born_late_after, state, life): (_, _, _, _, StateRow, _)| OpenNode {
        id,
        unit_id,
        title,
        facts: state.facts(born_late_after, life, near_days),
    };
    Ok(rows.into_iter().map(node).collect())
}

/// Assessments of units within reach that somebody has to act on, each with the title of its set and where its unit
/// lies: drafts, self-assessed ones, and the newest checked one of each unit.
pub(super) fn waiting_assessments(conn: &mut Conn, reach: &Reach) -> Result<Vec<(AssessmentRow, String, Site)>> {
    use assessments::dsl as a;
    let rows: Vec<(AssessmentRow, String, String)> = a::assessments
        .inner_join(standard_sets::table.on(standard_sets::id.eq(a::set_id)))
        .inner_join(unit_facts::table.on(unit_facts::unit_id.eq(a::unit_id)))
        .filter(unit_facts::recorded_to.is_null())
        .filter(within("assessments.unit_id", reach))
        .select((AssessmentRow::as_select(), standard_sets::title, unit_facts::path))
        .order(a::id.desc())
        .load(conn)?;
    let mut passed: HashSet<UnitId> = HashSet::new();
    let waits = rows.into_iter().filter(|(row, ..)| match row.state {
        AssessmentState::Draft | AssessmentState::SelfAssessed => true,
        state => passed.insert(row.unit_id) && state == AssessmentState::Checked,
    });
    let shown = waits.map(|(row, title, path)| {
        let site = Site { unit_id: row.unit_id, path };
        (row, title, site)
    });
    Ok(shown.collect())
}

/// A completion or an addition that nobody has reviewed or withdrawn.
pub(super) struct Pending {
    pub id: ReportId,
    pub reported_by: AccountId,
    pub addition_to: Option<ReportId>,
    pub recorded_on: NaiveDate,
    pub title: String,
    pub unit_kind: UnitKind,
    pub site: Site,
    pub facts: NodeFacts,
}

type PendingRow =
    (ReportId, AccountId, Option<ReportId>, NaiveDate, (UnitId, String, NaiveDate), (String, UnitKind), StateRow, Life);

/// What awaits review in a reach.
pub(super) fn pending_reports(conn: &mut Conn, reach: &Reach) -> Result<Vec<Pending>> {
    use progress_reports::dsl as r;
    let near_days = settings::store::now(conn)?.near_days;
    let rows: Vec<PendingRow> = r::progress_reports
        .left_join(reviews::table.on(reviews::report_id.eq(r::id)))
        .inner_join(time_nodes::table.on(time_nodes::id.eq(r::node_id)))
        .inner_join(time_node_states::table.on(time_node_states::node_id.eq(time_nodes::id)))
        .inner_join(unit_facts::table.on(unit_facts::unit_id.eq(time_nodes::unit_id)))
        .filter(time_node_states::recorded_to.is_null().and(unit_facts::recorded_to.is_null()))
        .filter(r::kind.eq(ReportKind::Completion).and(r::withdrawn_on.is_null()))
        .filter(reviews::id.nullable().is_null())
        .filter(within("time_nodes.unit_id", reach))
        .select((
            r::id,
            r::reported_by,
            r::addition_to,
            r::recorded_on,
            (time_nodes::unit_id, time_nodes::title, time_nodes::late_after),
            (unit_facts::path, unit_facts::kind),
            StateRow::as_select(),
            (unit_facts::established_on, unit_facts::dissolved_on),
        ))
        .load(conn)?;
    let pending = |row: PendingRow| {
        let (id, reported_by, addition_to, recorded_on, (unit_id, title, late_after), (path, unit_kind), state, life) =
            row;
        let site = Site { unit_id, path };
        let facts = state.facts(late_after, life, near_days);
        Pending { id, reported_by, addition_to, recorded_on, title, unit_kind, site, facts }
    };
    Ok(rows.into_iter().map(pending).collect())
}

/// A request that nobody has decided: its id, its node, who asked and when.
type Asked<Id> = (Id, NodeId, AccountId, NaiveDate);

/// Extensions asked for in a reach, each with the day asked for.
pub(super) fn asked_extensions(conn: &mut Conn, reach: &Reach) -> Result<Vec<(Asked<ExtensionId>, NaiveDate)>> {
    use extensions::dsl as e;
    Ok(e::extensions
        .inner_join(time_nodes::table.on(time_nodes::id.eq(e::node_id)))
        .filter(e::state.eq(RequestState::Requested))
        .filter(within("time_nodes.unit_id", reach))
        .select(((e::id, e::node_id, e::requested_by, e::requested_on), e::due_on))
        .load(conn)?)
}

/// Waivers asked for in a reach.
pub(super) fn asked_waivers(conn: &mut Conn, reach: &Reach) -> Result<Vec<Asked<WaiverId>>> {
    use waivers::dsl as w;
    Ok(w::waivers
        .inner_join(time_nodes::table.on(time_nodes::id.eq(w::node_id)))
        .filter(w::state.eq(RequestState::Requested))
        .filter(within("time_nodes.unit_id", reach))
        .select((w::id, w::node_id, w::requested_by, w::requested_on))
        .load(conn)?)
}

/// Cancellations asked for in a reach.
pub(super) fn asked_cancellations(conn: &mut Conn, reach: &Reach) -> Result<Vec<Asked<CancellationId>>> {
    use cancellations::dsl as c;
    Ok(c::cancellations
        .inner_join(time_nodes::table.on(time_nodes::id.eq(c::node_id)))
        .filter(c::state.eq(RequestState::Requested))
        .filter(within("time_nodes.unit_id", reach))
        .select((c::id, c::node_id, c::requested_by, c::requested_on))
        .load(conn)?)
}

/// Units that stand today and whose term ends by a day.
pub(super) fn terms_ending(conn: &mut Conn, by: NaiveDate, today: NaiveDate) -> Result<Vec<UnitFacts>> {
    use unit_facts::dsl as u;
    Ok(u::unit_facts
        .filter(u::recorded_to.is_null().and(u::term_ends_on.le(by)))
        .filter(u::dissolved_on.is_null().or(u::dissolved_on.ge(today)))
        .select(UnitFacts::as_select())
        .load(conn)?)
}

/// A meeting, its unit, its title, and a day.
type MeetingOn = (MeetingId, UnitId, String, NaiveDate);

/// Meetings of these units whose day has come and that were neither held nor cancelled.
pub(super) fn meetings_to_hold(conn: &mut Conn, units: &[UnitId], today: NaiveDate) -> Result<Vec<MeetingOn>> {
    Ok(meetings::table
        .filter(meetings::unit_id.eq_any(units.to_vec()).and(meetings::called_for.le(today)))
        .filter(meetings::status.eq(MeetingStatus::Scheduled))
        .select((meetings::id, meetings::unit_id, meetings::title, meetings::called_for))
        .load(conn)?)
}

/// Meetings of these units whose minutes wait for a signature, with the day their draft was begun.
pub(super) fn minutes_to_sign(conn: &mut Conn, units: &[UnitId]) -> Result<Vec<MeetingOn>> {
    Ok(meetings::table
        .inner_join(meeting_minutes::table.on(meeting_minutes::meeting_id.eq(meetings::id)))
        .filter(meetings::unit_id.eq_any(units.to_vec()).and(meeting_minutes::status.eq(MinutesStatus::Draft)))
        .select((meetings::id, meetings::unit_id, meetings::title, meeting_minutes::recorded_on))
        .load(conn)?)
}
