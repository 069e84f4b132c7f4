// Lines on paper, and the picture that is made of them.
const WIDTH = 34;
// The longer side of a photograph that is sent, in pixels.
const LONGEST = 2048;

export class Drawing {
  constructor(canvas, changed) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { willReadFrequently: true });
    this.changed = changed;
    this.lines = [];
    this.photo = null;
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      this.photo = null;
      this.lines.push([this.point(event)]);
      this.show();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!canvas.hasPointerCapture(event.pointerId) || !this.lines.length) return;
      // The points between two frames, where the browser has kept them.
      const events = event.getCoalescedEvents?.() ?? [];
      for (const each of events.length ? events : [event]) this.lines.at(-1).push(this.point(each));
      this.show();
    });
    this.repaint();
  }

  point(event) {
    const box = this.canvas.getBoundingClientRect();
    const factor = this.canvas.width / box.width;
    return [(event.clientX - box.left) * factor, (event.clientY - box.top) * factor];
  }

  get isEmpty() { return !this.photo && this.lines.length === 0; }

  undo() {
    if (this.photo) this.photo = null;
    else this.lines.pop();
    this.show();
  }

  clear() {
    [this.lines, this.photo] = [[], null];
    this.show();
  }

  async open(file) {
    const image = await createImageBitmap(file);
    [this.photo, this.lines] = [{ file: await sent(file, image), image }, []];
    this.show();
  }

  show() {
    this.repaint();
    this.changed();
  }

  repaint() {
    paint(this.context, this.canvas.width, "#fff", "#111", this.lines);
    if (this.photo) {
      const { image } = this.photo;
      const factor = Math.min(this.canvas.width / image.width, this.canvas.height / image.height);
      const [w, h] = [image.width * factor, image.height * factor];
      this.context.drawImage(image, (this.canvas.width - w) / 2, (this.canvas.height - h) / 2, w, h);
    }
  }

  // The bytes that are sent: a photograph as it is; lines as they are, or in MNIST's form.
  async bytes(asDigit) {
    if (this.photo) return this.photo.file;
    const canvas = asDigit ? this.digit() : this.canvas;
    return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  }

  // White on black, cut out, its longer side 20 pixels, its centre of mass in the middle of 28 x 28.
  digit() {
    const size = this.canvas.width;
    const [page, context] = blank(size);
    paint(context, size, "#000", "#fff", this.lines);
    const pixels = context.getImageData(0, 0, size, size).data;
    let [left, top, right, bottom] = [size, size, -1, -1];
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        if (pixels[4 * (y * size + x)] < 64) continue;
        [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
      }
    }
    const [result, small] = blank(28);
    if (right < 0) return result;
    const [w, h] = [right - left + 1, bottom - top + 1];
    // A line is as thick in a small digit as in a large one: it is drawn anew at the final size.
    const factor = 20 / Math.max(w, h);
    const scaled = this.lines.map((line) => line.map(([x, y]) => [(x - left) * factor, (y - top) * factor]));
    const draw = (dx, dy) => {
      small.fillStyle = "#000";
      small.fillRect(0, 0, 28, 28);
      const moved = scaled.map((line) => line.map(([x, y]) => [x + dx, y + dy]));
      paint(small, 28, "#000", "#fff", moved, Math.min(Math.max(WIDTH * factor, 2), 3.2));
    };
    const [dx, dy] = [(28 - w * factor) / 2, (28 - h * factor) / 2];
    draw(dx, dy);
    const seen = small.getImageData(0, 0, 28, 28).data;
    let [mass, sx, sy] = [0, 0, 0];
    for (let i = 0; i < 784; i++) {
      mass += seen[4 * i];
      sx += seen[4 * i] * (i % 28);
      sy += seen[4 * i] * Math.floor(i / 28);
    }
    if (mass) draw(dx + 13.5 - sx / mass, dy + 13.5 - sy / mass);
    return result;
  }
}

// A photograph as the server takes it: smaller where it is large, in another format where it has one of a phone's own.
async function sent(file, image) {
  const factor = Math.min(1, LONGEST / Math.max(image.width, image.height));
  if (factor === 1 && ["image/png", "image/jpeg", "image/webp"].includes(file.type)) return file;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width, image.height].map((side) => Math.max(1, Math.round(side * factor)));
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.92));
}

function blank(size) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [size, size];
  return [canvas, canvas.getContext("2d", { willReadFrequently: true })];
}

function paint(context, size, ground, ink, lines, width = WIDTH) {
  context.fillStyle = ground;
  context.fillRect(0, 0, size, size);
  [context.strokeStyle, context.fillStyle] = [ink, ink];
  [context.lineWidth, context.lineCap, context.lineJoin] = [width, "round", "round"];
  for (const line of lines) {
    context.beginPath();
    if (line.length === 1) {
      context.arc(line[0][0], line[0][1], width / 2, 0, 2 * Math.PI);
      context.fill();
    } else {
      line.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
      context.stroke();
    }
  }
}
