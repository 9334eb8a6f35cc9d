//! What arrives at an endpoint, by protocol (SNS-60 to SNS-63).
//!
//! Message id, time and signature differ from message to message in AWS; here they are placeholders of the same
//! length, so that one text serves for all messages of a payload.

use serde_json::{Map, Value, json};

use super::Protocol;
use super::properties::SignatureVersion;
use crate::identifiers::PayloadId;
use crate::message::Payload;
use crate::message_attributes::{MessageAttributeKind, MessageAttributes};

/// The message id of every envelope.
const MESSAGE_ID: &str = "00000000-0000-4000-8000-000000000000";
/// The time of every envelope: the start of the run.
const TIMESTAMP: &str = "2026-11-20T00:00:00.000Z";

/// What of a topic and a subscription decides how a delivery looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Format<'topic> {
    pub(super) topic_arn: &'topic str,
    pub(super) fifo: bool,
    pub(super) signature_version: SignatureVersion,
    pub(super) protocol: Protocol,
    pub(super) raw: bool,
    /// The message comes out of the archive (SNS-132).
    pub(super) replayed: bool,
}

impl Format<'_> {
    /// What arrives; nothing if it is the payload as published.
    pub(super) fn deliver(&self, payload: &Payload, id: PayloadId) -> Option<Payload> {
        let text = message_for(payload, self.protocol);
        let plain = |attributes: MessageAttributes| {
            let unchanged = attributes == payload.attributes && *text == *payload.body;
            let padding = payload.size_bytes.saturating_sub(payload.body.len() as u32);
            let padded =
                if unchanged { payload.size_bytes } else { padding.saturating_add(text.len() as u32) };
            (!unchanged).then(|| Payload::new(&*text, attributes, padded))
        };
        let outer = match self.protocol {
            Protocol::Sqs if self.raw => {
                // With a structure of its own a message goes without attributes (SNS-29).
                let keeps = !payload.json_structure;
                plain(if keeps { payload.attributes.clone() } else { MessageAttributes::new() })
            }
            Protocol::Http | Protocol::Https | Protocol::Firehose if self.raw => {
                plain(MessageAttributes::new())
            }
            Protocol::Email | Protocol::Sms | Protocol::Application => plain(MessageAttributes::new()),
            Protocol::Lambda => Some(self.wrapped(payload, &self.lambda_event(payload, &text))),
            _ => Some(self.wrapped(payload, &self.envelope(payload, &text))),
        };
        outer.map(|mut outer| {
            outer.poison = payload.poison;
            outer.enclosed = Some(id);
            outer
        })
    }

    /// A payload around the published one: as much larger as the text around it.
    fn wrapped(&self, payload: &Payload, json: &Value) -> Payload {
        let mut text = json.to_string();
        if self.protocol == Protocol::Firehose {
            // So that the envelopes of an object stand in lines (FH-5).
            text.push('\n');
        }
        let padding = (payload.size_bytes as usize).saturating_sub(payload.body.len());
        let padded = u32::try_from(text.len() + padding).unwrap_or(u32::MAX);
        Payload::new(text, MessageAttributes::new(), padded)
    }

    /// The JSON around a message for queues, web servers, delivery streams and e-mail (SNS-60).
    fn envelope(&self, payload: &Payload, text: &str) -> Value {
        let mut members = Map::new();
        let mut put = |name: &str, value: Value| {
            members.insert(name.into(), value);
        };
        put("Type", "Notification".into());
        put("MessageId", MESSAGE_ID.into());
        put("TopicArn", self.topic_arn.into());
        if let Some(subject) = &payload.subject {
            put("Subject", (&**subject).into());
        }
        put("Message", text.into());
        put("Timestamp", TIMESTAMP.into());
        if self.fifo {
            put("SequenceNumber", "10000000000000000000".into());
        } else {
            put("SignatureVersion", self.signature_version().into());
            put("Signature", "simulated".into());
            put("SigningCertURL", "https://sns.eu-west-1.amazonaws.com/simulated.pem".into());
        }
        put("UnsubscribeURL", "https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe".into());
        let mut attributes = attributes(payload, |_, data_type| data_type.to_owned());
        if self.replayed {
            attributes.insert("Replayed".into(), json!({ "Type": "String", "Value": "true" }));
        }
        if !attributes.is_empty() {
            put("MessageAttributes", attributes.into());
        }
        Value::Object(members)
    }

    /// The event a function is invoked with (SNS-61).
    fn lambda_event(&self, payload: &Payload, text: &str) -> Value {
        let attributes = attributes(payload, |kind, data_type| match kind {
            // Numbers and arrays arrive as texts (SNS-61).
            Some(MessageAttributeKind::Number | MessageAttributeKind::StringArray) => "String".into(),
            _ => data_type.to_owned(),
        });
        json!({ "Records": [{
            "EventSource": "aws:sns",
            "EventVersion": "1.0",
            "EventSubscriptionArn": format!("{}:{MESSAGE_ID}", self.topic_arn),
            "Sns": {
                "Type": "Notification",
                "MessageId": MESSAGE_ID,
                "TopicArn": self.topic_arn,
                "Subject": payload.subject.as_deref(),
                "Message": text,
                "Timestamp": TIMESTAMP,
                "SignatureVersion": self.signature_version(),
                "Signature": "simulated",
                "SigningCertUrl": "https://sns.eu-west-1.amazonaws.com/simulated.pem",
                "UnsubscribeUrl": "https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe",
                "MessageAttributes": attributes,
            },
        }] })
    }

    fn signature_version(&self) -> &'static str {
        match self.signature_version {
            SignatureVersion::Sha1 => "1",
            SignatureVersion::Sha256 => "2",
        }
    }
}

