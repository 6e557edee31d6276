package main

import (
	"fmt"
	"slices"
	"sort"

	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/kubernetes/pkg/controller"
)

// app is a workload with its controller.
type app struct {
	of   *workload
	name string
	// replicas that are wanted now.
	replicas  int
	revisions int
	// sets are the ReplicaSets, the newest last; a StatefulSet is a single one.
	sets   []*set
	fewest int
}

// set is a ReplicaSet: how many pods of a revision are wanted.
type set struct {
	revision string
	want     int
}

func newApp(in *cluster, name string, of *workload) *app {
	it := &app{of: of, name: name, replicas: of.Replicas}
	service := &core.Service{ObjectMeta: meta.ObjectMeta{Namespace: namespace, Name: name}}
	service.Spec.Selector = it.selector()
	in.must(in.informers.Core().V1().Services().Informer().GetIndexer().Add(service))
	if it.isStateful() {
		object := &apps.StatefulSet{ObjectMeta: meta.ObjectMeta{Namespace: namespace, Name: name}}
		object.Spec.Selector = &meta.LabelSelector{MatchLabels: it.selector()}
		in.must(in.informers.Apps().V1().StatefulSets().Informer().GetIndexer().Add(object))
	}
	it.roll(in)
	return it
}

func (it *app) isStateful() bool            { return it.of.Kind == "StatefulSet" }
func (it *app) selector() map[string]string { return map[string]string{"app": it.name} }
func (it *app) newest() *set                { return it.sets[len(it.sets)-1] }

// revisionKey is the label by which pods of one revision are known.
func (it *app) revisionKey() string {
	if it.isStateful() {
		return apps.ControllerRevisionHashLabelKey
	}
	return apps.DefaultDeploymentUniqueLabelKey
}

// roll changes the template.
func (it *app) roll(in *cluster) {
	it.revisions++
	next := &set{revision: fmt.Sprintf("r%d", it.revisions)}
	if it.isStateful() {
		it.sets = nil
	} else {
		labels := it.selector()
		labels[it.revisionKey()] = next.revision
		object := &apps.ReplicaSet{ObjectMeta: meta.ObjectMeta{Namespace: namespace, Name: it.name + "-" + next.revision}}
		object.Spec.Selector = &meta.LabelSelector{MatchLabels: labels}
		in.must(in.informers.Apps().V1().ReplicaSets().Informer().GetIndexer().Add(object))
	}
	it.sets = append(it.sets, next)
}

// pods are those that are not being deleted, of one revision or of all.
func (it *app) pods(in *cluster, revision string) []*pod {
	var found []*pod
	for _, pod := range in.pods {
		if pod.app == it && !pod.isGoing && (revision == "" || pod.revision == revision) {
			found = append(found, pod)
		}
	}
	return found
}

// available are the ready pods of a set.
func (it *app) available(in *cluster, of *set) int {
	number := 0
	for _, pod := range it.pods(in, of.revision) {
		if pod.isReady() {
			number++
		}
	}
	return number
}

// isRolled is whether all pods are of the newest template, and ready.
func (it *app) isRolled(in *cluster) bool {
	return len(it.pods(in, "")) == it.replicas && it.available(in, it.newest()) == it.replicas
}

// reconcile does what the controllers do at one look; it says whether something changed.
func (it *app) reconcile(in *cluster) bool {
	if it.isStateful() {
		return it.reconcileStateful(in)
	}
	changed := it.scaleSets(in)
	for _, set := range it.sets {
		changed = it.reconcileSet(in, set) || changed
	}
	return changed
}

// scaleSets is the Deployment controller: it scales the newest set up and the older ones down.
func (it *app) scaleSets(in *cluster) bool {
	newest, older := it.newest(), it.sets[:len(it.sets)-1]
	older = slices.DeleteFunc(slices.Clone(older), func(set *set) bool { return set.want == 0 })
	if len(older) == 0 {
		changed := newest.want != it.replicas
		newest.want = it.replicas
		return changed
	}
	total := newest.want
	for _, set := range older {
		total += set.want
	}
	if more := min(it.replicas+it.of.Surge-total, it.replicas-newest.want); more > 0 {
		newest.want += more
		return true
	}
	least := it.replicas - it.of.Unavailable
	ready := it.available(in, newest)
	down := total - least - (newest.want - ready)
	changed := false
	for _, set := range older {
		healthy := it.available(in, set)
		ready += healthy
		// Those that are not ready go first.
		less := min(max(down, 0), set.want-healthy)
		set.want, down, changed = set.want-less, down-less, changed || less > 0
	}
	if down > 0 {
		for _, set := range older {
			less := min(max(ready-least, 0), set.want)
			set.want, ready, changed = set.want-less, ready-less, changed || less > 0
		}
	}
	return changed
}

// reconcileSet is the ReplicaSet controller.
func (it *app) reconcileSet(in *cluster, set *set) bool {
	pods := it.pods(in, set.revision)
	for range set.want - len(pods) {
		in.create(it, set.revision, 0)
	}
	if len(pods) > set.want {
		for _, pod := range it.ranked(in, pods)[:len(pods)-set.want] {
			in.remove(pod)
		}
	}
	return len(pods) != set.want
}

// ranked sorts pods as the ReplicaSet controller does: those that are deleted first come first.
func (it *app) ranked(in *cluster, pods []*pod) []*pod {
	in.Shuffle(len(pods), func(a, b int) { pods[a], pods[b] = pods[b], pods[a] })
	on := map[*node]int{}
	for _, pod := range it.pods(in, "") {
		on[pod.node]++
	}
	sorted := controller.ActivePodsWithRanks{Now: meta.NewTime(in.now)}
	of := map[*core.Pod]*pod{}
	for _, pod := range pods {
		sorted.Pods = append(sorted.Pods, pod.object)
		sorted.Rank = append(sorted.Rank, on[pod.node])
		of[pod.object] = pod
	}
	sort.Sort(sorted)
	for at, object := range sorted.Pods {
		pods[at] = of[object]
	}
	return pods
}

