// Splits the site's binary in two: what the usual visits need until something moves, and the rest. Which functions
// that are is seen in a browser: the binary gets a mark for every function, the visits are made, the marks are read.
// Called by finish_site.mjs where `cargo xtask` found all that it takes; otherwise the site stays in one piece.
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

// The first visit, links to scenarios, an embedded player; at a desk and on a telephone.
const VISITS = [
  { address: "", window: "1440,900" },
  { address: "?play=fan-out", window: "1440,900" },
  { address: "?play=fifo-over-quota", window: "1440,900" },
  { address: "?play=fan-out", window: "390,844" },
  { address: "e/?autoplay=1#g=fan-out", window: "640,400" },
];
const PATIENCE_MS = 60_000;
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm", ".svg": "image/svg+xml" };

// Runs in the visited page, and in its worker, which has no document. A visit is over when messages have moved for a
// second; who only looks at the gallery sees none.
function report(exports) {
  const called = () => Object.keys(exports).filter((name) => name.startsWith("called_") && exports[name].value);
  const send = (role) => fetch(`/called?${role}`, { method: "POST", body: called().map((name) => name.slice(7)).join(" ") });
  const channel = new BroadcastChannel("called");
  if (typeof document === "undefined") {
    channel.onmessage = () => send("worker");
    return exports;
  }
  channel.onmessage = () => send("page");
  const start = performance.now();
  const watch = setInterval(() => {
    const [moved = { startTime: start + 2_000 }] = performance.getEntriesByName("first-message");
    if (performance.now() < moved.startTime + 1_000) return;
    clearInterval(watch);
    // Leaving the page must not wait for anything.
    document.dispatchEvent(new Event("visibilitychange"));
    // A channel does not hear itself.
    new BroadcastChannel("called").postMessage("report");
  }, 20);
}

// A copy of the site whose binary has the marks and whose pages and worker report them.
function withMarks(site, pages, tool, wasm) {
  const copy = mkdtempSync(join(tmpdir(), "inflight-marks-"));
  cpSync(site, copy, { recursive: true });
  execFileSync(tool, ["mark", join(site, wasm), join(copy, wasm)]);
  for (const page of pages) {
    const listen = `addEventListener("TrunkApplicationStarted", ({ detail }) => (${report})(detail.wasm));`;
    const html = readFileSync(join(copy, page), "utf8").replace(/ integrity="?[^\s">]+"?/g, "");
    writeFileSync(join(copy, page), html.replace(/<meta charset=[^>]*>/, (charset) => `${charset}<script>${listen}</script>`));
  }
  const worker = join(copy, "engine_worker.js");
  const started = /await start\((.*)\);/;
  if (!started.test(readFileSync(worker, "utf8"))) throw new Error("engine_worker.js starts nothing");
  writeFileSync(worker, readFileSync(worker, "utf8").replace(started, `(${report})(await start($1));`));
  return copy;
}

// The numbers of the functions that a visit calls, in the page and in its worker, told to a server of its own.
async function visit({ address, window }, folder, chromium) {
  const called = new Set();
  const missing = new Set(["page", "worker"]);
  let heard;
  const all = new Promise((resolve) => (heard = resolve));
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url, "http://site");
    if (request.method === "POST") {
      let body = "";
      request.on("data", (chunk) => (body += chunk));
      request.on("end", () => {
        for (const number of body.split(" ")) called.add(number);
        missing.delete(search.slice(1));
        if (!missing.size) heard();
        response.end();
      });
      return;
    }
    const file = join(folder, pathname.endsWith("/") ? `${pathname}index.html` : pathname);
    try {
      const content = readFileSync(file);
      response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream").end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const profile = mkdtempSync(join(tmpdir(), "inflight-visit-"));
  const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", `--user-data-dir=${profile}`];
  const url = `http://127.0.0.1:${server.address().port}/${address}`;
  const browser = spawn(chromium, [...flags, `--window-size=${window}`, url], { stdio: "ignore" });
  const gone = new Promise((resolve) => browser.once("exit", resolve));
  const patience = setTimeout(heard, PATIENCE_MS);
  await all;
  clearTimeout(patience);
  browser.kill();
  await gone;
  server.closeAllConnections();
  server.close();
  await remove(profile);
  if (missing.size) throw new Error(`${url} did not say which functions it calls: ${[...missing].join(", ")}`);
  return called;
}

// A browser's helpers may write for a moment longer than the browser lives.
async function remove(folder, tries = 20) {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    if (!tries) throw error;
    await sleep(200);
    await remove(folder, tries - 1);
  }
}

// Names hold a hash of the content, and the pages say what the content has to be.
function rename(site, pages, { from, to }) {
  const script = `${to}.js`;
  writeFileSync(join(site, script), readFileSync(join(site, `${from}.js`), "utf8").replaceAll(from, to));
  rmSync(join(site, `${from}.js`));
  for (const page of pages) {
    const html = readFileSync(join(site, page), "utf8").replaceAll(from, to);
    const checked = html.replace(/<link [^>]*integrity=[^>]*>/g, (link) => {
      const file = join(site, dirname(page), /href="?([^\s">]+)/.exec(link)[1]);
      const hash = createHash("sha384").update(readFileSync(file)).digest("base64");
      return link.replace(/integrity="?[^\s">]+"?/, `integrity="sha384-${hash}"`);
    });
    writeFileSync(join(site, page), checked);
  }
}

export async function split(site, pages, { tool, chromium }) {
  const from = readdirSync(site).find((name) => /^playground-.*\.js$/.test(name)).slice(0, -".js".length);
  const wasm = `${from}_bg.wasm`;
  const marks = withMarks(site, pages, tool, wasm);
  const called = new Set();
  for (const each of VISITS) for (const number of await visit(each, marks, chromium)) called.add(number);
  writeFileSync(join(marks, "called"), [...called].join(" "));
  const parts = ["first", "rest"].map((part) => join(marks, part));
  execFileSync(tool, ["split", join(site, wasm), join(marks, "called"), ...parts]);
  const [first, rest] = parts.map((part) => readFileSync(part));
  const to = `playground-${createHash("sha256").update(first).update(rest).digest("hex").slice(0, 16)}`;
  rmSync(join(site, wasm));
  writeFileSync(join(site, `${to}_bg.wasm`), first);
  writeFileSync(join(site, `${to}_rest.wasm`), rest);
  rename(site, pages, { from, to });
  rmSync(marks, { recursive: true, force: true });
  const megabytes = (bytes) => `${(bytes.length / 1e6).toFixed(2)} MB`;
  console.log(`  in two parts: ${called.size} functions and ${megabytes(first)} at first, ${megabytes(rest)} later`);
}
