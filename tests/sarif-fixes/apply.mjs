// Applies the fixes of SARIF logs as a reader does that knows the format alone, and compares the files with those that
// edms-lint edits itself. See README.md.

import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

const MOST_PASSES = 20;
const [program, folder] = process.argv.slice(2);
if (!folder) {
  console.error("usage: node apply.mjs EDMS-LINT FIXTURES");
  process.exit(2);
}

function run(cwd, ...args) {
  const options = { cwd, encoding: "utf8", maxBuffer: 1 << 28 };
  const { status, stdout, stderr } = spawnSync(program, ["--profile", "production", ...args, "."], options);
  return { status, stdout, stderr };
}

// The offset of each line. Lines end with \n, \r\n or \r.
function lineStarts(text) {
  return [0, ...Array.from(text.matchAll(/\r\n|\r|\n/g), (it) => it.index + it[0].length)];
}

// The offsets of a region: lines and columns from 1, columns in UTF-16 code units, which are those of strings here.
function range({ startLine, startColumn = 1, endLine = startLine, endColumn }, starts) {
  return [starts[startLine - 1] + startColumn - 1, starts[endLine - 1] + endColumn - 1];
}

// The fixes of a log, each with its replacements by file. Of two that meet the first is taken.
function chosen(log, root) {
  const taken = new Map();
  for (const fix of log.runs[0].results.flatMap((it) => it.fixes ?? [])) {
    const edits = fix.artifactChanges.flatMap((change) => {
      const file = join(root, decodeURIComponent(change.artifactLocation.uri));
      const starts = lineStarts(readFileSync(file, "utf8"));
      return change.replacements.map((it) => {
        const [start, end] = range(it.deletedRegion, starts);
        return { file, start, end, text: it.insertedContent?.text ?? "" };
      });
    });
    const meets = (it) => (taken.get(it.file) ?? []).some((other) => it.start <= other.end && other.start <= it.end);
    if (edits.some(meets)) continue;
    for (const it of edits) taken.set(it.file, [...(taken.get(it.file) ?? []), it]);
  }
  return taken;
}

// Whether there was something to apply.
function applyOnce(rule, root) {
  const { stdout, stderr } = run(root, "--select", rule, "--format", "sarif");
  if (!stdout) throw new Error(stderr);
  const files = chosen(JSON.parse(stdout), root);
  for (const [file, edits] of files) {
    let text = readFileSync(file, "utf8");
    // From the end, so that offsets before stay right; an order among those at one offset is that of the log.
    for (const it of edits.map((it, at) => ({ ...it, at })).sort((a, b) => b.start - a.start || b.at - a.at)) {
      text = text.slice(0, it.start) + it.text + text.slice(it.end);
    }
    writeFileSync(file, text);
  }
  return files.size > 0;
}

function filesBelow(root) {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((it) => it.isFile());
  return files.map((it) => relative(root, join(it.parentPath ?? it.path, it.name))).sort();
}

function differences(one, other) {
  const names = new Set([...filesBelow(one), ...filesBelow(other)]);
  const text = (root, name) => {
    try {
      return readFileSync(join(root, name));
    } catch {
      return Buffer.from("there is none");
    }
  };
  return [...names].filter((it) => !text(one, it).equals(text(other, it)));
}

// A copy of a fixture: a file, or a folder.
function copy(fixture, root, form) {
  const target = mkdtempSync(join(root, "copy-"));
  const isGolden = (it) => it.endsWith(".snap");
  if (statSync(fixture).isDirectory()) cpSync(fixture, target, { recursive: true, filter: (it) => !isGolden(it) });
  else writeFileSync(join(target, "a.yaml"), form(readFileSync(fixture, "utf8")));
  return target;
}

// Letters of one and of two code units stand before what is edited, and lines end otherwise.
const FORMS = {
  "as it is": (it) => it,
  "with CRLF": (it) => "# \u{1f40b}é\n".concat(it).replaceAll(/\r?\n/g, "\r\n"),
  "with letters": (it) => it.replace(/^(kind: \w+)$/m, "$1 # \u{1f40b}é"),
};

const counts = { fixtures: 0, fixable: 0, files: 0 };
const wrong = [];
const undone = new Set();
const room = mkdtempSync(join(tmpdir(), "sarif-fixes-"));
for (const rule of readdirSync(folder).sort()) {
  const cases = readdirSync(join(folder, rule)).filter((it) => !it.endsWith(".snap") && it.startsWith("fail-"));
  for (const name of cases.sort()) {
    const fixture = join(folder, rule, name);
    const forms = statSync(fixture).isDirectory() ? ["as it is"] : Object.keys(FORMS);
    let isFixable = false;
    for (const form of forms) {
      const [original, ours, theirs] = [0, 1, 2].map(() => copy(fixture, room, FORMS[form]));
      const { stderr } = run(ours, "--select", rule, "--unsafe-fixes", "--quiet");
      // What would bring an error to light is undone, which no log can say of a fix by itself.
      if (/nothing is written|is not fixed, because/.test(stderr)) {
        undone.add(`${rule}/${name}`);
        continue;
      }
      let passes = 0;
      while (passes < MOST_PASSES && applyOnce(rule, theirs)) passes++;
      wrong.push(...differences(ours, theirs).map((it) => `${rule}/${name}, ${form}: ${it}`));
      const edited = differences(original, ours).length;
      counts.files += edited;
      isFixable ||= edited > 0;
      for (const it of [original, ours, theirs]) rmSync(it, { recursive: true });
    }
    counts.fixtures++;
    counts.fixable += isFixable ? 1 : 0;
  }
}
rmSync(room, { recursive: true });
console.log(`${counts.fixtures} fixtures, ${counts.fixable} of them fixable, ${counts.files} files compared`);
for (const it of undone) console.log(`not compared, because edms-lint undoes a fix: ${it}`);
for (const it of wrong) console.log(`differs: ${it}`);
process.exit(wrong.length > 0 ? 1 : 0);
