// A soak: the busiest scenario at 100× for half an hour, in a real browser. It fails when memory grows, when input is
// dropped, or when anything is written to the console as an error. INFLIGHT_SOAK_MINUTES makes it shorter or longer.
import { readFileSync } from "node:fs";
import { chromium } from "@playwright/test";
import { Playground } from "./support/playground.mjs";

const minutes = Number(process.env.INFLIGHT_SOAK_MINUTES ?? 30);
const scenario = process.env.INFLIGHT_SOAK_SCENARIO ?? "order-events";
const samples = Math.max(6, Math.round(minutes * 2));
// The first part of the run fills what is kept: history, log, checkpoints. From then on nothing may grow.
const settled = 1 / 3;
// Ours: what the last third may have on top of the second.
const growthAllowed = 0.1;
const answerWithinMs = 5_000;
const nodes = ["fulfilment", "orders", "ledger.fifo", "pick-pack"];

const asRoot = process.getuid?.() === 0;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [...(asRoot ? ["--no-sandbox"] : []), "--disable-gpu", "--no-first-run", "--disable-background-networking", "--enable-precise-memory-info"],
});
const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, baseURL: process.env.INFLIGHT_URL });
const faults = [];
page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
page.on("pageerror", (error) => faults.push(String(error)));
const session = await page.context().newCDPSession(page);
await session.send("Performance.enable");
const system = await browser.newBrowserCDPSession();

// The module is there already: importing it again gives the same instance, with its memory.
async function wasmBytes(context, glue) {
  return context.evaluate(async (glue) => (await (await import(glue)).default()).memory.buffer.byteLength, glue);
}

async function rendererBytes() {
  const { processInfo } = await system.send("SystemInfo.getProcessInfo");
  const resident = ({ id }) => {
    try {
      return 1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1] ?? 0);
    } catch {
      return 0;
    }
  };
  return Math.max(...processInfo.filter(({ type }) => type === "renderer").map(resident));
}

const playground = new Playground(page);
await playground.openScenario(scenario);
const glue = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name).find((name) => /\/playground[^/]*\.js$/.test(name)));
await playground.speed.press("End");
await playground.play();
const worker = page.workers()[0];
const mebibytes = (bytes) => Math.round(bytes / 104857.6) / 10;
const clock = async () => (await playground.clock.textContent()).split(":").reduce((sum, part) => sum * 60 + Number(part), 0);

// Selects a node by a click and waits until the inspector names it; the time that took.
async function press(turn) {
  const name = nodes[turn % nodes.length];
  const begin = performance.now();
  await playground.node(name).click({ position: { x: 18, y: 15 }, timeout: answerWithinMs });
  await playground.inspector.getByRole("heading", { level: 2, name, exact: true }).waitFor({ timeout: answerWithinMs });
  return performance.now() - begin;
}

const series = [];
let dropped = 0;
const begin = performance.now();
const clockAtBegin = await clock();
console.log("minute  simulated  heap MiB  page wasm MiB  engine wasm MiB  process MiB  input ms");
for (let turn = 0; turn < samples; turn += 1) {
  await page.waitForTimeout(Math.max(0, begin + ((turn + 1) * minutes * 60_000) / samples - performance.now()));
  // A run that is written down holds at its end once; it may go on.
  if (await playground.playButton.isVisible()) await playground.playButton.click();
  const input = await press(turn).catch(() => NaN);
  if (Number.isNaN(input)) dropped += 1;
  await session.send("HeapProfiler.collectGarbage");
  const { metrics } = await session.send("Performance.getMetrics");
  const sample = {
    minute: (performance.now() - begin) / 60_000,
    simulated: await clock(),
    heap: metrics.find(({ name }) => name === "JSHeapUsedSize").value,
    page: await wasmBytes(page, glue).catch(() => NaN),
    engine: worker ? await wasmBytes(worker, glue).catch(() => NaN) : NaN,
    process: await rendererBytes(),
    input,
  };
  series.push(sample);
  const { minute, simulated, ...bytes } = sample;
  const columns = [minute.toFixed(1), `${(simulated / 3600).toFixed(2)} h`, ...["heap", "page", "engine", "process"].map((name) => mebibytes(bytes[name]))];
  console.log([...columns, input.toFixed(0)].map((text, place) => String(text).padStart([6, 10, 9, 14, 16, 12, 9][place])).join(" "));
}

// The largest of the last third against the largest of the second.
const third = Math.floor(samples * settled);
const largest = (name, from, to) => Math.max(...series.slice(from, to).map((sample) => sample[name]).filter(Number.isFinite));
const grown = ["heap", "page", "engine", "process"].flatMap((name) => {
  const [before, after] = [largest(name, third, 2 * third), largest(name, 2 * third)];
  return after > before * (1 + growthAllowed) ? [`${name}: ${mebibytes(before)} MiB, then ${mebibytes(after)} MiB`] : [];
});
const last = series.at(-1);
const speed = (last.simulated - clockAtBegin) / (last.minute * 60);
console.log(`speed reached: ${speed.toFixed(1)}×, input dropped: ${dropped} of ${samples}, errors: ${faults.length}`);
for (const fault of faults.slice(0, 10)) console.log(`error: ${fault}`);
for (const line of grown) console.log(`grows: ${line}`);
await browser.close();
const passed = grown.length === 0 && dropped === 0 && faults.length === 0;
console.log(passed ? "soak passed" : "soak FAILED");
process.exitCode = passed ? 0 : 1;
