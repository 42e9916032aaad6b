//! Standards, assessments, findings, meetings and bulletins of a random life.

use chrono::Days;
use rand::RngExt;
use serde_json::{Value, json};

use super::{BRANCHES, Call, Life, Who};
use crate::support::day;

impl Life {
    pub(super) async fn begin_cycle(&mut self) {
        self.publish().await;
        self.meet().await;
    }

    pub(super) async fn turn_the_cycle(&mut self) {
        match self.dice.random_range(0..27) {
            0 => self.publish().await,
            1..8 => self.assess().await,
            8..10 => self.rule().await,
            10..12 => self.raise().await,
            12..19 => self.put_right().await,
            19..25 => self.meet_further().await,
            _ => self.bulletin().await,
        }
    }

    async fn publish(&mut self) {
        let edition = json!(format!("{}", self.dice.random_range(0..1_000_000)));
        let unit = if self.chance(70) { "@unit:0".to_owned() } else { format!("@unit:{}", BRANCHES + 2) };
        let set = json!({"unit_id": unit, "title": "标准化规范化建设", "edition": edition});
        if self.call(Call::of(Who::Department, "POST", "/standard-sets", set)).await.status != 201 {
            return;
        }
        let newest = self.known["standard_set"].len() - 1;
        let path = format!("/standard-sets/@standard_set:{newest}");
        for number in 0..self.dice.random_range(2..4) {
            let category = ["组织", "制度"][self.dice.random_range(0..2)];
            let months = self.chance(40).then_some(2);
            let body = json!({"code": format!("{number}"), "category": category, "title": "按期换届", "points": 2,
                "curable": self.chance(60), "mandatory": self.chance(50), "evidence_months": months});
            self.call(Call::of(Who::Department, "POST", format!("{path}/clauses"), body)).await;
        }
        self.call(Call::of(Who::Department, "POST", format!("{path}/publish"), json!({}))).await;
    }

    /// A branch is assessed from its first to its last step in one go, or a step is taken out of turn.
    async fn assess(&mut self) {
        let branch = self.dice.random_range(0..BRANCHES);
        let secretary = Who::Secretary(branch);
        match self.dice.random_range(0..8) {
            0 => {
                let (Some(clause), Some(task)) = (self.pick("clause"), self.pick("task")) else { return };
                let body = json!({"task_id": task});
                self.call(Call::of(Who::Department, "POST", format!("/clauses/{clause}/tasks"), body)).await;
            }
            1 => {
                let Some(link) = self.pick("clause_task") else { return };
                self.call(Call::delete(Who::Department, format!("/clause-tasks/{link}"))).await;
            }
            _ => {
                let body = json!({"unit_id": Life::branch(branch)});
                self.call(Call::of(secretary, "POST", "/assessments", body)).await;
                let open = |seen: &Value| matches!(seen["state"].as_str(), Some("draft" | "self_assessed"));
                let Some(one) = self.pick_where("assessment", open) else { return };
                self.check(&one, secretary).await;
            }
        }
    }

    async fn check(&mut self, one: &str, secretary: Who) {
        let path = format!("/assessments/{one}");
        let set = self.seen(one)["set_id"].clone();
        let of_set = |clause: &Value| clause["set_id"] == set;
        let numbers: Vec<usize> =
            self.known["clause"].iter().enumerate().filter(|(_, (_, c))| of_set(c)).map(|(n, _)| n).collect();
        let mut results = vec![];
        for number in numbers {
            if self.chance(25) {
                continue;
            }
            let clause = format!("@clause:{number}");
            let choice = if self.chance(50) { 0 } else { self.dice.random_range(0..4) };
            results.push(match choice {
                0 => json!({"clause_id": clause, "result": "met"}),
                1 => json!({"clause_id": clause, "result": "partly", "points": 1, "deduction_reason": "部分完成"}),
                2 => json!({"clause_id": clause, "result": "not_met", "deduction_reason": "未开展"}),
                _ => json!({"clause_id": clause, "result": "not_applicable", "note": "无此项"}),
            });
        }
        for result in &mut results {
            if self.chance(30) {
                result["evidence_on"] = json!(self.some_day());
            }
            if self.chance(80) {
                result["overrule_reason"] = json!("现场查看");
            }
        }
        let own: Vec<_> = results
            .iter()
            .map(|result| json!({"clause_id": result["clause_id"], "result": result["result"], "points": result["points"]}))
            .collect();
        self.call(Call::of(secretary, "PUT", format!("{path}/self-results"), json!({"results": own}))).await;
        self.call(Call::of(secretary, "POST", format!("{path}/self-assessment"), json!({}))).await;
        let left_out: Vec<_> = results
            .iter()
            .filter(|result| result["result"] == json!("not_applicable"))
            .map(|result| result["clause_id"].clone())
            .collect();
        let who = if self.chance(70) { Who::Department } else { Who::Leader };
        self.call(Call::of(who, "PUT", format!("{path}/results"), json!({"results": results}))).await;
        self.call(Call::of(Who::Leader, "POST", format!("{path}/approvals"), json!({"clause_ids": left_out}))).await;
        let on = if self.chance(30) { json!(self.some_day()) } else { Value::Null };
        self.call(Call::of(Who::Department, "POST", format!("{path}/check"), json!({"checked_on": on}))).await;
    }

