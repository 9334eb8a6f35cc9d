import inflight from "./inflight-remark.mjs";

// Where a copy of the site stands.
const player = "/inflight/";

export default {
  title: "Queues, played",
  url: "https://example.org",
  baseUrl: "/",
  onBrokenLinks: "throw",
  scripts: [{ src: `${player}player/inflight-player.js`, type: "module" }],
  presets: [
    [
      "@docusaurus/preset-classic",
      { docs: { routeBasePath: "/", remarkPlugins: [[inflight, { player }]] }, blog: false, theme: {} },
    ],
  ],
};
