//! Message attributes as SQS and SNS know them: names, types, values, their size and their rules.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Most message attributes of one SQS message (`SQS-24`). SNS sets no such limit (`SNS-29`).
pub const MAXIMUM_MESSAGE_ATTRIBUTES: usize = 10;
/// Longest attribute name, in characters (`SQS-24`).
pub const MAXIMUM_ATTRIBUTE_NAME_LENGTH: usize = 256;
/// Most digits of a `Number` value (`SQS-24`).
pub const MAXIMUM_NUMBER_DIGITS: usize = 38;
/// Smallest size of a `Number` other than zero (`SQS-24`).
pub const SMALLEST_NUMBER: f64 = 1e-128;
/// Largest size of a `Number` (`SQS-24`).
pub const LARGEST_NUMBER: f64 = 1e126;

/// The attributes of a message by name, in name order.
pub type MessageAttributes = BTreeMap<String, MessageAttributeValue>;

/// One attribute: its data type and the text that goes over the wire.
///
/// Reads `{"Type", "Value"}` as SNS envelopes write it, and the API's `{"DataType", "StringValue"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct MessageAttributeValue {
    /// `String`, `String.Array`, `Number`, `Binary`, or one of them with a suffix such as `Number.kg`.
    #[serde(rename = "Type", alias = "DataType")]
    pub data_type: String,
    /// Text of the value: decimal spelling, JSON text of a `String.Array`, base64 of a `Binary`.
    #[serde(alias = "StringValue", alias = "BinaryValue")]
    pub value: String,
}

/// What a data type means once its custom suffix is set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageAttributeKind {
    /// Text.
    String,
    /// JSON text of an array (`SNS-29`).
    StringArray,
    /// Decimal number.
    Number,
    /// Bytes, held as base64.
    Binary,
}

/// Whose rules apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageAttributeRules {
    /// SQS: at most ten, no `String.Array` of its own meaning (`SQS-24`).
    Sqs,
    /// SNS: any number, `String.Array` must be a JSON array (`SNS-29`, `SNS-30`).
    Sns,
}

impl MessageAttributeValue {
    /// A `String` attribute.
    pub fn string(value: impl Into<String>) -> Self {
        Self { data_type: "String".into(), value: value.into() }
    }

    /// A `Number` attribute from its decimal spelling.
    pub fn number(value: impl fmt::Display) -> Self {
        Self { data_type: "Number".into(), value: value.to_string() }
    }

    /// The kind behind the data type; `None` for a type neither service knows (`SQS-24`, `SNS-29`).
    pub fn kind(&self) -> Option<MessageAttributeKind> {
        if self.data_type == "String.Array" {
            return Some(MessageAttributeKind::StringArray);
        }
        let base = match self.data_type.split_once('.') {
            Some((_, "")) => return None,
            Some((base, _)) => base,
            None => self.data_type.as_str(),
        };
        match base {
            "String" => Some(MessageAttributeKind::String),
            "Number" => Some(MessageAttributeKind::Number),
            "Binary" => Some(MessageAttributeKind::Binary),
            _ => None,
        }
    }

    /// Bytes of the value; a `Binary` counts its bytes, not their base64 (`SQS-20`).
    fn value_bytes(&self) -> usize {
        if self.kind() != Some(MessageAttributeKind::Binary) {
            return self.value.len();
        }
        self.value.trim_end_matches('=').len() * 3 / 4
    }
}

/// Bytes that the attributes add to a message: name, type and value of each (`SQS-20`).
pub fn message_attributes_bytes(attributes: &MessageAttributes) -> usize {
    attributes.iter().map(|(name, value)| name.len() + value.data_type.len() + value.value_bytes()).sum()
}

/// Why message attributes are refused: SQS answers `InvalidParameterValue` (`SQS-24`), SNS
/// `ParameterValueInvalid` (`SNS-30`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageAttributeError {
    /// More than ten attributes (`SQS-24`).
    TooMany {
        /// How many there are.
        count: usize,
    },
    /// The name is empty.
    EmptyName,
    /// The name has more than 256 characters.
    NameTooLong,
    /// The name has a character outside `A-Za-z0-9_.-`.
    NameCharacter {
        /// The first such character.
        character: char,
    },
    /// The name starts or ends with a dot.
    NameEdgeDot,
    /// The name has two dots side by side.
    NameSuccessiveDots,
    /// The name starts with `AWS.` or `Amazon.` in any case.
    NameReserved,
    /// The data type is none of the known ones.
    BadType {
        /// Attribute name.
        name: String,
    },
    /// The value is empty.
    EmptyValue {
        /// Attribute name.
        name: String,
        /// Its data type.
        data_type: String,
    },
    /// A `Number` that is not one, or out of range.
    NotANumber {
        /// Attribute name.
        name: String,
    },
    /// A `Binary` whose text is no base64.
    NotBase64 {
        /// Attribute name.
        name: String,
    },
}

