// The list of chats: open, rename, delete; older ones by a button at its end.

import { announce, focusFirst, iconButton } from "./a11y.js";
import { append, h, replace } from "./dom.js";
import { failureNote } from "./failure.js";
import { fill, gettext, relativeTime } from "./i18n.js";
import { icon } from "./icons.js";

const LONGEST_TITLE = 200;

/** `hooks`: { current() -> id, open(chat), renamed(chat), deleted(id) }. */
export function createChatList({ api, hooks }) {
  const list = h("ul", { class: "ai-chat-list" });
  const foot = h("div", { class: "ai-chat-foot" });
  const element = h("div", { class: "ai-chats", hidden: true, role: "group", "aria-label": gettext("Chats") }, list, foot);
  let next = null;

  async function load() {
    if (!list.hasChildNodes()) replace(foot, h("div", { class: "ai-skeleton" }, h("span"), h("span"), h("span")));
    await page(null);
  }

  async function page(before) {
    try {
      const answer = await api.chats(before);
      next = answer.next_before;
      const rows = answer.chats.map(row);
      if (before === null) replace(list, rows);
      else append(list, rows);
      replace(foot, footer());
    } catch (problem) {
      replace(foot, failureNote(problem), textButton(gettext("Try again"), () => page(before)));
    }
  }

  function footer() {
    if (next !== null) return textButton(gettext("Older chats"), () => page(next));
    return list.hasChildNodes() ? null : h("p", { class: "ai-quiet" }, gettext("No chats yet. The first question starts one."));
  }

  function row(chat) {
    const item = h("li");
    show(item, chat);
    return item;
  }

  function show(item, chat) {
    const current = chat.id === hooks.current();
    const name = titleOf(chat);
    const opener = h(
      "button",
      { type: "button", class: "ai-chat-open", "aria-current": current ? "true" : null, onclick: () => hooks.open(chat) },
      h("span", { class: "ai-chat-title", dir: "auto" }, name),
      h("span", { class: "ai-chat-time" }, relativeTime(chat.updated_at)),
    );
    replace(
      item,
      opener,
      iconButton(icon("pencil"), fill(gettext("Rename %(title)s"), { title: name }), () => rename(item, chat)),
      iconButton(icon("trash"), fill(gettext("Delete %(title)s"), { title: name }), () => confirmDelete(item, chat)),
    );
    return opener;
  }

  function rename(item, chat) {
    const input = h("input", {
      type: "text",
      value: chat.title,
      maxlength: LONGEST_TITLE,
      "aria-label": gettext("New title"),
      dir: "auto",
    });
    const back = () => show(item, chat).focus();
    const form = h(
      "form",
      {
        class: "ai-chat-edit",
        onsubmit: async (event) => {
          event.preventDefault();
          const title = input.value.trim();
          if (!title || title === chat.title) return back();
          try {
            const renamed = await api.renameChat(chat.id, title);
            show(item, renamed).focus();
            hooks.renamed(renamed);
            announce(gettext("Renamed"));
          } catch (problem) {
            replace(foot, failureNote(problem));
          }
          return undefined;
        },
        onkeydown: (event) => escape(event, back),
      },
      input,
      h("button", { type: "submit", class: "ai-button ai-small" }, gettext("Save")),
      textButton(gettext("Cancel"), back),
    );
    replace(item, form);
    input.select();
  }

  function confirmDelete(item, chat) {
    const back = () => show(item, chat).focus();
    const sure = h(
      "button",
      {
        type: "button",
        class: "ai-button ai-small ai-danger",
        onclick: async () => {
          try {
            await api.deleteChat(chat.id);
          } catch (problem) {
            if (problem.name !== "not-found") return replace(foot, failureNote(problem));
          }
          const near = item.nextElementSibling ?? item.previousElementSibling;
          item.remove();
          replace(foot, footer());
          hooks.deleted(chat.id);
          announce(gettext("Deleted"));
          focusFirst(near?.querySelector("button"), element);
          return undefined;
        },
      },
      gettext("Delete"),
    );
    replace(
      item,
      h(
        "div",
        { class: "ai-chat-edit", onkeydown: (event) => escape(event, back) },
        h("span", { class: "ai-chat-title" }, fill(gettext("Delete “%(title)s”?"), { title: titleOf(chat) })),
        sure,
        textButton(gettext("Keep"), back),
      ),
    );
    sure.focus();
  }

  return { element, load };
}

export function titleOf(chat) {
  return chat?.title || gettext("New chat");
}

function textButton(label, onclick) {
  return h("button", { type: "button", class: "ai-button ai-small", onclick }, label);
}

function escape(event, then) {
  if (event.key !== "Escape") return;
  event.stopPropagation();
  then();
}
