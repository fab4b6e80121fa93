// Builds the page from elements and text nodes. Nothing here, or above it, takes HTML as text.

/**
 * h("button", { class: "x", onclick: f, "aria-label": "Close" }, icon("close"), "text")
 * A property that is null, undefined or false is left out; `on...` is a listener.
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

export function append(parent, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

export function replace(parent, ...children) {
  parent.replaceChildren();
  append(parent, children);
}

/** A link within this origin, or plain text: an answer cannot send its reader elsewhere. */
export function ownLink(path, properties, ...children) {
  const safe = ownPath(path);
  return safe === null ? h("span", {}, ...children) : h("a", { ...properties, href: safe }, ...children);
}

export function ownPath(path) {
  if (typeof path !== "string" || !path.startsWith("/")) return null;
  const url = new URL(path, window.location.origin);
  return url.origin === window.location.origin ? url.pathname + url.search : null;
}
