//! What mdBook says and wants to hear: `[context, book]` in, `book` out.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::chapter;

/// What the book's configuration says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    /// Where the player stands, such as `https://example.org/inflight/`; pictures only if not given.
    pub(crate) player: Option<String>,
    /// The renderer shows HTML.
    pub(crate) html: bool,
    /// The folder of the chapters.
    pub(crate) source: PathBuf,
}

/// The book with its figures.
///
/// # Errors
/// What is wrong with a block, or does not hold, one a line: the build has to fail.
pub(crate) fn preprocess(input: &str) -> Result<String, String> {
    let both: Value = serde_json::from_str(input).map_err(|error| format!("mdbook-inflight: {error}"))?;
    let Value::Array(both) = both else { return Err("mdbook-inflight: mdBook sent no list".into()) };
    let [context, mut book] =
        <[Value; 2]>::try_from(both).map_err(|_| "mdbook-inflight: mdBook sent no context and book")?;
    let settings = settings(&context);
    let mut faults = Vec::new();
    // Up to 0.4 the chapters are `sections`, from 0.5 on `items`.
    for name in ["items", "sections"] {
        if let Some(Value::Array(items)) = book.get_mut(name) {
            items.iter_mut().for_each(|item| chapters(item, &settings, &mut faults));
        }
    }
    if faults.is_empty() { Ok(book.to_string()) } else { Err(faults.join("\n")) }
}

fn settings(context: &Value) -> Settings {
    let text = |pointer: &str| context.pointer(pointer).and_then(Value::as_str);
    let folder = text("/config/book/src").unwrap_or("src");
    let mut player = text("/config/preprocessor/inflight/player").map(str::to_owned);
    if let Some(player) = player.as_mut().filter(|player| !player.ends_with('/')) {
        player.push('/');
    }
    Settings {
        player,
        html: text("/renderer").is_none_or(|renderer| renderer == "html"),
        source: Path::new(text("/root").unwrap_or(".")).join(folder),
    }
}

fn chapters(item: &mut Value, settings: &Settings, faults: &mut Vec<String>) {
    let Some(chapter) = item.get_mut("Chapter") else { return };
    let path = chapter.get("path").and_then(Value::as_str).unwrap_or("a draft").to_owned();
    if let Some(content) = chapter.get_mut("content")
        && let Some(markdown) = content.as_str()
    {
        match chapter::with_figures(markdown, Path::new(&path), settings) {
            Ok(Some(changed)) => *content = changed.into(),
            Ok(None) => {}
            Err(found) => faults.extend(found),
        }
    }
    if let Some(Value::Array(items)) = chapter.get_mut("sub_items") {
        items.iter_mut().for_each(|item| chapters(item, settings, faults));
    }
}

#[cfg(test)]
#[path = "protocol_tests.rs"]
mod tests;
