// Colours, dots and names: what puts pixels on the map.
const GOLDEN = 137.50776;
// Four steps of lightness keep apart the hues that come near one another again after 13, 21 or 34 groups.
const TURN = 377; // a Fibonacci number of golden angles comes round almost exactly, so colours may repeat after it

function oklch(lightness, chroma, hue) {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

function inGamut(lightness, chroma, hue) {
  let rgb = oklch(lightness, chroma, hue);
  while (chroma > 0.01 && rgb.some((part) => part < -0.0005 || part > 1.0005)) {
    chroma -= 0.01;
    rgb = oklch(lightness, chroma, hue);
  }
  return rgb.map((part) => {
    const value = Math.min(Math.max(part, 0), 1);
    return Math.round(255 * (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055));
  });
}

function makePalette(dark) {
  const lightness = dark ? [0.78, 0.68, 0.85, 0.73] : [0.6, 0.49, 0.69, 0.55];
  return Array.from({ length: TURN }, (_, i) => inGamut(lightness[i % 4], dark ? 0.13 : 0.15, (245 + i * GOLDEN) % 360));
}

const colourOf = (palette, group, grey) => (group === NONE ? grey : palette[group % TURN]);
const css = ([r, g, b]) => `rgb(${r} ${g} ${b})`;

function readColour(name) {
  const hex = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  return [1, 3, 5].map((start) => parseInt(hex.slice(start, start + 2), 16));
}

const pack = ([r, g, b]) => (255 << 24) | (b << 16) | (g << 8) | r;

// Sixteen small pictures of one disc, a quarter of a pixel apart, so that dots glide instead of jumping.
function makeStamps(radius) {
  const size = 2 * Math.ceil(radius + 1) + 1;
  const middle = (size - 1) / 2;
  const stamps = [];
  for (let dy = 0; dy < 4; dy++) {
    for (let dx = 0; dx < 4; dx++) {
      const mask = new Uint16Array(size * size);
      for (let y = 0; y < size; y++) {
        for (let x = 0; x < size; x++) {
          const distance = Math.hypot(x - middle - dx / 4, y - middle - dy / 4);
          mask[y * size + x] = Math.round(256 * Math.min(Math.max(radius + 0.5 - distance, 0), 1));
        }
      }
      stamps.push(mask);
    }
  }
  return { size, middle, stamps };
}

function stampDot(pixels, width, height, disc, x, y, [r, g, b], alpha) {
  const left = Math.floor(x) - disc.middle;
  const top = Math.floor(y) - disc.middle;
  if (left < 0 || top < 0 || left + disc.size > width || top + disc.size > height) return;
  const mask = disc.stamps[Math.floor((y - Math.floor(y)) * 4) * 4 + Math.floor((x - Math.floor(x)) * 4)];
  let at = top * width + left;
  for (let row = 0, m = 0; row < disc.size; row++, at += width - disc.size) {
    for (let column = 0; column < disc.size; column++, m++, at++) {
      if (!mask[m]) continue;
      const cover = (mask[m] * alpha) >> 8;
      const old = pixels[at];
      const oldR = old & 255;
      const oldG = (old >> 8) & 255;
      const oldB = (old >> 16) & 255;
      pixels[at] =
        (255 << 24) |
        ((oldB + (((b - oldB) * cover) >> 8)) << 16) |
        ((oldG + (((g - oldG) * cover) >> 8)) << 8) |
        (oldR + (((r - oldR) * cover) >> 8));
    }
  }
}

function drawGrid(pixels, width, height, colour, originX, originY, step) {
  for (let x = originX - Math.ceil(originX / step) * step; x < width; x += step) {
    const column = Math.round(x);
    if (column >= 0) for (let y = 0; y < height; y++) pixels[y * width + column] = colour;
  }
  for (let y = originY - Math.ceil(originY / step) * step; y < height; y += step) {
    const row = Math.round(y);
    if (row >= 0) pixels.fill(colour, row * width, (row + 1) * width);
  }
}

const shorten = (name, most) => {
  const letters = Array.from(name);
  return letters.length > most ? `${letters.slice(0, most - 1).join("").trimEnd()}…` : name;
};

// Names from the largest group down: across a wide group, above or below a compact one, unless another name is there already.
function placeNames(context, wanted, width, height, most) {
  const placed = [];
  for (const name of wanted) {
    if (placed.length >= most) break;
    const half = context.measureText(name.text).width / 2 + 5;
    if (name.x < -half || name.x > width + half || name.y < -10 || name.y > height + 10) continue;
    const x = Math.min(Math.max(name.x, half), width - half);
    for (const shift of name.rise > 34 ? [0, -18, 18] : [-name.rise, name.rise]) {
      const y = Math.min(Math.max(name.y + shift, 12), height - 12);
      if (x + half > width - 52 && y > height - 125) continue; // the zoom buttons stand there
      if (placed.some((other) => Math.abs(other.x - x) < other.half + half && Math.abs(other.y - y) < 22)) continue;
      placed.push({ ...name, x, y, half });
      break;
    }
  }
  return placed;
}
