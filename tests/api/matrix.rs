//! Every operation of the contract by every kind of post, on things of the own unit, of units below, above and
//! elsewhere. What must come of it is derived from the policy's table and from the guard of the operation
//! (`access::GUARDS`), not from the code of the actions. Played on the year of the demo, which has some of everything.

mod cast;
pub mod things;

use std::collections::BTreeMap;

use duban::access::{Action, Relation, allows};
use serde_json::{Value, json};

use self::cast::{Cast, Someone, cast};
use self::things::{Thing, Things, kind_of};
use crate::access::GUARDS;
use crate::support::{Answer, TestApp, example, operations};

/// A version that nothing has: a write that may be made is refused by it, so that hardly any of them changes a thing.
const NO_VERSION: &str = "\"999999\"";

/// What must come of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// 401: nobody we know.
    Unknown,
    /// 403 `forbidden`.
    Forbidden,
    /// Whatever else: done, or refused for another reason.
    Admitted,
}

impl Outcome {
    fn of(answer: &Answer) -> Outcome {
        match (answer.status, answer.body["code"].as_str()) {
            (401, _) => Outcome::Unknown,
            (403, Some("forbidden")) => Outcome::Forbidden,
            _ => Outcome::Admitted,
        }
    }
}

fn guard_of(method: &str, path: &str) -> &'static str {
    GUARDS.iter().find(|(listed, _)| *listed == format!("{method} {path}")).expect("every operation has its guard").1
}

/// The actions that may be asked at a thing of a unit of some kind: staff and committees have stricter ones.
fn actions(guard: &str, unit_kind: &str) -> Vec<Action> {
    let staff = ["department", "mass_organisation", "discipline"].contains(&unit_kind);
    let committee = ["committee", "general_branch"].contains(&unit_kind);
    match guard {
        "review" if staff => vec![Action::ReviewStaff],
        "review" if committee && unit_kind == "committee" => vec![Action::ReviewCommittee],
        "grant" if staff || unit_kind == "committee" => vec![Action::GrantStaff],
        // Whoever may grant may ask: it is granted at once.
        "request" if staff || unit_kind == "committee" => vec![Action::Request, Action::GrantStaff],
        "request" => vec![Action::Request, Action::Grant],
        word => Action::ALL.iter().filter(|action| action.word() == word).copied().collect(),
    }
}

fn by_policy(someone: &Someone, actions: &[Action], unit: &things::Unit) -> bool {
    let relation = |post: &cast::Post| post.relation(&unit.path);
    someone.posts.iter().any(|post| actions.iter().any(|action| allows(post.role, *action, relation(post))))
}

/// Whether a post that stands nowhere in particular allows it.
fn anywhere(someone: &Someone, actions: &[Action]) -> bool {
    someone.posts.iter().any(|post| actions.iter().any(|action| allows(post.role, *action, Relation::Elsewhere)))
}

/// Operations whose right depends on more than the thing in their address. Each has its own tests.
const BY_OTHER_RULES: &[(&str, &str)] = &[
    ("POST /auth/login", "by the password in the body: accounts"),
    ("POST /auth/refresh", "by the token in the body: accounts, token_attacks"),
    ("POST /auth/logout", "ends the sign-in that asks"),
    ("POST /attachments", "by any post that may report somewhere: bad_input"),
    ("GET /attachments/{id}", "by what the file is evidence of: progress, findings, meetings, standards"),
    ("GET /attachments/{id}/content", "the same"),
    ("POST /attachments/{id}/destroy", "the same, and who signs: destruction"),
    ("GET /attachments/{id}/destroy", "the same"),
    ("POST /attachments/{id}/destroy/decision", "the same"),
    ("POST /progress-reports:batch", "each item answers for itself: batch"),
    ("POST /extensions:batch", "each item answers for itself: batch"),
    ("GET /fill-in-workbook", "by the unit that is named, or the own ones: fill_in"),
    ("POST /fill-in-workbook", "asked at the nodes that the file names: fill_in"),
    ("POST /meetings/{id}/time-nodes", "asked at the nodes that the body names: meetings"),
    ("POST /decisions/{id}/tasks", "asked at the plan that the body names: decisions"),
    ("GET /exports/{list}", "as the list itself: exports"),
    ("POST /imports", "by any post that may write some list somewhere, and the list's own right: imports"),
    ("GET /imports/{id}", "by who handed it in: imports"),
    ("GET /imports/{id}/workbook", "the same"),
    ("POST /imports/{id}/commit", "the same, and the right to write what the list holds"),
    ("POST /auth/sessions/{id}/end", "the own sign-ins: accounts"),
];

