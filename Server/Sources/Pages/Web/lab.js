import { words } from "./lab-words.js";
import { fromAddress, toAddress, wanted } from "./lab-settings.js";
import { ground, dots, legend, grey, COLORS } from "./lab-plane.js";
import { diagram, filters } from "./lab-network.js";
import { Chart, gradients } from "./lab-charts.js";
import { slowMotion, figure } from "./lab-slow.js";
import { Method } from "./lab-method.js";
import { Fields } from "./lab-fields.js";
import { Run } from "./lab-run.js";

const $ = (id) => document.getElementById(id);
let language = (localStorage.getItem("language") ?? navigator.language).startsWith("ko") ? "ko" : "en";
const text = () => words[language];
const percent = (share) => `${(100 * share).toFixed(1)} %`;
const count = (number) => number.toLocaleString("en");
const WHOLE = [-1.5, 1.5, -1.5, 1.5]; // the plane before there is a run

const settings = fromAddress();
let [fields, last, slow, isRunning, pace] = [null, null, null, false, 0];
const run = new Run(
  {
    show,
    problem: (said) => { setRunning(false); tell(said); },
    ended: () => { setRunning(false); if ($("problem").hidden) tell(text().ended); },
  }, () => text().offline);
const lossChart = new Chart($("loss"), false);
const accuracyChart = new Chart($("accuracy"), true);
const method = new Method($, (chosen) => run.post("lab/method", { settings: wanted(settings), method: chosen }), text);

function tell(problem) {
  $("problem").hidden = !problem;
  $("problem").textContent = problem ?? "";
}

function setRunning(runs) {
  isRunning = runs;
  $("run").textContent = runs ? text().pause : text().run;
}

const kindCount = () => new Set(settings.points.map((point) => point.classIndex)).size;

// A new run with the present settings; the former one ends.
async function begin(goesOn) {
  run.end();
  [last, slow] = [null, null];
  toAddress(settings);
  for (const chart of [lossChart, accuracyChart]) chart.clear();
  $("graph").replaceChildren();
  $("slow-note").textContent = text().slowHint;
  tell(null);
  setRunning(goesOn);
  if (settings.data === "points" && kindCount() < 2) {
    setRunning(false);
    rest();
    return;
  }
  if (!await run.begin(wanted(settings), !goesOn)) return;
  if (pace) run.command("pace", pace);
  describe();
  if (run.description?.kind === "plane") method.show();
}

// Before there is a run: the points that are placed.
function rest() {
  const canvas = $("plane");
  canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
  dots(canvas, WHOLE, settings.points.map((point) => [point.x, point.y, point.classIndex]), false);
  for (const id of ["test-accuracy", "train-accuracy", "speed"]) $(id).textContent = "–";
  for (const id of ["legend", "gradients"]) $(id).replaceChildren();
  $("size").textContent = "";
  $("data-note").textContent = text().place;
  kinds("plane");
  $("method-card").hidden = true;
}

function kinds(kind) {
  for (const id of ["plane", "diagram", "method-card"]) $(id).hidden = kind !== "plane";
  $("filters").hidden = kind !== "image";
  $("misread-part").hidden = kind === "plane";
}

const names = () => run.description.classNames.map((each) =>
  /^class \d+$/.test(each) ? text().className(Number(each.slice(6))) : each);

function describe() {
  const description = run.description;
  if (!description) return;
  kinds(description.kind);
  $("size").textContent = text().size(
    count(description.featureCount), description.classNames.length, count(description.parameterCount));
  $("network-hint").textContent = { plane: text().shown(8), image: text().weights, rows: text().rows }[description.kind];
  $("data-note").textContent = settings.data === "points"
    ? text().place : text().counts(count(description.trainCount), count(description.testCount));
  $("example").max = description.trainCount - 1;
  legend($("legend"), description.kind === "plane" ? names() : []);
  if (last) show(last);
}

function show(snapshot) {
  const description = run.description;
  if (!description) return;
  last = snapshot;
  $("epoch").textContent = snapshot.epoch < 100 ? snapshot.epoch.toFixed(1) : count(Math.round(snapshot.epoch));
  $("steps").textContent = count(snapshot.step);
  $("speed").textContent = snapshot.stepsPerSecond ? count(Math.round(snapshot.stepsPerSecond)) : "–";
  $("test-accuracy").textContent = percent(snapshot.test.accuracy);
  $("train-accuracy").textContent = percent(snapshot.train.accuracy);
  const losses = [snapshot.train.loss ?? null, snapshot.test.loss ?? null];
  lossChart.add(snapshot.step, ...losses);
  accuracyChart.add(snapshot.step, snapshot.train.accuracy, snapshot.test.accuracy);
  gradients($("gradients"), snapshot.layers, text());
  if (description.kind === "plane") {
    const canvas = $("plane");
    ground(canvas, snapshot.boundary, description.classNames.length);
    dots(canvas, description.range, description.testPoints, true);
    dots(canvas, description.range, description.trainPoints, false);
    diagram($("edges"), snapshot, description.axes, COLORS);
  } else {
    if (snapshot.filters) filters($("filters"), snapshot.filters);
    misread(snapshot.misread, description);
  }
  if (snapshot.problem) {
    tell(text().problems[snapshot.problem] ?? snapshot.problem);
    setRunning(false);
  }
  if (!snapshot.isPaused) return;
  // What the charts say to those who do not see them, once they stand still.
  const said = (value) => (value === null ? "–" : value.toFixed(3));
  $("loss").ariaLabel = text().lossLabel(...losses.map(said));
  $("accuracy").ariaLabel = text().accuracyLabel(percent(snapshot.train.accuracy), percent(snapshot.test.accuracy));
}

