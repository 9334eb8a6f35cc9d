// usage: engine_wasm.mjs MODULE q1|q2|q3 SIMULATED_SECONDS REPETITIONS
// Runs a workload of the engine, compiled to wasm, under Node, or with CHROMIUM=path in that browser; prints the lines
// that `bench-engine` prints.
import fs from 'node:fs';
import { createRequire } from 'node:module';

// Runs where it is sent: it refers to nothing outside.
async function measure([module, workload, seconds, repetitions]) {
  const bytes = Uint8Array.from(atob(module), (character) => character.charCodeAt(0));
  const code = { q1: 0, q2: 10, q3: 20 }[workload];
  const { instance } = await WebAssembly.instantiate(bytes, {});
  const { bench, last } = instance.exports;
  bench(code, seconds / 20, 99); // the optimising compiler finishes first
  const lines = [];
  for (let seed = 1; seed <= repetitions; seed += 1) {
    const start = performance.now();
    bench(code, seconds, seed);
    const elapsed = (performance.now() - start) / 1000;
    const fields = ['RUN', workload, 'PROJECT', last(0), last(1), elapsed.toFixed(4), `check=${last(2).toFixed(3)}`];
    lines.push(fields.join('\t'));
  }
  return lines;
}

const [modulePath, workload, seconds, repetitions] = process.argv.slice(2);
const run = [fs.readFileSync(modulePath).toString('base64'), workload, Number(seconds), Number(repetitions)];
const { CHROMIUM: executablePath } = process.env;
if (executablePath) {
  const { chromium } = createRequire(new URL('../tests/e2e/package.json', import.meta.url))('@playwright/test');
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  console.log((await (await browser.newPage()).evaluate(measure, run)).join('\n'));
  await browser.close();
} else {
  console.log((await measure(run)).join('\n'));
}
