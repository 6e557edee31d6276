package main

import (
	"encoding/json"
	"fmt"

	apps "k8s.io/api/apps/v1"
	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	policy "k8s.io/api/policy/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
)

// nodes is how many pods a DaemonSet has.
const nodes = 3

// cluster holds what the controllers of an environment have made of its manifests: everything that is
// scaled is at its floor, every pod is ready, and Jobs have run.
type cluster struct {
	// prefix keeps the environments in one API server apart.
	prefix    string
	namespace string
	objects   []runtime.Object
	pods      int
	// running is whether Jobs have yet to end.
	running bool
	// floors that autoscalers set, by namespace, kind and name.
	floors map[string]int32
	// scales that resources outside apps have, by namespace, resource and name.
	scales map[string]scale
}

type scale struct {
	uid      types.UID
	replicas int32
}

// manifest is the part of every manifest that is read here.
type manifest struct {
	meta.TypeMeta   `json:",inline"`
	meta.ObjectMeta `json:"metadata"`
	Spec            struct {
		Replicas        *int32
		Instances       int32
		MinReplicas     *int32
		MinReplicaCount int32
		ScaleTargetRef  struct{ Kind, Name string }
		Template        core.PodTemplateSpec
		JobTemplate     batch.JobTemplateSpec
		TTL             *int32 `json:"ttlSecondsAfterFinished"`
	} `json:"spec"`
}

// build makes the objects of an environment.
func build(number int, of *environment, scales map[string]scale, running bool) (*cluster, error) {
	it := &cluster{
		prefix:    fmt.Sprintf("e%d-", number),
		namespace: of.Namespace,
		floors:    map[string]int32{},
		scales:    scales,
		running:   running,
	}
	manifests := make([]manifest, len(of.Objects))
	for at, object := range of.Objects {
		text, err := json.Marshal(object)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(text, &manifests[at]); err != nil {
			return nil, err
		}
		made := &manifests[at]
		if made.Namespace == "" {
			made.Namespace = of.Namespace
		}
		made.Namespace = it.prefix + made.Namespace
		made.UID = types.UID(fmt.Sprintf("%s%d", it.prefix, at))
		if made.Kind == "PodDisruptionBudget" {
			budget := &policy.PodDisruptionBudget{}
			if err := json.Unmarshal(text, budget); err != nil {
				return nil, err
			}
			budget.Namespace = made.Namespace
			it.objects = append(it.objects, budget)
		}
		it.readAutoscaler(made)
	}
	for at := range manifests {
		it.run(&manifests[at])
	}
	return it, nil
}

func key(namespace, kind, name string) string { return namespace + "/" + kind + "/" + name }

func (it *cluster) readAutoscaler(of *manifest) {
	floor := of.Spec.MinReplicaCount
	switch of.Kind {
	case "HorizontalPodAutoscaler":
		floor = 1
		if of.Spec.MinReplicas != nil {
			floor = *of.Spec.MinReplicas
		}
	case "ScaledObject":
	default:
		return
	}
	it.floors[key(of.Namespace, of.Spec.ScaleTargetRef.Kind, of.Spec.ScaleTargetRef.Name)] = floor
	if of.Kind == "ScaledObject" {
		it.floors[key(of.Namespace, "keda", of.Spec.ScaleTargetRef.Name)] = floor
	}
}

// replicas of a workload; an HPA leaves one alone that is switched off, KEDA does not.
func (it *cluster) replicas(of *manifest) int32 {
	written := int32(1)
	if of.Spec.Replicas != nil {
		written = *of.Spec.Replicas
	}
	floor, isScaled := it.floors[key(of.Namespace, of.Kind, of.Name)]
	_, isKeda := it.floors[key(of.Namespace, "keda", of.Name)]
	if !isScaled || (written == 0 && !isKeda) {
		return written
	}
	return floor
}

