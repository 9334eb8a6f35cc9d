//! SQS, rule by rule: each test is a transcript that names its rules.

use crate::transcript::check;

macro_rules! transcripts {
    ($($name:ident),+ $(,)?) => {
        $(
            #[test]
            fn $name() {
                check(concat!("sqs/", stringify!($name), ".txt"));
            }
        )+

        #[test]
        fn every_transcript_is_checked() {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("transcripts/sqs");
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
    age_of_oldest,
    back_of_the_queue,
    change_message_visibility,
    change_message_visibility_fifo,
    classic_profile,
    dead_letter_queue,
    dead_letter_queue_cycle,
    dead_letter_queue_fifo,
    dead_letter_queue_once,
    delay,
    delay_fifo,
    delete_message,
    delete_message_fifo,
    deleted_comes_again,
    encryption_data_key,
    encryption_kms,
    fair_queue,
    fair_queue_several,
    fair_queue_time,
    fifo_deduplication,
    fifo_deduplication_scope,
    fifo_exactly_once,
    fifo_group_lock,
    fifo_high_throughput,
    fifo_partial_return,
    fifo_partitions_grow,
    fifo_quota,
    fifo_send,
    group_id,
    in_flight_limit,
    in_flight_limit_fifo,
    long_poll,
    message_timer,
    metrics,
    move_task,
    move_task_ends,
    move_task_fifo,
    polling,
    purge,
    purge_fifo,
    purge_takes_time,
    receive_attempt,
    receive_attempt_standard,
    receive_message,
    receive_ten,
    retention,
    retention_days,
    send_message,
    short_poll,
    standard_has_no_call_quota,
    visibility_of_one_receive,
    visibility_timeout,
];
