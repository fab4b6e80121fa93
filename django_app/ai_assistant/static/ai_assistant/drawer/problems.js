// What can go wrong between the drawer and its servers, as one kind of error with a name.

export class Problem extends Error {
  constructor({ name, title, detail = "", status = 0, code = "", requestId = "", retryAfter = 0 }) {
    super(title || name);
    this.name = name;
    this.title = title ?? "";
    this.detail = detail;
    this.status = status;
    this.code = code;
    this.requestId = requestId;
    this.retryAfter = retryAfter;
  }
}

/** The problem document (RFC 9457) of an answer that is not 2xx. */
export async function problemOf(response) {
  let body = {};
  try {
    body = await response.json();
  } catch {
    // A proxy's own error page: the status is all there is to know.
  }
  return new Problem({
    name: body.name || nameOfStatus(response.status),
    title: body.title,
    detail: body.detail,
    status: response.status,
    code: body.code,
    requestId: body.request_id || response.headers.get("X-Request-Id") || "",
    retryAfter: Number(response.headers.get("Retry-After")) || 0,
  });
}

function nameOfStatus(status) {
  if (status === 401) return "signed-out";
  if (status === 403) return "not-staff";
  if (status === 404) return "not-found";
  if (status === 502 || status === 503 || status === 504) return "unreachable";
  return "unexpected";
}

export function networkProblem() {
  return new Problem({ name: "network" });
}

export function isAbort(error) {
  return error instanceof DOMException && error.name === "AbortError";
}
