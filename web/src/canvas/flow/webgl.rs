//! The painter for machines with a graphics card: each mark is uploaded once, a frame changes one number.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{
    Event, HtmlCanvasElement, WebGl2RenderingContext as Gl, WebGlBuffer, WebGlTexture, WebGlVertexArrayObject,
};

use super::band::Band;
use super::geometry::{ArcTable, Curve, PIECES, Wires};
use super::look::{Palette, looks, size_on_screen};
use super::marks::{Mark, MarkStore, WORDS};
use super::program::Program;
use super::{Camera, MARK_SIZE, PaintStats, Painter, PainterKind, fit_canvas, shaders};

/// Points of a wire, then its lower side, then its length.
const ROW: usize = PIECES + 3;

/// What lives on the graphics card. Lost and made anew when the browser takes the context away.
struct Resources {
    marks: Program,
    bands: Program,
    buffer: WebGlBuffer,
    array: WebGlVertexArrayObject,
    texture: WebGlTexture,
    /// Wires the texture has room for.
    rows: usize,
}

/// Draws with WebGL2.
pub struct WebGlPainter {
    canvas: HtmlCanvasElement,
    gl: Gl,
    resources: Option<Resources>,
    store: MarkStore,
    wires: Wires,
    changed_wires: Vec<usize>,
    palette: Palette,
    palette_changed: bool,
    bands: Vec<Band>,
    mark_size: f64,
    capacity: usize,
    painted: Option<(f64, Camera)>,
    changed: bool,
    blank: bool,
    _keep_context: Closure<dyn FnMut(Event)>,
}

impl WebGlPainter {
    /// Takes over a canvas that has no context yet.
    ///
    /// # Errors
    /// There is no WebGL2, or the card refuses the shaders.
    pub fn new(canvas: HtmlCanvasElement, capacity: usize) -> Result<Self, JsValue> {
        let options = js_sys::Object::new();
        for (name, value) in [("antialias", false), ("depth", false), ("stencil", false), ("alpha", true)] {
            js_sys::Reflect::set(&options, &name.into(), &value.into())?;
        }
        let context = canvas.get_context_with_context_options("webgl2", &options)?;
        let gl: Gl = context.ok_or("This browser has no WebGL2.")?.unchecked_into();
        // Without this the browser never gives a lost context back.
        let keep = Closure::<dyn FnMut(Event)>::new(|event: Event| event.prevent_default());
        canvas.add_event_listener_with_callback("webglcontextlost", keep.as_ref().unchecked_ref())?;
        let resources = Some(Resources::new(&gl, capacity)?);
        Ok(Self {
            canvas,
            gl,
            resources,
            store: MarkStore::new(capacity),
            wires: Wires::default(),
            changed_wires: Vec::new(),
            palette: Palette::default(),
            palette_changed: true,
            bands: Vec::new(),
            mark_size: MARK_SIZE,
            capacity,
            painted: None,
            changed: true,
            blank: false,
            _keep_context: keep,
        })
    }

    /// Whether the context is usable; builds everything again after a loss.
    fn ready(&mut self) -> bool {
        if self.gl.is_context_lost() {
            self.resources = None;
            return false;
        }
        if self.resources.is_none() {
            self.resources = Resources::new(&self.gl, self.capacity).ok();
            self.changed_wires = (0..self.wires.tables().len()).collect();
            self.palette_changed = true;
            self.store.mark_all_dirty();
        }
        self.resources.is_some()
    }

