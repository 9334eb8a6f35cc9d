// <inflight-player>: a diagram of Inflight in any page.
//
// What stands inside the element, such as a picture, is shown until somebody wants to play: then, or when the element
// comes near the view with `load="visible"`, a frame takes its place. Attributes have the names of the words of a link.

const NAMESPACE = "inflight";
const VERSION = 1;
// The words of a link that are attributes too.
const WORDS = [
  "mode", "theme", "autoplay", "repeat", "speed", "t", "seed", "profile", "panels", "controls", "fit", "lang", "motion",
  "select", "lock", "hide",
];
const EVENTS = ["ready", "state", "metrics", "assertion", "height", "changed", "error", "snapshot", "done"];
// More players than these at once would be too much for a telephone: the one that was used least recently makes room.
const MOST_AT_ONCE = 6;
const live = new Set();
// The name of a frame says that this element is around it, and hands it the files of the site.
const FILE_NAMESPACE = "inflight-file";
const FRAME_NAME = "inflight-player";
const files = new Map();

// A file of the site, loaded once for all players of the page; nothing if this page may not load it.
function file(address) {
  if (!files.has(address)) {
    const content = fetch(address).then((response) => (response.ok ? response.blob() : undefined));
    files.set(address, content.catch(() => undefined));
  }
  return files.get(address);
}

const STYLE = `
:host { display: block; position: relative; }
:host([hidden]) { display: none; }
.stage { position: relative; width: 100%; }
.poster { display: grid; }
.poster > button { grid-area: 1 / 1; place-self: center; z-index: 1; font: 600 14px system-ui, sans-serif; border: 0;
  border-radius: 999px; padding: 12px 22px; color: #fff; background: #152021; cursor: pointer; }
.poster > button:focus-visible { outline: 2px solid #5447CC; outline-offset: 3px; }
.poster > .inside { grid-area: 1 / 1; min-height: 80px; }
::slotted(img) { display: block; max-width: 100%; height: auto; margin: auto; }
iframe { display: block; width: 100%; border: 0; border-radius: 10px; background: transparent; color-scheme: normal; }
@media print { button { display: none !important; } }
`;

// Docs sites say their theme in different places; without any, the reader's system decides.
function themeOfPage() {
  const root = document.documentElement;
  const said = root.dataset.theme ?? document.body?.dataset.theme ?? document.body?.dataset.mdColorScheme;
  if (said) return /dark|slate/.test(said) ? "dark" : /light|default/.test(said) ? "light" : "auto";
  if (["coal", "navy", "ayu", "dark"].some((name) => root.classList.contains(name))) return "dark";
  if (["light", "rust"].some((name) => root.classList.contains(name))) return "light";
  return "auto";
}

export class InflightPlayer extends HTMLElement {
  static observedAttributes = ["scenario", "theme", "base"];

  #frame = null;
  #waiting = [];
  #answers = new Map();
  #asked = 0;
  #stage;
  #near = null;
  #themes = null;

  constructor() {
    super();
    const shadow = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    shadow.adoptedStyleSheets = [sheet];
    this.#stage = document.createElement("div");
    this.#stage.className = "stage";
    shadow.append(this.#stage);
  }

  connectedCallback() {
    addEventListener("message", this.#hear);
    this.#showPoster();
    if (this.getAttribute("load") === "visible") {
      this.#near = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && this.load(), {
        rootMargin: "200px",
      });
      this.#near.observe(this);
    }
    this.#themes = new MutationObserver(() => this.#tellTheme());
    const options = { attributes: true, attributeFilter: ["class", "data-theme", "data-md-color-scheme"] };
    this.#themes.observe(document.documentElement, options);
    if (document.body) this.#themes.observe(document.body, options);
  }

