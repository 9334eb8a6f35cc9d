// The page as a person meets it: by roles and names. What has neither is found by the attributes that the
// page's own pointer code reads (`data-node`, `data-port`, `data-scenario`).
import { expect } from "@playwright/test";

const quoted = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

export class Playground {
  constructor(page) {
    this.page = page;
    this.canvas = page.getByRole("application");
    this.inspector = page.locator("aside.inspector");
    this.dialog = page.getByRole("dialog");
    this.transport = page.getByRole("group", { name: "Transport" });
    this.clock = page.getByRole("timer", { name: "Simulation time" });
    this.scrubber = page.getByRole("slider", { name: "Simulation time" });
    this.speed = page.getByRole("slider", { name: "Speed" });
    this.playButton = this.transport.getByRole("button", { name: "Play", exact: true });
    this.pauseButton = this.transport.getByRole("button", { name: "Pause", exact: true });
    this.title = page.getByRole("textbox", { name: "Title of the diagram" });
    this.policy = page.getByRole("textbox", { name: "Filter policy JSON" });
    this.applyButton = page.getByRole("button", { name: /^Apply at/ });
    this.tester = page.getByRole("region", { name: "Test on recent messages" });
  }

  // Opening

  async open(fragment = "") {
    await this.page.goto(fragment ? `./#${fragment}` : "./");
  }

  async openGallery() {
    await this.open();
    await expect(this.scenario("fan-out")).toBeVisible();
  }

  scenario(name) {
    return this.page.locator(`[data-scenario="${name}"]`);
  }

  // Opens a scenario of the gallery and waits until it can be played.
  async openScenario(name) {
    await this.openGallery();
    await this.scenario(name).click();
    await this.isReady();
  }

  async openBlank() {
    await this.openGallery();
    await this.page.getByRole("button", { name: "Blank canvas" }).click();
    await expect(this.canvas).toBeVisible();
  }

  // A document, by the import dialog.
  async importDocument(document) {
    await this.openGallery();
    await this.page.getByRole("button", { name: "Import a file" }).click();
    await this.dialog.getByLabel("Or paste a document or a link").fill(JSON.stringify(document));
    await this.dialog.getByRole("button", { name: "Open" }).click();
  }

  async isReady() {
    await expect(this.playButton).toBeEnabled();
  }

