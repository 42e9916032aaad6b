//! A field of a form: what it takes, what stands in it, and how what was typed is read.

use serde_json::{Map, Value};

use crate::console::Fields;

/// What a field takes.
#[derive(Debug, Clone)]
pub enum Kind {
    Line,
    Prose,
    Date,
    /// `HH:MM`.
    Time,
    Number,
    /// Typed unseen, and never shown again.
    Password,
    /// One of: value and words.
    Choice(Vec<(String, String)>),
    /// Any of: value and words.
    Ticks(Vec<(String, String)>),
    /// Yes or no.
    Tick,
    /// Rows of the same fields; one whose first field is empty is none. What is [`Kind::Given`] in a row is shown and
    /// not typed: its text is the value, `|`, and the words.
    Rows {
        columns: Vec<Field>,
        rows: Vec<Vec<String>>,
    },
    /// Files, stored when the form is sent.
    Files,
    /// Not shown.
    Given,
}

/// A field of a form.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its place in the input, with dots: `source.body`.
    pub name: String,
    pub label: String,
    pub hint: String,
    pub required: bool,
    /// Read by the deed itself, and no part of the input.
    pub aside: bool,
    pub kind: Kind,
    /// What stands in it; of ticks, each that is ticked.
    pub values: Vec<String>,
    /// What is stored now, where somebody else has changed it.
    pub stored: Option<String>,
}

impl Field {
    pub fn new(name: &str, label: impl Into<String>, kind: Kind) -> Field {
        Field {
            name: name.to_owned(),
            label: label.into(),
            hint: String::new(),
            required: false,
            aside: false,
            kind,
            values: vec![],
            stored: None,
        }
    }

    pub fn line(name: &str, label: impl Into<String>) -> Field {
        Field::new(name, label, Kind::Line)
    }

    pub fn prose(name: &str, label: impl Into<String>) -> Field {
        Field::new(name, label, Kind::Prose)
    }

    pub fn date(name: &str, label: impl Into<String>) -> Field {
        Field::new(name, label, Kind::Date)
    }

    pub fn choice(name: &str, label: impl Into<String>, choices: Vec<(String, String)>) -> Field {
        Field::new(name, label, Kind::Choice(choices))
    }

    pub fn ticks(name: &str, label: impl Into<String>, choices: Vec<(String, String)>) -> Field {
        Field::new(name, label, Kind::Ticks(choices))
    }

    pub fn given(name: &str, value: impl ToString) -> Field {
        Field::new(name, "", Kind::Given).value(value)
    }

    pub fn hint(self, hint: impl Into<String>) -> Field {
        Field { hint: hint.into(), ..self }
    }

    pub fn required(self) -> Field {
        Field { required: true, ..self }
    }

    /// Whether one of several must be ticked and none is.
    pub fn lacks_a_tick(&self, fields: &Fields) -> bool {
        self.required && matches!(self.kind, Kind::Ticks(_)) && fields.given(&self.name).is_none()
    }

    pub fn aside(self) -> Field {
        Field { aside: true, ..self }
    }

    pub fn value(self, value: impl ToString) -> Field {
        Field { values: vec![value.to_string()], ..self }
    }

    /// What is stored; nothing when there is nothing.
    pub fn stored(self, value: Option<impl ToString>) -> Field {
        Field { values: value.map(|value| value.to_string()).into_iter().collect(), ..self }
    }

    pub fn values(self, values: impl IntoIterator<Item = impl ToString>) -> Field {
        Field { values: values.into_iter().map(|value| value.to_string()).collect(), ..self }
    }

    /// Its id in the page.
    pub fn id(&self) -> String {
        self.name.replace('.', "-")
    }

    pub(super) fn text(&self) -> &str {
        self.values.first().map_or("", String::as_str)
    }

    pub(super) fn holds(&self, value: &str) -> bool {
        self.values.iter().any(|held| held == value)
    }

    /// What was typed, as the input has it; nothing when it was left empty.
    pub(super) fn typed(&self, fields: &Fields, pointers: &mut Vec<(String, String)>) -> Option<Value> {
        match &self.kind {
            Kind::Ticks(_) => {
                Some(Value::Array(fields.all(&self.name).filter(|t| !t.is_empty()).map(number).collect()))
            }
            Kind::Tick => Some(Value::Bool(fields.has(&self.name))),
            Kind::Number => fields.given(&self.name).map(number),
            Kind::Given => fields.given(&self.name).map(number),
            Kind::Files => {
                let ids = fields.ids("attachment");
                (!ids.is_empty()).then(|| ids.into())
            }
            Kind::Choice(_) => fields.given(&self.name).map(number),
            Kind::Rows { columns, .. } => {
                let mut items = Vec::new();
                for row in 0..MOST_ROWS {
                    let cell = |column: &Field| format!("{}.{row}.{}", self.name, column.name);
                    let Some(first) = columns.first() else { break };
                    if !fields.has(&cell(first)) {
                        break;
                    }
                    if fields.given(&cell(first)).is_none() {
                        continue;
                    }
                    let mut item = Map::new();
                    for column in columns {
                        let place = format!("/{}/{}/{}", self.name, items.len(), column.name);
                        pointers.push((place, cell(column).replace('.', "-")));
                        if let Some(text) = fields.given(&cell(column)) {
                            let value = match column.kind {
                                Kind::Line | Kind::Prose => text.into(),
                                _ => number(text),
                            };
                            item.insert(column.name.clone(), value);
                        }
                    }
                    items.push(Value::Object(item));
                }
                Some(items.into())
            }
            Kind::Line | Kind::Prose | Kind::Date | Kind::Time | Kind::Password => {
                fields.given(&self.name).map(Value::from)
            }
        }
    }

    /// Puts in what was typed.
    pub(super) fn fill(&mut self, fields: &Fields) {
        if matches!(self.kind, Kind::Password) {
            return;
        }
        if let Kind::Rows { columns, rows } = &mut self.kind {
            for (index, row) in rows.iter_mut().enumerate() {
                for (column, cell) in columns.iter().zip(row.iter_mut()) {
                    if matches!(column.kind, Kind::Given) {
                        continue;
                    }
                    *cell = fields.get(&format!("{}.{index}.{}", self.name, column.name)).to_owned();
                }
            }
            return;
        }
        let typed: Vec<String> = fields.all(&self.name).map(str::to_owned).collect();
        let before = std::mem::replace(&mut self.values, typed);
        let stored = before.first().cloned().unwrap_or_default();
        let plain = matches!(self.kind, Kind::Line | Kind::Prose | Kind::Date | Kind::Time | Kind::Number);
        self.stored = (plain && stored != self.text()).then_some(stored);
    }
}

/// The most rows that a form shows and is read for.
pub const MOST_ROWS: usize = 500;

/// A number as a number, yes and no as such: ids, counts, points, choices; everything else as the text it is.
fn number(text: &str) -> Value {
    match (text, text.parse::<i64>(), text.parse::<f64>()) {
        ("true", ..) => true.into(),
        ("false", ..) => false.into(),
        (_, Ok(whole), _) => whole.into(),
        (_, Err(_), Ok(number)) if text.starts_with(|first: char| first.is_ascii_digit()) => number.into(),
        _ => text.into(),
    }
}
