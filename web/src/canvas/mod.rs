//! The diagram: what is drawn on the canvas, and how pointer and keyboard reach it.

pub mod clipboard;
pub mod drawing;
pub mod flow;
pub mod flow_canvas;
pub mod frame_loop;
pub mod graph_layer;
pub mod journey;
pub mod keyboard;
pub mod link;
pub mod menu;
mod minimap;
pub mod node;
pub mod overlay;
pub mod pointer;
