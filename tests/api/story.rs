//! The story that duban was made for, from the inspection to the bulletin: what was found in 2019 goes into the plan of
//! 2020, the promotion meeting of 24 March pushes it on, the branches report and are reviewed, assessed and recognised,
//! and the bulletin pins what was reached. Afterwards the chain is walked from either end, and what is settled stays.

use serde_json::{Value, json};

use crate::compliance::{checked, clause, published, said};
use crate::support::{Persona, Scene, complete, day, id};

/// What the story has made, by id.
struct Story {
    scene: Scene,
    plan: i64,
    key_point: i64,
    finding: i64,
    /// Made from the measures of the finding.
    finding_task: i64,
    meeting: i64,
    opinion: i64,
    deployment: i64,
    /// Made from the deployment.
    task: i64,
    set: i64,
    clauses: Vec<i64>,
    /// Of the first branch, and recognised.
    assessment: i64,
    bulletin: i64,
}

#[actix_web::test]
async fn the_year_is_played_from_the_inspection_to_the_bulletin_and_walked_back() {
    let scene = Scene::set(1, 5, 2).await;
    let finding = raise(&scene).await;
    let (plan, key_point, finding_task) = plan_with_its_lists(&scene, finding).await;
    let (set, clauses) = standards(&scene).await;

    scene.app.turn_to(day(3, 16));
    let meeting = scene.call_meeting(&scene.branches).await;
    let opinion = opinions(&scene, meeting).await;
    scene.app.turn_to(day(3, 24));
    let deployment = hold_and_decide(&scene, meeting, opinion).await;
    let task = deploy(&scene, deployment, key_point).await;

    report_and_review(&scene, finding_task, task).await;
    close_out(&scene, finding).await;
    let assessment = assess(&scene, &clauses).await;
    let bulletin = release_bulletin(&scene, meeting, &clauses).await;

    let made = Story {
        scene,
        plan,
        key_point,
        finding,
        finding_task,
        meeting,
        opinion,
        deployment,
        task,
        set,
        clauses,
        assessment,
        bulletin,
    };
    made.walk_from_the_tasks().await;
    made.walk_to_the_tasks().await;
    made.settled_things_stay().await;
}

/// The inspection of 2019 found something in the first branch, which takes a measure.
async fn raise(scene: &Scene) -> i64 {
    let body = json!({"title": "会议记录不完整", "kind": "time_limited", "unit_ids": [scene.branches[0]],
        "source": {"body": "2019年度党建考核组", "on": "2020-01-03", "document": "考核反馈〔2020〕3号"}});
    let finding = id(&scene.department.post("/findings", body).await.created());
    let measure = json!({"text": "补齐记录", "leader": "支部书记", "due_on": "2020-04-30"});
    scene.secretary().post(&format!("/findings/{finding}/measures"), measure).await.created();
    finding
}

/// The key points, the tasks and the responsibilities with their schedule; the measure is one of the tasks.
async fn plan_with_its_lists(scene: &Scene, finding: i64) -> (i64, i64, i64) {
    let plan = scene.plan().await;
    scene.task(plan, "三会一课", &scene.branches, json!([{"due_on": "2020-11-30"}])).await;
    let key_points = format!("/plans/{plan}/key-points");
    let key_point = id(&scene.department.post(&key_points, json!({"title": "问题整改"})).await.created());
    let body = json!({"key_point_id": key_point});
    let task = id(&scene.department.post(&format!("/findings/{finding}/tasks"), body).await.created());
    let issued = scene.issue(plan).await;
    assert_eq!((&issued["status"], &issued["time_nodes_created"]), (&json!("issued"), &json!(3)));

    assert_eq!(scene.department.get(&key_points).await.items().len(), 2);
    let list = scene.department.get(&format!("/plans/{plan}/task-list")).await.ok();
    let of_finding = &list["key_points"][1]["tasks"][0];
    assert_eq!((id(of_finding), &of_finding["title"]), (task, &json!("会议记录不完整")));
    let held = scene.department.get(&format!("/tasks/{task}/responsibilities")).await.items();
    assert_eq!((held.len(), &held[0]["unit_id"]), (1, &json!(scene.branches[0])));
    let schedule = scene.department.get(&format!("/tasks/{task}/schedule")).await.ok();
    assert_eq!(schedule["entries"][0]["due_on"], json!("2020-04-30"));
    (plan, key_point, task)
}

