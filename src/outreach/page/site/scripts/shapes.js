"use strict";
/* Outlines of constituencies on the device: which one holds a point, and a small map of them. */
const Shapes = (() => {
  const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const VALUES = new Map([...DIGITS].map((digit, value) => [digit, value]));
  const METRES_PER_DEGREE = 111_195;
  const decoded = new Map();

  // A ring is steps of longitude and latitude in 1e-5 degree, each a run of 5-bit digits,
  // the sixth bit meaning "more follows"; the lowest bit of a number is its sign.
  function decodeRing(text) {
    const ring = [];
    let position = 0;
    const next = () => {
      let value = 0;
      let shift = 0;
      let digit;
      do {
        digit = VALUES.get(text[position]);
        position += 1;
        value += (digit & 31) * 2 ** shift;
        shift += 5;
      } while (digit & 32);
      return value % 2 ? -(value + 1) / 2 : value / 2;
    };
    let longitude = 0;
    let latitude = 0;
    while (position < text.length) {
      longitude += next();
      latitude += next();
      ring.push([longitude / 1e5, latitude / 1e5]);
    }
    return ring;
  }

  /** The rings of each constituency of a département: code → array of rings of [lon, lat]. */
  async function department(code) {
    if (!decoded.has(code)) {
      const raw = await Data.load(`shapes/${code}`);
      decoded.set(code, new Map(Object.entries(raw).map(([name, rings]) => [name, rings.map(decodeRing)])));
    }
    return decoded.get(code);
  }

  async function outlines(constituencies) {
    const codes = [...new Set(constituencies.map((name) => name.split("-")[0]))];
    const tables = await Promise.all(codes.map(department));
    return constituencies.map((name) => ({ name, rings: tables.map((table) => table.get(name)).find(Boolean) ?? [] }));
  }

  /** The other constituencies of the same départements. */
  async function beside(constituencies) {
    const codes = [...new Set(constituencies.map((name) => name.split("-")[0]))];
    const tables = await Promise.all(codes.map(department));
    return tables.flatMap((table) => [...table].map(([name, rings]) => ({ name, rings })))
      .filter(({ name }) => !constituencies.includes(name));
  }

  /** Even-odd rule over all rings: holes and islands need no order. */
  function holds(rings, [longitude, latitude]) {
    let inside = false;
    for (const ring of rings) {
      for (let index = 0, last = ring.length - 1; index < ring.length; last = index, index += 1) {
        const [x1, y1] = ring[index];
        const [x2, y2] = ring[last];
        if (y1 > latitude !== y2 > latitude && longitude < ((x2 - x1) * (latitude - y1)) / (y2 - y1) + x1) {
          inside = !inside;
        }
      }
    }
    return inside;
  }

  /** Metres from a point to the nearest side of these rings. */
  function metresTo(rings, [longitude, latitude]) {
    const scale = Math.cos((latitude * Math.PI) / 180);
    let least = Infinity;
    for (const ring of rings) {
      for (let index = 1; index < ring.length; index += 1) {
        const x1 = (ring[index - 1][0] - longitude) * scale;
        const y1 = ring[index - 1][1] - latitude;
        const dx = (ring[index][0] - longitude) * scale - x1;
        const dy = ring[index][1] - latitude - y1;
        const length = dx * dx + dy * dy;
        const along = length === 0 ? 0 : Math.max(0, Math.min(1, -(x1 * dx + y1 * dy) / length));
        least = Math.min(least, Math.hypot(x1 + along * dx, y1 + along * dy));
      }
    }
    return least * METRES_PER_DEGREE;
  }

  /**
   * The constituency that holds a point, among those named.
   * @returns {Promise<{constituency: string, inside: boolean, metres: number}|null>} metres to
   *   the nearest boundary between two of them, or to the constituency when outside all.
   *   Null when there is none within 20 km.
   */
  async function locate(point, constituencies) {
    const all = (await outlines(constituencies)).filter(({ rings }) => rings.length > 0);
    const home = all.find(({ rings }) => holds(rings, point));
    if (home) {
      const others = all.filter((one) => one !== home).flatMap(({ rings }) => rings);
      return { constituency: home.name, inside: true, metres: metresTo(others, point) };
    }
    // Lagoons and estuaries are in no outline: the nearest one, within reason.
    const nearest = all
      .map(({ name, rings }) => ({ constituency: name, inside: false, metres: metresTo(rings, point) }))
      .sort((a, b) => a.metres - b.metres)[0];
    return nearest && nearest.metres < 20_000 ? nearest : null;
  }

  /** The constituencies whose frame holds a point; frames: code → [west, south, east, north]. */
  function framesAround([longitude, latitude], frames) {
    const margin = 0.05;
    return Object.entries(frames)
      .filter(([, [west, south, east, north]]) =>
        longitude >= west - margin && longitude <= east + margin
        && latitude >= south - margin && latitude <= north + margin)
      .map(([name]) => name);
  }

  return Object.freeze({ locate, framesAround, outlines, beside, holds, decodeRing });
})();
