//! Filter policies, in SNS's own words.

use crate::diagnostic::Diagnostics;
use crate::model::Scenario;

pub(super) fn check(_scenario: &Scenario, _out: &mut Diagnostics) {}
