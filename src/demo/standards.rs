//! The work standards of 2019 and how the branches stand against them: assessed in March, June and September.

use chrono::{Datelike, NaiveDate};

use super::people::{Cast, actor};
use super::text;
use crate::access::Actor;
use crate::assessments::model::{
    Approval, CheckResult, CheckResults, ClauseResult, NewAssessment, NewCheck, NewRuling, Proposal, RecognitionRuling,
    ResultLine, SelfResult, SelfResults,
};
use crate::assessments::{self, AssessmentId};
use crate::meetings::decisions::DecisionId;
use crate::plans::{PlanId, TaskId};
use crate::platform::{Conn, Error, Result};
use crate::progress::Evidence;
use crate::standards::model::{NewClause, NewClauseTask, NewSet};
use crate::standards::{self, Points, SetId};
use crate::{plans, progress};

/// How a clause is weighed.
#[derive(Clone, Copy)]
enum Weight {
    Plain,
    /// Without it nobody is recognised.
    Mandatory,
    /// What was missed is missed.
    Uncurable,
    /// Its evidence counts for so many months.
    Months(i64),
}

use Weight::{Mandatory, Months, Plain, Uncurable};

/// Title, points, weight, and the task that does it.
type Of = (&'static str, i64, Weight, Option<&'static str>);

/// The three foundations 三基建设.
const CATEGORIES: [(&str, &[Of]); 3] = [
    (
        "基层组织",
        &[
            ("支部设置规范，正式党员三人以上", 4, Mandatory, None),
            ("支部委员会健全，分工明确", 3, Plain, None),
            ("按期换届", 4, Mandatory, None),
            ("书记、副书记按规定任职", 2, Plain, None),
            ("党小组划分合理", 2, Plain, None),
            ("党员名册准确，组织关系接转规范", 3, Plain, None),
            ("流动党员有人联系", 2, Plain, None),
            ("困难党员关怀帮扶有记录", 2, Plain, None),
            ("党员活动阵地达到标准", 2, Plain, None),
            ("党费按月足额收缴并公示", 3, Months(3), None),
            ("标准化作业程序上墙上册", 3, Plain, None),
            ("支部年度计划与责任清单衔接", 3, Plain, None),
            ("支部书记述职评议", 2, Plain, None),
        ],
    ),
    (
        "基础工作",
        &[
            ("支部党员大会每季度召开", 3, Uncurable, Some("支部党员大会")),
            ("支部委员会会议每月召开", 3, Uncurable, Some("支委会")),
            ("党课每季度一次", 3, Uncurable, Some("党课")),
            ("主题党日每月一次", 3, Uncurable, Some("主题党日")),
            ("组织生活会每年一次", 3, Plain, None),
            ("民主评议党员每年一次", 3, Plain, None),
            ("谈心谈话有计划有记录", 2, Plain, None),
            ("发展党员程序完备", 4, Mandatory, None),
            ("入党积极分子培养考察", 2, Plain, None),
            ("会议记录完整规范", 2, Plain, None),
            ("台账档案齐全", 2, Plain, None),
            ("对照工作标准自查", 3, Plain, Some("对照工作标准开展自查")),
            ("党务公开及时", 2, Plain, None),
            ("党内统计准确", 2, Plain, None),
        ],
    ),
    (
        "基本能力",
        &[
            ("政治理论学习有计划有考勤", 3, Plain, None),
            ("书记培训满规定学时", 2, Months(12), None),
            ("党员参学率达标", 2, Plain, None),
            ("党建与生产经营深度融合项目", 3, Plain, None),
            ("党员先锋岗发挥作用", 2, Plain, None),
            ("特色品牌有方案有成效", 2, Plain, None),
            ("“双创”活动有成果", 2, Plain, None),
            ("检查考核问题按期整改", 4, Mandatory, None),
            ("意识形态工作责任落实", 2, Plain, None),
            ("党风廉政教育", 2, Plain, None),
            ("联系服务群众", 2, Plain, None),
            ("志愿服务常态化", 2, Plain, None),
            ("宣传信息报送", 1, Plain, None),
        ],
    ),
];

