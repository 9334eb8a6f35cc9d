//! What a right click, a long press of the menu key, or Shift F10 offers.

use std::rc::Rc;

use editor::tool::HitTarget;
use editor::view::{MenuItem, MenuPart, menu};
use editor::{Action, Point, Selection};
use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusEvent, HtmlElement, KeyboardEvent, MouseEvent, Node, PointerEvent};
use yew::prelude::*;

use super::pointer::{hit, target_at};
use crate::browser;
use crate::icons::symbol;
use crate::store::{StoreHandle, use_dispatch, use_store};

/// Properties of [`Menu`].
#[derive(Clone, PartialEq, Properties)]
pub struct MenuProps {
    /// The canvas it opens on.
    pub ground: NodeRef,
}

/// The menu, while it is open.
#[component]
pub fn Menu(props: &MenuProps) -> Html {
    let (dispatch, store) = (use_dispatch(), use_store());
    let open = use_state_eq(|| None::<(Point, HitTarget)>);
    let list = use_node_ref();
    {
        let (open, ground, store) = (open.clone(), props.ground.clone(), store.clone());
        use_effect_with((), move |()| {
            let show = Rc::new(move |at: Point, target: HitTarget| {
                select(&store, &target);
                open.set(Some((at, target)));
            });
            let listener = ground.cast::<Element>().map(|canvas| listen(&canvas, show));
            move || drop(listener)
        });
    }
    {
        let list = list.clone();
        use_effect_with((*open).clone(), move |open| {
            let first =
                list.cast::<Element>().and_then(|list| list.query_selector("[role=menuitem]").ok().flatten());
            if let (Some(_), Some(first)) =
                (open, first.and_then(|first| first.dyn_into::<HtmlElement>().ok()))
            {
                let _ = first.focus();
            }
        });
    }
    let Some((at, target)) = (*open).clone() else { return Html::default() };
    let choose = {
        let open = open.clone();
        Callback::from(move |action: Action| {
            open.set(None);
            dispatch.emit(action);
        })
    };
    let onkeydown = {
        let open = open.clone();
        Callback::from(move |event: KeyboardEvent| {
            let step = match event.key().as_str() {
                "ArrowDown" => 1,
                "ArrowUp" => -1,
                "Escape" => {
                    event.stop_propagation();
                    open.set(None);
                    let _ = browser::focus_first(".canvas [data-node][tabindex='0']")
                        || browser::focus_first(".canvas");
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            crate::parts::tabs::focus_sibling(&event, "[role=menu]", "[role=menuitem]", step);
        })
    };
    let onfocusout = {
        let (open, list) = (open.clone(), list.clone());
        Callback::from(move |event: FocusEvent| {
            let next = event.related_target().and_then(|next| next.dyn_into::<Node>().ok());
            let inside = list.cast::<Node>().is_some_and(|list| list.contains(next.as_ref()));
            if !inside {
                open.set(None);
            }
        })
    };
    let item = |item: &MenuItem, bare: bool| {
        let (choose, action) = (choose.clone(), item.action.clone());
        let label = bare.then_some(item.name);
        html! {
            <button type="button" role="menuitem" tabindex="-1" aria-label={label} title={label} onclick={move |_| choose.emit(action.clone())}>
                { symbol(item.icon, 16) }
                if !bare { { item.name }if !item.key.is_empty() { <small aria-hidden="true">{ item.key }</small> } }
            </button>
        }
    };
    let part = |part: &MenuPart| match part {
        MenuPart::Item(one) => item(one, false),
        MenuPart::Icons(icons) => {
            html! { <div class="icons" role="none">{ for icons.iter().map(|one| item(one, true)) }</div> }
        }
        MenuPart::Line => html! { <hr role="separator"/> },
    };
    let parts = store.read(|state| menu(state, &target, state.viewport.to_world(at)));
    html! {
        <div ref={list} class="menu" role="menu" aria-label="Actions" data-own="" style={format!("left:{:.0}px;top:{:.0}px", at.x, at.y)} {onkeydown} {onfocusout}>
            { for parts.iter().map(part) }
        </div>
    }
}

/// What was pointed at is what the commands are about; several stay selected together.
fn select(store: &StoreHandle, target: &HitTarget) {
    let selection = store.read(|state| match target {
        HitTarget::Node(id) | HitTarget::Port(id) if !state.selection.has_node(id) => {
            Some(Selection::node(id.clone()))
        }
        HitTarget::Lane { of, shard_id } => {
            Some(Selection::Lane { of: of.clone(), shard_id: shard_id.clone() })
        }
        HitTarget::Note(place) => Some(Selection::Note(*place)),
        HitTarget::Group(place) => {
            let group = state.scenario.groups.get(*place)?;
            Some(Selection::Nodes(group.resources.iter().cloned().collect()))
        }
        HitTarget::Link(ends) => Some(Selection::Link(ends.clone())),
        _ => None,
    });
    if let Some(selection) = selection {
        store.dispatch(Action::Select(selection));
    }
}

/// Opens at the pointer, or beside the node that has the keyboard.
fn listen(canvas: &Element, show: Rc<impl Fn(Point, HitTarget) + 'static>) -> [EventListener; 2] {
    let options = EventListenerOptions::enable_prevent_default();
    let (ground, by_key) = (canvas.clone(), show.clone());
    let pointed = EventListener::new_with_options(canvas, "contextmenu", options, move |event| {
        let Some(event) = event.dyn_ref::<MouseEvent>() else { return };
        let Some(target) = target_at(event) else { return };
        event.prevent_default();
        // A finger that rests lifts the node instead.
        if event.dyn_ref::<PointerEvent>().is_none_or(|event| event.pointer_type() != "touch") {
            let at = (f64::from(event.client_x()), f64::from(event.client_y()));
            show(place(&ground, at), target);
        }
    });
    let ground = canvas.clone();
    let pressed = EventListener::new_with_options(canvas, "keydown", options, move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        let asked = event.key() == "ContextMenu" || (event.key() == "F10" && event.shift_key());
        let from = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let node = from
            .filter(|_| asked)
            .and_then(|from| from.closest("[data-node], [data-note], [data-group]").ok().flatten());
        if let Some(node) = node {
            event.prevent_default();
            let rect = node.get_bounding_client_rect();
            by_key(place(&ground, (rect.left() + 12.0, rect.bottom())), hit(&node));
        }
    });
    [pointed, pressed]
}

/// A point of the page on the canvas; near the edges the menu opens towards the middle.
fn place(canvas: &Element, (x, y): (f64, f64)) -> Point {
    let rect = canvas.get_bounding_client_rect();
    let room = Point::new((rect.width() - 220.0).max(0.0), (rect.height() - 300.0).max(0.0));
    Point::new((x - rect.left()).min(room.x), (y - rect.top()).min(room.y))
}
