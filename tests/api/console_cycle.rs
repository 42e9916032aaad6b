//! The console's pages that edit and run the cycle: plans with their lists, meetings from the agenda to the bulletin,
//! findings, assessments, administration. Every page is opened by whom it is for, and by whom it is not.

use serde_json::{Value, json};

use crate::support::{Browser, Scene, Shown, id};

/// Fills the form of an address as it stands and sends it, with these fields.
async fn fill(browser: &mut Browser, address: &str, fields: &[(&str, &str)]) -> Shown {
    let form = browser.open(address).await;
    form.is(200);
    let version = form.value("version");
    let given: Vec<(&str, &str)> = version.iter().map(|version| ("version", version.as_str())).collect();
    let all: Vec<(&str, &str)> = given.into_iter().chain(fields.iter().copied()).collect();
    browser.submit(&form, address, &all).await
}

#[actix_web::test]
async fn a_plan_is_made_read_back_issued_and_revised_on_pages() {
    let scene = Scene::set(1, 6, 3).await;
    let mut browser = Browser::signed_in(&scene.app, "department").await;
    browser.open("/plans").await.is(200).says("还没有计划");
    let committee = scene.committee.to_string();
    let made = fill(
        &mut browser,
        "/plans/new",
        &[("unit_id", &committee), ("year", "2020"), ("title", "2020年党建工作计划"), ("target_percent", "100")],
    )
    .await;
    made.is(200).says("2020年党建工作计划").says("草案").says("还没有工作要点");
    let plan = made.path.trim_start_matches("/plans/").split('?').next().unwrap().to_owned();
    fill(&mut browser, &format!("/plans/{plan}/key-points/new"), &[("title", "标准化规范化建设")])
        .await
        .says("标准化规范化建设");
    let point = id(&scene.department.get(&format!("/plans/{plan}/key-points")).await.items()[0]);
    let address = format!("/key-points/{point}/tasks/new");
    let task = [("title", "修订标准化作业程序"), ("responsible", "各党支部"), ("deadline", "每季度末")];
    let looked = fill(&mut browser, &address, &[&task[..], &[("_preview", "1")]].concat()).await;
    looked.is(200).says("Branch 1、Branch 2、Branch 3").says("12月31日").says("value=\"修订标准化作业程序\"");
    assert!(
        scene.department.get(&format!("/key-points/{point}/tasks")).await.items().is_empty(),
        "a preview saves nothing"
    );
    let wrong = [("title", "修订标准化作业程序"), ("responsible", "各党支部"), ("deadline", "3月初")];
    let refused = fill(&mut browser, &address, &wrong).await;
    refused.is(422).says("href=\"#deadline\"").says("value=\"各党支部\"").says("3月上旬");
    fill(&mut browser, &address, &task).await.is(200).says("每季度末");
    let issue = format!("/plans/{plan}/issue");
    let dry = fill(&mut browser, &issue, &[("_preview", "1")]).await;
    dry.is(200).says("12个").says("Branch 3").says("6月30日");
    browser.open(&format!("/plans/{plan}")).await.says("草案");
    fill(&mut browser, &issue, &[]).await.is(200).says("下达</b>，还没有修订");
    let tasks = scene.department.get(&format!("/key-points/{point}/tasks")).await.items();
    let change = format!("/tasks/{}/change", id(&tasks[0]));
    let title = ("title", "修订作业程序");
    fill(&mut browser, &change, &[title]).await.is(422).says("理由");
    fill(&mut browser, &change, &[title, ("reason", "上级要求统一名称")]).await.is(200).says("修订作业程序");
    browser.open(&format!("/plans/{plan}/revisions")).await.is(200).says("上级要求统一名称").says("第0次与第1次比较");
    let beside = browser.open(&format!("/plans/{plan}/revisions/0/diff/1")).await;
    beside.is(200).says("名称：修订标准化作业程序").says("名称：修订作业程序").says_nothing_of("key_point_id");
    browser.open(&format!("/plans/{plan}/receipts")).await.is(200).says("未签收");
    browser.open(&format!("/plans/{plan}/responsibility-sheet")).await.is(200).says("Branch 2").says("责任清单");
    fill(&mut browser, &format!("/plans/{plan}/close"), &[("_preview", "1"), ("reason", "试关")])
        .await
        .is(200)
        .says("12个");
    let mut secretary = Browser::signed_in(&scene.app, "secretary-1").await;
    secretary.open(&format!("/plans/{plan}")).await.is(200).says_nothing_of("加要点");
    secretary.open(&address).await.is(200);
    fill(&mut secretary, &address, &task).await.is(403);
}

