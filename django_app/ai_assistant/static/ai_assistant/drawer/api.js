// The calls of docs/contract/http.md. A refused token, or one made for an older manifest, is replaced
// once and the call is sent again; any other failure is a Problem.

import { readEvents } from "./events.js";
import { pause } from "./pause.js";
import { isAbort, networkProblem, Problem, problemOf } from "./problems.js";

const RETRY_MS = 800;
const RESUMES = 3;
const NEW_TOKEN_HELPS = new Set(["token-missing", "token-invalid", "token-expired", "manifest-unknown"]);

export function createApi({ base, tokens }) {
  async function attempt(method, path, { body, accept, signal, extra }, token) {
    const headers = { Authorization: `Bearer ${token}`, Accept: accept ?? "application/json", ...extra };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    try {
      return await fetch(base + path, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        credentials: "same-origin",
        redirect: "error",
        signal,
      });
    } catch (error) {
      throw isAbort(error) ? error : networkProblem();
    }
  }

  async function send(method, path, options = {}) {
    for (let first = true; ; first = false) {
      const token = await tokens.get();
      const response = await attempt(method, path, options, token);
      if (response.ok) return response;
      const problem = await problemOf(response);
      if (!first || !NEW_TOKEN_HELPS.has(problem.name)) throw problem;
      tokens.drop(token);
    }
  }

  async function json(method, path, options) {
    return (await send(method, path, options)).json();
  }

  /** Sends a question or a snippet; onEvent hears each event; answers the EXCHANGE of `done`. */
  async function ask(chat, { text, isSnippet }, { onEvent, signal }) {
    const [path, body] = isSnippet ? ["snippet", { snippet: text }] : ["message", { content: text }];
    const response = await sendOnce(`/chats/${encodeURIComponent(chat)}/${path}`, body, signal);
    onEvent({ event: "accepted", data: {} });
    if (!response.headers.get("Content-Type")?.startsWith("text/event-stream")) return response.json();
    return follow(response, { onEvent, signal });
  }

  /** A POST that the server does once, however often it comes: the network may lose the reply alone. */
  async function sendOnce(path, body, signal) {
    const options = {
      body,
      signal,
      accept: "text/event-stream, application/json;q=0.9",
      extra: { "Idempotency-Key": newKey() },
    };
    try {
      return await send("POST", path, options);
    } catch (problem) {
      if (problem.name !== "network") throw problem;
      await pause(RETRY_MS, signal);
      return send("POST", path, options).catch((again) => {
        throw again.name === "idempotency-in-flight" ? new Problem({ name: "dropped" }) : again;
      });
    }
  }

  /** Hears a stream of events to its end; one that breaks is taken up after the last event heard. */
  async function follow(response, { onEvent, signal }) {
    let last = null;
    let failure = null;
    for (let resumed = 0; ; resumed += 1) {
      const before = last;
      try {
        for await (const event of readEvents(response.body)) {
          last = event.id ?? last;
          if (event.event === "done") return event.data;
          if (event.event === "error") failure = event.data.error;
          onEvent(event);
        }
      } catch (error) {
        if (isAbort(error) || signal?.aborted) throw error;
      }
      if (failure) throw new Problem({ ...failure, title: failure.message ?? failure.title });
      // What brought nothing new is not asked for again.
      if (last === before || resumed === RESUMES) throw new Problem({ name: "dropped" });
      await pause(RETRY_MS * resumed, signal);
      const question = encodeURIComponent(last.split(":")[0]);
      response = await send("GET", `/messages/${question}/events`, {
        signal,
        accept: "text/event-stream",
        extra: { "Last-Event-ID": last },
      }).catch((problem) => {
        throw isAbort(problem) ? problem : new Problem({ name: "dropped" });
      });
    }
  }

  const chatPath = (chat) => `/chats/${encodeURIComponent(chat)}`;
  const page = (values) =>
    new URLSearchParams(Object.entries(values).filter(([, value]) => value !== null && value !== undefined));

  return {
    ask,
    chats: (before, signal) => json("GET", `/chats?${page({ limit: 30, before })}`, { signal }),
    createChat: () => json("POST", "/chats", { body: {} }),
    history: (chat, before, signal) =>
      json("GET", `${chatPath(chat)}?${page({ limit: 30, before })}`, { signal }),
    renameChat: (chat, title) => json("PATCH", chatPath(chat), { body: { title } }),
    deleteChat: (chat) => send("DELETE", chatPath(chat)),
    rows: (message, offset) =>
      json("GET", `/messages/${encodeURIComponent(message)}/rows?${page({ offset, limit: 100 })}`),
    /** The whole table as a Blob; one that breaks off on the way is a Problem, never half a file. */
    async exportRows(message, format) {
      const response = await send("GET", `/messages/${encodeURIComponent(message)}/export?${page({ format })}`, { accept: "*/*" });
      return response.blob().catch(() => {
        throw new Problem({ name: "export-broke" });
      });
    },
    suggestions: () => json("GET", "/suggestions"),
  };
}

/** Random text of 32 characters; `crypto.randomUUID` needs a secure origin, this does not. */
function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