    async fn rule(&mut self) {
        let withdraws = self.chance(30);
        let ruled = |seen: &Value| (seen["state"] == json!("recognised")) == withdraws;
        let Some(one) = self.pick_where("assessment", ruled) else { return };
        let path = format!("/assessments/{one}");
        let who = if self.chance(80) { Who::Leader } else { Who::OtherLeader };
        if withdraws {
            self.call(Call::of(who, "POST", format!("{path}/withdrawal"), json!({"reason": "复查不合格"}))).await;
            return;
        }
        let decision = self.pick_where("decision", |seen| seen["kind"] == json!("resolution"));
        let verdict = if self.chance(80) { "recognised" } else { "not_recognised" };
        let body = json!({"verdict": verdict, "reason": "党委会研究", "decision_id": decision});
        self.call(Call::of(who, "POST", format!("{path}/recognition"), body)).await;
    }

    async fn raise(&mut self) {
        let from = self.dice.random_range(0..BRANCHES);
        let to = self.dice.random_range(from..BRANCHES);
        let units: Vec<_> = (from..=to).map(Life::branch).collect();
        let kind = ["immediate", "time_limited", "long_term"][self.dice.random_range(0..3)];
        let found = self.today - Days::new(self.dice.random_range(0..15));
        let body = json!({"title": "会议记录不完整", "kind": kind, "unit_ids": units, "year": 2020,
            "source": {"body": "考核组", "on": found}});
        let who = if self.chance(50) { Who::Inspector } else { Who::Department };
        self.call(Call::of(who, "POST", "/findings", body)).await;
    }

    /// A finding takes some steps.
    async fn put_right(&mut self) {
        let Some(finding) = self.pick("finding") else { return };
        for _ in 0..self.dice.random_range(1..5) {
            self.take_a_step(&finding).await;
        }
    }

    async fn take_a_step(&mut self, finding: &str) {
        let path = format!("/findings/{finding}");
        let now = self.call(Call::get(Who::Department, path.clone())).await.body;
        let named = self.scene().branches.iter().position(|unit| now["units"][0]["unit_id"] == json!(unit));
        let branch = named.filter(|_| self.dice.random_bool(0.9)).unwrap_or(0);
        let due = self.today + Days::new(self.dice.random_range(1..120));
        let measure = json!({"text": "补齐记录", "unit_id": Life::branch(branch), "due_on": due});
        let (who, verb, body) = match (now["state"].as_str().unwrap_or_default(), self.dice.random_range(0..10)) {
            (_, 0) => (Who::Leader, "dismissal", json!({"reason": "查无此事"})),
            ("open", _) | (_, 1) => (Who::Department, "measures", measure),
            (_, 2 | 3) => {
                let Some(point) = self.pick("key_point") else { return };
                (Who::Department, "tasks", json!({"key_point_id": point, "reason": "落实整改"}))
            }
            (_, 4) => (Who::Department, "stage", json!({"note": "阶段完成"})),
            ("applied", _) => {
                let verdict = if self.chance(70) { "passed" } else { "failed" };
                (Who::Leader, "checks", json!({"verdict": verdict, "reason": "现场核查"}))
            }
            ("checked", _) => (Who::Leader, "closing", json!({})),
            ("closed", _) => {
                let verdict = if self.chance(60) { "failed" } else { "held" };
                (Who::Department, "rechecks", json!({"verdict": verdict, "note": "回头看"}))
            }
            _ => (Who::Secretary(branch), "applications", json!({"text": "已整改到位"})),
        };
        self.call(Call::of(who, "POST", format!("{path}/{verb}"), body)).await;
        if verb == "rechecks" {
            self.call(Call::get(Who::Department, "/findings?limit=200")).await;
        }
    }

    /// A meeting is called, held and decides; some are left at one of these steps.
    async fn meet(&mut self) {
        let unit =
            if self.chance(60) { "@unit:0".to_owned() } else { Life::branch(self.dice.random_range(0..BRANCHES)) };
        let kinds = ["committee_meeting", "promotion_meeting", "party_lecture", "theme_day"];
        let kind = kinds[self.dice.random_range(0..kinds.len())];
        let body = json!({"unit_id": unit, "title": "工作会议", "kind": kind, "called_for": self.today});
        if self.call(Call::of(Who::Department, "POST", "/meetings", body)).await.status != 201 {
            return;
        }
        let meeting = format!("/meetings/@meeting:{}", self.known["meeting"].len() - 1);
        if self.chance(40) {
            let units = [Life::branch(0), Life::branch(1)];
            self.call(Call::of(Who::Department, "POST", format!("{meeting}/call"), json!({"unit_ids": units}))).await;
        }
        self.put_attendance(&meeting).await;
        if self.chance(85) {
            let on = self.today - Days::new(self.dice.random_range(0..6));
            let on = if on < day(1, 5) { self.today } else { on };
            self.call(Call::of(Who::Department, "POST", format!("{meeting}/hold"), json!({"held_on": on}))).await;
            let votes = json!({"for": 3, "against": 0, "abstain": 0, "present": 3, "entitled": 3});
            let body = json!({"kind": "resolution", "text": "予以认定", "votes": votes});
            self.call(Call::of(Who::Department, "POST", format!("{meeting}/decisions"), body)).await;
        }
    }

