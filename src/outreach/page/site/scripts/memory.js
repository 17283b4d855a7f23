"use strict";
/* Who was written to, remembered on this device only: never what was written. */
const Memory = (() => {
  let campaign = "";
  const name = () => `outreach:${campaign}:written`;

  function useCampaign(uid) {
    campaign = uid;
  }

  /** official id → ISO date. Empty when the browser keeps nothing (private window, iframe). */
  function written() {
    try {
      const kept = JSON.parse(localStorage.getItem(name()) ?? "{}");
      return kept !== null && typeof kept === "object" ? kept : {};
    } catch {
      return {};
    }
  }

  /** Gives false when the browser refuses to keep anything. */
  function remember(id, date) {
    try {
      localStorage.setItem(name(), JSON.stringify({ ...written(), [id]: date }));
      return true;
    } catch {
      return false;
    }
  }

  function forget() {
    try {
      localStorage.removeItem(name());
    } catch {
      // Nothing was kept, nothing is left.
    }
  }

  return Object.freeze({ useCampaign, written, remember, forget });
})();
