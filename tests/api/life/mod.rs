//! A random life of a committee, called over HTTP: what its people might do, what they might get wrong, and calls that
//! make no sense. It is lived on one application, or on two in step whose answers are compared. Nothing here knows what
//! an answer ought to be: that is for the proofs that let it be lived.

mod answers;
mod cycle;
mod deeds;
mod odd;
mod years;

use std::collections::{BTreeMap, HashMap};

use chrono::{Days, NaiveDate};
use duban::access::Role;
use duban::counts;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

pub use self::years::spread;
use crate::support::{Answer, Persona, Scene, TestApp, day, faults, on_postgres};

/// Who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Admin,
    Department,
    Leader,
    OtherLeader,
    Inspector,
    Auditor,
    Nobody,
    Secretary(usize),
}

pub const BRANCHES: usize = 3;

/// A call as both sides make it. In its path and body `@task:3` stands for the id of the fourth task that appeared, and
/// `#progress_report:3` for the content hash of a report.
#[derive(Debug, Clone)]
pub struct Call {
    pub who: Who,
    pub method: &'static str,
    pub path: String,
    pub body: Option<Value>,
    /// Instead of the version that is read first.
    pub etag: Option<&'static str>,
}

impl Call {
    pub fn of(who: Who, method: &'static str, path: impl Into<String>, body: Value) -> Call {
        Call { who, method, path: path.into(), body: Some(body), etag: None }
    }

    pub fn get(who: Who, path: impl Into<String>) -> Call {
        Call { who, method: "GET", path: path.into(), body: None, etag: None }
    }

    pub fn delete(who: Who, path: impl Into<String>) -> Call {
        Call { who, method: "DELETE", path: path.into(), body: None, etag: None }
    }
}

/// One application with the people who call it.
pub struct Side {
    pub scene: Scene,
    other_leader: Persona,
    inspector: Persona,
    auditor: Persona,
    hashes: HashMap<i64, String>,
}

impl Side {
    async fn begin(app: TestApp) -> Side {
        let scene = Scene::of(app, BRANCHES).await;
        let other_leader = scene.app.person("leader-2", Role::Leader, Some(scene.committee)).await;
        let inspector = scene.app.person("inspector", Role::Inspector, Some(scene.committee)).await;
        let auditor = scene.app.person("auditor", Role::Auditor, None).await;
        Side { scene, other_leader, inspector, auditor, hashes: HashMap::new() }
    }

    pub fn persona(&self, who: Who) -> Persona {
        match who {
            Who::Admin => self.scene.admin.clone(),
            Who::Department => self.scene.department.clone(),
            Who::Leader => self.scene.leader.clone(),
            Who::OtherLeader => self.other_leader.clone(),
            Who::Inspector => self.inspector.clone(),
            Who::Auditor => self.auditor.clone(),
            Who::Nobody => self.scene.app.anonymous(),
            Who::Secretary(branch) => self.scene.secretaries[branch].clone(),
        }
    }
}

pub struct Life {
    pub sides: Vec<Side>,
    pub dice: StdRng,
    pub seed: u64,
    /// Whether answers are held to the contract, which takes its time.
    checked: bool,
    pub today: NaiveDate,
    /// By kind: the ids that appeared, one a side, and what was last seen of each.
    known: BTreeMap<String, Vec<(Vec<i64>, Value)>>,
    twins: answers::Twins,
    /// How often each operation was carried out and refused.
    pub done: BTreeMap<String, [usize; 2]>,
    log: Vec<String>,
}

/// Whether a text of a body stands for something that appeared: `@kind:number`, or `#kind:number` for its hash.
fn is_name(text: &str) -> bool {
    let number = text.strip_prefix(['@', '#']).and_then(|name| name.split_once(':')).map(|(_, number)| number);
    number.is_some_and(|number| number.parse::<usize>().is_ok())
}

impl Life {
    /// A committee with a general branch, three branches and an issued plan, on one application.
    pub async fn begin(seed: u64) -> Life {
        Life::on(seed, vec![Side::begin(TestApp::start(1, 5).await).await], false).await
    }

    /// The same on two: SQLite beside the database of this run.
    pub async fn begin_in_step(seed: u64) -> Life {
        faults::stay_out();
        let first = Side::begin(TestApp::start_on_sqlite(1, 5).await).await;
        let second = Side::begin(TestApp::start(1, 5).await).await;
        assert_eq!(second.scene.app.config.database_url.starts_with("postgres"), on_postgres());
        Life::on(seed, vec![first, second], true).await
    }

