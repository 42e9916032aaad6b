//! One query a kind, newest first. What they have in common is in `Wanted`.

use diesel::prelude::*;

use super::model::{FoundKind, Hit};
use super::said;
use crate::access::AccountId;
use crate::access::actor::Reach;
use crate::bulletins::model::BulletinState;
use crate::comments::model::CommentSubject;
use crate::meetings::MeetingId;
use crate::plans::PlanId;
use crate::platform::db::contains;
use crate::platform::{Conn, Error, Result};
use crate::schema::{
    bulletins, clauses, comments, finding_facts, finding_units, key_point_facts, key_points, meeting_minutes,
    meeting_records, meetings, plan_facts, plans, progress_reports, standard_sets, task_facts, tasks, time_nodes,
    unit_facts,
};
use crate::units::UnitId;
use crate::units::store::within;

/// What is looked for, where, and how many.
pub(super) struct Wanted<'a> {
    pub words: &'a [String],
    /// The plans one may read.
    pub plans: &'a [PlanId],
    /// Where one may read time nodes and reports.
    pub nodes: &'a Reach,
    /// Where one may read meetings.
    pub meetings: &'a Reach,
    /// The meetings that name a unit of one's own, which one reads as well.
    pub named: &'a [MeetingId],
    /// Who looks: what one said oneself is found.
    pub account: Option<AccountId>,
    /// Where one may read drafts of standard sets.
    pub drafts: &'a Reach,
    /// Where one may read released bulletins, and where any.
    pub bulletins: (&'a Reach, &'a Reach),
    /// Only what is older than this one.
    pub before: Option<i64>,
    pub limit: i64,
}

/// What is found of one kind.
pub(super) fn find(conn: &mut Conn, kind: FoundKind, wanted: &Wanted<'_>) -> Result<Vec<Hit>> {
    match kind {
        FoundKind::Unit => find_units(conn, wanted),
        FoundKind::Plan => find_plans(conn, wanted),
        FoundKind::KeyPoint => find_key_points(conn, wanted),
        FoundKind::Task => find_tasks(conn, wanted),
        FoundKind::TimeNode => find_nodes(conn, wanted),
        FoundKind::ProgressReport => find_reports(conn, wanted),
        FoundKind::Meeting => find_meetings(conn, wanted),
        FoundKind::Comment => find_comments(conn, wanted),
        FoundKind::Opinion => said::find_opinions(conn, wanted),
        FoundKind::Decision => said::find_decisions(conn, wanted),
        FoundKind::Finding => find_findings(conn, wanted),
        FoundKind::StandardSet => find_sets(conn, wanted),
        FoundKind::Clause => find_clauses(conn, wanted),
        FoundKind::Bulletin => find_bulletins(conn, wanted),
    }
}

impl Wanted<'_> {
    /// Ids run from 1, so that nothing is left out before the first page.
    pub(super) fn before(&self) -> i64 {
        self.before.unwrap_or(i64::MAX)
    }
}

/// The texts of a JSON list.
fn listed(json: &str) -> Result<Vec<String>> {
    serde_json::from_str(json).map_err(Error::internal)
}

fn find_units(conn: &mut Conn, wanted: &Wanted<'_>) -> Result<Vec<Hit>> {
    use unit_facts::dsl as u;
    let rows: Vec<(i64, String, Option<String>, String)> = u::unit_facts
        .filter(u::recorded_to.is_null().and(u::unit_id.lt(wanted.before())))
        .filter(contains(&["unit_facts.name", "unit_facts.code"], &["unit_facts.short_names"], wanted.words))
        .select((u::unit_id, u::name, u::code, u::short_names))
        .order(u::unit_id.desc())
        .limit(wanted.limit)
        .load(conn)?;
    rows.into_iter()
        .map(|(id, name, code, short_names)| {
            let mut texts = vec![name.clone()];
            texts.extend(code);
            texts.extend(listed(&short_names)?);
            Ok(Hit { id, title: name, texts, unit_id: UnitId(id), plan_id: None })
        })
        .collect()
}

