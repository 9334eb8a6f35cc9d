//! SNS, rule by rule: each test is a transcript that names its rules.

use crate::transcript::check;

macro_rules! transcripts {
    ($($name:ident),+ $(,)?) => {
        $(
            #[test]
            fn $name() {
                check(concat!("sns/", stringify!($name), ".txt"));
            }
        )+

        #[test]
        fn every_transcript_is_checked() {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("transcripts/sns");
            let mut files: Vec<String> = std::fs::read_dir(folder)
                .expect("the folder is there")
                .map(|file| file.expect("a file").file_name().to_string_lossy().replace(".txt", ""))
                .collect();
            files.sort();
            let mut checked = vec![$(stringify!($name)),+];
            checked.sort_unstable();
            assert_eq!(files, checked);
        }
    };
}

transcripts![
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
    replay_to_the_end,
    sms,
    subscriptions_fifo,
    subscriptions_standard,
    topic_policy,
    topics_fifo,
    topics_standard,
];
