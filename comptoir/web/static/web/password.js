// How good a new password is, while it is typed. A hint: the server decides.

const LEAST = 10;
const RUNS = ["0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "azertyuiop", "asdfghjkl", "qsdfghjklm"];

// How many characters carry something: repeats and runs of neighbours count once.
function weight(word) {
  const low = word.toLowerCase();
  let carried = 0;
  for (let i = 0; i < low.length; i += 1) {
    const pair = low.slice(i - 1, i + 1);
    const run = i > 0 && (pair[0] === pair[1] || RUNS.some((each) => each.includes(pair) || [...each].reverse().join("").includes(pair)));
    carried += run ? 0.25 : 1;
  }
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/].filter((kind) => kind.test(word)).length;
  return carried * (0.75 + kinds * 0.125) * Math.min(1, new Set(low).size / 6);
}

function judge(word, own) {
  if ([...word].length < LEAST) return ["short", 0];
  if (own.some((part) => word.toLowerCase().includes(part))) return ["own", 1];
  const much = weight(word);
  if (much < 9) return ["weak", 1];
  return much < 14 ? ["fair", 2] : ["good", 3];
}

export function watchPasswords() {
  for (const place of document.querySelectorAll("[data-strength]")) {
    const field = place.querySelector("input[name=password1]");
    const told = place.querySelector(".strength");
    if (!field || !told) continue;
    field.closest(".field")?.append(told);
    const own = place.dataset.mine.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter((part) => part.length > 3);
    field.addEventListener("input", () => {
      const [how, much] = judge(field.value, own);
      told.hidden = !field.value;
      told.querySelector("meter").value = much;
      const words = told.querySelector("span");
      if (words.textContent !== place.dataset[how]) words.textContent = place.dataset[how];
    });
  }
}
