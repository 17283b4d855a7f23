"use strict";
/*
 * A letter from its pieces. Python wrote every piece, with its French; here they are chosen and
 * joined, nothing else.
 */
const Letter = (() => {
  const BREAK = "\n\n";

  /** A number from a seed and a word, the same each time: FNV-1a. */
  function hash(seed, word) {
    let value = 2166136261 ^ seed;
    for (const letter of word) {
      value = Math.imul(value ^ letter.codePointAt(0), 16777619) >>> 0;
    }
    value ^= value >>> 15;
    return Math.imul(value, 2246822519) >>> 0;
  }

  /** One variant for each block of a letter: block → variant. */
  function choose(letter, seed) {
    return Object.fromEntries(Object.entries(letter.blocks).map(([block, variants]) =>
      [block, variants[hash(seed, block) % variants.length]]));
  }

  /**
   * The parts of a letter that the citizen then edits. A piece is one text, or one for each
   * choice of the blocks that it depends on: "a", or "a|b" when it depends on two.
   * @param texts the table that numbers in pieces point to: (number) => string
   * @returns {{subject, before, after, sources}} before ends where the personal passage goes
   */
  function join(letter, choices, texts) {
    const text = (piece) => texts(piece.by ? piece.variants[piece.by.map((block) => choices[block]).join("|")] : piece.text);
    const filled = (some) => some.map(text).filter((part) => part !== "").join(BREAK);
    return {
      subject: text(letter.subject),
      before: filled(letter.pieces.slice(0, letter.personal)),
      after: filled(letter.pieces.slice(letter.personal)),
      sources: text(letter.sources),
    };
  }

  /** The whole text, as it is sent. */
  function whole({ before, personal, after, signature, sources }) {
    return [before, personal, after, signature, sources]
      .map((part) => part.trim())
      .filter((part) => part !== "")
      .join(BREAK);
  }

  /** Gentle remarks, by name of the sentence that says them; nothing is forbidden. */
  function remarks({ before, personal, after, signature, sources }) {
    const found = [];
    const text = whole({ before, personal, after, signature, sources });
    if (personal.trim().length < 30) found.push("remark_personal_empty");
    if (/\[[^\]]*\]|\{[^}]*\}|(?:…|\.\.\.)\s*$|(?:…|\.\.\.)\s*\n|\bX{3,}\b/m.test(personal)) found.push("remark_marks");
    if (/\{\{|\}\}|\{%|\[à compléter\]/i.test(before + after)) found.push("remark_marks_letter");
    if (signature.trim() === "") found.push("remark_signature");
    if (text.length > 4000) found.push("remark_long");
    if (text.length < 300) found.push("remark_short");
    return found;
  }

  return Object.freeze({ choose, join, whole, remarks, hash });
})();
