//! Banded flows: a wire that carries too much for single marks.

use super::geometry::{ArcTable, PIECES};
use super::look::Palette;
use super::marks::CATEGORIES;
use super::sprite::{over, pack};

/// A flow drawn as stripes along its wire, one per category, with notches that move.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Number of the wire.
    pub link: u32,
    /// Width, CSS px: 5 and 2 more per decade above 100/s, at most 16.
    pub width: f32,
    /// Share of each category. They need not add up to 1.
    pub shares: [f32; CATEGORIES],
    /// Speed of the notches, CSS px per second of presentation time.
    pub notch_speed: f32,
}

/// Opacity of the stripes.
pub const STRIPE_OPACITY: f32 = 0.88;
/// Opacity of the notches.
pub const NOTCH_OPACITY: f32 = 0.75;

impl Band {
    /// Distance between notches, CSS px.
    #[must_use]
    pub fn gap(&self) -> f32 {
        (1.9 * self.width).max(15.0)
    }

    /// How far the notches have moved within one gap, CSS px.
    #[must_use]
    pub fn phase(&self, now: f64) -> f32 {
        (now * f64::from(self.notch_speed)).rem_euclid(f64::from(self.gap())) as f32
    }

    /// Where each category's stripe ends, 0 to 1 across the flow.
    #[must_use]
    pub fn limits(&self) -> [f32; CATEGORIES] {
        let total: f32 = self.shares.iter().sum();
        let mut sum = 0.0;
        self.shares.map(|share| {
            sum += share;
            if total > 0.0 { sum / total } else { 1.0 }
        })
    }
}

/// The pixels of a band, worked out once and coloured anew each frame.
#[derive(Debug, Default)]
pub struct BandPixels {
    pixels: Vec<BandPixel>,
    notch: u32,
    gap: f32,
}

#[derive(Debug)]
struct BandPixel {
    index: u32,
    /// Distance along the wire, notch shape included, CSS px.
    along: f32,
    colour: u32,
}

/// Where and how large the wires are drawn, in device pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RasterView {
    /// World point in the top left corner.
    pub origin: [f32; 2],
    /// CSS px per world unit.
    pub scale: f32,
    /// Device px per CSS px.
    pub density: f32,
    /// Device px.
    pub width: usize,
    /// Device px.
    pub height: usize,
}

impl BandPixels {
    /// Finds the pixels that a band covers.
    #[must_use]
    pub fn new(band: &Band, wire: &ArcTable, view: &RasterView, palette: &Palette) -> Self {
        let limits = band.limits();
        let mut nearest: Vec<(u32, f32, f32)> = Vec::new();
        let half = band.width / 2.0 * view.density;
        let per_world = view.scale * view.density;
        let steps = ((wire.length * per_world * 2.0) as usize).clamp(PIECES, 8192);
        for step in 0..=steps {
            let share = step as f32 / steps as f32;
            let [x, y] = wire.at(share);
            let centre = [(x - view.origin[0]) * per_world, (y - view.origin[1]) * per_world];
            let [ax, ay] = wire.at(share - 0.01);
            let [bx, by] = wire.at(share + 0.01);
            let long = (bx - ax).hypot(by - ay).max(1e-6);
            let across = [-(by - ay) / long, (bx - ax) / long];
            let rows = (half * 2.0).ceil() as i32 + 1;
            for row in -rows..=rows {
                let offset = row as f32 / 2.0;
                let (px, py) = (centre[0] + across[0] * offset, centre[1] + across[1] * offset);
                if px < 0.0 || py < 0.0 || px >= view.width as f32 || py >= view.height as f32 {
                    continue;
                }
                let index = py as u32 * view.width as u32 + px as u32;
                let (dx, dy) = (px.floor() + 0.5 - centre[0], py.floor() + 0.5 - centre[1]);
                let offset = (dx * across[0] + dy * across[1]) / view.density;
                nearest.push((index, offset, share * wire.length * view.scale));
            }
        }
        nearest.sort_unstable_by(|a, b| {
            (a.0, a.1.abs()).partial_cmp(&(b.0, b.1.abs())).unwrap_or(a.0.cmp(&b.0))
        });
        nearest.dedup_by_key(|entry| entry.0);
        let pixels = nearest.into_iter().filter_map(|(index, offset, along)| {
            let cover = (0.5 + (band.width / 2.0 - offset.abs()) * view.density).clamp(0.0, 1.0);
            let alpha = (cover * STRIPE_OPACITY * 255.0) as u32;
            let across = (offset / band.width + 0.5).clamp(0.0, 1.0);
            let stripe = limits.iter().position(|limit| across <= *limit).unwrap_or(CATEGORIES - 1);
            let along = along - (2.0 - 4.5 * (2.0 * across - 1.0).abs());
            let colour = pack(palette.categories[stripe]) | alpha << 24;
            (alpha > 0).then_some(BandPixel { index, along, colour })
        });
        let notch = pack(palette.surface) | ((NOTCH_OPACITY * 255.0) as u32) << 24;
        Self { pixels: pixels.collect(), notch, gap: band.gap() }
    }

