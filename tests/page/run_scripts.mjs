// Runs the page's own scripts, as they are served, on a built site: a question in, an answer out.
import fs from "node:fs";
import path from "node:path";
import vm from "node:vm";

const folder = process.argv[2];
const question = JSON.parse(fs.readFileSync(0, "utf8"));

// What the scripts ask of a browser at start: a place to put data scripts, and nothing else.
const scripts = {
  createElement: () => ({ addEventListener(event, listener) { this[event] = listener; }, remove() {} }),
  head: {
    append(script) {
      const file = path.join(folder, script.src.split("?")[0]);
      if (fs.existsSync(file)) {
        try { vm.runInContext(fs.readFileSync(file, "utf8"), context); } catch { /* cut short */ }
        script.load();
      } else script.error();
    },
  },
  addEventListener: () => {},
};
const context = vm.createContext({ document: scripts, window: scripts, console, Intl, setTimeout });
const run = (code) => vm.runInContext(code, context);
run(fs.readFileSync(path.join(folder, "page.js"), "utf8"));
run(fs.readFileSync(path.join(folder, "data/start.js"), "utf8"));
context.question = question;

const answers = {
  // [[name, département], …] → [[constituencies of each commune found], …]
  names: `(async () => {
    const start = Data.here("start");
    const answers = [];
    for (const [name, department] of question.names) {
      const found = await Search.suggest(name, start, { final: true, limit: 200 });
      const same = found.filter((one) => one.score === 0 && one.name === name && one.department === department);
      const communes = same.length === 1 ? await Places.byName(same[0].name, same[0].department) : [];
      answers.push(communes.map((commune) => [commune.code, commune.constituencies]));
    }
    return answers;
  })()`,
  postcodes: `(async () => {
    const start = Data.here("start");
    const answers = {};
    for (const postcode of question.postcodes) {
      answers[postcode] = (await Places.byPostcode(postcode, start)).map((commune) => commune.code).sort();
    }
    return answers;
  })()`,
  plain: `Promise.resolve(question.plain.map((name) => [Text.plain(name), Text.key(name)]))`,
  typed: `(async () => {
    const start = Data.here("start");
    const answers = [];
    for (const text of question.typed) {
      const asked = Search.understand(text);
      const found = asked.kind === "name"
        ? await Search.suggest(asked.name, start, { department: asked.department, final: true })
        : (await Places.byPostcode(asked.postcode, start)).map((commune) => ({ name: commune.name, department: commune.department }));
      answers.push({ kind: asked.kind, name: asked.name, found: found.map((one) => [one.name, one.department]) });
    }
    return answers;
  })()`,
  // ms for each text typed, its files being there already
  timed: `(async () => {
    const start = Data.here("start");
    const times = [];
    for (const text of question.timed) {
      const asked = Search.understand(text);
      await Search.suggest(asked.name, start, { final: true });
      const before = performance.now();
      await Search.suggest(asked.name, start, { final: true });
      times.push(performance.now() - before);
    }
    return times;
  })()`,
  points: `Promise.all(question.points.map(async ([longitude, latitude, candidates]) => {
    const frames = await Data.load("shapes/frames");
    const place = await Shapes.locate([longitude, latitude], candidates ?? Shapes.framesAround([longitude, latitude], frames));
    return place && [place.constituency, place.inside, place.metres];
  }))`,
  // [[official id, département, level, seed], …] → [{choices, text, subject}, …]
  letters: `(async () => {
    const common = await Data.load("letters/common");
    const answers = [];
    for (const [id, department, level, seed] of question.letters) {
      const table = await Data.load("letters/" + department);
      const letter = table.letters[id][level];
      const texts = (number) => (number < 0 ? common[-1 - number] : table.texts[number]);
      const choices = Letter.choose(letter, seed);
      const { subject, before, after, sources } = Letter.join(letter, choices, texts);
      answers.push({ choices, subject, text: Letter.whole({ before, personal: "", after, signature: question.signature, sources }) });
    }
    return answers;
  })()`,
  exits: `Promise.resolve(question.exits.map(([email, subject, text]) => ({
    mailto: Exits.mailto(email, subject, text, "court"), gmail: Exits.gmail(email, subject, text, "court"),
    outlook: Exits.outlook(email, subject, text, "court"),
  })))`,
  remarks: `Promise.resolve(question.remarks.map((parts) => Letter.remarks(parts)))`,
};
context.performance = performance;
const [kind] = Object.keys(answers).filter((name) => name in question);
process.stdout.write(JSON.stringify(await run(answers[kind])));
