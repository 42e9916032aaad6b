//! What is wrong with a form: said at its top with a link to the field, and at the field.

use super::told::told;
use super::words::Lang;
use crate::platform::{Error, Problem};

/// One thing to mend.
#[derive(Debug, Clone)]
pub struct Fault {
    /// Id of the field, when it lies in one.
    pub field: Option<String>,
    pub sentence: String,
    /// What the field is called, said before the sentence at the top; empty: the sentence says it.
    pub label: String,
}

/// Everything to mend in a form.
#[derive(Debug, Clone, Default)]
pub struct Marks(pub Vec<Fault>);

impl Marks {
    /// Nothing.
    pub fn none() -> Marks {
        Marks::default()
    }

    /// From a refusal: `fields` says which field an input's pointer is about (`("/held_on", "held")`); a pointer
    /// counts for everything below it. An error that the person can't mend in the form is handed back.
    pub fn of(error: Error, lang: Lang, fields: &[(&str, &str)]) -> Result<Marks, Error> {
        let problem = error.problem();
        if problem.code.status == 401 || problem.code.status >= 500 {
            return Err(error);
        }
        let mut marks = Marks::none();
        marks.add(&problem, lang, fields);
        Ok(marks)
    }

    /// More of them.
    pub fn add(&mut self, problem: &Problem, lang: Lang, fields: &[(&str, &str)]) {
        let field_of = |pointer: &str| {
            let below =
                |place: &str| pointer == place || pointer.strip_prefix(place).is_some_and(|rest| rest.starts_with('/'));
            fields.iter().find(|(place, _)| below(place)).map(|(_, field)| (*field).to_owned())
        };
        if problem.faults.is_empty() {
            self.say(None, told(lang, problem.code, &problem.args));
        }
        for fault in &problem.faults {
            self.say(field_of(&fault.pointer), told(lang, fault.code, &fault.args));
        }
    }

    /// One more, in the console's own words; each sentence of a field once.
    pub fn say(&mut self, field: Option<String>, sentence: impl Into<String>) {
        let sentence = sentence.into();
        if !self.0.iter().any(|known| known.field == field && known.sentence == sentence) {
            self.0.push(Fault { field, sentence, label: String::new() });
        }
    }

    /// The same, each fault with the name of its field: `("held", "开展日期")`.
    pub fn called(mut self, labels: &[(&str, impl AsRef<str>)]) -> Marks {
        for fault in &mut self.0 {
            let named = labels.iter().find(|(field, _)| fault.field.as_deref() == Some(*field));
            fault.label = named.map(|(_, label)| label.as_ref().to_owned()).unwrap_or_default();
        }
        self
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.0.iter()
    }

    /// What is wrong with one field.
    pub fn at(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|fault| fault.field.as_deref() == Some(field)).map(|fault| fault.sentence.as_str())
    }
}