async fn standards(scene: &Scene) -> (i64, Vec<i64>) {
    published(scene, scene.committee, "2020", &[clause("1.1", "组织"), clause("1.2", "制度")]).await
}

/// Both branches are heard; the first one's proposal will be taken up.
async fn opinions(scene: &Scene, meeting: i64) -> i64 {
    let path = format!("/meetings/{meeting}/opinions");
    let mut given = vec![];
    for (secretary, (unit, text)) in
        scene.secretaries.iter().zip(scene.branches.iter().zip(["建议统一作业程序", "建议增加培训"]))
    {
        given.push(id(&secretary.post(&path, json!({"unit_id": unit, "text": text})).await.created()));
    }
    given[0]
}

/// 21 attend: 20 of the 22 expected, and an observer. The opinion becomes a deployment; the meeting is closed.
async fn hold_and_decide(scene: &Scene, meeting: i64, opinion: i64) -> i64 {
    let agenda = json!({"title": "审议标准化作业程序"});
    scene.department.post(&format!("/meetings/{meeting}/agenda-items"), agenda).await.created();
    scene.hold(meeting, 22, 20).await;
    let held = scene.leader.get(&format!("/meetings/{meeting}")).await.ok();
    assert_eq!((&held["held_on"], &held["attendance"]["head_count"]), (&json!("2020-03-24"), &json!(21)));
    assert_eq!(held["attendance"]["rate"], json!({"met": 20, "of": 22, "percent": 90.9}));
    let decisions = format!("/meetings/{meeting}/decisions");
    let told = json!({"kind": "information", "text": "通报一季度情况。"});
    scene.department.post(&decisions, told).await.created();
    let body = json!({"kind": "deployment", "title": "修订标准化作业程序", "text": "各党支部在6月底前修订标准化作业程序。",
        "opinion_ids": [opinion]});
    let deployment = id(&scene.department.post(&decisions, body).await.created());
    let answer = json!({"disposition": "adopted", "reply": "已列入部署。", "decision_id": deployment});
    scene.department.post(&format!("/opinions/{opinion}/disposition"), answer).await.ok();
    scene.close_meeting(meeting).await;
    deployment
}

/// In one call, with responsibilities and a schedule, as one revision of the issued plan.
async fn deploy(scene: &Scene, deployment: i64, key_point: i64) -> i64 {
    let held = scene.branches.iter().map(|unit| json!({"unit_id": unit, "part": "responsible"}));
    let body = json!({"key_point_id": key_point, "reason": "落实推进会部署", "entries": [{"due_on": "2020-06-30"}],
        "responsibilities": held.collect::<Vec<_>>()});
    let task = scene.department.post(&format!("/decisions/{deployment}/tasks"), body).await.created();
    assert_eq!(task["origin"], json!({"kind": "decision", "id": deployment}));
    id(&task)
}

/// Every branch reports what it owes; the department accepts it, once after a return.
async fn report_and_review(scene: &Scene, finding_task: i64, task: i64) {
    scene.app.turn_to(day(4, 20));
    let nodes = async |task: i64| scene.department.get(&format!("/tasks/{task}/time-nodes")).await.items();
    let report = scene.complete(id(&nodes(finding_task).await[0])).await;
    scene.accept(&report).await;
    scene.app.turn_to(day(6, 20));
    for node in nodes(task).await {
        let at = scene.branches.iter().position(|unit| node["unit_id"] == json!(unit)).unwrap();
        let mut report = complete(&scene.secretaries[at], id(&node)).await;
        if at == 1 {
            scene.give_back(&report, "not_done").await;
            report = complete(&scene.secretaries[at], id(&node)).await;
        }
        scene.accept(&report).await;
    }
    let verdicts: Vec<_> = nodes(task).await.iter().map(|node| node["verdict"].clone()).collect();
    assert_eq!(verdicts, ["done_on_time", "done_on_time"]);
}

/// What was found is put right, checked and closed out.
async fn close_out(scene: &Scene, finding: i64) {
    let path = format!("/findings/{finding}");
    scene.secretary().post(&format!("{path}/applications"), json!({"text": "记录已补齐"})).await.created();
    scene.department.post(&format!("{path}/checks"), json!({"verdict": "passed"})).await.created();
    scene.leader.post(&format!("{path}/closing"), json!({})).await.ok();
    let report = scene.department.get("/reports/rectification?year=2020").await.ok();
    assert_eq!(report["total"]["rectification"], json!({"met": 1, "of": 1, "percent": 100.0}));
}

