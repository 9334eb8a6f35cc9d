use super::*;

fn document() -> Value {
    serde_json::from_str(PRIME).map(|documents: Vec<Value>| documents[3].clone()).unwrap()
}

#[test]
fn the_prime_is_read_and_every_document_of_it_comes_back() {
    let documents: Vec<Value> = serde_json::from_str(PRIME).unwrap();
    assert!(documents.len() > 3);
    for document in documents {
        let tree = tree::write(&document);
        let coded = coder::encode(&tree, primed());
        assert_eq!(coder::decode(&coded, primed(), MAX_TREE_BYTES), Ok(tree.clone()));
        assert_eq!(tree::write(&tree::read(&tree).unwrap()), tree);
    }
}

#[test]
fn any_bytes_come_back() {
    for data in [vec![], vec![0], vec![0; 500], vec![255; 300], (0..=255).collect::<Vec<u8>>()] {
        let coded = coder::encode(&data, primed());
        assert_eq!(coder::decode(&coded, primed(), 1_000), Ok(data));
    }
}

#[test]
fn what_unpacks_to_more_than_the_limit_is_refused_before_it_is_unpacked() {
    let coded = coder::encode(&vec![b'a'; 100_000], primed());
    assert!(coded.len() < 1_000, "{}", coded.len());
    assert_eq!(coder::decode(&coded, primed(), 50_000), Err(UrlError::InflatesTooLarge));
}

/// A long name and many references to it: a few hundred characters that would ask for gigabytes.
#[test]
fn names_that_are_repeated_count_each_time() {
    let mut tokens = vec![0x80; 5];
    tokens.extend([1, 0x86]);
    tokens.extend(vec![b'a'; 50_000]);
    // One resource without a type, with a list of references to itself behind the links.
    tokens.extend([0xff, 0x80, 0x8a, 0x80, 0, 0x88]);
    tokens.extend([0x87, 0].repeat(20));
    let document = |tokens: &[u8]| tree::read(&[tokens, &[0x8a, 0x80, 0x80]].concat());
    assert_eq!(
        document(&tokens).map(|document| document["Timeline"].as_array().map(Vec::len)),
        Some(Some(20))
    );
    tokens.extend([0x87, 0].repeat(100_000));
    assert_eq!(document(&tokens), None);
}

#[test]
fn a_link_that_is_cut_off_is_corrupt() {
    let link = BASE64_URL_SAFE_NO_PAD.encode(coder::encode(&tree::write(&document()), primed()));
    for length in 0..link.len() {
        let read = decode(&link[..length]);
        assert!(matches!(read, Err(UrlError::Corrupt | UrlError::NotBase64)), "{length}: {read:?}");
    }
}

#[test]
fn words_are_few_enough_for_their_numbers() {
    assert!(words::word(0).is_some() && words::word(0x70 + 0x100).is_none());
}
