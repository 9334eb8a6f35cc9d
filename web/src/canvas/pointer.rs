//! Mouse, pen and fingers, for the canvas and for what is carried there from the palette.
//!
//! What is under the pointer is read from `data-` attributes: `data-node`, `data-port`, `data-lane`, `data-from`
//! with `data-to` for links, `data-note`, `data-group`, and `data-kind` with `data-preset` in the palette.

use std::cell::RefCell;
use std::rc::Rc;

use editor::tool::{HitTarget, PointerInput, PointerState, TOUCH_DRAG_THRESHOLD, Tool};
use editor::{Action, LinkEnds, Point};
use gloo_events::{EventListener, EventListenerOptions, EventListenerPhase};
use gloo_timers::callback::Timeout;
use messaging::{LogicalId, ResourceKind};
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, MouseEvent, MouseEventInit, PointerEvent, WheelEvent};

use crate::browser;
use crate::store::StoreHandle;

/// A finger held still for so long lifts the node under it.
const LONG_PRESS_MS: u32 = 450;
/// Zoom for each CSS px that a wheel turns.
const WHEEL_ZOOM: f64 = 0.0016;
/// Zoom for each CSS px of a pinch on a trackpad.
const PINCH_ZOOM: f64 = 0.01;

/// Listens until it is dropped.
pub struct PointerListeners {
    _listeners: Vec<EventListener>,
}

impl PointerListeners {
    /// Listens to the whole page; `canvas` is where the points are counted from.
    #[must_use]
    pub fn attach(store: StoreHandle, canvas: Element) -> Self {
        let hand = Rc::new(RefCell::new(Hand {
            store,
            canvas: canvas.clone(),
            fingers: Vec::new(),
            touch: Touch::None,
            awake: false,
            asked_for_menu: false,
        }));
        let mut listeners = Vec::new();
        if let Some(document) = browser::document() {
            let mut on = |name: &'static str, handle: fn(&Rc<RefCell<Hand>>, &PointerEvent)| {
                let hand = hand.clone();
                let options = EventListenerOptions::enable_prevent_default();
                listeners.push(EventListener::new_with_options(&document, name, options, move |event| {
                    if let Some(event) = event.dyn_ref::<PointerEvent>() {
                        handle(&hand, event);
                    }
                }));
            };
            on("pointerdown", down);
            on("pointermove", moved);
            on("pointerup", up);
            on("pointercancel", cancel);
            // After a long press the browser tells of a mouse where the finger was: it would close the menu again, or
            // choose of it.
            for name in ["mousedown", "click"] {
                let hand = hand.clone();
                let options = EventListenerOptions { phase: EventListenerPhase::Capture, passive: false };
                listeners.push(EventListener::new_with_options(&document, name, options, move |event| {
                    // Keys and assistive technology click without a count.
                    let by_finger = event.dyn_ref::<MouseEvent>().is_some_and(|event| event.detail() > 0);
                    if by_finger && hand.borrow().asked_for_menu {
                        event.prevent_default();
                        event.stop_propagation();
                    }
                }));
            }
        }
        let double = hand.clone();
        listeners.push(EventListener::new(&canvas, "dblclick", move |event| {
            // The canvas has captured the pointer, so that the event itself names only the canvas.
            let target = event.dyn_ref::<MouseEvent>().and_then(target_at);
            if let Some(target) = target {
                double.borrow().tell(PointerInput::Double { target });
            }
        }));
        if let Some(window) = browser::window() {
            let left = hand.clone();
            listeners.push(EventListener::new(&window, "blur", move |_| left.borrow_mut().awake = false));
        }
        let wheel = EventListenerOptions::enable_prevent_default();
        listeners.push(EventListener::new_with_options(&canvas, "wheel", wheel, move |event| {
            if let Some(event) = event.dyn_ref::<WheelEvent>() {
                // In another page the wheel scrolls that page, until the diagram was pressed (UI.md section 13).
                let asleep = !hand.borrow().awake && hand.borrow().store.read(|state| state.player.is_some());
                if asleep && !event.ctrl_key() {
                    return;
                }
                event.prevent_default();
                hand.borrow().wheel(event);
            }
        }));
        Self { _listeners: listeners }
    }
}