#[actix_web::test]
async fn a_stale_form_shows_both_versions_and_loses_nothing() {
    let scene = Scene::set(1, 6, 2).await;
    let plan = scene.plan().await;
    let mut browser = Browser::signed_in(&scene.app, "department").await;
    let form = browser.open(&format!("/plans/{plan}/change")).await;
    let version = form.value("version").unwrap();
    scene.department.patch(&format!("/plans/{plan}"), json!({"title": "Their title"})).await.ok();
    let typed = [
        ("version", version.as_str()),
        ("title", "My title"),
        ("target_percent", "100"),
        ("target_on", "2020-12-31"),
        ("closes_on", "2021-03-31"),
    ];
    let stale = browser.submit(&form, &format!("/plans/{plan}/change"), &typed).await;
    stale.is(422).says("value=\"My title\"").says("现在存的是").says("Their title").says("别人已作了修改");
    let again: Vec<_> = typed[1..].to_vec();
    let version = stale.value("version").unwrap();
    let again = [&[("version", version.as_str())][..], &again].concat();
    browser.submit(&stale, &format!("/plans/{plan}/change"), &again).await.is(200).says("My title");
}

#[actix_web::test]
async fn a_meeting_goes_from_the_agenda_to_the_bulletin_on_pages() {
    let scene = Scene::set(3, 24, 2).await;
    let plan = scene.plan().await;
    scene.task(plan, "Key point", &[scene.branches[0]], json!([{"due_on": "2020-06-30"}])).await;
    scene.issue(plan).await;
    let mut browser = Browser::signed_in(&scene.app, "department").await;
    browser.open("/meetings").await.is(200).says("还没有会议");
    let committee = scene.committee.to_string();
    let new = [
        ("unit_id", committee.as_str()),
        ("kind", "promotion_meeting"),
        ("title", "党建工作推进会"),
        ("called_for", "2020-03-24"),
    ];
    let made = fill(&mut browser, "/meetings/new", &new).await;
    made.is(200).says("党建工作推进会").says("还没有议程");
    let home = made.path.split('?').next().unwrap().to_owned();
    let plan_id = plan.to_string();
    fill(
        &mut browser,
        &format!("{home}/agenda/new"),
        &[("title", "审议任务清单"), ("about", &format!("plan:{plan_id}"))],
    )
    .await
    .is(200)
    .says("审议任务清单");
    let first = scene.branches[0].to_string();
    fill(&mut browser, &format!("{home}/call"), &[("unit_ids", &first)]).await.is(200).says("未签收");
    let mut secretary = Browser::signed_in(&scene.app, "secretary-1").await;
    let receipt = format!("{home}/receipt?kind=call&unit_id={first}");
    let form = secretary.open(&receipt).await;
    secretary.submit(&form, &receipt, &[("kind", "call"), ("unit_id", &first)]).await.is(200).says_nothing_of("未签收");
    fill(&mut secretary, &format!("{home}/opinions/new"), &[("unit_id", &first), ("text", "建议统一手册格式")])
        .await
        .is(200)
        .says("建议统一手册格式")
        .says("待答复");
    let list = [
        ("items.0.person", "党委书记"),
        ("items.0.unit_id", ""),
        ("items.0.status", "present"),
        ("items.0.reason", ""),
        ("items.1.person", ""),
        ("items.1.unit_id", ""),
        ("items.1.status", "expected"),
        ("items.1.reason", ""),
        ("items.2.person", "第一党支部书记"),
        ("items.2.unit_id", first.as_str()),
        ("items.2.status", "leave"),
        ("items.2.reason", ""),
    ];
    let refused = fill(&mut browser, &format!("{home}/attendance"), &[&[("rows", "6")][..], &list].concat()).await;
    refused.is(422).says("value=\"党委书记\"").says("href=\"#items-2-reason\"");
    let mut list = list;
    list[11].1 = "出差";
    fill(&mut browser, &format!("{home}/attendance"), &list).await.is(200).says("实到1/应到2");
    fill(&mut browser, &format!("{home}/hold"), &[("held_on", "2020-03-24")]).await.is(200).says("召开，还没有办结");
    fill(&mut browser, &format!("{home}/record"), &[("text", "各支部汇报。")]).await.is(200).says("各支部汇报。");
    let decision = [
        ("kind", "deployment"),
        ("title", "统一手册格式"),
        ("text", "6月底前统一支部工作手册。"),
        ("due_on", "2020-06-30"),
    ];
    fill(&mut browser, &format!("{home}/decisions/new"), &decision).await.is(200).says("统一手册格式").says("未立任务");
    let decided = id(&scene.department.get("/decisions").await.items()[0]);
    let point = id(&scene.department.get(&format!("/plans/{plan}/key-points")).await.items()[0]).to_string();
    let task = [
        ("key_point_id", point.as_str()),
        ("title", "统一手册格式"),
        ("responsible", "各党支部"),
        ("deadline", "6月底前"),
        ("reason", "落实推进会部署"),
    ];
    let looked =
        fill(&mut browser, &format!("/decisions/{decided}/task"), &[&task[..], &[("_preview", "1")]].concat()).await;
    looked.is(200).says("Branch 1、Branch 2");
    fill(&mut browser, &format!("/decisions/{decided}/task"), &task).await.is(200).says("推进中");
    let opinion = id(&scene.department.get("/opinions").await.items()[0]);
    let mut leader = Browser::signed_in(&scene.app, "leader").await;
    fill(&mut leader, &format!("/opinions/{opinion}/answer"), &[("disposition", "adopted"), ("reply", "已采纳")])
        .await
        .is(200)
        .says("采纳");
    secretary.open(&home).await.is(200).says("已采纳");
    fill(&mut browser, &format!("{home}/minutes"), &[("text", "会议听取汇报，部署任务。")]).await.is(200).says("草稿");
    fill(&mut leader, &format!("{home}/minutes/sign"), &[]).await.is(200).says("已签发");
    fill(&mut browser, &format!("{home}/minutes/distribute"), &[("unit_ids", &first)]).await.is(200).says("已分发");
    browser.open(&format!("{home}/minutes-sheet")).await.is(200).says("会议听取汇报，部署任务。");
    browser.open(&format!("{home}/attendance-sheet")).await.is(200).says("第一党支部书记");
    let tasks: Vec<Value> = scene.department.get(&format!("/time-nodes?unit_id={}", scene.branches[0])).await.items();
    assert!(!tasks.is_empty());
    let chain = tasks.iter().find(|node| node["title"] == "统一手册格式").unwrap();
    browser
        .open(&format!("/tasks/{}", chain["task_id"]))
        .await
        .is(200)
        .says("党建工作推进会")
        .says("6月底前统一支部工作手册。");
    let bulletin = fill(&mut browser, &format!("{home}/bulletin"), &[]).await;
    bulletin.is(200).says("草稿").says("数字截至");
    let address = bulletin.path.split('?').next().unwrap().to_owned();
    browser.open(&format!("{address}/approve")).await.is(200);
    fill(&mut browser, &format!("{address}/approve"), &[]).await.is(403);
    fill(&mut leader, &format!("{address}/approve"), &[]).await.is(200).says("已批准");
    fill(&mut browser, &format!("{address}/release"), &[]).await.is(200).says("发布</b>");
    browser.open(&format!("{address}/sheet")).await.is(200);
    fill(&mut browser, &format!("{home}/close"), &[]).await.is(200).says("已办结");
    fill(
        &mut browser,
        &format!("{home}/next"),
        &[("called_for", "2020-06-24"), ("kind", "promotion_meeting"), ("title", "二季度推进会")],
    )
    .await
    .is(200)
    .says("二季度推进会");
}

