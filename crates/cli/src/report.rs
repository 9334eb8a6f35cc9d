//! What came out of a run: as a table, and as JSON.

use std::io::{self, Write};

use messaging::cost::AS_OF;
use messaging::metric::{MetricKind, MetricTable};
use messaging::{LogicalId, MetricName, World};
use scenario::format_duration;
use serde_json::{Map, Value, json};

use crate::run::Finished;

/// One metric of one resource.
struct Reading {
    metric: MetricName,
    value: u64,
    peak: u64,
}

/// The metrics a resource has reported or could have reported, in the order of CloudWatch's pages.
fn readings(world: &World, id: &LogicalId, all: bool) -> Vec<Reading> {
    let Some(component) = world.component(id) else { return Vec::new() };
    let table: MetricTable = world.metrics(component);
    let possible = world.kind(component).map_or(&[][..], |kind| kind.descriptor().metrics);
    let reported: Vec<MetricName> = table.reported().collect();
    let metrics = MetricName::ALL.iter().copied();
    metrics
        .filter(|metric| reported.contains(metric) || (all && possible.contains(metric)))
        .map(|metric| {
            let value = table.value(metric);
            Reading { metric, value, peak: table.peak(metric).max(value) }
        })
        .collect()
}

/// Prints the run as JSON: what programs read.
pub(crate) fn json(run: &Finished<'_>, out: &mut impl Write) -> io::Result<()> {
    let mut resources = Map::new();
    for id in run.scenario.resources.keys() {
        let metrics = readings(&run.world, id, true).into_iter().map(|reading| {
            let sum = (reading.metric.kind() == MetricKind::Sum).then_some(reading.value);
            let value = json!({ "sum": sum, "last": reading.value, "max": reading.peak });
            (reading.metric.name().to_owned(), value)
        });
        resources.insert(id.to_string(), Value::Object(metrics.collect()));
    }
    let expectations = run.outcomes.iter().enumerate().map(|(place, outcome)| {
        let (holds, observed) =
            (outcome.map(|outcome| outcome.holds), outcome.map(|outcome| outcome.observed));
        json!({ "pointer": format!("/Expect/{place}"), "holds": holds, "observed": observed })
    });
    let report = json!({
        "seed": run.seed.0,
        "until_seconds": seconds(run),
        "events": run.world.events(),
        "fingerprint": fingerprint(run),
        "resources": resources,
        "expectations": expectations.collect::<Vec<_>>(),
        "bill": bill(run),
    });
    writeln!(out, "{report:#}")
}

/// What the run cost, in dollars: by item, by service and in all.
fn bill(run: &Finished<'_>) -> Value {
    let bill = run.world.bill();
    let lines = bill.lines.iter().map(|line| {
        json!({
            "resource": run.world.name(line.component).map(ToString::to_string),
            "service": line.item.service(),
            "item": line.item,
            "what": line.item.what(),
            "quantity": line.quantity,
            "dollars": dollars(line.micro_dollars),
        })
    });
    let services = bill.by_service().into_iter();
    let services: Map<String, Value> =
        services.map(|(name, amount)| (name.to_owned(), dollars(amount).into())).collect();
    let driver = bill.driver().and_then(|line| run.world.name(line.component));
    json!({
        "prices_as_of": AS_OF,
        "currency": "USD",
        "total": dollars(bill.total()),
        "per_hour": dollars(bill.per_hour(bill.total())),
        "per_day": dollars(bill.per_hour(bill.total()) * 24),
        "per_month": dollars(bill.per_month(bill.total())),
        "driver": driver.map(ToString::to_string),
        "services": services,
        "lines": lines.collect::<Vec<_>>(),
    })
}

fn dollars(micro_dollars: u64) -> f64 {
    micro_dollars as f64 / 1e6
}

