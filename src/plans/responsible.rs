//! Who is meant by a responsibility cell: 各党支部, 办公室牵头、第一党支部配合, 第一至三党支部. Names are units' names or
//! their short names; a name that only resembles one is refused with those it resembles, never guessed.

use std::collections::{BTreeMap, BTreeSet};

use super::UNITS_UNREAD;
use super::deadlines::cursor::{Cursor, glyphs};
use super::model::Part;
use crate::platform::Fault;
use crate::units::{UnitId, UnitKind};
use crate::word_enum;

/// A unit that stands, as lists may name it.
pub struct UnitName<'a> {
    pub id: UnitId,
    pub parent: Option<UnitId>,
    pub kind: UnitKind,
    pub name: &'a str,
    pub short_names: &'a [String],
}

/// A part that the words give a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meant {
    pub unit_id: UnitId,
    pub part: Part,
    /// The post that was named.
    pub person: Option<String>,
}

/// What the words mean.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Understood {
    pub meant: Vec<Meant>,
    /// Words that name persons of the committee (班子成员): it owes, once somebody confirms.
    pub to_confirm: Vec<String>,
}

word_enum! {
    /// The column of the list, which says what plain names mean.
    Column {
        Responsible = "responsible", Lead = "lead", Support = "support", Supervise = "supervise", Any = "any",
    }
}

/// Why words were not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyNot {
    Blank,
    /// 相关部门: it names nobody.
    Vague,
    /// Several units go by this short name.
    Ambiguous,
    Unknown,
}

/// Words that were not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unresolved {
    pub words: String,
    pub why: WhyNot,
    /// The units it could be.
    pub candidates: Vec<String>,
}

impl Unresolved {
    /// The refusal at this place of the input.
    pub fn fault(&self, pointer: impl Into<String>) -> Fault {
        let nearest = match self.candidates.as_slice() {
            [] => "各党支部、第一党支部".to_owned(),
            several => several.join("、"),
        };
        UNITS_UNREAD.at(pointer, [("nearest", nearest), ("words", self.words.clone())])
    }
}

const ROLES: &[(&str, Option<Part>)] = &[
    ("牵头单位", Some(Part::Lead)),
    ("牵头部门", Some(Part::Lead)),
    ("牵头负责", Some(Part::Lead)),
    ("牵头", Some(Part::Lead)),
    ("配合单位", Some(Part::Support)),
    ("配合部门", Some(Part::Support)),
    ("配合", Some(Part::Support)),
    ("协助", Some(Part::Support)),
    ("协办", Some(Part::Support)),
    ("督办", Some(Part::Supervise)),
    ("督导", Some(Part::Supervise)),
    ("监督", Some(Part::Supervise)),
    ("责任单位", None),
    ("责任部门", None),
    ("责任", None),
    ("负责", None),
];
const BRANCHES: &[&str] = &["党支部", "支部", "基层党支部"];
const BASE: &[&str] = &["基层党组织", "级党组织", "党组织"];
const EVERY: &[&str] = &["各", "所属各", "下属各", "各所属", "各下属", "全体", "所有"];
const TO_CONFIRM: &[&str] = &[
    "党委委员按分工",
    "党委委员按职责分工",
    "党委委员",
    "班子成员",
    "党委班子成员",
    "领导班子成员",
    "班子成员按分工",
    "各党委委员",
];
const VAGUE: &[&str] = &["相关", "有关", "全体党员", "全体人员", "各单位", "党员"];
const POSTS: &[&str] = &["副书记", "书记", "组织委员", "宣传委员", "纪检委员", "委员", "负责人"];

/// What the words of a cell mean in the plan of this unit. `units` are those that stand.
pub fn resolve(words: &str, column: Column, plan_unit: UnitId, units: &[UnitName]) -> Result<Understood, Unresolved> {
    let cell = plain(words);
    let tree = Tree { plan_unit, units };
    let mut found = Found::default();
    if words.chars().all(|c| !c.is_alphanumeric()) || cell == "无" {
        return Err(Unresolved { words: words.trim().to_owned(), why: WhyNot::Blank, candidates: vec![] });
    }
    for clause in cell.split([',', ';']).filter(|clause| !clause.is_empty()) {
        tree.clause(clause, &mut found)?;
    }
    Ok(found.understood(column))
}

fn plain(words: &str) -> String {
    glyphs(words).iter().map(|glyph| glyph.norm).collect()
}

