"use strict";
/* The letter on paper: A4, the address where a window envelope shows it. */
const PrintView = (() => {
  const { el, get } = Dom;

  function fill({ subject, before, personal, after, signature, sources, ownAddress, person, outcome }) {
    document.body.classList.add("prints-letter");
    const place = outcome.commune?.name;
    const date = new Intl.DateTimeFormat("fr", { day: "numeric", month: "long", year: "numeric" }).format(new Date())
      .replace(/^1 /, "1er ");
    const paragraphs = Letter.whole({ before, personal, after, signature: "", sources: "" }).split(/\n{2,}/);
    get("paper").replaceChildren(
      el("address", { class: "paper-sender" }, ...lines([signature, ownAddress].filter(Boolean).join("\n"))),
      el("address", { class: "paper-recipient" }, ...lines(person.address.join("\n"))),
      el("p", { class: "paper-date" }, place ? `${place}, le ${date}` : `Le ${date}`),
      el("p", { class: "paper-subject" }, `Objet\u00a0: ${subject}`),
      ...paragraphs.map((text) => el("p", {}, ...lines(text))),
      el("p", { class: "paper-signature" }, signature),
      sources ? el("p", { class: "paper-sources" }, ...lines(sources)) : "");
  }

  const lines = (text) => text.split("\n").flatMap((line, index) => (index ? [el("br"), line] : [line]));

  return Object.freeze({ fill });
})();
