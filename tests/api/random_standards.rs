//! Random years of standards and assessments played over HTTP against a straightforward model: sets, checks, recognitions
//! and moves are a list, gone through anew for each day that is asked about. The model shares no code with the program.
//! `DUBAN_RANDOM_YEARS` says how many (default 2).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use crate::compliance::{checked, published, said};
use crate::support::proof;
use crate::support::{Scene, day, id, recompute};

const RESULTS: [&str; 4] = ["met", "partly", "not_met", "not_applicable"];
const CATEGORIES: [&str; 2] = ["组织", "制度"];

#[derive(Debug, Clone)]
struct Clause {
    id: i64,
    category: &'static str,
    curable: bool,
    months: Option<u32>,
}

#[derive(Debug)]
struct Set {
    id: i64,
    /// Of the general branch; otherwise of the committee.
    general: bool,
    published: NaiveDate,
    clauses: Vec<Clause>,
}

/// A check of one clause of a branch.
#[derive(Debug)]
struct Check {
    assessment: i64,
    branch: usize,
    clause: i64,
    result: &'static str,
    /// The day from which its validity runs.
    evidence: NaiveDate,
    on: NaiveDate,
    recorded: NaiveDate,
}

#[derive(Debug)]
struct Recognition {
    assessment: i64,
    branch: usize,
    on: NaiveDate,
    withdrawn: Option<NaiveDate>,
}

struct Year {
    scene: Scene,
    general: i64,
    target: i64,
    issued: NaiveDate,
    sets: Vec<Set>,
    checks: Vec<Check>,
    recognitions: Vec<Recognition>,
    /// Assessments that are checked and not ruled on.
    unruled: Vec<(usize, i64)>,
    moves: Vec<(NaiveDate, usize, bool)>,
    /// The last day of a branch.
    ended: Vec<Option<NaiveDate>>,
    /// Final bodies as they were first read.
    kept: Vec<(String, String)>,
}

/// What one clause of a branch counts as.
#[derive(Debug, Clone)]
struct Stand {
    clause: Clause,
    result: &'static str,
    on: Option<NaiveDate>,
    /// The last day on which its evidence counts.
    good_until: Option<NaiveDate>,
}

/// The same day so many months later, or the last of a shorter month.
fn months_later(from: NaiveDate, months: u32) -> NaiveDate {
    let index = from.month0() + months;
    let (year, month) = (from.year() + (index / 12) as i32, index % 12 + 1);
    (1..=from.day()).rev().find_map(|day| NaiveDate::from_ymd_opt(year, month, day)).unwrap()
}

impl Year {
    fn in_general(&self, branch: usize, on: NaiveDate) -> bool {
        self.moves.iter().rfind(|(since, of, _)| *of == branch && *since <= on).is_some_and(|(_, _, inside)| *inside)
    }

    fn lives(&self, branch: usize, on: NaiveDate) -> bool {
        self.ended[branch].is_none_or(|last| on <= last)
    }

    /// The set for a branch that stands where it stood on `place_on`, by what was published by `on`.
    fn set_for(&self, branch: usize, place_on: NaiveDate, on: NaiveDate) -> Option<&Set> {
        let newest = |general: bool| {
            let mut of: Vec<&Set> =
                self.sets.iter().filter(|set| set.general == general && set.published <= on).collect();
            of.sort_by_key(|set| (set.published, set.id));
            of.pop()
        };
        let own = if self.in_general(branch, place_on) { newest(true) } else { None };
        own.or_else(|| newest(false))
    }

