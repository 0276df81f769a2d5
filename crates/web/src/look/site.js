// Adds comfort to pages that work without it: nothing here is needed to read or to save.

// Saving while typing: what is typed into a row (`data-row`) of a form (`data-draft`) is sent as a draft after a short
// pause; the answer says when it was kept and who else types there. Without the script the buttons do the same.
for (const form of document.querySelectorAll("form[data-draft]")) {
  const waiting = new Map();
  const unkept = new Set();
  const first = {};
  const inputs = (row) => new Set([...row.querySelectorAll("[name]")].map((input) => input.name));
  const fields = (row) => {
    const names = inputs(row);
    return new URLSearchParams([...new FormData(form)].filter(([name, value]) => names.has(name) && typeof value === "string"));
  };
  const tell = (rows) => {
    for (const place of form.querySelectorAll("[data-others-of]")) {
      const text = first[place.dataset.othersOf] ?? rows[place.dataset.othersOf] ?? "";
      // A text that is the same is not said again to whoever listens.
      if (place.textContent.trim() !== text) place.textContent = text;
    }
  };
  const keep = async (row) => {
    clearTimeout(waiting.get(row));
    waiting.delete(row);
    const status = row.querySelector("[data-status]");
    const sent = fields(row);
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body: sent, keepalive: sent.toString().length < 60000 });
      if (!answer.ok) throw new Error(answer.status);
      const { said, rows, overtaken } = await answer.json();
      if (!waiting.has(row)) unkept.delete(row);
      Object.assign(first, overtaken);
      if (status) status.textContent = said;
      if (rows) tell(rows);
    } catch {
      if (status) status.textContent = form.dataset.lost;
    }
  };
  form.addEventListener("input", (event) => {
    const row = event.target.closest("[data-row]");
    if (!row) return;
    unkept.add(row);
    clearTimeout(waiting.get(row));
    waiting.set(row, setTimeout(keep, 800, row));
  });
  form.addEventListener("submit", () => {
    for (const timer of waiting.values()) clearTimeout(timer);
    waiting.clear();
    unkept.clear();
  });
  // Leaving with something not kept: it is sent at once, and the browser asks.
  addEventListener("beforeunload", (event) => {
    if (unkept.size > 0) event.preventDefault();
    for (const row of unkept) keep(row);
  });
  // A phone only hides the page and may never come back to it.
  document.addEventListener("visibilitychange", () => { if (document.hidden) for (const row of unkept) keep(row); });
  if (form.dataset.others) {
    setInterval(async () => {
      if (document.hidden) return;
      const answer = await fetch(form.dataset.others).catch(() => null);
      if (answer?.ok) tell((await answer.json()).rows);
    }, 20000);
  }
}

// Records to choose from while typing into an input that points into a large register.
for (const input of document.querySelectorAll("input[data-choices]")) {
  let timer;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const answer = await fetch(`${input.dataset.choices}?q=${encodeURIComponent(input.value)}`).catch(() => null);
      if (!answer?.ok) return;
      const options = (await answer.json()).map(([id, title]) => new Option(title, id));
      input.list?.replaceChildren(...options);
    }, 300);
  });
}
