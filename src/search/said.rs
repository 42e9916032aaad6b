//! What was said to meetings and decided by them. The conditions are those of the lists of opinions and decisions.

use diesel::prelude::*;

use super::model::Hit;
use super::store::Wanted;
use crate::platform::db::contains;
use crate::platform::{Conn, Result};
use crate::schema::{decisions, meetings, opinions};
use crate::units::UnitId;
use crate::units::store::within;

/// Id, unit, title, texts.
type Row = (i64, UnitId, String, Option<String>, String);

/// Opinions, by their text; withdrawn ones are not found. The title is that of the meeting.
pub(super) fn find_opinions(conn: &mut Conn, wanted: &Wanted<'_>) -> Result<Vec<Hit>> {
    let own = opinions::given_by.eq(wanted.account.map_or(0, |account| account.0));
    let rows: Vec<Row> = opinions::table
        .inner_join(meetings::table.on(meetings::id.eq(opinions::meeting_id)))
        .filter(opinions::withdrawn_on.is_null().and(opinions::id.lt(wanted.before())))
        .filter(within("meetings.unit_id", wanted.meetings).or(within("opinions.unit_id", wanted.meetings)).or(own))
        .filter(contains(&["opinions.text", "opinions.reply"], &[], wanted.words))
        .select((opinions::id, opinions::unit_id, meetings::title, opinions::reply, opinions::text))
        .order(opinions::id.desc())
        .limit(wanted.limit)
        .load(conn)?;
    let hit = |(id, unit_id, title, reply, text): Row| {
        let texts = [Some(text), reply].into_iter().flatten().collect();
        Hit { id, title, texts, unit_id, plan_id: None }
    };
    Ok(rows.into_iter().map(hit).collect())
}

/// Decisions, by their title and text. One without a title is shown with that of its meeting.
pub(super) fn find_decisions(conn: &mut Conn, wanted: &Wanted<'_>) -> Result<Vec<Hit>> {
    let rows: Vec<Row> = decisions::table
        .inner_join(meetings::table.on(meetings::id.eq(decisions::meeting_id)))
        .filter(decisions::id.lt(wanted.before()))
        .filter(within("meetings.unit_id", wanted.meetings).or(meetings::id.eq_any(wanted.named.to_vec())))
        .filter(contains(&["decisions.title", "decisions.text"], &[], wanted.words))
        .select((decisions::id, meetings::unit_id, meetings::title, decisions::title, decisions::text))
        .order(decisions::id.desc())
        .limit(wanted.limit)
        .load(conn)?;
    let hit = |(id, unit_id, of_meeting, title, text): Row| {
        let texts = [title.clone(), Some(text)].into_iter().flatten().collect();
        Hit { id, title: title.unwrap_or(of_meeting), texts, unit_id, plan_id: None }
    };
    Ok(rows.into_iter().map(hit).collect())
}