    fn upload(&mut self) -> Result<(), JsValue> {
        let Some(resources) = &mut self.resources else { return Ok(()) };
        let gl = &self.gl;
        if !self.changed_wires.is_empty() {
            gl.bind_texture(Gl::TEXTURE_2D, Some(&resources.texture));
            let tables = self.wires.tables();
            if tables.len() > resources.rows {
                resources.rows = tables.len().next_power_of_two().max(64);
                resources.allocate(gl)?;
                self.changed_wires.clear();
                self.changed_wires.extend(0..tables.len());
            }
            upload_wires(gl, tables, &self.changed_wires)?;
            self.changed_wires.clear();
        }
        if let Some(from) = self.store.take_dirty() {
            gl.bind_buffer(Gl::ARRAY_BUFFER, Some(&resources.buffer));
            let bytes: &[u8] = bytemuck::cast_slice(&self.store.words()[from * WORDS..]);
            gl.buffer_sub_data_with_i32_and_u8_array(Gl::ARRAY_BUFFER, (from * WORDS * 4) as i32, bytes);
        }
        if std::mem::take(&mut self.palette_changed) {
            let mut table = Vec::with_capacity(420);
            for look in looks(&self.palette) {
                let [[r, g, b], [ring_r, ring_g, ring_b]] = [look.inside, look.ring];
                table.extend([r, g, b, look.shape as f32, ring_r, ring_g, ring_b, look.radius]);
                table.extend([look.inner, look.outer, 0.0, 0.0]);
            }
            resources.marks.activate(gl);
            gl.uniform4fv_with_f32_array(resources.marks.place("looks"), &table);
            let inks: Vec<f32> =
                self.palette.categories.iter().chain([&self.palette.surface]).flatten().copied().collect();
            resources.bands.activate(gl);
            gl.uniform3fv_with_f32_array(resources.bands.place("inks"), &inks);
        }
        Ok(())
    }

    fn draw(&self, now: f64, since_origin: f32, camera: &Camera) {
        let Some(resources) = &self.resources else { return };
        let gl = &self.gl;
        let size = size_on_screen(self.mark_size, camera.scale) as f32;
        let view = [camera.x as f32, camera.y as f32, camera.scale as f32, size];
        let density = f64::from(self.canvas.width()) / camera.width.max(1.0);
        let screen = [camera.width as f32, camera.height as f32, density as f32, 0.0];
        gl.viewport(0, 0, self.canvas.width() as i32, self.canvas.height() as i32);
        gl.clear(Gl::COLOR_BUFFER_BIT);
        gl.bind_texture(Gl::TEXTURE_2D, Some(&resources.texture));
        if !self.bands.is_empty() {
            let program = &resources.bands;
            program.activate(gl);
            program.set_view(gl, view, screen);
            for band in self.bands.iter().filter(|band| (band.link as usize) < self.wires.tables().len()) {
                gl.uniform1i(program.place("link"), band.link as i32);
                gl.uniform4f(program.place("band"), band.width, band.gap(), band.phase(now), 0.0);
                gl.uniform1fv_with_f32_array(program.place("limits"), &band.limits());
                gl.draw_arrays(Gl::TRIANGLE_STRIP, 0, 2 * (PIECES as i32 + 1));
            }
        }
        if !self.store.is_empty() {
            let program = &resources.marks;
            program.activate(gl);
            program.set_view(gl, view, screen);
            gl.uniform1f(program.place("now"), since_origin);
            gl.uniform1i(program.place("wire_count"), self.wires.tables().len() as i32);
            gl.bind_vertex_array(Some(&resources.array));
            gl.draw_arrays(Gl::POINTS, 0, self.store.len() as i32);
            gl.bind_vertex_array(None);
        }
    }
}

impl Painter for WebGlPainter {
    fn set_curves(&mut self, curves: &[Curve]) {
        let changed_wires = &mut self.changed_wires;
        self.changed |= self.wires.set(curves, |link, _| changed_wires.push(link));
        changed_wires.retain(|link| *link < curves.len());
    }

    fn set_palette(&mut self, palette: Palette) {
        self.palette_changed |= self.palette != palette;
        self.changed |= self.palette_changed;
        self.palette = palette;
    }

    fn set_mark_size(&mut self, pixels: f64) {
        self.changed |= self.mark_size != pixels;
        self.mark_size = pixels;
    }

    fn add_marks(&mut self, marks: &[Mark]) {
        self.changed |= !marks.is_empty();
        self.store.add(marks);
    }

    fn marks(&self) -> Vec<Mark> {
        self.store.marks()
    }

    fn clear(&mut self) {
        self.store.clear();
        self.changed = true;
    }

    fn set_bands(&mut self, bands: &[Band]) {
        if self.bands != bands {
            self.bands.clear();
            self.bands.extend_from_slice(bands);
            self.changed = true;
        }
    }

