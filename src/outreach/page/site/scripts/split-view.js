"use strict";
/* A commune shared between constituencies: ask one thing more, three ways, and never guess. */
const SplitView = (() => {
  const { el, svg, get, show } = Dom;
  let start;

  function open(startData) {
    start = startData;
  }

  /** @param question {{commune, constituencies, address, postcode}} */
  function ask(question) {
    const { commune, constituencies } = question;
    const box = el("div", { class: "split-ways" });
    show(get("question"),
      el("h3", { id: "question-title" }, Words.say("split_title", { name: commune.name, count: constituencies.length })),
      el("p", {}, Words.say("split_explained")),
      box);
    if (start.geocoder) box.append(addressWay(question));
    const map = el("div", { class: "way" }, el("h4", {}, Words.say("split_map_title")));
    box.append(map, listWay(question));
    Dom.goTo(get("question-title"));
    return FindView.guard(() => drawMap(map, question));
  }

  /** An address whose commune is unknown: only the geocoder can tell, if the citizen agrees. */
  function askAddress(question) {
    show(get("question"),
      el("h3", { id: "question-title" }, Words.say("address_title")),
      addressWay(question));
    Dom.goTo(get("question-title"));
  }

  function addressWay(question) {
    const field = el("input", {
      id: "street", type: "text", autocomplete: "street-address", value: question.address ?? "",
      placeholder: Words.say("street_example"),
    });
    const status = el("p", { role: "status", class: "small" });
    const place = townOf(question);
    const where = new URL(start.geocoder.url).host;
    const form = el("form", {
      class: "way",
      on: {
        submit: (event) => {
          event.preventDefault();
          lookUp(question, field.value, status);
        },
      },
    },
    el("h4", {}, el("label", { for: "street" }, Words.say("split_address_title"))),
    el("div", { class: "row" }, field, el("button", { type: "submit", class: "secondary" }, Words.say("send_address"))),
    el("p", { class: "small" }, place ? Words.say("send_address_explained", { where, place }) : Words.say("send_typed_explained", { where })),
    status);
    return form;
  }

  /** Postcode and name of the commune that is asked about; "" where none is known. */
  function townOf({ commune, postcode }) {
    return commune ? `${postcode || commune.postcodes[0] || ""} ${commune.name}`.trim() : "";
  }

  async function lookUp(question, typed, status) {
    if (typed.trim() === "") {
      status.textContent = Words.say("type_street");
      return;
    }
    if (navigator.onLine === false) {
      status.textContent = Words.say("geocoder_offline");
      return;
    }
    status.textContent = Words.say("asking");
    const { commune } = question;
    const text = commune && !Text.plain(typed).includes(Text.plain(commune.name)) ? `${typed} ${townOf(question)}` : typed;
    const address = new URL(start.geocoder.url);
    address.searchParams.set("q", text.trim().slice(0, 200));
    address.searchParams.set("limit", "1");
    let found;
    try {
      const response = await fetch(address, { credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store" });
      if (!response.ok) throw new Error(String(response.status));
      found = (await response.json()).features?.[0];
    } catch {
      status.textContent = Words.say("geocoder_failed");
      return;
    }
    await FindView.guard(() => fromFeature(question, found, status));
  }

  /** What the geocoder answered → an outcome, or a sentence saying why not. */
  async function fromFeature(question, feature, status) {
    const point = feature?.geometry?.coordinates;
    const exact = ["housenumber", "street", "locality"].includes(feature?.properties?.type);
    if (!Array.isArray(point) || !point.every(Number.isFinite) || !exact || !(feature.properties.score > 0.5)) {
      status.textContent = Words.say("address_unknown");
      return;
    }
    const answered = await communeOf(feature);
    const commune = question.commune ?? answered;
    // The service may answer with another city: only what both sides allow is believed.
    const constituencies = (question.commune ? question.constituencies : answered?.constituencies ?? [])
      .filter((code) => answered?.constituencies.includes(code));
    if (constituencies.length === 0) {
      status.textContent = Words.say("address_unknown");
      return;
    }
    const place = constituencies.length === 1
      ? { constituency: constituencies[0], metres: Infinity } : await Shapes.locate(point, constituencies);
    if (place === null || place.metres < 50) {
      status.textContent = Words.say("address_near_boundary");
      if (!question.commune) ask({ ...question, commune, constituencies });
      return;
    }
    answer({ ...question, commune }, place.constituency, "address");
  }

  async function communeOf(feature) {
    const code = String(feature.properties.citycode ?? "");
    return /^\d{5}$|^2[AB]\d{3}$/.test(code) && start.departments[Places.departmentOf(code)]
      ? Places.byCode(code) : undefined;
  }

  function answer({ commune, postcode }, constituency, kind) {
    get("question").hidden = true;
    App.found({ kind, commune, place: commune.name, department: commune.department, constituency, postcode });
  }

  function listWay(question) {
    const { constituencies } = question;
    const list = el("ul", { class: "choices" });
    const way = el("div", { class: "way" }, el("h4", {}, Words.say("split_list_title")), list);
    FindView.guard(async () => {
      for (const code of constituencies) {
        const { constituencies: known, deputies } = await Data.load(`people/${code.split("-")[0]}`);
        const holder = deputies[code];
        const who = holder?.vacancy ? Words.say("seat_vacant_short") : holder?.name ?? "";
        list.append(el("li", {}, el("button", {
          type: "button", class: "choice", on: { click: () => answer(question, code, "chosen") },
        }, el("strong", {}, known[code].name), " ", el("span", {}, who))));
      }
      list.append(el("li", {}, el("button", {
        type: "button", class: "choice", on: {
          click: () => {
            get("question").hidden = true;
            App.found({
              kind: "department", commune: question.commune, place: question.commune.name,
              department: question.commune.department, constituency: null, constituencies, postcode: question.postcode,
            });
          },
        },
      }, el("strong", {}, Words.say("dont_know")), " ", el("span", {}, Words.say("dont_know_explained")))));
    });
    return way;
  }

  async function drawMap(box, question) {
    const around = await Places.around(question.commune);
    const outlines = (await Shapes.outlines(question.constituencies)).filter(({ rings }) => rings.length > 0);
    if (!around || outlines.length < 2) {
      box.remove();
      return;
    }
    const others = await Shapes.beside(question.constituencies);
    const picture = SplitMap.draw(outlines, others, around, (code) => answer(question, code, "map"));
    box.append(el("p", { class: "small" }, Words.say("split_map_explained")), picture,
      el("p", { class: "small attribution" }, Words.say("map_credit")));
  }

  return Object.freeze({ open, ask, askAddress, fromFeature });
})();