impl fmt::Display for MessageAttributeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooMany { count } => write!(
                f,
                "Number of message attributes [{count}] exceeds the allowed maximum [{MAXIMUM_MESSAGE_ATTRIBUTES}]."
            ),
            Self::EmptyName => write!(f, "Message attribute name must not be empty."),
            Self::NameTooLong => write!(f, "Length of message attribute name must be less than 256 bytes."),
            Self::NameCharacter { character } => write!(
                f,
                "Invalid non-alphanumeric character '#x{:X}' was found in the message attribute name. Can only \
                 include alphanumeric characters, hyphens, underscores, or dots.",
                u32::from(*character)
            ),
            Self::NameEdgeDot => {
                write!(f, "Invalid message attribute name starting with or ending with the '.' character.")
            }
            Self::NameSuccessiveDots => {
                write!(f, "Message attribute name can not have successive '.' characters.")
            }
            Self::NameReserved => {
                write!(f, "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'.")
            }
            Self::BadType { name } => write!(
                f,
                "The message attribute '{name}' has an invalid message attribute type, the set of supported type \
                 prefixes is Binary, Number, and String."
            ),
            Self::EmptyValue { name, data_type } => write!(
                f,
                "The message attribute '{name}' must contain non-empty message attribute value for message attribute \
                 type '{data_type}'."
            ),
            Self::NotANumber { name } => {
                write!(f, "Could not cast message attribute '{name}' value to number.")
            }
            Self::NotBase64 { name } => write!(f, "The message attribute '{name}' is not valid base64."),
        }
    }
}

impl std::error::Error for MessageAttributeError {}

/// Checks all attributes of a message in name order (`SQS-24`, `SNS-29`, `SNS-30`).
///
/// # Errors
/// The first rule that is broken.
pub fn validate_message_attributes(
    attributes: &MessageAttributes,
    rules: MessageAttributeRules,
) -> Result<(), MessageAttributeError> {
    if rules == MessageAttributeRules::Sqs && attributes.len() > MAXIMUM_MESSAGE_ATTRIBUTES {
        return Err(MessageAttributeError::TooMany { count: attributes.len() });
    }
    for (name, attribute) in attributes {
        validate_name(name)?;
        validate_value(name, attribute)?;
    }
    Ok(())
}

