//! The keys of objects: prefixes with expressions, and names (FH-26 to FH-28).

use kernel::{RandomStream, SimTime};

use super::properties::DeliveryStreamProperties;
use crate::identifiers::MessageId;

/// Characters of a prefix after evaluation (FH-28).
const MOST_CHARACTERS: usize = 512;
/// The prefix of a stream that was given none (FH-27).
const DEFAULT_PREFIX: &str = "!{timestamp:yyyy/MM/dd/HH/}";
const ERROR_TYPE: &str = "!{firehose:error-output-type}";
/// The day on which every run begins, at midnight UTC: days since 1970. Ours: 2026-11-20.
const FIRST_DAY: i64 = 20_777;

/// What an object's key is made from.
pub(super) struct Name<'name> {
    pub(super) stream: &'name str,
    pub(super) version: u32,
    /// Arrival of its oldest record (FH-27).
    pub(super) at: SimTime,
    /// The partition key of its records (FH-32).
    pub(super) partition: &'name str,
    /// The error output type, if its records failed (FH-29).
    pub(super) error_type: Option<&'name str>,
    pub(super) id: MessageId,
}

impl Name<'_> {
    /// The whole key: prefix, `STREAM-VERSION-YYYY-MM-DD-HH-MM-SS-UUID`, extension (FH-26).
    pub(super) fn key(&self, properties: &DeliveryStreamProperties, random: &mut RandomStream) -> String {
        let prefix = match self.error_type {
            None => with_timestamp(&properties.prefix),
            Some(_) if properties.error_output_prefix.is_empty() => format!("{ERROR_TYPE}/{DEFAULT_PREFIX}"),
            Some(_) => properties.error_output_prefix.clone(),
        };
        let mut key = self.evaluate(&prefix, random);
        let cut = key.char_indices().nth(MOST_CHARACTERS).map_or(key.len(), |(place, _)| place);
        key.truncate(cut);
        let time = pattern("yyyy-MM-dd-HH-mm-ss", self.at);
        key.push_str(&format!("{}-{}-{time}-{}", self.stream, self.version, self.id));
        key.push_str(&properties.file_extension);
        key
    }

    fn evaluate(&self, prefix: &str, random: &mut RandomStream) -> String {
        let mut text = String::new();
        let mut rest = prefix;
        while let Some(start) = rest.find("!{") {
            let Some(length) = rest[start..].find('}') else { break };
            text.push_str(&rest[..start]);
            let expression = &rest[start + 2..start + length];
            rest = &rest[start + length + 1..];
            match expression.split_once(':').unwrap_or((expression, "")) {
                ("timestamp", letters) => text.push_str(&pattern(letters, self.at)),
                ("firehose", "random-string") => {
                    text.extend((0..11).map(|_| char::from(b'a' + random.below(26) as u8)));
                }
                ("firehose", "error-output-type") => text.push_str(self.error_type.unwrap_or_default()),
                _ => text.push_str(self.partition),
            }
        }
        text.push_str(rest);
        text
    }
}

/// A prefix without a timestamp gets one at its end (FH-27).
fn with_timestamp(prefix: &str) -> String {
    match prefix.contains("!{timestamp:") {
        true => prefix.to_owned(),
        false => format!("{prefix}{DEFAULT_PREFIX}"),
    }
}

/// The letters `yyyy`, `MM`, `dd`, `HH`, `mm` and `ss`, and their capitals where AWS takes them too.
fn pattern(letters: &str, at: SimTime) -> String {
    let second = at.whole_second();
    let (year, month, day) = date(FIRST_DAY + (second / 86_400) as i64);
    let of_day = second % 86_400;
    letters
        .replace("yyyy", &format!("{year:04}"))
        .replace("YYYY", &format!("{year:04}"))
        .replace("MM", &format!("{month:02}"))
        .replace("dd", &format!("{day:02}"))
        .replace("HH", &format!("{:02}", of_day / 3_600))
        .replace("mm", &format!("{:02}", of_day / 60 % 60))
        .replace("ss", &format!("{:02}", of_day % 60))
}

