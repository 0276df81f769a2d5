// Adds comfort to pages that work without it: nothing here is needed to read or to save.

// Saving while typing: what is typed into a row (`data-row`) of a form (`data-draft`) is sent as a draft after a short
// pause; the answer says when it was kept and who else types there. Without the script the buttons do the same.
for (const form of document.querySelectorAll("form[data-draft]")) {
  const waiting = new Map();
  const fields = (row) => {
    const sent = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      const input = row === form || [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)].some((one) => row.contains(one));
      if (input && typeof value === "string") sent.append(name, value);
    }
    return sent;
  };
  const tell = (rows) => {
    for (const place of form.querySelectorAll("[data-others-of]")) place.textContent = rows[place.dataset.othersOf] ?? "";
  };
  const keep = async (row) => {
    waiting.delete(row);
    const status = row.querySelector("[data-status]");
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body: fields(row) });
      if (!answer.ok) throw new Error(answer.status);
      const { said, rows } = await answer.json();
      if (status) status.textContent = said;
      if (rows) tell(rows);
    } catch {
      if (status) status.textContent = form.dataset.lost;
    }
  };
  form.addEventListener("input", (event) => {
    const row = event.target.closest("[data-row]");
    if (!row) return;
    clearTimeout(waiting.get(row));
    waiting.set(row, setTimeout(keep, 800, row));
  });
  form.addEventListener("submit", () => { for (const timer of waiting.values()) clearTimeout(timer); waiting.clear(); });
  addEventListener("pagehide", () => { for (const row of waiting.keys()) navigator.sendBeacon(form.dataset.draft, fields(row)); });
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
