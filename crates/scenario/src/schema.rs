//! The JSON Schema of the document, made from the code.

use serde_json::Value;

/// The JSON Schema of the document.
pub fn json_schema() -> Value {
    Value::Null
}
