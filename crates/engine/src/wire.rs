//! The engine's messages as bytes, for the journey between threads.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A message as bytes.
pub fn encode(message: &impl Serialize) -> Vec<u8> {
    // Every type of the protocol has a fixed shape, and memory is the only thing that could be missing.
    postcard::to_allocvec(message).unwrap_or_default()
}

/// Reads a message.
///
/// # Errors
/// The bytes were not written by [`encode`] of the same build.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, WireError> {
    postcard::from_bytes(bytes).map_err(|_| WireError)
}

/// The bytes are no message of this build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WireError;

impl std::fmt::Display for WireError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("The engine and the page do not understand each other. Reload the page.")
    }
}
impl std::error::Error for WireError {}

/// A document travels as its JSON text.
pub(crate) mod document {
    use std::sync::Arc;

    use scenario::Scenario;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(scenario: &Arc<Scenario>, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&scenario.to_value().to_string())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Arc<Scenario>, D::Error> {
        let text = String::deserialize(from)?;
        Ok(Arc::new(scenario::parse(&text).scenario))
    }
}
