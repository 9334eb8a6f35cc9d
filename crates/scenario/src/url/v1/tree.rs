//! A document as a string of small tokens: no names where the place says it, no resource named twice.

use serde_json::{Map, Number, Value};

use super::words;
use crate::limits::MAX_DOCUMENT_BYTES;
use crate::links::default_link_type;
use messaging::{LinkKind, ResourceKind};

/// Numbers below this are one byte.
const SMALL: u64 = 0x80;
const ABSENT: u8 = 0x80;
const FALSE: u8 = 0x81;
const TRUE: u8 = 0x82;
const NUMBER: u8 = 0x83;
const NEGATIVE: u8 = 0x84;
const DECIMAL: u8 = 0x85;
const TEXT: u8 = 0x86;
const RESOURCE: u8 = 0x87;
const LIST: u8 = 0x88;
const OBJECT: u8 = 0x89;
const END: u8 = 0x8a;
const NULL: u8 = 0x8b;
const LATER_WORD: u8 = 0x8f;
/// The first words are one byte.
pub(super) const FIRST_WORD: u8 = 0x90;
const ONE_BYTE_WORDS: usize = 0x70;
/// Ends a text: no byte of UTF-8.
pub(super) const END_OF_TEXT: u8 = 0xff;

/// Nodes stand on a grid of so many pixels.
const GRID: i64 = 20;
/// The deepest a document may go.
const MAX_DEPTH: u32 = 64;

const BEFORE: &[&str] = &["Title", "Description", "Seed", "Settings", "Card"];
const AFTER: &[&str] = &["Timeline", "Expect", "Captions"];

/// Members with a place of their own. All others, which later documents may have, follow at the end with their names.
fn has_place(name: &str) -> bool {
    const OWN: [&str; 4] = ["Version", "Resources", "Links", "Layout"];
    OWN.contains(&name) || BEFORE.contains(&name) || AFTER.contains(&name)
}

/// True for the tokens that letters follow.
pub(super) const fn begins_text(token: u8) -> bool {
    matches!(token, TEXT | DECIMAL)
}

/// Writes a document as [`Scenario::to_value`](crate::Scenario::to_value) makes it.
pub(super) fn write(document: &Value) -> Vec<u8> {
    let mut writer = Writer { out: Vec::new(), ids: Vec::new() };
    for name in BEFORE {
        writer.optional(document.get(name));
    }
    let empty = Map::new();
    let resources = document.get("Resources").and_then(Value::as_object).unwrap_or(&empty);
    writer.number(resources.len() as u64);
    for (id, resource) in resources {
        writer.text(id);
        writer.optional(resource.get("Type"));
        writer.members(resource.get("Properties"));
        writer.position(document.get("Layout").and_then(|layout| layout.get(id)));
    }
    writer.ids = resources.keys().cloned().collect();
    let links = document.get("Links").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    writer.number(links.len() as u64);
    for link in links {
        writer.optional(link.get("From"));
        writer.optional(link.get("To"));
        let usual = usual_type(resources, link);
        writer.optional(link.get("Type").filter(|name| usual != name.as_str()));
        writer.members(link.get("Properties"));
    }
    for name in AFTER {
        writer.optional(document.get(name));
    }
    let others = document.as_object().into_iter().flatten().filter(|(name, _)| !has_place(name));
    let others: Map<String, Value> = others.map(|(name, value)| (name.clone(), value.clone())).collect();
    // A document without any is written as it always was.
    if !others.is_empty() {
        writer.members(Some(&Value::Object(others)));
    }
    writer.out
}

/// The link type that goes without saying between the two ends.
fn usual_type(resources: &Map<String, Value>, link: &Value) -> Option<&'static str> {
    let kind = |end: &str| {
        let resource = resources.get(link.get(end)?.as_str()?)?;
        ResourceKind::from_resource_type(resource.get("Type")?.as_str()?)
    };
    let usual: LinkKind = default_link_type(kind("From")?, kind("To")?)?;
    Some(usual.descriptor().link_type)
}

struct Writer {
    out: Vec<u8>,
    /// The resources, once they are written.
    ids: Vec<String>,
}

