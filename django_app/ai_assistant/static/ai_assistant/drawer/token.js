// The token that the API asks for: fetched with the Django session, kept in memory only.

import { networkProblem, Problem, problemOf } from "./problems.js";

const EARLY_MS = 30_000;

export function createTokenSource({ url, csrfToken, now = () => Date.now() }) {
  let token = null;
  let expires = 0;
  let pending = null;

  async function request() {
    let response;
    try {
      response = await fetch(url, {
        method: "POST",
        credentials: "same-origin",
        headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
        redirect: "error",
      });
    } catch {
      throw networkProblem();
    }
    if (response.status === 401) throw new Problem({ name: "signed-out", status: 401 });
    // Django's own page for a failed CSRF check is HTML.
    if (response.status === 403 && !response.headers.get("Content-Type")?.includes("json")) {
      throw new Problem({ name: "csrf", status: 403 });
    }
    if (!response.ok) throw await problemOf(response);
    const body = await response.json();
    token = body.token;
    expires = now() + body.expires_in * 1000;
    return token;
  }

  return {
    /** One request at a time, however many calls are waiting for it. */
    get() {
      if (token !== null && now() < expires - EARLY_MS) return Promise.resolve(token);
      pending ??= request().finally(() => {
        pending = null;
      });
      return pending;
    },
    /** The server refused this one; a newer one stays. */
    drop(refused) {
      if (token === refused) token = null;
    },
  };
}

/** Django's CSRF token: the cookie's is the newest; where scripts cannot read it, the page's. */
export function findCsrfToken(cookieName, given) {
  const field = document.querySelector("input[name=csrfmiddlewaretoken]");
  const cookie = document.cookie
    .split("; ")
    .find((pair) => pair.startsWith(`${cookieName}=`))
    ?.slice(cookieName.length + 1);
  return (cookie && decodeURIComponent(cookie)) || given || field?.value || "";
}
