//! What can be added.

use messaging::ResourceKind;
use messaging::descriptor::PaletteGroup;

/// A section of the palette.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaletteSection {
    /// Its heading.
    pub title: &'static str,
    /// What can be added.
    pub items: Vec<PaletteItem>,
}

/// Something that can be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaletteItem {
    /// Its kind.
    pub kind: ResourceKind,
    /// Which of the kind's presets.
    pub preset: Option<usize>,
    /// What people call it.
    pub title: &'static str,
    /// What it does.
    pub description: &'static str,
    /// File name of its icon.
    pub icon: &'static str,
}

/// What can be added, narrowed by what was typed.
pub fn palette(find: &str) -> Vec<PaletteSection> {
    let wanted = find.trim().to_lowercase();
    let items_of = |group: PaletteGroup| -> Vec<PaletteItem> {
        items()
            .filter(|item| item.kind.descriptor().group == group)
            .filter(|item| item.title.to_lowercase().contains(&wanted))
            .collect()
    };
    PaletteGroup::ALL
        .into_iter()
        .map(|group| PaletteSection { title: group.title(), items: items_of(group) })
        .filter(|section| !section.items.is_empty())
        .collect()
}

/// Everything that can be added: each kind, and each of its presets.
pub(crate) fn items() -> impl Iterator<Item = PaletteItem> {
    ResourceKind::ALL.iter().copied().flat_map(|kind| {
        let descriptor = kind.descriptor();
        let item = move |preset, title, icon| PaletteItem {
            kind,
            preset,
            title,
            description: descriptor.description,
            icon,
        };
        let plain = std::iter::once(item(None, descriptor.title, descriptor.icon));
        let presets = descriptor.presets.iter().enumerate();
        plain.chain(presets.map(move |(place, preset)| item(Some(place), preset.title, preset.icon)))
    })
}
