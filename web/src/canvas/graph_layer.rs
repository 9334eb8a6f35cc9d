//! The canvas: wires and their pills below, what moves in the middle, nodes above, and the controls that float
//! over them.

use editor::view::{canvas_view, drawn_ends, node_ids, wire_curves};
use editor::{Action, Command, EditorState, LinkEnds, Size, Viewport};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlCanvasElement, HtmlElement, ResizeObserver};
use yew::prelude::*;

use super::drawing::{Groups, Notes};
use super::journey::JourneySteps;
use super::link::{LinkPills, LinkWires};
use super::menu::Menu;
use super::node::Node;
use super::overlay::Overlay;
use super::pointer::PointerListeners;
use crate::store::{Interest, StoreHandle, use_dispatch, use_selector, use_store};

/// The canvas with everything on it.
#[component]
pub fn GraphLayer() -> Html {
    let store = use_store();
    let dispatch = use_dispatch();
    let ground = use_node_ref();
    let flow = use_node_ref();
    let nodes = use_selector(node_ids);
    let links = use_selector(drawn_ends);
    let label = use_selector(|state| canvas_view(state).label);
    let focused = use_selector(|state| state.focused.is_some());
    let mode = use_selector(mode);
    use_painter(&store, &flow);
    use_camera(&store, &ground);
    {
        let (store, ground) = (store.clone(), ground.clone());
        use_effect_with((), move |()| {
            let listeners = ground.cast::<Element>().map(|canvas| PointerListeners::attach(store, canvas));
            move || drop(listeners)
        });
    }
    let onfocus = {
        let (dispatch, store) = (dispatch.clone(), store.clone());
        Callback::from(move |event: FocusEvent| {
            // The canvas is one stop for Tab; the arrows go on from its first node.
            if event.target() == event.current_target() && store.read(|state| state.focused.is_none()) {
                dispatch.emit(Action::FocusNode(None));
            }
        })
    };
    let wires = links.iter().map(|ends| html! { <LinkWires key={key_of(ends)} ends={ends.clone()}/> });
    let pills = links.iter().map(|ends| html! { <LinkPills key={key_of(ends)} ends={ends.clone()}/> });
    let cards = nodes.iter().map(|id| html! { <Node key={id.to_string()} id={id.clone()}/> });
    html! {
        <main class="stage"><div ref={ground.clone()} class={classes!("canvas", mode)} role="application" aria-label={label} aria-roledescription="diagram"
            tabindex={if focused { "-1" } else { "0" }} {onfocus}>
            <div class="world"><Groups/><svg class="edges" aria-hidden="true">{ for wires }</svg>{ for pills }</div>
            <canvas ref={flow} class="flow" aria-hidden="true"/>
            <div class="world">{ for cards }<Notes/><JourneySteps/></div>
            <Overlay/>
            <Menu {ground}/>
        </div></main>
    }
}

fn key_of(ends: &LinkEnds) -> String {
    format!("{}\n{}", ends.from, ends.to)
}

/// Classes of the canvas for what the pointer is doing and when in the run we are.
fn mode(state: &EditorState) -> Classes {
    let tool = match state.tool {
        editor::tool::Tool::Pan { .. } => Some("panning"),
        editor::tool::Tool::Connect(_) => Some("connecting"),
        _ => None,
    };
    let past = state.playback.transport.is_past().then_some("past");
    classes!(tool, past)
}

/// Gives the painter its canvas and, whenever they differ, its wires.
#[hook]
fn use_painter(store: &StoreHandle, flow: &NodeRef) {
    let (store, flow) = (store.clone(), flow.clone());
    use_effect_with((), move |()| {
        if let Some(canvas) = flow.cast::<HtmlCanvasElement>() {
            store.flow().attach(canvas);
        }
        let given = std::cell::RefCell::new(None::<Inputs>);
        let painter = store.flow().clone();
        let give = move |state: &EditorState| {
            let inputs = Inputs::of(state);
            if given.borrow().as_ref() != Some(&inputs) {
                painter.set_curves(&wire_curves(state));
                *given.borrow_mut() = Some(inputs);
            }
        };
        store.read(&give);
        let subscription = store.subscribe(Interest::Drawing, give);
        let painter = store.flow().clone();
        move || {
            drop(subscription);
            painter.detach();
        }
    });
}