fn find_plans(conn: &mut Conn, wanted: &Wanted<'_>) -> Result<Vec<Hit>> {
    let rows: Vec<(i64, UnitId, String, Option<String>)> = plans::table
        .inner_join(plan_facts::table.on(plan_facts::plan_id.eq(plans::id)))
        .filter(plan_facts::recorded_to.is_null().and(plans::id.lt(wanted.before())))
        .filter(plans::id.eq_any(wanted.plans.to_vec()))
        .filter(contains(&["plan_facts.title", "plan_facts.document_no"], &[], wanted.words))
        .select((plans::id, plans::unit_id, plan_facts::title, plan_facts::document_no))
        .order(plans::id.desc())
        .limit(wanted.limit)
        .load(conn)?;
    let hit = |(id, unit_id, title, document_no): (i64, UnitId, String, Option<String>)| Hit {
        id,
        texts: [Some(title.clone()), document_no].into_iter().flatten().collect(),
        title,
        unit_id,
        plan_id: Some(PlanId(id)),
    };
    Ok(rows.into_iter().map(hit).collect())
}

/// Id, plan, unit, title.
type Titled = (i64, PlanId, UnitId, String);

fn titled((id, plan_id, unit_id, title): Titled) -> Hit {
    Hit { id, texts: vec![title.clone()], title, unit_id, plan_id: Some(plan_id) }
}

fn find_key_points(conn: &mut Conn, wanted: &Wanted<'_>) -> Result<Vec<Hit>> {
    let rows: Vec<Titled> = key_points::table
        .inner_join(key_point_facts::table.on(key_point_facts::key_point_id.eq(key_points::id)))
        .inner_join(plans::table.on(plans::id.eq(key_points::plan_id)))
        .filter(key_point_facts::recorded_to.is_null().and(key_points::id.lt(wanted.before())))
        .filter(plans::id.eq_any(wanted.plans.to_vec()))
        .filter(contains(&["key_point_facts.title"], &[], wanted.words))
        .select((key_points::id, plans::id, plans::unit_id, key_point_facts::title))
        .order(key_points::id.desc())
        .limit(wanted.limit)
        .load(conn)?;
    Ok(rows.into_iter().map(titled).collect())
}

type TaskRow = (i64, PlanId, UnitId, String, Option<String>, Option<String>, String);

fn find_tasks(conn: &mut Conn, wanted: &Wanted<'_>) -> Result<Vec<Hit>> {
    use task_facts::dsl as f;
    let rows: Vec<TaskRow> = tasks::table
        .inner_join(f::task_facts.on(f::task_id.eq(tasks::id)))
        .inner_join(key_points::table.on(key_points::id.eq(tasks::key_point_id)))
        .inner_join(plans::table.on(plans::id.eq(key_points::plan_id)))
        .filter(f::recorded_to.is_null().and(tasks::id.lt(wanted.before())))
        .filter(plans::id.eq_any(wanted.plans.to_vec()))
        .filter(contains(
            &["task_facts.title", "task_facts.requirement", "task_facts.deliverable"],
            &["task_facts.tags"],
            wanted.words,
        ))
        .select((tasks::id, plans::id, plans::unit_id, f::title, f::requirement, f::deliverable, f::tags))
        .order(tasks::id.desc())
        .limit(wanted.limit)
        .load(conn)?;
    rows.into_iter()
        .map(|(id, plan_id, unit_id, title, requirement, deliverable, tags)| {
            let mut texts = vec![title.clone()];
            texts.extend(requirement);
            texts.extend(deliverable);
            texts.extend(listed(&tags)?);
            Ok(Hit { id, title, texts, unit_id, plan_id: Some(plan_id) })
        })
        .collect()
}

fn find_nodes(conn: &mut Conn, wanted: &Wanted<'_>) -> Result<Vec<Hit>> {
    let rows: Vec<Titled> = time_nodes::table
        .filter(time_nodes::id.lt(wanted.before()))
        .filter(within("time_nodes.unit_id", wanted.nodes))
        .filter(contains(&["time_nodes.title"], &[], wanted.words))
        .select((time_nodes::id, time_nodes::plan_id, time_nodes::unit_id, time_nodes::title))
        .order(time_nodes::id.desc())
        .limit(wanted.limit)
        .load(conn)?;
    Ok(rows.into_iter().map(titled).collect())
}

