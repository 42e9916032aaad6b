//! The ledger 整改台账: the findings of a day, filtered, as a list and as the table that is handed round.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::day::{self, Day};
use super::model::{Finding, FindingKind, FindingState, Measure};
use super::{FindingId, store};
use crate::access::{Action, Actor};
use crate::plans::TaskId;
use crate::platform::days::by_today;
use crate::platform::db::today;
use crate::platform::{Conn, PageRequest, Result};
use crate::units::store::Tree;
use crate::units::{self, UnitId};

/// Which findings to read.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LedgerQuery {
    /// Of this work year.
    pub year: Option<i64>,
    /// Of this unit and everything below it.
    pub unit_id: Option<UnitId>,
    /// In this state.
    pub state: Option<FindingState>,
    /// Of this kind.
    pub kind: Option<FindingKind>,
    /// With a measure that is overdue (`true`), or without one.
    pub overdue: Option<bool>,
    /// Those whose measures this task carries out.
    pub task_id: Option<TaskId>,
    /// Those that a failed re-check of this finding made.
    pub relapse_of: Option<FindingId>,
    /// As they stood at the end of this day; by default today. A future day is refused.
    pub as_of: Option<NaiveDate>,
    /// Rows of a page, 1 to 200, by default 50.
    pub limit: Option<i64>,
    /// Cursor of the page before.
    pub cursor: Option<String>,
}

/// Findings in reach as they stood at the end of a day, by id.
pub fn list(
    conn: &mut Conn,
    actor: &Actor,
    page: &PageRequest,
    query: &LedgerQuery,
) -> Result<(Vec<Finding>, Option<String>)> {
    let today = today(conn)?;
    let as_of = by_today(query.as_of, today, "as_of")?;
    if let Some(id) = query.unit_id {
        let site = units::store::named(conn, id, "unit_id")?.site();
        actor.must(Action::ReadNodes, &site)?;
    }
    if let Some(id) = query.relapse_of {
        super::must_read(actor, &store::named(conn, id, "relapse_of")?)?;
    }
    let after = page.after::<i64>(0)?.unwrap_or(0);
    let day = day::on(conn, as_of, false)?;
    let now = Tree::on(conn, today)?;
    let reads = |unit: UnitId| now.get(unit).is_some_and(|unit| actor.may(Action::ReadNodes, &unit.site()));
    let mut items: Vec<Finding> = day
        .shown()
        .filter(|finding| finding.id.0 > after && finding.units.iter().any(|unit| reads(unit.unit_id)))
        .filter(|finding| fits(finding, query, &day))
        .collect();
    let next = page.cut(&mut items, |finding| vec![finding.id.to_string()]);
    Ok((items, next))
}

fn fits(finding: &Finding, query: &LedgerQuery, day: &Day) -> bool {
    let overdue = finding.measures.iter().any(|measure| measure.overdue);
    query.year.is_none_or(|year| finding.year == year)
        && query.unit_id.is_none_or(|top| finding.units.iter().any(|unit| day.tree.is_within(unit.unit_id, Some(top))))
        && query.state.is_none_or(|state| finding.state == state)
        && query.kind.is_none_or(|kind| finding.kind == kind)
        && query.overdue.is_none_or(|wanted| overdue == wanted)
        && query.task_id.is_none_or(|task| finding.task_ids.contains(&task))
        && query.relapse_of.is_none_or(|id| finding.relapse_of == Some(id))
}

/// A finding one may read, as it stands today.
pub fn read(conn: &mut Conn, actor: &Actor, id: FindingId) -> Result<Finding> {
    let finding = store::get(conn, id)?;
    super::must_read(actor, &finding)?;
    let today = today(conn)?;
    day::one(conn, id, today)
}

