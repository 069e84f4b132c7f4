// The settings: in the address, so that a link is an experiment, and what is posted of them.
export const RATES = [1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001];
export const LIMITS = [0, 20, 50, 100, 200, 500, 1000, 5000, 20000];
export const BATCHES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
export const DECAYS = [0, 1e-5, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2];
export const PACES = [0, 1000, 100, 10];

const usual = {
  data: "spirals", count: 450, noise: 0.05, trainLimit: 0, hidden: [16, 16], activation: "tanh", optimizer: "adam",
  learningRate: 0.01, batchSize: 32, weightDecay: 0, dropout: 0, seed: 1,
};
const ofPictures = { hidden: [50], activation: "relu", learningRate: 0.001, batchSize: 64 };
const isPictures = (data) => data === "digits" || data === "mnist";

// Pictures learn better with other settings than points do.
const suited = (data) => ({ ...usual, ...(isPictures(data) ? ofPictures : {}) });

export function fromAddress() {
  const query = new URLSearchParams(location.search);
  const settings = { ...suited(query.get("data")), points: [] };
  settings.hidden = [...settings.hidden];
  for (const [name, text] of query) {
    if (name === "hidden") settings.hidden = numbers(text);
    else if (name === "points") settings.points = points(text);
    else if (typeof usual[name] === "number" && Number.isFinite(Number(text))) settings[name] = Number(text);
    else if (typeof usual[name] === "string") settings[name] = text;
  }
  return settings;
}

export function toAddress(settings) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(suited(settings.data))) {
    const text = String(settings[name]);
    if (name === "data" || text !== String(value)) query.set(name, text);
  }
  if (settings.data === "points" && settings.points.length) {
    const text = ({ x, y, classIndex }) => `${x.toFixed(2)}_${y.toFixed(2)}_${classIndex}`;
    query.set("points", settings.points.map(text).join("~"));
  }
  history.replaceState(null, "", `?${query}`);
}

const numbers = (text) => text.split(",").map(Number).filter((n) => Number.isInteger(n) && n > 0).slice(0, 6);

const points = (text) => text.split("~").map((each) => each.split("_").map(Number))
  .filter((p) => p.length === 3 && p.every(Number.isFinite) && Math.abs(p[0]) <= 1.5 && Math.abs(p[1]) <= 1.5)
  .slice(0, 1000).map(([x, y, classIndex]) => ({ x, y, classIndex }));

// Other data: what suits them, where the kind of data changes.
export function choose(settings, data) {
  if (isPictures(data) !== isPictures(settings.data)) {
    for (const name of Object.keys(ofPictures)) settings[name] = suited(data)[name];
    settings.hidden = [...settings.hidden];
  }
  settings.data = data;
}

// What is posted.
export function wanted(settings) {
  const { trainLimit, points, ...rest } = settings;
  const posted = { ...rest, points: settings.data === "points" ? points : [] };
  if (trainLimit > 0 && settings.data !== "points") posted.trainLimit = trainLimit;
  return posted;
}

// The place in a list whose value is nearest.
export function nearest(list, value) {
  let best = 0;
  list.forEach((each, place) => {
    if (Math.abs(each - value) < Math.abs(list[best] - value)) best = place;
  });
  return best;
}
