//! The quotas of Kinesis Video Streams.

use crate::quota::Quota;

const LIMITS: &str = "https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/service-quotas.html";
const GET_MEDIA: &str =
    "https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_dataplane_GetMedia.html";

const fn quota(
    code: &'static str,
    name: &'static str,
    value: u64,
    rule: &'static str,
    source: &'static str,
) -> Quota {
    Quota { code, name, current: value, classic: value, adjustable: false, rule, source }
}

/// Fragments a stream takes in any whole second.
pub const FRAGMENTS_PER_SECOND: Quota =
    quota("PutMediaFragments", "Fragments per second put to a stream", 5, "KVS-5", LIMITS);
/// Bytes a stream takes in any whole second.
pub const PUT_BYTES_PER_SECOND: Quota =
    quota("PutMediaBytes", "Bytes per second put to a stream", 12_500_000, "KVS-5", LIMITS);
/// Bytes of a fragment.
pub const FRAGMENT_BYTES: Quota = quota("FragmentBytes", "Bytes of a fragment", 50_000_000, "KVS-5", LIMITS);
/// Connections that read a stream at the same time.
pub const GET_MEDIA_CONNECTIONS: Quota =
    quota("GetMediaConnections", "GetMedia connections of a stream", 3, "KVS-5", LIMITS);
/// `GetMedia` calls of a stream in any one second.
pub const GET_MEDIA_CALLS_PER_SECOND: Quota =
    quota("GetMediaCalls", "GetMedia calls per second and stream", 5, "KVS-3", GET_MEDIA);
/// Bytes a connection gives per second.
pub const GET_MEDIA_BYTES_PER_SECOND: Quota =
    quota("GetMediaBytes", "Bytes per second of a GetMedia connection", 25_000_000, "KVS-3", GET_MEDIA);
/// Seconds that a stream without retention keeps media.
pub const BUFFER_SECONDS: Quota =
    quota("HostBufferSeconds", "Seconds of media kept without retention", 300, "KVS-2", LIMITS);
/// Bytes that a stream without retention keeps.
pub const BUFFER_BYTES: Quota =
    quota("HostBufferBytes", "Bytes of media kept without retention", 200_000_000, "KVS-2", LIMITS);
/// Largest retention in hours: ten years.
pub const MAX_RETENTION_HOURS: Quota =
    quota("MaxVideoRetentionHours", "Largest retention of media in hours", 87_600, "KVS-2", LIMITS);

/// All of them.
pub const ALL: &[&Quota] = &[
    &FRAGMENTS_PER_SECOND,
    &PUT_BYTES_PER_SECOND,
    &FRAGMENT_BYTES,
    &GET_MEDIA_CONNECTIONS,
    &GET_MEDIA_CALLS_PER_SECOND,
    &GET_MEDIA_BYTES_PER_SECOND,
    &BUFFER_SECONDS,
    &BUFFER_BYTES,
    &MAX_RETENTION_HOURS,
];
