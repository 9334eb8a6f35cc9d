//! SNS, rule by rule: each test is a transcript that names its rules.

use crate::transcript::transcripts;

transcripts![
    "sns":
    batch,
    batch_fifo,
    confirmation,
    create_topic,
    dead_letter_queue,
    dead_letter_queue_refuses,
    delete_topic,
    direct_publish,
    encrypted_queue,
    fifo_deduplication,
    fifo_subscribers,
    http_retries,
    http_throttle,
    lost_without_dead_letter_queue,
    message_attributes,
    message_structure,
    other_account,
    other_region,
    policy_takes_time,
    publish,
    raw_delivery,
    replay,
    replay_limit,
    replay_to_the_end,
    sms,
    subscriptions_fifo,
    subscriptions_standard,
    topic_policy,
    topics_fifo,
    topics_standard,
];
