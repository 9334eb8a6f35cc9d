//! Sharing: the link, and the code for another page.

use scenario::url::{self, LONG_LINK_CHARACTERS, SHORT_LINK_CHARACTERS};

use crate::panels::Theme;
use crate::state::EditorState;

/// What the share dialog shows.
#[derive(Clone, Debug, PartialEq)]
pub struct ShareView {
    /// The fragment, without `#`.
    pub fragment: String,
    /// The same with the instant at which the run stands.
    pub fragment_now: String,
    /// Characters of the fragment.
    pub characters: usize,
    /// What to say of a link that some apps cut off.
    pub warning: Option<&'static str>,
    /// The document's JSON.
    pub document: String,
    /// The diagram's title.
    pub title: String,
    /// The clipboard took what was copied last.
    pub copied: Option<bool>,
}

/// In which language the code for another page is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EmbedFormat {
    /// For any page.
    #[default]
    Html,
    /// For a README, which takes no frames: a picture that leads to the diagram.
    Markdown,
    /// For pages of components.
    Mdx,
}

/// How another page shows the diagram.
#[derive(Clone, Debug, PartialEq)]
pub struct EmbedOptions {
    /// Begins where the run stands now, not at 0:00.
    pub at_now: bool,
    /// Step captions.
    pub captions: bool,
    /// The legend of the colours.
    pub legend: bool,
    /// Tracks of metrics instead of the small bar.
    pub metrics: bool,
    /// The button that opens the diagram in the playground.
    pub open: bool,
    /// Begins when it is scrolled into view.
    pub in_view: bool,
    /// Begins again at the end.
    pub repeat: bool,
    /// Readers may change properties.
    pub tweak: bool,
    /// Its colours.
    pub theme: Theme,
    /// Its size, CSS px.
    pub size: (u32, u32),
    /// The language of the code.
    pub format: EmbedFormat,
}

impl Default for EmbedOptions {
    fn default() -> Self {
        Self {
            at_now: false,
            captions: true,
            legend: true,
            metrics: false,
            open: true,
            in_view: false,
            repeat: false,
            tweak: false,
            theme: Theme::System,
            size: (800, 450),
            format: EmbedFormat::Html,
        }
    }
}

/// What the share dialog shows.
pub fn share(state: &EditorState) -> ShareView {
    let fragment = state.fragment();
    let now = Some(state.playback.playhead());
    ShareView {
        characters: fragment.len(),
        warning: match fragment.len() {
            length if length > LONG_LINK_CHARACTERS => {
                Some("This link is very long. Some apps and servers cut it: send the file instead.")
            }
            length if length > SHORT_LINK_CHARACTERS => {
                Some("This link is long. Chat messages often hold 2,000 characters: there, send the file.")
            }
            _ => None,
        },
        document: state.scenario.to_json(),
        title: state.title().to_owned(),
        copied: state.panels.copied,
        fragment_now: url::write(&state.scenario, now, &[]),
        fragment,
    }
}

/// The address of the player with these options; `folder` is that of the site, with its `/`.
pub fn embed_address(state: &EditorState, options: &EmbedOptions, folder: &str) -> String {
    let hidden: Vec<&str> =
        [("captions", options.captions), ("legend", options.legend), ("open", options.open)]
            .into_iter()
            .filter_map(|(part, shown)| (!shown).then_some(part))
            .collect();
    let hidden = hidden.join(",");
    let theme = match options.theme {
        Theme::System => "",
        Theme::Light => "light",
        Theme::Dark => "dark",
    };
    let said: Vec<(&str, &str)> = [
        ("mode", if options.tweak { "tweak" } else { "" }),
        ("hide", hidden.as_str()),
        ("panels", if options.metrics { "metrics" } else { "" }),
        ("autoplay", if options.in_view { "visible" } else { "" }),
        ("repeat", if options.repeat { "1" } else { "" }),
        ("theme", theme),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .collect();
    let at = options.at_now.then(|| state.playback.playhead());
    format!("{folder}e/v1/#{}", url::write(&state.scenario, at, &said))
}

/// The code for another page.
pub fn embed_code(state: &EditorState, options: &EmbedOptions, folder: &str) -> String {
    let (title, (width, height)) = (escaped(state.title()), options.size);
    let address = escaped(&embed_address(state, options, folder));
    match options.format {
        EmbedFormat::Html => format!(
            "<iframe title=\"{title}\"\n  src=\"{address}\"\n  width=\"{width}\" height=\"{height}\" loading=\"lazy\" \
             style=\"border:0\"\n  sandbox=\"allow-scripts allow-popups\" allow=\"fullscreen\"></iframe>"
        ),
        EmbedFormat::Mdx => format!(
            "<iframe title=\"{title}\"\n  src=\"{address}\"\n  width={{{width}}} height={{{height}}} loading=\"lazy\" \
             style={{{{ border: 0 }}}}\n  sandbox=\"allow-scripts allow-popups\" allow=\"fullscreen\" />"
        ),
        EmbedFormat::Markdown => {
            let plain: String = state.title().chars().filter(|letter| !"[]\\`<>".contains(*letter)).collect();
            let link = format!("{folder}#{}", state.fragment());
            format!("[![{plain}]({}.svg)]({link})", super::file_stem(state.title()))
        }
    }
}

/// Text as it may stand in an attribute.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(title: &str) -> EditorState {
        let scenario = scenario::Scenario { title: title.into(), ..Default::default() };
        EditorState { scenario: scenario.into(), ..Default::default() }
    }

    /// Whatever a diagram is called, its code is one element with the attributes that were meant.
    #[test]
    fn a_title_does_not_leave_its_attribute() {
        let state = state("\" onload=\"alert(1)\"><script>[x](javascript:1)`");
        for format in [EmbedFormat::Html, EmbedFormat::Mdx] {
            let code =
                embed_code(&state, &EmbedOptions { format, ..Default::default() }, "https://example.org/");
            assert!(
                code.starts_with("<iframe title=\"&quot; onload=&quot;alert(1)&quot;&gt;&lt;script&gt;"),
                "{code}"
            );
            assert_eq!(code.matches('<').count(), if format == EmbedFormat::Html { 2 } else { 1 }, "{code}");
        }
        let options = EmbedOptions { format: EmbedFormat::Markdown, ..Default::default() };
        let code = embed_code(&state, &options, "https://example.org/");
        assert!(code.starts_with("[![\" onload=\"alert(1)\"scriptx(javascript:1)]("), "{code}");
    }

    #[test]
    fn what_is_chosen_stands_in_the_address_and_reads_back() {
        let state = state("A");
        let plain = embed_address(&state, &EmbedOptions::default(), "https://example.org/a/");
        assert!(plain.starts_with("https://example.org/a/e/v1/#s1.") && !plain.contains("hide"), "{plain}");
        let options = EmbedOptions {
            legend: false,
            open: false,
            in_view: true,
            tweak: true,
            theme: Theme::Dark,
            ..Default::default()
        };
        let address = embed_address(&state, &options, "");
        let link = url::read(address.split_once('#').map_or("", |(_, fragment)| fragment)).expect("a link");
        let said: Vec<String> = link.options.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(said, ["mode=tweak", "hide=legend,open", "autoplay=visible", "theme=dark"]);
        assert!(link.parsed.diagnostics.is_empty());
    }
}
