//! Transcripts: what is asked of a service, when, and the answers it must give, as text.
//!
//! ```text
//! SQS-60 https://docs.aws.amazon.com/...          the rules, and the page that states them
//! orders AWS::SQS::Queue {"VisibilityTimeout":30} a resource; the first one is asked unless a line names another
//! orders => dead AWS::SQS::RedrivePolicy {}       a link
//! 0s SendMessage body=a                           a call from outside, at a time of the run
//! -> ok                                           its answer, at the same instant
//! 1s ReceiveMessage wait=20 as=first              a call with a name
//! 5s -> first: a                                  an answer that comes later
//! 6s SendMessage body=m{n} times=300              300 calls; {n} counts them; equal answers in a row are counted
//! -> ok x300
//! 7s metric NumberOfMessagesSent                  a CloudWatch metric
//! -> 300
//! 8s set {"VisibilityTimeout":60}                 an edit of the document: all properties of the resource
//! 8s orders => dead set {"maxReceiveCount":3}     an edit of a link
//! 9s orders => dead cut                           nothing passes any more; `restore` ends it
//! 9s server stop                                  a person stops it; `start` ends it; `crash` and `reboot` likewise
//! 9s label dead                                   what the resource shows beside the link to that one
//! -> state: placed
//! profile Classic                                 the quotas of the course notes
//! quota ShardLimit 2                              a quota of the account, by its code
//! # a comment
//! ```
//!
//! Times never go back. What a call looks like is the service's own: see [`Dialect`].

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use kernel::{Seed, SimDuration, SimTime};
use messaging::call::{ApiResult, Call, Entries};
use messaging::node_state::{Instrument, LinkRow};
use messaging::trace::TraceSettings;
use messaging::{
    ComponentId, EventBudget, Intervention, LinkKind, LinkSpec, LogicalId, MetricName, Request, ResourceKind,
    ResourceSpec, World, WorldSpec,
};

use crate::kinesis_dialect::KinesisDialect;
use crate::mq_dialect::MqDialect;
use crate::sns_dialect::SnsDialect;
use crate::sqs_dialect::SqsDialect;
use crate::support::undescribed_metrics;

/// A test for each transcript of a service, and one that finds a transcript nobody checks.
macro_rules! transcripts {
    ($service:literal: $($name:ident),+ $(,)?) => {
        $(
            #[test]
            fn $name() {
                $crate::transcript::check(concat!($service, "/", stringify!($name), ".txt"));
            }
        )+

        #[test]
        fn every_transcript_is_checked() {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("transcripts").join($service);
            let mut files: Vec<String> = std::fs::read_dir(folder)
                .expect("the folder is there")
                .map(|file| file.expect("a file").file_name().to_string_lossy().replace(".txt", ""))
                .collect();
            files.sort();
            let mut checked = vec![$(stringify!($name)),+];
            checked.sort_unstable();
            assert_eq!(files, checked);
        }
    };
}
pub(crate) use transcripts;

/// How one resource is spoken to and how its answers are written.
pub(crate) trait Dialect {
    /// The request that a line stands for.
    fn request(&mut self, command: &Command, world: &mut World) -> (Request, Entries);
    /// The answer to a successful call, as text.
    fn answer(&mut self, call: &Call, world: &World) -> String;
    /// How long an answer may take and still count as one of the same instant.
    fn patience(&self) -> SimDuration {
        SimDuration::ZERO
    }
}

fn dialect(kind: ResourceKind) -> Box<dyn Dialect> {
    match kind {
        ResourceKind::Queue => Box::<SqsDialect>::default(),
        ResourceKind::Topic => Box::<SnsDialect>::default(),
        ResourceKind::Stream => Box::<KinesisDialect>::default(),
        ResourceKind::Broker => Box::<MqDialect>::default(),
        other => panic!("no dialect for {other:?} yet"),
    }
}

/// An operation with its arguments: words, and `name=value` pairs.
#[derive(Clone, Debug)]
pub(crate) struct Command {
    /// Such as `SendMessage`.
    pub(crate) operation: String,
    /// The arguments without a name.
    pub(crate) words: Vec<String>,
    named: BTreeMap<String, String>,
}

