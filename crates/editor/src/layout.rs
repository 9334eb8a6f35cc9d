//! Where nodes stand.

use std::collections::BTreeMap;

use messaging::LogicalId;

use crate::geometry::Point;

/// The top left corner of every node.
pub type Places = BTreeMap<LogicalId, Point>;
