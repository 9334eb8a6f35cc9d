//! A pair of compiled shaders and the places of its uniforms.

use wasm_bindgen::JsValue;
use web_sys::{WebGl2RenderingContext as Gl, WebGlProgram, WebGlUniformLocation};

/// A compiled program.
pub(super) struct Program {
    program: WebGlProgram,
    places: Vec<(String, WebGlUniformLocation)>,
}

impl Program {
    /// Compiles and links.
    ///
    /// # Errors
    /// What the graphics driver says about the source.
    pub(super) fn new(gl: &Gl, vertex: &str, fragment: &str) -> Result<Self, JsValue> {
        let program = gl.create_program().ok_or("No program.")?;
        for (kind, source) in [(Gl::VERTEX_SHADER, vertex), (Gl::FRAGMENT_SHADER, fragment)] {
            let shader = gl.create_shader(kind).ok_or("No shader.")?;
            gl.shader_source(&shader, source);
            gl.compile_shader(&shader);
            if !gl.get_shader_parameter(&shader, Gl::COMPILE_STATUS).is_truthy() {
                return Err(gl.get_shader_info_log(&shader).unwrap_or_default().into());
            }
            gl.attach_shader(&program, &shader);
        }
        gl.link_program(&program);
        if !gl.get_program_parameter(&program, Gl::LINK_STATUS).is_truthy() {
            return Err(gl.get_program_info_log(&program).unwrap_or_default().into());
        }
        let count = gl.get_program_parameter(&program, Gl::ACTIVE_UNIFORMS).as_f64().unwrap_or(0.0) as u32;
        let places = (0..count).filter_map(|index| {
            let name = gl.get_active_uniform(&program, index)?.name();
            let place = gl.get_uniform_location(&program, &name)?;
            Some((name.trim_end_matches("[0]").to_owned(), place))
        });
        let places = places.collect();
        Ok(Self { program, places })
    }

    /// Makes it the program of the next calls.
    pub(super) fn activate(&self, gl: &Gl) {
        gl.use_program(Some(&self.program));
    }

    /// Where a uniform is; none if the program has no such uniform, which WebGL ignores.
    #[must_use]
    pub(super) fn place(&self, name: &str) -> Option<&WebGlUniformLocation> {
        self.places.iter().find(|(known, _)| known == name).map(|(_, place)| place)
    }

    /// Camera x, y, scale and mark size; canvas width, height and density.
    pub(super) fn set_view(&self, gl: &Gl, view: [f32; 4], screen: [f32; 4]) {
        for (name, [x, y, z, w]) in [("view", view), ("screen", screen)] {
            gl.uniform4f(self.place(name), x, y, z, w);
        }
    }
}