    async fn put_attendance(&mut self, meeting: &str) {
        let mut items: Vec<_> = (0..3).map(|n| json!({"person": format!("委员{n}"), "status": "present"})).collect();
        for n in 0..self.dice.random_range(0..4) {
            let status = ["present", "absent", "observer", "leave"][self.dice.random_range(0..4)];
            let reason = (status == "leave").then_some("出差");
            items.push(json!({"person": format!("党员{n}"), "status": status, "reason": reason}));
        }
        let body = json!({"items": items});
        self.call(Call::of(Who::Department, "PUT", format!("{meeting}/attendances"), body)).await;
    }

    async fn meet_further(&mut self) {
        let Some(meeting) = self.pick("meeting").map(|meeting| format!("/meetings/{meeting}")) else { return };
        let branch = self.dice.random_range(0..BRANCHES);
        let text = |text: &str| json!({"text": text});
        let (who, method, verb, body) = match self.dice.random_range(0..14) {
            0..4 => return self.meet().await,
            4 => return self.put_attendance(&meeting).await,
            5 => (Who::Department, "PUT", "minutes", text("会议纪要")),
            6 => (Who::Leader, "POST", "minutes/signature", json!({})),
            7 => (Who::Department, "POST", "minutes/distribution", json!({"unit_ids": [Life::branch(branch)]})),
            8 => {
                let body = json!({"text": "建议按季度通报", "unit_id": Life::branch(branch)});
                (Who::Secretary(branch), "POST", "opinions", body)
            }
            9 => {
                let body =
                    json!({"kind": "deployment", "text": "6月底前完成", "title": "修订程序", "due_on": "2020-09-30"});
                (Who::Department, "POST", "decisions", body)
            }
            10 => {
                return self.tick().await;
            }
            11 => (Who::Department, "POST", "close", json!({})),
            12 => (Who::Department, "POST", "cancellation", json!({"reason": "改期"})),
            _ => {
                if let Some(opinion) = self.pick("opinion") {
                    let body = json!({"disposition": "adopted", "reply": "采纳"});
                    self.call(Call::of(Who::Department, "POST", format!("/opinions/{opinion}/disposition"), body))
                        .await;
                }
                let Some(decision) = self.pick_where("decision", |seen| seen["kind"] == json!("deployment")) else {
                    return;
                };
                let Some(point) = self.pick("key_point") else { return };
                let parts = json!([{"unit_id": Life::branch(branch), "part": "responsible"}]);
                let body = json!({"key_point_id": point, "title": "修订程序", "responsibilities": parts,
                    "entries": [{"due_on": self.today + Days::new(40)}], "reason": "落实决定"});
                self.call(Call::of(Who::Department, "POST", format!("/decisions/{decision}/tasks"), body)).await;
                return self.look_at_nodes().await;
            }
        };
        self.call(Call::of(who, method, format!("{meeting}/{verb}"), body)).await;
    }

    /// A meeting of a branch is reported against one of its open nodes.
    async fn tick(&mut self) {
        let branch = self.dice.random_range(0..BRANCHES);
        let unit = json!(self.scene().branches[branch]);
        let Some(meeting) = self.pick_where("meeting", |seen| seen["unit_id"] == unit) else { return };
        let open = |seen: &Value| seen["unit_id"] == unit && seen["state"] == json!("open");
        let Some(node) = self.pick_where("time_node", open) else { return };
        let body = json!({"time_node_ids": [node], "text": "已开展"});
        self.call(Call::of(Who::Secretary(branch), "POST", format!("/meetings/{meeting}/time-nodes"), body)).await;
    }

    async fn bulletin(&mut self) {
        let Some(one) = self.pick("bulletin").filter(|_| self.dice.random_bool(0.6)) else {
            let month = json!(self.today).as_str().unwrap()[..7].to_owned();
            let body = json!({"unit_id": "@unit:0", "kind": "circular", "period": month, "submitter": "党群工作部"});
            self.call(Call::of(Who::Department, "POST", "/bulletins", body)).await;
            return;
        };
        let (who, verb, body) = match self.dice.random_range(0..4) {
            0 => (Who::Leader, "approval", json!({})),
            1 => (Who::Department, "release", json!({})),
            2 => (Who::Leader, "errata", json!({"text": "更正"})),
            _ => (Who::Secretary(0), "receipts", json!({})),
        };
        self.call(Call::of(who, "POST", format!("/bulletins/{one}/{verb}"), body)).await;
    }
}