/// The units of one name, each with the post that was named.
type Named = Vec<(UnitId, Option<String>)>;

/// Names in their order, each with the part that was written with it.
#[derive(Default)]
struct Found {
    names: Vec<(Named, Option<Part>)>,
    to_confirm: Vec<String>,
}

impl Found {
    /// Several plain names each owe, and the first leads.
    fn understood(self, column: Column) -> Understood {
        let named = self.names.iter().filter(|(_, part)| part.is_none()).count();
        let mut meant: Vec<Meant> = vec![];
        let mut seen = BTreeSet::new();
        let mut add = |unit_id: UnitId, part: Part, person: Option<String>| {
            if seen.insert((unit_id, part)) {
                meant.push(Meant { unit_id, part, person });
            }
        };
        let leads = named > 1
            && matches!(column, Column::Responsible | Column::Any)
            && !self.names.iter().any(|(_, part)| *part == Some(Part::Lead));
        let mut first = true;
        for (units, part) in self.names {
            let single = units.len() == 1;
            for (unit, person) in units {
                if part.is_none() && first && single && leads {
                    add(unit, Part::Lead, person.clone());
                }
                let plain = match column {
                    Column::Responsible | Column::Any => Part::Responsible,
                    Column::Lead => Part::Lead,
                    Column::Support => Part::Support,
                    Column::Supervise => Part::Supervise,
                };
                add(unit, part.unwrap_or(plain), person);
            }
            first = first && part.is_some();
        }
        Understood { meant, to_confirm: self.to_confirm }
    }
}

struct Tree<'a> {
    plan_unit: UnitId,
    units: &'a [UnitName<'a>],
}

