//! Managed Service for Apache Flink, formerly Kinesis Data Analytics: a stream analytics application with a filter, a
//! key, windows and an aggregate (KDA-1 to KDA-10).

mod application;
mod output;
mod properties;
mod reader;
mod state;
mod windows;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::call::Latency;
use crate::registry::ServiceRequest;
use crate::service_error::ServiceError;

pub use application::{Application, ApplicationTimer};
pub use properties::{Aggregate, ApplicationProperties, Time, Window, WindowType};

/// Applications answer no requests.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Request {}
/// Applications answer no requests.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Response {}
/// Applications answer no requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Error {}

impl fmt::Display for Error {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}
impl ServiceError for Error {
    fn code(&self) -> &'static str {
        match *self {}
    }
}
impl ServiceRequest for Request {
    fn operation(&self) -> &'static str {
        match *self {}
    }
    fn latency(&self) -> Latency {
        match *self {}
    }
}
