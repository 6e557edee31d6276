package main

import (
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// order in which the fields of a kustomization are written.
var order = []string{
	"namespace", "namePrefix", "nameSuffix", "resources", "bases", "components", "crds", "generatorOptions",
	"configMapGenerator", "secretGenerator", "commonLabels", "labels", "commonAnnotations", "images", "replicas",
	"patchesStrategicMerge", "patches", "patchesJson6902", "replacements", "vars", "configurations", "generators",
	"transformers", "validators", "openapi", "buildMetadata", "sortOptions",
}

// kustomization is one in the making.
type kustomization struct {
	*generator
	dir         string
	isComponent bool
	fields      map[string]string
	// objects that it deploys, as far as they are written in files.
	objects []*object
	// names of bases are changed by these on the way here.
	prefix, suffix string
	// raw is what it has beside the fields.
	raw string
}

func (g *generator) kustomization(dir string) *kustomization {
	return &kustomization{generator: g, dir: dir, fields: map[string]string{}}
}

// set gives a field a value on its own line.
func (k *kustomization) set(field, value string) { k.fields[field] = field + ": " + value + "\n" }

// value is what set gave.
func (k *kustomization) value(field string) string {
	_, value, _ := strings.Cut(k.fields[field], ": ")
	return strings.Trim(value, "\"\n")
}

// called is how an object is named here: as it is written, or as the bases have renamed it.
func (k *kustomization) called(it *object) string {
	if k.IntN(4) > 0 || it.Kind == "Namespace" {
		return it.name()
	}
	return k.prefix + it.name() + k.suffix
}

// put gives a field a value of several lines, such as a map.
func (k *kustomization) put(field, value string) {
	k.fields[field] = field + ":\n" + indented(value, "  ")
}

// add appends an item to a list.
func (k *kustomization) add(field, item string) {
	if k.fields[field] == "" {
		k.fields[field] = field + ":\n"
	}
	lines := indented(strings.TrimRight(item, "\n"), "    ")
	k.fields[field] += "  - " + strings.TrimPrefix(lines, "    ")
}

func (k *kustomization) has(field string) bool { return k.fields[field] != "" }

// file writes a text beside the kustomization and returns the name to refer to it by.
func (k *kustomization) file(name, text string) string {
	stem, ending := strings.TrimSuffix(name, path.Ext(name)), path.Ext(name)
	for number := '2'; k.files[path.Join(k.dir, name)] != ""; number++ {
		name = stem + "-" + string(number) + ending
	}
	k.files[path.Join(k.dir, name)] = text
	return name
}

// to is the path from here to another folder.
func (k *kustomization) to(dir string) string {
	relative, err := filepath.Rel(path.Join("/", k.dir), path.Join("/", dir))
	if err != nil {
		panic(err)
	}
	return relative
}

// text of the fields, in the usual order.
func (k *kustomization) text() string { return k.inOrder(order) }

func (k *kustomization) inOrder(order []string) string {
	var text strings.Builder
	for _, field := range order {
		text.WriteString(k.fields[field])
	}
	return text.String() + k.raw
}

// finish writes the file with the instructions.
func (k *kustomization) finish() *kustomization {
	head := ""
	switch {
	case k.isComponent:
		head = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
	case k.IntN(3) > 0:
		head = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
	}
	fields := slices.Clone(order)
	if k.IntN(4) == 0 {
		k.Shuffle(len(fields), func(one, other int) { fields[one], fields[other] = fields[other], fields[one] })
	}
	name := "kustomization.yaml"
	switch k.IntN(12) {
	case 0:
		name = "kustomization.yml"
	case 1:
		name = "Kustomization"
	}
	k.files[path.Join(k.dir, name)] = head + k.inOrder(fields)
	return k
}

// indented puts a margin before each line that is not empty.
func indented(text, margin string) string {
	var made strings.Builder
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) != "" {
			made.WriteString(margin)
		}
		made.WriteString(line)
	}
	if !strings.HasSuffix(made.String(), "\n") {
		made.WriteString("\n")
	}
	return made.String()
}
