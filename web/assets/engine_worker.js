// Starts the page's own binary a second time, in a worker. The first message names its JavaScript and brings
// its wasm, compiled already: nothing is loaded twice, and page and worker can never differ.
import "./rest.js";

self.onmessage = async ({ data }) => {
  self.onmessage = null;
  const { default: start } = await import(data.script);
  const exports = await start({ module_or_path: data.module });
  if (data.rest) inflightRest.join(exports, data.rest);
};
