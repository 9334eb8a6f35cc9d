//! Marks as small pictures for the software painter: the pixels of one look at one size and sub-pixel place.

use super::look::{Look, Rgb, distance, reach};

/// One pixel of a sprite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpritePixel {
    /// Distance in the target buffer from the sprite's top left pixel: row times stride plus column.
    pub offset: u32,
    /// Red, green, blue, alpha from the lowest byte up, not premultiplied.
    pub colour: u32,
}

/// A mark's picture. Opaque pixels are stored as they are, the others are blended.
#[derive(Clone, Debug, Default)]
pub struct Sprite {
    /// Side of its square in device pixels.
    pub side: usize,
    /// Pixels that hide what is below.
    pub opaque: Vec<SpritePixel>,
    /// Pixels of the smoothed edge.
    pub edge: Vec<SpritePixel>,
}

/// How marks are drawn now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpriteScale {
    /// Side of a mark, CSS px.
    pub size: f32,
    /// Device pixels per CSS pixel.
    pub density: f32,
    /// Pixels in a row of the target buffer.
    pub stride: usize,
}

impl SpriteScale {
    /// Side of a sprite's square in device pixels, with room for the sub-pixel place.
    #[must_use]
    pub fn side(&self) -> usize {
        (2.0 * reach(self.size / 2.0) * self.density).ceil() as usize + 1
    }
}

impl Sprite {
    /// Draws a look with its centre `phase` (0 to 1, device px) right of and below the middle of its square.
    #[must_use]
    pub fn new(look: &Look, scale: &SpriteScale, phase: [f32; 2]) -> Self {
        let side = scale.side();
        let middle = (side / 2) as f32;
        let radius = look.radius * scale.size / 2.0;
        let mut sprite = Self { side, ..Self::default() };
        for row in 0..side {
            for column in 0..side {
                let x = (column as f32 + 0.5 - middle - phase[0]) / scale.density;
                let y = (row as f32 + 0.5 - middle - phase[1]) / scale.density;
                let outside = distance(look.shape, x, y, radius);
                let cover = |limit: f32| (0.5 + (limit - outside) * scale.density).clamp(0.0, 1.0);
                let alpha = (cover(look.outer) * 255.0).round() as u32;
                if alpha == 0 {
                    continue;
                }
                let colour = pack(mix(look.ring, look.inside, cover(look.inner))) | alpha << 24;
                let offset = (row * scale.stride + column) as u32;
                let pixel = SpritePixel { offset, colour };
                if alpha == 255 { sprite.opaque.push(pixel) } else { sprite.edge.push(pixel) }
            }
        }
        sprite
    }
}

fn mix(a: Rgb, b: Rgb, share: f32) -> Rgb {
    [0, 1, 2].map(|channel| a[channel] + (b[channel] - a[channel]) * share)
}

/// A colour without alpha as the lower three bytes of a pixel.
#[must_use]
pub fn pack(colour: Rgb) -> u32 {
    let [red, green, blue] = colour.map(|channel| (channel * 255.0).round() as u32);
    red | green << 8 | blue << 16
}

/// `source` over `target`, neither premultiplied.
#[inline]
#[must_use]
pub fn over(target: u32, source: u32) -> u32 {
    let (source_alpha, target_alpha) = (source >> 24, target >> 24);
    if target_alpha == 0 || source_alpha == 255 {
        return source;
    }
    if target_alpha == 255 {
        // Red and blue in one multiplication; 256ths instead of 255ths are off by less than one step.
        let share = source_alpha + (source_alpha >> 7);
        let kept = 256 - share;
        let red_blue = ((source & 0xff_00ff) * share + (target & 0xff_00ff) * kept) >> 8 & 0xff_00ff;
        let green = ((source >> 8 & 0xff) * share + (target >> 8 & 0xff) * kept) & 0xff00;
        return red_blue | green | 0xff00_0000;
    }
    let kept = target_alpha * (255 - source_alpha);
    let weight = source_alpha * 255 + kept;
    if weight == 0 {
        return 0;
    }
    let channel = |shift: u32| {
        let (from, onto) = (source >> shift & 0xff, target >> shift & 0xff);
        (from * source_alpha * 255 + onto * kept + weight / 2) / weight
    };
    channel(0) | channel(8) << 8 | channel(16) << 16 | ((weight + 127) / 255) << 24
}

/// A pixel with its alpha scaled by `opacity` (0 to 256).
#[inline]
#[must_use]
pub fn fade(colour: u32, opacity: u32) -> u32 {
    colour & 0x00ff_ffff | (((colour >> 24) * opacity) >> 8) << 24
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::super::look::{Palette, looks};
    use super::*;

    #[test]
    fn blending_follows_source_over() {
        let (red, blue) = (0xff00_00ff, 0xffff_0000);
        assert_eq!(over(0, 0x8000_00ff), 0x8000_00ff);
        assert_eq!(over(blue, red), red);
        assert_eq!(over(blue, 0x8000_00ff), 0xff7e_0080);
        assert_eq!(over(0x8000_00ff, 0x8000_00ff) >> 24, 0xc0);
        assert_eq!(fade(red, 128) >> 24, 127);
    }

    #[test]
    fn a_filled_circle_has_its_colour_inside_and_a_halo_around() {
        let palette = Palette::default();
        let scale = SpriteScale { size: 9.0, density: 1.0, stride: 100 };
        let sprite = Sprite::new(&looks(&palette)[0], &scale, [0.0; 2]);
        let middle = (sprite.side / 2) as u32;
        let colour_at = |x: u32, y: u32| {
            let mut pixels = sprite.opaque.iter().chain(&sprite.edge);
            pixels.find(|pixel| pixel.offset == y * 100 + x).map(|pixel| pixel.colour)
        };
        let ink = pack(palette.categories[0]) | 0xff00_0000;
        assert_eq!(colour_at(middle, middle), Some(ink));
        assert_eq!(colour_at(0, 0), None);
        let rim = colour_at(middle + 5, middle).expect("a halo");
        assert_eq!(rim & 0x00ff_ffff, pack(palette.surface));
        let plain = sprite.opaque.iter().filter(|pixel| pixel.colour == ink).count();
        assert!((40..57).contains(&plain), "{plain} of the disc's 56 px, less the smoothed ones");
    }
}
