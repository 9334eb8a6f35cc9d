//! What a document from a stranger may hold. All of these are ours, not AWS's.

use messaging::quota::Quota;

/// Bytes of a document's text.
pub const MAX_DOCUMENT_BYTES: usize = 1 << 20;
/// Resources of a document.
pub const MAX_RESOURCES: usize = 500;
/// Links of a document.
pub const MAX_LINKS: usize = 2_000;
/// Entries of the timeline.
pub const MAX_TIMELINE_ENTRIES: usize = 1_000;
/// Expectations.
pub const MAX_EXPECTATIONS: usize = 500;
/// Captions.
pub const MAX_CAPTIONS: usize = 100;
/// Groups.
pub const MAX_GROUPS: usize = 100;
/// Notes.
pub const MAX_NOTES: usize = 200;
/// Characters of a note or of a group's title.
pub const MAX_NOTE_CHARACTERS: usize = 2_000;
/// Characters of a resource's name: the longest name a queue may have (SQS-2).
pub const MAX_NAME_CHARACTERS: usize = 80;
/// Messages per second of all producers together.
pub const MAX_MESSAGES_PER_SECOND: f64 = 1_000_000.0;
/// Distance of a node from the origin, in pixels.
pub const MAX_POSITION: i32 = 100_000;
/// Largest seed: JavaScript reads it exactly.
pub const MAX_SEED: u64 = (1 << 53) - 1;
/// How many times AWS's number of today a quota may be set to. Ours: AWS says case by case.
pub const MAX_QUOTA_FACTOR: u64 = 10;

/// The highest number that a document may set a quota to.
pub fn highest_quota(quota: &Quota) -> u64 {
    quota.current.max(quota.classic).saturating_mul(MAX_QUOTA_FACTOR)
}

/// Faults reported for one document; the rest is counted.
pub const MAX_DIAGNOSTICS: usize = 200;
/// Characters of a link's fragment.
pub const MAX_FRAGMENT_CHARACTERS: usize = 512 * 1024;
/// Changes beside the document of a link.
pub const MAX_OVERRIDES: usize = 64;
/// Events per simulated second, as [`events_per_second`](crate::events_per_second()) guesses them, up to which a run may
/// start without anybody's doing. What an old phone computes in a second.
pub const MAX_AUTOMATIC_EVENTS_PER_SECOND: f64 = 500_000.0;
/// Events, guessed likewise, up to which a link may ask to stand at a time.
pub const MAX_AUTOMATIC_EVENTS: f64 = 30_000_000.0;
