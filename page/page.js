"use strict";
(function () {
  const $ = (id) => document.getElementById(id);
  const heading = $("heading"), status = $("status"), problem = $("problem"), screen = $("screen");
  const title = heading.textContent;

  // --- Starting ----------------------------------------------------------------------------------

  const needed = [
    typeof WebAssembly === "object", typeof DecompressionStream === "function",
    typeof BigInt64Array === "function", typeof Response === "function",
  ];
  if (needed.includes(false)) return; // the text of the page says what it takes

  const bytesOf = (id) => {
    const element = $(id);
    const bytes = Uint8Array.from(atob(element.textContent), (c) => c.charCodeAt(0));
    element.remove(); // the text is not needed twice
    return bytes;
  };
  const unpacked = (id, type) => new Response(
    new Blob([bytesOf(id)]).stream().pipeThrough(new DecompressionStream("gzip")),
    { headers: { "Content-Type": type } },
  );
  const moduleOf = async (id) => {
    const source = await unpacked(id, "text/javascript").blob();
    const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    try { return await import(url); } finally { URL.revokeObjectURL(url); }
  };

  let python = null, page = null;

  async function start() {
    status.textContent = "Starting. This takes a few seconds.";
    // Where it is blocked, the engine would wait for ever: the smallest module shows it at once.
    await WebAssembly.instantiate(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
    // The loader asks for its parts by address; each is in this page, and nothing else is answered.
    const parts = {
      "pyodide.asm.wasm": () => unpacked("file-wasm", "application/wasm"),
      "python_stdlib.zip": () => new Response(bytesOf("file-stdlib")),
    };
    globalThis.fetch = async (address) => {
      const name = String(address && address.url ? address.url : address).split("/").pop();
      if (Object.hasOwn(parts, name)) return parts[name]();
      throw new TypeError("This page loads nothing: " + name);
    };
    const loader = await moduleOf("file-loader");
    const engine = await moduleOf("file-engine");
    const nowhere = "https://nowhere.invalid/";
    python = await loader.loadPyodide({
      createPyodideModule: engine.default,
      indexURL: nowhere, packageBaseUrl: nowhere, stdLibURL: nowhere + "python_stdlib.zip",
      lockFileContents: JSON.parse(new TextDecoder().decode(bytesOf("file-lock"))),
    });
    const folder = python.runPython("import site; site.getsitepackages()[0]");
    python.unpackArchive(bytesOf("file-packages"), "zip", { extractDir: folder });
    const adapter = python.pyimport("adapter");
    page = { adapter, visit: adapter.open_page(folder + "/framework.pickle") };
    status.textContent = "";
    window.addEventListener("dragover", (event) => event.preventDefault());
    window.addEventListener("drop", dropped);
    first();
  }

  class Problem extends Error {}

  function resultOf(answer) {
    const reply = JSON.parse(answer);
    if ("problem" in reply) throw new Problem(reply.problem);
    return reply.result;
  }
  const call = (method, ...values) => resultOf(page.adapter.call(page.visit, method, JSON.stringify(values)));

  function attempt(action) {
    problem.textContent = "";
    try {
      return action();
    } catch (error) {
      problem.textContent = error instanceof Problem
        ? error.message
        : "Something went wrong in this page, which is a fault in pmo-path. Your answers are kept. " + lastLine(error);
      problem.scrollIntoView({ block: "nearest" });
      return undefined;
    }
  }
  const lastLine = (error) => String(error.message || error).trim().split("\n").pop();

  // --- Drawing -----------------------------------------------------------------------------------

  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value === true) element.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
    }
    element.append(...children.filter((child) => child !== null && child !== ""));
    return element;
  }
  const button = (text, action, kind) => make("button", { type: "button", class: kind, onclick: () => attempt(action) }, text);

  function show(text, ...children) {
    problem.textContent = "";
    heading.textContent = text;
    document.title = text === title ? title : text + " - " + title;
    screen.replaceChildren(...children.filter((child) => child !== null));
    window.scrollTo(0, 0);
    heading.focus({ preventScroll: true });
    keys = null;
  }
  const field = (text, control) => make("label", { class: "field" }, make("span", {}, text), control);
  const choices = (rows, selected) => rows.map(([value, text]) => make("option", { value, selected: value === selected }, text));

  // --- Answers kept in this browser --------------------------------------------------------------

  // Each run of the questions has a key of its own, so that two tabs never replace each other's.
  const storage = {
    isAllowed: true,
    key: null, // where this tab keeps its answers; null before the first
    use(action) {
      try { return action(); } catch { storage.isAllowed = false; return null; }
    },
    keep(text) {
      storage.key ??= prefix() + Date.now() + "-" + Math.random().toString(36).slice(2);
      storage.use(() => localStorage.setItem(storage.key, text));
    },
    kept() {
      const start = prefix();
      const keys = storage.use(() => Object.keys(localStorage).filter((key) => key.startsWith(start))) || [];
      return keys.sort().reverse().map((key) => [key, localStorage.getItem(key)]);
    },
    clear(key) { storage.use(() => localStorage.removeItem(key)); },
  };
  const prefix = () => "pmo-path:" + call("about").id + ":";
  window.addEventListener("storage", (event) => {
    if (storage.key === null || event.key !== storage.key || event.newValue === null) return;
    storage.key = null; // the other tab has it now
    problem.textContent = "Another tab went on with these answers. What you answer here is kept separately from now on.";
  });

  let isUnsaved = false;
  const isOnlyHere = () => isUnsaved && !storage.isAllowed && !call("unfinished", call("to_keep")).is_empty;
  window.addEventListener("beforeunload", (event) => { if (isOnlyHere()) event.preventDefault(); });
  const mayDrop = (what) => !isOnlyHere() || window.confirm(what + " drops your answers, which this browser does not keep. Go on?");

  // --- The first screen --------------------------------------------------------------------------

  function first() {
    const about = call("about");
    const roles = about.roles.map((role) => [role.id, role.name]);
    const person = make("input", { type: "text", autocomplete: "name", maxlength: 200 });
    const held = make("select", {}, ...choices([["", "Not one of these"], ...roles]));
    const target = make("select", { required: true, onchange: () => attempt(scopes) }, ...choices([["", "Choose a role"], ...roles]));
    const shows = make("p", { class: "quiet", "aria-live": "polite" });
    let rows = [];
    const scope = make("select", { required: true, onchange: covered });
    function covered() { shows.textContent = (rows.find((row) => row.id === scope.value) || { shows: "" }).shows; }
    function scopes() {
      rows = target.value ? call("scopes", target.value) : [];
      scope.replaceChildren(...choices(rows.map((row) => [row.id, row.name])));
      covered();
    }
    held.addEventListener("change", () => attempt(() => {
      const role = about.roles.find((each) => each.id === held.value);
      if (role && role.leads_to.length === 1) { target.value = role.leads_to[0]; scopes(); }
    }));
    const form = make("form", { onsubmit: (event) => {
      event.preventDefault();
      if (!mayDrop("Beginning again")) return;
      storage.key = null;
      attempt(() => answered(call("start", person.value.trim(), held.value, target.value, scope.value)));
    } },
    make("h2", {}, "Rate yourself"),
    field("Your name (may stay empty)", person), field("Your role now", held),
    field("The role you want", target), field("What to rate", scope), shows,
    about.how_to_rate ? make("p", { class: "quiet" }, about.how_to_rate) : null,
    make("p", { class: "quiet" }, about.manager_may_rate),
    make("button", { class: "main", type: "submit" }, "Begin"));
    show(title,
      make("p", {}, about.title + ", version " + about.version),
      ...earlier(),
      roles.length ? form : make("p", {}, "This framework has no roles, so there is no role to rate yourself for."),
      drop(),
      about.notice ? make("p", { class: "quiet small" }, about.notice) : null);
  }

  function earlier() {
    const kept = storage.kept();
    if (!storage.isAllowed) {
      const warning = make("p", { class: "quiet" }, "This browser does not let the page keep unfinished answers. Save your ratings before you close it.");
      return isUnsaved ? [warning, unfinished(call("to_keep"), () => answered(call("screen")))] : [warning];
    }
    const blocks = kept.map(([key, text]) => unfinished(text, () => {
      const state = call("continue_with", text);
      storage.key = key;
      answered(state);
    }, key)).filter((block) => block !== null);
    return blocks.length ? blocks : [make("p", { class: "quiet small" }, "Unfinished answers are kept in this browser until you delete them.")];
  }

  // Unfinished answers to go on with, and to delete if they are kept; null for a run without any.
  function unfinished(text, goOn, key) {
    const remove = key ? button("Delete the answers", () => { storage.clear(key); first(); }) : null;
    let summary;
    try { summary = call("unfinished", text); } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return make("div", { class: "drop" }, make("p", {}, error.message), remove);
    }
    if (summary.is_empty) return null;
    const who = summary.person ? summary.person + ", " : "";
    return make("div", { class: "drop" },
      make("h2", {}, "Unfinished answers"),
      make("p", {}, who + summary.role + ": " + summary.answered + " of " + summary.total + " answered, " + summary.when),
      summary.unplaced.length ? make("p", {}, "The framework no longer contains " + summary.unplaced.join(", ") + ". Those answers are ignored.") : null,
      button("Continue", goOn, "main"), remove);
  }

  function drop() {
    const input = make("input", { type: "file", onchange: () => {
      const file = input.files[0];
      if (!file) return;
      input.value = ""; // else choosing the same file again would change nothing
      opened(file);
    } });
    return make("div", { class: "drop" },
      make("h2", {}, "Or open a file"),
      make("p", {}, "Drop a ratings file here (YAML, JSON, CSV or Excel), or a framework of your own (YAML)."),
      make("label", { class: "file" }, "Choose a file", input));
  }

  function dropped(event) {
    event.preventDefault();
    const file = event.dataTransfer && event.dataTransfer.files[0];
    if (file) opened(file);
  }

  const LARGEST = 20e6;
  async function opened(file) {
    problem.textContent = "";
    if (file.size > LARGEST) {
      problem.textContent = "“" + file.name + "” is too large for this page: " + Math.round(file.size / 1e6) + " MB, at most 20 MB.";
      return;
    }
    let bytes;
    try { bytes = new Uint8Array(await file.arrayBuffer()); } catch {
      problem.textContent = "“" + file.name + "” could not be read. Is it a folder?";
      return;
    }
    attempt(() => {
      const open = (mayReplace) => resultOf(page.adapter.call_with_file(page.visit, file.name, bytes, mayReplace));
      let content = open(!isOnlyHere());
      if (content.kind === "other framework") {
        if (!mayDrop("Another framework")) return;
        content = open(true);
      }
      if (content.kind === "framework") {
        storage.key = null;
        isUnsaved = false;
        first();
        status.textContent = "Now using " + content.title + ".";
      } else if (content.role === null) chooseRole(content);
      else result(content.notes, true);
    });
  }

  function chooseRole(ratings) {
    const roles = call("about").roles.map((role) => [role.id, role.name]);
    const target = make("select", {}, ...choices(roles));
    show(ratings.person || "A ratings file",
      make("p", {}, "The file does not say which role it is for."),
      field("Target role", target),
      button("Show the report", () => { call("choose_role", target.value); result(ratings.notes, true); }, "main"),
      button("Back to the start", first));
  }

  // --- The questions -----------------------------------------------------------------------------

  let keys = null;
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.matches && event.target.matches("input[type=text], textarea, select");
    if (keys && !isTyping && !event.ctrlKey && !event.altKey && !event.metaKey) keys(event);
  });

  function answered(state) {
    status.textContent = "";
    isUnsaved = true;
    storage.keep(call("to_keep"));
    if (state.review) review(state); else ask(state);
  }

  function ask(state) {
    const question = state.question;
    const answer = question.answer;
    const levels = [
      ...question.levels.map((level) => [level.level, level.level + " " + level.label, level.anchor]),
      ["n/a", "Does not apply", "This is no part of the work, so it does not count."],
    ];
    const radios = new Map();
    const next = make("button", { class: "main", type: "submit" }, "");
    const label = () => { next.textContent = chosen() === null ? "Skip for now" : "Next"; };
    const chosen = () => [...radios].filter(([, radio]) => radio.checked).map(([value]) => value)[0] ?? null;
    const options = levels.map(([value, name, text]) => {
      const radio = make("input", { type: "radio", name: "level", value, onchange: label, checked: value === answer.level });
      radios.set(value, radio);
      return make("label", { class: "level" }, radio, make("span", {}, make("b", {}, name), text || ""));
    });
    const evidence = make("input", { type: "text", maxlength: 2000, value: answer.evidence });
    const year = make("input", { type: "text", class: "year", inputmode: "numeric", maxlength: 4, value: answer.year || "" });
    const unsure = make("input", { type: "checkbox", checked: question.is_unsure });
    const values = () => [chosen(), evidence.value, year.value, unsure.checked];
    const back = () => {
      const before = call("back", ...values());
      answered(before);
      if (state.is_first) first();
    };
    const form = make("form", { onsubmit: (event) => { event.preventDefault(); attempt(() => answered(call("answer", ...values()))); } },
      make("fieldset", {}, make("legend", {}, "Which level describes you?"), ...options),
      make("label", { class: "level" }, unsure, make("span", {}, "Not sure. Choose the level that fits best, or none.")),
      make("details", { open: Boolean(answer.evidence) }, make("summary", {}, "Evidence"),
        field("What would you point to?", evidence), field("Year", year),
        question.evidence.length ? make("ul", {}, ...question.evidence.map((text) => make("li", {}, text))) : null),
      make("div", { class: "bar" }, button("Back", back), next,
        button("To the review", () => { call("answer", ...values()); answered(call("go_to", question.total)); })));
    label();
    show(question.name,
      make("p", { class: "quiet small" }, "Question " + question.number + " of " + question.total + ", " + question.left),
      make("progress", { max: question.total, value: question.number - 1, "aria-label": "Progress" }),
      question.summary ? make("p", {}, question.summary) : null,
      question.expects ? make("p", {}, question.expects.join(": ")) : null,
      question.behaviours.length ? make("ul", {}, ...question.behaviours.map((text) => make("li", {}, text))) : null,
      form,
      make("p", { class: "quiet small" }, "Keys: a digit chooses a level, n does not apply, u not sure, Enter goes on, b goes back."));
    keys = (event) => {
      const value = event.key === "n" ? "n/a" : event.key;
      if (radios.has(value)) { radios.get(value).checked = true; radios.get(value).focus(); label(); }
      else if (event.key === "u") unsure.checked = !unsure.checked;
      else if (event.key === "b") attempt(back);
      else if (event.key === "Enter" && !event.target.matches("button, summary, label")) form.requestSubmit();
      else return;
      event.preventDefault();
    };
  }
  function review(state) {
    const rows = state.review.map((row) => make("li", {},
      make("span", {}, row.name),
      make("span", {}, row.level === null ? "unrated" : (row.level + " " + row.label).trim(), " ",
        make("button", { type: "button", class: "plain", "aria-label": "Change " + row.name, onclick: () => attempt(() => ask(call("go_to", row.index))) }, "Change"))));
    show("Review", make("p", {}, state.answered + " of " + state.review.length + " answered."),
      make("div", { class: "bar" }, button("Show my report", () => result([], false), "main")),
      make("ol", { class: "review" }, ...rows));
  }

  // --- The result --------------------------------------------------------------------------------

  function save(name, type, text) {
    const url = URL.createObjectURL(new Blob([text], { type }));
    const link = make("a", { href: url, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
    status.textContent = "Saved as " + name + ", where your browser puts downloads.";
  }
  const today = () => new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 10);

  function result(notes, isOfFile) {
    const html = call("result", "html");
    const frame = make("iframe", { title: "The report" });
    frame.srcdoc = html;
    const bar = make("div", { class: "bar" },
      button("Save the ratings", () => { save("ratings-" + today() + ".yaml", "application/yaml", call("ratings")); if (!isOfFile) isUnsaved = false; }, "main"),
      button("Save the report", () => save("report-" + today() + ".html", "text/html", html)),
      button("Save as JSON", () => save("report-" + today() + ".json", "application/json", call("result", "json"))),
      button("Print", () => frame.contentWindow.print()),
      isUnsaved || !isOfFile ? button(isOfFile ? "Back to your answers" : "Change answers", () => answered(call("go_to", 1e6))) : null,
      button("Start again", first));
    show("Your report",
      ...notes.map((note) => make("p", { class: "quiet" }, note)), bar,
      make("p", { class: "quiet small" }, "Save the ratings to rate yourself again in a few months, or to send them to whoever collects them."),
      storage.isAllowed && storage.key !== null && !isOfFile ? button("Delete the answers kept in this browser", () => { storage.clear(storage.key); status.textContent = "Deleted."; }, "plain") : null,
      frame);
  }

  start().catch((error) => {
    status.textContent = "";
    problem.textContent = "The page could not start. Does the browser block WebAssembly? " + lastLine(error);
  });
})();
