// The reading pane: the texts of a group, of a search, or those that deserve a second look.
const PAGE_ITEMS = 200;
const FEW_CHIPS = 12;

class ItemPane {
  constructor(data, { pick, views }) {
    Object.assign(this, { data, pick, page: 0, list: [], words: [], chips: FEW_CHIPS });
    this.parts = Object.fromEntries(
      ["kind", "title", "words", "views", "chips", "scroll", "central", "count", "body", "pages"].map((part) => [part, document.getElementById(`items-${part}`)]),
    );
    this.views = views.map(({ key, label, click }) => {
      const button = el("button", { type: "button", class: "chip", "aria-pressed": "false", "data-view": key, click }, label);
      return button;
    });
    this.parts.views.replaceChildren(...this.views);
  }

  show({ kind, title, about, view, list, words, central, chips, quiet }) {
    Object.assign(this, { list, words, page: 0 });
    this.parts.kind.textContent = kind;
    this.parts.title.textContent = title;
    this.parts.words.textContent = about;
    for (const button of this.views) button.setAttribute("aria-pressed", String(button.dataset.view === view));
    this.showChips(chips);
    this.showCentral(central);
    this.showPage();
    if (!quiet) this.parts.scroll.scrollTop = 0;
  }

  showChips({ label, entries, chosen, palette, toggle } = { entries: [] }, all = false) {
    const { chips } = this.parts;
    chips.hidden = !entries.length;
    if (chips.hidden) return chips.replaceChildren();
    chips.setAttribute("aria-label", label);
    const shown = all ? entries : entries.slice(0, FEW_CHIPS);
    const nodes = shown.map(({ group, name, size }) => {
      const dot = el("span", { class: "dot" });
      dot.style.background = css(colourOf(palette, group));
      return el(
        "button",
        { type: "button", class: "chip", "aria-pressed": String(group === chosen), click: () => toggle(group) },
        dot, el("bdi", {}, name), el("small", {}, ` ${count(size)}`),
      );
    });
    if (shown.length < entries.length) {
      const rest = entries.length - shown.length;
      const more = el("button", { type: "button", class: "chip", click: () => this.showChips({ label, entries, chosen, palette, toggle }, true) }, `${count(rest)} more`);
      nodes.push(more);
    }
    return chips.replaceChildren(el("span", { class: "chips-label" }, label), ...nodes);
  }

  showCentral(central = []) {
    const { central: box } = this.parts;
    box.hidden = !central.length;
    const lines = central.map((i) => el("li", { dir: "auto" }, thumbnail(this.data, i) ?? this.data.texts[i]));
    box.classList.toggle("pictures", central.some((i) => this.data.thumbs[i]));
    box.replaceChildren(el("h3", {}, lines.length === 1 ? "Most central" : `The ${["two", "three"][lines.length - 2]} most central`), el("ol", {}, ...lines));
    if (!central.length) box.replaceChildren();
  }

  showPage() {
    const { list, page } = this;
    const shown = list.slice(page * PAGE_ITEMS, (page + 1) * PAGE_ITEMS);
    this.parts.count.textContent = plural(list.length, this.data.noun);
    this.parts.body.replaceChildren(...shown.map((i) => this.row(i)));
    showPages(this.parts.pages, {
      total: list.length,
      page,
      size: PAGE_ITEMS,
      go: (to) => {
        this.page = to;
        this.showPage();
        this.parts.scroll.scrollTop = 0;
        this.parts.scroll.focus({ preventScroll: true });
      },
    });
  }

  row(i) {
    const { data } = this;
    const cell = (name, label, ...inside) => el("td", { role: "cell", class: name, "data-label": label }, ...inside);
    const name = data.ids ? data.ids[i] : String(i);
    const id = data.ids && name === data.texts[i] ? null : el("small", { class: "id", dir: "auto", title: "id" }, name);
    return el(
      "tr",
      { role: "row", "data-item": i },
      el("td", { role: "cell", class: "text" }, thumbnail(data, i), el("span", { dir: "auto", class: "words" }, ...this.marked(data.texts[i])), id),
      cell("group", "", this.groupLink(data.of[i])),
      cell("number", "confidence", share(data.confidence[i])),
      cell("number", "margin", share(data.margin[i])),
      cell("runner", "or", this.groupLink(data.runner[i])),
    );
  }

  groupLink(group) {
    if (group === NONE) return el("span", { class: "none" }, "–");
    const dot = el("span", { class: "dot" });
    dot.style.background = css(colourOf(this.data.layers.chosen.palette, group));
    const link = el("button", { type: "button", class: "link", dir: "auto", tabindex: "-1", title: this.data.names[group], click: () => this.pick(group) }, this.data.names[group] || "(no name)");
    return el("span", { class: "named" }, dot, link);
  }

  // The text as nodes, with the searched words marked where folding its case keeps its length.
  marked(text) {
    const lower = text.toLowerCase();
    if (!this.words.length || lower.length !== text.length) return [text];
    const inside = new Uint8Array(text.length);
    for (const word of this.words) {
      for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + word.length)) inside.fill(1, at, at + word.length);
    }
    const nodes = [];
    for (let from = 0, to = 0; from < text.length; from = to) {
      while (to < text.length && inside[to] === inside[from]) to++;
      const part = text.slice(from, to);
      nodes.push(inside[from] ? el("mark", {}, part) : part);
    }
    return nodes;
  }
}
