// The drawer itself: its frame, opening and closing, width, and what its parts tell each other.

import { iconButton, liveRegion } from "./a11y.js";
import { createChatList, titleOf } from "./chats.js";
import { createComposer } from "./composer.js";
import { h, replace } from "./dom.js";
import { gettext } from "./i18n.js";
import { icon } from "./icons.js";
import { createLauncher } from "./launcher.js";
import { createThread } from "./thread.js";
import { welcomeView } from "./welcome.js";

const ID = "ai-assistant-drawer";
const SHEET = "(max-width: 899.98px)";

export function createDrawer({ config, api, state }) {
  const root = document.documentElement;
  const launcher = createLauncher({ mount: config.mount, controls: ID, onclick: toggle });
  let loaded = false;

  const thread = createThread({
    api,
    options: config,
    hooks: {
      welcome: () => welcomeView({ api, ask: (text) => thread.ask(text) }),
      created(chat) {
        const draft = state.draft();
        state.setDraft("");
        state.set({ chat: chat.id });
        state.setDraft(draft);
        chatChanged(chat);
      },
      chatChanged,
      chatGone: newChat,
      busy: (flag) => composer.setBusy(flag),
      edit(text) {
        composer.setText(text);
        composer.focus();
      },
      asked: (chat, text) => state.set({ pending: { chat, text } }),
      answered: () => state.set({ pending: null }),
      loaded: restoreLost,
    },
  });
  const composer = createComposer({
    onSend: (text, isSnippet) => {
      showChats(false);
      thread.ask(text, isSnippet);
    },
    onStop: () => thread.stop(),
    onDraft: (text) => state.setDraft(text),
  });
  const chats = createChatList({
    api,
    hooks: {
      current: () => state.get().chat,
      open(chat) {
        showChats(false);
        openChat(chat);
        composer.focus();
      },
      renamed: (chat) => chat.id === state.get().chat && chatChanged(chat),
      deleted: (id) => id === state.get().chat && newChat(),
    },
  });

  const title = h("span", { class: "ai-title", dir: "auto" }, gettext("AI assistant"));
  const switcher = h(
    "button",
    { type: "button", class: "ai-switcher", "aria-expanded": "false", title: gettext("Chats"), onclick: () => showChats(chats.element.hidden) },
    h("span", { class: "ai-sr" }, gettext("Chats:"), " "),
    title,
    icon("chevron"),
  );
  const widen = iconButton(icon("widen"), gettext("Widen"), () => setWide(!state.get().wide), { class: "ai-icon-button ai-widen" });
  const element = h(
    "aside",
    { class: "ai-drawer", id: ID, "aria-label": gettext("AI assistant"), hidden: true, tabindex: "-1", onkeydown, onclick },
    h(
      "div",
      { class: "ai-head" },
      switcher,
      h("button", { type: "button", class: "ai-button ai-new", onclick: startNew }, icon("plus"), h("span", {}, gettext("New chat"))),
      widen,
      iconButton(icon("close"), gettext("Close"), () => close()),
    ),
    h("div", { class: "ai-body" }, thread.element, chats.element),
    composer.element,
    liveRegion(),
  );
  config.mount.append(element);

  // ---- open and closed ----------------------------------------------------------------------

  function toggle() {
    if (element.hidden) open();
    else close();
  }

  function open({ focus = true } = {}) {
    element.hidden = false;
    root.classList.add("ai-open");
    launcher.setAttribute("aria-expanded", "true");
    state.set({ open: true });
    placeSheet();
    if (!loaded) {
      loaded = true;
      const { chat } = state.get();
      composer.setText(state.draft());
      if (chat) {
        thread.load(chat);
      } else {
        startEmpty();
        restoreLost([]);
      }
    }
    composer.redraw();
    if (focus) composer.focus();
  }

  function close() {
    element.hidden = true;
    root.classList.remove("ai-open");
    launcher.setAttribute("aria-expanded", "false");
    state.set({ open: false });
    launcher.focus();
  }

  function onkeydown(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    event.stopPropagation();
    if (chats.element.hidden) {
      close();
    } else {
      showChats(false);
      switcher.focus();
    }
  }

  /** A sheet over the record that was asked for would hide it. */
  function onclick(event) {
    if (event.target.closest("a[href]") && window.matchMedia(SHEET).matches) state.set({ open: false });
  }

  launcher.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !element.hidden) close();
  });

  function setWide(wide) {
    state.set({ wide });
    root.classList.toggle("ai-wide", wide);
    const label = wide ? gettext("Narrow") : gettext("Widen");
    replace(widen, icon(wide ? "narrow" : "widen"));
    widen.setAttribute("aria-label", label);
    widen.setAttribute("title", label);
  }

  /** On narrow screens the sheet begins below the admin's header, whose links stay in reach. */
  function placeSheet() {
    const header = document.getElementById("header");
    const top = window.matchMedia(SHEET).matches && header ? Math.max(0, header.getBoundingClientRect().bottom) : 0;
    root.style.setProperty("--ai-sheet-top", `${Math.round(top)}px`);
  }

  for (const event of ["resize", "scroll"]) {
    window.addEventListener(event, () => !element.hidden && placeSheet(), { passive: true });
  }

  // ---- chats --------------------------------------------------------------------------------

  function showChats(shown) {
    chats.element.hidden = !shown;
    thread.element.inert = shown;
    switcher.setAttribute("aria-expanded", String(shown));
    if (shown) chats.load();
  }

  function chatChanged(chat) {
    replace(title, titleOf(chat));
  }

  function openChat(chat) {
    state.set({ chat: chat.id });
    chatChanged(chat);
    composer.setText(state.draft());
    thread.load(chat.id);
  }

  function startEmpty() {
    thread.empty();
    replace(title, gettext("AI assistant"));
  }

  function newChat() {
    state.set({ chat: null });
    composer.setText(state.draft());
    startEmpty();
  }

  function startNew() {
    showChats(false);
    newChat();
    composer.focus();
  }

  /** A question that was on its way when the page changed, and never arrived, is a draft again. */
  function restoreLost(messages) {
    const { pending, chat } = state.get();
    if (!pending || pending.chat !== chat) return;
    state.set({ pending: null });
    const arrived = messages.some((message) => message.role === "user" && message.content === pending.text);
    if (!arrived && !state.draft()) composer.setText(pending.text);
  }

  setWide(state.get().wide);
  if (state.get().open) open({ focus: false });
}
