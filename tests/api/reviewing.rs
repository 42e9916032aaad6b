//! What the domain paper says of progress reports and reviews, a sentence a test.

use duban::access::Role;
use serde_json::{Value, json};

use crate::support::{Persona, Scene, complete, day, id};

async fn node_of_times(scene: &Scene, times: i64) -> i64 {
    let plan = scene.plan().await;
    let entries = json!([{"due_on": "2020-03-31", "times": times}]);
    let task = scene.task(plan, "Several times", &scene.branches, entries).await;
    scene.issue(plan).await;
    id(&scene.department.get(&format!("/tasks/{task}/time-nodes")).await.items()[0])
}

#[actix_web::test]
async fn until_the_nth_is_accepted_no_node_of_several_times_is_done_and_beyond_them_a_completion_is_refused() {
    let scene = Scene::set(1, 5, 1).await;
    let node = node_of_times(&scene, 3).await;
    let path = format!("/time-nodes/{node}/progress-reports");
    let mut reports = vec![];
    for (date, state) in [(6, "open"), (7, "open"), (8, "reported")] {
        scene.app.turn_to(day(1, date));
        reports.push(scene.complete(node).await);
        assert_eq!(scene.node(node).await["state"], json!(state), "{date}");
    }
    let more = json!({"kind": "completion", "text": "a fourth"});
    scene.secretary().post(&path, more.clone()).await.refused(409, "completion_stands");
    for report in &reports[..2] {
        scene.accept(report).await;
        assert_eq!(scene.node(node).await["met_on"], json!(null));
    }
    // The reporter takes the third back, and there is room for one again, and for one only.
    scene.secretary().post(&format!("/progress-reports/{}/withdrawal", id(&reports[2])), json!({})).await.ok();
    assert_eq!(scene.node(node).await["state"], json!("open"));
    scene.app.turn_to(day(1, 9));
    let third = scene.complete(node).await;
    scene.secretary().post(&path, more.clone()).await.refused(409, "completion_stands");
    scene.accept(&third).await;
    let met = scene.node(node).await;
    assert_eq!((&met["state"], &met["met_on"]), (&json!("accepted"), &json!("2020-01-09")), "the nth's day counts");
    scene.secretary().post(&path, more).await.refused(409, "completion_stands");
}

#[actix_web::test]
async fn a_review_keeps_that_the_evidence_on_paper_was_seen() {
    let scene = Scene::set(1, 5, 1).await;
    let nodes = scene.issued_with(&[day(3, 31), day(6, 30)]).await;
    for (node, seen) in [(nodes[0], true), (nodes[1], false)] {
        let paper = json!({"title": "签到表", "reference": "2020-01", "place": "支部档案柜", "keeper": "组织委员"});
        let body = json!({"kind": "completion", "text": "held", "on_paper": [paper.clone()]});
        let path = format!("/time-nodes/{node}/progress-reports");
        let report = scene.secretary().post(&path, body).await.created();
        assert_eq!(report["on_paper"], json!([paper]));
        let path = format!("/progress-reports/{}/reviews", id(&report));
        let mut body = json!({"verdict": "accepted", "content_hash": report["content_hash"]});
        if seen {
            body["on_paper_seen"] = json!(true);
        }
        scene.department.post(&path, body).await.created();
        assert_eq!(scene.secretary().get(&path).await.items()[0]["on_paper_seen"], json!(seen));
    }
}

#[actix_web::test]
async fn a_department_enters_for_a_branch_and_it_is_marked() {
    let scene = Scene::set(1, 5, 1).await;
    let nodes = scene.issued_with(&[day(3, 31)]).await;
    let path = format!("/time-nodes/{}/progress-reports", nodes[0]);
    let progress = json!({"kind": "progress", "text": "half"});
    let own = scene.secretary().post(&path, progress.clone()).await.created();
    let entered = scene.department.post(&path, progress).await.created();
    assert_eq!((&own["on_behalf"], &entered["on_behalf"]), (&json!(false), &json!(true)));
    assert_eq!(entered["reported_by"], json!(scene.department.account_id));
    // Only who entered it may withdraw it, not the branch that it was entered for.
    let withdrawal = format!("/progress-reports/{}/withdrawal", id(&entered));
    scene.secretary().post(&withdrawal, json!({})).await.refused(403, "not_the_reporter");
    let withdrawn = scene.department.post(&withdrawal, json!({})).await.ok();
    assert_eq!(withdrawn["state"], json!("withdrawn"));
}

