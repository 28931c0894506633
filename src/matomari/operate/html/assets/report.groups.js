// The table of groups: filtered by text, sorted by any column, shown a page at a time.
const PAGE_GROUPS = matchMedia("(max-width: 44rem)").matches ? 25 : 100;

// Page buttons under a table; nothing where all rows fit on one page.
function showPages(nav, { total, page, size, go }) {
  const pages = Math.ceil(total / size);
  nav.hidden = pages < 2;
  if (nav.hidden) return nav.replaceChildren();
  const turn = (label, to, name) => {
    const button = el("button", { type: "button", class: "plain", "aria-label": name, disabled: to < 0 || to >= pages, click: () => go(to) }, label);
    return button;
  };
  const from = page * size;
  return nav.replaceChildren(
    turn("«", page > 0 ? 0 : -1, "First page"),
    turn("‹", page - 1, "Previous page"),
    el("span", {}, `${count(from + 1)}–${count(Math.min(from + size, total))} of ${count(total)}`),
    turn("›", page + 1, "Next page"),
    turn("»", page < pages - 1 ? pages - 1 : pages, "Last page"),
  );
}

class GroupTable {
  constructor(data, { pick, palette }) {
    Object.assign(this, { data, pick, palette, page: 0, by: "size", up: false, words: [], chosen: NONE });
    this.body = document.getElementById("groups-body");
    this.heads = document.getElementById("groups-heads");
    this.largest = Math.max(1, ...chunkedMax(data.sizes));
    const text = (values) => (a, b) => this.collator.compare(values[a], values[b]);
    const number = (values) => (a, b) => (values[a] ?? -Infinity) - (values[b] ?? -Infinity);
    this.collator = new Intl.Collator(undefined, { numeric: true });
    const parent = data.parents ? Array.from(data.parents, (group) => (group === NONE ? "" : data.coarserNames[group])) : [];
    this.parent = parent;
    this.columns = [
      { key: "name", label: "Name", compare: text(data.names), up: true },
      { key: "size", label: "Size", compare: number(data.sizes), number: true },
      { key: "keywords", label: this.pictured() ? "Most central" : "Keywords", compare: text(data.keywords), up: true },
      { key: "cohesion", label: "Cohesion", compare: number(data.cohesion), number: true, title: `How alike its ${data.noun}s are, on average` },
      { key: "stability", label: "Stability", compare: number(data.stability), number: true, title: "How often it comes back when grouped anew" },
    ];
    if (data.coarserNames.length) this.columns.push({ key: "parent", label: "Coarser", compare: text(parent), up: true });
    this.makeHeads();
    document.getElementById("filter").addEventListener("input", (event) => this.filter(event.target.value));
    this.body.addEventListener("keydown", (event) => this.key(event));
  }

  // Pictures say more than the words of their paths would.
  pictured() {
    return Object.keys(this.data.thumbs).length > 0;
  }

  makeHeads() {
    this.heads.replaceChildren(
      ...this.columns.map((column) => {
        const button = el("button", { type: "button", click: () => this.sort(column) }, column.label);
        return el("th", { role: "columnheader", scope: "col", class: `${column.key}${column.number ? " number" : ""}`, title: column.title }, button);
      }),
    );
  }

  sort(column) {
    this.up = this.by === column.key ? !this.up : Boolean(column.up);
    this.by = column.key;
    this.page = 0;
    this.show();
  }

  filter(words) {
    this.words = foldCase(words).split(/\s+/).filter(Boolean);
    this.page = 0;
    this.show();
    const kept = this.rows.length;
    const notice = this.words.length ? `${count(kept)} of ${plural(this.data.names.length, "group")}` : "";
    document.getElementById("filtered").textContent = notice;
  }

