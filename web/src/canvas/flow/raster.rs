//! The software painter without the browser: marks into a buffer of pixels, as few of them as possible.
//!
//! Marks of one wire that fall on the same step of it would hide each other, so each wire keeps one slot per
//! step and only the last mark of a slot is drawn. The cost of a frame is bounded by the length of the wires,
//! not by the number of marks.

use super::band::{Band, BandPixels, RasterView};
use super::geometry::{Curve, Wires};
use super::look::{LOOKS, Look, Palette, looks, size_on_screen};
use super::marks::{Mark, MarkStore, Stored, WORDS};
use super::pose::Pose;
use super::sprite::{Sprite, SpriteScale, fade, over};
use super::{Camera, MARK_SIZE};

/// Above this many marks, places are whole pixels.
const FINE_MARKS: usize = 8192;
const PHASES: usize = 4;
const STEPS_PER_WIRE: f32 = 16_384.0;

/// A rectangle of device pixels: left, top, and one past right and bottom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// First column.
    pub left: usize,
    /// First row.
    pub top: usize,
    /// One past the last column.
    pub right: usize,
    /// One past the last row.
    pub bottom: usize,
}

impl Area {
    fn join(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        let (Some(a), Some(b)) = (one, other) else { return one.or(other) };
        Some(Self {
            left: a.left.min(b.left),
            top: a.top.min(b.top),
            right: a.right.max(b.right),
            bottom: a.bottom.max(b.bottom),
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Layout {
    view: RasterView,
    scale: SpriteScale,
    fine: bool,
}

#[derive(Clone, Copy, Debug)]
struct Lane {
    start: u32,
    steps: f32,
}

#[derive(Clone, Copy, Debug)]
struct Drawn {
    sprite: usize,
    x: i32,
    y: i32,
}

/// Wires, marks and the pixels they make.
#[derive(Debug)]
pub struct RasterSurface {
    /// The marks in flight.
    pub store: MarkStore,
    wires: Wires,
    palette: Palette,
    looks: [Look; LOOKS],
    bands: Vec<Band>,
    band_pixels: Vec<BandPixels>,
    mark_size: f64,
    layout: Option<Layout>,
    stale: bool,
    lanes: Vec<Lane>,
    slots: Vec<u8>,
    touched: Vec<(u32, u32)>,
    extras: Vec<(usize, Pose)>,
    sprites: Vec<Option<Sprite>>,
    pixels: Vec<u32>,
    drawn: Vec<Drawn>,
    shown: Option<Area>,
}

impl RasterSurface {
    /// A surface for at most `capacity` marks.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        let palette = Palette::default();
        Self {
            store: MarkStore::new(capacity),
            wires: Wires::default(),
            looks: looks(&palette),
            palette,
            bands: Vec::new(),
            band_pixels: Vec::new(),
            mark_size: MARK_SIZE,
            layout: None,
            stale: true,
            lanes: Vec::new(),
            slots: Vec::new(),
            touched: Vec::with_capacity(capacity.min(1 << 14)),
            extras: Vec::new(),
            sprites: vec![None; LOOKS * PHASES * PHASES],
            pixels: Vec::new(),
            drawn: Vec::with_capacity(capacity.min(1 << 14)),
            shown: None,
        }
    }

    /// See [`Painter::set_curves`](super::Painter::set_curves).
    pub fn set_curves(&mut self, curves: &[Curve]) {
        self.stale |= self.wires.set(curves, |_, _| ());
    }

    /// See [`Painter::set_palette`](super::Painter::set_palette).
    pub fn set_palette(&mut self, palette: Palette) {
        self.palette = palette;
        self.looks = looks(&palette);
        self.layout = None;
    }

    /// See [`Painter::set_mark_size`](super::Painter::set_mark_size).
    pub fn set_mark_size(&mut self, pixels: f64) {
        self.mark_size = pixels;
    }

    /// See [`Painter::set_bands`](super::Painter::set_bands).
    pub fn set_bands(&mut self, bands: &[Band]) {
        if self.bands != bands {
            self.bands.clear();
            self.bands.extend_from_slice(bands);
            self.stale = true;
        }
    }

    /// See [`Painter::add_marks`](super::Painter::add_marks).
    pub fn add_marks(&mut self, marks: &[Mark]) {
        self.store.add(marks);
    }

    /// Banded flows.
    #[must_use]
    pub fn bands(&self) -> &[Band] {
        &self.bands
    }

    /// The picture, red, green, blue, alpha from the lowest byte up, not premultiplied, row by row.
    #[must_use]
    pub fn pixels(&self) -> &[u32] {
        &self.pixels
    }

    /// Draws the moment `now` and returns what has changed since the last time, if anything.
    pub fn paint(&mut self, now: f64, camera: &Camera, density: f64) -> Option<Area> {
        let since_origin = self.store.advance(now);
        let before = self.shown.take();
        let everything = self.arrange(camera, density);
        let Layout { view, scale, .. } = self.layout?;
        if everything {
            self.pixels.fill(0);
            self.drawn.clear();
        } else {
            self.wipe(before, view.width);
        }
        let mut area = self.paint_bands(now, view.width);
        self.sort_into_slots(since_origin);
        area = Area::join(area, self.draw_marks(&view, &scale));
        self.shown = area;
        if everything {
            return Some(Area { left: 0, top: 0, right: view.width, bottom: view.height });
        }
        Area::join(before, area)
    }

    /// Adapts buffer, sprites, slots and bands to the camera. Returns whether all pixels are to be redrawn.
    fn arrange(&mut self, camera: &Camera, density: f64) -> bool {
        let width = (camera.width * density).round().max(1.0) as usize;
        let height = (camera.height * density).round().max(1.0) as usize;
        let origin = [camera.x as f32, camera.y as f32];
        let density = density as f32;
        let view = RasterView { origin, scale: camera.scale as f32, density, width, height };
        let size = size_on_screen(self.mark_size, camera.scale) as f32;
        let layout = Layout {
            view,
            scale: SpriteScale { size, density, stride: width },
            fine: self.store.len() <= FINE_MARKS,
        };
        let previous = self.layout.replace(layout);
        let resized = self.pixels.len() != width * height;
        if resized {
            self.pixels.clear();
            self.pixels.resize(width * height, 0);
        }
        if previous.is_none_or(|old| old.scale != layout.scale || old.fine != layout.fine) {
            self.sprites.fill(None);
            self.drawn.clear();
        }
        let moved = previous.is_none_or(|old| old.view != view);
        if self.stale || previous.is_none_or(|old| old.view.scale != view.scale || old.fine != layout.fine) {
            self.lay_slots(view.scale * density, if layout.fine { 0.5 } else { 1.0 });
        }
        let redraw = previous != Some(layout) || self.stale || resized;
        if moved || self.stale {
            let wires = self.wires.tables();
            let palette = &self.palette;
            let covered = self.bands.iter().map(|band| {
                let wire = wires.get(band.link as usize);
                wire.map_or_else(BandPixels::default, |wire| BandPixels::new(band, wire, &view, palette))
            });
            self.band_pixels = covered.collect();
        }
        self.stale = false;
        redraw
    }

    fn lay_slots(&mut self, pixels_per_unit: f32, spacing: f32) {
        let mut start = 0;
        self.lanes.clear();
        for wire in self.wires.tables() {
            let steps = (wire.length * pixels_per_unit / spacing).ceil().clamp(1.0, STEPS_PER_WIRE);
            self.lanes.push(Lane { start, steps });
            start += steps as u32;
        }
        self.slots.clear();
        self.slots.resize(start as usize, 0);
    }

    /// Takes the marks of the last picture away: pixel by pixel, or by whole rows where that is less work.
    fn wipe(&mut self, area: Option<Area>, width: usize) {
        let Some(area) = area else { return };
        let pixels_per_mark = self.drawn.first().and_then(|drawn| self.sprites[drawn.sprite].as_ref());
        let writes = self.drawn.len() * pixels_per_mark.map_or(0, |s| s.opaque.len() + s.edge.len());
        if writes * 2 > (area.bottom - area.top) * width {
            self.pixels[area.top * width..area.bottom * width].fill(0);
            self.drawn.clear();
            return;
        }
        for drawn in self.drawn.drain(..) {
            let Some(sprite) = &self.sprites[drawn.sprite] else { continue };
            put(&mut self.pixels, width, sprite, [drawn.x, drawn.y], |_, _| 0, |_, _| 0);
        }
    }

    fn paint_bands(&mut self, now: f64, width: usize) -> Option<Area> {
        let mut area = None;
        for (band, covered) in self.bands.iter().zip(&self.band_pixels) {
            covered.paint(&mut self.pixels, band.phase(now));
            let rows = covered.rows(width).map(|[top, bottom]| Area { left: 0, top, right: width, bottom });
            area = Area::join(area, rows);
        }
        area
    }

    fn sort_into_slots(&mut self, now: f32) {
        self.touched.clear();
        self.extras.clear();
        for words in self.store.words().chunks_exact(WORDS) {
            let mark = Stored::read(words);
            let Some(lane) = self.lanes.get(mark.link) else { continue };
            let Some(pose) = Pose::of(&mark, now) else { continue };
            if pose.opacity < 1.0 || pose.offset != [0.0; 2] {
                self.extras.push((mark.link, pose));
                continue;
            }
            let slot = lane.start + (pose.share * lane.steps) as u32;
            let Some(held) = self.slots.get_mut(slot as usize) else { continue };
            if *held == 0 {
                self.touched.push((mark.link as u32, slot));
            }
            *held = pose.look as u8 + 1;
        }
    }

    fn draw_marks(&mut self, view: &RasterView, scale: &SpriteScale) -> Option<Area> {
        let mut bounds = [i32::MAX, i32::MAX, i32::MIN, i32::MIN];
        for index in 0..self.touched.len() {
            let (link, slot) = self.touched[index];
            let look = usize::from(std::mem::take(&mut self.slots[slot as usize])) - 1;
            let lane = self.lanes[link as usize];
            let share = ((slot - lane.start) as f32 + 0.5) / lane.steps;
            let pose = Pose { look, share, offset: [0.0; 2], opacity: 1.0 };
            self.draw(link as usize, &pose, view, scale, &mut bounds);
        }
        for index in 0..self.extras.len() {
            let (link, pose) = self.extras[index];
            self.draw(link, &pose, view, scale, &mut bounds);
        }
        let side = scale.side() as i32;
        let inside = |value: i32, limit: usize| value.clamp(0, limit as i32) as usize;
        (bounds[0] < i32::MAX).then(|| Area {
            left: inside(bounds[0], view.width),
            top: inside(bounds[1], view.height),
            right: inside(bounds[2] + side, view.width),
            bottom: inside(bounds[3] + side, view.height),
        })
    }

    #[inline]
    fn draw(
        &mut self,
        link: usize,
        pose: &Pose,
        view: &RasterView,
        scale: &SpriteScale,
        bounds: &mut [i32; 4],
    ) {
        let fine = self.layout.is_some_and(|layout| layout.fine);
        let Some(wire) = self.wires.tables().get(link) else { return };
        let phases = if fine { PHASES as i32 } else { 1 };
        let side = scale.side() as i32;
        let quantise = |css: f32| {
            let place = (css * view.density * phases as f32 + 0.5).floor() as i32;
            (place.div_euclid(phases) - side / 2, place.rem_euclid(phases) as usize)
        };
        let [x, y] = pose.place(wire, view.origin, view.scale);
        let ((x, phase_x), (y, phase_y)) = (quantise(x), quantise(y));
        if x <= -side || y <= -side || x >= view.width as i32 || y >= view.height as i32 {
            return;
        }
        let index = (pose.look * PHASES + phase_y) * PHASES + phase_x;
        let sprite = self.sprites[index].get_or_insert_with(|| {
            let phase = [phase_x, phase_y].map(|phase| phase as f32 / phases as f32);
            Sprite::new(&self.looks[pose.look], scale, phase)
        });
        let opacity = (pose.opacity * 256.0) as u32;
        if opacity == 256 {
            put(&mut self.pixels, view.width, sprite, [x, y], |_, ink| ink, over);
        } else {
            let faded = |below, ink| over(below, fade(ink, opacity));
            put(&mut self.pixels, view.width, sprite, [x, y], faded, faded);
        }
        self.drawn.push(Drawn { sprite: index, x, y });
        *bounds = [bounds[0].min(x), bounds[1].min(y), bounds[2].max(x), bounds[3].max(y)];
    }
}

/// Combines a sprite with the pixels at a place: `hide` for its opaque pixels, `blend` for its edge. What lies
/// outside the buffer is left out.
#[inline]
fn put(
    pixels: &mut [u32],
    width: usize,
    sprite: &Sprite,
    [x, y]: [i32; 2],
    hide: impl Fn(u32, u32) -> u32,
    blend: impl Fn(u32, u32) -> u32,
) {
    let height = pixels.len() / width;
    let fits = |from: i32, limit: usize| from >= 0 && from as usize + sprite.side <= limit;
    if fits(x, width) && fits(y, height) {
        let Some(target) = pixels.get_mut(y as usize * width + x as usize..) else { return };
        for pixel in &sprite.opaque {
            if let Some(place) = target.get_mut(pixel.offset as usize) {
                *place = hide(*place, pixel.colour);
            }
        }
        for pixel in &sprite.edge {
            if let Some(place) = target.get_mut(pixel.offset as usize) {
                *place = blend(*place, pixel.colour);
            }
        }
        return;
    }
    for pixel in sprite.opaque.iter().chain(&sprite.edge) {
        let (column, row) = (x + pixel.offset as i32 % width as i32, y + pixel.offset as i32 / width as i32);
        if column >= 0 && row >= 0 && (column as usize) < width && (row as usize) < height {
            let place = &mut pixels[row as usize * width + column as usize];
            *place = blend(*place, pixel.colour);
        }
    }
}

#[cfg(test)]
#[path = "raster_tests.rs"]
mod tests;