/// What a finger on a node means is known only after a while.
enum Touch {
    None,
    /// Held on something: a tap, the start of a pan, or a long press.
    Held {
        at: Point,
        target: HitTarget,
        _press: Timeout,
    },
    /// The editor has been told; where the finger was still for so long that it lifts what is under it, letting go
    /// there opens the menu.
    Told {
        lifted: Option<Point>,
    },
    /// Two fingers zoom and pan.
    Pinch {
        distance: f64,
        middle: Point,
    },
    /// One of two fingers has left: the other does nothing more.
    Over,
}

struct Hand {
    store: StoreHandle,
    canvas: Element,
    fingers: Vec<(i32, Point)>,
    touch: Touch,
    /// It was pressed since the page around had the focus last.
    awake: bool,
    /// The last touch was a long press that opened the menu.
    asked_for_menu: bool,
}

impl Hand {
    fn tell(&self, input: PointerInput) {
        self.store.dispatch(Action::Pointer(input));
    }

    fn at(&self, event: &MouseEvent) -> Point {
        let place = self.canvas.get_bounding_client_rect();
        Point::new(f64::from(event.client_x()) - place.left(), f64::from(event.client_y()) - place.top())
    }

    /// What is under the pointer: asked of the page only where it matters, as that costs a layout.
    fn under(&self, event: &MouseEvent) -> HitTarget {
        let matters = self.store.read(|state| matches!(state.tool, Tool::Connect(_) | Tool::Place(_)));
        if !matters {
            return HitTarget::Outside;
        }
        element_at(event).map_or(HitTarget::Outside, |element| hit(&element))
    }

    fn wheel(&self, event: &WheelEvent) {
        let at = self.at(event);
        let (dx, dy) = (event.delta_x(), event.delta_y());
        // A wheel turns in large whole steps of one axis; two fingers on a trackpad do not.
        let is_wheel = event.delta_mode() != WheelEvent::DOM_DELTA_PIXEL || (dx == 0.0 && dy.abs() >= 80.0);
        let action = if event.ctrl_key() {
            Action::ZoomAt { at, factor: (-dy * PINCH_ZOOM).exp() }
        } else if is_wheel {
            let pixels = if event.delta_mode() == WheelEvent::DOM_DELTA_PIXEL { dy } else { dy * 33.0 };
            Action::ZoomAt { at, factor: (-pixels * WHEEL_ZOOM).exp() }
        } else {
            Action::Pan { dx: -dx, dy: -dy }
        };
        self.store.dispatch(action);
    }

    /// A long press is the right click of a finger.
    fn ask_for_menu(&self, event: &PointerEvent) {
        let init = MouseEventInit::new();
        init.set_bubbles(true);
        init.set_cancelable(true);
        init.set_client_x(event.client_x());
        init.set_client_y(event.client_y());
        if let Ok(asked) = MouseEvent::new_with_mouse_event_init_dict("contextmenu", &init) {
            let _ = self.canvas.dispatch_event(&asked);
        }
    }

    fn pinch(&mut self) {
        let [(_, a), (_, b), ..] = self.fingers[..] else { return };
        let middle = Point::new((a.x + b.x) / 2.0, (a.y + b.y) / 2.0);
        let distance = a.distance(b).max(1.0);
        if let Touch::Pinch { distance: before, middle: from } = self.touch {
            self.store.dispatch(Action::Pan { dx: middle.x - from.x, dy: middle.y - from.y });
            self.store.dispatch(Action::ZoomAt { at: middle, factor: distance / before });
        }
        self.touch = Touch::Pinch { distance, middle };
    }
}

