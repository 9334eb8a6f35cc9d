//! Everything that moves: one canvas for the marks and banded flows on the wires.
//!
//! A mark is written down once, with its wire, departure and arrival; each frame only says what time it is.
//! Two painters stand behind [`Painter`]: WebGL2, where the graphics card places the marks, and a software
//! painter for machines without one. [`FlowLayer`] chooses when it is made.

pub mod band;
pub mod geometry;
pub mod look;
pub mod marks;
pub mod pose;
pub mod raster;
pub mod sprite;

pub use band::Band;
pub use geometry::{Curve, Point};
pub use look::Palette;
pub use marks::{Mark, MarkStyle};

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
