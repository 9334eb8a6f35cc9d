//! `inflight export`: pictures and tables of a run.

use std::fs;
use std::io::{self, Write};
use std::process::ExitCode;

use ::export::{Animation, MAX_ANIMATION_SECONDS, Options, Stage, Theme};
use clap::ValueEnum;
use kernel::{SimDuration, SimTime};
use scenario::parse_duration;

use crate::{BAD_INPUT, input};

/// Draw a scenario as it stands at a time, or write what was measured
#[derive(clap::Args, Debug)]
pub(crate) struct ExportArgs {
    /// The document; - for standard input, gallery:NAME for one of the gallery, '#…' for a link
    #[arg(value_name = "FILE|gallery:NAME")]
    file: String,

    /// A change, such as producer.rate=450; may be given several times
    #[arg(long, value_name = "CHANGE", value_parser = input::read_override)]
    set: Vec<scenario::Override>,

    /// What to write
    #[arg(long, value_enum, default_value_t = Format::Svg)]
    format: Format,

    /// The instant, such as 1m30s; the end of the run if not given
    #[arg(long = "t", value_name = "TIME", value_parser = parse_duration)]
    at: Option<SimTime>,

    /// How long a moving picture lasts before it begins again
    #[arg(long, value_name = "TIME", value_parser = parse_duration, default_value = "10s")]
    duration: SimTime,

    /// Colours of a picture
    #[arg(long, value_enum, default_value_t = Colours::Auto)]
    theme: Colours,

    /// Leave out the bars with title, legend, time and caption
    #[arg(long)]
    bare: bool,

    /// Where to write to instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<String>,
}

/// What to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A picture.
    Svg,
    /// A picture that moves, over and over; it plays as an image.
    AnimatedSvg,
    /// Every metric of every resource, second by second.
    Csv,
    /// What was refused, failed, lost, redelivered and done.
    EventsCsv,
}

/// Colours of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Colours {
    /// Those of whoever looks at it.
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// Exits with 0, or with 2 if the document is bad.
///
/// # Errors
/// The output failing.
pub(crate) fn run(args: &ExportArgs) -> io::Result<ExitCode> {
    let parsed = match input::changed(&args.file, &args.set) {
        Ok(parsed) => parsed,
        Err(message) => {
            eprintln!("{message}");
            return Ok(ExitCode::from(BAD_INPUT));
        }
    };
    input::complain(&args.file, &parsed.diagnostics, &mut io::stderr())?;
    let scenario = &parsed.scenario;
    let stage = if parsed.diagnostics.has_errors() { None } else { Stage::new(scenario).ok() };
    let Some(mut stage) = stage else { return Ok(ExitCode::from(BAD_INPUT)) };
    if args.format == Format::AnimatedSvg && args.duration.as_secs_f64() > MAX_ANIMATION_SECONDS {
        eprintln!("A moving picture lasts at most {MAX_ANIMATION_SECONDS} s.");
        return Ok(ExitCode::from(BAD_INPUT));
    }
    let text = draw(args, &mut stage, args.at.unwrap_or_else(|| scenario.run_until()));
    match &args.output {
        Some(file) => fs::write(file, text)?,
        None => io::stdout().write_all(text.as_bytes())?,
    }
    Ok(ExitCode::SUCCESS)
}

fn draw(args: &ExportArgs, stage: &mut Stage, at: SimTime) -> String {
    let theme = match args.theme {
        Colours::Auto => Theme::Auto,
        Colours::Light => Theme::Light,
        Colours::Dark => Theme::Dark,
    };
    let options = Options { theme, framed: !args.bare, icon: &::export::icon };
    match args.format {
        Format::Svg => {
            stage.go_to(at);
            stage.picture(&options)
        }
        Format::AnimatedSvg => {
            let duration = SimDuration::from_micros(args.duration.as_micros());
            Animation { from: at, duration }.draw(stage, &options)
        }
        Format::Csv => ::export::metrics_csv(stage, at),
        Format::EventsCsv => ::export::events_csv(stage, at),
    }
}
