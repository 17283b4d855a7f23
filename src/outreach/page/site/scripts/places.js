"use strict";
/* Communes and postcodes of a département → constituencies. A split commune is never guessed. */
const Places = (() => {
  /**
   * @typedef {{code, name, postcodes: string[], constituencies: string[], department: string,
   *   former: string}} Commune  former: the old name that was asked for, "" otherwise
   */
  const tables = new Map();

  async function department(code) {
    if (!tables.has(code)) {
      const { communes, former, around } = await Data.load(`places/${code}`);
      tables.set(code, {
        communes: communes.map(([insee, name, postcodes, constituencies]) => ({
          code: insee,
          name,
          department: code,
          postcodes: postcodes ? postcodes.split(" ") : [],
          constituencies: constituencies ? constituencies.split(" ") : [],
          former: "",
        })),
        former,
        around,
      });
    }
    return tables.get(code);
  }

  /** Communes of a département that bear this name, today or formerly. */
  async function byName(name, code) {
    const table = await department(code);
    const key = Text.key(name);
    const today = table.communes.filter((commune) => Text.key(commune.name) === key);
    const exact = today.filter((commune) => commune.name === name);
    if (today.length > 0) return exact.length === 1 ? exact : today;
    const codes = new Set(
      table.former.filter(([old]) => Text.key(old) === key).map(([, current]) => current),
    );
    return [...codes].flatMap((insee) =>
      table.communes.filter((commune) => commune.code === insee).map((commune) => ({ ...commune, former: name })));
  }

  /** Communes that a postcode serves, in every département where it may lie. */
  async function byPostcode(postcode, start) {
    const codes = Search.departmentsOf(postcode, start);
    const all = await Promise.all(codes.map(department));
    return all.flatMap((table) => table.communes.filter((commune) => commune.postcodes.includes(postcode)));
  }

  async function byCode(insee) {
    const table = await department(departmentOf(insee));
    return table.communes.find((commune) => commune.code === insee);
  }

  /** "2A004" → "2A", "97101" → "971", "01004" → "01". */
  function departmentOf(insee) {
    return insee.startsWith("97") || insee.startsWith("98") ? insee.slice(0, 3) : insee.slice(0, 2);
  }

  /** The centre of a split commune and its neighbours, for the small map; undefined elsewhere. */
  async function around(commune) {
    return (await department(commune.department)).around[commune.code];
  }

  /** Every constituency that these communes may belong to, each once, in order. */
  function constituenciesOf(communes) {
    return [...new Set(communes.flatMap((commune) => commune.constituencies))].sort();
  }

  return Object.freeze({ byName, byPostcode, byCode, around, constituenciesOf, department, departmentOf });
})();
