package main

import (
	"fmt"
	"path"
)

// refusals spoil a kustomization in ways that kustomize refuses.
var refusals = []func(k *kustomization){
	func(k *kustomization) { k.add("resources", "missing.yaml") },
	func(k *kustomization) { k.add("resources", "../missing") },
	func(k *kustomization) {
		// A file outside of the folder.
		if k.dir != "" {
			k.files["outside.yaml"] = k.write("ConfigMap", "outside").text
			k.add("resources", path.Join(k.to(""), "outside.yaml"))
		}
	},
	func(k *kustomization) { k.add("resources", ".") },
	func(k *kustomization) {
		// Two bases that lead to each other.
		one, other := k.kustomization("loop/a"), k.kustomization("loop/b")
		one.add("resources", "../b")
		other.add("resources", "../a")
		one.finish()
		other.finish()
		k.add("resources", k.to("loop/a"))
	},
	func(k *kustomization) {
		if it := k.target(); it != nil {
			k.add("resources", k.file("again.yaml", it.text))
		}
	},
	func(k *kustomization) {
		k.add("patches", "patch: |-\n  apiVersion: apps/v1\n  kind: Deployment\n  metadata:\n    name: nobody\n  spec:\n    replicas: 3\n")
	},
	func(k *kustomization) {
		k.add("patchesStrategicMerge", k.file("nobody.yaml", "apiVersion: v1\nkind: Service\nmetadata:\n  name: nobody\nspec:\n  type: NodePort\n"))
	},
	func(k *kustomization) {
		k.add("patchesJson6902", "target:\n  version: v1\n  kind: Service\n  name: nobody\npatch: |-\n  - op: add\n    path: /metadata/labels\n    value: {a: b}\n")
	},
	func(k *kustomization) { k.badOperation("- op: remove\n  path: /spec/no/such\n") },
	func(k *kustomization) { k.badOperation("- op: add\n  path: /metadata/missing/deep\n  value: 1\n") },
	func(k *kustomization) { k.badOperation("- op: replace\n  path: /none/deep\n  value: 1\n") },
	func(k *kustomization) { k.badOperation("- op: test\n  path: /metadata/name\n  value: somebody-else\n") },
	func(k *kustomization) { k.badOperation("- op: frob\n  path: /metadata/name\n  value: x\n") },
	func(k *kustomization) { k.badOperation("- op: add\n  path: metadata/annotations/a\n  value: x\n") },
	func(k *kustomization) {
		k.badOperation("- op: move\n  from: /spec/none\n  path: /metadata/annotations/a\n")
	},
	func(k *kustomization) { k.badOperation("- op: remove\n  path: /metadata/labels/none\n") },
	func(k *kustomization) { k.badOperation("op: remove\npath: /metadata/labels\n") },
	func(k *kustomization) { k.add("patches", "path: no-such-patch.yaml") },
	func(k *kustomization) { k.add("patches", "target:\n  kind: Deployment\n") },
	func(k *kustomization) {
		k.add("patches", "path: "+k.file("both.yaml", "- op: add\n  path: /metadata/labels\n  value: {}\n")+"\npatch: |-\n  - op: test\n    path: /kind\n    value: X\ntarget:\n  kind: Deployment\n")
	},
	func(k *kustomization) {
		k.add("patches", "patch: |-\n  - op: add\n    path: /metadata/annotations/a\n    value: b\n")
	},
	func(k *kustomization) { k.add("patches", "patch: 'just words'\ntarget:\n  kind: Deployment\n") },
	func(k *kustomization) {
		k.add("patches", "patch: |-\n  - op: add\n    path: /metadata/annotations/a\n    value: b\ntarget:\n  name: '(('\n")
	},
	func(k *kustomization) {
		k.add("patches", "patch: |-\n  - op: add\n    path: /metadata/annotations/a\n    value: b\ntarget:\n  labelSelector: 'a in b'\n")
	},
	func(k *kustomization) { k.add("replicas", "name: nobody\ncount: 2") },
	func(k *kustomization) {
		k.add("configMapGenerator", "name: nobody\nbehavior: merge\nliterals: [A=1]")
	},
	func(k *kustomization) {
		k.add("configMapGenerator", "name: twice\nliterals: [A=1]")
		k.add("configMapGenerator", "name: twice\nliterals: [A=2]")
	},
	func(k *kustomization) { k.add("configMapGenerator", "name: bad\nliterals: [NOEQUALS]") },
	func(k *kustomization) { k.add("configMapGenerator", "name: bad\nliterals: [A=1, A=2]") },
	func(k *kustomization) {
		k.add("configMapGenerator", "name: bad\nbehavior: create-or-merge\nliterals: [A=1]")
	},
	func(k *kustomization) { k.add("secretGenerator", "name: bad\nfiles: [missing.txt]") },
	func(k *kustomization) { k.add("secretGenerator", "literals: [A=1]") },
	func(k *kustomization) {
		k.add("replacements", "source:\n  kind: ConfigMap\n  name: nobody\n  fieldPath: data.A\ntargets:\n  - select: {kind: Deployment}\n    fieldPaths: [spec.replicas]\n")
	},
	func(k *kustomization) {
		if it := k.target(); it != nil {
			k.add("replacements", fmt.Sprintf("source:\n  kind: %s\n  name: %s\n  fieldPath: spec.none.such\ntargets:\n  - select: {kind: %s}\n    fieldPaths: [metadata.name]\n", it.Kind, it.name(), it.Kind))
		}
	},
	func(k *kustomization) {
		if it := k.target(); it != nil {
			k.add("replacements", fmt.Sprintf("source:\n  kind: %s\n  name: %s\ntargets:\n  - select: {kind: %s}\n    fieldPaths: [spec.none.such]\n", it.Kind, it.name(), it.Kind))
		}
	},
	func(k *kustomization) { k.raw += "patch:\n  - path: a.yaml\n" },
	func(k *kustomization) { k.raw += "namePreffix: prod-\n" },
	func(k *kustomization) { k.raw += "resources: [" },
	func(k *kustomization) { k.fields = map[string]string{} },
	func(k *kustomization) { k.raw = "kind: Kustomisation\n" },
	func(k *kustomization) { k.put("commonLabels", "version: 2") },
	func(k *kustomization) { k.put("commonAnnotations", "enabled: true") },
	func(k *kustomization) { k.add("labels", "pairs:\n  version: 1.5\n") },
	func(k *kustomization) { k.put("commonLabels", "app: 'not a label!'") },
	func(k *kustomization) { k.put("images", "name: nginx\nnewTag: v1") },
	func(k *kustomization) { k.add("images", "name: nginx\nnewTag: 1.5") },
	func(k *kustomization) { k.add("replicas", "name: api\ncount: \"two\"") },
	func(k *kustomization) { k.set("resources", "deployment.yaml") },
	func(k *kustomization) {
		k.add("resources", k.file("nameless.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  labels: {a: b}\n"))
	},
	func(k *kustomization) {
		k.add("resources", k.file("kindless.yaml", "apiVersion: v1\nmetadata:\n  name: a\n"))
	},
	func(k *kustomization) {
		k.add("resources", k.file("broken.yaml", "apiVersion: v1\n  kind: ConfigMap\n"))
	},
	func(k *kustomization) { k.add("resources", k.file("values.yaml", "replicas: 3\nimage: nginx\n")) },
	func(k *kustomization) {
		k.add("resources", k.file("template.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n"))
	},
	func(k *kustomization) {
		k.add("resources", k.file("twice.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: twice}\ndata:\n  A: one\n  A: two\n"))
	},
	func(k *kustomization) {
		k.files["plain/a.yaml"] = k.write("ConfigMap", "plain").text
		k.add("resources", k.to("plain"))
	},
	func(k *kustomization) {
		for _, name := range []string{"kustomization.yaml", "kustomization.yml"} {
			k.files["two/"+name] = "resources: [a.yaml]\n"
		}
		k.files["two/a.yaml"] = k.write("ConfigMap", "two").text
		k.add("resources", k.to("two"))
	},
	func(k *kustomization) {
		k.files["parts/kustomization.yaml"] = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnamePrefix: x-\n"
		k.add("resources", k.to("parts"))
	},
	func(k *kustomization) {
		k.files["whole/kustomization.yaml"] = "resources: [a.yaml]\n"
		k.files["whole/a.yaml"] = k.write("ConfigMap", "whole").text
		k.add("components", k.to("whole"))
	},
	func(k *kustomization) {
		k.files["file/kustomization.yaml"] = "resources: [a.yaml]\n"
		k.files["file/a.yaml"] = k.write("ConfigMap", "file").text
		k.add("resources", k.to("file")+"/kustomization.yaml")
	},
	func(k *kustomization) { k.add("transformers", "no-such-transformer.yaml") },
	func(k *kustomization) { k.add("configurations", "no-such-configuration.yaml") },
	func(k *kustomization) { k.put("openapi", "path: no-such-schema.json") },
	func(k *kustomization) { k.put("openapi", "version: v1.20.4") },
	func(k *kustomization) { k.set("nameSuffix", "-1") },
	func(k *kustomization) {
		// A base that lies above what uses it.
		inner := k.kustomization("nest/inner")
		inner.add("resources", "..")
		outer := k.kustomization("nest")
		outer.manifest("ConfigMap", "nest")
		inner.finish()
		outer.finish()
		k.add("resources", k.to("nest/inner"))
	},
	func(k *kustomization) {
		k.add("vars", "name: X\nobjref: {apiVersion: v1, kind: Service, name: nobody}\n")
	},
	func(k *kustomization) {
		if it := k.target(); it != nil {
			item := fmt.Sprintf("name: X\nobjref: {apiVersion: %s, kind: %s, name: %s}\n", it.APIVersion, it.Kind, it.name())
			k.add("vars", item)
			k.add("vars", item)
		}
	},
	func(k *kustomization) {
		k.put("commonLabels", "app: shop")
		k.add("labels", "pairs: {app: other}\nincludeSelectors: true\n")
	},
	func(k *kustomization) {
		k.add("resources", k.file("one.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: same, namespace: a}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: same, namespace: b}\n"))
		k.set("namespace", "c")
	},
}

// badOperation applies operations to an object that does not fit them.
func (k *kustomization) badOperation(operations string) {
	if it := k.target(); it != nil {
		k.add("patches", fmt.Sprintf("target:\n  kind: %s\n  name: %s\n", it.Kind, it.name())+k.patchText("bad.yaml", operations))
	}
}