    async fn on(seed: u64, sides: Vec<Side>, checked: bool) -> Life {
        let mut life = Life {
            sides,
            dice: StdRng::seed_from_u64(seed),
            seed,
            checked,
            today: day(1, 5),
            known: BTreeMap::new(),
            twins: Default::default(),
            done: BTreeMap::new(),
            log: vec![],
        };
        life.found().await;
        life
    }

    async fn found(&mut self) {
        use Who::{Admin, Department};
        let units = self.call(Call::get(Admin, "/units?limit=200")).await.items();
        assert_eq!(units.len(), BRANCHES + 2);
        let unit = json!({"name": "General branch", "kind": "general_branch", "parent_id": "@unit:0"});
        self.call(Call::of(Admin, "POST", "/units", unit)).await;
        let target = self.dice.random_range(50..101);
        let plan = json!({"unit_id": "@unit:0", "year": 2020, "title": "Plan of 2020", "target_percent": target});
        self.call(Call::of(Department, "POST", "/plans", plan)).await;
        for _ in 0..3 {
            self.add_a_task(0, None).await;
        }
        self.turn_to(day(1, 20));
        self.call(Call::of(Department, "POST", "/plans/@plan:0/issue", json!({}))).await;
        self.look_at_nodes().await;
        self.begin_cycle().await;
    }

    pub fn scene(&self) -> &Scene {
        &self.sides[0].scene
    }

    pub fn turn_to(&mut self, today: NaiveDate) {
        self.today = today;
        self.sides.iter().for_each(|side| side.scene.app.turn_to(today));
    }

    /// Lives on to a day: some deeds every few days.
    pub async fn live_to(&mut self, last: NaiveDate, at_once: u64) {
        while self.today < last {
            let next = self.today + Days::new(self.dice.random_range(1..14));
            self.turn_to(next.min(last));
            for _ in 0..self.dice.random_range(1..at_once) {
                self.do_something().await;
            }
        }
    }

    /// One deed of the people, or now and then a call that makes no sense.
    pub async fn do_something(&mut self) {
        match self.dice.random_range(0..100) {
            0..46 => self.work_on_nodes().await,
            46..60 => self.change_lists().await,
            60..65 => self.change_units_and_rules().await,
            65..92 => self.turn_the_cycle().await,
            _ => self.ask_oddly().await,
        }
    }

    /// Makes a call on every side; what all of them answered is the same but for ids and moments. The first answer.
    pub async fn call(&mut self, call: Call) -> Answer {
        self.log.push(format!("{} {call:?}", self.today));
        let mut answers = vec![];
        for side in 0..self.sides.len() {
            answers.push(self.send(side, &call).await);
        }
        self.compare(&call, &answers);
        self.learn(&call, &answers);
        let tally = self.done.entry(operation(&call)).or_default();
        tally[usize::from(answers[0].status >= 300)] += 1;
        assert!(answers[0].status < 500, "{}", self.told(&answers[0].text));
        answers.remove(0)
    }

    async fn send(&self, side: usize, call: &Call) -> Answer {
        let persona = self.sides[side].persona(call.who);
        let path = self.filled(side, &call.path);
        let bare = path.split('?').next().unwrap();
        let mut request = persona.request(call.method, &path);
        if let Some(body) = &call.body {
            request = request.json(&self.filled_in(side, body));
        }
        if matches!(call.method, "PATCH" | "DELETE") {
            let etag = match call.etag {
                Some(etag) => etag.to_owned(),
                None => Answer::of(persona.request("GET", bare).send().await.unwrap(), bare.to_owned()).await.etag(),
            };
            request = request.header("if-match", etag);
        }
        if self.checked {
            return persona.send(call.method, &path, request).await;
        }
        Answer::of(request.send().await.unwrap(), path).await
    }

