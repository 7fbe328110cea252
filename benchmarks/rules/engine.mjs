// Plays sets of answers into @getodk/xforms-engine and prints what it makes of them.
// In: JSON lines {"xml": path of an XForm, "answers": {…}, "repeats": {…}}; out: a JSON line each, as `outreach questionnaire check` prints them.
// With "expressions": [[path, expression], …] also "worked_out": for each its [text, truth] at that place, or what is wrong with it.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import readline from 'node:readline';
import { pathToFileURL } from 'node:url';

// The packages are installed outside the repository: the folder is the first argument.
const require = createRequire(path.join(path.resolve(process.argv[2] ?? '.'), 'package.json'));
const { JSDOM } = require('jsdom');
const { window } = new JSDOM('');
for (const name of ['DOMParser', 'XMLSerializer', 'Node', 'Element', 'Document', 'Text', 'Attr', 'Comment']) globalThis[name] = window[name];
globalThis.document = window.document;
globalThis.__dirname = '/'; // its WebAssembly loader asks for it
const { loadForm } = await import(pathToFileURL(path.join(path.resolve(process.argv[2] ?? '.'), 'node_modules/@getodk/xforms-engine/dist/index.js')));

// Tables that a form refers to lie beside its XForm.
const attachmentBeside = (file) => async (resource) => {
  const held = path.join(path.dirname(file), path.basename(String(resource)));
  return fs.existsSync(held) ? new Response(fs.readFileSync(held), { headers: { 'Content-Type': 'text/csv' } }) : new Response('', { status: 404 });
};

const forms = new Map();
async function formOf(file) {
  if (!forms.has(file)) {
    const attachments = { fetchFormAttachment: attachmentBeside(file), missingResourceBehavior: 'BLANK' };
    forms.set(file, await loadForm(fs.readFileSync(file, 'utf8'), attachments));
  }
  return forms.get(file);
}

const CONTROLS = new Set(['input', 'note', 'select', 'rank', 'trigger', 'upload', 'range']);
const place = (node) => node.currentState.reference.replace(/^\/[^/]+/, '');
function* leaves(node) {
  for (const child of node.currentState.children ?? []) {
    if (child.currentState.children) yield* leaves(child);
    else yield child;
  }
}
function* ranges(node) {
  for (const child of node.currentState.children ?? []) {
    if (child.nodeType.startsWith('repeat-range')) yield child;
    yield* ranges(child);
  }
}

function setCounts(root, repeats, answers) {
  const wanted = (where) => {
    const flat = where.replace(/\[\d+\]/g, '');
    const said = repeats[where] ?? repeats[flat];
    if (said !== undefined) return said;
    const indexes = Object.keys(answers).filter((key) => key.startsWith(where + '[')).map((key) => parseInt(key.slice(where.length + 1), 10));
    return indexes.length ? Math.max(1, ...indexes) : undefined;
  };
  const seen = new Set();
  for (let changed = true; changed; ) {
    changed = false;
    for (const range of ranges(root)) {
      if (seen.has(range) || range.nodeType !== 'repeat-range:uncontrolled') continue;
      seen.add(range);
      changed = true;
      const count = wanted(place(range));
      if (count === undefined) continue;
      while (range.currentState.children.length < count) range.addInstances();
      if (range.currentState.children.length > count) range.removeInstances(count, range.currentState.children.length - count);
    }
  }
}

const typeFaults = new Map();
function give(node, answer) {
  const list = Array.isArray(answer) ? answer : answer === '' ? [] : [answer];
  const raw = Array.isArray(answer) ? answer.join(' ') : answer;
  switch (node.nodeType) {
    case 'select': {
      const offered = new Set(node.currentState.valueOptions.map((option) => option.value));
      const wanted = node.selectType === 'select' ? raw.split(/\s+/).filter(Boolean) : list;
      node.selectValues(wanted);
      return wanted.every((value) => offered.has(value));
    }
    case 'rank': {
      const offered = new Set(node.currentState.valueOptions.map((option) => option.value));
      const wanted = raw.split(/\s+/).filter(Boolean);
      if (wanted.length && [...offered].every((value) => wanted.includes(value)) && wanted.every((value) => offered.has(value))) {
        node.setValues(wanted);
        return true;
      }
      node.setValues([]);
      return wanted.length === 0;
    }
    case 'trigger':
      node.setValue(raw.toLowerCase() === 'ok');
      return raw === '' || raw.toLowerCase() === 'ok';
    case 'upload':
      node.setValue(raw === '' ? null : new File(['x'], raw));
      return true;
    case 'note':
    case 'model-value':
      return true;
    default: {
      if (node.valueType === 'int' && raw !== '' && !/^\s*[-+]?\d+\s*$/.test(raw)) {
        node.setValue('');
        return false;
      }
      node.setValue(raw);
      return raw === '' || node.currentState.instanceValue !== '' || !node.currentState.relevant;
    }
  }
}

function play(root, answers, repeats) {
  const fit = new Map();
  let before = '';
  for (let pass = 0; pass < 8; pass += 1) {
    setCounts(root, repeats, answers);
    for (const node of leaves(root)) {
      const answer = answers[place(node)];
      if (answer === undefined || node.currentState.readonly || node.nodeType === 'note') continue;
      fit.set(node, give(node, answer));
    }
    const now = root.parent.instanceState.instanceXML;
    if (now === before) break;
    before = now;
  }
  return fit;
}

function result(root, fit) {
  const relevant = {};
  const invalid = {};
  const calculated = {};
  for (const node of leaves(root)) {
    const where = place(node);
    const state = node.currentState;
    if (CONTROLS.has(node.nodeType)) {
      relevant[where] = state.relevant;
      if (state.relevant) {
        const violation = node.validationState.violation;
        if (fit.get(node) === false) invalid[where] = 'type';
        else if (violation) invalid[where] = violation.condition;
      }
    }
    if (node.definition.bind.calculate != null && state.relevant) {
      calculated[where] = state.instanceValue === 'NaN' ? '' : state.instanceValue;
    }
  }
  return { relevant, invalid, calculated };
}

function workedOut(root, expressions) {
  const nodes = new Map();
  for (const node of leaves(root)) nodes.set(place(node), node);
  return expressions.map(([where, said]) => {
    const contextNode = nodes.get(where);
    try {
      const { evaluator } = contextNode;
      return [evaluator.evaluateString(said, { contextNode }), evaluator.evaluateBoolean(said, { contextNode })];
    } catch (error) {
      return String(error.message);
    }
  });
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { xml, answers = {}, repeats = {}, expressions } = JSON.parse(line);
  let out;
  try {
    const form = await formOf(xml);
    if (form.status === 'failure') throw form.error;
    const instance = form.createInstance({ computeAttachmentName: ({ basename, extension }) => basename + (extension ?? '') });
    const fit = play(instance.root, answers, repeats);
    out = { ok: true, ...result(instance.root, fit) };
    if (expressions) out.worked_out = workedOut(instance.root, expressions);
  } catch (error) {
    out = { ok: false, error: String(error.cause?.message ?? error.message).slice(0, 300) };
  }
  process.stdout.write(JSON.stringify(out) + '\n');
}
