// The data of the page: unpacked once, then only read.
const KINDS = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array };
const NONE = -1;

function unpack({ kind, data }) {
  const raw = atob(data);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return new KINDS[kind](bytes.buffer);
}

function unpackIndex(packed) {
  const values = unpack(packed);
  const none = 2 ** (8 * values.BYTES_PER_ELEMENT) - 1;
  return Int32Array.from(values, (value) => (value === none ? NONE : value));
}

function readData() {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const raw = read("data");
  const { texts, ids } = read("texts");
  const of = unpackIndex(raw.labels);
  const parents = unpackIndex(raw.coarser);
  const wide = Math.min(raw.shape, 1);
  const tall = Math.min(1 / raw.shape, 1);
  const data = {
    ...raw,
    texts,
    ids,
    of,
    parents,
    runner: unpackIndex(raw.runner),
    confidence: unpack(raw.confidence),
    margin: unpack(raw.margin),
    // A map one unit long on its longer side; y grows upwards in the data and downwards on the screen.
    x: Float32Array.from(unpack(raw.x), (value) => (value / 65535 - 0.5) * (raw.shape >= 1 ? 1 : wide)),
    y: Float32Array.from(unpack(raw.y), (value) => (0.5 - value / 65535) * (raw.shape >= 1 ? tall : 1)),
  };
  data.layers = {
    coarser: makeLayer(data, "coarser", raw.coarserNames, of.map((group) => (group === NONE ? NONE : parents[group]))),
    chosen: makeLayer(data, "chosen", raw.names, of),
    finer: makeLayer(data, "finer", raw.finerNames, unpackIndex(raw.finer)),
  };
  return data;
}

function makeLayer(data, key, names, of) {
  const counts = new Uint32Array(names.length);
  for (const group of of) if (group !== NONE) counts[group]++;
  const layer = { key, names, of, counts, palette: null };
  layer.bySize = Array.from(names.keys())
    .filter((group) => counts[group])
    .sort((a, b) => counts[b] - counts[a] || a - b);
  lazily(layer, "middles", () => middles(data, of, counts));
  return layer;
}

function lazily(object, key, make) {
  Object.defineProperty(object, key, {
    configurable: true,
    get() {
      const value = make();
      Object.defineProperty(object, key, { value });
      return value;
    },
  });
}

function membersByGroup(of, counts) {
  const starts = new Uint32Array(counts.length + 1);
  for (let group = 0; group < counts.length; group++) starts[group + 1] = starts[group] + counts[group];
  const next = starts.slice();
  const members = new Uint32Array(starts[counts.length]);
  for (let i = 0; i < of.length; i++) if (of[i] !== NONE) members[next[of[i]]++] = i;
  return { starts, members };
}

// The median place of each group, which unlike the mean lies where most of the group lies, and how far up and down most of it reaches.
function middles(data, of, counts) {
  const { starts, members } = membersByGroup(of, counts);
  const x = new Float32Array(counts.length);
  const y = new Float32Array(counts.length);
  const reach = new Float32Array(counts.length);
  for (let group = 0; group < counts.length; group++) {
    const own = members.subarray(starts[group], starts[group + 1]);
    if (!own.length) continue;
    x[group] = Float32Array.from(own, (i) => data.x[i]).sort()[own.length >> 1];
    y[group] = Float32Array.from(own, (i) => data.y[i]).sort()[own.length >> 1];
    reach[group] = Float32Array.from(own, (i) => Math.abs(data.y[i] - y[group])).sort()[Math.floor(own.length * 0.85)];
  }
  return { x, y, reach };
}

// Items that pass, ordered by a key of one byte (least first), or as given. A counting sort: 100,000 items take a millisecond.
function ordered(n, passes, keys) {
  const kept = [];
  for (let i = 0; i < n; i++) if (passes(i)) kept.push(i);
  if (!keys) return kept;
  const starts = new Uint32Array(257);
  for (const i of kept) starts[keys[i] + 1]++;
  for (let key = 0; key < 256; key++) starts[key + 1] += starts[key];
  const sorted = new Array(kept.length);
  for (const i of kept) sorted[starts[keys[i]]++] = i;
  return sorted;
}

const foldCase = (text) => text.normalize("NFKC").toLowerCase();
const count = (value) => value.toLocaleString("en-US");
const plural = (value, noun) => `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
const share = (byte) => (byte / 255).toFixed(2);

// The only way in which this page makes elements: what is given as text becomes text, never markup.
function el(tag, options = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(options)) {
    if (key === "class") node.className = value;
    else if (key === "click") node.addEventListener("click", value);
    else if (value === true) node.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

// The picture of an item, where the page holds one; its text, which is then its path, is what it is called.
function thumbnail(data, i) {
  const src = data.thumbs[i];
  return src ? el("img", { src, class: src.startsWith("data:image/png") ? "thumb tiny" : "thumb", alt: data.texts[i], title: data.texts[i] }) : null;
}
