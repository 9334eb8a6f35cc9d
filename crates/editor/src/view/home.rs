//! Home, the top bar, hints and sharing.

use messaging::LogicalId;
use scenario::{Diagnostic, JsonPointer, Scenario, Severity, gallery};

use crate::action::DraftEntry;
use crate::edit::title_and_icon;
use crate::geometry::{Point, Rect, Size};
use crate::layout::places;
use crate::selection::LinkEnds;
use crate::state::{EditorState, Origin, SaveStatus};
use crate::view::{Shared, card};

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

/// The first scenarios of the gallery are the learning path: each builds on those before it. Ours.
pub const LEARNING_PATH: usize = 12;

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
    /// The number to find by watching, in words.
    pub find: Option<String>,
    /// The kinds in it, as titles and icons.
    pub services: Vec<(&'static str, &'static str)>,
    /// A small drawing: node rectangles with their icons, within 0 to 1.
    pub nodes: Vec<(Rect, &'static str)>,
    /// Lines between the middles of nodes.
    pub lines: Vec<(Point, Point)>,
}

/// How the diagram is kept, such as `Saved in this browser`; before it is changed, where it comes from.
pub fn kept(state: &EditorState) -> String {
    match &state.saving.status {
        SaveStatus::Unchanged => origin_text(&state.origin),
        SaveStatus::Saving => "Saving".into(),
        SaveStatus::Saved => "Saved in this browser".into(),
        SaveStatus::Elsewhere => "Changed in another tab".into(),
        SaveStatus::Failed(_) => "Not saved".into(),
    }
}

fn origin_text(origin: &Origin) -> String {
    match origin {
        Origin::Empty => String::new(),
        Origin::Gallery(name) => {
            let place = gallery::ALL.iter().position(|entry| entry.name == name);
            place
                .map_or_else(String::new, |place| format!("Scenario {} of {}", place + 1, gallery::ALL.len()))
        }
        Origin::Link => "From a link".into(),
        Origin::Draft => "Saved in this browser".into(),
        Origin::File => "From a file".into(),
    }
}

/// What is wrong or doubtful, worst first.
pub fn hints(state: &EditorState) -> Vec<HintView> {
    let mut hints: Vec<HintView> =
        state.diagnostics.iter().map(|diagnostic| hint(state, diagnostic)).collect();
    hints.sort_by_key(|hint| std::cmp::Reverse(hint.severity));
    hints
}

fn hint(state: &EditorState, diagnostic: &Diagnostic) -> HintView {
    let segments: Vec<String> = diagnostic.pointer.segments().collect();
    let (mut node, mut link) = (None, None);
    match segments.as_slice() {
        [section, owner, ..] if section == "Resources" => node = Some(LogicalId::from(owner.as_str())),
        [section, place, ..] if section == "Links" => {
            let found = place.parse().ok().and_then(|place: usize| state.scenario.links.get(place));
            link = found.map(|found| LinkEnds::new(found.from.clone(), found.to.clone()));
        }
        _ => {}
    }
    HintView {
        severity: diagnostic.severity,
        message: diagnostic.message.clone(),
        hint: diagnostic.hint.clone(),
        pointer: diagnostic.pointer.clone(),
        node,
        link,
    }
}

/// Home. The cards never change: make them once.
pub fn gallery(state: &EditorState) -> GalleryView {
    let cards: Vec<GalleryCard> = gallery::ALL.iter().map(gallery_card).collect();
    let mut topics: Vec<String> = Vec::new();
    for topic in cards.iter().flat_map(|card| &card.topics) {
        if !topics.contains(topic) {
            topics.push(topic.clone());
        }
    }
    GalleryView { drafts: Shared(state.drafts.clone()), cards, topics }
}

fn gallery_card(entry: &gallery::Entry) -> GalleryCard {
    let scenario = entry.scenario();
    let shown = scenario.card.clone().unwrap_or_default();
    let (nodes, lines) = thumbnail(&scenario);
    let mut services: Vec<(&'static str, &'static str)> = Vec::new();
    for properties in scenario.resources.values() {
        let service = title_and_icon(properties);
        if properties.kind().descriptor().resource_type.starts_with("AWS::") && !services.contains(&service) {
            services.push(service);
        }
    }
    GalleryCard {
        name: entry.name,
        title: scenario.title.clone(),
        question: shown.question,
        see: shown.see,
        minutes: shown.minutes,
        topics: shown.topics,
        quota: shown.quota,
        find: shown.find,
        services,
        nodes,
        lines,
    }
}

type Thumbnail = (Vec<(Rect, &'static str)>, Vec<(Point, Point)>);

/// The diagram, small: everything between 0 and 1, in its own proportions.
fn thumbnail(scenario: &Scenario) -> Thumbnail {
    let size = |id: &LogicalId| card::full_size(id.as_str(), None, 0);
    let places = places(scenario, &size);
    let rects: Vec<(&LogicalId, Rect)> =
        places.iter().map(|(id, at)| (id, Rect::new(*at, size(id)))).collect();
    let Some(bounds) = rects.iter().map(|(_, rect)| *rect).reduce(|all, rect| all.union(&rect)) else {
        return Thumbnail::default();
    };
    let scale = 1.0 / bounds.size.width.max(bounds.size.height).max(1.0);
    let small =
        |point: Point| Point::new((point.x - bounds.origin.x) * scale, (point.y - bounds.origin.y) * scale);
    let shrink = |rect: &Rect| {
        Rect::new(small(rect.origin), Size::new(rect.size.width * scale, rect.size.height * scale))
    };
    let middle =
        |id: &LogicalId| rects.iter().find(|(other, _)| *other == id).map(|(_, rect)| small(rect.center()));
    let nodes = rects.iter().filter_map(|(id, rect)| {
        let (_, icon) = title_and_icon(scenario.resources.get(*id)?);
        Some((shrink(rect), icon))
    });
    let lines = scenario.links.iter().filter_map(|link| middle(&link.from).zip(middle(&link.to)));
    (nodes.collect(), lines.collect())
}
