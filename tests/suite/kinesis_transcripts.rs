//! Streams, rule by rule: each file of `transcripts/kinesis` names its rules.

use crate::transcript::check;

#[test]
fn streams_answer_as_their_transcripts_say() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("transcripts/kinesis");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|file| file.expect("a file").file_name().to_string_lossy().into_owned())
        .collect();
    files.sort();
    assert!(!files.is_empty());
    for file in files {
        check(&format!("kinesis/{file}"));
    }
}
