//! Which panels are open, and what they show.

use messaging::Intervention;
use serde::{Deserialize, Serialize};

use crate::geometry::Point;

/// Home or the editor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Screen {
    /// The gallery and one's own diagrams.
    #[default]
    Gallery,
    /// The editor.
    Editor,
}

/// A tab of the palette.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PaletteTab {
    /// What can be added.
    #[default]
    Components,
    /// The diagram as a tree.
    Outline,
}

/// A tab of the inspector.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InspectorTab {
    /// How it stands now.
    #[default]
    Live,
    /// Its properties.
    Configure,
    /// Its messages.
    Messages,
    /// What happened there.
    Log,
}

/// A tab of the dock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DockTab {
    /// Tracks of metrics.
    #[default]
    Metrics,
    /// Journeys of messages.
    Journeys,
    /// What happened.
    Events,
}

/// A panel that folds away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Panel {
    /// Left.
    Palette,
    /// Right.
    Inspector,
    /// Below.
    Dock,
}

/// Light, dark, or as the system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Theme {
    /// As the system.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// How much of a narrow page the sheet with the inspector takes (UI.md section 12).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sheet {
    /// The name and how it stands, below the diagram.
    #[default]
    Peek,
    /// Half of the diagram.
    Half,
    /// Nearly all of it.
    Full,
}

impl Sheet {
    /// The next larger one, if there is one.
    #[must_use]
    pub const fn taller(self) -> Option<Self> {
        match self {
            Self::Peek => Some(Self::Half),
            Self::Half => Some(Self::Full),
            Self::Full => None,
        }
    }

    /// The next smaller one, if there is one.
    #[must_use]
    pub const fn shorter(self) -> Option<Self> {
        match self {
            Self::Peek => None,
            Self::Half => Some(Self::Peek),
            Self::Full => Some(Self::Half),
        }
    }
}

/// A dialog.
#[derive(Clone, Debug, PartialEq)]
pub enum Dialog {
    /// Share: link, embed, file.
    Share,
    /// The list of keys.
    Shortcuts,
    /// Paste or choose a document.
    Import,
    /// The address of the page names a document elsewhere: ask before it is loaded.
    OpenAddress(String),
    /// What is wrong with the document and what could be better.
    Hints,
    /// Choose a component to add.
    AddComponent,
    /// Find anything, and do it.
    Commands,
    /// Choose a fault.
    InjectFault,
}

/// A message in the corner, until it is read or replaced.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notice {
    /// What it says.
    pub text: String,
    /// It is an error of something just tried.
    pub is_error: bool,
    /// Offer to undo.
    pub can_undo: bool,
    /// Offer to open a kept diagram as it was kept last.
    pub open_draft: Option<String>,
}

/// A fault that can be put into a running world, by one press.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// What the button says.
    pub label: String,
    /// What it does.
    pub intervention: Intervention,
}

/// A text on the canvas that is being written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Writing {
    /// The title of a group, by its place in the document.
    Group(usize),
    /// A note, by its place in the document.
    Note(usize),
    /// A note that is not there yet: its top left corner, world units.
    NewNote(Point),
}

/// Which panels are open, and what they show.
#[derive(Clone, Debug, PartialEq)]
pub struct Panels {
    /// Home or the editor.
    pub screen: Screen,
    /// Tab of the palette.
    pub palette_tab: PaletteTab,
    /// Tab of the inspector.
    pub inspector_tab: InspectorTab,
    /// Tab of the dock.
    pub dock_tab: DockTab,
    /// The palette is folded out.
    pub palette_open: bool,
    /// The inspector is folded out.
    pub inspector_open: bool,
    /// The dock is folded out.
    pub dock_open: bool,
    /// How tall the sheet of a narrow page was made.
    pub sheet: Sheet,
    /// The dialog that is open.
    pub dialog: Option<Dialog>,
    /// The text typed to find a component or a target.
    pub find: String,
    /// The name of the selected node is being edited.
    pub renaming: bool,
    /// A tap or a click adds a node to the selection, as long as there is one.
    pub picking: bool,
    /// The minimap is shown where the diagram is larger than what is seen of it.
    pub minimap: bool,
    /// The text on the canvas that is being written.
    pub writing: Option<Writing>,
    /// What the person should read.
    pub notice: Option<Notice>,
    /// Why the link that was followed could not be opened.
    pub broken_link: Option<String>,
    /// Light, dark, or as the system.
    pub theme: Theme,
    /// Keys without a modifier work.
    pub single_keys: bool,
    /// The clipboard took what was copied last, until the next dialog opens.
    pub copied: Option<bool>,
}

impl Default for Panels {
    fn default() -> Self {
        Self {
            screen: Screen::default(),
            palette_tab: PaletteTab::default(),
            inspector_tab: InspectorTab::default(),
            dock_tab: DockTab::default(),
            palette_open: true,
            inspector_open: true,
            dock_open: true,
            sheet: Sheet::default(),
            dialog: None,
            find: String::new(),
            renaming: false,
            picking: false,
            minimap: true,
            writing: None,
            notice: None,
            broken_link: None,
            theme: Theme::default(),
            single_keys: true,
            copied: None,
        }
    }
}
