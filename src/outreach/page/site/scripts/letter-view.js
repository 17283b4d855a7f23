"use strict";
/* The second step: the letter on the screen, to complete and to change. */
const LetterView = (() => {
  const { el, get, show } = Dom;
  let start;
  let current = null; // {person, outcome, letter, texts, seed, edited}

  function open(startData) {
    start = startData;
  }

  async function present(person, outcome) {
    const table = await Data.load(`letters/${person.department}`);
    const common = await Data.load("letters/common");
    const texts = (number) => (number < 0 ? common[-1 - number] : table.texts[number]);
    const letters = table.letters[person.id];
    // Without a certain constituency the letter speaks of the département only.
    const letter = (outcome.constituency ? null : letters.department) ?? letters.own;
    const seed = crypto.getRandomValues(new Uint32Array(1))[0];
    current = { person, outcome, letter, texts, seed, edited: false };
    draw();
    Dom.goTo(get("letter-title"));
  }

  function draw() {
    const { person, outcome } = current;
    const kept = { signature: get("signature")?.value ?? "", address: get("own-address")?.value ?? "", personal: get("personal")?.value };
    const place = outcome.commune?.name ?? "";
    show(get("letter"),
      el("h2", { id: "letter-title" }, Words.say("letter_title", { name: person.name })),
      Words.language() === "fr" ? null : el("p", { class: "note" }, Words.say("letter_in_french")),
      el("div", { class: "sheet", lang: "fr" },
        el("div", { class: "sheet-head" },
          field("own-address", "own_address", kept.address || outcome.ownAddress || [outcome.postcode, place].filter(Boolean).join(" "), "street-address"),
          el("address", { class: "recipient" }, ...person.address.flatMap((line) => [line, el("br")]))),
        line("subject", "subject"),
        area("before", "letter_start", 6),
        personalPart(kept.personal ?? outcome.personal ?? ""),
        area("after", "letter_end", 6),
        field("signature", "your_name", kept.signature || outcome.signature || "", "name"),
        area("sources", "sources_label", 1)),
      el("div", { class: "row" },
        el("button", { type: "button", class: "secondary", id: "reword", on: { click: reword } }, Words.say("reword")),
        el("span", { id: "letter-status", role: "status", class: "small" })),
      el("ul", { id: "remarks", class: "remarks", "aria-label": Words.say("remarks_title") }));
    fillParts();
    for (const id of ["subject", "before", "personal", "after", "signature", "sources", "own-address"]) {
      get(id).addEventListener("input", () => {
        if (["subject", "before", "after", "sources"].includes(id)) current.edited = true;
        grow(get(id));
        check();
      });
    }
    check();
  }

  function fillParts() {
    const { letter, texts, seed } = current;
    const { subject, before, after, sources } = Letter.join(letter, Letter.choose(letter, seed), texts);
    get("subject").value = subject;
    get("before").value = before;
    get("after").value = after;
    get("sources").value = sources;
    get("sources").parentElement.hidden = sources === "";
    for (const id of ["own-address", "subject", "before", "personal", "after", "sources"]) grow(get(id));
    current.edited = false;
  }

  function personalPart(value) {
    return el("fieldset", { class: "personal" },
      el("legend", {}, Words.say("personal_title")),
      el("p", { class: "small", lang: Words.language() }, Words.say("personal_why")),
      el("div", { class: "prompts", role: "group", "aria-label": Words.say("prompts_title") },
        ...start.prompts.map((prompt) => el("button", { type: "button", class: "prompt", on: { click: () => useprompt(prompt) } }, prompt))),
      el("textarea", { id: "personal", rows: 4, "aria-label": Words.say("personal_title"), placeholder: Words.say("personal_placeholder"), value, spellcheck: "true" }));
  }

  function useprompt(prompt) {
    const box = get("personal");
    box.value = [box.value.trim(), prompt].filter(Boolean).join("\n");
    grow(box);
    check();
    box.focus();
    // The dots are what the citizen replaces: select them.
    const dots = box.value.lastIndexOf("…");
    if (dots >= 0) box.setSelectionRange(dots, dots + 1);
  }

  const field = (id, label, value, autocomplete) =>
    el("div", { class: `field field-${id}` }, el("label", { for: id, lang: Words.language() }, Words.say(label)),
      id === "own-address" ? el("textarea", { id, rows: 2, autocomplete, value }) : el("input", { id, type: "text", autocomplete, value }));

  const line = (id, label) =>
    el("div", { class: "field" }, el("label", { for: id, lang: Words.language() }, Words.say(label)), el("textarea", { id, rows: 1 }));

  const area = (id, label, rows) =>
    el("div", { class: "part" }, el("label", { for: id, class: "part-label", lang: Words.language() }, Words.say(label)), el("textarea", { id, rows }));

  function grow(box) {
    if (box.tagName !== "TEXTAREA") return;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + 2}px`;
  }

  function reword() {
    const button = get("reword");
    if (current.edited && button.dataset.sure !== "yes") {
      button.dataset.sure = "yes";
      button.textContent = Words.say("reword_sure");
      get("letter-status").textContent = Words.say("reword_loses");
      return;
    }
    delete button.dataset.sure;
    button.textContent = Words.say("reword");
    current.seed = (current.seed + 1) >>> 0;
    const before = get("before").value + get("after").value;
    for (let turn = 0; turn < 20; turn += 1) {
      fillParts();
      if (get("before").value + get("after").value !== before) break;
      current.seed = (current.seed + 1) >>> 0;
    }
    get("letter-status").textContent = Words.say("reworded");
    check();
  }

  function values() {
    const { person, outcome } = current;
    const parts = Object.fromEntries(["subject", "before", "personal", "after", "signature", "sources"].map((id) => [id, get(id).value]));
    // A subject is one line, however it is shown.
    parts.subject = parts.subject.replace(/\s*\n\s*/g, " ").trim();
    return { ...parts, ownAddress: get("own-address").value, person, outcome };
  }

  function check() {
    const remarks = Letter.remarks(values());
    get("remarks").replaceChildren(...remarks.map((name) => el("li", {}, Words.say(name))));
    SendView.present(values());
  }

  return Object.freeze({ open, present, values });
})();
