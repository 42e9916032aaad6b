//! Rates and counts as pages say them: what they are called, counts first, and why one has no percent.

use super::words::Lang;
use crate::platform::rate::{NoPercent, Rate};
use crate::reports::explain::ExplainedRate;
use crate::reports::model::Counts;
use crate::reports::rules::CountOf;
use crate::words;

words! {
    /// What the figures of reports are called.
    pub struct FigureWords {
        owed: "到期应完成", "Owed by now";
        done_on_time: "按期完成", "done on time";
        done_late: "逾期完成", "done late";
        pending: "待审", "pending review";
        due: "到期", "due";
        overdue: "逾期", "overdue";
        excluded: "不计入", "excluded";
        not_yet: "未到期", "not yet due";
        unscheduled: "未定时限", "without a date";
        done: "完成", "done";
        of: "应完成", "owed";
        unit: "组织", "Unit";
        month: "月份", "Month";
        key_point: "重点工作", "Key point";
        category: "类别", "Category";
        total: "合计", "Total";
        light: "灯", "Light";
        percent: "%", "%";
        node: "时间节点", "Time node";
        due_on: "期限", "Due";
        late_after: "最晚", "Last day";
        standing: "现状", "Standing";
        met_on: "完成日", "Done on";
        clause: "条款", "Clause";
        reason: "原因", "Reason";
        days: "天数", "Days";
        tasks: "任务项", "Tasks";
    }
}

/// What a count of nodes is called.
pub fn count_name(lang: Lang, count: CountOf) -> &'static str {
    let (zh, en) = match count {
        CountOf::Counted => ("全年应完成", "counted in the year"),
        CountOf::Owed => ("到期应完成", "owed by now"),
        CountOf::DoneOnTime => ("按期完成", "done on time"),
        CountOf::DoneLate => ("逾期完成", "done late"),
        CountOf::PendingReview => ("待审", "pending review"),
        CountOf::ReportedLate => ("逾期填报", "reported late"),
        CountOf::Due => ("到期", "due"),
        CountOf::Overdue => ("逾期", "overdue"),
        CountOf::Excluded => ("不计入", "excluded"),
        CountOf::NotYetOwed => ("未到期", "not yet due"),
    };
    lang.pick(zh, en)
}

/// What a rate is called.
pub fn rate_name(lang: Lang, rate: ExplainedRate) -> &'static str {
    let (zh, en) = match rate {
        ExplainedRate::Completion => ("完成率", "Completion"),
        ExplainedRate::OnTime => ("按期完成率", "On time"),
        ExplainedRate::OnTimeOriginal => ("按原期限完成率", "On time, original days"),
        ExplainedRate::Reporting => ("填报率", "Reporting"),
        ExplainedRate::YearProgress => ("全年任务进度", "Progress of the year"),
        ExplainedRate::Compliance => ("标准化达标率", "Compliance"),
        ExplainedRate::Assessed => ("已评条款", "Assessed"),
        ExplainedRate::BranchesRecognised => ("认定达标支部", "Branches recognised"),
        ExplainedRate::BranchesAtTarget => ("达到目标支部", "Branches at target"),
    };
    lang.pick(zh, en)
}

/// What makes the numerator of a rate, in words.
pub fn rate_sense(lang: Lang, rate: ExplainedRate) -> &'static str {
    let (zh, en) = match rate {
        ExplainedRate::Completion => ("已完成 ÷ 到期应完成", "done ÷ owed by now"),
        ExplainedRate::OnTime => ("按期完成 ÷ 到期应完成", "done on time ÷ owed by now"),
        ExplainedRate::OnTimeOriginal => ("按最初期限完成 ÷ 到期应完成", "done by the first due day ÷ owed by now"),
        ExplainedRate::Reporting => ("已填报（含待审）÷ 到期应完成", "reported, also pending ÷ owed by now"),
        ExplainedRate::YearProgress => ("已完成 ÷ 全年应完成", "done ÷ all of the year"),
        ExplainedRate::Compliance => ("达标条款 ÷ 适用条款", "clauses met ÷ clauses applicable"),
        ExplainedRate::Assessed => ("已评条款 ÷ 适用条款", "clauses assessed ÷ clauses applicable"),
        ExplainedRate::BranchesRecognised => ("已认定支部 ÷ 全部支部", "branches recognised ÷ branches"),
        ExplainedRate::BranchesAtTarget => ("达到目标的支部 ÷ 全部支部", "branches at their target ÷ branches"),
    };
    lang.pick(zh, en)
}

/// The rate of that name among the counts.
pub fn rate_of(counts: &Counts, rate: ExplainedRate) -> &Rate {
    match rate {
        ExplainedRate::Completion => &counts.completion,
        ExplainedRate::OnTime => &counts.on_time,
        ExplainedRate::OnTimeOriginal => &counts.on_time_original,
        ExplainedRate::Reporting => &counts.reporting,
        ExplainedRate::YearProgress => &counts.year_progress,
        ExplainedRate::Compliance => &counts.compliance,
        ExplainedRate::Assessed => &counts.assessed,
        ExplainedRate::BranchesRecognised => &counts.branches_recognised,
        ExplainedRate::BranchesAtTarget => &counts.branches_at_target,
    }
}

/// `80.7%`, or why there is none.
pub fn percent(lang: Lang, rate: &Rate) -> String {
    match (rate.percent, rate.reason) {
        (Some(percent), _) => format!("{percent:.1}%"),
        (None, Some(reason)) => no_percent(lang, reason).to_owned(),
        (None, None) => "—".to_owned(),
    }
}

/// `155/192`, or nothing where there is no rate.
pub fn counts(rate: &Rate) -> String {
    if rate.percent.is_some() { format!("{}/{}", rate.met, rate.of) } else { "—".to_owned() }
}

/// `155/192（80.7%）`.
pub fn counts_and_percent(lang: Lang, rate: &Rate) -> String {
    let (counts, percent) = (counts(rate), percent(lang, rate));
    lang.pick(format!("{counts}（{percent}）"), format!("{counts} ({percent})"))
}

fn no_percent(lang: Lang, reason: NoPercent) -> &'static str {
    let (zh, en) = match reason {
        NoPercent::NothingOwed => ("还没有应完成的", "nothing owed yet"),
        NoPercent::NoStandardSet => ("尚无标准", "no standard set"),
        NoPercent::NoBranches => ("没有支部", "no branches"),
        NoPercent::NotDivided => ("不分摊", "not divided"),
    };
    lang.pick(zh, en)
}