    /// The clauses of a branch on a day, of the checks that are known.
    fn stands(
        &self,
        branch: usize,
        place_on: NaiveDate,
        on: NaiveDate,
        known: &dyn Fn(&Check) -> bool,
    ) -> Option<Vec<Stand>> {
        let set = self.set_for(branch, place_on, on)?;
        let stand = |clause: &Clause| {
            let mut all: Vec<&Check> =
                self.checks.iter().filter(|c| c.branch == branch && c.clause == clause.id && known(c)).collect();
            all.sort_by_key(|check| (check.on, check.recorded, check.assessment));
            let Some(check) = all.pop() else {
                return Stand { clause: clause.clone(), result: "not_assessed", on: None, good_until: None };
            };
            let ages = ["met", "partly"].contains(&check.result);
            let good_until = clause.months.filter(|_| ages).map(|months| months_later(check.evidence, months));
            let expired = good_until.is_some_and(|last| on > last);
            let result = if expired { "not_assessed" } else { check.result };
            Stand { clause: clause.clone(), result, on: Some(check.on), good_until: good_until.filter(|_| !expired) }
        };
        Some(set.clauses.iter().map(stand).collect())
    }

    fn recognised(&self, branch: usize, on: NaiveDate, restated: bool) -> bool {
        let mut all: Vec<&Recognition> =
            self.recognitions.iter().filter(|r| r.branch == branch && r.on <= on).collect();
        all.sort_by_key(|one| (one.on, one.assessment));
        all.pop().is_some_and(|one| one.withdrawn.is_none_or(|day| !restated && day > on))
    }

    /// What the row of some branches ought to say, of the clauses of one category or of all.
    fn expected(&self, branches: &[usize], on: NaiveDate, restated: bool, category: Option<&str>) -> [Value; 4] {
        let none = |reason: &str| json!({"met": 0, "of": 0, "percent": null, "reason": reason});
        let rate = |met: usize, of: usize| match of {
            0 => none("nothing_owed"),
            _ => json!({"met": met, "of": of, "percent": (met * 1000 / of) as f64 / 10.0}),
        };
        let every = |reason: &str| [none(reason), none(reason), none(reason), none(reason)];
        if !self.sets.iter().any(|set| set.published <= on) {
            return every("no_standard_set");
        }
        let living: Vec<usize> = branches.iter().copied().filter(|branch| self.lives(*branch, on)).collect();
        if living.is_empty() {
            return every("no_branches");
        }
        let known = |check: &Check| if restated { check.on <= on } else { check.recorded <= on };
        let stands: Vec<_> = living.iter().map(|branch| self.stands(*branch, on, on, &known)).collect();
        if stands.iter().all(Option::is_none) {
            return every("no_standard_set");
        }
        let (mut met, mut assessed, mut of, mut at_target) = (0, 0, 0, 0);
        let target = if on >= self.issued { self.target } else { 100 };
        for stands in stands.iter().flatten() {
            let counting = |stand: &&Stand| stand.result != "not_applicable";
            let wanted = |stand: &&Stand| category.is_none_or(|category| stand.clause.category == category);
            let own: Vec<_> = stands.iter().filter(counting).collect();
            let own_met = own.iter().filter(|stand| stand.result == "met").count();
            at_target += usize::from(!own.is_empty() && own_met as i64 * 100 >= own.len() as i64 * target);
            let own: Vec<_> = own.into_iter().filter(|stand| wanted(stand)).collect();
            of += own.len();
            met += own.iter().filter(|stand| stand.result == "met").count();
            assessed += own.iter().filter(|stand| stand.result != "not_assessed").count();
        }
        let recognised = living.iter().filter(|branch| self.recognised(**branch, on, restated)).count();
        let of_branches = |met: usize| if category.is_some() { none("not_divided") } else { rate(met, living.len()) };
        [rate(met, of), rate(assessed, of), of_branches(recognised), of_branches(at_target)]
    }

