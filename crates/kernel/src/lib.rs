//! Virtual time, the event queue, seeded random streams and rate limits.
//!
//! Nothing here has heard of AWS, reads a clock, draws from the machine or depends on its word size:
//! the same calls give the same bits native and in WebAssembly.

mod call_window;
mod deadline_queue;
mod distribution;
mod event_queue;
mod random;
mod second_counter;
mod time;
mod ziggurat;

pub use call_window::CallWindow;
pub use deadline_queue::DeadlineQueue;
pub use distribution::Distribution;
pub use event_queue::{EventKey, EventQueue};
pub use random::{RandomStream, Seed};
pub use second_counter::SecondCounter;
pub use time::{SimDuration, SimTime};
