//! Rows of imports.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::ImportId;
use super::mapping::ListName;
use super::model::{Import, ImportCounts, ImportState, Outcome, Scope};
use crate::access::AccountId;
use crate::plans::PlanId;
use crate::platform::{Conn, Error, Result};
use crate::schema::imports;
use crate::standards::SetId;

/// An import as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = imports)]
pub struct ImportRow {
    pub id: ImportId,
    pub list: ListName,
    pub plan_id: Option<PlanId>,
    pub set_id: Option<SetId>,
    pub year: Option<i64>,
    pub sheet: Option<String>,
    pub file_name: String,
    pub sha256: String,
    pub state: ImportState,
    pub counted: String,
    pub content_hash: String,
    pub made_by: Option<AccountId>,
    pub made_on: NaiveDate,
    pub committed_on: Option<NaiveDate>,
    pub version: i64,
}

impl ImportRow {
    pub fn scope(&self) -> Scope {
        Scope {
            list: Some(self.list),
            plan_id: self.plan_id,
            set_id: self.set_id,
            year: self.year,
            sheet: self.sheet.clone(),
        }
    }

    pub fn shown(&self, outcome: Option<Outcome>) -> Result<Import> {
        Ok(Import {
            id: self.id,
            list: self.list,
            plan_id: self.plan_id,
            set_id: self.set_id,
            year: self.year,
            file_name: self.file_name.clone(),
            sha256: self.sha256.clone(),
            state: self.state,
            counts: serde_json::from_str(&self.counted).map_err(Error::internal)?,
            content_hash: self.content_hash.clone(),
            made_by: self.made_by,
            made_on: self.made_on,
            committed_on: self.committed_on,
            version: self.version,
            outcome,
        })
    }
}

/// An import to be stored.
pub struct NewRow<'a> {
    pub list: ListName,
    pub scope: &'a Scope,
    pub year: Option<i64>,
    pub file_name: &'a str,
    pub sha256: &'a str,
    pub counts: ImportCounts,
    pub content_hash: &'a str,
    pub made_by: Option<AccountId>,
    pub today: NaiveDate,
}

pub(super) fn insert(conn: &mut Conn, row: &NewRow<'_>) -> Result<ImportId> {
    use imports::dsl as i;
    let values = (
        i::list.eq(row.list),
        i::plan_id.eq(row.scope.plan_id),
        i::set_id.eq(row.scope.set_id),
        i::year.eq(row.year),
        i::sheet.eq(row.scope.sheet.as_deref()),
        i::file_name.eq(row.file_name),
        i::sha256.eq(row.sha256),
        i::state.eq(ImportState::Checked),
        i::counted.eq(serde_json::to_string(&row.counts).map_err(Error::internal)?),
        i::content_hash.eq(row.content_hash),
        i::made_by.eq(row.made_by),
        i::made_on.eq(row.today),
        i::version.eq(1),
    );
    Ok(diesel::insert_into(i::imports).values(values).returning(i::id).get_result::<i64>(conn).map(ImportId)?)
}

/// An import, or 404.
pub fn get(conn: &mut Conn, id: ImportId) -> Result<ImportRow> {
    Ok(imports::table.filter(imports::id.eq(id.0)).select(ImportRow::as_select()).first(conn)?)
}

pub(super) fn mark_committed(conn: &mut Conn, id: ImportId, counts: ImportCounts, today: NaiveDate) -> Result<()> {
    use imports::dsl as i;
    let counted = serde_json::to_string(&counts).map_err(Error::internal)?;
    diesel::update(i::imports.filter(i::id.eq(id.0)))
        .set((
            i::state.eq(ImportState::Committed),
            i::committed_on.eq(today),
            i::counted.eq(counted),
            i::version.eq(i::version + 1),
        ))
        .execute(conn)?;
    Ok(())
}