impl Tree<'_> {
    /// 办公室牵头, 配合：第一、二党支部, 第一党支部、第二党支部.
    fn clause(&self, clause: &str, found: &mut Found) -> Result<(), Unresolved> {
        let (mut part, mut names) = (None, clause);
        if self.exact(clause).is_empty() {
            (part, names) = role(clause);
        }
        if let Some(units) = self.except(names)? {
            found.names.push((units, part));
            return Ok(());
        }
        let mut pending: Vec<u32> = vec![];
        for token in self.split(names) {
            let (own, name) = role(token);
            let (own, name) = if self.exact(token).is_empty() { (own, name) } else { (None, token) };
            if let Some(numbers) = numbers(name, &[]) {
                pending.extend(numbers);
                continue;
            }
            if TO_CONFIRM.contains(&name) && self.exact(name).is_empty() {
                found.to_confirm.push(name.to_owned());
                found.names.push((vec![(self.plan_unit, None)], own.or(part)));
                continue;
            }
            if self.exact(name).is_empty()
                && let Some(numbers) = numbers(name, &["党支部", "支部"])
            {
                for number in pending.drain(..).chain(numbers) {
                    found.names.push((vec![(self.numbered(number, name)?, None)], own.or(part)));
                }
                continue;
            }
            if !pending.is_empty() {
                return Err(self.unknown(names));
            }
            found.names.push((self.name(name)?, own.or(part)));
        }
        if pending.is_empty() { Ok(()) } else { Err(self.unknown(names)) }
    }

    /// A name may itself hold 和 or 与: it is split there only where it is not a unit's.
    fn split<'t>(&self, names: &'t str) -> Vec<&'t str> {
        let split = |token: &'t str| -> Vec<&'t str> {
            if self.exact(token).is_empty() { token.split(['和', '与', '及']).collect() } else { vec![token] }
        };
        names.split(['、', '/', ' ']).flat_map(split).filter(|token| !token.is_empty()).collect()
    }

    /// Units that go by exactly this name; a full name goes before a short one.
    fn exact(&self, name: &str) -> Vec<&UnitName<'_>> {
        let full: Vec<_> = self.units.iter().filter(|unit| plain(unit.name) == name).collect();
        if !full.is_empty() {
            return full;
        }
        self.units.iter().filter(|unit| unit.short_names.iter().any(|short| plain(short) == name)).collect()
    }

    fn name(&self, name: &str) -> Result<Named, Unresolved> {
        match self.exact(name).as_slice() {
            [] => {}
            [one] => return Ok(vec![(one.id, None)]),
            several => return Err(unresolved(name, WhyNot::Ambiguous, several)),
        }
        if let Some(kinds) = every(name) {
            let below: Vec<_> = self.below(kinds).into_iter().map(|unit| (unit, None)).collect();
            return if below.is_empty() { Err(self.unknown(name)) } else { Ok(below) };
        }
        if matches!(name, "党委" | "本党委") {
            let plan = self.units.iter().find(|unit| unit.id == self.plan_unit && unit.kind == UnitKind::Committee);
            return plan.map(|unit| vec![(unit.id, None)]).ok_or_else(|| self.unknown(name));
        }
        if let Some((post, rest)) = POSTS.iter().find_map(|post| Some((post, name.strip_suffix(post)?)))
            && !rest.is_empty()
            && !VAGUE.iter().any(|vague| rest.contains(vague))
        {
            let numbered = numbers(rest, &["党支部", "支部"]).filter(|_| self.exact(rest).is_empty());
            let units = match numbered.as_deref() {
                Some([number]) => vec![(self.numbered(*number, rest)?, None)],
                _ => self.name(rest)?,
            };
            return Ok(units.into_iter().map(|(unit, _)| (unit, Some(self.post(unit, post)))).collect());
        }
        Err(self.unknown(name))
    }

    /// A post in its unit's words: 支部书记.
    fn post(&self, unit: UnitId, post: &str) -> String {
        let kind = self.units.iter().find(|known| known.id == unit).map(|known| known.kind);
        let of = match kind {
            Some(UnitKind::Branch) => "支部",
            Some(UnitKind::GeneralBranch) => "总支",
            Some(UnitKind::Committee) => "党委",
            _ => "",
        };
        format!("{of}{post}")
    }

    /// 除第三党支部外各支部, 各支部(除第三党支部外), 各支部(第三党支部除外).
    fn except(&self, names: &str) -> Result<Option<Named>, Unresolved> {
        let bracket = || {
            let (all, rest) = names.split_once('(')?;
            let rest = rest.strip_suffix(')')?;
            let not = rest.strip_suffix("除外").or_else(|| rest.strip_prefix('除')?.strip_suffix('外'))?;
            Some((not, all))
        };
        let leading = || {
            let (not, all) = names.strip_prefix('除')?.split_once('外')?;
            Some((not.strip_suffix('以').unwrap_or(not), all.trim_start_matches(['的', ','])))
        };
        let Some((not, all)) = leading().or_else(bracket) else { return Ok(None) };
        let mut left_out = Found::default();
        self.clause(not, &mut left_out)?;
        let left_out: BTreeSet<_> =
            left_out.names.into_iter().flat_map(|(units, _)| units).map(|(unit, _)| unit).collect();
        let whole = self.name(all)?;
        let rest: Vec<_> = whole.iter().filter(|(unit, _)| !left_out.contains(unit)).cloned().collect();
        // Whom it leaves out must be among those it names.
        if rest.is_empty() || rest.len() + left_out.len() != whole.len() {
            return Err(self.unknown(names));
        }
        Ok(Some(rest))
    }

    /// 第三党支部, 三支部, 3支部: by number, and only one.
    fn numbered(&self, number: u32, words: &str) -> Result<UnitId, Unresolved> {
        let mut found: BTreeMap<UnitId, &UnitName<'_>> = BTreeMap::new();
        for unit in self.units {
            let names = std::iter::once(unit.name).chain(unit.short_names.iter().map(String::as_str));
            if unit.kind == UnitKind::Branch
                && names.map(plain).any(|name| numbers(&name, &["党支部", "支部"]).is_some_and(|own| own == [number]))
            {
                found.insert(unit.id, unit);
            }
        }
        let found: Vec<_> = found.into_values().collect();
        match found.as_slice() {
            [one] => Ok(one.id),
            [] => Err(self.unknown(words)),
            several => Err(unresolved(words, WhyNot::Ambiguous, several)),
        }
    }

    fn below(&self, kinds: &[UnitKind]) -> Vec<UnitId> {
        let parents: BTreeMap<_, _> = self.units.iter().map(|unit| (unit.id, unit.parent)).collect();
        let under = |unit: &UnitName| {
            let mut above = unit.parent;
            // No tree is deeper than it has units.
            for _ in 0..self.units.len() {
                if above == Some(self.plan_unit) {
                    return true;
                }
                above = above.and_then(|id| parents.get(&id).copied().flatten());
            }
            false
        };
        self.units.iter().filter(|unit| kinds.contains(&unit.kind) && under(unit)).map(|unit| unit.id).collect()
    }

    fn unknown(&self, words: &str) -> Unresolved {
        if VAGUE.iter().any(|vague| words.contains(vague)) {
            return unresolved(words, WhyNot::Vague, &[]);
        }
        let like: Vec<_> = self
            .units
            .iter()
            .filter(|unit| {
                let names = std::iter::once(unit.name).chain(unit.short_names.iter().map(String::as_str));
                names.map(plain).any(|name| name.contains(words) || words.contains(&name))
            })
            .take(5)
            .collect();
        unresolved(words, WhyNot::Unknown, &like)
    }
}

