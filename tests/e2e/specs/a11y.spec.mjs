// axe-core finds nothing on any screen, light and dark, wide and narrow.
import { expectAccessible } from "../support/axe.mjs";
import { expect, test } from "../support/test.mjs";

for (const [width, height] of [[1440, 900], [390, 844]]) {
  for (const colorScheme of ["light", "dark"]) {
    test.describe(`${colorScheme}, ${width} × ${height}`, () => {
      test.use({ colorScheme, viewport: { width, height } });

      test("no accessibility violations", async ({ playground }) => {
        const { page } = playground;
        await playground.openGallery();
        await expectAccessible(page, "gallery");

        await playground.scenario("fifo-over-quota").click();
        await playground.isReady();
        await expectAccessible(page, "editor, stopped");
        await playground.play();
        await expect(playground.node("single.fifo")).toHaveAccessibleName(/refusing/);
        await playground.pause();
        await playground.select("single.fifo");
        await expectAccessible(page, "editor, running, a queue inspected");
        await playground.tab("Configure").click();
        await expectAccessible(page, "a queue's settings");

        await page.getByRole("banner").getByRole("button", { name: "Share" }).click();
        await expect(playground.dialog).toBeVisible();
        await expectAccessible(page, "share");
      });

      test("no accessibility violations in the filter policy editor", async ({ playground }) => {
        const { page } = playground;
        await playground.openScenario("filter-by-state");
        await playground.seekTo(10);
        await playground.openSubscription("orders", "refunds");
        await playground.tester.getByRole("option", { name: /filtered out$/ }).first().click();
        await expectAccessible(page, "filter policy");
        await playground.policy.fill('{ "state": "cancelled" }');
        await expect(playground.policy).toHaveAttribute("aria-invalid", "true");
        await expectAccessible(page, "filter policy, refused");
      });
    });
  }
}
