//! The secretary's pages over HTTP: what is to do, reporting with evidence and drafts, a node, the branch, the task list;
//! and who may not see them.

use duban::access::Role;
use reqwest::multipart::{Form, Part};
use serde_json::json;

use crate::support::{Browser, Scene, day, id};

/// A branch with a node overdue, one due today, one due soon, one far away.
async fn busy() -> (Scene, Vec<i64>) {
    let scene = Scene::set(9, 1, 2).await;
    let nodes = scene.issued_with(&[day(9, 20), day(9, 30), day(10, 5), day(12, 31)]).await;
    scene.app.turn_to(day(9, 30));
    (scene, nodes)
}

#[actix_web::test]
async fn the_list_says_what_is_to_be_done_today_and_what_comes_after() {
    let (scene, nodes) = busy().await;
    let mut browser = Browser::signed_in(&scene.app, "secretary-1").await;
    let list = browser.open("/").await;
    assert_eq!(list.path, "/todo");
    list.is(200).says("今天有<b>3件</b>要办：1件逾期，1件到期，1件要签收。之后还有1件临期。");
    list.says("逾期 <span class=\"fig\">10</span> 天").says("9月20日到期").says("还有 <span class=\"fig\">5</span> 天");
    list.says(&format!("/report?node={}", nodes[0])).says_nothing_of(&format!("/report?node={}", nodes[3]));
    let english = Browser::signed_in(&scene.app, "secretary-1").await.speaking("en").open("/todo").await;
    english.says("<b>3 things</b> to do today: 1 overdue, 1 due, 1 to sign for. After that 1 due soon.");
    let signed = browser
        .submit(
            &list,
            "/receipts",
            &[("of", "plan"), ("id", &plan_of(&list)), ("unit", &scene.branches[0].to_string()), ("back", "/todo")],
        )
        .await;
    signed.is(200).says("已签收").says("今天有<b>2件</b>要办");
    scene.complete(nodes[1]).await;
    browser.open("/todo").await.says("1件待审").says("已等 <span class=\"fig\">0</span> 天");
    let idle = Browser::signed_in(&scene.app, "secretary-2").await.open("/todo").await;
    idle.says("今天没有要办的事，之后也没有临期和待审的。").says("没有要办的事");
}

#[actix_web::test]
async fn later_days_of_the_month_are_listed_and_reports_to_review_are_one_thing() {
    let (scene, nodes) = busy().await;
    scene.app.turn_to(day(12, 1));
    let mut secretary = Browser::signed_in(&scene.app, "secretary-1").await;
    let list = secretary.open("/todo").await;
    list.says("之后还有1件本月到期。")
        .says("本月内到期")
        .says("12月31日到期")
        .says("还有 <span class=\"fig\">30</span> 天");
    list.says(&format!("/report?node={}", nodes[3]));
    for node in &nodes[..2] {
        scene.complete(*node).await;
    }
    let mut department = Browser::signed_in(&scene.app, "department").await;
    let list = department.open("/todo").await;
    list.says("2份要审核").says("<a href=\"/review\">2份填报</a>").says("12月1日起");
}

fn plan_of(list: &crate::support::Shown) -> String {
    list.value("id").unwrap()
}

#[actix_web::test]
async fn what_was_returned_says_why_and_until_when() {
    let (scene, nodes) = busy().await;
    let report = scene.complete(nodes[2]).await;
    scene.give_back(&report, "supplement").await;
    let mut browser = Browser::signed_in(&scene.app, "secretary-1").await;
    let list = browser.open("/todo").await;
    list.says("1件退回要补正").says("not yet").says("10月5日前补正").says(">补正<");
    let node = browser.open(&format!("/time-nodes/{}", nodes[2])).await;
    node.is(200).says("已退回").says("经过").says("not yet");
}