fn unresolved(words: &str, why: WhyNot, units: &[&UnitName]) -> Unresolved {
    let candidates = units.iter().map(|unit| unit.name.to_owned()).collect();
    Unresolved { words: words.to_owned(), why, candidates }
}

/// The part that is written before or after the names, and the names.
fn role(words: &str) -> (Option<Part>, &str) {
    for (role, part) in ROLES {
        if let Some(names) = words.strip_prefix(role).and_then(|rest| rest.strip_prefix(':')) {
            return (*part, names);
        }
        let bracketed = words.strip_suffix(')').and_then(|rest| rest.strip_suffix(role)?.strip_suffix('('));
        if let Some(names) = bracketed.or_else(|| words.strip_suffix(role)).filter(|names| !names.is_empty()) {
            return (*part, names.strip_prefix('由').unwrap_or(names));
        }
    }
    (None, words)
}

fn every(name: &str) -> Option<&'static [UnitKind]> {
    let of = EVERY.iter().filter_map(|every| name.strip_prefix(every)).min_by_key(|rest| rest.len())?;
    let of = of.strip_prefix('个').unwrap_or(of);
    if BRANCHES.contains(&of) {
        return Some(&[UnitKind::Branch]);
    }
    if BASE.contains(&of) {
        return Some(&[UnitKind::GeneralBranch, UnitKind::Branch]);
    }
    match of {
        "党总支" | "总支" => Some(&[UnitKind::GeneralBranch]),
        "党小组" => Some(&[UnitKind::PartyGroup]),
        _ => None,
    }
}

