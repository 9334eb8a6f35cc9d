//! The diagrams kept in this browser: each under its own id, with a list of the latest.

use editor::{Draft, DraftEntry};
use serde::{Deserialize, Serialize};

use super::{entropy, local_storage};

const INDEX: &str = "drafts";
/// More than anyone scrolls through. Ours.
const MAX_DRAFTS: usize = 50;

#[derive(Clone, Serialize, Deserialize)]
struct Kept {
    id: String,
    title: String,
    saved_ms: f64,
}

fn key(id: &str) -> String {
    format!("draft.{id}")
}

/// The id of the diagram that a key of the browser's storage holds, if it holds one.
#[must_use]
pub fn id_of(storage_key: &str) -> Option<&str> {
    local_storage::own_key(storage_key)?.strip_prefix("draft.")
}

fn index() -> Vec<Kept> {
    local_storage::read(INDEX).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

fn write_index(index: &[Kept]) -> bool {
    serde_json::to_string(index).is_ok_and(|text| local_storage::write(INDEX, &text))
}

/// Keeps a diagram, under a new id if it has none. Returns the id.
///
/// # Errors
/// The browser keeps nothing, or has no room; a sentence says so.
pub fn save(id: Option<String>, title: &str, document: &str) -> Result<String, String> {
    const REFUSED: &str = "This browser keeps nothing for the page. The link still holds everything.";
    let id = id.unwrap_or_else(|| format!("{:x}", entropy::new_seed()));
    if !local_storage::write(&key(&id), document) {
        return Err(REFUSED.to_owned());
    }
    let mut index = index();
    index.retain(|kept| kept.id != id);
    index.insert(0, Kept { id: id.clone(), title: title.to_owned(), saved_ms: js_sys::Date::now() });
    for forgotten in index.drain(MAX_DRAFTS.min(index.len())..) {
        local_storage::remove(&key(&forgotten.id));
    }
    if write_index(&index) { Ok(id) } else { Err(REFUSED.to_owned()) }
}

/// Reads a diagram.
#[must_use]
pub fn read(id: &str) -> Option<Draft> {
    local_storage::read(&key(id)).map(|document| Draft { id: id.to_owned(), document })
}

/// Forgets a diagram.
pub fn delete(id: &str) {
    local_storage::remove(&key(id));
    let mut index = index();
    index.retain(|kept| kept.id != id);
    write_index(&index);
}

/// The kept diagrams, latest first.
#[must_use]
pub fn list() -> Vec<DraftEntry> {
    let now = js_sys::Date::now();
    let entry = |kept: Kept| DraftEntry { id: kept.id, title: kept.title, saved: ago(now - kept.saved_ms) };
    index().into_iter().map(entry).collect()
}

fn ago(milliseconds: f64) -> String {
    let minutes = (milliseconds / 60_000.0).max(0.0) as u64;
    match minutes {
        0 => "just now".to_owned(),
        1 => "1 minute ago".to_owned(),
        2..=59 => format!("{minutes} minutes ago"),
        60..=119 => "1 hour ago".to_owned(),
        120..=1_439 => format!("{} hours ago", minutes / 60),
        1_440..=2_879 => "yesterday".to_owned(),
        _ => format!("{} days ago", minutes / 1_440),
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::ago;

    #[test]
    fn times_are_said_in_words() {
        let said = [0.0, 90_000.0, 2.5 * 3_600_000.0, 30.0 * 3_600_000.0].map(ago);
        assert_eq!(said, ["just now", "1 minute ago", "2 hours ago", "yesterday"]);
    }
}