#[actix_web::test]
async fn a_finding_goes_from_the_inspection_to_the_close_out_on_pages() {
    let scene = Scene::set(1, 10, 2).await;
    let mut browser = Browser::signed_in(&scene.app, "department").await;
    browser.open("/findings").await.is(200).says("没有问题");
    let first = scene.branches[0].to_string();
    let raised = [
        ("title", "三会一课记录不完整"),
        ("kind", "time_limited"),
        ("unit_ids", first.as_str()),
        ("source.body", "考核组"),
        ("source.on", "2020-01-03"),
    ];
    let made = fill(&mut browser, "/findings/new", &raised).await;
    made.is(200).says("三会一课记录不完整").says("未整改").says("还没有措施");
    let home = made.path.split('?').next().unwrap().to_owned();
    let mut secretary = Browser::signed_in(&scene.app, "secretary-1").await;
    fill(
        &mut secretary,
        &format!("{home}/measures/new"),
        &[("text", "补齐记录"), ("unit_id", &first), ("due_on", "2020-02-28")],
    )
    .await
    .is(200)
    .says("整改中")
    .says("补齐记录");
    fill(&mut secretary, &format!("{home}/apply"), &[("text", "已补齐。")]).await.is(200).says("已申请销号");
    fill(&mut secretary, &format!("{home}/check"), &[("verdict", "passed")]).await.is(403);
    fill(&mut browser, &format!("{home}/check"), &[("verdict", "passed")]).await.is(200).says("已核查");
    fill(&mut browser, &format!("{home}/close"), &[("note", "同意")]).await.is(200).says("已销号");
    Browser::signed_in(&scene.app, "secretary-2").await.open(&home).await.is(403);
}

