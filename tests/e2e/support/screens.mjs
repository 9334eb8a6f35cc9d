// The screens of UI.md: how to come to each, and which picture of the design it is held against.
//   at       the fragment that opens it
//   document or the document that is imported
//   show     what is done then; simulated time stands when it returns
//   design   its picture: light, then dark, then on a telephone; `null` where the design has none
//   sizes    `wide` and `phone`, unless said otherwise
//   compared in the screenshot tests; the others are on the contact sheet only
import { expect } from "@playwright/test";
import { kindsBoard, retailPlatform, wiresBoard } from "./boards.mjs";

const order = "g=order-events";
const wide = ["wide"];

async function selectAndPlay(still, name, milliseconds) {
  if (name) await still.choose(name);
  await still.playFor(milliseconds);
}

async function wrongPolicy(still) {
  const { playground } = still;
  await still.choose("orders");
  if ((await still.size()) === "phone") await still.page.getByRole("button", { name: "Show more" }).tap();
  await playground.tab("Configure").click();
  await playground.inspector.getByRole("button", { name: /^to refunds\b/ }).click();
  await playground.policy.fill(
    '{\n  "state": ["cancelled", "declined"],\n  "amount": [{ "numeric": [">=", 20, "<"] }],\n  "channel": [{ "anything-but": ["test"] }]\n}',
  );
  await still.pass(400);
  await expect(playground.policy).toHaveAttribute("aria-invalid", "true");
  await playground.tester.getByRole("option", { name: /filtered out$/ }).first().click();
}

async function followDeadLetter(still) {
  const { page, playground } = still;
  await playground.canvas.focus();
  await page.keyboard.press("j");
  if ((await still.size()) === "wide") await page.getByRole("combobox", { name: "What to step to" }).selectOption("Dead-letter");
  await page.keyboard.press("Shift+,");
  if ((await still.size()) === "wide") await expect(playground.canvas.getByText("Following")).toBeVisible();
  await still.leaveFocus();
  await still.pass(500);
}

async function share(still) {
  await still.page.getByRole("banner").getByRole("button", { name: "Share" }).click();
  await still.playground.dialog.getByRole("tab", { name: "Embed" }).click();
  await still.pass(500);
}

async function connect(still) {
  await still.choose("orders");
  await still.playground.canvas.focus();
  await still.page.keyboard.press("c");
  await still.pass(500);
}

// All of the board, or from further away: zooms out until the canvas is at most at so many per cent.
const kindsAt = (percent) => async (still) => {
  const { page } = still;
  const press = async (name) => {
    await page.getByRole("button", { name }).click();
    await still.pass(100);
  };
  await press("Fold away");
  await press("Fit everything");
  const level = page.locator(".zoom .level");
  for (let turn = 0; turn < 16 && Number.parseInt(await level.textContent(), 10) > percent; turn += 1) await press("Zoom out");
  await still.playFor(20_000);
};

export const screens = [
  { name: "01-editor", design: ["01-editor", "09-editor-dark"], sizes: wide, at: `${order}&t=132s`, compared: true,
    show: (still) => selectAndPlay(still, "ledger.fifo", 2_400) },
  { name: "02-filter-policy", design: ["02-filter-policy"], at: `${order}&t=132s`, compared: true, show: wrongPolicy },
  { name: "03-kinesis-lanes", design: ["03-kinesis-ordering", "15-kinesis-dark"], at: "g=hot-shard&t=28s", compared: true,
    show: async (still) => {
      await still.choose("positions");
      await still.playground.canvas.focus();
      await still.page.keyboard.press("Shift+2");
      await still.playFor(2_000);
    } },
  { name: "03b-stream-or-queue", at: "g=stream-or-queue&t=20s", sizes: wide, show: (still) => selectAndPlay(still, null, 2_000) },
  { name: "04-gallery", design: ["04-gallery"], compared: true, show: (still) => still.pass(300) },
  { name: "05-journey", design: ["05-journey"], at: `${order}&t=134s`, compared: true, show: followDeadLetter },
  { name: "06-share", design: ["06-share"], sizes: wide, at: `${order}&t=134s`, compared: true, show: share },
  { name: "08-mobile", design: [null, null, "08-mobile"], sizes: ["phone"], at: "g=filter-by-state&t=10s", compared: true,
    show: (still) => selectAndPlay(still, "refunds", 2_000) },
  { name: "08b-mobile-inspect", design: [null, null, "08b-mobile-inspect"], sizes: ["phone"], at: "g=fifo-over-quota&t=3s", compared: true,
    show: async (still) => {
      await selectAndPlay(still, "single.fifo", 2_000);
      await still.page.getByRole("button", { name: "Show more" }).tap();
      await still.pass(500);
    } },
  { name: "12-connect", design: ["12-connect"], sizes: wide, at: `${order}&t=134s`, compared: true, show: connect },
  { name: "13-sixty-nodes", design: ["13-sixty-nodes"], sizes: wide, document: retailPlatform, compared: true,
    show: (still) => still.playFor(20_000) },
  { name: "14-empty", design: ["14-states"], compared: true,
    show: async (still) => {
      await still.page.getByRole("button", { name: "Blank canvas" }).click();
      await still.pass(500);
    } },
  { name: "14-loading", at: "g=visibility-timeout", compared: true, loading: true, show: (still) => still.pass(1_000) },
  { name: "14-error", compared: true,
    show: async (still) => {
      await still.page.goto("./?engine=inline#s1.q1ZKy0xRsjLSUQrKTEksTk5MSVWyMtQFAA");
      await still.page.reload();
      await still.pass(1_500);
    } },
  { name: "14-near-quota", at: `${order}&t=134s`, compared: true, show: (still) => still.choose("pick-pack") },
  { name: "14-throttled", at: "g=fifo-over-quota&t=5s", compared: true, show: (still) => still.choose("single.fifo") },
  { name: "14-paused", at: "g=filter-by-state&t=10s", compared: true,
    show: async (still) => {
      await still.playFor(2_000);
      await still.playground.pauseButton.click();
      await still.pass(100);
    } },
  { name: "14-past", at: "g=visibility-timeout&t=40s", compared: true,
    show: async (still) => {
      const time = still.playground.scrubber;
      if ((await still.size()) === "wide") await time.press("PageDown");
      else await time.fill("0.2");
      await still.pass(500);
    } },
  { name: "14-ended", at: "g=poison-message&t=1m58s", compared: true, show: (still) => still.playFor(6_000) },
  { name: "10-kinds-full", design: ["10-node-anatomy", "10b-node-anatomy-dark"], sizes: wide, document: kindsBoard, viewport: { width: 1980, height: 1560 },
    show: kindsAt(100) },
  { name: "10-kinds-compact", sizes: wide, document: kindsBoard, viewport: { width: 1440, height: 1000 }, show: kindsAt(70) },
  { name: "10-kinds-glyph", sizes: wide, document: kindsBoard, show: kindsAt(40) },
  { name: "10-kinds-dot", sizes: wide, document: kindsBoard, show: kindsAt(20) },
  { name: "11-wires", design: ["11-edges-and-rates"], sizes: wide, document: wiresBoard, show: (still) => still.playFor(5_000) },
  { name: "16-reduced-motion", design: ["16b-motion-reduced"], sizes: wide, at: "g=filter-by-state&t=10s", reducedMotion: true,
    show: (still) => still.playFor(2_000) },
];