fn down(hand: &Rc<RefCell<Hand>>, event: &PointerEvent) {
    let Some(element) = element_of(event.target()) else { return };
    let target = hit(&element);
    let on_canvas = element.closest(".canvas").ok().flatten().is_some();
    hand.borrow_mut().awake |= on_canvas;
    hand.borrow_mut().asked_for_menu = false;
    let on_palette = matches!(target, HitTarget::Palette { .. });
    if is_own(event.target()) || !(on_canvas || on_palette) || event.button() > 1 {
        return;
    }
    let at = hand.borrow().at(event);
    let touch = event.pointer_type() == "touch";
    if touch {
        finger_down(hand, event, at, target);
        return;
    }
    if event.button() == 1 {
        // No automatic scrolling with the middle button.
        event.prevent_default();
    }
    // While the button is held, the pointer belongs to the canvas, wherever it goes.
    let _ = hand.borrow().canvas.set_pointer_capture(event.pointer_id());
    let state = PointerState {
        shift: event.shift_key(),
        control: event.ctrl_key() || event.meta_key(),
        pan: event.button() == 1,
        touch: false,
    };
    hand.borrow().tell(PointerInput::Down { at, target, state });
}

fn finger_down(hand: &Rc<RefCell<Hand>>, event: &PointerEvent, at: Point, target: HitTarget) {
    hand.borrow_mut().fingers.push((event.pointer_id(), at));
    if hand.borrow().fingers.len() == 2 {
        let mut hand = hand.borrow_mut();
        if matches!(hand.touch, Touch::Told { .. }) {
            hand.tell(PointerInput::Cancel);
        }
        hand.touch = Touch::None;
        hand.pinch();
        return;
    }
    // From a port a link is drawn, and a component of the palette is carried, without waiting.
    if matches!(target, HitTarget::Port(_) | HitTarget::Palette { .. } | HitTarget::Outside) {
        hand.borrow_mut().touch = Touch::Told { lifted: None };
        hand.borrow().tell(PointerInput::Down { at, target, state: finger() });
        return;
    }
    let press = {
        let hand = hand.clone();
        Timeout::new(LONG_PRESS_MS, move || {
            let held = std::mem::replace(&mut hand.borrow_mut().touch, Touch::Told { lifted: Some(at) });
            if let Touch::Held { at, target, _press } = held {
                hand.borrow().tell(PointerInput::Down { at, target, state: finger() });
            }
        })
    };
    hand.borrow_mut().touch = Touch::Held { at, target, _press: press };
}

fn finger() -> PointerState {
    PointerState { touch: true, ..PointerState::default() }
}

fn moved(hand: &Rc<RefCell<Hand>>, event: &PointerEvent) {
    let at = hand.borrow().at(event);
    if event.pointer_type() == "touch" {
        finger_moved(&mut hand.borrow_mut(), event.pointer_id(), at);
    }
    let hand = hand.borrow();
    let (pressed, touch) = (event.buttons() != 0, event.pointer_type() == "touch");
    if touch && !matches!(hand.touch, Touch::Told { .. }) {
        return;
    }
    let follows = hand.store.read(|state| matches!(state.tool, Tool::Connect(_) | Tool::Place(_)));
    let busy = hand.store.read(|state| !matches!(state.tool, Tool::Idle | Tool::PanTool));
    if follows || (pressed && busy) {
        hand.tell(PointerInput::Move { at, target: hand.under(event) });
    }
}

fn finger_moved(hand: &mut Hand, id: i32, at: Point) {
    if let Some(finger) = hand.fingers.iter_mut().find(|(finger, _)| *finger == id) {
        finger.1 = at;
    }
    match &hand.touch {
        Touch::Pinch { .. } => hand.pinch(),
        Touch::Told { lifted: Some(from) } if from.distance(at) > TOUCH_DRAG_THRESHOLD => {
            hand.touch = Touch::Told { lifted: None };
        }
        Touch::Held { at: from, .. } if from.distance(at) > TOUCH_DRAG_THRESHOLD => {
            let from = *from;
            hand.touch = Touch::Told { lifted: None };
            let state = PointerState { pan: true, ..finger() };
            hand.tell(PointerInput::Down { at: from, target: HitTarget::Ground, state });
        }
        _ => {}
    }
}

