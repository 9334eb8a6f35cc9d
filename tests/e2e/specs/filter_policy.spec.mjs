// The filter policy editor: SNS's own words while typing, and a tester that explains (UI.md section 4.2).
import { expect, test } from "../support/test.mjs";

async function openPolicy(playground) {
  await playground.openScenario("filter-by-state");
  await playground.subscription("orders", "refunds").click();
  await expect(playground.policy).toHaveValue(/"state": \["cancelled"\]/);
}

// SNS-205, SNS-251: the code and the text of SetSubscriptionAttributes.
test("an invalid policy is refused in SNS's own words and place, and the last valid one stays", async ({ playground }) => {
  await openPolicy(playground);
  await playground.policy.fill('{\n  "state": "cancelled"\n}');
  await expect(playground.policy).toHaveAttribute("aria-invalid", "true");
  await expect(playground.policy).toHaveAccessibleDescription(
    /InvalidParameter, Invalid parameter: FilterPolicy: "state" must be an object or an array/,
  );
  await expect(playground.inspector.locator(".ln.err i")).toHaveText("2");
  await expect(playground.inspector.locator(".sq")).toHaveText('"cancelled"');
  await expect(playground.applyButton).toBeDisabled();
  await expect(playground.tester).toContainText("Using the last valid version");

  // Messages go by the version in force: 20 of 60 are cancelled.
  await playground.seekTo(31);
  await expect(playground.node("refunds")).toHaveAccessibleName(/, 20 visible/);
});

test("a valid change is counted, applied and undone", async ({ playground }) => {
  await openPolicy(playground);
  await playground.policy.fill('{ "state": ["cancelled", "declined"] }');
  await expect(playground.inspector.getByText("1 of 5 keys")).toBeVisible();
  await expect(playground.inspector.getByText("2 of 150 combinations")).toBeVisible();
  await playground.applyButton.click();
  await expect(playground.subscription("orders", "refunds")).toHaveAccessibleName(/state: cancelled, declined/);
  await playground.seekTo(31);
  await expect(playground.node("refunds")).toHaveAccessibleName(/, 30 visible/);
  await playground.page.getByRole("banner").getByRole("button", { name: "Undo" }).click();
  await expect(playground.subscription("orders", "refunds")).toHaveAccessibleName(/state: cancelled /);
});

test("the tester explains a recent message key by key", async ({ playground }) => {
  await openPolicy(playground);
  await playground.seekTo(10);
  const messages = playground.tester.getByRole("listbox", { name: "Last messages, newest last" });
  await expect(messages.getByRole("option").first()).toBeVisible();
  await expect(playground.tester.getByText(/^\d+ of the last \d+ match$/)).toBeVisible();
  await messages.getByRole("option", { name: /filtered out$/ }).first().click();
  await expect(playground.tester.getByText("state does not match.")).toBeVisible();
  const row = playground.tester.getByRole("row").nth(1);
  await expect(row.getByRole("cell").first()).toContainText("state");
  await expect(row.getByRole("cell").nth(1)).toContainText("cancelled");
  await expect(row.getByRole("cell").nth(2)).toContainText(/placed|declined/);
  await messages.getByRole("option", { name: /matches$/ }).first().click();
  await expect(playground.tester.getByText("Every key that must match does.")).toBeVisible();
  await expect(row.getByRole("cell").nth(3)).toContainText("Matches");
});

test("a message of one's own is tested, and one that is none is refused", async ({ playground }) => {
  await openPolicy(playground);
  const own = playground.tester.getByLabel("Or test a message of your own");
  await own.fill('{"attributes": {"state": {"Type": "String", "Value": "cancelled"}}, "body": "{}"}');
  await own.press("Tab");
  await expect(playground.tester.getByText("Every key that must match does.")).toBeVisible();
  await own.fill("no message");
  await own.press("Tab");
  await expect(own).toHaveAccessibleDescription(/This is not JSON/);
});

test("a policy on the message body reads the body", async ({ playground }) => {
  await openPolicy(playground);
  await playground.inspector.getByRole("button", { name: "Message body" }).click();
  await playground.policy.fill('{ "order": [{ "prefix": "dec" }] }');
  await playground.applyButton.click();
  await playground.seekTo(31);
  await expect(playground.node("refunds")).toHaveAccessibleName(/, 10 visible/);
});

// The settings of a topic are long; what is opened from their end starts at its own top.
test("a subscription opens at its policy, wherever the settings before were left", async ({ playground }) => {
  await playground.openScenario("filter-by-state");
  await playground.openSubscription("orders", "refunds");
  await expect(playground.policy).toBeInViewport();
});
