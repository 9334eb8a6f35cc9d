//! The first codec.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::UrlError;
use crate::model::Scenario;
use crate::parse::{Parsed, parse};

pub(super) const PREFIX: &str = "s1";

pub(super) fn encode(scenario: &Scenario) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(scenario.to_value().to_string())
}

pub(super) fn decode(payload: &str) -> Result<Parsed, UrlError> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(payload).map_err(|_| UrlError::NotBase64)?;
    Ok(parse(&String::from_utf8(bytes).map_err(|_| UrlError::Corrupt)?))
}