/// Every branch assesses itself and is checked; the one that meets all is recognised by a decision.
async fn assess(scene: &Scene, clauses: &[i64]) -> i64 {
    scene.app.turn_to(day(12, 20));
    let all: Vec<_> = clauses.iter().map(|clause| said(*clause, "met")).collect();
    let good = checked(scene, 0, None, &all, None).await;
    checked(scene, 1, None, &[said(clauses[0], "met"), said(clauses[1], "partly")], None).await;

    let meeting = scene.call_meeting(&[]).await;
    scene.hold(meeting, 9, 9).await;
    let body = json!({"kind": "resolution", "text": "认定第一党支部达标。",
        "votes": {"for": 9, "against": 0, "abstain": 0, "present": 9}});
    let decision = id(&scene.department.post(&format!("/meetings/{meeting}/decisions"), body).await.created());
    let ruling = json!({"verdict": "recognised", "decision_id": decision});
    let ruled = scene.leader.post(&format!("/assessments/{good}/recognition"), ruling).await.ok();
    assert_eq!((&ruled["state"], &ruled["decision_id"]), (&json!("recognised"), &json!(decision)));

    let report = scene.report(&format!("unit_id={}&group_by=unit", scene.committee)).await;
    let of = |unit: i64| {
        let groups = report["groups"].as_array().unwrap();
        groups.iter().find(|group| group["unit_id"] == json!(unit)).unwrap()["compliance"].clone()
    };
    assert_eq!(of(scene.branches[0]), json!({"met": 2, "of": 2, "percent": 100.0}));
    assert_eq!(of(scene.branches[1]), json!({"met": 1, "of": 2, "percent": 50.0}));
    assert_eq!(report["total"]["branches_recognised"], json!({"met": 1, "of": 2, "percent": 50.0}));
    good
}

/// Its figures are those of the day on which it was drafted, whatever becomes of them.
async fn release_bulletin(scene: &Scene, meeting: i64, clauses: &[i64]) -> i64 {
    let of_the_day = format!("unit_id={}&as_of=2020-12-20", scene.committee);
    let draft = scene.department.post(&format!("/meetings/{meeting}/bulletin"), json!({})).await.created();
    let figures = scene.report(&of_the_day).await;
    assert_eq!(draft["figures"]["total"], figures["total"]);
    assert_eq!(draft["figures"]["as_of"], json!("2020-12-20"));
    assert!(draft["text"].as_str().unwrap().contains("修订标准化作业程序"), "{draft}");
    let path = format!("/bulletins/{}", id(&draft));
    scene.leader.post(&format!("{path}/approval"), json!({})).await.ok();
    scene.department.post(&format!("{path}/release"), json!({})).await.ok();

    // The second branch catches up: every branch is at 100 %, and the bulletin tells what it told.
    scene.app.turn_to(day(12, 28));
    let all: Vec<_> = clauses.iter().map(|clause| said(*clause, "met")).collect();
    checked(scene, 1, None, &all, None).await;
    scene.admin.patch(&format!("/units/{}", scene.branches[1]), json!({"name": "改名后的支部"})).await.ok();
    let now = scene.report(&format!("unit_id={}", scene.committee)).await;
    assert_eq!(now["total"]["compliance"], json!({"met": 4, "of": 4, "percent": 100.0}));
    let read = scene.department.get(&path).await.ok();
    assert_eq!((&read["figures"], &read["state"]), (&draft["figures"], &json!("released")));
    let past = scene.report(&of_the_day).await;
    assert_eq!((&past["total"], &past["final"]), (&read["figures"]["total"], &json!(true)));
    id(&draft)
}

fn ids(items: &[Value]) -> Vec<i64> {
    items.iter().map(id).collect()
}

impl Story {
    async fn found(&self, path: &str) -> Vec<i64> {
        ids(&self.scene.department.get(path).await.items())
    }

