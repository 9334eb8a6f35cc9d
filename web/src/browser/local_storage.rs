//! What stays in this browser. Storage may be blocked: then nothing is kept, and nothing fails.

use web_sys::Storage;

const PREFIX: &str = "inflight.";

fn storage() -> Option<Storage> {
    super::window()?.local_storage().ok().flatten()
}

/// What was kept under a key.
#[must_use]
pub fn read(key: &str) -> Option<String> {
    storage()?.get_item(&format!("{PREFIX}{key}")).ok().flatten()
}

/// Keeps a value. Returns whether it is kept.
pub fn write(key: &str, value: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(&format!("{PREFIX}{key}"), value).is_ok())
}

/// Forgets a value.
pub fn remove(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&format!("{PREFIX}{key}"));
    }
}

/// The page's own name for a key of the storage.
#[must_use]
pub fn own_key(key: &str) -> Option<&str> {
    key.strip_prefix(PREFIX)
}