/// Id, plan, unit, title of what it is about, text.
type Said = (i64, PlanId, UnitId, String, String);

fn said((id, plan_id, unit_id, title, text): Said) -> Hit {
    Hit { id, title, texts: vec![text], unit_id, plan_id: Some(plan_id) }
}

fn find_reports(conn: &mut Conn, wanted: &Wanted<'_>) -> Result<Vec<Hit>> {
    let rows: Vec<Said> = progress_reports::table
        .inner_join(time_nodes::table.on(time_nodes::id.eq(progress_reports::node_id)))
        .filter(progress_reports::id.lt(wanted.before()))
        .filter(within("time_nodes.unit_id", wanted.nodes))
        .filter(contains(&["progress_reports.text"], &[], wanted.words))
        .select((
            progress_reports::id,
            time_nodes::plan_id,
            time_nodes::unit_id,
            time_nodes::title,
            progress_reports::text,
        ))
        .order(progress_reports::id.desc())
        .limit(wanted.limit)
        .load(conn)?;
    Ok(rows.into_iter().map(said).collect())
}

/// Title, place, record and minutes of meetings of units in reach; of those that one's own unit was merely called to or
/// is named by, title and place.
fn find_meetings(conn: &mut Conn, wanted: &Wanted<'_>) -> Result<Vec<Hit>> {
    type Row = (i64, UnitId, String, Option<String>);
    let within_reach: Vec<(Row, Option<String>, Option<String>)> = meetings::table
        .inner_join(meeting_records::table.on(meeting_records::meeting_id.eq(meetings::id)))
        .left_join(meeting_minutes::table.on(meeting_minutes::meeting_id.eq(meetings::id)))
        .filter(meetings::id.lt(wanted.before()))
        .filter(within("meetings.unit_id", wanted.meetings))
        .filter(contains(
            &["meetings.title", "meetings.place", "meeting_records.text", "meeting_minutes.text"],
            &[],
            wanted.words,
        ))
        .select((
            (meetings::id, meetings::unit_id, meetings::title, meetings::place),
            meeting_records::text,
            meeting_minutes::text.nullable(),
        ))
        .order(meetings::id.desc())
        .limit(wanted.limit)
        .load(conn)?;
    let naming: Vec<Row> = meetings::table
        .filter(meetings::id.lt(wanted.before()))
        .filter(meetings::id.eq_any(wanted.named.to_vec()))
        .filter(contains(&["meetings.title", "meetings.place"], &[], wanted.words))
        .select((meetings::id, meetings::unit_id, meetings::title, meetings::place))
        .order(meetings::id.desc())
        .limit(wanted.limit)
        .load(conn)?;
    let naming = naming.into_iter().map(|row| (row, None, None));
    let mut hits: Vec<Hit> = within_reach
        .into_iter()
        .chain(naming)
        .map(|((id, unit_id, title, place), record, minutes)| {
            let texts = [Some(title.clone()), place, record, minutes].into_iter().flatten().collect();
            Hit { id, title, texts, unit_id, plan_id: None }
        })
        .collect();
    newest(&mut hits, wanted);
    Ok(hits)
}

/// The newest of what several queries found, each once: of a stable order the first stays, which has all its texts.
fn newest(hits: &mut Vec<Hit>, wanted: &Wanted<'_>) {
    hits.sort_by_key(|hit| std::cmp::Reverse(hit.id));
    hits.dedup_by_key(|hit| hit.id);
    hits.truncate(usize::try_from(wanted.limit).unwrap_or(usize::MAX));
}

/// Comments on tasks, on time nodes, on reports and on meetings: each as far as it is needed, then the newest of all.
/// A comment that was withdrawn is not found.
fn find_comments(conn: &mut Conn, wanted: &Wanted<'_>) -> Result<Vec<Hit>> {
    let mut rows = comments_on_tasks(conn, wanted)?;
    rows.extend(comments_on_nodes(conn, wanted)?);
    rows.extend(comments_on_reports(conn, wanted)?);
    let mut hits: Vec<Hit> = rows.into_iter().map(said).collect();
    hits.extend(comments_on_meetings(conn, wanted)?);
    newest(&mut hits, wanted);
    Ok(hits)
}