    async fn check(&self, seed: u64, on: NaiveDate) {
        let rates = |row: &Value| {
            ["compliance", "assessed", "branches_recognised", "branches_at_target"].map(|n| row[n].clone())
        };
        let branches: Vec<usize> = (0..self.scene.branches.len()).collect();
        for restated in [false, true] {
            let at = format!("seed {seed}, {on}, restated {restated}");
            let report = self.scene.report(&format!("year=2020&as_of={on}&restated={restated}&group_by=unit")).await;
            assert_eq!(rates(&report["total"]), self.expected(&branches, on, restated, None), "{at}");
            for row in report["groups"].as_array().unwrap() {
                let unit = row["unit_id"].as_i64().unwrap();
                let below: Vec<usize> = branches
                    .iter()
                    .copied()
                    .filter(|branch| {
                        let own = self.scene.branches[*branch] == unit;
                        own || (unit == self.general && self.in_general(*branch, on))
                    })
                    .collect();
                assert_eq!(rates(row), self.expected(&below, on, restated, None), "{at}, unit {unit}");
            }
            let by_category =
                self.scene.report(&format!("year=2020&as_of={on}&restated={restated}&group_by=category")).await;
            for row in by_category["groups"].as_array().unwrap() {
                let category = row["key"].as_str();
                assert_eq!(rates(row), self.expected(&branches, on, restated, category), "{at}, {category:?}");
            }
            self.check_explanations(&at, &report["total"], on, restated).await;
        }
        self.check_path(seed, on).await;
    }

    /// Each explanation partitions what the rate counts, and names what the model has there.
    async fn check_explanations(&self, at: &str, total: &Value, on: NaiveDate, restated: bool) {
        let known = |check: &Check| if restated { check.on <= on } else { check.recorded <= on };
        let mut places: BTreeMap<(i64, i64), &str> = BTreeMap::new();
        for branch in (0..self.scene.branches.len()).filter(|branch| self.lives(*branch, on)) {
            for stand in self.stands(branch, on, on, &known).into_iter().flatten() {
                places.insert((self.scene.branches[branch], stand.clause.id), stand.result);
            }
        }
        for rate in ["compliance", "assessed", "branches_recognised", "branches_at_target"] {
            let why = self
                .scene
                .leader
                .get(&format!("/reports/explain?rate={rate}&year=2020&as_of={on}&restated={restated}"))
                .await
                .ok();
            let list = |name: &str| why[name].as_array().unwrap().clone();
            let (met, rest, left) = (list("numerator"), list("denominator_only"), list("excluded"));
            assert_eq!(json!(met.len()), total[rate]["met"], "{at}, {rate}");
            assert_eq!(json!(met.len() + rest.len()), total[rate]["of"], "{at}, {rate}");
            let all: BTreeSet<String> = met.iter().chain(&rest).map(Value::to_string).collect();
            assert_eq!(all.len(), met.len() + rest.len(), "{at}, {rate}: nothing is named twice");
            if rate.starts_with("branches") {
                assert!(left.is_empty());
                continue;
            }
            let pair = |item: &Value| (item["unit_id"].as_i64().unwrap(), item["clause_id"].as_i64().unwrap());
            assert_eq!(met.len() + rest.len() + left.len(), places.len(), "{at}, {rate}");
            let is_met = |result: &str| result == "met" || (rate == "assessed" && result != "not_assessed");
            assert!(met.iter().all(|item| is_met(places[&pair(item)])), "{at}, {rate}");
            assert!(rest.iter().all(|item| !is_met(places[&pair(item)])), "{at}, {rate}");
            assert!(left.iter().all(|item| places[&pair(item)] == "not_applicable"), "{at}, {rate}");
            assert!(left.iter().all(|item| item["approved_by"] == json!(self.scene.leader.account_id)), "{at}");
        }
    }

