// The page: one state, and what follows from it.
const $ = (id) => document.getElementById(id);
const data = readData();
const { chosen: home } = data.layers;
const nouns = data.noun[0].toUpperCase() + data.noun.slice(1) + "s";
const state = { layer: home, group: NONE, inner: NONE, words: [], view: "uncertain", order: "margin" };
const assigned = home.of.reduce((sum, group) => sum + (group !== NONE), 0);
const views = [{ key: "uncertain", label: "Uncertain first", click: () => showView("uncertain") }];
if (assigned < data.n) views.push({ key: "unassigned", label: `Unassigned ${count(data.n - assigned)}`, click: () => showView("unassigned") });
if (!assigned) state.view = "unassigned";

const pane = new ItemPane(data, { pick: (group) => pickGroup(home, group), views });
const table = new GroupTable(data, { pick: (group) => pickGroup(home, group, true), palette: () => home.palette });
const map = new MapView($("map"), data, { hover: showTip, pick: (i) => pickItem(i) });

// The layer inside the chosen group: what the chips list.
const within = () => ({ coarser: home, chosen: data.layers.finer })[state.layer.key];

function passes() {
  const { layer, group, inner, words, view } = state;
  if (group !== NONE) {
    const deeper = inner === NONE ? null : within().of;
    return (i) => layer.of[i] === group && (!deeper || deeper[i] === inner);
  }
  if (words.length) {
    data.folded ??= data.texts.map(foldCase);
    return (i) => words.every((word) => data.folded[i].includes(word));
  }
  return view === "unassigned" ? (i) => home.of[i] === NONE : (i) => home.of[i] !== NONE;
}

function chips() {
  const { layer, group, inner } = state;
  const deeper = within();
  if (group === NONE || !deeper?.names.length) return undefined;
  const sizes = new Map();
  for (let i = 0; i < data.n; i++) {
    if (layer.of[i] === group && deeper.of[i] !== NONE) sizes.set(deeper.of[i], (sizes.get(deeper.of[i]) ?? 0) + 1);
  }
  const entries = Array.from(sizes, ([id, size]) => ({ group: id, size, name: deeper.names[id] })).sort((a, b) => b.size - a.size || a.group - b.group);
  const toggle = (id) => update({ inner: id === inner ? NONE : id });
  return entries.length > 1 ? { label: deeper === home ? "Groups inside" : "Finer groups", entries, chosen: inner, palette: deeper.palette, toggle } : undefined;
}

function describe() {
  const { layer, group, inner, words, view } = state;
  if (group !== NONE) {
    const whole = layer === home && inner === NONE;
    const kind = { coarser: "Coarser group", chosen: "Group", finer: "Finer group" }[layer.key];
    const about = inner === NONE ? (layer === home ? data.keywords[group] : "") : within().names[inner];
    return { kind, title: layer.names[group] || "(no name)", about, central: whole ? data.examples[group] : [] };
  }
  if (words.length) return { kind: "Search", title: words.join(" "), about: `${nouns} that contain all of these words.` };
  if (view === "unassigned") return { kind: `All ${data.noun}s`, title: "Unassigned", about: `${nouns} in no group.`, view };
  return { kind: `All ${data.noun}s`, title: "Uncertain first", about: `The ${data.noun}s most nearly put elsewhere. A margin below ${data.uncertain.toFixed(2)} counts as uncertain.`, view };
}

function update(change, { quiet = false, keepPlace = false } = {}) {
  Object.assign(state, change);
  const pass = passes();
  const turned = state.order === "sure" ? data.confidence.map((value) => 255 - value) : data.margin;
  const list = ordered(data.n, pass, state.order === "row" ? null : turned);
  const told = describe();
  pane.show({ ...told, list, words: state.group === NONE ? state.words : [], chips: chips(), quiet: keepPlace });
  const focused = state.group !== NONE || state.words.length > 0 || state.view === "unassigned";
  map.lit = focused && list.length < data.n ? markAll(list) : null;
  map.layer = state.layer;
  map.chosen = state.group;
  map.redraw();
  table.mark(state.layer === home ? state.group : NONE);
  $("found").textContent = state.words.length && state.group === NONE ? `${count(list.length)} of ${plural(data.n, data.noun)} found, lit on the map` : "";
  if (!quiet) $("status").textContent = `${told.kind}: ${told.title}, ${plural(list.length, data.noun)}.`;
}

