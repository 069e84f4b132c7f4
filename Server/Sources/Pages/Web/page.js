import { Drawing } from "./drawing.js";
import { words } from "./words.js";

const $ = (id) => document.getElementById(id);
let language = (localStorage.getItem("language") ?? navigator.language).startsWith("ko") ? "ko" : "en";
const forms = new Map(); // the models' names; { height, width, isGrey }, or null of a table
let form = null;
let [isAsking, isStale] = [false, false];

const drawing = new Drawing($("paper"), ask);

function speak() {
  document.documentElement.lang = language;
  const text = words[language];
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = text[element.dataset.text];
  for (const element of document.querySelectorAll("[data-label]")) element.ariaLabel = text[element.dataset.label];
  $("language").textContent = text.other;
  $("language").lang = language === "ko" ? "en" : "ko";
  describe();
  if (drawing.isEmpty) rest();
}

// A grey picture of 28 x 28 is one of MNIST's kind: drawings are brought into that form.
const isDigit = (form) => form?.isGrey && form.height === 28 && form.width === 28;

function describe() {
  const text = words[language];
  $("form").textContent = !form ? text.tables : text.size(form.height, form.width, form.isGrey) + (isDigit(form) ? " " + text.digits : "");
}

function rest() {
  $("label").textContent = "–";
  $("share").textContent = words[language].none;
  for (const row of $("bars").children) {
    row.classList.remove("best");
    row.querySelector(".bar").style.transform = "scaleX(0)";
    row.querySelector(".figure").textContent = "";
  }
  $("jury").hidden = true;
  const seen = $("seen");
  seen.getContext("2d").clearRect(0, 0, seen.width, seen.height);
}

// One question at a time; what is drawn meanwhile is asked about afterwards.
async function ask() {
  if (drawing.isEmpty) return rest();
  if (!form) return;
  if (isAsking) {
    isStale = true;
    return;
  }
  isAsking = true;
  try {
    do {
      isStale = false;
      const answer = await answerOf($("model").value, { top: "10", seen: "1" });
      tell(null);
      if (drawing.isEmpty) continue;
      show(answer);
      await hear(answer.label);
    } while (isStale);
  } catch (error) {
    tell(error instanceof TypeError ? words[language].offline : error.message);
  } finally {
    isAsking = false;
  }
}

async function answerOf(model, wishes) {
  const body = await drawing.bytes(isDigit(forms.get(model)));
  const query = new URLSearchParams({ model, ...wishes });
  const response = await fetch(`predict?${query}`, { method: "POST", body });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

// What the other models say of the same drawing.
async function hear(label) {
  const others = [...forms].filter(([name, form]) => form && name !== $("model").value).map(([name]) => name);
  const answers = await Promise.all(others.map((name) => answerOf(name, { top: "1" })));
  if (drawing.isEmpty) return;
  $("jury").hidden = others.length === 0;
  const rows = others.map((name, index) => {
    const row = document.createElement("li");
    const parts = [["name", name], ["said", answers[index].label], ["figure", percent(answers[index].probability)]];
    for (const [kind, text] of parts) {
      const part = document.createElement("span");
      part.className = kind;
      part.textContent = part.title = text;
      if (kind === "said" && text !== label) part.classList.add("other");
      row.append(part);
    }
    return row;
  });
  $("jurors").replaceChildren(...rows);
}

function tell(problem) {
  $("problem").hidden = !problem;
  $("problem").textContent = problem ?? "";
}

const percent = (share) => `${(100 * share).toFixed(1)} %`;

function show(answer) {
  $("label").textContent = answer.label;
  $("share").textContent = percent(answer.probability);
  // Few classes stand in their own order, many by their probability.
  const rows = [...answer.top];
  if (rows.every(({ label }) => /^\d+$/.test(label))) rows.sort((a, b) => a.label - b.label);
  const list = $("bars");
  while (list.children.length > rows.length) list.lastChild.remove();
  while (list.children.length < rows.length) {
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
  rows.forEach(({ label, probability }, index) => {
    const row = list.children[index];
    row.classList.toggle("best", label === answer.label);
    row.children[0].textContent = row.children[0].title = label;
    row.querySelector(".bar").style.transform = `scaleX(${probability})`;
    row.children[2].textContent = percent(probability);
  });
  if (answer.seen) picture(answer.seen);
}

function picture({ shape, pixels }) {
  const bytes = Uint8Array.from(atob(pixels), (letter) => letter.charCodeAt(0));
  const isColor = shape.length === 3;
  const [height, width] = isColor ? shape.slice(1) : shape;
  const canvas = $("seen");
  [canvas.width, canvas.height] = [width, height];
  const image = new ImageData(width, height);
  const area = width * height;
  for (let i = 0; i < area; i++) {
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = bytes[isColor ? c * area + i : i];
    image.data[4 * i + 3] = 255;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

async function formOf(name) {
  const model = await (await fetch(`v2/models/${encodeURIComponent(name)}`)).json();
  const image = model.inputs.find((input) => input.name === "image");
  return image ? { height: image.shape[1], width: image.shape[2], isGrey: image.shape.length === 3 } : null;
}

function choose() {
  form = forms.get($("model").value);
  $("bars").replaceChildren();
  describe();
  ask();
}

$("undo").addEventListener("click", () => drawing.undo());
$("clear").addEventListener("click", () => drawing.clear());
$("model").addEventListener("change", choose);
$("language").addEventListener("click", () => {
  language = language === "ko" ? "en" : "ko";
  localStorage.setItem("language", language);
  speak();
});
const open = (file) => file && drawing.open(file).catch((error) => tell(error.message));
$("file").addEventListener("change", (event) => open(event.target.files[0]));
document.addEventListener("paste", (event) => open([...event.clipboardData.files][0]));
for (const name of ["dragover", "dragleave", "drop"]) {
  $("paper").addEventListener(name, (event) => {
    event.preventDefault();
    $("paper").classList.toggle("over", name === "dragover");
    if (name === "drop") open(event.dataTransfer.files[0]);
  });
}
document.addEventListener("keydown", (event) => {
  if (event.target.matches("select, input") || event.altKey) return;
  if (event.key.toLowerCase() === "z") drawing.undo();
  else if (event.key === "Delete" || event.key === "Backspace") drawing.clear();
});

speak();
try {
  const { models } = await (await fetch("v2/models")).json();
  for (const name of models) forms.set(name, await formOf(name));
  // A model of pictures first.
  for (const [name] of [...forms].sort(([, a], [, b]) => !a - !b)) $("model").add(new Option(name));
  choose();
} catch {
  tell(words[language].offline);
}
