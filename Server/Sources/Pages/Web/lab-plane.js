// The plane: decisions as a ground, points, margins; and small pictures of bytes.
export const COLORS = ["#2f6fde", "#e0662a", "#1a9a80", "#8a5bd6", "#b58900", "#cc4778", "#5a7d2a", "#3aa5c9", "#9a5a3a", "#777777"];
const RGB = COLORS.map((color) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16)));

export const isDark = () => matchMedia("(prefers-color-scheme: dark)").matches;
export const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
export const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const paper = () => (isDark() ? [31, 34, 39] : [255, 255, 255]);

function put(image, at, base, own, mix) {
  for (let c = 0; c < 3; c++) image.data[at + c] = base[c] * (1 - mix) + own[c] * mix;
  image.data[at + 3] = 255;
}

// The grid's rows begin below; a canvas's begin above.
export function ground(canvas, { size, classes, shares }, classCount) {
  const [kinds, certain, base] = [bytes(classes), bytes(shares), paper()];
  const image = new ImageData(size, size);
  const chance = 1 / classCount;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const from = row * size + column;
      const strength = Math.max(0, (certain[from] / 255 - chance) / (1 - chance));
      put(image, 4 * ((size - 1 - row) * size + column), base, RGB[kinds[from] % RGB.length], 0.06 + 0.48 * strength);
    }
  }
  const small = new OffscreenCanvas(size, size);
  small.getContext("2d").putImageData(image, 0, 0);
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(small, 0, 0, canvas.width, canvas.height);
}

const place = (canvas, [left, right, below, above], x, y) =>
  [((x - left) / (right - left)) * canvas.width, (1 - (y - below) / (above - below)) * canvas.height];

// Points to learn from are filled, the others have a hollow centre; support vectors have a ring.
export function dots(canvas, range, points, isTest, rings = new Set()) {
  const context = canvas.getContext("2d");
  const radius = canvas.width / (points.length > 600 ? 150 : 110);
  const edge = isDark() ? "#16181c" : "#fff";
  points.forEach(([x, y, kind], number) => {
    const own = COLORS[kind % COLORS.length];
    const [h, v] = place(canvas, range, x, y);
    context.beginPath();
    context.arc(h, v, radius, 0, 2 * Math.PI);
    context.fillStyle = isTest ? edge : own;
    context.fill();
    context.lineWidth = isTest ? radius * 0.55 : radius * 0.3;
    context.strokeStyle = isTest ? own : edge;
    context.stroke();
    if (!rings.has(number)) return;
    context.beginPath();
    context.arc(h, v, radius * 1.75, 0, 2 * Math.PI);
    context.lineWidth = radius * 0.3;
    context.strokeStyle = color("--ink");
    context.stroke();
  });
}

// The line on which a function on the grid has a value, by marching squares.
export function contour(canvas, values, size, level, isDashed) {
  const context = canvas.getContext("2d");
  const step = canvas.width / size;
  const at = ([column, row]) => values[row * size + column] - level;
  const spot = ([column, row]) => [(column + 0.5) * step, canvas.height - (row + 0.5) * step];
  const ends = [];
  for (let row = 0; row + 1 < size; row++) {
    for (let column = 0; column + 1 < size; column++) {
      const corners = [[column, row], [column + 1, row], [column + 1, row + 1], [column, row + 1]];
      corners.forEach((one, index) => {
        const other = corners[(index + 1) % 4];
        const [a, b] = [at(one), at(other)];
        if (a < 0 === b < 0) return;
        const [p, q] = [spot(one), spot(other)];
        ends.push([p[0] + (a / (a - b)) * (q[0] - p[0]), p[1] + (a / (a - b)) * (q[1] - p[1])]);
      });
    }
  }
  context.beginPath();
  // Each square has none, two or four of them. A dashed line has the first half of each piece.
  for (let k = 0; k + 1 < ends.length; k += 2) {
    const [from, to] = [ends[k], ends[k + 1]];
    context.moveTo(...from);
    if (isDashed) context.lineTo((from[0] + to[0]) / 2, (from[1] + to[1]) / 2);
    else context.lineTo(...to);
  }
  context.lineWidth = canvas.width / 320;
  context.strokeStyle = color("--ink");
  context.stroke();
}

export function legend(list, names) {
  list.replaceChildren(...names.slice(0, COLORS.length).map((name, number) => {
    const [item, dot] = [document.createElement("li"), document.createElement("span")];
    dot.className = "dot";
    dot.style.background = COLORS[number];
    item.append(dot, name);
    return item;
  }));
}

// A signed picture: blue above 128, orange below.
export function signed(canvas, text, width, height, flips = false) {
  const [values, base] = [bytes(text), paper()];
  [canvas.width, canvas.height] = [width, height];
  const image = new ImageData(width, height);
  values.forEach((value, i) => {
    const row = Math.floor(i / width);
    const at = 4 * ((flips ? height - 1 - row : row) * width + (i % width));
    put(image, at, base, RGB[value >= 128 ? 0 : 1], Math.min(1, Math.abs(value - 128) / 127));
  });
  canvas.getContext("2d").putImageData(image, 0, 0);
}

export function grey(canvas, text, width, height) {
  [canvas.width, canvas.height] = [width, height];
  const image = new ImageData(width, height);
  bytes(text).forEach((value, i) => put(image, 4 * i, [0, 0, 0], [value, value, value], 1));
  canvas.getContext("2d").putImageData(image, 0, 0);
}
