//! The clauses of a standard set as a table, told by their codes. Documents of clauses are no part of it.

use super::SET_FIXED;
use super::cells::{RowReader, wrong};
use super::compare::{Changed, List, Standing, Writing, key_of};
use super::mapping::{ListName, Mapping, yes_no};
use super::rows::Row;
use crate::access::{Action, Actor};
use crate::platform::sheet::read::normal;
use crate::platform::text::{Prose, Text};
use crate::platform::{Conn, Field, Result};
use crate::standards::model::{Clause, ClausePatch, NewClause, SetStatus};
use crate::standards::points::Points;
use crate::standards::{ClauseId, SetId, clauses, sets, store};
use crate::units;

/// The clauses of a set, as a table.
pub struct Standards {
    set_id: SetId,
    is_draft: bool,
    clauses: Vec<Clause>,
    standing: Vec<Standing>,
}

pub enum ClauseAct {
    Add(Box<NewClause>),
    Change(ClauseId, Box<ClausePatch>),
    Remove(ClauseId),
}

impl Standards {
    pub fn load(conn: &mut Conn, actor: &Actor, set_id: SetId, writing: bool) -> Result<Standards> {
        let set = sets::read(conn, actor, set_id)?;
        if writing {
            actor.must(Action::WriteStandards, &units::store::get(conn, set.unit_id)?.site())?;
        }
        let clauses = store::clauses_of(conn, set_id)?;
        let standing = clauses.iter().map(as_row).collect();
        Ok(Standards { set_id, is_draft: set.status == SetStatus::Draft, clauses, standing })
    }

    /// A published set takes no change.
    fn refuse_published(&self, row: &mut RowReader<'_>) {
        if !self.is_draft {
            row.refuse_row(SET_FIXED.at("", []));
        }
    }
}

fn as_row(clause: &Clause) -> Standing {
    let tenths = clause.points.0;
    let points = if tenths % 10 == 0 { (tenths / 10).to_string() } else { clause.points.to_string() };
    Standing {
        key: key_of(&[&clause.code]),
        also: vec![],
        cells: vec![
            String::new(),
            normal(&clause.code),
            normal(&clause.category),
            normal(&clause.title),
            normal(clause.requirement.as_deref().unwrap_or_default()),
            points,
            yes_no(clause.mandatory).to_owned(),
            yes_no(clause.curable).to_owned(),
            clause.evidence_months.map(|months| months.to_string()).unwrap_or_default(),
        ],
    }
}

fn points(row: &mut RowReader<'_>) -> Option<Points> {
    let number = row.number("points", |number: &f64| Points::parse(*number).is_some(), "0–1000，至多一位小数")?;
    Points::parse(number)
}

fn months(row: &mut RowReader<'_>) -> Option<i64> {
    row.number("evidence_months", |months: &i64| (1..=120).contains(months), "1–120")
}

impl List for Standards {
    type Act = ClauseAct;

    fn mapping(&self) -> &'static Mapping {
        Mapping::of(ListName::Standards)
    }

    fn standing(&self) -> &[Standing] {
        &self.standing
    }

    fn key(&self, row: &Row) -> (String, Vec<String>) {
        (key_of(&[self.said(row, "code")]), vec![])
    }

    fn added(&mut self, _conn: &mut Conn, row: &mut RowReader<'_>) -> Result<Option<ClauseAct>> {
        self.refuse_published(row);
        let (code, category, title) = (row.text("code"), row.text("category"), row.text("title"));
        let (requirement, points, months) = (row.text("requirement"), points(row), months(row));
        let (mandatory, curable) = (row.yes_no("mandatory").unwrap_or(false), row.yes_no("curable").unwrap_or(true));
        let (Some(code), Some(category), Some(title), Some(points)) = (code, category, title, points) else {
            return Ok(None);
        };
        Ok(Some(ClauseAct::Add(Box::new(NewClause {
            code,
            category,
            title,
            requirement,
            points,
            mandatory,
            curable,
            evidence_months: months,
            document_ids: vec![],
            position: None,
        }))))
    }

    fn changed(
        &mut self,
        _conn: &mut Conn,
        standing: usize,
        fields: &[&'static str],
        row: &mut RowReader<'_>,
    ) -> Result<Changed<ClauseAct>> {
        let Some(clause) = self.clauses.get(standing) else { return Ok(Changed::Refused) };
        let says = |text: Option<Text<40>>, before: &str| text.filter(|text| text.as_str() != before);
        let mut patch = ClausePatch {
            code: None,
            category: None,
            title: None,
            requirement: Field::Keep,
            points: None,
            mandatory: None,
            curable: None,
            evidence_months: Field::Keep,
            document_ids: None,
            position: None,
        };
        for field in fields {
            match *field {
                "code" => patch.code = says(row.text("code"), &clause.code),
                "category" => patch.category = row.text("category"),
                "title" => patch.title = row.text("title"),
                "requirement" => {
                    let said: Option<Prose> = row.text("requirement");
                    patch.requirement = said.map_or(Field::Clear, Field::Set);
                }
                "points" => patch.points = points(row).filter(|points| *points != clause.points),
                "mandatory" => {
                    let said = row.yes_no("mandatory").unwrap_or(false);
                    patch.mandatory = Some(said).filter(|said| *said != clause.mandatory);
                }
                "curable" => {
                    let said = row.yes_no("curable").unwrap_or(true);
                    patch.curable = Some(said).filter(|said| *said != clause.curable);
                }
                "evidence_months" => {
                    let said = months(row);
                    patch.evidence_months = match said {
                        _ if said == clause.evidence_months => Field::Keep,
                        Some(months) => Field::Set(months),
                        None => Field::Clear,
                    };
                }
                other => row.refuse(other, wrong(other)),
            }
        }
        let texts = patch.code.is_none() && patch.category.is_none() && patch.title.is_none();
        let rest = patch.points.is_none() && patch.mandatory.is_none() && patch.curable.is_none();
        if texts && rest && patch.requirement == Field::Keep && patch.evidence_months == Field::Keep {
            return Ok(Changed::Same);
        }
        let id = clause.id;
        self.refuse_published(row);
        Ok(Changed::To(ClauseAct::Change(id, Box::new(patch))))
    }

    fn removed(&self, standing: usize) -> Option<ClauseAct> {
        self.clauses.get(standing).filter(|_| self.is_draft).map(|clause| ClauseAct::Remove(clause.id))
    }

    fn apply(&mut self, conn: &mut Conn, writing: &Writing<'_>, act: &ClauseAct) -> Result<()> {
        match act {
            ClauseAct::Add(new) => {
                clauses::add(conn, writing.actor, writing.evidence, self.set_id, (**new).clone())?;
            }
            ClauseAct::Change(id, patch) => {
                let actor = writing.of_version(store::clause(conn, *id)?.version);
                clauses::change(conn, &actor, writing.evidence, *id, (**patch).clone())?;
            }
            ClauseAct::Remove(id) => {
                let actor = writing.of_version(store::clause(conn, *id)?.version);
                clauses::remove(conn, &actor, *id)?;
            }
        }
        Ok(())
    }

    fn field_of(&self, pointer: &str) -> Option<&'static str> {
        match pointer {
            "/evidence_months" => Some("evidence_months"),
            _ => None,
        }
    }
}
