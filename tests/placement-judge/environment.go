package main

import "k8s.io/apimachinery/pkg/util/intstr"

const (
	hostname = "kubernetes.io/hostname"
	zoneKey  = "topology.kubernetes.io/zone"
)

// environment is a cluster and what is placed on it.
type environment struct {
	Name string `json:"name"`
	// Sizes are the numbers of nodes of the zones.
	Sizes     []int       `json:"sizes"`
	Workloads []*workload `json:"workloads"`
}

// workload is a Deployment or a StatefulSet.
type workload struct {
	Kind     string `json:"kind"`
	Replicas int    `json:"replicas"`
	// Ceiling is the most that an autoscaler makes of them; 0 where there is none.
	Ceiling     int          `json:"ceiling,omitempty"`
	CPU         string       `json:"cpu,omitempty"`
	Constraints []constraint `json:"constraints,omitempty"`
	Budget      *budget      `json:"budget,omitempty"`
	Surge       int          `json:"maxSurge"`
	Unavailable int          `json:"maxUnavailable"`
	// Seen is the answer.
	Seen *seen `json:"seen,omitempty"`
}

// constraint is required or preferred anti-affinity, or a topologySpreadConstraint by its whenUnsatisfiable.
type constraint struct {
	Form             string   `json:"form"`
	Key              string   `json:"key"`
	MaxSkew          int32    `json:"maxSkew,omitempty"`
	MinDomains       int32    `json:"minDomains,omitempty"`
	NodeTaintsPolicy string   `json:"nodeTaintsPolicy,omitempty"`
	MatchLabelKeys   []string `json:"matchLabelKeys,omitempty"`
	// Shared is whether it selects the pods of all workloads.
	Shared bool `json:"shared,omitempty"`
}

// budget is a PodDisruptionBudget.
type budget struct {
	MinAvailable   *intstr.IntOrString `json:"minAvailable,omitempty"`
	MaxUnavailable *intstr.IntOrString `json:"maxUnavailable,omitempty"`
}

// desired is how many of so many pods have to be healthy. tests/disruption-judge asks the controller itself.
func (it *budget) desired(pods int) int {
	switch {
	case it.MaxUnavailable != nil:
		return max(0, pods-amount(it.MaxUnavailable, pods))
	case it.MinAvailable != nil:
		return amount(it.MinAvailable, pods)
	}
	return 0
}

func amount(of *intstr.IntOrString, pods int) int {
	number, err := intstr.GetScaledValueFromIntOrPercent(of, pods, true)
	if err != nil {
		panic(err)
	}
	return number
}

// span is the least and the most of a number over all runs.
type span [2]int

// add widens a span, or makes the first one.
func (it *span) add(number int) *span {
	if it == nil {
		return &span{number, number}
	}
	return &span{min(it[0], number), max(it[1], number)}
}

// peaks are the most pods on one node and in one zone.
type peaks struct {
	Node *span `json:"node,omitempty"`
	Zone *span `json:"zone,omitempty"`
}

// loss is how many pods answer.
type loss struct {
	AtOnce   *span `json:"atOnce,omitempty"`
	Replaced *span `json:"replaced,omitempty"`
}

// ends are of how many drains or rollouts how many did not end, and the fewest pods that were ready meanwhile.
type ends struct {
	Of    int   `json:"of"`
	Stuck int   `json:"stuck"`
	Ready *span `json:"ready,omitempty"`
}

// seen is what happened in all runs.
type seen struct {
	// Placed are the pods that run once all have been placed, and Later those after rollouts and drains.
	Placed *span `json:"placed,omitempty"`
	Later  *span `json:"later,omitempty"`
	// Fresh, Rolled and Drained are the most in one place after each.
	Fresh   peaks `json:"fresh"`
	Rolled  peaks `json:"rolled"`
	Drained peaks `json:"drained"`
	// LoseNode and LoseZone are what answers when the fullest one is lost: at whatever time before that.
	LoseNode *span `json:"loseNode,omitempty"`
	LoseZone *span `json:"loseZone,omitempty"`
	// LostNode and LostZone are what answered when one was indeed lost.
	LostNode loss `json:"lostNode"`
	LostZone loss `json:"lostZone"`
	// FirstDrain is right after placing, Drain at any later time.
	FirstDrain ends `json:"firstDrain"`
	Drain      ends `json:"drain"`
	Roll       ends `json:"roll"`
}
