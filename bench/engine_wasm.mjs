// usage: engine_wasm.mjs MODULE q1|q2|q3 SIMULATED_SECONDS REPETITIONS
// Runs a workload of the engine, compiled to wasm, under Node; prints the lines that `bench-engine` prints.
import fs from 'node:fs';

const [modulePath, workload, seconds, repetitions] = process.argv.slice(2);
const code = { q1: 0, q2: 10, q3: 20 }[workload];
const { instance } = await WebAssembly.instantiate(fs.readFileSync(modulePath), {});
const { bench, last } = instance.exports;
bench(code, Number(seconds) / 20, 99); // the optimising compiler finishes first
for (let seed = 1; seed <= Number(repetitions); seed += 1) {
  const start = performance.now();
  bench(code, Number(seconds), seed);
  const elapsed = (performance.now() - start) / 1000;
  const fields = ['RUN', workload, 'PROJECT', last(0), last(1), elapsed.toFixed(4), `check=${last(2).toFixed(3)}`];
  console.log(fields.join('\t'));
}
