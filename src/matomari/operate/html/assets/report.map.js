// The map: where it looks, what it draws, and what lies under the pointer.
const STILL = matchMedia("(prefers-reduced-motion: reduce)");

class Grid {
  constructor(data) {
    this.data = data;
    this.side = Math.min(Math.max(Math.ceil(Math.sqrt(data.n) / 2), 1), 256);
    const counts = new Uint32Array(this.side ** 2);
    const of = new Int32Array(data.n);
    for (let i = 0; i < data.n; i++) counts[(of[i] = this.cell(data.y[i]) * this.side + this.cell(data.x[i]))]++;
    Object.assign(this, membersByGroup(of, counts));
  }

  cell(value) {
    return Math.min(Math.max(Math.floor((value + 0.5) * this.side), 0), this.side - 1);
  }

  nearest(x, y, reach) {
    let best = NONE;
    let least = reach * reach;
    for (let row = this.cell(y - reach); row <= this.cell(y + reach); row++) {
      const from = this.starts[row * this.side + this.cell(x - reach)];
      const to = this.starts[row * this.side + this.cell(x + reach) + 1];
      for (let at = from; at < to; at++) {
        const i = this.members[at];
        const distance = (this.data.x[i] - x) ** 2 + (this.data.y[i] - y) ** 2;
        if (distance <= least) [best, least] = [i, distance];
      }
    }
    return best;
  }
}

