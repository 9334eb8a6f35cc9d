//! What is put to both.

use serde_json::{Value, json};

/// One case.
pub struct Case {
    /// What it is about, with its rules.
    pub name: &'static str,
    /// `EngineType`, exchanges, queues and bindings, as a broker of a document has them.
    pub broker: Value,
    /// Exchange, routing key, body, headers as `name=value`, time to live in milliseconds.
    pub publishes: Vec<Publish>,
    /// What a consumer does before the queues are looked at.
    pub consumer: Option<Consumer>,
    /// Milliseconds until the queues are looked at.
    pub wait: u64,
}

/// One message.
#[derive(Clone, Debug, Default)]
pub struct Publish {
    pub exchange: &'static str,
    pub key: &'static str,
    pub body: String,
    pub headers: Vec<(&'static str, &'static str)>,
    pub time_to_live: Option<u64>,
    pub mandatory: bool,
}

/// A consumer that takes some messages of a queue and does something with each.
#[derive(Clone, Debug)]
pub struct Consumer {
    pub queue: &'static str,
    pub prefetch: u16,
    /// What it does with each delivery, in turn; what is left stays in its hands until it goes.
    pub acts: Vec<Act>,
}

/// What a consumer does with a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Ack,
    Reject,
    Requeue,
}

/// What came out: for each queue the bodies in order, `*` behind what was delivered before; how many publishes were
/// not confirmed or came back; how many deliveries the consumer had in its hands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Story {
    pub queues: Vec<(String, Vec<String>)>,
    pub refused: usize,
    pub returned: usize,
    pub delivered: usize,
}

fn rabbit(exchanges: Value, queues: Value, bindings: Value) -> Value {
    json!({
        "EngineType": "RABBITMQ", "EngineVersion": "3.13", "Exchanges": exchanges, "Queues": queues,
        "Bindings": bindings,
    })
}

fn publish(exchange: &'static str, key: &'static str, body: &str) -> Publish {
    Publish { exchange, key, body: body.into(), ..Publish::default() }
}

fn each(exchange: &'static str, keys: &[&'static str]) -> Vec<Publish> {
    keys.iter().map(|key| publish(exchange, key, key)).collect()
}

fn numbered(key: &'static str, count: u32) -> Vec<Publish> {
    (1..=count).map(|number| publish("", key, &format!("m{number}"))).collect()
}

fn case(name: &'static str, broker: Value, publishes: Vec<Publish>) -> Case {
    Case { name, broker, publishes, consumer: None, wait: 0 }
}

/// All cases.
pub fn all() -> Vec<Case> {
    let mut cases = routing();
    cases.extend(limits());
    cases.extend(consumers());
    cases
}

fn routing() -> Vec<Case> {
    let keys = ["", "a", "a.c", "a.b", "a.b.c", "a.b.b.c", "c", "b.c", "a.c.d", "a..c"];
    let patterns = ["a.*.c", "a.#", "#", "*", "#.c", "a.#.c", "a.*", "*.*", "#.b.#", ""];
    let queues: Vec<Value> =
        patterns.iter().map(|pattern| json!({ "Name": format!("q:{pattern}") })).collect();
    let bindings: Vec<Value> = patterns
        .iter()
        .map(|pattern| json!({ "Source": "x", "Destination": format!("q:{pattern}"), "RoutingKey": pattern }))
        .collect();
    let with = |exchange_type: &str| {
        rabbit(json!([{ "Name": "x", "Type": exchange_type }]), json!(queues), json!(bindings))
    };
    let header = |name: &'static str, pairs: &[(&'static str, &'static str)]| Publish {
        headers: pairs.to_vec(),
        ..publish("x", "", name)
    };
    let headers = rabbit(
        json!([{ "Name": "x", "Type": "headers" }]),
        json!([{ "Name": "all" }, { "Name": "any" }, { "Name": "x-ignored" }, { "Name": "with-x" }]),
        json!([
            { "Source": "x", "Destination": "all", "Arguments": { "format": "pdf", "type": "report" } },
            { "Source": "x", "Destination": "any", "Arguments": { "x-match": "any", "format": "pdf", "type": "report" } },
            { "Source": "x", "Destination": "x-ignored", "Arguments": { "x-match": "all", "format": "pdf", "x-size": "big" } },
            { "Source": "x", "Destination": "with-x", "Arguments": { "x-match": "all-with-x", "format": "pdf", "x-size": "big" } },
        ]),
    );
    let tree = rabbit(
        json!([
            { "Name": "x", "Type": "topic", "AlternateExchange": "rest" }, { "Name": "rest", "Type": "fanout" },
            { "Name": "inner", "Type": "fanout" },
        ]),
        json!([{ "Name": "a" }, { "Name": "left" }, { "Name": "deep" }]),
        json!([
            { "Source": "x", "Destination": "a", "RoutingKey": "k.#" },
            { "Source": "x", "Destination": "a", "RoutingKey": "k.*" },
            { "Source": "x", "Destination": "inner", "ToExchange": true, "RoutingKey": "k.deep" },
            { "Source": "inner", "Destination": "deep" }, { "Source": "inner", "Destination": "a" },
            { "Source": "rest", "Destination": "left" },
        ]),
    );
    let plain = rabbit(json!([{ "Name": "x", "Type": "direct" }]), json!([{ "Name": "a" }]), json!([]));
    let mandatory = |mandatory| Publish { mandatory, ..publish("x", "nobody", "m") };
    vec![
        case("MQ-28 topic exchange", with("topic"), each("x", &keys)),
        case("MQ-26 direct exchange", with("direct"), each("x", &keys)),
        case("MQ-26 fanout exchange", with("fanout"), each("x", &keys)),
        case("MQ-26 default exchange", with("topic"), each("", &["q:#", "q:a.#", "nobody"])),
        case(
            "MQ-26 headers exchange",
            headers,
            vec![
                header("both", &[("format", "pdf"), ("type", "report")]),
                header("one", &[("format", "pdf"), ("type", "log")]),
                header("none", &[("format", "zip"), ("type", "log")]),
                header("big", &[("format", "pdf"), ("x-size", "big")]),
                header("small", &[("format", "pdf"), ("x-size", "small")]),
                header("without", &[]),
            ],
        ),
        case(
            "MQ-27 twice bound, exchange to exchange, alternate exchange",
            tree,
            each("x", &["k.1", "k.deep", "other"]),
        ),
        case("MQ-27 mandatory", plain, vec![mandatory(false), mandatory(true), mandatory(true)]),
    ]
}

