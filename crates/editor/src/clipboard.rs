//! What is copied and pasted: a piece of a document as JSON text, which every editor of text can hold.

use scenario::{Diagnostics, Note, Scenario, parse, url};

use crate::edit::fragment;
use crate::geometry::Point;
use crate::selection::Selection;
use crate::state::EditorState;

/// What is selected as a document of its own, placed as it is seen; nothing if nothing can be copied.
pub fn copied(state: &EditorState) -> Option<Scenario> {
    if let Selection::Note(place) = &state.selection {
        let note = state.scenario.notes.get(*place)?;
        return Some(Scenario { notes: vec![note.clone()], ..Scenario::default() });
    }
    let mut copy = fragment(&state.scenario, &|id| state.selection.has_node(id));
    // Where a node stands that has no place of its own yet.
    let places = crate::reduce::desk_places(state);
    copy.layout =
        copy.resources.keys().filter_map(|id| Some((id.clone(), (*places.get(id)?).into()))).collect();
    (!copy.resources.is_empty()).then_some(copy)
}

/// The same as text for the clipboard.
pub fn copied_text(state: &EditorState) -> Option<String> {
    copied(state).map(|copy| copy.to_json())
}

/// Reads what was pasted: a document or a piece of one, a link, or any other text, which becomes a note.
///
/// # Errors
/// What is wrong with the document or the link, and where.
pub(crate) fn read(text: &str) -> Result<Scenario, String> {
    let text = text.trim();
    let is_document = text.starts_with('{');
    let link = text.split_once('#').map(|(_, fragment)| fragment).unwrap_or(text);
    let is_link = !is_document && link.starts_with("s1.") && !link.contains(char::is_whitespace);
    let parsed = match (is_document, is_link) {
        (true, _) => parse(text),
        (_, true) => url::decode(link).map_err(|error| error.to_string())?,
        _ => return note(text),
    };
    match located(text, &parsed.diagnostics) {
        Some(fault) => Err(format!("Nothing was pasted. {fault}")),
        None => Ok(parsed.scenario),
    }
}

/// The first thing that cannot be read, with its line where there is one.
fn located(text: &str, diagnostics: &Diagnostics) -> Option<String> {
    let first = diagnostics.errors().next()?;
    let line = scenario::line_of(text, &first.pointer);
    let place = match line {
        // A syntax error names its line itself.
        Some(line) if first.code != scenario::DiagnosticCode::Syntax => format!("Line {line}: "),
        _ => String::new(),
    };
    let more = match diagnostics.errors().count() {
        0 | 1 => String::new(),
        count => format!(" And {} more.", count - 1),
    };
    Some(format!("{place}{}{more}", first.message))
}

fn note(text: &str) -> Result<Scenario, String> {
    if text.is_empty() {
        return Err("The clipboard holds no text.".into());
    }
    let text = text.chars().take(scenario::limits::MAX_NOTE_CHARACTERS).collect();
    Ok(Scenario { notes: vec![Note { text, at: [0, 0] }], ..Scenario::default() })
}

/// The same document moved by whole pixels.
pub(crate) fn moved(mut fragment: Scenario, by: Point) -> Scenario {
    let places = fragment.layout.values_mut().chain(fragment.notes.iter_mut().map(|note| &mut note.at));
    for at in places {
        *at = Point::from(*at).moved(by.x, by.y).into();
    }
    fragment
}
