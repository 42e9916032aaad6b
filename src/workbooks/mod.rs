//! Workbooks that people print or fill in: the monthly report 月报 and the year sheet of one branch on A4, and the
//! fill-in workbook 填报表, which goes out with the open time nodes and comes back as drafts or reports. All of them show
//! what the ordinary lists and reports say, and what comes in goes through the ordinary actions.

pub mod fill_in;
pub mod http;
pub mod monthly;
mod paper;
mod words;
pub mod year_sheet;
mod years;

use crate::codes;

codes! {
    FILL_IN_FILE: 400 "fill_in_file_missing" "请以名为 file 的表单项上传一个填报表。" "Send one fill-in workbook as the form field named file.";
    FILL_IN_HEADER: 422 "fill_in_no_header" "文件不是填报表：没有“节点编号”和“完成情况”两列的表头；请下载填报表后填写。"
        "The file is no fill-in workbook: no header has 节点编号 and 完成情况; download the workbook and fill that in.";
    FILL_IN_NOTHING: 422 "fill_in_nothing" "填报表中没有填写任何一行；请填写“完成情况”。" "No row is filled in; write something under 完成情况.";
    FILL_IN_CELL: 422 "fill_in_cell" "单元格内容“{value}”无法识别；应为{accepted}。" "The cell says “{value}”; it must be {accepted}.";
    FILL_IN_FORMULA: 422 "fill_in_formula" "单元格是公式，公式不会被计算；请复制后选择性粘贴为数值。"
        "The cell holds a formula, and none is evaluated; copy it and paste its value.";
    MONTH_UNREADABLE: 422 "month_unreadable" "月份应写作 2020-06，且不晚于本月。" "Write the month as 2020-06, not later than this one.";
}
