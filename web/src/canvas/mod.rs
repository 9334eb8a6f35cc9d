//! The diagram: what is drawn on the canvas.

pub mod flow;
