//! Pages for measuring the painter in a real browser: `?bench=dots&n=10000`, optionally
//! `&painter=webgl|software`.
//!
//! The page offers `window.__bench = {ready, frame(tSeconds), flush()}`: `frame` draws the picture of a moment,
//! `flush` waits until it is really drawn. The scene has 40 wires in 1,280 × 720 px and `n` marks of 6 px that
//! start again when they arrive, so each frame also takes in the marks that depart in it, as the playground does.

use js_sys::{Object, Promise, Reflect};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{HtmlCanvasElement, HtmlElement};

use crate::canvas::flow::{Camera, Curve, FlowLayer, Mark, MarkStyle, Painter as _, PainterKind, Point};

const WIDTH: f64 = 1280.0;
const HEIGHT: f64 = 720.0;
const WIRES: u32 = 40;
const DOT_PIXELS: f64 = 6.0;
/// Departures are looked up by slices of this length.
const SLICE_SECONDS: f64 = 1.0 / 64.0;
/// More slices than the slowest mark takes (5 s).
const SLICES: usize = 512;

/// The same numbers on every machine.
struct Numbers(u32);

impl Numbers {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(self.0) / 4_294_967_296.0
    }
}

fn wires(numbers: &mut Numbers) -> Vec<Curve> {
    let wire = |index: u32| {
        let (x0, y0) = (20.0 + f64::from(index % 8) * 150.0, 40.0 + f64::from(index / 8) * 130.0);
        let x3 = x0 + 110.0 + numbers.next() * 60.0;
        let y3 = (y0 + (numbers.next() - 0.5) * 260.0).clamp(20.0, 700.0);
        let middle = f64::midpoint(x0, x3);
        let points = [[x0, y0], [middle, y0], [middle, y3], [x3, y3]];
        Curve { points: points.map(|[x, y]| Point { x, y }) }
    };
    (0..WIRES).map(wire).collect()
}

#[derive(Clone, Copy)]
struct Dot {
    link: u32,
    phase: f64,
    period: f64,
    departs: f64,
}

/// Marks that start again whenever they arrive, kept by the slice of time of their next departure.
struct Traffic {
    dots: Vec<Dot>,
    slices: Vec<Vec<u32>>,
    /// Slice up to which departures are handed out; none before the first frame.
    reached: Option<i64>,
    due: Vec<Mark>,
}

impl Traffic {
    fn new(count: usize, numbers: &mut Numbers) -> Self {
        let dot = |index: usize| {
            let phase = numbers.next();
            let period = 1.0 / (0.2 + numbers.next() * 0.6);
            Dot { link: index as u32 % WIRES, phase, period, departs: 0.0 }
        };
        let dots = (0..count).map(dot).collect();
        Self { dots, slices: vec![Vec::new(); SLICES], reached: None, due: Vec::new() }
    }

    /// The marks that depart up to a moment and were not handed out before.
    fn due(&mut self, now: f64) -> &[Mark] {
        self.due.clear();
        let current = (now / SLICE_SECONDS).floor() as i64;
        let far =
            self.reached.is_none_or(|reached| current < reached || current - reached >= SLICES as i64 / 8);
        if far {
            self.slices.iter_mut().for_each(Vec::clear);
            for index in 0..self.dots.len() {
                let dot = &mut self.dots[index];
                dot.departs = now - dot.phase * dot.period;
                self.send(index as u32);
            }
        }
        // One slice ahead, so that marks are known before they depart.
        for slice in self.reached.filter(|_| !far).map_or(current - 1, |reached| reached + 1)..=current {
            let place = (slice + 1).rem_euclid(SLICES as i64) as usize;
            let mut departing = std::mem::take(&mut self.slices[place]);
            for index in departing.drain(..) {
                self.send(index);
            }
            self.slices[place] = departing;
        }
        self.reached = Some(current);
        &self.due
    }

    fn send(&mut self, index: u32) {
        let dot = &mut self.dots[index as usize];
        let (departs, arrives) = (dot.departs, dot.departs + dot.period);
        dot.departs = arrives;
        let slice = (arrives / SLICE_SECONDS).floor() as i64;
        self.slices[slice.rem_euclid(SLICES as i64) as usize].push(index);
        self.due.push(Mark { link: dot.link, departs, arrives, category: 1, style: MarkStyle::Travelling });
    }
}

/// Turns the page into a measuring page where its address asks for one. Returns whether it does.
#[must_use]
pub fn run_if_asked() -> bool {
    let search = web_sys::window().and_then(|window| window.location().search().ok()).unwrap_or_default();
    let Some(count) = dots_asked_for(&search) else { return false };
    if let (Err(reason), Some(body)) =
        (bench_dots(count), web_sys::window().and_then(|w| w.document()?.body()))
    {
        body.set_text_content(Some(&format!("{reason:?}")));
    }
    true
}