#[actix_web::test]
async fn one_activity_is_reported_on_several_nodes_at_once() {
    let (scene, nodes) = busy().await;
    let mut browser = Browser::signed_in(&scene.app, "secretary-1").await;
    let form = browser.open(&format!("/report?node={}", nodes[0])).await;
    form.is(200).says("本系统为非涉密系统").says("记为逾期完成");
    let (first, second) = (nodes[0].to_string(), nodes[1].to_string());
    let both = |text: &'static str| {
        [("node", first.as_str()), ("node", second.as_str()), ("held_on", "2020-10-01"), ("text", text), ("do", "sign")]
    };
    let refused = browser.submit(&form, "/report", &both("")).await;
    refused.is(422).says("有1处要改，已填的都还在").says("<a href=\"#text\">完成情况：不能为空。</a>");
    let refused = browser.submit(&form, "/report", &both("党课")).await;
    refused.is(422).says("有1处要改").says("href=\"#held_on\"").says(">党课</textarea>");
    assert_eq!(refused.value("held_on").as_deref(), Some("2020-10-01"), "what was typed is kept");
    let fields = [
        ("node", first.as_str()),
        ("node", second.as_str()),
        ("text", "9月29日党课"),
        ("held_on", "2020-09-29"),
        ("do", "sign"),
    ];
    browser.submit(&form, "/report", &fields).await.is(200).says("已签署填报").says("2件待审");
    for node in &nodes[..2] {
        let reports = scene.department.get(&format!("/time-nodes/{node}/progress-reports")).await.items();
        assert_eq!((reports.len(), &reports[0]["held_on"]), (1, &json!("2020-09-29")));
    }
    let again = browser.submit(&form, "/report", &fields).await;
    again.is(422).says("Due 2020-09-20");
    assert!(scene.department.get(&format!("/time-nodes/{}/progress-reports", nodes[0])).await.items().len() == 1);
    let none = browser.submit(&form, "/report", &[("offered", first.as_str()), ("text", "x"), ("do", "sign")]).await;
    none.is(422).says("请至少勾一个节点");
}

#[actix_web::test]
async fn a_draft_is_kept_taken_up_by_another_and_gone_once_signed() {
    let (scene, nodes) = busy().await;
    scene.app.person("cadre", Role::Cadre, Some(scene.branches[0])).await;
    let (node, path) = (nodes[0].to_string(), format!("/report?node={}", nodes[0]));
    let mut cadre = Browser::signed_in(&scene.app, "cadre").await;
    let form = cadre.open(&path).await;
    form.says("完成须由书记或副书记签署");
    let refused = cadre.submit(&form, "/report", &[("node", &node), ("text", "应到14人"), ("do", "sign")]).await;
    refused.is(422).says("您的任职不允许这样做").says("应到14人");
    let kept = cadre.submit(&form, "/report", &[("node", &node), ("text", "应到14人"), ("do", "draft")]).await;
    kept.is(200).says("草稿已存").says("应到14人");
    let mut secretary = Browser::signed_in(&scene.app, "secretary-1").await;
    secretary.open("/todo").await.says("继续填写");
    let form = secretary.open(&path).await;
    let (draft, version) = (form.value("draft").unwrap(), form.value("version").unwrap());
    form.says("应到14人");
    // The cadre changes it meanwhile: both versions are shown, and nothing is lost.
    let change = |text: &'static str| {
        [("node", node.as_str()), ("draft", &draft), ("version", &version), ("text", text), ("do", "draft")]
    };
    cadre.submit(&kept, "/report", &change("应到14人，实到13人")).await.is(200);
    let stale = secretary.submit(&form, "/report", &change("应到15人")).await;
    stale.is(422).says("打开此页以后，草稿有了改动").says(">应到15人<").says("应到14人，实到13人");
    let newest = stale.value("version").unwrap();
    let mine =
        [("node", node.as_str()), ("draft", &draft), ("version", &newest), ("text", "应到15人"), ("do", "draft")];
    secretary.submit(&stale, "/report", &mine).await.is(200).says("应到15人");
    let last = secretary.open(&path).await.value("version").unwrap();
    let sign = [("node", node.as_str()), ("draft", &draft), ("version", &last), ("text", "应到15人"), ("do", "sign")];
    secretary.submit(&stale, "/report", &sign).await.is(200).says("已签署填报");
    assert!(scene.secretary().get(&format!("/time-nodes/{node}/drafts")).await.items().is_empty());
}

