//! Everything around the diagram.

pub mod dialogs;
pub mod dock;
pub mod field;
pub mod filter_policy;
pub mod gallery;
pub mod inspector;
pub mod mobile;
pub mod notice;
pub mod palette;
pub mod resize;
pub mod timeline;
pub mod top_bar;
