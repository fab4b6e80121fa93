// Errors: what happened, whose move it is, what to do.

import { h } from "./dom.js";
import { fill, gettext } from "./i18n.js";
import { icon } from "./icons.js";
import { prose, sentence } from "./prose.js";

const MOVES = {
  you: () => gettext("Your move"),
  admin: () => gettext("For an administrator"),
  wait: () => gettext("Wait, then try again"),
  us: () => gettext("A defect of the assistant"),
};

/** What each problem of the transport means, as an ERROR of docs/contract/http.md has it. */
const PROBLEMS = {
  network: () => [gettext("The server cannot be reached."), gettext("Check your connection, then try again."), "wait", true],
  unreachable: () => [gettext("The assistant's server does not answer."), gettext("Try again in a moment. If it lasts, tell an administrator."), "wait", true],
  dropped: () => [gettext("The connection broke before the answer came."), gettext("The answer may still appear in this chat."), "wait", true],
  "signed-out": () => [gettext("You are signed out."), gettext("Reload the page and log in again; your question is kept."), "you", false],
  csrf: () => [gettext("This page is out of date."), gettext("Reload it; your question is kept."), "you", false],
  "no-token-key": () => [gettext("The site has no key for the assistant yet."), gettext("An administrator sets `AI_ASSISTANT[\"TOKEN_KEYS\"]`, or `ORMC_TOKEN_KEY` in the environment."), "admin", false],
  "not-staff": () => [gettext("You may not use the assistant."), gettext("Ask an administrator for access."), "admin", false],
  "not-found": () => [gettext("This chat or answer is gone."), gettext("Start a new chat."), "you", false],
  "manifest-unknown": () => [gettext("The assistant does not know this version of the site yet."), gettext("An administrator runs `manage.py ormc_manifest --publish`."), "admin", true],
  "too-many-questions": () => [gettext("Too many questions in a short time."), gettext("Wait a moment, then try again."), "wait", true],
  overloaded: () => [gettext("The assistant is busy."), gettext("Try again in a moment."), "wait", true],
  "store-unavailable": () => [gettext("The assistant's database does not answer."), gettext("Try again in a moment. If it lasts, tell an administrator."), "wait", true],
  "manifest-invalid": () => [gettext("The site's description is not valid."), gettext("An administrator runs `manage.py ormc_manifest --publish`."), "admin", false],
  deadline: () => [gettext("The answer took too long."), gettext("Try again, or ask for less: a shorter period, fewer rows."), "you", true],
  "request-timeout": () => [gettext("The question did not reach the server in time."), gettext("Check your connection, then try again."), "wait", true],
  "body-too-large": () => [gettext("This is too long."), gettext("Shorten it."), "you", false],
  "bad-request": () => [gettext("The server did not accept this."), "", "you", false],
  "export-broke": () => [gettext("The export broke off."), gettext("Nothing was saved. Try again, or ask for fewer rows."), "wait", true],
  "permission-missing": () => [gettext("You may not do this."), gettext("Ask an administrator for the permission."), "admin", false],
  "reader-unsafe": () => [gettext("The assistant's access to the database is not safe, so it does not answer."), gettext("An administrator runs `manage.py ai_assistant_doctor`."), "admin", false],
  "grants-missing": () => [gettext("The assistant may not yet read all that the site shows, so it does not answer."), gettext("An administrator runs `manage.py ormc_grants --apply`."), "admin", false],
  "not-pageable": () => [gettext("There are no more rows to fetch here."), gettext("Ask again to get a new answer."), "you", false],
};

/** An ERROR made of any failure. */
export function errorOf(failure) {
  if (failure.whose_move) return failure;
  const [message, hint, move, retry] = PROBLEMS[failure.name]?.() ?? [
    failure.title || gettext("Something went wrong."),
    gettext("Try again. If it happens again, tell an administrator."),
    "us",
    true,
  ];
  const wait = move === "wait" && failure.retryAfter ? fill(gettext("Try again in %(seconds)s seconds."), { seconds: failure.retryAfter }) : "";
  return {
    name: failure.name,
    code: failure.code ?? "",
    message,
    hint: wait || [failure.name === "bad-request" ? failure.detail : "", hint].filter(Boolean).join(" "),
    whose_move: move,
    retry,
    requestId: failure.requestId ?? "",
  };
}

/** The card in a conversation; `actions` are its buttons. */
export function failureCard(failure, { title, diagnostics = [], snippet = "", actions = [] } = {}) {
  const error = errorOf(failure);
  const quiet = error.whose_move === "you";
  return h(
    "div",
    { class: quiet ? "ai-failure ai-failure-mild" : "ai-failure" },
    h("p", { class: "ai-failure-title" }, icon("alert"), h("strong", {}, prose(title || sentence(error.message)))),
    diagnostics.map((diagnostic) => diagnosticView(diagnostic, snippet)),
    diagnostics.length === 0 && error.hint && h("p", {}, prose(sentence(error.hint))),
    h(
      "p",
      { class: "ai-failure-foot" },
      h("span", { class: "ai-move" }, MOVES[error.whose_move]?.() ?? ""),
      error.code && diagnostics.length === 0 && h("span", { class: "ai-quiet" }, error.code),
      error.requestId && h("span", { class: "ai-quiet" }, error.requestId),
    ),
    actions.length > 0 && h("div", { class: "ai-actions" }, actions),
  );
}

/** One line, where a card would be too much: a list that did not load, rows that did not come. */
export function failureNote(failure) {
  const error = errorOf(failure);
  return h("p", { class: "ai-failure-note", role: "alert" }, icon("alert"), h("span", {}, prose(sentence(error.message)), " ", prose(sentence(error.hint))));
}

function diagnosticView({ message, hint, code, span }, snippet) {
  const line = snippet.split("\n")[span.line - 1];
  const shown = line !== undefined && span.column > 0 ? marked(line, span) : null;
  return h(
    "div",
    { class: "ai-diagnostic" },
    h("p", {}, prose(sentence(message)), " ", h("span", { class: "ai-quiet" }, code)),
    shown && h("pre", { class: "ai-marked", tabindex: "0" }, h("code", {}, shown)),
    hint && h("p", { class: "ai-hint" }, prose(sentence(hint))),
  );
}

/** The line with what is meant underlined. `column` counts bytes of UTF-8 from 1, as the compiler does. */
function marked(line, span) {
  const bytes = new TextEncoder().encode(line);
  const text = (from, to) => new TextDecoder().decode(bytes.slice(from, to));
  const begin = span.column - 1;
  const end = Math.min(bytes.length, begin + Math.max(1, span.end - span.begin));
  return [text(0, begin), h("mark", {}, text(begin, end)), text(end, bytes.length)];
}
