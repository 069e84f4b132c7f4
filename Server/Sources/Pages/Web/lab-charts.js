// Two curves over the steps, thinned as they grow; and the gradients' bars.
import { color } from "./lab-plane.js";
import { fitted } from "./lab-network.js";

export class Chart {
  constructor(canvas, isShare) {
    [this.canvas, this.isShare, this.points] = [canvas, isShare, []];
  }

  clear() {
    this.points = [];
    this.draw();
  }

  add(step, train, test) {
    if (this.points.at(-1)?.step === step) this.points.pop();
    this.points.push({ step, train, test });
    // Every second point of the older part, so that a long run costs as much as a short one.
    if (this.points.length > 600) this.points = this.points.filter((_, index) => index % 2 === 0 || index > 560);
    this.draw();
  }

  draw() {
    const { points, isShare } = this;
    const [context, width, height] = fitted(this.canvas);
    const [left, right, top, bottom] = [42, width - 4, 8, height - 24];
    const values = points.flatMap((p) => [p.train, p.test]).filter((v) => v !== null);
    const high = isShare ? 1 : Math.max(0.1, ...values) * 1.05;
    const low = isShare ? Math.max(0, Math.min(0.9, Math.floor(Math.min(1, ...values) * 10) / 10)) : 0;
    const end = Math.max(1, points.at(-1)?.step ?? 1);
    const x = (step) => left + ((right - left) * step) / end;
    const y = (value) => bottom - ((bottom - top) * (value - low)) / (high - low);
    context.font = '12px system-ui, "Noto Sans KR", sans-serif';
    [context.strokeStyle, context.fillStyle, context.lineWidth] = [color("--line"), color("--soft"), 1];
    [context.textAlign, context.textBaseline] = ["right", "middle"];
    for (const share of [0, 0.5, 1]) {
      const value = low + (high - low) * share;
      const v = Math.round(y(value)) + 0.5;
      context.beginPath();
      context.moveTo(left, v);
      context.lineTo(right, v);
      context.stroke();
      context.fillText(isShare ? `${Math.round(100 * value)} %` : value.toFixed(value < 1 ? 2 : 1), left - 6, v);
    }
    context.textBaseline = "alphabetic";
    context.fillText(end.toLocaleString("en"), right, height - 6);
    context.textAlign = "left";
    context.fillText("0", left, height - 6);
    [context.lineWidth, context.lineJoin] = [2, "round"];
    for (const name of ["train", "test"]) {
      context.strokeStyle = color(`--${name}`);
      context.beginPath();
      let isDown = false;
      for (const point of points) {
        if (point[name] !== null) context[isDown ? "lineTo" : "moveTo"](x(point.step), y(point[name]));
        isDown = point[name] !== null;
      }
      context.stroke();
    }
  }
}

// The gradient of each layer on a logarithmic scale from 1e-8 to 1.
export function gradients(list, layers, text) {
  while (list.children.length > layers.length) list.lastChild.remove();
  while (list.children.length < layers.length) {
    const row = document.createElement("li");
    for (const name of ["name", "track", "figure"]) {
      const part = document.createElement("span");
      part.className = name;
      row.append(part);
    }
    const bar = document.createElement("div");
    bar.className = "bar";
    row.children[1].append(bar);
    list.append(row);
  }
  layers.forEach(({ gradient }, index) => {
    const row = list.children[index];
    row.children[0].textContent = index + 1 < layers.length ? text.layer(index + 1) : text.output;
    const share = gradient ? Math.max(0, Math.min(1, (Math.log10(gradient) + 8) / 8)) : 0;
    row.querySelector(".bar").style.transform = `scaleX(${share})`;
    row.children[2].textContent = gradient == null ? "–" : gradient.toExponential(1);
  });
}