#[actix_web::test]
async fn a_review_names_the_hash_of_text_and_evidence() {
    let scene = Scene::set(1, 5, 1).await;
    let nodes = scene.issued_with(&[day(3, 31)]).await;
    let path = format!("/time-nodes/{}/progress-reports", nodes[0]);
    let secretary = scene.secretary();
    let mut files = vec![];
    for bytes in [b"%PDF-1.7 one".as_slice(), b"%PDF-1.7 two"] {
        files.push(id(&secretary.upload("a.pdf", bytes).await.created()));
    }
    let same = json!({"kind": "completion", "text": "held"});
    let with = |key: &str, value: Value| {
        let mut body = same.clone();
        body[key] = value;
        body
    };
    let mut hashes = vec![];
    for body in [
        same.clone(),
        with("text", json!("held again")),
        with("held_on", json!("2020-01-04")),
        with("attachment_ids", json!([files[0]])),
        with("attachment_ids", json!([files[1]])),
        with("on_paper", json!([{"title": "签到表"}])),
        same.clone(),
    ] {
        let report = secretary.post(&path, body).await.created();
        hashes.push(report["content_hash"].clone());
        secretary.post(&format!("/progress-reports/{}/withdrawal", id(&report)), json!({})).await.ok();
    }
    assert_eq!(hashes.pop().as_ref(), hashes.first(), "the same content has the same hash");
    let different: std::collections::HashSet<_> = hashes.iter().map(Value::to_string).collect();
    assert_eq!(different.len(), hashes.len(), "other content has another hash");
    let base = secretary.post(&path, same).await.created();
    scene.accept(&base).await;
    let path = format!("/progress-reports/{}/additions", id(&base));
    let addition = secretary.post(&path, json!({"text": "held"})).await.created();
    assert_ne!(addition["content_hash"], base["content_hash"], "nor is an addition what it adds to");
}

#[actix_web::test]
async fn a_return_without_a_kind_is_not_done_and_loses_the_date() {
    let scene = Scene::set(3, 30, 1).await;
    let nodes = scene.issued_with(&[day(3, 31)]).await;
    let report = scene.complete(nodes[0]).await;
    scene.app.turn_to(day(4, 1));
    let body = json!({"verdict": "returned", "comment": "not yet", "content_hash": report["content_hash"]});
    let path = format!("/progress-reports/{}/reviews", id(&report));
    let review = scene.department.post(&path, body).await.created();
    assert_eq!(review["return_kind"], json!("not_done"));
    let again = scene.complete(nodes[0]).await;
    scene.accept(&again).await;
    let node = scene.node(nodes[0]).await;
    assert_eq!((&node["verdict"], &node["met_on"]), (&json!("done_late"), &json!("2020-04-01")));
}

#[actix_web::test]
async fn an_accepted_addition_keeps_the_first_day_and_a_supplement_to_one_uses_nothing_up() {
    let scene = Scene::set(1, 5, 1).await;
    let nodes = scene.issued_with(&[day(3, 31)]).await;
    let report = scene.complete(nodes[0]).await;
    scene.accept(&report).await;
    scene.app.turn_to(day(5, 1));
    let path = format!("/progress-reports/{}/additions", id(&report));
    let addition = scene.secretary().post(&path, json!({"text": "page 2"})).await.created();
    scene.give_back(&addition, "supplement").await;
    let addition = scene.secretary().post(&path, json!({"text": "page 2, signed"})).await.created();
    assert_eq!(scene.node(nodes[0]).await["state"], json!("reported"));
    scene.accept(&addition).await;
    let node = scene.node(nodes[0]).await;
    assert_eq!(
        (&node["state"], &node["verdict"], &node["met_on"]),
        (&json!("accepted"), &json!("done_on_time"), &json!("2020-01-05"))
    );
    // The node's own supplement is still there to be given.
    let revocation = format!("/progress-reports/{}/revocation", id(&report));
    scene.department.post(&revocation, json!({"reason": "the list was another's"})).await.ok();
    let second = scene.complete(nodes[0]).await;
    scene.give_back(&second, "supplement").await;
}

#[actix_web::test]
async fn held_in_time_and_reported_late_shows_so_and_held_late_otherwise() {
    let scene = Scene::set(3, 31, 1).await;
    let nodes = scene.issued_with(&[day(3, 31), day(3, 31), day(3, 31), day(3, 31)]).await;
    let report = async |node: i64, held_on: Value| {
        let body = json!({"kind": "completion", "text": "held", "held_on": held_on});
        let made = scene.secretary().post(&format!("/time-nodes/{node}/progress-reports"), body).await.created();
        (made["holding"].clone(), made["held_late"].clone())
    };
    assert_eq!(report(nodes[0], json!("2020-03-30")).await, (json!("in_time"), json!(false)));
    scene.app.turn_to(day(4, 2));
    let late = (json!("held_in_time_reported_late"), json!(false));
    assert_eq!(report(nodes[1], json!("2020-03-30")).await, late);
    assert_eq!(report(nodes[2], json!("2020-04-01")).await, (json!("held_late"), json!(true)));
    assert_eq!(report(nodes[3], json!(null)).await, (json!(null), json!(null)));
    let listed = scene.department.get(&format!("/time-nodes/{}/progress-reports", nodes[1])).await.items();
    assert_eq!(listed[0]["holding"], late.0);
}

/// A unit that owes a node, and the question who may rule on what it reports.
struct Reviewed {
    scene: Scene,
    node: i64,
}

