package main

import (
	"fmt"
	"strings"
)

// transformers that kustomize has built in, as files of their own or inline.
var transformers = []string{
	"kind: LabelTransformer\nmetadata:\n  name: labels\nlabels:\n  tier: backend\nfieldSpecs:\n  - path: metadata/labels\n    create: true\n",
	"kind: LabelTransformer\nmetadata:\n  name: labels\nlabels:\n  version: \"3\"\nfieldSpecs:\n  - path: metadata/labels\n    create: true\n  - path: spec/template/metadata/labels\n    create: true\n    kind: Deployment\n",
	"kind: AnnotationsTransformer\nmetadata:\n  name: annotations\nannotations:\n  owner: core\nfieldSpecs:\n  - path: metadata/annotations\n    create: true\n",
	"kind: PrefixTransformer\nmetadata:\n  name: prefix\nprefix: x-\nfieldSpecs:\n  - path: metadata/name\n",
	"kind: SuffixTransformer\nmetadata:\n  name: suffix\nsuffix: -x\nfieldSpecs:\n  - kind: Deployment\n    path: metadata/name\n  - kind: Service\n    path: metadata/name\n",
	"kind: NamespaceTransformer\nmetadata:\n  name: namespace\n  namespace: moved\nfieldSpecs:\n  - path: metadata/namespace\n    create: true\n",
	"kind: NamespaceTransformer\nmetadata:\n  name: namespace\n  namespace: moved\nunsetOnly: true\nsetRoleBindingSubjects: allServiceAccounts\nfieldSpecs:\n  - path: metadata/namespace\n    create: true\n",
	"kind: ImageTagTransformer\nmetadata:\n  name: image\nimageTag:\n  name: nginx\n  newTag: \"1.29\"\nfieldSpecs:\n  - path: spec/template/spec/containers[]/image\n",
	"kind: ReplicaCountTransformer\nmetadata:\n  name: replicas\nreplica:\n  name: {name}\n  count: 4\nfieldSpecs:\n  - path: spec/replicas\n    create: true\n    kind: {kind}\n",
	"kind: PatchTransformer\nmetadata:\n  name: patch\npatch: '[{\"op\": \"add\", \"path\": \"/metadata/annotations/by\", \"value\": \"patch\"}]'\ntarget:\n  kind: {kind}\n",
	"kind: PatchTransformer\nmetadata:\n  name: patch\npatch: |-\n  apiVersion: {version}\n  kind: {kind}\n  metadata:\n    name: {name}\n    labels:\n      patched: \"true\"\n",
	"kind: PatchJson6902Transformer\nmetadata:\n  name: patch\ntarget:\n  group: {group}\n  version: {v}\n  kind: {kind}\n  name: {name}\njsonOp: |-\n  - op: add\n    path: /metadata/annotations/by\n    value: ops\n",
	"kind: PatchStrategicMergeTransformer\nmetadata:\n  name: merge\npatches: |-\n  apiVersion: {version}\n  kind: {kind}\n  metadata:\n    name: {name}\n    annotations:\n      merged: \"true\"\n",
	"kind: ReplacementTransformer\nmetadata:\n  name: replacement\nreplacements:\n  - source:\n      kind: {kind}\n      name: {name}\n      fieldPath: metadata.name\n    targets:\n      - select:\n          kind: {kind}\n        fieldPaths: [metadata.annotations.self]\n        options: {create: true}\n",
}

// generators that kustomize has built in, as files of their own.
var generators = []string{
	"kind: ConfigMapGenerator\nmetadata:\n  name: from-file\nliterals:\n  - A=1\n",
	"kind: SecretGenerator\nmetadata:\n  name: made-secret\nliterals:\n  - key=value\noptions:\n  disableNameSuffixHash: true\n",
}

func (k *kustomization) transformers() {
	it := k.target()
	if it == nil {
		return
	}
	if k.IntN(8) == 0 {
		k.add("generators", k.file("generator.yaml", "apiVersion: builtin\n"+pick(k.generator, generators)))
		return
	}
	values := strings.NewReplacer("{name}", it.name(), "{kind}", it.Kind, "{version}", it.APIVersion, "{group}", it.group(), "{v}", it.version())
	text := "apiVersion: builtin\n" + values.Replace(pick(k.generator, transformers))
	if k.IntN(3) == 0 {
		k.add("transformers", "|-\n"+indented(text, "  "))
	} else {
		k.add("transformers", k.file("transformer.yaml", text))
	}
}

// configuration is a file of field specifications, with what makes a difference by it.
type configuration struct {
	text string
	uses func(k *kustomization)
}

