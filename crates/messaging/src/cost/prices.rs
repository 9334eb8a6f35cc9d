//! The table of prices: us-east-1, US dollars, without tax and free tiers.

use serde::{Deserialize, Serialize};

/// When the prices were read. They change: check AWS before you rely on one.
pub const AS_OF: &str = "2024-12";
/// Where they were read, beside AWS's own guides for what is counted.
pub const SOURCES: &str = "price-list answers of 2024-07 and 2024-12, third-party texts of 2026";

/// 730 hours, as AWS's calculator counts.
pub(super) const MONTH_HOURS: u64 = 730;
const HOUR: u64 = 3_600;
const MONTH: u64 = MONTH_HOURS * HOUR;
const GB: u64 = 1 << 30;
const MILLION: u64 = 1_000_000;

macro_rules! prices {
    ($($item:ident = $service:literal, $what:literal, $dollars:literal per $per:expr, $unit:literal of $scale:expr, $rule:literal;)+) => {
        /// Something that is billed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[expect(missing_docs, reason = "the table says what each is")]
        pub enum Item { $($item,)+ }

        impl Item {
            /// All of them, by service.
            pub const ALL: &'static [Self] = &[$(Self::$item,)+];
            /// The service whose bill it stands on.
            pub const fn service(self) -> &'static str {
                match self { $(Self::$item => $service,)+ }
            }
            /// What is billed, in words.
            pub const fn what(self) -> &'static str {
                match self { $(Self::$item => $what,)+ }
            }
            /// Dollars for [`Item::per`] of what is counted.
            pub const fn dollars(self) -> f64 {
                match self { $(Self::$item => $dollars,)+ }
            }
            /// How much of what is counted the price is for.
            pub const fn per(self) -> u64 {
                match self { $(Self::$item => $per,)+ }
            }
            /// In which unit a quantity is shown, and how much of what is counted that is.
            pub const fn unit(self) -> (&'static str, u64) {
                match self { $(Self::$item => ($unit, $scale),)+ }
            }
            /// The rule that states the price.
            pub const fn rule(self) -> &'static str {
                match self { $(Self::$item => $rule,)+ }
            }
        }
    };
}

