//! Reading a block: which scenario, what is changed of it, what should come out, and how it is shown.
//!
//! ````text
//! ```inflight scenario=fan-out t=30s height=420 mode=play
//! set producer.rate=450
//! expect fraud.ApproximateNumberOfMessagesVisible >= 75 by 59s
//! ```
//! ````

use std::fs;
use std::path::Path;
use std::sync::Arc;

use kernel::{Seed, SimTime};
use messaging::quota::QuotaProfile;
use messaging::trace::TraceSettings;
use messaging::{EventBudget, LogicalId, MetricName, World};
use scenario::{
    Bound, Expectation, Override, Parsed, Scenario, Statistic, apply_overrides, check, compile, gallery,
    parse, parse_duration, url,
};

/// A block that could be read and whose expectations hold.
#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    pub(crate) scenario: Scenario,
    /// The instant of the picture, and where the player begins.
    pub(crate) at: SimTime,
    /// Height of the player in px, if one is wanted.
    pub(crate) height: Option<u32>,
    /// The picture moves for so many seconds.
    pub(crate) animated: Option<SimTime>,
    /// What stands below the figure.
    pub(crate) caption: String,
    /// How the player shows it: the words of a link.
    pub(crate) options: Vec<(String, String)>,
}

impl Block {
    /// Reads a block and runs it against what it expects.
    ///
    /// # Errors
    /// A sentence on what is wrong, or does not hold.
    pub(crate) fn read(info: &str, body: &str, folder: &Path) -> Result<Self, String> {
        let mut words = Words::default();
        for word in info.split([' ', '\t', ',']).filter(|word| !word.is_empty()) {
            let (name, value) = word.split_once('=').ok_or_else(|| format!("{word:?} is not NAME=VALUE"))?;
            words.take(name, value)?;
        }
        let json = body.trim_start().starts_with('{');
        let mut lines = Lines::default();
        if !json {
            body.lines().try_for_each(|line| lines.take(line.trim()))?;
        }
        let parsed = source(&words, json.then_some(body), folder)?;
        let mut scenario = usable(parsed)?;
        words.adjust(&mut scenario);
        if !lines.changes.is_empty() {
            scenario = usable(apply_overrides(&scenario, &lines.changes))?;
        }
        // Where the picture would otherwise be of: the middle of what there is to see.
        let middle = SimTime::from_micros(scenario.run_until().as_micros() / 2);
        let at = words.at.unwrap_or(middle);
        expectations_hold(&scenario, &lines)?;
        let Words { height, animated, options, .. } = words;
        Ok(Self { scenario, at, height, animated, caption: lines.caption, options })
    }
}

/// What stands behind the fence.
#[derive(Default)]
struct Words {
    gallery: Option<String>,
    file: Option<String>,
    link: Option<String>,
    at: Option<SimTime>,
    seed: Option<Seed>,
    profile: Option<QuotaProfile>,
    height: Option<u32>,
    animated: Option<SimTime>,
    options: Vec<(String, String)>,
}

impl Words {
    fn take(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "scenario" | "g" => self.gallery = Some(value.into()),
            "file" => self.file = Some(value.into()),
            "link" => self.link = Some(value.into()),
            "t" => self.at = Some(parse_duration(value)?),
            "animated" => self.animated = Some(parse_duration(value)?),
            "seed" => self.seed = Some(Seed(value.parse().map_err(|_| format!("{value:?} is no seed"))?)),
            "height" => {
                self.height = Some(value.parse().map_err(|_| format!("{value:?} is no height in px"))?);
            }
            "profile" => {
                self.profile = Some(match value {
                    "current" => QuotaProfile::Current,
                    "classic" => QuotaProfile::Classic,
                    _ => {
                        return Err(format!("There is no profile {value:?}; there are current and classic."));
                    }
                });
            }
            name if url::OPTIONS.contains(&name) => self.options.push((name.into(), value.into())),
            _ => {
                let known = "scenario, file, link, t, seed, profile, height, animated";
                return Err(format!(
                    "A block has no word {name:?}. It has {known}, {}.",
                    url::OPTIONS.join(", ")
                ));
            }
        }
        Ok(())
    }

    fn adjust(&self, scenario: &mut Scenario) {
        scenario.seed = self.seed.unwrap_or(scenario.seed);
        scenario.settings.quota_profile = self.profile.unwrap_or(scenario.settings.quota_profile);
    }
}

/// The lines of a block.
#[derive(Default)]
struct Lines {
    changes: Vec<Override>,
    /// As written, and what it means.
    expected: Vec<(String, Expectation)>,
    /// The document's own expectations have to hold too.
    document: bool,
    caption: String,
}

