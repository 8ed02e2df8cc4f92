// Shows the colour of a point of sale while it is typed. Without this script, a button shows it.
const accent = document.querySelector('#accent');
const button = document.querySelector('[data-preview] rect');
const words = document.querySelector('[data-preview] text');

/** Relative luminance (WCAG 2.2). */
function luminance(hex) {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

accent?.addEventListener('input', () => {
  if (!/^#[0-9a-f]{6}$/i.test(accent.value)) return;
  button?.setAttribute('fill', accent.value);
  button?.setAttribute('stroke', accent.value);
  // White where its contrast is at least 4.5, as on the checkout page.
  words?.setAttribute('fill', 1.05 / (luminance(accent.value) + 0.05) >= 4.5 ? '#ffffff' : '#000000');
});
