//! Writing SVG: elements, attributes, and texts that cannot be anything else.

use std::fmt::Write as _;

/// SVG being written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Svg {
    text: String,
}

impl Svg {
    /// Markup of ours, as it is. No text of a document may come through here.
    pub(crate) fn raw(&mut self, markup: &str) {
        self.text.push_str(markup);
    }

    /// An element without content. Attributes are ours; only [`Svg::text`] takes texts of others.
    pub(crate) fn element(&mut self, name: &str, attributes: &str) {
        let _ = write!(self.text, "<{name} {attributes}/>");
    }

    /// A line of text, cut to about so many px.
    pub(crate) fn text(&mut self, at: (f64, f64), class: &str, text: &str, width: f64) {
        let shown = cut(text, width, if class.contains("name") { 7.4 } else { 6.1 });
        let _ = write!(
            self.text,
            "<text x=\"{}\" y=\"{}\" class=\"{class}\">{}</text>",
            px(at.0),
            px(at.1),
            escaped(&shown)
        );
    }

    pub(crate) fn rect(&mut self, at: (f64, f64), size: (f64, f64), class: &str, radius: f64) {
        let (x, y, width, height) = (px(at.0), px(at.1), px(size.0.max(0.0)), px(size.1.max(0.0)));
        let mut attributes =
            format!("class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"");
        if radius > 0.0 {
            let _ = write!(attributes, " rx=\"{}\"", px(radius));
        }
        self.element("rect", &attributes);
    }

    pub(crate) fn path(&mut self, d: &str, class: &str) {
        self.element("path", &format!("class=\"{class}\" d=\"{d}\""));
    }

    pub(crate) fn finish(self) -> String {
        self.text
    }
}

/// A length with at most one digit behind the point.
pub(crate) fn px(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// A text cut to a width, with letters of about so many px.
fn cut(text: &str, width: f64, letter: f64) -> String {
    let room = (width / letter).floor().max(1.0) as usize;
    if text.chars().count() <= room {
        return text.to_owned();
    }
    text.chars().take(room.saturating_sub(1)).chain(['…']).collect()
}

/// A text as it may stand anywhere in XML: markup escaped, what XML has no place for and what turns the direction of
/// others' texts replaced.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' => {
                out.push('\u{fffd}')
            }
            letter if letter.is_control() => out.push('\u{fffd}'),
            letter => out.push(letter),
        }
    }
    out
}

/// A picture as the address of an image: nothing else has to be loaded.
pub fn data_address(svg: &str) -> String {
    let mut address = String::from("data:image/svg+xml,");
    for byte in svg.bytes() {
        match byte {
            b'"' => address.push('\''),
            b'A'..=b'Z'
            | b'a'..=b'z'
            | b'0'..=b'9'
            | b' '
            | b'-'
            | b'_'
            | b'.'
            | b'~'
            | b'='
            | b':'
            | b'/'
            | b';'
            | b','
            | b'('
            | b')'
            | b'!'
            | b'*'
            | b'@'
            | b'$' => address.push(char::from(byte)),
            other => {
                let _ = write!(address, "%{other:02X}");
            }
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stays_a_text() {
        assert_eq!(escaped("</text><script>\"'&"), "&lt;/text&gt;&lt;script&gt;&quot;&#39;&amp;");
        assert_eq!(escaped("a\u{202e}b\u{0}c\nd\u{ffff}"), "a\u{fffd}b\u{fffd}c d\u{fffd}");
    }

    #[test]
    fn lengths_are_short() {
        assert_eq!((px(3.0), px(-0.25), px(1234.56)), ("3".into(), "-0.2".into(), "1234.6".into()));
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!((cut("abc", 100.0, 6.0), cut("abcdefgh", 30.0, 6.0)), ("abc".into(), "abcd…".into()));
    }
}