impl Lines {
    fn take(&mut self, line: &str) -> Result<(), String> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = rest.trim();
        match word {
            "" => {}
            _ if line.starts_with('#') => {}
            "set" => {
                let (name, value) =
                    rest.split_once('=').ok_or("a change looks like: set producer.rate=450")?;
                self.changes.push((name.trim().into(), value.trim().into()));
            }
            "expect" if rest == "document" => self.document = true,
            "expect" => self.expected.push((rest.into(), expectation(rest)?)),
            "caption" => self.caption = rest.into(),
            _ => return Err(format!("{line:?} is none of set, expect, caption and # for a remark.")),
        }
        Ok(())
    }
}

const EXPECTATION: &str = "an expectation looks like: expect orders.NumberOfMessagesPublished = 100 by 1m (or >=, <=; max before it)";

/// `[max] RESOURCE.METRIC (= | >= | <=) VALUE by TIME`.
fn expectation(text: &str) -> Result<Expectation, String> {
    let (statistic, text) = match text.strip_prefix("max ") {
        Some(rest) => (Statistic::Maximum, rest),
        None => (Statistic::Last, text),
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    let [figure, sign, value, "by", by] = words.as_slice() else { return Err(EXPECTATION.into()) };
    let (of, name) = figure.rsplit_once('.').ok_or(EXPECTATION)?;
    let metric = MetricName::ALL.iter().find(|metric| metric.name() == name);
    let value: u64 = value.parse().map_err(|_| format!("{value:?} is no whole number"))?;
    let bound = match *sign {
        "=" => Bound::Equals { value, within: 0 },
        ">=" => Bound::AtLeast(value),
        "<=" => Bound::AtMost(value),
        _ => return Err(EXPECTATION.into()),
    };
    let metric = *metric.ok_or_else(|| format!("There is no metric {name}."))?;
    Ok(Expectation { metric, of: LogicalId::from(of), statistic, bound, by: parse_duration(by)? })
}

/// The document, wherever it stands.
fn source(words: &Words, body: Option<&str>, folder: &Path) -> Result<Parsed, String> {
    let given = [words.gallery.is_some(), words.file.is_some(), words.link.is_some(), body.is_some()];
    if given.iter().filter(|given| **given).count() != 1 {
        return Err(
            "A block needs one of scenario=NAME, file=PATH, link=FRAGMENT and a document in it.".into()
        );
    }
    if let Some(name) = &words.gallery {
        let entry = gallery::find(name).ok_or_else(|| format!("The gallery has no scenario {name:?}."))?;
        return Ok(parse(entry.json));
    }
    if let Some(link) = &words.link {
        return Ok(url::read(link).map_err(|error| error.to_string())?.parsed);
    }
    if let Some(body) = body {
        return Ok(parse(body));
    }
    let file = folder.join(words.file.as_deref().unwrap_or_default());
    let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(parse(&text))
}

/// The document, if it can run as it stands.
fn usable(parsed: Parsed) -> Result<Scenario, String> {
    let parsed = parsed.validated();
    match parsed.diagnostics.errors().next() {
        Some(error) => Err(error.to_string()),
        None => Ok(parsed.scenario),
    }
}

/// Runs the scenario to each expectation in turn.
fn expectations_hold(scenario: &Scenario, lines: &Lines) -> Result<(), String> {
    let own = scenario.expectations.iter().filter(|_| lines.document);
    let own =
        own.map(|expected| (format!("{}.{} of the document", expected.of, expected.metric.name()), expected));
    let said = lines.expected.iter().map(|(text, expected)| (text.clone(), expected));
    let mut all: Vec<(String, &Expectation)> = own.chain(said).collect();
    if all.is_empty() {
        return Ok(());
    }
    all.sort_by_key(|(_, expected)| expected.by);
    let spec = compile(scenario).map_err(|_| "The document cannot run as it stands.")?;
    let mut world = World::new(&Arc::new(spec), scenario.seed, TraceSettings::OFF);
    let mut wrong = Vec::new();
    for (text, expected) in all {
        if !scenario.resources.contains_key(&expected.of) {
            return Err(format!("expect {text}: there is no resource {}.", expected.of));
        }
        world.advance(expected.by, EventBudget(u64::MAX));
        let outcome = check(expected, &world);
        if !outcome.holds {
            wrong.push(format!("expect {text}: it is {}, not {}.", outcome.observed, expected.bound));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join(" ")) }
}
