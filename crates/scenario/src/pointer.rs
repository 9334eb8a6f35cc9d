//! JSON Pointers (RFC 6901): where in the document something stands.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A place in a document, such as `/Resources/orders/Properties/VisibilityTimeout`; empty for the whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JsonPointer(String);

impl JsonPointer {
    /// The whole document.
    pub const fn root() -> Self {
        Self(String::new())
    }

    /// The member or element `name` of what stands here.
    #[must_use]
    pub fn then(&self, name: impl fmt::Display) -> Self {
        let name = name.to_string().replace('~', "~0").replace('/', "~1");
        Self(format!("{}/{name}", self.0))
    }

    /// The pointer as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The names on the way, first first.
    pub fn segments(&self) -> impl Iterator<Item = String> + '_ {
        self.0.split('/').skip(1).map(|name| name.replace("~1", "/").replace("~0", "~"))
    }
}

impl From<&str> for JsonPointer {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}
impl fmt::Display for JsonPointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "/" } else { &self.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_and_tildes_in_names_are_escaped() {
        let pointer = JsonPointer::root().then("Resources").then("a/b~c").then(0);
        assert_eq!(pointer.as_str(), "/Resources/a~1b~0c/0");
        assert_eq!(pointer.segments().collect::<Vec<_>>(), ["Resources", "a/b~c", "0"]);
    }
}
