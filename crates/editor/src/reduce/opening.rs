//! Opening documents, and keeping them. Opening never overwrites what is kept.

use std::sync::Arc;

use engine::Revision;
use scenario::{Diagnostics, Parsed, Scenario, gallery, parse, url};

use super::document::{load, settle};
use super::{fail, tell};
use crate::action::Action;
use crate::effect::Effect;
use crate::history::History;
use crate::panels::{Dialog, Screen};
use crate::run::{EngineStatus, Run};
use crate::selection::Selection;
use crate::state::{EditorState, Origin, SaveStatus, Saving};
use crate::tool::Tool;

pub(super) fn reduce(state: &mut EditorState, action: Action) -> Result<Vec<Effect>, Action> {
    Ok(match action {
        Action::OpenFragment(fragment) => open_fragment(state, &fragment),
        Action::OpenGallery(name) => match gallery::find(&name) {
            Some(entry) => open(state, parse(entry.json), Origin::Gallery(name)),
            None => fail(state, format!("There is no scenario {name} in the gallery.")),
        },
        Action::OpenDraft(draft) => {
            let effects = open(state, parse(&draft.document), Origin::Draft);
            state.saving = Saving { draft: Some(draft.id), status: SaveStatus::Saved };
            effects
        }
        Action::ChooseDraft(id) => vec![Effect::ReadDraft(id)],
        Action::DeleteDraft(id) => {
            if state.saving.draft.as_ref() == Some(&id) {
                state.saving = Saving::default();
            }
            vec![Effect::DeleteDraft(id)]
        }
        Action::NewDocument => {
            let parsed = Parsed { scenario: Scenario::default(), diagnostics: Diagnostics::default() };
            open(state, parsed, Origin::Empty)
        }
        Action::Import(text) => import(state, &text),
        Action::DraftsListed(drafts) => {
            state.drafts = Arc::new(drafts);
            Vec::new()
        }
        Action::DraftSaved { id } => {
            state.saving = Saving { draft: Some(id), status: SaveStatus::Saved };
            vec![Effect::ListDrafts]
        }
        Action::KeptElsewhere(id) => kept_elsewhere(state, id),
        Action::DraftFailed(reason) => {
            state.saving.status = SaveStatus::Failed(reason);
            Vec::new()
        }
        other => return Err(other),
    })
}

/// Another tab has changed the same diagram. Neither overwrites the other: what is changed here is kept beside it.
fn kept_elsewhere(state: &mut EditorState, id: String) -> Vec<Effect> {
    if state.saving.draft.as_ref() != Some(&id) {
        return vec![Effect::ListDrafts];
    }
    state.saving = Saving { draft: None, status: SaveStatus::Elsewhere };
    let text = "This diagram was changed in another tab. What you change here is kept as a copy.";
    let effect = tell(state, text, false);
    if let Some(notice) = &mut state.panels.notice {
        notice.open_draft = Some(id);
    }
    vec![effect, Effect::ListDrafts]
}

fn open_fragment(state: &mut EditorState, fragment: &str) -> Vec<Effect> {
    let fragment = fragment.trim().trim_start_matches('#');
    if fragment.is_empty() {
        return vec![Effect::ListDrafts];
    }
    if state.panels.screen == Screen::Editor && fragment == state.fragment() {
        return Vec::new();
    }
    let link = match url::read(fragment) {
        Ok(link) => link,
        Err(error) => return broken(state, fragment, &error),
    };
    let (note, at) = (link.note(), link.at);
    let origin = link.gallery.map_or(Origin::Link, |name| Origin::Gallery(name.to_owned()));
    let mut effects = open(state, link.parsed, origin);
    if link.gallery.is_some() {
        // A link that people can read and change stays in the address bar until the document is changed.
        effects.retain(|effect| *effect != Effect::WriteLocation);
    }
    if let Some(at) = at {
        state.run.start_at = Some(at);
        effects.extend(super::running::go_to_start(state));
    }
    effects.extend(note.map(|note| tell(state, note, false)));
    effects
}

/// What happened, the likely cause, and a way on. Whatever was open stays open.
fn broken(state: &mut EditorState, fragment: &str, error: &url::UrlError) -> Vec<Effect> {
    let effects = fail(state, error.to_string());
    if state.panels.screen == Screen::Gallery && state.player.is_none() {
        let characters = fragment.chars().count();
        let cause = match error {
            url::UrlError::Corrupt => format!(
                " It ends after {characters} characters, often because a chat app shortened it. Ask for the link \
                 again, or for the file."
            ),
            _ => " Ask for the link again, or for the file.".to_owned(),
        };
        state.panels.notice = None;
        state.panels.broken_link = Some(error.to_string() + &cause);
    }
    effects
}

fn import(state: &mut EditorState, text: &str) -> Vec<Effect> {
    let text = text.trim();
    // A link is as good as the document it holds.
    if let Some((before, fragment)) = text.split_once('#')
        && !before.contains('{')
    {
        return open_fragment(state, fragment);
    }
    // So is what stands in it after the `#`.
    if ["g=", "s1."].iter().any(|begins| text.starts_with(begins)) {
        return open_fragment(state, text);
    }
    let parsed = parse(text);
    // A text that holds no document at all changes nothing.
    if parsed.scenario.resources.is_empty() && parsed.diagnostics.has_errors() {
        let first = parsed.diagnostics.errors().next().map_or_else(String::new, ToString::to_string);
        return fail(state, first);
    }
    open(state, parsed, Origin::File)
}

/// Makes a document the one being edited, with nothing to undo and nothing selected.
fn open(state: &mut EditorState, parsed: Parsed, origin: Origin) -> Vec<Effect> {
    let faults = parsed.diagnostics.errors().count();
    let parsed = parsed.validated();
    // What the engine still says of the document before is not heard any more.
    let engine = match state.run.engine.clone() {
        EngineStatus::Ready => EngineStatus::Idle,
        other => other,
    };
    let sent = state.run.sent;
    state.run = Run { engine, sent, loaded: Revision(sent.0 + 1), ..Run::default() };
    state.scenario = Arc::new(parsed.scenario);
    state.diagnostics = Arc::new(parsed.diagnostics);
    state.history = History::default();
    state.selection = Selection::Nothing;
    state.focused = None;
    state.tool = Tool::Idle;
    state.filter = None;
    state.property_drafts.clear();
    state.text = None;
    state.predictions.clear();
    state.origin = origin;
    state.saving = Saving::default();
    state.panels.screen = Screen::Editor;
    state.panels.dialog = None;
    state.panels.notice = None;
    state.panels.broken_link = None;
    state.playback.tracks.clear();
    state.playback.tracks_chosen = false;
    state.playback.colour_chosen = false;
    state.playback.transport.playing = false;
    state.playback.view_settled = false;
    state.playback.transport.restart();
    settle(state);
    super::session::fit_all(state);
    let mut effects = state.playback.forget_flows();
    effects.extend(load(state));
    effects.push(Effect::WriteLocation);
    effects.extend(super::running::choose_tracks(state));
    effects.push(match faults {
        0 => tell_opened(state),
        1 => tell(state, "One thing in this document could not be read; see Hints.", false),
        _ => tell(state, format!("{faults} things in this document could not be read; see Hints."), false),
    });
    if faults > 0 {
        state.panels.dialog = Some(Dialog::Hints);
    }
    effects
}

fn tell_opened(state: &mut EditorState) -> Effect {
    let (nodes, links) = (state.scenario.resources.len(), state.scenario.links.len());
    let effect = tell(state, format!("{}, {nodes} nodes, {links} links.", state.title()), false);
    state.panels.notice = None;
    effect
}
