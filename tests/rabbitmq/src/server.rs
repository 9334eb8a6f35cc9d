//! A case in a real RabbitMQ.

use std::collections::VecDeque;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use lapin::message::Delivery;
use lapin::options::*;
use lapin::types::{AMQPValue, FieldTable, ShortString};
use lapin::{BasicProperties, Channel, Confirmation, Connection, ConnectionProperties, ExchangeKind};
use serde_json::Value;

use crate::case::{Act, Case, Consumer, Publish, Story, queues};

/// Ports of the test's own: RabbitMQ's, that of its distribution, and that of Erlang's port mapper.
const PORT: &str = "25699";
const DISTRIBUTION_PORT: &str = "25698";
const MAPPER_PORT: &str = "25697";
/// Where Debian puts the server.
const USUAL_PLACE: &str = "/usr/lib/rabbitmq/lib";

/// A RabbitMQ that runs.
pub struct Server {
    child: Child,
    connection: Connection,
    folder: PathBuf,
}

/// The server's own script: the one on the path of Debian wants to be root.
fn script() -> PathBuf {
    if let Some(place) = std::env::var_os("INFLIGHT_RABBITMQ_SERVER") {
        return place.into();
    }
    let versions = std::fs::read_dir(USUAL_PLACE).unwrap_or_else(|_| {
        panic!("there is no {USUAL_PLACE}: install rabbitmq-server, or set INFLIGHT_RABBITMQ_SERVER to its script")
    });
    let version = versions.flatten().next().expect("a version of RabbitMQ");
    version.path().join("sbin/rabbitmq-server")
}