var settings = []configuration{
	{"commonLabels:\n  - path: spec/inheritedMetadata/labels\n    kind: Cluster\n    create: true\n", (*kustomization).commonLabels},
	{"commonAnnotations:\n  - path: spec/template/metadata/annotations\n    kind: Rollout\n    create: true\n", (*kustomization).annotated},
	{"images:\n  - path: spec/imageName\n    kind: Cluster\n  - path: spec/kafka/image\n    kind: Kafka\n", (*kustomization).images},
	{"replicas:\n  - path: spec/replicas\n    kind: Rollout\n    create: true\n  - path: spec/instances\n    kind: Cluster\n", func(k *kustomization) {
		if it := k.target("Rollout", "Cluster"); it != nil {
			k.add("replicas", fmt.Sprintf("name: %s\ncount: %d", it.name(), 1+k.IntN(5)))
		}
	}},
	{"nameReference:\n  - kind: Kafka\n    group: kafka.strimzi.io\n    fieldSpecs:\n      - path: metadata/labels/strimzi.io\\/cluster\n        kind: KafkaNodePool\n", (*kustomization).affix},
	{"nameReference:\n  - kind: Deployment\n    fieldSpecs:\n      - path: spec/scaleTargetRef/name\n        kind: ScaledObject\n", (*kustomization).affix},
	{"nameReference:\n  - kind: ConfigMap\n    version: v1\n    fieldSpecs:\n      - path: spec/template/spec/containers/envFrom/configMapRef/name\n        kind: Rollout\n", (*kustomization).configMaps},
	{"namePrefix:\n  - path: metadata/name\n  - path: spec/serviceName\n    kind: StatefulSet\n", (*kustomization).affix},
	{"namespace:\n  - path: spec/namespace\n    kind: ServiceMonitor\n    create: true\n", (*kustomization).moved},
	{"templateLabels:\n  - path: spec/template/metadata/labels\n    kind: Rollout\n    create: true\n", (*kustomization).labelled},
	{"varReference:\n  - path: data/TARGET\n    kind: ConfigMap\n  - path: spec/rules/host\n    kind: Ingress\n", (*kustomization).variables},
}

func (k *kustomization) configurations() {
	it := pick(k.generator, settings)
	k.add("configurations", k.file("kustomizeconfig.yaml", it.text))
	it.uses(k)
}

// schema has merge keys for the containers of a Rollout, as the one that Argo publishes.
const schema = `{
  "definitions": {
    "io.argoproj.v1alpha1.Rollout": {
      "type": "object",
      "properties": {"spec": {"type": "object", "properties": {"template": {"type": "object", "properties": {"spec": {"type": "object", "properties": {
        "containers": {"type": "array", "x-kubernetes-patch-merge-key": "name", "x-kubernetes-patch-strategy": "merge", "items": {"type": "object", "properties": {
          "name": {"type": "string"},
          "env": {"type": "array", "x-kubernetes-patch-merge-key": "name", "x-kubernetes-patch-strategy": "merge", "items": {"type": "object"}}
        }}}
      }}}}}}},
      "x-kubernetes-group-version-kind": [{"group": "argoproj.io", "kind": "Rollout", "version": "v1alpha1"}]
    }
  }
}
`

func (k *kustomization) openAPI() {
	if k.IntN(3) == 0 {
		k.put("openapi", "version: v1.21.2")
	} else {
		k.put("openapi", "path: "+k.file("schema.json", schema))
	}
	k.strategicPatch()
}

// definitions tell kustomize of a reference in a custom resource.
const definitions = `{
  "github.com/example/v1.Kafka": {
    "Schema": {
      "properties": {
        "apiVersion": {"type": "string"},
        "kind": {"type": "string"},
        "spec": {"$ref": "github.com/example/v1.KafkaSpec"}
      }
    }
  },
  "github.com/example/v1.KafkaSpec": {
    "Schema": {
      "properties": {
        "secret": {"type": "string", "x-kubernetes-object-ref-api-version": "v1", "x-kubernetes-object-ref-kind": "Secret", "x-kubernetes-object-ref-name-key": "name"}
      }
    }
  }
}
`

func (k *kustomization) crds() { k.add("crds", k.file("crds.json", definitions)) }

// metadata has things that change no object a person wrote, or only its metadata.
func (k *kustomization) metadata() {
	switch k.IntN(6) {
	case 0:
		k.put("buildMetadata", "- "+pick(k.generator, []string{"managedByLabel", "originAnnotations", "transformerAnnotations"}))
	case 1:
		k.put("sortOptions", "order: "+pick(k.generator, []string{"fifo", "legacy"}))
	case 2:
		k.raw += "metadata:\n  name: kept\n  annotations:\n    config.kubernetes.io/local-config: \"true\"\n"
	case 3:
		// A file without objects is no mistake.
		k.add("resources", k.file("empty.yaml", "# nothing yet\n"))
	case 4:
		k.add("validators", k.file("validator.yaml", "apiVersion: builtin\nkind: LabelTransformer\nmetadata:\n  name: validator\n"))
	default:
		k.add("resources", k.file("tools.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: for-tools\n  annotations:\n    config.kubernetes.io/local-config: \"true\"\ndata: {a: b}\n"))
	}
}
