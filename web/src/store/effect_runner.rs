//! The only place where effects meet the browser.

use std::cell::RefCell;
use std::rc::Weak;

use editor::{Action, EditorState, Effect, Focus, Urgency};
use engine::EngineRequest;
use gloo_timers::callback::Timeout;

use super::Store;
use crate::browser::{self, clipboard, download, drafts, entropy, local_storage, location, theme};
use crate::canvas::flow_canvas::FlowSlot;
use crate::canvas::node::node_selector;
use crate::engine_host::{EngineHost, Heard, Place};

/// How long the address bar and the kept diagram may lag behind the document.
const WRITE_AFTER_MS: u32 = 300;

/// Carries out effects.
pub struct EffectRunner {
    store: Weak<Store>,
    engine: RefCell<Option<EngineHost>>,
    /// The painter, once there is a canvas.
    pub flow: FlowSlot,
    location: RefCell<Option<Timeout>>,
    draft: RefCell<Option<Timeout>>,
}

impl EffectRunner {
    pub(super) fn new(store: Weak<Store>) -> Self {
        Self {
            store,
            engine: RefCell::default(),
            flow: FlowSlot::default(),
            location: RefCell::default(),
            draft: RefCell::default(),
        }
    }

    /// Where the engine runs.
    pub fn engine_place(&self) -> Option<Place> {
        self.engine.borrow().as_ref().map(EngineHost::place)
    }

    /// Does what the editor wants of the browser.
    pub fn run(&self, effect: Effect) {
        match effect {
            // A diagram inside another page keeps nothing.
            Effect::WriteLocation | Effect::SaveDraft | Effect::ListDrafts | Effect::DeleteDraft(_)
                if self.is_player() => {}
            Effect::Engine(request) => self.ask(request),
            Effect::StartEngine => self.start_engine(),
            Effect::AddMarks(marks) => self.flow.add_marks(&marks),
            Effect::ClearMarks => self.flow.clear(),
            Effect::SetBands(bands) => self.flow.set_bands(&bands),
            Effect::WriteLocation => self.write_location(),
            Effect::SaveDraft => self.save_draft(),
            Effect::ReadDraft(id) => match drafts::read(&id) {
                Some(draft) => self.dispatch(Action::OpenDraft(draft)),
                None => self.dispatch(Action::DraftsListed(drafts::list())),
            },
            Effect::DeleteDraft(id) => {
                drafts::delete(&id);
                self.dispatch(Action::DraftsListed(drafts::list()));
            }
            Effect::ListDrafts => self.dispatch(Action::DraftsListed(drafts::list())),
            Effect::CopyText(text) => self.copy(&text),
            Effect::ReadClipboard => self.read_clipboard(),
            Effect::Download { name, text } => {
                // The browser says so itself when it blocks a download.
                let kind = match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
                    "svg" => "image/svg+xml",
                    "csv" => "text/csv",
                    _ => "application/json",
                };
                let _ = download::save(&name, kind, &text);
            }
            Effect::Announce { text, urgency } => announce(&text, urgency),
            Effect::SetTheme(chosen) => {
                theme::apply(chosen, !self.is_player());
                self.flow.read_palette();
            }
            Effect::Focus(place) => focus(place),
            Effect::DrawSeed => self.dispatch(Action::SeedDrawn(kernel::Seed(entropy::new_seed()))),
        }
    }

    fn is_player(&self) -> bool {
        // While an action is carried out the state may not be read; the page itself says what it is.
        crate::player::is_player_page()
    }

    fn dispatch(&self, action: Action) {
        if let Some(store) = self.store.upgrade() {
            store.dispatch(action);
        }
    }

    fn ask(&self, request: EngineRequest) {
        // The answer may come at once and ask again: the engine must not be borrowed then.
        let engine = self.engine.borrow().clone();
        if let Some(engine) = engine {
            engine.send(request);
        }
    }

    fn start_engine(&self) {
        let store = self.store.clone();
        let engine = EngineHost::start(move |heard| {
            let Some(store) = store.upgrade() else { return };
            store.dispatch(match heard {
                Heard::Started => Action::EngineStarted,
                Heard::Reply(reply) => Action::Engine(reply),
                Heard::Stopped => {
                    Action::EngineFailed("The engine stopped by a fault of its own.".to_owned())
                }
            });
        });
        let started = engine.place() == Place::Inline;
        *self.engine.borrow_mut() = Some(engine);
        if started {
            self.dispatch(Action::EngineStarted);
        }
    }

    fn write_location(&self) {
        let store = self.store.clone();
        let write = Timeout::new(WRITE_AFTER_MS, move || {
            if let Some(store) = store.upgrade() {
                location::replace_fragment(&store.read(EditorState::fragment));
            }
        });
        *self.location.borrow_mut() = Some(write);
    }

    fn save_draft(&self) {
        let store = self.store.clone();
        let save = Timeout::new(WRITE_AFTER_MS, move || {
            let Some(store) = store.upgrade() else { return };
            let draft = store.read(EditorState::draft);
            store.dispatch(match drafts::save(draft.id, &draft.title, &draft.document) {
                Ok(id) => Action::DraftSaved { id },
                Err(reason) => Action::DraftFailed(reason),
            });
        });
        *self.draft.borrow_mut() = Some(save);
    }

    fn copy(&self, text: &str) {
        let store = self.store.clone();
        clipboard::copy(text, move |outcome| {
            if let Some(store) = store.upgrade() {
                store.dispatch(Action::Copied(outcome.is_ok()));
            }
        });
    }

    fn read_clipboard(&self) {
        let store = self.store.clone();
        clipboard::read(move |text| {
            if let Some(store) = store.upgrade() {
                store.dispatch(match text {
                    Some(text) => Action::Paste { text, at: None },
                    None => Action::PasteFailed,
                });
            }
        });
    }
}

