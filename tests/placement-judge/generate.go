package main

import (
	"fmt"
	"math/rand/v2"

	"k8s.io/apimachinery/pkg/util/intstr"
)

// drawer draws one environment.
type drawer struct{ *rand.Rand }

func pick[T any](it drawer, from ...T) T { return from[it.IntN(len(from))] }

// generate draws an environment: one to nine nodes in one to four zones, and one or two workloads.
func generate(name string, random *rand.Rand) *environment {
	it := drawer{random}
	made := &environment{Name: name, Sizes: it.sizes()}
	for range pick(it, 1, 1, 2) {
		made.Workloads = append(made.Workloads, it.workload())
	}
	return made
}

// sizes of zones are even but in a fifth of the clusters.
func (it drawer) sizes() []int {
	nodes := pick(it, 1, 2, 3, 3, 3, 4, 5, 6, 6, 7, 8, 9)
	sizes := evenly(nodes, min(nodes, pick(it, 1, 2, 3, 3, 4)))
	if it.IntN(5) == 0 {
		from, to := it.IntN(len(sizes)), it.IntN(len(sizes))
		if sizes[from] > 1 {
			sizes[from]--
			sizes[to]++
		}
	}
	return sizes
}

func evenly(nodes, zones int) []int {
	sizes := make([]int, zones)
	for at := range nodes {
		sizes[at%zones]++
	}
	return sizes
}

func (it drawer) workload() *workload {
	made := &workload{Kind: pick(it, "Deployment", "Deployment", "Deployment", "StatefulSet"), Replicas: 1 + it.IntN(12)}
	if made.Kind == "Deployment" {
		made.Surge = pick(it, 0, 1, 1, 1, 2, (made.Replicas+3)/4)
		made.Unavailable = min(made.Replicas, pick(it, 0, 0, 1, made.Replicas/4))
		if made.Surge == 0 && made.Unavailable == 0 {
			made.Surge = 1
		}
		if it.IntN(5) == 0 {
			made.Ceiling = made.Replicas + 1 + it.IntN(8)
		}
	} else {
		made.Unavailable = 1
	}
	for range pick(it, 0, 1, 1, 1, 2, 2, 3) {
		made.Constraints = append(made.Constraints, it.constraint(made.Kind))
	}
	made.Budget = it.budget(made.Replicas)
	return made
}

func (it drawer) constraint(kind string) constraint {
	made := constraint{
		Form: pick(it, "required", "preferred", "DoNotSchedule", "DoNotSchedule", "DoNotSchedule", "ScheduleAnyway"),
		Key:  pick(it, hostname, zoneKey),
	}
	made.Shared = it.IntN(12) == 0
	if it.IntN(4) == 0 {
		made.MatchLabelKeys = []string{"pod-template-hash"}
		if kind == "StatefulSet" {
			made.MatchLabelKeys = []string{"controller-revision-hash"}
		}
	}
	if made.Form == "required" || made.Form == "preferred" {
		return made
	}
	made.MaxSkew = pick[int32](it, 1, 1, 1, 2, 3)
	if made.Form == "DoNotSchedule" && it.IntN(6) == 0 {
		made.MinDomains = int32(2 + it.IntN(4))
	}
	made.NodeTaintsPolicy = pick(it, "", "", "", "Honor", "Ignore")
	return made
}

func (it drawer) budget(pods int) *budget {
	number := func(number int) *intstr.IntOrString {
		of := intstr.FromInt32(int32(number))
		return &of
	}
	share := func(texts ...string) *intstr.IntOrString {
		of := intstr.FromString(pick(it, texts...))
		return &of
	}
	switch it.IntN(10) {
	case 0, 1:
		return nil
	case 2:
		return &budget{MinAvailable: number(max(0, pods-it.IntN(3)))}
	case 3:
		return &budget{MinAvailable: number(1)}
	case 4:
		return &budget{MinAvailable: share("25%", "50%", "67%", "80%")}
	case 5:
		return &budget{MaxUnavailable: share("10%", "25%", "34%", "50%")}
	default:
		return &budget{MaxUnavailable: number(pick(it, 1, 1, 1, 1, 2, 3))}
	}
}

// pairs are workloads without a constraint, and with the two that are proposed for them.
func pairs() []*environment {
	var all []*environment
	for _, sizes := range [][]int{{1, 1, 1}, {2, 1, 1}, {2, 2}, {2, 2, 2}, {3, 3, 3}} {
		for pods := 3; pods <= 6; pods++ {
			for _, isRepaired := range []bool{false, true} {
				one := intstr.FromInt32(1)
				work := &workload{Kind: "Deployment", Replicas: pods, Surge: 1, Budget: &budget{MaxUnavailable: &one}}
				word := "before"
				if isRepaired {
					word = "after"
					for _, key := range []string{hostname, zoneKey} {
						soft := constraint{Form: "ScheduleAnyway", Key: key, MaxSkew: 1, MatchLabelKeys: []string{"pod-template-hash"}}
						work.Constraints = append(work.Constraints, soft)
					}
				}
				name := fmt.Sprintf("pair-%d-on-%v-%s", pods, sizes, word)
				all = append(all, &environment{Name: name, Sizes: sizes, Workloads: []*workload{work}})
			}
		}
	}
	return all
}