  // The fragment of the address bar, once it holds what is drawn now.
  async fragment() {
    await expect.poll(() => new URL(this.page.url()).hash).toMatch(/^#s1\../);
    return new URL(this.page.url()).hash.slice(1);
  }

  // The diagram

  node(name) {
    return this.canvas.getByRole("group", { name: new RegExp(`^${quoted(name)}, `) });
  }

  nodes() {
    return this.canvas.locator("[data-node]");
  }

  async nodeNames() {
    return (await this.nodes().evaluateAll((nodes) => nodes.map((node) => node.dataset.node))).sort();
  }

  // What a screen reader says of every node, by name.
  async nodeLabels() {
    const labels = await this.nodes().evaluateAll((nodes) => nodes.map((node) => node.getAttribute("aria-label")));
    return labels.sort();
  }

  // The same is said of every node here and there.
  async expectSameCounts(other) {
    await expect(async () => {
      expect(await this.nodeLabels()).toEqual(await other.nodeLabels());
    }).toPass({ timeout: 5_000 });
  }

  // The row of a subscription on its topic's card.
  subscription(topic, target) {
    return this.node(topic).getByRole("button", { name: new RegExp(`^to ${quoted(target)},`) });
  }

  // Opens a subscription from its topic's settings, at any zoom.
  async openSubscription(topic, target) {
    await this.select(topic);
    await this.tab("Configure").click();
    await this.inspector.getByRole("button", { name: new RegExp(`^to ${quoted(target)}\\b`) }).click();
  }

  wire(from, to) {
    return this.canvas.locator(`svg.edges g[data-from="${from}"][data-to="${to}"]`);
  }

  paletteItem(title) {
    return this.page.getByRole("complementary", { name: "Components and outline" })
      .getByRole("button", { name: title, exact: true });
  }

  async place(of) {
    const box = await of.boundingBox();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }

  // Drags from one place to another in steps, as a hand does. `hold` looks at the page before letting go.
  async drag(from, to, hold = async () => {}) {
    const { mouse } = this.page;
    await mouse.move(from.x, from.y);
    await mouse.down();
    await mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 4 });
    await mouse.move(to.x, to.y, { steps: 4 });
    await hold();
    await mouse.up();
  }

  // Drags a component to a point of the canvas, given in shares of its width and height.
  async dragFromPalette(title, x, y) {
    const box = await this.canvas.boundingBox();
    await this.drag(await this.place(this.paletteItem(title)), { x: box.x + x * box.width, y: box.y + y * box.height });
  }

  // The port on the right of a node, from which links are drawn.
  port(name) {
    return this.canvas.locator(`[data-node="${name}"] [data-port]`).last();
  }

  async select(name) {
    // On its icon: below are rows and ports with a use of their own.
    await this.node(name).click({ position: { x: 18, y: 15 } });
    await expect(this.inspector.getByRole("heading", { level: 2, name, exact: true })).toBeVisible();
    // On a telephone it is a peek first.
    const more = this.page.getByRole("button", { name: "Show more" });
    if (await more.isVisible()) await more.click();
  }

  // The inspector

  tab(name) {
    return this.inspector.getByRole("tab", { name, exact: true });
  }

  // The control of a property of the selected node or link.
  property(name) {
    return this.inspector.getByLabel(new RegExp(`^${name}\\b`));
  }

  async setProperty(name, value) {
    const control = this.property(name);
    await control.fill(value);
    await control.press("Tab");
  }

  // The value of a metric of the selected node since the start of the run, without its rate.
  async expectMetric(name, value) {
    const row = this.inspector.locator("table.metrics tr").filter({ has: this.page.getByRole("cell", { name, exact: true }) });
    await expect(row.getByRole("cell").nth(1)).toHaveText(new RegExp(`(^|, )${quoted(value)}$`));
  }

  // The engine

  // Before a page is opened whose engine is to be stopped.
  async watchEngine() {
    await this.page.addInitScript(() => {
      const Worker = window.Worker;
      window.workers = [];
      window.Worker = class extends Worker {
        constructor(...args) {
          super(...args);
          window.workers.push(this);
        }
      };
    });
  }

  // As if it had failed. The test empties its `faults`.
  async stopEngine() {
    await this.page.evaluate(() => window.workers.at(-1).dispatchEvent(new ErrorEvent("error", { message: "stopped for the test" })));
    await expect(this.page.getByText("Simulation stopped.")).toBeVisible();
  }

  // Time

  async play() {
    await this.isReady();
    await this.playButton.click();
    await expect(this.pauseButton).toBeVisible();
  }

  async pause() {
    await this.pauseButton.click();
    await expect(this.playButton).toBeVisible();
  }

  // Goes to a whole simulated second with the scrubber's keys.
  async seekTo(second) {
    const press = async (key, then) => {
      await this.scrubber.press(key);
      await expect(this.scrubber).toHaveAttribute("aria-valuenow", String(then));
    };
    await press("Home", 0);
    for (let at = 0; at < second; ) {
      const step = second - at >= 10 ? 10 : 1;
      at += step;
      await press(step === 10 ? "PageUp" : "ArrowRight", at);
    }
    // A telephone has no clock beside its slider.
    if (await this.clock.count()) await expect(this.clock).toHaveText(clockText(second));
  }

  async seconds() {
    const [hours, minutes, seconds] = (await this.clock.textContent()).split(":").map(Number);
    return hours * 3600 + minutes * 60 + seconds;
  }

  // Waits until the clock has passed a simulated second.
  async passes(second) {
    await expect.poll(() => this.seconds()).toBeGreaterThan(second);
  }
}

export function clockText(second) {
  const two = (value) => String(Math.floor(value)).padStart(2, "0");
  return `${two(second / 3600)}:${two((second / 60) % 60)}:${two(second % 60)}.000`;
}
