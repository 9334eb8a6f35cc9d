//! A diagram inside another page: what its readers may do, and what they see.

use scenario::JsonPointer;

use crate::edit::Edit;
use crate::state::EditorState;

/// What the readers of a page may do with the diagram.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Play, seek, look.
    #[default]
    Play,
    /// Also change properties and inject faults; the diagram stays as it is drawn.
    Tweak,
    /// Everything.
    Edit,
}

/// A diagram inside another page. It keeps nothing in the browser and leaves the address alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Player {
    /// What may be done.
    pub mode: Mode,
    /// Resources, or properties as `resource.Property`, that nobody may change.
    pub locked: Vec<String>,
    /// Parts that are not shown: `captions`, `legend`, `open`, `title`, `speed`, `clock`.
    pub hidden: Vec<String>,
    /// The diagram is shown at 100 % from its origin, and not made to fit.
    pub as_drawn: bool,
}

impl Player {
    /// What the options of a link ask for; see [`scenario::url::OPTIONS`].
    pub fn from_options(options: &[(String, String)]) -> Self {
        let value = |name: &str| {
            options.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
        };
        let words = |name: &str| {
            let words = value(name).unwrap_or_default().split(',');
            words.map(|word| word.trim().to_lowercase()).filter(|word| !word.is_empty()).collect()
        };
        Self {
            mode: match value("mode") {
                Some("tweak") => Mode::Tweak,
                Some("edit") => Mode::Edit,
                _ => Mode::Play,
            },
            locked: words("lock"),
            hidden: words("hide"),
            as_drawn: value("fit") == Some("0"),
        }
    }

    /// A part is shown.
    pub fn shows(&self, part: &str) -> bool {
        !self.hidden.iter().any(|hidden| hidden == part)
    }

    fn permits(&self, edit: &Edit) -> bool {
        match (self.mode, edit) {
            (_, Edit::SetProperty { pointer, .. }) if self.is_locked(pointer) => false,
            (Mode::Edit, _) | (Mode::Tweak, Edit::SetProperty { .. }) => true,
            _ => false,
        }
    }

    /// `/Resources/shop/Properties/MaxMessages` is locked by `shop` and by `shop.maxmessages`.
    fn is_locked(&self, pointer: &JsonPointer) -> bool {
        let mut names = pointer.segments().map(|name| name.to_lowercase()).skip(1);
        let Some(owner) = names.next() else { return false };
        let property = names.nth(1).map(|property| format!("{owner}.{property}"));
        self.locked.iter().any(|locked| *locked == owner || Some(locked) == property.as_ref())
    }
}

impl EditorState {
    /// The document may be changed so.
    pub(crate) fn permits(&self, edit: &Edit) -> bool {
        self.player.as_ref().is_none_or(|player| player.permits(edit))
    }

    /// Nodes may be added, moved, linked and removed.
    pub fn may_draw(&self) -> bool {
        self.player.as_ref().is_none_or(|player| player.mode == Mode::Edit)
    }

    /// Faults may be injected and properties changed.
    pub fn may_intervene(&self) -> bool {
        self.player.as_ref().is_none_or(|player| player.mode != Mode::Play)
    }
}
