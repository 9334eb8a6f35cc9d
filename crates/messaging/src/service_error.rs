//! What every refusal of a service can say of itself.

use serde::{Deserialize, Serialize};

/// Who has to change something (AWS's word).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    /// The request was wrong or too much.
    Sender,
    /// The service failed.
    Receiver,
}

/// An error of a service, under the name and with the sentence AWS gives it.
pub trait ServiceError: std::fmt::Display {
    /// The error code of the API, such as `RequestThrottled`.
    fn code(&self) -> &'static str;
    /// The HTTP status.
    fn http_status(&self) -> u16 {
        400
    }
    /// Who has to change something.
    fn fault(&self) -> Fault {
        if self.http_status() >= 500 { Fault::Receiver } else { Fault::Sender }
    }
    /// True when a quota refused the call: SDKs wait longer before they try again (KDS-80).
    fn is_throttling(&self) -> bool {
        false
    }
    /// True when the same call may succeed later.
    fn is_retryable(&self) -> bool {
        self.is_throttling() || self.http_status() >= 500
    }
}
