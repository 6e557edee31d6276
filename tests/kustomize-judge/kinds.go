package main

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"sigs.k8s.io/yaml"
)

//go:embed kinds/*.txt
var written embed.FS

// kind is what a file of kinds/ holds: manifests, and patches that fit them.
type kind struct {
	manifests, merges, patches []string
}

var kinds = readKinds()

func readKinds() map[string]*kind {
	names, err := fs.Glob(written, "kinds/*.txt")
	if err != nil {
		panic(err)
	}
	read := map[string]*kind{}
	for _, name := range names {
		text, err := written.ReadFile(name)
		if err != nil {
			panic(err)
		}
		it := &kind{}
		for _, section := range strings.Split(string(text), "=== ")[1:] {
			head, body, _ := strings.Cut(section, "\n")
			switch head {
			case "manifest":
				it.manifests = append(it.manifests, body)
			case "merge":
				it.merges = append(it.merges, body)
			case "json":
				it.patches = append(it.patches, body)
			default:
				panic(name + ": " + head)
			}
		}
		read[strings.TrimSuffix(strings.TrimPrefix(name, "kinds/"), ".txt")] = it
	}
	return read
}

// object is a manifest of a case.
type object struct {
	*kind
	app  string
	text string
	// What tells it from others, as written.
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Name      string         `json:"name"`
		Namespace string         `json:"namespace"`
		Labels    map[string]any `json:"labels"`
	} `json:"metadata"`
}

func (it *object) name() string { return it.Metadata.Name }

// group of the API.
func (it *object) group() string {
	group, _, found := strings.Cut(it.APIVersion, "/")
	if !found {
		return ""
	}
	return group
}

func (it *object) version() string {
	return it.APIVersion[strings.LastIndex(it.APIVersion, "/")+1:]
}

// write draws a manifest of a kind.
func (g *generator) write(name, app string) *object {
	it := &object{kind: kinds[name], app: app}
	it.text = g.fill(pick(g, it.manifests), app)
	if err := yaml.Unmarshal([]byte(it.text), it); err != nil {
		panic(fmt.Sprintf("%s: %v\n%s", name, err, it.text))
	}
	return it
}

var (
	images = []string{
		"nginx:1.27", "registry.example.com/{app}:{tag}", "ghcr.io/acme/{app}", "{app}:latest", "localhost:5000/{app}:{tag}",
		"quay.io/acme/{app}@sha256:24a0c4b4a4c0eb97a1aabb8e29f18e917d05abfe1b7a7c07857230879ce7d3d3",
	}
	tags = []string{"1.0.0", "v2.3", "2024-06-01", "stable", "1.10", "7"}
)

// fill writes values into a text, and leaves lines that begin with one of two marks out half of the time.
func (g *generator) fill(text, app string) string {
	var kept []string
	marks := map[byte]bool{}
	last := byte(0)
	for line := range strings.Lines(text) {
		mark := line[0]
		if mark != '?' && mark != '%' {
			kept, last = append(kept, line), 0
			continue
		}
		if mark != last {
			marks[mark], last = g.IntN(2) == 0, mark
		}
		if marks[mark] {
			kept = append(kept, line[1:])
		}
	}
	filled := strings.Join(kept, "")
	for strings.Contains(filled, "{image}") {
		filled = strings.Replace(filled, "{image}", pick(g, images), 1)
	}
	for strings.Contains(filled, "{n}") {
		filled = strings.Replace(filled, "{n}", fmt.Sprint(1+g.IntN(5)), 1)
	}
	return strings.NewReplacer("{app}", app, "{tag}", pick(g, tags)).Replace(filled)
}
