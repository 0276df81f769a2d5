// Passkeys. A button with its element `[data-passkey]` is shown where the browser has passkeys; what is asked of the device and what
// it answers are JSON that goes through unchanged but for base64url. What goes wrong is said beside the button.
{
  const english = document.documentElement.lang === "en";
  const say = (ja, en) => (english ? en : ja);
  const bytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

  const post = async (address, body) => {
    const response = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const told = await response.json().catch(() => ({}));
    if (response.ok) return told;
    const failed = new Error(told.said ?? say("今はできません。別の方法をお試しください。", "Not possible just now. Try another way."));
    failed.prove = told.prove;
    throw failed;
  };

  const listed = (credentials) => (credentials ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

  const create = async ({ publicKey }) => {
    const user = { ...publicKey.user, id: bytes(publicKey.user.id) };
    const challenge = bytes(publicKey.challenge);
    const excludeCredentials = listed(publicKey.excludeCredentials);
    const made = await navigator.credentials.create({ publicKey: { ...publicKey, user, challenge, excludeCredentials } });
    return {
      id: made.id,
      rawId: text(made.rawId),
      type: made.type,
      response: {
        attestationObject: text(made.response.attestationObject),
        clientDataJSON: text(made.response.clientDataJSON),
        transports: made.response.getTransports?.() ?? [],
      },
      extensions: made.getClientExtensionResults(),
    };
  };

  const get = async ({ publicKey }) => {
    const challenge = bytes(publicKey.challenge);
    const allowCredentials = listed(publicKey.allowCredentials);
    const found = await navigator.credentials.get({ publicKey: { ...publicKey, challenge, allowCredentials } });
    const { authenticatorData, clientDataJSON, signature, userHandle } = found.response;
    return {
      id: found.id,
      rawId: text(found.rawId),
      type: found.type,
      response: {
        authenticatorData: text(authenticatorData),
        clientDataJSON: text(clientDataJSON),
        signature: text(signature),
        userHandle: userHandle ? text(userHandle) : null,
      },
      extensions: found.getClientExtensionResults(),
    };
  };

  const begin = async (place) => {
    const { passkey: address, next } = place.dataset;
    const { options, ceremony } = await post(`${address}/start`, {});
    const registers = options.publicKey.user !== undefined;
    const answer = JSON.stringify(await (registers ? create : get)(options));
    const name = place.querySelector("input")?.value ?? "";
    return post(`${address}/finish`, { ceremony, answer, name, next: next ?? "" });
  };

  const told = (error) => {
    const chosenNot = ["NotAllowedError", "AbortError"].includes(error.name);
    if (chosenNot) return say("パスキーは使われませんでした。", "No passkey was used.");
    if (error.name === "InvalidStateError") return say("この端末のパスキーは登録済みです。", "This device has a passkey here already.");
    return error.message;
  };

  if (window.PublicKeyCredential && navigator.credentials) {
    for (const place of document.querySelectorAll("[data-passkey]")) {
      const button = place.querySelector("button");
      place.hidden = false;
      button.addEventListener("click", async () => {
        const said = place.querySelector("[role=status]");
        said.textContent = "";
        button.disabled = true;
        try {
          const { next } = await begin(place);
          // A proof goes on with the form it stands in.
          if (next) {
            location.assign(next);
            // To a place on this same page browsers only scroll.
            if (next.includes("#")) location.reload();
          } else place.closest("form").submit();
        } catch (error) {
          if (error.prove) location.assign(place.dataset.prove);
          else said.textContent = told(error);
        } finally {
          button.disabled = false;
        }
      });
    }
  }
}