class MapView {
  constructor(canvas, data, { hover, pick }) {
    Object.assign(this, { canvas, data, hover, pick, layer: data.layers.chosen, lit: null, chosen: NONE, under: NONE });
    this.context = canvas.getContext("2d", { alpha: false });
    this.grid = new Grid(data);
    this.view = null;
    this.discs = new Map();
    new ResizeObserver(() => this.resize()).observe(canvas);
    this.listenToPointers();
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      const lines = event.deltaMode === 1 ? 30 : 1;
      this.zoomBy(Math.exp(-Math.min(Math.max(event.deltaY * lines, -150), 150) * 0.004), event.offsetX, event.offsetY);
    }, { passive: false });
    canvas.addEventListener("keydown", (event) => this.key(event));
  }

  resize() {
    this.ratio = Math.min(window.devicePixelRatio || 1, this.data.n > 50000 ? 1.5 : 3); // so that many dots still move smoothly
    this.width = this.canvas.clientWidth;
    this.height = this.canvas.clientHeight;
    if (!this.width || !this.height) return;
    this.canvas.width = Math.round(this.width * this.ratio);
    this.canvas.height = Math.round(this.height * this.ratio);
    this.image = this.context.createImageData(this.canvas.width, this.canvas.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    const spanX = Math.min(this.data.shape, 1);
    const spanY = Math.min(1 / this.data.shape, 1);
    this.whole = Math.min((this.width - 56) / spanX, (this.height - 48) / spanY);
    if (!this.view) this.view = { x: 0, y: 0, zoom: 1 };
    this.redraw();
  }

  get scale() {
    return this.whole * this.view.zoom;
  }

  screenX(x) {
    return (x - this.view.x) * this.scale + this.width / 2;
  }

  screenY(y) {
    return (y - this.view.y) * this.scale + this.height / 2;
  }

  look(view) {
    const zoom = Math.min(Math.max(view.zoom, 0.5), 400);
    this.view = { zoom, x: Math.min(Math.max(view.x, -0.6), 0.6), y: Math.min(Math.max(view.y, -0.6), 0.6) };
    this.redraw();
  }

  zoomBy(factor, atX = this.width / 2, atY = this.height / 2) {
    const before = this.scale;
    const zoom = Math.min(Math.max(this.view.zoom * factor, 0.5), 400);
    const after = this.whole * zoom;
    const move = (at, size) => (at - size / 2) * (1 / before - 1 / after);
    this.look({ zoom, x: this.view.x + move(atX, this.width), y: this.view.y + move(atY, this.height) });
  }

  panBy(x, y) {
    this.look({ ...this.view, x: this.view.x - x / this.scale, y: this.view.y - y / this.scale });
  }

  glide(target) {
    cancelAnimationFrame(this.gliding);
    if (STILL.matches) return this.look(target);
    const from = this.view;
    const start = performance.now();
    const step = (now) => {
      const part = Math.min((now - start) / 180, 1);
      const ease = 1 - (1 - part) ** 3;
      const mix = (a, b) => a + (b - a) * ease;
      this.look({ zoom: from.zoom * (target.zoom / from.zoom) ** ease, x: mix(from.x, target.x), y: mix(from.y, target.y) });
      if (part < 1) this.gliding = requestAnimationFrame(step);
    };
    this.gliding = requestAnimationFrame(step);
  }

  step(factor) {
    this.glide({ ...this.view, zoom: this.view.zoom * factor });
  }

  all() {
    this.glide({ x: 0, y: 0, zoom: 1 });
  }

  key(event) {
    const stride = 60;
    const moves = { ArrowLeft: [stride, 0], ArrowRight: [-stride, 0], ArrowUp: [0, stride], ArrowDown: [0, -stride] };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (moves[event.key]) this.panBy(...moves[event.key]);
    else if (event.key === "+" || event.key === "=") this.step(1.6);
    else if (event.key === "-" || event.key === "_" || event.key === "−") this.step(1 / 1.6);
    else if (event.key === "0") this.all();
    else return;
    event.preventDefault();
  }

  listenToPointers() {
    const held = new Map();
    let travelled = 0;
    const at = (event) => ({ x: event.offsetX, y: event.offsetY });
    this.canvas.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      this.canvas.setPointerCapture(event.pointerId);
      held.set(event.pointerId, at(event));
      if (held.size === 1) travelled = 0;
    });
    this.canvas.addEventListener("pointermove", (event) => {
      const last = held.get(event.pointerId);
      if (!last) return this.point(event.offsetX, event.offsetY);
      const now = at(event);
      const other = [...held].find(([id]) => id !== event.pointerId)?.[1];
      travelled += Math.hypot(now.x - last.x, now.y - last.y);
      if (other) {
        const apart = (a) => Math.max(Math.hypot(a.x - other.x, a.y - other.y), 10);
        this.zoomBy(apart(now) / apart(last), (now.x + other.x) / 2, (now.y + other.y) / 2);
      }
      if (travelled > 4) this.panBy((now.x - last.x) / held.size, (now.y - last.y) / held.size);
      held.set(event.pointerId, now);
    });
    const release = (event) => {
      const known = held.delete(event.pointerId);
      if (!known || held.size || event.type !== "pointerup" || travelled > 4) return;
      const i = this.find(event.offsetX, event.offsetY);
      if (i !== NONE) this.pick(i);
    };
    for (const type of ["pointerup", "pointercancel"]) this.canvas.addEventListener(type, release);
    this.canvas.addEventListener("pointerleave", () => this.point(NaN, NaN));
  }

  find(x, y) {
    if (!(x >= 0)) return NONE;
    const reach = Math.max(9, this.radius() + 3) / this.scale;
    return this.grid.nearest((x - this.width / 2) / this.scale + this.view.x, (y - this.height / 2) / this.scale + this.view.y, reach);
  }

  point(x, y) {
    const under = this.find(x, y);
    if (under !== this.under) {
      this.under = under;
      this.redraw();
    }
    this.hover(under, x, y);
  }

  radius() {
    const base = Math.min(Math.max(7.4 - 1.25 * Math.log10(this.data.n), 1.3), 5.5);
    return Math.min(base * Math.max(1, 1 + 0.22 * Math.log2(this.view.zoom)), 9);
  }

  disc(radius) {
    const key = Math.round(radius * this.ratio * 4);
    if (!this.discs.has(key)) this.discs.set(key, makeStamps(key / 4));
    return this.discs.get(key);
  }

  redraw() {
    this.awaited ??= requestAnimationFrame(() => {
      this.awaited = undefined;
      if (this.pixels && this.colours) this.draw();
    });
  }

  draw() {
    const { canvas, context } = this;
    this.pixels.fill(pack(this.colours.plate));
    this.drawGrid();
    this.drawDots();
    context.putImageData(this.image, 0, 0);
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.drawNames();
    if (this.under !== NONE) this.drawRing(this.under);
    canvas.dataset.zoom = this.view.zoom.toFixed(3);
    canvas.dataset.layer = this.layer.key;
  }

  drawGrid() {
    const span = this.scale * this.ratio;
    const step = (span / 8) * 2 ** -Math.floor(Math.log2(Math.max(this.view.zoom, 0.5)));
    drawGrid(this.pixels, canvasWidth(this), canvasHeight(this), pack(this.colours.grid), this.screenX(0) * this.ratio, this.screenY(0) * this.ratio, step);
  }

  drawDots() {
    const { data, lit, layer, pixels, ratio } = this;
    const disc = this.disc(this.radius());
    const bold = this.disc(this.radius() * 1.25);
    const width = canvasWidth(this);
    const height = canvasHeight(this);
    const thin = Math.min(Math.max(1.25 - 0.17 * Math.log10(data.n), 0.4), 0.9); // many dots must let one another shine through
    const scale = this.scale * ratio;
    const left = width / 2 - this.view.x * scale;
    const top = height / 2 - this.view.y * scale;
    const pass = (wanted) => {
      for (let i = 0; i < data.n; i++) {
        const group = layer.of[i];
        const stage = lit ? (lit[i] ? 2 : 0) : group === NONE ? 0 : 1;
        if (stage !== wanted) continue;
        const strong = group === NONE ? 0.5 : 0.3 + (0.7 * data.confidence[i]) / 255;
        const alpha = wanted === 2 ? Math.max(strong, 0.75) : lit ? 0.2 : strong * thin;
        const colour = colourOf(layer.palette, lit && wanted !== 2 ? NONE : group, this.colours.grey);
        stampDot(pixels, width, height, wanted === 2 ? bold : disc, data.x[i] * scale + left, data.y[i] * scale + top, colour, 256 * alpha);
      }
    };
    for (const stage of lit ? [0, 2] : [0, 1]) pass(stage);
  }

  drawNames() {
    const { layer, context, chosen } = this;
    const { x, y, reach } = layer.middles;
    const coarse = layer.key === "coarser";
    context.font = `${coarse ? 600 : 500} ${coarse ? 15.5 : 14}px ${this.serif}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 4;
    context.direction = "inherit";
    const groups = chosen === NONE ? layer.bySize : [chosen, ...layer.bySize.filter((group) => group !== chosen)];
    const near = groups.filter((group) => {
      const [atX, atY] = [this.screenX(x[group]), this.screenY(y[group])];
      return atX > -60 && atX < this.width + 60 && atY > -10 && atY < this.height + 10;
    });
    const wanted = near.slice(0, 400).map((group) => {
      const rise = reach[group] * this.scale + this.radius() + 10;
      return { group, text: shorten(layer.names[group], 30), x: this.screenX(x[group]), y: this.screenY(y[group]), rise };
    });
    const room = ((this.width * this.height) / 24000) * Math.min(1 + 0.25 * Math.log2(Math.max(this.view.zoom, 1)), 1.5);
    const names = placeNames(context, wanted, this.width, this.height, Math.max(6, Math.round(this.lit ? room / 2 : room)));
    this.canvas.dataset.names = names.length;
    for (const name of names) {
      context.globalAlpha = this.lit && name.group !== chosen ? 0.4 : 1;
      context.strokeStyle = css(this.colours.plate);
      context.strokeText(name.text, name.x, name.y);
      this.drawUnderline(name);
      context.fillStyle = css(this.colours.ink);
      context.fillText(name.text, name.x, name.y);
    }
    context.globalAlpha = 1;
  }

  // The line under a name tells which colour it speaks of.
  drawUnderline({ group, x, y, half }) {
    const { context, layer, colours } = this;
    context.fillStyle = css(colours.plate);
    context.fillRect(x - half + 4, y + 8, 2 * half - 8, 4.5);
    context.fillStyle = css(colourOf(layer.palette, group));
    context.fillRect(x - half + 5, y + 9, 2 * half - 10, 2.5);
  }

  drawRing(i) {
    const { context } = this;
    context.beginPath();
    context.arc(this.screenX(this.data.x[i]), this.screenY(this.data.y[i]), this.radius() + 4, 0, 2 * Math.PI);
    context.lineWidth = 1.5;
    context.strokeStyle = css(this.colours.ink);
    context.stroke();
  }
}

const canvasWidth = (map) => map.canvas.width;
const canvasHeight = (map) => map.canvas.height;
