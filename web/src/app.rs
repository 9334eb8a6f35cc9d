//! The page's root component: the store, what runs beside it, and the two screens.

use editor::panels::{Panel, Screen};
use editor::view::{inspector_is_shown, inspector_is_wide};
use editor::{Action, Command, EditorState, Effect};
use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DragEvent, StorageEvent};
use yew::prelude::*;

use crate::browser::{self, drafts, learning, local_storage, location, marks, panel_memory, picture, theme};
use crate::canvas::clipboard;
use crate::canvas::frame_loop::FrameLoop;
use crate::canvas::graph_layer::GraphLayer;
use crate::canvas::keyboard;
use crate::icons::symbol;
use crate::panels::dialogs::Dialogs;
use crate::panels::dock::Dock;
use crate::panels::gallery::Gallery;
use crate::panels::inspector::Inspector;
use crate::panels::mobile::MobileEditor;
use crate::panels::notice::{LiveRegions, NoticeBar};
use crate::panels::palette::{Palette, Rail};
use crate::panels::top_bar::TopBar;
use crate::store::{StoreHandle, use_dispatch, use_selector, use_store};

/// A page so narrow that the diagram runs from top to bottom (UI.md section 12).
const NARROW: &str = "(max-width: 639px)";

/// Properties of [`App`].
#[derive(Clone, PartialEq, Properties, Default)]
pub struct AppProps {
    /// A store made beforehand, as by a test; the page makes its own.
    #[prop_or_default]
    pub store: Option<StoreHandle>,
}

/// The whole page.
#[component]
pub fn App(props: &AppProps) -> Html {
    let given = props.store.clone();
    let store = use_memo((), |()| given.unwrap_or_else(page_store));
    html! {
        <ContextProvider<StoreHandle> context={(*store).clone()}>
            <Page/>
        </ContextProvider<StoreHandle>>
    }
}

/// A store as the page starts with: what this browser kept, and what the address says.
#[must_use]
pub fn page_store() -> StoreHandle {
    let mut state = EditorState::default();
    state.panels.theme = theme::kept();
    state.panels.single_keys = local_storage::read("single-keys").as_deref() != Some("off");
    let store = StoreHandle::new(state);
    store.dispatch(Action::SetReducedMotion(browser::prefers_reduced_motion()));
    store.run(Effect::StartEngine);
    store.run(Effect::ListDrafts);
    let fragment = location::fragment();
    if !fragment.is_empty() {
        store.dispatch(Action::OpenFragment(fragment));
    } else if let Some(name) = location::query("play") {
        // `?play=fan-out` opens a scenario of the gallery at work; never for those who want less motion.
        store.dispatch(Action::OpenGallery(name));
        if !browser::prefers_reduced_motion() && store.read(|state| scenario::runs_by_itself(&state.scenario))
        {
            store.dispatch(Action::Play);
        }
    }
    if let Some(address) = location::query("src") {
        store.dispatch(Action::ShowDialog(Some(editor::panels::Dialog::OpenAddress(address))));
    }
    // Where panels lie over the diagram, they open when they are wanted.
    if browser::media_matches("(max-width: 1279px)") {
        store.dispatch(Action::TogglePanel(Panel::Inspector));
    }
    if browser::media_matches("(max-width: 1023px)") {
        store.dispatch(Action::TogglePanel(Panel::Palette));
    }
    if browser::media_matches(NARROW) {
        store.dispatch(Action::TogglePanel(Panel::Dock));
        store.dispatch(Action::SetUpright(true));
    }
    panel_memory::restore(&store);
    store
}

