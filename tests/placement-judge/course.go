package main

import (
	old "math/rand"
	"math/rand/v2"
	"slices"

	core "k8s.io/api/core/v1"
)

// judge runs an environment so many times, each time perturbed, and writes what is seen into its workloads.
func judge(of *environment, seed uint64, runs int) error {
	for _, work := range of.Workloads {
		work.Seen = &seen{}
	}
	old.Seed(int64(seed))
	for run := range runs {
		for _, course := range []func(*cluster){drainFirst, rollAndLose} {
			cluster, err := newCluster(of, rand.New(rand.NewPCG(seed, uint64(run))))
			if err != nil {
				return err
			}
			course(cluster)
			cluster.stop()
		}
	}
	return nil
}

// drainFirst places, drains and rolls.
func drainFirst(it *cluster) {
	it.begin()
	it.drainAll(func(seen *seen) *ends { return &seen.FirstDrain })
	it.rollAll()
	it.drainAll(func(seen *seen) *ends { return &seen.Drain })
}

// rollAndLose places, rolls twice, goes to the ceiling and back, and loses a node and a zone, each of which comes
// back. At last it drains.
func rollAndLose(it *cluster) {
	it.begin()
	it.rollAll()
	it.rollAll()
	it.note(func(seen *seen) *peaks { return &seen.Rolled })
	it.scale()
	it.lose(func(seen *seen) *loss { return &seen.LostNode }, func(node *node) any { return node })
	it.lose(func(seen *seen) *loss { return &seen.LostZone }, func(node *node) any { return node.zone })
	it.drainAll(func(seen *seen) *ends { return &seen.Drain })
}

func (it *cluster) begin() {
	it.settle()
	for _, app := range it.apps {
		app.of.Seen.Placed = app.of.Seen.Placed.add(it.ready(app))
	}
	it.note(func(seen *seen) *peaks { return &seen.Fresh })
	it.noteCalm()
}

// note writes the most pods in one place.
func (it *cluster) note(into func(*seen) *peaks) {
	for _, app := range it.apps {
		at := into(app.of.Seen)
		at.Node = at.Node.add(it.most(app, onNode))
		at.Zone = at.Zone.add(it.most(app, inZone))
	}
}

// noteCalm writes what would answer if the fullest node or zone were lost now.
func (it *cluster) noteCalm() {
	if it.hasLost {
		return
	}
	for _, app := range it.apps {
		seen, ready := app.of.Seen, it.ready(app)
		seen.LoseNode = seen.LoseNode.add(ready - it.most(app, onNode))
		seen.LoseZone = seen.LoseZone.add(ready - it.most(app, inZone))
		seen.Later = seen.Later.add(ready)
	}
}

func onNode(node *node) any { return node }
func inZone(node *node) any { return node.zone }

// in counts the pods that answer from each place.
func (it *cluster) in(app *app, place func(*node) any) map[any]int {
	counts := map[any]int{}
	for _, pod := range it.pods {
		if pod.app == app && pod.isReady() {
			counts[place(pod.node)]++
		}
	}
	return counts
}

func (it *cluster) most(app *app, place func(*node) any) int {
	most := 0
	for _, count := range it.in(app, place) {
		most = max(most, count)
	}
	return most
}

// rollAll rolls all workloads out, one after the other.
func (it *cluster) rollAll() {
	for _, at := range it.Perm(len(it.apps)) {
		app := it.apps[at]
		app.fewest = it.ready(app)
		app.roll(it)
		it.settle()
		app.of.Seen.Roll.add(app, !app.isRolled(it))
	}
	it.noteCalm()
}

func (it *ends) add(of *app, isStuck bool) {
	it.Of++
	if isStuck {
		it.Stuck++
	}
	it.Ready = it.Ready.add(of.fewest)
}

// scale goes to the ceiling and back.
func (it *cluster) scale() {
	for _, app := range it.apps {
		if app.of.Ceiling == 0 {
			continue
		}
		app.replicas = app.of.Ceiling
		it.settle()
		app.replicas = app.of.Replicas
		it.settle()
	}
	it.noteCalm()
}

