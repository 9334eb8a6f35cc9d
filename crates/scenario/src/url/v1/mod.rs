//! The first codec: the document as a [`tree`] of small tokens, squeezed by an arithmetic coder that predicts
//! each bit from what came before ([`coder`], [`predictor`]), then base64url.
//!
//! Everything in this folder is frozen: links written with it have to be read for ever. What has to change
//! becomes `v2` beside it. A new member of the document needs no change: [`tree`] appends what it has no place for.

mod coder;
mod predictor;
mod tree;
mod words;

use std::sync::OnceLock;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::Value;

use self::predictor::Predictor;
use super::UrlError;
use crate::limits::MAX_DOCUMENT_BYTES;
use crate::model::Scenario;
use crate::parse::{Parsed, parse_value};

pub(super) const PREFIX: &str = "s1";

/// Documents the predictor has seen before it sees the one in the link. Never changes.
const PRIME: &str = include_str!("prime.json");
/// What a link may unpack to, in bytes of the token tree. Ours.
const MAX_TREE_BYTES: usize = MAX_DOCUMENT_BYTES / 2;

/// The payload of a link, and whether [`decode`] would unpack all of it.
pub(super) fn encode(scenario: &Scenario) -> (String, bool) {
    let tree = tokens(scenario);
    let fits = tree.len() <= MAX_TREE_BYTES && tree::read(&tree).is_some();
    (of_tokens(&tree), fits)
}

/// The payload of a link that holds these tokens, whatever they are.
pub(super) fn of_tokens(tokens: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(coder::encode(tokens, primed()))
}

/// The tokens of a document.
pub(super) fn tokens(scenario: &Scenario) -> Vec<u8> {
    tree::write(&scenario.to_value())
}

pub(super) fn decode(payload: &str) -> Result<Parsed, UrlError> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(payload).map_err(|_| UrlError::NotBase64)?;
    let tree = coder::decode(&bytes, primed(), MAX_TREE_BYTES)?;
    let document = tree::read(&tree).ok_or(UrlError::Corrupt)?;
    Ok(parse_value(&document))
}

/// The predictor after the prime: the same in every run, so it is made once.
fn primed() -> &'static Predictor {
    static PRIMED: OnceLock<Predictor> = OnceLock::new();
    PRIMED.get_or_init(|| {
        let documents: Vec<Value> = serde_json::from_str(PRIME).unwrap_or_default();
        Predictor::primed(&documents.iter().map(tree::write).collect::<Vec<_>>())
    })
}

#[cfg(test)]
mod tests;
