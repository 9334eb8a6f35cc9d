// What nobody needs before the first message moves stands in a second WebAssembly file beside the first. It comes by
// itself soon after that; a function that needs it earlier waits for it. `exports` are those of the first file,
// `script` is the address of its JavaScript. In a site that was built in one piece there is nothing to do.

// When it comes, in milliseconds after what happened in the page. Ours.
const AFTER = { "first-message": 500, "app-ready": 4_000 };

// The frame of an <inflight-player> has no origin, and so no cache in common with others. The element, which gave the
// frame its name, loads each file once for all its players. Code from a page around is taken by such a frame only: where
// there is an origin, it could do harm.
const shared =
  typeof document !== "undefined" && self.origin === "null" && window.name === "inflight-player" && parent !== self;

function file(address) {
  if (!shared) return fetch(address);
  const name = address.split("/").pop();
  return new Promise((resolve) => {
    addEventListener("message", function hear({ source, data }) {
      if (source !== parent || data?.ns !== "inflight-file" || data.name !== name) return;
      removeEventListener("message", hear);
      // The page around may not be allowed to load it.
      resolve(data.content ? new Response(data.content) : fetch(address));
    });
    parent.postMessage({ ns: "inflight-file", name }, "*");
  });
}

const address = (script) => script.replace(/\.js([?#].*)?$/, "_rest.wasm");

// The second file, compiled, once it is here; and the workers that want it too.
let compiled;
const workers = [];

function join(exports, module) {
  if (exports.rest_joined.value) return;
  compiled = module;
  new WebAssembly.Instance(module, { first: exports });
  exports.rest_joined.value = 1;
  for (const worker of workers) worker.postMessage({ rest: module });
}

function underServiceWorker() {
  try {
    return Boolean(navigator.serviceWorker?.controller);
  } catch {
    // A sandboxed frame may not even ask.
    return false;
  }
}

async function load(exports, script) {
  if (exports.rest_joined.value) return;
  try {
    const response = await file(address(script));
    join(exports, await WebAssembly.compile(await response.arrayBuffer()));
  } catch {
    // Whoever needs it asks again, and says so.
  }
}

function loadInTime(exports, script) {
  new PerformanceObserver((marks) => {
    for (const { name } of marks.getEntries()) if (AFTER[name]) setTimeout(() => load(exports, script), AFTER[name]);
  }).observe({ type: "mark" });
}

globalThis.inflightRest = {
  async begin(exports, script, start) {
    if (!exports.rest_joined) return start();
    if (typeof document === "undefined") {
      addEventListener("message", ({ data }) => data.rest && join(exports, data.rest));
      return start();
    }
    // A request that the page waits for passes by a service worker, which has both files, and by the element around,
    // which has them for all players. There both parts come before the start.
    if (shared || underServiceWorker()) await load(exports, script);
    else loadInTime(exports, script);
    start();
  },
  compiled: () => compiled,
  file,
  join,
  now(exports, script) {
    const request = new XMLHttpRequest();
    request.open("GET", address(script), false);
    // A page may not ask for bytes here, only for text: of each character the low byte counts.
    request.overrideMimeType("text/plain; charset=x-user-defined");
    request.send();
    if (request.status !== 200) throw new Error(`${request.responseURL} answered ${request.status}`);
    join(exports, new WebAssembly.Module(Uint8Array.from(request.responseText, (character) => character.charCodeAt(0) & 0xff)));
  },
  share(worker) {
    workers.push(worker);
  },
};
