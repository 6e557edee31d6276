package main

import (
	"fmt"
	"math/rand/v2"
)

type object = map[string]any

// generator draws one environment.
type generator struct {
	*rand.Rand
	// namespaces that objects are written into; the empty one leaves it out.
	namespaces []string
	objects    []object
}

var (
	names   = []string{"api", "web", "jobs"}
	tiers   = []string{"front", "back"}
	kinds   = []string{"Deployment", "Deployment", "Deployment", "StatefulSet", "StatefulSet", "ReplicaSet", "ReplicationController", "DaemonSet", "Job", "CronJob", "Pod", "Rollout", "Cluster", "Kafka"}
	amounts = []string{"1%", "0%", "10%", "20%", "25%", "33%", "34%", "50%", "51%", "60%", "66%", "67%", "75%", "80%", "90%", "99%", "100%", "0050%"}
)

// generate draws an environment whose objects can be created on a cluster as they are.
func generate(random *rand.Rand) *environment {
	it := &generator{Rand: random}
	namespace := "default"
	switch random.IntN(4) {
	case 0:
		it.namespaces = []string{""}
	case 1:
		it.namespaces = []string{"shop", "pay"}
	case 2:
		it.namespaces = []string{"shop"}
	default:
		// Some leave it out, as those do who apply with -n.
		it.namespaces, namespace = []string{"shop", ""}, "shop"
	}
	for at := range 1 + random.IntN(4) {
		it.workload(fmt.Sprintf("w%d", at))
	}
	for at := range 1 + random.IntN(2) {
		it.budget(fmt.Sprintf("b%d", at))
	}
	return &environment{Namespace: namespace, Objects: it.objects}
}

func pick[T any](it *generator, from []T) T { return from[it.IntN(len(from))] }