impl Command {
    /// An argument by its name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.named.get(name).map(String::as_str)
    }
    /// All arguments with a name.
    pub(crate) fn named(&self) -> impl Iterator<Item = (&str, &str)> {
        self.named.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
    /// A number by its name.
    pub(crate) fn number<N: std::str::FromStr>(&self, name: &str) -> Option<N> {
        self.get(name)
            .map(|text| text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number in range")))
    }
    /// A list by its name, separated by commas; one item stands for `count`.
    pub(crate) fn list(&self, name: &str, count: usize) -> Vec<Option<&str>> {
        match self.get(name) {
            None => vec![None; count],
            Some(text) if !text.contains(',') => vec![Some(text); count],
            Some(text) => text.split(',').map(|item| (item != "-").then_some(item)).collect(),
        }
    }
}

/// Runs a transcript of `tests/transcripts` and compares every answer.
pub(crate) fn check(file: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("transcripts").join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut lines = text.lines().enumerate().map(|(place, line)| (place + 1, line.trim()));
    let (_, head) = lines.next().expect("a transcript has a first line");
    assert!(
        head.contains('-') && head.contains("https://"),
        "{file}:1: the first line names the rules and the page that states them"
    );
    let lines: Vec<_> = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')).collect();
    let is_timed = |line: &str| line.starts_with("->") || line.starts_with(|c: char| c.is_ascii_digit());
    let (timed, declared): (Vec<_>, Vec<_>) = lines.into_iter().partition(|(_, line)| is_timed(line));
    let mut session = Session::new(declared.iter().map(|(_, line)| *line));
    let mut timed = timed.into_iter().peekable();
    while let Some((number, line)) = timed.next() {
        let Some((time, command)) = line.split_once(' ').filter(|(_, rest)| !rest.starts_with("->")) else {
            panic!("{file}:{number}: nothing came, but `{line}` is expected");
        };
        let at = parse_time(time);
        session.run(at, command.trim());
        let mut answers = std::mem::take(&mut session.answers);
        let mut until = at;
        loop {
            let expected = timed.next_if(|(_, line)| line.contains("->"));
            let Some((number, expected)) = expected else { break };
            if let Some((time, _)) = expected.split_once(" ->") {
                until = parse_time(time);
                session.advance(until);
                answers.append(&mut session.answers);
            }
            assert!(!answers.is_empty(), "{file}:{number}: nothing came, but `{expected}` is expected");
            let (came_at, answer) = answers.remove(0);
            let written = match came_at == at {
                true => format!("-> {answer}"),
                false => format!("{} -> {answer}", time_text(came_at)),
            };
            assert_eq!(written, expected, "{file}:{number}: left is what came");
        }
        let next = timed.peek().map_or(until, |(_, line)| parse_time(line.split(' ').next().unwrap_or("")));
        session.advance_before(next);
        answers.append(&mut session.answers);
        assert!(
            answers.is_empty(),
            "{file}:{number}: {answers:?} came after `{line}`, and nobody expects it"
        );
    }
    let undescribed = undescribed_metrics(&session.world);
    assert!(undescribed.is_empty(), "{file}: no descriptor names {undescribed:?}");
}

struct Session {
    world: World,
    spec: WorldSpec,
    dialects: BTreeMap<ComponentId, Box<dyn Dialect>>,
    /// Name, target and time of each call made.
    calls: Vec<(String, ComponentId, SimTime)>,
    answers: Vec<(SimTime, String)>,
    /// The time of the line that is run, and when it really began: after a patient line the world may be a moment
    /// ahead of the script. Answers to its calls that come until `patient_until` count as of its time.
    asked_at: SimTime,
    began_at: SimTime,
    patient_until: SimTime,
}

impl Session {
    fn new<'line>(declared: impl Iterator<Item = &'line str>) -> Self {
        let mut spec = WorldSpec::default();
        for line in declared {
            let (line, json) = line
                .split_once('{')
                .map_or((line, "{}".to_owned()), |(line, json)| (line, format!("{{{json}")));
            let words: Vec<&str> = line.split_whitespace().collect();
            let json = || serde_json::from_str(&json).expect(line);
            match *words.as_slice() {
                ["profile", profile] => {
                    let profile = serde_json::from_str(&format!("\"{profile}\""));
                    spec.settings.quota_profile = profile.expect("Current or Classic");
                }
                ["quota", code, number] => {
                    let number = number.parse::<u64>().expect("a number").into();
                    spec.settings.quotas.insert(code.to_owned(), number);
                }
                [id, kind] => {
                    let kind = ResourceKind::from_resource_type(kind).expect(kind);
                    let properties = kind.read_properties(&json()).expect(line);
                    spec.resources.push(ResourceSpec { id: id.into(), properties });
                }
                [from, "=>", to, kind] => {
                    let kind = LinkKind::from_link_type(kind).expect(kind);
                    let properties = kind.read_properties(&json()).expect(line);
                    spec.links.push(LinkSpec { from: from.into(), to: to.into(), properties });
                }
                _ => panic!("`{line}` is neither a resource nor a link"),
            }
        }
        let world = World::new(&Arc::new(spec.clone()), Seed(1), TraceSettings::OFF);
        let (calls, answers) = (Vec::new(), Vec::new());
        Self {
            world,
            spec,
            dialects: BTreeMap::new(),
            calls,
            answers,
            asked_at: SimTime::ZERO,
            began_at: SimTime::ZERO,
            patient_until: SimTime::ZERO,
        }
    }

    /// Runs a line at `at`.
    fn run(&mut self, at: SimTime, line: &str) {
        self.advance(at);
        (self.asked_at, self.began_at, self.patient_until) = (at, self.world.now(), self.world.now());
        let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
        if first == "quota" {
            let (code, number) = rest.split_once(' ').expect("a code and a number");
            let number = number.parse::<u64>().expect("a number").into();
            self.spec.settings.quotas.insert(code.to_owned(), number);
            return self.edit();
        }
        let named = self.spec.resources.iter().any(|resource| resource.id.as_str() == first);
        let (target, line) = match named {
            true => (LogicalId::from(first), rest),
            false => (self.spec.resources[0].id.clone(), line),
        };
        let component = self.world.component(&target).expect("the resource is there");
        if let Some(json) = line.strip_prefix("set ") {
            return self.set(&target, json);
        }
        if let Some(link) = line.strip_prefix("=> ") {
            return self.change_link(&target, link);
        }
        let intervention = match line {
            "stop" => Some(Intervention::Stop(target.clone())),
            "start" => Some(Intervention::Start(target.clone())),
            "crash" => Some(Intervention::Crash(target.clone())),
            "reboot" => Some(Intervention::Reboot(target.clone())),
            _ => None,
        };
        if let Some(intervention) = intervention {
            return self.intervene(&intervention);
        }
        if let Some(to) = line.strip_prefix("label ") {
            let label = self.label(component, to);
            return self.answers.push((at, label));
        }
        if let Some(name) = line.strip_prefix("metric ") {
            let metric = MetricName::ALL.iter().find(|metric| metric.name() == name).expect(name);
            let value = self.world.metric(component, *metric);
            return self.answers.push((at, value.to_string()));
        }
        self.call(component, line);
    }

    fn set(&mut self, target: &LogicalId, json: &str) {
        let resource =
            self.spec.resources.iter_mut().find(|resource| resource.id == *target).expect("is there");
        let json = serde_json::from_str(json).expect("JSON");
        resource.properties = resource.properties.kind().read_properties(&json).expect("fits");
        self.edit();
    }

    fn edit(&mut self) {
        self.intervene(&Intervention::Reconfigure(Arc::new(self.spec.clone())));
    }

    fn intervene(&mut self, intervention: &Intervention) {
        self.world.intervene(intervention).expect("it is possible");
        self.collect();
    }

    /// `TO set {...}`, `TO cut`, `TO restore`: of the link from `from`.
    fn change_link(&mut self, from: &LogicalId, line: &str) {
        let (to, change) = line.split_once(' ').expect("a link and what to do with it");
        let (from, to) = (from.clone(), LogicalId::from(to));
        if let Some(json) = change.strip_prefix("set ") {
            let same = |link: &&mut LinkSpec| link.from == from && link.to == to;
            let link = self.spec.links.iter_mut().find(same).expect("the link is there");
            let json = serde_json::from_str(json).expect("JSON");
            link.properties = link.properties.kind().read_properties(&json).expect("fits");
            return self.edit();
        }
        self.intervene(&match change {
            "cut" => Intervention::CutLink { from, to },
            "restore" => Intervention::RestoreLink { from, to },
            other => panic!("nothing can {other} a link"),
        });
    }

    fn label(&self, of: ComponentId, to: &str) -> String {
        let to = self.world.component(&LogicalId::from(to)).expect("the resource is there");
        let state = self.world.node_state(of).expect("it shows something");
        let rows = state.instruments.iter().find_map(|instrument| match instrument {
            Instrument::Rows { rows } => Some(rows),
            _ => None,
        });
        let leads_there = |row: &&LinkRow| self.world.links().get(row.link).is_some_and(|link| link.to == to);
        rows.into_iter().flatten().find(leads_there).map_or("no link".into(), |row| row.label.clone())
    }

    fn call(&mut self, component: ComponentId, line: &str) {
        let kind = self.world.kind(component).expect("the resource is there");
        let times = parse(line).number::<u32>("times");
        let before = self.answers.len();
        for number in 1..=times.unwrap_or(1) {
            let command = parse(&line.replace("{n}", &number.to_string()));
            let dialect = self.dialects.entry(component).or_insert_with(|| dialect(kind));
            let (request, entries) = dialect.request(&command, &mut self.world);
            let tag = self.calls.len() as u32;
            let name = command.get("as").unwrap_or(&command.operation).to_owned();
            self.calls.push((name, component, self.world.now()));
            let patience = dialect.patience();
            let asked = self.answers.len();
            self.world.call_from_outside(component, request, entries, tag);
            self.collect();
            let limit = self.world.now() + patience;
            self.patient_until = limit;
            while self.answers.len() == asked && !patience.is_zero() && self.world.step(limit).is_some() {
                self.collect();
            }
            self.patient_until = self.world.now();
        }
        if times.is_some() {
            let mut counted: Vec<(SimTime, String, u32)> = Vec::new();
            for (at, answer) in self.answers.drain(before..) {
                match counted.last_mut() {
                    Some((_, last, count)) if *last == answer => *count += 1,
                    _ => counted.push((at, answer, 1)),
                }
            }
            self.answers
                .extend(counted.into_iter().map(|(at, answer, count)| (at, format!("{answer} x{count}"))));
        }
    }

    fn advance(&mut self, to: SimTime) {
        while self.world.step(to).is_some() {
            self.collect();
        }
        self.world.advance(to, EventBudget::UNLIMITED);
        self.collect();
    }

    /// Up to the last instant before `to`: what happens at `to` belongs to what comes then.
    fn advance_before(&mut self, to: SimTime) {
        let before = SimTime::from_micros(to.as_micros().saturating_sub(1));
        if before > self.world.now() {
            self.advance(before);
        }
    }

    fn collect(&mut self) {
        let now = self.world.now();
        for call in self.world.take_answers() {
            let (name, component, made_at) = &self.calls[call.tag as usize];
            let dialect = self.dialects.get_mut(component).expect("it was spoken to");
            let text = match &call.result {
                Some(Ok(_)) => dialect.answer(&call, &self.world),
                Some(Err(_)) | None => error_text(call.result.as_ref()),
            };
            let prompt = *made_at >= self.began_at && now <= self.patient_until;
            let at = if prompt { self.asked_at } else { now };
            let text = if prompt || *made_at == now { text } else { format!("{name}: {text}") };
            self.answers.push((at, text));
        }
    }
}

fn error_text(result: Option<&ApiResult>) -> String {
    match result {
        Some(Err(error)) => refusal(error),
        _ => "no answer".into(),
    }
}

/// A refusal, as text: code, HTTP status and sentence.
pub(crate) fn refusal(error: &messaging::ApiError) -> String {
    let service = error.as_service_error();
    format!("{} {}: {service}", service.code(), service.http_status())
}

fn parse(line: &str) -> Command {
    let mut words = line.split_whitespace();
    let operation = words.next().expect("a line names an operation").to_owned();
    let mut command = Command { operation, words: Vec::new(), named: BTreeMap::new() };
    for word in words {
        match word.split_once('=') {
            Some((name, value)) => {
                command.named.insert(name.to_owned(), value.to_owned());
            }
            None => command.words.push(word.to_owned()),
        }
    }
    command
}

fn parse_time(text: &str) -> SimTime {
    let seconds = text.strip_suffix('s').and_then(|text| text.parse().ok());
    SimTime::ZERO
        + SimDuration::from_secs_f64(seconds.unwrap_or_else(|| panic!("`{text}` is no time such as 1.5s")))
}

fn time_text(time: SimTime) -> String {
    format!("{}s", time.as_secs_f64())
}