    /// Colours the band for notches moved by `phase`.
    pub fn paint(&self, buffer: &mut [u32], phase: f32) {
        let per_gap = 1.0 / self.gap;
        let half_notch = 0.75 * per_gap;
        for pixel in &self.pixels {
            let turn = (pixel.along - phase) * per_gap;
            let distance = (turn - turn.floor() - 0.5).abs();
            if let Some(target) = buffer.get_mut(pixel.index as usize) {
                let notched = distance < half_notch && pixel.colour >> 24 > 128;
                *target = if notched { over(pixel.colour, self.notch) } else { pixel.colour };
            }
        }
    }

    /// The pixel rows it covers, first and one past the last, for a buffer of that width.
    #[must_use]
    pub fn rows(&self, width: usize) -> Option<[usize; 2]> {
        let first = self.pixels.first()?.index as usize / width;
        let last = self.pixels.last()?.index as usize / width;
        Some([first, last + 1])
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::super::geometry::{Curve, Point};
    use super::*;

    fn band() -> Band {
        Band { link: 0, width: 12.0, shares: [3.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0], notch_speed: 60.0 }
    }

    /// UI.md section 6: band = category share, notches at constant speed.
    #[test]
    fn stripes_follow_the_shares_and_notches_move() {
        let wire = ArcTable::new(&Curve { points: [0.0, 60.0, 120.0, 180.0].map(|x| Point { x, y: 20.0 }) });
        let view = RasterView { origin: [0.0; 2], scale: 1.0, density: 1.0, width: 200, height: 40 };
        let palette = Palette::default();
        let pixels = BandPixels::new(&band(), &wire, &view, &palette);
        let paint = |phase| {
            let mut buffer = vec![0_u32; 200 * 40];
            pixels.paint(&mut buffer, phase);
            buffer
        };
        let buffer = paint(0.0);
        let rows_where = |column: usize, wanted: &dyn Fn(u32) -> bool| {
            (0..40).filter(|row| wanted(buffer[row * 200 + column])).count()
        };
        // Some columns are crossed by a notch: the stripe's height is the most that any column shows.
        let count = |category: usize| {
            let ink = pack(palette.categories[category]);
            (60..120).map(|column| rows_where(column, &|pixel| pixel & 0x00ff_ffff == ink)).max().unwrap_or(0)
        };
        assert_eq!(rows_where(100, &|pixel| pixel != 0), 12);
        assert_eq!((count(0), count(1)), (9, 3));
        assert_eq!(pixels.rows(200), Some([14, 26]));
        assert_ne!(buffer, paint(3.0));
        assert_eq!(buffer, paint(band().gap()));
    }

    #[test]
    fn a_band_without_shares_is_still_a_band() {
        let empty = Band { shares: [0.0; CATEGORIES], ..band() };
        assert_eq!(empty.limits(), [1.0; CATEGORIES]);
        assert_eq!(band().limits(), [0.75, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
    }
}
