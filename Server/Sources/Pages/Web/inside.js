// What a model shows beside its answer: activity, weights, neighbours, cells. Colours are the page's own.

const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

function colour(name) {
  const text = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const digits = text.length === 4 ? [...text.slice(1)].map((digit) => digit + digit) : text.slice(1).match(/../g);
  return digits.map((digit) => parseInt(digit, 16));
}

export function element(kind, name, text) {
  const made = document.createElement(kind);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
}

// A picture as it is: grey, or red, green and blue one after another.
export function levels(canvas, { height, width, channels, bytes: text }) {
  const values = bytes(text);
  [canvas.width, canvas.height] = [width, height];
  const image = new ImageData(width, height);
  const area = width * height;
  for (let i = 0; i < area; i++) {
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = values[channels === 3 ? c * area + i : i];
    image.data[4 * i + 3] = 255;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

// Numbers of both signs: 128 is the page's ground. Maps lie side by side, numbers wrap into rows.
function signed(canvas, { height, width, channels, bytes: text }, columns) {
  const values = bytes(text);
  const isList = height === 1;
  const across = Math.min(columns, isList ? width : channels);
  const count = isList ? width : channels;
  const down = Math.ceil(count / across);
  const [w, h, gap] = isList ? [1, 1, 0] : [width, height, 1];
  [canvas.width, canvas.height] = [across * (w + gap) - gap, down * (h + gap) - gap];
  const image = new ImageData(canvas.width, canvas.height);
  const [ground, plus, minus] = [colour("--zero"), colour("--plus"), colour("--minus")];
  for (let n = 0; n < count; n++) {
    const [left, top] = [(n % across) * (w + gap), Math.floor(n / across) * (h + gap)];
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w; x++) {
        const value = (values[n * w * h + y * w + x] - 128) / 127;
        const end = value > 0 ? plus : minus;
        const place = 4 * ((top + y) * canvas.width + left + x);
        for (let c = 0; c < 3; c++) image.data[place + c] = ground[c] + (end[c] - ground[c]) * Math.min(1, Math.abs(value));
        image.data[place + 3] = 255;
      }
    }
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

// Each cell's directions as lines along the edges that they stand for, on the picture.
function star(canvas, { rows, columns, directions, isSigned, bytes: text }, seen) {
  const values = bytes(text);
  const side = 288;
  const step = side / Math.max(rows, columns);
  [canvas.width, canvas.height] = [columns * step, rows * step];
  const context = canvas.getContext("2d");
  const small = document.createElement("canvas");
  levels(small, seen);
  context.imageSmoothingEnabled = false;
  context.fillStyle = "#000";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.globalAlpha = 0.35;
  context.drawImage(small, 0, 0, canvas.width, canvas.height);
  context.strokeStyle = "#ffd35c";
  context.lineWidth = 2;
  const turn = (isSigned ? 2 : 1) * Math.PI / directions;
  for (let cell = 0; cell < rows * columns; cell++) {
    const [x, y] = [(cell % columns + 0.5) * step, (Math.floor(cell / columns) + 0.5) * step];
    for (let direction = 0; direction < directions; direction++) {
      const strength = values[cell * directions + direction] / 255;
      if (strength < 0.08) continue;
      // A gradient goes across its edge.
      const angle = (direction + 0.5) * turn + Math.PI / 2;
      const [dx, dy] = [Math.cos(angle) * step * 0.46, Math.sin(angle) * step * 0.46];
      context.globalAlpha = strength;
      context.beginPath();
      context.moveTo(x - dx, y - dy);
      context.lineTo(x + dx, y + dy);
      context.stroke();
    }
  }
  context.globalAlpha = 1;
}

function picture(draw, label, name) {
  const canvas = element("canvas", name);
  canvas.setAttribute("role", "img");
  canvas.ariaLabel = label;
  draw(canvas);
  return canvas;
}

function tiles(items, kind) {
  const list = element("ul", `tiles ${kind}`);
  for (const { canvas, captions } of items) {
    const item = element("li");
    if (canvas) item.append(canvas);
    item.append(...captions);
    list.append(item);
  }
  return list;
}

// The parts of one model's inside, as elements.
export function inside(look, text) {
  const parts = [];
  const part = (title, ...content) => parts.push(element("h4", "", title), ...content);
  look.layers.forEach((layer, index) => {
    const isDense = layer.kind === "dense";
    const shown = isDense ? layer.maps.width : layer.maps.channels;
    const title = (isDense ? text.dense : text.maps)(index + 1, layer.count);
    part(shown < layer.count ? `${title} ${text.first(shown)}` : title,
      picture((canvas) => signed(canvas, layer.maps, isDense ? 25 : 8), title, isDense ? "activity" : "maps"));
  });
  if (look.units.length) {
    part(text.units, tiles(look.units.map(({ index, activity, weights }) => ({
      canvas: picture((canvas) => signed(canvas, weights, 1), text.unit(index)),
      captions: [element("span", "figure", activity.toFixed(2))],
    })), "units"));
  }
  if (look.neighbors.length) {
    part(text.neighbors, tiles(look.neighbors.map(({ label, distance, picture: shown }) => ({
      canvas: shown && picture((canvas) => levels(canvas, shown), text.neighbor(label)),
      captions: [
        element("span", look.label !== label ? "said other" : "said", label),
        element("span", "figure", distance.toFixed(distance < 10 ? 2 : 0)),
      ],
    })), "near"));
  }
  if (look.cells) part(text.cells, picture((canvas) => star(canvas, look.cells, look.seen), text.cells, "cells"));
  return parts;
}
