//! How words are read in a plan, before they are saved: a deadline as nodes, a responsibility cell as units' parts.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::PlanId;
use super::actions::{require_due_inside, to_write};
use super::deadlines::{self, Reading};
use super::model::{Part, Plan};
use super::responsible::{self, Column, Understood, UnitName, Unresolved};
use super::rules::{shown_period, who_owes};
use super::schedules::in_frame;
use crate::access::Actor;
use crate::platform::db::today;
use crate::platform::text::{Text, Title};
use crate::platform::{Conn, Error, Result};
use crate::units::store::Tree;
use crate::units::{UnitFacts, UnitId};

/// Words to read, as they stand in a list.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"deadline": "每季度", "responsible": "各党支部", "column": "responsible"}))]
pub struct WordsToRead {
    /// A deadline, such as 6月底前 or 每季度.
    #[serde(default)]
    pub deadline: Option<Title>,
    /// Who is responsible, such as 各党支部.
    #[serde(default)]
    pub responsible: Option<Text<500>>,
    /// The column in which `responsible` stands, which says what plain names mean; by default `any`.
    #[serde(default)]
    pub column: Option<Column>,
}

/// How words are read.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Readings {
    /// Null when no deadline was asked about.
    pub deadline: Option<ReadDeadline>,
    /// Null when no responsible units were asked about.
    pub responsibilities: Option<Vec<ReadPart>>,
    /// Words that name persons of the committee 班子成员: it owes, once somebody confirms.
    pub to_confirm: Vec<String>,
    /// The units that would owe the task.
    pub owing: Vec<UnitId>,
}

/// How a deadline is read.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReadDeadline {
    /// 未定时限: it makes no node until it is dated.
    pub unscheduled: bool,
    /// Accepted completions that meet each node.
    pub times: i64,
    /// Other words that read the same.
    #[schema(example = "每季度末")]
    pub spelled: String,
    /// In the order of their due days.
    pub nodes: Vec<ReadNode>,
}

/// A node that the words would make for each owing unit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReadNode {
    /// `2020-06`, `2020-Q2`, `2020-H1` or `2020`; null for a date and where the period has no name.
    pub period: Option<String>,
    pub due_on: NaiveDate,
    /// Its own title, where the words give one.
    pub title: Option<String>,
}

/// A part that the words give a unit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReadPart {
    pub unit_id: UnitId,
    pub name: String,
    pub part: Part,
    /// The post that was named.
    pub person: Option<String>,
}

/// Reads words for who may write the plan.
pub fn read(conn: &mut Conn, actor: &Actor, id: PlanId, input: &WordsToRead) -> Result<Readings> {
    let plan = to_write(conn, actor, id)?;
    let deadline = input.deadline.as_ref().map(|words| deadline(conn, &plan, words.as_str())).transpose()?;
    let mut readings = Readings { deadline, responsibilities: None, to_confirm: vec![], owing: vec![] };
    if let Some(words) = &input.responsible {
        let understood = resolve(conn, &plan, words.as_str(), input.column.unwrap_or(Column::Any), "/responsible")?;
        let parts: Vec<_> = understood.meant.iter().map(|meant| (meant.unit_id, meant.part)).collect();
        readings.owing = who_owes(&parts);
        readings.responsibilities = Some(named(conn, &understood)?);
        readings.to_confirm = understood.to_confirm;
    }
    Ok(readings)
}

/// What the words of a responsibility cell mean among the units of the plan that stand today, or 422 at `pointer`.
pub fn resolve(conn: &mut Conn, plan: &Plan, words: &str, column: Column, pointer: &str) -> Result<Understood> {
    let names = Names::standing(conn, plan.unit_id)?;
    names.resolve(words, column).map_err(|unread| unread.fault(pointer).into_error())
}

/// The units that the lists of a unit may name: itself and those below it, as they stand today.
pub struct Names {
    top: UnitId,
    units: Vec<(UnitFacts, Vec<String>)>,
}

impl Names {
    pub fn standing(conn: &mut Conn, top: UnitId) -> Result<Names> {
        let today = today(conn)?;
        let tree = Tree::on(conn, today)?;
        let stands = |unit: &&UnitFacts| unit.dissolved_on.is_none_or(|day| day > today);
        let inside = tree.units().filter(|unit| tree.is_within(unit.unit_id, Some(top))).filter(stands);
        let with_short_names = |unit: &UnitFacts| Ok((unit.clone(), short_names(unit)?));
        Ok(Names { top, units: inside.map(with_short_names).collect::<Result<_>>()? })
    }

    /// What the words of a responsibility cell mean.
    pub fn resolve(&self, words: &str, column: Column) -> Result<Understood, Unresolved> {
        let names: Vec<_> = self
            .units
            .iter()
            .map(|(unit, short_names)| UnitName {
                id: unit.unit_id,
                parent: unit.parent_id,
                kind: unit.kind,
                name: &unit.name,
                short_names,
            })
            .collect();
        responsible::resolve(words, column, self.top, &names)
    }

    /// The name of a unit in full.
    pub fn name(&self, id: UnitId) -> Option<&str> {
        self.units.iter().find(|(unit, _)| unit.unit_id == id).map(|(unit, _)| unit.name.as_str())
    }
}

fn short_names(unit: &UnitFacts) -> Result<Vec<String>> {
    serde_json::from_str(&unit.short_names).map_err(Error::internal)
}

fn named(conn: &mut Conn, understood: &Understood) -> Result<Vec<ReadPart>> {
    let mut parts = vec![];
    for meant in &understood.meant {
        let name = crate::units::store::get(conn, meant.unit_id)?.name;
        parts.push(ReadPart { unit_id: meant.unit_id, name, part: meant.part, person: meant.person.clone() });
    }
    Ok(parts)
}

/// What the words of a deadline come to in a plan, or 422.
pub fn deadline(conn: &mut Conn, plan: &Plan, words: &str) -> Result<ReadDeadline> {
    let read = in_frame(conn, plan, |frame| {
        let reading = deadlines::read(words, frame)?;
        let spelled = deadlines::spell(&reading, frame);
        Ok((reading, spelled))
    })?;
    let (reading, spelled) =
        read.map_err(|refusal: deadlines::Refusal| refusal.fault(words, "/deadline").into_error())?;
    let (unscheduled, nodes, times) = match reading {
        Reading::Unscheduled => (true, vec![], None),
        Reading::Nodes { nodes, times } => (false, nodes, times),
    };
    for node in &nodes {
        require_due_inside(plan, Some(node.due_on), "/deadline")?;
    }
    let shown =
        |node: deadlines::Node| ReadNode { period: shown_period(&node.period), due_on: node.due_on, title: node.title };
    Ok(ReadDeadline { unscheduled, times: times.unwrap_or(1), spelled, nodes: nodes.into_iter().map(shown).collect() })
}
