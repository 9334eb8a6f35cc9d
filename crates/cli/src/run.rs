//! `inflight run`: runs a scenario and says what came out.

use std::io;
use std::process::ExitCode;
use std::sync::Arc;

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};
use kernel::{Seed, SimTime};
use messaging::trace::TraceSettings;
use messaging::{EventBudget, Progress, World};
use scenario::{Outcome, Scenario, check, compile, parse_duration};

use crate::{BAD_INPUT, NOT_AS_EXPECTED, input, report};

/// Run a scenario; exits with 1 if an expectation does not hold, with 2 if the document is bad
#[derive(clap::Args, Debug)]
pub(crate) struct RunArgs {
    /// The document; - for standard input, gallery:NAME for one of the gallery, '#…' for a link
    #[arg(value_name = "FILE|gallery:NAME")]
    file: String,

    /// A change, such as producer.rate=450; may be given several times
    #[arg(long, value_name = "CHANGE", value_parser = input::read_override)]
    set: Vec<scenario::Override>,

    /// Simulated time to run, such as 10m; until the last expectation if not given
    #[arg(long, value_parser = parse_duration)]
    until: Option<SimTime>,

    /// Seed instead of the document's
    #[arg(long, value_parser = clap::value_parser!(u64).range(..=scenario::limits::MAX_SEED))]
    seed: Option<u64>,

    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How to report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A table to read.
    Text,
    /// JSON to process.
    Json,
}

/// A finished run.
pub(crate) struct Finished<'a> {
    pub(crate) scenario: &'a Scenario,
    pub(crate) seed: Seed,
    pub(crate) until: SimTime,
    pub(crate) world: World,
    /// One for each expectation; none for what lies beyond the end of the run.
    pub(crate) outcomes: Vec<Option<Outcome>>,
}

/// Exits with 0, with 1 if an expectation does not hold, with 2 if the document is bad.
///
/// # Errors
/// Standard output failing.
pub(crate) fn run(args: &RunArgs) -> io::Result<ExitCode> {
    let parsed = match input::changed(&args.file, &args.set) {
        Ok(parsed) => parsed,
        Err(message) => {
            eprintln!("{message}");
            return Ok(ExitCode::from(BAD_INPUT));
        }
    };
    input::complain(&args.file, &parsed.diagnostics, &mut io::stderr())?;
    let scenario = &parsed.scenario;
    let spec = match compile(scenario) {
        Ok(spec) if !parsed.diagnostics.has_errors() => Arc::new(spec),
        _ => return Ok(ExitCode::from(BAD_INPUT)),
    };
    let seed = args.seed.map_or(scenario.seed, Seed);
    let until = args.until.unwrap_or_else(|| scenario.run_until());
    let mut world = World::new(&spec, seed, TraceSettings::OFF);
    let outcomes = advance(scenario, &mut world, until);
    let finished = Finished { scenario, seed, until, world, outcomes };
    match args.format {
        Format::Text => report::text(&finished, &mut io::stdout().lock())?,
        Format::Json => report::json(&finished, &mut io::stdout().lock())?,
    }
    let failed = finished.outcomes.iter().flatten().any(|outcome| !outcome.holds);
    Ok(if failed { ExitCode::from(NOT_AS_EXPECTED) } else { ExitCode::SUCCESS })
}

/// Runs to each expectation in the order of their times, and then to the end.
fn advance(scenario: &Scenario, world: &mut World, until: SimTime) -> Vec<Option<Outcome>> {
    let mut outcomes = vec![None; scenario.expectations.len()];
    let mut order: Vec<usize> = (0..outcomes.len()).collect();
    order.sort_by_key(|place| scenario.expectations[*place].by);
    let mut meter = Meter::new(until);
    for place in order {
        let expected = &scenario.expectations[place];
        if expected.by <= until {
            meter.advance(world, expected.by);
            outcomes[place] = Some(check(expected, world));
        }
    }
    meter.advance(world, until);
    meter.bar.finish_and_clear();
    outcomes
}

/// Events between two looks at the progress bar.
const EVENTS_BETWEEN_LOOKS: u64 = 200_000;
/// A run is long, and worth a progress bar, after so many looks.
const LOOKS_OF_A_LONG_RUN: u32 = 5;

/// Advances a world, with a progress bar if that takes long and there is a terminal.
struct Meter {
    bar: ProgressBar,
    until: SimTime,
    looks: u32,
}

impl Meter {
    fn new(until: SimTime) -> Self {
        Self { bar: ProgressBar::hidden(), until, looks: 0 }
    }

    fn advance(&mut self, world: &mut World, to: SimTime) {
        while let Progress::BudgetSpent(now) = world.advance(to, EventBudget(EVENTS_BETWEEN_LOOKS)) {
            self.looks += 1;
            if self.looks == LOOKS_OF_A_LONG_RUN {
                let style = ProgressStyle::with_template("{wide_bar} {percent}% of the run, {eta} left");
                self.bar = ProgressBar::new(self.until.as_millis());
                self.bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            }
            self.bar.set_position(now.as_millis());
        }
    }
}
