//! The diagram as a tree.

use messaging::node_state::Health;
use messaging::{LinkSpec, LogicalId, Properties};

use crate::edit::title_and_icon;
use crate::filter_policy::policy_words;
use crate::selection::LinkEnds;
use crate::state::EditorState;
use crate::view::{links, nodes};

/// A node in the outline.
#[derive(Clone, Debug, PartialEq)]
pub struct OutlineItem {
    /// Its name.
    pub id: LogicalId,
    /// File name of its icon.
    pub icon: &'static str,
    /// What people call its kind.
    pub kind_title: &'static str,
    /// How it is doing, in a word or two; empty while all is well.
    pub word: &'static str,
    /// It is selected.
    pub selected: bool,
    /// What a screen reader says of it.
    pub label: String,
    /// The links that leave it.
    pub links: Vec<OutlineLink>,
}

/// A link in the outline.
#[derive(Clone, Debug, PartialEq)]
pub struct OutlineLink {
    /// Which link.
    pub ends: LinkEnds,
    /// Such as `to refunds, filtered, 63 per second`.
    pub label: String,
    /// It is selected.
    pub selected: bool,
}

/// The diagram as a tree, in the order of the document.
pub fn outline(state: &EditorState) -> Vec<OutlineItem> {
    state.scenario.resources.iter().map(|(id, properties)| item(state, id, properties)).collect()
}

fn item(state: &EditorState, id: &LogicalId, properties: &Properties) -> OutlineItem {
    let (kind_title, icon) = title_and_icon(properties);
    let run = state.run.nodes.get(id);
    let links = state.scenario.links.iter().filter(|link| link.from == *id);
    let word = health_word(run.map_or(Health::Ok, |run| run.state.health));
    // What is read begins with what is seen: who speaks to the page says what is written (WCAG 2.2, 2.5.3).
    let seen = if word.is_empty() { id.to_string() } else { format!("{id}, {word}") };
    OutlineItem {
        id: id.clone(),
        icon,
        kind_title,
        word,
        selected: state.selection.has_node(id),
        label: nodes::label(&seen, kind_title, run.map(|run| run.state.summary.as_str())),
        links: links.map(|link| outline_link(state, link)).collect(),
    }
}

fn health_word(health: Health) -> &'static str {
    match health {
        Health::Ok => "",
        Health::NearQuota => "near quota",
        Health::DeadLetters => "dead letters",
        Health::Throttled => "refused",
        Health::Failing => "failing",
        Health::Down => "down",
    }
}

fn outline_link(state: &EditorState, link: &LinkSpec) -> OutlineLink {
    let ends = LinkEnds::new(link.from.clone(), link.to.clone());
    let run = state.run.link(&ends).copied().unwrap_or_default();
    let (key, _) = policy_words(&link.properties);
    OutlineLink {
        label: links::label(&ends, &run, key.is_some()),
        selected: state.selection.has_link(&ends),
        ends,
    }
}
