// One step in slow motion: a table for each node of the graph.
export const figure = (value) => {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e4) ? value.toExponential(1) : value.toFixed(4);
};

function cell(kind, text, isWrong) {
  const made = document.createElement(kind);
  made.textContent = text;
  if (isWrong) made.className = "differs";
  if (kind === "th") made.scope = "col";
  return made;
}

export function slowMotion(part, step, text) {
  part.replaceChildren(...step.nodes.map((node) => {
    const [box, title, small, table] = ["div", "h3", "small", "table"].map((kind) => document.createElement(kind));
    // What scrolls must be reachable by the keyboard.
    [box.className, box.tabIndex, box.role] = ["node", 0, "group"];
    const from = node.inputs.length ? ` (${node.inputs.join(", ")})` : "";
    const all = node.shape.reduce((a, b) => a * b, 1);
    small.textContent = [text.kinds[node.kind] + from, node.shape.join(" × "), text.part(node.values.length, all)]
      .filter(Boolean).join(" · ");
    title.append(node.name, small);
    box.ariaLabel = `${node.name}, ${small.textContent}`;
    const isParameter = node.updated.length > 0;
    const head = table.createTHead().insertRow();
    for (const name of ["", text.value, text.gradient, text.numerical, ...(isParameter ? [text.after] : [])]) {
      head.append(cell(name ? "th" : "td", name));
    }
    const body = table.createTBody();
    node.values.forEach((value, index) => {
      const [r, c] = [node.rows[Math.floor(index / node.columns.length)], node.columns[index % node.columns.length]];
      const [exact, moved] = [node.gradient[index], node.numerical[index]];
      const differs = exact !== null && moved !== null && Math.abs(exact - moved) > 1e-4 * Math.max(1, Math.abs(exact));
      const name = all === 1 ? "" : node.kind === "weight" ? `${r + 1}, ${c + 1}` : `${c + 1}`;
      body.insertRow().append(
        cell("td", name), cell("td", figure(value)), cell("td", figure(exact)), cell("td", figure(moved), differs),
        ...(isParameter ? [cell("td", figure(node.updated[index]))] : []));
    });
    box.append(title, table);
    return box;
  }));
}
