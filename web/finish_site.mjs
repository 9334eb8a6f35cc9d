// Runs after Trunk has built the site (Trunk.toml): writes the page of the player, the content security policies, and
// the list of files for the service worker. Needs nothing but Node.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { split } from "./split_site.mjs";

const site = process.env.TRUNK_STAGING_DIR;
const sources = process.env.TRUNK_SOURCE_DIR ?? ".";
if (!site) throw new Error("finish_site.mjs is called by Trunk");

const hash = (text) => `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;
const insides = (html, tag) =>
  [...html.matchAll(new RegExp(`<${tag}(?![^>]*\\bsrc=)[^>]*>([\\s\\S]*?)</${tag}>`, "g"))].map((found) => found[1]);

// Neither `unsafe-inline` nor `unsafe-eval`: what stands in the page is named by its hash.
function policy(html, { connect }) {
  const scripts = insides(html, "script").map(hash);
  const styles = insides(html, "style").map(hash);
  return [
    "default-src 'none'",
    `script-src 'self' 'wasm-unsafe-eval' ${scripts.join(" ")}`,
    `style-src 'self' ${styles.join(" ")}`,
    "img-src 'self' data: blob:",
    `connect-src ${connect}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function withPolicy(html, options) {
  // `trunk serve` adds a script of its own that reloads the page: no policy there.
  if (html.includes("new WebSocket")) return html;
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policy(html, options)}" />`;
  const changed = html.replace(/<meta charset=[^>]*>/, (charset) => `${charset}\n    ${meta}`);
  if (changed === html) throw new Error("index.html names no charset");
  return changed;
}

const page = readFileSync(join(site, "index.html"), "utf8");

// The player stands deeper, has no chrome, is no app, and asks nobody for anything. `v1` is the version of what it and
// the page around say to each other: a second one would stand beside it. `e/` is the newest.
const player = (root) => page
  .replace("<html ", `<html data-player="${root}" `)
  // In a release Trunk writes attributes in another order and without their quotes.
  .replace(/<link [^>]*rel="?(?:manifest|icon)\b[^>]*>/g, "")
  .replace(/(["'=])\.\//g, `$1${root}`)
  .replace(/<div id="?app"?>[\s\S]*?<noscript>/, '<div id="app"><div class="player skeleton" aria-busy="true"></div></div><noscript>')
  .replace(/<title>[^<]*<\/title>/, "<title>Inflight player</title>");

// Among players of one page the binary comes from the element around them (rest.js): such a frame loads none ahead.
function withSharedBinary(html) {
  const [preload] = /<link [^>]*_bg\.wasm[^>]*>/.exec(html) ?? [];
  const shared = html.replace(/module_or_path: ('[^']*')/, "module_or_path: inflightRest.file($1)");
  if (!preload || shared === html) throw new Error("index.html loads no binary");
  const link = JSON.stringify(preload.replace(/ integrity="?[^\s">]+"?/, ""));
  const ahead = `if (name !== "inflight-player") document.head.insertAdjacentHTML("beforeend", ${link});`;
  return shared.replace(preload, () => `<script>${ahead}</script>`);
}

const players = { "e/index.html": "../", "e/v1/index.html": "../../" };
for (const [file, root] of Object.entries(players)) {
  const html = withSharedBinary(player(root));
  if (!html.includes('class="player skeleton"')) throw new Error("index.html has no #app before its noscript");
  mkdirSync(join(site, dirname(file)), { recursive: true });
  writeFileSync(join(site, file), html);
}

const pages = ["index.html", ...Object.keys(players)];
const { INFLIGHT_WASM_SPLIT: tool, INFLIGHT_CHROMIUM: chromium } = process.env;
if (tool && chromium) await split(site, pages, { tool, chromium });

for (const file of pages) {
  const connect = file in players ? "'self'" : "'self' https:";
  writeFileSync(join(site, file), withPolicy(readFileSync(join(site, file), "utf8"), { connect }));
}

// The custom element, so that a copied folder has all there is.
mkdirSync(join(site, "player"), { recursive: true });
for (const file of ["inflight-player.js", "inflight-player.d.ts"]) {
  cpSync(join(sources, "player", file), join(site, "player", file));
}

// What works without a network: everything. The list's hash is the version of the cache.
const files = [];
function collect(folder) {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) collect(path);
    else if (name !== "service_worker.js") files.push(path);
  }
}
collect(site);
const version = createHash("sha256");
for (const file of files) version.update(relative(site, file)).update(readFileSync(file));
const list = files.map((file) => relative(site, file).replaceAll("\\", "/")).map((file) => file.replace(/(^|\/)index\.html$/, "$1"));
const worker = readFileSync(join(sources, "web/assets/service_worker.js"), "utf8")
  .replace('"VERSION"', JSON.stringify(version.digest("hex").slice(0, 16)))
  .replace("[/* FILES */]", JSON.stringify(list.map((file) => `./${file}`)));
writeFileSync(join(site, "service_worker.js"), worker);