fn validate_name(name: &str) -> Result<(), MessageAttributeError> {
    if name.is_empty() {
        return Err(MessageAttributeError::EmptyName);
    }
    if name.chars().count() > MAXIMUM_ATTRIBUTE_NAME_LENGTH {
        return Err(MessageAttributeError::NameTooLong);
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    if let Some(character) = name.chars().find(|&c| !allowed(c)) {
        return Err(MessageAttributeError::NameCharacter { character });
    }
    if name.starts_with('.') || name.ends_with('.') {
        return Err(MessageAttributeError::NameEdgeDot);
    }
    if name.contains("..") {
        return Err(MessageAttributeError::NameSuccessiveDots);
    }
    let lower = name.to_ascii_lowercase();
    if lower.starts_with("aws.") || lower.starts_with("amazon.") {
        return Err(MessageAttributeError::NameReserved);
    }
    Ok(())
}

fn validate_value(name: &str, attribute: &MessageAttributeValue) -> Result<(), MessageAttributeError> {
    let Some(kind) = attribute.kind() else {
        return Err(MessageAttributeError::BadType { name: name.into() });
    };
    if attribute.value.is_empty() {
        let data_type = attribute.data_type.clone();
        return Err(MessageAttributeError::EmptyValue { name: name.into(), data_type });
    }
    match kind {
        MessageAttributeKind::Number if parse_number(&attribute.value).is_none() => {
            Err(MessageAttributeError::NotANumber { name: name.into() })
        }
        MessageAttributeKind::Binary if !is_base64(&attribute.value) => {
            Err(MessageAttributeError::NotBase64 { name: name.into() })
        }
        // The text of a String.Array is not checked on publishing: filtering meets it later (`SNS-211`).
        _ => Ok(()),
    }
}

/// The value of a `Number` attribute within SQS's precision and range; `None` if it is none (`SQS-24`).
pub(crate) fn parse_number(text: &str) -> Option<f64> {
    if text.bytes().any(|b| b.is_ascii_alphabetic() && !matches!(b, b'e' | b'E')) {
        return None;
    }
    let value: f64 = text.parse().ok()?;
    let mantissa = text.split(['e', 'E']).next().unwrap_or(text);
    let digits = mantissa.trim_start_matches(['-', '+', '0', '.']).bytes().filter(u8::is_ascii_digit).count();
    let in_range = value == 0.0 || (SMALLEST_NUMBER..=LARGEST_NUMBER).contains(&value.abs());
    (digits <= MAXIMUM_NUMBER_DIGITS && in_range).then_some(value)
}

fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    text.len().is_multiple_of(4)
        && text.len() - body.len() <= 2
        && body.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(name: &str, data_type: &str, value: &str) -> MessageAttributes {
        let value = MessageAttributeValue { data_type: data_type.into(), value: value.into() };
        MessageAttributes::from([(name.into(), value)])
    }

    fn refusal(name: &str, data_type: &str, value: &str) -> Option<MessageAttributeError> {
        validate_message_attributes(&one(name, data_type, value), MessageAttributeRules::Sqs).err()
    }

    #[test]
    fn size_counts_name_type_and_value_sqs_20() {
        assert_eq!(message_attributes_bytes(&one("line", "String", "amber")), 4 + 6 + 5);
        assert_eq!(message_attributes_bytes(&one("raw", "Binary", "AQIDBA==")), 3 + 6 + 4);
        assert_eq!(message_attributes_bytes(&one("é", "String", "é")), 2 + 6 + 2);
    }

    #[test]
    fn names_follow_sqs_24() {
        assert_eq!(refusal("a.b-c_9", "String", "x"), None);
        assert_eq!(refusal("", "String", "x"), Some(MessageAttributeError::EmptyName));
        assert_eq!(refusal(&"n".repeat(256), "String", "x"), None);
        assert_eq!(refusal(&"n".repeat(257), "String", "x"), Some(MessageAttributeError::NameTooLong));
        assert_eq!(
            refusal("a b", "String", "x"),
            Some(MessageAttributeError::NameCharacter { character: ' ' })
        );
        assert_eq!(refusal(".a", "String", "x"), Some(MessageAttributeError::NameEdgeDot));
        assert_eq!(refusal("a..b", "String", "x"), Some(MessageAttributeError::NameSuccessiveDots));
        assert_eq!(refusal("aWs.a", "String", "x"), Some(MessageAttributeError::NameReserved));
        assert_eq!(refusal("AMAZON.a", "String", "x"), Some(MessageAttributeError::NameReserved));
        assert_eq!(refusal("awsome", "String", "x"), None);
    }

    #[test]
    fn values_follow_sqs_24_and_sns_30() {
        let not_a_number = Some(MessageAttributeError::NotANumber { name: "n".into() });
        assert_eq!(refusal("n", "Number.kg", "-12.5e3"), None);
        assert_eq!(refusal("n", "Number", &"9".repeat(38)), None);
        for bad in [&*"9".repeat(39), "1e127", "1e-129", "inf", "NaN", "12kg", " 1"] {
            assert_eq!(refusal("n", "Number", bad), not_a_number, "{bad}");
        }
        assert_eq!(refusal("n", "Text", "x"), Some(MessageAttributeError::BadType { name: "n".into() }));
        assert_eq!(refusal("n", "Number.", "1"), Some(MessageAttributeError::BadType { name: "n".into() }));
        assert!(matches!(refusal("n", "String", ""), Some(MessageAttributeError::EmptyValue { .. })));
        assert!(matches!(refusal("n", "Binary", "a b="), Some(MessageAttributeError::NotBase64 { .. })));
    }

    #[test]
    fn only_sqs_stops_at_ten_sns_29() {
        let eleven: MessageAttributes =
            (0..11).map(|n| (format!("k{n}"), MessageAttributeValue::string("v"))).collect();
        assert_eq!(
            validate_message_attributes(&eleven, MessageAttributeRules::Sqs),
            Err(MessageAttributeError::TooMany { count: 11 })
        );
        assert_eq!(validate_message_attributes(&eleven, MessageAttributeRules::Sns), Ok(()));
    }

    #[test]
    fn both_spellings_are_read() {
        for text in [r#"{"Type":"Number","Value":"4"}"#, r#"{"DataType":"Number","StringValue":"4"}"#] {
            let read: MessageAttributeValue = serde_json::from_str(text).unwrap();
            assert_eq!(read, MessageAttributeValue::number(4));
        }
    }
}
