//! Brokers, rule by rule: each file of `transcripts/mq` names its rules.

use crate::transcript::transcripts;

transcripts!("mq":
    acknowledge,
    acknowledge_timeout,
    dead_letter,
    delivery_limit,
    failover,
    max_length,
    prefetch_activemq,
    prefetch_rabbit,
    reboot,
    routing_direct,
    routing_headers,
    routing_topic,
    time_to_live,
);