    fn paint(&mut self, now: f64, camera: &Camera) -> PaintStats {
        let since_origin = self.store.advance(now);
        let empty = self.store.is_empty() && self.bands.is_empty();
        let nothing_new = !self.changed && self.painted == Some((now, *camera)) || empty && self.blank;
        if !nothing_new && self.ready() {
            fit_canvas(&self.canvas, camera, camera.device_pixel_ratio);
            // A failed upload means a context lost in between: the next frame builds it again.
            if self.upload().is_ok() {
                self.draw(now, since_origin, camera);
            }
            self.blank = empty;
            self.changed = false;
            self.painted = Some((now, *camera));
        }
        PaintStats::of(&self.store, self.bands.len())
    }

    fn finish(&mut self) {
        let mut pixel = [0_u8; 4];
        // Only the waiting matters, not the pixel.
        let _ =
            self.gl.read_pixels_with_opt_u8_array(0, 0, 1, 1, Gl::RGBA, Gl::UNSIGNED_BYTE, Some(&mut pixel));
    }

    fn kind(&self) -> PainterKind {
        PainterKind::WebGl
    }
}

impl Drop for WebGlPainter {
    fn drop(&mut self) {
        let listener = self._keep_context.as_ref().unchecked_ref();
        let _ = self.canvas.remove_event_listener_with_callback("webglcontextlost", listener);
    }
}

impl Resources {
    fn new(gl: &Gl, capacity: usize) -> Result<Self, JsValue> {
        let marks = Program::new(gl, shaders::MARK_VERTEX, shaders::MARK_FRAGMENT)?;
        let bands = Program::new(gl, shaders::BAND_VERTEX, shaders::BAND_FRAGMENT)?;
        let array = gl.create_vertex_array().ok_or("No vertex array.")?;
        let buffer = gl.create_buffer().ok_or("No buffer.")?;
        let texture = gl.create_texture().ok_or("No texture.")?;
        gl.bind_vertex_array(Some(&array));
        gl.bind_buffer(Gl::ARRAY_BUFFER, Some(&buffer));
        let stride = (WORDS * 4) as i32;
        gl.buffer_data_with_i32(Gl::ARRAY_BUFFER, stride * capacity as i32, Gl::DYNAMIC_DRAW);
        gl.enable_vertex_attrib_array(0);
        gl.vertex_attrib_pointer_with_i32(0, 2, Gl::FLOAT, false, stride, 0);
        gl.enable_vertex_attrib_array(1);
        gl.vertex_attrib_i_pointer_with_i32(1, 1, Gl::UNSIGNED_INT, stride, 8);
        gl.bind_vertex_array(None);
        gl.bind_texture(Gl::TEXTURE_2D, Some(&texture));
        for filter in [Gl::TEXTURE_MIN_FILTER, Gl::TEXTURE_MAG_FILTER] {
            gl.tex_parameteri(Gl::TEXTURE_2D, filter, Gl::NEAREST as i32);
        }
        gl.enable(Gl::BLEND);
        gl.blend_func(Gl::ONE, Gl::ONE_MINUS_SRC_ALPHA);
        gl.clear_color(0.0, 0.0, 0.0, 0.0);
        Ok(Self { marks, bands, buffer, array, texture, rows: 0 })
    }

    fn allocate(&self, gl: &Gl) -> Result<(), JsValue> {
        gl.tex_image_2d_with_i32_and_i32_and_i32_and_format_and_type_and_opt_array_buffer_view(
            Gl::TEXTURE_2D,
            0,
            Gl::RG32F as i32,
            ROW as i32,
            self.rows as i32,
            0,
            Gl::RG,
            Gl::FLOAT,
            None,
        )
    }
}

/// Writes the rows of the changed wires, runs of neighbours in one go.
fn upload_wires(gl: &Gl, tables: &[ArcTable], changed: &[usize]) -> Result<(), JsValue> {
    let mut row = Vec::new();
    for run in changed.chunk_by(|a, b| a + 1 == *b) {
        row.clear();
        for table in &tables[run[0]..=run[run.len() - 1]] {
            row.extend(table.points.as_flattened());
            row.extend(table.below);
            row.extend([table.length, 0.0]);
        }
        gl.tex_sub_image_2d_with_i32_and_i32_and_u32_and_type_and_opt_array_buffer_view(
            Gl::TEXTURE_2D,
            0,
            0,
            run[0] as i32,
            ROW as i32,
            run.len() as i32,
            Gl::RG,
            Gl::FLOAT,
            Some(&js_sys::Float32Array::from(&row[..])),
        )?;
    }
    Ok(())
}
