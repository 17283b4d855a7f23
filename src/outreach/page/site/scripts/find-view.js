"use strict";
/* The first step: a place is typed, chosen, or given by the device; the outcome goes to App. */
const FindView = (() => {
  const { el, get, show } = Dom;
  let start;
  let shown = [];
  let active = -1;
  let turn = 0; // answers that come after a newer question are dropped

  function open(startData) {
    start = startData;
    const input = get("typed");
    input.addEventListener("input", () => guard(suggest));
    input.addEventListener("keydown", onKey);
    input.addEventListener("blur", () => setTimeout(closeList, 150));
    get("find-form").addEventListener("submit", (event) => {
      event.preventDefault();
      guard(answer);
    });
    if ("geolocation" in navigator && window.isSecureContext) {
      get("position").hidden = false;
      get("position").addEventListener("click", () => guard(useDevice));
    }
    get("country-form").addEventListener("submit", (event) => {
      event.preventDefault();
      const constituency = get("country").value;
      if (constituency) App.found({ kind: "abroad", place: get("country").selectedOptions[0].text, department: "ZZ", constituency });
    });
    guard(suggest); // what the browser kept from before a reload
  }

  /** Run one step; a data file that is missing becomes a sentence on the screen. */
  async function guard(step) {
    try {
      await step();
    } catch (error) {
      if (!(error instanceof Data.Missing)) throw error;
      say(error.kind === "damaged" ? "data_damaged" : "data_absent", {}, "problem");
    }
  }

  function say(name, values = {}, tone = "") {
    const status = get("find-status");
    status.className = tone;
    status.textContent = name ? Words.say(name, values) : "";
  }

  async function suggest() {
    turn += 1;
    const mine = turn;
    const asked = Search.understand(get("typed").value);
    let options = [];
    if (asked.kind === "name" && Text.key(asked.name).length >= 2) {
      options = [...countries(asked.name), ...(await Search.suggest(asked.name, start, asked))];
    } else if (asked.kind === "postcode" && asked.text.length > 4) { // "1500" may go on: 15000
      options = named(await Places.byPostcode(asked.postcode, start), asked.name)
        .map((commune) => ({ name: commune.name, department: commune.department, commune }));
    }
    if (mine !== turn || document.activeElement !== get("typed")) return;
    shown = options.slice(0, 8);
    active = -1;
    const list = get("suggestions");
    list.replaceChildren(...shown.map((option, index) =>
      el("li", {
        id: `suggestion-${index}`, role: "option", "aria-selected": "false",
        on: { mousedown: (event) => { event.preventDefault(); guard(() => pick(option)); } },
      }, el("span", { class: "suggestion-name" }, option.name), " ", el("span", { class: "suggestion-place" }, placeOf(option)))));
    list.hidden = shown.length === 0;
    get("typed").setAttribute("aria-expanded", String(shown.length > 0));
    get("typed").removeAttribute("aria-activedescendant");
  }

  function placeOf(option) {
    if (option.constituency) return Words.say("abroad_short");
    if (option.whole) return Words.say("whole_department");
    const department = `${start.departments[option.department] ?? ""} (${option.department})`;
    return option.former ? `${department}, ${Words.say("former_commune")}` : department;
  }

  /** Départements that bear this very name: Mayotte, or the Ain. */
  function departments(name) {
    const key = Text.key(name);
    return Object.entries(start.departments)
      .filter(([, label]) => Text.key(label) === key)
      .map(([code, label]) => ({ name: label, department: code, whole: true }));
  }

  // Berlin and Allemagne are places too: of French people abroad.
  function countries(name) {
    const key = Text.key(name);
    if (key.length < 3) return [];
    return start.abroad
      .filter(([label]) => Text.key(label).startsWith(key))
      .map(([label, constituency]) => ({ name: label, constituency }));
  }

  /** Of several communes, those whose name is what was typed beside the postcode. */
  function named(communes, name) {
    if (!name) return communes;
    const key = Text.key(name);
    const same = communes.filter((commune) => Text.key(commune.name) === key);
    if (same.length > 0) return same;
    const near = communes.filter((commune) => {
      const own = Text.key(commune.name);
      return own.startsWith(key) || key.startsWith(own) || Text.distance(own, key, Text.slips(key)) <= Text.slips(key);
    });
    return near.length > 0 ? near : communes;
  }

  function onKey(event) {
    if (event.key === "Escape") closeList();
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") {
      if (event.key === "Enter" && active >= 0) {
        event.preventDefault();
        guard(() => pick(shown[active]));
      }
      return;
    }
    if (shown.length === 0) return;
    event.preventDefault();
    active = (active + (event.key === "ArrowDown" ? 1 : shown.length - 1 + (active < 0 ? 1 : 0))) % shown.length;
    [...get("suggestions").children].forEach((item, index) => item.setAttribute("aria-selected", String(index === active)));
    get("typed").setAttribute("aria-activedescendant", `suggestion-${active}`);
    get(`suggestion-${active}`).scrollIntoView({ block: "nearest" });
  }

  function closeList() {
    get("suggestions").hidden = true;
    get("typed").setAttribute("aria-expanded", "false");
    active = -1;
  }

  async function pick(option) {
    turn += 1;
    App.clear();
    closeList();
    say("");
    if (option.constituency) {
      get("typed").value = option.name;
      App.found({ kind: "abroad", place: option.name, department: "ZZ", constituency: option.constituency });
      return;
    }
    if (option.whole) {
      get("typed").value = option.name;
      await foundDepartment(option);
      return;
    }
    const communes = option.commune ? [option.commune] : await Places.byName(option.name, option.department);
    get("typed").value = option.name;
    settle(communes, {});
  }

  async function foundDepartment({ name, department }) {
    const codes = Object.keys((await Data.load(`people/${department}`)).constituencies).sort();
    const outcome = codes.length === 1 ? { kind: "link", place: "", constituency: codes[0] } : { kind: "department", place: name, constituency: null };
    App.found({ ...outcome, department, constituencies: codes, postcode: "" });
  }

  /** What the button or the Enter key does with the whole text. */
  async function answer() {
    turn += 1;
    App.clear();
    closeList();
    say("");
    const asked = Search.understand(get("typed").value);
    if (asked.kind === "nothing") say("type_something", {}, "problem");
    else if (asked.kind === "name") await answerName(asked);
    else if (asked.postcode) {
      const communes = named(await Places.byPostcode(asked.postcode, start), asked.name);
      if (communes.length === 0) say("postcode_unknown", { postcode: asked.postcode }, "problem");
      else settle(communes, { postcode: asked.postcode, address: asked.kind === "address" ? asked.text : "" });
    } else await answerStreet(asked);
  }

  async function answerName(asked) {
    const abroad = countries(asked.name).filter(({ name }) => Text.key(name) === Text.key(asked.name));
    const found = await Search.suggest(asked.name, start, { department: asked.department, final: true });
    const exact = found.filter((one) => one.score === 0 && !one.former);
    const old = exact.length === 0 ? found.filter((one) => one.score === 0) : [];
    if (exact.length + abroad.length + old.length === 1) {
      await pick(exact[0] ?? abroad[0] ?? old[0]);
      return;
    }
    // "Paris 11" is the whole beginning of one name and of no other.
    const key = `${Text.key(asked.name)} `;
    const longer = found.filter((one) => one.key.startsWith(key));
    if (found.length + abroad.length === 1 && longer.length === 1) {
      await pick(longer[0]);
      return;
    }
    const whole = exact.length + abroad.length === 0 ? departments(asked.name) : [];
    // What merely resembles it is not what was meant.
    if (whole.length === 1 && !found.some((one) => one.score < 2)) {
      await pick(whole[0]);
      return;
    }
    const options = [...abroad, ...whole, ...found];
    if (options.length === 0) say("name_unknown", { name: asked.name }, "problem");
    else choose(options, exact.length + abroad.length + old.length > 1 ? "which_homonym" : "which_near");
  }

  // A street and no postcode: its commune may stand last; without one, only the geocoder knows.
  async function answerStreet(asked) {
    const found = asked.name ? (await Search.suggest(asked.name, start, { final: true })).filter((one) => one.score === 0 && !one.former) : [];
    if (found.length === 1) settle(await Places.byName(found[0].name, found[0].department), { address: asked.text });
    else if (start.geocoder) SplitView.askAddress({ address: asked.text, communes: [], constituencies: [] });
    else say("address_needs_postcode", {}, "problem");
  }

  function choose(options, question) {
    show(get("question"),
      el("h3", { id: "question-title" }, Words.say(question)),
      el("ul", { class: "choices" }, ...options.map((option) =>
        el("li", {}, el("button", { type: "button", class: "choice", on: { click: () => guard(() => pick(option)) } },
          el("strong", {}, option.name), " ", el("span", {}, placeOf(option)))))));
    Dom.goTo(get("question-title"));
  }

  /** Communes that it may be → an outcome, or one question more. */
  function settle(communes, { postcode = "", address = "" }) {
    get("question").hidden = true;
    const constituencies = Places.constituenciesOf(communes);
    const departments = new Set(communes.map((commune) => commune.department));
    if (communes.length === 1 && constituencies.length === 1) {
      App.found({ kind: "commune", commune: communes[0], place: communes[0].name, department: communes[0].department, constituency: constituencies[0], postcode });
    } else if (constituencies.length === 1 && departments.size === 1) {
      App.found({ kind: "postcode", place: postcode, department: communes[0].department, constituency: constituencies[0], postcode });
    } else if (communes.length > 1) {
      choose(communes.map((commune) => ({ name: commune.name, department: commune.department, commune })), "which_commune");
      const picked = get("question").querySelectorAll("button");
      communes.forEach((commune, index) => {
        picked[index].replaceWith(el("button", {
          type: "button", class: "choice", on: { click: () => settle([commune], { postcode, address }) },
        }, el("strong", {}, commune.name), " ", el("span", {}, placeOf(commune))));
      });
    } else if (constituencies.length === 0) {
      say("commune_without", { name: communes[0]?.name ?? postcode }, "problem");
    } else {
      SplitView.ask({ commune: communes[0], constituencies, address, postcode });
    }
  }

  function useDevice() {
    say("position_asked");
    return new Promise((resolve) => {
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => resolve(guard(() => fromPoint([coords.longitude, coords.latitude], coords.accuracy))),
        () => { say("position_refused", {}, "problem"); resolve(); },
        { enableHighAccuracy: true, timeout: 15_000, maximumAge: 300_000 },
      );
    });
  }

  async function fromPoint(point, accuracy) {
    const frames = await Data.load("shapes/frames");
    const near = Shapes.framesAround(point, frames);
    const place = near.length > 0 ? await Shapes.locate(point, near) : null;
    if (place === null) {
      say("position_outside", {}, "problem");
      return;
    }
    if (place.metres < Math.max(50, accuracy) || !place.inside) {
      say("position_near", { metres: Words.number(Math.round(Math.max(50, accuracy))) }, "problem");
      return;
    }
    say("");
    App.found({ kind: "point", place: Words.say("your_position"), department: App.departmentOf(place.constituency), constituency: place.constituency });
  }

  return Object.freeze({ open, settle, say, guard, fromPoint });
})();
