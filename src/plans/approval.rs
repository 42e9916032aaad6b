//! By which decision a plan may be approved: one of a meeting of the plan's unit or of a unit above, not voted down.

use diesel::prelude::*;

use super::{APPROVAL_ELSEWHERE, APPROVAL_NOT_PASSED, APPROVAL_UNKNOWN};
use crate::access::UnitId;
use crate::platform::{Conn, Result};
use crate::schema::{decisions, meetings};
use crate::units;

/// Whether a vote passed: at least half of those entitled were present, and more than half of those entitled (not of
/// those present) voted for it. So has it article 11 of the Regulations on the Work of Party Branches
/// 中国共产党支部工作条例（试行）, and committees vote by the same measure.
pub fn vote_passed(in_favour: i64, present: i64, entitled: i64) -> bool {
    present * 2 >= entitled && in_favour * 2 > entitled
}

/// The unit whose meeting decided, and for, present and entitled where there was a vote.
type Decided = (UnitId, Option<i64>, Option<i64>, Option<i64>);

/// Refuses a decision that can't approve a plan of the unit; 422 at its field.
pub(super) fn require(conn: &mut Conn, unit_id: UnitId, decision: Option<i64>) -> Result<()> {
    let Some(id) = decision else { return Ok(()) };
    let refused = |code: &'static crate::platform::error::Code| {
        Err(code.at("/approved_by_decision_id", [("id", id.to_string())]).into_error())
    };
    // Decisions stand above: here they are rows.
    let decided: Option<Decided> = decisions::table
        .inner_join(meetings::table.on(meetings::id.eq(decisions::meeting_id)))
        .filter(decisions::id.eq(id))
        .select((meetings::unit_id, decisions::votes_for, decisions::present, decisions::entitled))
        .first(conn)
        .optional()?;
    let Some((decided_by, in_favour, present, entitled)) = decided else { return refused(&APPROVAL_UNKNOWN) };
    let above = units::store::get(conn, decided_by)?.site().path;
    if !units::store::get(conn, unit_id)?.site().path.starts_with(&above) {
        return refused(&APPROVAL_ELSEWHERE);
    }
    match (in_favour, present, entitled) {
        (Some(in_favour), Some(present), Some(entitled)) if !vote_passed(in_favour, present, entitled) => {
            refused(&APPROVAL_NOT_PASSED)
        }
        _ => Ok(()),
    }
}