/// How many of the clauses without a task a branch lacks in March, June and September.
const LACKING: [[usize; 3]; 7] = [[9, 6, 2], [10, 5, 2], [12, 9, 5], [13, 6, 3], [9, 5, 1], [14, 11, 8], [8, 4, 0]];

/// The day of each round.
const ROUNDS: [(u32, u32); 3] = [(3, 31), (6, 30), (9, 28)];

/// The branch, from 0, and the clause that a leader finds not applicable to it.
const NOT_APPLICABLE: (usize, &str) = (4, "流动党员有人联系");

/// The set of work standards formulated in 2019.
pub fn publish(conn: &mut Conn, evidence: &Evidence, cast: &Cast) -> Result<SetId> {
    let department = actor(conn, cast.department)?;
    let new = NewSet {
        unit_id: cast.committee,
        title: text("党支部标准化规范化建设工作标准")?,
        edition: text("2019")?,
        from_set_id: None,
    };
    let set = standards::sets::create(conn, &department, &new)?.id;
    for (number, (category, clauses)) in (1..).zip(CATEGORIES) {
        for (place, (title, points, weight, _)) in (1..).zip(clauses) {
            let clause = NewClause {
                code: text(&format!("{number}.{place}"))?,
                category: text(category)?,
                title: text(title)?,
                requirement: None,
                points: Points(points * 10),
                mandatory: matches!(weight, Mandatory),
                curable: !matches!(weight, Uncurable),
                evidence_months: if let Months(months) = weight { Some(*months) } else { None },
                document_ids: vec![],
                position: None,
            };
            standards::clauses::add(conn, &department, evidence, set, clause)?;
        }
    }
    standards::sets::publish(conn, &department, set)?;
    Ok(set)
}

/// Links clauses to the tasks of the plan that do what they ask.
pub fn link(conn: &mut Conn, cast: &Cast, set: SetId, plan: PlanId) -> Result<()> {
    let department = actor(conn, cast.department)?;
    let mut tasks: Vec<(String, TaskId)> = Vec::new();
    for point in plans::store::key_points_of(conn, plan)? {
        tasks.extend(plans::store::tasks_of(conn, &point)?.into_iter().map(|task| (task.title, task.id)));
    }
    let asked = CATEGORIES.iter().flat_map(|(_, clauses)| clauses.iter());
    let clauses = standards::store::clauses_of(conn, set)?;
    for (clause, (.., wanted)) in clauses.iter().zip(asked) {
        let found = tasks.iter().find(|(title, _)| Some(title.as_str()) == *wanted);
        if let Some((_, task_id)) = found {
            standards::links::add(conn, &department, clause.id, &NewClauseTask { task_id: *task_id })?;
        }
    }
    Ok(())
}

/// The round of assessment that falls on a day, a branch each: every branch assesses itself, the department checks.
pub fn assess(
    conn: &mut Conn,
    evidence: &progress::Evidence,
    cast: &Cast,
    today: NaiveDate,
) -> Result<Vec<AssessmentId>> {
    let Some(round) = ROUNDS.iter().position(|on| *on == (today.month(), today.day())) else { return Ok(vec![]) };
    let mut assessed = Vec::new();
    let department = actor(conn, cast.department)?;
    let leader = actor(conn, cast.leader)?;
    for (branch, unit_id) in cast.branches.iter().enumerate() {
        let secretary = cast.secretary_on(branch, today).ok_or_else(|| Error::internal("no secretary"))?;
        let secretary = actor(conn, secretary)?;
        let opened = assessments::open::open(conn, &secretary, &NewAssessment { unit_id: *unit_id, set_id: None })?.id;
        let lacking = LACKING.get(branch).and_then(|rounds| rounds.get(round)).copied().unwrap_or(0);
        let lines = assessments::open::lines(conn, &secretary, opened)?;
        self_assess(conn, evidence, &secretary, opened, &lines)?;
        let results: Vec<CheckResult> =
            lines.iter().enumerate().map(|(place, line)| check(line, place, branch, lacking)).collect::<Result<_>>()?;
        let none: Vec<_> = results.iter().filter(|said| said.result == Some(ClauseResult::NotApplicable)).collect();
        let clause_ids: Vec<_> = none.iter().map(|said| said.clause_id).collect();
        assessments::check::put(conn, &department, evidence, opened, &CheckResults { results })?;
        if !clause_ids.is_empty() {
            assessments::check::approve(conn, &leader, opened, &Approval { clause_ids })?;
        }
        assessments::check::check(conn, &department, opened, &NewCheck { checked_on: None })?;
        assessed.push(opened);
    }
    Ok(assessed)
}