function markAll(list) {
  const lit = new Uint8Array(data.n);
  for (const i of list) lit[i] = 1;
  return lit;
}

function pickGroup(layer, group, fromTable = false) {
  $("search").value = "";
  setLayer(layer);
  update({ group, inner: NONE, words: [] });
  const box = $("items").getBoundingClientRect();
  if (fromTable && (box.bottom < 120 || box.top > innerHeight - 120)) {
    $("items").scrollIntoView({ block: "start" });
    $("items").focus({ preventScroll: true });
  }
}

function pickItem(i) {
  const group = state.layer.of[i];
  if (group === NONE) showView("unassigned");
  else pickGroup(state.layer, group);
}

function showView(view) {
  $("search").value = "";
  update({ view, group: NONE, inner: NONE, words: [] });
}

function setLayer(layer) {
  state.layer = layer;
  for (const radio of document.getElementsByName("layer")) radio.checked = radio.value === layer.key;
}

function showTip(i, x, y) {
  const tip = $("tip");
  tip.hidden = i === NONE;
  $("map").classList.toggle("over", i !== NONE);
  if (tip.hidden) return;
  const line = (label, value) => el("span", { class: "tip-line" }, el("i", {}, label), value);
  const named = (layer, group) => el("bdi", {}, group === NONE ? "–" : layer.names[group]);
  const lines = [line("group", named(home, home.of[i])), line("confidence", share(data.confidence[i])), line("runner-up", named(home, data.runner[i]))];
  if (state.layer !== home) lines.unshift(line(state.layer.key, named(state.layer, state.layer.of[i])));
  tip.replaceChildren(...[thumbnail(data, i)].filter(Boolean), el("p", { dir: "auto" }, data.texts[i]), ...lines);
  const { width, height } = $("frame").getBoundingClientRect();
  tip.style.left = `${Math.max(8, Math.min(x + 16, width - tip.offsetWidth - 8))}px`;
  const below = y + 18;
  tip.style.top = `${below + tip.offsetHeight > height - 8 ? Math.max(8, y - tip.offsetHeight - 14) : below}px`;
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  const dark = theme === "dark";
  $("theme").textContent = dark ? "Light" : "Dark";
  $("theme").setAttribute("aria-label", dark ? "Use light colours" : "Use dark colours");
  const palette = makePalette(dark);
  for (const layer of Object.values(data.layers)) layer.palette = palette;
  map.colours = Object.fromEntries(["plate", "grid", "ink", "grey"].map((name) => [name, readColour(`--${name}`)]));
  map.serif = getComputedStyle(document.querySelector("h1")).fontFamily;
  table.show();
  update({}, { quiet: true, keepPlace: true });
}

function listen() {
  let waiting;
  $("search").addEventListener("input", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => update({ words: foldCase(event.target.value).split(/\s+/).filter(Boolean), group: NONE, inner: NONE }, { quiet: true }), 120);
  });
  $("order").addEventListener("change", (event) => update({ order: event.target.value }));
  $("layers").addEventListener("change", (event) => {
    state.layer = data.layers[event.target.value];
    update({ group: NONE, inner: NONE });
  });
  $("zoom-in").addEventListener("click", () => map.step(1.6));
  $("zoom-out").addEventListener("click", () => map.step(1 / 1.6));
  $("zoom-all").addEventListener("click", () => map.all());
  $("theme").addEventListener("click", () => setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => setTheme(event.matches ? "dark" : "light"));
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") showView(assigned ? "uncertain" : "unassigned");
  });
}

$("app").hidden = false;
$("theme").hidden = false;
listen();
setTheme(document.documentElement.dataset.theme);
