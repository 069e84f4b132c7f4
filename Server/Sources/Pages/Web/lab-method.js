// A support vector machine, or nearest neighbours, on the same points: asked anew as the sliders move.
import { ground, dots, contour } from "./lab-plane.js";

export class Method {
  // `ask(settings)`: the server's picture; `text()`: the words.
  constructor($, ask, text) {
    [this.$, this.ask, this.text] = [$, ask, text];
    [this.isAsking, this.isStale, this.picture] = [false, false, null];
    for (const name of ["kind", "kernel", "cost", "gamma", "k"]) $(name).addEventListener("input", () => this.show());
  }

  get settings() {
    const value = (name) => this.$(name).value;
    return {
      kind: value("kind"), kernel: value("kernel"), cost: 10 ** Number(value("cost")),
      gamma: 10 ** Number(value("gamma")), k: Number(value("k")),
    };
  }

  speak() {
    const { kind, kernel, cost, gamma, k } = this.settings;
    for (const part of document.querySelectorAll("[data-of]")) {
      part.hidden = part.dataset.of !== kind || part.dataset.not === kernel;
    }
    const short = (value) => (value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(2))));
    this.$("cost-value").textContent = short(cost);
    this.$("gamma-value").textContent = short(gamma);
    this.$("k-value").textContent = k;
    if (this.picture) this.draw();
  }

  // One question at a time; what has moved meanwhile is asked about afterwards.
  async show() {
    this.speak();
    this.isStale = true;
    if (this.isAsking) return;
    this.isAsking = true;
    try {
      while (this.isStale) {
        this.isStale = false;
        this.picture = await this.ask(this.settings);
        this.draw();
      }
    } catch (error) {
      this.$("method-note").textContent = error.message;
    } finally {
      this.isAsking = false;
    }
  }

  draw() {
    const { $, picture } = this;
    const text = this.text();
    const canvas = $("method-plane");
    ground(canvas, picture.boundary, picture.classNames.length);
    if (picture.decisions) {
      contour(canvas, picture.decisions, picture.boundary.size, 0, false);
      for (const level of [-1, 1]) contour(canvas, picture.decisions, picture.boundary.size, level, true);
    }
    dots(canvas, picture.range, picture.testPoints, true);
    dots(canvas, picture.range, picture.points, false, new Set(picture.supportVectors));
    const percent = (share) => `${(100 * share).toFixed(1)} %`;
    const isMachine = $("kind").value === "svm";
    const vectors = text.machine.of(picture.supportVectors.length, picture.points.length);
    const rows = [
      [text.testAccuracy, percent(picture.testAccuracy)], [text.trainAccuracy, percent(picture.trainAccuracy)],
      ...(isMachine ? [[text.machine.vectors, vectors]] : []),
      [text.machine.seconds, `${(1000 * picture.seconds).toFixed(1)} ms`],
    ];
    $("method-figures").replaceChildren(...rows.map(([name, value]) => {
      const [box, term, said] = ["div", "dt", "dd"].map((kind) => document.createElement(kind));
      [term.textContent, said.textContent] = [name, value];
      box.append(term, said);
      return box;
    }));
    $("method-note").textContent = isMachine ? text.vectorsHint : text.neighboursHint;
  }
}
