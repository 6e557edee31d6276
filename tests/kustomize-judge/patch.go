package main

import (
	"fmt"
	"regexp"
	"strings"
)

// merge draws a strategic merge patch of an object.
func (k *kustomization) merge(it *object) string {
	var others, metadata []string
	for line := range strings.Lines(k.fill(pick(k.generator, it.merges), it.app)) {
		// The lines before the first key of the top level belong to metadata.
		if len(others) == 0 && strings.HasPrefix(line, " ") {
			metadata = append(metadata, line)
		} else {
			others = append(others, line)
		}
	}
	head := fmt.Sprintf("apiVersion: %s\nkind: %s\nmetadata:\n  name: %s\n", it.APIVersion, it.Kind, k.called(it))
	if it.Metadata.Namespace != "" {
		head += "  namespace: " + it.Metadata.Namespace + "\n"
	}
	return head + strings.Join(metadata, "") + strings.Join(others, "")
}

// patchText is the part of an item of `patches` that holds the patch.
func (k *kustomization) patchText(name, text string) string {
	if k.IntN(2) == 0 {
		return "path: " + k.file(name, text) + "\n"
	}
	return "patch: |-\n" + indented(text, "  ")
}

func canMerge(it *object) bool { return len(it.merges) > 0 }

func (k *kustomization) strategicPatch() {
	it := k.that(canMerge)
	if it == nil {
		return
	}
	text := k.merge(it)
	switch k.IntN(8) {
	case 0:
		// Several documents.
		if other := k.that(canMerge); other != nil {
			text += "---\n" + k.merge(other)
		}
		k.add("patches", k.patchText("patches.yaml", text))
	case 1, 2:
		k.add("patches", "target:\n"+indented(k.selector(it), "  ")+k.patchText(it.app+"-patch.yaml", text))
	case 3:
		// The name does not matter where there is a target.
		name := regexp.MustCompile(`\n  name: .*`)
		text = strings.Replace(text, name.FindString(text), "\n  name: "+pick(k.generator, []string{"any", "not-important"}), 1)
		k.add("patches", k.patchText("patch.yaml", text)+"target:\n"+indented(k.selector(it), "  "))
	default:
		k.add("patches", k.patchText(strings.ToLower(it.Kind)+"-patch.yaml", text))
	}
}

func canPatch(it *object) bool { return len(it.patches) > 0 }

func (k *kustomization) jsonPatch() {
	it := k.that(canPatch)
	if it == nil {
		return
	}
	text := k.fill(pick(k.generator, it.patches), it.app)
	if k.IntN(6) == 0 && !strings.HasPrefix(text, "[") {
		if other := k.fill(pick(k.generator, it.patches), it.app); !strings.HasPrefix(other, "[") {
			text += other
		}
	}
	target := "target:\n" + indented(k.selector(it), "  ")
	name := pick(k.generator, []string{"patch.yaml", "ops.yaml", "json-patch.yaml"})
	if strings.HasPrefix(text, "[") {
		name = "patch.json"
	}
	if k.IntN(2) == 0 {
		k.add("patches", target+k.patchText(name, text))
	} else {
		k.add("patches", k.patchText(name, text)+target)
	}
}

func (k *kustomization) oldStrategicPatch() {
	it := k.that(canMerge)
	if it == nil {
		return
	}
	text := k.merge(it)
	if k.IntN(3) == 0 {
		k.add("patchesStrategicMerge", "|-\n"+indented(text, "  "))
		return
	}
	k.add("patchesStrategicMerge", k.file(strings.ToLower(it.Kind)+"-merge.yaml", text))
}

func (k *kustomization) oldJSONPatch() {
	it := k.that(canPatch)
	if it == nil {
		return
	}
	target := fmt.Sprintf("target:\n  version: %s\n  kind: %s\n  name: %s\n", it.version(), it.Kind, k.called(it))
	if it.group() != "" {
		target = strings.Replace(target, "target:\n", "target:\n  group: "+it.group()+"\n", 1)
	}
	if it.Metadata.Namespace != "" {
		target += "  namespace: " + it.Metadata.Namespace + "\n"
	}
	k.add("patchesJson6902", target+k.patchText("ops.yaml", k.fill(pick(k.generator, it.patches), it.app)))
}

// patchOfMany changes all objects that a target selects.
func (k *kustomization) patchOfMany() {
	targets := []string{
		"kind: Deployment|StatefulSet|DaemonSet", "kind: Deployment", "labelSelector: app", "name: .*", "kind: .*Set", "kind: ConfigMap", "version: v1",
		"group: apps", "kind: Job\nname: ^no-such",
	}
	patches := []string{
		"- op: add\n  path: /metadata/annotations/policy\n  value: strict\n",
		"- op: add\n  path: /metadata/labels\n  value: {managed: \"true\"}\n",
		"- op: add\n  path: /metadata/annotations\n  value:\n    weight: \"5\"\n",
		"apiVersion: v1\nkind: Any\nmetadata:\n  name: any\n  labels:\n    cost-center: \"42\"\n",
		"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: any\nspec:\n  template:\n    spec:\n      priorityClassName: high\n",
		"- op: replace\n  path: /metadata/name\n  value: renamed\n",
		"- op: remove\n  path: /metadata/labels/app\n",
		"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: any\n  annotations:\n    revision: 7\n    beta: true\n",
	}
	text := k.patchText("all.yaml", pick(k.generator, patches)) + "target:\n" + indented(pick(k.generator, targets), "  ")
	if k.IntN(5) == 0 {
		text += "options:\n  " + pick(k.generator, []string{"allowNameChange: true", "allowKindChange: true"}) + "\n"
	}
	k.add("patches", text)
}

func (k *kustomization) deletingPatch() {
	it := k.target()
	if it == nil || len(k.objects) < 2 {
		return
	}
	text := fmt.Sprintf("apiVersion: %s\nkind: %s\nmetadata:\n  name: %s\n", it.APIVersion, it.Kind, k.called(it))
	if it.Metadata.Namespace != "" {
		text += "  namespace: " + it.Metadata.Namespace + "\n"
	}
	text = "$patch: delete\n" + text
	if k.IntN(3) == 0 {
		text = strings.TrimPrefix(text, "$patch: delete\n") + "$patch: delete\n"
	}
	k.add("patches", k.patchText("delete-"+strings.ToLower(it.Kind)+".yaml", text))
}