impl Reviewed {
    /// The unit owes one node of the plan of a unit above (or its own).
    async fn by(scene: Scene, plan_of: i64, unit: i64) -> Reviewed {
        let writer = scene.app.person("writer", Role::Secretary, Some(plan_of)).await;
        let body = json!({"unit_id": plan_of, "year": 2020, "title": "Plan"});
        let plan = id(&writer.post("/plans", body).await.created());
        let point = id(&writer.post(&format!("/plans/{plan}/key-points"), json!({"title": "K"})).await.created());
        let task = id(&writer.post(&format!("/key-points/{point}/tasks"), json!({"title": "T"})).await.created());
        let body = json!({"unit_id": unit, "part": "responsible"});
        writer.post(&format!("/tasks/{task}/responsibilities"), body).await.created();
        let body = json!({"entries": [{"due_on": "2020-03-31"}]});
        writer.put(&format!("/tasks/{task}/schedule"), body).await.ok();
        writer.post(&format!("/plans/{plan}/issue"), json!({})).await.ok();
        let node = id(&writer.get(&format!("/tasks/{task}/time-nodes")).await.items()[0]);
        Reviewed { scene, node }
    }

    /// Whether each of these posts may accept what the unit's own secretary reports.
    async fn check(&self, reporter: &Persona, posts: &[(Role, i64, bool)]) {
        for (number, (role, unit, may)) in posts.iter().enumerate() {
            let who = self.scene.app.person(&format!("post-{number}"), *role, Some(*unit)).await;
            let report = complete(reporter, self.node).await;
            let path = format!("/progress-reports/{}", id(&report));
            let body = json!({"verdict": "accepted", "content_hash": report["content_hash"]});
            let review = who.post(&format!("{path}/reviews"), body).await;
            if *may {
                review.created();
                let body = json!({"reason": "for the next one"});
                who.post(&format!("{path}/revocation"), body).await.ok();
            } else {
                review.refused(403, "forbidden");
                reporter.post(&format!("{path}/withdrawal"), json!({})).await.ok();
            }
        }
    }
}

#[actix_web::test]
async fn a_branch_is_reviewed_from_above_and_by_no_peer() {
    let scene = Scene::set(1, 5, 2).await;
    let (committee, office, peer) = (scene.committee, scene.office, scene.branches[1]);
    let body = json!({"name": "General branch", "kind": "general_branch", "parent_id": committee});
    let general = id(&scene.admin.post("/units", body).await.created());
    let branch = scene.branches[0];
    scene.admin.patch(&format!("/units/{branch}"), json!({"parent_id": general})).await.ok();
    let reviewed = Reviewed::by(scene, committee, branch).await;
    let posts = [
        (Role::Secretary, general, true),
        (Role::DeputySecretary, committee, true),
        (Role::Leader, general, true),
        (Role::Department, office, true),
        (Role::Department, general, true),
        (Role::DeputySecretary, branch, false),
        (Role::Leader, branch, false),
        (Role::Secretary, peer, false),
        (Role::Leader, peer, false),
        (Role::Cadre, committee, false),
        (Role::Inspector, committee, false),
    ];
    reviewed.check(reviewed.scene.secretary(), &posts).await;
}

#[actix_web::test]
async fn a_mass_organisation_is_reviewed_by_a_leader_of_the_unit_it_serves() {
    let scene = Scene::set(1, 5, 1).await;
    let (committee, office, branch) = (scene.committee, scene.office, scene.branches[0]);
    let body = json!({"name": "Union", "kind": "mass_organisation", "parent_id": committee});
    let union = id(&scene.admin.post("/units", body).await.created());
    let reporter = scene.app.person("chair", Role::Secretary, Some(union)).await;
    let reviewed = Reviewed::by(scene, committee, union).await;
    let posts = [
        (Role::Leader, committee, true),
        (Role::Secretary, committee, false),
        (Role::Department, office, false),
        (Role::Leader, union, false),
        (Role::Leader, branch, false),
    ];
    reviewed.check(&reporter, &posts).await;
}

#[actix_web::test]
async fn a_committees_own_node_is_reviewed_by_another_leader_or_its_superior() {
    let scene = Scene::set(1, 5, 1).await;
    let (committee, office) = (scene.committee, scene.office);
    let superior = id(&scene.admin.post("/units", json!({"name": "S", "kind": "superior"})).await.created());
    scene.admin.patch(&format!("/units/{committee}"), json!({"parent_id": superior})).await.ok();
    let reporter = scene.app.person("reporter", Role::Secretary, Some(committee)).await;
    let reviewed = Reviewed::by(scene, superior, committee).await;
    let posts = [
        (Role::Leader, committee, true),
        (Role::Leader, superior, true),
        (Role::Secretary, superior, true),
        (Role::DeputySecretary, committee, false),
        (Role::Department, office, false),
    ];
    reviewed.check(&reporter, &posts).await;
}
