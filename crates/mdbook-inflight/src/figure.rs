//! A block as a figure: the picture drawn now, and the player that takes its place when somebody wants it.

use export::{Animation, Options, Stage, Theme, data_address};
use kernel::SimDuration;
use scenario::url;

use crate::block::Block;
use crate::protocol::Settings;

/// The figure of a block, in one line so that it may stand in a list or a quotation.
///
/// # Errors
/// What keeps the document from running.
pub(crate) fn figure(block: &Block, settings: &Settings) -> Result<String, String> {
    let mut stage = Stage::new(&block.scenario)
        .map_err(|faults| faults.errors().next().map_or_else(String::new, ToString::to_string))?;
    let theme = match block.options.iter().find(|(name, _)| name == "theme").map(|(_, theme)| theme.as_str())
    {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        _ => Theme::Auto,
    };
    let options = Options { theme, framed: true, icon: &export::icon };
    let picture = match block.animated {
        Some(duration) => {
            let duration = SimDuration::from_micros(duration.as_micros());
            Animation { from: block.at, duration }.draw(&mut stage, &options)
        }
        None => {
            stage.go_to(block.at);
            stage.picture(&options)
        }
    };
    let title = stage.state.title();
    let image = data_address(picture.trim_end());
    if !settings.html {
        let plain: String = title.chars().filter(|letter| !"[]\\`".contains(*letter)).collect();
        return Ok(format!("![{plain}](<{image}>)\n"));
    }
    let poster = format!(
        "<img src=\"{image}\" alt=\"{}\" style=\"max-width:100%\">",
        attribute(&spoken(block, title))
    );
    let caption = match block.caption.as_str() {
        "" => String::new(),
        caption => format!("<figcaption>{}</figcaption>", attribute(caption)),
    };
    let shown = match &settings.player {
        None => poster,
        Some(player) => player_around(block, player, title, &poster),
    };
    Ok(format!("<figure class=\"inflight\" style=\"margin:1em 0\">{shown}{caption}</figure>\n"))
}

/// What the picture shows, for those who do not see it.
fn spoken(block: &Block, title: &str) -> String {
    let said = block.scenario.captions.iter().rev().find(|caption| caption.at <= block.at);
    let said = said.map_or(block.scenario.description.as_str(), |caption| caption.text.as_str());
    format!("{title}, diagram of {} parts at {}. {said}", block.scenario.resources.len(), block.at)
}

fn player_around(block: &Block, player: &str, title: &str, poster: &str) -> String {
    let scenario = url::write(&block.scenario, None, &[]);
    let said = [
        ("base", player),
        ("scenario", &scenario),
        ("label", title),
        ("t", &scenario::format_duration(block.at)),
    ]
    .map(|(name, value)| format!(" {name}=\"{}\"", attribute(value)));
    let height = block.height.map(|height| format!(" height=\"{height}\"")).unwrap_or_default();
    let options = block.options.iter().map(|(name, value)| format!(" {name}=\"{}\"", attribute(value)));
    format!(
        "<inflight-player{}{height}{}>{poster}</inflight-player>",
        said.concat(),
        options.collect::<String>()
    )
}

/// A text as it may stand in an attribute or between tags, in one line.
pub(crate) fn attribute(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // A line break would end the block of HTML.
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}
