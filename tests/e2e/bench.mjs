// Main-thread work in headless Chromium: per frame with moving marks, and per move of a dragged node.
// Peers' figures are those of 20 November 2026 on two cores with software graphics: only ratios of one run say more.
// The page offers `?bench=dots&n=N` with `window.__bench` and `?bench=drag&n=N` with nodes that match `[data-node]`.
import { chromium } from '@playwright/test';

const url = process.env.INFLIGHT_URL;
const flags = ['--no-sandbox', '--disable-gpu', '--disable-frame-rate-limit', '--disable-gpu-vsync',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: flags });

async function open(query) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  await page.goto(`${url}${query}`);
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable');
  return { context, page, session };
}

async function taskSeconds(session) {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find((metric) => metric.name === 'TaskDuration').value;
}

const frames = (page, milliseconds) => page.evaluate((milliseconds) => new Promise((done) => {
  const script = [];
  const begin = performance.now();
  const frame = (now) => {
    const start = performance.now();
    window.__bench.frame(now / 1000);
    script.push(performance.now() - start);
    if (start - begin > milliseconds) done(script);
    else requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}), milliseconds);

for (const marks of [1_500, 10_000, 50_000]) {
  const { context, page, session } = await open(`?bench=dots&n=${marks}`);
  await page.waitForFunction(() => window.__bench);
  await page.evaluate(() => window.__bench.ready);
  await frames(page, 400);
  const before = await taskSeconds(session);
  const script = await frames(page, 1_500);
  const main = ((await taskSeconds(session)) - before) * 1000 / script.length;
  const rate = script.length / 1.5;
  console.log(`${marks} marks: script ${median(script).toFixed(3)} ms a frame, main thread ${main.toFixed(2)} ms a frame, `
    + `${rate.toFixed(0)} frames/s`);
  await context.close();
}

console.log('peers, main-thread script a frame, ms, at 1,000 / 10,000 / 50,000 marks: PixiJS 8 0.3 / 0.37 / 0.92, '
  + 'Canvas2D fillRect 0.13 / 1.0 / 20, SVG circles 2.2 / 32 / -');

for (const nodes of [100, 500, 1_000]) {
  const { context, page, session } = await open(`?bench=drag&n=${nodes}`);
  await page.waitForSelector('[data-node]');
  const at = await page.evaluate(() => {
    const inside = [...document.querySelectorAll('[data-node]')].map((node) => node.getBoundingClientRect())
      .filter((box) => box.x > 150 && box.right < 1100 && box.y > 150 && box.bottom < 600);
    const box = inside[inside.length >> 1];
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  });
  await page.mouse.move(at.x, at.y);
  await page.mouse.down();
  await page.mouse.move(at.x + 10, at.y + 10);
  const before = await taskSeconds(session);
  const moves = 60;
  for (let move = 0; move < moves; move += 1) {
    await page.mouse.move(at.x + 60 * Math.cos(move / 3), at.y + 60 * Math.sin(move / 3));
    await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => done()); }));
  }
  const main = ((await taskSeconds(session)) - before) * 1000 / moves;
  await page.mouse.up();
  console.log(`drag with ${nodes} nodes: main thread ${main.toFixed(2)} ms a move`);
  await context.close();
}
console.log('peers, main thread a move, ms, at 100 / 500 / 1,000 nodes: hand-written DOM 3.6 / 6 / 9.8, a plain Yew graph '
  + '4.5 / 8 / 12, React Flow still 8 / 16 / 26, with an animated dot on each edge 24 / 77 / 127');

// From the first request to a message that moves; nothing is kept from one visit to the next.
const visits = { 'first paint': [], ready: [], 'first message': [] };
for (let visit = 0; visit < 7; visit += 1) {
  const { context, page } = await open('?play=fan-out');
  await page.waitForFunction(() => performance.getEntriesByName('first-message').length > 0);
  const marks = await page.evaluate(() => [
    performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
    ...['app-ready', 'first-message'].map((name) => performance.getEntriesByName(name)[0].startTime),
  ]);
  Object.values(visits).forEach((times, at) => times.push(marks[at]));
  await context.close();
}
console.log(`?play=fan-out on loopback: ${Object.entries(visits).map(([what, times]) => `${what} ${median(times).toFixed(0)} ms`).join(', ')}`);
console.log('peers: first paint / first moving mark, ms: React Flow 260 / 282, minimal Yew 120 / 114, one vanilla file 76 / 63; '
  + 'first paint alone: RabbitMQ Simulator 116, Excalidraw 264, CircuitJS1 300, Mermaid 556');
await browser.close();
