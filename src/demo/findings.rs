//! What the inspection of 2019 found, and how far each problem has been put right by 30 September 2020.

use chrono::{Datelike, NaiveDate};

use super::people::{Cast, actor};
use super::text;
use super::year::day;
use crate::findings::model::{
    FindingCheckVerdict, FindingKind, NewCloseOut, NewFinding, NewFindingCheck, NewFindingSource, NewMeasure,
    NewRecheck, RecheckVerdict,
};
use crate::findings::{self, FindingId};
use crate::platform::{Conn, Error, Result};
use crate::progress::Evidence;
use crate::progress::model::OnPaper;

/// How far a finding gets, each step on its day.
#[derive(Clone, Copy, PartialEq)]
enum Step {
    Apply,
    Fail,
    Pass,
    Close,
    MarkStage,
    Dismiss,
    Hold,
    Relapse,
}

/// A month and day of 2020.
type On = (u32, u32);

struct Found {
    title: &'static str,
    cause: &'static str,
    kind: FindingKind,
    /// Branches from 1; none: the department.
    branches: &'static [usize],
    measure: &'static str,
    due: Option<On>,
    steps: &'static [(On, Step)],
}

use FindingKind::{Immediate, LongTerm, TimeLimited};
use Step::{Apply, Close, Dismiss, Fail, Hold, MarkStage, Pass, Relapse};

/// Twelve problems in every state.
const FOUND: [Found; 12] = [
    Found {
        title: "党费收缴未按月公示",
        cause: "经办人轮换后未交接",
        kind: Immediate,
        branches: &[2],
        measure: "补公示并固定公示栏",
        due: Some((3, 31)),
        steps: &[((3, 26), Apply), ((3, 30), Pass), ((4, 1), Close), ((7, 15), Hold)],
    },
    Found {
        title: "“三会一课”记录不完整",
        cause: "记录本格式不一",
        kind: TimeLimited,
        branches: &[1, 3],
        measure: "统一记录本并补齐要素",
        due: Some((5, 31)),
        steps: &[((5, 20), Apply), ((5, 25), Pass), ((5, 28), Close)],
    },
    Found {
        title: "主题党日形式单一",
        cause: "结合生产经营不够",
        kind: LongTerm,
        branches: &[1, 2, 3, 4, 5, 6, 7],
        measure: "每季度安排一次进车间、进项目的主题党日",
        due: None,
        steps: &[((6, 30), MarkStage)],
    },
    Found {
        title: "党支部换届超期",
        cause: "换届提醒不及时",
        kind: TimeLimited,
        branches: &[6],
        measure: "完成换届选举并报批",
        due: Some((6, 30)),
        steps: &[((6, 20), Apply), ((6, 24), Fail), ((7, 8), Apply), ((7, 10), Pass), ((7, 13), Close)],
    },
    Found {
        title: "学习笔记抄袭雷同",
        cause: "检查流于形式",
        kind: TimeLimited,
        branches: &[3],
        measure: "改为交流发言并抽查",
        due: Some((4, 30)),
        steps: &[((4, 24), Apply), ((4, 27), Pass), ((4, 29), Close), ((9, 10), Relapse)],
    },
    Found {
        title: "发展党员材料缺项",
        cause: "培养联系人未签字",
        kind: Immediate,
        branches: &[5],
        measure: "逐份核对补签",
        due: Some((3, 31)),
        steps: &[((3, 27), Apply), ((3, 30), Pass), ((4, 1), Close)],
    },
    Found {
        title: "品牌创建缺少方案",
        cause: "未列入年度计划",
        kind: TimeLimited,
        branches: &[4, 7],
        measure: "制定品牌创建方案并公布",
        due: Some((9, 30)),
        steps: &[((9, 24), Apply), ((9, 28), Pass)],
    },
    Found {
        title: "谈心谈话未全覆盖",
        cause: "外派党员联系不便",
        kind: TimeLimited,
        branches: &[2],
        measure: "外派党员改为视频谈话并记录",
        due: Some((10, 31)),
        steps: &[((9, 25), Apply)],
    },
    Found {
        title: "党员活动室挪作他用",
        cause: "办公用房紧张",
        kind: TimeLimited,
        branches: &[6],
        measure: "恢复活动室并更新展板",
        due: Some((8, 31)),
        steps: &[],
    },
    Found {
        title: "党建考核结果未与绩效挂钩",
        cause: "考核办法待修订",
        kind: LongTerm,
        branches: &[],
        measure: "修订考核办法并征求意见",
        due: Some((12, 31)),
        steps: &[],
    },
    Found {
        title: "民主评议等次未公示",
        cause: "经核实已公示，照片未归档",
        kind: Immediate,
        branches: &[7],
        measure: "",
        due: None,
        steps: &[((3, 27), Dismiss)],
    },
    Found {
        title: "党务公开栏更新不及时",
        cause: "",
        kind: TimeLimited,
        branches: &[3],
        measure: "",
        due: None,
        steps: &[],
    },
];

