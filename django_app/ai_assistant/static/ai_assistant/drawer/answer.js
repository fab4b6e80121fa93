// An answer: its words, its value, what it means, where it comes from, and what one can do with it.

import { iconButton } from "./a11y.js";
import { badgeList, badgesOf } from "./badges.js";
import { copyText } from "./clipboard.js";
import { h, ownLink } from "./dom.js";
import { failureCard } from "./failure.js";
import { formatElapsed, gettext } from "./i18n.js";
import { hasHow, howView } from "./how.js";
import { icon } from "./icons.js";
import { prose, sentence } from "./prose.js";
import { resultView } from "./result.js";
import { resultAsText, scalarText } from "./values.js";

/**
 * `actions`: { ask(text), retry(), edit() } of the question it answers.
 * `options`: { loadRows, changeUrl, zone, eager, settingsUrl, loginUrl }.
 */
export function answerView(answer, actions, options) {
  return h("article", { class: `ai-answer ai-answer-${answer.status}`, "aria-label": gettext("Answer") }, inside(answer, actions, options));
}

function inside(answer, actions, options) {
  switch (answer.status) {
    case "ok":
      if (answer.result === null) return failed(answer, actions, options);
      return found(answer, actions, options);
    case "suggest":
    case "clarify":
      return asksBack(answer, actions, options);
    default:
      return failed(answer, actions, options);
  }
}

function found(answer, actions, options) {
  let rows = answer.result?.rows ?? [];
  const value = resultView(answer.result, {
    ...options,
    unit: unitOf(answer),
    onRows: (now) => {
      rows = now;
    },
  });
  const isFigure = !["table", "list", "dict", "text"].includes(answer.result.kind);
  const words = answer.content && h("p", { class: "ai-content" }, prose(answer.content));
  return [
    !isFigure && words,
    value,
    isFigure && words,
    meaningView(answer.meaning.filter((line) => line !== answer.content)),
    h(
      "div",
      { class: "ai-answer-foot" },
      badgeList(badgesOf(answer)),
      h("span", { class: "ai-quiet ai-took", title: gettext("Time taken") }, formatElapsed(answer.duration_ms)),
      h(
        "div",
        { class: "ai-tools" },
        iconButton(icon("copy"), gettext("Copy answer"), () => copyText(resultAsText(answer.result, rows))),
        actions && iconButton(icon("retry"), gettext("Ask again"), actions.retry),
      ),
    ),
    hasHow(answer) && howView(answer),
  ];
}

function asksBack(answer, actions, options) {
  return [
    h("p", { class: "ai-content" }, prose(answer.content)),
    answer.suggestions.length > 0 &&
      h(
        "div",
        { class: "ai-suggestions", role: "group", "aria-label": gettext("Suggestions") },
        answer.suggestions.map((text) =>
          h("button", { type: "button", class: "ai-suggestion", onclick: () => actions?.ask(text), disabled: !actions }, text),
        ),
      ),
    answer.error &&
      answer.error.message !== answer.content &&
      failureCard(answer.error, { actions: answer.suggestions.length > 0 ? [] : failureActions(answer.error, actions, options) }),
    hasHow(answer) && howView(answer),
  ];
}

function failed(answer, actions, options) {
  const error = answer.error ?? { name: "unexpected" };
  // Words that the card says anyway are not said twice.
  const shown = [error.message, ...answer.diagnostics.map((diagnostic) => diagnostic.message)];
  const said = shown.includes(answer.content) ? "" : answer.content;
  return [
    said && h("p", { class: "ai-content" }, prose(said)),
    failureCard(error, {
      diagnostics: answer.diagnostics,
      snippet: answer.snippet ?? "",
      actions: failureActions(error, actions, options),
    }),
    hasHow(answer) && howView(answer),
  ];
}

export function failureActions(error, actions, { settingsUrl, loginUrl }) {
  if (!actions) return [];
  const next = window.location.pathname + window.location.search;
  return [
    error.name === "signed-out" &&
      loginUrl &&
      ownLink(`${loginUrl}?${new URLSearchParams({ next })}`, { class: "ai-button ai-small" }, gettext("Log in")),
    error.whose_move === "admin" &&
      settingsUrl &&
      ownLink(settingsUrl, { class: "ai-button ai-small" }, gettext("Assistant settings")),
    error.retry &&
      h("button", { type: "button", class: "ai-button ai-small", onclick: actions.retry }, icon("retry"), gettext("Retry")),
    h("button", { type: "button", class: "ai-button ai-small", onclick: actions.edit }, icon("pencil"), gettext("Edit question")),
  ].filter(Boolean);
}

function meaningView(lines) {
  if (lines.length === 0) return null;
  if (lines.length === 1) return h("p", { class: "ai-meaning" }, prose(sentence(lines[0])));
  return h("ul", { class: "ai-meaning" }, lines.map((line) => h("li", {}, prose(sentence(line)))));
}

const COUNTS = /^(?:it )?counts ([\p{L}][\p{L}\p{N} '-]{0,40}?)(?: (?:by|whose|with|where|that|which|of) |,|\.|$)/iu;

/** "It counts users by ..." names what a whole number counts. */
function unitOf({ meaning, result }) {
  if (meaning.length !== 1 || meaning[0].includes(";") || !/^\d+$/.test(String(result.value))) return "";
  return COUNTS.exec(meaning[0])?.[1] ?? "";
}

/** What is read out when an answer arrives. */
export function spoken(answer) {
  if (answer.status !== "ok") return answer.error?.message ?? answer.content;
  const { kind, value } = answer.result;
  if (kind === "table" || kind === "list" || kind === "dict") return `${gettext("Answer")}: ${answer.content}`;
  return `${gettext("Answer")}: ${scalarText(value, kind)} ${unitOf(answer)}. ${answer.content}`;
}
