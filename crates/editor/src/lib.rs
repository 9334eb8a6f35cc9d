//! All the playground knows that is not a browser: state, actions, undo, tools, view-model.
//!
//! One way in: every click, key and answer of the engine is an [`Action`]. [`reduce`] changes the [`EditorState`]
//! and says what the browser has to do as [`Effect`]s. What is seen is a pure function of the state: see [`view`].

pub mod action;
pub mod branches;
pub mod clipboard;
pub mod command;
pub mod edit;
pub mod effect;
pub mod filter_policy;
pub mod geometry;
pub mod guide;
pub mod history;
pub mod journey;
pub mod keymap;
pub mod layout;
pub mod panels;
pub mod playback;
pub mod player;
mod reduce;
pub mod run;
pub mod selection;
pub mod state;
pub mod text;
pub mod tool;
pub mod view;
pub mod viewport;

pub use action::{Action, Command, Draft, DraftEntry};
pub use edit::{Edit, EditError};
pub use effect::{Effect, Focus, Urgency};
pub use geometry::{Curve, Point, Rect, Side, Size};
pub use reduce::{picture_state, reduce};
pub use selection::{LinkEnds, Selection};
pub use state::EditorState;
pub use viewport::{Detail, Viewport};
