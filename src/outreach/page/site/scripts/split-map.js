"use strict";
/* The small map of a split commune: its constituencies around its centre, to click or to tab to. */
const SplitMap = (() => {
  const { svg } = Dom;
  const SIDE = 600;

  /**
   * @param outlines constituencies to choose from, with their rings; others: those around
   * @param around {{centre: [lon, lat], degrees: number, names: Array<[name, lon, lat]>}} degrees
   *   of latitude from the centre to the edge
   */
  function draw(outlines, others, around, onChoice) {
    const place = projection(around);
    const groups = outlines.map(({ name, rings }, index) => {
      const path = rings.map((ring) => clipped(ring.map(place))).filter((ring) => ring.length > 2);
      return { name, index, path: path.map(line).join(""), at: labelPoint(rings, outlines, around) };
    }).filter(({ path }) => path !== "");
    const background = others.flatMap(({ rings }) => rings.map((ring) => clipped(ring.map(place))))
      .filter((ring) => ring.length > 2).map(line).join("");
    return svg("svg", { viewBox: `0 0 ${SIDE} ${SIDE}`, class: "split-map", role: "group", "aria-label": Words.say("split_map_title") },
      svg("path", { class: "split-other", d: background, "aria-hidden": "true" }),
      groups.map((group) => shape(group, place, onChoice)),
      labels(around, place, groups.filter(({ at }) => at).map(({ at }) => place(at))));
  }

  function shape({ name, index, path, at }, place, onChoice) {
    const number = Number(name.split("-")[1]);
    const [x, y] = at ? place(at) : [-99, -99];
    const choose = () => onChoice(name);
    return svg("g", {
      class: `split-shape tone-${index % 6}`, tabindex: "0", role: "button",
      "aria-label": Words.say("constituency_number", { number: Words.ordinal(number) }),
      on: {
        click: choose,
        keydown: (event) => {
          if (event.key === "Enter" || event.key === " ") {
            event.preventDefault();
            choose();
          }
        },
      },
    }, svg("path", { d: path, "fill-rule": "evenodd" }), svg("text", { x, y, class: "split-number" }, Words.ordinal(number)));
  }

  function labels({ names }, place, numbers) {
    const taken = numbers.map(([x, y]) => [x, y, 60]);
    return names.map(([name, longitude, latitude]) => {
      const [x, y] = place([longitude, latitude]);
      const wide = name.length * 9;
      const free = taken.every(([left, top, width]) => Math.abs(top - y) > 26 || Math.abs(left - x) > (width + wide) / 2);
      if (!free || x < wide / 2 || x > SIDE - wide / 2 || y < 20 || y > SIDE - 10) return null;
      taken.push([x, y, wide]);
      return svg("g", { class: "split-place", "aria-hidden": "true" },
        svg("circle", { cx: x, cy: y, r: 3 }), svg("text", { x, y: y - 8 }, name));
    });
  }

  function projection({ centre: [longitude, latitude], degrees }) {
    const scale = SIDE / (2 * degrees);
    const narrow = Math.cos((latitude * Math.PI) / 180);
    return ([x, y]) => [SIDE / 2 + (x - longitude) * narrow * scale, SIDE / 2 - (y - latitude) * scale];
  }

  // Sutherland-Hodgman against the four sides, with a margin that hides the cut.
  function clipped(ring) {
    const sides = [[0, -9, 1], [0, SIDE + 9, -1], [1, -9, 1], [1, SIDE + 9, -1]];
    let points = ring;
    for (const [axis, limit, sign] of sides) {
      const inside = (point) => (point[axis] - limit) * sign >= 0;
      const kept = [];
      points.forEach((point, index) => {
        const before = points[(index + points.length - 1) % points.length];
        if (inside(point) !== inside(before)) {
          const part = (limit - before[axis]) / (point[axis] - before[axis]);
          kept.push([before[0] + part * (point[0] - before[0]), before[1] + part * (point[1] - before[1])]);
        }
        if (inside(point)) kept.push(point);
      });
      points = kept;
      if (points.length === 0) break;
    }
    return points;
  }

  const line = (ring) => `M${ring.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}Z`;

  /** Where a constituency's number stands: the spot of a grid farthest from what is not its own. */
  function labelPoint(rings, outlines, { centre, degrees }) {
    const cells = 20;
    const narrow = Math.cos((centre[1] * Math.PI) / 180);
    const own = [];
    const other = [];
    for (let row = 1; row < cells; row += 1) {
      for (let column = 1; column < cells; column += 1) {
        const point = [
          centre[0] + ((column / cells) * 2 - 1) * (degrees / narrow),
          centre[1] + ((row / cells) * 2 - 1) * degrees,
        ];
        (Shapes.holds(rings, point) ? own : other).push({ point, row, column });
      }
    }
    let best = null;
    for (const spot of own) {
      const edge = Math.min(spot.row, spot.column, cells - spot.row, cells - spot.column);
      const away = other.reduce((least, one) => Math.min(least, Math.hypot(one.row - spot.row, one.column - spot.column)), edge + 0.5);
      if (best === null || away > best.away) best = { ...spot, away };
    }
    return best?.point ?? null;
  }

  return Object.freeze({ draw });
})();
