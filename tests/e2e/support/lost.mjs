// What a page must not lose when it is small, large, or drawn in a person's own colours.
import { expect } from "@playwright/test";

// No sideways scroll, no control cut off or covered, no text of a control cut off without a way to read it.
export async function expectNothingLost(page, screen) {
  const found = await page.evaluate(() => {
    const problems = [];
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) problems.push(`scrolls sideways: ${root.scrollWidth} > ${root.clientWidth}`);
    const say = (element) => `${element.tagName.toLowerCase()}.${element.className?.baseVal ?? element.className} "${(element.getAttribute("aria-label") ?? element.textContent).trim().slice(0, 40)}"`;
    const tall = root.scrollHeight > root.clientHeight + 1;
    const dialog = document.querySelector("dialog[open]");
    const controls = (dialog ?? document).querySelectorAll("button, input, select, textarea, a[href], [role=tab], [role=slider], [role=option], [role=treeitem]");
    for (const control of controls) {
      const style = getComputedStyle(control);
      const box = control.getBoundingClientRect();
      // What is folded away, as in a closed `details`, keeps its box.
      if (!control.checkVisibility() || style.visibility !== "visible" || style.opacity === "0" || box.width < 2 || box.height < 2) continue;
      // What is on the canvas moves with it, and what is in a scroller is reached by scrolling.
      if (control.closest("[data-node], [data-group], [data-note], svg.edges, .vh, .toast")) continue;
      let scroller = null;
      let cut = null;
      for (let up = control.parentElement; up && up !== document.body; up = up.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(up);
        if (/(auto|scroll)/.test(overflowX + overflowY) && (up.scrollWidth > up.clientWidth + 1 || up.scrollHeight > up.clientHeight + 1)) scroller ??= up;
        const outer = up.getBoundingClientRect();
        if (!scroller && /(hidden|clip)/.test(overflowX) && (box.left < outer.left - 1 || box.right > outer.right + 1)) cut ??= up;
        if (!scroller && /(hidden|clip)/.test(overflowY) && (box.top < outer.top - 1 || box.bottom > outer.bottom + 1)) cut ??= up;
      }
      if (cut) problems.push(`cut off by ${say(cut)}: ${say(control)}`);
      if (scroller || (tall && !dialog && (box.top < 0 || box.bottom > innerHeight) && box.left >= -1 && box.right <= innerWidth + 1)) continue;
      if (box.left < -1 || box.right > innerWidth + 1 || box.top < -1 || box.bottom > innerHeight + 1) {
        problems.push(`outside of the page: ${say(control)} at ${Math.round(box.left)},${Math.round(box.top)} to ${Math.round(box.right)},${Math.round(box.bottom)}`);
        continue;
      }
      const at = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      // A wide inspector lies over the canvas until it is closed; flags stand on the axis that is dragged.
      if (at?.closest(".toast") || (at?.closest("aside.inspector") && !control.closest("aside"))) continue;
      if (control.matches(".scrub") && at?.closest(".tracks")) continue;
      const own = at && (control.contains(at) || at.contains(control) || at.closest("label")?.contains(control) || at.closest(".field")?.contains(control));
      if (!own && !control.disabled) problems.push(`covered by ${at ? say(at) : "nothing"}: ${say(control)}`);
      if (control.tagName === "BUTTON" && control.scrollWidth > control.clientWidth + 2 && style.overflow !== "visible" && !control.title && !control.hasAttribute("aria-label")) {
        problems.push(`its text is cut off: ${say(control)}`);
      }
    }
    return problems;
  });
  expect.soft(found, screen).toEqual([]);
}

// Every control that Tab comes to is on the page, and its focus is seen.
export async function expectFocusVisible(page, presses = 40) {
  const found = [];
  for (let press = 0; press < presses; press += 1) {
    await page.keyboard.press("Tab");
    const problem = await page.evaluate(() => {
      const focused = document.activeElement;
      if (!focused || focused === document.body) return null;
      const name = `${focused.tagName}.${focused.className?.baseVal ?? focused.className} ${focused.getAttribute("aria-label") ?? focused.textContent.trim().slice(0, 30)}`;
      const box = focused.getBoundingClientRect();
      if (box.right <= 0 || box.bottom <= 0 || box.left >= innerWidth || box.top >= innerHeight) return `not on the page: ${name}`;
      const ringed = (element) => {
        const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(element);
        return (outlineStyle !== "none" && parseFloat(outlineWidth) >= 1) || boxShadow !== "none" || borderColor === "Highlight";
      };
      const around = [focused, focused.closest("label"), focused.closest(".field"), focused.closest(".search"), focused.parentElement];
      return around.some((element) => element && ringed(element)) ? null : `no ring: ${name}`;
    });
    if (problem) found.push(problem);
  }
  expect.soft([...new Set(found)]).toEqual([]);
}
