//! A whole link: a document, or the name of one, and what is said beside it.
//!
//! `#s1.…` brings the document, `#g=fan-out` names one of the gallery. Beside either may stand, joined by `&`:
//! changes (`producer.rate=450`), `seed=7`, `profile=classic`, `t=30s`, `v=0.1.0` for the version that made the link,
//! and how it is shown ([`OPTIONS`]).

use kernel::{Seed, SimTime};
use messaging::quota::QuotaProfile;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::{UrlError, decode, encode};
use crate::diagnostic::{Diagnostic, DiagnosticCode};
use crate::duration::{format_duration, parse_duration};
use crate::gallery;
use crate::limits::{MAX_AUTOMATIC_EVENTS, MAX_FRAGMENT_CHARACTERS, MAX_SEED};
use crate::model::Scenario;
use crate::overrides::{Override, apply_overrides, place};
use crate::parse::{Parsed, suggestion};
use crate::validate::events_per_second;

/// The version of the rules by which a run goes. A link says which one made it.
pub const ENGINE: &str = env!("CARGO_PKG_VERSION");

/// What a link may say of how it is shown. Links, attributes of `<inflight-player>` and the plug-ins of books use these
/// names; `docs/embedding.md` says what each means.
pub const OPTIONS: &[&str] = &[
    "mode", "theme", "autoplay", "repeat", "speed", "panels", "controls", "fit", "lang", "motion", "select",
    "lock", "hide", "origin",
];
/// The words beside [`OPTIONS`].
const WORDS: &[&str] = &["g", "t", "seed", "profile", "v"];

/// Characters of a link that some apps cut off, such as a message of a chat. Ours, after the usual limits.
pub const SHORT_LINK_CHARACTERS: usize = 2_000;
/// Characters of a link that servers and apps refuse or cut off. Ours, after the usual limits.
pub const LONG_LINK_CHARACTERS: usize = 8_000;

/// What a link asks for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Link {
    /// The document with its changes made, and what is wrong with either.
    pub parsed: Parsed,
    /// The scenario of the gallery that the link names, for people to read and change.
    pub gallery: Option<&'static str>,
    /// Where the run shall stand.
    pub at: Option<SimTime>,
    /// The version that made the link.
    pub engine: Option<String>,
    /// How it is shown: name and value, in the order of the link.
    pub options: Vec<(String, String)>,
}

impl Link {
    /// The value of an option, the last one if it stands there twice.
    pub fn option(&self, name: &str) -> Option<&str> {
        self.options.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// What to tell people when the run may differ from what the link's maker saw.
    pub fn note(&self) -> Option<String> {
        let made_with = self.engine.as_deref().filter(|made_with| *made_with != ENGINE)?;
        Some(format!(
            "This link was made with version {made_with}; this is version {ENGINE}. The run may differ in places."
        ))
    }
}

/// Reads a whole link, with or without `#`.
///
/// # Errors
/// Why no document could be found. What is wrong inside the document or beside it is in the diagnostics.
pub fn read(fragment: &str) -> Result<Link, UrlError> {
    let fragment = fragment.trim();
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    if fragment.len() > MAX_FRAGMENT_CHARACTERS {
        return Err(UrlError::TooLong { characters: fragment.len() });
    }
    let mut parts = fragment.split('&');
    let first = parts.clone().next().unwrap_or_default();
    let mut link = Link::default();
    // The document itself has no `=`.
    if !first.contains('=') {
        link.parsed = decode(first)?;
        parts.next();
    }
    let said: Vec<Override> = parts
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (decoded(name), decoded(value))
        })
        .collect();
    if first.contains('=') {
        let name = said.iter().find(|(word, _)| word == "g").map(|(_, name)| name.as_str());
        let entry = gallery::find(name.ok_or(UrlError::NoDocument)?);
        let Some(entry) = entry else {
            return Err(UrlError::NotInTheGallery {
                name: name.unwrap_or_default().chars().take(80).collect(),
            });
        };
        link.gallery = Some(entry.name);
        link.parsed.scenario = entry.scenario();
    }
    beside(&mut link, said);
    Ok(link)
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Takes what stands beside the document.
fn beside(link: &mut Link, said: Vec<Override>) {
    let mut overrides: Vec<Override> = Vec::new();
    for (word, value) in said {
        match word.as_str() {
            "g" => {}
            "v" => link.engine = Some(value.chars().take(40).collect()),
            "t" => match parse_duration(&value) {
                Ok(at) => link.at = Some(at),
                Err(message) => out_of_range(link, &word, message),
            },
            "seed" => match value.parse().ok().filter(|seed| *seed <= MAX_SEED) {
                Some(seed) => link.parsed.scenario.seed = Seed(seed),
                None => out_of_range(link, &word, format!("A seed is a whole number from 0 to {MAX_SEED}.")),
            },
            "profile" => match value.to_lowercase().as_str() {
                "current" => link.parsed.scenario.settings.quota_profile = QuotaProfile::Current,
                "classic" => link.parsed.scenario.settings.quota_profile = QuotaProfile::Classic,
                _ => out_of_range(link, &word, "The profiles are current and classic.".into()),
            },
            name if OPTIONS.contains(&name) => link.options.push((word, value)),
            name if name.contains('.') => overrides.push((word, value)),
            _ => {
                let known = WORDS.iter().chain(OPTIONS).copied();
                let hint = suggestion(&word, known.collect::<Vec<_>>(), "Words");
                let message = format!("A link has no word {word}.");
                let fault = Diagnostic::warning(DiagnosticCode::UnknownMember, &place(&word), message);
                link.parsed.diagnostics.push(fault.with_hint(hint));
            }
        }
    }
    if !overrides.is_empty() {
        let changed = apply_overrides(&link.parsed.scenario, &overrides);
        link.parsed.scenario = changed.scenario;
        link.parsed.diagnostics.append(changed.diagnostics);
    }
    let far =
        |at: &SimTime| at.as_secs_f64() * events_per_second(&link.parsed.scenario) > MAX_AUTOMATIC_EVENTS;
    if link.at.as_ref().is_some_and(far) {
        let message = "The time of this link is so far into so busy a run that it begins at 0:00 instead.";
        link.parsed.diagnostics.push(Diagnostic::warning(DiagnosticCode::TooLarge, &place("t"), message));
        link.at = None;
    }
}

fn out_of_range(link: &mut Link, word: &str, message: String) {
    link.parsed.diagnostics.push(Diagnostic::error(DiagnosticCode::OutOfRange, &place(word), message));
}

/// What does not have to be escaped in the value of a fragment.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b':');

/// The fragment of a link: the document, the time to stand at, how it is shown, and the version that made it.
pub fn write(scenario: &Scenario, at: Option<SimTime>, options: &[(&str, &str)]) -> String {
    let mut text = encode(scenario).to_string();
    let at = at.filter(|at| *at > SimTime::ZERO).map(format_duration);
    let said = at.as_deref().map(|at| ("t", at)).into_iter().chain(options.iter().copied());
    for (name, value) in said.chain([("v", ENGINE)]) {
        text.push_str(&format!("&{name}={}", utf8_percent_encode(value, PLAIN)));
    }
    text
}
