//! Event types and the rules that name them: what matches, and what overlaps (CMP-48, CMP-49).

use super::properties::NotificationConfiguration;

/// The event types a rule may name (CMP-48). The bucket itself has only `ObjectCreated:Put` and
/// `ObjectRemoved:Delete`.
pub(super) const EVENTS: &[&str] = &[
    "s3:ObjectCreated:*",
    "s3:ObjectCreated:Put",
    "s3:ObjectCreated:Post",
    "s3:ObjectCreated:Copy",
    "s3:ObjectCreated:CompleteMultipartUpload",
    "s3:ObjectRemoved:*",
    "s3:ObjectRemoved:Delete",
    "s3:ObjectRemoved:DeleteMarkerCreated",
    "s3:ObjectRestore:*",
    "s3:ObjectRestore:Post",
    "s3:ObjectRestore:Completed",
    "s3:ObjectRestore:Delete",
    "s3:ReducedRedundancyLostObject",
    "s3:Replication:*",
    "s3:LifecycleExpiration:*",
    "s3:LifecycleTransition",
    "s3:IntelligentTiering",
    "s3:ObjectTagging:*",
    "s3:ObjectAcl:Put",
];

/// The event of a write.
pub(super) const CREATED: &str = "s3:ObjectCreated:Put";
/// The event of a removal.
pub(super) const REMOVED: &str = "s3:ObjectRemoved:Delete";
/// What a new rule sends to its destination (CMP-52).
pub(super) const TEST: &str = "s3:TestEvent";

/// True when `pattern`, which may end with `*`, covers `event`.
fn covers(pattern: &str, event: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => event.starts_with(start),
        None => pattern == event,
    }
}

impl NotificationConfiguration {
    /// True when the rule is about this event of the object of this key.
    pub(super) fn takes(&self, event: &str, key: &str) -> bool {
        covers(&self.event, event) && key.starts_with(&self.prefix) && key.ends_with(&self.suffix)
    }

    /// True when both rules could want the same event of the same object (CMP-49).
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        let either =
            |one: &str, other: &str, fits: fn(&str, &str) -> bool| fits(one, other) || fits(other, one);
        either(&self.event, &other.event, covers)
            && either(&self.prefix, &other.prefix, |long, short| long.starts_with(short))
            && either(&self.suffix, &other.suffix, |long, short| long.ends_with(short))
    }

    /// The rule in a line, such as `ObjectCreated:* images/*.jpg`.
    pub(super) fn words(&self) -> String {
        let event = self.event.trim_start_matches("s3:");
        match (self.prefix.as_str(), self.suffix.as_str()) {
            ("", "") => event.to_owned(),
            (prefix, suffix) => format!("{event} {prefix}*{suffix}"),
        }
    }
}

/// A key as an event writes it: URL-encoded, with its slashes (CMP-52).
pub(super) fn url_encoded(key: &str) -> String {
    let mut text = String::with_capacity(key.len());
    for byte in key.bytes() {
        match byte {
            b' ' => text.push('+'),
            b'-' | b'.' | b'_' | b'~' | b'/' => text.push(byte.into()),
            _ if byte.is_ascii_alphanumeric() => text.push(byte.into()),
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(event: &str, prefix: &str, suffix: &str) -> NotificationConfiguration {
        NotificationConfiguration { event: event.into(), prefix: prefix.into(), suffix: suffix.into() }
    }

    /// CMP-49, its own examples.
    #[test]
    fn cmp_49_rules_overlap_in_event_prefix_and_suffix() {
        const PUT: &str = "s3:ObjectCreated:Put";
        const ALL: &str = "s3:ObjectCreated:*";
        const REMOVED: &str = "s3:ObjectRemoved:*";
        for (one, other, overlap) in [
            ((ALL, "images/", ""), (ALL, "images/", ""), true),
            ((PUT, "images/", ""), (ALL, "images/", ""), true),
            ((ALL, "images/", ".jpg"), (ALL, "images/", ".png"), false),
            ((ALL, "images", ""), (ALL, "", ""), true),
            ((ALL, "", "jpg"), (ALL, "", "pg"), true),
            ((PUT, "image/", ""), (REMOVED, "image/", ""), false),
            ((ALL, "images/", ""), (ALL, "docs/", ""), false),
        ] {
            let rules = (rule(one.0, one.1, one.2), rule(other.0, other.1, other.2));
            assert_eq!(rules.0.overlaps(&rules.1), overlap, "{one:?} {other:?}");
            assert_eq!(rules.1.overlaps(&rules.0), overlap, "{other:?} {one:?}");
        }
    }

    #[test]
    fn cmp_48_a_rule_takes_its_event_type_prefix_and_suffix() {
        let rule = rule("s3:ObjectCreated:*", "images/", ".jpg");
        assert!(rule.takes(CREATED, "images/cat.jpg"));
        for (event, key) in
            [(REMOVED, "images/cat.jpg"), (CREATED, "docs/cat.jpg"), (CREATED, "images/cat.png")]
        {
            assert!(!rule.takes(event, key), "{event} {key}");
        }
    }

    #[test]
    fn cmp_52_keys_are_url_encoded_in_events() {
        assert_eq!(url_encoded("images/Happy Face+1.jpg"), "images/Happy+Face%2B1.jpg");
    }
}