/// Year, month and day of a day since 1970, in the Gregorian calendar.
fn date(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// What Firehose refuses of the prefixes (FH-28).
pub(super) fn errors(properties: &DeliveryStreamProperties, put: &mut impl FnMut(&'static str, String)) {
    let (prefix, errors) = (&properties.prefix, &properties.error_output_prefix);
    if prefix.contains(ERROR_TYPE) {
        put("Prefix", format!("{ERROR_TYPE} is for ErrorOutputPrefix (FH-28)."));
    }
    if prefix.contains("!{") && errors.is_empty() {
        put("ErrorOutputPrefix", "It has to be given when Prefix has expressions (FH-28).".into());
    }
    if errors.contains("!{") && !errors.contains(ERROR_TYPE) {
        put("ErrorOutputPrefix", format!("With expressions it has to contain {ERROR_TYPE} (FH-28)."));
    }
    if properties.dynamic_partitioning && !prefix.contains("!{partitionKeyFrom") {
        let text =
            "Dynamic partitioning needs !{partitionKeyFromQuery:id} or !{partitionKeyFromLambda:id} (FH-32).";
        put("Prefix", text.into());
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Seed, SimDuration};

    use super::*;

    fn key(properties: &DeliveryStreamProperties, error_type: Option<&str>, seconds: u64) -> String {
        let at = SimTime::ZERO + SimDuration::from_secs(seconds);
        let name = Name { stream: "orders", version: 3, at, partition: "eu", error_type, id: MessageId(1) };
        name.key(properties, &mut Seed(1).stream("test", "names"))
    }

    /// The id that stands for message 1.
    fn id() -> String {
        MessageId(1).to_string()
    }

    #[test]
    fn fh_26_fh_27_a_key_is_prefix_stream_version_time_and_id() {
        let mut properties = DeliveryStreamProperties::default();
        let expected = format!("2026/11/20/01/orders-3-2026-11-20-01-02-03-{}", id());
        assert_eq!(key(&properties, None, 3_723), expected);
        properties.prefix = "raw/".into();
        properties.file_extension = ".json".into();
        // Eleven days and a second later: another month.
        let expected = format!("raw/2026/12/01/00/orders-3-2026-12-01-00-00-01-{}.json", id());
        assert_eq!(key(&properties, None, 11 * 86_400 + 1), expected);
    }

    #[test]
    fn fh_28_fh_29_expressions_are_evaluated() {
        let mut properties = DeliveryStreamProperties {
            prefix: "in/!{partitionKeyFromQuery:region}/!{timestamp:yyyy-MM}/".into(),
            ..Default::default()
        };
        assert!(key(&properties, None, 0).starts_with("in/eu/2026-11/orders-3-"));
        // What failed stands under its own prefix.
        assert!(
            key(&properties, Some("processing-failed"), 0).starts_with("processing-failed/2026/11/20/00/")
        );
        properties.error_output_prefix = "bad/!{firehose:error-output-type}/".into();
        assert!(key(&properties, Some("splunk-failed"), 0).starts_with("bad/splunk-failed/orders-3-"));
        properties.prefix = "!{firehose:random-string}/!{timestamp:HH}/".into();
        let random = key(&properties, None, 0);
        assert_eq!(random.find('/'), Some(11), "{random}");
        properties.prefix = "x".repeat(600);
        assert!(key(&properties, None, 0).starts_with(&format!("{}orders-3-", "x".repeat(512))));
    }

    #[test]
    fn fh_28_prefixes_that_aws_refuses() {
        let refused = |prefix: &str, error_prefix: &str| {
            let properties = DeliveryStreamProperties {
                prefix: prefix.into(),
                error_output_prefix: error_prefix.into(),
                ..Default::default()
            };
            let mut found = Vec::new();
            errors(&properties, &mut |attribute, _| found.push(attribute));
            found
        };
        assert_eq!(refused("raw/", ""), [""; 0]);
        assert_eq!(refused("!{timestamp:yyyy}/", ""), ["ErrorOutputPrefix"]);
        assert_eq!(refused("!{timestamp:yyyy}/", "bad/"), [""; 0]);
        assert_eq!(refused("", "!{timestamp:yyyy}/"), ["ErrorOutputPrefix"]);
        assert_eq!(refused("!{firehose:error-output-type}/", "bad/"), ["Prefix"]);
    }
}
