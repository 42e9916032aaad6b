//! The words of the pages of imports.

use crate::console::Lang;
use crate::exchange::mapping::ListName;
use crate::words;

words! {
    /// What the pages of imports say.
    pub struct ImportWords {
        title: "导入", "Import";
        lead: "上传清单表格，先看到会怎么读、会改什么，再确认。**确认以前什么都不会改。**", "Hand in a list as a table, see how it is read and what it would change, then commit. **Nothing changes before that.**";
        list: "哪一种清单", "Which list";
        by_its_columns: "看表头", "by its columns";
        plan: "哪份计划（任务清单）", "Which plan (task list)";
        set: "哪套标准（标准条款）", "Which set (clauses)";
        year: "哪个年度（问题整改台账）", "Which year (findings)";
        sheet: "哪个工作表", "Which sheet";
        sheet_hint: "有几个工作表都像时才要写", "Only where several sheets look like the list";
        file: "文件", "File";
        file_hint: "xlsx，或 UTF-8、GB18030 的 csv，10 MB 以内。您自己的表头多半也认得。", "xlsx, or csv in UTF-8 or GB18030, up to 10 MB. Most headers that departments use are known.";
        no_file: "请选择一个文件", "Choose a file";
        look: "上传，先看看", "Hand in and look";
        templates: "模板和现在的清单", "Templates, and the lists as they stand";
        templates_lead: "模板有填写说明和一行示例；导出的清单改好以后可以直接再导入。", "A template has its instructions and a sample row; what is exported can be changed and handed in again.";
        template: "模板", "Template";
        export: "导出现在的清单", "Export the list";
        of_plan(title): "导出{title}", "Export {title}";
        nothing: "没有可以导入的清单", "There is no list for you to import";
        nothing_hint: "任务清单、标准条款、问题台账由部门导入，组织和账号由系统管理员导入。", "Departments import task lists, clauses and findings; administrators units and accounts.";
        back: "导入另一个文件", "Another file";
        so_many_added(count): "新增**{count}行**", "**{count}** row(s) added";
        so_many_changed(count): "修改**{count}行**", "**{count}** row(s) changed";
        so_many_unchanged(count): "不变{count}行", "{count} row(s) as before";
        so_many_missing(count): "清单里有而文件里没有的{count}项", "{count} item(s) of the list not in the file";
        to_mend(count): "有**{count}处**要改，改好以后重新上传；现在什么都不会导入。", "**{count}** place(s) to mend; hand the file in again, nothing is imported until then.";
        no_change: "文件和清单一样，**没有要改的**。", "The file says what the list says: **nothing would change**.";
        committed(day): "**{day}已导入。**", "**Imported on {day}.**";
        was(added, changed, removed): "新增{added}行，修改{changed}行，删除{removed}项。", "{added} added, {changed} changed, {removed} removed.";
        gone: "上传的文件只保留一天，现已清除；请重新上传。", "A file is kept for a day and this one is gone; hand it in again.";
        problems: "要改的地方", "What to mend";
        place: "位置", "Place";
        column: "列", "Column";
        value: "写的是", "It says";
        reason: "问题", "What is wrong";
        proposal: "可以改成", "Could be";
        row(number): "第{number}行", "row {number}";
        marked: "下载标注了问题的文件", "Download the file with its problems";
        added: "新增", "Added";
        changed: "修改", "Changed";
        removed: "文件里没有的", "Not in the file";
        removed_hint: "不勾选“删去”就都保留。", "All of it stays unless you choose to remove it.";
        key: "事项", "What";
        who_and_when: "谁要完成，什么时候", "Who will owe it, and when";
        says: "内容", "What it says";
        owing: "要完成的", "Owed by";
        nobody: "没有组织要完成", "owed by nobody";
        unread_columns: "没有读的列", "Columns that were not read";
        read_from(sheet, row): "读的是工作表“{sheet}”，表头在第{row}行。", "Read from the sheet “{sheet}”, its header in row {row}.";
        more(count): "还有{count}行没有列出，导入时一并处理。", "{count} more row(s) are not listed here and are imported all the same.";
        to_confirm: "待确认的读法", "Readings to confirm";
        confirm: "这些读法没有错", "These readings are right";
        remove: "删去文件里没有的", "Remove what is not in the file";
        remove_hint: "任务和草案条款删除，组织撤销，任职到今天为止；问题总是保留。", "Tasks and draft clauses go, units are dissolved, appointments end today; findings always stay.";
        why: "修订理由", "Reason";
        why_hint: "计划已下达时必填：这次导入记为一次修订。", "Needed once the plan is issued: the import is one revision.";
        first_password: "新账号的初始密码", "First password of new accounts";
        first_password_hint: "每个人第一次登录时必须修改。", "Each must change it at the first sign-in.";
        commit: "确认导入", "Commit the import";
        to_plan: "去看计划", "To the plan";
    }
}

/// A list by the name that stands on its sheet.
pub fn list(lang: Lang, list: ListName) -> &'static str {
    let (zh, en) = match list {
        ListName::Units => ("组织", "Units"),
        ListName::Accounts => ("账号与任职", "Accounts and appointments"),
        ListName::Tasks => ("任务清单", "Task list"),
        ListName::Standards => ("标准条款", "Clauses of a set"),
        ListName::Findings => ("问题整改台账", "Findings"),
    };
    lang.pick(zh, en)
}
