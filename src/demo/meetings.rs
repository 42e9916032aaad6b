//! The meetings of the year with what was said and decided at them: the seminar of 16 March with 9 people, the promotion
//! meeting of 24 March with 21, the committee's meeting of 28 September, and the one that is called next.

use super::people::{Cast, actor};
use super::year::day;
use super::{entries, text};
use crate::access::Actor;
use crate::bulletins::model::{BulletinKind, NewBulletin};
use crate::bulletins::{self, BulletinId};
use crate::demo::lists::When;
use crate::findings::FindingId;
use crate::meetings::agenda::{AgendaLink, LinkKind, NewAgendaItem};
use crate::meetings::attendance::{AttendanceStatus, NewAttendance, NewAttendances};
use crate::meetings::decisions::DecisionId;
use crate::meetings::decisions::model::{DecisionKind, NewDecision, NewDecisionTask, NewVotes};
use crate::meetings::minutes::{Distribution, NewMinutes};
use crate::meetings::model::{MeetingHolding, MeetingKind, NewMeeting, NewRecord};
use crate::meetings::next::NewNext;
use crate::meetings::opinions::OpinionId;
use crate::meetings::opinions::model::{Disposition, NewDisposition, NewOpinion};
use crate::meetings::{self, MeetingId};
use crate::plans::model::{NewPart, Part, PlanPatch};
use crate::plans::{self, PlanId};
use crate::platform::web::IfMatch;
use crate::platform::{Conn, Error, Field, Result};
use crate::time_nodes::revise::Revise;

/// What is carried on from the promotion meeting.
#[derive(Debug, Clone)]
pub struct Promotion {
    pub meeting: MeetingId,
    opinions: Vec<OpinionId>,
    deployments: Vec<DecisionId>,
}

/// What the branches said on 24 March: branch from 1, and their words.
const SAID: [(usize, &str); 5] = [
    (1, "建议统一“三会一课”记录本格式，减少重复填报。"),
    (2, "建议品牌创建给出评价要点，便于支部对照。"),
    (4, "建议标准化作业程序修订前先征求支部意见。"),
    (6, "建议外派党员较多的支部可视频参加组织生活。"),
    (7, "建议“双创”活动与生产攻关项目结合，由支部自选题目。"),
];

/// Who sat at a meeting: post, branch from 1, how.
type Seat = (String, Option<usize>, AttendanceStatus);

fn hold(
    conn: &mut Conn,
    cast: &Cast,
    new: NewMeeting,
    agenda: &[(&str, Option<AgendaLink>)],
    seats: &[Seat],
    record: &str,
) -> Result<MeetingId> {
    let department = actor(conn, cast.department)?;
    let id = meetings::actions::create(conn, &department, new)?.id;
    for (title, link) in agenda {
        let item =
            NewAgendaItem {
                title: text(title)?, position: None, presenter: Some(text("党群工作部")?), link: *link
            };
        meetings::agenda::add(conn, &department, id, item)?;
    }
    let mut items = Vec::new();
    for (person, branch, status) in seats {
        let unit_id = branch.and_then(|number| cast.branches.get(number - 1)).copied();
        let on_leave = *status == AttendanceStatus::Leave;
        let reason = if on_leave { Some(text("外出学习")?) } else { None };
        items.push(NewAttendance { person: text(person)?, unit_id, account_id: None, status: *status, reason });
    }
    meetings::attendance::put(conn, &department, id, &NewAttendances { items })?;
    meetings::actions::hold(conn, &department, id, &MeetingHolding { held_on: None })?;
    meetings::actions::put_record(conn, &department, id, &NewRecord { text: text(record)? })?;
    Ok(id)
}

fn called(cast: &Cast, kind: MeetingKind, title: &str, on: (u32, u32), at: &str) -> Result<NewMeeting> {
    Ok(NewMeeting {
        unit_id: cast.committee,
        kind,
        title: text(title)?,
        called_for: day(on.0, on.1),
        starts_at: Some(at.to_owned()),
        place: Some(text("党委会议室")?),
        chair: Some(text("党委副书记")?),
        recorder: Some(text("党群工作部干事")?),
    })
}

