//! What part of the world is seen, how large, and in how much detail.

use serde::{Deserialize, Serialize};

use crate::geometry::{Point, Rect, Size};

/// Smallest zoom.
pub const MIN_ZOOM: f64 = 0.1;
/// Largest zoom.
pub const MAX_ZOOM: f64 = 2.0;
/// One press of zoom in or out.
pub const ZOOM_STEP: f64 = 1.2;
/// Space around the diagram when it is fitted.
const FIT_MARGIN: f64 = 16.0;
/// The same above or below it, where a node would lie under the legend or the zoom.
const FIT_MARGIN_FLOAT: f64 = 56.0;
/// How far the legend, top left, and the zoom, bottom left, reach into the canvas; CSS px.
const LEGEND: Size = Size::new(500.0, 52.0);
const ZOOM: Size = Size::new(300.0, 52.0);
/// The same beside and below an upright diagram, and above it, where the legend is; CSS px.
const UPRIGHT_MARGIN: f64 = 8.0;
const UPRIGHT_TOP: f64 = 52.0;
/// Below it, for the buttons that zoom.
const UPRIGHT_BOTTOM: f64 = 64.0;
/// An upright diagram is not made smaller than this to fit: it can be moved instead.
const UPRIGHT_ZOOM: f64 = 0.8;

/// What part of the world is seen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Viewport {
    /// World point at the top left corner of the canvas.
    pub origin: Point,
    /// CSS px per world unit: 1 is 100 %.
    pub zoom: f64,
    /// Size of the canvas, CSS px.
    pub size: Size,
}

impl Default for Viewport {
    fn default() -> Self {
        Self { origin: Point::new(0.0, 0.0), zoom: 1.0, size: Size::new(948.0, 636.0) }
    }
}

impl Viewport {
    /// The world point at a point of the canvas.
    pub fn to_world(&self, canvas: Point) -> Point {
        self.origin.moved(canvas.x / self.zoom, canvas.y / self.zoom)
    }

    /// The point of the canvas where a world point is seen.
    pub fn to_canvas(&self, world: Point) -> Point {
        Point::new((world.x - self.origin.x) * self.zoom, (world.y - self.origin.y) * self.zoom)
    }

    /// The world rectangle that is seen.
    pub fn seen(&self) -> Rect {
        Rect::new(self.origin, Size::new(self.size.width / self.zoom, self.size.height / self.zoom))
    }

    /// The viewport moved so that the world follows a drag of `dx`, `dy` CSS px.
    #[must_use]
    pub fn panned(&self, dx: f64, dy: f64) -> Self {
        Self { origin: self.origin.moved(-dx / self.zoom, -dy / self.zoom), ..*self }
    }

    /// Zoomed by `factor` while the world point under `canvas` stays where it is.
    #[must_use]
    pub fn zoomed_at(&self, canvas: Point, factor: f64) -> Self {
        let under = self.to_world(canvas);
        let zoom = (self.zoom * factor).clamp(MIN_ZOOM, MAX_ZOOM);
        Self { origin: under.moved(-canvas.x / zoom, -canvas.y / zoom), zoom, ..*self }
    }

    /// Moved and zoomed so that `bounds` is seen from its top, across all of it, and down to its end unless the
    /// letters would be too small.
    #[must_use]
    pub fn fitted_upright(&self, bounds: Rect) -> Self {
        let across = (self.size.width - 2.0 * UPRIGHT_MARGIN) / bounds.size.width.max(1.0);
        let down = (self.size.height - UPRIGHT_TOP - UPRIGHT_BOTTOM) / bounds.size.height.max(1.0);
        let zoom = across.min(down.max(UPRIGHT_ZOOM)).clamp(MIN_ZOOM, 1.0);
        let left = bounds.center().x - self.size.width / 2.0 / zoom;
        Self { origin: Point::new(left, bounds.origin.y - UPRIGHT_TOP / zoom), zoom, ..*self }
    }

    /// Moved and zoomed so that all of `drawn` is seen, at 100 % at most, and nothing lies under what floats over the
    /// canvas: room is made above or below only where it is needed.
    #[must_use]
    pub fn fitted(&self, drawn: &[Rect]) -> Self {
        let Some(bounds) = drawn.iter().copied().reduce(|all, rect| all.union(&rect)) else {
            return Self { size: self.size, ..Self::default() };
        };
        let legend = Rect::new(Point::default(), LEGEND);
        let zoom = Rect::new(Point::new(0.0, self.size.height - ZOOM.height), ZOOM);
        let clear = |fitted: &Self, float: &Rect| {
            let on_canvas = |rect: &Rect| {
                let (width, height) = (rect.size.width * fitted.zoom, rect.size.height * fitted.zoom);
                Rect::new(fitted.to_canvas(rect.origin), Size::new(width, height))
            };
            !drawn.iter().any(|rect| on_canvas(rect).overlaps(float))
        };
        let (small, large) = (FIT_MARGIN, FIT_MARGIN_FLOAT);
        let candidates = [(small, small), (small, large), (large, small), (large, large)];
        let fitted = candidates.map(|(above, below)| self.fitted_within(bounds, above, below));
        let free = fitted.iter().filter(|fitted| clear(fitted, &legend) && clear(fitted, &zoom));
        // Of equals the last, which keeps clear of both whatever is drawn later.
        *free.max_by(|a, b| a.zoom.total_cmp(&b.zoom)).unwrap_or(&fitted[3])
    }

