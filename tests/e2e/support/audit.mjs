// axe-core over the drawer and its button: serious and critical findings, as short texts.

import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";

const source = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export async function audit(page) {
  // Evaluated, not added as a tag: the page's content policy has no exception for tests.
  await page.evaluate(source);
  const { violations } = await page.evaluate(() =>
    window.axe.run({ include: [["#ai-assistant"], [".ai-launcher"]] }, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }));
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target} ${node.failureSummary}`));
}
