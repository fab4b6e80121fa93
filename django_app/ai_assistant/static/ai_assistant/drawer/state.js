// What survives a change of page, in this tab only: whether the drawer is open, which chat, drafts.
// Answers are not kept: they come from the server, with the rights of the moment.

const EMPTY = { open: false, wide: false, chat: null, drafts: {}, pending: null };
const KEY_OF_NEW = "new";

export function createState(user, storage = window.sessionStorage) {
  const key = `ai-assistant:${user}`;
  let values = { ...EMPTY };
  try {
    values = { ...EMPTY, ...JSON.parse(storage.getItem(key) ?? "{}") };
  } catch {
    // Unreadable or forbidden storage: start anew and keep it for this page.
  }

  function set(changes) {
    values = { ...values, ...changes };
    try {
      storage.setItem(key, JSON.stringify(values));
    } catch {
      // Storage is full or forbidden: the drawer works, it only forgets.
    }
  }

  return {
    get: () => values,
    set,
    draft: () => values.drafts[values.chat ?? KEY_OF_NEW] ?? "",
    setDraft(text) {
      const drafts = { ...values.drafts };
      if (text) drafts[values.chat ?? KEY_OF_NEW] = text;
      else delete drafts[values.chat ?? KEY_OF_NEW];
      set({ drafts });
    },
  };
}
