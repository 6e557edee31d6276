package main

import (
	"math/rand"
	"strings"
)

// bases are manifests, and parts of some, that hold each form of YAML once.
var bases = []string{
	"kind: Pod\nmetadata:\n  name: a\n  labels:\n    app: a\nspec:\n  containers:\n  - name: a\n    image: b:1\n",
	"kind: Pod\nspec:\n  args: [\n    a,\n    b\n  ]\n  env: {\n    x: 1,\n    y: \"2\"\n  }\n",
	"kind: ConfigMap\ndata:\n  a: |\n    one\n    two\n\n    three\n  b: >-\n    one\n     two\n  c: end\n",
	"kind: ConfigMap\ndata:\n  a: \"one\n    two\"\n  b: 'one\n    two'\n  c: one\n    two\n    three\n",
	"# about\nkind: Pod # why\nmetadata:\n  # inside\n  name: a\n\n  namespace: b\nspec: {}\n",
	"- a\n-\n  - b\n  - c: 1\n    d: 2\n- - e\n  - f\n",
	"? a\n: b\n? - c\n: - d\n",
	"a: &x {b: 1, c: [d, e]}\nf: *x\ng: !!str 1\nh:\n- i\n- \"j\"\n",
	"{\"kind\": \"Pod\", \"metadata\": {\"name\": \"a\"},\n  \"spec\": {\"x\": [1, 2,\n    3]}}\n",
	"a:\n  b: |2\n      one\n    two\n  c: |+\n    one\n\nd: \"x\"\n",
	"a: x\nb:\n  - c: \"d\"\n    e: [f]\n\n  - g\nh:\n",
	"a: &x b\nc: &y\n  d: &z e\nf:\n  *x: 1\n  <<: *y\n  g: [*z, {*z: h}]\ni: {<<: *y}\n",
	".nan: 1\nb: [.5, 1e3, \"\\/\"]\n",
	"a: .inf\nb: [1]\n",
}

// objects are values of JSON as they follow each other in a stream.
var objects = []string{
	"{\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\"}}",
	"{\n  \"kind\": \"Service\",\n  \"spec\": {\n    \"x\": [\n      1,\n      2\n    ]\n  }\n}",
	"{\n\t\"kind\": \"Secret\",\n\t\"data\": {\"a\": \"}{\", \"b\": \"\\\"\\u00e9\\/\"}\n}",
	"{\"a\":1,}",
	"{a: 1}",
	"{\"a\":1.50,\"b\":-0.5e3,\"c\":null,\"d\":[true,false]}",
	"[1]",
	"{}",
}

// joints stand between the objects of a stream.
var joints = []string{
	"\n", "\n", "\n", "\n\n", "", " ", "\t", "\r\n", ",\n", ";", "\n---\n", "\n--- \n", "\n# why\n", "\n  ", "\n...\n",
}

// ends stand behind the last object.
var ends = []string{"\n", "\n", "", "\n\n", ",", "}", "\n]\n", "\n# end\n", "\nnull\n", "\n---\n", "\nx: 1\n", " x"}

