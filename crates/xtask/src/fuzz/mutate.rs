//! Changes to a text that a person, a template or an attacker might make.

use super::random::Random;

/// Values of all types that YAML has, and of some that only look so.
const VALUES: &[&str] = &[
    "null",
    "~",
    "true",
    "off",
    "0",
    "-1",
    "1e9",
    "0o17",
    "0x1F",
    ".inf",
    ".nan",
    "1_000",
    "99999999999999999999",
    "\"\"",
    "''",
    "[]",
    "{}",
    "[[]]",
    "{a: {}}",
    "!!binary aGk=",
    "2026-01-01",
    "|",
    ">-",
    "&a x",
    "*a",
    "<<: *a",
    "${X}",
    "{{ .Values.x }}",
    "100%",
    "-5%",
    "64Mi",
    "1e-3",
    "\u{feff}",
    "é",
    "\u{2028}",
];

/// Instructions behind the resources of a kustomization.
pub(super) const KUSTOMIZATIONS: &[&str] = &[
    "",
    "namePrefix: a-\nnamespace: shop\ncommonLabels: {app: shop}\n",
    "images:\n- {name: 'nginx', newTag: '2'}\nreplicas:\n- {name: shop, count: 3}\n",
    "patches:\n- target: {kind: Deployment, name: '.*'}\n  patch: '[{op: replace, path: /spec/replicas, value: 3}]'\n",
    "patches:\n- patch: |-\n    apiVersion: apps/v1\n    kind: Deployment\n    metadata: {name: shop}\n    spec: {template: {spec: {containers: [{name: a, $patch: delete}]}}}\n",
    "configMapGenerator:\n- {name: made, literals: [a=b], files: [kustomization.yaml]}\ngeneratorOptions: {disableNameSuffixHash: false}\n",
    "components: [.]\n",
    "replacements:\n- source: {kind: Deployment, fieldPath: metadata.name}\n  targets:\n  - {select: {kind: Service}, fieldPaths: [metadata.name], options: {create: true}}\n",
    "labels:\n- {pairs: {a: b}, includeSelectors: true}\nnameSuffix: -b\n",
];

/// Configurations.
pub(super) const CONFIGURATIONS: &[&str] = &[
    "profile: production\nrules:\n  pdb-missing: error\n  workload-too-few-replicas: {min-replicas: 3}\n",
    "environments:\n- {name: all, paths: ['**'], profile: relaxed}\nexclude: ['*.json']\n",
    "components:\n- {match: {name: '*'}, role: backend}\nexceptions:\n- {rule: pdb-missing, kind: Deployment, name: '*', reason: known}\n",
    "cluster: {nodes: 3, zones: 2, kubernetes: '1.30'}\nstorage-classes: {standard: zonal}\n",
];

/// Changes a text in one place.
pub(super) fn mutate(text: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    match random.below(12) {
        0 => byte(text, random),
        1 => value(text, random),
        2 => line(text, random, |lines, at, _| drop(lines.remove(at))),
        3 => line(text, random, |lines, at, _| lines.insert(at, lines[at].clone())),
        4 => line(text, random, |lines, at, random| {
            let with = random.below(lines.len());
            lines.swap(at, with);
        }),
        5 => line(text, random, |lines, at, random| indent(&mut lines[at], random)),
        6 => splice(text, other, random),
        7 => text.truncate(random.below(text.len() + 1)),
        8 => line(text, random, |lines, at, random| {
            lines[at] = [
                random
                    .choose(&["&a ", "*a ", "? ", "- ", "!!str ", "--- ", "# edms-lint: ignore[pdb-missing] "])
                    .as_bytes(),
                &lines[at],
            ]
            .concat();
        }),
        9 => repeat(text, random),
        10 => number(text, random),
        _ => line(text, random, |lines, at, random| {
            let key = random.choose(&[
                "spec:",
                "metadata:",
                "  replicas: 0",
                "kind: List",
                "items:",
                "data: {}",
                "status: {}",
            ]);
            lines.insert(at, key.as_bytes().to_vec());
        }),
    }
}

fn byte(text: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(text.len() + 1);
    let new = random.choose(&[
        0, b'\t', b' ', b'\n', b'\r', b':', b'-', b'#', b'{', b'}', b'[', b']', b'"', b'\'', b'%', b'&', b'*', b'|',
        0x80, 0xff,
    ]);
    match text.get_mut(at).filter(|_| random.one_in(2)) {
        Some(byte) => *byte = new,
        None => text.insert(at, new),
    }
}

/// Puts another value behind a key.
fn value(text: &mut Vec<u8>, random: &mut Random) {
    line(text, random, |lines, at, random| {
        let line = &mut lines[at];
        if let Some(colon) = line.windows(2).position(|it| it == b": ") {
            line.truncate(colon + 2);
            line.extend(random.choose(VALUES).as_bytes());
        }
    });
}

fn line(text: &mut Vec<u8>, random: &mut Random, change: impl FnOnce(&mut Vec<Vec<u8>>, usize, &mut Random)) {
    let mut lines: Vec<Vec<u8>> = text.split(|it| *it == b'\n').map(<[u8]>::to_vec).collect();
    let at = random.below(lines.len());
    change(&mut lines, at, random);
    *text = lines.join(&b'\n');
}

fn indent(line: &mut Vec<u8>, random: &mut Random) {
    if random.one_in(2) {
        line.splice(0..0, *b"  ");
    } else {
        let blanks = line.iter().take_while(|it| **it == b' ').count().min(2);
        line.drain(..blanks);
    }
}

/// Puts a stretch of another fixture into the text.
fn splice(text: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let from = random.below(other.len() + 1);
    let to = from + random.below(other.len() - from + 1);
    let at = random.below(text.len() + 1);
    text.splice(at..at, other[from..to].iter().copied());
}

/// Repeats a stretch many times.
fn repeat(text: &mut Vec<u8>, random: &mut Random) {
    let from = random.below(text.len() + 1);
    let to = (from + 1 + random.below(40)).min(text.len());
    if from < to {
        let again = text[from..to].repeat(1 + random.below(200));
        text.splice(to..to, again);
    }
}

/// Puts another number in the place of one.
fn number(text: &mut Vec<u8>, random: &mut Random) {
    let digits: Vec<usize> = (0..text.len()).filter(|it| text[*it].is_ascii_digit()).collect();
    if !digits.is_empty() {
        let at = random.choose(&digits);
        let new = random.choose(&["0", "-1", "2147483648", "9223372036854775808", "1e400", "0.1", "007"]);
        text.splice(at..=at, new.bytes());
    }
}
