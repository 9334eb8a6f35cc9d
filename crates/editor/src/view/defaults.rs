//! What a fresh resource has in each of its properties.
//!
//! Documents leave out what is as in a fresh one, so the JSON of a fresh one says nothing. Its debug text says all;
//! each value read from it is tried, and one that does not give a fresh one again is not used.

use std::iter::{self, Peekable};
use std::str::Chars;

use messaging::descriptor::{FieldKind, FieldSpec};
use serde_json::{Map, Value as Json};

/// Holds the name of a struct or variant until the shape of its field is known.
const NAME: &str = "$name";

/// The values of a fresh one by property name, those that could be found. `debug` is the debug text of the fresh
/// properties; `is_fresh` says whether JSON reads as a fresh one.
pub(crate) fn defaults(specs: &[FieldSpec], debug: &str, is_fresh: &dyn Fn(&Json) -> bool) -> Json {
    let mut parser = Parser { rest: debug.chars().peekable() };
    let mut all = parser.value().unwrap_or_default();
    // An enum over kinds holds the struct of one kind.
    while let Some(inner) = all.get_mut("0") {
        all = inner.take();
    }
    let mut found = Map::new();
    for spec in specs {
        let Some(value) = all.as_object_mut().and_then(|members| take_member(members, spec.name)) else {
            continue;
        };
        let holds =
            |value: &Json| is_fresh(&Json::Object(Map::from_iter([(spec.name.to_owned(), value.clone())])));
        let value = shaped(value, &spec.kind);
        // The document's word may be quite another than the code's: `1` for `Sha1`.
        let words = match &spec.kind {
            FieldKind::Choice(words) => *words,
            _ => &[],
        };
        let mut tried = iter::once(value).chain(words.iter().map(|word| (*word).into()));
        if let Some(value) = tried.find(holds) {
            found.insert(spec.name.into(), value);
        }
    }
    Json::Object(found)
}

/// The value as the document writes it.
fn shaped(mut value: Json, kind: &FieldKind) -> Json {
    if let (FieldKind::Choice(words), Some(text)) = (kind, value.as_str()) {
        // The document may spell a word in another case than the code.
        let word = words.iter().find(|word| word.eq_ignore_ascii_case(text));
        return word.map_or(Json::Null, |word| (*word).into());
    }
    let FieldKind::Variants { tag, cases } = kind else { return nameless(value) };
    let Some(members) = value.as_object_mut() else { return value };
    // The deciding member is the variant's name, or a member of its own.
    let decides = take_member(members, tag).or_else(|| members.remove(NAME));
    let decides = decides.as_ref().and_then(Json::as_str).unwrap_or_default();
    let case = cases.iter().find(|(case, _)| case.eq_ignore_ascii_case(decides)).or(cases.first());
    let (name, specs) = case.copied().unwrap_or_default();
    let mut shaped_members = Map::new();
    if !tag.is_empty() {
        shaped_members.insert((*tag).into(), name.into());
    }
    for spec in specs {
        if let Some(member) = take_member(members, spec.name) {
            shaped_members.insert(spec.name.into(), shaped(member, &spec.kind));
        }
    }
    Json::Object(shaped_members)
}

/// A member by its name, whatever the case: some properties begin with a small letter.
fn take_member(members: &mut Map<String, Json>, name: &str) -> Option<Json> {
    let spelled = members.keys().find(|key| key.eq_ignore_ascii_case(name))?.clone();
    members.remove(&spelled)
}

fn nameless(value: Json) -> Json {
    match value {
        Json::Object(mut members) => {
            members.remove(NAME);
            Json::Object(members.into_iter().map(|(name, value)| (name, nameless(value))).collect())
        }
        Json::Array(elements) => elements.into_iter().map(nameless).collect(),
        other => other,
    }
}

struct Parser<'t> {
    rest: Peekable<Chars<'t>>,
}