fn up(hand: &Rc<RefCell<Hand>>, event: &PointerEvent) {
    let at = hand.borrow().at(event);
    if event.pointer_type() != "touch" {
        let hand = hand.borrow();
        let busy = hand.store.read(|state| !matches!(state.tool, Tool::Idle | Tool::PanTool));
        if busy {
            hand.tell(PointerInput::Up { at, target: hand.under(event) });
        }
        return;
    }
    let before = {
        let mut hand = hand.borrow_mut();
        hand.fingers.retain(|(finger, _)| *finger != event.pointer_id());
        let after = if hand.fingers.is_empty() { Touch::None } else { Touch::Over };
        std::mem::replace(&mut hand.touch, after)
    };
    hand.borrow_mut().asked_for_menu = matches!(before, Touch::Told { lifted: Some(_) });
    let hand = hand.borrow();
    match before {
        Touch::Held { at: from, target, _press } => {
            hand.tell(PointerInput::Down { at: from, target: target.clone(), state: finger() });
            hand.tell(PointerInput::Up { at: from, target });
        }
        Touch::Told { lifted: Some(_) } => {
            hand.tell(PointerInput::Cancel);
            hand.ask_for_menu(event);
        }
        Touch::Told { lifted: None } => hand.tell(PointerInput::Up { at, target: hand.under(event) }),
        Touch::None | Touch::Pinch { .. } | Touch::Over => {}
    }
}

fn cancel(hand: &Rc<RefCell<Hand>>, event: &PointerEvent) {
    let mut hand = hand.borrow_mut();
    hand.fingers.retain(|(finger, _)| *finger != event.pointer_id());
    hand.touch = Touch::None;
    hand.tell(PointerInput::Cancel);
}

fn element_of(target: Option<EventTarget>) -> Option<Element> {
    target?.dyn_into().ok()
}

/// What on the canvas is under the pointer; nothing where a control handles the pointer itself.
#[must_use]
pub fn target_at(event: &MouseEvent) -> Option<HitTarget> {
    let element = element_at(event)?;
    (!is_own(Some(element.clone().into()))).then(|| hit(&element))
}

/// The element that is seen under the pointer.
fn element_at(event: &MouseEvent) -> Option<Element> {
    browser::document()?.element_from_point(event.client_x() as f32, event.client_y() as f32)
}

/// A control on the canvas that handles the pointer itself.
fn is_own(target: Option<EventTarget>) -> bool {
    let found = element_of(target)
        .and_then(|element| element.closest("[data-own], input, textarea, select").ok().flatten());
    found.is_some()
}

/// What an element of the page stands for.
#[must_use]
pub fn hit(element: &Element) -> HitTarget {
    let closest = |selector: &str| element.closest(selector).ok().flatten();
    let name = |element: &Element, attribute: &str| {
        LogicalId::from(element.get_attribute(attribute).unwrap_or_default().as_str())
    };
    if let Some(item) = closest("[data-kind]") {
        let kind = item.get_attribute("data-kind").and_then(|kind| ResourceKind::from_resource_type(&kind));
        let preset = item.get_attribute("data-preset").and_then(|preset| preset.parse().ok());
        return kind.map_or(HitTarget::Outside, |kind| HitTarget::Palette { kind, preset });
    }
    if let (Some(_), Some(node)) = (closest("[data-port]"), closest("[data-node]")) {
        return HitTarget::Port(name(&node, "data-node"));
    }
    if let Some(link) = closest("[data-from]") {
        return HitTarget::Link(LinkEnds::new(name(&link, "data-from"), name(&link, "data-to")));
    }
    let place = |element: &Element, attribute: &str| element.get_attribute(attribute)?.parse().ok();
    if let Some(place) = closest("[data-note]").and_then(|note| place(&note, "data-note")) {
        return HitTarget::Note(place);
    }
    if let Some(place) = closest("[data-group]").and_then(|group| place(&group, "data-group")) {
        return HitTarget::Group(place);
    }
    if let Some(node) = closest("[data-node]") {
        let id = name(&node, "data-node");
        if let Some(lane) = closest("[data-lane]") {
            return HitTarget::Lane { of: id, shard_id: lane.get_attribute("data-lane").unwrap_or_default() };
        }
        return HitTarget::Node(id);
    }
    if closest(".canvas").is_some() { HitTarget::Ground } else { HitTarget::Outside }
}
