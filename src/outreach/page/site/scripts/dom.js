"use strict";
/* Elements from plain values. Text always becomes a text node: nothing typed or loaded is markup. */
const Dom = (() => {
  const SVG = "http://www.w3.org/2000/svg";

  function fill(element, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null || value === undefined || value === false) continue;
      if (name === "on") {
        for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
      } else if (name === "value") element.value = value;
      else element.setAttribute(name, value === true ? "" : String(value));
    }
    element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
    return element;
  }

  const el = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
  const svg = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);
  const get = (id) => document.getElementById(id);

  function show(element, ...children) {
    element.replaceChildren(...children.flat().filter(Boolean));
    element.hidden = false;
  }

  /** Bring a new part of the page under the eyes and under the reader's cursor. */
  function goTo(heading) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    heading.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
  }

  return Object.freeze({ el, svg, get, show, goTo });
})();
