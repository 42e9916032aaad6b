//! Facts with a past: rows with the day they were recorded from and, once superseded, the day they were recorded
//! to. The end of a day sees the row with `recorded_from ≤ day < recorded_to`.

/// Records new facts from today on: `supersede!(conn, table, key = id, today, values)`. What was recorded earlier
/// today is replaced, since no end of a day ever saw it; what was recorded before is closed.
#[macro_export]
macro_rules! supersede {
    ($conn:expr, $table:ident, $key:ident = $id:expr, $today:expr, $values:expr) => {{
        use $crate::schema::$table::dsl;
        let now = dsl::$table.filter(dsl::$key.eq($id).and(dsl::recorded_to.is_null()));
        diesel::delete(now.filter(dsl::recorded_from.eq($today))).execute($conn)?;
        diesel::update(now).set(dsl::recorded_to.eq($today)).execute($conn)?;
        diesel::insert_into(dsl::$table).values($values).execute($conn)?;
    }};
}
