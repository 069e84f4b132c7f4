// The network: units as pictures of what they answer over the plane, weights as lines between them.
import { signed, color, isDark } from "./lab-plane.js";

const UNIT = 24; // the points of a side of a unit's picture
const scratch = new OffscreenCanvas(UNIT, UNIT);
const [BLUE, ORANGE] = ["#2f6fde", "#e0662a"];

// A canvas of the screen's own pixels: [context, width, height].
export function fitted(canvas) {
  const box = canvas.getBoundingClientRect();
  const factor = Math.min(2, devicePixelRatio || 1);
  [canvas.width, canvas.height] = [Math.round(box.width * factor), Math.round(box.height * factor)];
  const context = canvas.getContext("2d");
  context.setTransform(factor, 0, 0, factor, 0, 0);
  return [context, box.width, box.height];
}

// The columns: the inputs, the hidden layers, the classes.
export function diagram(canvas, { units, edges }, axes, colors) {
  const [context, width, height] = fitted(canvas);
  if (!edges.length || !width) return;
  const counts = [edges[0].length, ...edges.map((layer) => layer[0]?.length ?? 0)];
  const gap = Math.min(54, (height - 8) / Math.max(...counts));
  const side = Math.max(14, Math.min(40, gap - 8, (width / counts.length) * 0.5));
  context.font = '13px system-ui, "Noto Sans KR", sans-serif';
  const names = axes.map((name) => (name.length > 8 ? `${name.slice(0, 7)}…` : name));
  const label = Math.max(...names.map((name) => context.measureText(name).width)) + 8;
  const [left, right] = [label + side / 2, width - side / 2 - 2];
  const across = (column) => left + ((right - left) * column) / (counts.length - 1);
  const down = (column, row) => height / 2 + (row - (counts[column] - 1) / 2) * gap;
  edges.forEach((layer, column) => {
    const largest = Math.max(1e-6, ...layer.flat().map(Math.abs));
    layer.forEach((weights, from) => weights.forEach((weight, to) => {
      const strength = Math.abs(weight) / largest;
      if (strength < 0.02) return;
      const [x0, x1] = [across(column) + side / 2, across(column + 1) - side / 2];
      const [y0, y1] = [down(column, from), down(column + 1, to)];
      context.beginPath();
      context.moveTo(x0, y0);
      context.bezierCurveTo((x0 + x1) / 2, y0, (x0 + x1) / 2, y1, x1, y1);
      context.lineWidth = 0.5 + 2.5 * strength;
      context.strokeStyle = weight > 0 ? BLUE : ORANGE;
      context.globalAlpha = 0.12 + 0.7 * strength;
      context.stroke();
    }));
  });
  context.globalAlpha = 1;
  const tile = (column, row, draw) => {
    const [x, y] = [across(column) - side / 2, down(column, row) - side / 2];
    context.save();
    context.beginPath();
    context.roundRect(x, y, side, side, 5);
    context.fillStyle = color("--card");
    context.fill();
    context.clip();
    draw(x, y);
    context.restore();
    context.beginPath();
    context.roundRect(x, y, side, side, 5);
    [context.lineWidth, context.strokeStyle] = [1, color("--line")];
    context.stroke();
  };
  for (let row = 0; row < counts[0]; row++) {
    tile(0, row, (x, y) => {
      const shade = row === 0 ? context.createLinearGradient(x, 0, x + side, 0) : context.createLinearGradient(0, y + side, 0, y);
      [ORANGE, isDark() ? "#1f2227" : "#fff", BLUE].forEach((stop, index) => shade.addColorStop(index / 2, stop));
      context.fillStyle = shade;
      context.fillRect(x, y, side, side);
    });
    [context.fillStyle, context.textAlign, context.textBaseline] = [color("--soft"), "right", "middle"];
    context.fillText(names[row] ?? "", left - side / 2 - 6, down(0, row));
  }
  units.forEach((layer, index) => layer.forEach((picture, row) => tile(index + 1, row, (x, y) => {
    signed(scratch, picture, UNIT, UNIT, true);
    context.drawImage(scratch, x, y, side, side);
  })));
  const last = counts.length - 1;
  for (let row = 0; row < counts[last]; row++) {
    tile(last, row, (x, y) => {
      context.fillStyle = colors[row % colors.length];
      context.fillRect(x, y, side, side);
    });
  }
}

// The first layer's weights, a picture for each unit.
export function filters(part, { height, width, pictures }) {
  while (part.children.length > pictures.length) part.lastChild.remove();
  while (part.children.length < pictures.length) part.append(document.createElement("canvas"));
  pictures.forEach((picture, index) => signed(part.children[index], picture, width, height));
}

// The hidden layers with what makes them larger and smaller.
export function layers(part, hidden, text, change) {
  const key = document.activeElement?.dataset?.key;
  part.replaceChildren(...hidden.map((units, index) => {
    const [row, name, stepper, count] = ["div", "span", "div", "b"].map((kind) => document.createElement(kind));
    [row.className, stepper.className] = ["layer", "stepper"];
    name.textContent = text.layer(index + 1);
    count.textContent = units;
    const button = (sign, label, next) => {
      const made = document.createElement("button");
      [made.type, made.textContent, made.ariaLabel] = ["button", sign, label];
      made.disabled = next < 1 || next > 512;
      made.dataset.key = `${index}${sign}`;
      made.addEventListener("click", () => change(index, next));
      return made;
    };
    const [more, fewer] = [units >= 100 ? 50 : units >= 20 ? 10 : 1, units > 100 ? 50 : units > 20 ? 10 : 1];
    stepper.append(
      button("−", text.fewer(index + 1), units - fewer), count, button("+", text.more(index + 1), Math.min(units + more, Math.max(512, units + 1))));
    row.append(name, stepper);
    return row;
  }));
  // Whoever presses a button by the keyboard presses it again.
  if (key) part.querySelector(`[data-key="${key}"]`)?.focus();
}
