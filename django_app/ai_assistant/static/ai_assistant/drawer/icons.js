// Line icons on a 24-unit grid, drawn in the colour of the text around them.

const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  spark: ["M12 3l1.9 5.1L19 10l-5.1 1.9L12 17l-1.9-5.1L5 10l5.1-1.9z", "M19 15v4", "M17 17h4"],
  close: ["M6 6l12 12", "M18 6L6 18"],
  plus: ["M12 5v14", "M5 12h14"],
  chevron: ["M6 9l6 6 6-6"],
  pencil: ["M4 20h4L19 9l-4-4L4 16z", "M13 7l4 4"],
  trash: ["M4 7h16", "M9 7V4h6v3", "M6 7l1 13h10l1-13", "M10 11v5", "M14 11v5"],
  send: ["M12 19V5", "M6 11l6-6 6 6"],
  stop: ["M7 7h10v10H7z"],
  retry: ["M20 11a8 8 0 1 0-2.3 6.3", "M20 5v6h-6"],
  copy: ["M9 9h11v11H9z", "M5 15H4V4h11v1"],
  check: ["M5 12.5l4.5 4.5L19 7.5"],
  shield: ["M12 3l7 3v5.5c0 4.4-3 7.6-7 9.5-4-1.9-7-5.1-7-9.5V6z", "M9 12l2.2 2.2L15.2 10"],
  lock: ["M6 11h12v9H6z", "M8.5 11V8a3.5 3.5 0 0 1 7 0v3"],
  cut: ["M4 6h16", "M4 12h16", "M4 18h7", "M15 18h.01", "M19 18h.01"],
  code: ["M8 7l-5 5 5 5", "M16 7l5 5-5 5"],
  alert: ["M12 4l9 16H3z", "M12 10v4", "M12 17h.01"],
  widen: ["M9 6l-6 6 6 6", "M15 6l6 6-6 6", "M3 12h18"],
  narrow: ["M3 12h7", "M7 8l4 4-4 4", "M21 12h-7", "M17 8l-4 4 4 4"],
  up: ["M12 18V6", "M7 11l5-5 5 5"],
  download: ["M12 4v11", "M7 10l5 5 5-5", "M5 20h14"],
  down: ["M12 6v12", "M7 13l5 5 5-5"],
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({
    class: `ai-icon ai-icon-${name}`,
    viewBox: "0 0 24 24",
    fill: "none",
    stroke: "currentColor",
    "stroke-width": "1.8",
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
    "aria-hidden": "true",
    focusable: "false",
  })) {
    svg.setAttribute(key, value);
  }
  for (const data of PATHS[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", data);
    svg.append(path);
  }
  return svg;
}