#[actix_web::test]
async fn two_pages_of_one_report_keep_one_draft() {
    let (scene, nodes) = busy().await;
    let (node, path) = (nodes[0].to_string(), format!("/report?node={}", nodes[0]));
    let mut browser = Browser::signed_in(&scene.app, "secretary-1").await;
    let (first, second) = (browser.open(&path).await, browser.open(&path).await);
    let keep = |text: &'static str| [("node", node.as_str()), ("text", text), ("do", "draft")];
    browser.submit(&first, "/report", &keep("甲稿")).await.is(200).says("草稿已存");
    let stale = browser.submit(&second, "/report", &keep("乙稿")).await;
    stale.is(422).says("打开此页以后，草稿有了改动").says(">乙稿<").says("甲稿");
    let (draft, version) = (stale.value("draft").unwrap(), stale.value("version").unwrap());
    let mine = [("node", node.as_str()), ("draft", &draft), ("version", &version), ("text", "乙稿"), ("do", "draft")];
    browser.submit(&stale, "/report", &mine).await.is(200).says("乙稿");
    let drafts = scene.secretary().get(&format!("/time-nodes/{node}/drafts")).await.items();
    assert_eq!(drafts.iter().map(|draft| &draft["text"]).collect::<Vec<_>>(), ["乙稿"]);
    // A kind that there is none of is no completion.
    let odd = [("node", node.as_str()), ("text", "完"), ("kind", "zzz"), ("do", "sign")];
    browser.submit(&second, "/report", &odd).await.is(422);
    let reports = scene.secretary().get(&format!("/time-nodes/{node}/progress-reports")).await;
    assert!(reports.items().is_empty());
}

#[actix_web::test]
async fn evidence_is_uploaded_with_the_form_and_a_marked_one_is_refused_alone() {
    let (scene, nodes) = busy().await;
    let mut browser = Browser::signed_in(&scene.app, "secretary-1").await;
    let page = browser.open(&format!("/report?node={}", nodes[0])).await;
    let file = |name: &'static str| Part::text("签到 14 人").file_name(name).mime_str("text/plain").unwrap();
    let form = Form::new()
        .text("_csrf", page.token())
        .text("node", nodes[0].to_string())
        .text("text", "做完了")
        .part("files", file("签到表.txt"))
        .part("files", file("会议纪要（机密）.txt"))
        .text("do", "sign");
    let shown = browser.upload("/report", form).await;
    shown.is(422).says("「会议纪要（机密）.txt」没有上传").says("签到表.txt").says("做完了");
    let attachment = shown.value("attachment").unwrap();
    let fields = [
        ("node", nodes[0].to_string()),
        ("text", "做完了".into()),
        ("attachment", attachment.clone()),
        ("do", "sign".into()),
    ];
    let fields: Vec<_> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
    browser.submit(&shown, "/report", &fields).await.is(200).says("已签署填报");
    let node = browser.open(&format!("/time-nodes/{}", nodes[0])).await;
    node.says(&format!("href=\"/attachments/{attachment}\""));
    let file = browser.open(&format!("/attachments/{attachment}?show=1")).await;
    assert!(file.header("content-disposition").starts_with("attachment"), "text is never shown in place");
    Browser::signed_in(&scene.app, "secretary-2").await.open(&format!("/attachments/{attachment}")).await.is(403);
    // Without the token, nothing is stored.
    let form = Form::new().text("node", nodes[1].to_string()).part("files", Part::text("x").file_name("a.txt"));
    browser.upload("/report", form).await.is(403);
    let stored = scene.audited("attachment.create").await;
    assert_eq!(stored.len(), 1, "{stored:?}");
}