/// What the course of the wires depends on.
#[derive(PartialEq)]
struct Inputs {
    scenario: usize,
    places: usize,
    nodes: usize,
    roster: usize,
    detail: editor::Detail,
    zoom: f64,
    moved: Option<editor::tool::Tool>,
}

impl Inputs {
    fn of(state: &EditorState) -> Self {
        fn place<T>(shared: &std::sync::Arc<T>) -> usize {
            std::sync::Arc::as_ptr(shared) as usize
        }
        let grows = state.detail == editor::Detail::Full || state.upright.is_some();
        let moved = matches!(state.tool, editor::tool::Tool::Move { .. }).then(|| state.tool.clone());
        Self {
            scenario: place(&state.scenario),
            places: place(&state.places),
            nodes: place(&state.run.nodes),
            roster: place(&state.run.roster),
            detail: state.detail,
            zoom: if grows { 1.0 } else { state.viewport.zoom },
            moved,
        }
    }
}

/// Moves the worlds and the grid with the viewport, without drawing any component again.
#[hook]
fn use_camera(store: &StoreHandle, ground: &NodeRef) {
    let (store, ground) = (store.clone(), ground.clone());
    use_effect_with((), move |()| {
        let shown = std::cell::Cell::new(None::<(Viewport, bool)>);
        let canvas = ground.cast::<HtmlElement>();
        let show = {
            let canvas = canvas.clone();
            move |state: &EditorState| {
                // Labels of wires grow with full cards; beside smaller ones they keep their size on screen.
                let grow = state.detail == editor::Detail::Full || state.upright.is_some();
                if shown.get() != Some((state.viewport, grow))
                    && let Some(canvas) = &canvas
                {
                    aim(canvas, &state.viewport, grow);
                    shown.set(Some((state.viewport, grow)));
                }
            }
        };
        store.read(&show);
        let subscription = store.subscribe(Interest::Drawing, show);
        let observer = canvas.and_then(|canvas| observe_size(&store, &canvas));
        move || {
            drop(subscription);
            if let Some((observer, callback)) = observer {
                observer.disconnect();
                drop(callback);
            }
        }
    });
}

fn aim(canvas: &HtmlElement, viewport: &Viewport, labels_grow: bool) {
    const GRID: f64 = 20.0;
    let (x, y, zoom) =
        (-viewport.origin.x * viewport.zoom, -viewport.origin.y * viewport.zoom, viewport.zoom);
    let transform = format!("translate({x:.2}px,{y:.2}px) scale({zoom:.4})");
    let label = if labels_grow { "1".to_owned() } else { format!("{:.4}", 1.0 / zoom) };
    let children = canvas.children();
    for place in 0..children.length() {
        let child = children.item(place).and_then(|child| child.dyn_into::<HtmlElement>().ok());
        if let Some(world) = child.filter(|child| child.class_name() == "world") {
            let _ = world.style().set_property("transform", &transform);
            let _ = world.style().set_property("--label", &label);
        }
    }
    // A grid too fine to see is left coarse.
    let mut step = GRID * zoom;
    while step < 10.0 {
        step *= 2.0;
    }
    let style = canvas.style();
    let _ = style.set_property("background-size", &format!("{step:.2}px {step:.2}px, auto"));
    let _ = style.set_property(
        "background-position",
        &format!("{:.2}px {:.2}px, 0 0", x - step / 2.0, y - step / 2.0),
    );
}

type SizeCallback = Closure<dyn FnMut()>;

fn observe_size(store: &StoreHandle, canvas: &HtmlElement) -> Option<(ResizeObserver, SizeCallback)> {
    let tell = {
        let (store, canvas) = (store.clone(), canvas.clone());
        move || {
            let size = Size::new(f64::from(canvas.client_width()), f64::from(canvas.client_height()));
            if size.width > 0.0 && store.read(|state| state.viewport.size != size) {
                store.dispatch(Action::ResizeCanvas(size));
            }
        }
    };
    tell();
    // What was opened before there was a canvas is fitted now that its size is known.
    if !store.read(|state| state.player.as_ref().is_some_and(|player| player.as_drawn)) {
        store.dispatch(Action::Command(Command::FitAll));
    }
    let callback = Closure::new(tell);
    let observer = ResizeObserver::new(callback.as_ref().unchecked_ref()).ok()?;
    observer.observe(canvas);
    Some((observer, callback))
}
