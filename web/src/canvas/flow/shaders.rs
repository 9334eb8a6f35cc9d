//! The graphics card's side of the painter: `pose.rs`, `look.rs` and `band.rs` once more, in its language.

/// Places a mark from its words and the clock. A wire is a row of the table: 65 points, its lower side, its
/// length.
pub(super) const MARK_VERTEX: &str = "#version 300 es
precision highp float; precision highp int; precision highp sampler2D;
layout(location=0) in vec2 hop;
layout(location=1) in uint tag;
uniform sampler2D wires;
uniform vec4 view;
uniform vec4 screen;
uniform float now;
uniform int wire_count;
uniform vec4 looks[105];
flat out vec4 inside;
flat out vec4 ring;
flat out vec4 form;
void main() {
  int link = int(tag >> 16u), category = int((tag >> 8u) & 255u), style = int(tag & 255u);
  float age = now - hop.x, share = age * hop.y, opacity = 1.0, swing = 0.0, fall = 0.0;
  bool shown = age >= 0.0 && link < wire_count;
  if (style == 2) {
    fall = age / 0.6;
    shown = shown && fall < 1.0; opacity = 1.0 - fall;
    share = min(12.0 / max(texelFetch(wires, ivec2(66, link), 0).x * view.z, 1e-3), 0.5);
  } else if (style == 1 && share < 1.0) {
    style = 0;
  } else if (style == 1) {
    float back = (age - 1.0 / hop.y) / 0.62;
    shown = shown && back < 1.0; opacity = 1.0 - back * back * back;
    swing = 112.0 * back * (1.0 - back); share = 1.0 - back;
  } else {
    shown = shown && share < 1.0;
  }
  if (!shown) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); gl_PointSize = 1.0; return; }
  float place = clamp(share, 0.0, 1.0) * 64.0;
  int piece = min(int(place), 63);
  vec2 a = texelFetch(wires, ivec2(piece, link), 0).xy, b = texelFetch(wires, ivec2(piece + 1, link), 0).xy;
  vec2 below = texelFetch(wires, ivec2(65, link), 0).xy;
  vec2 at = (mix(a, b, place - float(piece)) - view.xy) * view.z + below * swing + vec2(0.0, 22.0 * fall);
  int look = (style * 7 + category) * 3;
  inside = looks[look]; ring = vec4(looks[look + 1].rgb, opacity);
  float radius = looks[look + 1].w * view.w * 0.5, extent = 0.57 * view.w + 2.2;
  form = vec4(radius, looks[look + 2].xy, extent);
  gl_Position = vec4(at.x / screen.x * 2.0 - 1.0, 1.0 - at.y / screen.y * 2.0, 0.0, 1.0);
  gl_PointSize = 2.0 * extent * screen.z;
}";

/// Draws a mark: its shape by signed distance, smoothed over one device pixel.
pub(super) const MARK_FRAGMENT: &str = "#version 300 es
precision highp float;
flat in vec4 inside;
flat in vec4 ring;
flat in vec4 form;
uniform vec4 screen;
out vec4 colour;
float rounded_box(vec2 p, vec2 size, float corner) {
  vec2 q = abs(p) - size + corner;
  return length(max(q, 0.0)) + min(max(q.x, q.y), 0.0) - corner;
}
float outline(int shape, vec2 p, float r) {
  vec2 q = abs(p);
  if (shape == 0) return length(p) - 0.94 * r;
  if (shape == 1) return rounded_box(p, vec2(0.84 * r), 0.26 * r);
  if (shape == 2) return max(p.y - 0.86 * r, 0.871 * q.x - 0.491 * p.y - 0.501 * r);
  if (shape == 3) return (q.x + q.y - 1.14 * r) * 0.7071;
  if (shape == 4) return rounded_box(p, vec2(0.5 * r, 1.1 * r), 0.45 * r);
  if (shape == 5) return max(q.x - 0.909 * r, 0.5 * q.x + 0.866 * q.y - 0.909 * r);
  return length(p) - 0.72 * r;
}
void main() {
  float d = outline(int(inside.w + 0.5), (gl_PointCoord * 2.0 - 1.0) * form.w, form.x);
  float edge = clamp(0.5 + (form.z - d) * screen.z, 0.0, 1.0);
  if (edge == 0.0) discard;
  vec3 ink = mix(ring.rgb, inside.rgb, clamp(0.5 + (form.y - d) * screen.z, 0.0, 1.0));
  float alpha = edge * ring.a;
  colour = vec4(ink * alpha, alpha);
}";

/// A band as a strip of triangles along its wire; no buffers, the vertex number says where.
pub(super) const BAND_VERTEX: &str = "#version 300 es
precision highp float; precision highp int; precision highp sampler2D;
uniform sampler2D wires;
uniform vec4 view;
uniform vec4 screen;
uniform int link;
uniform vec4 band;
out vec2 inner;
vec2 point(int piece) { return texelFetch(wires, ivec2(clamp(piece, 0, 64), link), 0).xy; }
void main() {
  int piece = gl_VertexID >> 1;
  float side = float(gl_VertexID & 1) * 2.0 - 1.0;
  vec2 ahead = point(piece + 1) - point(piece - 1);
  vec2 along = ahead / max(length(ahead), 1e-6);
  float across = side * (band.x * 0.5 + 1.0);
  vec2 at = (point(piece) - view.xy) * view.z + vec2(-along.y, along.x) * across;
  inner = vec2(across, float(piece) / 64.0 * texelFetch(wires, ivec2(66, link), 0).x * view.z);
  gl_Position = vec4(at.x / screen.x * 2.0 - 1.0, 1.0 - at.y / screen.y * 2.0, 0.0, 1.0);
}";

/// Stripes by share, notches across them.
pub(super) const BAND_FRAGMENT: &str = "#version 300 es
precision highp float;
in vec2 inner;
uniform vec4 screen;
uniform vec4 band;
uniform float limits[7];
uniform vec3 inks[8];
out vec4 colour;
void main() {
  float across = clamp(inner.x / band.x + 0.5, 0.0, 1.0);
  float cover = clamp(0.5 + (band.x * 0.5 - abs(inner.x)) * screen.z, 0.0, 1.0);
  vec3 ink = inks[6];
  for (int stripe = 6; stripe >= 0; stripe--) if (across <= limits[stripe]) ink = inks[stripe];
  float turn = (inner.y - 2.0 + 4.5 * abs(2.0 * across - 1.0) - band.z) / band.y;
  float off = abs(fract(turn) - 0.5) * band.y;
  float notch = clamp(0.5 + (0.75 - off) * screen.z, 0.0, 1.0) * 0.75;
  float alpha = cover * mix(0.88, 1.0, notch);
  colour = vec4(mix(ink, inks[7], notch) * alpha, alpha);
}";
