"use strict";
/* The interface's sentences, in the language of the page. Letters are not here: they are French. */
const Words = (() => {
  let sentences = {};
  let language = "fr";

  function use(table, code) {
    sentences = table;
    language = code;
  }

  /** A sentence with its places filled: say("found", {name: "Lyon"}). */
  function say(name, values = {}) {
    const sentence = sentences[name];
    if (sentence === undefined) return name;
    return sentence.replace(/\{(\w+)\}/g, (mark, place) => (place in values ? String(values[place]) : mark));
  }

  /** "1re", "2e" of a constituency; "1st", "2nd" in English. */
  function ordinal(value) {
    if (language === "fr") return value === 1 ? "1re" : `${value}e`;
    const ending = { one: "st", two: "nd", few: "rd", other: "th" };
    return value + ending[new Intl.PluralRules("en", { type: "ordinal" }).select(value)];
  }

  const number = (value) => new Intl.NumberFormat(language).format(value);

  /** "2026-10-08" → "8 octobre 2026" in the page's language. */
  function date(iso) {
    const [year, month, day] = iso.split("-").map(Number);
    return new Intl.DateTimeFormat(language, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" })
      .format(new Date(Date.UTC(year, month - 1, day)));
  }

  return Object.freeze({ use, say, ordinal, number, date, language: () => language });
})();