/// The bill as a table, the dearest service first.
fn bill_text(run: &Finished<'_>, out: &mut impl Write) -> io::Result<()> {
    let bill = run.world.bill();
    if bill.lines.is_empty() {
        return Ok(());
    }
    let row = |name: &str, amount: u64| {
        [name.to_owned(), format!("{:.6}", dollars(amount)), format!("{:.6}", dollars(bill.per_hour(amount)))]
    };
    let mut rows = vec![["COST".to_owned(), "USD".to_owned(), "USD/h".to_owned()]];
    rows.extend(bill.by_service().into_iter().map(|(service, amount)| row(service, amount)));
    rows.push(row("in all", bill.total()));
    writeln!(out)?;
    table(&rows, out)?;
    let driver = bill.driver().and_then(|line| Some((run.world.name(line.component)?, line.item.what())));
    if let Some((name, what)) = driver {
        writeln!(out, "Most of it: {name}, {what}.")?;
    }
    writeln!(out, "Prices of {AS_OF}, us-east-1, no free tiers. They change: check AWS.")
}

/// A whole number where it is one.
fn seconds(run: &Finished<'_>) -> Value {
    let micros = run.until.as_micros();
    if micros.is_multiple_of(1_000_000) {
        (micros / 1_000_000).into()
    } else {
        run.until.as_secs_f64().into()
    }
}

/// As text: JavaScript cannot hold 64 bits.
fn fingerprint(run: &Finished<'_>) -> String {
    format!("{:016x}", run.world.fingerprint())
}

/// Prints the run as tables: what people read.
pub(crate) fn text(run: &Finished<'_>, out: &mut impl Write) -> io::Result<()> {
    let title = if run.scenario.title.is_empty() { "Scenario" } else { &run.scenario.title };
    let until = format_duration(run.until);
    writeln!(out, "{title}, {until} of simulated time, seed {}", run.seed.0)?;
    writeln!(out, "{} events, fingerprint {}", grouped(run.world.events()), fingerprint(run))?;
    let mut rows = vec![["RESOURCE", "METRIC", "VALUE", "PEAK"].map(str::to_owned)];
    for id in run.scenario.resources.keys() {
        for (place, reading) in readings(&run.world, id, false).into_iter().enumerate() {
            let gauge = reading.metric.kind() == MetricKind::Gauge;
            let name = if place == 0 { id.to_string() } else { String::new() };
            let peak = if gauge { grouped(reading.peak) } else { String::new() };
            rows.push([name, reading.metric.name().to_owned(), grouped(reading.value), peak]);
        }
    }
    writeln!(out)?;
    table(&rows, out)?;
    bill_text(run, out)?;
    if !run.outcomes.is_empty() {
        let mut rows = vec![["EXPECTED", "OF", "BY", "SHOULD BE", "IS", ""].map(str::to_owned)];
        for (expected, outcome) in run.scenario.expectations.iter().zip(&run.outcomes) {
            let verdict = match outcome {
                Some(outcome) if outcome.holds => "holds",
                Some(_) => "DOES NOT HOLD",
                None => "after the end of the run",
            };
            let peak = if expected.statistic == scenario::Statistic::Maximum { " (peak)" } else { "" };
            rows.push([
                format!("{}{peak}", expected.metric.name()),
                expected.of.to_string(),
                format_duration(expected.by),
                expected.bound.to_string(),
                outcome.map_or_else(String::new, |outcome| grouped(outcome.observed)),
                verdict.to_owned(),
            ]);
        }
        writeln!(out)?;
        table(&rows, out)?;
    }
    Ok(())
}

/// Columns as wide as their widest cell; numbers to the right.
fn table<const COLUMNS: usize>(rows: &[[String; COLUMNS]], out: &mut impl Write) -> io::Result<()> {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; COLUMNS] = std::array::from_fn(width);
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            let number = cell.starts_with(|letter: char| letter.is_ascii_digit()) && !cell.contains(' ');
            let cell = if number { format!("{cell:>width$}  ") } else { format!("{cell:width$}  ") };
            line.push_str(&cell);
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// 1,312 for 1312.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
