//! Light, dark, or as the system says: `data-theme` on the root element, kept in this browser.

use editor::panels::Theme;

use super::local_storage;

const KEY: &str = "theme";

/// What was chosen before.
#[must_use]
pub fn kept() -> Theme {
    match local_storage::read(KEY).as_deref() {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        _ => Theme::System,
    }
}

/// Shows a theme, and keeps it if asked to.
pub fn apply(theme: Theme, keep: bool) {
    let name = match theme {
        Theme::System => None,
        Theme::Light => Some("light"),
        Theme::Dark => Some("dark"),
    };
    match name.filter(|_| keep) {
        Some(name) => drop(local_storage::write(KEY, name)),
        None if keep => local_storage::remove(KEY),
        None => {}
    }
    let Some(root) = super::document().and_then(|document| document.document_element()) else { return };
    let _ = match name {
        Some(name) => root.set_attribute("data-theme", name),
        None => root.remove_attribute("data-theme"),
    };
}

/// Whether the page is dark now.
#[must_use]
pub fn is_dark(theme: Theme) -> bool {
    match theme {
        Theme::System => super::media_matches("(prefers-color-scheme: dark)"),
        Theme::Light => false,
        Theme::Dark => true,
    }
}
