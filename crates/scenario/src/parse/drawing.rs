//! The sections that say how the document is drawn.

use std::collections::BTreeSet;

use messaging::LogicalId;
use serde_json::Value;

use super::Reader;
use crate::diagnostic::{Diagnostic, DiagnosticCode};
use crate::limits::{MAX_NOTE_CHARACTERS, MAX_POSITION};
use crate::model::{Group, Layout, Note, Position, Resources};
use crate::pointer::JsonPointer;

impl Reader {
    pub(super) fn layout(&mut self, value: Option<&Value>, resources: &Resources) -> Layout {
        let at = JsonPointer::root().then("Layout");
        let mut layout = Layout::new();
        let Some(value) = value else { return layout };
        let Some(members) = self.object(value, &at) else { return layout };
        for (name, value) in members {
            let (at, id) = (at.then(name), LogicalId::from(name.as_str()));
            let Some(position) = self.position(value, &at) else { continue };
            if resources.contains_key(&id) {
                layout.insert(id, position);
            } else {
                let message = format!("There is no resource {id} to stand here.");
                self.diagnostics.push(Diagnostic::warning(DiagnosticCode::DanglingLink, &at, message));
            }
        }
        layout
    }

    fn position(&mut self, value: &Value, at: &JsonPointer) -> Option<Position> {
        let Ok([x, y]) = serde_json::from_value::<[f64; 2]>(value.clone()) else {
            let message = "A position has to be two numbers, such as [80, 120].";
            self.error(DiagnosticCode::WrongType, at, message);
            return None;
        };
        Some([x.round() as i32, y.round() as i32])
    }

    pub(super) fn groups(&mut self, value: Option<&Value>, resources: &Resources) -> Vec<Group> {
        let at = JsonPointer::root().then("Groups");
        let mut taken = BTreeSet::new();
        let elements = self.list(value, &at).iter().enumerate();
        elements
            .filter_map(|(place, value)| self.group(value, &at.then(place), resources, &mut taken))
            .collect()
    }

    fn group(
        &mut self,
        value: &Value,
        at: &JsonPointer,
        resources: &Resources,
        taken: &mut BTreeSet<LogicalId>,
    ) -> Option<Group> {
        let group = self.object(value, at)?;
        self.only_known(group, &["Title", "Resources"], at);
        let title = self.text(group, "Title", at).unwrap_or_default();
        let title = self.short_text(title, &at.then("Title"));
        let at = at.then("Resources");
        let mut members = Vec::new();
        for (place, value) in self.list(group.get("Resources"), &at).iter().enumerate() {
            let at = at.then(place);
            let Some(name) = value.as_str() else {
                self.wrong_type(&at, value, "the name of a resource");
                continue;
            };
            let id = LogicalId::from(name);
            let message = if !resources.contains_key(&id) {
                format!("There is no resource {id} to be grouped.")
            } else if !taken.insert(id.clone()) {
                format!("{id} is in a group already.")
            } else {
                members.push(id);
                continue;
            };
            self.diagnostics.push(Diagnostic::warning(DiagnosticCode::DanglingLink, &at, message));
        }
        // A region around nothing is nowhere.
        (!members.is_empty()).then_some(Group { title, resources: members })
    }

    pub(super) fn notes(&mut self, value: Option<&Value>) -> Vec<Note> {
        let at = JsonPointer::root().then("Notes");
        let elements = self.list(value, &at).iter().enumerate();
        elements.filter_map(|(place, value)| self.note(value, &at.then(place))).collect()
    }

    fn note(&mut self, value: &Value, at: &JsonPointer) -> Option<Note> {
        let note = self.object(value, at)?;
        self.only_known(note, &["Text", "At"], at);
        let text = self.required_text(note, "Text", at)?;
        let text = self.short_text(text, &at.then("Text"));
        let Some(place) = note.get("At") else {
            self.missing(at, "At");
            return None;
        };
        let at = at.then("At");
        let place = self.position(place, &at)?;
        if place.iter().any(|side| side.unsigned_abs() > MAX_POSITION.unsigned_abs()) {
            let message = format!("A position lies within {MAX_POSITION} pixels of the origin.");
            self.error(DiagnosticCode::OutOfRange, &at, message);
            return None;
        }
        Some(Note { text, at: place })
    }

    /// A text people write on the diagram, cut where it is longer than one may be.
    fn short_text(&mut self, text: &str, at: &JsonPointer) -> String {
        if text.chars().count() > MAX_NOTE_CHARACTERS {
            let message = format!("A text on the diagram has at most {MAX_NOTE_CHARACTERS} characters.");
            self.error(DiagnosticCode::TooLarge, at, message);
        }
        text.chars().take(MAX_NOTE_CHARACTERS).collect()
    }
}
