//! Pictures and tables of a run: what leaves the playground.
//!
//! A picture is drawn from the same views as the page, by the same layout. It is an SVG image by itself: no script, no
//! font, nothing loaded. Every text in it and every cell of a table is escaped, whatever a stranger's document says.

mod animation;
mod card;
mod csv;
#[cfg(feature = "icons")]
mod icons;
mod instruments;
mod marks;
mod picture;
mod stage;
mod style;
mod svg;

pub use animation::{Animation, MAX_ANIMATION_SECONDS};
pub use csv::{events_csv, metrics_csv};
#[cfg(feature = "icons")]
pub use icons::icon;
pub use picture::{Options, Theme, picture};
pub use stage::Stage;
pub use svg::data_address;
