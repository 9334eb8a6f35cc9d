//! What the player and the page around it say to each other: version 1, described in `docs/embedding.md`.
//!
//! Only the page that holds the frame is heard, and with `origin=` in the link only one of that origin. A message can
//! do nothing that a reader could not do by hand.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use editor::view::node_views;
use editor::{Action, EditorState};
use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use js_sys::{Array, JSON, Object, Reflect};
use kernel::SimTime;
use messaging::node_state::Health;
use scenario::Scenario;
use scenario::url::{self, ENGINE};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Window};

use super::{Wishes, set_theme};
use crate::browser::{self, picture};
use crate::store::StoreHandle;

const NAMESPACE: &str = "inflight";
const VERSION: f64 = 1.0;
/// Between two looks at what may have changed: at most four reports a second.
const LOOK_EVERY_MS: u32 = 250;
/// Height of the bars above and below.
const BARS_PX: f64 = 100.0;

/// The page around, as long as it is listened to.
pub(super) struct Host {
    _listener: Option<EventListener>,
    _looks: Interval,
}

/// Where the player's words go.
#[derive(Clone)]
struct Line {
    parent: Option<Window>,
    /// Only this origin hears and is heard.
    origin: Option<String>,
}

/// What was reported last.
#[derive(Default)]
struct Reported {
    /// Held, so that no other scenario can come to stand at its address.
    scenario: Option<Arc<Scenario>>,
    playing: Option<(bool, bool, u64)>,
    expectations: usize,
    notice: String,
    height: u64,
    metrics_at: u64,
    repeat: bool,
}

impl Host {
    pub(super) fn listen(store: &StoreHandle, wishes: &Wishes) -> Self {
        let window = browser::window();
        let parent = window.as_ref().and_then(|window| window.parent().ok().flatten());
        // A page that is in no frame has itself as parent.
        let parent = parent.filter(|parent| window.as_ref() != Some(parent));
        let line = Line { parent, origin: wishes.origin.clone() };
        let reported = Rc::new(RefCell::new(Reported { repeat: wishes.repeat, ..Reported::default() }));
        let ready = [("engine", ENGINE.into())];
        line.say("ready", &ready, &JsValue::UNDEFINED);
        let listener = {
            let (store, line, reported) = (store.clone(), line.clone(), reported.clone());
            window.map(|window| {
                EventListener::new(&window, "message", move |event| {
                    if let Some(event) = event.dyn_ref::<MessageEvent>() {
                        line.hear(&store, event, &reported);
                    }
                })
            })
        };
        let store = store.clone();
        let looks = Interval::new(LOOK_EVERY_MS, move || {
            let repeat = store.read(|state| line.report(state, &mut reported.borrow_mut()));
            if repeat {
                store.dispatch(Action::SeekTo(SimTime::ZERO));
                store.dispatch(Action::Play);
            }
        });
        Self { _listener: listener, _looks: looks }
    }
}

impl Line {
    fn say(&self, kind: &str, values: &[(&str, JsValue)], id: &JsValue) {
        let Some(parent) = &self.parent else { return };
        let message = object(values);
        let head = [("ns", NAMESPACE.into()), ("v", VERSION.into()), ("type", kind.into())];
        for (name, value) in
            head.iter().chain(&[("id", id.clone())]).filter(|(_, value)| !value.is_undefined())
        {
            let _ = Reflect::set(&message, &(*name).into(), value);
        }
        // A diagram is no secret: it stands in the address of the frame.
        let _ = parent.post_message(&message, self.origin.as_deref().unwrap_or("*"));
    }

    fn hear(&self, store: &StoreHandle, event: &MessageEvent, reported: &RefCell<Reported>) {
        let from_parent =
            event.source().is_some_and(|source| Some(source.unchecked_ref()) == self.parent.as_ref());
        if !from_parent || self.origin.as_ref().is_some_and(|origin| *origin != event.origin()) {
            return;
        }
        let data = event.data();
        let ours = get(&data, "ns").as_string().as_deref() == Some(NAMESPACE)
            && get(&data, "v").as_f64() == Some(VERSION);
        if !ours {
            return;
        }
        // What was before is known first: otherwise a change that comes before the first look would be none.
        store.read(|state| self.report(state, &mut reported.borrow_mut()));
        let id = get(&data, "id");
        let text = |name: &str| get(&data, name).as_string().unwrap_or_default();
        match get(&data, "type").as_string().as_deref() {
            Some("load") => load(store, &get(&data, "scenario")),
            Some("play") => store.dispatch(Action::Play),
            Some("pause") => store.dispatch(Action::Pause),
            Some("step") => store.dispatch(Action::Step),
            Some("seek") => match time(&get(&data, "t")) {
                Some(at) => store.dispatch(Action::SeekTo(at)),
                None => {
                    return self.say(
                        "error",
                        &[("message", "A time is a number of seconds, or such as 1m30s.".into())],
                        &id,
                    );
                }
            },
            Some("set") => {
                if !store.read(EditorState::may_intervene) {
                    let message = "This player is for watching: its link says no mode=tweak or mode=edit.";
                    return self.say("error", &[("message", message.into())], &id);
                }
                let value = get(&data, "value");
                let value = value.as_string().or_else(|| JSON::stringify(&value).ok()?.as_string());
                let change = vec![(text("path"), value.unwrap_or_default())];
                let fault = store.read(|state| {
                    let changed = scenario::apply_overrides(&state.scenario, &change).validated();
                    changed.diagnostics.errors().next().map(|error| error.message.clone())
                });
                if let Some(fault) = fault {
                    return self.say("error", &[("message", fault.into())], &id);
                }
                store.dispatch(Action::Change(change));
            }
            Some("theme") => set_theme(store, &text("theme")),
            Some("snapshot") => {
                let svg = picture::still(store);
                return self.say("snapshot", &[("svg", svg.into())], &id);
            }
            // What a later version says is passed over.
            _ => return,
        }
        self.say("done", &[], &id);
    }

