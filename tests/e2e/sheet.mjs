// The contact sheet: product and design side by side, screen by screen, from the pictures of `cargo xtask screens`.
// Writes target/screens/index.html, and index.png for those who want one picture.
import { existsSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";
import { chromium } from "@playwright/test";
import { screens } from "./support/screens.mjs";

const out = resolve("../../target/screens");
const variants = [["wide", "light", 0], ["wide", "dark", 1], ["phone", "light", 2], ["phone", "dark", 3]];

function cell(file, caption) {
  if (!file) return `<figure class="none"><figcaption>${caption}</figcaption></figure>`;
  return `<figure><a href="${file}"><img src="${file}" alt="${caption}"></a><figcaption>${caption}</figcaption></figure>`;
}

function rows(screen) {
  return variants.flatMap(([size, theme, place]) => {
    const file = `${screen.name}-${size}-${theme}.png`;
    if (!existsSync(`${out}/${file}`)) return [];
    const design = screen.design?.[place];
    const picture = design && pathToFileURL(resolve(`design/${design}.webp`)).href;
    return [`<section class="${size}"><h2>${screen.name}, ${size}, ${theme}</h2><div>${cell(picture, design ? `Design: ${design}` : "No picture in the design")}${cell(file, "Product")}</div></section>`];
  });
}

const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Screens: design and product</title><style>
body { margin: 20px; font: 13px system-ui, sans-serif; background: #ddd; color: #152021; display: flex; flex-wrap: wrap; gap: 16px }
section.wide { width: 1440px } section.phone { width: 472px } h2 { font-size: 13px; margin: 0 0 4px }
section > div { display: flex; gap: 10px } figure { margin: 0; flex: 1; min-width: 0 } figcaption { color: #445253 }
img { width: 100%; display: block; border: 1px solid #999 } .none { display: grid; place-items: center; border: 1px dashed #999 }
</style>${screens.flatMap(rows).join("\n")}</html>`;
writeFileSync(`${out}/index.html`, html);

const asRoot = process.getuid?.() === 0;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: asRoot ? ["--no-sandbox"] : [],
});
const page = await browser.newPage({ viewport: { width: 1520, height: 900 } });
await page.goto(pathToFileURL(`${out}/index.html`).href);
await page.screenshot({ path: `${out}/index.png`, fullPage: true });
await browser.close();
console.log(`${out}/index.html`);