/// Minutes drafted, signed, sent to the branches, and the meeting closed.
fn conclude(conn: &mut Conn, cast: &Cast, id: MeetingId, words: &str) -> Result<()> {
    let (department, leader) = (actor(conn, cast.department)?, actor(conn, cast.leader)?);
    meetings::minutes::put(conn, &department, id, &NewMinutes { text: text(words)? })?;
    meetings::minutes::sign(conn, &leader, id)?;
    meetings::minutes::distribute(conn, &department, id, &Distribution { unit_ids: cast.branches.clone() })?;
    meetings::actions::close(conn, &department, id).map(|_| ())
}

/// 16 March: the seminar judges what was found in 2019 and passes the three lists.
pub fn seminar(conn: &mut Conn, cast: &Cast, plan: PlanId, findings: &[FindingId]) -> Result<()> {
    let department = actor(conn, cast.department)?;
    let new = called(cast, MeetingKind::Seminar, "2020年党建工作质量提升专题研讨会", (3, 16), "09:00")?;
    let mut seats: Vec<Seat> = vec![("党委书记".into(), None, AttendanceStatus::Present)];
    seats.push(("党委副书记".into(), None, AttendanceStatus::Present));
    seats.extend((1..=4).map(|number| (format!("党委委员（{number}）"), None, AttendanceStatus::Present)));
    seats.extend((1..=3).map(|number| (format!("党群工作部（{number}）"), None, AttendanceStatus::Observer)));
    let found = findings.first().map(|id| AgendaLink { kind: LinkKind::Finding, id: id.0 });
    let lists = Some(AgendaLink { kind: LinkKind::Plan, id: plan.0 });
    let agenda = [("研判2019年度检查考核发现的问题", found), ("审议2020年工作要点、任务清单、责任清单", lists)];
    let id = hold(conn, cast, new, &agenda, &seats, "听取党群工作部汇报，逐项研判问题，审议三张清单。")?;
    let resolution = NewDecision {
        kind: DecisionKind::Resolution,
        title: Some(text("审议通过2020年党建工作要点、任务清单、责任清单")?),
        text: text("会议审议通过2020年党建工作要点、任务清单和责任清单，由党群工作部组织推进。")?,
        opinion_ids: vec![],
        votes: Some(NewVotes { in_favour: 6, against: 0, abstain: 0, present: 6, entitled: None }),
        due_on: None,
    };
    let decision = meetings::decisions::actions::record(conn, &department, id, &resolution)?.id;
    conclude(conn, cast, id, "会议研判了2019年度检查考核发现的问题，审议通过2020年党建工作三张清单。")?;
    let mut approving = department.clone();
    approving.request.if_match = IfMatch::of(plans::store::get_plan(conn, plan)?.version);
    let patch = PlanPatch {
        title: None,
        target_percent: None,
        target_on: None,
        closes_on: None,
        document_no: Field::Keep,
        consulted_on: Field::Set(day(3, 12)),
        approved_by: Field::Set(text("专题研讨会 2020-03-16")?),
        approved_by_decision_id: Field::Set(decision.0),
        reason: None,
    };
    plans::actions::change(conn, &approving, &Revise, plan, patch).map(|_| ())
}