#[actix_web::test]
async fn more_time_is_asked_for_and_a_comment_made_on_the_page_of_the_node() {
    let (scene, nodes) = busy().await;
    let mut browser = Browser::signed_in(&scene.app, "secretary-1").await;
    let path = format!("/time-nodes/{}", nodes[2]);
    let page = browser.open(&path).await;
    page.is(200).says("临期").says("还有5天");
    let early =
        browser.submit(&page, &format!("{path}/extensions"), &[("due_on", "2020-10-01"), ("reason", "书记出差")]).await;
    early.is(422).says("书记出差").says("id=\"due_on-e\"");
    let asked = [("due_on", "2020-10-20"), ("reason", "书记出差")];
    browser.submit(&page, &format!("{path}/extensions"), &asked).await.is(200).says("已申请延期到10月20日");
    browser.submit(&page, &format!("{path}/comments"), &[("comment", "")]).await.is(422).says("id=\"comment-e\"");
    browser.submit(&page, &format!("{path}/comments"), &[("comment", "资料在准备")]).await.is(200).says("资料在准备");
    let report = id(&scene.complete(nodes[0]).await);
    let page = browser.open(&format!("/time-nodes/{}", nodes[0])).await;
    page.says("撤回这份填报");
    browser.submit(&page, &format!("/progress-reports/{report}/withdrawal"), &[]).await.is(200).says("已撤回");
}

#[actix_web::test]
async fn the_branch_page_counts_and_lists_what_it_counts() {
    let (scene, nodes) = busy().await;
    let report = scene.complete(nodes[1]).await;
    scene.accept(&report).await;
    let mut browser = Browser::signed_in(&scene.app, "secretary-1").await;
    let page = browser.open("/branch").await;
    page.is(200)
        .says("<h1>Branch 1</h1>")
        .says("1<span class=\"of\">/2</span>")
        .says("50.0%")
        .says("verdict=overdue#nodes\">逾期 <b>1</b>");
    page.says("Due 2020-12-31").says("最迟12月31日");
    let overdue = browser.open("/branch?verdict=overdue").await;
    overdue.says("Due 2020-09-20");
    assert_eq!(overdue.text.matches("<th scope=\"row\"").count(), 1);
    browser.open("/task-list").await.is(200).says("Plan of 2020").says("<b>4项</b>任务").says("其中与本组织有关的4项");
}

#[actix_web::test]
async fn nobody_sees_the_pages_of_a_unit_that_is_not_theirs() {
    let (scene, nodes) = busy().await;
    let node = format!("/time-nodes/{}", nodes[0]);
    let report = format!("/report?node={}", nodes[0]);
    let auditor = scene.app.person("auditor-9", Role::Auditor, None).await;
    let _ = auditor;
    // Who, and what each page answers: list, node, form, branch, task list.
    let cases = [
        ("secretary-1", [200, 200, 200, 200, 200]),
        ("secretary-2", [200, 403, 403, 200, 200]),
        ("department", [200, 200, 200, 200, 200]),
        ("leader", [200, 200, 403, 200, 200]),
        ("admin", [200, 403, 403, 200, 200]),
        ("auditor-9", [200, 403, 403, 200, 200]),
    ];
    for (who, expected) in cases {
        let mut browser = Browser::signed_in(&scene.app, who).await;
        for (path, status) in ["/todo", &node, &report, "/branch", "/task-list"].into_iter().zip(expected) {
            let page = browser.open(path).await;
            assert_eq!(page.status, status, "{who} {path}: {}", page.text);
            let unfinished = ["{{", "{%", "None", "Some("];
            assert!(!unfinished.iter().any(|part| page.text.contains(part)), "{who} {path}");
        }
    }
    let nobody = Browser::new(&scene.app).open_once("/todo").await;
    assert!(nobody.leads_to().unwrap().starts_with("/sign-in"));
}
