//! What each kind of mark looks like: shape, size, inks. Both painters read this one table.

use super::marks::{CATEGORIES, MarkStyle};

/// A colour, red, green and blue from 0 to 1.
pub type Rgb = [f32; 3];

/// The colours of everything that moves, read from the design tokens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Palette {
    /// `--m1` to `--m7`.
    pub categories: [Rgb; CATEGORIES],
    /// `--c-throttled`: outlines of refused marks.
    pub throttled: Rgb,
    /// `--c-dead`: edges of dead-lettered marks.
    pub dead: Rgb,
    /// `--c-edge`: outlines of filtered copies and empty answers.
    pub edge: Rgb,
    /// The ground under the wires (`--c-canvas`): the thin halo that lifts a mark off its wire.
    pub surface: Rgb,
}

impl Default for Palette {
    /// The light theme.
    fn default() -> Self {
        Self {
            categories: [0x1B5CC4, 0xC757AE, 0x7D8E2B, 0x2A3640, 0x138289, 0x7A460F, 0x76838A].map(rgb),
            throttled: rgb(0xC83A14),
            dead: rgb(0x64194E),
            edge: rgb(0x7E8C89),
            surface: rgb(0xF2F4F4),
        }
    }
}

const fn rgb(hex: u32) -> Rgb {
    [(hex >> 16 & 0xff) as f32 / 255.0, (hex >> 8 & 0xff) as f32 / 255.0, (hex & 0xff) as f32 / 255.0]
}

/// Reads a colour token such as `#1B5CC4`.
#[must_use]
pub fn parse_hex(text: &str) -> Option<Rgb> {
    let digits = text.trim().strip_prefix('#').filter(|digits| digits.len() == 6)?;
    u32::from_str_radix(digits, 16).ok().map(rgb)
}

/// Looks in the table: one per style and category.
pub const LOOKS: usize = 5 * CATEGORIES;

/// The look of a mark, a number below [`LOOKS`].
#[must_use]
pub fn look_index(style: MarkStyle, category: usize) -> usize {
    style as usize * CATEGORIES + category
}

/// One look. Lengths in CSS pixels, with the mark drawn 1 px in radius unless the name says otherwise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// 0 circle, 1 square, 2 triangle, 3 diamond, 4 bar, 5 hexagon, 6 small circle.
    pub shape: usize,
    /// Radius as a share of half the mark size.
    pub radius: f32,
    /// Ink of the inside.
    pub inside: Rgb,
    /// Ink of the edge.
    pub ring: Rgb,
    /// Where the inside ends, px from the outline (negative is inside).
    pub inner: f32,
    /// Where the edge ends, px from the outline.
    pub outer: f32,
}

/// Every look for a palette, by [`look_index`].
#[must_use]
pub fn looks(palette: &Palette) -> [Look; LOOKS] {
    std::array::from_fn(|index| {
        let (style, category) = (index / CATEGORIES, index % CATEGORIES);
        let ink = palette.categories[category];
        let hollow = category == CATEGORIES - 1;
        let filled =
            Look { shape: category, radius: 1.0, inside: ink, ring: palette.surface, inner: 0.0, outer: 0.8 };
        let outline = |ring, radius, width: f32| Look {
            shape: category,
            radius,
            inside: palette.surface,
            ring,
            inner: -width / 2.0,
            outer: width / 2.0,
        };
        match style {
            1 => outline(palette.throttled, 0.9, 1.6),
            2 => outline(palette.edge, 0.8, 1.2),
            3 => Look { shape: 6, ..outline(palette.edge, 1.0, 1.3) },
            4 => Look { ring: palette.dead, inner: -0.2, outer: 1.3, ..filled },
            _ if hollow => outline(ink, 1.0, 1.8),
            _ => filled,
        }
    })
}

/// Signed distance in pixels from the outline of a shape of radius `r`, negative inside. The graphics
/// card's copy is in `shaders.rs`.
#[must_use]
pub fn distance(shape: usize, x: f32, y: f32, r: f32) -> f32 {
    let rounded_box = |half_x: f32, half_y: f32, corner: f32| {
        let (qx, qy) = (x.abs() - half_x + corner, y.abs() - half_y + corner);
        qx.max(0.0).hypot(qy.max(0.0)) + qx.max(qy).min(0.0) - corner
    };
    match shape {
        0 => x.hypot(y) - 0.94 * r,
        1 => rounded_box(0.84 * r, 0.84 * r, 0.26 * r),
        2 => (y - 0.86 * r).max(0.871 * x.abs() - 0.491 * y - 0.501 * r),
        3 => (x.abs() + y.abs() - 1.14 * r) * std::f32::consts::FRAC_1_SQRT_2,
        4 => rounded_box(0.5 * r, 1.1 * r, 0.45 * r),
        5 => (x.abs() - 0.909 * r).max(0.5 * x.abs() + 0.866 * y.abs() - 0.909 * r),
        _ => x.hypot(y) - 0.72 * r,
    }
}

/// Half the side of the square that holds any mark of half size `r`, halo and corner joins included, CSS px.
#[must_use]
pub fn reach(r: f32) -> f32 {
    1.14 * r + 2.2
}

/// Side of a mark on screen: constant from 50 % zoom upwards, then down to two thirds at 25 %.
#[must_use]
pub fn size_on_screen(size: f64, scale: f64) -> f64 {
    size * (1.0 + (scale - 0.5) * 4.0 / 3.0).clamp(2.0 / 3.0, 1.0)
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    /// UI.md section 2: shape alone tells the categories apart.
    #[test]
    fn every_category_covers_other_pixels() {
        let covered = |shape: usize| -> Vec<bool> {
            (0..13 * 13)
                .map(|cell| distance(shape, (cell % 13) as f32 - 6.0, (cell / 13) as f32 - 6.0, 4.5) < 0.0)
                .collect()
        };
        for one in 0..7 {
            for other in 0..one {
                assert_ne!(covered(one), covered(other), "shapes {one} and {other}");
            }
        }
    }

    #[test]
    fn marks_keep_their_size_down_to_half_zoom() {
        let sizes = [2.0, 1.0, 0.5, 0.25, 0.1].map(|scale| size_on_screen(9.0, scale).round());
        assert_eq!(sizes, [9.0, 9.0, 9.0, 6.0, 6.0]);
    }

    #[test]
    fn tokens_are_read_as_colours() {
        assert_eq!(parse_hex(" #1B5CC4"), Some(Palette::default().categories[0]));
        assert_eq!(parse_hex("rebeccapurple"), None);
    }
}
