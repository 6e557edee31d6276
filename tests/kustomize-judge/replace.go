package main

import (
	"fmt"
	"strings"
)

// sources of replacements by the kind of the object that has them, with the fields.
var replacementSources = map[string][]string{
	"ConfigMap":  {"data.LOG_LEVEL", "data.WORKERS", "metadata.name", "data"},
	"Service":    {"metadata.name", "spec.ports.0.port", "spec.selector", "metadata.namespace", "spec.ports.[name=http].port"},
	"Deployment": {"spec.replicas", "spec.template.spec.containers.0.image", "metadata.labels", "spec.template.spec.containers.0", ""},
	"Secret":     {"metadata.name", "stringData.password"},
	"Kafka":      {"spec.kafka.version", "metadata.name", `metadata.annotations.[strimzi.io/kraft]`, `spec.kafka.config.min\.insync\.replicas`},
	"Cluster":    {"spec.instances", "metadata.name", "spec.storage.size"},
	"Rollout":    {"spec.replicas", "spec.template.spec.containers.0.image"},
	"StatefulSet": {
		"spec.serviceName", "spec.volumeClaimTemplates.0.spec.resources.requests.storage", "spec.template.spec.containers.[name={app}].image",
	},
}

// fields that a replacement may write, by kind.
var replacementTargets = map[string][]string{
	"Deployment": {
		"spec.replicas", "spec.template.spec.containers.[name={app}].image", "spec.template.spec.containers.*.image", "metadata.annotations.owner",
		"spec.template.spec.containers.0.env.[name=LOG_LEVEL].value", "spec.template.metadata.labels.app", `metadata.labels.[app.kubernetes.io/part-of]`,
		`metadata.labels.app\.kubernetes\.io/part-of`, "spec.template.spec.containers.[name=proxy].args.0", "metadata.name",
		"spec.template.spec.containers.1.image", "spec.template.spec.nodeSelector",
	},
	"StatefulSet":             {"spec.replicas", "spec.serviceName", "spec.template.spec.containers.0.image", "spec.volumeClaimTemplates.*.spec.resources.requests.storage"},
	"Rollout":                 {"spec.replicas", "spec.template.spec.containers.[name={app}].image", "metadata.labels.tier"},
	"Service":                 {"spec.ports.0.port", "spec.selector.app", "spec.ports.[name=http].targetPort", "metadata.annotations.owner"},
	"Ingress":                 {"spec.rules.0.host", "spec.rules.0.http.paths.0.backend.service.name", "spec.rules.*.http.paths.*.path"},
	"HorizontalPodAutoscaler": {"spec.scaleTargetRef.name", "spec.minReplicas", "spec.maxReplicas"},
	"PodDisruptionBudget":     {"spec.minAvailable", "spec.selector.matchLabels.app", "spec.selector.matchLabels"},
	"ConfigMap":               {"data.LOG_LEVEL", "data.NEW", "data"},
	"Kafka":                   {"spec.kafka.version", "spec.kafka.listeners.[type=internal].port", `spec.kafka.config.min\.insync\.replicas`},
	"KafkaNodePool":           {"spec.replicas", "metadata.labels.[strimzi.io/cluster]"},
	"Cluster":                 {"spec.instances", "spec.storage.size", "metadata.labels.source"},
	"ServiceMonitor":          {"spec.endpoints.0.interval", "spec.selector.matchLabels.app"},
	"ScaledObject":            {"spec.minReplicaCount", "spec.triggers.[type=kafka].metadata.topic"},
}

// within is an object of k that a table knows.
func within(k *kustomization, table map[string][]string) *object {
	return k.that(func(it *object) bool { return len(table[it.Kind]) > 0 })
}

// replacement draws a replacement, or nothing where no object fits.
func (k *kustomization) replacement() string {
	from, to := within(k, replacementSources), within(k, replacementTargets)
	if from == nil || to == nil {
		return ""
	}
	text := fmt.Sprintf("source:\n  kind: %s\n", from.Kind)
	if k.IntN(4) > 0 {
		text += "  name: " + k.called(from) + "\n"
	}
	if field := pick(k.generator, replacementSources[from.Kind]); field != "" {
		text += "  fieldPath: " + strings.ReplaceAll(field, "{app}", from.app) + "\n"
	}
	if k.IntN(6) == 0 {
		text += "  options:\n    delimiter: " + pick(k.generator, []string{`":"`, "/", "."}) + "\n"
		if k.IntN(2) == 0 {
			text += "    index: " + pick(k.generator, []string{"0", "1", "-1"}) + "\n"
		}
	}
	if k.IntN(12) == 0 {
		text = "sourceValue: " + pick(k.generator, []string{"fixed", `"8"`, "a:b"}) + "\n"
	}
	text += "targets:\n" + indented(k.replacementTarget(to), "  ")
	if other := within(k, replacementTargets); k.IntN(3) == 0 {
		text += indented(k.replacementTarget(other), "  ")
	}
	return text
}