/// 24 March, afternoon: the promotion meeting with 21 people.
pub fn promotion(conn: &mut Conn, cast: &Cast, plan: PlanId, findings: &[FindingId]) -> Result<Promotion> {
    let department = actor(conn, cast.department)?;
    let new = called(cast, MeetingKind::PromotionMeeting, "2020年党建工作推进会", (3, 24), "14:30")?;
    let mut seats: Vec<Seat> = vec![("党委副书记".into(), None, AttendanceStatus::Present)];
    for number in 1..=7 {
        seats.push((
            format!("第{}党支部书记", NUMERALS.get(number - 1).unwrap_or(&"")),
            Some(number),
            AttendanceStatus::Present,
        ));
        seats.push((
            format!("第{}党支部副书记", NUMERALS.get(number - 1).unwrap_or(&"")),
            Some(number),
            AttendanceStatus::Present,
        ));
    }
    seats.extend((1..=6).map(|number| (format!("党群工作部党务干部（{number}）"), None, AttendanceStatus::Present)));
    let found = findings.get(1).map(|id| AgendaLink { kind: LinkKind::Finding, id: id.0 });
    let lists = Some(AgendaLink { kind: LinkKind::Plan, id: plan.0 });
    let agenda = [
        ("通报2019年度检查考核发现的问题", found),
        ("推进落实2020年工作要点、任务清单、责任清单", lists),
        ("各党支部讨论，提出意见建议", None),
        ("党委副书记点评讲话", None),
    ];
    let record = "党群工作部通报问题并推进三张清单；各党支部书记、副书记讨论，提出意见建议；党委副书记点评，要求年底各党支部标准化达标率达到100%。";
    let meeting = hold(conn, cast, new, &agenda, &seats, record)?;
    let mut opinions = Vec::new();
    for (branch, words) in SAID {
        let Some(unit_id) = cast.branches.get(branch - 1).copied() else { continue };
        let secretary = cast.secretary_on(branch - 1, day(3, 24)).ok_or_else(|| Error::internal("no secretary"))?;
        let secretary = actor(conn, secretary)?;
        let opinion = NewOpinion { unit_id, text: text(words)? };
        opinions.push(meetings::opinions::actions::give(conn, &secretary, meeting, &opinion)?.id);
    }
    let decide = |conn: &mut Conn, kind, title: &str, words: &str, on: Option<(u32, u32)>, from: &[usize]| {
        let new = NewDecision {
            kind,
            title: Some(text(title)?),
            text: text(words)?,
            opinion_ids: from.iter().filter_map(|index| opinions.get(*index)).copied().collect(),
            votes: None,
            due_on: on.map(|(month, date)| day(month, date)),
        };
        meetings::decisions::actions::record(conn, &department, meeting, &new).map(|made| made.id)
    };
    use DecisionKind::{Deployment, Information};
    let deployments = vec![
        decide(
            conn,
            Deployment,
            "统一“三会一课”记录本",
            "党群工作部在4月底前制发统一记录本，各党支部5月起使用。",
            Some((5, 31)),
            &[0],
        )?,
        decide(
            conn,
            Deployment,
            "品牌创建评价要点",
            "党群工作部会同各党支部在6月底前形成品牌创建评价要点。",
            Some((6, 30)),
            &[1],
        )?,
        decide(
            conn,
            Deployment,
            "“双创”与生产攻关结合",
            "各党支部自选一个生产攻关题目开展“双创”活动，11月底前交成果。",
            Some((11, 30)),
            &[4],
        )?,
    ];
    decide(conn, Information, "全年目标", "各党支部标准化达标率年底达到100%。", None, &[])?;
    Ok(Promotion { meeting, opinions, deployments })
}

const NUMERALS: [&str; 7] = ["一", "二", "三", "四", "五", "六", "七"];

/// 27 March: what became of the opinions; two deployments become tasks, the third is still to be made one.
pub fn follow_up(conn: &mut Conn, cast: &Cast, plan: PlanId, held: &Promotion) -> Result<()> {
    let (department, leader) = (actor(conn, cast.department)?, actor(conn, cast.leader)?);
    let answers = [
        (0, Disposition::Adopted, "已采纳，由党群工作部统一制发。", Some(0)),
        (1, Disposition::Adopted, "已采纳，六月底前形成评价要点。", Some(1)),
        (2, Disposition::PartlyAdopted, "修订稿将在支部书记例会上征求意见，不再另行发文。", None),
        (4, Disposition::Adopted, "已采纳，由各党支部自选题目。", Some(2)),
    ];
    for (index, disposition, reply, decision) in answers {
        let Some(opinion) = held.opinions.get(index) else { continue };
        let decision_id = decision.and_then(|index: usize| held.deployments.get(index)).copied();
        let answer = NewDisposition { disposition, reply: text(reply)?, decision_id };
        meetings::opinions::actions::dispose(conn, &department, *opinion, &answer)?;
    }
    let key_points = plans::store::key_points_of(conn, plan)?;
    for (index, under, on, owing) in [
        (0, "标准化规范化建设", When::On(&[(5, 31, 0)]), cast.branches.clone()),
        (1, "特色品牌与双创", When::On(&[(6, 30, 0)]), vec![cast.office]),
    ] {
        let key_point = key_points.iter().find(|point| point.title == under);
        let key_point_id = key_point.ok_or_else(|| Error::internal("the demo has no such key point"))?.id;
        let Some(decision) = held.deployments.get(index) else { continue };
        let part = |unit_id| NewPart { unit_id, part: Part::Responsible, person: None };
        let task = NewDecisionTask {
            key_point_id,
            title: None,
            requirement: None,
            responsibilities: owing.into_iter().map(part).collect(),
            entries: entries(&on)?,
            reason: Some(text("落实3月24日推进会部署")?),
        };
        meetings::decisions::actions::make_task(conn, &department, &Revise, *decision, task)?;
    }
    let words = "会议通报了2019年度检查考核发现的问题，推进落实三张清单，听取各党支部意见建议，部署三项工作。";
    conclude(conn, cast, held.meeting, words)?;
    let drafted = bulletins::draft::of_meeting(conn, &department, held.meeting, Some(text("党群工作部")?))?;
    publish(conn, &department, &leader, drafted.head.id)
}