    /// From what is to be done to why.
    async fn walk_from_the_tasks(&self) {
        let origin = async |task: i64| self.scene.secretary().get(&format!("/tasks/{task}/origin")).await.ok();
        let chain = origin(self.task).await;
        assert_eq!(chain["origin"], json!({"kind": "decision", "id": self.deployment}));
        assert_eq!(id(&chain["decision"]), self.deployment);
        assert_eq!((id(&chain["meeting"]), &chain["meeting"]["held_on"]), (self.meeting, &json!("2020-03-24")));
        assert_eq!(ids(chain["opinions"].as_array().unwrap()), [self.opinion]);
        let chain = origin(self.finding_task).await;
        assert_eq!(chain["origin"], json!({"kind": "finding", "id": self.finding}));
        assert_eq!(id(&chain["finding"]), self.finding);
        assert_eq!(self.found(&format!("/decisions?task_id={}", self.task)).await, [self.deployment]);
        assert_eq!(self.found(&format!("/findings?task_id={}", self.finding_task)).await, [self.finding]);
        assert_eq!(self.found(&format!("/findings?task_id={}", self.task)).await, [0_i64; 0]);
    }

    /// From what was said and found to what is done about it.
    async fn walk_to_the_tasks(&self) {
        let get = async |path: String| self.scene.department.get(&path).await.ok();
        let taken_up = self.found(&format!("/decisions?opinion_id={}", self.opinion)).await;
        assert_eq!(taken_up, [self.deployment]);
        assert_eq!(get(format!("/opinions/{}", self.opinion)).await["decision_ids"], json!([self.deployment]));
        let decided = self.found(&format!("/decisions?meeting_id={}", self.meeting)).await;
        assert_eq!((decided.len(), decided[1]), (2, self.deployment));
        assert_eq!(self.found(&format!("/opinions?decision_id={}", self.deployment)).await, [self.opinion]);
        let said = self.found(&format!("/opinions?meeting_id={}", self.meeting)).await;
        assert_eq!((said.len(), said[0]), (2, self.opinion));
        let decision = get(format!("/decisions/{}", self.deployment)).await;
        assert_eq!((&decision["task_ids"], &decision["delivery"]), (&json!([self.task]), &json!("delivered")));
        let finding = get(format!("/findings/{}", self.finding)).await;
        assert_eq!((&finding["task_ids"], &finding["state"]), (&json!([self.finding_task]), &json!("closed")));
        assert_eq!(self.found(&format!("/bulletins?meeting_id={}", self.meeting)).await, [self.bulletin]);
        // The task stands in the list it was added to.
        let list = get(format!("/plans/{}/task-list", self.plan)).await;
        let tasks = list["key_points"][1]["tasks"].as_array().unwrap();
        assert_eq!(ids(tasks), [self.finding_task, self.task]);
        assert_eq!(list["key_points"][1]["id"], json!(self.key_point));
    }

    /// Every route that writes to what is settled is refused with its own code, and nothing has changed.
    async fn settled_things_stay(&self) {
        let before = self.read_all().await;
        let routes = self.meeting_routes().await.into_iter().chain(self.other_routes());
        for (who, method, path, body, code) in routes {
            let answer = match method {
                "PATCH" => who.patch(&path, body).await,
                "PUT" => who.put(&path, body).await,
                "DELETE" => who.delete(&path).await,
                _ => who.post(&path, body).await,
            };
            assert_eq!(answer.body["code"], json!(code), "{method} {path}: {}", answer.text);
            answer.refused(409, code);
            assert_eq!(self.read_all().await, before, "{method} {path}");
        }
    }

    async fn read_all(&self) -> Vec<String> {
        let (meeting, set) = (format!("/meetings/{}", self.meeting), format!("/standard-sets/{}", self.set));
        let assessment = format!("/assessments/{}", self.assessment);
        let mut read = vec![];
        for path in [
            format!("{meeting}/agenda-items"),
            format!("{meeting}/attendances"),
            format!("{meeting}/minutes"),
            format!("{meeting}/receipts"),
            format!("/decisions?meeting_id={}", self.meeting),
            format!("/opinions?meeting_id={}", self.meeting),
            format!("{set}/clauses"),
            format!("{assessment}/results"),
            format!("/bulletins/{}", self.bulletin),
            meeting,
            set,
            assessment,
        ] {
            let answer = self.scene.leader.get(&path).await;
            assert_eq!(answer.status, 200, "{path}");
            read.push(answer.text);
        }
        read
    }

