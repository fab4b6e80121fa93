// The calls of docs/contract/http.md. A refused token, or one made for an older manifest, is replaced
// once and the call is sent again; any other failure is a Problem.

import { readEvents } from "./events.js";
import { isAbort, networkProblem, Problem, problemOf } from "./problems.js";

const NEW_TOKEN_HELPS = new Set(["token-missing", "token-invalid", "token-expired", "manifest-unknown"]);

export function createApi({ base, tokens }) {
  async function attempt(method, path, { body, accept, signal, lastEvent }, token) {
    const headers = { Authorization: `Bearer ${token}`, Accept: accept ?? "application/json" };
    if (lastEvent) headers["Last-Event-ID"] = lastEvent;
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
    const response = await send("POST", `/chats/${encodeURIComponent(chat)}/${path}`, {
      body,
      signal,
      accept: "text/event-stream, application/json;q=0.9",
    });
    onEvent({ event: "accepted", data: {} });
    if (!response.headers.get("Content-Type")?.startsWith("text/event-stream")) return response.json();
    let failure = null;
    let lastEvent = "";
    for (let stream = response; stream; stream = await resumed(lastEvent, failure, signal)) {
      const before = lastEvent;
      try {
        for await (const event of readEvents(stream.body)) {
          if (event.event === "done") return event.data;
          if (event.event === "error") failure = event.data.error;
          lastEvent = event.id || lastEvent;
          onEvent(event);
        }
      } catch (error) {
        if (isAbort(error) || signal?.aborted) throw error;
      }
      if (stream !== response && before === lastEvent) break; // it brought nothing: not again
    }
    if (failure) throw new Problem({ ...failure, title: failure.message ?? failure.title });
    throw new Problem({ name: "dropped" });
  }

  /** The stream from the event after `lastEvent` on, or null where there is nothing to take up. */
  async function resumed(lastEvent, failure, signal) {
    if (!lastEvent || failure) return null;
    const question = lastEvent.split(":")[0];
    try {
      return await send("GET", `/messages/${encodeURIComponent(question)}/events`, {
        accept: "text/event-stream",
        lastEvent,
        signal,
      });
    } catch (error) {
      if (isAbort(error)) throw error;
      return null;
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
    suggestions: () => json("GET", "/suggestions"),
  };
}
