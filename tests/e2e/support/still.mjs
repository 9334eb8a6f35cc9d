// A page that can be photographed: the same fonts on every machine, an engine that answers within the frame, and a
// clock that moves only when it is told to. What is seen then depends on the document, its seed and simulated time.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const font = (file) => readFileSync(require.resolve(file)).toString("base64");
// The fonts of the design's own pictures.
const fonts = [
  ["Inter", "100 900", font("@fontsource-variable/inter/files/inter-latin-wght-normal.woff2")],
  ["DejaVu Sans Mono", "400", font("@fontsource/dejavu-mono/files/dejavu-mono-latin-400-normal.woff2")],
  ["DejaVu Sans Mono", "700", font("@fontsource/dejavu-mono/files/dejavu-mono-latin-700-normal.woff2")],
];

// Any instant will do, as long as it is always the same.
const start = Date.UTC(2026, 0, 1, 12);

function useFonts(fonts) {
  for (const [family, weight, base64] of fonts) {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    document.fonts.add(new FontFace(family, bytes.buffer, { weight }));
  }
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`:root { --font-ui: "Inter"; --font-mono: "DejaVu Sans Mono" }
    * { caret-color: transparent !important }`);
  document.adoptedStyleSheets = [sheet];
}

// An engine that is never there: the worker is started, and does not answer.
function neverAnswer() {
  // The page's patience with a worker does not end either.
  const { setTimeout } = window;
  window.setTimeout = (call, delay, ...more) => (delay === 4_000 ? 0 : setTimeout(call, delay, ...more));
  window.Worker = class extends EventTarget {
    postMessage() {}
    terminate() {}
  };
}

export class Still {
  constructor(playground) {
    this.playground = playground;
    this.page = playground.page;
  }

  // Opens one of `screens.mjs`, and holds the clock.
  async show(screen) {
    await this.page.addInitScript(useFonts, fonts);
    await this.page.clock.install({ time: start });
    if (screen.loading) await this.page.addInitScript(neverAnswer);
    await this.page.goto(`./${screen.loading ? "" : "?engine=inline"}${screen.at ? `#${screen.at}` : ""}`);
    if (screen.document) await this.importDocument(screen.document());
    if (screen.loading) await this.playground.nodes().first().waitFor();
    else if (screen.at || screen.document) await this.playground.isReady();
    else await this.playground.scenario("fan-out").waitFor();
    await this.hold();
    await screen.show(this);
  }

  async importDocument(document) {
    await this.page.getByRole("button", { name: "Import a file" }).click();
    const { dialog } = this.playground;
    await dialog.getByLabel("Or paste a document or a link").fill(JSON.stringify(document));
    await dialog.getByRole("button", { name: "Open" }).click();
  }

  // From here on time moves by `pass` only. Half a second goes by first: whatever was under way is done then.
  async hold() {
    await this.page.clock.pauseAt(start + 60_000);
    await this.pass(500);
  }

  async pass(milliseconds) {
    await this.page.clock.runFor(milliseconds);
  }

  // Plays for so long, and leaves the run at work: the next frame never comes.
  async playFor(milliseconds) {
    await this.playground.playButton.click();
    await this.pass(milliseconds);
  }

  // Selects a node, which opens the inspector, and waits until it has answered.
  async choose(name) {
    await this.playground.node(name).focus();
    await this.page.keyboard.press("Enter");
    await this.pass(300);
    await this.leaveFocus();
  }

  // The ring around what has the keyboard is a picture of its own.
  async leaveFocus() {
    await this.page.evaluate(() => document.activeElement?.blur());
  }

  async size() {
    return (await this.page.evaluate(() => innerWidth)) < 640 ? "phone" : "wide";
  }
}