/// A queue `q` whose dead letters go to `dead`.
fn with_dead_letters(mut queue: Value) -> Value {
    queue["Name"] = json!("q");
    queue["DeadLetterExchange"] = json!("dlx");
    rabbit(
        json!([{ "Name": "dlx", "Type": "fanout" }]),
        json!([queue, { "Name": "dead" }]),
        json!([{ "Source": "dlx", "Destination": "dead" }]),
    )
}

fn limits() -> Vec<Case> {
    let lives = |body: &str, time_to_live| Publish { time_to_live, ..publish("", "q", body) };
    let later = |name, broker, publishes| Case { wait: 1_500, ..case(name, broker, publishes) };
    let keyed = rabbit(
        json!([{ "Name": "dlx", "Type": "direct" }]),
        json!([
            { "Name": "q", "MessageTtl": 500, "DeadLetterExchange": "dlx" },
            { "Name": "p", "MessageTtl": 500, "DeadLetterExchange": "dlx", "DeadLetterRoutingKey": "dead" },
            { "Name": "own" }, { "Name": "original" },
        ]),
        json!([
            { "Source": "dlx", "Destination": "own", "RoutingKey": "dead" },
            { "Source": "dlx", "Destination": "original", "RoutingKey": "q" },
        ]),
    );
    let round = rabbit(
        json!([]),
        json!([
            { "Name": "a", "MessageTtl": 100, "DeadLetterExchange": "", "DeadLetterRoutingKey": "b" },
            { "Name": "b", "MessageTtl": 100, "DeadLetterExchange": "", "DeadLetterRoutingKey": "a" },
        ]),
        json!([]),
    );
    let mut cases = vec![
        later("MQ-32 TTL of the queue", with_dead_letters(json!({ "MessageTtl": 500 })), numbered("q", 3)),
        later(
            "MQ-32 the smaller TTL counts",
            with_dead_letters(json!({ "MessageTtl": 60_000 })),
            vec![lives("short", Some(300)), lives("long", None)],
        ),
        later(
            "MQ-32 what is behind the head does not expire",
            with_dead_letters(json!({})),
            vec![lives("stays", None), lives("behind", Some(300))],
        ),
        later("MQ-34 dead letters keep their key or take another", keyed, {
            let mut both = numbered("q", 1);
            both.extend(numbered("p", 1));
            both
        }),
        later("MQ-34 a cycle without a rejection ends", round, numbered("a", 2)),
    ];
    for overflow in ["drop-head", "reject-publish", "reject-publish-dlx"] {
        let broker = with_dead_letters(json!({ "MaxLength": 2, "Overflow": overflow }));
        let name = match overflow {
            "drop-head" => "MQ-33 drop-head",
            "reject-publish" => "MQ-33 reject-publish",
            _ => "MQ-33 reject-publish-dlx",
        };
        cases.push(Case { wait: 300, ..case(name, broker, numbered("q", 5)) });
    }
    cases
}

fn consumers() -> Vec<Case> {
    let with = |name, broker: Value, count, prefetch, acts: Vec<Act>| Case {
        consumer: Some(Consumer { queue: "q", prefetch, acts }),
        wait: 800,
        ..case(name, broker, numbered("q", count))
    };
    let plain = || with_dead_letters(json!({}));
    let quorum = |limit: u32| {
        let mut broker = with_dead_letters(json!({ "Type": "quorum", "DeliveryLimit": limit }));
        broker["EngineVersion"] = json!("3.13");
        broker
    };
    vec![
        with("MQ-29 prefetch of three", plain(), 10, 3, vec![]),
        with("MQ-29 one more for each acknowledgement", plain(), 10, 3, vec![Act::Ack; 2]),
        with("MQ-29 no limit", plain(), 10, 0, vec![]),
        with(
            "MQ-30 rejected ones are dead-lettered",
            plain(),
            5,
            2,
            vec![Act::Reject, Act::Ack, Act::Reject],
        ),
        with("MQ-30 a requeued one comes again with the flag", plain(), 3, 1, vec![Act::Requeue, Act::Ack]),
        with("MQ-30 what is held goes back to its place", plain(), 6, 4, vec![Act::Ack]),
        with("MQ-36 delivery limit of two", quorum(2), 1, 1, vec![Act::Requeue; 3]),
    ]
}

/// The names of a broker's queues.
pub fn queues(broker: &Value) -> Vec<String> {
    let names = broker["Queues"].as_array().expect("queues").iter();
    names.map(|queue| queue["Name"].as_str().expect("a name").to_owned()).collect()
}