/// What runs beside the components, for as long as the page lives.
#[component]
fn Page() -> Html {
    let store = use_store();
    let screen = use_selector(|state| state.panels.screen);
    use_effect_with(store, |store| {
        let beside = (
            FrameLoop::start(store.clone()),
            (keyboard::listen(store.clone()), clipboard::listen(store)),
            page_events(store),
            panel_memory::remember(store),
            learning::remember(store),
            picture::on_paper(store),
        );
        marks::mark(marks::Moment::AppReady);
        move || drop(beside)
    });
    html! {
        <>
            { match screen { Screen::Gallery => html! { <Gallery/> }, Screen::Editor => html! { <Editor/> } } }
            <Dialogs/>
            <NoticeBar/>
            <LiveRegions/>
        </>
    }
}

/// The editor: top bar, palette, canvas, inspector, dock. In this order for Tab.
#[component]
fn Editor() -> Html {
    let narrow = use_selector(|state| state.upright.is_some());
    let (palette, rail, inspector) = use_selector(|state| {
        (state.panels.palette_open, inspector_is_wide(state), inspector_is_shown(state))
    });
    if narrow {
        return html! { <MobileEditor/> };
    }
    html! {
        <div class="shell">
            <TopBar/>
            if rail { <Rail/> } else if palette { <Palette/> }
            <GraphLayer/>
            if inspector { <Inspector/> }
            <Dock/>
            <AddButton/>
        </div>
    }
}

/// Adds a component where there is no room for the palette.
#[component]
fn AddButton() -> Html {
    let dispatch = use_dispatch();
    let onclick = Callback::from(move |_: MouseEvent| dispatch.emit(Action::Command(Command::AddComponent)));
    html! { <button type="button" class="btn ink add-fab" aria-label="Add a component" {onclick}>{ symbol("plus", 20) }</button> }
}

/// What the browser tells the page.
fn page_events(store: &StoreHandle) -> Vec<EventListener> {
    let (Some(window), Some(document)) = (browser::window(), browser::document()) else { return Vec::new() };
    let (hash, hidden, width) = (store.clone(), store.clone(), store.clone());
    let kept = store.clone();
    let mut listeners = drop_of_files(store, &document);
    listeners.extend([
        EventListener::new(&window, "storage", move |event| {
            let key = event
                .dyn_ref::<StorageEvent>()
                .filter(|event| event.new_value().is_some())
                .and_then(StorageEvent::key);
            if let Some(id) = key.as_deref().and_then(drafts::id_of) {
                kept.dispatch(Action::KeptElsewhere(id.to_owned()));
            }
        }),
        EventListener::new(&window, "resize", move |_| {
            let narrow = browser::media_matches(NARROW);
            if width.read(|state| state.upright.is_some() != narrow) {
                width.dispatch(Action::SetUpright(narrow));
            }
        }),
        EventListener::new(&window, "hashchange", move |_| {
            hash.dispatch(Action::OpenFragment(location::fragment()))
        }),
        EventListener::new(&document, "visibilitychange", move |_| {
            let is_hidden = browser::document().is_some_and(|document| document.hidden());
            hidden.dispatch(Action::SetHidden(is_hidden));
        }),
    ]);
    listeners
}

/// A document that is dropped on the page is opened; a text or a link that is, too.
fn drop_of_files(store: &StoreHandle, document: &web_sys::Document) -> Vec<EventListener> {
    let options = EventListenerOptions::enable_prevent_default();
    let over = EventListener::new_with_options(document, "dragover", options, |event| {
        // Without this the browser would leave the page for the file.
        if !browser::is_typing() {
            event.prevent_default();
        }
    });
    let store = store.clone();
    let dropped = EventListener::new_with_options(document, "drop", options, move |event| {
        let Some(data) = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer) else { return };
        if browser::is_typing() && data.files().is_none_or(|files| files.length() == 0) {
            return;
        }
        event.prevent_default();
        let file = data.files().and_then(|files| files.item(0));
        let text = data.get_data("text/plain").unwrap_or_default();
        let store = store.clone();
        spawn_local(async move {
            let text = match file {
                Some(file) => JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string()),
                None => Some(text),
            };
            store.dispatch(Action::Import(text.unwrap_or_default()));
        });
    });
    vec![over, dropped]
}
