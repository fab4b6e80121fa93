// "How was this made?": the snippet, the SQL, what was read, the rules, the time.

import { codeBlock } from "./code.js";
import { append, h } from "./dom.js";
import { fill, formatElapsed, formatNumber, gettext, ngettext } from "./i18n.js";
import { icon } from "./icons.js";
import { prose } from "./prose.js";

/** A disclosure; its inside is built when it is first opened. */
export function howView(answer) {
  const details = h("details", { class: "ai-how" }, h("summary", {}, icon("chevron"), gettext("How was this made?")));
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) append(details, [inside(answer)]);
  });
  return details;
}

export function hasHow(answer) {
  return Boolean(answer.snippet || answer.sql.length > 0 || answer.tables.length > 0);
}

function inside(answer) {
  const { snippet, sql, tables, permissions, rules, notes } = answer;
  return h(
    "div",
    { class: "ai-how-inside" },
    snippet && section(gettext("Snippet"), codeBlock(snippet, "python", gettext("The snippet"))),
    sql.length > 0 && section(gettext("SQL"), sql.map(statement)),
    tables.length > 0 && section(gettext("Read"), h("ul", {}, tables.map(tableRead))),
    permissions.length > 0 && section(gettext("Permissions"), h("p", {}, commas(permissions))),
    rules.length > 0 && section(gettext("Rules"), h("ul", {}, rules.map((rule) => h("li", {}, prose(rule))))),
    notes.length > 0 && section(gettext("Notes"), h("ul", {}, notes.map((note) => h("li", {}, prose(note))))),
    section(gettext("Time"), h("p", {}, timing(answer))),
  );
}

function section(title, ...children) {
  return h("section", {}, h("h4", {}, title), children);
}

function statement({ sql, params, rows, ms }) {
  const facts = [
    rows !== undefined && fill(ngettext("%(count)s row", "%(count)s rows", rows), { count: formatNumber(rows) }),
    ms !== undefined && fill(gettext("%(ms)s ms"), { ms: formatNumber(Math.round(ms * 10) / 10) }),
  ].filter(Boolean);
  return [
    codeBlock(sql, "sql", gettext("The SQL")),
    params.length > 0 &&
      h(
        "p",
        { class: "ai-params" },
        params.map(({ type, value }, index) => [
          h("span", {}, h("code", {}, `$${index + 1}`), " ", h("code", {}, parameterText(value)), " ", h("span", { class: "ai-quiet" }, type)),
          " ",
        ]),
      ),
    facts.length > 0 && h("p", { class: "ai-quiet" }, facts.join(" · ")),
  ];
}

function parameterText(value) {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function tableRead({ label, columns, implied }) {
  return h(
    "li",
    {},
    h("strong", {}, label),
    implied && h("span", { class: "ai-quiet" }, " ", gettext("(implied by the site)")),
    columns.length > 0 && [": ", commas(columns)],
  );
}

function commas(names) {
  return names.map((name, index) => [index > 0 && ", ", h("code", {}, name)]);
}

function timing({ duration_ms: duration, model }) {
  const total = formatElapsed(duration);
  if (!model) return fill(gettext("%(time)s in all, without a language model"), { time: total });
  return fill(
    ngettext(
      "%(time)s in all; %(model)s, %(calls)s call, %(tokens)s tokens",
      "%(time)s in all; %(model)s, %(calls)s calls, %(tokens)s tokens",
      model.calls,
    ),
    { time: total, model: model.name, calls: model.calls, tokens: formatNumber(model.prompt_tokens + model.completion_tokens) },
  );
}
