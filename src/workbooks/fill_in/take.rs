//! The workbook as it goes out.

use std::fs::File;

use super::{
    COMPLETION, DUE, EVIDENCE, HELD_ON, KIND, MARK, NODE, PERCENT, PERIOD, PROGRESS, SHEET, STANDING, TASK, TEXT, UNIT,
    Wanted,
};
use crate::access::actor::Reach;
use crate::access::{Action, Actor};
use crate::platform::days::require_sane;
use crate::platform::db::today;
use crate::platform::sheet::{Column, Value, Workbook};
use crate::platform::{Conn, PageRequest, Result};
use crate::time_nodes::model::NodeState;
use crate::time_nodes::store::NodeFilter;
use crate::time_nodes::{self, TimeNode, Verdict};
use crate::units;
use crate::units::store::Tree;
use crate::workbooks::words;

/// The last column that people see: behind it stands the hidden version.
const LAST_SHOWN: u16 = 10;

/// Writes the workbook with the open and returned nodes of some units, by due day; not those that count nowhere.
pub fn workbook(conn: &mut Conn, actor: &Actor, wanted: &Wanted) -> Result<File> {
    require_sane(wanted.due_to, "due_to")?;
    let today = today(conn)?;
    let tree = Tree::on(conn, today)?;
    let filter = NodeFilter { path: path(conn, actor, wanted)?, due_to: wanted.due_to, ..NodeFilter::default() };
    let reach = if wanted.unit_id.is_some() { actor.reach(Action::ReportProgress) } else { own(actor) };
    let mut book = Workbook::new();
    let mut table = book.table(SHEET, &[], &columns())?;
    let mut page = PageRequest::new("time-nodes", None, None, true)?.stretch(None)?;
    loop {
        let (nodes, next) = time_nodes::store::list(conn, &page, &reach, &filter, today)?;
        let to_report = |node: &&TimeNode| {
            node.verdict != Verdict::Excluded && matches!(node.state, NodeState::Open | NodeState::Returned)
        };
        for node in nodes.iter().filter(to_report) {
            table.row(row(node, &tree))?;
        }
        let Some(cursor) = next else { break };
        page = page.stretch(Some(&cursor))?;
    }
    table.on_a4(LAST_SHOWN)?;
    book.notes("填写说明", &instructions())?;
    book.finish()
}

/// Where the named unit lies; 403 where one does not report for it.
fn path(conn: &mut Conn, actor: &Actor, wanted: &Wanted) -> Result<Option<String>> {
    let Some(id) = wanted.unit_id else { return Ok(None) };
    let unit = units::store::named(conn, id, "unit_id")?;
    actor.must(Action::ReportProgress, &unit.site())?;
    Ok(Some(unit.path))
}

/// The units at which one sits or which one's department serves, and for which one reports: none of those below them.
fn own(actor: &Actor) -> Reach {
    let sites = actor.posts.iter().flat_map(|post| post.seat.iter().chain(&post.serves));
    let mine = sites.filter(|site| actor.may(Action::ReportProgress, site)).map(|site| site.unit_id);
    Reach { subtrees: vec![], units: mine.collect() }
}

fn columns() -> Vec<Column> {
    let given = [(NODE, 10.0), (UNIT, 22.0), (TASK, 36.0), (PERIOD, 10.0), (DUE, 12.0), (STANDING, 12.0)];
    let mut columns: Vec<Column> = given.iter().map(|(head, width)| Column::new(*head, *width)).collect();
    let kinds = vec![COMPLETION.to_owned(), PROGRESS.to_owned()];
    columns.push(Column { choices: kinds, ..Column::new(KIND, 10.0) });
    columns.push(Column { required: true, ..Column::new(TEXT, 50.0) });
    columns.extend([Column::new(PERCENT, 12.0), Column::new(HELD_ON, 12.0), Column::new(EVIDENCE, 36.0)]);
    columns.push(Column { hidden: true, ..Column::new(MARK, 4.0) });
    columns
}

fn row(node: &TimeNode, tree: &Tree) -> Vec<Value> {
    let unit = tree.get(node.unit_id).map(|unit| unit.name.clone()).unwrap_or_default();
    let mut cells = vec![
        Value::whole(node.id.0),
        unit.into(),
        node.title.clone().into(),
        node.period.clone().into(),
        node.due_on.to_string().into(),
        words::verdict(node).into(),
    ];
    cells.extend([Value::Blank, Value::Blank, Value::Blank, Value::Blank, Value::Blank]);
    cells.push(Value::whole(node.version));
    cells
}

fn instructions() -> Vec<String> {
    [
        "本系统为非涉密系统，严禁填写国家秘密和工作秘密。Nothing classified may be written here.",
        "只填右边五列；没有做的行留空，留空的行不上报。Fill in the five columns on the right; rows left blank say nothing.",
        "填报类型：完成 或 进展；不填为完成。Completion (blank) or progress.",
        "完成情况：做了什么，写成文字。What was done.",
        "完成比例：0 至 100，只用于进展。Percent, of progress only.",
        "开展日期：如 2020-06-29，只用于完成。The day it was held, of completions only.",
        "佐证说明：一行一份纸质材料：名称｜编号｜存放处｜保管人，后三项可省。A line for each piece of evidence on paper: title｜reference｜place｜keeper.",
        "附件（照片、扫描件等）不能放在本表中，嵌入的图片不会被读取；请先存为草稿，再在系统中把附件加到草稿上，然后上报。Files are not taken from this workbook: hand it in as drafts, add the files to the drafts, then report.",
        "任务要求交佐证时，只填本表不足以直接上报“完成”，除非写明纸质材料。Where evidence is required, a completion needs evidence on paper in the last column, or a draft with files.",
        "主管部门可为支部代填（代录）：下载时指定支部；由谁录入会被记录。The department may fill in for a branch; who entered it is recorded.",
        "节点编号不要改；填好后上传，可先存为草稿，也可直接上报。Leave the ids as they are; hand the workbook in as drafts or as reports.",
    ]
    .map(str::to_owned)
    .to_vec()
}