    /// Says what has changed. True when the run has ended and shall begin again.
    fn report(&self, state: &EditorState, reported: &mut Reported) -> bool {
        let transport = &state.playback.transport;
        let now = transport.reached;
        let playing = (transport.playing, transport.ended, now.as_micros() / 100_000);
        if reported.playing != Some(playing) {
            reported.playing = Some(playing);
            let values =
                [("playing", playing.0.into()), ("ended", playing.1.into()), ("t", now.as_secs_f64().into())];
            self.say("state", &values, &JsValue::UNDEFINED);
        }
        if reported.metrics_at != now.as_micros() + 1 {
            reported.metrics_at = now.as_micros() + 1;
            self.say(
                "metrics",
                &[("t", now.as_secs_f64().into()), ("resources", resources(state))],
                &JsValue::UNDEFINED,
            );
        }
        for outcome in state.run.expectations.iter().skip(reported.expectations) {
            let values = [
                ("place", outcome.place.into()),
                ("holds", outcome.holds.into()),
                ("observed", (outcome.observed as f64).into()),
            ];
            self.say("assertion", &values, &JsValue::UNDEFINED);
        }
        reported.expectations = state.run.expectations.len();
        if let Some(before) = reported.scenario.replace(state.scenario.clone())
            && !Arc::ptr_eq(&before, &state.scenario)
        {
            let hash = url::write(&state.scenario, None, &[]);
            self.say("changed", &[("hash", hash.into())], &JsValue::UNDEFINED);
        }
        let notice = state.panels.notice.as_ref().filter(|notice| notice.is_error);
        let notice = notice.map_or("", |notice| notice.text.as_str());
        if reported.notice != notice {
            notice.clone_into(&mut reported.notice);
            if !notice.is_empty() {
                self.say("error", &[("message", notice.into())], &JsValue::UNDEFINED);
            }
        }
        self.report_height(state, reported);
        // The run holds at its end the first time only.
        reported.repeat && transport.ended
    }

    /// How tall the frame would have to be for the diagram to fill its width.
    fn report_height(&self, state: &EditorState, reported: &mut Reported) {
        let width = browser::window().and_then(|window| window.inner_width().ok()?.as_f64()).unwrap_or(800.0);
        let rects = node_views(state).into_iter().map(|node| node.rect);
        let Some(bounds) = rects.reduce(|all, rect| all.union(&rect)) else { return };
        let scale = (width / (bounds.size.width + 60.0)).min(1.0);
        let height = ((bounds.size.height + 80.0) * scale + BARS_PX).round() as u64;
        if reported.height.abs_diff(height) > 8 {
            reported.height = height;
            self.say("height", &[("height", (height as f64).into())], &JsValue::UNDEFINED);
        }
    }
}

fn object(values: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in values {
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object
}

fn get(data: &JsValue, name: &str) -> JsValue {
    if data.is_object() { Reflect::get(data, &name.into()).unwrap_or_default() } else { JsValue::UNDEFINED }
}

/// A time as a number of seconds, or as text.
fn time(value: &JsValue) -> Option<SimTime> {
    match value.as_f64() {
        Some(seconds) if (0.0..1e8).contains(&seconds) => Some(SimTime::from_micros((seconds * 1e6) as u64)),
        Some(_) => None,
        None => scenario::parse_duration(&value.as_string()?).ok(),
    }
}

/// A link's fragment, or a document as an object.
fn load(store: &StoreHandle, wanted: &JsValue) {
    store.dispatch(Action::Pause);
    match wanted.as_string() {
        Some(text) if !text.trim_start().starts_with('{') => store.dispatch(Action::OpenFragment(text)),
        Some(text) => store.dispatch(Action::Import(text)),
        None => {
            let text = JSON::stringify(wanted).ok().and_then(|text| text.as_string());
            store.dispatch(Action::Import(text.unwrap_or_default()));
        }
    }
}

/// How every resource stands: its health and a sentence.
fn resources(state: &EditorState) -> JsValue {
    let all = Array::new();
    for (id, run) in state.run.nodes.iter() {
        let health = match run.state.health {
            Health::Ok => "ok",
            Health::NearQuota => "near-quota",
            Health::DeadLetters => "dead-letters",
            Health::Throttled => "throttled",
            Health::Failing => "failing",
            Health::Down => "down",
        };
        let one = [
            ("name", id.as_str().into()),
            ("health", health.into()),
            ("summary", run.state.summary.as_str().into()),
        ];
        all.push(&object(&one));
    }
    all.into()
}
