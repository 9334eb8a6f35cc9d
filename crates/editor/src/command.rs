//! What keys, buttons, menus and the list of commands ask for.

use crate::panels::DockTab;

/// What a key, a button or a menu asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Play or pause.
    TogglePlay,
    /// To the next thing that can be seen.
    StepForward,
    /// One second back.
    StepBack,
    /// Half the speed.
    Slower,
    /// Double the speed.
    Faster,
    /// To time zero.
    ToStart,
    /// To the furthest time reached.
    ToLive,
    /// To the next flag of the timeline.
    NextFlag,
    /// To the flag before.
    PreviousFlag,
    /// Follow a message: the last of the selection; or let go of the one followed.
    Follow,
    /// Go on from here as a run of its own; what came after is kept as another.
    Branch,
    /// Choose a component to add.
    AddComponent,
    /// Find something: a message where messages are listed, or anything.
    Find,
    /// Find anything: a command, a node, a component, a scenario.
    Commands,
    /// Show the minimap where there is use for it, or not.
    Minimap,
    /// Choose targets for links from the selection.
    Connect,
    /// Choose a fault for the selection.
    InjectFault,
    /// Select the nearest node that way.
    MoveFocus(Direction),
    /// Move the selected nodes by one grid step.
    Nudge(Direction),
    /// Open the inspector.
    OpenInspector,
    /// Back out one level.
    Back,
    /// Rename the selection.
    Rename,
    /// Duplicate the selection, and the links inside it.
    Duplicate,
    /// Put the selection on the clipboard.
    Copy,
    /// Put it there and delete it.
    Cut,
    /// Put what is on the clipboard into the diagram.
    Paste,
    /// Delete the selection.
    Delete,
    /// Select every node.
    SelectAll,
    /// From now on a tap or a click adds a node to the selection, or takes it out; or no longer.
    SelectSeveral,
    /// Take the last change back.
    Undo,
    /// Make it again.
    Redo,
    /// Choose what marks are coloured by.
    ColourBy,
    /// To the next node in trouble.
    NextProblem,
    /// A tab of the dock.
    ShowDock(DockTab),
    /// Pin the first metric of the selection.
    PinMetric,
    /// Larger.
    ZoomIn,
    /// Smaller.
    ZoomOut,
    /// 100 %.
    ZoomToFull,
    /// See everything.
    FitAll,
    /// See the selection.
    FitSelection,
    /// Arrange all nodes anew.
    Arrange,
    /// Bring the selected nodes into a line.
    Align(Alignment),
    /// Make the spaces between the selected nodes the same.
    Distribute(Axis),
    /// Draw the selected nodes as a group; or a group no longer.
    Group,
    /// Write a note in the middle of what is seen.
    AddNote,
    /// Share.
    Share,
    /// The list of keys.
    Shortcuts,
    /// To the next region of the page.
    NextRegion,
    /// To the region before.
    PreviousRegion,
}

/// What comes into a line when nodes are aligned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alignment {
    /// Left edges.
    Left,
    /// Middles, across.
    Centre,
    /// Right edges.
    Right,
    /// Upper edges.
    Top,
    /// Middles, down.
    Middle,
    /// Lower edges.
    Bottom,
}

/// A direction of the canvas in which spaces are made the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// From left to right.
    Across,
    /// From top to bottom.
    Down,
}

/// A direction on the canvas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Towards smaller x.
    Left,
    /// Towards larger x.
    Right,
    /// Towards smaller y.
    Up,
    /// Towards larger y.
    Down,
}
