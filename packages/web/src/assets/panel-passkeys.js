// Passkeys: answers what the page asks, and sends the answer with its form. Everything else works without this.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');
const descriptors = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

function optionsOf(form) {
  const options = JSON.parse(form.dataset.options);
  return {
    ...options,
    challenge: bytes(options.challenge),
    ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
    excludeCredentials: descriptors(options.excludeCredentials),
    allowCredentials: descriptors(options.allowCredentials),
  };
}

function answerOf({ id, type, rawId, response, authenticatorAttachment, getClientExtensionResults }, credential) {
  const fields = {};
  for (const name of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'])
    if (response[name]) fields[name] = text(response[name]);
  if (response.getTransports) fields.transports = response.getTransports();
  return JSON.stringify({
    id,
    type,
    rawId: text(rawId),
    response: fields,
    authenticatorAttachment,
    clientExtensionResults: getClientExtensionResults.call(credential),
  });
}

let conditional;

async function ask(form, extra) {
  const publicKey = optionsOf(form);
  const credential = await navigator.credentials[form.dataset.passkey]({ publicKey, ...extra });
  form.elements.credential.value = answerOf(credential, credential);
  form.submit();
}

for (const form of document.querySelectorAll('form[data-passkey]')) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void askOnce(form);
  });
}

async function askOnce(form) {
  conditional?.abort();
  const button = form.querySelector('button');
  button.disabled = true;
  try {
    await ask(form);
  } catch {
    // The person has cancelled, or the device has no passkey: the page offers other ways.
    button.disabled = false;
  }
}

// Where the browser can, it offers passkeys in the field for the login.
async function offer(form) {
  if (!(await globalThis.PublicKeyCredential?.isConditionalMediationAvailable?.())) return;
  conditional = new AbortController();
  await ask(form, { mediation: 'conditional', signal: conditional.signal });
}

const login = document.querySelector('form[data-conditional]');
if (login) offer(login).catch(() => {});
