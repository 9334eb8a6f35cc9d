//! What is seen: pure functions of the state, and small values that compare quickly.
//!
//! A component selects what it needs with one of these functions and renders it again only when the value differs.

mod aggregate;
mod announce;
mod beside;
mod bill;
mod canvas;
pub mod card;
mod commands;
mod connect;
mod defaults;
mod dock;
mod drawing;
mod ended;
mod faults;
mod fields;
mod format;
mod home;
mod inspector;
mod journey;
pub(crate) mod links;
mod menu;
mod minimap;
mod nodes;
mod outline;
mod palette;
mod pill;
mod share;
mod table;
mod trouble;
mod wire;

use std::ops::Deref;
use std::sync::Arc;

pub use aggregate::track_name;
pub(crate) use aggregate::{exists as aggregate_exists, first_tracks};
pub(crate) use announce::Announcer;
pub use beside::{KeyMark, WorkerRow};
pub use bill::BillView;
pub use canvas::{CanvasView, Legend, LegendEntry, canvas_view, legend, wire_curves};
pub use commands::{CommandEntry, command_entries, narrowed};

pub use connect::{CandidateView, ConnectView, connect_view};
pub(crate) use dock::refused_beside;
pub use dock::{
    EventRow, Flag, FlagKind, RunChip, TrackView, TracksView, TransportView, clock_text, event_rows,
    short_time, tracks, transport_view,
};
pub use drawing::{DrawingItem, GroupView, NOTE_WIDTH, NoteView, drawing_items, group_views, note_views};
pub(crate) use drawing::{drawn_around, group_of_selection, note_size};
pub use ended::{EndedView, ended};
pub use faults::{Happening, all_faults, happenings};
pub use fields::{FieldKindView, FieldView};
pub use format::{format_bytes, format_count, format_rate, format_value, spoken_time, value_text};
pub use home::{GalleryCard, GalleryView, HintView, LEARNING_PATH, gallery, hints, kept};
pub use inspector::{
    ExpectationRow, InspectorView, LinkInspector, LinkRow, MessageRow, MetricRow, NodeInspector,
    NodesInspector, inspector, inspector_is_shown, inspector_is_wide, sheet,
};
pub use journey::{
    Bar, CallRow, ChartRow, ChartView, Connector, CopyRow, JourneyInspector, JourneyRow, JourneyRows,
    JourneyStep, Said, SaidMark, Why, journey_chart, journey_inspector, journey_rows, journey_steps,
};
pub use links::{LinkStyle, LinkView, drawn_ends, link_view, link_views};
pub use menu::{MenuItem, MenuPart, align_items, distribute_items, menu};
pub use minimap::{MinimapView, minimap, minimap_path};
pub use nodes::{CandidateMark, NodeView, PortView, RowView, node_ids, node_rect, node_view, node_views};
pub(crate) use nodes::{crowded, filter_field, full_size, refusal};
pub use outline::{OutlineItem, OutlineLink, outline};
pub use palette::{PaletteItem, PaletteSection, palette};
pub use pill::PillView;
pub use share::{EmbedFormat, EmbedOptions, ShareView, embed_address, embed_code, share};
pub use table::{Table, csv, event_table, events_as_table, track_choices, track_table};
pub(crate) use wire::{lanes_of, lengths};

/// A file name without its ending and without anything that a file system could mind.
pub fn file_stem(title: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let name: String = title.chars().map(plain).collect();
    let name = name.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    if name.is_empty() { "diagram".into() } else { name }
}

/// A large value that is shared: two are equal when they are the same one.
#[derive(Debug)]
pub struct Shared<T>(pub Arc<T>);

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}
impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
impl<T> Deref for Shared<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}
