//! The page on a real DOM, in a real browser.
#![cfg(target_arch = "wasm32")]

use std::cell::RefCell;
use std::rc::Rc;

use editor::{Action, EditorState};
use engine::{EngineReply, EngineRequest, Revision};
use gloo_timers::future::TimeoutFuture;
use inflight_web::app::{App, AppProps};
use inflight_web::browser::{document, location};
use inflight_web::engine_host::{EngineHost, Heard, Place};
use inflight_web::store::{Interest, StoreHandle, use_selector};
use kernel::SimTime;
use messaging::LogicalId;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

wasm_bindgen_test_configure!(run_in_browser);

const GALLERY: &str = "fan-out";

/// Waits, a turn of the page at a time, until something holds.
async fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..500 {
        if holds() {
            return;
        }
        TimeoutFuture::new(10).await;
    }
    panic!("waited in vain for {what}");
}

fn root() -> Element {
    let document = document().expect("a page");
    let root = document.create_element("div").expect("an element");
    document.body().expect("a body").append_child(&root).expect("a place");
    root
}

fn load() -> EngineRequest {
    let entry = scenario::gallery::find(GALLERY).expect("the scenario");
    EngineRequest::Load { revision: Revision(1), scenario: entry.scenario().into() }
}

/// Architecture section 7: requests wait for the worker's hello; without one the engine runs inline, with the same
/// answers.
#[wasm_bindgen_test]
async fn the_engine_answers_in_order_wherever_it_runs() {
    let heard: Rc<RefCell<Vec<EngineReply>>> = Rc::default();
    let listener = heard.clone();
    let host = EngineHost::start(move |event| {
        if let Heard::Reply(reply) = event {
            listener.borrow_mut().push(reply);
        }
    });
    host.send(load());
    host.send(EngineRequest::Advance { to: SimTime::from_secs(5), budget: u64::MAX, with_status: true });
    until("two answers", || heard.borrow().len() >= 2).await;
    assert_ne!(host.place(), Place::Starting);
    let heard = heard.borrow();
    let EngineReply::Loaded { revision, ref diagnostics, .. } = heard[0] else {
        panic!("{:?} first", heard[0])
    };
    assert_eq!(revision, Revision(1));
    assert!(!diagnostics.has_errors());
    let EngineReply::Frame(frame) = &heard[1] else { panic!("{:?} second", heard[1]) };
    assert!(frame.reached > SimTime::ZERO && !frame.transits.is_empty());
}

/// Issue 2, section 5: the fragment holds the whole scenario.
#[wasm_bindgen_test]
async fn a_link_opens_the_same_document() {
    let scenario = scenario::gallery::find(GALLERY).expect("the scenario").scenario();
    let fragment = scenario::url::encode(&scenario).as_str().to_owned();
    location::replace_fragment(&fragment);
    assert_eq!(location::fragment(), fragment);
    let store = StoreHandle::new(EditorState::default());
    store.dispatch(Action::OpenFragment(location::fragment()));
    assert_eq!(store.read(|state| (*state.scenario).clone()), scenario);
    store.dispatch(Action::Edit(editor::Edit::SetTitle("Another".to_owned())));
    until("the address bar", || location::fragment() != fragment).await;
    assert_eq!(location::fragment(), store.read(EditorState::fragment));
    location::replace_fragment("");
}

thread_local! {
    static DRAWN: RefCell<u32> = const { RefCell::new(0) };
}

#[component]
fn TitleOnly() -> Html {
    DRAWN.with_borrow_mut(|drawn| *drawn += 1);
    let title = use_selector(|state| state.scenario.title.clone());
    html! { <p id="title-only">{ title }</p> }
}

#[derive(Clone, PartialEq, Properties)]
struct WithStoreProps {
    store: StoreHandle,
}

#[component]
fn WithStore(props: &WithStoreProps) -> Html {
    html! { <ContextProvider<StoreHandle> context={props.store.clone()}><TitleOnly/></ContextProvider<StoreHandle>> }
}

/// Architecture section 8: a component renders again only when its own slice changes.
#[wasm_bindgen_test]
async fn a_selector_draws_only_for_its_own_slice() {
    let store = StoreHandle::new(EditorState::default());
    let props = WithStoreProps { store: store.clone() };
    let handle = yew::Renderer::<WithStore>::with_root_and_props(root(), props).render();
    let text = || document().and_then(|page| page.get_element_by_id("title-only")?.text_content());
    until("the first picture", || text().is_some()).await;
    store.dispatch(Action::Find("queue".to_owned()));
    store.dispatch(Action::Edit(editor::Edit::SetTitle("Orders".to_owned())));
    until("the title", || text().as_deref() == Some("Orders")).await;
    store.dispatch(Action::Find("topic".to_owned()));
    TimeoutFuture::new(50).await;
    assert_eq!(DRAWN.with_borrow(|drawn| *drawn), 2);
    handle.destroy();
}

/// A listener is told of what it shows, and no longer after it is dropped.
#[wasm_bindgen_test]
fn a_dropped_subscription_hears_nothing() {
    let store = StoreHandle::new(EditorState::default());
    let heard = Rc::new(RefCell::new(0));
    let listener = heard.clone();
    let subscription = store.subscribe(Interest::Page, move |_| *listener.borrow_mut() += 1);
    store.dispatch(Action::Find("a".to_owned()));
    drop(subscription);
    store.dispatch(Action::Find("b".to_owned()));
    assert_eq!(*heard.borrow(), 1);
}

/// From a click on the palette to a node on the canvas (architecture section 9).
#[wasm_bindgen_test]
async fn a_click_in_the_palette_makes_a_node() {
    location::replace_fragment("");
    let store = StoreHandle::new(EditorState::default());
    store.dispatch(Action::NewDocument);
    let props = AppProps { store: Some(store.clone()) };
    let root = root();
    let handle = yew::Renderer::<App>::with_root_and_props(root.clone(), props).render();
    let find = |selector: &str| root.query_selector(selector).ok().flatten();
    until("the palette", || find(".pal-i").is_some()).await;
    let item: HtmlElement = find(".pal-i").and_then(|item| item.dyn_into().ok()).expect("a component");
    item.click();
    until("a node", || find("[data-node]").is_some()).await;
    let id = store.read(|state| state.scenario.resources.keys().next().cloned());
    let drawn = find("[data-node]").and_then(|node| node.get_attribute("data-node"));
    assert_eq!(drawn.as_deref().map(LogicalId::from), id);
    store.dispatch(Action::Command(editor::Command::Undo));
    until("an empty canvas", || find("[data-node]").is_none()).await;
    handle.destroy();
    root.remove();
}
