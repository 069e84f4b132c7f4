import { Drawing } from "./drawing.js";
import { element, inside, levels } from "./inside.js";
import { words } from "./words.js";

const $ = (id) => document.getElementById(id);
let language = (localStorage.getItem("language") ?? navigator.language).startsWith("ko") ? "ko" : "en";
const models = new Map();
const looks = new Map(); // the models' names; what each makes of the drawing
let model = null;
let canSave = false;

const drawing = new Drawing($("paper"), ask);

function speak() {
  document.documentElement.lang = language;
  const text = words[language];
  for (const each of document.querySelectorAll("[data-text]")) each.textContent = text[each.dataset.text];
  for (const each of document.querySelectorAll("[data-label]")) each.ariaLabel = text[each.dataset.label];
  $("name").placeholder = text.className;
  $("language").textContent = text.other;
  $("language").lang = language === "ko" ? "en" : "ko";
  describe();
  repaint();
}

// A grey picture of 28 x 28 is one of MNIST's kind: drawings are brought into that form.
const isPicture = (model) => model?.height != null;
const isDigit = (model) => isPicture(model) && model.isGrey && model.height === 28 && model.width === 28;

function describe() {
  const text = words[language];
  $("form").textContent = !isPicture(model) ? text.tables
    : text.size(model.height, model.width, model.isGrey) + (isDigit(model) ? " " + text.digits : "");
  $("jury-title").textContent = model && jurors().length ? text.jury : text.inside;
}

function rest(said = words[language].none) {
  looks.clear();
  $("answer").ariaBusy = "false";
  $("label").textContent = "–";
  $("label").classList.remove("unknown");
  $("share").textContent = said;
  for (const row of $("bars").children) {
    row.classList.remove("best");
    row.querySelector(".bar").style.transform = "scaleX(0)";
    row.querySelector(".figure").textContent = "";
  }
  $("jury").hidden = true;
  $("jurors").replaceChildren();
  const seen = $("seen");
  seen.getContext("2d").clearRect(0, 0, seen.width, seen.height);
}

// One question at a time; what is drawn meanwhile is asked about afterwards. The chosen model does not wait for the others.
class Questions {
  constructor(answer) {
    this.answer = answer;
    [this.isAsking, this.isStale] = [false, false];
  }

  async ask() {
    this.isStale = true;
    if (this.isAsking) return;
    this.isAsking = true;
    try {
      while (this.isStale) {
        this.isStale = false;
        await this.answer();
      }
    } catch (error) {
      tell(error instanceof TypeError ? words[language].offline : error.message);
    } finally {
      this.isAsking = false;
      $("answer").ariaBusy = `${own.isAsking}`;
    }
  }
}

const own = new Questions(async () => {
  const asked = model;
  const look = await post("look", asked);
  tell(null);
  if (drawing.isEmpty || asked !== model) return;
  looks.set(asked.name, look);
  show(look);
  hear();
});

// The models that tell the same classes.
const jurors = () => [...models.values()].filter(
  (each) => each !== model && isPicture(each) && `${each.classNames}` === `${model.classNames}`);

const others = new Questions(async () => {
  const asked = jurors();
  const answers = await Promise.all(asked.map((each) => post("look", each)));
  if (drawing.isEmpty) return;
  answers.forEach((look, index) => looks.set(asked[index].name, look));
  hear();
});

function ask() {
  $("saved").textContent = "";
  if (drawing.isEmpty) return rest();
  if (!isPicture(model)) return;
  $("answer").ariaBusy = "true";
  own.ask();
  others.ask();
}