/// Remembers whether single-letter keys work.
pub fn keep_single_keys(on: bool) {
    local_storage::write("single-keys", if on { "on" } else { "off" });
}

/// Says something into a live region of the page.
fn announce(text: &str, urgency: Urgency) {
    let id = match urgency {
        Urgency::Polite => "live-polite",
        Urgency::Assertive => "live-assertive",
    };
    let region = browser::document().and_then(|document| document.get_element_by_id(id));
    if let Some(region) = region {
        region.set_text_content(Some(text));
    }
}

/// The regions that F6 goes through, in reading order.
const REGIONS: [&str; 7] = [".topbar", ".palette", ".canvas", ".mview", ".inspector", ".dock", ".nav"];
const FOCUSABLE: &str =
    "button:not(:disabled):not([tabindex='-1']), [tabindex='0'], input, select, textarea, a[href]";

/// Moves the focus once what was just decided is on the page.
fn focus(place: Focus) {
    Timeout::new(0, move || {
        match place {
            Focus::Canvas => browser::focus_first(".canvas"),
            Focus::Node(id) => browser::focus_first(&node_selector(&id)),
            Focus::FindMessage => browser::focus_first("#find-message"),
            Focus::ConnectList => browser::focus_first("#connect-find"),
            Focus::Name => browser::focus_first("#rename"),
            Focus::Text => browser::focus_first(".inspector .code textarea"),
            Focus::Writing => browser::focus_first("#writing") && browser::select_all("#writing"),
            Focus::Inspector => {
                browser::focus_first(".inspector [role=tab][aria-selected=true]")
                    || browser::focus_first(".inspector button")
            }
            Focus::NextRegion => focus_region(1),
            Focus::PreviousRegion => focus_region(REGIONS.len() - 1),
        };
    })
    .forget();
}

fn focus_region(step: usize) -> bool {
    let active = browser::document().and_then(|document| document.active_element());
    let is_inside =
        |region: &&str| active.as_ref().is_some_and(|at| at.closest(region).ok().flatten().is_some());
    // From nowhere, the next region is the first.
    let from = REGIONS.iter().position(is_inside).unwrap_or(REGIONS.len() - 1);
    let mut tried = (1..=REGIONS.len()).map(|turn| REGIONS[(from + turn * step) % REGIONS.len()]);
    tried.any(|region| {
        let inside: Vec<String> = FOCUSABLE.split(", ").map(|kind| format!("{region} {kind}")).collect();
        browser::focus_first(&format!("{region}[tabindex='0']")) || browser::focus_first(&inside.join(", "))
    })
}
