package main

import (
	"fmt"
	"strings"
)

func (k *kustomization) affix() {
	if k.IntN(3) > 0 {
		k.set("namePrefix", pick(k.generator, []string{"prod-", "dev-", "eu-", "team-a-"}))
	} else {
		k.set("nameSuffix", pick(k.generator, []string{"-v2", "-blue", `"-1"`, "-prod"}))
	}
}

// moved puts everything into a namespace.
func (k *kustomization) moved() {
	k.set("namespace", pick(k.generator, []string{"shop", "payments", "team-a", "default"}))
}

var pairs = []string{
	"app: shop", "env: prod", `version: "2"`, "tier: backend", "app.kubernetes.io/part-of: shop", `enabled: "true"`,
	"team: core\nenv: prod", "app.kubernetes.io/managed-by: kustomize",
}

func (k *kustomization) labelled() {
	text := "pairs:\n" + indented(pick(k.generator, pairs), "  ")
	for _, it := range []string{"includeSelectors: true", "includeTemplates: true", "includeVolumeClaimTemplates: true"} {
		if k.IntN(4) == 0 {
			text += it + "\n"
		}
	}
	if k.IntN(4) == 0 {
		text += "fields:\n" + indented(pick(k.generator, labelFields), "  ")
	}
	k.add("labels", text)
}

var labelFields = []string{
	"- path: spec/template/metadata/labels\n  create: true\n",
	"- path: spec/selector/matchLabels\n  kind: Deployment\n  create: true\n",
	"- path: spec/volumeClaimTemplates[]/metadata/labels\n  group: apps\n  kind: StatefulSet\n  create: true\n",
	"- path: spec/selector\n  kind: Service\n  version: v1\n",
	"- path: spec/topologySpreadConstraints/labelSelector/matchLabels\n  create: false\n",
	"- path: spec/podMetadata/labels\n  kind: Kafka\n  create: true\n",
	"- path: spec/inheritedMetadata/labels\n  group: postgresql.cnpg.io\n  create: true\n- path: metadata/annotations\n  create: true\n",
}

func (k *kustomization) commonLabels() { k.put("commonLabels", pick(k.generator, pairs)) }

func (k *kustomization) annotated() {
	k.put("commonAnnotations", pick(k.generator, []string{
		"owner: sre@example.com", `revision: "7"`, "note: 'yes'", "a8r.io/runbook: https://example.com/runbook\na8r.io/owner: core",
		`checksum: "012345"`, "since: \"2024-01-01\"", `empty: ""`,
	}))
}

func (k *kustomization) images() {
	app := "nginx"
	if it := k.target(); it != nil {
		app = it.app
	}
	name := pick(k.generator, []string{
		"registry.example.com/" + app, "ghcr.io/acme/" + app, app, "nginx", "localhost:5000/" + app, "quay.io/acme/" + app, "envoyproxy/envoy",
	})
	item := "name: " + name + "\n"
	change := []string{
		"newTag: \"1.2.3\"", "newTag: v9", "newName: mirror.example.com/" + app, "newName: mirror/" + app + "\nnewTag: v3",
		"digest: sha256:abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789",
		"newName: other\ndigest: sha256:0000000000000000000000000000000000000000000000000000000000000000",
		"newTag: \"5\"\ndigest: sha256:1111111111111111111111111111111111111111111111111111111111111111", "tagSuffix: -alpine",
	}
	k.add("images", item+pick(k.generator, change))
}

func (k *kustomization) replicas() {
	if it := k.target("Deployment", "StatefulSet"); it != nil {
		k.add("replicas", fmt.Sprintf("name: %s\ncount: %d", k.called(it), k.IntN(6)))
	}
}

// selector is a target that an object fits, among others perhaps.
func (k *kustomization) selector(it *object) string {
	lines := []string{"kind: " + it.Kind}
	switch k.IntN(9) {
	case 0:
	case 1:
		lines = append(lines, "name: "+it.name()[:1]+".*")
	case 2:
		lines = append(lines, "name: ("+it.name()+"|other)")
	case 3:
		lines = []string{"group: " + it.group(), "version: " + it.version(), "kind: " + it.Kind, "name: " + k.called(it)}
		if it.group() == "" {
			lines = lines[1:]
		}
	case 4:
		lines = []string{"labelSelector: " + k.labelSelector(it)}
	case 5:
		lines = append(lines, "labelSelector: "+k.labelSelector(it))
	case 6:
		lines = append(lines, "annotationSelector: "+pick(k.generator, []string{"owner", "owner=sre", "revision=7"}))
	default:
		lines = append(lines, "name: "+k.called(it))
	}
	if it.Metadata.Namespace != "" && k.IntN(2) == 0 {
		lines = append(lines, "namespace: "+it.Metadata.Namespace)
	}
	return strings.Join(lines, "\n") + "\n"
}

func (k *kustomization) labelSelector(it *object) string {
	return pick(k.generator, []string{
		"app=" + it.app, "app.kubernetes.io/name=" + it.app, "app in (" + it.app + ",other)", "app!=other", `"!tier"`, "env=prod,app=" + it.app, "app notin (x)",
	})
}