  arrange() {
    const { data } = this;
    this.folded ??= data.names.map((name, group) => foldCase(`${name}\n${data.keywords[group]}\n${this.parent[group] ?? ""}`));
    const { compare } = this.columns.find((column) => column.key === this.by);
    const turn = this.up ? 1 : -1;
    this.rows = Array.from(data.names.keys())
      .filter((group) => this.words.every((word) => this.folded[group].includes(word)))
      .sort((a, b) => turn * compare(a, b) || a - b);
  }

  show() {
    this.arrange();
    for (const [at, column] of this.columns.entries()) {
      this.heads.children[at].setAttribute("aria-sort", column.key !== this.by ? "none" : this.up ? "ascending" : "descending");
    }
    const shown = this.rows.slice(this.page * PAGE_GROUPS, (this.page + 1) * PAGE_GROUPS);
    this.body.replaceChildren(...shown.map((group) => this.row(group)));
    if (!shown.length) this.body.append(el("tr", { role: "row", class: "empty" }, el("td", { role: "cell", colspan: this.columns.length }, "No group.")));
    this.rove();
    showPages(document.getElementById("groups-pages"), {
      total: this.rows.length,
      page: this.page,
      size: PAGE_GROUPS,
      go: (page) => {
        this.page = page;
        this.show();
        document.getElementById("groups").scrollIntoView({ block: "start" });
      },
    });
  }

  row(group) {
    const { data } = this;
    const dot = el("span", { class: "dot" });
    dot.style.background = css(colourOf(this.palette(), group));
    const bar = el("span", { class: "bar" });
    bar.style.width = `${Math.max(2, (100 * data.sizes[group]) / this.largest)}%`;
    const figure = (value) => (value === null ? "–" : value.toFixed(2));
    const cell = (key, options, ...inside) => el("td", { role: "cell", class: key, ...options }, ...inside);
    const open = el("button", { type: "button", class: "open", tabindex: "-1", dir: "auto" }, data.names[group] || "(no name)");
    const row = el(
      "tr",
      { role: "row", "data-group": group, "aria-current": group === this.chosen && "true", click: () => this.pick(group) },
      el("th", { role: "rowheader", scope: "row", class: "name" }, el("span", { class: "named" }, dot, open)),
      cell("size number", {}, el("span", { class: "bars", "aria-hidden": "true" }, bar), el("span", {}, count(data.sizes[group]))),
      cell("keywords", { dir: "auto" }, ...(this.pictured() ? data.examples[group].map((i) => thumbnail(data, i)) : [data.keywords[group]])),
      cell("cohesion number", { "data-label": "cohesion" }, figure(data.cohesion[group])),
      cell("stability number", { "data-label": "stability" }, figure(data.stability[group])),
    );
    if (data.coarserNames.length) row.append(cell("parent", { dir: "auto" }, this.parent[group]));
    return row;
  }

  // One row is in the tab order; the arrows move between rows, so that the table is one stop and not a hundred.
  rove(to = this.body.querySelector("[aria-current] .open") ?? this.body.querySelector(".open")) {
    this.body.querySelector('.open[tabindex="0"]')?.setAttribute("tabindex", "-1");
    to?.setAttribute("tabindex", "0");
  }

  key(event) {
    const row = event.target.closest("tr");
    const ends = { Home: this.body.firstElementChild, End: this.body.lastElementChild };
    const to = event.key === "ArrowDown" ? row.nextElementSibling : event.key === "ArrowUp" ? row.previousElementSibling : ends[event.key];
    const button = to?.querySelector(".open");
    if (!button) return;
    event.preventDefault();
    this.rove(button);
    button.focus();
  }

  mark(group) {
    this.chosen = group;
    for (const row of this.body.children) {
      if (Number(row.dataset.group) === group) {
        row.setAttribute("aria-current", "true");
        this.rove(row.querySelector(".open"));
      } else row.removeAttribute("aria-current");
    }
  }
}

function chunkedMax(values) {
  const highest = [];
  for (let from = 0; from < values.length; from += 5000) highest.push(Math.max(...values.slice(from, from + 5000)));
  return highest;
}
