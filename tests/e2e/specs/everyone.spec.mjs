// Point 8, everyone: axe-core finds nothing on any screen in both themes and sizes, and nothing is lost at 320 px, at
// 200 %, in forced colours or with reduced motion (UI.md sections 10 and 12).
import { expectAccessible } from "../support/axe.mjs";
import { expectFocusVisible, expectNothingLost } from "../support/lost.mjs";
import { expect, test } from "../support/test.mjs";

const key = (playground, name) => playground.page.keyboard.press(name);
const closeDialog = async (playground) => {
  await key(playground, "Escape");
  await expect(playground.dialog).toHaveCount(0);
};
const nav = (playground, name) => playground.page.getByRole("navigation", { name: "Views" }).getByRole("button", { name });

// What the dock shows; on a telephone it is a view of its own.
async function show(playground, name) {
  const wide = playground.transport.getByRole("button", { name, exact: true });
  if (await nav(playground, name).count()) await nav(playground, name).click();
  else if ((await wide.getAttribute("aria-pressed")) !== "true") await wide.click();
}

async function showDiagram(playground) {
  if (await nav(playground, "Diagram").count()) await nav(playground, "Diagram").click();
}

// Every screen by its name; `look` is called on each.
const screens = {
  "home and dialogs": async (playground, look) => {
    const { page, dialog } = playground;
    await playground.openGallery();
    await look("gallery");
    await page.getByRole("button", { name: "Import a file" }).click();
    await look("import");
    await dialog.getByLabel("Or paste a document or a link").fill("nothing of the kind");
    await dialog.getByRole("button", { name: "Open" }).click();
    await expect(page.locator(".toast[role=alert]")).toBeVisible();
    await look("import, refused");
    await closeDialog(playground);
    await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
    await look("shortcuts");
    await closeDialog(playground);
    await playground.open("s1.%3Cscript%3E");
    await expect(page.getByRole("alert").first()).toBeVisible();
    await look("a link that cannot be read");
    await playground.openScenario("fan-out");
    await playground.canvas.focus();
    for (const [shortcut, name] of [["Control+k", "commands"], ["a", "add a component"], ["x", "faults"]]) {
      await key(playground, shortcut);
      await expect(dialog).toBeVisible();
      await look(name);
      if (name === "faults") {
        await dialog.getByRole("tab", { name: "At a time" }).click();
        await look("a fault at a time");
      }
      await closeDialog(playground);
      await playground.canvas.focus();
    }
    await key(playground, "Control+Shift+S");
    for (const tab of await dialog.getByRole("tablist", { name: "Share" }).getByRole("tab").all()) {
      await tab.click();
      await look(`share, ${await tab.textContent()}`);
    }
    await closeDialog(playground);
  },

  "editor and inspector": async (playground, look) => {
    const { page, inspector } = playground;
    await playground.openBlank();
    await look("an empty diagram");
    await playground.openScenario("fifo-over-quota");
    await look("stopped");
    await playground.play();
    await expect(playground.node("single.fifo")).toHaveAccessibleName(/refusing/);
    await playground.pause();
    await look("paused");
    await playground.select("single.fifo");
    for (const tab of ["Live", "Configure", "Messages", "Log"]) {
      await playground.tab(tab).click();
      await look(`inspector, ${tab}`);
    }
    await playground.tab("Configure").click();
    await inspector.getByRole("button", { name: "Connect to" }).click();
    await look("connect");
    await key(playground, "Escape");
    await key(playground, "Escape");
    await playground.canvas.focus();
    await key(playground, "Control+a");
    await expect(inspector.getByRole("heading", { level: 2 })).toHaveText(/nodes$/);
    await look("several nodes");
    await key(playground, "Escape");
    if (await page.getByTitle("About this diagram").count()) await page.getByTitle("About this diagram").click();
    await look("the diagram as a whole");
    await inspector.getByRole("button", { name: "Edit as text" }).click();
    await look("text view");
    const json = page.getByRole("textbox", { name: "Diagram as JSON" });
    await json.fill((await json.inputValue()).replace("AWS::SQS::Queue", "AWS::SQS::Quee"));
    await expect(inspector.getByRole("button", { name: /Line \d+$/ }).first()).toBeVisible();
    await look("text view with a fault");
  },

  "time, tracks, journeys": async (playground, look) => {
    const { page } = playground;
    await playground.openScenario("poison-message");
    await playground.seekTo(40);
    await playground.seekTo(20);
    await look("in the past");
    await playground.canvas.getByRole("button", { name: "Branch" }).click();
    await show(playground, "Metrics");
    await expect(page.getByRole("group", { name: "Runs" })).toBeVisible();
    await look("two runs compared");
    await page.getByRole("group", { name: "Show tracks as" }).getByRole("button", { name: "Table" }).click();
    await look("tracks as a table");
    await page.getByRole("group", { name: "Show tracks as" }).getByRole("button", { name: "Plot" }).click();
    await showDiagram(playground);
    await playground.seekTo(60);
    await show(playground, "Events");
    await look("events");
    await show(playground, "Journeys");
    await look("journeys");
    await page.getByRole("listbox", { name: "Messages, latest first" }).getByRole("option", { name: /^#10 / }).click();
    await expect(page.getByRole("group", { name: "Journey of #10" })).toBeVisible();
    await look("a journey");
    await showDiagram(playground);
    await look("following a message");
  },

  "filter policy and lanes": async (playground, look) => {
    await playground.openScenario("filter-by-state");
    await playground.seekTo(10);
    await playground.openSubscription("orders", "refunds");
    await playground.tester.getByRole("option", { name: /filtered out$/ }).first().click();
    await look("filter policy");
    await playground.policy.fill('{ "state": "cancelled" }');
    await expect(playground.policy).toHaveAttribute("aria-invalid", "true");
    await look("filter policy, refused");
    await playground.openScenario("hot-shard");
    await playground.seekTo(5);
    await playground.select("positions");
    await look("a stream and its lanes");
  },
};

for (const [width, height] of [[1440, 900], [390, 844]]) {
  for (const colorScheme of ["light", "dark"]) {
    test.describe(`axe, ${colorScheme}, ${width} × ${height}`, () => {
      test.use({ colorScheme, viewport: { width, height } });
      test.describe.configure({ timeout: 120_000 });
      for (const [name, visit] of Object.entries(screens)) {
        test(name, async ({ playground }) => {
          await visit(playground, (screen) => expectAccessible(playground.page, screen));
        });
      }
    });
  }
}

// 200 % of 1440 × 900 is a page of 720 × 450; 400 % of 1280 wide is one of 320.
const circumstances = {
  "320 px wide": { viewport: { width: 320, height: 640 } },
  "200 %": { viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 },
  "forced colours": { viewport: { width: 1440, height: 900 }, forcedColors: "active" },
};
for (const [circumstance, options] of Object.entries(circumstances)) {
  test.describe(circumstance, () => {
    test.use(options);
    test.describe.configure({ timeout: 120_000 });
    for (const [name, visit] of Object.entries(screens)) {
      test(`nothing is cut off or covered: ${name}`, async ({ playground }) => {
        await visit(playground, (screen) => expectNothingLost(playground.page, screen));
      });
    }
    test("the focus is seen wherever Tab comes", async ({ playground }) => {
      await playground.openGallery();
      await expectFocusVisible(playground.page, 30);
      await playground.openScenario("fan-out");
      await expectFocusVisible(playground.page, 60);
    });
  });
}

test.describe("reduced motion", () => {
  test.use({ reducedMotion: "reduce" });
  test("nothing moves by itself, and counts stand where marks would travel", async ({ playground }) => {
    const { page } = playground;
    const moving = () => page.evaluate(() => document.getAnimations().filter((animation) => animation.playState === "running").map((animation) => animation.animationName ?? animation.transitionProperty));
    await playground.open();
    await page.goto("./?play=fan-out");
    await playground.isReady();
    await expect(playground.playButton, "play never starts by itself").toBeVisible();
    await playground.play();
    await playground.passes(3);
    expect(await moving()).toEqual([]);
    await expect(page.getByRole("combobox", { name: "How hops are shown" }).locator("option:checked")).toHaveText("No moving marks");
    await playground.select("orders");
    expect(await moving()).toEqual([]);
    await page.getByRole("banner").getByRole("button", { name: "Share" }).click();
    await expect(playground.dialog).toBeVisible();
    expect(await moving()).toEqual([]);
    await expectNothingLost(page, "share with reduced motion");
  });
});