// add completes an object and returns it.
func (it *generator) add(version, kind, name string, spec object) object {
	metadata := object{"name": name}
	if namespace := pick(it, it.namespaces); namespace != "" {
		metadata["namespace"] = namespace
	}
	made := object{"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec}
	it.objects = append(it.objects, made)
	return made
}

func (it *generator) labels() object {
	labels := object{"app": pick(it, names)}
	if it.IntN(2) == 0 {
		labels["tier"] = pick(it, tiers)
	}
	return labels
}

// replicas are mostly small, and left out at times.
func (it *generator) replicas(spec object) {
	switch it.IntN(12) {
	case 0:
	case 1:
		spec["replicas"] = 0
	case 2:
		spec["replicas"] = 5 + it.IntN(20)
	default:
		spec["replicas"] = 1 + it.IntN(4)
	}
}

func (it *generator) workload(name string) {
	template := object{"metadata": object{"labels": it.labels()}}
	switch kind := pick(it, kinds); kind {
	case "Deployment", "StatefulSet", "ReplicaSet", "Rollout":
		version := "apps/v1"
		if kind == "Rollout" {
			version = "argoproj.io/v1alpha1"
		}
		spec := object{"template": template}
		it.replicas(spec)
		made := it.add(version, kind, name, spec)
		it.autoscaler(made)
	case "ReplicationController":
		spec := object{"template": template}
		it.replicas(spec)
		it.add("v1", kind, name, spec)
	case "DaemonSet":
		it.add("apps/v1", kind, name, object{"template": template})
	case "Job":
		it.add("batch/v1", kind, name, it.job(template))
	case "CronJob":
		it.add("batch/v1", kind, name, object{"schedule": "@daily", "jobTemplate": object{"spec": it.job(template)}})
	case "Pod":
		made := it.add("v1", kind, name, object{})
		made["metadata"].(object)["labels"] = it.labels()
	case "Cluster":
		it.add("postgresql.cnpg.io/v1", kind, name, object{"instances": 1 + it.IntN(4), "enablePDB": it.IntN(2) == 0})
	case "Kafka":
		kafka := it.add("kafka.strimzi.io/v1", kind, name, object{"kafka": object{}})
		kafka["metadata"].(object)["annotations"] = object{"strimzi.io/node-pools": "enabled", "strimzi.io/kraft": "enabled"}
		spec := object{"replicas": 1 + it.IntN(4), "roles": []any{"broker", "controller"}, "storage": object{"type": "jbod"}}
		pool := it.add("kafka.strimzi.io/v1", "KafkaNodePool", name+"-pool", spec)
		pool["metadata"].(object)["labels"] = object{"strimzi.io/cluster": name}
		place(pool, kafka)
	}
}

// job is a Job's specification; one with a time to live is gone after it has run.
func (it *generator) job(template object) object {
	spec := object{"template": template}
	if it.IntN(2) == 0 {
		spec["ttlSecondsAfterFinished"] = 60
	}
	return spec
}

// autoscaler gives a workload an autoscaler at times.
func (it *generator) autoscaler(of object) {
	target := object{"apiVersion": of["apiVersion"], "kind": of["kind"], "name": of["metadata"].(object)["name"]}
	spec := object{"scaleTargetRef": target}
	var made object
	switch it.IntN(8) {
	case 0, 1:
		if it.IntN(4) > 0 {
			spec["minReplicas"] = 1 + it.IntN(4)
		}
		spec["maxReplicas"] = 10
		made = it.add("autoscaling/v2", "HorizontalPodAutoscaler", target["name"].(string), spec)
	case 2:
		spec["minReplicaCount"] = 1 + it.IntN(4)
		spec["triggers"] = []any{object{"type": "kafka"}}
		made = it.add("keda.sh/v1alpha1", "ScaledObject", target["name"].(string), spec)
	default:
		return
	}
	place(made, of)
}

// place puts one object into the namespace of another.
func place(one, beside object) {
	metadata := one["metadata"].(object)
	delete(metadata, "namespace")
	if namespace, ok := beside["metadata"].(object)["namespace"]; ok {
		metadata["namespace"] = namespace
	}
}

func (it *generator) budget(name string) {
	spec := object{}
	var amount any = it.IntN(5)
	if it.IntN(2) == 0 {
		amount = pick(it, amounts)
	}
	switch it.IntN(9) {
	case 0:
	case 1, 2, 3, 4:
		spec["minAvailable"] = amount
	default:
		spec["maxUnavailable"] = amount
	}
	// Mostly it stands beside a workload that it may mean.
	beside := pick(it, it.objects)
	if selector := it.selector(beside); selector != nil {
		spec["selector"] = selector
	}
	made := it.add("policy/v1", "PodDisruptionBudget", name, spec)
	if it.IntN(8) > 0 {
		place(made, beside)
	}
}

// selector is nil where the budget has none.
func (it *generator) selector(beside object) object {
	expression := func(key, operator string, values ...any) object {
		made := object{"key": key, "operator": operator}
		if len(values) > 0 {
			made["values"] = values
		}
		return made
	}
	app, tier := pick(it, names), pick(it, tiers)
	switch it.IntN(24) {
	case 0:
		return nil
	case 1:
		return object{}
	case 2:
		return object{"matchExpressions": []any{expression("app", "In", app, "web")}}
	case 3:
		return object{"matchExpressions": []any{expression("app", "NotIn", app)}}
	case 4:
		return object{"matchExpressions": []any{expression("tier", "Exists")}}
	case 5:
		return object{"matchExpressions": []any{expression("tier", "DoesNotExist"), expression("app", "Exists")}}
	case 6:
		return object{"matchLabels": object{"tier": tier}, "matchExpressions": []any{expression("app", "NotIn", app)}}
	case 7:
		return object{"matchLabels": object{"app": app, "tier": tier}}
	}
	// The pods of one of the workloads, whatever made them.
	name := beside["metadata"].(object)["name"].(string)
	switch beside["kind"] {
	case "Cluster":
		labels := object{"cnpg.io/cluster": name}
		if it.IntN(2) == 0 {
			labels["cnpg.io/instanceRole"] = "primary"
		}
		return object{"matchLabels": labels}
	case "Kafka":
		return object{"matchLabels": object{"strimzi.io/cluster": name, "strimzi.io/kind": "Kafka"}}
	}
	if labels := podLabels(beside); labels != nil {
		return object{"matchLabels": labels}
	}
	return object{"matchLabels": object{"app": app}}
}

// podLabels are the labels of a workload's pods, nil for other objects.
func podLabels(of object) object {
	metadata, _ := of["metadata"].(object)
	if of["kind"] == "Pod" {
		return metadata["labels"].(object)
	}
	spec, _ := of["spec"].(object)
	if jobTemplate, ok := spec["jobTemplate"].(object); ok {
		spec = jobTemplate["spec"].(object)
	}
	template, ok := spec["template"].(object)
	if !ok {
		return nil
	}
	return template["metadata"].(object)["labels"].(object)
}