fn comments_on_tasks(conn: &mut Conn, wanted: &Wanted<'_>) -> Result<Vec<Said>> {
    Ok(comments::table
        .inner_join(tasks::table.on(tasks::id.eq(comments::subject_id)))
        .inner_join(task_facts::table.on(task_facts::task_id.eq(tasks::id)))
        .inner_join(key_points::table.on(key_points::id.eq(tasks::key_point_id)))
        .inner_join(plans::table.on(plans::id.eq(key_points::plan_id)))
        .filter(comments::subject.eq(CommentSubject::Task).and(task_facts::recorded_to.is_null()))
        .filter(comments::withdrawn_on.is_null().and(comments::id.lt(wanted.before())))
        .filter(plans::id.eq_any(wanted.plans.to_vec()))
        .filter(contains(&["comments.text"], &[], wanted.words))
        .select((comments::id, plans::id, plans::unit_id, task_facts::title, comments::text))
        .order(comments::id.desc())
        .limit(wanted.limit)
        .load(conn)?)
}

fn comments_on_nodes(conn: &mut Conn, wanted: &Wanted<'_>) -> Result<Vec<Said>> {
    Ok(comments::table
        .inner_join(time_nodes::table.on(time_nodes::id.eq(comments::subject_id)))
        .filter(comments::subject.eq(CommentSubject::TimeNode))
        .filter(comments::withdrawn_on.is_null().and(comments::id.lt(wanted.before())))
        .filter(within("time_nodes.unit_id", wanted.nodes))
        .filter(contains(&["comments.text"], &[], wanted.words))
        .select((comments::id, time_nodes::plan_id, time_nodes::unit_id, time_nodes::title, comments::text))
        .order(comments::id.desc())
        .limit(wanted.limit)
        .load(conn)?)
}

fn comments_on_reports(conn: &mut Conn, wanted: &Wanted<'_>) -> Result<Vec<Said>> {
    Ok(comments::table
        .inner_join(progress_reports::table.on(progress_reports::id.eq(comments::subject_id)))
        .inner_join(time_nodes::table.on(time_nodes::id.eq(progress_reports::node_id)))
        .filter(comments::subject.eq(CommentSubject::ProgressReport))
        .filter(comments::withdrawn_on.is_null().and(comments::id.lt(wanted.before())))
        .filter(within("time_nodes.unit_id", wanted.nodes))
        .filter(contains(&["comments.text"], &[], wanted.words))
        .select((comments::id, time_nodes::plan_id, time_nodes::unit_id, time_nodes::title, comments::text))
        .order(comments::id.desc())
        .limit(wanted.limit)
        .load(conn)?)
}

fn comments_on_meetings(conn: &mut Conn, wanted: &Wanted<'_>) -> Result<Vec<Hit>> {
    let readable = within("meetings.unit_id", wanted.meetings).or(meetings::id.eq_any(wanted.named.to_vec()));
    let rows: Vec<(i64, UnitId, String, String)> = comments::table
        .inner_join(meetings::table.on(meetings::id.eq(comments::subject_id)))
        .filter(comments::subject.eq(CommentSubject::Meeting))
        .filter(comments::withdrawn_on.is_null().and(comments::id.lt(wanted.before())))
        .filter(readable)
        .filter(contains(&["comments.text"], &[], wanted.words))
        .select((comments::id, meetings::unit_id, meetings::title, comments::text))
        .order(comments::id.desc())
        .limit(wanted.limit)
        .load(conn)?;
    let hit = |(id, unit_id, title, text)| Hit { id, title, texts: vec![text], unit_id, plan_id: None };
    Ok(rows.into_iter().map(hit).collect())
}

type FindingRow = (i64, String, Option<String>, Option<String>);

