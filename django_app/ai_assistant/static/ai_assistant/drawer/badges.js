// Where an answer comes from and what is not shown of it.

import { h } from "./dom.js";
import { gettext } from "./i18n.js";
import { icon } from "./icons.js";

const BADGES = {
  verified: ["shield", () => gettext("Verified"), () => gettext("A person has checked the query behind this answer.")],
  generated: ["spark", () => gettext("Generated"), () => gettext("A language model wrote the query. See how this was made.")],
  pasted: ["code", () => gettext("Your snippet"), () => gettext("Compiled as you wrote it; no model was asked.")],
  truncated: ["cut", () => gettext("Truncated"), () => gettext("There is more than is shown.")],
  masked: ["lock", () => gettext("Masked"), () => gettext("Some values are hidden by the site's policy.")],
};

export function badgesOf(answer) {
  const { result } = answer;
  return [
    answer.verified && "verified",
    answer.generated && "generated",
    answer.source === "snippet" && "pasted",
    result?.truncated && "truncated",
    result?.columns.some((column) => column.masked) && "masked",
  ].filter(Boolean);
}

export function badgeList(names) {
  if (names.length === 0) return null;
  return h(
    "ul",
    { class: "ai-badges", "aria-label": gettext("About this answer") },
    names.map((name) => {
      const [symbol, label, title] = BADGES[name];
      return h("li", { class: `ai-badge ai-badge-${name}`, title: title() }, icon(symbol), label());
    }),
  );
}
