package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/tools/events"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/scheduler"
	"k8s.io/kubernetes/pkg/scheduler/backend/cache"
	"k8s.io/kubernetes/pkg/scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/profile"
)

const namespace = "default"

// client is there because the scheduler wants one; nobody asks it.
var client = fake.NewClientset()

// cluster is a scheduler with nodes, and the controllers with the pods that they have made.
type cluster struct {
	*rand.Rand
	context   context.Context
	stop      context.CancelFunc
	informers informers.SharedInformerFactory
	scheduler *scheduler.Scheduler
	framework framework.Framework
	snapshot  *cache.Snapshot
	nodes     []*node
	apps      []*app
	pods      []*pod
	made      int
	now       time.Time
	// hasLost is whether a node was lost, though it may be back.
	hasLost bool
}

type node struct {
	object *core.Node
	zone   int
	isLost bool
}

type pod struct {
	object *core.Pod
	app    *app
	// revision is that of its template, ordinal its place in a StatefulSet.
	revision string
	ordinal  int
	node     *node
	isGoing  bool
	// starts is for how many more looks of the controllers it is not ready once it is placed.
	starts int
	// lingers is for how many more looks of the controllers it stays once it is deleted.
	lingers int
}

// newCluster makes nodes that other pods use unequally, in any order.
func newCluster(of *environment, random *rand.Rand) (*cluster, error) {
	ctx, stop := context.WithCancel(context.Background())
	it := &cluster{Rand: random, context: ctx, stop: stop, now: time.Unix(1_800_000_000, 0)}
	it.informers = informers.NewSharedInformerFactory(client, 0)
	recorders := profile.NewRecorderFactory(events.NewBroadcaster(&events.EventSinkImpl{Interface: client.EventsV1()}))
	var err error
	it.scheduler, err = scheduler.New(ctx, client, it.informers, nil, recorders, scheduler.WithParallelism(1))
	if err != nil {
		return nil, err
	}
	it.framework = it.scheduler.Profiles[core.DefaultSchedulerName]
	snapshot, isOne := it.framework.SnapshotSharedLister().(*cache.Snapshot)
	if !isOne {
		return nil, errors.New("the scheduler's snapshot is of another type")
	}
	it.snapshot = snapshot
	it.addNodes(of.Sizes)
	for at, work := range of.Workloads {
		it.apps = append(it.apps, newApp(it, fmt.Sprintf("app-%d", at), work))
	}
	return it, nil
}

// addNodes adds them zone by zone in turn, or shuffled.
func (it *cluster) addNodes(sizes []int) {
	left := slices.Clone(sizes)
	for added := true; added; {
		added = false
		for zone := range left {
			if left[zone] == 0 {
				continue
			}
			left[zone]--
			added = true
			name := fmt.Sprintf("n%d", len(it.nodes))
			it.nodes = append(it.nodes, &node{object: newNode(name, zone), zone: zone})
		}
	}
	order := slices.Clone(it.nodes)
	it.Shuffle(len(order), func(a, b int) { order[a], order[b] = order[b], order[a] })
	for _, node := range order {
		it.scheduler.Cache.AddNode(klog.Background(), node.object)
		load := newPod("load-"+node.object.Name, nil, fmt.Sprintf("%dm", it.IntN(5900)), fmt.Sprintf("%dMi", it.IntN(23<<10)))
		load.Spec.NodeName = node.object.Name
		it.must(it.scheduler.Cache.AddPod(klog.Background(), load))
	}
}

func newNode(name string, zone int) *core.Node {
	room := core.ResourceList{
		core.ResourceCPU: resource.MustParse("8"), core.ResourceMemory: resource.MustParse("32Gi"),
		core.ResourcePods: resource.MustParse("110"),
	}
	labels := map[string]string{hostname: name, zoneKey: fmt.Sprintf("z%d", zone)}
	return &core.Node{
		ObjectMeta: meta.ObjectMeta{Name: name, Labels: labels},
		Status:     core.NodeStatus{Capacity: room, Allocatable: room},
	}
}

func (it *cluster) must(err error) {
	if err != nil {
		panic(err)
	}
}

// change replaces a node.
func (it *cluster) change(node *node, how func(*core.NodeSpec)) {
	next := node.object.DeepCopy()
	how(&next.Spec)
	it.scheduler.Cache.UpdateNode(klog.Background(), node.object, next)
	node.object = next
}

