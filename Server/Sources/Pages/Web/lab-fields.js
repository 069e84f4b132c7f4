// The fields of the page, from the settings and to them.
import { COLORS } from "./lab-plane.js";
import { layers } from "./lab-network.js";
import { choose, nearest, RATES, LIMITS, BATCHES, DECAYS, PACES } from "./lab-settings.js";

const LISTS = { trainLimit: LIMITS, batchSize: BATCHES, weightDecay: DECAYS };
const MADE = ["spirals", "circles", "moons", "xor", "blobs"];

export class Fields {
  // `told`: { changed(delay), rate(), pace(value) }.
  constructor($, settings, offer, text, told) {
    Object.assign(this, { $, settings, offer, text, told, paintClass: 0 });
    $("pace").addEventListener("change", () => told.pace(Number($("pace").value)));
    $("learningRate").addEventListener("change", () => {
      settings.learningRate = Number($("learningRate").value);
      told.rate();
    });
    for (const id of ["activation", "optimizer"]) {
      $(id).addEventListener("change", () => this.change(() => { settings[id] = $(id).value; }));
    }
    $("data").addEventListener("change", () => this.change(() => choose(settings, $("data").value)));
    for (const id of ["count", "noise", "dropout", ...Object.keys(LISTS)]) {
      $(id).addEventListener("input", () => {
        const value = Number($(id).value);
        this.change(() => { settings[id] = LISTS[id] ? LISTS[id][value] : value; }, 200);
      });
    }
    $("more-layers").addEventListener("click", () => this.change(() => settings.hidden.push(settings.hidden.at(-1) ?? 8)));
    $("fewer-layers").addEventListener("click", () => this.change(() => settings.hidden.pop()));
  }

  change(act, delay = 0) {
    act();
    this.fill();
    this.told.changed(delay);
  }

  fill() {
    const { $, settings, offer } = this;
    const text = this.text();
    const options = (id, values, said) => {
      const value = $(id).value;
      $(id).replaceChildren(...values.map((each) => new Option(said?.(each) ?? each, each)));
      $(id).value = settings[id] ?? (value || values[0]);
    };
    options("data", offer.data, (each) => (each === "own" ? offer.ownName : text.names[each]));
    options("activation", offer.activations);
    options("optimizer", offer.optimizers);
    options("pace", PACES, (each) => (each ? text.perSecond(each.toLocaleString("en")) : text.full));
    options("learningRate", [...new Set([settings.learningRate, ...RATES])].sort((a, b) => b - a));
    for (const id of ["count", "noise", "dropout"]) $(id).value = settings[id];
    for (const [id, list] of Object.entries(LISTS)) $(id).value = nearest(list, settings[id]);
    const figures = {
      count: settings.count, noise: settings.noise.toFixed(2), dropout: settings.dropout.toFixed(2),
      trainLimit: settings.trainLimit ? settings.trainLimit.toLocaleString("en") : text.all,
      batchSize: settings.batchSize, weightDecay: settings.weightDecay,
    };
    for (const [id, value] of Object.entries(figures)) $(`${id}-value`).textContent = value;
    for (const part of document.querySelectorAll('[data-for="plane"]')) part.hidden = !MADE.includes(settings.data);
    const isPlacing = settings.data === "points";
    $("paint").hidden = !isPlacing;
    $("trainLimit").closest("label").hidden = isPlacing;
    $("plane").classList.toggle("placing", isPlacing);
    if (isPlacing) this.paint();
    $("save-card").hidden = !offer.canSave;
    $("fewer-layers").disabled = settings.hidden.length === 0;
    $("more-layers").disabled = settings.hidden.length >= 6;
    layers($("layers"), settings.hidden, text, (index, units) => this.change(() => { settings.hidden[index] = units; }));
  }

  // The classes of points that are placed: one group, in which the arrow keys move.
  paint() {
    const part = this.$("paint");
    const choice = (kind, focuses) => {
      this.paintClass = (kind + 4) % 4;
      this.paint();
      if (focuses) part.children[this.paintClass].focus();
    };
    part.replaceChildren(...[0, 1, 2, 3].map((kind) => {
      const [button, dot] = [document.createElement("button"), document.createElement("span")];
      const isChosen = kind === this.paintClass;
      [button.type, button.role, button.ariaChecked, button.tabIndex] = ["button", "radio", String(isChosen), isChosen ? 0 : -1];
      dot.className = "dot";
      dot.style.background = COLORS[kind];
      button.append(dot, String(kind + 1));
      button.ariaLabel = this.text().className(kind);
      button.addEventListener("click", () => choice(kind, true));
      button.addEventListener("keydown", (event) => {
        const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        if (!by) return;
        event.preventDefault();
        choice(kind + by, true);
      });
      return button;
    }));
  }
}