async function post(path, model, more = {}) {
  const body = await drawing.bytes(isDigit(model));
  const wishes = { model: model.name, photo: drawing.photo ? "1" : "0", ...more };
  const query = Object.entries(wishes).map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
  const response = await fetch(`page/${path}?${query}`, { method: "POST", body });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

function tell(problem) {
  $("problem").hidden = !problem;
  $("problem").textContent = problem ?? "";
}

const percent = (share) => `${(100 * share).toFixed(1)} %`;

// How sure an answer is, in words where it is no probability.
function sure({ share, measure }) {
  if (share == null) return "";
  return measure === "probabilities" ? percent(share) : words[language][measure === "votes" ? "votes" : "neighborShare"](percent(share));
}

function show(look) {
  const text = words[language];
  levels($("seen"), look.seen);
  if (!look.hasInk) {
    rest(text.noInk);
    levels($("seen"), look.seen);
    return;
  }
  $("label").textContent = look.isUnknown ? text.unknown : look.label;
  $("label").classList.toggle("unknown", look.isUnknown);
  $("share").textContent = look.isUnknown ? text.nothingNear(look.label, sure(look)) : sure(look);
  bars(look);
}

function bars(look) {
  // Few classes stand in their own order, many by their probability.
  const rows = [...look.top];
  if (rows.every(({ label }) => /^\d+$/.test(label))) rows.sort((a, b) => a.label - b.label);
  const list = $("bars");
  while (list.children.length > rows.length) list.lastChild.remove();
  while (list.children.length < rows.length) {
    const row = element("li");
    for (const name of ["name", "track", "figure"]) row.append(element("span", name));
    row.children[1].append(element("div", "bar"));
    list.append(row);
  }
  rows.forEach(({ label, share }, index) => {
    const row = list.children[index];
    row.classList.toggle("best", label === look.label && !look.isUnknown);
    row.children[0].textContent = row.children[0].title = label;
    row.querySelector(".bar").style.transform = `scaleX(${share})`;
    row.children[2].textContent = percent(share);
  });
}

// All models side by side, the chosen one first, each with what it shows of itself.
function hear() {
  const text = words[language];
  const names = [model, ...jurors()].map(({ name }) => name);
  if (!looks.has(model.name)) return;
  const cards = names.filter((name) => looks.get(name)?.hasInk).map((name) => {
    const look = looks.get(name);
    const card = element("article", "juror");
    const head = element("div", "verdict");
    const title = element("h3", "name", name);
    title.title = name;
    head.append(title, element("span", "kind", text.kinds[look.kind] ?? look.kind));
    const differs = look.isUnknown || look.label !== looks.get(model.name).label;
    const said = element("p", "verdict");
    said.append(
      element("span", differs ? "said other" : "said", look.isUnknown ? text.unknown : look.label),
      element("span", "figure", look.isUnknown ? text.nearest(look.label, sure(look)) : sure(look)));
    card.append(head, said, ...inside(look, text));
    return card;
  });
  $("jurors").replaceChildren(...cards);
  $("jury").hidden = cards.length === 0;
}

function repaint() {
  if (drawing.isEmpty) return rest();
  const own = looks.get(model?.name);
  if (!own) return;
  show(own);
  if (own.hasInk) hear();
}

function choose() {
  model = models.get($("model").value);
  $("bars").replaceChildren();
  describe();
  offerLabels();
  looks.clear();
  ask();
}

// Few classes are a button each; another name, and many, are typed.
function offerLabels() {
  $("save").hidden = !canSave || !isPicture(model);
  if ($("save").hidden) return;
  const names = model.classNames;
  $("labels").replaceChildren(...(names.length > 12 ? [] : names.map((name) => {
    const button = element("button", "", name);
    button.type = "button";
    button.addEventListener("click", () => save(name));
    return button;
  })));
  $("names").replaceChildren(...names.slice(0, 1000).map((name) => new Option(name)));
}

async function save(label) {
  const text = words[language];
  if (!label.trim()) return;
  if (drawing.isEmpty) {
    $("saved").textContent = text.none;
    return;
  }
  try {
    const saved = await post("examples", model, { label });
    $("saved").textContent = saved.isNew ? text.saved(saved.label, saved.count) : text.known(saved.label);
    $("name").value = "";
  } catch (error) {
    $("saved").textContent = error instanceof TypeError ? text.offline : error.message;
  }
}

$("save").addEventListener("submit", (event) => {
  event.preventDefault();
  save($("name").value);
});
$("undo").addEventListener("click", () => drawing.undo());
$("clear").addEventListener("click", () => drawing.clear());
$("model").addEventListener("change", choose);
$("language").addEventListener("click", () => {
  language = language === "ko" ? "en" : "ko";
  localStorage.setItem("language", language);
  speak();
});
const open = (file) => file && drawing.open(file).catch(() => tell(words[language].noPicture));
for (const id of ["file", "camera"]) {
  $(id).addEventListener("change", (event) => {
    open(event.target.files[0]);
    // The same picture may be chosen again.
    event.target.value = "";
  });
}
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
// What is painted has the scheme's colours.
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);

speak();
try {
  const offer = await (await fetch("page/models")).json();
  canSave = offer.canSave;
  // Those that read handwriting first, then other models of pictures; networks before the rest.
  const place = (each) => 4 * !isPicture(each) + 2 * !each.isHandwriting + (each.kind !== "network");
  for (const each of [...offer.models].sort((a, b) => place(a) - place(b))) {
    models.set(each.name, each);
    $("model").add(new Option(each.name));
  }
  choose();
} catch {
  tell(words[language].offline);
}