/// `?bench=dots&n=10000` asks for 10,000.
fn dots_asked_for(search: &str) -> Option<usize> {
    let mut parameters = search.trim_start_matches('?').split('&');
    if !parameters.clone().any(|parameter| parameter == "bench=dots") {
        return None;
    }
    let count = parameters.find_map(|parameter| parameter.strip_prefix("n="))?;
    count.parse().ok().filter(|count| *count <= 1_000_000)
}

/// Builds the page for `count` marks.
///
/// # Errors
/// The browser has no canvas to draw on.
pub fn bench_dots(count: usize) -> Result<(), JsValue> {
    let window = web_sys::window().ok_or("no window")?;
    let document = window.document().ok_or("no document")?;
    let body: HtmlElement = document.body().ok_or("no body")?;
    body.set_inner_html("");
    body.set_attribute("style", "margin:0;background:#fff")?;
    let canvas: HtmlCanvasElement = document.create_element("canvas")?.unchecked_into();
    canvas.set_attribute("style", "display:block;width:1280px;height:720px")?;
    body.append_child(&canvas)?;
    let query = window.location().search()?;
    let capacity = count * 5 / 4 + 4096;
    let mut layer = if query.contains("painter=webgl") {
        FlowLayer::with_painter(canvas, capacity, PainterKind::WebGl)?
    } else if query.contains("painter=software") {
        FlowLayer::with_painter(canvas, capacity, PainterKind::Software)?
    } else {
        FlowLayer::new(canvas, capacity)?
    };
    let mut numbers = Numbers(12_345);
    layer.set_curves(&wires(&mut numbers));
    layer.set_mark_size(DOT_PIXELS);
    let mut traffic = Traffic::new(count, &mut numbers);
    let camera = Camera { x: 0.0, y: 0.0, scale: 1.0, width: WIDTH, height: HEIGHT, device_pixel_ratio: 1.0 };
    let layer = Rc::new(RefCell::new(layer));
    let painted = Rc::clone(&layer);
    let frame = Closure::<dyn FnMut(f64)>::new(move |now: f64| {
        let mut layer = painted.borrow_mut();
        layer.add_marks(traffic.due(now));
        layer.paint(now, &camera);
    });
    let flush = Closure::<dyn FnMut()>::new(move || layer.borrow_mut().finish());
    offer(&window, frame.into_js_value(), flush.into_js_value())
}

/// Puts the functions on the page's `__bench`, which may have been waiting for them since before wasm came.
fn offer(window: &web_sys::Window, frame: JsValue, flush: JsValue) -> Result<(), JsValue> {
    let name = JsValue::from_str("__bench");
    let waiting = Reflect::get(window, &name)?;
    let bench = if waiting.is_object() { waiting } else { Object::new().into() };
    Reflect::set(&bench, &"frame".into(), &frame)?;
    Reflect::set(&bench, &"flush".into(), &flush)?;
    if Reflect::get(&bench, &"ready".into())?.is_undefined() {
        Reflect::set(&bench, &"ready".into(), &Promise::resolve(&JsValue::TRUE))?;
    }
    if let Ok(resolve) = Reflect::get(&bench, &"resolve".into())?.dyn_into::<js_sys::Function>() {
        resolve.call0(&JsValue::UNDEFINED)?;
    }
    Reflect::set(window, &name, &bench)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::{Numbers, Traffic, dots_asked_for};

    #[test]
    fn the_address_asks_for_marks() {
        assert_eq!(dots_asked_for("?bench=dots&n=1500&painter=webgl"), Some(1500));
        assert_eq!(dots_asked_for("?bench=drag&n=100"), None);
        assert_eq!(dots_asked_for("?n=3"), None);
        assert_eq!(dots_asked_for(""), None);
    }

    /// As many marks are under way at every moment as were asked for.
    #[test]
    fn every_mark_starts_again_when_it_arrives() {
        let mut traffic = Traffic::new(100, &mut Numbers(1));
        let mut marks = traffic.due(1_000.0).to_vec();
        for frame in 1..1_000 {
            let now = 1_000.0 + f64::from(frame) / 60.0;
            marks.extend_from_slice(traffic.due(now));
            let under_way = marks.iter().filter(|mark| mark.departs <= now && now < mark.arrives).count();
            assert_eq!(under_way, 100, "at {now}");
        }
    }
}
