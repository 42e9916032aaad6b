//! HTTP without any feature: extractors that refuse precisely, replies that know their status, and the layer that
//! turns every refusal into a problem document.

mod batch;
mod extract;
mod file;
mod problem;
mod reply;
mod request;
mod table;
mod upload;

pub use batch::{Each, ItemProblem, each, tally};
pub use extract::{Json, Path, Query, Queryless, limits, read_value, whole_body, within};
pub use file::{SentFile, Sheet, blocking};
pub use problem::{ProblemDocument, Rendered, layer, not_allowed, not_found};
pub use reply::{
    Answer, Collected, Created, Document, Download, Item, List, ListBody, NoContent, Reply, SeeOther, collect_schemas,
};
pub use request::{Form, IfMatch, LAYOUT_ID, RequestFacts};
pub use table::CODES as TABLE_CODES;
pub use table::{Layout, LayoutColumn, RUNNING_NUMBER, Table, csv_cell};
pub use upload::{Opened, one_file, open_book};
