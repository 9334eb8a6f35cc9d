//! The icons of the page, for those that have no page to take them from.

/// The page's own sheet.
const SHEET: &str = include_str!("../../../web/assets/icons.svg");

/// What is drawn inside an icon of 24 by 24 px; nothing for a name that is not there.
pub fn icon(name: &str) -> String {
    let start = format!("<symbol id=\"i-{name}\" viewBox=\"0 0 24 24\">");
    let inside = SHEET.split_once(&start).and_then(|(_, rest)| rest.split_once("</symbol>"));
    inside.map(|(inside, _)| inside.to_owned()).unwrap_or_default()
}
