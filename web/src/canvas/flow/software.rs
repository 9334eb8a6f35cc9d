//! The painter for machines without a graphics card: our own pixels, handed to the canvas in one go.

use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use super::band::Band;
use super::geometry::Curve;
use super::look::Palette;
use super::marks::Mark;
use super::raster::{Area, RasterSurface};
use super::{Camera, PaintStats, Painter, PainterKind, fit_canvas};

/// A larger picture is drawn at one pixel per CSS pixel: the work is by the pixel here.
const DENSE_PIXELS: f64 = 4e6;

/// Draws into memory.
pub struct SoftwarePainter {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    surface: RasterSurface,
}

impl SoftwarePainter {
    /// Takes over a canvas that has no context yet.
    ///
    /// # Errors
    /// The browser gives no 2D context for it.
    pub fn new(canvas: HtmlCanvasElement, capacity: usize) -> Result<Self, JsValue> {
        let context = canvas.get_context("2d")?.ok_or("This browser has no 2D canvas.")?;
        Ok(Self { canvas, context: context.unchecked_into(), surface: RasterSurface::new(capacity) })
    }

    /// The picture is read where it lies in memory; only the changed part is handed over.
    fn hand_over(&self, area: Area) -> Result<(), JsValue> {
        let width = self.canvas.width();
        let rows = area.top * width as usize..area.bottom * width as usize;
        let Some(pixels) = self.surface.pixels().get(rows).filter(|pixels| !pixels.is_empty()) else {
            return Ok(());
        };
        let image = ImageData::new_with_u8_clamped_array(Clamped(bytemuck::cast_slice(pixels)), width)?;
        self.context.put_image_data_with_dirty_x_and_dirty_y_and_dirty_width_and_dirty_height(
            &image,
            0.0,
            area.top as f64,
            area.left as f64,
            0.0,
            (area.right - area.left) as f64,
            (area.bottom - area.top) as f64,
        )
    }
}

impl Painter for SoftwarePainter {
    fn set_curves(&mut self, curves: &[Curve]) {
        self.surface.set_curves(curves);
    }

    fn set_palette(&mut self, palette: Palette) {
        self.surface.set_palette(palette);
    }

    fn set_mark_size(&mut self, pixels: f64) {
        self.surface.set_mark_size(pixels);
    }

    fn add_marks(&mut self, marks: &[Mark]) {
        self.surface.add_marks(marks);
    }

    fn marks(&self) -> Vec<Mark> {
        self.surface.store.marks()
    }

    fn clear(&mut self) {
        self.surface.store.clear();
    }

    fn set_bands(&mut self, bands: &[Band]) {
        self.surface.set_bands(bands);
    }

    fn paint(&mut self, now: f64, camera: &Camera) -> PaintStats {
        let ratio = camera.device_pixel_ratio;
        let pixels = camera.width * camera.height * ratio * ratio;
        let density = if pixels > DENSE_PIXELS { 1.0 } else { ratio };
        fit_canvas(&self.canvas, camera, density);
        if let Some(area) = self.surface.paint(now, camera, density) {
            // Refused only for an empty picture, which has nothing to show.
            let _ = self.hand_over(area);
        }
        PaintStats::of(&self.surface.store, self.surface.bands().len())
    }

    fn finish(&mut self) {
        let _ = self.context.get_image_data(0.0, 0.0, 1.0, 1.0);
    }

    fn kind(&self) -> PainterKind {
        PainterKind::Software
    }
}