// place asks the scheduler for a node, and binds the pod to it.
func (it *cluster) place(pod *pod) bool {
	it.must(it.scheduler.Cache.UpdateSnapshot(klog.Background(), it.snapshot))
	info, err := framework.NewPodInfo(pod.object)
	it.must(err)
	queued := &framework.QueuedPodInfo{PodInfo: info}
	found, err := it.scheduler.SchedulePod(it.context, it.framework, framework.NewCycleState(), queued)
	var unfit *framework.FitError
	if errors.As(err, &unfit) {
		return false
	}
	it.must(err)
	at := slices.IndexFunc(it.nodes, func(node *node) bool { return node.object.Name == found.SuggestedHost })
	pod.node = it.nodes[at]
	pod.object = pod.object.DeepCopy()
	pod.object.Spec.NodeName = found.SuggestedHost
	pod.object.Status.Phase = core.PodRunning
	pod.starts = 1 + it.IntN(2)
	it.must(it.scheduler.Cache.AddPod(klog.Background(), pod.object))
	return true
}

// start makes pods ready that were placed before.
func (it *cluster) start() bool {
	any := false
	for _, pod := range it.pods {
		if pod.starts == 0 {
			continue
		}
		any = true
		if pod.starts--; pod.starts > 0 {
			continue
		}
		next := pod.object.DeepCopy()
		ready := core.PodCondition{Type: core.PodReady, Status: core.ConditionTrue, LastTransitionTime: meta.NewTime(it.now)}
		next.Status.Conditions = []core.PodCondition{ready}
		it.must(it.scheduler.Cache.UpdatePod(klog.Background(), pod.object, next))
		pod.object = next
	}
	return any
}

// placeWaiting tries all pods that wait, in any order, as long as that helps.
func (it *cluster) placeWaiting() bool {
	any := false
	for placed := true; placed; {
		placed = false
		var waiting []*pod
		for _, pod := range it.pods {
			if pod.node == nil && !pod.isGoing {
				waiting = append(waiting, pod)
			}
		}
		it.Shuffle(len(waiting), func(a, b int) { waiting[a], waiting[b] = waiting[b], waiting[a] })
		for _, pod := range waiting {
			if it.place(pod) {
				placed, any = true, true
			}
		}
	}
	return any
}

// remove gives a pod a deletion timestamp; it stays for a while, and on a lost node until that is back.
func (it *cluster) remove(pod *pod) {
	if pod.node == nil {
		it.forget(pod)
		return
	}
	pod.isGoing, pod.lingers = true, it.IntN(2)
	next := pod.object.DeepCopy()
	now := meta.NewTime(it.now)
	next.DeletionTimestamp = &now
	it.must(it.scheduler.Cache.UpdatePod(klog.Background(), pod.object, next))
	pod.object = next
	if pod.lingers == 0 && !pod.node.isLost {
		it.forget(pod)
	}
}

func (it *cluster) forget(pod *pod) {
	if pod.node != nil {
		it.must(it.scheduler.Cache.RemovePod(klog.Background(), pod.object))
	}
	at := slices.Index(it.pods, pod)
	it.pods = slices.Delete(it.pods, at, at+1)
}

// reap lets pods go that were deleted.
func (it *cluster) reap() bool {
	any := false
	for _, pod := range slices.Clone(it.pods) {
		if !pod.isGoing || pod.node.isLost {
			continue
		}
		any = true
		if pod.lingers--; pod.lingers < 0 {
			it.forget(pod)
		}
	}
	return any
}

// settle lets controllers and the scheduler work until nothing changes.
func (it *cluster) settle() {
	for range 1000 {
		it.now = it.now.Add(time.Second)
		changed := false
		for _, at := range it.Perm(len(it.apps)) {
			changed = it.apps[at].reconcile(it) || changed
		}
		it.watch()
		changed = it.start() || changed
		changed = it.placeWaiting() || changed
		changed = it.reap() || changed
		it.watch()
		if !changed {
			return
		}
	}
	panic("the controllers do not come to rest")
}

// watch notes the fewest ready pods.
func (it *cluster) watch() {
	for _, app := range it.apps {
		app.fewest = min(app.fewest, it.ready(app))
	}
}

// isReady is whether a pod answers.
func (it *pod) isReady() bool {
	return it.node != nil && it.starts == 0 && !it.isGoing && !it.node.isLost
}

func (it *cluster) ready(of *app) int {
	number := 0
	for _, pod := range it.pods {
		if pod.app == of && pod.isReady() {
			number++
		}
	}
	return number
}