func (k *kustomization) replacementTarget(to *object) string {
	text := "- select:\n    kind: " + to.Kind + "\n"
	switch k.IntN(4) {
	case 0:
		text += "    name: " + to.name()[:1] + ".*\n"
	case 1:
	default:
		text += "    name: " + k.called(to) + "\n"
	}
	if k.IntN(12) == 0 {
		text += "  reject:\n    - name: " + pick(k.generator, []string{"other", to.name()}) + "\n"
	}
	text += "  fieldPaths:\n    - " + strings.ReplaceAll(pick(k.generator, replacementTargets[to.Kind]), "{app}", to.app) + "\n"
	if k.IntN(8) == 0 {
		text += "    - metadata.annotations.source\n"
	}
	options := ""
	if k.IntN(2) == 0 {
		options += "    create: true\n"
	}
	if k.IntN(4) == 0 {
		options += "    delimiter: " + pick(k.generator, []string{`":"`, "/", ".", `"-"`}) + "\n"
		if k.IntN(2) == 0 {
			options += "    index: " + pick(k.generator, []string{"0", "1", "-1", "5"}) + "\n"
		}
	}
	if options != "" {
		text += "  options:\n" + options
	}
	return text
}

func (k *kustomization) replaced() {
	text := k.replacement()
	if text == "" {
		return
	}
	switch k.IntN(4) {
	case 0:
		k.add("replacements", "path: "+k.file("replacement.yaml", text))
	case 1:
		if other := k.replacement(); other != "" {
			list := "- " + strings.TrimPrefix(indented(text, "  "), "  ") + "- " + strings.TrimPrefix(indented(other, "  "), "  ")
			k.add("replacements", "path: "+k.file("replacements.yaml", list))
		}
	default:
		k.add("replacements", text)
	}
}

// variables are the older form of replacements.
func (k *kustomization) variables() {
	from := k.target("Service", "ConfigMap", "Deployment", "Secret", "Kafka", "Cluster")
	user := k.target("Deployment", "StatefulSet", "CronJob", "Ingress", "ConfigMap", "Job")
	if from == nil || user == nil {
		return
	}
	name := pick(k.generator, []string{"NAME", "HOST", "APP_NAME"})
	text := fmt.Sprintf("name: %s\nobjref:\n  kind: %s\n  name: %s\n  apiVersion: %s\n", name, from.Kind, k.called(from), from.APIVersion)
	switch {
	case from.Kind == "ConfigMap" && k.IntN(2) == 0:
		text += "fieldref:\n  fieldpath: data.LOG_LEVEL\n"
	case from.Kind == "Deployment" && k.IntN(2) == 0:
		text += "fieldref:\n  fieldpath: " + pick(k.generator, []string{"spec.replicas", "spec.template.spec.containers[0].image"}) + "\n"
	case k.IntN(2) == 0:
		text += "fieldref:\n  fieldpath: metadata.name\n"
	}
	k.add("vars", text)
	reference := pick(k.generator, []string{"$(" + name + ")", "http://$(" + name + "):80/", "$$(" + name + ") $(" + name + ")", "$(OTHER)-$(" + name + ")"})
	head := fmt.Sprintf("apiVersion: %s\nkind: %s\nmetadata:\n  name: %s\n", user.APIVersion, user.Kind, k.called(user))
	k.add("patches", k.patchText("use-variable.yaml", head+usage(user, reference)))
}

// usage is the part of a patch that writes a reference to a variable into an object.
func usage(user *object, reference string) string {
	within := func(container, margin string) string {
		text := "containers:\n  - name: %s\n    args: [\"--to=%s\"]\n    env:\n      - name: TARGET\n        value: %s\n"
		return indented(fmt.Sprintf(text, container, reference, reference), margin)
	}
	switch user.Kind {
	case "Job":
		return "spec:\n  template:\n    spec:\n" + within("migrate", "      ")
	case "CronJob":
		return "spec:\n  jobTemplate:\n    spec:\n      template:\n        spec:\n" + within("report", "          ")
	case "Ingress":
		return "spec:\n  rules:\n    - host: " + reference + ".example.com\n"
	case "ConfigMap":
		return "data:\n  TARGET: " + reference + "\n"
	}
	return "spec:\n  template:\n    spec:\n" + within(user.app, "      ")
}