// reconcileStateful is the StatefulSet controller: one pod after the other, each ready before the next.
func (it *app) reconcileStateful(in *cluster) bool {
	by := map[int]*pod{}
	highest := -1
	for _, pod := range in.pods {
		if pod.app == it {
			by[pod.ordinal] = pod
			highest = max(highest, pod.ordinal)
		}
	}
	for ordinal := range it.replicas {
		switch pod := by[ordinal]; {
		case pod == nil:
			in.create(it, it.newest().revision, ordinal)
			return true
		case !pod.isReady():
			return false
		}
	}
	last := by[highest]
	if highest >= it.replicas {
		if last.isGoing {
			return false
		}
		in.remove(last)
		return true
	}
	for ordinal := it.replicas - 1; ordinal >= 0; ordinal-- {
		if by[ordinal].revision != it.newest().revision {
			in.remove(by[ordinal])
			return true
		}
	}
	return false
}

// create makes a pod as its controller and the API server do.
func (it *cluster) create(of *app, revision string, ordinal int) {
	it.made++
	labels := of.selector()
	labels["part-of"] = "all"
	labels[of.revisionKey()] = revision
	cpu := of.of.CPU
	if cpu == "" {
		cpu = "50m"
	}
	object := newPod(fmt.Sprintf("%s-%d", of.name, it.made), labels, cpu, "128Mi")
	object.UID = types.UID(fmt.Sprintf("%016x-%d", it.Uint64(), it.made))
	object.CreationTimestamp = meta.NewTime(it.now)
	yes := true
	owner := meta.OwnerReference{APIVersion: "apps/v1", Kind: "ReplicaSet", Name: of.name + "-" + revision, Controller: &yes}
	if of.isStateful() {
		owner.Kind, owner.Name = "StatefulSet", of.name
	}
	object.OwnerReferences = []meta.OwnerReference{owner}
	for _, it := range of.of.Constraints {
		it.apply(of, object)
	}
	it.pods = append(it.pods, &pod{object: object, app: of, revision: revision, ordinal: ordinal})
}

func newPod(name string, labels map[string]string, cpu, memory string) *core.Pod {
	requests := core.ResourceList{core.ResourceCPU: resource.MustParse(cpu), core.ResourceMemory: resource.MustParse(memory)}
	tolerated := int64(300)
	toleration := core.Toleration{
		Key: core.TaintNodeUnreachable, Operator: core.TolerationOpExists, Effect: core.TaintEffectNoExecute, TolerationSeconds: &tolerated,
	}
	return &core.Pod{
		ObjectMeta: meta.ObjectMeta{Namespace: namespace, Name: name, UID: types.UID(name), Labels: labels},
		Spec: core.PodSpec{
			SchedulerName: core.DefaultSchedulerName,
			Tolerations:   []core.Toleration{toleration},
			Containers:    []core.Container{{Name: "main", Resources: core.ResourceRequirements{Requests: requests}}},
		},
		Status: core.PodStatus{Phase: core.PodPending},
	}
}

// apply writes the constraint into a pod, with matchLabelKeys as the API server merges them into the selector.
func (it *constraint) apply(of *app, to *core.Pod) {
	selector := &meta.LabelSelector{MatchLabels: of.selector()}
	if it.Shared {
		selector.MatchLabels = map[string]string{"part-of": "all"}
	}
	for _, key := range it.MatchLabelKeys {
		if value, has := to.Labels[key]; has {
			only := meta.LabelSelectorRequirement{Key: key, Operator: meta.LabelSelectorOpIn, Values: []string{value}}
			selector.MatchExpressions = append(selector.MatchExpressions, only)
		}
	}
	if it.Form == "required" || it.Form == "preferred" {
		it.keepApart(to, core.PodAffinityTerm{LabelSelector: selector, TopologyKey: it.Key, MatchLabelKeys: it.MatchLabelKeys})
		return
	}
	spread := core.TopologySpreadConstraint{
		MaxSkew: it.MaxSkew, TopologyKey: it.Key, WhenUnsatisfiable: core.UnsatisfiableConstraintAction(it.Form),
		LabelSelector: selector, MatchLabelKeys: it.MatchLabelKeys,
	}
	if it.MinDomains > 0 {
		spread.MinDomains = &it.MinDomains
	}
	if it.NodeTaintsPolicy != "" {
		policy := core.NodeInclusionPolicy(it.NodeTaintsPolicy)
		spread.NodeTaintsPolicy = &policy
	}
	to.Spec.TopologySpreadConstraints = append(to.Spec.TopologySpreadConstraints, spread)
}

func (it *constraint) keepApart(to *core.Pod, term core.PodAffinityTerm) {
	if to.Spec.Affinity == nil {
		to.Spec.Affinity = &core.Affinity{PodAntiAffinity: &core.PodAntiAffinity{}}
	}
	apart := to.Spec.Affinity.PodAntiAffinity
	if it.Form == "required" {
		apart.RequiredDuringSchedulingIgnoredDuringExecution = append(apart.RequiredDuringSchedulingIgnoredDuringExecution, term)
		return
	}
	weighted := core.WeightedPodAffinityTerm{Weight: 100, PodAffinityTerm: term}
	apart.PreferredDuringSchedulingIgnoredDuringExecution = append(apart.PreferredDuringSchedulingIgnoredDuringExecution, weighted)
}
