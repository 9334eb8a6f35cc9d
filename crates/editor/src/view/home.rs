//! Home, the top bar, hints and sharing.

use scenario::{JsonPointer, Severity};

use messaging::LogicalId;

use crate::action::DraftEntry;
use crate::selection::LinkEnds;
use crate::state::EditorState;
use crate::view::Shared;

/// The top bar.
#[derive(Clone, Debug, PartialEq)]
pub struct TopBarView {
    /// The document's title, or `Untitled diagram`.
    pub title: String,
    /// Whether it is kept: `Saved in this browser`.
    pub saved_text: String,
    /// There is a step to undo.
    pub can_undo: bool,
    /// There is a step to redo.
    pub can_redo: bool,
    /// How many hints there are.
    pub hints: usize,
    /// Some of them keep the document from running.
    pub has_errors: bool,
}

/// A hint: something wrong, or something that may not be meant.
#[derive(Clone, Debug, PartialEq)]
pub struct HintView {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub hint: Option<String>,
    /// Where in the document.
    pub pointer: JsonPointer,
    /// The node it is about.
    pub node: Option<LogicalId>,
    /// The link it is about.
    pub link: Option<LinkEnds>,
}

/// Home.
#[derive(Clone, Debug, PartialEq)]
pub struct GalleryView {
    /// One's own diagrams, latest first.
    pub drafts: Shared<Vec<DraftEntry>>,
    /// The scenarios.
    pub cards: Vec<GalleryCard>,
    /// What they are about, for the filter.
    pub topics: Vec<String>,
}

/// A scenario of the gallery.
#[derive(Clone, Debug, PartialEq)]
pub struct GalleryCard {
    /// Its name, for `Action::OpenGallery`.
    pub name: &'static str,
    /// Its title.
    pub title: String,
    /// The question it answers.
    pub question: String,
    /// What there is to see.
    pub see: String,
    /// Simulated minutes worth watching.
    pub minutes: u32,
    /// What it is about.
    pub topics: Vec<String>,
    /// The quota it runs into, in words.
    pub quota: Option<String>,
    /// The kinds in it, as titles and icons.
    pub services: Vec<(&'static str, &'static str)>,
    /// A small drawing: node rectangles and lines, 0 to 1 across and down.
    pub nodes: Vec<(crate::geometry::Rect, &'static str)>,
    /// Lines between the middles of nodes.
    pub lines: Vec<(crate::geometry::Point, crate::geometry::Point)>,
}

/// What the share dialog shows.
#[derive(Clone, Debug, PartialEq)]
pub struct ShareView {
    /// The fragment, without `#`.
    pub fragment: String,
    /// Characters of the fragment.
    pub characters: usize,
    /// Longer than some apps carry: offer the file.
    pub long: bool,
    /// The document's JSON.
    pub document: String,
    /// The frame for another page; `{address}` stands for the page's own address.
    pub embed: String,
    /// The clipboard took what was copied last.
    pub copied: Option<bool>,
}

/// The top bar.
pub fn top_bar(state: &EditorState) -> TopBarView {
    let _ = state;
    TopBarView {
        title: String::new(),
        saved_text: String::new(),
        can_undo: false,
        can_redo: false,
        hints: 0,
        has_errors: false,
    }
}

/// What is wrong or doubtful, worst first.
pub fn hints(state: &EditorState) -> Vec<HintView> {
    let _ = state;
    Vec::new()
}

/// Home. The cards never change: make them once.
pub fn gallery(state: &EditorState) -> GalleryView {
    GalleryView { drafts: Shared(state.drafts.clone()), cards: Vec::new(), topics: Vec::new() }
}

/// What the share dialog shows.
pub fn share(state: &EditorState) -> ShareView {
    let _ = state;
    ShareView {
        fragment: String::new(),
        characters: 0,
        long: false,
        document: String::new(),
        embed: String::new(),
        copied: None,
    }
}
