//! A list of items as a CSV table: one column a field, in the order of the first item that has it.

use serde::Serialize;
use serde_json::Value;
use utoipa::PartialSchema;
use utoipa::openapi::{RefOr, Schema};

use crate::platform::{Error, Result};

/// UTF-8 with a byte-order mark, which spreadsheets need to read Chinese. Nested values are written as JSON.
pub fn to_csv<T: Serialize>(items: &[T]) -> Result<String> {
    let rows: Vec<Value> = items.iter().map(serde_json::to_value).collect::<Result<_, _>>().map_err(Error::internal)?;
    table(&rows, vec![])
}

/// The same, of items that the contract describes: an empty list has its header too, then in the order of the contract.
pub(super) fn described_csv<T: Serialize + PartialSchema>(items: &[T]) -> Result<String> {
    let rows: Vec<Value> = items.iter().map(serde_json::to_value).collect::<Result<_, _>>().map_err(Error::internal)?;
    let fields = if rows.is_empty() { fields(&T::schema()) } else { vec![] };
    table(&rows, fields)
}

/// The names of the fields of a schema.
fn fields(schema: &RefOr<Schema>) -> Vec<String> {
    match schema {
        RefOr::T(Schema::Object(object)) => object.properties.keys().cloned().collect(),
        RefOr::T(Schema::AllOf(all)) => all.items.iter().flat_map(fields).collect(),
        RefOr::T(_) | RefOr::Ref(_) => vec![],
    }
}

fn table(rows: &[Value], fields: Vec<String>) -> Result<String> {
    let mut columns: Vec<&str> = fields.iter().map(String::as_str).collect();
    for row in rows.iter().filter_map(Value::as_object) {
        for key in row.keys() {
            if !columns.contains(&key.as_str()) {
                columns.push(key);
            }
        }
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    if !columns.is_empty() {
        writer.write_record(&columns).map_err(Error::internal)?;
    }
    for row in rows {
        let cells = columns.iter().map(|column| row.get(column).map(cell).unwrap_or_default());
        writer.write_record(cells).map_err(Error::internal)?;
    }
    let bytes = writer.into_inner().map_err(Error::internal)?;
    Ok(format!("\u{feff}{}", String::from_utf8(bytes).map_err(Error::internal)?))
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => csv_cell(text),
        other => other.to_string(),
    }
}

/// A text that a spreadsheet would take for a formula gets a leading `'`.
pub fn csv_cell(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_become_columns_and_formulas_become_text() {
        let rows =
            [json!({"id": 1, "name": "第一党支部", "code": null}), json!({"id": 2, "name": "=1+1", "code": "a,b"})];
        assert_eq!(to_csv(&rows).unwrap(), "\u{feff}id,name,code\n1,第一党支部,\n2,'=1+1,\"a,b\"\n");
    }
}