    /// The path, also after the day of the target: then by what was checked for this day and is recorded since.
    async fn check_path(&self, seed: u64, as_of: NaiveDate) {
        let at = format!("seed {seed}, path of {as_of}");
        let path = self.scene.leader.get(&format!("/reports/path?year=2020&as_of={as_of}")).await.ok();
        let path = &path["rates"][1];
        let end = day(12, 31);
        let on = as_of.min(end);
        let known = |check: &Check| check.recorded <= as_of && check.on <= on;
        let (mut lost, mut open, mut of) = (vec![], 0, 0_i64);
        for branch in (0..self.scene.branches.len()).filter(|branch| self.lives(*branch, on)) {
            for stand in self.stands(branch, as_of, on, &known).into_iter().flatten() {
                if stand.result == "not_applicable" {
                    continue;
                }
                of += 1;
                let good = stand.result == "met" && stand.good_until.is_none_or(|last| last >= end);
                if stand.result == "not_met" && !stand.clause.curable {
                    lost.push(stand.on.unwrap());
                } else if !good && as_of > end {
                    lost.push(end + Days::new(1));
                } else if !good {
                    open += 1;
                }
            }
        }
        lost.sort();
        let target = if as_of >= self.issued { self.target } else { 100 };
        let broken = (1..).zip(&lost).find(|(gone, _)| (of - gone) * 100 < of * target).map(|(_, on)| *on);
        if path["ceiling"]["reason"].is_null() {
            assert_eq!(
                (&path["ceiling"]["met"], &path["ceiling"]["of"]),
                (&json!(of - lost.len() as i64), &json!(of)),
                "{at}"
            );
            assert_eq!(path["lost_on"], json!(broken), "{at}");
            let days: Vec<_> = path["lost"].as_array().unwrap().iter().map(|item| item["lost_on"].clone()).collect();
            assert_eq!(json!(days), json!(lost), "{at}");
            assert_eq!(path["items"].as_array().unwrap().len(), open, "{at}");
        } else {
            assert_eq!(of, 0, "{at}");
        }
    }

    /// The independent model recomputes the reports of random days from the rows.
    async fn recompute(&self, dice: &mut StdRng, end: NaiveDate) {
        let mut questions = vec![];
        let days = (0..8).map(|_| day(1, 20) + Days::new(dice.random_range(0..345)));
        for as_of in days.chain([day(12, 31), end]) {
            for (restated, unit) in [(false, None), (false, Some(self.general)), (true, None)] {
                let asked = json!({"year": 2020, "unit_id": unit, "as_of": as_of, "restated": restated,
                    "group_by": "unit"});
                questions.push(("compliance", asked));
                let rates = ["compliance", "assessed", "branches_recognised", "branches_at_target"];
                questions.extend(rates.map(|rate| {
                    (
                        "explain",
                        json!({"year": 2020, "unit_id": unit, "as_of": as_of, "restated": restated, "rate": rate}),
                    )
                }));
                questions.push(("trend", json!({"year": 2020, "unit_id": unit, "as_of": as_of, "restated": restated})));
            }
            for unit in [None, Some(self.general)] {
                questions.push(("path", json!({"year": 2020, "unit_id": unit, "as_of": as_of})));
            }
        }
        recompute(&self.scene, &questions).await;
    }

    async fn publish(&mut self, dice: &mut StdRng, general: bool, today: NaiveDate) {
        let unit = if general { self.general } else { self.scene.committee };
        let mut clauses = vec![];
        for number in 0..dice.random_range(2..6) {
            let category = CATEGORIES[dice.random_range(0..2)];
            let curable = dice.random_bool(0.6);
            let months = dice.random_bool(0.5).then(|| dice.random_range(1..5_u32));
            clauses.push((number, Clause { id: 0, category, curable, months }));
        }
        let bodies: Vec<Value> = clauses
            .iter()
            .map(|(number, c)| {
                json!({"code": format!("{number}"), "category": c.category, "title": "A clause", "points": 2,
                    "curable": c.curable, "evidence_months": c.months})
            })
            .collect();
        let (set, ids) = published(&self.scene, unit, &format!("{}", self.sets.len()), &bodies).await;
        let clauses = clauses.into_iter().zip(ids).map(|((_, clause), id)| Clause { id, ..clause }).collect();
        self.sets.push(Set { id: set, general, published: today, clauses });
    }

