//! The rest of the cycle beside the lists: findings, standards, meetings and bulletins, each on its day.

use chrono::{Datelike, NaiveDate};

use super::people::{Cast, actor};
use super::year::day;
use super::{findings, issue, meetings, standards};
use crate::findings::FindingId;
use crate::plans::PlanId;
use crate::platform::{Conn, Result};
use crate::progress;
use crate::standards::SetId;

/// What is carried from day to day.
#[derive(Debug, Clone)]
pub struct Cycle {
    pub plan: PlanId,
    pub findings: Vec<FindingId>,
    pub promotion: meetings::Promotion,
}

/// The day on which the opinions are answered and deployments made into tasks.
pub fn followed_up_on() -> NaiveDate {
    day(3, 27)
}

/// 24 March: the plan is issued, its tasks are linked to the standards, and the promotion meeting is held.
pub fn begin(conn: &mut Conn, cast: &Cast, plan: PlanId, set: SetId, found: &[FindingId]) -> Result<Cycle> {
    let department = actor(conn, cast.department)?;
    issue(conn, &department, plan)?;
    standards::link(conn, cast, set, plan)?;
    let promotion = meetings::promotion(conn, cast, plan, found)?;
    Ok(Cycle { plan, findings: found.to_vec(), promotion })
}

/// What happens on a day, after everything else of it.
pub fn told(
    conn: &mut Conn,
    evidence: &progress::Evidence,
    cast: &Cast,
    cycle: &Cycle,
    today: NaiveDate,
) -> Result<()> {
    findings::happen(conn, evidence, cast, &cycle.findings, today)?;
    let assessed = standards::assess(conn, evidence, cast, today)?;
    match (today.month(), today.day()) {
        _ if today == followed_up_on() => meetings::follow_up(conn, cast, cycle.plan, &cycle.promotion),
        (9, 4) => meetings::circular(conn, cast),
        (9, 28) => {
            let decision = meetings::ruling(conn, cast)?;
            standards::rule(conn, cast, &assessed, decision)
        }
        (9, 30) => meetings::next(conn, cast, &cycle.promotion),
        _ => Ok(()),
    }
}
