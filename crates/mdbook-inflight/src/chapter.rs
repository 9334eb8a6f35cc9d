//! Finding the blocks of a chapter and putting figures in their places.

use std::ops::Range;
use std::path::Path;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

use crate::block::Block;
use crate::figure;
use crate::protocol::Settings;

/// A fenced `inflight` block: where it stands, what stands behind the fence, and its lines.
struct Fenced {
    range: Range<usize>,
    info: String,
    body: String,
}

/// The chapter with its figures; nothing if it has no block.
///
/// # Errors
/// What is wrong with its blocks, each with its file and line.
pub(crate) fn with_figures(
    markdown: &str,
    path: &Path,
    settings: &Settings,
) -> Result<Option<String>, Vec<String>> {
    let blocks = blocks(markdown);
    if blocks.is_empty() {
        return Ok(None);
    }
    let (mut text, mut done, mut faults) = (String::new(), 0, Vec::new());
    for fenced in blocks {
        let line = markdown[..fenced.range.start].lines().count() + 1;
        let folder = settings.source.join(path.parent().unwrap_or(Path::new("")));
        let figure = Block::read(&fenced.info, &fenced.body, &folder)
            .and_then(|block| figure::figure(&block, settings));
        match figure {
            Ok(figure) => {
                text.push_str(&markdown[done..fenced.range.start]);
                text.push_str(&figure);
                done = fenced.range.end;
            }
            Err(message) => faults.push(format!("{}:{line}: {message}", path.display())),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    text.push_str(&markdown[done..]);
    if let (true, Some(player)) = (settings.html, &settings.player) {
        let script = figure::attribute(&format!("{player}player/inflight-player.js"));
        text.push_str(&format!("\n\n<script type=\"module\" src=\"{script}\"></script>\n"));
    }
    Ok(Some(text))
}

fn blocks(markdown: &str) -> Vec<Fenced> {
    let mut found: Vec<Fenced> = Vec::new();
    let mut open = false;
    for (event, range) in Parser::new(markdown).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let (word, info) = info.split_once([' ', ',', '\t']).unwrap_or((&info, ""));
                open = word == "inflight";
                if open {
                    found.push(Fenced { range, info: info.to_owned(), body: String::new() });
                }
            }
            Event::Text(text) if open => {
                if let Some(last) = found.last_mut() {
                    last.body.push_str(&text);
                }
            }
            Event::End(TagEnd::CodeBlock) => open = false,
            _ => {}
        }
    }
    found
}