    async fn assess(&mut self, dice: &mut StdRng, branch: usize, today: NaiveDate) {
        let Some(applying) = self.set_for(branch, today, today).map(|set| set.id) else { return };
        // Now and then against an older set, which counts for nothing but the past.
        let committee: Vec<i64> = self.sets.iter().filter(|set| !set.general).map(|set| set.id).collect();
        let older = dice.random_bool(0.1) && !committee.is_empty();
        let chosen = if older { committee[dice.random_range(0..committee.len())] } else { applying };
        let set = self.sets.iter().find(|set| set.id == chosen).unwrap();
        let back = dice.random_bool(0.4);
        let first = (today - Days::new(20)).max(set.published);
        let span = (today - first).num_days() as u64;
        let on = if back { first + Days::new(dice.random_range(0..span + 1)) } else { today };
        let (mut results, mut made) = (vec![], vec![]);
        for (place, clause) in set.clauses.iter().enumerate() {
            if place > 0 && dice.random_bool(0.3) {
                continue;
            }
            let result = if dice.random_bool(0.5) { "met" } else { RESULTS[dice.random_range(0..4)] };
            let mut one = said(clause.id, result);
            let mut evidence = on;
            if dice.random_bool(0.4) {
                evidence = on - Days::new(dice.random_range(0..50));
                one["evidence_on"] = json!(evidence);
            }
            results.push(one);
            made.push((clause.id, result, evidence));
        }
        let assessment = checked(&self.scene, branch, Some(chosen), &results, back.then_some(on)).await;
        for (clause, result, evidence) in made {
            self.checks.push(Check { assessment, branch, clause, result, evidence, on, recorded: today });
        }
        self.unruled.push((branch, assessment));
    }

    async fn play(&mut self, dice: &mut StdRng, today: NaiveDate) {
        let branch = dice.random_range(0..self.scene.branches.len());
        let chance = dice.random_range(0..20);
        match chance {
            0 => self.publish(dice, false, today).await,
            1 => self.publish(dice, true, today).await,
            2 | 3 => {
                let inside = !self.in_general(branch, today);
                if self.ended[branch].is_none() {
                    let to = if inside { self.general } else { self.scene.committee };
                    let path = format!("/units/{}", self.scene.branches[branch]);
                    self.scene.admin.patch(&path, json!({"parent_id": to})).await.ok();
                    self.moves.push((today, branch, inside));
                }
            }
            4 if branch == 0 && self.ended[0].is_none() && today > day(7, 1) => {
                let path = format!("/units/{}/dissolve", self.scene.branches[0]);
                let body = json!({"dissolved_on": today, "reason": "merged"});
                self.scene.admin.post(&path, body).await.ok();
                self.ended[0] = Some(today);
            }
            5..=9 if !self.unruled.is_empty() => {
                let (branch, assessment) = self.unruled.remove(dice.random_range(0..self.unruled.len()));
                let yes = dice.random_bool(0.8);
                let verdict = if yes { "recognised" } else { "not_recognised" };
                let decision = self.scene.decided().await;
                let body = json!({"verdict": verdict, "reason": "seen", "decision_id": decision});
                self.scene.leader.post(&format!("/assessments/{assessment}/recognition"), body).await.ok();
                if yes {
                    self.recognitions.push(Recognition { assessment, branch, on: today, withdrawn: None });
                }
            }
            10 | 11 => {
                let mut standing: Vec<_> = self.recognitions.iter_mut().filter(|one| one.withdrawn.is_none()).collect();
                // Not always the oldest: what stood before the newest does not come back.
                let which = dice.random_range(0..standing.len().max(1));
                if let Some(one) = standing.get_mut(which) {
                    let path = format!("/assessments/{}/withdrawal", one.assessment);
                    self.scene.leader.post(&path, json!({"reason": "no longer"})).await.ok();
                    one.withdrawn = Some(today);
                }
            }
            _ if self.ended[branch].is_none() => self.assess(dice, branch, today).await,
            _ => {}
        }
    }

