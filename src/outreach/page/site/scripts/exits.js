"use strict";
/* The ways a letter leaves: addresses that the citizen's own mail program opens. */
const Exits = (() => {
  // Windows hands at most about 2 000 characters to a mail program, and cuts the rest in silence.
  const MAILTO_LIMIT = 1900;
  // Gmail and Outlook refuse requests above about 8 000.
  const WEB_LIMIT = 7500;

  const lines = (text) => text.replace(/\r?\n/g, "\r\n");
  const encode = (text) => encodeURIComponent(text).replace(/['()*!]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

  // The @ stays: some programs do not decode it, and an address of the roster is plain ASCII.
  const address = (email) => encode(email).replace("%40", "@");

  /** @returns {{href: string, whole: boolean}} whole is false when the text had to stay out. */
  function mailto(email, subject, text, shortText) {
    const href = `mailto:${address(email)}?subject=${encode(subject)}&body=${encode(lines(text))}`;
    if (href.length <= MAILTO_LIMIT) return { href, whole: true };
    return { href: `mailto:${address(email)}?subject=${encode(subject)}&body=${encode(lines(shortText))}`, whole: false };
  }

  function web(base, names, email, subject, text, shortText) {
    const make = (body) => `${base}${names.to}=${encode(email)}&${names.subject}=${encode(subject)}&${names.body}=${encode(lines(body))}`;
    const href = make(text);
    return href.length <= WEB_LIMIT ? { href, whole: true } : { href: make(shortText), whole: false };
  }

  const gmail = (...letter) =>
    web("https://mail.google.com/mail/?view=cm&fs=1&", { to: "to", subject: "su", body: "body" }, ...letter);
  const outlook = (...letter) =>
    web("https://outlook.live.com/mail/0/deeplink/compose?", { to: "to", subject: "subject", body: "body" }, ...letter);

  /** Put a text on the clipboard. Gives false when the browser refuses. */
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Pages opened from a disk or an old browser have no clipboard of their own.
      const area = document.createElement("textarea");
      area.value = text;
      area.className = "off-screen";
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  }

  return Object.freeze({ mailto, gmail, outlook, copy, MAILTO_LIMIT });
})();
