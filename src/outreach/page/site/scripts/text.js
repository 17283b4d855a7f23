"use strict";
/* Text as people type it, made comparable. No French grammar here: only letters. */
const Text = (() => {
  /**
   * Lower case, no accents, single spaces, "St" and "Ste" in full, "s/" as "sur".
   * outreach.page.names.plain() does the same in Python; a test compares the two on every name.
   */
  function plain(text) {
    return text
      .toLowerCase()
      .replaceAll("œ", "oe")
      .replaceAll("æ", "ae")
      .normalize("NFD")
      .replace(/[\u0300-\u036f]/g, "")
      .replace(/\bs\/(?=\s*s\b)/g, "sous ")
      .replace(/\bs\//g, "sur ")
      .replace(/[^a-z0-9]+/g, " ")
      .trim()
      .replace(/\bst\b/g, "saint")
      .replace(/\bste\b/g, "sainte")
      .replace(/\b(\d+)(?:er|e|eme|ieme)\b/g, "$1");
  }

  /** The plain text without a leading article: people type "Rochelle" and "La Rochelle". */
  function key(text) {
    return plain(text).replace(/^(?:le|la|les|l|los|las) (?=.)/, "");
  }

  /**
   * Letters to change, add, drop or swap to turn one word into the other.
   * Gives limit + 1 as soon as more than `limit` are needed.
   */
  function distance(left, right, limit) {
    if (Math.abs(left.length - right.length) > limit) return limit + 1;
    let before = [];
    let above = Array.from({ length: right.length + 1 }, (_, column) => column);
    for (let row = 1; row <= left.length; row += 1) {
      const current = [row];
      let least = row;
      for (let column = 1; column <= right.length; column += 1) {
        const same = left[row - 1] === right[column - 1];
        let cost = Math.min(above[column] + 1, current[column - 1] + 1, above[column - 1] + (same ? 0 : 1));
        if (row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]) {
          cost = Math.min(cost, before[column - 2] + 1);
        }
        current.push(cost);
        least = Math.min(least, cost);
      }
      if (least > limit) return limit + 1;
      before = above;
      above = current;
    }
    return above[right.length];
  }

  /** How many typing slips a word of this length may hold and still be recognised. */
  function slips(word) {
    return word.length < 4 ? 0 : word.length < 8 ? 1 : 2;
  }

  return Object.freeze({ plain, key, distance, slips });
})();
