"use strict";
/* The map of France: one stop of the Tab key, then the arrows; the name of each place is said. */
(() => {
  const map = document.querySelector(".france");
  if (!map) return;
  const places = [...map.querySelectorAll("a")];
  const name = document.getElementById("map-name");
  const centres = new Map(places.map((place) => {
    const box = place.getBBox();
    return [place, [box.x + box.width / 2, box.y + box.height / 2]];
  }));
  const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  function make(current) {
    for (const place of places) place.setAttribute("tabindex", place === current ? "0" : "-1");
  }

  /** The nearest place that lies in a direction, those straight ahead first. */
  function next(from, [dx, dy]) {
    const [x, y] = centres.get(from);
    let best = null;
    let least = Infinity;
    for (const [place, [px, py]] of centres) {
      const ahead = (px - x) * dx + (py - y) * dy;
      const aside = Math.abs((px - x) * dy) + Math.abs((py - y) * dx);
      const cost = ahead + 2 * aside;
      if (place !== from && ahead > 0.5 && cost < least) [best, least] = [place, cost];
    }
    return best;
  }

  for (const place of places) {
    const tell = () => { name.textContent = place.getAttribute("aria-label"); };
    place.addEventListener("focus", () => { make(place); tell(); });
    place.addEventListener("pointerenter", tell);
  }
  map.addEventListener("keydown", (event) => {
    const from = event.target.closest("a");
    if (!from || !DIRECTIONS[event.key]) return;
    event.preventDefault();
    next(from, DIRECTIONS[event.key])?.focus();
  });
  make(places[0]);
})();
