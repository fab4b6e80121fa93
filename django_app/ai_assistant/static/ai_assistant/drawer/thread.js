// One conversation: its history by pages, the question being answered, its failures.

import { announce, iconButton } from "./a11y.js";
import { answerView, failureActions, spoken } from "./answer.js";
import { copyText } from "./clipboard.js";
import { append, h, replace } from "./dom.js";
import { errorOf, failureCard } from "./failure.js";
import { gettext } from "./i18n.js";
import { icon } from "./icons.js";
import { pause } from "./pause.js";
import { pendingView } from "./pending.js";
import { isAbort, Problem } from "./problems.js";
import { looksLikeCode } from "./snippet.js";

const POLL_MS = 1500;
const POLL_FOR_MS = 120_000;
const NEAR_TOP = 80;

/**
 * `hooks`: welcome() -> Node; created(chat), chatChanged(chat), chatGone(); busy(flag); edit(text);
 * asked(chat id, text), answered(), loaded(messages).
 */
export function createThread({ api, options, hooks }) {
  const list = h("div", { class: "ai-turns" });
  const element = h("div", { class: "ai-thread", tabindex: "-1" }, list);
  let chat = null;
  let older = null;
  let loading = null;
  let shown = Promise.resolve();
  let running = null;

  // ---- what is shown ------------------------------------------------------------------------

  function turn(question, content) {
    return h("section", { class: "ai-turn", "aria-label": gettext("Question and answer") }, questionView(question), content);
  }

  function questionView(text) {
    return h(
      "div",
      { class: "ai-question" },
      h(
        "div",
        { class: "ai-question-tools" },
        iconButton(icon("copy"), gettext("Copy question"), () => copyText(text)),
        iconButton(icon("pencil"), gettext("Edit question"), () => hooks.edit(text)),
      ),
      h("p", { class: looksLikeCode(text) ? "ai-bubble ai-bubble-code" : "ai-bubble", dir: "auto" }, text),
    );
  }

  function answer(message, question, eager = false) {
    const loadRows = async (offset) => (await api.rows(message.id, offset)).result;
    const exportRows = (format) => api.exportRows(message.id, format);
    return answerView(message, question === null ? null : actionsFor(question), { ...options, loadRows, exportRows, eager });
  }

  function actionsFor(text) {
    return { ask, retry: () => ask(text), edit: () => hooks.edit(text) };
  }

  /** Messages, oldest first, as turns. A last question without an answer is still being worked on. */
  function turnsOf(messages, isLatest) {
    const turns = [];
    let open = null;
    for (const message of messages) {
      if (message.role === "user") {
        open = { question: message, element: turn(message.content) };
        turns.push(open);
      } else if (open) {
        const last = isLatest && message === messages[messages.length - 1];
        append(open.element, [answer(message, open.question.content, last)]);
        open.answered = true;
      } else {
        turns.push({ answered: true, element: h("section", { class: "ai-turn" }, answer(message, null)) });
      }
    }
    return turns;
  }

  function toEnd() {
    element.scrollTop = element.scrollHeight;
  }

  // ---- history ------------------------------------------------------------------------------

  function stopAll() {
    loading?.abort();
    running?.stop(false);
    loading = null;
  }

  function empty() {
    stopAll();
    chat = null;
    older = null;
    replace(list, hooks.welcome());
    element.scrollTop = 0;
  }

  function load(id) {
    stopAll();
    chat = id;
    older = null;
    shown = loadLatest(id);
    return shown;
  }

  async function loadLatest(id) {
    const request = new AbortController();
    loading = request;
    replace(list, skeleton());
    try {
      const page = await api.history(id, null, request.signal);
      if (loading !== request) return;
      older = page.next_before;
      const turns = turnsOf(page.messages, true);
      replace(list, turns.length > 0 ? turns.map((each) => each.element) : hooks.welcome());
      hooks.chatChanged(page.chat);
      toEnd();
      const last = turns[turns.length - 1];
      if (last && !last.answered) wait(last.element, last.question);
      hooks.loaded(page.messages);
    } catch (problem) {
      if (isAbort(problem) || loading !== request) return;
      if (problem.name === "not-found") hooks.chatGone();
      else replace(list, failureCard(problem, { actions: [button(gettext("Try again"), () => load(id))] }));
    } finally {
      if (loading === request) loading = null;
    }
  }

  async function loadOlder() {
    if (older === null || loading) return;
    const request = new AbortController();
    loading = request;
    const mark = h("p", { class: "ai-quiet ai-older", role: "status" }, gettext("Loading earlier messages…"));
    list.prepend(mark);
    try {
      const page = await api.history(chat, older, request.signal);
      if (loading !== request) return;
      const fromEnd = element.scrollHeight - element.scrollTop;
      older = page.next_before;
      mark.remove();
      list.prepend(...turnsOf(page.messages, false).map((each) => each.element));
      element.scrollTop = element.scrollHeight - fromEnd;
    } catch (problem) {
      if (!isAbort(problem)) replace(mark, gettext("Earlier messages did not load."), " ", button(gettext("Try again"), () => {
        mark.remove();
        loadOlder();
      }));
    } finally {
      if (loading === request) loading = null;
    }
  }

  element.addEventListener("scroll", () => {
    if (element.scrollTop < NEAR_TOP) loadOlder();
  }, { passive: true });

  // ---- asking -------------------------------------------------------------------------------

  async function ask(text, isSnippet = looksLikeCode(text)) {
    await shown;
    if (running) return;
    const controller = new AbortController();
    const pending = pendingView();
    const place = turn(text, pending.element);
    list.querySelector(".ai-welcome")?.remove();
    list.append(place);
    toEnd();
    // What was clicked may have gone with the empty chat or the failure it stood in.
    if (document.activeElement === document.body) element.focus({ preventScroll: true });
    begin(place, pending, () => controller.abort());
    pending.phase(isSnippet ? "compiling" : "thinking");
    const mine = running;
    try {
      hooks.asked(chat, text);
      if (chat === null) {
        const created = await api.createChat();
        if (running !== mine) return;
        chat = created.id;
        hooks.created(created);
        hooks.asked(chat, text);
      }
      const exchange = await api.ask(chat, { text, isSnippet }, {
        signal: controller.signal,
        onEvent: ({ event, data }) => {
          if (event === "phase") pending.phase(data.phase);
          if (event === "text") pending.text(data.text);
        },
      });
      settle(mine, () => finished(place, exchange, text));
    } catch (problem) {
      if (isAbort(problem)) return;
      if (running !== mine) throw problem;
      if (problem.name === "dropped") {
        settle(mine, () => wait(place, { content: text, created_at: null }));
      } else {
        settle(mine, () => failed(place, problem, text));
      }
    }
  }

  function begin(place, pending, abort) {
    running = {
      stop(byUser = true) {
        const { started } = running;
        running = null;
        abort();
        pending.end();
        hooks.busy(false);
        if (byUser) stopped(place, started);
      },
      pending,
      started: place.querySelector(".ai-bubble")?.textContent ?? "",
    };
    hooks.busy(true);
  }

  /** Ends the run, unless it has been stopped or another chat is shown. */
  function settle(mine, then) {
    if (running !== mine) return;
    mine.pending.end();
    running = null;
    hooks.busy(false);
    then();
  }

  function finished(place, exchange, text) {
    hooks.answered();
    append(place, [answer(exchange.answer, text, true)]);
    hooks.chatChanged(exchange.chat);
    announce(spoken(exchange.answer));
    // The whole answer where it fits, else its beginning.
    place.scrollIntoView({ block: place.offsetHeight > element.clientHeight ? "start" : "nearest" });
  }

  function failed(place, problem, text) {
    // Leaving a page breaks its calls: such a question is a draft on the next one.
    if (problem.name !== "network") hooks.answered();
    const error = errorOf(problem);
    const again = () => {
      place.remove();
      ask(text);
    };
    const actions = failureActions(error, { retry: again, edit: () => hooks.edit(text) }, options);
    append(place, [h("div", { class: "ai-answer" }, failureCard(problem, { actions }))]);
    announce(error.message);
    toEnd();
  }

  function stopped(place, text) {
    hooks.answered();
    append(place, [
      h(
        "div",
        { class: "ai-answer ai-stopped" },
        h("p", {}, gettext("Stopped. If the answer was under way, it appears when you open this chat again.")),
        h("div", { class: "ai-actions" }, button(gettext("Ask again"), () => ask(text)), button(gettext("Edit question"), () => hooks.edit(text))),
      ),
    ]);
    announce(gettext("Stopped"));
  }

  /** Looks into the history until the answer to an accepted question is there. */
  async function wait(place, question) {
    const controller = new AbortController();
    const pending = pendingView(question.created_at ? Date.parse(question.created_at) : Date.now());
    append(place, [pending.element]);
    begin(place, pending, () => controller.abort());
    pending.phase("waiting");
    const mine = running;
    const until = Date.now() + POLL_FOR_MS;
    try {
      while (Date.now() < until) {
        const page = await api.history(chat, null, controller.signal);
        const at = page.messages.findLastIndex((each) =>
          question.id ? each.id === question.id : each.role === "user" && each.content === question.content);
        const found = at < 0 ? null : page.messages[at + 1];
        if (at < 0) throw new Problem({ name: "dropped" });
        if (found) {
          settle(mine, () => finished(place, { chat: page.chat, answer: found }, question.content));
          return;
        }
        await pause(POLL_MS, controller.signal);
      }
      throw new Problem({ name: "deadline" });
    } catch (problem) {
      if (!isAbort(problem)) settle(mine, () => failed(place, problem, question.content));
    }
  }

  return { element, ask, load, empty, stop: () => running?.stop(), isBusy: () => running !== null };
}

function button(label, onclick) {
  return h("button", { type: "button", class: "ai-button ai-small", onclick }, label);
}

function skeleton() {
  const block = () => h("div", { class: "ai-skeleton" }, h("span"), h("span"), h("span"));
  return h("div", { class: "ai-loading", role: "status", "aria-label": gettext("Loading the chat") }, block(), block());
}