/// What must come of an operation on a thing, or on nothing in particular.
fn expected(someone: &Someone, operation: &str, guard: &str, thing: Option<&Thing>) -> Outcome {
    let admitted = |yes: bool| if yes { Outcome::Admitted } else { Outcome::Forbidden };
    if guard == "public" {
        return Outcome::Admitted;
    }
    if !someone.signed_in {
        return Outcome::Unknown;
    }
    let Some(thing) = thing else {
        // Of a list one sees what is in one's reach, which may be nothing.
        let list = operation.starts_with("GET") && !OPEN_OR_CLOSED.contains(&guard);
        return admitted(list || guard == "signed in" || anywhere(someone, &actions(guard, "")));
    };
    let may = |guard: &str| by_policy(someone, &actions(guard, &thing.unit.kind), &thing.unit);
    let seated_in =
        |units: &[i64]| someone.posts.iter().any(|post| post.seat.is_some_and(|seat| units.contains(&seat)));
    // What is done in the name of the own unit, on something one reads.
    let for_own_unit = |action: Action| someone.posts.iter().any(|post| allows(post.role, action, post.at_home()));
    let named = seated_in(&thing.named);
    admitted(match operation {
        // Who is named by a plan or a meeting reads it, but not what was noted in it, and its minutes once sent.
        "GET /meetings/{id}/record" | "GET /meetings/{id}/next" => may(guard),
        "GET /meetings/{id}/minutes" => may(guard) || seated_in(&thing.sent),
        "GET /clauses/{id}/tasks" | "GET /clause-tasks/{id}" => anywhere(someone, &actions(guard, "")),
        "POST /meetings/{id}/opinions" => (may("read_meetings") || named) && for_own_unit(Action::GiveOpinion),
        "POST /meetings/{id}/receipts" => (may("read_meetings") || named) && for_own_unit(Action::SignReceipt),
        "POST /plans/{id}/receipts" => named && for_own_unit(Action::SignReceipt),
        "POST /bulletins/{id}/receipts" => may("read_bulletins") && for_own_unit(Action::SignReceipt),
        "GET /bulletins/{id}" | "GET /bulletins/{id}/receipts" => {
            may(guard) || may("write_bulletin") || may("approve_bulletin")
        }
        "POST /tasks/{id}/comments" => {
            may("read_plan") && may(guard) || named && (may(guard) || for_own_unit(Action::Comment))
        }
        "POST /meetings/{id}/comments" => {
            may("read_meetings") && may(guard) || named && (may(guard) || for_own_unit(Action::Comment))
        }
        "POST /bulletins/{id}/release" => may(guard) || may("approve_bulletin"),
        // Each sees those of their nodes.
        "GET /tasks/{id}/time-nodes" => may("read_plan") || named,
        // Whoever may ask, not whoever grants.
        "POST /extensions/{id}/withdrawal" | "POST /cancellations/{id}/withdrawal" => {
            by_policy(someone, &[Action::Request], &thing.unit)
        }
        // Whoever put a finding right may say why it came about; whoever raised it may say everything.
        "PATCH /findings/{id}" => may(guard) || may("rectify_finding"),
        _ if ANYWHERE.contains(&guard) => anywhere(someone, &actions(guard, "")),
        _ if guard == "read_plan" || guard == "read_meetings" => may(guard) || named,
        _ => may(guard),
    })
}

/// Guards of lists that are refused as a whole to whoever has none of their rights.
const OPEN_OR_CLOSED: &[&str] = &[
    "manage_accounts",
    "manage_units",
    "manage_settings",
    "manage_calendars",
    "read_units",
    "read_counts",
    "read_settings",
    "read_standards",
    "read_audit",
    "read_layouts",
];
/// Guards that don't look at a unit.
const ANYWHERE: &[&str] = OPEN_OR_CLOSED;

