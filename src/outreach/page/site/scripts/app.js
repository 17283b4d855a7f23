"use strict";
/* The page's one state: place → people → letter → sent. Views draw; this joins them. */
const App = (() => {
  const { el, get, show } = Dom;
  let start;

  /** Take away what an earlier place had brought. */
  function clear() {
    for (const id of ["question", "people", "letter", "send", "done"]) get(id).hidden = true;
  }

  async function found(outcome) {
    clear();
    await FindView.guard(() => PeopleView.present(outcome));
  }

  async function write(person, outcome) {
    await LetterView.present(person, outcome);
  }

  /**
   * The département whose senators go with a constituency, "" where it has communes in two: one
   * seat for Saint-Barthélemy and Saint-Martin, and a few communes that vote next door.
   */
  function departmentOf(constituency) {
    return start.home[constituency] ? "" : constituency.split("-")[0];
  }

  /** The campaign's address without anything of this visitor in it. */
  function shareAddress() {
    return start.address || `${location.origin}${location.pathname}`;
  }

  async function share() {
    const address = shareAddress();
    if (navigator.share) {
      try {
        await navigator.share({ title: document.title, url: address });
        return;
      } catch (error) {
        if (error.name === "AbortError") return;
      }
    }
    const done = await Exits.copy(address);
    get("share-status").textContent = Words.say(done ? "link_copied" : "link_is", { address });
  }

  function showMemory() {
    const count = Object.keys(Memory.written()).length;
    get("memory").hidden = count === 0;
    get("memory-text").textContent = Words.say(count === 1 ? "memory_one" : "memory_many", { count });
  }

  /** ?establishment=…, ?constituency=01-04, ?postcode=69002: a link opens the page filled. */
  async function openLink() {
    const query = new URLSearchParams(location.search);
    const establishment = query.get("establishment");
    if (establishment !== null) await openEstablishment(establishment);
    else if (/^(?:\d{2,3}|2[AB]|ZZ)-\d{2}$/.test(query.get("constituency") ?? "")) {
      const constituency = query.get("constituency");
      const department = constituency.split("-")[0];
      const people = start.departments[department] ? await Data.load(`people/${department}`) : null;
      if (people?.constituencies[constituency]) {
        await found({ kind: "link", place: "", department: departmentOf(constituency), constituency });
      }
    } else if (/^\d{5}$/.test(query.get("postcode") ?? "")) {
      get("typed").value = query.get("postcode");
      get("find-form").requestSubmit();
    }
  }

  async function openEstablishment(id) {
    // Object.hasOwn: an identifier is any text, "constructor" too.
    const first = [...id].slice(0, 2).join("");
    const shard = Object.hasOwn(start.establishments, first) ? await Data.load(`establishments/${start.establishments[first]}`) : {};
    const known = Object.hasOwn(shard, id) ? shard[id] : undefined;
    if (!known) {
      FindView.say("establishment_unknown", {}, "problem");
      return;
    }
    const commune = known.commune ? await Places.byCode(known.commune) : undefined;
    const outcome = {
      kind: known.constituency ? "establishment" : "department",
      commune, place: known.name, department: known.department, constituency: known.constituency || null,
      constituencies: known.candidates, personal: known.text, ownAddress: known.address, postcode: "",
    };
    show(get("establishment"), el("p", {}, Words.say("establishment_for"), " ", el("strong", {}, known.name)),
      el("p", { class: "small" }, Words.say("establishment_check")));
    await found(outcome);
  }

  function startWorker() {
    // Opened from a disk there is no service worker, and none is needed.
    if ("serviceWorker" in navigator && location.protocol.startsWith("http")) {
      navigator.serviceWorker.register("worker.js")
        .then(() => navigator.serviceWorker.ready)
        .then((ready) => ready.active.postMessage({
          keep: performance.getEntriesByType("resource").map((entry) => entry.name),
        }))
        .catch(() => {}); // private windows refuse workers: the page does without
    }
  }

  // Inside another site's frame, tell it only how tall the page is.
  function followHeight() {
    if (window.parent === window) return;
    document.documentElement.classList.add("framed");
    const tell = () => window.parent.postMessage({ outreachHeight: document.body.scrollHeight }, "*");
    new ResizeObserver(tell).observe(document.body);
  }

  async function open() {
    start = Data.here("start");
    Words.use(Data.here("words"), document.documentElement.lang);
    Data.useVersion(start.version);
    Memory.useCampaign(start.uid);
    for (const view of [FindView, SplitView, PeopleView, LetterView]) view.open(start);
    for (const link of document.querySelectorAll("a[data-keeps-query]")) link.search = location.search;
    get("forget").addEventListener("click", () => {
      Memory.forget();
      PeopleView.refresh();
      showMemory();
      get("share-status").textContent = Words.say("forgotten");
    });
    get("share-page").addEventListener("click", share);
    showMemory();
    followHeight();
    get("find").hidden = false;
    startWorker();
    await FindView.guard(openLink);
  }

  function fail(error) {
    // Without its first data file the page has no words of its own: these stand in the document.
    get("broken").hidden = false;
    if (!(error instanceof Data.Missing)) throw error;
  }

  document.addEventListener("DOMContentLoaded", () => open().catch(fail));
  return Object.freeze({ clear, found, write, share, showMemory, departmentOf });
})();
