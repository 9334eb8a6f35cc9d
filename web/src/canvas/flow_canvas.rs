//! The place of the painter: made with its canvas, fed by the effect runner, asked to paint by the frame loop.

use std::cell::RefCell;
use std::rc::Rc;

use editor::{Viewport, playback};
use web_sys::HtmlCanvasElement;

use super::flow::{Band, Camera, Curve, FlowLayer, Mark, MarkStyle, PaintStats, Painter, Point};

/// The most marks on screen (UI.md section 6), with room for those already over.
const CAPACITY: usize = 4_096;
/// Marks under a finger are larger, CSS px.
const TOUCH_MARK_SIZE: f64 = 11.0;

/// The painter, once there is a canvas for it.
#[derive(Clone, Default)]
pub struct FlowSlot(Rc<RefCell<Option<FlowLayer>>>);

impl FlowSlot {
    /// Makes the painter of a canvas. Without one the page works, with counts instead of marks.
    pub fn attach(&self, canvas: HtmlCanvasElement) {
        let Ok(mut layer) = FlowLayer::new(canvas, CAPACITY) else { return };
        if crate::browser::media_matches("(pointer: coarse)") {
            layer.set_mark_size(TOUCH_MARK_SIZE);
        }
        *self.0.borrow_mut() = Some(layer);
    }

    /// The canvas is gone.
    pub fn detach(&self) {
        *self.0.borrow_mut() = None;
    }

    fn with(&self, work: impl FnOnce(&mut FlowLayer)) {
        if let Some(layer) = self.0.borrow_mut().as_mut() {
            work(layer);
        }
    }

    /// Gives marks to the painter, each once.
    pub fn add_marks(&self, marks: &[playback::Mark]) {
        let marks: Vec<Mark> = marks.iter().map(mark).collect();
        self.with(|layer| layer.add_marks(&marks));
    }

    /// The marks under way, and those that have just ended.
    #[must_use]
    pub fn marks(&self) -> Vec<playback::Mark> {
        let layer = self.0.borrow();
        layer.as_ref().map_or_else(Vec::new, |layer| layer.marks().iter().map(mark_back).collect())
    }

    /// Forgets all marks.
    pub fn clear(&self) {
        self.with(Painter::clear);
    }

    /// All banded flows.
    pub fn set_bands(&self, bands: &[playback::Band]) {
        let bands: Vec<Band> = bands.iter().map(band).collect();
        self.with(|layer| layer.set_bands(&bands));
    }

    /// The wires, by number.
    pub fn set_curves(&self, curves: &[editor::Curve]) {
        let point = |point: editor::Point| Point { x: point.x, y: point.y };
        let curves: Vec<Curve> = curves.iter().map(|curve| Curve { points: curve.0.map(point) }).collect();
        self.with(|layer| layer.set_curves(&curves));
    }

    /// Reads the colours again, after a change of theme.
    pub fn read_palette(&self) {
        self.with(FlowLayer::read_palette);
    }

    /// Draws a moment of presentation time.
    pub fn paint(&self, now: f64, viewport: &Viewport, device_pixel_ratio: f64) -> PaintStats {
        let camera = Camera {
            x: viewport.origin.x,
            y: viewport.origin.y,
            scale: viewport.zoom,
            width: viewport.size.width,
            height: viewport.size.height,
            device_pixel_ratio,
        };
        let mut stats = PaintStats::default();
        self.with(|layer| stats = layer.paint(now, &camera));
        stats
    }
}

fn mark(mark: &playback::Mark) -> Mark {
    let style = match mark.style {
        playback::MarkStyle::Travelling => MarkStyle::Travelling,
        playback::MarkStyle::Refused => MarkStyle::Refused,
        playback::MarkStyle::FilteredOut => MarkStyle::FilteredOut,
        playback::MarkStyle::Polled => MarkStyle::Polled,
        playback::MarkStyle::DeadLettered => MarkStyle::DeadLettered,
    };
    Mark { link: mark.wire, departs: mark.departs, arrives: mark.arrives, category: mark.category, style }
}

fn mark_back(mark: &Mark) -> playback::Mark {
    let style = match mark.style {
        MarkStyle::Travelling => playback::MarkStyle::Travelling,
        MarkStyle::Refused => playback::MarkStyle::Refused,
        MarkStyle::FilteredOut => playback::MarkStyle::FilteredOut,
        MarkStyle::Polled => playback::MarkStyle::Polled,
        MarkStyle::DeadLettered => playback::MarkStyle::DeadLettered,
    };
    let Mark { link, departs, arrives, category, .. } = *mark;
    playback::Mark { wire: link, departs, arrives, category, style }
}

fn band(band: &playback::Band) -> Band {
    Band { link: band.wire, width: band.width, shares: band.shares, notch_speed: band.notch_speed }
}