/// Operations without an id that are about a unit, or about a time node.
fn about(operation: &str, guard: &str) -> Option<&'static str> {
    match operation {
        "POST /urges" => Some("time-nodes"),
        "POST /bulletins"
        | "POST /layouts"
        | "POST /plans"
        | "POST /standard-sets"
        | "POST /assessments"
        | "POST /meetings"
        | "POST /findings" => Some("units"),
        _ if operation.starts_with("GET /reports/") && !OPEN_OR_CLOSED.contains(&guard) => Some("units"),
        _ => None,
    }
}

/// Address and body of a call.
fn call(operation: &str, path: &str, contract: &Value, thing: Option<&Thing>) -> (String, Value) {
    let id = thing.map_or(1, |thing| thing.id).to_string();
    let mut address = path.replace("{id}", &id).replace("{a}", &id).replace("{b}", &id);
    address = address.replace("{n}", "0").replace("{year}", "2020").replace("{list}", "units");
    let mut body = example(contract);
    if path == address
        && let Some(thing) = thing
    {
        if operation.starts_with("GET /reports/") {
            address = format!("{address}?unit_id={}", thing.unit.id);
        }
        match operation {
            "POST /urges" => body["time_node_ids"] = json!([thing.id]),
            "POST /findings" => body["unit_ids"] = json!([thing.unit.id]),
            _ => body["unit_id"] = json!(thing.unit.id),
        }
    }
    match operation {
        "GET /reports/explain" => {
            address += if address.contains('?') { "&rate=completion" } else { "?rate=completion" }
        }
        "GET /search" => address += "?q=x",
        "GET /reports/monthly" => address += "?unit_id=1&month=2020-03",
        "POST /time-nodes/{id}/progress-reports" => body = json!({"kind": "progress", "text": "x"}),
        "POST /meetings/{id}/receipts" => body = json!({"kind": "call"}),
        _ if operation.ends_with("/receipts") => body = json!({}),
        _ => {}
    }
    (address, body)
}

/// Sends a call; anew when the connection was closed on the way, as the server does with one that was idle.
async fn ask(someone: &Someone, method: &str, address: &str, body: Option<&Value>, version: &str) -> Answer {
    // An opinion is given in the name of a unit: one's own, where one has one.
    let own = someone.posts.iter().find_map(|post| post.seat).unwrap_or(3);
    let given = address.ends_with("/opinions").then(|| json!({"text": "x", "unit_id": own}));
    let body = body.map(|body| given.as_ref().unwrap_or(body));
    let request = || {
        let request = someone.persona.request(method, address).header("if-match", version);
        if let Some(body) = body { request.json(body) } else { request }
    };
    for _ in 0..3 {
        if let Ok(response) = request().send().await {
            let answer = Answer::of(response, format!("{method} {address}")).await;
            someone.persona.contract.check(method, address, &answer);
            return answer;
        }
    }
    someone.persona.send(method, address, request()).await
}

