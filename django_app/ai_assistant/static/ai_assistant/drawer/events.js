// Reads a text/event-stream body that came by fetch (EventSource cannot send a header or a POST).

/** Yields { id, event, data } with data parsed from its JSON; `id` is null where the event has none. */
export async function* readEvents(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      buffer = (buffer + value).replace(/\r\n/g, "\n");
      let end;
      while ((end = buffer.indexOf("\n\n")) >= 0) {
        const event = parseEvent(buffer.slice(0, end));
        buffer = buffer.slice(end + 2);
        if (event) yield event;
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function parseEvent(block) {
  let event = "message";
  let id = null;
  const data = [];
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const value = line.slice(colon + 1).replace(/^ /, "");
    if (line.slice(0, colon) === "event") event = value;
    if (line.slice(0, colon) === "id") id = value;
    if (line.slice(0, colon) === "data") data.push(value);
  }
  return data.length > 0 ? { id, event, data: JSON.parse(data.join("\n")) } : null;
}