/// Findings that name a unit in reach, each once.
fn find_findings(conn: &mut Conn, wanted: &Wanted<'_>) -> Result<Vec<Hit>> {
    use finding_facts::dsl as f;
    use finding_units::dsl as u;
    let rows: Vec<(FindingRow, UnitId)> = f::finding_facts
        .inner_join(u::finding_units.on(u::finding_id.eq(f::finding_id)))
        .filter(f::recorded_to.is_null().and(u::recorded_to.is_null()))
        .filter(f::finding_id.lt(wanted.before()))
        .filter(within("finding_units.unit_id", wanted.nodes))
        .filter(contains(
            &["finding_facts.title", "finding_facts.problem", "finding_facts.root_cause"],
            &[],
            wanted.words,
        ))
        .select(((f::finding_id, f::title, f::problem, f::root_cause), u::unit_id))
        .order((f::finding_id.desc(), u::unit_id))
        .load(conn)?;
    let mut hits: Vec<Hit> = Vec::new();
    for ((id, title, problem, root_cause), unit_id) in rows {
        if hits.last().is_some_and(|hit| hit.id == id) {
            continue;
        }
        let texts = [Some(title.clone()), problem, root_cause].into_iter().flatten().collect();
        hits.push(Hit { id, title, texts, unit_id, plan_id: None });
    }
    hits.truncate(usize::try_from(wanted.limit).unwrap_or(usize::MAX));
    Ok(hits)
}

/// Published sets, and drafts where one may read them.
fn find_sets(conn: &mut Conn, wanted: &Wanted<'_>) -> Result<Vec<Hit>> {
    use standard_sets::dsl as s;
    let rows: Vec<(i64, UnitId, String, String)> = s::standard_sets
        .filter(s::id.lt(wanted.before()))
        .filter(s::published_on.is_not_null().or(within("standard_sets.unit_id", wanted.drafts)))
        .filter(contains(&["standard_sets.title", "standard_sets.edition"], &[], wanted.words))
        .select((s::id, s::unit_id, s::title, s::edition))
        .order(s::id.desc())
        .limit(wanted.limit)
        .load(conn)?;
    let hit = |(id, unit_id, title, edition): (i64, UnitId, String, String)| Hit {
        id,
        texts: vec![title.clone(), edition],
        title,
        unit_id,
        plan_id: None,
    };
    Ok(rows.into_iter().map(hit).collect())
}

/// Clauses of such sets.
fn find_clauses(conn: &mut Conn, wanted: &Wanted<'_>) -> Result<Vec<Hit>> {
    use clauses::dsl as c;
    let rows: Vec<(i64, UnitId, String, String, Option<String>)> = c::clauses
        .inner_join(standard_sets::table.on(standard_sets::id.eq(c::set_id)))
        .filter(c::id.lt(wanted.before()))
        .filter(standard_sets::published_on.is_not_null().or(within("standard_sets.unit_id", wanted.drafts)))
        .filter(contains(&["clauses.title", "clauses.category", "clauses.requirement"], &[], wanted.words))
        .select((c::id, standard_sets::unit_id, c::title, c::category, c::requirement))
        .order(c::id.desc())
        .limit(wanted.limit)
        .load(conn)?;
    let hit = |(id, unit_id, title, category, requirement): (i64, UnitId, String, String, Option<String>)| Hit {
        id,
        texts: [Some(title.clone()), Some(category), requirement].into_iter().flatten().collect(),
        title,
        unit_id,
        plan_id: None,
    };
    Ok(rows.into_iter().map(hit).collect())
}

/// Bulletins that one may read, with their texts.
fn find_bulletins(conn: &mut Conn, wanted: &Wanted<'_>) -> Result<Vec<Hit>> {
    use bulletins::dsl as b;
    let (readable, own) = wanted.bulletins;
    let rows: Vec<(i64, UnitId, String, String)> = b::bulletins
        .filter(b::id.lt(wanted.before()))
        .filter(
            b::state
                .eq(BulletinState::Released)
                .and(within("bulletins.unit_id", readable))
                .or(within("bulletins.unit_id", own)),
        )
        .filter(contains(&["bulletins.title", "bulletins.text"], &[], wanted.words))
        .select((b::id, b::unit_id, b::title, b::text))
        .order(b::id.desc())
        .limit(wanted.limit)
        .load(conn)?;
    let hit = |(id, unit_id, title, text): (i64, UnitId, String, String)| Hit {
        id,
        texts: vec![title.clone(), text],
        title,
        unit_id,
        plan_id: None,
    };
    Ok(rows.into_iter().map(hit).collect())
}
