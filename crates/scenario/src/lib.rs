//! The shareable document: what people draw, save, send and run.
//!
//! [`parse`] reads a document and never stops at the first fault; [`validate`] says what AWS would refuse;
//! [`compile`] makes the [`WorldSpec`](messaging::WorldSpec) that a world runs. [`url`] puts a document into a
//! link and takes it out again. The format is described in `docs/scenario-format.md`.

mod compile;
mod diagnostic;
mod document;
mod duration;
pub mod expectation;
pub mod gallery;
pub mod limits;
mod lines;
pub mod links;
mod model;
mod overrides;
mod parse;
mod pointer;
#[cfg(feature = "schema")]
mod schema;
pub mod url;
mod validate;

pub use compile::compile;
pub use diagnostic::{Diagnostic, DiagnosticCode, Diagnostics, Severity};
pub use duration::{format_duration, parse_duration};
pub use expectation::{Outcome, check};
pub use lines::line_of;
pub use links::{Refusal, default_link_type, link_refusal, link_refusal_under, new_link};
pub use model::{
    Bound, Caption, Card, Expectation, Group, Layout, Note, Position, Question, Resources, Scenario,
    Statistic, TimelineEntry, VERSION,
};
pub use overrides::{Override, apply_overrides};
pub use parse::{Parsed, parse, parse_value};
pub use pointer::JsonPointer;
#[cfg(feature = "schema")]
pub use schema::json_schema;
pub use validate::{events_per_second, runs_by_itself, validate};