// run does what the controller of a kind does.
func (it *cluster) run(of *manifest) {
	replicas := it.replicas(of)
	labels := of.Spec.Template.Labels
	owned := of.ObjectMeta
	owned.Labels, owned.Annotations = nil, nil
	switch of.Kind {
	case "Deployment":
		it.objects = append(it.objects, &apps.Deployment{ObjectMeta: owned, Spec: apps.DeploymentSpec{Replicas: &replicas}})
		it.replicaSet(of, replicas, labels)
	case "Rollout":
		it.replicaSet(of, replicas, labels)
	case "ReplicaSet":
		it.objects = append(it.objects, &apps.ReplicaSet{ObjectMeta: owned, Spec: apps.ReplicaSetSpec{Replicas: &replicas}})
		it.makePods(of, of, replicas, labels, true)
	case "StatefulSet":
		it.objects = append(it.objects, &apps.StatefulSet{ObjectMeta: owned, Spec: apps.StatefulSetSpec{Replicas: &replicas}})
		it.makePods(of, of, replicas, labels, true)
	case "ReplicationController":
		spec := core.ReplicationControllerSpec{Replicas: &replicas}
		it.objects = append(it.objects, &core.ReplicationController{ObjectMeta: owned, Spec: spec})
		it.makePods(of, of, replicas, labels, true)
	case "DaemonSet":
		it.makePods(of, of, nodes, labels, true)
	case "Job":
		it.job(of, of.Spec.TTL, labels)
	case "CronJob":
		it.job(of, of.Spec.JobTemplate.Spec.TTLSecondsAfterFinished, of.Spec.JobTemplate.Spec.Template.Labels)
	case "Pod":
		it.makePods(of, nil, 1, of.Labels, true)
	case "Cluster":
		it.scales[key(of.Namespace, "clusters", of.Name)] = scale{of.UID, of.Spec.Instances}
		instance := func(role string) map[string]string {
			return map[string]string{
				"cnpg.io/cluster": of.Name, "cnpg.io/podRole": "instance", "cnpg.io/instanceRole": role, "role": role,
			}
		}
		it.makePods(of, of, 1, instance("primary"), true)
		it.makePods(of, of, of.Spec.Instances-1, instance("replica"), true)
	case "KafkaNodePool":
		set := &manifest{ObjectMeta: owned}
		set.APIVersion, set.Kind, set.UID = "core.strimzi.io/v1", "StrimziPodSet", of.UID+"-set"
		kafka := of.Labels["strimzi.io/cluster"]
		labels := map[string]string{
			"strimzi.io/cluster": kafka, "strimzi.io/kind": "Kafka", "strimzi.io/name": kafka + "-kafka",
			"strimzi.io/pool-name": of.Name, "strimzi.io/broker-role": "true", "strimzi.io/controller-role": "true",
		}
		it.makePods(set, set, replicas, labels, true)
	}
}

// replicaSet makes the ReplicaSet of a Deployment or Rollout with its pods.
func (it *cluster) replicaSet(of *manifest, replicas int32, labels map[string]string) {
	set := &manifest{}
	set.APIVersion, set.Kind = "apps/v1", "ReplicaSet"
	set.Namespace, set.Name, set.UID = of.Namespace, of.Name+"-7c5ddbdf54", of.UID+"-set"
	set.OwnerReferences = owner(of)
	spec := apps.ReplicaSetSpec{Replicas: &replicas}
	it.objects = append(it.objects, &apps.ReplicaSet{ObjectMeta: set.ObjectMeta, Spec: spec})
	it.makePods(set, set, replicas, labels, true)
}

// job makes the pod of a Job, which runs, or has run and stays unless it is removed afterwards.
func (it *cluster) job(of *manifest, ttl *int32, labels map[string]string) {
	if ttl != nil && !it.running {
		return
	}
	job := &manifest{ObjectMeta: meta.ObjectMeta{Namespace: of.Namespace, Name: of.Name, UID: of.UID + "-job"}}
	job.APIVersion, job.Kind = "batch/v1", "Job"
	it.makePods(job, job, 1, labels, it.running)
}

func owner(of *manifest) []meta.OwnerReference {
	if of == nil {
		return nil
	}
	yes := true
	return []meta.OwnerReference{{APIVersion: of.APIVersion, Kind: of.Kind, Name: of.Name, UID: of.UID, Controller: &yes}}
}

func (it *cluster) makePods(beside, of *manifest, number int32, labels map[string]string, isReady bool) {
	for range number {
		it.pods++
		pod := &core.Pod{ObjectMeta: meta.ObjectMeta{
			Namespace: beside.Namespace, Name: fmt.Sprintf("pod-%d", it.pods), Labels: labels, OwnerReferences: owner(of),
		}}
		pod.Status.Phase = core.PodSucceeded
		if isReady {
			pod.Status.Phase = core.PodRunning
			pod.Status.Conditions = []core.PodCondition{{Type: core.PodReady, Status: core.ConditionTrue}}
		}
		it.objects = append(it.objects, pod)
	}
}
