//! The diagram inside another page: bars above and below instead of panels, nothing kept, and a page to talk to.

mod bar;
mod messages;
mod sight;

use editor::player::Player;
use editor::{Action, EditorState, Effect, LinkEnds};
use kernel::SimTime;
use messaging::LogicalId;
use scenario::url;
use yew::prelude::*;

use crate::browser::{self, failure, location, marks};
use crate::canvas::frame_loop::FrameLoop;
use crate::canvas::graph_layer::GraphLayer;
use crate::canvas::keyboard;
use crate::panels::dialogs::Dialogs;
use crate::panels::dock::Dock;
use crate::panels::inspector::Inspector;
use crate::panels::notice::{LiveRegions, NoticeBar};
use crate::store::{StoreHandle, use_selector, use_store};
use messages::Host;

/// What a link asks of the player that is not the editor's affair.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wishes {
    /// Begin by itself: at once, or when it is seen.
    pub(crate) autoplay: Autoplay,
    /// Begin again at the end.
    pub(crate) repeat: bool,
    /// The dock with its tracks instead of the small bar; the inspector beside the diagram.
    pub(crate) panels: String,
    /// `0` for no bars, `min` for play and clock.
    pub(crate) controls: String,
    /// Only pages of this origin are heard.
    pub(crate) origin: Option<String>,
}

/// When the player begins by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Autoplay {
    #[default]
    Never,
    AtOnce,
    InView,
}

/// True in the page of the player.
#[must_use]
pub fn is_player_page() -> bool {
    page_root().is_some()
}

/// The way from the player's own folder to that of the site.
fn root() -> String {
    page_root().unwrap_or_default()
}

fn page_root() -> Option<String> {
    browser::document()?.document_element()?.get_attribute("data-player")
}

/// Shows the player in the page.
pub fn start() {
    failure::show_panics();
    let root = browser::document().and_then(|document| document.get_element_by_id("app"));
    match root {
        Some(root) => yew::Renderer::<PlayerPage>::with_root(root).render(),
        None => yew::Renderer::<PlayerPage>::new().render(),
    };
}

#[component]
fn PlayerPage() -> Html {
    let made = use_memo((), |()| store());
    let (store, wishes) = (*made).clone();
    html! {
        <ContextProvider<StoreHandle> context={store}>
            <Inside {wishes}/>
        </ContextProvider<StoreHandle>>
    }
}

/// A store with what the address asks for. Nothing is read from what the browser keeps.
fn store() -> (StoreHandle, Wishes) {
    let fragment = location::fragment();
    let (player, wishes, options) = read_options(&fragment);
    let store = StoreHandle::new({
        let mut state = EditorState::default();
        state.player = Some(player);
        state
    });
    store.run(Effect::StartEngine);
    open(&store, &fragment, &wishes, &options);
    (store, wishes)
}

fn read_options(fragment: &str) -> (Player, Wishes, Vec<(String, String)>) {
    let options = url::read(fragment).map(|link| link.options).unwrap_or_default();
    let value = |name: &str| {
        let found = options.iter().rev().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    let wishes = Wishes {
        autoplay: match value("autoplay") {
            "1" | "true" => Autoplay::AtOnce,
            "visible" => Autoplay::InView,
            _ => Autoplay::Never,
        },
        repeat: matches!(value("repeat"), "1" | "true"),
        panels: value("panels").to_owned(),
        controls: value("controls").to_owned(),
        origin: Some(value("origin").to_owned()).filter(|origin| !origin.is_empty()),
    };
    (Player::from_options(&options), wishes, options)
}

/// Opens a fragment and does what it says beside the document.
fn open(store: &StoreHandle, fragment: &str, wishes: &Wishes, options: &[(String, String)]) {
    let still = browser::prefers_reduced_motion() || has(options, "motion", "off");
    store.dispatch(Action::SetReducedMotion(still));
    store.dispatch(Action::OpenFragment(fragment.to_owned()));
    for (name, value) in options {
        match name.as_str() {
            "theme" => set_theme(store, value),
            "speed" => {
                if let Ok(speed) = value.trim_end_matches(['x', '×']).parse::<f64>() {
                    store.dispatch(Action::SetSpeed(speed));
                }
            }
            "fit" if value == "0" => store.dispatch(Action::MoveViewport(editor::Viewport::default())),
            "select" => store.dispatch(Action::Select(selection(store, value))),
            "lang" => {
                let root = browser::document().and_then(|document| document.document_element());
                let plain = value.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
                if let Some(root) = root.filter(|_| plain) {
                    let _ = root.set_attribute("lang", value);
                }
            }
            _ => {}
        }
    }
    if wishes.autoplay == Autoplay::AtOnce {
        play_by_itself(store);
    }
}

fn has(options: &[(String, String)], name: &str, value: &str) -> bool {
    options.iter().any(|(known, said)| known == name && said == value)
}

fn selection(store: &StoreHandle, name: &str) -> editor::Selection {
    if let Some((from, to)) = name.split_once('>') {
        return editor::Selection::Link(LinkEnds::new(LogicalId::from(from), LogicalId::from(to)));
    }
    let id = LogicalId::from(name);
    match store.read(|state| state.scenario.resources.contains_key(&id)) {
        true => editor::Selection::node(id),
        false => editor::Selection::Nothing,
    }
}

/// Plays without anybody's doing: never for those who want less motion, and never what is too much work.
fn play_by_itself(store: &StoreHandle) {
    let may = store.read(|state| !state.playback.reduced_motion && scenario::runs_by_itself(&state.scenario));
    if may {
        store.dispatch(Action::Play);
    }
}

pub(crate) fn set_theme(store: &StoreHandle, name: &str) {
    use editor::panels::Theme;
    store.dispatch(Action::SetTheme(match name {
        "light" => Theme::Light,
        "dark" => Theme::Dark,
        _ => Theme::System,
    }));
}

#[derive(Clone, PartialEq, Properties)]
struct InsideProps {
    wishes: Wishes,
}

/// The bars, the diagram, and what runs beside them.
#[component]
fn Inside(props: &InsideProps) -> Html {
    let store = use_store();
    let wishes = props.wishes.clone();
    {
        let wishes = wishes.clone();
        use_effect_with(store, move |store| {
            let beside = (
                FrameLoop::start(store.clone()),
                keyboard::listen(store.clone()),
                Host::listen(store, &wishes),
                sight::watch(store, wishes.autoplay),
            );
            marks::mark(marks::Moment::AppReady);
            move || drop(beside)
        });
    }
    let tweak = use_selector(EditorState::may_intervene);
    let beside = tweak || wishes.panels.contains("inspector");
    let metrics = wishes.panels.contains("metrics");
    let inspector = use_selector(|state| state.selection != editor::Selection::Nothing);
    let shown = wishes.controls != "0";
    html! {
        <>
            <div class={classes!("player", beside.then_some("beside"), metrics.then_some("strip"), (!shown).then_some("bare"))}>
                if shown { <bar::Head/> }
                <GraphLayer/>
                if inspector && beside { <Inspector/> }
                if inspector && !beside { <bar::Card/> }
                if shown { <bar::Captions/> }
                if shown && metrics { <Dock/> } else if shown { <bar::Foot minimal={wishes.controls == "min"}/> }
            </div>
            <Dialogs/>
            <NoticeBar/>
            <LiveRegions/>
        </>
    }
}

/// The instant a person may go back to at the end.
pub(crate) fn end_of(state: &EditorState) -> SimTime {
    state.scenario.run_until().max(state.playback.transport.furthest)
}