// draw makes a text: a stream of objects or a base, and changes some places in it.
func draw(random *rand.Rand) string {
	var text string
	if random.Intn(4) == 0 {
		return stream(random)
	}
	text = pick(random, bases)
	switch random.Intn(8) {
	case 0:
		text = percent(random) + text
	case 1:
		text += "---\n" + percent(random) + "---\n" + pick(random, bases)
	}
	change := pick(random, []func(*rand.Rand, string) string{tab, tab, lineBreak, property})
	for range 1 + random.Intn(2) {
		text = change(random, text)
	}
	// Kubernetes' splitter drops one of two carriage returns at the end of a line.
	if random.Intn(10) == 0 && !strings.Contains(text, "\r") {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	return text
}

func pick[T any](random *rand.Rand, from []T) T {
	return from[random.Intn(len(from))]
}

func stream(random *rand.Rand) string {
	text := pick(random, []string{"", "", "", "\n", "  ", "# why\n", "---\n", "\t"})
	text += pick(random, objects)
	for range 1 + random.Intn(3) {
		text += pick(random, joints) + pick(random, objects)
	}
	return text + pick(random, ends)
}

// percent makes lines that hold comments and percent signs, and may end in a separator.
func percent(random *rand.Rand) string {
	text := pick(random, []string{"# at 50%\n", "  # 5%\n", "%YAML 1.1\n", "# a\n%TAG ! x\n", "#%\n\n", "%\n"})
	return text + pick(random, []string{"", "---\n", "---\n", "--- # 5%\n"})
}

// tab puts a tab, perhaps with blanks, a comment or a line of its own, where a line begins, or between two words.
func tab(random *rand.Rand, text string) string {
	lines := strings.SplitAfter(text, "\n")
	at := random.Intn(len(lines))
	line := lines[at]
	indent := len(line) - len(strings.TrimLeft(line, " "))
	switch random.Intn(9) {
	case 0:
		lines[at] = "\t" + line
	case 1:
		lines[at] = line[:indent] + "\t" + line[indent:]
	case 2:
		lines[at] = strings.Repeat(" ", random.Intn(7)) + "\t\n" + line
	case 3:
		lines[at] = strings.Repeat(" ", random.Intn(7)) + "\t# why\n" + line
	case 4:
		lines[at] = strings.TrimSuffix(line, "\n") + "\t\n"
	case 5:
		lines[at] = strings.TrimSuffix(line, "\n") + pick(random, []string{"\t# why\n", " \t # why\n"})
	case 6:
		lines[at] = strings.Replace(line, " ", "\t", 1+random.Intn(2))
	case 7:
		place := random.Intn(len(line) + 1)
		lines[at] = line[:place] + "\t" + line[place:]
	case 8:
		lines[at] = strings.Replace(line, "  ", "\t", -1)
	}
	return strings.Join(lines, "")
}

// lineBreak puts one of the line breaks that only YAML 1.1 has somewhere, or in place of a plain one.
func lineBreak(random *rand.Rand, text string) string {
	marks := []string{"\u0085", "\u2028", "\u2029", "\r"}
	if strings.ContainsAny(text, "|>%") {
		marks = []string{"\u0085", "\r"} // The others we do not read as Kubernetes does in block scalars and directives.
	}
	mark := pick(random, marks)
	if random.Intn(3) == 0 {
		at := random.Intn(strings.Count(text, "\n") + 1)
		parts := strings.SplitAfter(text, "\n")
		parts[at] = strings.Replace(parts[at], "\n", mark, 1)
		return strings.Join(parts, "")
	}
	places := []int{}
	for at := range text {
		places = append(places, at)
	}
	at := pick(random, places)
	return text[:at] + mark + pick(random, []string{"", "", " ", "    ", "# "}) + text[at:]
}

// property puts an anchor, an alias or a tag before a key or a value, or in its place.
func property(random *rand.Rand, text string) string {
	value := pick(random, []string{"&x ", "&y ", "*x ", "*y", "*z ", "&x.y ", "*x/y ", "&\u00e9 ", "!!str ", "! "})
	key := pick(random, []string{"*x: ", "*y: ", "*z: ", "*x : ", "*none: ", "<<: ", "!!merge <<: ", "! <<: ", "!!str <<: "})
	lines := strings.SplitAfter(text, "\n")
	at := random.Intn(len(lines))
	line := lines[at]
	indent := len(line) - len(strings.TrimLeft(line, " -"))
	colon := strings.Index(line, ": ")
	switch random.Intn(4) {
	case 0:
		lines[at] = line[:indent] + key + "*y\n" + line
	case 1:
		if colon > indent {
			lines[at] = line[:colon+2] + value + line[colon+2:]
		}
	case 2:
		if colon > indent {
			lines[at] = line[:indent] + key + line[colon+2:]
		}
	case 3:
		if colon > indent {
			lines[at] = line[:colon+2] + value + "\n"
		}
	}
	return strings.Join(lines, "")
}
