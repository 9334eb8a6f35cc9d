//! A small code editor: line numbers, colours, and a squiggle under what is refused. The text itself is a
//! plain text area, so that every way of typing works.

use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

/// The longest text that is coloured, bytes. Ours.
const COLOURED_BYTES: usize = 16_384;

/// Properties of [`Code`].
#[derive(Clone, PartialEq, Properties)]
pub struct CodeProps {
    /// What is written.
    pub text: String,
    /// Bytes that are refused, from and to.
    #[prop_or_default]
    pub refused: Option<(usize, usize)>,
    /// Lines, from 1, with something else wrong.
    #[prop_or_default]
    pub wrong_lines: Vec<usize>,
    /// What the text is.
    pub label: AttrValue,
    /// Id of the element that says why.
    pub described_by: AttrValue,
    /// The text area, for inserting at the caret.
    pub area: NodeRef,
    /// The person typed.
    pub on_input: Callback<String>,
    /// The person went elsewhere.
    pub on_leave: Callback<String>,
}

/// The editor.
#[component]
pub fn Code(props: &CodeProps) -> Html {
    let oninput = {
        let on_input = props.on_input.clone();
        Callback::from(move |event: InputEvent| {
            let area: HtmlTextAreaElement = event.target_unchecked_into();
            on_input.emit(area.value());
        })
    };
    let onblur = {
        let on_leave = props.on_leave.clone();
        Callback::from(move |event: FocusEvent| {
            let area: HtmlTextAreaElement = event.target_unchecked_into();
            on_leave.emit(area.value());
        })
    };
    let wrong_line = props.refused.map(|(start, _)| line_of(&props.text, start));
    // Colours cost more than they say in a text of many lines.
    let plain = props.text.len() > COLOURED_BYTES;
    let mut start = 0;
    let lines = props.text.split('\n').enumerate().map(|(place, line)| {
        let here = (start, start + line.len());
        start = here.1 + 1;
        let number = place + 1;
        let wrong = (wrong_line == Some(number) || props.wrong_lines.contains(&number)).then_some("err");
        html! {
            <div class={classes!("ln", wrong)}>
                <i>{ number }</i><span>{ if plain { html! { { &props.text[here.0..here.1] } } } else { coloured(&props.text, here, props.refused) } }{ "\u{200b}" }</span>
            </div>
        }
    });
    html! {
        <div class="code live">
            <div class="lines" aria-hidden="true">{ for lines }</div>
            <textarea ref={props.area.clone()} value={props.text.clone()} spellcheck="false" autocapitalize="off"
                autocomplete="off" aria-label={props.label.clone()} aria-invalid={(props.refused.is_some() || !props.wrong_lines.is_empty()).to_string()}
                aria-describedby={props.described_by.clone()} {oninput} {onblur}/>
        </div>
    }
}

/// The line, from 1, that a byte stands on.
#[must_use]
fn line_of(text: &str, byte: usize) -> usize {
    1 + text.bytes().take(byte).filter(|byte| *byte == b'\n').count()
}

/// A piece of JSON text with the class it is drawn in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Token {
    start: usize,
    end: usize,
    class: &'static str,
}

/// A line of the text, in colours.
fn coloured(text: &str, (line_start, line_end): (usize, usize), refused: Option<(usize, usize)>) -> Html {
    let (from, to) = refused.unwrap_or((usize::MAX, usize::MAX));
    let mut spans = Vec::new();
    let line = &text[line_start..line_end];
    for token in tokens(line) {
        let token = Token { start: token.start + line_start, end: token.end + line_start, ..token };
        // The refused part is cut out, so that it alone is underlined.
        let cuts =
            [token.start, from.clamp(token.start, token.end), to.clamp(token.start, token.end), token.end];
        for pair in cuts.windows(2) {
            let (start, end) = (floor(text, pair[0]), floor(text, pair[1]));
            if start < end {
                let wrong = (start >= from && end <= to).then_some("sq");
                spans.push(html! { <span class={classes!(token.class, wrong)}>{ &text[start..end] }</span> });
            }
        }
    }
    spans.into_iter().collect()
}

fn floor(text: &str, mut byte: usize) -> usize {
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}

/// Splits any text, JSON or not, into pieces that together are the whole text.
fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut start = 0;
    while start < bytes.len() {
        let end = match bytes[start] {
            b'"' => string_end(bytes, start),
            byte if is_word(byte) => start + bytes[start..].iter().take_while(|byte| is_word(**byte)).count(),
            _ => start + bytes[start..].iter().take_while(|byte| **byte != b'"' && !is_word(**byte)).count(),
        };
        let class = match bytes[start] {
            b'"' if text[end..].trim_start().starts_with(':') => "k",
            b'"' => "s",
            byte if is_word(byte) => "n",
            _ => "o",
        };
        found.push(Token { start, end, class });
        start = end;
    }
    found
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.') || byte >= 0x80
}

fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut place = start + 1;
    while place < bytes.len() {
        match bytes[place] {
            b'\\' => place += 1,
            b'"' => return place + 1,
            b'\n' => return place,
            _ => {}
        }
        place += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn the_pieces_are_the_whole_text() {
        for text in ["", "{\"state\": [\"placed\", 1.5e3]}", "{\"über\": \"ä\\\"\n", "nonsense ü \" \\"] {
            let joined: String = tokens(text).iter().map(|token| &text[token.start..token.end]).collect();
            assert_eq!(joined, text);
        }
        let classes: Vec<_> = tokens("{\"a\": \"b\"}").iter().map(|token| token.class).collect();
        assert_eq!(classes, ["o", "k", "o", "s", "o"]);
    }

    #[test]
    fn lines_are_counted_from_one() {
        assert_eq!([line_of("a\nb", 0), line_of("a\nb", 2), line_of("a\nb", 99)], [1, 2, 2]);
    }
}
