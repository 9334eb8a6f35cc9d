//! Colours and letters: the page's tokens, written into the picture so that it needs nothing else.

use crate::picture::Theme;

/// The page's tokens that a picture uses: name, light, dark. A test holds them against `web/styles/tokens.css`.
pub(crate) const TOKENS: &[(&str, &str, &str)] = &[
    ("c-canvas", "#F2F4F4", "#0F1517"),
    ("c-grid", "#DBE1E1", "#20292C"),
    ("c-surface", "#FFFFFF", "#1B2326"),
    ("c-line", "#E0E5E5", "#283236"),
    ("c-line-strong", "#C5CDCD", "#3A474B"),
    ("c-edge", "#7E8C89", "#64757A"),
    ("c-ink", "#152021", "#E8EDED"),
    ("c-ink-2", "#445253", "#B3BFC0"),
    ("c-ink-3", "#5E6C6D", "#8D9B9D"),
    ("c-visible", "#1C5A88", "#7DB0E2"),
    ("c-inflight", "#4F8AB6", "#4F82AE"),
    ("c-delayed", "#71879A", "#74899A"),
    ("c-track", "#E3E9EB", "#2A3539"),
    ("c-near", "#E0A11B", "#F0BC3A"),
    ("c-near-ink", "#8A5700", "#EDBB5E"),
    ("c-throttled", "#C83A14", "#F4714D"),
    ("c-throttled-ink", "#B02E14", "#FA8D74"),
    ("c-throttled-soft", "#FCE9E4", "#37211C"),
    ("c-dead", "#64194E", "#C583B8"),
    ("m1", "#1B5CC4", "#62AAFE"),
    ("m2", "#C757AE", "#D97FB5"),
    ("m3", "#7D8E2B", "#CFD965"),
    ("m4", "#2A3640", "#E4EEF3"),
    ("m5", "#138289", "#5FD3D6"),
    ("m6", "#7A460F", "#B06D42"),
    ("m7", "#76838A", "#8B989F"),
];

const RULES: &str = "text{font:400 11px -apple-system,BlinkMacSystemFont,'Segoe UI',Inter,Roboto,'Noto Sans',\
'Liberation Sans',system-ui,sans-serif;fill:var(--c-ink-2);unicode-bidi:isolate;white-space:pre}\
.title{font-size:14px;font-weight:600;fill:var(--c-ink)}.name{font-size:12.5px;font-weight:600;fill:var(--c-ink)}\
.big{font-size:15px;font-weight:600;fill:var(--c-ink)}.b{font-weight:600;fill:var(--c-ink)}\
.soft{fill:var(--c-ink-3)}.end{text-anchor:end}.mid{text-anchor:middle}.said{font-size:12.5px;fill:var(--c-ink)}\
.near-t{fill:var(--c-near-ink)}.bad-t{fill:var(--c-throttled-ink)}.dead-t{fill:var(--c-dead)}\
.ground{fill:var(--c-canvas)}.dot{fill:var(--c-grid)}.bar{fill:var(--c-surface);stroke:var(--c-line)}\
.card{fill:var(--c-surface);stroke:var(--c-line-strong)}.card.near{stroke:var(--c-near)}\
.card.thr{stroke:var(--c-throttled)}.card.dd{stroke:var(--c-dead)}\
.card.down{stroke:var(--c-throttled);stroke-dasharray:4 3;fill:var(--c-throttled-soft)}\
.line{stroke:var(--c-line);fill:none}.ico{fill:none;stroke:currentColor;stroke-width:1.5;stroke-linecap:round;\
stroke-linejoin:round;color:var(--c-ink)}.edge{fill:none;stroke:var(--c-edge);stroke-linecap:round;\
stroke-linejoin:round}.edge.dead{stroke:var(--c-dead);stroke-dasharray:4 3.5}.edge.cut{stroke-dasharray:2 5}\
.edge.poll{stroke-width:1.2;stroke-dasharray:2.5 4}.port{fill:var(--c-surface);stroke:var(--c-edge);\
stroke-width:1.5}.port.thr{fill:var(--c-throttled);stroke:var(--c-throttled)}\
.pill{fill:var(--c-canvas)}.pill.thr{fill:var(--c-throttled-soft)}.track{fill:var(--c-track)}\
.visible{fill:var(--c-visible)}.inflight{fill:var(--c-inflight)}.delayed{fill:var(--c-delayed)}\
.deadbar{fill:var(--c-dead)}.use{fill:var(--c-ink-3)}.use.near{fill:var(--c-near)}.over{fill:var(--c-throttled)}\
.tick{fill:var(--c-ink)}.spark{fill:none;stroke:var(--c-ink-3);stroke-width:1.2}\
.spark.bad{stroke:var(--c-throttled)}.lane{fill:none;stroke:var(--c-line)}.lane.hot{fill:var(--c-throttled-soft)}\
.k0{fill:var(--m1)}.k1{fill:var(--m2)}.k2{fill:var(--m3)}.k3{fill:var(--m4)}.k4{fill:var(--m5)}.k5{fill:var(--m6)}\
.k6{fill:var(--c-canvas);stroke:var(--m7);stroke-width:1.8}.refused{fill:var(--c-canvas);\
stroke:var(--c-throttled);stroke-width:1.6}.out{fill:var(--c-canvas);stroke:var(--c-edge);stroke-width:1.2}\
.gone{stroke:var(--c-dead);stroke-width:1.5}";

/// The style sheet of a picture.
pub(crate) fn sheet(theme: Theme) -> String {
    let block = |dark: bool| -> String {
        TOKENS
            .iter()
            .map(|(name, light, night)| format!("--{name}:{};", if dark { night } else { light }))
            .collect()
    };
    let scheme = match theme {
        Theme::Light => format!("svg{{{}}}", block(false)),
        Theme::Dark => format!("svg{{{}}}", block(true)),
        Theme::Auto => {
            format!("svg{{{}}}@media(prefers-color-scheme:dark){{svg{{{}}}}}", block(false), block(true))
        }
    };
    format!("<style>{scheme}{RULES}</style>")
}
