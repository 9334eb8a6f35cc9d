//! Small things that panels and nodes are put together from.

pub mod beside;
pub mod code;
pub mod dialog;
pub mod glyph;
pub mod instruments;
pub mod logo;
pub mod plot;
pub mod tabs;
