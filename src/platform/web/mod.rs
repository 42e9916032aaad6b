//! HTTP without any feature: extractors that refuse precisely, replies that know their status, and the layer that
//! turns every refusal into a problem document.

mod batch;
mod extract;
mod problem;
mod reply;
mod request;
mod table;

pub use batch::{Each, ItemProblem, each, tally};
pub use extract::{Json, Path, Query, Queryless, limits, read_value};
pub use problem::{ProblemDocument, Rendered, layer, not_allowed, not_found};
pub use reply::{Answer, Collected, Created, Download, Item, List, ListBody, NoContent, Reply, collect_schemas};
pub use request::{IfMatch, RequestFacts};
use table::described_csv;
pub use table::{csv_cell, to_csv};
