package main

import "slices"

// sources are what a generated map is made of: literals, files, and lists of variables.
func (k *kustomization) sources(isSecret bool) string {
	literals := []string{
		"LOG_LEVEL=debug", "EMPTY=", `QUOTED="a b"`, "URL=http://db:5432/app?x=1&y=2", "COUNT=3", "ON=true", "'MOTTO=it''s fine'", "PADDED= x ",
	}
	if isSecret {
		literals = []string{"password=s3cret", "user=admin", "token=YWJj", "pin=0123"}
	}
	var text string
	if k.IntN(3) > 0 {
		text += "literals:\n  - " + pick(k.generator, literals) + "\n"
		if k.IntN(2) == 0 {
			text += "  - SECOND=2\n"
		}
	}
	if text != "" && k.IntN(4) > 0 {
		return text
	}
	if k.IntN(2) == 0 {
		// An editor may leave the last line without an end.
		name := k.file("app.properties", "port=8080\ncache=on"+pick(k.generator, []string{"\n", "\n", ""}))
		return text + "files:\n  - " + pick(k.generator, []string{"", "settings.properties="}) + name + "\n"
	}
	name := k.file("app.env", "# settings\nMODE=fast\n\nREGION=eu\nWORDS=\"x y\"\n"+pick(k.generator, []string{"", "  INDENTED=1\n", "FROM_SHELL_ONLY=\n"}))
	return text + pick(k.generator, []string{"envs:\n  - ", "env: "}) + name + "\n"
}

// options of a generated map.
func (k *kustomization) options() string {
	if k.IntN(4) > 0 {
		return ""
	}
	return "options:\n" + indented(pick(k.generator, []string{
		"disableNameSuffixHash: true", "labels:\n  generated: \"true\"", "annotations:\n  note: made\nimmutable: true", "immutable: true",
		"disableNameSuffixHash: true\nlabels:\n  app: shop",
	}), "  ")
}

// made adds a generated map. Objects that are there are changed, and references mean it otherwise.
func (k *kustomization) made(field, kind, ending string) {
	it := k.target()
	if it == nil {
		return
	}
	name := it.app + ending
	text := "name: " + name + "\n"
	isThere := func(there *object) bool { return there.Kind == kind && there.name() == name }
	switch {
	case !slices.ContainsFunc(k.objects, isThere):
		k.objects = append(k.objects, k.write(kind, it.app))
	case k.IntN(4) == 0:
		text = "name: other" + ending + "\n"
	default:
		text += "behavior: " + pick(k.generator, []string{"merge", "replace", "merge"}) + "\n"
	}
	if k.IntN(12) == 0 {
		text += "namespace: " + pick(k.generator, []string{"shop", "other"}) + "\n"
	}
	if kind == "Secret" && k.IntN(3) == 0 {
		text += "type: " + pick(k.generator, []string{"kubernetes.io/basic-auth", "Opaque"}) + "\n"
	}
	k.add(field, text+k.sources(kind == "Secret")+k.options())
}

func (k *kustomization) configMaps() { k.made("configMapGenerator", "ConfigMap", "-config") }

func (k *kustomization) secrets() { k.made("secretGenerator", "Secret", "-secret") }

func (k *kustomization) generatorOptions() {
	k.put("generatorOptions", pick(k.generator, []string{
		"disableNameSuffixHash: true", "labels:\n  made: \"by-kustomize\"", "annotations:\n  made: \"yes\"", "immutable: true",
	}))
	if !k.has("configMapGenerator") {
		k.configMaps()
	}
}