impl Parser<'_> {
    fn value(&mut self) -> Option<Json> {
        match self.peek()? {
            '"' => self.text().map(Json::String),
            '[' => self.list('[', ']').map(Json::Array),
            '{' | '(' => {
                self.skip_braces();
                None
            }
            c if c.is_ascii_digit() || c == '-' => self.number(),
            _ => self.named(),
        }
    }

    /// A name alone, with fields, or with values in brackets.
    fn named(&mut self) -> Option<Json> {
        let name = self.word();
        match (name.as_str(), self.peek()) {
            ("", _) => None,
            ("true", _) => Some(true.into()),
            ("false", _) => Some(false.into()),
            ("None", _) => Some(Json::Null),
            (_, Some('{')) => {
                let mut members = self.fields()?;
                members.insert(NAME.into(), name.into());
                Some(Json::Object(members))
            }
            (_, Some('(')) => {
                let mut values = self.list('(', ')')?;
                let inner = values.pop()?;
                let is_plain = !matches!(inner, Json::Object(_));
                Some(if name == "Some" || is_plain {
                    inner
                } else {
                    Json::Object(Map::from_iter([("0".into(), inner)]))
                })
            }
            _ => Some(name.into()),
        }
    }

    fn fields(&mut self) -> Option<Map<String, Json>> {
        self.take('{')?;
        let mut members = Map::new();
        while self.peek()? != '}' {
            let name = self.word();
            self.take(':')?;
            let value = self.value();
            members.insert(pascal_case(&name), value.unwrap_or_default());
            if self.peek()? == ',' {
                self.take(',');
            }
        }
        self.take('}')?;
        Some(members)
    }

    fn list(&mut self, open: char, close: char) -> Option<Vec<Json>> {
        self.take(open)?;
        let mut values = Vec::new();
        while self.peek()? != close {
            values.push(self.value()?);
            if self.peek()? == ',' {
                self.take(',');
            }
        }
        self.take(close)?;
        Some(values)
    }

    fn text(&mut self) -> Option<String> {
        self.take('"')?;
        let mut text = String::new();
        loop {
            match self.rest.next()? {
                '"' => return Some(text),
                '\\' => text.push(self.rest.next()?),
                c => text.push(c),
            }
        }
    }

    fn number(&mut self) -> Option<Json> {
        let mut text = String::new();
        while let Some(c) = self.rest.next_if(|c| c.is_ascii_alphanumeric() || "+-.".contains(*c)) {
            text.push(c);
        }
        let number: f64 = text.parse().ok()?;
        Some(if number.fract() == 0.0 && number.abs() < 1e15 {
            (number as i64).into()
        } else {
            number.into()
        })
    }

    fn word(&mut self) -> String {
        self.peek();
        let mut word = String::new();
        while let Some(c) = self.rest.next_if(|c| c.is_ascii_alphanumeric() || *c == '_') {
            word.push(c);
        }
        word
    }

    /// The next character that is no space.
    fn peek(&mut self) -> Option<char> {
        while self.rest.next_if(|c| c.is_whitespace()).is_some() {}
        self.rest.peek().copied()
    }

    fn take(&mut self, wanted: char) -> Option<()> {
        self.peek();
        self.rest.next_if_eq(&wanted).map(|_| ())
    }

    /// Passes over a map or a tuple: no property shown as a field is one.
    fn skip_braces(&mut self) {
        let mut depth = 0;
        for c in self.rest.by_ref() {
            match c {
                '{' | '(' | '[' => depth += 1,
                '}' | ')' | ']' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return;
            }
        }
    }
}

fn pascal_case(name: &str) -> String {
    name.split('_')
        .map(|part| {
            let mut letters = part.chars();
            letters
                .next()
                .map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use messaging::{LinkKind, ResourceKind};

    use super::*;

    /// The inspector shows what holds: every plain property of every kind has a default that was found.
    #[test]
    fn every_property_that_is_not_optional_has_its_default() {
        for kind in ResourceKind::ALL {
            let fresh = kind.default_properties();
            let is_fresh = |json: &Json| kind.read_properties(json).is_ok_and(|read| read == fresh);
            let specs = kind.descriptor().fields;
            let found = defaults(specs, &format!("{fresh:?}"), &is_fresh);
            for spec in specs {
                let plain = !matches!(spec.kind, FieldKind::Json | FieldKind::Text | FieldKind::FilterPolicy);
                assert!(!plain || found.get(spec.name).is_some(), "{kind:?} {}: {fresh:?}", spec.name);
            }
        }
    }

    #[test]
    fn links_have_defaults_too() {
        for kind in LinkKind::ALL {
            let fresh = kind.default_properties();
            let is_fresh = |json: &Json| kind.read_properties(json).is_ok_and(|read| read == fresh);
            let found = defaults(kind.descriptor().fields, &format!("{fresh:?}"), &is_fresh);
            for spec in kind.descriptor().fields {
                let plain = !matches!(spec.kind, FieldKind::Json | FieldKind::Text | FieldKind::FilterPolicy);
                assert!(!plain || found.get(spec.name).is_some(), "{kind:?} {}", spec.name);
            }
        }
    }

    #[test]
    fn debug_text_is_read_as_the_document_writes_it() {
        let text = r#"Kind(Some { arrival: Poisson { rate: 10.0 }, wait: Some(20), list: [], name: "a \"b\"", none: None })"#;
        let mut parser = Parser { rest: text.chars().peekable() };
        let value = parser.value().unwrap();
        let inner = &value["0"];
        assert_eq!(inner["Arrival"], serde_json::json!({"$name": "Poisson", "Rate": 10}));
        assert_eq!((inner["Wait"].as_i64(), inner["Name"].as_str()), (Some(20), Some("a \"b\"")));
        assert!(inner["None"].is_null() && inner["List"].as_array().is_some_and(Vec::is_empty));
    }
}
