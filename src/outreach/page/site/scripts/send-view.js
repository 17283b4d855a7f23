"use strict";
/* The third step: the letter leaves by the citizen's own means; nothing goes through this page. */
const SendView = (() => {
  const { el, get, show } = Dom;
  let person = null;

  /** Draw the ways out once for each recipient; addresses are made when they are followed. */
  function present({ person: next }) {
    if (person === next && !get("send").hidden) return;
    person = next;
    show(get("send"),
      el("h2", { id: "send-title" }, Words.say("send_title")),
      el("p", {}, Words.say(person.email ? "send_explained" : "send_no_email", { name: person.name })),
      el("ul", { class: "ways" }, ...(person.email ? mailWays() : []),
        way("copy", "copy_letter", "copy_explained", copy),
        way("print", "print_letter", "print_explained", print)),
      el("p", { id: "send-status", role: "status", class: "note", hidden: true }),
      el("div", { class: "row done-row" },
        el("button", { type: "button", class: "primary", id: "sent", on: { click: sent } }, Words.say("i_sent_it"))));
    get("done").hidden = true;
  }

  function mailWays() {
    return [
      link("mailto", "open_mail", "open_mail_explained", Exits.mailto),
      link("gmail", "open_gmail", "open_gmail_explained", Exits.gmail),
      link("outlook", "open_outlook", "open_outlook_explained", Exits.outlook),
    ];
  }

  const way = (id, label, explained, action) =>
    el("li", {}, el("button", { type: "button", class: "secondary", id: `way-${id}`, on: { click: action } }, Words.say(label)),
      el("p", { class: "small" }, Words.say(explained)));

  // A link, so that a citizen may open it as they like; its address is made at that moment, from
  // the text as it stands then.
  function link(id, label, explained, make) {
    const anchor = el("a", { class: "button secondary", id: `way-${id}`, href: "#send", rel: "noopener noreferrer" }, Words.say(label));
    if (id !== "mailto") anchor.target = "_blank";
    const prepare = () => {
      const letter = LetterView.values();
      const made = make(letter.person.email, letter.subject, Letter.whole(letter), Words.say("paste_here"));
      anchor.href = made.href;
      return made;
    };
    anchor.addEventListener("focus", prepare);
    anchor.addEventListener("pointerenter", prepare);
    anchor.addEventListener("click", () => {
      const { whole } = prepare();
      if (whole) tell("opened");
      else {
        // Too long for an address: the text travels by the clipboard.
        Exits.copy(Letter.whole(LetterView.values())).then((done) => tell(done ? "opened_paste" : "opened_copy_yourself"));
      }
    });
    return el("li", {}, anchor, el("p", { class: "small" }, Words.say(explained)));
  }

  function tell(name, values = {}) {
    const status = get("send-status");
    status.hidden = false;
    status.textContent = Words.say(name, values);
  }

  async function copy() {
    const letter = LetterView.values();
    const done = await Exits.copy(Letter.whole(letter));
    const copied = letter.person.email ? "copied" : "copied_plain";
    tell(done ? copied : "copy_failed", { email: letter.person.email, subject: letter.subject });
  }

  function print() {
    PrintView.fill(LetterView.values());
    window.print();
    tell("printed");
  }

  // The browser's own print command gives the letter too, as it stands at that moment.
  window.addEventListener("beforeprint", () => {
    const open = person !== null && !get("letter").hidden;
    document.body.classList.toggle("prints-letter", open);
    if (open) PrintView.fill(LetterView.values());
  });

  function sent() {
    const today = new Date();
    const iso = `${today.getFullYear()}-${String(today.getMonth() + 1).padStart(2, "0")}-${String(today.getDate()).padStart(2, "0")}`;
    const kept = Memory.remember(person.id, iso);
    PeopleView.refresh();
    App.showMemory();
    show(get("done"),
      el("h2", { id: "done-title" }, Words.say("done_title")),
      el("p", {}, Words.say(kept ? "done_kept" : "done_not_kept")),
      el("div", { class: "row" },
        el("button", { type: "button", class: "secondary", on: { click: () => Dom.goTo(get("people-title")) } }, Words.say("write_another")),
        el("button", { type: "button", class: "secondary", id: "share", on: { click: App.share } }, Words.say("share"))));
    Dom.goTo(get("done-title"));
  }

  return Object.freeze({ present });
})();
