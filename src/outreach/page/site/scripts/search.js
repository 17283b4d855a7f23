"use strict";
/* What a citizen typed → communes. Knows names and postcodes; constituencies are Places'. */
const Search = (() => {
  const shards = new Map();

  /**
   * Tell what kind of thing was typed.
   * @returns {{kind: "nothing"|"postcode"|"name"|"address", name: string, postcode: string,
   *   department: string, street: boolean}} name is what is left of a commune's name.
   */
  function understand(typed) {
    const text = typed.trim();
    const found = { kind: "nothing", name: "", postcode: "", department: "", text };
    if (text === "") return found;
    const postcode = /(?:^|[^\d])(\d{2}\s?\d{3})(?!\d)/.exec(text);
    if (postcode) {
      found.postcode = postcode[1].replace(/\s/, "");
      const before = text.slice(0, postcode.index).trim();
      found.name = withoutCedex(text.slice(postcode.index + postcode[0].length));
      // "69002 Lyon" and "Lyon 69002" are places; "12 rue X 69002 Lyon" is an address.
      if (!found.name && before && !/\d/.test(before)) found.name = before.replace(/[(,]+$/, "").trim();
      const street = /\d/.test(before) || (before !== "" && found.name !== before.replace(/[(,]+$/, "").trim());
      found.kind = street ? "address" : "postcode";
      return found;
    }
    // A spreadsheet takes the zero away: "1500" is 01500.
    if (/^\d{4}$/.test(text)) return { ...found, kind: "postcode", postcode: `0${text}` };
    const department = /[\s(]((?:\d{2,3})|2[abAB])\)?$/.exec(text);
    if (/^\d+\s*(?:bis|ter|quater|[a-dA-D])?[\s,]+\D{3}/.test(text)) {
      found.kind = "address";
      found.name = text.includes(",") ? text.split(",").pop().trim() : "";
      return found;
    }
    found.kind = "name";
    if (department && !/^(?:paris|lyon|marseille)\b/i.test(text)) {
      found.department = department[1].toUpperCase();
      found.name = text.slice(0, department.index).trim();
    } else {
      found.name = withoutCedex(text);
    }
    return found;
  }

  function withoutCedex(text) {
    return text.replace(/\bcedex\b.*$/i, "").replace(/^[\s,()-]+|[\s,()-]+$/g, "");
  }

  /** The départements where a postcode may lie: its first digits, but for the few that cross. */
  function departmentsOf(postcode, start) {
    if (start.crossing[postcode]) return start.crossing[postcode];
    return start.prefixes[postcode.slice(0, 3)] ?? start.prefixes[postcode.slice(0, 2)] ?? [];
  }

  async function shard(file, start) {
    if (!start.names.includes(file)) return [];
    if (!shards.has(file)) {
      const former = file.endsWith("-former");
      shards.set(file, (await Data.load(`names/${file}`)).split("\n").map((line) => parseLine(line, former)));
    }
    return shards.get(file);
  }

  // "Saint-Denis;93=6,974=6": départements that have a commune of this name, with the number of
  // digits of its population.
  function parseLine(line, former) {
    const [name, rest] = line.split(";");
    const places = rest.split(",").map((part) => {
      const [department, size] = part.split("=");
      return { department, former, size: Number(size ?? 0) };
    });
    return { name, key: Text.key(name), places };
  }

  const letterOf = (key) => (/^[a-z]/.test(key) ? key[0] : "0");

  /**
   * Communes whose name is, begins with, contains or nearly is what was typed, best first.
   * @param options department: only there; final: the citizen has finished typing, so that former
   *   names are looked through even when names of today begin with the same letters
   * @returns {Promise<Array<{name, department, former, size, score}>>} score 0 is the exact name,
   *   1 the beginning, 2 a word inside, 3 and more a typing slip.
   */
  async function suggest(name, start, { department = "", limit = 8, final = false } = {}) {
    const key = Text.key(name);
    if (key === "") return [];
    const letter = letterOf(key);
    let found = rank(await shard(letter, start), key, department);
    const best = found[0]?.score ?? 9;
    if (best > 1 || (final && best > 0)) {
      const former = rank(await shard(`${letter}-former`, start), key, department);
      found = sorted([...found, ...former.filter((one) => one.score < 2 || best > 2)]);
    }
    if (found.length === 0 && key.length >= 4) found = await underOtherLetters(key, department, start);
    return found.slice(0, limit);
  }

  // Neighbours on a French keyboard, and letters that sound alike.
  const NEAR = {
    a: "zqh", b: "vnp", c: "xvks", d: "sft", e: "rzh", f: "dgp", g: "fhj", h: "gjae", i: "uoyh", j: "hkg", k: "jlc", l: "km",
    m: "ln", n: "bm", o: "ipah", p: "omb", q: "swac", r: "et", s: "qdcz", t: "ryd", u: "yih", v: "cbw", w: "xv", x: "wcs", y: "tui", z: "aes",
  };

  // Nothing under the first letter: the slip may be in it. The likely letters first, so that most
  // visits load a few small files; all of them only when these know nothing either.
  async function underOtherLetters(key, department, start) {
    const letter = letterOf(key);
    const likely = [...new Set([letterOf(key.slice(1)), ...(NEAR[letter] ?? "")])].filter((one) => one !== letter);
    const others = start.names.filter((file) => file.length === 1 && file !== letter && !likely.includes(file));
    for (const files of [likely, others]) {
      const entries = (await Promise.all(files.map((file) => shard(file, start)))).flat();
      const found = rank(entries, key, department);
      if (found.length > 0) return found;
    }
    return [];
  }

  function rank(entries, key, department) {
    const found = [];
    const inside = ` ${key}`;
    for (const entry of entries) {
      if (entry.key === key) add(found, entry, 0, department);
      else if (entry.key.startsWith(key)) add(found, entry, 1, department);
      else if (key.length >= 3 && entry.key.includes(inside)) add(found, entry, 2, department);
    }
    const slips = Text.slips(key);
    // Distances cost a hundred times more than comparing: only where nothing begins like this.
    if (slips > 0 && !found.some((one) => one.score < 2)) {
      for (const entry of entries) {
        const distance = Text.distance(entry.key, key, slips);
        if (distance <= slips) add(found, entry, 2 + distance, department);
      }
    }
    return sorted(found);
  }

  function sorted(list) {
    return list.sort(
      (a, b) => a.score - b.score || Number(a.former) - Number(b.former) || b.size - a.size
        || a.key.length - b.key.length || a.department.localeCompare(b.department),
    );
  }

  function add(list, entry, score, department) {
    for (const place of entry.places) {
      if (department && place.department !== department) continue;
      list.push({ name: entry.name, key: entry.key, score, ...place });
    }
  }

  return Object.freeze({ understand, departmentsOf, suggest });
})();
