//! Lists in and out as spreadsheets, as departments really write them. One mapping of columns a list serves templates,
//! import and export; the reading and writing of files knows no list and is in `platform::sheet`.
//!
//! An import goes in two steps. The dry run reads the file, compares every row with the list and tries out what would
//! follow; the commit does exactly that, all of it or nothing, with the ordinary actions. A row that says what an export
//! would say changes nothing, whatever its words mean: so an untouched export imports with no change at all.

pub mod accounts;
pub mod cells;
pub mod compare;
pub mod export;
pub mod findings;
pub mod http;
pub mod imports;
pub mod mapping;
pub mod marked;
pub mod model;
pub mod rows;
pub mod standards;
pub mod store;
pub mod tasks;
pub mod template;
pub mod units;

use crate::{codes, id_type};

id_type! {
    /// An import.
    ImportId
}

codes! {
    IMPORT_NO_LIST: 422 "import_no_list" "看不出文件是哪一种清单；请指定清单种类 `list`，或下载模板后填写。"
        "It can't be told which list the file holds; say which list `list`, or fill in a template.";
    IMPORT_NO_HEADER: 422 "import_no_header" "没有找到“{list}”的表头；表头至少要有：{heads}。"
        "No header of the list “{list}” was found; it must have at least: {heads}.";
    IMPORT_NO_SHEET: 422 "import_no_sheet" "文件里没有名为“{sheet}”的工作表；有：{sheets}。"
        "The file has no sheet called “{sheet}”; it has: {sheets}.";
    IMPORT_SEVERAL_SHEETS: 422 "import_several_sheets" "有多个工作表都像这种清单：{sheets}；请指定一个 `sheet`。"
        "Several sheets look like this list: {sheets}; name one of them `sheet`.";
    IMPORT_VERSION: 422 "import_version" "文件用的是较新的模板（第 {version} 版）；请重新下载本系统的模板。"
        "The file was made with a newer template (edition {version}); take the template of this system.";
    IMPORT_COLUMN_MISSING: 422 "import_column_missing" "缺少“{head}”一列；请加上这一列。" "The column “{head}” is missing; add it.";
    IMPORT_SCOPE: 422 "import_scope" "导入或导出这种清单须指明属于哪个计划或标准 `{field}`。" "This list needs the plan or the set that it belongs to `{field}`.";
    IMPORT_PROBLEMS: 422 "import_problems" "文件有 {count} 处问题，未作任何更改；请按所列单元格改正后重新上传。"
        "The file has {count} problems, so nothing was changed; mend the cells that are listed and send it again.";
    IMPORT_STALE: 409 "import_stale" "清单在试导入之后变了，导入的结果会与所见不同；请重新上传。"
        "The list has changed since the dry run, and the import would not do what was shown; send the file again.";
    IMPORT_COMMITTED: 409 "import_committed" "该文件已经导入。" "The file was imported already.";
    IMPORT_GONE: 409 "import_gone" "上传的文件只保留一天，现已清除；请重新上传。"
        "An uploaded file is kept for a day, and this one is gone; send it again.";
    IMPORT_UNCONFIRMED: 422 "import_unconfirmed" "有待确认的解读：{words}；确认后请带 confirm: true 再提交。"
        "Some readings must be confirmed: {words}; if they are right, commit with confirm: true.";
    FIRST_PASSWORD: 422 "first_password_required" "新增账号须给出初始密码 first_password；首次登录时必须更改。"
        "Accounts are added, so first_password is needed; it must be changed at the first sign-in.";
    IMPORT_FILE_MISSING: 400 "import_file_missing" "请以名为 file 的表单项上传一个文件。" "Send one file as the form field named file.";
    CELL_BLANK: 422 "cell_blank" "“{head}”必须填写。" "“{head}” must be filled in.";
    CELL_FORMULA: 422 "cell_formula" "单元格是公式，公式不会被计算；请复制后选择性粘贴为数值。"
        "The cell holds a formula, and none is evaluated; copy it and paste its value.";
    CELL_ERROR: 422 "cell_error" "单元格是公式错误 {value}；请改为文字。" "The cell holds the error {value}; write the text instead.";
    CELL_CHOICE: 422 "cell_choice" "“{value}”不在可选范围内；可选：{nearest}。" "“{value}” is none of the choices: {nearest}.";
    CELL_DAY: 422 "cell_day" "“{value}”不是日期；请写成 {nearest}。" "“{value}” is no day; write it as {nearest}.";
    CELL_NUMBER_DAY: 422 "cell_number_day" "单元格是数字 {value}，看不出是哪一天；请写成文字，如 {nearest}。"
        "The cell is the number {value}, which may mean several days; write it as text, such as {nearest}.";
    CELL_NUMBER: 422 "cell_number" "“{value}”不是合适的数：{nearest}。" "“{value}” is no fitting number: {nearest}.";
    CELL_UNIT: 422 "cell_unit_unknown" "没有名为“{value}”的组织；相近的有：{nearest}。" "There is no unit named “{value}”; near to it: {nearest}.";
    CELL_UNIT_SEVERAL: 422 "cell_unit_ambiguous" "有几个组织都叫“{value}”；请改用全称或先区分名称。"
        "Several units are named “{value}”; use names that tell them apart.";
    ROW_TWICE: 422 "row_twice" "与第 {row} 行重复：{key}。" "It repeats row {row}: {key}.";
    UNIT_KIND_FIXED: 422 "unit_kind_fixed" "组织类型不能更改（现为{before}）；请撤销后另建。"
        "The kind of a unit can't change (it is {before}); dissolve it and make another.";
    UNIT_PARENT_CIRCLE: 422 "unit_parent_circle" "上级组织互相指向，无法排出上下级。" "The units above lead back to this one.";
    FINDING_FIXED: 422 "finding_fixed" "“{head}”在登记后不能更改（现为“{before}”）。" "“{head}” can't change once the finding is recorded (it is “{before}”).";
    FINDING_NUMBER: 422 "finding_number_unknown" "本年度没有编号为 {value} 的问题；新问题请不填编号。"
        "There is no finding {value} in this year; leave the number of a new finding blank.";
    PERSON_UNKNOWN: 422 "person_unit_unknown" "责任人“{value}”中的单位不在本行的责任单位里；请写 单位：职务；单位：职务。"
        "The persons “{value}” name a unit that has no part in this row; write unit: post, separated by ；.";
    SET_FIXED: 409 "import_set_published" "该套标准已发布，条款不能再导入更改。" "The set is published; its clauses can't be changed by an import.";
}