#[actix_web::test]
async fn administrators_run_units_accounts_and_settings_on_pages_and_auditors_read_the_log() {
    let scene = Scene::set(1, 10, 1).await;
    let mut admin = Browser::signed_in(&scene.app, "admin").await;
    let committee = scene.committee.to_string();
    fill(
        &mut admin,
        "/units/new",
        &[("name", "第二党支部"), ("kind", "branch"), ("parent_id", &committee), ("short_names", "二支部、二支")],
    )
    .await
    .is(200)
    .says("第二党支部");
    let unit = scene.admin.get("/units").await.items().into_iter().find(|unit| unit["name"] == "第二党支部").unwrap();
    assert_eq!(unit["short_names"], json!(["二支部", "二支"]));
    let change = format!("/units/{}/change", id(&unit));
    fill(&mut admin, &change, &[("name", "机关第二党支部"), ("parent_id", &committee)])
        .await
        .is(200)
        .says("机关第二党支部");
    let account = [("username", "second"), ("display_name", "第二党支部书记"), ("password", "Change-me-2020")];
    let made = fill(&mut admin, "/accounts/new", &account).await;
    made.is(200).says("任命");
    let appoint = made.path.split('?').next().unwrap().to_owned();
    let unit_id = id(&unit).to_string();
    let account_id = appoint.split('/').nth(2).unwrap().to_owned();
    fill(
        &mut admin,
        &appoint,
        &[("account_id", &account_id), ("unit_id", &unit_id), ("role", "secretary"), ("from", "2020-01-10")],
    )
    .await
    .is(200)
    .says("机关第二党支部 书记");
    let weak =
        fill(&mut admin, "/accounts/new", &[("username", "third"), ("display_name", "某"), ("password", "weak")]).await;
    weak.is(422).says("value=\"third\"").says_nothing_of("value=\"weak\"");
    let settings = [
        ("near_days", "10"),
        ("recurrence_grace_days", "5"),
        ("short_extension_days", "30"),
        ("backfill_days", "10"),
        ("review_working_days", "5"),
        ("term_alert_months", "6"),
        ("back_dated_days", "7"),
        ("secretary_signs", "true"),
    ];
    fill(&mut admin, "/settings/change", &settings).await.is(200);
    assert_eq!(scene.admin.get("/settings").await.ok()["near_days"], 10);
    admin.open("/audit").await.is(403);
    scene.app.person("auditor", duban::access::Role::Auditor, None).await;
    let mut auditor = Browser::signed_in(&scene.app, "auditor").await;
    auditor.open("/audit").await.is(200).says("链条完整");
    duban::worker::seal_all(&scene.app.app).await.unwrap();
    // Before the third stand the first two; beyond the end, the newest.
    let cell = |position: i64| format!("<th scope=\"row\">{position}</th>");
    auditor.open("/audit?before=3").await.is(200).says(&cell(2)).says_nothing_of(&cell(3));
    auditor.open("/audit?before=999999").await.is(200).says(&cell(3)).says_nothing_of("还没有记录");
    let mut secretary = Browser::signed_in(&scene.app, "secretary-1").await;
    for closed in ["/units/new", "/accounts", "/accounts/new", "/settings/change", "/audit"] {
        secretary.open(closed).await.is(403);
    }
}
