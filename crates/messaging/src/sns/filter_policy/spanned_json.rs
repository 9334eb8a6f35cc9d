//! JSON with the place of every value and name, in reading order and with repeated names kept.
//!
//! `serde_json` does the parsing; places come from where its borrowed `RawValue`s lie in the text.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A JSON value and the bytes it takes in the text.
#[derive(Debug)]
pub(super) struct Node<'text> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) value: Json<'text>,
}

#[derive(Debug)]
pub(super) enum Json<'text> {
    Object(Vec<Member<'text>>),
    Array(Vec<Node<'text>>),
    String(String),
    Number { text: &'text str, value: f64 },
    Boolean(bool),
    Null,
}

/// A name and its value in an object.
#[derive(Debug)]
pub(super) struct Member<'text> {
    pub(super) name: String,
    pub(super) name_start: usize,
    pub(super) name_end: usize,
    pub(super) node: Node<'text>,
}

impl Node<'_> {
    /// How the service's parser names this value in its messages: scalars by their text, others by a bracket.
    pub(super) fn token_text(&self) -> String {
        match &self.value {
            Json::Object(_) => "{".into(),
            Json::Array(_) => "[".into(),
            Json::String(text) => text.clone(),
            Json::Number { text, .. } => (*text).into(),
            Json::Boolean(value) => value.to_string(),
            Json::Null => "null".into(),
        }
    }
}

/// Reads a whole text.
///
/// # Errors
/// What `serde_json` reports, with line and column: bad syntax, more than 127 levels, numbers beyond a double.
pub(super) fn parse(text: &str) -> Result<Node<'_>, serde_json::Error> {
    // The first pass checks everything, the depth limit included; the second only records places.
    serde_json::from_str::<serde_json::Value>(text)?;
    node(serde_json::from_str(text)?, text.as_ptr() as usize)
}

fn node<'text>(raw: &'text RawValue, base: usize) -> Result<Node<'text>, serde_json::Error> {
    let text = raw.get();
    let start = text.as_ptr() as usize - base;
    let value = match text.as_bytes().first() {
        Some(b'{') => {
            let RawMembers(members) = serde_json::from_str(text)?;
            Json::Object(
                members
                    .into_iter()
                    .map(|(name, value)| member(name, value, base))
                    .collect::<Result<_, _>>()?,
            )
        }
        Some(b'[') => {
            let elements: Vec<&RawValue> = serde_json::from_str(text)?;
            Json::Array(elements.into_iter().map(|element| node(element, base)).collect::<Result<_, _>>()?)
        }
        Some(b'"') => Json::String(serde_json::from_str(text)?),
        Some(b't' | b'f') => Json::Boolean(serde_json::from_str(text)?),
        Some(b'n') => Json::Null,
        _ => Json::Number { text, value: serde_json::from_str(text)? },
    };
    Ok(Node { start, end: start + text.len(), value })
}

fn member<'text>(
    name: &'text RawValue,
    value: &'text RawValue,
    base: usize,
) -> Result<Member<'text>, serde_json::Error> {
    let name_start = name.get().as_ptr() as usize - base;
    Ok(Member {
        name: serde_json::from_str(name.get())?,
        name_start,
        name_end: name_start + name.get().len(),
        node: node(value, base)?,
    })
}

struct RawMembers<'text>(Vec<(&'text RawValue, &'text RawValue)>);

impl<'de> Deserialize<'de> for RawMembers<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = RawMembers<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(RawMembers(members))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_names_and_repeats_are_kept() {
        let text = " { \"a\\u0062\" : [ 1, \"é\" ], \"ab\": null } ";
        let root = parse(text).unwrap();
        let Json::Object(members) = &root.value else { panic!("object") };
        assert_eq!(&text[root.start..root.end], text.trim());
        assert_eq!(members.iter().map(|m| m.name.as_str()).collect::<Vec<_>>(), ["ab", "ab"]);
        assert_eq!(&text[members[0].name_start..members[0].name_end], "\"a\\u0062\"");
        let Json::Array(elements) = &members[0].node.value else { panic!("array") };
        assert_eq!(&text[elements[1].start..elements[1].end], "\"é\"");
    }

    #[test]
    fn depth_is_limited() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(parse(&deep).is_err());
    }
}
