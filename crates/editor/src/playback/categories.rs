//! Which value of a message has which colour and shape.

use crate::run::Catalogue;
use engine::PayloadInfo;
use messaging::trace::Transit;

/// The category of everything beyond the sixth value.
pub const OTHER_CATEGORY: u8 = 6;

/// What marks are coloured by.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum ColourBy {
    /// Nothing: all marks are alike.
    #[default]
    Nothing,
    /// The body of the message.
    Body,
    /// A message attribute.
    Attribute(String),
    /// The message group id or partition key.
    Key,
    /// The shard the record goes to.
    Shard,
}

impl ColourBy {
    /// What the legend is headed, such as `Colour by state`.
    pub fn title(&self) -> String {
        match self {
            Self::Nothing => "One colour".into(),
            Self::Body => "Colour by message".into(),
            Self::Attribute(name) => format!("Colour by {name}"),
            Self::Key => "Colour by key".into(),
            Self::Shard => "Colour by shard".into(),
        }
    }
}

/// Which value has which category: assigned in order of volume at first sight, then fixed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Categories {
    /// The values of the categories m1 to m6, as far as given away.
    pub values: Vec<String>,
    /// Some value had to be "other".
    pub has_other: bool,
}
