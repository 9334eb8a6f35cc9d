//! Where in a text of JSON something stands.

use serde_json::error::Category;

use crate::pointer::JsonPointer;

/// The line, from 1, on which the value of a pointer begins, or of the nearest thing around it that is there. For a
/// text that is not JSON, the line on which it ceases to be.
pub fn line_of(json: &str, pointer: &JsonPointer) -> Option<usize> {
    if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(json) {
        let at_end = error.classify() == Category::Eof;
        return Some(if at_end { json.lines().count().max(1) } else { error.line() });
    }
    let mut scanner = Scanner { text: json.as_bytes(), place: 0 };
    let mut found = scanner.space();
    for name in pointer.segments() {
        match scanner.enter(&name) {
            Some(place) => found = place,
            None => break,
        }
    }
    Some(1 + json.bytes().take(found).filter(|byte| *byte == b'\n').count())
}

/// Goes through a text that is known to be JSON.
struct Scanner<'a> {
    text: &'a [u8],
    place: usize,
}

impl Scanner<'_> {
    fn byte(&self) -> u8 {
        self.text.get(self.place).copied().unwrap_or_default()
    }

    /// Passes over white space.
    fn space(&mut self) -> usize {
        while self.byte().is_ascii_whitespace() {
            self.place += 1;
        }
        self.place
    }

    /// From the beginning of an object or a list to the beginning of one of its values. Says where the name stands.
    fn enter(&mut self, name: &str) -> Option<usize> {
        let is_object = match self.byte() {
            b'{' => true,
            b'[' => false,
            _ => return None,
        };
        self.place += 1;
        for number in 0_usize.. {
            let start = self.space();
            if matches!(self.byte(), b'}' | b']' | 0) {
                return None;
            }
            let mut wanted = !is_object && name.parse() == Ok(number);
            if is_object {
                self.text_end();
                let key = std::str::from_utf8(&self.text[start..self.place]).unwrap_or_default();
                wanted = serde_json::from_str::<String>(key).is_ok_and(|key| key == name);
                self.space();
                self.place += 1;
                self.space();
            }
            if wanted {
                return Some(start);
            }
            self.value();
            self.space();
            if self.byte() == b',' {
                self.place += 1;
            }
        }
        None
    }

    /// Passes over a text.
    fn text_end(&mut self) {
        self.place += 1;
        while !matches!(self.byte(), b'"' | 0) {
            self.place += if self.byte() == b'\\' { 2 } else { 1 };
        }
        self.place += 1;
    }

    /// Passes over a value.
    fn value(&mut self) {
        let mut depth = 0_usize;
        loop {
            match self.byte() {
                b'"' => {
                    self.text_end();
                    if depth == 0 {
                        return;
                    }
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth == 0 => return,
                b'}' | b']' => {
                    depth -= 1;
                    if depth == 0 {
                        self.place += 1;
                        return;
                    }
                }
                b',' if depth == 0 => return,
                0 => return,
                _ => {}
            }
            self.place += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_has_a_line() {
        let json = "{\n  \"a\": [1,\n    {\"x/y\": \"} ]\\\"\",\n \"b\": null}\n  ],\n  \"c\": 2\n}";
        let line = |pointer: &str| line_of(json, &JsonPointer::from(pointer));
        let pointers = ["", "/a", "/a/1", "/a/1/x~1y", "/a/1/b", "/c", "/a/7", "/a/1/gone", "/gone"];
        assert_eq!(pointers.map(line), [1, 2, 3, 3, 4, 6, 2, 3, 1].map(Some));
        assert_eq!(line_of("{\n\"a\": ?}", &JsonPointer::root()), Some(2));
        assert_eq!(line_of("{\n\"a\": 1\n", &JsonPointer::root()), Some(2));
    }
}