/// The numbers of 第一, 一至三 or, before one of these endings, 第三党支部.
fn numbers(words: &str, endings: &[&str]) -> Option<Vec<u32>> {
    let glyphs = glyphs(words);
    let mut cursor = Cursor::new(&glyphs);
    let _ = cursor.eat("第");
    let first = cursor.number()?.value;
    let mut last = first;
    if cursor.eat_any(&["至", "到", "-"]).is_some() {
        let _ = cursor.eat("第");
        last = cursor.number()?.value;
    }
    if !endings.is_empty() {
        cursor.eat_any(endings)?;
    }
    (cursor.at_end() && first <= last && last <= 99).then(|| (first..=last).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a cell means, in one line: `L2 R2 R3`, a post in brackets; `?` what is to be confirmed.
    fn shown(words: &str, column: Column) -> String {
        let short = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let lists = [short(&["一支部"]), short(&["党群部", "党办"]), short(&["党办", "综合办"]), vec![]];
        let unit = |id, parent, kind, name, list: usize| UnitName {
            id: UnitId(id),
            parent: (parent > 0).then_some(UnitId(parent)),
            kind,
            name,
            short_names: &lists[list],
        };
        use UnitKind::*;
        let units = [
            unit(1, 0, Committee, "某公司党委", 3),
            unit(2, 1, Department, "党群工作部", 1),
            unit(3, 1, Department, "综合办公室", 2),
            unit(4, 1, GeneralBranch, "机关党总支", 3),
            unit(11, 1, Branch, "第一党支部", 0),
            unit(12, 1, Branch, "第二党支部", 3),
            unit(13, 4, Branch, "第三党支部", 3),
            unit(14, 1, Branch, "离退休党支部", 3),
            unit(15, 1, Discipline, "纪委和审计室", 3),
            unit(99, 0, Branch, "别处党支部", 3),
        ];
        match resolve(words, column, UnitId(1), &units) {
            Err(Unresolved { words, why, candidates }) => format!("{why:?} {words}: {}", candidates.join(" ")),
            Ok(Understood { meant, to_confirm }) => {
                let parts = meant.iter().map(|one| {
                    let letter = ["L", "R", "S", "V"][Part::ALL.iter().position(|part| *part == one.part).unwrap()];
                    let person = one.person.as_ref().map(|post| format!("({post})")).unwrap_or_default();
                    format!("{letter}{}{person}", one.unit_id)
                });
                let confirm = to_confirm.iter().map(|words| format!("?{words}"));
                parts.chain(confirm).collect::<Vec<_>>().join(" ")
            }
        }
    }

    const ALL: &str = "R11 R12 R13 R14";

    #[test]
    fn cells_name_units_or_are_refused() {
        let cases: &[(&str, &str)] = &[
            ("各党支部|各支部|所属各支部|所属各党支部|下属各党支部|所有党支部|各基层党支部", ALL),
            ("各基层党组织|所属各党组织", "R4 R11 R12 R13 R14"),
            ("各党总支", "R4"),
            ("党委|某公司党委|本党委", "R1"),
            ("第一党支部|一支部|第一支部|第1党支部|１支部", "R11"),
            ("党群部", "R2"),
            ("纪委和审计室", "R15"),
            (
                "党群工作部牵头，各党支部配合|牵头：党群工作部；配合：各党支部|牵头单位：党群部，配合单位：各支部|由党群部牵头、各支部（配合）",
                "L2 S11 S12 S13 S14",
            ),
            ("党群工作部、第一党支部|党群工作部，第一党支部|党群工作部和第一党支部|党群工作部/一支部", "L2 R2 R11"),
            ("党群部（牵头）、综合办（配合）", "L2 S3"),
            ("第一至三党支部|第一、二、三党支部|一至三支部|第1-3党支部|第一—三支部|一、二、三支部", "L11 R11 R12 R13"),
            ("第一、三党支部、党群部", "L11 R11 R13 R2"),
            (
                "除第三党支部外各支部|除第三党支部外的各党支部|各党支部（除三支部外）|各支部（第三党支部除外）",
                "R11 R12 R14",
            ),
            ("除第一、二党支部以外各支部", "R13 R14"),
            ("各党支部书记", "R11(支部书记) R12(支部书记) R13(支部书记) R14(支部书记)"),
            ("第一党支部书记|一支部书记", "R11(支部书记)"),
            ("党委书记", "R1(党委书记)"),
            ("党群部负责人", "R2(负责人)"),
            ("党委委员按分工", "R1 ?党委委员按分工"),
            ("班子成员", "R1 ?班子成员"),
            ("党群部督办", "V2"),
            ("党群部负责", "R2"),
            ("第一党支部、第一党支部", "L11 R11"),
            ("党办", "Ambiguous 党办: 党群工作部 综合办公室"),
            ("离退休", "Unknown 离退休: 离退休党支部"),
            ("办公室", "Unknown 办公室: 综合办公室"),
            ("第四党支部", "Unknown 第四党支部: "),
            ("相关部门", "Vague 相关部门: "),
            ("有关单位", "Vague 有关单位: "),
            ("全体党员", "Vague 全体党员: "),
            ("党群部牵头，相关部门配合", "Vague 相关部门: "),
            ("各部门", "Unknown 各部门: "),
            ("除党群部外各支部", "Unknown 除党群部外各支部: 党群工作部"),
            ("第一、二", "Unknown 第一、二: "),
            ("—", "Blank —: "),
        ];
        let (mut wrong, mut count) = (vec![], 0);
        for (cells, expected) in cases {
            for words in cells.split('|') {
                count += 1;
                let found = shown(words, Column::Responsible);
                if found != *expected {
                    wrong.push(format!("{words}: {found}, not {expected}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(count > 60, "{count}");
    }

    #[test]
    fn the_column_says_what_plain_names_mean() {
        assert_eq!(shown("党群部、一支部", Column::Lead), "L2 L11");
        assert_eq!(shown("党群部、一支部", Column::Support), "S2 S11");
        assert_eq!(shown("党委", Column::Supervise), "V1");
        assert_eq!(shown("党群部", Column::Any), "R2");
        assert_eq!(shown("党群部、一支部牵头", Column::Support), "L2 L11");
    }

    #[test]
    fn a_refusal_names_the_candidates() {
        let unread =
            Unresolved { words: "党办".into(), why: WhyNot::Ambiguous, candidates: vec!["甲".into(), "乙".into()] };
        let fault = unread.fault("/rows/3");
        assert_eq!(fault.code.sentence(true, &fault.args), "看不懂责任单位“党办”；请写明组织的名称，如：甲、乙。");
    }
}
