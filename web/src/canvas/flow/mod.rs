//! Everything that moves: one canvas for the marks and banded flows on the wires.
//!
//! A mark is written down once, with its wire, departure and arrival; each frame only says what time it is.
//! Two painters stand behind [`Painter`]: WebGL2, where the graphics card places the marks, and a software
//! painter for machines without one. [`FlowLayer`] chooses when it is made.

pub mod band;
pub mod geometry;
pub mod layer;
pub mod look;
pub mod marks;
pub mod pose;
mod program;
pub mod raster;
mod shaders;
pub mod software;
pub mod sprite;
pub mod webgl;

pub use band::Band;
pub use geometry::{Curve, Point};
pub use layer::FlowLayer;
pub use look::Palette;
pub use marks::{Mark, MarkStyle};
use web_sys::HtmlCanvasElement;

/// Side of a mark, CSS px (`--dot`).
pub const MARK_SIZE: f64 = 9.0;

/// What part of the world is seen, and how large.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// World x at the left edge of the canvas.
    pub x: f64,
    /// World y at the top edge of the canvas.
    pub y: f64,
    /// CSS px per world unit: 1 is 100 %.
    pub scale: f64,
    /// Width of the canvas, CSS px.
    pub width: f64,
    /// Height of the canvas, CSS px.
    pub height: f64,
    /// Device px per CSS px.
    pub device_pixel_ratio: f64,
}

/// Which way of drawing is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PainterKind {
    /// WebGL2 on a graphics card.
    WebGl,
    /// Pixels drawn by our own code, for machines without one.
    Software,
}

/// What a frame held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PaintStats {
    /// Marks held. Those that ended within the last quarter of a second may still be among them.
    pub marks: usize,
    /// Marks left out for lack of room since the last [`clear`](Painter::clear).
    pub overflowed: u64,
    /// Banded flows drawn.
    pub bands: usize,
}

impl PaintStats {
    fn of(store: &marks::MarkStore, bands: usize) -> Self {
        Self { marks: store.len(), overflowed: store.overflowed(), bands }
    }
}

/// Draws everything that moves. Setters are cheap and take effect with the next
/// [`paint`](Self::paint).
pub trait Painter {
    /// The wires by link number. Only those that changed are worked on; marks under way follow theirs.
    fn set_curves(&mut self, curves: &[Curve]);
    /// The colours.
    fn set_palette(&mut self, palette: Palette);
    /// Side of a mark, CSS px; 9 ([`MARK_SIZE`]) unless set, 11 for touch. Below 50 % zoom it shrinks to two
    /// thirds.
    fn set_mark_size(&mut self, pixels: f64);
    /// Adds marks, each once. They may depart in the future and end by themselves.
    fn add_marks(&mut self, marks: &[Mark]);
    /// All marks that are held.
    fn marks(&self) -> Vec<Mark>;
    /// Forgets all marks, as after a seek. Wires, colours and bands stay.
    fn clear(&mut self);
    /// The banded flows, all of them each time.
    fn set_bands(&mut self, bands: &[Band]);
    /// Draws the moment `now` (seconds of presentation time) and sizes the canvas to the camera. A frame in
    /// which nothing changed costs nothing.
    fn paint(&mut self, now: f64, camera: &Camera) -> PaintStats;
    /// Waits until the picture is really drawn. For measuring only.
    fn finish(&mut self);
    /// Which way of drawing this is.
    fn kind(&self) -> PainterKind;
}

/// Gives the canvas as many pixels as the camera asks for.
fn fit_canvas(canvas: &HtmlCanvasElement, camera: &Camera, density: f64) {
    let width = (camera.width * density).round().max(1.0) as u32;
    let height = (camera.height * density).round().max(1.0) as u32;
    if canvas.width() != width || canvas.height() != height {
        canvas.set_width(width);
        canvas.set_height(height);
    }
}