impl Server {
    /// Starts one on loopback in a temporary folder, and waits until it answers.
    pub async fn start() -> Self {
        let folder = std::env::temp_dir().join(format!("inflight-rabbitmq-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        let child = Command::new(script())
            .env("RABBITMQ_NODENAME", "inflight@localhost")
            .env("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1")
            .env("RABBITMQ_NODE_PORT", PORT)
            .env("RABBITMQ_DIST_PORT", DISTRIBUTION_PORT)
            .env("ERL_EPMD_PORT", MAPPER_PORT)
            .env("ERL_EPMD_ADDRESS", "127.0.0.1")
            .env("RABBITMQ_MNESIA_BASE", folder.join("data"))
            .env("RABBITMQ_LOG_BASE", folder.join("log"))
            .env("RABBITMQ_ENABLED_PLUGINS_FILE", folder.join("plugins"))
            .env("RABBITMQ_CONFIG_FILE", folder.join("none"))
            .env("HOME", &folder)
            .process_group(0)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("RabbitMQ starts");
        let address = format!("amqp://guest:guest@127.0.0.1:{PORT}/%2f");
        for _ in 0..120 {
            tokio::time::sleep(Duration::from_millis(500)).await;
            if let Ok(connection) = Connection::connect(&address, ConnectionProperties::default()).await {
                return Self { child, connection, folder };
            }
        }
        panic!("RabbitMQ has not answered within a minute: see {}", folder.display());
    }

    /// Ends the server and its port mapper, and removes the folder.
    pub fn stop(mut self) {
        // The script has started the node: both are in a group of processes of their own.
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill").args(["--", &group]).status();
        let _ = self.child.wait();
        // Only the port mapper of this port; it ends once it knows of no node any more.
        let mut end = Command::new("epmd");
        end.env("ERL_EPMD_PORT", MAPPER_PORT).arg("-kill").stdout(Stdio::null()).stderr(Stdio::null());
        for _ in 0..20 {
            if end.status().is_ok_and(|status| status.success()) {
                break;
            }
            std::thread::sleep(Duration::from_millis(500));
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }

    /// Runs a case.
    pub async fn story(&self, case: &Case) -> Story {
        let channel = self.connection.create_channel().await.expect("a channel");
        channel.confirm_select(ConfirmSelectOptions::default()).await.expect("confirms");
        declare(&channel, &case.broker).await;
        let mut story = Story::default();
        for publish in &case.publishes {
            match send(&channel, publish).await {
                Confirmation::Nack(_) => story.refused += 1,
                Confirmation::Ack(Some(_)) => story.returned += 1,
                Confirmation::Ack(None) | Confirmation::NotRequested => {}
            }
        }
        if let Some(consumer) = &case.consumer {
            story.delivered = self.consume(consumer).await;
        }
        tokio::time::sleep(Duration::from_millis(case.wait + 200)).await;
        for name in queues(&case.broker) {
            let mut bodies = Vec::new();
            while let Some(message) = channel
                .basic_get(name.as_str().into(), BasicGetOptions { no_ack: true })
                .await
                .expect("a get")
            {
                let body = String::from_utf8_lossy(&message.delivery.data).into_owned();
                bodies.push(format!("{body}{}", if message.delivery.redelivered { "*" } else { "" }));
            }
            story.queues.push((name, bodies));
        }
        remove(&channel, &case.broker).await;
        let _ = channel.close(200, "done".into()).await;
        story
    }

    /// A consumer on a channel of its own, which is closed with what it holds. Gives how many it got.
    async fn consume(&self, consumer: &Consumer) -> usize {
        use futures_lite::StreamExt;
        let channel = self.connection.create_channel().await.expect("a channel");
        channel.basic_qos(consumer.prefetch, BasicQosOptions::default()).await.expect("qos");
        let mut stream = channel
            .basic_consume(
                consumer.queue.into(),
                "taker".into(),
                BasicConsumeOptions::default(),
                FieldTable::default(),
            )
            .await
            .expect("a consumer");
        let mut held: VecDeque<Delivery> = VecDeque::new();
        let (mut delivered, mut acts) = (0, consumer.acts.iter());
        loop {
            while let Ok(Some(next)) = tokio::time::timeout(Duration::from_millis(200), stream.next()).await {
                delivered += 1;
                held.push_back(next.expect("a delivery"));
            }
            let Some(act) = acts.next() else { break };
            let Some(delivery) = held.pop_front() else { break };
            match act {
                Act::Ack => delivery.acker.ack(BasicAckOptions::default()).await.expect("an ack"),
                Act::Reject => {
                    delivery.acker.reject(BasicRejectOptions { requeue: false }).await.expect("a reject")
                }
                Act::Requeue => {
                    delivery.acker.reject(BasicRejectOptions { requeue: true }).await.expect("a reject")
                }
            };
        }
        let _ = channel.close(200, "crash".into()).await;
        delivered
    }
}

async fn send(channel: &Channel, publish: &Publish) -> Confirmation {
    let mut headers = FieldTable::default();
    for (name, value) in &publish.headers {
        headers.insert((*name).into(), AMQPValue::LongString((*value).into()));
    }
    let mut properties = BasicProperties::default().with_headers(headers).with_delivery_mode(2);
    if let Some(time_to_live) = publish.time_to_live {
        properties = properties.with_expiration(time_to_live.to_string().into());
    }
    let options = BasicPublishOptions { mandatory: publish.mandatory, ..BasicPublishOptions::default() };
    channel
        .basic_publish(
            publish.exchange.into(),
            publish.key.into(),
            options,
            publish.body.as_bytes(),
            properties,
        )
        .await
        .expect("a publish")
        .await
        .expect("a confirm")
}

fn text(value: &Value) -> ShortString {
    value.as_str().unwrap_or_default().into()
}

fn list(broker: &Value, name: &str) -> Vec<Value> {
    broker[name].as_array().cloned().unwrap_or_default()
}

async fn declare(channel: &Channel, broker: &Value) {
    for exchange in list(broker, "Exchanges") {
        let kind = match exchange["Type"].as_str() {
            Some("fanout") => ExchangeKind::Fanout,
            Some("topic") => ExchangeKind::Topic,
            Some("headers") => ExchangeKind::Headers,
            _ => ExchangeKind::Direct,
        };
        let mut arguments = FieldTable::default();
        if let Some(alternate) = exchange["AlternateExchange"].as_str() {
            arguments.insert("alternate-exchange".into(), AMQPValue::LongString(alternate.into()));
        }
        let options = ExchangeDeclareOptions::default();
        channel
            .exchange_declare(text(&exchange["Name"]), kind, options, arguments)
            .await
            .expect("an exchange");
    }
    for queue in list(broker, "Queues") {
        let mut arguments = FieldTable::default();
        let mut word = |name: &str, argument: &str| {
            if let Some(value) = queue[name].as_str() {
                arguments.insert(argument.into(), AMQPValue::LongString(value.into()));
            }
        };
        word("Type", "x-queue-type");
        word("Overflow", "x-overflow");
        word("DeadLetterExchange", "x-dead-letter-exchange");
        word("DeadLetterRoutingKey", "x-dead-letter-routing-key");
        let mut number = |name: &str, argument: &str| {
            if let Some(value) = queue[name].as_i64() {
                arguments.insert(argument.into(), AMQPValue::LongLongInt(value));
            }
        };
        number("MessageTtl", "x-message-ttl");
        number("Expires", "x-expires");
        number("MaxLength", "x-max-length");
        number("DeliveryLimit", "x-delivery-limit");
        let options = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
        channel.queue_declare(text(&queue["Name"]), options, arguments).await.expect("a queue");
    }
    for binding in list(broker, "Bindings") {
        let mut arguments = FieldTable::default();
        for (name, value) in binding["Arguments"].as_object().into_iter().flatten() {
            arguments.insert(
                name.as_str().into(),
                AMQPValue::LongString(value.as_str().unwrap_or_default().into()),
            );
        }
        let (to, from, key) =
            (text(&binding["Destination"]), text(&binding["Source"]), text(&binding["RoutingKey"]));
        if binding["ToExchange"].as_bool() == Some(true) {
            let options = ExchangeBindOptions::default();
            channel.exchange_bind(to, from, key, options, arguments).await.expect("a binding");
        } else {
            channel
                .queue_bind(to, from, key, QueueBindOptions::default(), arguments)
                .await
                .expect("a binding");
        }
    }
}

async fn remove(channel: &Channel, broker: &Value) {
    for queue in list(broker, "Queues") {
        channel.queue_delete(text(&queue["Name"]), QueueDeleteOptions::default()).await.expect("it goes");
    }
    for exchange in list(broker, "Exchanges") {
        channel
            .exchange_delete(text(&exchange["Name"]), ExchangeDeleteOptions::default())
            .await
            .expect("it goes");
    }
}