/// A row of the ledger as it is handed round.
#[derive(Serialize)]
pub struct LedgerRow {
    #[serde(rename = "序号")]
    number: usize,
    #[serde(rename = "问题编号")]
    id: FindingId,
    #[serde(rename = "问题")]
    title: String,
    #[serde(rename = "具体表现")]
    problem: Option<String>,
    #[serde(rename = "产生原因")]
    root_cause: Option<String>,
    #[serde(rename = "来源")]
    source: String,
    #[serde(rename = "发现日期")]
    found_on: NaiveDate,
    #[serde(rename = "类型")]
    kind: &'static str,
    #[serde(rename = "责任单位")]
    units: String,
    #[serde(rename = "整改措施")]
    measures: String,
    #[serde(rename = "责任领导")]
    leaders: String,
    #[serde(rename = "责任人")]
    persons: String,
    #[serde(rename = "整改时限")]
    due: String,
    #[serde(rename = "逾期措施数")]
    overdue: usize,
    #[serde(rename = "任务节点完成")]
    nodes: String,
    #[serde(rename = "进展")]
    progress: Option<String>,
    #[serde(rename = "状态")]
    state: String,
    #[serde(rename = "状态日期")]
    since: NaiveDate,
    #[serde(rename = "销号日期")]
    closed_on: Option<NaiveDate>,
    #[serde(rename = "原问题编号")]
    relapse_of: Option<FindingId>,
}

/// The ledger as a table, numbered in the order of the list.
pub fn rows(findings: &[Finding]) -> Vec<LedgerRow> {
    (1..).zip(findings).map(|(number, finding)| row(number, finding)).collect()
}

fn row(number: usize, finding: &Finding) -> LedgerRow {
    let source = match &finding.source.document {
        Some(document) => format!("{}（{document}）", finding.source.body),
        None => finding.source.body.clone(),
    };
    let nodes = match finding.nodes_owed {
        0 => String::new(),
        owed => format!("{}/{owed}", finding.nodes_done),
    };
    LedgerRow {
        number,
        id: finding.id,
        title: finding.title.clone(),
        problem: finding.problem.clone(),
        root_cause: finding.root_cause.clone(),
        source,
        found_on: finding.source.on,
        kind: kind_name(finding.kind),
        units: finding.units.iter().map(|unit| unit.name.as_str()).collect::<Vec<_>>().join("、"),
        measures: numbered(finding, |measure| Some(measure.text.clone())),
        leaders: numbered(finding, |measure| measure.leader.clone()),
        persons: numbered(finding, |measure| measure.person.clone()),
        due: numbered(finding, |measure| Some(measure.due_on.map_or_else(|| "长期坚持".into(), |due| due.to_string()))),
        overdue: finding.measures.iter().filter(|measure| measure.overdue).count(),
        nodes,
        progress: finding.progress.clone(),
        state: state_name(finding),
        since: finding.state_since,
        closed_on: finding.closed_on,
        relapse_of: finding.relapse_of,
    }
}

/// What is said of each measure, numbered where there are several.
fn numbered(finding: &Finding, said: impl Fn(&Measure) -> Option<String>) -> String {
    let several = finding.measures.len() > 1;
    let parts = (1..).zip(&finding.measures).filter_map(|(number, measure)| {
        let text = said(measure)?;
        Some(if several { format!("{number}.{text}") } else { text })
    });
    parts.collect::<Vec<String>>().join("；")
}

pub fn kind_name(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Immediate => "立行立改",
        FindingKind::TimeLimited => "限期整改",
        FindingKind::LongTerm => "长期坚持",
    }
}

/// The state in words, with what keeps a closed finding from counting.
pub fn state_name(finding: &Finding) -> String {
    let name = match finding.state {
        FindingState::Open => "未整改",
        FindingState::Rectifying => "整改中",
        FindingState::Applied => "待复核",
        FindingState::Checked => "复核通过",
        FindingState::StageDone => "阶段完成",
        FindingState::Dismissed => "已撤销",
        FindingState::Closed if finding.relapsed_as.is_some() => "已销号（回头看反弹）",
        FindingState::Closed if !finding.counts_as_closed => "已销号（任务未完成，不计）",
        FindingState::Closed => "已销号",
    };
    name.to_owned()
}
