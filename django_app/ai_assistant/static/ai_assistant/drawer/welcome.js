// An empty chat: what the assistant is for, and three questions to begin with.

import { h, replace } from "./dom.js";
import { gettext } from "./i18n.js";
import { icon } from "./icons.js";

const SHOWN = 3;

export function welcomeView({ api, ask }) {
  const suggestions = h("div", { class: "ai-suggestions", role: "group", "aria-label": gettext("Suggestions") });
  const element = h(
    "div",
    { class: "ai-welcome" },
    h("span", { class: "ai-welcome-mark" }, icon("spark")),
    h("h3", {}, gettext("Ask your database")),
    h("p", { class: "ai-quiet" }, gettext("A question in your own words, or an ORM snippet. It only reads, and shows what you may see.")),
    suggestions,
  );
  fillIn();
  return element;

  async function fillIn() {
    replace(suggestions, h("div", { class: "ai-skeleton" }, h("span"), h("span"), h("span")));
    let found = [];
    try {
      found = (await api.suggestions()).suggestions;
    } catch {
      // Suggestions are a courtesy: without them the field below is enough, and it reports failures.
    }
    replace(
      suggestions,
      found.slice(0, SHOWN).map(({ question, verified }) =>
        h(
          "button",
          { type: "button", class: "ai-suggestion", onclick: () => ask(question) },
          h("span", { dir: "auto" }, question),
          verified && h("span", { class: "ai-suggestion-mark", title: gettext("Verified") }, icon("shield")),
        ),
      ),
    );
  }
}
