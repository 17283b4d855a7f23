"use strict";
/*
 * The site's own data files. Each is a script that calls Data.receive(name, value): a page
 * opened from a USB stick (file:) may not fetch, but it may load scripts beside it.
 */
const Data = (() => {
  const received = new Map();
  const asked = new Map();
  let version = "";

  /** A data file that did not come: kind is "absent" (no network) or "damaged" (cut short). */
  class Missing extends Error {
    constructor(name, kind) {
      super(`${name}: ${kind}`);
      this.kind = kind;
    }
  }

  function receive(name, value) {
    received.set(name, value);
  }

  /** Give a file's content once it is here; ask for it once only. Rejects with Missing. */
  function load(name) {
    if (received.has(name)) return Promise.resolve(received.get(name));
    if (!asked.has(name)) {
      asked.set(name, fetchScript(name).catch((error) => {
        asked.delete(name); // the network may come back: the next request tries again
        throw error;
      }));
    }
    return asked.get(name);
  }

  function fetchScript(name) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = `data/${name}.js?v=${version}`;
      script.addEventListener("load", () => {
        script.remove();
        // A file cut short is a syntax error: it "loads" and calls nothing.
        if (received.has(name)) resolve(received.get(name));
        else reject(new Missing(name, "damaged"));
      });
      script.addEventListener("error", () => {
        script.remove();
        reject(new Missing(name, "absent"));
      });
      document.head.append(script);
    });
  }

  /** Give a file that came with the page itself. Throws Missing when it was cut short. */
  function here(name) {
    if (!received.has(name)) throw new Missing(name, "damaged");
    return received.get(name);
  }

  function useVersion(text) {
    version = text;
  }

  return Object.freeze({ receive, load, here, useVersion, Missing });
})();