  disconnectedCallback() {
    removeEventListener("message", this.#hear);
    this.#near?.disconnect();
    this.#themes?.disconnect();
    this.unload();
  }

  attributeChangedCallback(name, before, now) {
    if (before === now || !this.#frame) return;
    if (name === "theme") this.#tellTheme();
    else if (name === "scenario" && now) this.#say("load", { scenario: now });
    else if (name === "base") this.#showFrame();
  }

  /** The folder of the site, with its `/`. */
  get base() {
    return new URL(this.getAttribute("base") ?? new URL("../", import.meta.url), document.baseURI).href;
  }

  /** The address of the frame. */
  get address() {
    const scenario = (this.getAttribute("scenario") ?? "").replace(/^#/, "");
    const words = WORDS.filter((word) => this.hasAttribute(word)).map((word) => {
      const value = this.getAttribute(word);
      return `${word}=${encodeURIComponent(value === "" ? "1" : value)}`;
    });
    const theme = this.getAttribute("theme") ?? "auto";
    if (theme === "auto" && themeOfPage() !== "auto") words.push(`theme=${themeOfPage()}`);
    const head = /^s\d+\.|=/.test(scenario) ? scenario : `g=${encodeURIComponent(scenario)}`;
    return `${this.base}e/v${VERSION}/#${[head, ...words].join("&")}`;
  }

  /** True once the frame is there. */
  get loaded() {
    return this.#frame !== null;
  }

  #showPoster() {
    if (this.#frame) return;
    const poster = document.createElement("div");
    poster.className = "poster";
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Play";
    button.setAttribute("aria-label", `Play ${this.getAttribute("label") ?? "the diagram"}`);
    button.addEventListener("click", () => this.play());
    const inside = document.createElement("div");
    inside.className = "inside";
    inside.append(document.createElement("slot"));
    poster.append(button, inside);
    this.#stage.replaceChildren(poster);
  }

  #showFrame() {
    const frame = document.createElement("iframe");
    // Alone, a player is faster by itself: the browser asks for the binary ahead.
    if (document.querySelectorAll("inflight-player").length > 1) frame.name = FRAME_NAME;
    frame.title = this.getAttribute("label") ?? "Diagram";
    frame.setAttribute("sandbox", "allow-scripts allow-popups");
    frame.setAttribute("allow", "fullscreen");
    const height = this.getAttribute("height");
    if (height) frame.height = height;
    else frame.style.aspectRatio = "16 / 9";
    frame.src = this.address;
    this.#frame = frame;
    this.#stage.replaceChildren(frame);
  }

  /** Puts the player in the place of the poster. */
  load() {
    this.#near?.disconnect();
    if (this.#frame) return;
    live.add(this);
    if (live.size > MOST_AT_ONCE) live.values().next().value.unload();
    this.#ready = false;
    this.#showFrame();
  }

  /** Puts the poster back. */
  unload() {
    live.delete(this);
    if (!this.#frame) return;
    this.#frame = null;
    this.#ready = false;
    this.#waiting = [];
    this.#showPoster();
  }

  #ready = false;

  #say(type, values = {}) {
    const message = { ns: NAMESPACE, v: VERSION, type, ...values };
    // Words spoken before the player listens are kept for it.
    if (!this.#ready) this.#waiting.push(message);
    // The frame has an origin of its own, which nothing can name.
    else this.#frame?.contentWindow?.postMessage(message, "*");
  }

  #hear = (event) => {
    if (!this.#frame || event.source !== this.#frame.contentWindow) return;
    const { data } = event;
    if (data?.ns === FILE_NAMESPACE) this.#handOver(data.name, event.source);
    if (data?.ns !== NAMESPACE || data.v !== VERSION || !EVENTS.includes(data.type)) return;
    if (data.type === "ready") {
      this.#ready = true;
      for (const message of this.#waiting.splice(0)) this.#say(message.type, message);
    }
    if (data.type === "height" && this.hasAttribute("fit-height")) this.#frame.height = data.height;
    if (data.id !== undefined) {
      this.#answers.get(data.id)?.(data);
      this.#answers.delete(data.id);
    }
    const { ns, v, type, ...detail } = data;
    this.dispatchEvent(new CustomEvent(type, { detail }));
  };

  async #handOver(name, frame) {
    const content = /^[\w-]+\.wasm$/.test(name) ? await file(this.base + name) : undefined;
    frame.postMessage({ ns: FILE_NAMESPACE, name, content }, "*");
  }

  #ask(type, values) {
    this.load();
    const id = ++this.#asked;
    return new Promise((resolve, reject) => {
      this.#answers.set(id, (answer) => (answer.type === "error" ? reject(new Error(answer.message)) : resolve(answer)));
      this.#say(type, { ...values, id });
    });
  }

  #tellTheme() {
    const theme = this.getAttribute("theme") ?? "auto";
    this.#say("theme", { theme: theme === "auto" ? themeOfPage() : theme });
  }

  play() {
    return this.#ask("play");
  }
  pause() {
    return this.#ask("pause");
  }
  step() {
    return this.#ask("step");
  }
  seek(t) {
    return this.#ask("seek", { t });
  }
  set(path, value) {
    return this.#ask("set", { path, value });
  }
  show(scenario) {
    return this.#ask("load", { scenario });
  }
  async snapshot() {
    return (await this.#ask("snapshot")).svg;
  }
}

if (!customElements.get("inflight-player")) customElements.define("inflight-player", InflightPlayer);
