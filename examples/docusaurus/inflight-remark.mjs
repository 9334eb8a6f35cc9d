// A remark plug-in: a fenced `inflight` block becomes a figure, drawn while the site is built. `mdbook-inflight` has to be
// on PATH. An expectation that does not hold fails the build.
import { spawnSync } from "node:child_process";

const literal = (value) => ({ type: "Literal", value, raw: JSON.stringify(value) });

// MDX takes no HTML, so the figure comes in as the inside of a `div`.
function inside(html) {
  const property = {
    type: "Property", kind: "init", method: false, shorthand: false, computed: false,
    key: { type: "Identifier", name: "__html" }, value: literal(html),
  };
  const expression = { type: "ObjectExpression", properties: [property] };
  const body = [{ type: "ExpressionStatement", expression }];
  return {
    type: "mdxJsxFlowElement",
    name: "div",
    attributes: [{
      type: "mdxJsxAttribute",
      name: "dangerouslySetInnerHTML",
      value: {
        type: "mdxJsxAttributeValueExpression",
        value: `{ __html: ${JSON.stringify(html)} }`,
        data: { estree: { type: "Program", sourceType: "module", comments: [], body } },
      },
    }],
    children: [],
  };
}

export default function inflight({ player }) {
  const visit = (node, file) => {
    node.children?.forEach((child, place) => {
      if (child.type !== "code" || child.lang !== "inflight") return visit(child, file);
      const options = ["figure", child.meta ?? "", ...(player ? ["--player", player] : [])];
      const done = spawnSync("mdbook-inflight", options, { input: child.value, encoding: "utf8" });
      if (done.error) throw done.error;
      if (done.status !== 0) throw new Error(`${file.path}:${child.position.start.line}: ${done.stderr.trim()}`);
      node.children[place] = inside(done.stdout);
    });
  };
  return (tree, file) => visit(tree, file);
}
