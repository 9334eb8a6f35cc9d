//! The flow layer of the diagram: a canvas with the painter that suits the machine.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlCanvasElement, WebGl2RenderingContext as Gl};

use super::look::{Palette, parse_hex};
use super::software::SoftwarePainter;
use super::webgl::WebGlPainter;
use super::{Band, Camera, Curve, Mark, PaintStats, Painter, PainterKind};

/// `UNMASKED_RENDERER_WEBGL` of WEBGL_debug_renderer_info.
const UNMASKED_RENDERER: u32 = 0x9246;

/// Draws everything that moves on one canvas. Every call is cheap; nothing is drawn before
/// [`paint`](Painter::paint).
pub struct FlowLayer {
    canvas: HtmlCanvasElement,
    painter: Box<dyn Painter>,
}

impl FlowLayer {
    /// Takes over a canvas that has no context yet, with room for `capacity` marks (1,500 in the playground).
    ///
    /// # Errors
    /// The browser gives the canvas no context at all.
    pub fn new(canvas: HtmlCanvasElement, capacity: usize) -> Result<Self, JsValue> {
        let kind = suitable_kind(&canvas);
        Self::with_painter(canvas, capacity, kind)
    }

    /// As [`new`](Self::new) with a painter of the caller's choice.
    ///
    /// # Errors
    /// The browser cannot give that painter its context.
    pub fn with_painter(
        canvas: HtmlCanvasElement,
        capacity: usize,
        kind: PainterKind,
    ) -> Result<Self, JsValue> {
        let painter: Box<dyn Painter> = match kind {
            PainterKind::WebGl => Box::new(WebGlPainter::new(canvas.clone(), capacity)?),
            PainterKind::Software => Box::new(SoftwarePainter::new(canvas.clone(), capacity)?),
        };
        let mut layer = Self { canvas, painter };
        layer.read_palette();
        Ok(layer)
    }

    /// Reads the colours from the design tokens; call it again when the theme changes.
    pub fn read_palette(&mut self) {
        let style =
            web_sys::window().and_then(|window| window.get_computed_style(&self.canvas).ok().flatten());
        let Some(style) = style else { return };
        let token = |name: &str, fallback| {
            let value = style.get_property_value(name).unwrap_or_default();
            parse_hex(&value).unwrap_or(fallback)
        };
        let mut palette = Palette::default();
        for (index, ink) in palette.categories.iter_mut().enumerate() {
            *ink = token(&format!("--m{}", index + 1), *ink);
        }
        palette.throttled = token("--c-throttled", palette.throttled);
        palette.dead = token("--c-dead", palette.dead);
        palette.edge = token("--c-ink-3", palette.edge);
        palette.surface = token("--c-canvas", palette.surface);
        self.painter.set_palette(palette);
    }
}

impl Painter for FlowLayer {
    fn set_curves(&mut self, curves: &[Curve]) {
        self.painter.set_curves(curves);
    }

    fn set_palette(&mut self, palette: Palette) {
        self.painter.set_palette(palette);
    }

    fn set_mark_size(&mut self, pixels: f64) {
        self.painter.set_mark_size(pixels);
    }

    fn add_marks(&mut self, marks: &[Mark]) {
        self.painter.add_marks(marks);
    }

    fn marks(&self) -> Vec<Mark> {
        self.painter.marks()
    }

    fn clear(&mut self) {
        self.painter.clear();
    }

    fn set_bands(&mut self, bands: &[Band]) {
        self.painter.set_bands(bands);
    }

    fn paint(&mut self, now: f64, camera: &Camera) -> PaintStats {
        self.painter.paint(now, camera)
    }

    fn finish(&mut self) {
        self.painter.finish();
    }

    fn kind(&self) -> PainterKind {
        self.painter.kind()
    }
}

/// WebGL2 only where a graphics card stands behind it: in software, one WebGL canvas makes the browser
/// compose the whole page in software, which costs more than all our pixels.
fn suitable_kind(canvas: &HtmlCanvasElement) -> PainterKind {
    match probe(canvas) {
        Some(renderer) if !is_software(&renderer) => PainterKind::WebGl,
        _ => PainterKind::Software,
    }
}

fn probe(canvas: &HtmlCanvasElement) -> Option<String> {
    let document = canvas.owner_document()?;
    let trial: HtmlCanvasElement = document.create_element("canvas").ok()?.dyn_into().ok()?;
    let options = js_sys::Object::new();
    js_sys::Reflect::set(&options, &"failIfMajorPerformanceCaveat".into(), &true.into()).ok()?;
    let gl: Gl = trial.get_context_with_context_options("webgl2", &options).ok()??.unchecked_into();
    let named = gl.get_extension("WEBGL_debug_renderer_info").ok().flatten().is_some();
    let parameter = if named { UNMASKED_RENDERER } else { Gl::RENDERER };
    let renderer = gl.get_parameter(parameter).ok().and_then(|name| name.as_string());
    // Browsers allow few contexts: give the trial's back at once.
    if let Ok(Some(extension)) = gl.get_extension("WEBGL_lose_context") {
        let lose = js_sys::Reflect::get(&extension, &"loseContext".into()).ok()?;
        let _ = lose.dyn_into::<js_sys::Function>().ok()?.call0(&extension);
    }
    Some(renderer.unwrap_or_default())
}

/// Names of renderers that run on the processor.
fn is_software(renderer: &str) -> bool {
    let name = renderer.to_ascii_lowercase();
    ["swiftshader", "llvmpipe", "softpipe", "software", "basic render", "swrast"]
        .iter()
        .any(|part| name.contains(part))
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::is_software;

    /// performance.md section 2: no WebGL where it is composed in software.
    #[test]
    fn software_renderers_are_known_by_name() {
        assert!(is_software(
            "ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero)), SwiftShader driver)"
        ));
        assert!(is_software("llvmpipe (LLVM 15.0.6, 256 bits)"));
        assert!(is_software("ANGLE (Microsoft, Microsoft Basic Render Driver Direct3D11)"));
        assert!(!is_software("ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 Direct3D11 vs_5_0 ps_5_0, D3D11)"));
        assert!(!is_software("Apple GPU"));
    }
}
