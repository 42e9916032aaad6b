//! Templates: the columns of a list with a row to look at, which an import leaves out, and what to write into each.

use std::fs::File;

use super::mapping::{Kind, ListName, Mapping, VERSION};
use crate::platform::Result;
use crate::platform::sheet::{Value, Workbook};

/// An empty workbook of a list.
pub fn workbook(list: ListName) -> Result<File> {
    let mapping = Mapping::of(list);
    let mut book = Workbook::new();
    let mut table = book.table(mapping.sheet, &[], &mapping.columns())?;
    table.row(mapping.fields.iter().map(|field| Value::from(field.sample)))?;
    table.on_a4(mapping.last_shown())?;
    book.notes("填写说明", &instructions(mapping))?;
    book.finish()
}

/// What to write into each column, a line each.
pub fn instructions(mapping: &Mapping) -> Vec<String> {
    let mut lines = vec![
        format!("{}：填写说明（模板第 {VERSION} 版）", mapping.sheet),
        "本系统为非涉密系统，严禁填写、上传国家秘密和工作秘密。".to_owned(),
        "表头带 * 的列必须填写；列的顺序可以调整，不认识的列不导入；以“示例”开头的行不导入。".to_owned(),
        "公式不会被计算：请粘贴为数值。日期写成 2020-06-30。“同上”和合并单元格取上一行。".to_owned(),
        "Columns marked * must be filled in; their order is free. Formulas are not evaluated. The sample row is left out."
            .to_owned(),
        String::new(),
    ];
    for field in mapping.fields {
        let required = if field.required { "（必填 required）" } else { "" };
        let choices = match field.kind {
            Kind::Choice(choices) => {
                format!(" 可选：{}。", choices.iter().map(|choice| choice.shown).collect::<Vec<_>>().join("、"))
            }
            _ => String::new(),
        };
        lines.push(format!("{}{required}：{}{choices}", field.head, field.help));
        if !field.synonyms.is_empty() {
            lines.push(format!("    也认作：{}", field.synonyms.join("、")));
        }
    }
    lines
}