/// The request to confirm a subscription (SNS-46).
pub(super) fn confirmation(topic_arn: &str) -> Payload {
    let text = json!({
        "Type": "SubscriptionConfirmation",
        "MessageId": MESSAGE_ID,
        "Token": "simulated",
        "TopicArn": topic_arn,
        "Message": format!(
            "You have chosen to subscribe to the topic {topic_arn}.\nTo confirm the subscription, visit the \
             SubscribeURL included in this message."
        ),
        "SubscribeURL": "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription",
        "Timestamp": TIMESTAMP,
    });
    Payload::new(text.to_string(), MessageAttributes::new(), 0)
}

/// The attributes as an envelope shows them; a message with a structure of its own shows none (SNS-29).
fn attributes(
    payload: &Payload,
    shown_type: impl Fn(Option<MessageAttributeKind>, &str) -> String,
) -> Map<String, Value> {
    let shown = if payload.json_structure { None } else { Some(&payload.attributes) };
    shown
        .into_iter()
        .flatten()
        .map(|(name, attribute)| {
            let shown_type = shown_type(attribute.kind(), &attribute.data_type);
            (name.clone(), json!({ "Type": shown_type, "Value": attribute.value }))
        })
        .collect()
}

/// The text for a protocol: with `MessageStructure` json its own one, else the default one (SNS-24).
fn message_for(payload: &Payload, protocol: Protocol) -> std::borrow::Cow<'_, str> {
    let body = std::borrow::Cow::Borrowed(&*payload.body);
    if !payload.json_structure {
        return body;
    }
    let Ok(Value::Object(texts)) = serde_json::from_str::<Value>(&payload.body) else { return body };
    let text = texts.get(protocol.name()).or_else(|| texts.get("default"));
    text.and_then(Value::as_str).map_or(body, |text| text.to_owned().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message_attributes::MessageAttributeValue;

    fn payload() -> Payload {
        let mut attributes = MessageAttributes::new();
        attributes.insert("size".into(), MessageAttributeValue::number(5));
        attributes.insert("state".into(), MessageAttributeValue::string("placed"));
        let tags = MessageAttributeValue { data_type: "String.Array".into(), value: "[\"a\"]".into() };
        attributes.insert("tags".into(), tags);
        Payload { subject: Some("Order".into()), ..Payload::new("hello", attributes, 0) }
    }

    fn format(protocol: Protocol, raw: bool) -> Format<'static> {
        let topic_arn = "arn:aws:sns:eu-west-1:123456789012:orders";
        let signature_version = SignatureVersion::Sha1;
        Format { topic_arn, fifo: false, signature_version, protocol, raw, replayed: false }
    }

    fn delivered(format: Format<'_>, payload: &Payload) -> Payload {
        format.deliver(payload, PayloadId(0)).unwrap_or_else(|| payload.clone())
    }

    fn json(format: Format<'_>) -> Value {
        serde_json::from_str(&delivered(format, &payload()).body).unwrap()
    }

    #[test]
    fn sns_60_the_envelope_names_what_aws_names() {
        for protocol in
            [Protocol::Sqs, Protocol::Http, Protocol::Https, Protocol::Firehose, Protocol::EmailJson]
        {
            let envelope = json(format(protocol, false));
            // In the order of the alphabet, whether or not maps keep their own.
            let names: std::collections::BTreeSet<&str> =
                envelope.as_object().unwrap().keys().map(String::as_str).collect();
            let expected = [
                "Message",
                "MessageAttributes",
                "MessageId",
                "Signature",
                "SignatureVersion",
                "SigningCertURL",
                "Subject",
                "Timestamp",
                "TopicArn",
                "Type",
                "UnsubscribeURL",
            ];
            assert_eq!(names, expected.into(), "{}", protocol.name());
            assert_eq!((&envelope["Subject"], &envelope["Message"]), (&json!("Order"), &json!("hello")));
        }
        let fifo = json(Format { fifo: true, ..format(Protocol::Sqs, false) });
        assert_eq!(fifo["SequenceNumber"].as_str().map(str::len), Some(20));
        assert!(fifo.get("Signature").is_none() && fifo.get("SigningCertURL").is_none());
    }

    #[test]
    fn sns_152_the_signature_is_a_placeholder_with_its_version() {
        assert_eq!(json(format(Protocol::Sqs, false))["SignatureVersion"], "1");
        let second = Format { signature_version: SignatureVersion::Sha256, ..format(Protocol::Sqs, false) };
        assert_eq!(json(second)["SignatureVersion"], "2");
        assert_eq!(json(second)["Signature"], "simulated");
    }

    #[test]
    fn sns_61_a_function_is_invoked_with_one_record() {
        let event = json(format(Protocol::Lambda, false));
        assert_eq!(event["Records"].as_array().map(Vec::len), Some(1));
        let record = &event["Records"][0];
        assert_eq!((&record["EventSource"], &record["Sns"]["Message"]), (&json!("aws:sns"), &json!("hello")));
        // Numbers and arrays arrive as texts.
        let attributes = &record["Sns"]["MessageAttributes"];
        for name in ["size", "state", "tags"] {
            assert_eq!(attributes[name]["Type"], "String", "{name}");
        }
        assert_eq!(json(format(Protocol::Sqs, false))["MessageAttributes"]["size"]["Type"], "Number");
    }

    #[test]
    fn sns_62_sns_63_a_raw_delivery_is_the_body_and_for_queues_its_attributes() {
        let payload = payload();
        assert_eq!(format(Protocol::Sqs, true).deliver(&payload, PayloadId(0)), None);
        for protocol in [Protocol::Http, Protocol::Https, Protocol::Firehose] {
            let raw = delivered(format(protocol, true), &payload);
            assert_eq!((&*raw.body, raw.attributes.len()), ("hello", 0), "{}", protocol.name());
            assert_eq!(raw.enclosed, Some(PayloadId(0)));
        }
    }

    #[test]
    fn sns_113_people_and_apps_get_the_text_alone() {
        for protocol in [Protocol::Email, Protocol::Sms, Protocol::Application] {
            let text = delivered(format(protocol, false), &payload());
            assert_eq!((&*text.body, text.attributes.len()), ("hello", 0), "{}", protocol.name());
        }
    }

    #[test]
    fn sns_24_each_protocol_gets_its_own_text_else_the_default_one() {
        let body = r#"{"default":"for all","email":"for people","lambda":"for functions"}"#;
        let payload = Payload { json_structure: true, ..Payload::new(body, payload().attributes, 0) };
        let text = |protocol, raw| delivered(format(protocol, raw), &payload).body.to_string();
        assert_eq!(text(Protocol::Email, false), "for people");
        assert_eq!(text(Protocol::Sms, false), "for all");
        assert_eq!(text(Protocol::Sqs, true), "for all");
        let event: Value = serde_json::from_str(&text(Protocol::Lambda, false)).unwrap();
        assert_eq!(event["Records"][0]["Sns"]["Message"], "for functions");
        // And the attributes stay behind (SNS-29).
        assert_eq!(event["Records"][0]["Sns"]["MessageAttributes"], json!({}));
    }

    #[test]
    fn sns_132_a_replayed_message_says_so() {
        let replayed = json(Format { fifo: true, replayed: true, ..format(Protocol::Sqs, false) });
        let attribute = json!({ "Type": "String", "Value": "true" });
        assert_eq!(replayed["MessageAttributes"]["Replayed"], attribute);
        assert_eq!(replayed["MessageId"], json(format(Protocol::Sqs, false))["MessageId"]);
    }
}
