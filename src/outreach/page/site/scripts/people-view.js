"use strict";
/* Who represents the place that was found: cards, vacant seats, and the figures of the place. */
const PeopleView = (() => {
  const { el, get, show } = Dom;
  let start;

  function open(startData) {
    start = startData;
  }

  /** @param outcome what FindView found; constituency is null when only the département is known */
  async function present(outcome) {
    const codes = outcome.constituency ? [outcome.constituency] : outcome.constituencies;
    const home = outcome.department ? await Data.load(`people/${outcome.department}`) : null;
    const tables = await Promise.all(codes.map((code) => Data.load(`people/${code.split("-")[0]}`)));
    const deputies = codes.map((code, index) => tables[index].deputies[code]).filter(Boolean);
    const constituency = outcome.constituency ? tables[0].constituencies[outcome.constituency] : null;
    show(get("people"),
      el("h2", { id: "people-title" }, Words.say("people_title")),
      el("p", { class: "lead" }, foundSentence(outcome, constituency, home)),
      outcome.kind === "department" ? el("p", { class: "note" }, Words.say("people_unsure")) : null,
      start.chambers.includes("assemblee") ? group("deputies_title", deputies, outcome) : null,
      start.chambers.includes("senat") && home ? group("senators_title", home.senators, outcome) : null,
      home ? null : el("p", { class: "note" }, Words.say("senators_need_commune")),
      figures(constituency, home),
      el("p", { class: "small" }, lists()));
    Dom.goTo(get("people-title"));
  }

  /** How old the lists are, of the chambers that the campaign writes to. */
  function lists() {
    const { assemblee, senat } = start.rosters;
    return [
      assemblee && Words.say("dated_assemblee", { date: Words.date(assemblee) }),
      senat && Words.say("dated_senat", { date: Words.date(senat) }),
    ].filter(Boolean).join(" ");
  }

  function foundSentence(outcome, constituency, home) {
    const values = { place: outcome.place, constituency: constituency?.name ?? "", department: home?.name ?? "" };
    if (outcome.kind === "link") return Words.say("found_link", values);
    if (outcome.kind === "department") return Words.say(outcome.place === home?.name ? "found_whole" : "found_department", values);
    if (outcome.kind === "abroad") return Words.say("found_abroad", values);
    if (outcome.commune?.former) return Words.say("found_former", { ...values, former: outcome.commune.former });
    return Words.say(outcome.kind === "point" ? "found_point" : "found", values);
  }

  function group(title, seats, outcome) {
    if (seats.length === 0) return null;
    return el("div", { class: "chamber" },
      el("h3", {}, Words.say(title, { count: seats.length })),
      el("ul", { class: "cards" }, ...seats.map((seat) => el("li", {}, seat.vacancy ? vacant(seat) : card(seat, outcome)))));
  }

  function vacant({ vacancy, name, seat }) {
    return el("div", { class: "card vacant" },
      el("p", { class: "card-name" }, Words.say("seat_vacant")),
      el("p", {}, seat),
      el("p", { class: "small", lang: "fr" }, vacancy),
      name ? el("p", { class: "small" }, Words.say("former_holder", { name })) : null);
  }

  function card(person, outcome) {
    const date = Memory.written()[person.id];
    const button = el("button", { type: "button", class: "primary", on: { click: () => FindView.guard(() => App.write(person, outcome)) } },
      Words.say("write_to", { name: person.name }));
    return el("div", { class: "card", id: `card-${person.id}` },
      el("p", { class: "card-name" }, person.name),
      el("p", { class: "card-role", lang: "fr" }, person.role),
      el("dl", {},
        term("group", person.group),
        term("commission", person.commission),
        ...person.functions.slice(0, 2).map((text) => term("office", text)),
        ...contacts(person)),
      button,
      el("p", { class: "written" }, date ? Words.say("written_on", { date: Words.date(date) }) : ""));
  }

  const term = (name, value) => (value ? el("div", {}, el("dt", {}, Words.say(name)), el("dd", { lang: "fr" }, value)) : null);

  /** An address that may go on the next line after its @, and nowhere else by choice. */
  function brokenAtSign(email) {
    const [name, domain] = email.split("@");
    return [`${name}@`, el("wbr"), domain];
  }

  // Only what is published: an address is never made from a name.
  function contacts(person) {
    const ways = [];
    if (person.email) ways.push(el("div", {}, el("dt", {}, Words.say("email")), el("dd", {}, ...brokenAtSign(person.email))));
    else ways.push(el("div", {}, el("dt", {}, Words.say("email")), el("dd", {}, Words.say("no_email"))));
    for (const { kind, lines } of person.addresses) {
      ways.push(el("div", {}, el("dt", {}, Words.say(kind === "chamber" ? "post" : "office_address")), el("dd", { lang: "fr" }, lines.join(", "))));
    }
    if (person.page) {
      ways.push(el("div", {}, el("dt", {}, Words.say("form")),
        el("dd", {}, el("a", { href: person.page, rel: "noopener noreferrer", target: "_blank" }, Words.say("official_page")))));
    }
    return ways;
  }

  function figures(constituency, home) {
    const own = constituency?.figures ?? [];
    const list = own.length > 0 ? own : home?.figures ?? [];
    if (list.length === 0) return null;
    const sources = [...new Set(list.map(([, , source]) => source))];
    return el("section", { class: "figures", "aria-labelledby": "figures-title" },
      el("h3", { id: "figures-title" }, Words.say(own.length > 0 ? "figures_constituency" : "figures_department", { department: home?.name ?? "" })),
      el("dl", { lang: "fr" }, ...list.map(([label, value]) => el("div", {}, el("dt", {}, label), el("dd", {}, value)))),
      el("p", { class: "small", lang: "fr" }, `${Words.say("sources")} ${sources.join(" ; ")}.`));
  }

  /** Put the note "written" on a card after a letter left, or take all notes away. */
  function refresh() {
    const written = Memory.written();
    for (const box of document.querySelectorAll(".card[id]")) {
      const date = written[box.id.slice("card-".length)];
      box.querySelector(".written").textContent = date ? Words.say("written_on", { date: Words.date(date) }) : "";
    }
  }

  return Object.freeze({ open, present, refresh });
})();