    /// A text with the ids of a side in the place of `@kind:number`.
    fn filled(&self, side: usize, text: &str) -> String {
        let mut parts = text.split('@');
        let mut filled = parts.next().unwrap().to_owned();
        for part in parts {
            let end = part.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':')).unwrap_or(part.len());
            filled += &self.id_of(side, &part[..end]).to_string();
            filled += &part[end..];
        }
        filled
    }

    fn filled_in(&self, side: usize, body: &Value) -> Value {
        match body {
            Value::String(text) if !is_name(text) => body.clone(),
            Value::String(text) if text.starts_with('@') => json!(self.id_of(side, &text[1..])),
            Value::String(text) if text.starts_with('#') => {
                json!(self.sides[side].hashes.get(&self.id_of(side, &text[1..])).cloned().unwrap_or_default())
            }
            Value::Array(items) => items.iter().map(|item| self.filled_in(side, item)).collect(),
            Value::Object(fields) => {
                Value::Object(fields.iter().map(|(name, value)| (name.clone(), self.filled_in(side, value))).collect())
            }
            _ => body.clone(),
        }
    }

    fn id_of(&self, side: usize, name: &str) -> i64 {
        let (kind, number) = name.split_once(':').unwrap();
        let known = self.known.get(kind).and_then(|all| all.get(number.parse::<usize>().unwrap()));
        known.unwrap_or_else(|| panic!("{}", self.told(&format!("{name} has not appeared")))).0[side]
    }

    /// One of the things of a kind that appeared; a name for paths and bodies.
    pub fn pick(&mut self, kind: &str) -> Option<String> {
        let count = self.known.get(kind).map_or(0, Vec::len);
        (count > 0).then(|| format!("@{kind}:{}", self.dice.random_range(0..count)))
    }

    /// One of those of which something holds.
    pub fn pick_where(&mut self, kind: &str, holds: impl Fn(&Value) -> bool) -> Option<String> {
        let all = self.known.get(kind).into_iter().flatten().enumerate();
        let fits: Vec<_> = all.filter(|(_, (_, seen))| holds(seen)).map(|(number, _)| number).collect();
        (!fits.is_empty()).then(|| format!("@{kind}:{}", fits[self.dice.random_range(0..fits.len())]))
    }

    /// What was last seen of something.
    pub fn seen(&self, name: &str) -> &Value {
        let (kind, number) = name[1..].split_once(':').unwrap();
        &self.known[kind][number.parse::<usize>().unwrap()].1
    }

    /// The secretary of the branch that something names as its unit, now and then another one.
    pub fn secretary_of(&mut self, seen: &Value) -> Who {
        let branch = self.scene().branches.iter().position(|unit| seen["unit_id"] == json!(unit));
        let any = self.dice.random_range(0..BRANCHES);
        Who::Secretary(branch.filter(|_| self.dice.random_bool(0.95)).unwrap_or(any))
    }

    /// The branch of a number, as it is named; their ids come after the committee's and the department's.
    pub fn branch(number: usize) -> String {
        format!("@unit:{}", number + 2)
    }

    /// Computes what is kept up to date once more from the ledger, on every side; how many days were compared.
    pub async fn verify_counts(&self) -> usize {
        let mut days = 0;
        for side in &self.sides {
            let verified = side.scene.app.app.db.read(|conn| {
                let mut all = counts::verify_units(conn)?;
                for plan in counts::what_is_there(conn)? {
                    all.add(counts::verify_plan(conn, plan)?);
                }
                Ok(all)
            });
            let verified = verified.await.unwrap();
            assert!(verified.differences.is_empty(), "{}", self.told(&format!("{:#?}", verified.differences)));
            days += verified.days;
        }
        days
    }

    /// A failure with the calls that led to it.
    fn told(&self, what: &str) -> String {
        let last = self.log.len().saturating_sub(8);
        format!(
            "seed {}: {what}\nafter {} calls, the last of them\n{}",
            self.seed,
            self.log.len(),
            self.log[last..].join("\n")
        )
    }

    /// A day before today on which a report can be asked for.
    pub fn some_day(&mut self) -> NaiveDate {
        let span = (self.today - day(1, 5)).num_days() as u64;
        day(1, 5) + Days::new(self.dice.random_range(0..span + 1))
    }
}

/// The operation of a call: its path with `{id}` for what it names.
pub fn operation(call: &Call) -> String {
    let path = call.path.split('?').next().unwrap();
    let named = |part: &str| part.starts_with('@') || part.chars().all(|c| c.is_ascii_digit() || c == '-');
    let parts: Vec<_> =
        path.split('/').map(|part| if !part.is_empty() && named(part) { "{id}" } else { part }).collect();
    format!("{} {}", call.method, parts.join("/"))
}