prices! {
    SqsRequests = "Amazon SQS", "requests to standard queues", 0.40 per MILLION, "requests" of 1, "COST-1";
    SqsFifoRequests = "Amazon SQS", "requests to FIFO queues", 0.50 per MILLION, "requests" of 1, "COST-1";
    SqsFairRequests = "Amazon SQS", "requests with a group on standard queues", 0.10 per MILLION, "requests" of 1, "COST-3";
    SnsPublishes = "Amazon SNS", "publishes", 0.50 per MILLION, "requests" of 1, "COST-5";
    SnsHttpDeliveries = "Amazon SNS", "deliveries by HTTP and HTTPS", 0.60 per MILLION, "deliveries" of 1, "COST-5";
    SnsEmails = "Amazon SNS", "e-mails", 2.00 per 100_000, "deliveries" of 1, "COST-5";
    SnsPushes = "Amazon SNS", "mobile push notifications", 0.50 per MILLION, "deliveries" of 1, "COST-5";
    SnsTextMessages = "Amazon SNS", "text messages to the United States, carrier fees left out", 0.00645 per 1, "deliveries" of 1, "COST-5";
    SnsFirehoseDeliveries = "Amazon SNS", "deliveries to Firehose", 0.19 per MILLION, "deliveries" of 1, "COST-5";
    SnsFifoPublishes = "Amazon SNS", "publishes to FIFO topics", 0.30 per MILLION, "requests" of 1, "COST-6";
    SnsFifoPublishBytes = "Amazon SNS", "bytes published to FIFO topics", 0.017 per GB, "GB" of GB, "COST-6";
    SnsFifoDeliveries = "Amazon SNS", "deliveries of FIFO topics", 0.01 per MILLION, "deliveries" of 1, "COST-6";
    SnsFifoDeliveryBytes = "Amazon SNS", "bytes delivered by FIFO topics", 0.001 per GB, "GB" of GB, "COST-6";
    KinesisShardSeconds = "Kinesis Data Streams", "shard hours", 0.015 per HOUR, "h" of HOUR, "COST-20";
    KinesisPutUnits = "Kinesis Data Streams", "PUT payload units of 25 KB", 0.014 per MILLION, "units" of 1, "COST-21";
    KinesisRetentionSeconds = "Kinesis Data Streams", "shard hours of extended retention", 0.020 per HOUR, "h" of HOUR, "COST-20";
    KinesisFanOutSeconds = "Kinesis Data Streams", "consumer-shard hours of enhanced fan-out", 0.015 per HOUR, "h" of HOUR, "COST-20";
    KinesisFanOutBytes = "Kinesis Data Streams", "bytes read by enhanced fan-out", 0.013 per GB, "GB" of GB, "COST-20";
    KinesisStreamSeconds = "Kinesis Data Streams", "on-demand stream hours", 0.04 per HOUR, "h" of HOUR, "COST-22";
    KinesisOnDemandBytesIn = "Kinesis Data Streams", "on-demand bytes in, records rounded up to 1 KB", 0.08 per GB, "GB" of GB, "COST-22";
    KinesisOnDemandBytesOut = "Kinesis Data Streams", "on-demand bytes out", 0.04 per GB, "GB" of GB, "COST-22";
    KinesisOnDemandFanOutBytes = "Kinesis Data Streams", "on-demand bytes read by enhanced fan-out", 0.05 per GB, "GB" of GB, "COST-22";
    VideoBytesIn = "Kinesis Video Streams", "bytes taken in", 0.0085 per GB, "GB" of GB, "COST-24";
    VideoBytesOut = "Kinesis Video Streams", "bytes read", 0.0085 per GB, "GB" of GB, "COST-24";
    VideoKilobyteSeconds = "Kinesis Video Streams", "media kept", 0.023 per GB / 1_024 * MONTH, "GB-months" of GB / 1_024 * MONTH, "COST-24";
    FirehoseBytes = "Amazon Data Firehose", "bytes taken in, records rounded up to 5 KB", 0.029 per GB, "GB" of GB, "COST-30";
    FirehoseConvertedBytes = "Amazon Data Firehose", "bytes converted to Parquet or ORC, as billed when taken in", 0.018 per GB, "GB" of GB, "COST-30";
    FirehosePartitionedBytes = "Amazon Data Firehose", "bytes delivered by dynamic partitioning", 0.020 per GB, "GB" of GB, "COST-30";
    FirehosePartitionedObjects = "Amazon Data Firehose", "objects delivered by dynamic partitioning", 0.005 per 1_000, "objects" of 1, "COST-30";
    LambdaRequests = "AWS Lambda", "requests", 0.20 per MILLION, "requests" of 1, "COST-40";
    LambdaMegabyteMilliseconds = "AWS Lambda", "memory by time", 0.0000166667 per 1_024_000, "GB-s" of 1_024_000, "COST-40";
    MqInstanceSeconds = "Amazon MQ", "hours of an mq.m5.large", 0.288 per HOUR, "h" of HOUR, "COST-50";
    FlinkKpuSeconds = "Managed Service for Apache Flink", "KPU hours", 0.11 per HOUR, "h" of HOUR, "COST-60";
    FlinkGigabyteSeconds = "Managed Service for Apache Flink", "storage of running applications, 50 GB for each KPU", 0.10 per MONTH, "GB-months" of MONTH, "COST-60";
    KmsRequests = "AWS KMS", "requests", 0.03 per 10_000, "requests" of 1, "COST-61";
    S3Puts = "Amazon S3", "PUT requests", 0.005 per 1_000, "requests" of 1, "COST-61";
    InstanceSeconds = "Amazon EC2", "hours of a t3.medium", 0.0416 per HOUR, "h" of HOUR, "COST-61";
    AlarmSeconds = "Amazon CloudWatch", "alarm months", 0.10 per MONTH, "months" of MONTH, "COST-61";
}

impl Item {
    /// What a quantity costs, in millionths of a dollar: half of one counts as one.
    pub fn micro_dollars(self, quantity: u64, dollars: Option<f64>) -> u64 {
        // Whole trillionths of a dollar: no price in the table, or in a document, has more digits that count.
        let pico = (dollars.unwrap_or(self.dollars()) * 1e12 + 0.5) as u128;
        let per = u128::from(self.per()) * 1_000_000;
        ((u128::from(quantity) * pico + per / 2) / per).min(u128::from(u64::MAX)) as u64
    }
}