#[actix_web::test]
async fn every_operation_answers_every_post_as_the_policy_says() {
    let app = TestApp::demo().await;
    let cast: Cast = cast(&app).await;
    let things: Things = things::all(&app).await;
    let (mut calls, mut tally, mut wrong) = (0, BTreeMap::<String, usize>::new(), vec![]);
    for (method, path, contract) in operations() {
        let operation = format!("{method} {path}");
        let guard = guard_of(&method, &path);
        if BY_OTHER_RULES.iter().any(|(listed, _)| *listed == operation) {
            continue;
        }
        let kind = kind_of(&path).or_else(|| about(&operation, guard)).filter(|kind| things.contains_key(kind));
        // Where the unit matters, there must be things to try it on.
        let tried = kind.is_some() || kind_of(&path).is_none() || guard == "public" || ANYWHERE.contains(&guard);
        assert!(tried, "{operation}: `things` has none of its kind; or it has a test of its own to be named");
        let samples: Vec<Option<Thing>> = match kind {
            Some(kind) => things::samples(&things, kind).into_iter().map(Some).collect(),
            None => vec![None],
        };
        assert!(!samples.is_empty(), "{operation}: the demo has nothing to try it on");
        for thing in &samples {
            let (address, body) = call(&operation, &path, &contract, thing.as_ref());
            for someone in &cast {
                let must = expected(someone, &operation, guard, thing.as_ref());
                let body = (method != "GET").then_some(&body);
                let answer = ask(someone, &method, &address, body, NO_VERSION).await;
                calls += 1;
                *tally.entry(format!("{must:?}")).or_default() += 1;
                assert!(answer.status < 500, "{operation} {address}: {}", answer.text);
                if Outcome::of(&answer) != must {
                    let unit = thing.as_ref().map(|thing| thing.unit.path.clone()).unwrap_or_default();
                    wrong.push(format!(
                        "{method} {address} of {unit} as {}: {} {} where {must:?} is due",
                        someone.name, answer.status, answer.body["code"]
                    ));
                }
            }
        }
    }
    println!("matrix: {calls} calls, {tally:?}, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{} of {calls} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[actix_web::test]
async fn lists_hold_what_the_policy_shows_and_nothing_else() {
    let app = TestApp::demo().await;
    let cast = cast(&app).await;
    let things = things::all(&app).await;
    // Every list whose things can be read one by one, and that of the urges.
    let reads = |path: &str| operations().into_iter().any(|(method, its, _)| method == "GET" && its == path);
    let lists = things.keys().filter(|kind| reads(&format!("/{kind}")) && reads(&format!("/{kind}/{{id}}")));
    let lists = lists.map(|kind| (*kind, guard_of("GET", &format!("/{kind}/{{id}}"))));
    let lists: Vec<_> = lists.chain([("urges", "read_nodes")]).collect();
    let (mut rows, mut wrong) = (0, vec![]);
    for (kind, guard) in lists.iter().copied() {
        let known: Vec<i64> = things[kind].iter().map(|thing| thing.id).collect();
        for someone in cast.iter().filter(|someone| someone.signed_in) {
            let shown = ids_of(&app, someone, kind).await;
            let due = things[kind].iter().filter(|thing| {
                expected(someone, &format!("GET /{kind}/{{id}}"), guard, Some(thing)) == Outcome::Admitted
            });
            let due: Vec<i64> = due.map(|thing| thing.id).collect();
            let shown: Vec<i64> = shown.into_iter().filter(|id| known.contains(id)).collect();
            rows += known.len();
            if shown != due {
                wrong.push(format!("/{kind} as {}: {shown:?} where {due:?} are due", someone.name));
            }
        }
    }
    println!("{} lists: {rows} rows shown or left out, {} wrong", lists.len(), wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every id of a list, all its pages, in order; none where it is refused.
async fn ids_of(_: &TestApp, someone: &Someone, kind: &str) -> Vec<i64> {
    let (mut ids, mut next) = (vec![], String::new());
    loop {
        let page = someone.persona.get(&format!("/{kind}?limit=200{next}")).await;
        if page.status == 403 {
            break;
        }
        let page = page.ok();
        ids.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()));
        match page["next_cursor"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => break,
        }
    }
    ids.sort_unstable();
    ids.dedup();
    ids
}

#[actix_web::test]
async fn what_does_not_exist_is_found_by_nobody() {
    let app = TestApp::demo().await;
    let cast = cast(&app).await;
    // The id of a time node that nothing else has, and one that nothing at all has.
    let things = things::all(&app).await;
    let most = |kind: &str| things[kind].iter().map(|thing| thing.id).max().unwrap_or_default();
    let of_another_kind = most("time-nodes");
    let ordinary: Vec<_> =
        things.keys().filter(|kind| **kind != "time-nodes" && most(kind) < of_another_kind).copied().collect();
    let mut calls = 0;
    for (method, path, contract) in operations() {
        let operation = format!("{method} {path}");
        let Some(kind) = kind_of(&path).filter(|kind| things.contains_key(kind)) else { continue };
        for id in [of_another_kind, 999_999_999, i64::MAX] {
            if id == of_another_kind && !ordinary.contains(&kind) {
                continue;
            }
            let address = path.replace("{id}", &id.to_string()).replace("{a}", &id.to_string());
            let address = address.replace("{b}", &id.to_string()).replace("{n}", "1");
            for someone in cast.iter().filter(|someone| someone.signed_in) {
                let (_, body) = call(&operation, &path, &contract, None);
                let body = (method != "GET").then_some(&body);
                let answer = ask(someone, &method, &address, body, "*").await;
                calls += 1;
                let code = answer.body["code"].as_str().unwrap_or_default();
                let hidden = (answer.status, code) == (404, "not_found") || (answer.status, code) == (403, "forbidden");
                assert!(hidden, "{method} {address} as {}: {} {}", someone.name, answer.status, answer.text);
            }
        }
    }
    println!("things that don't exist: {calls} calls, none found");
}