/// The inspector enters what was found, and the units their measures.
pub fn raise(conn: &mut Conn, cast: &Cast) -> Result<Vec<FindingId>> {
    let inspector = actor(conn, cast.inspector)?;
    let department = actor(conn, cast.department)?;
    let mut raised = Vec::new();
    for found in &FOUND {
        let new = NewFinding {
            title: text(found.title)?,
            problem: None,
            root_cause: if found.cause.is_empty() { None } else { Some(text(found.cause)?) },
            kind: found.kind,
            unit_ids: if found.branches.is_empty() { vec![cast.office] } else { units(cast, found.branches) },
            source: NewFindingSource {
                body: text("轴研科技检查考核组")?,
                on: NaiveDate::from_ymd_opt(2019, 12, 20).unwrap_or_default(),
                document: Some(text("2019年度党建工作检查考核反馈意见")?),
            },
            year: Some(2020),
        };
        let id = findings::raise::create(conn, &inspector, &new)?.id;
        if !found.measure.is_empty() {
            for unit_id in &new.unit_ids {
                let measure = NewMeasure {
                    text: text(found.measure)?,
                    unit_id: Some(*unit_id),
                    leader: Some(text("党委副书记")?),
                    person: Some(text("支部书记")?),
                    due_on: found.due.map(|(month, date)| day(month, date)),
                };
                findings::measures::add(conn, &department, id, &measure)?;
            }
        }
        raised.push(id);
    }
    Ok(raised)
}

fn units(cast: &Cast, branches: &[usize]) -> Vec<crate::units::UnitId> {
    branches.iter().filter_map(|number| cast.branches.get(number - 1)).copied().collect()
}

/// What happens to the findings on a day.
pub fn happen(conn: &mut Conn, evidence: &Evidence, cast: &Cast, raised: &[FindingId], today: NaiveDate) -> Result<()> {
    for (found, id) in FOUND.iter().zip(raised) {
        for (_, step) in found.steps.iter().filter(|(on, _)| *on == (today.month(), today.day())) {
            go(conn, evidence, cast, found, *id, (*step, today))?;
        }
    }
    Ok(())
}

fn go(
    conn: &mut Conn,
    evidence: &Evidence,
    cast: &Cast,
    found: &Found,
    id: FindingId,
    (step, today): (Step, NaiveDate),
) -> Result<()> {
    let department = actor(conn, cast.department)?;
    let leader = actor(conn, cast.leader)?;
    let inspector = actor(conn, cast.inspector)?;
    let note = |words: &str| text(words).map(Some);
    match step {
        Apply => {
            let branch = found.branches.first().map_or(0, |number| number - 1);
            let secretary = cast.secretary_on(branch, today).ok_or_else(|| Error::internal("no secretary"))?;
            let secretary = actor(conn, secretary)?;
            let paper = OnPaper {
                title: text("整改佐证材料")?,
                reference: None,
                place: Some(text("支部档案柜")?),
                keeper: None,
            };
            let asked = NewCloseOut {
                text: text(&format!("{}，已完成。", found.measure))?,
                attachment_ids: vec![],
                on_paper: vec![paper],
            };
            findings::applications::apply(conn, &secretary, evidence, id, &asked).map(|_| ())
        }
        Fail => {
            let reason = note("选举结果尚未批复，材料不齐")?;
            let ruling = NewFindingCheck { verdict: FindingCheckVerdict::Failed, reason };
            findings::close_out::check(conn, &department, evidence, id, &ruling).map(|_| ())
        }
        Pass => {
            let ruling = NewFindingCheck { verdict: FindingCheckVerdict::Passed, reason: None };
            findings::close_out::check(conn, &department, evidence, id, &ruling).map(|_| ())
        }
        Close => findings::close_out::close(conn, &leader, id, None).map(|_| ()),
        MarkStage => {
            let words = text("上半年各支部均已开展两次")?;
            findings::close_out::mark_stage(conn, &department, id, Some(&words)).map(|_| ())
        }
        Dismiss => {
            let words = text("经核实已公示，不构成问题")?;
            findings::close_out::dismiss(conn, &inspector, id, &words).map(|_| ())
        }
        Hold => {
            let seen = NewRecheck { verdict: RecheckVerdict::Held, note: None, year: None };
            findings::rechecks::create(conn, &inspector, id, &seen).map(|_| ())
        }
        Relapse => {
            let seen = NewRecheck {
                verdict: RecheckVerdict::Failed, note: note("抽查发现笔记再次雷同")?, year: None
            };
            findings::rechecks::create(conn, &inspector, id, &seen).map(|_| ())
        }
    }
}