function misread(found, { classNames, imageSize }) {
  if (!found.length) {
    $("misread").textContent = text().none;
    return;
  }
  $("misread").replaceChildren(...found.map(({ label, said, share, pixels }) => {
    const item = document.createElement("li");
    if (pixels) {
      const canvas = document.createElement("canvas");
      [canvas.role, canvas.ariaLabel] = ["img", classNames[label]];
      grey(canvas, pixels, imageSize[1], imageSize[0]);
      item.append(canvas);
    }
    text().said(classNames[label], classNames[said], percent(share)).forEach((part, index) => {
      const span = document.createElement("span");
      span.textContent = part;
      span.className = ["label", "said", "share"][index];
      item.append(span);
    });
    return item;
  }));
}

function tellSlow() {
  if (!slow || !run.description) return;
  const all = names();
  slowMotion($("graph"), slow, text());
  $("slow-note").textContent = text().slowNote(
    all[slow.label], all[slow.said], figure(slow.loss), figure(slow.lossAfter), slow.largestDifference.toExponential(1));
}

function speak() {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = text()[element.dataset.text];
  for (const element of document.querySelectorAll("[data-label]")) element.ariaLabel = text()[element.dataset.label];
  $("language").textContent = text().other;
  $("language").lang = language === "ko" ? "en" : "ko";
  setRunning(isRunning);
  fields?.fill();
  describe();
  method.speak();
  tellSlow();
}

let waiting;
function changed(delay) {
  const wasRunning = isRunning;
  clearTimeout(waiting);
  waiting = setTimeout(() => begin(wasRunning), delay);
}

// A point where the plane is pressed.
$("plane").addEventListener("pointerdown", (event) => {
  if (settings.data !== "points" || settings.points.length >= 1000) return;
  const [canvas, box] = [$("plane"), $("plane").getBoundingClientRect()];
  const range = run.description?.range ?? WHOLE;
  const [left, right, below, above] = range;
  const bound = (value) => Math.max(-1.5, Math.min(1.5, Math.round(value * 100) / 100));
  const x = bound(left + ((right - left) * (event.clientX - box.left)) / box.width);
  const y = bound(above - ((above - below) * (event.clientY - box.top)) / box.height);
  settings.points.push({ x, y, classIndex: fields.paintClass });
  dots(canvas, range, [[x, y, fields.paintClass]], false);
  changed(300);
});
$("plane").addEventListener("keydown", (event) => {
  if (settings.data !== "points" || event.altKey || event.ctrlKey) return;
  if (event.key.toLowerCase() === "z") settings.points.pop();
  else if (event.key === "Delete" || event.key === "Backspace") settings.points = [];
  else return;
  changed(0);
});
$("run").addEventListener("click", () => {
  if (!run.begun) return begin(true);
  run.command(isRunning ? "pause" : "resume");
  return setRunning(!isRunning);
});
$("step").addEventListener("click", async () => {
  if (!run.begun) await begin(false);
  setRunning(false);
  run.command("step", 1);
});
$("reset").addEventListener("click", () => begin(isRunning));
$("slow").addEventListener("click", async () => {
  slow = await run.command("slow", Number($("example").value)) ?? slow;
  tellSlow();
});
$("save").addEventListener("click", async () => {
  const answer = await run.command("save");
  if (answer) $("saved").textContent = text().saved(answer.path);
});
$("language").addEventListener("click", () => {
  language = language === "ko" ? "en" : "ko";
  localStorage.setItem("language", language);
  speak();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => describe());
addEventListener("resize", () => describe());

speak();
try {
  const offer = await (await fetch("lab/data")).json();
  if (!offer.data.includes(settings.data)) [settings.data] = offer.data;
  fields = new Fields($, settings, offer, text, {
    changed,
    rate: () => { toAddress(settings); run.command("rate", settings.learningRate); },
    pace: (value) => { pace = value; run.command("pace", value); },
  });
  speak();
  // Who wants less motion begins it.
  await begin(!matchMedia("(prefers-reduced-motion: reduce)").matches);
} catch {
  tell(text().offline);
}