/// A branch thinks a little better of itself than the checker will.
fn self_assess(
    conn: &mut Conn,
    evidence: &Evidence,
    secretary: &Actor,
    id: AssessmentId,
    lines: &[ResultLine],
) -> Result<()> {
    let said = |line: &ResultLine| SelfResult {
        clause_id: line.clause_id,
        result: ClauseResult::Met,
        points: None,
        note: None,
        attachment_ids: vec![],
        on_paper: vec![],
    };
    let results = SelfResults { results: lines.iter().map(said).collect() };
    assessments::self_assess::put(conn, secretary, evidence, id, &results)?;
    assessments::self_assess::submit(conn, secretary, id).map(|_| ())
}

/// What the checker says of one clause: what its task's nodes propose, else by how much the branch lacks.
fn check(line: &ResultLine, place: usize, branch: usize, lacking: usize) -> Result<CheckResult> {
    let said = |result: Option<ClauseResult>| CheckResult {
        clause_id: line.clause_id,
        result,
        points: None,
        deduction_reason: None,
        overrule_reason: None,
        note: None,
        evidence_on: None,
        attachment_ids: vec![],
        on_paper: vec![],
    };
    let half = Some(Points(line.clause_points.0 / 20 * 10));
    let short = |result, points, reason: &str| -> Result<CheckResult> {
        Ok(CheckResult { points, deduction_reason: Some(text(reason)?), ..said(result) })
    };
    match line.proposal {
        Some(Proposal::Met) => return Ok(said(None)),
        Some(Proposal::Partly) => return short(None, half, "部分时间节点未完成"),
        Some(Proposal::NotMet) => return short(None, None, "时间节点逾期未完成"),
        None => {}
    }
    if (branch, line.title.as_str()) == NOT_APPLICABLE {
        return Ok(CheckResult {
            note: Some(text("本支部没有流动党员")?), ..said(Some(ClauseResult::NotApplicable))
        });
    }
    // Each branch lacks other clauses, and of those of March the last are the hardest to make good.
    match (place * 11 + branch * 5) % 40 {
        rank if rank >= lacking => Ok(said(Some(ClauseResult::Met))),
        rank if rank % 3 == 0 => short(Some(ClauseResult::Partly), half, "材料不全"),
        _ => short(Some(ClauseResult::NotMet), None, "未见材料"),
    }
}

/// The committee's ruling on the round of September: one branch is recognised, one is told why it is not.
pub fn rule(conn: &mut Conn, cast: &Cast, assessed: &[AssessmentId], decision: DecisionId) -> Result<()> {
    let leader = actor(conn, cast.leader)?;
    for (branch, verdict, reason) in [
        (6, RecognitionRuling::Recognised, None),
        (5, RecognitionRuling::NotRecognised, Some("一票否决条款未达标，限年底前整改")),
    ] {
        let id = assessed.get(branch).copied().ok_or_else(|| Error::internal("nothing was assessed"))?;
        let ruling = NewRuling { verdict, decision_id: Some(decision), reason: reason.map(text).transpose()? };
        assessments::recognise::rule(conn, &leader, id, &ruling)?;
    }
    Ok(())
}