// lose takes the place that holds the most pods of some workload away, and brings it back.
func (it *cluster) lose(into func(*seen) *loss, place func(*node) any) {
	worst := it.apps[it.IntN(len(it.apps))]
	counts := it.in(worst, place)
	most := it.most(worst, place)
	lost := place(it.nodes[0])
	for _, at := range it.Perm(len(it.nodes)) {
		if counts[place(it.nodes[at])] == most {
			lost = place(it.nodes[at])
		}
	}
	hit := slices.Clone(it.apps)
	hit = slices.DeleteFunc(hit, func(app *app) bool { return it.in(app, place)[lost] < it.most(app, place) })
	it.hasLost = true
	for _, node := range it.nodes {
		if place(node) == lost {
			it.setLost(node, true)
		}
	}
	for _, app := range hit {
		at := into(app.of.Seen)
		at.AtOnce = at.AtOnce.add(it.ready(app))
	}
	for _, pod := range slices.Clone(it.pods) {
		if pod.node != nil && pod.node.isLost && !pod.isGoing {
			it.remove(pod)
		}
	}
	it.settle()
	for _, app := range hit {
		at := into(app.of.Seen)
		at.Replaced = at.Replaced.add(it.ready(app))
	}
	for _, node := range it.nodes {
		it.setLost(node, false)
	}
	it.settle()
}

// setLost taints a node as the node lifecycle controller does, or makes it ready again.
func (it *cluster) setLost(node *node, isLost bool) {
	node.isLost = isLost
	it.change(node, func(spec *core.NodeSpec) {
		spec.Taints = nil
		if isLost {
			for _, effect := range []core.TaintEffect{core.TaintEffectNoSchedule, core.TaintEffectNoExecute} {
				spec.Taints = append(spec.Taints, core.Taint{Key: core.TaintNodeUnreachable, Effect: effect})
			}
		}
	})
}

// drainAll drains every node in turn.
func (it *cluster) drainAll(into func(*seen) *ends) {
	stuck := map[*app]bool{}
	for _, app := range it.apps {
		app.fewest = it.ready(app)
	}
	for _, at := range it.Perm(len(it.nodes)) {
		node := it.nodes[at]
		it.cordon(node, true)
		it.settle()
		for {
			left := it.on(node)
			if len(left) == 0 {
				break
			}
			if !it.evict(left) {
				for _, pod := range left {
					stuck[pod.app] = true
				}
				break
			}
			it.settle()
		}
		it.cordon(node, false)
		it.settle()
		it.noteCalm()
	}
	for _, app := range it.apps {
		into(app.of.Seen).add(app, stuck[app])
	}
	it.note(func(seen *seen) *peaks { return &seen.Drained })
}

func (it *cluster) cordon(node *node, isCordoned bool) {
	it.change(node, func(spec *core.NodeSpec) {
		spec.Unschedulable, spec.Taints = isCordoned, nil
		if isCordoned {
			spec.Taints = []core.Taint{{Key: core.TaintNodeUnschedulable, Effect: core.TaintEffectNoSchedule}}
		}
	})
}

// on are the pods of a node that can be evicted, in any order.
func (it *cluster) on(node *node) []*pod {
	var found []*pod
	for _, pod := range it.pods {
		if pod.node == node && !pod.isGoing {
			found = append(found, pod)
		}
	}
	it.Shuffle(len(found), func(a, b int) { found[a], found[b] = found[b], found[a] })
	return found
}

// evict removes as many pods as the budgets allow, and says whether one could go.
func (it *cluster) evict(pods []*pod) bool {
	any := false
	for _, pod := range pods {
		budget := pod.app.of.Budget
		if budget != nil && it.ready(pod.app) <= budget.desired(pod.app.replicas) {
			continue
		}
		it.remove(pod)
		it.watch()
		any = true
	}
	return any
}
