//! What the people of a plan do: report, review, ask, grant, revise, move.

use chrono::{Days, NaiveDate};
use rand::RngExt;
use serde_json::{Value, json};

use super::{BRANCHES, Call, Life, Who};
use crate::support::day;

impl Life {
    fn one_of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.dice.random_range(0..choices.len())].clone()
    }

    pub(super) fn chance(&mut self, of_hundred: u32) -> bool {
        self.dice.random_range(0..100) < of_hundred
    }

    pub(super) fn reviewer(&mut self) -> Who {
        self.one_of(&[Who::Department, Who::Department, Who::Department, Who::Leader, Who::OtherLeader])
    }

    fn granter(&mut self) -> Who {
        self.one_of(&[Who::Leader, Who::OtherLeader, Who::Leader, Who::Department])
    }

    fn later(&mut self, from: NaiveDate) -> NaiveDate {
        from + Days::new(self.dice.random_range(1..45))
    }

    pub(super) async fn look_at_nodes(&mut self) {
        self.call(Call::get(Who::Department, "/time-nodes?limit=200")).await;
    }

    pub(super) async fn work_on_nodes(&mut self) {
        match self.dice.random_range(0..20) {
            0..7 => self.report().await,
            7..11 => self.review().await,
            11 => self.take_back().await,
            12 | 13 => self.ask_for_an_extension().await,
            14 => self.ask_to_leave_out().await,
            15 | 16 => self.decide().await,
            17 => self.draft().await,
            18 => self.report_many().await,
            _ => self.say_something().await,
        }
    }

    /// A node that is due or soon will be, of a task of this year.
    fn a_node(&mut self) -> Option<String> {
        let near = json!(self.today + Days::new(25)).as_str().unwrap().to_owned();
        let open = |node: &Value| {
            matches!(node["state"].as_str(), Some("open" | "returned")) && node["due_on"].as_str() < Some(&near)
        };
        if self.chance(85) { self.pick_where("time_node", open) } else { self.pick("time_node") }
    }

    fn what_was_done(&mut self, node: &Value) -> Value {
        let mut body = json!({"kind": "completion", "text": "召开支部党员大会，全员参加。"});
        if self.chance(15) {
            body = json!({"kind": "progress", "text": "正在准备", "percent": self.dice.random_range(0..101)});
        } else if self.chance(25) {
            body["held_on"] = json!(self.today - Days::new(self.dice.random_range(0..20)));
        }
        if self.chance(20) {
            body["on_paper"] = json!([{"title": "签到表", "reference": "2020-支-06"}]);
        }
        if !node["period"].is_null() && self.chance(10) {
            body["reported_on"] = json!(self.today - Days::new(self.dice.random_range(0..15)));
        }
        body
    }

    async fn report(&mut self) {
        let Some(node) = self.a_node() else { return };
        let seen = self.seen(&node).clone();
        let body = self.what_was_done(&seen);
        let back_dated = !body["reported_on"].is_null();
        let who = if back_dated && self.chance(80) { Who::Department } else { self.secretary_of(&seen) };
        self.call(Call::of(who, "POST", format!("/time-nodes/{node}/progress-reports"), body)).await;
        self.call(Call::get(Who::Department, format!("/time-nodes/{node}"))).await;
    }

    async fn report_many(&mut self) {
        let mut items = vec![];
        let Some(first) = self.a_node() else { return };
        let who = self.secretary_of(&self.seen(&first).clone());
        for _ in 0..self.dice.random_range(1..4) {
            let Some(node) = self.a_node() else { return };
            let mut item = self.what_was_done(&Value::Null);
            item["time_node_id"] = json!(node);
            items.push(item);
        }
        let body = json!({"items": items, "atomic": self.chance(30)});
        self.call(Call::of(who, "POST", "/progress-reports:batch", body)).await;
        self.look_at_reports(&first).await;
    }

    async fn look_at_reports(&mut self, node: &str) {
        self.call(Call::get(Who::Department, format!("/time-nodes/{node}/progress-reports"))).await;
    }

    async fn review(&mut self) {
        let waits = |report: &Value| report["kind"] == json!("completion") && report["state"] == json!("submitted");
        let fresh = if self.chance(80) { self.pick_where("progress_report", waits) } else { None };
        let Some(report) = fresh.or_else(|| self.pick("progress_report")) else { return };
        let mut body =
            json!({"verdict": "accepted", "content_hash": format!("#{}", &report[1..]), "on_paper_seen": true});
        if self.chance(30) {
            body["verdict"] = json!("returned");
            body["comment"] = json!("请补充会议记录");
            body["return_kind"] = json!(self.one_of(&["not_done", "supplement"]));
        }
        if self.chance(3) {
            body["content_hash"] = json!("another");
        }
        let who = self.reviewer();
        self.call(Call::of(who, "POST", format!("/progress-reports/{report}/reviews"), body)).await;
        self.call(Call::get(Who::Department, format!("/progress-reports/{report}"))).await;
    }

    async fn take_back(&mut self) {
        let Some(report) = self.pick("progress_report") else { return };
        let path = format!("/progress-reports/{report}");
        match self.dice.random_range(0..4) {
            0 => {
                let who = self.secretary_of(&self.seen(&report).clone());
                let who = if self.chance(60) { self.author(&report).unwrap_or(who) } else { who };
                self.call(Call::of(who, "POST", format!("{path}/withdrawal"), json!({}))).await;
            }
            1 | 2 => {
                let who = self.reviewer();
                let body = json!({"reason": "事后查明未开展"});
                self.call(Call::of(who, "POST", format!("{path}/revocation"), body)).await;
            }
            _ => {
                let who = self.author(&report).unwrap_or(Who::Secretary(0));
                let body = json!({"text": "补充照片", "on_paper": [{"title": "照片"}]});
                self.call(Call::of(who, "POST", format!("{path}/additions"), body)).await;
            }
        }
        self.call(Call::get(Who::Department, path)).await;
    }

    /// The secretary who handed a report in.
    fn author(&self, report: &str) -> Option<Who> {
        let by = &self.seen(report)["reported_by"];
        let of = |branch: &usize| *by == json!(self.scene().secretaries[*branch].account_id);
        (0..BRANCHES).find(of).map(Who::Secretary)
    }

    async fn ask_for_an_extension(&mut self) {
        let Some(node) = self.a_node() else { return };
        let seen = self.seen(&node).clone();
        let due: NaiveDate = serde_json::from_value(seen["due_on"].clone()).unwrap_or(self.today);
        let body = json!({"due_on": self.later(due), "reason": "疫情防控期间集中活动推迟"});
        if self.chance(15) {
            let mut item = body.clone();
            item["time_node_id"] = json!(node);
            let who = self.granter();
            self.call(Call::of(who, "POST", "/extensions:batch", json!({"items": [item]}))).await;
            self.call(Call::get(Who::Department, format!("/time-nodes/{node}/extensions"))).await;
        } else {
            let who = if self.chance(60) { self.secretary_of(&seen) } else { self.granter() };
            self.call(Call::of(who, "POST", format!("/time-nodes/{node}/extensions"), body)).await;
        }
    }

    async fn ask_to_leave_out(&mut self) {
        let Some(node) = self.a_node() else { return };
        let who = if self.chance(50) { self.secretary_of(&self.seen(&node).clone()) } else { self.granter() };
        if self.chance(70) {
            let body = json!({"reason": "本年不开展", "kind": self.one_of(&["waived", "not_applicable"])});
            self.call(Call::of(who, "POST", format!("/time-nodes/{node}/waivers"), body)).await;
        } else {
            self.call(Call::of(
                who,
                "POST",
                format!("/time-nodes/{node}/cancellations"),
                json!({"reason": "事项取消"}),
            ))
            .await;
        }
    }

    async fn decide(&mut self) {
        let who = self.granter();
        if self.chance(25) {
            let Some(waiver) = self.pick("waiver") else { return };
            let body = json!({"reason": "情况有变"});
            self.call(Call::of(who, "POST", format!("/waivers/{waiver}/withdrawal"), body)).await;
            return;
        }
        let (kind, path) = self.one_of(&[
            ("extension", "extensions"),
            ("extension", "extensions"),
            ("waiver", "waivers"),
            ("cancellation", "cancellations"),
        ]);
        let Some(asked) = self.pick_where(kind, |asked| asked["state"] == json!("requested")) else { return };
        let body = if self.chance(70) {
            json!({"verdict": "approved"})
        } else {
            json!({"verdict": "refused", "reason": "按期完成"})
        };
        self.call(Call::of(who, "POST", format!("/{path}/{asked}/decision"), body)).await;
    }

    async fn draft(&mut self) {
        if self.chance(50) {
            let Some(node) = self.a_node() else { return };
            let seen = self.seen(&node).clone();
            let (body, who) = (self.what_was_done(&Value::Null), self.secretary_of(&seen));
            self.call(Call::of(who, "POST", format!("/time-nodes/{node}/drafts"), body)).await;
        } else {
            let Some(draft) = self.pick("draft") else { return };
            let who = Who::Secretary(self.dice.random_range(0..BRANCHES));
            if self.chance(80) {
                self.call(Call::of(who, "POST", format!("/drafts/{draft}/signature"), json!({}))).await;
            } else {
                self.call(Call::delete(who, format!("/drafts/{draft}"))).await;
            }
        }
    }

    async fn say_something(&mut self) {
        let (kind, path) = self.one_of(&[
            ("task", "tasks"),
            ("time_node", "time-nodes"),
            ("progress_report", "progress-reports"),
            ("meeting", "meetings"),
        ]);
        let Some(of) = self.pick(kind) else { return };
        if self.chance(30) {
            let Some(node) = self.a_node() else { return };
            let body = json!({"time_node_ids": [node], "note": "请尽快填报"});
            self.call(Call::of(Who::Department, "POST", "/urges", body)).await;
        } else {
            let who = self.one_of(&[Who::Leader, Who::Department, Who::Secretary(0)]);
            let kind = if who == Who::Leader { "instruction" } else { "comment" };
            let body = json!({"text": "抓紧落实", "kind": kind});
            self.call(Call::of(who, "POST", format!("/{path}/{of}/comments"), body)).await;
        }
    }

    /// Some entries of a schedule: dated ones, a recurrence, one that awaits its date.
    fn entries(&mut self) -> Value {
        let mut entries = vec![];
        for _ in 0..self.dice.random_range(1..3) {
            let due = day(1, 25) + Days::new(self.dice.random_range(0..380));
            entries.push(json!({"due_on": due, "grace_days": self.dice.random_range(0..6)}));
        }
        match self.dice.random_range(0..6) {
            0 => entries.push(json!({"rrule": "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1"})),
            1 => entries.push(json!({"rrule": "FREQ=MONTHLY;BYMONTHDAY=20"})),
            2 => entries.push(json!({"words": "每季度"})),
            3 => entries.push(json!({"unscheduled": true, "words": "按上级要求"})),
            4 => entries[0]["times"] = json!(2),
            _ => {}
        }
        json!(entries)
    }

    pub(super) async fn add_a_task(&mut self, plan: usize, reason: Option<&str>) {
        let point = if reason.is_some() && self.chance(60) { self.pick("key_point") } else { None };
        if point.is_none() {
            let body = json!({"title": "基层组织建设", "reason": reason});
            self.call(Call::of(Who::Department, "POST", format!("/plans/@plan:{plan}/key-points"), body)).await;
        }
        let Some(point) = point.or_else(|| self.pick("key_point")) else { return };
        let owing: Vec<_> = (0..BRANCHES).filter(|_| self.dice.random_bool(0.8)).collect();
        let parts: Vec<_> =
            owing.iter().map(|branch| json!({"unit_id": Life::branch(*branch), "part": "responsible"})).collect();
        let body = json!({"title": "三会一课", "deliverable": "会议记录", "responsibilities": parts,
            "entries": self.entries(), "reason": reason});
        self.call(Call::of(Who::Department, "POST", format!("/key-points/{point}/tasks"), body)).await;
    }

    pub(super) async fn change_lists(&mut self) {
        let reason = json!("党委会研究");
        let Some(task) = self.pick("task") else { return };
        match self.dice.random_range(0..12) {
            0 | 1 => self.add_a_task(0, Some("新增任务")).await,
            2 => {
                let body = json!({"unit_id": Life::branch(self.dice.random_range(0..BRANCHES)),
                    "part": self.one_of(&["responsible", "lead", "support"]), "reason": reason});
                self.call(Call::of(Who::Department, "POST", format!("/tasks/{task}/responsibilities"), body)).await;
            }
            3 => {
                self.call(Call::get(Who::Department, format!("/tasks/{task}/responsibilities"))).await;
                let Some(part) = self.pick("responsibility") else { return };
                self.call(Call::delete(Who::Department, format!("/responsibilities/{part}?reason=dropped"))).await;
            }
            4..7 => self.reschedule(&task).await,
            7 => {
                let (kind, path) = self.one_of(&[("task", "tasks"), ("key_point", "key-points")]);
                let Some(dropped) = self.pick(kind) else { return };
                if self.chance(30) {
                    self.call(Call::delete(Who::Department, format!("/{path}/{dropped}?reason=dropped"))).await;
                }
            }
            8 => {
                let body = json!({"title": "主题党日", "evidence_required": self.chance(20), "reason": reason});
                self.call(Call::of(Who::Department, "PATCH", format!("/tasks/{task}"), body)).await;
            }
            9 => {
                let body = json!({"target_percent": self.dice.random_range(40..101), "reason": reason});
                self.call(Call::of(Who::Department, "PATCH", "/plans/@plan:0", body)).await;
            }
            10 => {
                let Some(point) = self.pick("key_point") else { return };
                let body = json!({"title": "党风廉政建设", "reason": reason});
                self.call(Call::of(Who::Department, "PATCH", format!("/key-points/{point}"), body)).await;
            }
            _ => {
                let who = Who::Secretary(self.dice.random_range(0..BRANCHES));
                let body = json!({"revision": self.dice.random_range(0..2)});
                self.call(Call::of(who, "POST", "/plans/@plan:0/receipts", body)).await;
            }
        }
        self.look_at_nodes().await;
    }

    /// Writes a schedule again: entries moved, left out or added.
    async fn reschedule(&mut self, task: &str) {
        let schedule = self.call(Call::get(Who::Department, format!("/tasks/{task}/schedule"))).await;
        let mut entries = vec![];
        for kept in schedule.body["entries"].as_array().into_iter().flatten() {
            if self.chance(10) {
                continue;
            }
            let number = self.known["entry"].iter().position(|(ids, _)| Some(ids[0]) == kept["id"].as_i64()).unwrap();
            let mut entry = json!({"id": format!("@entry:{number}")});
            for form in ["due_on", "rrule", "words"] {
                if !kept[form].is_null() {
                    entry[form] = kept[form].clone();
                }
            }
            if kept["unscheduled"] == json!(true) {
                entry["unscheduled"] = json!(true);
            }
            let due: Option<NaiveDate> = serde_json::from_value(kept["due_on"].clone()).ok();
            if let Some(due) = due.filter(|_| self.dice.random_bool(0.5)) {
                entry["due_on"] = json!(self.later(due));
            } else if entry["unscheduled"] == json!(true) && self.chance(50) {
                entry = json!({"id": entry["id"], "due_on": self.later(self.today)});
            }
            entries.push(entry);
        }
        if self.chance(20) {
            entries.push(json!({"due_on": self.later(self.today)}));
        }
        let body = json!({"entries": entries, "reason": "调整时间"});
        self.call(Call::of(Who::Department, "PUT", format!("/tasks/{task}/schedule"), body)).await;
    }

    pub(super) async fn change_units_and_rules(&mut self) {
        let branch = Life::branch(self.dice.random_range(0..BRANCHES));
        let path = format!("/units/{branch}");
        match self.dice.random_range(0..10) {
            0..4 => {
                // The general branch came last.
                let general = format!("@unit:{}", BRANCHES + 2);
                let body = json!({"parent_id": if self.chance(50) { general } else { "@unit:0".to_owned() }});
                self.call(Call::of(Who::Admin, "PATCH", path, body)).await;
            }
            4 => {
                let body = json!({"name": format!("第{}党支部", self.dice.random_range(1..99))});
                self.call(Call::of(Who::Admin, "PATCH", path, body)).await;
            }
            5 => {
                let on = self.some_day();
                self.call(Call::of(Who::Admin, "PATCH", path, json!({"established_on": on}))).await;
            }
            6 if self.today > day(7, 1) && self.chance(50) => {
                let body = json!({"dissolved_on": self.today, "reason": "合并", "successor_id": "@unit:2"});
                self.call(Call::of(Who::Admin, "POST", format!("/units/{}/dissolve", Life::branch(2)), body)).await;
            }
            7 => {
                let days =
                    [json!({"day": "2020-10-01", "kind": "holiday"}), json!({"day": "2020-10-10", "kind": "workday"})];
                let body = json!({"year": 2020, "source": "放假安排", "days": days[..self.dice.random_range(1..3)]});
                self.call(Call::of(Who::Admin, "POST", "/calendars", body)).await;
            }
            _ => {
                let (name, value) = self.one_of(&[
                    ("near_days", 3),
                    ("near_days", 10),
                    ("recurrence_grace_days", 2),
                    ("short_extension_days", 10),
                    ("back_dated_days", 1),
                    ("review_working_days", 3),
                    ("backfill_days", 5),
                ]);
                self.call(Call::of(Who::Admin, "PATCH", "/settings", json!({name: value}))).await;
            }
        }
    }

    /// The plan is closed after its year: what is open is carried over or left.
    pub async fn close_the_plan(&mut self) {
        let next = json!({"unit_id": "@unit:0", "year": 2021, "title": "Plan of 2021"});
        self.call(Call::of(Who::Department, "POST", "/plans", next)).await;
        self.look_at_nodes().await;
        let dry = self.call(Call::of(Who::Department, "POST", "/plans/@plan:0/close", json!({"dry_run": true}))).await;
        let mut settled = vec![];
        for open in dry.body["open"].as_array().into_iter().flatten() {
            let is = |(ids, _): &(Vec<i64>, Value)| Some(ids[0]) == open["time_node_id"].as_i64();
            let node = self.known["time_node"].iter().position(is).expect("an open node was listed");
            let node = format!("@time_node:{node}");
            settled.push(json!({"time_node_id": node, "carry_over": self.chance(50), "reason": "结转"}));
        }
        self.call(Call::of(Who::Department, "POST", "/plans/@plan:0/close", json!({"open": settled}))).await;
    }
}