impl Writer {
    fn optional(&mut self, value: Option<&Value>) {
        match value {
            Some(value) => self.value(value),
            None => self.out.push(ABSENT),
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.out.push(NULL),
            Value::Bool(false) => self.out.push(FALSE),
            Value::Bool(true) => self.out.push(TRUE),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => self.number(number),
                (None, Some(number)) => {
                    self.out.push(NEGATIVE);
                    self.varint(number.unsigned_abs());
                }
                (None, None) => {
                    self.out.push(DECIMAL);
                    self.letters(&number.to_string());
                }
            },
            Value::String(text) => self.text(text),
            Value::Array(elements) => {
                self.out.push(LIST);
                elements.iter().for_each(|element| self.value(element));
                self.out.push(END);
            }
            Value::Object(_) => {
                self.out.push(OBJECT);
                self.members(Some(value));
            }
        }
    }

    fn members(&mut self, object: Option<&Value>) {
        for (name, value) in object.and_then(Value::as_object).into_iter().flatten() {
            self.text(name);
            self.value(value);
        }
        self.out.push(END);
    }

    /// Two numbers on the grid, or a list of two numbers off it.
    fn position(&mut self, position: Option<&Value>) {
        let coordinate = |place: usize| position?.get(place)?.as_i64();
        let (Some(position), Some(x), Some(y)) = (position, coordinate(0), coordinate(1)) else {
            return self.out.push(ABSENT);
        };
        let on_grid = |n: i64| (n >= 0 && n % GRID == 0).then_some((n / GRID).unsigned_abs());
        match (on_grid(x), on_grid(y)) {
            (Some(x), Some(y)) => {
                self.number(x);
                self.number(y);
            }
            _ => self.value(position),
        }
    }

    fn number(&mut self, number: u64) {
        if number < SMALL {
            self.out.push(number as u8);
        } else {
            self.out.push(NUMBER);
            self.varint(number);
        }
    }

    fn varint(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.out.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.out.push(number as u8);
    }

    fn text(&mut self, text: &str) {
        if let Some(place) = self.ids.iter().position(|id| id == text) {
            self.out.push(RESOURCE);
            self.varint(place as u64);
        } else if let Some(place) = words::place(text) {
            if place < ONE_BYTE_WORDS {
                self.out.push(FIRST_WORD + place as u8);
            } else {
                self.out.extend([LATER_WORD, (place - ONE_BYTE_WORDS) as u8]);
            }
        } else {
            self.out.push(TEXT);
            self.letters(text);
        }
    }

    fn letters(&mut self, text: &str) {
        self.out.extend(text.as_bytes());
        self.out.push(END_OF_TEXT);
    }
}

/// Reads what [`write`] wrote; nothing if the bytes are anything else.
pub(super) fn read(bytes: &[u8]) -> Option<Value> {
    let mut reader = Reader { rest: bytes, ids: Vec::new(), room: MAX_DOCUMENT_BYTES };
    let mut document = Map::new();
    document.insert("Version".into(), 1.into());
    for name in BEFORE {
        put(&mut document, name, reader.optional()?);
    }
    let mut layout = Map::new();
    let mut resources = Map::new();
    for _ in 0..reader.count()? {
        let id = reader.name()?;
        let mut resource = Map::new();
        put(&mut resource, "Type", reader.optional()?);
        let properties = reader.members(0)?;
        if !properties.is_empty() {
            resource.insert("Properties".into(), Value::Object(properties));
        }
        put(&mut layout, &id, reader.position()?);
        reader.ids.push(id.clone());
        resources.insert(id, Value::Object(resource));
    }
    document.insert("Resources".into(), Value::Object(resources));
    let mut links = Vec::new();
    for _ in 0..reader.count()? {
        let mut link = Map::new();
        let (from, to, link_type) = (reader.optional()?, reader.optional()?, reader.optional()?);
        put(&mut link, "Type", link_type);
        put(&mut link, "From", from);
        put(&mut link, "To", to);
        let properties = reader.members(0)?;
        if !properties.is_empty() {
            link.insert("Properties".into(), Value::Object(properties));
        }
        links.push(Value::Object(link));
    }
    document.insert("Links".into(), Value::Array(links));
    for name in AFTER {
        put(&mut document, name, reader.optional()?);
    }
    document.insert("Layout".into(), Value::Object(layout));
    if !reader.rest.is_empty() {
        let others = reader.members(0)?;
        document.extend(others.into_iter().filter(|(name, _)| !has_place(name)));
    }
    reader.rest.is_empty().then_some(Value::Object(document))
}