    async fn meeting_routes(&self) -> Vec<Route<'_>> {
        let (department, leader, secretary) = (&self.scene.department, &self.scene.leader, self.scene.secretary());
        let at = format!("/meetings/{}", self.meeting);
        let item = self.found(&format!("{at}/agenda-items")).await[0];
        let decision = format!("/decisions/{}", self.deployment);
        let other_opinion = self.found(&format!("/opinions?meeting_id={}&open=true", self.meeting)).await[0];
        let text = json!({"text": "另一种说法"});
        let to = |part: &str| format!("{at}/{part}");
        let closed = |who, method, path, body| (who, method, path, body, "meeting_closed");
        let units = json!({"unit_ids": self.scene.branches});
        let told = json!({"kind": "information", "text": "补记"});
        let people = json!({"items": [{"person": "书记", "status": "present"}]});
        let said = json!({"unit_id": self.scene.branches[0], "text": "补充意见"});
        vec![
            closed(department, "PATCH", at.clone(), json!({"title": "另一个标题"})),
            closed(department, "POST", to("agenda-items"), json!({"title": "补议"})),
            closed(department, "PATCH", format!("/agenda-items/{item}"), json!({"title": "补议"})),
            closed(department, "DELETE", format!("/agenda-items/{item}"), json!(null)),
            closed(department, "PUT", to("attendances"), people),
            closed(department, "PUT", to("record"), text.clone()),
            closed(department, "PUT", to("minutes"), text.clone()),
            closed(leader, "POST", to("minutes/signature"), json!({})),
            closed(department, "POST", to("hold"), json!({})),
            closed(department, "POST", to("cancellation"), json!({"reason": "未开"})),
            closed(department, "POST", to("close"), json!({})),
            closed(department, "POST", to("call"), units),
            closed(secretary, "POST", to("receipts"), json!({"kind": "call"})),
            closed(secretary, "POST", to("opinions"), said),
            closed(&self.scene.secretaries[1], "POST", format!("/opinions/{other_opinion}/withdrawal"), json!({})),
            closed(department, "POST", to("decisions"), told),
            closed(department, "PATCH", decision.clone(), text),
            closed(department, "DELETE", decision, json!(null)),
        ]
    }

    fn other_routes(&self) -> Vec<Route<'_>> {
        let (department, leader, secretary) = (&self.scene.department, &self.scene.leader, self.scene.secretary());
        let (set, one) = (format!("/standard-sets/{}", self.set), format!("/clauses/{}", self.clauses[0]));
        let assessment = format!("/assessments/{}", self.assessment);
        let bulletin = format!("/bulletins/{}", self.bulletin);
        let to = |part: &str| format!("{assessment}/{part}");
        let results = |result: &str| json!({"results": [said(self.clauses[0], result)]});
        let (published, frozen, released) = ("set_published", "assessment_frozen", "bulletin_released");
        let ruling = json!({"verdict": "not_recognised", "reason": "另议"});
        vec![
            (department, "PATCH", set.clone(), json!({"title": "另一套"}), published),
            (department, "DELETE", set.clone(), json!(null), published),
            (department, "POST", format!("{set}/publish"), json!({}), "set_already_published"),
            (department, "POST", format!("{set}/clauses"), clause("9", "组织"), published),
            (department, "PATCH", one.clone(), json!({"points": 9}), published),
            (department, "DELETE", one, json!(null), published),
            (secretary, "PUT", to("self-results"), results("met"), frozen),
            (secretary, "POST", to("self-assessment"), json!({}), frozen),
            (secretary, "DELETE", assessment.clone(), json!(null), frozen),
            (department, "PUT", to("results"), results("not_met"), frozen),
            (leader, "POST", to("approvals"), json!({"clause_ids": self.clauses}), frozen),
            (department, "POST", to("check"), json!({}), "already_checked"),
            (leader, "POST", to("recognition"), ruling, "already_ruled"),
            (department, "PATCH", bulletin.clone(), json!({"text": "另一种说法"}), released),
            (department, "DELETE", bulletin.clone(), json!(null), released),
            (leader, "POST", format!("{bulletin}/approval"), json!({}), released),
            (department, "POST", format!("{bulletin}/release"), json!({}), released),
        ]
    }
}

/// Who tries what, and the code of the refusal.
type Route<'a> = (&'a Persona, &'static str, String, Value, &'static str);
