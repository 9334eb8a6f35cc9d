//! What is said to whoever listens instead of looking.

/// Keeps routine announcements apart: at most one for each five seconds of real time (UI.md section 10).
#[derive(Clone, Debug, Default)]
pub(crate) struct Announcer {}