fn put(object: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    if let Some(value) = value {
        object.insert(name.into(), value);
    }
}

struct Reader<'a> {
    rest: &'a [u8],
    ids: Vec<String>,
    /// Bytes that names and words may still take where a number stands for them: no document has more.
    room: usize,
}

impl Reader<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// The next value, or none in its place.
    fn optional(&mut self) -> Option<Option<Value>> {
        match self.byte()? {
            ABSENT => Some(None),
            tag => Some(Some(self.value(tag, 0)?)),
        }
    }

    fn value(&mut self, tag: u8, depth: u32) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        Some(match tag {
            NULL => Value::Null,
            FALSE => false.into(),
            TRUE => true.into(),
            0..=0x7f => u64::from(tag).into(),
            NUMBER => self.varint()?.into(),
            NEGATIVE => 0_i64.checked_sub_unsigned(self.varint()?)?.into(),
            DECIMAL => Value::Number(Number::from_f64(self.letters()?.parse().ok()?)?),
            LIST => {
                let mut elements = Vec::new();
                loop {
                    match self.byte()? {
                        END => break Value::Array(elements),
                        tag => elements.push(self.value(tag, depth + 1)?),
                    }
                }
            }
            OBJECT => Value::Object(self.members(depth + 1)?),
            _ => Value::String(self.text(tag)?),
        })
    }

    /// Members up to the end of their object.
    fn members(&mut self, depth: u32) -> Option<Map<String, Value>> {
        let mut members = Map::new();
        loop {
            match self.byte()? {
                END => return Some(members),
                tag => {
                    let name = self.text(tag)?;
                    let tag = self.byte()?;
                    members.insert(name, self.value(tag, depth + 1)?);
                }
            }
        }
    }

    fn position(&mut self) -> Option<Option<Value>> {
        match self.byte()? {
            ABSENT => Some(None),
            LIST => Some(Some(self.value(LIST, 0)?)),
            tag => {
                let (x, y) = (self.number(tag)?, self.count()?);
                let pixels = |n: u64| i64::try_from(n).ok()?.checked_mul(GRID);
                Some(Some(Value::from(vec![pixels(x)?, pixels(y)?])))
            }
        }
    }

    fn count(&mut self) -> Option<u64> {
        let tag = self.byte()?;
        self.number(tag)
    }

    fn number(&mut self, tag: u8) -> Option<u64> {
        match tag {
            0..=0x7f => Some(u64::from(tag)),
            NUMBER => self.varint(),
            _ => None,
        }
    }

    fn varint(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn name(&mut self) -> Option<String> {
        let tag = self.byte()?;
        self.text(tag)
    }

    fn text(&mut self, tag: u8) -> Option<String> {
        let text = match tag {
            TEXT => return self.letters(),
            RESOURCE => {
                let place = usize::try_from(self.varint()?).ok()?;
                self.ids.get(place)?.as_str()
            }
            LATER_WORD => words::word(usize::from(self.byte()?) + ONE_BYTE_WORDS)?,
            FIRST_WORD.. => words::word(usize::from(tag - FIRST_WORD))?,
            _ => return None,
        };
        self.room = self.room.checked_sub(text.len())?;
        Some(text.to_owned())
    }

    fn letters(&mut self) -> Option<String> {
        let length = self.rest.iter().position(|byte| *byte == END_OF_TEXT)?;
        let (text, rest) = self.rest.split_at(length);
        self.rest = &rest[1..];
        Some(std::str::from_utf8(text).ok()?.to_owned())
    }
}