    fn fitted_within(&self, bounds: Rect, above: f64, below: f64) -> Self {
        // A frame as small as a picture has no room to give away.
        let small = |margin: f64, side: f64| margin.min(side / 8.0);
        let (above, below) = (small(above, self.size.height), small(below, self.size.height));
        let beside = small(FIT_MARGIN, self.size.width);
        let across = (self.size.width - 2.0 * beside).max(50.0) / bounds.size.width.max(1.0);
        let down = (self.size.height - above - below).max(50.0) / bounds.size.height.max(1.0);
        let zoom = across.min(down).clamp(MIN_ZOOM, 1.0);
        let middle = Point::new(self.size.width / 2.0, (self.size.height + above - below) / 2.0);
        Self { origin: bounds.center().moved(-middle.x / zoom, -middle.y / zoom), zoom, ..*self }
    }
}

/// How much a node shows (UI.md section 5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Detail {
    /// A dot of 9 px, below 25 %.
    Dot,
    /// Icon and one bar, 25 to 50 %, of constant size on screen.
    Glyph,
    /// Icon, name, one instrument, 50 to 85 %, of constant size on screen.
    Compact,
    /// Everything, from 85 % on, scaled with the zoom.
    #[default]
    Full,
}

/// Half of the 4 % by which zoom must pass a border before the detail changes.
const HYSTERESIS: f64 = 0.02;
const BORDERS: [(f64, Detail, Detail); 3] = [
    (0.25, Detail::Dot, Detail::Glyph),
    (0.50, Detail::Glyph, Detail::Compact),
    (0.85, Detail::Compact, Detail::Full),
];

impl Detail {
    /// The detail at `zoom`, when this is the one shown now.
    #[must_use]
    pub fn at(self, zoom: f64) -> Self {
        let mut detail = Self::Dot;
        for (border, below, above) in BORDERS {
            let border = if self >= above { border - HYSTERESIS } else { border + HYSTERESIS };
            if zoom < border {
                return below;
            }
            detail = above;
        }
        detail
    }

    /// One level more than a dot, for nodes in trouble: they can be told apart from the furthest away. Larger cards
    /// keep their level, where a still larger one would cover its neighbours.
    #[must_use]
    pub const fn step_up(self) -> Self {
        if matches!(self, Self::Dot) { Self::Glyph } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// UI.md section 5: levels by zoom, with 4 % hysteresis.
    #[test]
    fn detail_changes_only_when_zoom_has_clearly_passed_a_border() {
        assert_eq!(Detail::Full.at(0.84), Detail::Full);
        assert_eq!(Detail::Compact.at(0.86), Detail::Compact);
        assert_eq!(Detail::Full.at(0.82), Detail::Compact);
        assert_eq!(Detail::Compact.at(0.88), Detail::Full);
        assert_eq!(Detail::Full.at(0.2), Detail::Dot);
        assert_eq!(Detail::Dot.at(1.0), Detail::Full);
        assert_eq!(Detail::Dot.at(0.3), Detail::Glyph);
    }

    #[test]
    fn zooming_keeps_the_point_under_the_pointer() {
        let viewport = Viewport { origin: Point::new(-30.0, 12.0), ..Viewport::default() };
        let pointer = Point::new(200.0, 300.0);
        let under = viewport.to_world(pointer);
        let zoomed = viewport.zoomed_at(pointer, 0.5);
        assert!(zoomed.to_canvas(under).distance(pointer) < 1e-9);
        assert_eq!(zoomed.zoomed_at(pointer, 1e-9).zoom, MIN_ZOOM);
    }

    #[test]
    fn fitting_shows_all_of_the_diagram() {
        let bounds = Rect::new(Point::new(500.0, -900.0), Size::new(4_000.0, 300.0));
        let seen = Viewport::default().fitted(&[bounds]).seen();
        assert!(seen.contains(bounds.origin) && seen.contains(Point::new(bounds.right(), bounds.bottom())));
    }
}