fn publish(conn: &mut Conn, department: &Actor, leader: &Actor, id: BulletinId) -> Result<()> {
    bulletins::actions::approve(conn, leader, id)?;
    let now = crate::platform::Clock::new(chrono_tz::UTC, None).stamp();
    bulletins::actions::release(conn, department, id, now).map(|_| ())
}

/// 4 September: the circular about August, which four branches sign for.
pub fn circular(conn: &mut Conn, cast: &Cast) -> Result<()> {
    let (department, leader) = (actor(conn, cast.department)?, actor(conn, cast.leader)?);
    let new = NewBulletin {
        unit_id: cast.committee,
        kind: BulletinKind::Circular,
        period: Some(text("2020-08")?),
        title: None,
        text: None,
        submitter: Some(text("党群工作部")?),
        public: false,
    };
    let id = bulletins::actions::create(conn, &department, &new)?.head.id;
    publish(conn, &department, &leader, id)?;
    for branch in 0..4 {
        let secretary = cast.secretary_on(branch, day(9, 4)).ok_or_else(|| Error::internal("no secretary"))?;
        let secretary = actor(conn, secretary)?;
        bulletins::receipts::sign(conn, &secretary, id, &bulletins::receipts::NewBulletinReceipt { unit_id: None })?;
    }
    Ok(())
}

/// 28 September: the committee rules on the assessments of the third quarter.
pub fn ruling(conn: &mut Conn, cast: &Cast) -> Result<DecisionId> {
    let department = actor(conn, cast.department)?;
    let new = called(cast, MeetingKind::CommitteeMeeting, "党委会（三季度标准化达标认定）", (9, 28), "16:00")?;
    let mut seats: Vec<Seat> = vec![("党委书记".into(), None, AttendanceStatus::Present)];
    seats.push(("党委副书记".into(), None, AttendanceStatus::Present));
    seats.extend((1..=3).map(|number| (format!("党委委员（{number}）"), None, AttendanceStatus::Present)));
    seats.push(("党委委员（4）".into(), None, AttendanceStatus::Leave));
    seats.push(("党群工作部".into(), None, AttendanceStatus::Observer));
    let agenda = [("审议三季度标准化达标评定结果", None)];
    let id = hold(conn, cast, new, &agenda, &seats, "听取评定情况汇报，逐个支部讨论并表决。")?;
    let resolution = NewDecision {
        kind: DecisionKind::Resolution,
        title: Some(text("认定第七党支部标准化达标")?),
        text: text("认定第七党支部标准化达标；第六党支部一票否决条款未达标，不予认定，限年底前整改。")?,
        opinion_ids: vec![],
        votes: Some(NewVotes { in_favour: 5, against: 0, abstain: 0, present: 5, entitled: None }),
        due_on: None,
    };
    let decision = meetings::decisions::actions::record(conn, &department, id, &resolution)?.id;
    conclude(conn, cast, id, "会议认定第七党支部标准化达标，第六党支部限期整改。")?;
    Ok(decision)
}

/// 30 September: the next promotion meeting is called, its agenda drafted from what is still open.
pub fn next(conn: &mut Conn, cast: &Cast, held: &Promotion) -> Result<()> {
    let department = actor(conn, cast.department)?;
    let new = NewNext {
        called_for: day(10, 12),
        kind: None,
        title: Some(text("2020年第四季度党建工作推进会")?),
        starts_at: Some("14:30".to_owned()),
        place: Some(text("党委会议室")?),
        chair: None,
        recorder: None,
    };
    meetings::next::call(conn, &department, held.meeting, new).map(|_| ())
}
