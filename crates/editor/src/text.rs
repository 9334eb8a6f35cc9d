//! The document as text, both ways: what is drawn is written there, and what is written there can be applied.

use scenario::{Diagnostic, Parsed, Severity, line_of, parse};

use crate::edit::Edit;
use crate::effect::Effect;
use crate::reduce::{change, fail, select, tell};
use crate::selection::Selection;
use crate::state::EditorState;

/// The document's text, while it is looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextDraft {
    /// What is written.
    pub text: String,
    /// It was typed in, and differs from what is drawn.
    pub changed: bool,
    /// What is drawn was changed meanwhile.
    pub behind: bool,
    /// What is wrong with it, in the order of its lines.
    pub faults: Vec<TextFault>,
}

/// Something wrong with the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextFault {
    /// Its line, from 1.
    pub line: usize,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, and what would be right.
    pub message: String,
    /// The text cannot be applied with it: something of it cannot be read.
    pub unreadable: bool,
}

impl TextDraft {
    /// It can become the document.
    pub fn can_apply(&self) -> bool {
        self.changed && !self.faults.iter().any(|fault| fault.unreadable)
    }
}

/// What can be done with the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextAction {
    /// Show it.
    Open,
    /// It was typed.
    Type(String),
    /// Make it the document: one step of undo.
    Apply,
    /// Write what is drawn in its place.
    Discard,
    /// Show it no longer.
    Close,
}

pub(crate) fn act(state: &mut EditorState, action: TextAction) -> Vec<Effect> {
    match action {
        TextAction::Open => {
            select(state, Selection::Nothing);
            state.panels.inspector_open = true;
            if state.text.is_none() {
                state.text = Some(written(state));
            }
            return vec![Effect::Focus(crate::effect::Focus::Text)];
        }
        TextAction::Type(text) => typed(state, text),
        TextAction::Apply => return apply(state),
        TextAction::Discard => state.text = Some(written(state)),
        TextAction::Close => state.text = None,
    }
    Vec::new()
}

/// What is drawn, as text.
fn written(state: &EditorState) -> TextDraft {
    let text = state.scenario.to_json();
    let faults = faults(&text, state.diagnostics.iter(), &[]);
    TextDraft { text, faults, ..TextDraft::default() }
}

fn typed(state: &mut EditorState, text: String) {
    let changed = text != state.scenario.to_json();
    let behind = state.text.as_ref().is_some_and(|draft| draft.behind) && changed;
    let parsed = parse(&text);
    let unreadable: Vec<Diagnostic> = parsed.diagnostics.errors().cloned().collect();
    // What follows from something that cannot be read is no news.
    let all = if unreadable.is_empty() { parsed.validated().diagnostics.0 } else { unreadable.clone() };
    let faults = faults(&text, all.iter(), &unreadable);
    state.text = Some(TextDraft { text, changed, behind, faults });
}

fn faults<'a>(
    text: &str,
    diagnostics: impl Iterator<Item = &'a Diagnostic>,
    unreadable: &[Diagnostic],
) -> Vec<TextFault> {
    let fault = |diagnostic: &Diagnostic| TextFault {
        line: line_of(text, &diagnostic.pointer).unwrap_or(1),
        severity: diagnostic.severity,
        message: match &diagnostic.hint {
            Some(hint) => format!("{} {hint}", diagnostic.message),
            None => diagnostic.message.clone(),
        },
        unreadable: unreadable.contains(diagnostic),
    };
    let mut faults: Vec<TextFault> = diagnostics.map(fault).collect();
    faults.sort_by_key(|fault| fault.line);
    faults
}

fn apply(state: &mut EditorState) -> Vec<Effect> {
    let Some(draft) = state.text.clone() else { return Vec::new() };
    if let Some(fault) = draft.faults.iter().find(|fault| fault.unreadable) {
        return fail(state, format!("Line {}: {}", fault.line, fault.message));
    }
    let Parsed { scenario, .. } = parse(&draft.text);
    // As the playground writes it: the text follows what is drawn again.
    state.text = Some(TextDraft { changed: false, ..draft });
    let mut effects = change(state, &Edit::Replace(Box::new(scenario)));
    follow(state);
    effects.push(tell(state, "The text is the diagram now.", true));
    effects
}

/// The drawing was changed: a text nobody touched is written anew.
pub(crate) fn follow(state: &mut EditorState) {
    match &mut state.text {
        Some(draft) if draft.changed => draft.behind = true,
        Some(_) => state.text = Some(written(state)),
        None => {}
    }
}
