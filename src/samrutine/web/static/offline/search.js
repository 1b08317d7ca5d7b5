// Find among what is kept. Small on purpose: the beginning of a word is enough, and one letter may be wrong.

const SMALL_WORDS = new Set(["og", "i", "jeg", "det", "at", "en", "et", "den", "til", "er", "som", "pa", "de", "med", "for", "av", "ikke",
  "ikkje", "eg", "ein", "ei", "ved", "om", "hva", "kva", "hvordan", "korleis", "nar", "skal", "kan", "vi", "the", "of", "to", "and", "a"]);
const ENDINGS = /(?:ene|ane|ende|ing|et|en|er|ar|a|e)$/;

// One way to write each letter: «håndhygiene», «haandhygiene» and «HANDHYGIENE» are one word.
function folded(text) {
  return text.toLowerCase().replace(/æ|ä/g, "ae").replace(/ø|ö/g, "oe").normalize("NFD").replace(/\p{M}/gu, "")
    .replace(/aa|ae/g, "a").replace(/oe/g, "o");
}

function wordsOf(text) {
  return folded(text).split(/[^\p{L}\p{N}]+/u).filter((one) => one.length > 0);
}

function asked(query) {
  const all = wordsOf(query.slice(0, 400));
  const told = all.filter((one) => one.length > 1 && !SMALL_WORDS.has(one));
  return [...new Set(told.length ? told : all)].slice(0, 12);
}

// How far two beginnings are from each other, up to a limit: letters wrong, missing, too many, or two that changed places.
function isNear(typed, word, most) {
  const from = word.slice(0, typed.length + most);
  let before = null;
  let row = Array.from({ length: from.length + 1 }, (_, n) => n);
  for (let i = 1; i <= typed.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= from.length; j += 1) {
      const same = typed[i - 1] === from[j - 1];
      let least = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (same ? 0 : 1));
      if (before && i > 1 && j > 1 && typed[i - 1] === from[j - 2] && typed[i - 2] === from[j - 1]) least = Math.min(least, before[j - 2] + 1);
      next.push(least);
    }
    before = row;
    row = next;
    if (Math.min(...row) > most) return false;
  }
  return Math.min(...row.slice(Math.max(0, typed.length - most))) <= most;
}

// How well a word of a text answers a word that was typed: 0 for not at all.
function worth(typed, word) {
  if (word === typed) return 1;
  if (word.startsWith(typed)) return 0.9;
  const stem = typed.length > 4 ? typed.replace(ENDINGS, "") : typed;
  if (stem.length > 2 && word.startsWith(stem)) return 0.8;
  if (stem.length > 3 && word.includes(stem)) return 0.5;
  if (typed.length > 3 && word[0] === typed[0] && isNear(typed, word, typed.length > 7 ? 2 : 1)) return 0.3;
  return 0;
}

// Weigh each field of a document; all words must be met, unless none has them all.
function ranked(query, documents) {
  const typed = asked(query);
  if (!typed.length) return [];
  const met = documents.map((one) => {
    const each = typed.map((word) => Math.max(0, ...one.fields.map(([weight, words]) => {
      let best = 0;
      for (const other of words) {
        best = Math.max(best, worth(word, other));
        if (best === 1) break;
      }
      return best * weight;
    })));
    return { one, hits: each.filter((value) => value > 0).length, score: each.reduce((sum, value) => sum + value, 0) };
  }).filter((each) => each.hits > 0);
  const most = Math.max(0, ...met.map((each) => each.hits));
  return met.filter((each) => each.hits === most)
    .sort((a, b) => b.score - a.score || a.one.title.localeCompare(b.one.title, "nb"))
    .map((each) => each.one);
}

// Some words around the first hit, told apart: [text, isHit].
function around(query, text) {
  const typed = asked(query);
  const words = [...text.matchAll(/[\p{L}\p{N}]+/gu)];
  let best = null;
  for (const match of words) {
    const value = Math.max(...typed.map((one) => worth(one, folded(match[0]))));
    if (value > (best ? best.value : 0)) best = { value, at: match.index, long: match[0].length };
    if (value === 1) break;
  }
  if (!best) return [];
  let begin = text.lastIndexOf(" ", Math.max(0, best.at - 60)) + 1;
  if (best.at < 60) begin = 0;
  const end = text.indexOf(" ", Math.min(text.length, best.at + best.long + 90));
  return [[`${begin ? "… " : ""}${text.slice(begin, best.at)}`, false], [text.slice(best.at, best.at + best.long), true],
    [`${text.slice(best.at + best.long, end < 0 ? text.length : end)}${end < 0 ? "" : " …"}`, false]];
}