    /// Keeps the final bodies of a day.
    async fn keep(&mut self, on: NaiveDate) {
        for path in [
            format!("/reports/compliance?year=2020&as_of={on}&group_by=unit"),
            format!("/reports/compliance?year=2020&as_of={on}&group_by=category"),
            format!("/reports/explain?rate=compliance&year=2020&as_of={on}"),
            format!("/reports/path?year=2020&as_of={on}"),
        ] {
            let answer = self.scene.leader.get(&path).await;
            assert_eq!(answer.body["final"], json!(true), "{path}");
            self.kept.push((path, answer.text));
        }
    }
}

type Tally = BTreeMap<String, usize>;

async fn year(seed: u64, tally: &mut Tally) {
    let mut dice = StdRng::seed_from_u64(seed);
    let scene = Scene::set(1, 5, 3).await;
    let body = json!({"name": "General branch", "kind": "general_branch", "parent_id": scene.committee});
    let general = id(&scene.admin.post("/units", body).await.created());
    let target = dice.random_range(40..101_i64);
    let body = json!({"unit_id": scene.committee, "year": 2020, "title": "Plan", "target_percent": target});
    let plan = id(&scene.department.post("/plans", body).await.created());
    scene.task(plan, "Task", &scene.branches, json!([{"due_on": "2020-12-20"}])).await;
    let issued = day(2, 10);
    let mut year = Year {
        scene,
        general,
        target,
        issued,
        sets: vec![],
        checks: vec![],
        recognitions: vec![],
        unruled: vec![],
        moves: vec![],
        ended: vec![None; 3],
        kept: vec![],
    };
    let (mut today, mut is_issued) = (day(1, 20), false);
    while today < day(12, 28) {
        today = today + Days::new(dice.random_range(2..12));
        if !is_issued && today >= issued {
            year.scene.app.turn_to(issued);
            year.scene.issue(plan).await;
            is_issued = true;
        }
        year.scene.app.turn_to(today);
        if year.sets.is_empty() && today > day(2, 1) {
            year.publish(&mut dice, false, today).await;
        }
        for _ in 0..dice.random_range(1..4) {
            year.play(&mut dice, today).await;
        }
        if dice.random_bool(0.15) {
            year.keep(today - Days::new(1)).await;
        }
    }
    let end = day(12, 31) + Days::new(12);
    year.scene.app.turn_to(end);
    for branch in (0..3).filter(|branch| year.ended[*branch].is_none()).collect::<Vec<_>>() {
        year.assess(&mut dice, branch, end).await;
    }
    for _ in 0..8 {
        let on = day(1, 20) + Days::new(dice.random_range(0..345));
        year.check(seed, on).await;
    }
    for on in [day(12, 31), day(12, 31) + Days::new(1), end] {
        year.check(seed, on).await;
    }
    year.recompute(&mut dice, end).await;
    for (path, body) in &year.kept {
        assert_eq!(&year.scene.leader.get(path).await.text, body, "seed {seed}, {path}");
    }
    let mut add = |what: &str, times: usize| *tally.entry(what.to_owned()).or_default() += times;
    for check in &year.checks {
        add(check.result, 1);
    }
    add("back-dated", year.checks.iter().filter(|check| check.on < check.recorded).count());
    add("sets", year.sets.len());
    add("own sets", year.sets.iter().filter(|set| set.general).count());
    add("recognitions", year.recognitions.len());
    add("withdrawals", year.recognitions.iter().filter(|one| one.withdrawn.is_some()).count());
    add("moves", year.moves.len());
    add("ends", year.ended.iter().flatten().count());
    add("kept", year.kept.len());
}

#[actix_web::test]
async fn random_years_of_assessments_agree_with_a_straightforward_model() {
    let years = proof::size("DUBAN_RANDOM_YEARS", 2);
    let mut tally = Tally::new();
    for seed in 0..years {
        year(seed, &mut tally).await;
    }
    println!("{tally:?}");
    // A year that nothing happens in agrees with anything.
    let kinds = tally.values().filter(|times| **times > 0).count();
    assert!(years < 3 || kinds == 12, "{kinds}: {tally:?}");
    println!("{years} random years of assessments, 0 differences");
}
